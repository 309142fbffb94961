"""How concentrated revenue is: its largest customers, its curve, its history, who moved, who costs money, groups."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import CLASS_COLOURS, COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

_LABELLED: Final = 1.8  # lengths of the longest bar that it and its label take
_CLASSES: Final = ("A", "B", "C", "none")  # from the best to no customer at all


def pareto(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    top: int = 20,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the largest customers as bars in the colour of their class, and above them the share they add up to.

    The customers behind them are not drawn, for one bar of them all would dwarf the rest; the axis says how many
    there are. The bars' axis is chosen so that the line leaves them behind soon.

    Parameters
    ----------
    table : DataFrame
        One row a customer, named by the index, the largest first: value, share, cumulative_share, abc.
    top : int
        How many bars; beyond thirty they bear ranks instead of names.
    labels : mapping of str to str
        Names to show in place of those in the index.
    """
    parts.require(table, ("value", "share", "cumulative_share", "abc"))
    shown = table.head(checks.whole(top, name="top"))
    value, cumulative, count = shown["value"].to_numpy(), shown["cumulative_share"].to_numpy(), len(shown)
    ranks = np.arange(1, count + 1)
    ax = parts.axes(ax)

    ax.bar(ranks, value, width=0.8, color=[CLASS_COLOURS[letter] for letter in shown["abc"]])
    parts.amount_axis(ax.yaxis, 1.05 * min(2 * value[0], value[0] / shown["share"].iloc[0]), words)
    ax.set_xlim(0.4, count + 0.6)
    _name_ticks(ax, [(labels or {}).get(name, name) for name in map(str, shown.index)])
    everyone = words.plural("{n} customer", "{n} customers", len(table))
    largest = words.text("the {top} largest of {all} customers", top=words.number(count), all=words.number(len(table)))
    parts.caption(ax.xaxis, largest if count < len(table) else everyone)

    line = ax.twinx()
    line.set_ylim(0, 1.05)
    parts.percent_ticks(line.yaxis, words)
    line.plot(ranks, cumulative, color=COLOURS["highlight"], marker="o", markersize=4, path_effects=parts.HALO)
    for rank in [*(rank for rank in (5, 10, 20) if rank <= 0.85 * count), count]:
        share = cumulative[rank - 1]
        side: dict[str, Any] = {"offset": (0, 7)} if share < 0.9 else {"offset": (0, -7), "va": "top"}
        side |= {"color": COLOURS["highlight"], "weight": "bold", "path_effects": parts.HALO}
        parts.label(line, words.percent(share, 0), (rank, share), **side)

    above = ax.get_xaxis_transform()
    for letter in sorted(set(shown["abc"])):
        of_class = ranks[shown["abc"] == letter]
        left, right = of_class.min() - 0.45, of_class.max() + 0.45
        ax.hlines(1.02, left, right, colors=CLASS_COLOURS[letter], lw=4, transform=above, clip_on=False)
        parts.label(ax, letter, ((left + right) / 2, 1.02), (0, 5), xycoords=above, weight="bold")
    return ax


