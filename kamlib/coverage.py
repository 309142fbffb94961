"""Whom do we neglect: contacts held against a plan, promises held against what followed, and what hangs on one person.

A contact is a line of the contact log; to leave a kind out, such as complaints, filter the log before the call. The
log is kept per customer, the plan per account: ``customers``, the customer master of a `Ledger`, rolls one up to the
other. How often an account of a class should be seen is an assumption of whoever plans, so the plan is an argument.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks, concentration

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kamlib.checks import DateLike

PLAN: Final = {"A": 12.0, "B": 4.0, "C": 1.0}  # contacts a year by class: an assumption, to be set by the firm
FOLLOW_UP_WITHIN: Final = 30  # days: likewise an assumption
KEY: Final = "A"  # the class whose accounts are key accounts
DAYS_A_YEAR: Final = 365

# What an outcome says that promises another contact, in any case and with or without a hyphen.
PROMISES: Final = (
    "follow up", "followup", "call back", "callback", "will call", "next meeting",
    "nachfassen", "wiedervorlage", "rückruf", "rückmeldung", "folgetermin", "termin vereinbart",
)  # fmt: skip
_DENIALS: Final = ("no", "without", "kein", "keine", "ohne")  # before such words, they promise nothing


def coverage(
    contacts: pd.DataFrame | None,
    table: pd.DataFrame,
    *,
    as_of: DateLike,
    months: int = 12,
    plan: Mapping[str, float] = PLAN,
    classes: pd.Series[str] | None = None,
    customers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how often each account was contacted, how often it should have been, and since when nobody was there.

    Parameters
    ----------
    contacts : DataFrame
        The log: ``customer``, ``date`` and, where known, ``owner``, the person who was there.
    table : DataFrame
        A `customers.table` as of the same day; only ``revenue`` is needed.
    as_of, months : date, int
        Last day seen, and length of the period that ends with it.
    plan, classes : mapping, Series
        Contacts a year by class (a class that is not in it has none), class by account (default: ABC by revenue).
    customers : DataFrame, optional
        ``customer`` and ``account``; a customer that is not in it is its own account.

    Returns
    -------
    DataFrame
        name, owner, revenue, margin of ``table``; class, contacts, planned (from the log's begin or the first purchase
        on), gap (planned - contacts), interval (days, planned), last_contact, days_since_contact, overdue,
        days_overdue (beyond the interval; never contacted counts from the same begin), share_of_contacts, _revenue
        (of the accounts above 0) and _margin (of the sum of all; missing for a loss-maker), people (who were there),
        sole_contact (the one who had all contacts).

    Examples
    --------
    >>> log = pd.DataFrame({"customer": ["7"], "date": ["2025-11-20"]})
    >>> table = pd.DataFrame({"revenue": [9.0]}, index=["7"])
    >>> coverage(log, table, as_of="2025-12-31")[["class", "contacts", "interval", "days_overdue"]]
      class  contacts  interval  days_overdue
    7     A         1        31            10
    """
    checks.columns(table, ["revenue"])
    end, start = _period(as_of, months)
    log = _log(contacts, end, customers)
    # Nobody can be held to a plan before there is a log or a customer.
    begins = _no_earlier(table.get("first_purchase", pd.Series(pd.NaT, table.index)), log["date"].min())
    held_to_plan = (end - _no_earlier(begins, start + pd.Timedelta(days=1))).dt.days + 1
    log = log[log["account"].isin(table.index)]
    inside = log[log["date"] > start]
    last = log.groupby("account")["date"].max().reindex(table.index)
    known = [column for column in ("name", "owner", "revenue", "margin") if column in table]
    covered = table[known].assign(**{"class": _classes(table, classes)})
    rate = covered["class"].map(_per_year(plan)).fillna(0.0)
    interval = np.ceil(DAYS_A_YEAR / rate.where(rate > 0))
    late = ((end - last.fillna(begins)).dt.days - interval).clip(lower=0).fillna(0).astype("int64")
    covered["contacts"] = inside.groupby("account").size().reindex(table.index, fill_value=0)
    covered["planned"] = rate * months / 12 * held_to_plan.clip(lower=0) / (end - start).days
    covered["gap"] = covered["planned"] - covered["contacts"]
    covered["interval"] = interval.astype("Int64")
    covered["last_contact"] = last
    covered["days_since_contact"] = (end - last).dt.days.astype("Int64")
    covered["overdue"] = late > 0
    covered["days_overdue"] = late
    covered["share_of_contacts"] = covered["contacts"] / max(len(inside), 1)
    positive = covered[covered.columns.intersection(["revenue", "margin"])].where(lambda amounts: amounts > 0)
    covered["share_of_revenue"] = positive["revenue"] / positive["revenue"].sum()
    if "margin" in covered and (earned := covered["margin"].sum()) > 0:
        covered["share_of_margin"] = positive["margin"] / earned
    if "owner" in log:
        covered = covered.join(_people(inside)).fillna({"people": 0}).astype({"people": "int64"})
    return covered


