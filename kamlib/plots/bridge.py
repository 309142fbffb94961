"""Where revenue and margin went: steps as a waterfall, what stayed, and where a price was given away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from kamlib.checks import FloatArray

_KINDS: Final = {"level": "actual", "previous": "previous", "change": ""}
_TOP: Final = 12  # rows that a slide has room for beside message and note
_STEP: Final = 36  # characters of a step's name
_NEAR: Final = 3  # points of a line beside its first label
_HALF_A_MONTH: Final = pd.Timedelta(days=14)  # periods may begin a day before the month that they stand for
_BOLD: Final = {"weight": "bold"}


def waterfall(
    table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH, scenario: str = "actual"
) -> Axes:
    """Draw steps from one level to the next as bars that hang on each other, from top to bottom.

    They lie on their side, for a step has a name that needs room. All figures are in one unit, which stands above.

    Parameters
    ----------
    table : DataFrame
        One row a step: step (its name as a reader expects it), kind ("level", "previous" for a level of the period
        before, "change"), amount, start and end (of the bar).
    scenario : {"actual", "previous", "plan", "forecast"}
        How all bars are filled.
    """
    parts.require(table, ("step", "kind", "amount", "start", "end"))
    for kind in table["kind"]:
        checks.choice(kind, name="kind", options=_KINDS)
    ax = parts.axes(ax)
    amount, start, end = (checks.numbers(table[column], name=column) for column in ("amount", "start", "end"))
    change = (table["kind"] == "change").to_numpy()
    signs = np.where(amount < 0, "bad", "good")
    meaning = np.where(change, signs, table["kind"].map(_KINDS).to_numpy())
    places = np.arange(len(table))
    look = style.pattern(scenario, [COLOURS[one] for one in meaning])
    ax.barh(places, end - start, left=start, height=0.64, **look)
    ax.vlines(end[:-1], places[:-1], places[1:], colors=COLOURS["note"], lw=1, zorder=0)  # what the next one hangs on
    ax.axvline(0, color=COLOURS["ink"], lw=1)

    scale = style.scale_for([*start, *end])
    digits = _digits(amount[amount != 0], scale)
    for place, row in enumerate(places):
        figure = words.number(amount[place] / scale, digits)
        figure = f"+{figure}" if change[place] and amount[place] > 0 else figure.replace("-", "\N{MINUS SIGN}")
        colour = COLOURS[signs[place] if amount[place] else "note"]
        font: dict[str, Any] = {"color": colour} if change[place] else _BOLD
        parts.label(ax, figure, (max(start[place], end[place], 0), row), (5, 0), ha="left", va="center", **font)
    unit = words.unit(scale)
    parts.label(ax, unit, (0, 1), (5, 0), xycoords=ax.get_xaxis_transform(), ha="left", color=COLOURS["note"])
    parts.rows(ax, [parts.shortened(step, _STEP) for step in table["step"]])
    ax.set_xticks([])
    ax.spines[["bottom", "left"]].set_visible(False)
    ax.set_xlim(min(0.0, *start, *end), max(0.0, *start, *end) or 1.0)
    return ax


def _digits(amounts: FloatArray, scale: int) -> int:
    """Return the decimals, two at most, with which the smallest of ``amounts`` is not written as 0."""
    smallest = np.abs(amounts / scale).min(initial=1.0)
    return int(np.clip(np.ceil(-np.log10(2 * smallest)), 1, 2)) if scale > 1 else 0


def retention(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    top: int = _TOP,
    least: float | None = None,
    most: float | None = None,
) -> Axes:
    """Draw net and gross revenue retention of each group as dots with their intervals, beside the line of 100 %.

    The axis need not start at 0, for dots have no length. An interval that leaves the axes ends at their rim.

    Parameters
    ----------
    table : DataFrame
        One row a group, named by the index: net, net_low, net_high, gross, gross_low, gross_high (fractions).
    top : int
        How many groups are drawn, the first ones.
    least, most : float, optional
        Ends of the axis, the same for charts to be compared; by default those of the groups drawn.
    """
    measures = {"net": "actual", "gross": "highlight"}
    parts.require(table, [f"{one}{end}" for one in measures for end in ("", "_low", "_high")])
    shown = table.head(checks.whole(top, name="top"))
    ax = parts.axes(ax)
    places = np.arange(len(shown))
    told = {"net": words.text("net"), "gross": words.text("gross")}
    header: dict[str, Any] = {"xycoords": "axes fraction", "color": COLOURS["note"]}
    for column, (one, colour) in enumerate(measures.items()):
        value, low, high = (shown[f"{one}{end}"].to_numpy() for end in ("", "_low", "_high"))
        rows = places + (column - 0.5) * 0.3  # net on top
        ax.hlines(rows, low, high, colors=parts.tint(colour, 0.45), lw=3)
        ax.plot(value, rows, ls="", marker="o", markersize=7, color=COLOURS[colour])
        aside = 30 + 52 * column
        parts.label(ax, told[one], (1, 1), (aside, 4), **{**header, "color": COLOURS[colour], "weight": "bold"})
        for place in places:
            at = (1, place)
            figure = words.percent(value[place], 0)
            parts.label(
                ax, figure, at, (aside, 0), xycoords=ax.get_yaxis_transform(), va="center", color=COLOURS[colour]
            )
    ax.axvline(1, color=COLOURS["ink"], lw=1, zorder=0)

    points = shown[list(measures)].to_numpy()
    spread = shown.filter(regex="_low$|_high$").to_numpy()
    floor, ceiling = min(points.min(), max(spread.min(), 0.0)), max(points.max(), min(spread.max(), 1.5), 1.0)
    room = 0.04 * (ceiling - floor) or 0.04
    left, right = floor - room if least is None else least, ceiling + room if most is None else most
    ax.set_xlim(left, right)
    parts.percent_ticks(ax.xaxis, words, parts.nice_ticks(right, left))
    names = {"": words.text("not stated"), "all": words.text("all accounts")}
    parts.rows(
        ax, [parts.shortened(names.get(group, group), parts.NAME) for group in map(str, shown.index)], header=0.1
    )
    ax.spines["left"].set_visible(False)
    caption = words.text(
        "revenue of the customers of the period before, {all} = what they brought then", all=words.percent(1, 0)
    )
    if len(shown) < len(table):
        of_all = words.text("{n} of {all} groups", n=words.number(len(shown)), all=words.number(len(table)))
        caption = f"{caption} ({of_all})"
    parts.caption(ax.xaxis, caption)
    return ax


def concessions(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH, top: int = _TOP) -> Axes:
    """Draw by how many points of the list price each account pays less, what that costs, and whether volume followed.

    Parameters
    ----------
    table : DataFrame
        One row an account: verdict, change, change_low, change_high (fractions of the list price), cost_a_year; name
        (else the index). Accounts without a concession are left out.
    top : int
        How many concessions are drawn, the largest.
    """
    parts.require(table, ("verdict", "change", "change_low", "change_high", "cost_a_year"))
    given = table[table["change"].notna()].sort_values("change", kind="stable")
    if given.empty:
        raise checks.KamlibError("table has no account with a concession, so there is nothing to draw.")
    shown = given.head(checks.whole(top, name="top"))
    verdicts = {
        "no_more_volume": ("bad", words.text("no clear gain in volume")),
        "more_volume": ("good", words.text("more volume")),
        "unclear": ("note", words.text("volume unclear")),
    }
    ax = parts.axes(ax)
    colours = [COLOURS[verdicts[checks.choice(one, name="verdict", options=verdicts)][0]] for one in shown["verdict"]]
    places, points = np.arange(len(shown)), 100 * shown["change"].to_numpy()
    ax.barh(places, points, height=0.6, color=colours)
    low, high = (100 * shown[column].to_numpy() for column in ("change_low", "change_high"))
    ax.hlines(places, low, high, colors=COLOURS["ink"], lw=1.5)
    ax.axvline(0, color=COLOURS["ink"], lw=1)
    at_right = {"xycoords": ax.get_yaxis_transform()}
    for place, row in enumerate(shown.to_dict("records")):
        cost = words.text("{amount} a year", amount=words.amount(row["cost_a_year"]))
        look: dict[str, Any] = {"ha": "left", "va": "center", "color": colours[place], **at_right}
        first = parts.label(ax, _points(points[place], words), (1, place), (8, 0), **look, **_BOLD)
        parts.beside(ax, f"{cost}, {verdicts[row['verdict']][1]}", first, color=colours[place])
    parts.label(
        ax, words.text("points of list price"), (1, 1), (8, 3), xycoords="axes fraction", ha="left",
        color=COLOURS["note"],
    )  # fmt: skip
    parts.rows(ax, parts.names(shown))
    ax.set_xlim(1.04 * min(low.min(), points.min()), max(0.003 * np.ptp([low.min(), 0.0]), high.max()))
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    if len(shown) < len(given):
        of_all = words.text(
            "the {n} largest of {all} concessions", n=words.number(len(shown)), all=words.number(len(given))
        )
        parts.caption(ax.xaxis, of_all)
    return ax


def _points(change: float, words: Words) -> str:
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else ""
    return sign + words.number(abs(change), 1)


def price_path(
    monthly: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    step: Mapping[str, Any] | pd.Series[Any] | None = None,
) -> Axes:
    """Draw the share of the list price that one account paid, month by month, and the step down if there is one.

    The axis does not start at 0, for a line has no length, and a few points of price are a lot of money.

    Parameters
    ----------
    monthly : DataFrame
        One row a month, the oldest first: period_end, realisation (a fraction; missing where hardly anything was sold).
    step : mapping or Series
        Its concession: since, realisation_before, change, and drift (a year) if it has one. One whose change is
        missing is none.
    """
    parts.require(monthly, ("period_end", "realisation"), name="monthly")
    if (accounts := len(monthly["account"].unique()) if "account" in monthly else 1) > 1:
        raise checks.KamlibError(f"monthly has {accounts} accounts; choose the rows of one.")
    known = monthly[monthly["realisation"].notna()]
    if known.empty:
        raise checks.KamlibError("monthly has no month with a realisation, so there is nothing to draw.")
    ax = parts.axes(ax)
    when, price = known["period_end"], known["realisation"].to_numpy()
    step = None if step is None or pd.isna(step["change"]) else step
    ax.plot(when, price, color=COLOURS["previous" if step is not None else "actual"], lw=2, marker="o", markersize=4)
    low, high = price.min(), price.max()
    ceiling, floor = high + max(0.2 * (high - low), 0.005), low - max(0.2 * (high - low), 0.005)
    ax.set_ylim(floor, ceiling)
    if step is not None:
        _mark_step(ax, step, when.iloc[0], when.iloc[-1], words)
    else:
        look: dict[str, Any] = {"color": COLOURS["actual"], "path_effects": parts.HALO, **_BOLD}
        aside: dict[str, Any] = {"va": "top"} if price[0] <= price[: _NEAR + 1].mean() else {}  # where the line is not
        parts.label(ax, words.percent(price[0]), (when.iloc[0], price[0]), (0, -8 if aside else 8), **aside, **look)
        if len(known) > 1:
            parts.label(
                ax,
                words.percent(price[-1]),
                (when.iloc[-1], price[-1]),
                (8, 0),
                **{**look, "ha": "left", "va": "center"},
            )

    ticks = parts.nice_ticks(ceiling, floor)
    parts.percent_ticks(ax.yaxis, words, ticks, digits=max(0, parts.digits(ticks) - 2))
    parts.month_ticks(ax, monthly["period_end"], words)
    parts.caption(ax.yaxis, words.text("price paid, of list price"))
    ax.grid(axis="y")
    return ax


def _mark_step(ax: Axes, step: Mapping[str, Any] | pd.Series[Any], first: Any, last: Any, words: Words) -> None:
    """Draw the levels before and after a step, each with its drift, and say how large it is and since when."""
    since, before, change = pd.Timestamp(step["since"]), step["realisation_before"], step["change"]
    drift = step.get("drift", 0.0)
    drift = 0.0 if pd.isna(drift) else drift / 365.25  # a day
    start = before + drift * (first - since).days
    end = before + change + drift * (last - since).days
    ax.plot(np.array([first, since]), [start, before], color=COLOURS["actual"], lw=3, zorder=3)
    ax.plot(np.array([since, last]), [before + change, end], color=COLOURS["highlight"], lw=3, zorder=3)
    ax.plot(np.array([since, since]), [before + change, before], color=COLOURS["highlight"], lw=1.5, ls=":")
    look: dict[str, Any] = {"path_effects": parts.HALO, "ha": "left", **_BOLD}
    parts.label(ax, words.percent(start), (first, start), (0, 8), color=COLOURS["actual"], **look)
    told = words.text(
        "{points} points since {month}", points=_points(100 * change, words), month=words.month(since + _HALF_A_MONTH)
    )
    look["color"] = COLOURS["highlight"]
    parts.label(ax, told, (since, before + change / 2), (12, 0), **{**look, "va": "center"})
    parts.label(ax, words.percent(end), (last, end), (8, 0), **{**look, "va": "center"})
