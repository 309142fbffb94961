"""In the engine: rhythm and behaviour of each account, as of a cutoff; nothing after it is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ibis
import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.audit import total
from kamlib.customers import BY

if TYPE_CHECKING:
    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger

RECENT: Final = 6  # months that an account is held to, against the same months a year before
_YEAR: Final = 12
_QUARTER: Final = 3
_QUIET_DAYS: Final = 10  # without a line at the ledger's end, that are a holiday and not the end of what is known


def purchases(ledger: Ledger, *, as_of: DateLike, by: str = "group") -> pd.DataFrame:
    """Return when and how often each account bought, with all lines of one day as one purchase.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen.
    by : {"group", "customer"}
        Companies of one parent as one account, or each customer number by itself.

    Returns
    -------
    DataFrame
        Indexed by account, sorted, of accounts with a purchase: ``first_purchase``, ``last_purchase``,
        ``purchase_days``, ``mean_spend`` (net revenue a purchase day), ``log_intervals`` (sum of the natural logarithms
        of the days between purchase days), ``lines`` and, where the ledger has them, ``orders`` of these days. A
        purchase day is one with net revenue above 0: an order reversed on its own day is none.

    Raises
    ------
    KamlibError
        If nobody bought anything up to ``as_of``.
    """
    end = checks.day(as_of, name="as_of")
    checks.choice(by, name="by", options=BY)
    lines: Any = ledger.table.filter(ledger.table["date"] <= end)
    sold = lines.revenue > 0
    measures = {"revenue": total(lines.revenue), "lines": sold.sum()}
    if ledger.has("order"):
        measures["orders"] = lines.order.nunique(where=sold)
    lines = lines.mutate(account=lines[BY[by]])
    days = lines.group_by(["account", "date"]).agg(**measures)
    days = days.filter(days.revenue > 0)
    gap = days.date.delta(days.date.lag().over(group_by="account", order_by="date"), unit="day")
    days = days.mutate(log_gap=gap.cast("float64").ln())
    counts = {name: days[name].sum().cast("int64") for name in measures if name != "revenue"}
    table: pd.DataFrame = (
        days.group_by("account")
        .agg(
            first_purchase=days.date.min(),
            last_purchase=days.date.max(),
            purchase_days=days.count(),
            mean_spend=total(days.revenue) / days.count(),
            log_intervals=ibis.coalesce(days.log_gap.sum(), 0.0),
            **counts,
        )
        .to_pandas()
    )
    if table.empty:
        raise checks.DataLacks(
            "nobody bought anything up to {end}; the ledger runs from {first_day} to {last_day}.",
            end=end,
            first_day=ledger.audit.first_day,
            last_day=ledger.last_day,
        )
    return table.sort_values("account").set_index("account")


@dataclass(frozen=True)
class _Windows:
    """The spans of time before a cutoff; each ends with its last day and starts after its first."""

    end: dt.date
    horizon: int

    def back(self, months: int) -> dt.date:
        return checks.months_before(self.end, months)

    def of(self, date: Any, first: int, last: int) -> Any:
        """Tell which dates lie in the time from ``first`` to ``last`` months before the cutoff."""
        return (date > self.back(first)) & (date <= self.back(last))

    def recent(self, date: Any) -> Any:
        return self.of(date, RECENT, 0)

    def recent_before(self, date: Any) -> Any:
        return self.of(date, _YEAR + RECENT, _YEAR)

    def season(self, date: Any) -> Any:
        """Tell which dates lie in the days of the horizon, a year before."""
        start = self.back(_YEAR)
        return (date > start) & (date <= min(self.end, start + dt.timedelta(days=self.horizon)))


def behaviour(ledger: Ledger, *, as_of: DateLike, horizon: int = 365) -> pd.DataFrame:
    """Return what each account's purchases up to a cutoff say of its rhythm, trend, basket, price and care.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        The cutoff, the last day seen.
    horizon : int
        Days ahead that are asked about; the same days a year before are the season to come.

    Returns
    -------
    DataFrame
        Indexed by account, sorted, of accounts with a purchase day (see `purchases`). In days: ``days_since``,
        ``usual_interval`` (median), ``longest_interval``, ``silence_before`` (days since the last purchase as of a
        year earlier), ``tenure``, ``history`` (of the last year, in the ledger). ``regularity`` as in
        `customers.table`. Of the last year: ``purchases``, ``purchases_quarter`` (last three months), ``revenue``,
        ``credit_share`` (of sales), ``season_purchases``, ``season_share`` (of revenue, in the season to come). Of the
        last six months, and as X_before of the same months a year earlier: ``purchases_recent``, ``revenue_recent``,
        ``products_recent``, ``groups_recent``; ``vanished_groups`` (bought then, not now). ``price_change`` (share of
        the list price paid, this year less the one before), ``contacts`` (of the year), ``days_since_contact``,
        ``sector_trend`` (recent revenue of the sector's other accounts over that a year before, less 1). Missing where
        the ledger does not reach back far enough, absent where it lacks the column.

    Raises
    ------
    KamlibError
        If nobody bought anything up to ``as_of``.
    """
    windows = _Windows(checks.day(as_of, name="as_of"), checks.whole(horizon, name="horizon"))
    lines: Any = ledger.table.filter(ledger.table["date"] <= windows.end)
    found = _rhythm(lines, windows)
    if found.empty:
        raise checks.DataLacks(
            "nobody bought anything up to {end}; the ledger runs from {first_day} to {last_day}.",
            end=windows.end,
            first_day=ledger.audit.first_day,
            last_day=ledger.last_day,
        )
    found["history"] = min((windows.end - windows.back(_YEAR)).days, (windows.end - ledger.audit.first_day).days + 1)
    found = found.join(_amounts(lines, ledger, windows))
    if ledger.has("product_group"):
        found = found.join(_groups(lines, windows)).fillna({"vanished_groups": 0})
    for reach, columns in {
        _YEAR: ["season_purchases", "season_share"],
        _YEAR + RECENT: [
            c for c in map(str, found) if c.endswith(("recent_before", "silence_before")) or c.startswith("vanish")
        ],
        2 * _YEAR: [c for c in found if c == "price_change"],
    }.items():
        if not ledger.covers(windows.back(reach)):
            found[columns] = np.nan
    return _with_sector(_with_contacts(found, ledger, windows), ledger)


def _rhythm(lines: Any, windows: _Windows) -> pd.DataFrame:
    """Return when and how often each account bought, one row an account, sorted."""
    days = lines.group_by(["account", "date"]).agg(revenue=total(lines.revenue))
    days = days.filter(days.revenue > 0)
    gap = days.date.delta(days.date.lag().over(group_by="account", order_by="date"), unit="day")
    days = days.mutate(gap=gap.cast("float64"))
    measures = {
        "first": days.date.min(),
        "last": days.date.max(),
        "last_before": days.date.max(where=days.date <= windows.back(_YEAR)),
        "usual_interval": days.gap.median(),
        "longest_interval": days.gap.max(),
        "mean": days.gap.mean(),
        "spread": days.gap.std(how="sample"),
        "purchases": windows.of(days.date, _YEAR, 0).sum(),
        "purchases_quarter": windows.of(days.date, _QUARTER, 0).sum(),
        "season_purchases": windows.season(days.date).sum(),
        "purchases_recent": windows.recent(days.date).sum(),
        "purchases_recent_before": windows.recent_before(days.date).sum(),
    }
    table: pd.DataFrame = days.group_by("account").agg(**measures).to_pandas().sort_values("account")
    table = table.set_index("account")
    end, then = pd.Timestamp(windows.end), pd.Timestamp(windows.back(_YEAR))
    table["days_since"] = (end - pd.to_datetime(table.pop("last"))).dt.days.astype("float64")
    table["tenure"] = (end - pd.to_datetime(table.pop("first"))).dt.days.astype("float64")
    table["silence_before"] = (then - pd.to_datetime(table.pop("last_before"))).dt.days.astype("float64")
    table["regularity"] = 1 / (1 + (table.pop("spread") / table.pop("mean")) ** 2)
    counts = [column for column in map(str, table) if "purchases" in column]
    return table.astype(dict.fromkeys(counts, "float64"))


def _amounts(lines: Any, ledger: Ledger, windows: _Windows) -> pd.DataFrame:
    """Add up what each account bought, gave back and paid of the list price."""
    date, sold = lines.date, lines.revenue > 0
    year, before = windows.of(date, _YEAR, 0), windows.of(date, 2 * _YEAR, _YEAR)
    parts = {
        "revenue": (year, lines.revenue),
        "sales": (year & sold, lines.revenue),
        "season": (windows.season(date), lines.revenue),
        "revenue_recent": (windows.recent(date), lines.revenue),
        "revenue_recent_before": (windows.recent_before(date), lines.revenue),
    }
    if ledger.has("list_revenue"):
        parts |= {
            "revenue_before": (before, lines.revenue),
            "list": (year, lines.list_revenue),
            "list_before": (before, lines.list_revenue),
        }
    measures = {name: total(ibis.ifelse(where, amount, 0.0)) for name, (where, amount) in parts.items()}
    if ledger.has("product"):
        measures["products_recent"] = lines["product"].nunique(where=windows.recent(date) & sold).cast("float64")
        then = windows.recent_before(date) & sold
        measures["products_recent_before"] = lines["product"].nunique(where=then).cast("float64")
    sums: pd.DataFrame = lines.group_by("account").agg(**measures).to_pandas().set_index("account")
    sales, revenue = sums.pop("sales"), sums["revenue"]
    sums["credit_share"] = (1 - revenue / sales.where(sales > 0)).clip(0, 1)
    sums["season_share"] = (sums.pop("season") / revenue.where(revenue > 0)).clip(0, 1)
    if ledger.has("list_revenue"):
        now, then = sums.pop("list"), sums.pop("list_before")
        before = sums.pop("revenue_before")
        sums["price_change"] = revenue / now.where(now > 0) - before / then.where(then > 0)
    return sums


def _groups(lines: Any, windows: _Windows) -> pd.DataFrame:
    """Count the product groups of the recent months, of the same a year before, and those that vanished."""
    bought = lines.filter(lines.revenue > 0)
    flags = {"now": windows.recent(bought.date).max(), "then": windows.recent_before(bought.date).max()}
    kinds = bought.group_by(["account", "product_group"]).agg(**flags)
    measures = {
        "groups_recent": kinds.now.sum(),
        "groups_recent_before": kinds.then.sum(),
        "vanished_groups": (kinds.then & ~kinds.now).sum(),
    }
    counts: pd.DataFrame = kinds.group_by("account").agg(**measures).to_pandas().set_index("account")
    return counts.astype("float64")


def _with_contacts(found: pd.DataFrame, ledger: Ledger, windows: _Windows) -> pd.DataFrame:
    if ledger.contacts is None:
        return found
    account_of = ledger.customers.set_index("customer")["account"]
    customer, date = ledger.contacts["customer"], pd.to_datetime(ledger.contacts["date"])
    log = pd.DataFrame({"account": customer.map(account_of).fillna(customer), "date": date})
    log = log[log["date"] <= pd.Timestamp(windows.end)]
    year = log[log["date"] > pd.Timestamp(windows.back(_YEAR))].groupby("account").size()
    last = log.groupby("account")["date"].max().reindex(found.index)
    return found.assign(
        contacts=year.reindex(found.index, fill_value=0).astype("float64"),
        days_since_contact=(pd.Timestamp(windows.end) - last).dt.days.astype("float64"),
    )


def _with_sector(found: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    if "sector" not in ledger.customers:
        return found
    known = ledger.customers.dropna(subset="sector").sort_values("customer").drop_duplicates("account")
    sector = known.set_index("account")["sector"].reindex(found.index)
    own = found[["revenue_recent", "revenue_recent_before"]]
    others = own.groupby(sector).transform("sum").sub(own)  # an account is no witness to its own sector
    now, then = others["revenue_recent"], others["revenue_recent_before"]
    return found.assign(sector_trend=now / then.where(then > 0) - 1)


def monthly(ledger: Ledger, *, as_of: DateLike, months: int = 24) -> pd.DataFrame:
    """Return how often, how broadly and for how much each account bought in each month up to ``as_of``.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day of the last month; a month starts the day after the same day of the one before.
    months : int
        Months back from ``as_of``.

    Returns
    -------
    DataFrame
        ``account``, ``back`` (0 is the month that ends with ``as_of``), ``purchases`` (days with a sale), ``revenue``
        and, where the ledger has them, ``groups`` (product groups) or else ``products``; a row only where there are
        lines, sorted by account and month.
    """
    end = checks.day(as_of, name="as_of")
    ends = [checks.months_before(end, n) for n in range(checks.whole(months, name="months") + 1)]
    lines: Any = ledger.table.filter((ledger.table["date"] <= end) & (ledger.table["date"] > ends[-1]))
    late = ibis.ifelse(lines.date.day() > end.day, 1, 0)
    back = (end.year * 12 + end.month) - (lines.date.year() * 12 + lines.date.month()) - late
    lines, sold = lines.mutate(back=back.cast("int64")), lines.revenue > 0
    measures = {"purchases": lines.date.nunique(where=sold), "revenue": total(lines.revenue)}
    if ledger.has("product_group"):
        measures["groups"] = lines.product_group.nunique(where=sold)
    elif ledger.has("product"):
        measures["products"] = lines["product"].nunique(where=sold)
    sums: pd.DataFrame = lines.group_by(["account", "back"]).agg(**measures).to_pandas()
    return sums.sort_values(["account", "back"], ignore_index=True)


def outcome(ledger: Ledger, *, cutoff: DateLike, horizon: int) -> pd.DataFrame:
    """Return what each account bought in the ``horizon`` days after a cutoff, and in the same days a year before.

    Parameters
    ----------
    ledger : Ledger
    cutoff : date
        The last day before the horizon; the horizon must have ended by the ledger's last day.
    horizon : int
        Days after the cutoff.

    Returns
    -------
    DataFrame
        Indexed by account, sorted: ``purchases`` (purchase days within the horizon, see `purchases`), ``revenue`` and
        ``revenue_before`` (the same days a year before; missing where the ledger does not reach back to them).

    Raises
    ------
    KamlibError
        If the horizon ends after the ledger's last day.
    """
    start = checks.day(cutoff, name="cutoff")
    length = dt.timedelta(days=checks.whole(horizon, name="horizon"))
    if start + length > ledger.last_day + dt.timedelta(days=_QUIET_DAYS):
        raise checks.DataLacks(
            "the {horizon} days after {start} end on {end}, but the ledger on {last_day}; take an earlier cutoff or a "
            "shorter horizon.",
            horizon=horizon,
            start=start,
            end=start + length,
            last_day=ledger.last_day,
        )
    before = checks.months_before(start, _YEAR)
    table: Any = ledger.table
    lines = table.filter((table.date > before) & (table.date <= start + length))
    after = lines.date > start
    then = lines.date <= min(start, before + length)
    days = lines.group_by(["account", "date"]).agg(
        now=total(ibis.ifelse(after, lines.revenue, 0.0)), before=total(ibis.ifelse(then, lines.revenue, 0.0))
    )
    sums: pd.DataFrame = (
        days.group_by("account")
        .agg(purchases=(days.now > 0).sum().cast("int64"), revenue=total(days.now), revenue_before=total(days.before))
        .to_pandas()
        .sort_values("account")
        .set_index("account")
    )
    if not ledger.covers(before):
        sums["revenue_before"] = np.nan
    return sums
