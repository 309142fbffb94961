"""Who moved revenue from one period to the next: new, lost, won back, grown, shrunk; and how much of it stayed.

With revenue above 0 in both periods an account has grown, shrunk or is unchanged, by the sign of the change. With
revenue above 0 in one alone it is lost, or new, or won back if it bought before the period before; in neither it is
"no_customer". The change is the full one in every case, credit notes included, so that changes add up.

Retention looks at the accounts with revenue above 0 in the period before: net = their revenue now / before, gross =
sum of min(now, before) / before, logo = how many of them have revenue above 0 now / how many they were. So net is
1 + (grown + shrunk + lost) / before, and gross the same without the grown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from kamlib import checks

if TYPE_CHECKING:
    from kamlib.checks import DateLike, FloatArray

MOVEMENTS: Final = ("new", "won_back", "grown", "unchanged", "shrunk", "lost", "no_customer")


def revenue_bridge(table: pd.DataFrame, *, as_of: DateLike, months: int = 12) -> pd.DataFrame:
    """Return how each account moved revenue from the period before to the period now.

    Parameters
    ----------
    table : DataFrame
        One row an account, as `customers.table` returns it for the same ``as_of`` and ``months``: ``revenue``,
        ``revenue_before``, ``first_purchase``.
    as_of : date
        Last day of the period now.
    months : int
        Length of each of the two periods.

    Returns
    -------
    DataFrame
        Indexed like ``table``: ``revenue_before``, ``change``, ``revenue`` and ``movement``, one of `MOVEMENTS`.
        The changes add up to that in total revenue.

    Raises
    ------
    KamlibError
        If a column is missing, or the ledger does not reach back over the period before.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue_before": [5.0, 0.0], "revenue": [7.0, 3.0]}, index=["x", "y"])
    >>> table["first_purchase"] = pd.to_datetime(["2024-02-01", "2022-05-01"])
    >>> revenue_bridge(table, as_of="2025-12-31")[["change", "movement"]]
       change  movement
    x     2.0     grown
    y     3.0  won_back
    """
    end = checks.day(as_of, name="as_of")
    start_before = checks.months_before(end, 2 * checks.whole(months, name="months"))
    before, now = _two_periods(table)
    checks.columns(table, ["first_purchase"])
    known = (table["first_purchase"] <= pd.Timestamp(start_before)).to_numpy()
    was, is_now, change = before > 0, now > 0, now - before
    movement = np.select(
        [~was & is_now & known, ~was & is_now, was & ~is_now, ~was, change > 0, change < 0],
        ["won_back", "new", "lost", "no_customer", "grown", "shrunk"],
        default="unchanged",
    )
    columns = {"revenue_before": before, "change": change, "revenue": now, "movement": movement}
    return pd.DataFrame(columns, index=table.index)


def _two_periods(table: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    checks.columns(table, ["revenue", "revenue_before"])
    if len(table) and table["revenue_before"].isna().all():
        raise checks.DataLacks(
            "the ledger does not reach back over the whole period before, so there is nothing to compare with; choose "
            "fewer months or a later last day."
        )
    return tuple(checks.numbers(table[c], name=c) for c in ("revenue_before", "revenue"))  # type: ignore[return-value]


def movements(bridge: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of a `revenue_bridge` in total: ``accounts`` and ``change`` by movement.

    All `MOVEMENTS` in their order, also those that no account made. The changes add up to the change in total revenue.

    >>> bridge = pd.DataFrame({"movement": ["lost", "new", "lost"], "change": [-5.0, 4.0, -1.0]})
    >>> movements(bridge).loc[["new", "lost"]]
              accounts  change
    movement
    new              1     4.0
    lost             2    -6.0
    """
    checks.columns(bridge, ["movement", "change"], name="bridge")
    steps = bridge.groupby("movement").agg(accounts=("change", "size"), change=("change", "sum"))
    return steps.reindex(pd.Index(MOVEMENTS, name="movement"), fill_value=0)


