"""What was given against what came true, as a native chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kamlib.exhibits.native import Plane, Trace
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.style import Words

_ROOM: Final = 0.1  # of the axis: nearer to 0 the classes crowd, and their labels with them


def calibration(curve: pd.DataFrame, *, words: Words) -> Plane:
    """Show the share that came true by the probability given, against the line where both are the same."""
    top = min(1.0, 1.1 * float(max(curve["high"].max(), curve["predicted"].max())))
    cases = [
        words.plural("{n} case", "{n} cases", int(n)) if given > _ROOM * top else ""
        for n, given in zip(curve["cases"], curve["predicted"], strict=True)
    ]
    as_given = words.text("as given")
    return Plane(
        (
            Trace(as_given, (0.0, top), (0.0, top), meaning="note", line="dashed", labels=("", as_given)),
            Trace(
                words.text("share that left"),
                parts.floats(curve["predicted"]),
                parts.floats(curve["observed"]),
                labels=tuple(cases),
                low=parts.floats(curve["low"]),
                high=parts.floats(curve["high"]),
            ),
        ),
        parts.percent(words.text("probability given"), least=0.0, most=top),
        parts.percent(words.text("share that left"), least=0.0, most=top),
    )