def lorenz(
    table: pd.DataFrame,
    *,
    top_share: float,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    top_fraction: float = 0.2,
) -> Axes:
    """Draw the Lorenz curve, with the share of the largest customers as a bracket and the 80/20 point beside it.

    Parameters
    ----------
    table : DataFrame
        The curve from (0, 0) to (1, 1), smallest customers first: customers_share, value_share.
    top_share : float
        The share that the largest ``top_fraction`` of customers bring; the bracket is as long.
    top_fraction : float
        Which part of the customers the bracket speaks of.

    References
    ----------
    M. O. Lorenz, "Methods of measuring the concentration of wealth", 1905.
    """
    parts.require(table, ("customers_share", "value_share"))
    start = 1 - checks.fraction(top_fraction, name="top_fraction")
    ax = parts.axes(ax)
    x, y = table["customers_share"].to_numpy(), table["value_share"].to_numpy()
    ax.fill_between(x, x, y, color=COLOURS["grid"], lw=0)
    ax.plot([0, 1], [0, 1], color=COLOURS["note"], lw=1, ls="--")
    ax.plot(x, y, color=COLOURS["actual"], lw=2.5)
    parts.label(ax, words.text("if all were equal"), (0.35, 0.35), (-6, 4), ha="right", color=COLOURS["note"])

    ax.plot([start, start], [1 - top_share, 1], color=COLOURS["highlight"], lw=3, marker="o", markevery=[0])
    told = words.text(
        "the largest {fraction} of customers: {share}",
        fraction=words.percent(top_fraction, 0),
        share=words.percent(top_share),
    )
    parts.label(ax, told, (start, 1), (-8, 0), ha="right", va="top", color=COLOURS["highlight"], weight="bold")
    rule = (
        {"ha": "left", "va": "top"} if top_share <= 0.8 else {"ha": "right", "va": "bottom"}
    )  # where the curve is not
    ax.plot(0.8, 0.2, ls="", marker="o", markersize=9, mfc="none", mec=COLOURS["ink"], mew=1.5)
    aside = (9, -3) if top_share <= 0.8 else (-9, 3)
    parts.label(ax, words.text("80/20 rule"), (0.8, 0.2), aside, **rule)

    for axis in (ax.xaxis, ax.yaxis):
        parts.percent_ticks(axis, words)
    parts.caption(ax.xaxis, words.text("customers, from the smallest to the largest"))
    parts.caption(ax.yaxis, words.text("cumulative share"))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    return ax


def over_time(table: pd.DataFrame, *, index: str, ax: Axes | None = None, words: Words = style.ENGLISH) -> Axes:
    """Draw one index over time with its interval as a band, the first and the last figure labelled.

    The axis starts at 0: a line that starts anywhere else makes a small move look like a slide.

    Parameters
    ----------
    table : DataFrame
        One row a window, the oldest first: period_end, value, low, high.
    index : str
        The index's name, which tells how its figures are written: those that start with ``top_`` are shares.
    """
    parts.require(table, ("period_end", "value", "low", "high"))
    ax = parts.axes(ax)
    when = table["period_end"].to_numpy()
    value, low, high = (table[column].to_numpy() for column in ("value", "low", "high"))
    ceiling = 1.08 * (float(high.max()) or 1.0)
    digits = max(0, 1 - int(np.floor(np.log10(ceiling))))

    def written(figure: float) -> str:
        return words.percent(figure) if index.startswith("top_") else words.number(figure, digits)

    if len(table) > 1:
        ax.fill_between(when, low, high, color=COLOURS["quiet"], lw=0)
    else:
        ax.vlines(when, low, high, color=COLOURS["quiet"], lw=6)
    ax.plot(when, value, color=COLOURS["actual"], lw=2.5, marker="o", markersize=4)
    last = len(table) - 1
    between = words.text("{low} to {high}", low=written(low[last]), high=written(high[last]))
    at = (when[last], value[last])
    parts.label(ax, written(value[last]), at, (9, 0), ha="left", color=COLOURS["actual"], weight="bold")
    parts.label(ax, between, at, (9, -1.4 * style.small()), ha="left", color=COLOURS["note"])
    if last:
        parts.label(
            ax, written(value[0]), (when[0], high[0]), (0, 4), ha="left", color=COLOURS["actual"], weight="bold"
        )

    parts.month_ticks(ax, table["period_end"], words)
    ticks = parts.nice_ticks(ceiling)
    if index.startswith("top_"):
        parts.percent_ticks(ax.yaxis, words, ticks)
    else:
        ax.set_yticks(ticks, [words.number(tick, parts.digits(ticks)) for tick in ticks])
    ax.set_ylim(0, ceiling)
    ax.grid(axis="y")
    return ax


