"""How concentrated revenue is, as native charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib.exhibits.native import FIGURES, Categories, Plane, Scale, Series, Trace
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.style import Words

_GROUPS: Final = 10  # with a bar of their own; the others share the last one
_MILESTONES: Final = (5, 10, 20)  # customers whose cumulative share is written
_STRETCHES: Final = (2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)  # of the axis over the first column
_FIGURE: Final = 0.1  # of the axis: the height of a figure on a column, with some air
_EQUAL: Final = (0.4, 0.33)  # where the name of the diagonal begins: below it, and clear of the curve
_ABOVE: Final = 0.06  # of the highest point of a whale curve: so far above a line stands what is said of it


def pareto(ranked: pd.DataFrame, *, words: Words, top: int) -> Categories:
    """Show the largest customers as columns and the share they add up to as a line.

    ``ranked`` has name, value, share, cumulative_share and abc. The columns' axis is at least twice as long as the
    first of them, so that the line leaves them behind soon.
    """
    shown = ranked.head(top)
    count = len(shown)
    told = {*(rank for rank in _MILESTONES if rank <= 0.85 * count), count}
    reached = [
        words.percent(share, 0) if rank in told else ""
        for rank, share in enumerate(shown["cumulative_share"], start=1)
    ]  # fmt: skip
    revenue = words.text("Revenue")
    return Categories(
        "pareto",
        parts.names(shown["name"], words),
        (
            Series(
                revenue,
                parts.figures(shown["value"]),
                meaning=tuple(parts.CLASSES[letter] for letter in shown["abc"]),
                labels=FIGURES,
            ),
            Series(
                words.text("Cumulative share"),
                parts.figures(shown["cumulative_share"]),
                meaning="highlight",
                line=True,
                labels=tuple(reached),
            ),
        ),
        parts.amounts(shown["value"], words, most=_clear_end(shown)),
        second=parts.full(words.text("Cumulative share")),
        upright=True,
    )


def _clear_end(shown: pd.DataFrame) -> float:
    """Return the end of the columns' axis at which the line runs through the fewest figures on top of columns."""
    value, line = (shown[column].to_numpy(dtype=np.float64) for column in ("value", "cumulative_share"))
    total = float(value[0] / shown["share"].iloc[0])
    longest = max(total, _STRETCHES[0] * float(value[0]))  # beyond that, columns would only shrink
    ends = sorted({min(float(stretch * value[0]), longest) for stretch in _STRETCHES})
    through = [
        int(((value / end - 0.2 * _FIGURE < line) & (line < value / end + _FIGURE)).sum()) for end in ends
    ]  # fmt: skip
    return ends[int(np.argmin(through))]  # of several, the first: the longest columns


def lorenz(curve: pd.DataFrame, *, words: Words, top_share: float, rule: float) -> Plane:
    """Show the Lorenz curve, what the largest 20 % bring, and the point where 80/20 would be true."""
    kept = curve.iloc[parts.thinned(len(curve))]
    fraction = round(1 - rule, 9)
    largest = words.text(
        "the largest {fraction} of customers: {share}",
        fraction=words.percent(fraction, 0),
        share=words.percent(top_share),
    )
    return Plane(
        (
            Trace(words.text("if all were equal"), (0.0, 1.0), (0.0, 1.0), meaning="note", line="dashed"),
            parts.caption(words.text("if all were equal"), *_EQUAL),
            Trace(
                words.text("cumulative share"),
                parts.floats(kept["customers_share"]),
                parts.floats(kept["value_share"]),
                line="solid",
            ),
            Trace(
                words.text("the largest {fraction} of customers", fraction=words.percent(fraction, 0)),
                (rule, rule),
                (1 - top_share, 1.0),
                meaning="highlight",
                line="solid",
                labels=("", largest),
            ),
            Trace(
                words.text("80/20 rule"),
                (rule,),
                (fraction,),
                meaning="ink",
                labels=(words.text("80/20 rule"),),
            ),
        ),
        parts.full(words.text("customers, from the smallest to the largest")),
        parts.full(words.text("cumulative share")),
    )


def over_time(line: pd.DataFrame, *, words: Words, kind: str, title: str) -> Categories:
    """Show one index over time with its interval; ``kind`` as `Words.figure` knows it."""
    return Categories(
        "line",
        parts.names((words.month(end) for end in line["period_end"]), words),
        (
            Series(
                title,
                parts.figures(line["value"]),
                line=True,
                labels=parts.ends([words.figure(value, kind) for value in line["value"]]),
                low=parts.figures(line["low"]),
                high=parts.figures(line["high"]),
            ),
        ),
        Scale(kind, least=0.0, most=1.08 * (float(line["high"].max()) or 1.0)),
        upright=True,
    )


