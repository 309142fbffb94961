"""Exercise 2: how concentrated the firm is, and how much of the answer depends on what is counted."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from kamlib import concentration
from kamlib.workshop import material
from kamlib.workshop.questions import Account, Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kamlib.style import Words

_LAST_YEAR_END: Final = "2025-12-31"
_SHOWN: Final = 0.0006  # half of the last digit of a percentage as it is shown, and a little if it is rounded twice


@functools.cache
def _revenue(slip: str = "") -> pd.Series[float]:
    """Return revenue per account above 0, the largest first, reckoned with one ``slip``."""
    lines = material.period(slip=True)
    by, amount = "account", "revenue"
    if slip == "no_credit_notes":
        lines = lines[lines["revenue"] > 0]
    elif slip == "numbers":
        by = "customer"
    elif slip == "calendar_year":
        lines = material.period(end=_LAST_YEAR_END)
    elif slip == "all_time":
        lines = material.lines()
    elif slip == "list_price":
        amount = "list_revenue"
    elif slip == "quantity":
        amount = "quantity"
    sums = lines.groupby(by)[amount].sum()
    return sums[sums > 0].sort_values(ascending=False)


def _fifths(revenue: pd.Series[float], *, among: int | None = None) -> tuple[float, ...]:
    """Return the share of the largest fifth: with the last account in part, without it, and with all of it."""
    whole, part = divmod(0.2 * (among or len(revenue)), 1)
    shares = revenue / revenue.sum()
    before, last = float(shares.iloc[: int(whole)].sum()), float(shares.iloc[int(whole)])
    return before + part * last, before, before + last


def _for_80(revenue: pd.Series[float]) -> int:
    return int((revenue.cumsum() < 0.8 * revenue.sum()).sum()) + 1


def _hhi(revenue: pd.Series[float]) -> float:
    return float(((revenue / revenue.sum()) ** 2).sum())


def _slips(words: Words) -> dict[str, str]:
    """Say what each slip leads to."""
    return {
        "no_credit_notes": words.text("You leave credit notes out, so an order that was taken back counts as revenue. "
                                      "They belong in the sum, as negative revenue."),
        "numbers": words.text("You count customer numbers; companies of one group are one account."),
        "calendar_year": words.text("That is the calendar year 2025; the period is the twelve months up to the "
                                    "ledger's last day."),
        "all_time": words.text("You add up all years; the period is the twelve months up to the ledger's last day."),
        "list_price": words.text("That is revenue at list prices; the question is about what customers pay."),
        "quantity": words.text("You count pieces; the question is about what customers pay."),
    }  # fmt: skip


def _wrong(measure: Callable[[Any], float], words: Words, *slips: str) -> tuple[tuple[float, str], ...]:
    said = _slips(words)
    return tuple((measure(_revenue(slip)), said[slip]) for slip in slips)


def top_share(words: Words) -> Question:
    """Ask which share of revenue the largest 20 % of accounts bring."""
    revenue, everybody, said = _revenue(), material.lines()["account"].nunique(), _slips(words)
    right = _fifths(revenue)
    asleep = words.text("A fifth of all accounts there ever were: those that bought nothing in the period lengthen the "
                        "list.")  # fmt: skip
    return Figure(
        "percent",
        right,
        (
            (0.8, words.text("That is the rule of thumb itself; reckon the share from the ledger.")),
            *((share, sentence) for slip, sentence in said.items() for share in _fifths(_revenue(slip))),
            *((share, asleep) for share in _fifths(revenue, among=everybody)),
            (float(revenue.iloc[0] / revenue.sum()), words.text("That is the share of the largest account alone.")),
        ),
        words.text("Just below 80%: close to the rule of thumb, by this way of counting. A fifth of {n} accounts is "
                   "{fifth}; the share lies between {low} and {high}, as the last of them counts not at all, in part "
                   "or in full.", n=words.number(len(revenue)), fifth=words.number(0.2 * len(revenue), 1),
                   low=words.percent(min(right)), high=words.percent(max(right))),
        words.text("One row an account, net revenue of twelve months, credit notes included, then the top fifth of "
                   "those above 0."),
        within=_SHOWN,
    )  # fmt: skip


def accounts_for_80(words: Words) -> Question:
    """Ask how many accounts bring 80 % of revenue."""
    revenue = _revenue()
    return Figure(
        "number",
        (_for_80(revenue),),
        (
            *_wrong(_for_80, words, "no_credit_notes", "numbers", "calendar_year", "all_time", "quantity"),
            (_for_80(revenue) - 1, words.text("You stop one account early: these bring a little less than 80%.")),
            (_for_80(revenue) / len(revenue), words.text("That is their share of all accounts; the question "
                                                                   "is how many they are.")),
            (round(0.2 * len(revenue)), words.text("That is a fifth of the accounts; the question is how many bring "
                                                   "four fifths of the revenue.")),
        ),
        words.text("A fifth of the accounts, give or take. These are the A accounts of the other exercises."),
        words.text("Sort the accounts by revenue, add up from the top, and count until 80% is reached."),
        within=0.4,
    )  # fmt: skip


def effective(words: Words) -> Question:
    """Ask how many customers of equal size would be as concentrated."""
    hhi, count = _hhi(_revenue()), len(_revenue())
    return Figure(
        "decimal",
        (1 / hhi,),
        (
            (hhi, words.text("That is the Herfindahl index itself; the effective number is 1 divided by it.")),
            (hhi * 10_000, words.text("That is the Herfindahl index from 0 to 10,000, as competition law counts it; "
                                      "the effective number is 1 divided by the index from 0 to 1.")),
            *_wrong(lambda revenue: 1 / _hhi(revenue), words, "no_credit_notes", "numbers", "calendar_year",
                    "quantity"),
            (count, words.text("That is how many accounts there are; they are far from equal.")),
        ),
        words.text("A few hundred accounts on paper spread risk like a few dozen of equal size."),
        words.text("Square each account's share of revenue, add the squares up and divide 1 by the sum."),
        within=0.5,
    )  # fmt: skip


def low(words: Words) -> Question:
    """Ask where the 95 % interval of the top fifth's share begins."""
    revenue = _revenue()
    of, index = concentration.indices(revenue).set_index("index"), "top_20_percent_share"
    narrow, wide = (_low(revenue, level) for level in (0.9, 0.99))
    return Figure(
        "percent",
        (_low(revenue, 0.95),),
        (
            (float(of["high"][index]), words.text("That is the upper end of the interval.")),
            (float(of["value"][index]), words.text("That is the share itself; the question is where its interval "
                                                   "begins.")),
            (narrow, words.text("That is the lower end of a 90% interval; at 95% it lies lower.")),
            (wide, words.text("That is the lower end of a 99% interval; at 95% it lies higher.")),
            (float(of["low"]["top_10"]), words.text("That is the interval of the ten largest accounts; take the row of "
                                                    "the top 20%.")),
        ),
        words.text("So 80% lies well inside the interval: the firm neither proves nor disproves the rule."),
        words.text("The indices come with the columns low and high."),
        within=0.006,
    )  # fmt: skip


def _low(revenue: pd.Series[float], confidence: float) -> float:
    of = concentration.indices(revenue, confidence=confidence).set_index("index")
    return float(of["low"]["top_20_percent_share"])


def hidden_group(words: Words) -> Question:
    """Ask which account is made of several numbers, none of which is among the ten largest."""
    lines = material.period()
    sums = lines.groupby("account").agg(revenue=("revenue", "sum"), numbers=("customer", "nunique"))
    groups = sums[sums["numbers"] > 1].nlargest(2, "revenue").index
    parts = lines[lines["account"] == groups[0]].groupby("customer")["revenue"].sum()
    return Account(
        str(groups[0]),
        (
            *((str(part), words.text("That is one company of the group; the account is all of them together."))
              for part in parts.index),
            (str(sums["revenue"].idxmax()), words.text("That is the largest account, but it has a single number.")),
            (str(groups[1]), words.text("That is a group as well, but together it is far from the top.")),
        ),
        words.text("Three companies, none of them among the ten largest: together the third largest account."),
        words.text("Count the customer numbers of each account among the largest ten."),
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "top_share": top_share,
    "accounts_for_80": accounts_for_80,
    "effective": effective,
    "low": low,
    "hidden_group": hidden_group,
}