def retention(
    table: pd.DataFrame,
    *,
    by: str | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Return net and gross revenue retention and logo retention, in all or by group, each with its interval.

    Parameters
    ----------
    table : DataFrame
        One row an account, as `customers.table` returns it: ``revenue``, ``revenue_before`` and the column ``by``.
    by : str, optional
        A column such as segment, sector, region or owner, or "cohort": the year of ``first_purchase``; that in
        which the ledger begins holds everybody who came before it, too.
    confidence, seed, resamples : float, int, int
        Percentile bootstrap over the accounts of a group; for logos Wilson's interval (1927), since a bootstrap of
        "all stayed" has no width.

    Returns
    -------
    DataFrame
        Indexed by ``group`` ("all" without ``by``, "" where it is missing), largest first, cohorts by year. Of the
        ``accounts`` of the period before: ``accounts_kept``, ``revenue_before``, ``revenue``, ``revenue_kept`` (at
        most what each had); ``net``, ``gross``, ``logo`` retention, fractions, each with ``_low`` and ``_high``.

    Raises
    ------
    KamlibError
        If a column is missing, the ledger does not reach back, or nobody was a customer in the period before.

    Notes
    -----
    Source: customer retention in Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics; net and gross revenue
    retention as the SaaS Metrics Standards Board defines them, here of invoiced instead of recurring revenue.

    >>> table = pd.DataFrame({"revenue_before": [60.0, 40.0, 0.0], "revenue": [75.0, 0.0, 9.0]})
    >>> retention(table)[["net", "gross", "logo"]]
            net  gross  logo
    group
    all    0.75    0.6   0.5
    """
    before, now = _two_periods(table)
    tails = (1 + np.array([-1.0, 1.0]) * checks.fraction(confidence, name="confidence")) / 2
    checks.whole(resamples, name="resamples")
    base = pd.DataFrame({"group": _groups(table, by), "before": before, "now": now})[before > 0]
    if base.empty:
        raise checks.DataLacks("no account has revenue above 0 in the period before, so there is nothing to retain.")
    rng = np.random.default_rng(seed)
    rows = {}
    for group, accounts in base.groupby("group"):
        had, has = accounts["before"].to_numpy(), accounts["now"].to_numpy()
        amounts = np.column_stack([had, has, np.minimum(had, has)])
        sums = amounts.sum(axis=0)
        drawn = np.array([amounts[rng.integers(len(had), size=len(had))].sum(axis=0) for _ in range(resamples)])
        low, high = np.quantile(drawn[:, 1:] / drawn[:, :1], tails, axis=0)
        kept = int((has > 0).sum())
        logo = binomtest(kept, len(had)).proportion_ci(confidence_level=confidence, method="wilson")
        rows[group] = {
            "accounts": len(had), "accounts_kept": kept,
            "revenue_before": sums[0], "revenue": sums[1], "revenue_kept": sums[2],
            "net": sums[1] / sums[0], "net_low": low[0], "net_high": high[0],
            "gross": sums[2] / sums[0], "gross_low": low[1], "gross_high": high[1],
            "logo": kept / len(had), "logo_low": logo.low, "logo_high": logo.high,
        }  # fmt: skip
    result = pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
    result = result.astype({"accounts": np.int64, "accounts_kept": np.int64})
    return result if by == "cohort" else result.sort_values("revenue_before", ascending=False, kind="stable")


def _groups(table: pd.DataFrame, by: str | None) -> list[str]:
    if by is None:
        return ["all"] * len(table)
    if by == "cohort":
        checks.columns(table, ["first_purchase"])
        years = pd.to_datetime(table["first_purchase"]).dt.year.astype("Int64")
        return years.astype("str").fillna("").tolist()
    checks.columns(table, [by])
    return table[by].astype("str").fillna("").str.strip().tolist()
