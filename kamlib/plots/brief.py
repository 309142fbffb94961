"""The chart of the account brief: small, quiet, and without a message of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_YEAR: Final = 12  # months


def trend(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH) -> Axes:
    """Draw revenue by month as columns, the last year dark and what lies before it lighter.

    Columns, for a month without an order is a gap and not a point on the way. A month of more credits than sales
    hangs below the line.

    Parameters
    ----------
    table : DataFrame
        One row a month, the earliest first: period_end, revenue.
    """
    parts.require(table, ("period_end", "revenue"))
    ax = parts.axes(ax)
    revenue, places = checks.numbers(table["revenue"], name="revenue"), np.arange(len(table))
    recent = places >= len(table) - _YEAR
    ax.bar(places, revenue, width=0.75, color=np.where(recent, COLOURS["actual"], COLOURS["previous"]).tolist())
    ax.axhline(0, color=COLOURS["note"], lw=0.8)
    ceiling = float(max(revenue.max(), 0.0)) or 1.0
    parts.amount_axis(ax.yaxis, 1.05 * ceiling, words)
    ax.set_ylim(min(1.05 * revenue.min(), 0.0), 1.05 * ceiling)
    marked = places[::-1][::6][::-1]
    ends = table["period_end"].iloc[marked]
    ax.set_xticks(marked, [words.month(end) for end in ends])
    ax.set_xlim(-0.6, len(table) - 0.4)
    return ax
