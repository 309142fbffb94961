"""Whom we neglect: what an account brings against the attention that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes


def coverage(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    labels: Mapping[str, str] | None = None,
    top: int = 12,
    neglected: float = 0.5,
) -> Axes:
    """Draw the share of contacts against the share of margin of each account, those furthest behind plan on top.

    Parameters
    ----------
    table : DataFrame
        One row an account: contacts, planned, share_of_contacts, share_of_margin (else share_of_revenue; missing for
        a loss-maker), name (else the index). Give the key accounts alone.
    labels : mapping of str to str
        Names to show in place of those of the accounts.
    top : int
        How many accounts are drawn, those with the most contacts missing.
    neglected : float
        Below this part of its plan an account is highlighted.
    """
    share = "share_of_margin" if "share_of_margin" in table else "share_of_revenue"
    parts.require(table, ("contacts", "planned", "share_of_contacts", share))
    checks.fraction(neglected, name="neglected")
    behind = (table["planned"] - table["contacts"]).sort_values(ascending=False, kind="stable")
    shown = table.loc[behind.index].head(checks.whole(top, name="top"))
    ax = parts.axes(ax)
    places = np.arange(len(shown))
    brought, given = shown[share].to_numpy(), shown["share_of_contacts"].to_numpy()
    missed = (shown["contacts"] < neglected * shown["planned"]).to_numpy()
    meaning = ["highlight" if one else "actual" for one in missed]
    strong = [COLOURS[one] for one in meaning]
    ax.hlines(places, brought, given, colors=[parts.tint(one, 0.3) for one in meaning], lw=4)
    ax.scatter(brought, places, s=80, c=strong, zorder=3)
    ax.scatter(given, places, s=80, c=COLOURS["paper"], edgecolors=strong, lw=2, zorder=3)

    at_right: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "ha": "left", "va": "center"}
    for place, row in enumerate(shown.to_dict("records")):
        told = words.text(
            "{made} of {planned}", made=words.number(row["contacts"]), planned=words.number(row["planned"])
        )
        look = {"color": strong[place], "weight": "bold" if missed[place] else "normal"}
        parts.label(ax, told, (1, place), (10, 0), **at_right, **look)
    note = COLOURS["note"]
    above: dict[str, Any] = {"xycoords": "axes fraction", "ha": "left", "color": note}
    parts.label(ax, words.text("contacts of plan"), (1, 1), (10, 4), **above)
    ours = words.text("share of margin") if share == "share_of_margin" else words.text("share of revenue")
    key = parts.label(ax, f"\N{BLACK CIRCLE} {ours}", (0, 1), (0, 4), **above)
    parts.beside(ax, f"\N{WHITE CIRCLE} {words.text('share of contacts')}", key, gap=16, color=note)

    most = 1.06 * max(np.nanmax(brought, initial=0.0), given.max()) or 1.0
    ax.set_xlim(-0.02 * most, most)
    ticks = parts.nice_ticks(most)
    parts.percent_ticks(ax.xaxis, words, ticks, digits=max(0, parts.digits(ticks) - 2))
    parts.rows(ax, parts.names(shown, labels), header=0.1)
    ax.spines["left"].set_visible(False)
    if len(shown) < len(table):
        told = words.text("the {n} of {all} accounts with the most contacts missing", n=words.number(len(shown)),
                          all=words.number(len(table)))  # fmt: skip
        parts.caption(ax.xaxis, told)
    return ax
