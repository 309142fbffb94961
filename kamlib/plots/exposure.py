"""What may be lost: how likely more than each loss is, who adds to it, and what keeping an account may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.ticker import NullLocator

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.plots.placing import Names
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

_TOP: Final = 12  # rows that a slide has room for beside message and note
_NAME: Final = 22  # characters of a name beside a dot
_CHANCES: Final = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
_RAREST: Final = 0.001  # nobody plans for less than once in a thousand years
_NEAR: Final = 0.25  # powers of ten between two points whose labels would meet
_SMALLEST: Final = 1e-3  # of the largest loss; smaller accounts would crowd the matrix
_BOLD: Final = {"weight": "bold"}


def exposure_curve(
    curve: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    expected: float,
    value_at_risk: Mapping[float, float],
    expected_shortfall: Mapping[float, float],
    result: float | None = None,
) -> Axes:
    """Draw how likely it is to lose more than each amount, down to once in a thousand years.

    Probabilities are on a logarithmic scale, for the rare years are those that matter.

    Parameters
    ----------
    curve : DataFrame
        loss (ascending) and probability_above it.
    expected : float
        Expected loss.
    value_at_risk, expected_shortfall : mapping of float to float
        Level to amount, such as ``{0.95: 1.2e6, 0.99: 1.6e6}``.
    result : float, optional
        From this loss on, the year ends at a loss.
    """
    parts.require(curve, ("loss", "probability_above"), name="curve")
    loss, above = (checks.numbers(curve[column], name=column) for column in ("loss", "probability_above"))
    ax = parts.axes(ax)
    seen = above > 0
    ax.step(loss[seen], above[seen], where="post", color=COLOURS["actual"], lw=2.5)
    marks = [(expected, words.text("expected: {amount}", amount=words.amount(expected)), "note")]
    for level, amount in value_at_risk.items():
        told = words.text(
            "one year in {years}: more than {amount}", years=_years(level, words), amount=words.amount(amount)
        )
        marks.append((amount, told, "actual"))
    for level, amount in expected_shortfall.items():
        told = words.text(
            "mean of the worst {share} of years: {amount}",
            share=words.percent(1 - level, _decimals(1 - level)),
            amount=words.amount(amount),
        )
        marks.append((amount, told, "highlight"))
    heights = [max(_height(loss, above, amount), _RAREST) for amount, *_ in marks]
    for (amount, told, meaning), height, lift in zip(marks, heights, _lifts(heights), strict=True):
        ax.plot(amount, height, marker="o", markersize=8, color=COLOURS[meaning], zorder=3)
        look: dict[str, Any] = {"ha": "left", "va": "bottom", "color": COLOURS[meaning], "path_effects": parts.HALO}
        parts.label(ax, told, (amount, height), (8, 2 + 1.3 * style.small() * lift), **look, **_BOLD)
    far = loss[above > _RAREST].max(initial=max(amount for amount, *_ in marks))
    right = max(1.4 * far, 1.9 * max(amount for amount, *_ in marks)) or 1.0  # labels stand to the right of it
    ax.set_yscale("log")
    ax.set_ylim(_RAREST, 1.15)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_yticks(_CHANCES, [words.percent(chance, _decimals(chance)) for chance in _CHANCES])
    scale = style.scale_for(right)
    ticks = parts.nice_ticks(right / scale)
    ax.set_xticks([tick * scale for tick in ticks], [words.number(tick, parts.digits(ticks)) for tick in ticks])
    ax.set_xlim(0, right)
    if result is not None and 0 < result < right:
        ax.axvline(result, color=COLOURS["bad"], lw=1.5, ls="--", zorder=1)
        told = words.text("from {amount} on, the year ends at a loss", amount=words.amount(result))
        side = {"ha": "left"} if result < right / 2 else {"ha": "right"}
        parts.label(ax, told, (result, 1), (0, 4), xycoords=ax.get_xaxis_transform(), color=COLOURS["bad"], **side)
    unit = words.unit(scale)
    lost = words.text("loss in a year, {unit}", unit=unit) if unit else words.text("loss in a year")
    parts.caption(ax.xaxis, lost)
    parts.caption(ax.yaxis, words.text("probability of losing more"))
    ax.grid(axis="y")
    return ax


def contributions(
    table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH, top: int = _TOP
) -> Axes:
    """Draw what each account adds to the mean loss of the worst years, the largest on top.

    The pale part of a bar is expected in any year; the strong part comes on top of it in the worst. Both are
    hatched, for they are a forecast.

    Parameters
    ----------
    table : DataFrame
        One row an account: expected, expected_shortfall, share (of the shortfall); name (else the index).
    top : int
        How many accounts are drawn, those that add most.
    """
    parts.require(table, ("expected", "expected_shortfall", "share"))
    ordered = table.sort_values("expected_shortfall", ascending=False, kind="stable")
    shown = ordered.head(checks.whole(top, name="top"))
    ax = parts.axes(ax)
    places = np.arange(len(shown))
    added = checks.numbers(shown["expected_shortfall"], name="expected_shortfall")
    usual = np.minimum(checks.numbers(shown["expected"], name="expected"), added)
    ax.barh(places, usual, height=0.64, **style.pattern("forecast", COLOURS["previous"]))
    ax.barh(places, added - usual, left=usual, height=0.64, **style.pattern("forecast", COLOURS["highlight"]))
    for place, row in enumerate(shown.to_dict("records")):
        at = (added[place], place)
        first = parts.label(ax, words.percent(row["share"]), at, (6, 0), ha="left", va="center", **_BOLD)
        parts.beside(ax, words.amount(row["expected_shortfall"]), first, color=COLOURS["note"])
    above: dict[str, Any] = {"xycoords": "axes fraction", "ha": "left", **_BOLD}
    key = parts.label(ax, words.text("expected in any year"), (0, 1), (0, 4), color=COLOURS["note"], **above)
    parts.beside(ax, words.text("on top in the worst years"), key, gap=16, color=COLOURS["highlight"], **_BOLD)
    parts.rows(ax, parts.names(shown), header=0.1)
    _bare(ax, added)
    if len(shown) < len(table):
        rest = words.text(
            "the {n} of {all} accounts that add most; all others together {share}",
            n=words.number(len(shown)),
            all=words.number(len(table)),
            share=words.percent(ordered["share"].iloc[len(shown) :].sum()),
        )
        parts.caption(ax.xaxis, rest)
    return ax


def stake_matrix(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH, named: int = 10) -> Axes:
    """Draw the loss of each account against its probability; along a line the expected loss is the same.

    Both scales are logarithmic. Accounts with less than a thousandth of the largest loss are left out; a probability
    below 0.1 % is drawn there.

    Parameters
    ----------
    table : DataFrame
        One row an account: loss (if it leaves), p_loss (0..1); name (else the index).
    named : int
        How many bear their name at most, the first by loss and the first by expected loss.
    """
    parts.require(table, ("loss", "p_loss"))
    loss, chance = (checks.numbers(table[column], name=column) for column in ("loss", "p_loss"))
    if loss.max() <= 0:
        raise checks.KamlibError("table has no account with a loss above 0, so there is nothing to draw.")
    seen = loss >= _SMALLEST * loss.max()
    placed = table[seen].iloc[_foremost(loss[seen], (loss * chance)[seen])]
    ax = parts.axes(ax)
    points = np.column_stack([np.clip(placed["p_loss"], _RAREST, 1.0), placed["loss"]])
    many = checks.whole(named, name="named")
    meaning = [COLOURS["highlight"]] * min(many, len(placed)) + [COLOURS["previous"]] * max(len(placed) - many, 0)
    ax.set(xscale="log", yscale="log")
    low, high = _SMALLEST * loss.max() / 1.5, 2.5 * loss.max()
    ax.set(xlim=(_RAREST / 1.3, 1.5), ylim=(low, high))
    amounts = 10.0 ** np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    note: dict[str, Any] = {"color": COLOURS["note"], "ha": "left"}
    for amount in amounts:
        ends = np.array([_RAREST / 1.3, 1.5])
        ax.plot(ends, amount / ends, color=COLOURS["grid"], lw=1.5, zorder=0)
        if amount / ends[1] > low:
            at = (1, amount / ends[1])
            parts.label(ax, words.amount(amount), at, (5, 0), xycoords=ax.get_yaxis_transform(), va="center", **note)
    # Scatter keeps the order of the rows; reversed, the dear ones lie on top.
    ax.scatter(points[::-1, 0], points[::-1, 1], s=40, c=meaning[::-1], edgecolors=COLOURS["paper"], lw=0.6, zorder=2)
    chances = (0.001, 0.01, 0.1, 1.0)
    ax.set_xticks(chances, [words.percent(one, _decimals(one)) for one in chances])
    scale = style.scale_for(loss)
    least = int(np.clip(-np.floor(np.log10(amounts[0] / scale)), 0, 6))
    told = [words.number(one / scale, max(0, least - step)) for step, one in enumerate(amounts)]
    ax.set_yticks(amounts, told)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_locator(NullLocator())
    parts.label(ax, words.text("expected loss"), (1, 1), (5, 4), xycoords="axes fraction", **note)
    parts.label(ax, words.unit(scale), (0, 1), (-6, 4), xycoords="axes fraction", ha="right", color=COLOURS["note"])
    parts.caption(ax.yaxis, words.text("loss if it leaves"))
    axis = words.text("probability of losing it within a year")
    if len(placed) < len(table):
        of_all = words.text("{n} of {all} accounts shown", n=words.number(len(placed)), all=words.number(len(table)))
        axis = f"{axis} ({of_all})"
    parts.caption(ax.xaxis, axis)
    dots = np.full(len(points), 3.5)
    look = [{"color": COLOURS["highlight"], **_BOLD}] * min(many, len(points))
    Names(ax, parts.names(placed, _NAME)[:many], points, radius=dots, fonts=look)
    return ax


def budget(table: pd.DataFrame, *, ax: Axes | None = None, words: Words = style.ENGLISH, top: int = _TOP) -> Axes:
    """Draw the yearly amount that keeping each account may cost at most, the largest on top; hatched as a forecast.

    Parameters
    ----------
    table : DataFrame
        One row an account: budget; concession, the break-even price concession as a fraction, where known; name (else
        the index).
    top : int
        How many accounts are drawn, those with the largest budget.
    """
    parts.require(table, ("budget",))
    shown = table.sort_values("budget", ascending=False, kind="stable").head(checks.whole(top, name="top"))
    ax = parts.axes(ax)
    amounts = checks.numbers(shown["budget"], name="budget")
    ax.barh(np.arange(len(shown)), amounts, height=0.64, **style.pattern("forecast"))
    conceded = shown["concession"] if "concession" in shown else pd.Series(np.nan, index=shown.index)
    for place, (amount, points) in enumerate(zip(amounts, conceded, strict=True)):
        first = parts.label(ax, words.amount(amount), (amount, place), (6, 0), ha="left", va="center", **_BOLD)
        if pd.notna(points):
            told = words.text("or {points} points of price", points=words.number(100 * points, 1))
            parts.beside(ax, told, first, color=COLOURS["note"])
    parts.rows(ax, parts.names(shown))
    _bare(ax, amounts)
    if len(shown) < len(table):
        parts.caption(
            ax.xaxis,
            words.text(
                "the {n} of {all} accounts with the largest budget",
                n=words.number(len(shown)),
                all=words.number(len(table)),
            ),
        )
    return ax


def _bare(ax: Axes, lengths: FloatArray) -> None:
    """Leave bars without an axis, for each bears its figure, and room for that beside the longest."""
    ax.set_xlim(0, 1.8 * lengths.max(initial=0.0) or 1.0)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _foremost(loss: FloatArray, expected: FloatArray) -> NDArray[np.intp]:
    """Return the order of what is first by either measure."""
    places = [np.argsort(np.argsort(-one, kind="stable")) for one in (expected, loss)]
    return np.asarray(np.lexsort((places[0], np.minimum(*places))))


def _lifts(heights: list[float]) -> list[int]:
    """Return by how many lines the label of each point is lifted, so that it stands above that of the next."""
    lifts = [0] * len(heights)
    for place in range(len(heights) - 2, -1, -1):
        if abs(np.log10(heights[place] / heights[place + 1])) < _NEAR:
            lifts[place] = lifts[place + 1] + 1
    return lifts


def _height(loss: FloatArray, above: FloatArray, at: float) -> float:
    """Return the probability of losing more than ``at``."""
    place = int(np.searchsorted(loss, at, side="right")) - 1
    return float(above[place]) if place >= 0 else 1.0


def _years(level: float, words: Words) -> str:
    return words.number(round(1 / (1 - checks.fraction(level, name="level")), 6))


def _decimals(chance: float) -> int:
    """Return the decimals of per cent that tell a ``chance`` from 0."""
    return max(0, int(-np.floor(np.log10(chance) + 1e-9)) - 2)