def _people(inside: pd.DataFrame) -> pd.DataFrame:
    """Return how many of us each account met, and who it was where it was one person alone."""
    met = inside.groupby("account")["owner"].agg(["nunique", "first", "count", "size"])
    # Where nobody wrote down who was there, it may have been somebody else.
    alone = (met["nunique"] == 1) & (met["count"] == met["size"])
    return pd.DataFrame({"people": met["nunique"], "sole_contact": met["first"].where(alone)})


def overdue_accounts(covered: pd.DataFrame) -> pd.DataFrame:
    """Return the overdue accounts of a `coverage`, those first where the most is at stake.

    At stake is the contribution margin or, where there is none in the table, the revenue.
    """
    checks.columns(covered, ["overdue", "revenue"], name="covered")
    stake = "margin" if "margin" in covered else "revenue"
    return covered[covered["overdue"]].sort_values([stake, "days_overdue"], ascending=False, kind="stable")


def missing_follow_ups(
    contacts: pd.DataFrame | None,
    *,
    as_of: DateLike,
    months: int = 12,
    within: int = FOLLOW_UP_WITHIN,
    promises: Collection[str] = PROMISES,
    customers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the contacts that promised another one which did not follow in time, the longest overdue first.

    Parameters
    ----------
    contacts, as_of, months, customers
        As in `coverage`, with ``outcome``; a contact with any company of the account keeps a promise to one of them.
    within : int
        Days in which a follow-up is due; a promise that is not due by ``as_of`` is not missing.
    promises : collection of str
        An outcome that contains one of them promises a follow-up, unless a "no" or "kein" stands before it.

    Returns
    -------
    DataFrame
        account, the log's columns, due (its last day), next_contact (the account's next contact on a later day, missing
        if none followed up to ``as_of``) and days_late (until that day or ``as_of``).

    Raises
    ------
    KamlibError
        If there are no contacts or outcomes, or none of the outcomes promises anything.

    Examples
    --------
    >>> log = pd.DataFrame({"customer": ["7", "8"], "date": "2025-01-05", "outcome": ["order", "Nachfassen"]})
    >>> missing_follow_ups(log, as_of="2025-02-28")[["account", "due", "next_contact", "days_late"]]
      account        due next_contact  days_late
    0       8 2025-02-04          NaT         24
    """
    end, start = _period(as_of, months)
    due_in = pd.Timedelta(days=checks.whole(within, name="within"))
    log = _log(contacts, end, customers)
    checks.columns(log, ["outcome"], name="contacts")
    days = log[["account", "date"]].drop_duplicates().sort_values(["account", "date"])
    days["next_contact"] = days.groupby("account")["date"].shift(-1)
    promised = log[_promises_more(log["outcome"], promises)].merge(days, how="left", on=["account", "date"])
    promised["due"] = promised["date"] + due_in
    done_by = promised["next_contact"].fillna(end)
    promised["days_late"] = (done_by - promised["due"]).dt.days
    missing = promised[(promised["date"] > start) & (promised["days_late"] > 0)]
    columns = [*log.columns, "due", "next_contact", "days_late"]
    return missing[columns].sort_values(["days_late", "account"], ascending=[False, True], ignore_index=True)


def by_owner(
    table: pd.DataFrame, *, covered: pd.DataFrame | None = None, classes: pd.Series[str] | None = None
) -> pd.DataFrame:
    """Return what hangs on each account manager, the largest revenue first; accounts with revenue above 0 count.

    Parameters
    ----------
    table : DataFrame
        A `customers.table` with ``owner``.
    covered : DataFrame, optional
        The `coverage` of the same accounts; without it the columns about contacts are not there.
    classes : Series, optional
        Class by account; by default that of ``covered``, else ABC by revenue.

    Returns
    -------
    DataFrame
        owner ("" where nobody is named), accounts, key_accounts (class A), revenue, share (of all), margin where it is
        known, largest_account (its key) and largest_account_share (of the owner's revenue). With ``covered`` also
        contacts (with the owner's accounts, whoever made them), contacts_per_account, overdue_accounts and
        overdue_revenue.

    Examples
    --------
    >>> table = pd.DataFrame({"owner": ["Ann", "Ann", "Bob"], "revenue": [60.0, 15.0, 25.0]}, index=["7", "8", "9"])
    >>> by_owner(table)[["owner", "accounts", "share", "largest_account", "largest_account_share"]]
      owner  accounts  share largest_account  largest_account_share
    0   Ann         2   0.75               7                    0.8
    1   Bob         1   0.25               9                    1.0
    """
    checks.columns(table, ["owner", "revenue"])
    checks.positive(table["revenue"].clip(lower=0), name="revenue")
    if classes is None and covered is not None:
        classes = covered["class"]
    rows = table[table["revenue"] > 0].assign(key=_classes(table, classes) == KEY)
    rows["owner"] = rows["owner"].fillna("")
    largest = rows.sort_values("revenue", ascending=False, kind="stable").groupby("owner")["revenue"]
    owners = rows.groupby("owner")
    result = owners.agg(accounts=("revenue", "size"), key_accounts=("key", "sum"), revenue=("revenue", "sum"))
    result["share"] = result["revenue"] / result["revenue"].sum()
    if "margin" in rows:
        result["margin"] = owners["margin"].sum()
    result["largest_account"] = largest.idxmax()
    result["largest_account_share"] = largest.max() / result["revenue"]
    if covered is not None:
        seen = covered[["contacts", "overdue"]].reindex(rows.index)
        late = seen["overdue"].eq(other=True)
        result["contacts"] = seen["contacts"].fillna(0).groupby(rows["owner"]).sum().astype("int64")
        result["contacts_per_account"] = result["contacts"] / result["accounts"]
        result["overdue_accounts"] = late.groupby(rows["owner"]).sum()
        result["overdue_revenue"] = rows["revenue"].where(late, 0.0).groupby(rows["owner"]).sum()
    return result.sort_values("revenue", ascending=False, kind="stable").reset_index()


def by_sole_contact(covered: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that know only one of us: what would have to start anew if that person left.

    Parameters
    ----------
    covered : DataFrame
        A `coverage` of a log that names persons; the account manager in the customer master may be somebody else.

    Returns
    -------
    DataFrame
        person, accounts (with revenue above 0, all of whose contacts in the period were with that person), key_accounts
        (class A among them), revenue, share (of all) and largest_account (its key); the largest revenue first.

    Examples
    --------
    >>> log = pd.DataFrame({"customer": ["7", "8"], "date": "2025-01-05", "owner": ["Ann", "Bob"]})
    >>> table = pd.DataFrame({"revenue": [75.0, 25.0]}, index=["7", "8"])
    >>> by_sole_contact(coverage(log, table, as_of="2025-12-31"))[["person", "accounts", "share"]]
      person  accounts  share
    0    Ann         1   0.75
    1    Bob         1   0.25
    """
    checks.columns(covered, ["sole_contact", "revenue", "class"], name="covered")
    counted = covered[covered["revenue"] > 0].sort_values("revenue", ascending=False, kind="stable")
    rows = counted.assign(key=counted["class"] == KEY)
    people = rows.groupby("sole_contact")
    result = people.agg(accounts=("revenue", "size"), key_accounts=("key", "sum"), revenue=("revenue", "sum"))
    result["share"] = result["revenue"] / counted["revenue"].sum()
    result["largest_account"] = people["revenue"].idxmax()
    return result.sort_values("revenue", ascending=False, kind="stable").rename_axis("person").reset_index()


def _period(as_of: DateLike, months: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the last day of the period and the day before its first."""
    end = checks.day(as_of, name="as_of")
    return pd.Timestamp(end), pd.Timestamp(checks.months_before(end, checks.whole(months, name="months")))


def _log(contacts: pd.DataFrame | None, end: pd.Timestamp, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Return the contacts up to ``end``, each with its account and its day."""
    if contacts is None:
        raise checks.DataLacks("there is no contact log; give one with --contacts, or in Python as contacts=.")
    checks.columns(contacts, ["customer", "date"], name="contacts")
    log = contacts.assign(date=pd.to_datetime(contacts["date"], errors="coerce", format="ISO8601").dt.normalize())
    if unknown := int(log[["customer", "date"]].isna().any(axis=1).sum()):
        raise checks.KamlibError(
            f"{unknown} of {len(log)} contacts lack a customer or a date that can be read; leave them out."
        )
    log = log[log["date"] <= end]
    if log.empty:
        raise checks.DataLacks(
            "the contact log has no contact up to {end}; choose a later as_of or another log.", end=end.date()
        )
    account = log["customer"].astype("str")
    if customers is not None:
        checks.columns(customers, ["customer", "account"], name="customers")
        account = account.map(customers.drop_duplicates("customer").set_index("customer")["account"]).fillna(account)
    log = log.drop(columns="account", errors="ignore")
    log.insert(0, "account", account)
    return log


def _classes(table: pd.DataFrame, classes: pd.Series[str] | None) -> pd.Series[str]:
    if classes is None:
        classes = concentration.abc_classes(table["revenue"].clip(lower=0))
    return classes.reindex(table.index).fillna(concentration.CLASSES[-1]).astype("str")


def _per_year(plan: Mapping[str, float]) -> dict[str, float]:
    rates = checks.numbers(list(plan.values()), name="plan")
    if not (rates > 0).any() or (rates < 0).any():
        raise checks.KamlibError(f"plan must say contacts a year by class, such as {PLAN!r}; got {dict(plan)!r}.")
    return dict(zip(plan, rates.tolist(), strict=True))


def _no_earlier(days: pd.Series[pd.Timestamp], bound: pd.Timestamp) -> pd.Series[pd.Timestamp]:
    """Return ``days``, but ``bound`` where one is earlier or missing."""
    days = pd.to_datetime(days)
    return days.where(days > bound, bound)


def _promises_more(outcomes: pd.Series[str], promises: Collection[str]) -> pd.Series[bool]:
    said = outcomes.astype("str").str.casefold().str.replace("-", " ").fillna("")
    words = "|".join(re.escape(word.casefold().replace("-", " ")) for word in promises)
    denied = "".join(rf"(?<!\b{word} )" for word in _DENIALS)
    promised = said.str.contains(f"{denied}(?:{words})", regex=True)
    if not words or not promised.any():
        shown = ", ".join(repr(outcome) for outcome in outcomes.dropna().unique()[:5]) or "nothing"
        raise checks.DataLacks(
            "no outcome in the contact log promises a follow-up: they say {shown}; name the words with promises=[...].",
            shown=shown,
        )
    return promised