def migration(cells: pd.DataFrame, *, words: Words) -> Categories:
    """Show where the customers of each class of the period before are now; nobody in a cell leaves a gap."""
    counts = cells.pivot_table("customers", index="before", columns="after", aggfunc="sum")
    kept = [letter for letter in parts.CLASSES if letter in counts.index and counts.loc[letter].sum() > 0]
    gone, new = words.text("gone"), words.text("new")
    return Categories(
        "stacked",
        tuple(
            new if letter == "none" else words.text("{letter} before", letter=letter) for letter in kept
        ),
        tuple(
            Series(
                gone if letter == "none" else words.text("{letter} now", letter=letter),
                parts.figures(counts[letter].reindex(kept).where(lambda count: count > 0)),
                meaning=meaning,
                labels=FIGURES,
            )
            for letter, meaning in parts.CLASSES.items()
            if letter in counts and counts[letter].sum() > 0
        ),
        Scale("number"),
    )  # fmt: skip


def whale(curve: pd.DataFrame, *, words: Words) -> Plane:
    """Show the margin that customers add up to, the best first, its peak, and the line of all it comes to."""
    kept = curve.iloc[parts.thinned(len(curve), parts.POINTS - 1)]
    share = curve["cumulative_share"]
    peak = int(share.to_numpy().argmax())
    losers = int((curve["value"] < 0).sum())
    highest = float(share.max())
    all_told = words.text("all {n} customers: {share}", n=words.number(len(curve)), share=words.percent(1, 0))
    traces = [
        Trace(all_told, (0.0, 1.0), (1.0, 1.0), meaning="note", line="dashed"),
        parts.caption(all_told, 0.0, 1 + _ABOVE * highest),
        Trace(
            words.text("Share of the total"),
            (0.0, *parts.floats(kept["customers_share"])),
            (0.0, *parts.floats(kept["cumulative_share"])),
            line="solid",
        ),
    ]
    if losers:
        best = words.text(
            "the best {n} of {all} customers: {share}",
            n=words.number(peak + 1),
            all=words.number(len(curve)),
            share=words.percent(share.iloc[peak], 0),
        )
        x = float(curve["customers_share"].iloc[peak])
        traces.append(Trace(best, (x,), (highest,), meaning="highlight"))
        traces.append(parts.caption(best, x, (1 + _ABOVE) * highest, meaning="highlight"))
    return Plane(
        tuple(traces),
        parts.full(words.text("customers, from the most to the least profitable")),
        parts.percent(words.text("Share of the total"), least=0.0, most=(1 + 2 * _ABOVE) * highest),
    )


def share_by_group(groups: pd.DataFrame, *, words: Words, most: float, top: int = _GROUPS) -> Categories:
    """Show what each group brings, and the part of it that its largest customer makes up.

    ``most`` is the end of the axis, the same for all splits of one table.
    """
    ranked = groups.sort_values("value", ascending=False, kind="stable")
    shown, others = ranked.head(top), ranked.iloc[top:]
    names = parts.names(shown["group"], words)
    value, share = shown["value"].tolist(), shown["share"].tolist()
    largest = (shown["value"] * shown["top_customer_share"]).tolist()
    if len(others):  # whose largest customers are those of different groups
        names += (words.plural("{n} other group", "{n} other groups", len(others)),)
        value, share = [*value, others["value"].sum()], [*share, others["share"].sum()]
        largest = [*largest, 0.0]
    told = [f"{words.percent(part)}, {words.amount(amount)}" for part, amount in zip(share, value, strict=True)]
    return Categories(
        "stacked",
        names,
        (
            Series(words.text("largest customer"), parts.figures(largest)),
            Series(
                words.text("other customers"),
                parts.figures(np.subtract(value, largest)),
                meaning="previous",
                labels=tuple(told),
            ),
        ),
        parts.amounts(value, words, most=most),
    )


def largest_bar(table: pd.DataFrame, by: list[str], *, top: int = _GROUPS) -> float:
    """Return the longest bar of `share_by_group` over all splits of ``table``, so that they can share an axis."""
    longest = 0.0
    for attribute in by:
        sums = table.groupby(attribute, dropna=False)["revenue"].sum().sort_values(ascending=False)
        longest = max(longest, float(sums.iloc[0]), float(sums.iloc[top:].sum()))
    return longest
