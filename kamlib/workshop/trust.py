"""Exercise 1: what must be true of an export before any figure is."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib.workshop import material
from kamlib.workshop.questions import Account, Figure, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.style import Words

_EURO: Final = 0.5  # an amount may be given to the euro


@functools.cache
def _rows() -> pd.DataFrame:
    """Return the export's rows with their amounts, and which of them are sums and which are sound."""
    text = io.BytesIO(material.messy_export())
    cells = pd.read_csv(text, sep=";", skiprows=3, encoding="cp1252", dtype="str", keep_default_na=False)
    rows = cells.set_axis(["customer", "date", "order", "product", "quantity", "revenue"], axis=1)
    amount = rows["revenue"].str.replace(".", "").str.replace(",", ".")
    revenue = pd.to_numeric(amount, errors="coerce")
    day = pd.to_datetime(rows["date"], format="%d.%m.%Y", errors="coerce")
    is_sum = rows["customer"].str.contains("umme")
    sound = ~is_sum & (rows["customer"] != "") & (day <= pd.Timestamp(material.AS_OF)) & revenue.notna()
    return rows.assign(revenue=revenue, is_sum=is_sum, sound=sound, twice=rows.duplicated())


@functools.cache
def _amounts() -> dict[str, float]:
    """Return what the parts of the export sum to; the last line is the accounting system's total."""
    rows = _rows()
    used = rows[rows["sound"]]
    copies = used[used.duplicated(["customer", "date", "order", "product", "quantity"], keep=False)]
    lost = rows[~rows["sound"] & ~rows["is_sum"]]
    return {
        "used": used["revenue"].sum(),
        "twice": used.loc[used["twice"], "revenue"].sum(),
        "both_copies": copies["revenue"].sum(),
        "same_day": used.loc[used.duplicated(["customer", "date"]), "revenue"].sum(),
        "missing": lost["revenue"].sum(),
        "no_customer": lost.loc[lost["customer"] == "", "revenue"].sum(),
        "sums": rows.loc[rows["is_sum"], "revenue"].sum(),
        "total": rows["revenue"].iloc[-1],
    }


def set_aside(words: Words) -> Question:
    """Ask how many rows of the file are set aside."""
    rows = _rows()
    sums, lost, doubles = int(rows["is_sum"].sum()), int((~rows["sound"] & ~rows["is_sum"]).sum()), rows["twice"].sum()
    return Figure(
        "number",
        (sums + lost,),
        (
            (lost, words.text("You count the lines that have lost something, but not the sum lines, which are set "
                              "aside as well.")),
            (sums, words.text("You count the sum lines alone; some lines have lost something and can't be used "
                              "either.")),
            (sums + lost + doubles, words.text("You count the lines that are there twice; nobody can tell that from "
                                               "the file, so they are used.")),
            (len(rows), words.text("That is every row that was read.")),
            (int(rows["sound"].sum()), words.text("That is the number of rows that are used; the question is about "
                                                  "the others.")),
        ),
        words.text("Sum lines and lines that have lost something: each is set aside for a reason and counted."),
        words.text("The audit counts the rows that it set aside by their reason: add them up."),
    )  # fmt: skip


def missing(words: Words) -> Question:
    """Ask how much revenue is missing until somebody completes the lines."""
    of = _amounts()
    return Figure(
        "money",
        (of["missing"],),
        (
            (of["missing"] + of["sums"], words.text("You add the sum lines, which carry no revenue of their own.")),
            (of["no_customer"], words.text("You count the lines without a customer alone; others lack a date, or have "
                                           "one that can't be.")),
            (of["missing"] + of["twice"], words.text("You add the lines that are there twice; they are used and lack "
                                                     "nothing.")),
            (of["used"], words.text("That is the revenue that is used; the question is about what is missing.")),
        ),
        words.text("This much will be missing from every figure until somebody completes the lines at the source."),
        words.text("Look at the revenue of each reason in the audit; a sum line counts as nothing."),
        within=_EURO,
    )  # fmt: skip


def booked_twice(words: Words) -> Question:
    """Ask how much revenue is in the file a second time."""
    of, doubles = _amounts(), int(_rows()["twice"].sum())
    return Figure(
        "money",
        (of["twice"],),
        (
            (of["both_copies"], words.text("You count both copies; one of them is right.")),
            (doubles, words.text("That is the number of lines; the question is about their revenue.")),
            (of["same_day"], words.text("You count lines of one customer on one day; most are different products of "
                                        "one order. A copy agrees in every column.")),
        ),
        words.text("All of it comes from one day, which was exported twice. Only somebody who knows the business may "
                   "delete it."),
        words.text("Lines that agree with an earlier one in every column: duplicated() marks the copies, not the "
                   "originals."),
        within=_EURO,
    )  # fmt: skip


def unreadable(words: Words) -> Question:
    """Ask which amount stood in the line that nobody can read."""
    of = _amounts()
    no_copies, nothing_lost = of["total"] - of["used"] + of["twice"], of["total"] - of["used"] - of["missing"]
    return Figure(
        "money",
        (no_copies - of["missing"],),
        (
            (no_copies, words.text("You take the copies out, but forget the lines that are set aside although their "
                                   "amount is known.")),
            (nothing_lost, words.text("The day that was exported twice is still in your sum.")),
            (of["total"] - of["used"], words.text("That is the whole gap between the total line and the rows used: the "
                                                  "copies and the missing lines explain most of it.")),
            (of["used"] - of["total"], words.text("That is the whole gap between the rows used and the total line: the "
                                                  "copies and the missing lines explain most of it.")),
        ),
        words.text("To the cent: every difference between the file and accounting has a name now."),
        words.text("Total line = rows used - copies + lines set aside with an amount + the line that can't be read."),
        within=_EURO,
    )  # fmt: skip


def largest(words: Words) -> Question:
    """Ask who is the largest customer of the half-year."""
    used = material.export_rows()
    orders = used.groupby("customer")["order"].nunique()
    return Account(
        str(used.groupby("customer")["revenue"].sum().idxmax()),
        (
            (material.SLIP, words.text("You leave credit notes out: an order of this customer was mistyped and taken "
                                       "back two days later.")),
            (str(orders.idxmax()), words.text("That is the customer with the most orders, not with the most revenue.")),
            (str(used["customer"].value_counts().idxmax()), words.text("That is the customer with the most lines, not "
                                                                       "with the most revenue.")),
            ("Summe", words.text("That is the total line, which no customer has bought.")),
        ),
        words.text("The mistyped order takes itself away again, as long as its credit note stays in the ledger."),
        words.text("Add up the revenue per customer with its credit notes, without any sum line."),
    )  # fmt: skip


QUESTIONS: Final[dict[str, Callable[[Words], Question]]] = {
    "set_aside": set_aside,
    "missing": missing,
    "booked_twice": booked_twice,
    "unreadable": unreadable,
    "largest": largest,
}