def migration(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH) -> Axes:
    """Draw how many customers moved from which class to which, rows before, columns now, with their value.

    Cells above the diagonal of those who stayed are in the bad colour, for they fell or left; those below it are in
    the good one. The more value a move concerned, the stronger its colour.

    Parameters
    ----------
    table : DataFrame
        One row a move: before, after ("A", "B", "C" or "none"), customers, value_before, value_after.
    """
    parts.require(table, ("before", "after", "customers", "value_before", "value_after"))
    ax = parts.axes(ax)
    concerned = table[["value_before", "value_after"]].max(axis="columns")
    scale = style.scale_for(concerned.max() / 100)  # small moves have figures, too
    digits = int(concerned.max() < 1000 * scale)
    moved = table["before"] != table["after"]
    most = float(concerned[moved].max()) if moved.any() else 0.0
    for row in table.assign(concerned=concerned).to_dict("records"):
        x, y = _CLASSES.index(row["after"]), _CLASSES.index(row["before"])
        meaning = "quiet" if x == y else "bad" if x > y else "good"
        strength = 0.5 if x == y else 0.12 + 0.43 * row["concerned"] / most if most else 0.12
        colour = parts.tint(meaning, strength) if row["customers"] else COLOURS["paper"]
        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, lw=0, facecolor=colour))
        if not row["customers"]:
            parts.label(ax, "\N{EN DASH}", (x, y), (0, 0), va="center", color=COLOURS["note"])
            continue
        parts.label(ax, words.number(row["customers"]), (x, y), (0, 1), fontsize=1.25 * style.small(), weight="bold")
        values = [words.number(row[side] / scale, digits) for side in ("value_before", "value_after")]
        parts.label(ax, " → ".join(values), (x, y), (0, -2), va="top")

    note = COLOURS["note"]
    parts.label(ax, words.text("customers"), (3, 3), (0, 1), color=note)
    parts.label(ax, words.unit(scale) or words.text("value"), (3, 3), (0, -2), va="top", color=note)

    for axis, side, outside in ((ax.yaxis, "before", words.text("new")), (ax.xaxis, "after", words.text("gone"))):
        sums = table.groupby(side)["customers"].sum().reindex(_CLASSES, fill_value=0)
        counts = [words.plural("{n} customer", "{n} customers", count) for count in sums]
        names = [*"ABC", outside]
        axis.set_ticks(range(4), [f"{name}\n{count}" for name, count in zip(names, counts, strict=True)])
    parts.label(ax, words.text("class before"), (0, 1), (-8, 8), xycoords="axes fraction", ha="right", color=note)
    parts.caption(ax.xaxis, words.text("class now"))
    ax.xaxis.set_ticks_position("top")
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(-0.5, 3.5), ylim=(3.5, -0.5))
    return ax


def whale(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH) -> Axes:
    """Draw the margin that customers add up to, the best first; it peaks before those who cost money eat into it.

    Parameters
    ----------
    table : DataFrame
        One row a customer, the most profitable first: rank, value, cumulative, cumulative_share, customers_share.

    References
    ----------
    R. S. Kaplan and V. G. Narayanan, "Measuring and managing customer profitability", 2001.
    """
    parts.require(table, ("value", "cumulative", "cumulative_share", "customers_share"))
    ax = parts.axes(ax)
    x = np.append(0.0, table["customers_share"])
    y = np.append(0.0, table["cumulative_share"])
    cumulative, count = table["cumulative"].to_numpy(), len(table)
    losers = int((table["value"] < 0).sum())
    peak = int(y.argmax())
    ax.fill_between(x, 0, y, color=COLOURS["grid"], lw=0)
    ax.axhline(1, color=COLOURS["note"], lw=1, ls="--")
    ax.plot(x, y, color=COLOURS["actual"], lw=2.5)
    floor = (1.0, min(1.0, float(np.interp(0.55, x, y))))  # under the curve, as far left as the labels reach
    all_told = words.text("all {n} customers: {share}", n=words.number(count), share=words.percent(y[-1], 0))
    parts.label(ax, all_told, floor, (-4, -6), ha="right", va="top")
    if losers:
        ax.fill_between(x[peak:], y[peak:], y[peak], color=COLOURS["bad"], alpha=0.35, lw=0)
        ax.plot(x[peak], y[peak], marker="o", color=COLOURS["highlight"])
        told = {"n": words.number(peak), "all": words.number(count), "share": words.percent(y[peak], 0)}
        best = words.text("the best {n} of {all} customers: {share}", **told)
        side = "left" if x[peak] < 0.3 else "right" if x[peak] > 0.7 else "center"
        parts.label(ax, best, (x[peak], y[peak]), (0, 7), ha=side, color=COLOURS["highlight"], weight="bold")
        amount = words.amount(cumulative.max() - cumulative[-1])
        lost = words.plural("{n} customer destroys {amount}", "{n} customers destroy {amount}", losers, amount=amount)
        below = (-4, -6 - 1.5 * style.small())
        parts.label(ax, lost, floor, below, ha="right", va="top", color=COLOURS["bad"], weight="bold")

    parts.percent_ticks(ax.yaxis, words, parts.nice_ticks(1.12 * y.max()))
    parts.percent_ticks(ax.xaxis, words)
    parts.caption(ax.xaxis, words.text("customers, from the most to the least profitable"))
    ax.set(xlim=(0, 1), ylim=(0, 1.12 * y.max()))
    return ax


