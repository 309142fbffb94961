"""Exercise 6: where the firm gave in on price, whom it neglects, and what it tells its board."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import coverage, datasets
from kamlib.workshop import material
from kamlib.workshop.questions import Account, Board, Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.style import Words

_SINCE: Final = "2025-01-01"  # two accounts pay less from this day on
_GIVEN: Final = {  # to whom, as planted in the shipped company
    "no_volume": "Zirlbrunner Energieanlagen GmbH",
    "volume": "Tierskamp Medizingeräte AG",
    "always": "Vördekamp Fördertechnik AG",
    "fell": "Pfahlfeld Fördertechnik GmbH",
    "silent": "Ulmenrieder Lebensmitteltechnik GmbH & Co. KG",
}


def _key(story: str) -> str:
    return material.account(_GIVEN[story])


def _conceded(account: str) -> tuple[float, float]:
    """Return by how much an account's price fell, as a part of list price, and what that costs a year."""
    every, year = material.lines(), material.period()
    mine = every[every["account"] == account]
    sums = mine.groupby(mine["date"] >= pd.Timestamp(_SINCE))[["revenue", "list_revenue"]].sum()
    price = sums["revenue"] / sums["list_revenue"]
    fall = float(price[False] - price[True])
    return fall, fall * float(year.loc[year["account"] == account, "list_revenue"].sum())


def gave_in(words: Words) -> Question:
    """Ask to which key account a lower price was given that brought no volume."""
    return Account(
        _key("no_volume"),
        (
            (_key("volume"), words.text("That one pays less, too, but buys half as much again: it paid.")),
            (_key("always"), words.text("That one has the largest discount, but has had it all along: nothing "
                                        "was given of late.")),
            (_key("fell"), words.text("That one buys less, but at the price that it always paid.")),
        ),
        words.text("The price fell, and the volume rose beyond that of its peers by no more than chance explains: "
                   "given away."),
        words.text("The concessions have a column verdict: look for no_more_volume."),
    )  # fmt: skip


def cost_a_year(words: Words) -> Question:
    """Ask what that concession costs a year."""
    year = material.period()
    mine = year[year["account"] == _key("no_volume")]
    fall, cost = _conceded(_key("no_volume"))
    other = _conceded(_key("volume"))[1]
    return Figure(
        "money",
        (cost,),
        (
            (fall, words.text("That is the fall in price as a part of the list price; times the list revenue of the "
                              "year it becomes money.")),
            (cost + other, words.text("You add both concessions; one of them bought volume.")),
            (other, words.text("That is the other concession, which bought volume.")),
            (cost * 1.5, words.text("You add up the year and a half since it began; the question is about one year.")),
            (float((mine["list_revenue"] - mine["revenue"]).sum()),
             words.text("That is the whole discount; the question is about the part that was given since 2025.")),
        ),
        words.text("Year after year, until somebody takes it back. It would pay for a person who calls."),
        words.text("The concessions have a column cost_a_year."),
        within=0.05 * cost,
    )  # fmt: skip


@functools.cache
def _covered() -> pd.DataFrame:
    ledger = datasets.read()
    return coverage.coverage(ledger.contacts, material.table(), as_of=material.AS_OF, customers=ledger.customers)


def neglected(words: Words) -> Question:
    """Ask which A account nobody has been in touch with for a year."""
    covered = _covered()
    late = covered[covered["overdue"] & (covered["class"] == coverage.KEY)]
    longest, second = late.sort_values("days_overdue", ascending=False).index[:2]
    return Account(
        str(longest),
        (
            (str(late["revenue"].idxmax()), words.text("That is the largest overdue account; it is late by a day.")),
            (str(second), words.text("That one is overdue, too, but somebody was there in March.")),
            (str(covered["days_since_contact"].fillna(-1).idxmax()),
             words.text("Nobody has been there for longest, but it has bought nothing for years: it is no A account.")),
            (_key("silent"), words.text("That one is visited as ever; it is the orders that have stopped.")),
        ),
        words.text("Neglected by any plan. An account of this size is somebody else's favourite prospect."),
        words.text("Among the A accounts, look at the contacts of the year, or at days_since_contact."),
    )  # fmt: skip


def after_the_last_order(words: Words) -> Question:
    """Ask how many contacts with the silent account the log has since its last order."""
    log = material.company().contacts
    log = log.assign(date=pd.to_datetime(log["date"]))
    account = _key("silent")
    mine, bought = log[log["customer"] == account], material.lines().query("revenue > 0")
    last = bought.loc[bought["account"] == account, "date"].max()
    after = mine[mine["date"] > last]
    year = mine["date"] > pd.Timestamp("2025-06-30")
    return Figure(
        "number",
        (len(after),),
        (
            (int(year.sum()), words.text("That is the whole year; count those after the last order.")),
            (int((after["kind"] == "visit").sum()), words.text("You count visits alone; a call is a contact as well.")),
            (int((after["outcome"] == "follow-up agreed").sum()), words.text("Those promised a follow-up; count all.")),
            (len(mine), words.text("That is the log of all years; count those after the last order.")),
        ),
        words.text("The talks go on, and nobody asks about the orders. A contact log alone would never have told."),
        words.text("Filter the log by the customer and by dates after its last_purchase."),
    )  # fmt: skip


def board(words: Words) -> Question:
    """Ask which three exhibits the board sees, and what they say."""
    return Board(
        words.text("Three questions, three sentences with a figure each: that is a board paper."),
        words.text("Choose one each for what is so, what may come and what to do, and give it your own sentence with "
                   "exhibit.reworded(...)."),
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "gave_in": gave_in,
    "cost_a_year": cost_a_year,
    "neglected": neglected,
    "after_the_last_order": after_the_last_order,
    "board": board,
}
