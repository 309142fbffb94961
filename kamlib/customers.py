"""In the engine: from the ledger to one row per customer or account, as of a date or per period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis
import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.audit import total

if TYPE_CHECKING:
    import datetime as dt

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger

_LONGEST_NAME: Final = 80  # characters; more is no name, and would fill slides and messages
BY: Final = {"group": "account", "customer": "customer"}


def table(ledger: Ledger, *, as_of: DateLike, months: int = 12, by: str = "group") -> pd.DataFrame:
    """Return one row per account (or customer) with a line up to ``as_of``, largest revenue first.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen; nothing after it is read.
    months : int
        Length of the period, which ends with ``as_of``; "before" is the period of the same length before it.
    by : {"group", "customer"}
        Companies of one parent as one account, or each customer number by itself.

    Returns
    -------
    DataFrame
        Indexed by account. Of the period: ``revenue``, ``lines``, ``orders``, ``products``, ``credit_notes``, ``cost``,
        ``margin`` (contribution margin: revenue - cost), ``margin_share`` (of revenue), ``list_revenue``,
        ``list_credit_notes``, ``price_realisation`` (revenue / list revenue). Of the period before:
        ``revenue_before``, and ``growth`` as a fraction. Of all time: ``first_purchase``, ``last_purchase``,
        ``days_since`` (the last purchase), ``usual_interval`` (median days between purchase days), ``regularity``
        (1 / (1 + squared coefficient of variation of these days): 1 like a clock, 1/2 by chance), ``customers``
        (numbers in the account). ``rank``, ``share`` and ``cumulative_share`` are among accounts with revenue above 0
        and missing elsewhere. Then name (cut at 80 characters) and attributes, for a group those of its largest member.
        Money in the ledger's currency; what the ledger can't fill is not there, what lies before its first day is
        missing.

    Raises
    ------
    KamlibError
        If ``as_of``, ``months`` or ``by`` is no valid choice, or there is no line in the period.
    """
    end = checks.day(as_of, name="as_of")
    checks.whole(months, name="months")
    checks.choice(by, name="by", options=BY)
    start, start_before = (checks.months_before(end, months * n) for n in (1, 2))
    lines: Any = ledger.table.filter(ledger.table["date"] <= end).mutate(key=ledger.table[BY[by]])
    accounts = _sums(lines, ledger, start, start_before).merge(_rhythm(lines), how="left", on="key")
    if not accounts["lines"].sum():
        raise checks.DataLacks(
            "the ledger has no line in the {months} months up to {end}; it runs from {first_day} to {last_day}.",
            months=months,
            end=end,
            first_day=ledger.audit.first_day,
            last_day=ledger.last_day,
        )
    if not ledger.covers(start_before):
        accounts["revenue_before"] = np.nan
    accounts = accounts.sort_values(["revenue", "key"], ascending=[False, True]).set_index("key")
    return _with_names(_with_ratios(accounts, end), ledger, end, by).rename_axis("account")


def _sums(lines: Any, ledger: Ledger, start: dt.date, start_before: dt.date) -> pd.DataFrame:
    """Add up each account's lines of the period and of the one before, in one pass over the ledger."""
    now, before = lines.date > start, (lines.date > start_before) & (lines.date <= start)
    sold = lines.revenue > 0
    measures = {
        "revenue": _total_where(now, lines.revenue),
        "revenue_before": _total_where(before, lines.revenue),
        "lines": now.sum(),
        "orders": (lines.order if ledger.has("order") else lines.date).nunique(where=now & sold),
        "credit_notes": _total_where(now & (lines.revenue < 0), lines.revenue),
        "first_purchase": lines.date.min(where=sold),
        "last_purchase": lines.date.max(where=sold),
        "customers": lines.customer.nunique(),
    }
    if ledger.has("product"):
        measures["products"] = lines["product"].nunique(where=now & sold)
    for column in ("cost", "list_revenue"):
        if ledger.has(column):
            measures[column] = _total_where(now, lines[column])
    if ledger.has("list_revenue"):  # what was credited, at list price
        measures["list_credit_notes"] = _total_where(now & (lines.revenue < 0), lines.list_revenue)
    sums: pd.DataFrame = lines.group_by("key").agg(**measures).to_pandas()
    return sums


