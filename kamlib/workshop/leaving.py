"""Exercise 4: who is about to leave, who only looks so, and what a probability promises."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib.workshop import material
from kamlib.workshop.questions import Account, Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.style import Words

CLASS: Final = (0.2, 0.5)  # of past forecasts, whose outcome is asked for
_QUIET: Final = 90  # days: the rule that many firms have
_TIMES: Final = 2  # the usual interval


@functools.cache
def _silence(*, credit_notes: bool = False) -> pd.DataFrame:
    """Return how long each account of the last twelve months has been silent, and how its purchase days lie apart."""
    lines = material.lines()
    bought = lines if credit_notes else lines[lines["revenue"] > 0]
    days = bought[["account", "date"]].drop_duplicates().sort_values(["account", "date"])
    gaps = days.groupby("account")["date"].diff().dt.days.groupby(days["account"])
    last = days.groupby("account")["date"].max()
    found = pd.DataFrame({
        "usual": gaps.median(), "silent": (pd.Timestamp(material.AS_OF) - last).dt.days,
    })  # fmt: skip
    revenue = material.period().groupby("account")["revenue"].sum()
    return found.assign(active=revenue.reindex(found.index).fillna(0.0) > 0)


def overdue(words: Words) -> Question:
    """Ask how many accounts of the year have been silent for more than twice their usual interval."""
    everybody, credited = _silence(), _silence(credit_notes=True)
    year = everybody[everybody["active"]]
    return Figure(
        "number",
        (int((year["silent"] > _TIMES * year["usual"]).sum()),),
        (
            (int((year["silent"] > _QUIET).sum()), words.text("You count 90 days of silence; a rhythm of a week and "
                                                              "one of half a year can't share one limit.")),
            (int((everybody["silent"] > _TIMES * everybody["usual"]).sum()),
             words.text("You count accounts that were gone before the year began; take those with revenue in it.")),
            (int((year["silent"] > year["usual"]).sum()), words.text("You count those beyond their usual interval; "
                                                                     "overdue begins at twice of it.")),
            (int((credited["silent"] > _TIMES * credited["usual"])[year.index].sum()),
             words.text("You take credit notes for purchases; a return is no sign of life.")),
        ),
        words.text("One account in six, by this rule of thumb. Not all of them are leaving."),
        words.text("Compare days_since with twice usual_interval, for accounts with revenue above 0."),
    )  # fmt: skip


def out_of_season(words: Words) -> Question:
    """Ask which A account is overdue by the rule, but buys in one half of the year only."""
    truth = {key: material.account(name) for key, name in _LOOK_ALIKES.items()}
    return Account(
        truth["seasonal"],
        (
            (truth["slow"], words.text("That one is slow: it orders in February and August, and is not overdue.")),
            (truth["gone"], words.text("That one ordered all year round until March; its silence is new.")),
            (truth["late"], words.text("That one orders in every month; it is merely late.")),
            (truth["declining"], words.text("That one ordered all year round; its silence is new.")),
        ),
        words.text("It orders from September to February and looks lost each summer. Don't call it; it calls."),
        words.text("Count the purchases of each overdue A account by calendar month, over all years."),
    )  # fmt: skip


_LOOK_ALIKES: Final = {  # as planted in the shipped company, and two more that are overdue
    "seasonal": "Steirische Obstpresserei Kernegg GmbH",
    "slow": "Kwelwater Gemalen B.V.",
    "gone": "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG",
    "late": "Ahrelacker Verfahrenstechnik AG",
    "declining": "Pfahlfeld Fördertechnik GmbH",
}


def expected_leavers(words: Words) -> Question:
    """Ask how many accounts will be lost within a year, on average."""
    _, risks = material.chances()
    p, rule = risks["p_loss"].dropna(), risks.loc[risks["p_loss"].notna(), "naive"]
    year = _silence()[_silence()["active"]]
    return Figure(
        "decimal",
        (float(p.sum()),),
        (
            (int((p > 0.5).sum()), words.text("You count those above one half, as if each of them were certain and no "
                                              "other could leave; a probability adds up.")),
            (float(p.mean()), words.text("That is the mean probability; the sum over all accounts is asked for.")),
            (int((year["silent"] > _TIMES * year["usual"]).sum()), words.text("That is how many the rule of thumb "
                                                                              "reports; add up the probabilities.")),
            (float(rule.sum()), words.text("You add up the rule of thumb's probabilities, the column naive.")),
        ),
        words.text("Nobody knows which; how many, one can say. That is what a score can't do."),
        words.text("A probability of 0.3 is three tenths of a loss: add all of them up."),
        within=0.4,
    )  # fmt: skip


def came_true(words: Words) -> Question:
    """Ask which share was lost of past forecasts between 20 and 50 %."""
    record, _ = material.chances()
    every = record.predictions
    mine = every[every["model"] == record.winner]
    low, high = CLASS
    chosen = mine[(mine["p"] >= low) & (mine["p"] < high)]
    others = every[(every["p"] >= low) & (every["p"] < high)]
    return Figure(
        "percent",
        (float(chosen["happened"].mean()),),
        (
            (float(chosen["p"].mean()), words.text("That is what was forecast on average; the question is what came "
                                                   "true.")),
            (int(chosen["happened"].sum()), words.text("That is how many were lost; divide by how many there were.")),
            (float(mine["happened"].mean()), words.text("That is the share of all cases that were lost, whatever their "
                                                        "forecast.")),
            (float(others["happened"].mean()), words.text("You mix the forecasts of all models; take the winner's.")),
        ),
        words.text("More than had been forecast: in this class, take a third as seriously as a half."),
        words.text("Take the winner's predictions with p from 0.2 to under 0.5; the mean of happened is the share."),
        within=0.004,
    )  # fmt: skip


def first_call(words: Words) -> Question:
    """Ask with which account the most margin is likely to be lost."""
    _, risks = material.chances()
    table = material.table().join(risks["p_loss"]).query("margin > 0").dropna(subset="p_loss")
    at_risk = (table["margin"] * table["p_loss"]).sort_values(ascending=False)
    return Account(
        str(at_risk.index[0]),
        (
            (str(table["p_loss"].idxmax()), words.text("That one is the likeliest to leave, but hardly anything hangs "
                                                       "on it.")),
            (str(table["margin"].idxmax()), words.text("That one would hurt the most, but it is among the least "
                                                       "likely to leave.")),
            (str(at_risk.index[1]), words.text("That is the second; another one costs several times as much.")),
        ),
        words.text("Neither the largest nor the likeliest: the product of both decides."),
        words.text("Multiply each account's margin by its probability and take the largest product."),
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "overdue": overdue,
    "out_of_season": out_of_season,
    "expected_leavers": expected_leavers,
    "came_true": came_true,
    "first_call": first_call,
}