def share_by_group(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    top: int = 10,
    most: float | None = None,
) -> Axes:
    """Draw the groups as bars, the largest on top, the part of each that its largest customer makes up darker.

    Parameters
    ----------
    table : DataFrame
        One row a group: group, value, share, customers, top_customer_share (of the group).
    top : int
        How many groups have a bar of their own; the others share the last one.
    most : float, optional
        Value of the longest bar that there is room for, the same for charts to be compared; by default that of the
        longest drawn.
    """
    parts.require(table, ("group", "value", "share", "customers", "top_customer_share"))
    ax = parts.axes(ax)
    ranked = table.sort_values("value", ascending=False, kind="stable")
    groups, others = ranked.head(checks.whole(top, name="top")), ranked.iloc[top:]
    names = [parts.shortened(name or words.text("not stated"), 30) for name in groups["group"]]
    if len(others):
        names.append(words.plural("{n} other group", "{n} other groups", len(others)))
        rest = others[["value", "share", "customers"]].sum().to_frame().T
        groups = pd.concat([groups, rest], ignore_index=True)
    rows = np.arange(len(groups))
    value = groups["value"].to_numpy()
    largest = value * groups["top_customer_share"].fillna(0.0).to_numpy()
    colours = [CLASS_COLOURS["B"]] * len(names)
    if len(others):
        colours[-1] = COLOURS["quiet"]
    ax.barh(rows, value, height=0.7, color=colours)
    ax.barh(rows, largest, height=0.7, color=CLASS_COLOURS["A"])
    for row, group in enumerate(groups.to_dict("records")):
        share = words.percent(group["share"])
        told = parts.label(ax, share, (group["value"], row), (6, 0), ha="left", va="center", weight="bold")
        customers = words.plural("{n} customer", "{n} customers", group["customers"])
        beside: dict[str, Any] = {"xycoords": told, "ha": "left", "va": "center", "color": COLOURS["note"]}
        parts.label(ax, f"{words.amount(group['value'])}, {customers}", (1, 0.5), (8, 0), **beside)
    first = words.percent(groups["top_customer_share"].iloc[0], 0)
    dark = words.text("largest customer: {share} of the group", share=first)
    parts.label(ax, dark, (0, -0.35), (4, 4), ha="left", color=CLASS_COLOURS["A"])
    ax.set_yticks(rows, names, parse_math=False)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    # Labels stand inside the axes: beside them, they would make a million shorter in one chart than in another.
    ax.set(xlim=(0, _LABELLED * (value.max() if most is None else most)), ylim=(max(len(groups), 4) - 0.5, -1.0))
    return ax


def _name_ticks(ax: Axes, names: list[str]) -> None:
    """Name bars at 1, 2, 3 ...: across where there is room, else slanted, else by rank."""
    ranks = range(1, len(names) + 1)
    if len(names) > 30:
        ax.set_xticks(range(10, len(names) + 1, 10))
    elif len(names) > 4:
        slanted: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor", "parse_math": False}
        ax.set_xticks(ranks, [parts.shortened(name, 18) for name in names], **slanted)
    else:
        across = [textwrap.fill(parts.shortened(name, 40), 80 // len(names)) for name in names]
        ax.set_xticks(ranks, across, parse_math=False)
    ax.tick_params(axis="x", length=0)
