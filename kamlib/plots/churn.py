"""What was given against what came true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ROOM: Final = 0.1  # of the axis


def calibration(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH) -> Axes:
    """Draw the share that came true by the probability given, with intervals, against the line of perfect calibration.

    Parameters
    ----------
    table : DataFrame
        One row a class of probability, rising: predicted, observed, low, high (fractions), cases.
    """
    checks.columns(table, ["predicted", "observed", "low", "high", "cases"])
    ax = parts.axes(ax)
    predicted, observed = table["predicted"].to_numpy(), table["observed"].to_numpy()
    top = min(1.0, 1.1 * float(max(table["high"].max(), predicted.max())))
    ax.plot([0, top], [0, top], color=COLOURS["note"], ls="--", lw=1)
    ax.vlines(predicted, table["low"], table["high"], colors=COLOURS["previous"], lw=3)
    ax.plot(predicted, observed, "o", color=COLOURS["actual"], ms=8)
    parts.label(ax, words.text("as given"), (0.97 * top, 0.97 * top), (-14, -4), ha="right", color=COLOURS["note"])
    for x, y, n in zip(predicted, observed, table["cases"], strict=True):
        if x > _ROOM * top:  # near 0 the classes crowd
            told = words.plural("{n} case", "{n} cases", int(n))
            parts.label(ax, told, (x, y), (9, -5), ha="left", va="top", path_effects=parts.HALO)
    ax.set(xlim=(0, top), ylim=(0, top))
    for axis, title in ((ax.xaxis, words.text("probability given")), (ax.yaxis, words.text("share that left"))):
        axis.set_major_formatter(style.ticks(lambda value: words.percent(value, 0)))
        parts.caption(axis, title)
    return ax
