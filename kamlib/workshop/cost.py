"""Exercise 5: what it would cost if they left: on average, in a bad year, and before the firm makes a loss."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from kamlib import datasets, exposure
from kamlib.workshop import material
from kamlib.workshop.questions import Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kamlib.style import Words

CORRELATION: Final = 0.1  # through the economy, and as much within a sector: assumptions
SEVERITY: Final = (9 + 3 * 0.75) / 12  # nine months all of it, then three in which it falls from all to a half
_DIGITS: Final = 0.002  # of a sum: what rounding and another lattice may change


@functools.cache
def _book() -> pd.DataFrame:
    """Return the accounts that can be lost, with what they bring and how likely that is."""
    _, risks = material.chances()
    return material.table().join(risks["p_loss"]).query("margin > 0").dropna(subset="p_loss")


@functools.cache
def _law(kind: str = "common", *, stake: str = "margin") -> exposure.LossDistribution:
    book = _book()
    kinds: dict[str, dict[str, Any]] = {
        "alone": {},
        "economy": {"correlation": CORRELATION},
        "common": {"correlation": CORRELATION, "sector": book["sector"], "sector_correlation": CORRELATION},
    }
    return exposure.loss_distribution(book[stake], book["p_loss"], severity=SEVERITY, **kinds[kind])


def _of_the_stake(margin: float, revenue: float, words: Words) -> tuple[tuple[float, str], ...]:
    """Return what taking another stake leads to, by what is right of the ``margin`` and what comes of ``revenue``."""
    return (
        (revenue, words.text("You take revenue; what is lost is the margin, as the cost goes, too.")),
        (revenue / SEVERITY, words.text("You take revenue, and all of a year's; what is lost is the margin, and some "
                                        "of it is replaced in time.")),
        (margin / SEVERITY, words.text("You take all of a year's margin; the severity says which part is not replaced "
                                       "within the year.")),
    )  # fmt: skip


def expected_loss(words: Words) -> Question:
    """Ask which loss of margin is to be expected within a year."""
    book = _book()
    margin, p = book["margin"], book["p_loss"]
    right = float((margin * p).sum() * SEVERITY)
    return Figure(
        "money",
        (right,),
        (
            *_of_the_stake(right, float((book["revenue"] * p).sum() * SEVERITY), words),
            (float(margin[p > 0.5].sum() * SEVERITY), words.text("You add up the accounts above one half as if they "
                                                                 "were certain, and leave out all others.")),
            (float(margin.sum() * p.mean() * SEVERITY), words.text("You multiply the total by the mean probability; "
                                                                   "large accounts are safer than small ones.")),
            (float(margin.sum() * SEVERITY), words.text("That is what would be lost if everybody left.")),
        ),
        words.text("An average over all years; no year is average, and this one has a name on top of its list."),
        words.text("For each account: margin times severity times probability. Then add up."),
        within=_DIGITS * right,
    )  # fmt: skip


def bad_year(words: Words) -> Question:
    """Ask which loss is exceeded in one year out of twenty."""
    law, alone, economy, revenue = _law(), _law("alone"), _law("economy"), _law(stake="revenue")
    right = law.value_at_risk(0.95)
    return Figure(
        "money",
        (right,),
        (
            (alone.value_at_risk(0.95), words.text("You let customers leave one by one; give the correlations, as they "
                                                   "falter together.")),
            (economy.value_at_risk(0.95), words.text("You have the economy in common, but not the sectors.")),
            *_of_the_stake(right, revenue.value_at_risk(0.95), words),
            (law.expected, words.text("That is the loss of an average year, not of a bad one.")),
            (law.value_at_risk(0.99), words.text("That is exceeded in one year of a hundred; the question is about one "
                                                 "in twenty.")),
            (law.expected_shortfall(0.95), words.text("That is the mean of the years beyond; the question is where "
                                                      "they begin.")),
        ),
        words.text("One year in twenty is dearer. A board can be asked whether the firm could bear it."),
        words.text("The value at risk at 0.95, with correlation and sector_correlation as given."),
        within=_DIGITS * right,
    )  # fmt: skip


def together(words: Words) -> Question:
    """Ask by how much common causes make the worst hundredth of years dearer."""
    law, alone, economy = (_law(kind) for kind in ("common", "alone", "economy"))
    tail, apart = law.expected_shortfall(0.99), alone.expected_shortfall(0.99)
    right = tail - apart
    revenue = [_law(kind, stake="revenue").expected_shortfall(0.99) for kind in ("common", "alone")]
    return Figure(
        "money",
        (right,),
        (
            (tail, words.text("That is the mean loss of those years; the question is how much of it comes from common "
                              "causes.")),
            (tail / apart - 1, words.text("That is the increase as a fraction; the question is about the amount.")),
            (economy.expected_shortfall(0.99) - apart, words.text("You have the economy in common, but not the "
                                                                  "sectors.")),
            (law.value_at_risk(0.99) - alone.value_at_risk(0.99), words.text("You compare where the worst years begin; "
                                                                             "compare what they cost on average.")),
            *_of_the_stake(right, revenue[0] - revenue[1], words),
            (law.expected - alone.expected, words.text("Common causes leave the average as it is; they make bad years "
                                                       "worse.")),
        ),
        words.text("The average is the same, the worst years are not: that is what correlation does."),
        words.text("The expected shortfall at 0.99 with common causes, less the one without."),
        within=0.02 * right,
    )  # fmt: skip


def can_go(words: Words) -> Question:
    """Ask how many of the largest accounts can go before the year ends at a loss."""
    margin, revenue = (_book()[stake].sort_values(ascending=False) for stake in ("margin", "revenue"))
    contribution, fixed = material.table()["margin"].sum(), datasets.fixed_costs(as_of=material.AS_OF)
    result = contribution - fixed

    def bears(losses: pd.Series[float], reserve: float) -> int:
        return int((losses.cumsum() <= reserve).sum())

    likeliest = exposure.firm(_law(), contribution=contribution, fixed_costs=fixed).can_go_likeliest
    right = bears(margin * SEVERITY, result)
    return Figure(
        "number",
        (right,),
        (
            (bears(margin, result), words.text("You take all of a year's margin; some of it is replaced in time, so "
                                               "one more can go.")),
            (bears(margin * SEVERITY, contribution), words.text("You forget the fixed costs: what bears a loss is the "
                                                                "result, not the contribution.")),
            (bears(revenue * SEVERITY, result), words.text("You take revenue; what is lost is the margin, as the cost "
                                                           "goes, too.")),
            (right + 1, words.text("With that one the result is below 0 already.")),
            (likeliest, words.text("That is the likeliest set of losses, nearly all of them small; the question is "
                                   "about the largest.")),
        ),
        words.text("Few are enough, but these are also the least likely to leave."),
        words.text("Result = contribution less fixed costs. Take the losses of the largest away until it is below 0."),
    )  # fmt: skip


def points(words: Words) -> Question:
    """Ask how much of its price keeping the largest account may cost at most, as a fraction."""
    book = _book()
    budgets = exposure.retention(_law(), revenue=book["revenue"])
    concession, giant = budgets["concession"], str(book["revenue"].idxmax())
    right = float(concession[giant])
    return Figure(
        "percent",
        (right,),
        (
            (float(concession[str(budgets["budget"].idxmax())]),
             words.text("That is the budget of the account that is as good as gone; the largest is safe.")),
            (float(budgets["worth"][giant] / book["revenue"][giant]),
             words.text("That is what keeping is worth, if it averted all of the loss; it is assumed to avert half.")),
            (float(budgets["budget"][giant]), words.text("That is the budget in money; divide by the account's "
                                                         "revenue.")),
            (0.03, words.text("Three points are what is often given away out of fear: about twenty times as much as "
                              "the risk is worth.")),
        ),
        words.text("A tenth or two of a point: who gives three out of fear gives away twenty times as much."),
        words.text("The retention budget has a column concession; take the row of the largest account."),
        within=0.0005,  # it is shown as 0.2%
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "expected_loss": expected_loss,
    "bad_year": bad_year,
    "together": together,
    "can_go": can_go,
    "points": points,
}
