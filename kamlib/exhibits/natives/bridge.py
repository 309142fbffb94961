"""Steps from one level to the next, what stayed, and where a price was given away, as native charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib import style
from kamlib.exhibits.native import FIGURES, Categories, Series
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray
    from kamlib.exhibits.native import Scenario
    from kamlib.style import Words

_STEP: Final = 36  # characters of a step's name
_MEANINGS: Final = {"level": "actual", "previous": "previous"}
_VERDICTS: Final = {"no_more_volume": "bad", "more_volume": "good"}


def waterfall(steps: pd.DataFrame, *, words: Words, scenario: Scenario = "actual") -> Categories:
    """Show steps that hang on each other: what holds a bar up, its part above 0 and, if there is any, that below 0.

    A stacked bar piles figures above 0 and below 0 up by themselves. So a bar above 0 stands on its lower end, one
    below 0 hangs from its upper end, and one that crosses 0 has a part on either side and stands on nothing. A part
    that a step doesn't have is a gap.

    Parameters
    ----------
    steps : DataFrame
        One row a step, as `plots.waterfall` takes them: step, kind, amount, start, end.
    words : Words
    scenario : str
        Of all steps but those of kind "previous".
    """
    start, end = (steps[column].to_numpy(dtype=np.float64) for column in ("start", "end"))
    low, high = np.minimum(start, end), np.maximum(start, end)
    base = np.maximum(low, 0.0) + np.minimum(high, 0.0)
    above = np.maximum(high, 0.0) - np.maximum(low, 0.0)
    below = np.minimum(low, 0.0) - np.minimum(high, 0.0)
    amount, change = steps["amount"].to_numpy(dtype=np.float64), (steps["kind"] == "change").to_numpy()
    meaning = tuple(
        ("bad" if size < 0 else "good") if moved else _MEANINGS[kind]
        for kind, size, moved in zip(steps["kind"], amount, change, strict=True)
    )
    scale = style.scale_for([*start, *end])
    told = _signed(amount, change, scale, words)
    hangs = (below < 0) & (above <= 0)  # these have their label below 0
    series = [
        Series(words.text("held up by"), parts.figures(base), meaning=""),
        Series(
            words.text("Amount"),
            tuple(None if under else float(part) for part, under in zip(above, hangs, strict=True)),
            meaning=meaning,
            scenario=scenario,
            labels=tuple("" if under else text for text, under in zip(told, hangs, strict=True)),
        ),
    ]
    if (below < 0).any():
        series.append(
            Series(
                words.text("Amount below 0"),
                tuple(float(part) if part < 0 else None for part in below),
                meaning=meaning,
                scenario=scenario,
                labels=tuple(text if under else "" for text, under in zip(told, hangs, strict=True)),
            )
        )
    names = parts.names(steps["step"], words, length=_STEP)
    return Categories("waterfall", names, tuple(series), parts.amounts([*start, *end], words))


def _signed(amount: FloatArray, change: NDArray[np.bool_], scale: int, words: Words) -> list[str]:
    """Write the figures in the unit of the chart, with a sign where they are changes, and decimals enough for all."""
    sizes = np.abs(amount[amount != 0] / scale)
    digits = int(np.clip(np.ceil(-np.log10(2 * sizes.min(initial=1.0))), 1, 2)) if scale > 1 else 0
    told = [words.number(size / scale, digits).replace("-", "\N{MINUS SIGN}") for size in amount]
    return [
        f"+{text}" if moved and size > 0 else text for text, moved, size in zip(told, change, amount, strict=True)
    ]  # fmt: skip


def retention(kept: pd.DataFrame, *, words: Words, most: float, top: int = parts.TOP) -> Categories:
    """Show net and gross retention of each group with their intervals; ``most`` is the end of the axis."""
    shown = kept.head(top)
    return Categories(
        "bar",
        parts.names(shown["group"], words),
        tuple(
            Series(
                title,
                parts.figures(shown[column]),
                meaning=meaning,
                labels=FIGURES,
                low=parts.figures(shown[f"{column}_low"]),
                high=parts.figures(shown[f"{column}_high"]),
            )
            for column, title, meaning in (
                ("net", words.text("net"), "actual"),
                ("gross", words.text("gross"), "previous"),
            )
        ),
        parts.percent(most=most),
    )


def concessions(found: pd.DataFrame, *, words: Words, verdicts: dict[str, str], top: int = parts.TOP) -> Categories:
    """Show by how much of the list price accounts pay less, what that costs, and whether volume followed."""
    shown = found.sort_values("change", kind="stable").head(top)
    told = [
        words.text(
            "{points} points: {amount} a year, {verdict}",
            points=words.number(100 * row["change"], 1).replace("-", "\N{MINUS SIGN}"),
            amount=words.amount(row["cost_a_year"]),
            verdict=verdicts[row["verdict"]],
        )
        for row in shown.to_dict("records")
    ]
    return Categories(
        "bar",
        parts.names(shown["name"], words),
        (
            Series(
                words.text("Price, of list"),
                parts.figures(shown["change"]),
                meaning=tuple(_VERDICTS.get(verdict, "note") for verdict in shown["verdict"]),
                labels=tuple(told),
                low=parts.figures(shown["change_low"]),
                high=parts.figures(shown["change_high"]),
            ),
        ),
        parts.percent(),
    )
