"""What may be lost, as native charts. All of it is forecast."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib.exhibits.native import Categories, Plane, Series, Trace
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray
    from kamlib.style import Words

RAREST: Final = 0.001  # nobody plans for less than once in a thousand years; a logarithmic axis ends there
SMALLEST: Final = 1e-3  # of the largest loss; smaller accounts would crowd the matrix
_NAMED: Final = 10  # accounts of the matrix that bear their name
_NAME: Final = 22  # characters of a name beside a dot


def exposure_curve(
    curve: pd.DataFrame, figures: pd.DataFrame, *, words: Words, title: str, result: float | None
) -> Plane:
    """Show how likely more than each loss is, and the headline figures on that line.

    Parameters
    ----------
    curve : DataFrame
        loss (ascending) and probability_above it.
    figures : DataFrame
        The exhibit's table: figure, loss, probability; the first is expected, the last the mean of the worst years.
    words : Words
    title : str
        What is lost.
    result : float or None
        From this loss on, the year ends at a loss.
    """
    seen = curve[curve["probability_above"] > RAREST]
    kept = seen.iloc[parts.thinned(len(seen))]
    x, y = (kept[column].to_numpy(dtype=np.float64) for column in ("loss", "probability_above"))
    most = 1.9 * max(float(figures["loss"].max()), float(x.max(initial=0.0)) / 1.4) or 1.0
    meanings = ["note", *["actual"] * (len(figures) - 2), "highlight"]
    traces = []
    if len(x):
        traces = [Trace(words.text("probability of losing more"), parts.floats(x), parts.floats(y), line="solid")]
    traces += [
        Trace(
            row["figure"],
            (float(row["loss"]),),
            (max(float(row["probability"]), RAREST),),
            meaning=meaning,
            labels=(words.text("{figure}: {amount}", figure=row["figure"], amount=words.amount(row["loss"])),),
        )
        for row, meaning in zip(figures.to_dict("records"), meanings, strict=True)
    ]
    if result is not None and 0 < result < most:
        told = words.text("from {amount} on, the year ends at a loss", amount=words.amount(result))
        traces.append(
            Trace(told, (result, result), (RAREST, 1.0), meaning="bad", line="dashed", labels=("", told))
        )  # fmt: skip
    return Plane(
        tuple(traces),
        parts.amounts([most], words, title, most=most),
        parts.percent(words.text("probability of losing more"), least=RAREST, most=1.0, log=True),
    )


def contributions(table: pd.DataFrame, *, words: Words, top: int = parts.TOP) -> Categories:
    """Show what each account adds to the loss of the worst years: what is expected anyway, and what comes on top."""
    shown = table.head(top)
    usual = np.minimum(shown["expected"], shown["expected_shortfall"])
    told = [
        f"{words.percent(share)}, {words.amount(amount)}"
        for share, amount in zip(shown["share"], shown["expected_shortfall"], strict=True)
    ]
    return Categories(
        "stacked",
        parts.names(shown["name"], words),
        (
            Series(words.text("expected in any year"), parts.figures(usual), meaning="previous", scenario="forecast"),
            Series(
                words.text("on top in the worst years"),
                parts.figures(shown["expected_shortfall"] - usual),
                meaning="highlight",
                scenario="forecast",
                labels=tuple(told),
            ),
        ),
        parts.amounts(shown["expected_shortfall"], words),
    )


def stake_matrix(table: pd.DataFrame, *, words: Words) -> Plane:
    """Show the loss of each account against its probability, the costliest risks by name.

    Both axes are logarithmic. A probability below the end of its axis is shown there. Along a dashed line the
    expected loss is the same.
    """
    loss = table["loss"].to_numpy(dtype=np.float64)
    shown = table[loss >= SMALLEST * loss.max()]
    first = foremost(shown["loss"].to_numpy(), (shown["loss"] * shown["p_loss"]).to_numpy())[:_NAMED]
    by_name = np.isin(np.arange(len(shown)), first)
    traces = [
        *_lines_of_equal_loss(loss.max(), words),
        *(
            Trace(
                name,
                parts.floats(part["p_loss"].clip(RAREST, 1.0)),
                parts.floats(part["loss"]),
                meaning=meaning,
                labels=parts.labels(part["name"].tolist(), most, length=_NAME),
            )
            for name, part, meaning, most in (
                (words.text("other accounts"), shown[~by_name], "previous", 0),
                (words.text("costliest risks"), shown[by_name], "highlight", _NAMED),
            )
            if len(part)
        ),
    ]
    low, high = _loss_axis(loss.max())
    scale = parts.amounts(loss, words, words.text("loss if it leaves"))
    return Plane(
        tuple(traces),
        parts.percent(words.text("probability of losing it within a year"), least=RAREST, most=1.0, log=True),
        replace(scale, least=low, most=high, log=True),
    )


def foremost(loss: FloatArray, expected: FloatArray) -> NDArray[np.intp]:
    """Return the order of what is first by either measure."""
    places = [np.argsort(np.argsort(-one, kind="stable")) for one in (expected, loss)]
    return np.asarray(np.lexsort((places[0], np.minimum(*places))))


def _loss_axis(largest: float) -> tuple[float, float]:
    """Return powers of ten around all losses shown."""
    low, high = np.floor(np.log10(SMALLEST * largest)), np.ceil(np.log10(largest))
    return float(10.0**low), float(10.0**high)


def _lines_of_equal_loss(largest: float, words: Words) -> list[Trace]:
    """Return a line for each power of ten that an expected loss may be, from axis to axis."""
    low, high = _loss_axis(largest)
    lines = []
    for power in range(round(np.log10(low)), round(np.log10(high))):
        amount = 10.0**power
        told = words.text("expected loss {amount}", amount=words.amount(amount))
        # Loss times probability is the amount, as far as both are on their axes.
        least, most = max(amount / high, RAREST), min(amount / low, 1.0)
        ends = (float(least), float(most))
        heights = (amount / ends[0], amount / ends[1])
        lines.append(Trace(told, ends, heights, meaning="quiet", line="dashed", labels=("", words.amount(amount))))
    return lines


def budget(table: pd.DataFrame, *, words: Words, top: int = parts.TOP) -> Categories:
    """Show the yearly amount that keeping each account may cost at most, and the price concession it comes to."""
    shown = table.head(top)
    conceded = shown["concession"] if "concession" in shown else pd.Series(np.nan, index=shown.index)
    told = [
        words.amount(amount)
        if pd.isna(points)
        else words.text(
            "{amount} or {points} points of price",
            amount=words.amount(amount),
            points=words.number(100 * points, 1),
        )
        for amount, points in zip(shown["budget"], conceded, strict=True)
    ]
    return Categories(
        "bar",
        parts.names(shown["name"], words),
        (Series(words.text("Budget a year"), parts.figures(shown["budget"]), scenario="forecast", labels=tuple(told)),),
        parts.amounts(shown["budget"], words),
    )