def _total_where(condition: Any, amounts: Any) -> Any:
    return total(ibis.ifelse(condition, amounts, 0.0))


def _rhythm(lines: Any) -> pd.DataFrame:
    """Return each account's median days between purchase days: lines of one day are one purchase, credit notes none."""
    days = lines.filter(lines.revenue > 0).select("key", "date").distinct()
    gap = days.date.delta(days.date.lag().over(group_by="key", order_by="date"), unit="day")
    gaps = days.mutate(gap=gap.cast("int64"))
    rhythm: pd.DataFrame = (
        gaps.group_by("key")
        .agg(
            usual_interval=gaps.gap.cast("float64").median(),
            n=gaps.gap.count(),
            total=gaps.gap.sum(),
            squares=(gaps.gap * gaps.gap).sum(),
        )
        .to_pandas()
        .astype({"total": "float64", "squares": "float64"})
    )
    n, mean = rhythm["n"], rhythm["total"] / rhythm["n"]
    variation = (rhythm["squares"] - n * mean**2).clip(lower=0) / (n - 1) / mean**2
    rhythm["regularity"] = (1 / (1 + variation)).where(n > 1)
    return rhythm[["key", "usual_interval", "regularity"]]


def _with_ratios(accounts: pd.DataFrame, end: dt.date) -> pd.DataFrame:
    revenue, before = accounts["revenue"], accounts["revenue_before"]
    positive = revenue.where(revenue > 0)
    ratios = {
        "growth": revenue / before.where(before > 0) - 1,
        "rank": positive.rank(ascending=False, method="min").astype("Int64"),
        "share": positive / positive.sum(),
        "cumulative_share": positive.cumsum() / positive.sum(),
        "days_since": (pd.Timestamp(end) - accounts["last_purchase"]).dt.days.astype("Int64"),
    }
    if "cost" in accounts:
        ratios["margin"] = revenue - accounts["cost"]
        ratios["margin_share"] = ratios["margin"] / positive
    if "list_revenue" in accounts:
        ratios["price_realisation"] = revenue / accounts["list_revenue"].where(accounts["list_revenue"] > 0)
    return accounts.assign(**ratios)


def _with_names(accounts: pd.DataFrame, ledger: Ledger, end: dt.date, by: str) -> pd.DataFrame:
    """Join name and attributes; those of a group are its largest member's up to ``end``, its name the parent's."""
    known = ledger.customers.drop(columns="parent" if by == "group" else [])
    if by == "group":
        sizes: Any = ledger.table.filter(ledger.table["date"] <= end).group_by("customer")
        size = sizes.agg(size=total(ledger.table["revenue"])).to_pandas().set_index("customer")["size"]
        known = known.assign(size=known["customer"].map(size).fillna(-np.inf))
        known = known.sort_values(["size", "customer"], ascending=[False, True]).drop(columns="size")
        name_of = known.set_index("customer").get("name", pd.Series(dtype="str"))
        known = known.drop_duplicates("account").set_index("account").drop(columns="customer")
    else:
        name_of = known.set_index("customer").get("name", pd.Series(dtype="str"))
        known = known.set_index("customer")
    known = known.drop(columns="name", errors="ignore")
    named = accounts.merge(known, how="left", left_index=True, right_index=True, suffixes=("", "_of_customer"))
    # An account keyed by a customer number bears that customer's name; one keyed by a group's name is called so.
    keys = named.index.to_series()
    called = keys.map(name_of).astype("str").fillna(keys).astype("str")
    long = called.str.len() > _LONGEST_NAME
    named.insert(0, "name", called.where(~long, called.str.slice(0, _LONGEST_NAME - 1) + "…"))
    return named


