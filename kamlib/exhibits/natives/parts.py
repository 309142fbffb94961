"""What native charts have in common: columns as plain figures, names as PowerPoint bears them, axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import style
from kamlib.exhibits.native import Scale, Trace
from kamlib.plots import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from kamlib.exhibits.native import Values
    from kamlib.style import Words

TOP: Final = 12  # bars that a slide has room for beside message and note
POINTS: Final = 200  # of a curve: more can't be told apart, and nobody could edit them
CLASSES: Final = {"A": "actual", "B": "previous", "C": "quiet", "none": "bad"}  # from what matters most to least


def figures(column: Iterable[Any]) -> Values:
    """Return a column as plain floats, with None for what is missing."""
    return tuple(None if pd.isna(value) else float(value) for value in column)


def floats(column: Iterable[Any]) -> tuple[float, ...]:
    """Return a column without missing values as plain floats."""
    return tuple(float(value) for value in column)


def names(column: Iterable[Any], words: Words, *, length: int = parts.NAME) -> tuple[str, ...]:
    """Return names as categories: shortened as in the picture, none empty, each once.

    PowerPoint repairs a chart whose categories are empty or doubled by emptying its slide.
    """
    taken: dict[str, None] = {}
    for value in column:
        name = first = parts.shortened(str(value).strip(), length) or words.text("not stated")
        again = 1
        while name in taken:
            again += 1
            name = f"{first} ({again})"
        taken[name] = None
    return tuple(taken)


def labels(texts: Sequence[str], most: int, *, length: int = parts.NAME) -> tuple[str, ...]:
    """Return labels beside points: the first ``most`` ones shortened, the others empty."""
    return tuple(parts.shortened(text, length) if place < most else "" for place, text in enumerate(texts))


def ends(texts: Sequence[str]) -> tuple[str, ...]:
    """Return labels of a line: the first and the last of ``texts``, between them none."""
    return tuple(text if place in {0, len(texts) - 1} else "" for place, text in enumerate(texts))


def caption(text: str, x: float, y: float, *, meaning: str = "note") -> Trace:
    """Return a text that begins or ends at a place in the plane, such as the name of a line that it doesn't cover."""
    return Trace(text, (x,), (y,), meaning=meaning, line="solid", labels=(text,))


def thinned(rows: int, most: int = POINTS) -> NDArray[np.int64]:
    """Return positions that stand for ``rows`` rows of a curve, both ends among them."""
    return np.unique(np.linspace(0, rows - 1, min(rows, most)).round().astype(np.int64))


def amounts(values: Any, words: Words, title: str = "", *, most: float | None = None) -> Scale:
    """Return an axis of money in the unit of the largest of ``values``, which its title names."""
    scale = style.scale_for(values)
    return Scale("money", ", ".join(filter(None, [title, words.unit(scale)])), scale, most=most)


def percent(title: str = "", *, least: float | None = None, most: float | None = None, log: bool = False) -> Scale:
    """Return an axis of fractions written as per cent."""
    return Scale("percent", title, least=least, most=most, log=log)


def full(title: str) -> Scale:
    """Return an axis from 0 to 100 %."""
    return percent(title, least=0.0, most=1.0)
