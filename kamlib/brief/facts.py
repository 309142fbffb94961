"""What is known of one account as of a day, each fact reckoned when it is first asked for."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd

from kamlib import bridge, coverage, customers, keyaccounts
from kamlib.checks import KamlibError, months_before

if TYPE_CHECKING:
    from kamlib.exhibits import Setting
    from kamlib.ledger import Ledger
    from kamlib.style import Words

YEAR: Final = 12  # months
YEARS: Final = 3
OVERDUE: Final = 2.0  # times its usual interval: the rule of thumb that every model of churn is held against
FEWEST_PEERS: Final = 5  # fewer say nothing about what is usual
_FEWEST_PURCHASES: Final = 5  # fewer intervals than four have no "usual"


@dataclass(frozen=True)
class Rhythm:
    """When something was bought: purchase days, the last one, and the days since and usually between them.

    ``longest`` is the longest pause between two purchases; ``usual`` (the median) and ``longest`` are NaN after a
    single purchase.
    """

    purchases: int
    last: pd.Timestamp
    since: int
    usual: float
    longest: float

    @property
    def factor(self) -> float:
        """The days since the last purchase in usual intervals."""
        return self.since / self.usual

    def ago(self, words: Words) -> str:
        """Say how long ago the last purchase was."""
        return words.plural("{n} day ago", "{n} days ago", self.since) if self.since else words.text("on the last day")

    @property
    def steady(self) -> bool:
        """Tell whether there are enough purchases to speak of a usual interval."""
        return self.purchases >= _FEWEST_PURCHASES

    @property
    def overdue(self) -> bool:
        """Tell whether the silence is long for this rhythm: twice the usual, and longer than ever before."""
        return self.steady and self.factor >= OVERDUE and self.since > self.longest


def rhythm(days: pd.Series[pd.Timestamp], *, as_of: pd.Timestamp) -> Rhythm | None:
    """Return the rhythm of purchases on ``days``, in any order and with repetitions, or None where there are none.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2025-01-01", "2025-01-11", "2025-01-31"]))
    >>> found = rhythm(days, as_of=pd.Timestamp("2025-03-02"))
    >>> found.since, found.usual, found.longest, found.factor
    (30, 15.0, 20.0, 2.0)
    """
    if days.empty:
        return None
    purchase_days = days.drop_duplicates().sort_values()
    gaps = purchase_days.diff().dt.days.dropna()
    last = purchase_days.iloc[-1]
    return Rhythm(len(purchase_days), last, (as_of - last).days, float(gaps.median()), float(gaps.max()))


def _row(table: pd.DataFrame, account: str) -> pd.Series[Any]:
    return cast("pd.Series[Any]", table.loc[account])


@dataclass(frozen=True)
class Case:
    """One account, and all that a block or a talking point may ask about it; nothing after the setting's day.

    Parameters
    ----------
    sales : Ledger
    setting : Setting
    table : DataFrame
        `customers.table` of all accounts for the setting's period.
    account : str
        Its key.
    """

    sales: Ledger
    setting: Setting
    table: pd.DataFrame
    account: str

    @functools.cached_property
    def row(self) -> dict[str, Any]:
        """The account's row of the table."""
        return {str(column): self.table[column].loc[self.account] for column in self.table}

    @functools.cached_property
    def lines(self) -> pd.DataFrame:
        """Every line of the account up to the day, gathered in the engine: those of one account fit in memory."""
        return customers.lines_of(self.sales, account=self.account, as_of=self.setting.end)

    def between(self, later: int, earlier: int) -> pd.DataFrame:
        """Return the lines from ``earlier`` to ``later`` months before the day, the period's end counting as in."""
        end = self.setting.end
        first, last = (pd.Timestamp(months_before(end, months)) for months in (earlier, later))
        return self.lines[(self.lines["date"] > first) & (self.lines["date"] <= last)]

    def reaches_back(self, months: int) -> bool:
        """Tell whether the ledger covers the ``months`` months that end with the day."""
        return self.sales.covers(months_before(self.setting.end, months))

    @property
    def compares(self) -> bool:
        """Tell whether there is a period before to compare with."""
        return self.reaches_back(2 * self.setting.months)

    @property
    def end(self) -> pd.Timestamp:
        """The last day seen."""
        return pd.Timestamp(self.setting.end)

    # --- rhythm and assortment ---------------------------------------------------------------------------------------

    @functools.cached_property
    def rhythm(self) -> Rhythm | None:
        """The rhythm of the account's purchases; a credit note is none."""
        return rhythm(self.lines.loc[self.lines["revenue"] > 0, "date"], as_of=self.end)

    @property
    def overdue(self) -> bool:
        """Tell whether the account as a whole is overdue."""
        return self.rhythm is not None and self.rhythm.overdue

    @property
    def usual_order(self) -> float:
        """The median revenue of its purchase days."""
        bought = self.lines[self.lines["revenue"] > 0]
        return float(bought.groupby("date")["revenue"].sum().median())

    def sums(self, column: str) -> pd.DataFrame:
        """Return net revenue by a column of the lines: ``before`` and ``now``, the periods of the setting."""
        months = self.setting.months
        periods = {"before": self.between(months, 2 * months), "now": self.between(0, months)}
        found = {name: lines.groupby(column)["revenue"].sum() for name, lines in periods.items()}
        return pd.DataFrame(found).fillna(0.0).round(2)

    @functools.cached_property
    def silent_groups(self) -> pd.DataFrame:
        """Product groups that are overdue while the account is not: before, now, last, usual and since (days)."""
        columns = ["before", "now", "last", "usual", "since"]
        if self.overdue or not self.sales.has("product_group"):
            return pd.DataFrame(columns=columns)
        bought = self.lines[self.lines["revenue"] > 0]
        rhythms = {group: rhythm(days, as_of=self.end) for group, days in bought.groupby("product_group")["date"]}
        late = {g: (r.last, r.usual, r.since) for g, r in rhythms.items() if r is not None and r.overdue}
        found = pd.DataFrame.from_dict(late, orient="index", columns=columns[2:])
        sums = self.sums("product_group").reindex(found.index).fillna(0.0)
        return sums.join(found).sort_values("before", ascending=False, kind="stable")[columns]

    # --- others to compare with --------------------------------------------------------------------------------------

    @functools.cached_property
    def classes(self) -> pd.Series[str]:
        """ABC class by account."""
        return keyaccounts.abc(self.table.assign(revenue=self.table["revenue"].clip(lower=0)))

    @functools.cached_property
    def peers(self) -> tuple[str, pd.DataFrame]:
        """Similar accounts: of its class and sector or, where those are few, of its class; and which of both."""
        alike = self.table[(self.classes == self.classes[self.account]) & (self.table.index != self.account)]
        sector = self.row.get("sector")
        if "sector" in alike and pd.notna(sector) and (alike["sector"] == sector).sum() >= FEWEST_PEERS:
            return "sector", alike[alike["sector"] == sector]
        return "class", alike

    def usual(self, figures: pd.Series[float]) -> pd.Series[float] | None:
        """Return the quartiles of a figure among the peers, or None where too few of them have it."""
        known = figures.reindex(self.peers[1].index).dropna()
        return known.quantile([0.25, 0.5, 0.75]) if len(known) >= FEWEST_PEERS else None

    @functools.cached_property
    def products(self) -> pd.DataFrame | None:
        """What every account bought in the period, where the ledger knows products."""
        if not self.sales.has("product"):
            return None
        return customers.by_product(self.sales, as_of=self.setting.end, months=self.setting.months)

    # --- standing, price, contacts -----------------------------------------------------------------------------------

    @functools.cached_property
    def listed(self) -> pd.DataFrame:
        """The list of key accounts."""
        return keyaccounts.key_accounts(self.table)

    @functools.cached_property
    def dependence(self) -> pd.Series[Any] | None:
        """Who depends on whom, or None where nothing tells it."""
        try:
            found = keyaccounts.dependence(self.table, self.products)
        except KamlibError:
            return None
        return _row(found, self.account) if self.account in found.index else None

    @functools.cached_property
    def concession(self) -> pd.Series[Any] | None:
        """The price concession it won, if one can be told from chance, tested beside the key accounts."""
        if not self.sales.has("list_revenue"):
            return None
        monthly = customers.by_period(self.sales, as_of=self.setting.end)
        tested = [a for a in dict.fromkeys([*self.listed.index, self.account]) if a in set(monthly["account"])]
        if self.account not in tested:
            return None
        found = _row(bridge.concessions(monthly, accounts=tested), self.account)
        return found if pd.notna(found["since"]) else None

    @functools.cached_property
    def contacts(self) -> pd.DataFrame | None:
        """The account's part of the contact log up to the day, the latest first; None without a log."""
        log = self.sales.contacts
        if log is None:
            return None
        known = self.sales.customers
        members = {self.account, *known.loc[known["account"] == self.account, "customer"]}
        mine = log.assign(date=pd.to_datetime(log["date"]))
        mine = mine[mine["customer"].isin(members) & (mine["date"] <= self.end)]
        return mine.sort_values("date", ascending=False, kind="stable", ignore_index=True)

    @functools.cached_property
    def visits(self) -> pd.Series[Any] | None:
        """The account's row of `coverage.coverage`, or None where there is no contact up to the day."""
        given: dict[str, Any] = {"as_of": self.setting.end, "months": self.setting.months}
        try:
            found = coverage.coverage(self.sales.contacts, self.table, customers=self.sales.customers, **given)
        except KamlibError:
            return None
        return _row(found, self.account)

    @functools.cached_property
    def open_follow_ups(self) -> pd.DataFrame:
        """Promised follow-ups that have not come: ``date``, ``due`` and, where known, who promised."""
        given: dict[str, Any] = {"as_of": self.setting.end, "months": self.setting.months}
        try:
            found = coverage.missing_follow_ups(self.sales.contacts, customers=self.sales.customers, **given)
        except KamlibError:  # no log, no outcomes, or none that promises anything
            return pd.DataFrame({"date": pd.to_datetime([]), "due": pd.to_datetime([])})
        return found[(found["account"] == self.account) & found["next_contact"].isna()]

    # --- money -------------------------------------------------------------------------------------------------------

    def worth(self, revenue: float) -> float:
        """Return the contribution margin that ``revenue`` of this account brings, or itself where no cost is known."""
        share = self.row.get("margin_share", 1.0)
        return revenue * max(share, 0.0) if pd.notna(share) else 0.0

    def missed(self, rhythm: Rhythm) -> tuple[float, bool]:
        """Return what the silence since the last purchase may have cost in revenue, and if a year ago says so.

        That is what the same days of the year before brought, seasons included; where the ledger does not reach back
        as far, or the silence is longer than a year, the account's revenue a day until then times the days since.
        """
        year_ago = self.end - pd.DateOffset(years=1), rhythm.last - pd.DateOffset(years=1)
        if year_ago[0] <= rhythm.last and self.sales.covers(year_ago[1].date()):
            same = self.lines[(self.lines["date"] > year_ago[1]) & (self.lines["date"] <= year_ago[0])]
            return float(same["revenue"].sum()), True
        span = (rhythm.last - self.lines["date"].min()).days
        return float(self.lines["revenue"].sum()) / max(span, 1) * min(rhythm.since, 365), False

    def realisation(self, later: int, earlier: int) -> float:
        """Return the share of the list price paid between ``earlier`` and ``later`` months before the day."""
        lines = self.between(later, earlier)
        listed = float(lines["list_revenue"].sum())
        return float(lines["revenue"].sum()) / listed if listed > 0 else math.nan

    @functools.cached_property
    def years(self) -> pd.DataFrame:
        """Full years back from the day: ``end``, ``revenue``, ``growth`` and, with costs, ``margin`` and its share."""
        covered = [year for year in range(YEARS) if self.reaches_back(YEAR * (year + 1))]
        rows = []
        for year in covered[::-1]:
            lines = self.between(YEAR * year, YEAR * (year + 1))
            figures: dict[str, Any] = {
                "end": months_before(self.setting.end, YEAR * year),
                "revenue": lines["revenue"].sum(),
            }
            if self.sales.has("cost"):
                figures["margin"] = figures["revenue"] - lines["cost"].sum()
            rows.append(figures)
        found = pd.DataFrame(rows)
        if len(found):
            before = found["revenue"].shift()
            found["growth"] = found["revenue"] / before.where(before > 0) - 1
            if "margin" in found:
                found["margin_share"] = found["margin"] / found["revenue"].where(found["revenue"] > 0)
        return found

    @functools.cached_property
    def monthly(self) -> pd.DataFrame:
        """Net revenue of each full month back from the day, up to three years: ``period_end``, ``revenue``."""
        covered = [month for month in range(YEARS * YEAR) if self.reaches_back(month + 1)][::-1]
        ends = pd.to_datetime([months_before(self.setting.end, month) for month in covered])
        sums = [float(self.between(month, month + 1)["revenue"].sum()) for month in covered]
        return pd.DataFrame({"period_end": ends, "revenue": np.array(sums, dtype=np.float64)})
