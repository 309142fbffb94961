"""Whom we neglect: what an account brings against the attention that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def coverage(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    top: int = 12,
    neglected: float = 0.5,
) -> Axes:
    """Draw the share of contacts against the share of margin of each account, the largest gap on top.

    Highlighted is who gets far less attention than its share would warrant; beside it stands what the plan asks for.

    Parameters
    ----------
    table : DataFrame
        One row an account: contacts, planned, share_of_contacts, share_of_margin (else share_of_revenue; missing for
        a loss-maker), name (else the index). Give the key accounts alone.
    top : int
        How many accounts are drawn, those with the largest gap.
    neglected : float
        Highlighted is an account below this part of its share, and a number of contacts below this part of the plan.
    """
    share = "share_of_margin" if "share_of_margin" in table else "share_of_revenue"
    parts.require(table, ("contacts", "planned", "share_of_contacts", share))
    checks.fraction(neglected, name="neglected")
    gap = (table[share].fillna(0.0) - table["share_of_contacts"]).to_numpy()
    shown = table.iloc[np.argsort(-gap, kind="stable")].head(checks.whole(top, name="top"))
    ax = parts.axes(ax)
    places = np.arange(len(shown))
    brought, given = shown[share].to_numpy(), shown["share_of_contacts"].to_numpy()
    meaning = ["highlight" if one else "actual" for one in given < neglected * brought]  # a missing share is no claim
    strong = [COLOURS[one] for one in meaning]
    ax.hlines(places, brought, given, colors=[parts.tint(one, 0.3) for one in meaning], lw=4)
    ax.scatter(brought, places, s=80, c=strong, zorder=3)
    ax.scatter(given, places, s=80, c=COLOURS["paper"], edgecolors=strong, lw=2, zorder=3)

    note = COLOURS["note"]
    at_right: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "ha": "left", "va": "center"}
    for place, row in enumerate(shown.to_dict("records")):
        told = words.text(
            "{made} of {planned}", made=words.number(row["contacts"]), planned=words.number(row["planned"])
        )
        missed = row["contacts"] < neglected * row["planned"]
        look = {"color": COLOURS["bad"], "weight": "bold"} if missed else {"color": note}
        parts.label(ax, told, (1, place), (10, 0), **at_right, **look)
    above: dict[str, Any] = {"xycoords": "axes fraction", "ha": "left", "color": note}
    parts.label(ax, words.text("contacts of plan"), (1, 1), (10, 4), **above)
    ours = words.text("share of margin") if share == "share_of_margin" else words.text("share of revenue")
    theirs = words.text("share of contacts")
    key = parts.label(ax, f"\N{BLACK CIRCLE} {ours}", (0, 1), (0, 4), **above)
    parts.beside(ax, f"\N{WHITE CIRCLE} {theirs}", key, gap=16, color=note)

    most = 1.06 * max(np.nanmax(brought, initial=0.0), given.max()) or 1.0
    ax.set_xlim(-0.02 * most, most)
    ticks = parts.nice_ticks(most)
    parts.percent_ticks(ax.xaxis, words, ticks, digits=max(0, parts.digits(ticks) - 2))
    parts.rows(ax, parts.names(shown), header=0.1)
    ax.spines["left"].set_visible(False)
    if len(shown) < len(table):
        told = words.text("the {n} of {all} accounts with the largest gap", n=words.number(len(shown)),
                          all=words.number(len(table)))  # fmt: skip
        parts.caption(ax.xaxis, told)
    return ax
