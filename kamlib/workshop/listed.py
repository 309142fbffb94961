"""Exercise 3: who the key accounts are, and how far the list hangs on the weights."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import customers, datasets, keyaccounts
from kamlib.workshop import material
from kamlib.workshop.questions import Account, Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kamlib.style import Words

WEIGHTS: Final = {"revenue": 3, "margin": 2, "growth": 1, "potential": 1}  # those of the exercise, an opinion
SIZE: Final = 25
_DISPUTED: Final = (0.05, 0.95)  # of the draws


def _candidates() -> pd.DataFrame:
    table = material.table()
    return table[table["revenue"] > 0]


def _best(weights: Mapping[str, float], *, scaling: str = "rank") -> set[str]:
    """Return the accounts of the best scores: the weighted mean place, 0 to 1, in the criteria that are known."""
    values = _candidates()[[*weights]].astype("float64")
    places = values.rank() if scaling == "rank" else values
    places = (places - places.min()) / (places.max() - places.min())
    given = pd.Series(weights, dtype="float64")
    score = (places * given).sum(axis=1) / (places.notna() * given).sum(axis=1)
    return set(score.round(12).sort_values(ascending=False, kind="stable").index[:SIZE])


def listed_by_both(words: Words) -> Question:
    """Ask how many of the 25 largest are also among the 25 best scores."""
    by_revenue = set(_candidates().index[:SIZE])
    both = len(by_revenue & _best(WEIGHTS))
    equal, ranged = (len(by_revenue & best) for best in (
        _best(dict.fromkeys(WEIGHTS, 1)), _best(WEIGHTS, scaling="range")))  # fmt: skip
    return Figure(
        "number",
        (both,),
        (
            (SIZE - both, words.text("That is how many are on one list only; the question is how many are on both.")),
            (2 * SIZE - both, words.text("That is how many are on either list; the question is how many are on both.")),
            (equal, words.text("You weigh all criteria alike; revenue counts three times, margin twice.")),
            (ranged, words.text("You scale by range, where the giants leave no room for the others; scale by rank.")),
            (SIZE, words.text("You compare the list with itself; one is by revenue, the other by score.")),
        ),
        words.text("The rest are the ones to talk about: large without a good score, or the other way round."),
        words.text("Take the first 25 of each order and count the accounts that are in both."),
    )  # fmt: skip


@functools.cache
def _acceptability() -> pd.Series[float]:
    return keyaccounts.stability(_candidates(), criteria=WEIGHTS, size=SIZE)["acceptability"]


def disputed(words: Words) -> Question:
    """Ask how many accounts are on the list in 5 to 95 % of the draws."""
    share, (low, high) = _acceptability(), _DISPUTED
    largest = _candidates().index[:SIZE]
    return Figure(
        "number",
        (int(share.between(low, high).sum()),),
        (
            (int((share >= high).sum()), words.text("Those are the accounts that make the list whatever the weights; "
                                                    "nobody has to discuss them.")),
            (int((share > low).sum()), words.text("You count those that make the list nearly always, too; they are "
                                                  "not open to discussion.")),
            (int((share < high).sum()), words.text("You count those that hardly ever make the list, too; they are not "
                                                   "open to discussion.")),
            (int(share[largest].between(low, high).sum()),
             words.text("You count those of the 25 largest alone; whoever joins the list by other weights is open to "
                        "discussion, too.")),
            (int((share >= 0.5).sum()), words.text("Those are the accounts that make the list in at least half of the "
                                                   "draws.")),
        ),
        words.text("Here judgement is needed and may honestly be used; for all others, the weights decide nothing."),
        words.text("The stability has a column acceptability: count those between 0.05 and 0.95."),
        within=1,
    )  # fmt: skip


def loses_money(words: Words) -> Question:
    """Ask which of the ten largest accounts costs more than it brings."""
    year = material.period()
    sums = year.assign(margin=year["revenue"] - year["cost"]).groupby("account")[["revenue", "margin"]].sum()
    largest = sums.nlargest(10, "revenue")
    loser = str(largest["margin"].idxmin())
    before = material.period(end="2025-06-30").groupby("account")["revenue"].sum()
    others = sums.drop(loser)
    fell = (others["revenue"] - before).loc[largest.index.drop(loser)].idxmin()
    return Account(
        loser,
        (
            (str(fell), words.text("That one lost the most revenue, but it still earns money for us.")),
            (str(others.loc[largest.index.drop(loser), "margin"].idxmin()),
             words.text("That one brings the least margin of those that bring any; one brings less than nothing.")),
            (str(others["margin"].idxmin()), words.text("That one costs more than it brings, but it is not among the "
                                                        "ten largest.")),
            (str(largest["revenue"].idxmax()), words.text("That is the largest; its margin share is lower than most, "
                                                          "but well above 0.")),
        ),
        words.text("Fifth by revenue and last by margin: without it the firm would be smaller, and richer."),
        words.text("Revenue less cost of the period is the margin; look for the one below 0 among the ten largest."),
    )  # fmt: skip


def weaker_side(words: Words) -> Question:
    """Ask how many accounts the firm needs more than they need it."""
    bought = customers.by_product(datasets.read(), as_of=material.AS_OF)
    balance = keyaccounts.dependence(material.table(), bought)
    keys = _candidates().index[:SIZE]
    return Figure(
        "number",
        (int((balance["balance"] > 0).sum()),),
        (
            (int(balance["major_customer"].sum()), words.text("Those above 10% of revenue, which have to be disclosed; "
                                                              "dependence begins earlier.")),
            (int((balance["our_dependence"] > 0.5).sum()), words.text("You look at our side alone; a customer may need "
                                                                      "us as much as we need it.")),
            (int((balance.loc[keys, "balance"] < 0).sum()), words.text("The other way round: those key accounts need "
                                                                       "us more than we need them.")),
            (int((balance["balance"] < 0).sum()), words.text("The other way round: those need us more than we need "
                                                             "them.")),
        ),
        words.text("The two giants, and one that could do without us; its silence in exercise 4 is no surprise."),
        words.text("The balance is our dependence less theirs: count where it is above 0."),
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "listed_by_both": listed_by_both,
    "disputed": disputed,
    "loses_money": loses_money,
    "weaker_side": weaker_side,
}
