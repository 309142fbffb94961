"""What charts have in common: labels, ticks, captions, rows and tints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from kamlib import checks, style
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

HALO: Final = (withStroke(linewidth=4, foreground=COLOURS["paper"]),)  # a line or label stays readable across others
NAME: Final = 30  # characters in front of a row

_PERCENT_TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_FEWEST_ROWS: Final = 4  # bars of fewer would be as thick as a beam


def require(table: pd.DataFrame, columns: Iterable[str], *, name: str = "table") -> None:
    """Raise unless ``table`` has the ``columns``, and rows."""
    checks.columns(table, columns, name=name)
    if table.empty:
        raise checks.KamlibError(f"{name} has no rows, so there is nothing to draw.")


def axes(ax: Axes | None) -> Axes:
    """Return ``ax``, or the axes of a new figure."""
    return plt.subplots()[1] if ax is None else ax


def label(ax: Axes, words: str, place: tuple[Any, Any], offset: tuple[float, float], **font: Any) -> Any:
    """Write a label ``offset`` points from a place in the data, by default centred above it."""
    font = {"ha": "center", "va": "bottom", "fontsize": style.small(), "parse_math": False, **font}
    return ax.annotate(words, place, offset, textcoords="offset points", annotation_clip=False, **font)


def beside(ax: Axes, words: str, other: Any, gap: float = 8.0, **font: Any) -> Any:
    """Write a label ``gap`` points to the right of another one, wherever that ends."""
    return label(ax, words, (1, 0.5), (gap, 0), **{"xycoords": other, "ha": "left", "va": "center", **font})


def caption(axis: Axis, words: str) -> None:
    """Say what an axis shows."""
    axis.set_label_text(words, fontsize=style.small(), color=COLOURS["note"])


def percent_ticks(axis: Axis, words: Words, ticks: Iterable[float] = _PERCENT_TICKS, *, digits: int = 0) -> None:
    """Set ticks at fractions, written as per cent."""
    ticks = list(ticks)
    axis.set_ticks(ticks, [words.percent(tick, digits) for tick in ticks])


def nice_ticks(ceiling: float, floor: float = 0.0, *, most: int = 6) -> list[float]:
    """Return round ticks, ``most`` intervals at most, from ``floor`` to ``ceiling``."""
    ticks = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(floor, ceiling)
    return [float(tick) for tick in ticks if floor <= tick <= ceiling]


def digits(ticks: Sequence[float]) -> int:
    """Return the decimals that tell neighbouring ticks apart."""
    return max(0, -int(np.floor(np.log10(ticks[1] - ticks[0]) + 1e-9)))


def month_ticks(ax: Axes, ends: pd.Series[Any], words: Words) -> None:
    """Name no more than seven of the months in which periods end, the last one among them."""
    shown = range(len(ends) - 1, -1, -max(1, -(-len(ends) // 7)))
    ax.set_xticks(ends.iloc[[*shown]], [words.month(ends.iloc[row]) for row in shown])


def amount_axis(axis: Axis, ceiling: float, words: Words) -> None:
    """Scale an axis of amounts from 0 to ``ceiling``, in a unit that is named above it."""
    scale = style.scale_for(ceiling)
    ticks = nice_ticks(ceiling / scale)
    axis.set_ticks([tick * scale for tick in ticks], [words.number(tick, digits(ticks)) for tick in ticks])
    axis.axes.set_ylim(0, ceiling)
    label(axis.axes, words.unit(scale), (0, 1), (-6, 5), xycoords="axes fraction", ha="right", color=COLOURS["note"])


def rows(ax: Axes, names: Sequence[str], *, header: float = 0.0) -> None:
    """Name horizontal bars at 0, 1, 2 ... from the top, with ``header`` rows of room above the first."""
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(len(names), _FEWEST_ROWS) - 0.5, -0.5 - header)


def names(table: pd.DataFrame, length: int = NAME) -> list[str]:
    """Return what accounts are called, by their name if they have one, else by the index, in ``length`` characters."""
    index = table.index.to_series().astype("str")
    called = table["name"].fillna(index) if "name" in table else index
    return [shortened(name, length) for name in called]


def tint(meaning: str, strength: float, ground: str = "paper") -> tuple[float, float, float]:
    """Mix a colour with the ground; unlike transparency, the result is the same on every background."""
    red, green, blue = strength * np.array(to_rgb(COLOURS[meaning])) + (1 - strength) * np.array(
        to_rgb(COLOURS[ground])
    )
    return float(red), float(green), float(blue)


def shortened(name: str, length: int) -> str:
    """Return ``name``, or its begin and an ellipsis where it is longer than ``length``."""
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"
