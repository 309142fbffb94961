"""What the exercises are made of: the shipped company, a slip in its ledger, and an export that needs looking at.

The checks reckon with these tables in plain pandas, so that a right answer is confirmed by a second way.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import checks, churn, customers, datasets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kamlib.checks import DateLike
    from kamlib.churn import Backtest

AS_OF: Final = dt.date(2026, 6, 30)  # the shipped ledger's last day
MONTHS: Final = 12

# An order typed with three noughts too many, and its credit note two days later. Both are in the ledger, as it should
# be; whoever drops the credit note has a new largest customer of the half-year, and a new third largest of the year.
SLIP: Final = "0012926"
_SLIP_LINES: Final = pd.DataFrame({
    "customer": SLIP, "date": pd.to_datetime(["2026-02-11", "2026-02-13"]), "order": ["80990001", "85990001"],
    "product": "P1010", "product_group": "Seals", "quantity": [26_000, -26_000],
    "list_revenue": [2_860_000.0, -2_860_000.0], "revenue": [2_600_000.0, -2_600_000.0],
    "cost": [1_690_000.0, -1_690_000.0], "currency": "EUR",
})  # fmt: skip

# The export holds half a year. What is wrong with it:
FIRST: Final = dt.date(2026, 1, 1)
TWICE: Final = dt.date(2026, 3, 18)  # this day was exported twice
_NO_CUSTOMER: Final = (100, 3100)  # these lines, counted within the half-year, have lost something
_NO_DATE: Final = 1200
_NO_AMOUNT: Final = 4200
_NOT_YET: Final = 5200  # a date of 31.12.9999
_HEADER: Final = ("Debitor", "Belegdatum", "Beleg", "Artikel", "Menge", "Nettoumsatz")


@functools.cache
def company() -> datasets.Company:
    """Return the shipped company, read once."""
    return datasets.load_company()


def sales() -> pd.DataFrame:
    """Return the shipped sales lines with one order that was mistyped and taken back two days later.

    Every net figure is that of the shipped company; what leaves credit notes out is not.

    Returns
    -------
    DataFrame
        In canonical columns, as `kamlib.ledger.read` takes it.

    Examples
    --------
    >>> lines = sales()
    >>> lines.loc[lines["order"].isin(["80990001", "85990001"]), "revenue"].tolist()
    [2600000.0, -2600000.0]
    """
    lines = pd.concat([company().sales, _SLIP_LINES], ignore_index=True)
    return lines.sort_values("date", kind="stable", ignore_index=True)


@functools.cache
def lines(*, slip: bool = False) -> pd.DataFrame:
    """Return the sales lines with the account of each: the group of companies, or the customer itself."""
    known = company().customers
    account = known["parent"].where(known["parent"].fillna("") != "", known["customer"])
    accounts = pd.DataFrame({"customer": known["customer"], "account": account})
    return (sales() if slip else company().sales).merge(accounts, on="customer")


def period(*, end: DateLike = AS_OF, months: int = MONTHS, slip: bool = False) -> pd.DataFrame:
    """Return the lines of the period that ends with ``end``."""
    last = checks.day(end, name="end")
    found = lines(slip=slip)
    after = found["date"] > pd.Timestamp(checks.months_before(last, months))
    return found[after & (found["date"] <= pd.Timestamp(last))]


@functools.cache
def table() -> pd.DataFrame:
    """Return one row an account of the last twelve months, as the library makes it of the shipped ledger."""
    return customers.table(datasets.read(), as_of=AS_OF, months=MONTHS)


@functools.cache
def names() -> dict[str, str]:
    """Return the account that each number and name stands for; a company of a group stands for itself."""
    known = company().customers
    rows = table()["name"]
    numbers = zip(known["name"].str.casefold(), known["customer"], strict=True)
    return (
        dict(numbers)
        | {c: c for c in known["customer"]}
        | {n.casefold(): key for key, n in rows.items()}
        | {str(key).casefold(): str(key) for key in rows.index}
    )


def account(name: str) -> str:
    """Return the account that bears this name."""
    return names()[name.casefold()]


@functools.cache
def _chances() -> tuple[Backtest, pd.DataFrame]:
    ledger = datasets.read()
    record = churn.backtest(ledger, cutoffs=churn.cutoffs(ledger, as_of=AS_OF))
    return record, churn.risk(ledger, as_of=AS_OF, record=record)


def chances() -> tuple[Backtest, pd.DataFrame]:
    """Return how the forecasts of a loss within a year did on past years, and those of today.

    As ``churn.backtest`` and ``churn.risk`` make them of the shipped company; they take some seconds, but only once.

    Returns
    -------
    Backtest, DataFrame
        The record, and one row an account with its probability ``p_loss``.
    """
    record, risks = _chances()
    return record, risks.copy()


@functools.cache
def export_rows() -> pd.DataFrame:
    """Return the lines of the half-year before anything went wrong with them."""
    return sales().query("date >= @FIRST and date <= @AS_OF").reset_index(drop=True)


def messy_export() -> bytes:
    """Return half a year of sales as a German system exports it, with all that goes wrong on the way.

    Title lines, a subtotal after each month and a total line; five lines that have lost something; a day that was
    exported twice; a mistyped order and its credit note. The total line is the accounting system's, so it is right.

    Returns
    -------
    bytes
        A CSV file: cp1252, semicolons, ``1.234,56``, ``31.12.2025``.

    Examples
    --------
    >>> messy_export().decode("cp1252").splitlines()[3]
    'Debitor;Belegdatum;Beleg;Artikel;Menge;Nettoumsatz'
    """
    rows = export_rows()
    cells = pd.DataFrame({
        "customer": rows["customer"], "date": rows["date"].dt.strftime("%d.%m.%Y"), "order": rows["order"],
        "product": rows["product"], "quantity": rows["quantity"].map("{:d}".format),
        "revenue": rows["revenue"].map(_german),
    })  # fmt: skip
    cells.loc[[*_NO_CUSTOMER], "customer"] = ""
    cells.loc[_NO_DATE, "date"] = ""
    cells.loc[_NO_AMOUNT, "revenue"] = "siehe Beleg"
    cells.loc[_NOT_YET, "date"] = "31.12.9999"
    text = [
        "Umsatzstatistik Einzelposten, Beträge in EUR",
        f"Zeitraum {FIRST:%d.%m.%Y} - {AS_OF:%d.%m.%Y}",
        "",
        ";".join(_HEADER),
    ]
    for month, of in cells.groupby(rows["date"].dt.month):
        text += [*_joined(of), _sum_line(f"Zwischensumme {month:02d}/2026", rows.loc[of.index, "revenue"])]
        if month == TWICE.month:
            text += _joined(cells[rows["date"].dt.date == TWICE])
    text.append(_sum_line("Summe", rows["revenue"]))
    return ("\r\n".join(text) + "\r\n").encode("cp1252")


def _joined(cells: pd.DataFrame) -> list[str]:
    return [";".join(row) for row in cells.itertuples(index=False)]


def _sum_line(label: str, revenue: Iterable[Any]) -> str:
    return f"{label};;;;;{_german(sum(revenue))}"


def _german(amount: float) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