def by_period(ledger: Ledger, *, as_of: DateLike, months: int = 1, by: str = "group") -> pd.DataFrame:
    """Return revenue per account and period, for all full periods of ``months`` months back from ``as_of``.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day of the last period; a period starts the day after the same day ``months`` months before.
    months : int
        Length of a period.
    by : {"group", "customer"}

    Returns
    -------
    DataFrame
        ``account``, ``period_end`` (the period's last day), ``revenue`` and, where the ledger has them, ``quantity``,
        ``list_revenue``, ``cost`` and ``margin``; a row only where there are lines, sorted by period and account.
    """
    end = checks.day(as_of, name="as_of")
    checks.whole(months, name="months")
    checks.choice(by, name="by", options=BY)
    lines: Any = ledger.table.filter(ledger.table["date"] <= end)
    # Months back from the one that ends with as_of; a month too short for as_of's day ends with its own last day.
    late = ibis.ifelse(lines.date.day() > end.day, 1, 0)
    back = (end.year * 12 + end.month) - (lines.date.year() * 12 + lines.date.month()) - late
    lines = lines.mutate(account=lines[BY[by]], back=(back / months).floor().cast("int64"))
    measures = {"revenue": total(lines.revenue)} | _optional(lines, ledger)
    if ledger.has("cost"):
        measures["margin"] = total(lines.revenue - lines.cost)
    sums: pd.DataFrame = lines.group_by(["account", "back"]).agg(**measures).to_pandas()
    ends = {n: pd.Timestamp(checks.months_before(end, int(n) * months)) for n in sums["back"].unique()}
    full = [n for n in ends if ledger.covers(checks.months_before(end, (int(n) + 1) * months))]
    sums = sums[sums["back"].isin(full)].assign(period_end=sums["back"].map(ends))
    return sums[["account", "period_end", *measures]].sort_values(["period_end", "account"], ignore_index=True)


def by_product(ledger: Ledger, *, as_of: DateLike, months: int = 12, by: str = "group") -> pd.DataFrame:
    """Return what each account bought of each product in the ``months`` months that end with ``as_of``.

    Returns
    -------
    DataFrame
        ``account``, ``product``, ``product_group`` where the ledger has it, ``revenue`` and, where the ledger has them,
        ``quantity``, ``list_revenue``, ``cost``; sorted by account and product.

    Raises
    ------
    KamlibError
        If the ledger has no products.
    """
    end = checks.day(as_of, name="as_of")
    start = checks.months_before(end, checks.whole(months, name="months"))
    checks.choice(by, name="by", options=BY)
    if not ledger.has("product"):
        raise checks.DataLacks("the ledger has no product column, so nothing can be said by product.")
    lines: Any = ledger.table.filter((ledger.table["date"] <= end) & (ledger.table["date"] > start))
    lines = lines.mutate(account=lines[BY[by]])
    group = {"product_group": lines.product_group.max()} if ledger.has("product_group") else {}
    measures = group | {"revenue": total(lines.revenue)} | _optional(lines, ledger)
    sums: pd.DataFrame = lines.group_by(["account", "product"]).agg(**measures).to_pandas()
    return sums.sort_values(["account", "product"], ignore_index=True)


def lines_of(ledger: Ledger, *, account: str, as_of: DateLike) -> pd.DataFrame:
    """Return every line of one ``account`` up to ``as_of``, the earliest first, in the ledger's canonical columns."""
    end = checks.day(as_of, name="as_of")
    lines: Any = ledger.table
    mine: pd.DataFrame = lines.filter((lines.account == account) & (lines.date <= end)).to_pandas()
    order = [column for column in ("date", "order", "product", "revenue") if column in mine]
    return mine.assign(date=pd.to_datetime(mine["date"])).sort_values(order, ignore_index=True)


def _optional(lines: Any, ledger: Ledger) -> dict[str, Any]:
    return {c: total(lines[c]) for c in ("quantity", "list_revenue", "cost") if ledger.has(c)}
