"""Concentration by group of customers, over time, and who moved between the classes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import xlogy

from kamlib import checks, customers
from kamlib.concentration.curves import ABC_SHARES, CLASSES, classes_of
from kamlib.concentration.measures import NOISE, indices

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger


def decompose(table: pd.DataFrame, *, by: str, value: str = "revenue") -> pd.DataFrame:
    """Return how concentrated each group is, and how much of Theil's index lies within and between the groups.

    Parameters
    ----------
    table : DataFrame
        One row a customer.
    by, value : str
        Columns with the group, such as segment or region, and with the revenue; values not above 0 are left out.

    Returns
    -------
    DataFrame
        One row a group, the largest first: group (text, "" where it is missing), customers, value, share, hhi and
        top_customer_share (both within the group), theil_within and theil_between. The two last, added up over all
        groups, are `theil` of the whole.

    Notes
    -----
    With group shares s, members m of n: within s * T(group), between s * ln(s / (m / n)). Source: Theil (1967).

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["N", "N", "S"], "revenue": [40.0, 40.0, 20.0]})
    >>> decompose(table, by="region")[["group", "share", "hhi", "top_customer_share"]]
      group  share  hhi  top_customer_share
    0     N    0.8  0.5                 0.5
    1     S    0.2  1.0                 1.0
    """
    checks.columns(table, [by, value])
    counted = checks.positive(table[value], name=f"values in {value!r}")
    labels = table.loc[checks.numbers(table[value]) > 0, by].astype("str").fillna("").str.strip().to_numpy()
    sizes = counted / counted.mean()
    rows = pd.DataFrame({"group": labels, "value": counted, "square": sizes**2, "log": xlogy(sizes, sizes)})
    groups = rows.groupby("group", as_index=False).agg(
        customers=("value", "size"), value=("value", "sum"), largest=("value", "max"),
        square=("square", "sum"), log=("log", "sum"),
    )  # fmt: skip
    n = counted.size
    share = groups["value"] / counted.sum()
    between = xlogy(share, share * n / groups["customers"])
    result = groups[["group", "customers", "value"]].assign(
        share=share,
        hhi=groups["square"] / (share * n) ** 2,
        top_customer_share=groups["largest"] / groups["value"],
        theil_within=np.maximum(groups["log"] / n - between, 0.0),
        theil_between=between,
    )
    return result.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def over_time(
    ledger: Ledger,
    *,
    as_of: DateLike,
    months: int = 12,
    step: int = 3,
    by: str = "group",
    confidence: float = 0.95,
    seed: int = 0,
    resamples: int = 500,
) -> pd.DataFrame:
    """Return the `indices` of rolling windows that end at ``as_of``, ``step`` months before, and so on.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day of the last window.
    months, step : int
        Length of a window and distance between two, in months counted back from ``as_of``: where that is a 31st, a
        window that ends in February holds whole calendar months.
    by : {"group", "customer"}
        Whether companies with one parent count as one.
    confidence, seed, resamples
        As for `indices`; each window uses the same seed, so that windows differ by their customers alone.

    Returns
    -------
    DataFrame
        Columns period_end, index, value, low, high, customers (counted), customers_not_positive and
        revenue_not_positive (left out, and their sum); oldest window first. Windows before the ledger's first full
        month, and windows without revenue, don't appear.

    Raises
    ------
    KamlibError
        Where the ledger has no full window.
    """
    end = checks.day(as_of, name="as_of")
    checks.whole(months, name="months")
    checks.whole(step, name="step")
    periods = customers.by_period(ledger, as_of=end, months=1, by=by)
    tables = []
    for day, net in _windows(periods, as_of=end, months=months, step=step):
        counted, rest = net[net > 0], net[net <= 0]
        if counted.empty:
            continue
        table = indices(counted, confidence=confidence, seed=seed, resamples=resamples)
        table.insert(0, "period_end", pd.Timestamp(day))
        tables.append(table.assign(
            customers=len(counted), customers_not_positive=len(rest), revenue_not_positive=rest.sum()
        ))  # fmt: skip
    if not tables:
        raise checks.DataLacks(
            "the ledger has no {months} full months with revenue up to {end}; choose fewer months or a later as_of.",
            months=months,
            end=end,
        )
    return pd.concat(tables[::-1], ignore_index=True)


def _windows(
    periods: pd.DataFrame, *, as_of: dt.date, months: int, step: int
) -> Iterator[tuple[dt.date, pd.Series[float]]]:
    """Yield the last day of each full window, the latest first, and the net revenue of each account that traded in it.

    ``periods`` has the monthly account, period_end, revenue of `customers.by_period`; a month without any is empty.
    """
    if periods.empty:
        return
    oldest = periods["period_end"].min().date()
    ends = list(
        itertools.takewhile(lambda day: day >= oldest, (checks.months_before(as_of, k) for k in itertools.count()))
    )
    monthly = periods.pivot_table(index="account", columns="period_end", values="revenue", aggfunc="sum")
    monthly = monthly.reindex(columns=pd.to_datetime(ends))
    for start in range(0, len(ends) - months + 1, step):
        window = monthly.iloc[:, start : start + months].dropna(how="all")
        net = window.sum(axis=1)
        # What was sold and credited in full is 0, whatever floats make of it.
        yield ends[start], net.where(net.abs() > NOISE * window.abs().sum(axis=1), 0.0)


def migration(before: pd.Series, after: pd.Series, *, shares: tuple[float, float] = ABC_SHARES) -> pd.DataFrame:
    """Return how many customers moved from which ABC class to which between two periods, and what they brought.

    Parameters
    ----------
    before, after : Series
        Revenue by account (the index, each account once) in the two periods.
    shares : (float, float)
        Where the classes A and B end, as for `abc_classes`, in each period by its own total.

    Returns
    -------
    DataFrame
        Columns before and after ("A", "B", "C", or "none": no customer then), customers, value_before and
        value_after; all 15 cells, also empty ones. The values add up to those above 0 of each period.

    Examples
    --------
    >>> moves = migration(pd.Series({"x": 80.0, "y": 20.0}), pd.Series({"x": 10.0, "z": 90.0}))
    >>> moves[moves["customers"] > 0]
       before after  customers  value_before  value_after
    1       A     B          1          80.0         10.0
    7       B  none          1          20.0          0.0
    12   none     A          1           0.0         90.0
    """
    sides = []
    for values, name in ((before, "before"), (after, "after")):
        if not isinstance(values, pd.Series) or not values.index.is_unique:
            raise checks.KamlibError(f"{name} must be a Series whose index names each account once.")
        checks.positive(values, name=name)
        array = checks.numbers(values, name=name)
        sides.append(
            pd.DataFrame({name: classes_of(array, shares), f"value_{name}": np.maximum(array, 0.0)}, values.index)
        )
    absent = {"before": "none", "after": "none", "value_before": 0.0, "value_after": 0.0}
    both = sides[0].join(sides[1], how="outer").fillna(absent)
    moves = both.groupby(["before", "after"]).agg(
        customers=("value_before", "size"), value_before=("value_before", "sum"), value_after=("value_after", "sum")
    )
    cells = list(itertools.product(CLASSES, CLASSES))[:-1]  # but for none to none
    return moves.reindex(pd.MultiIndex.from_tuples(cells, names=["before", "after"]), fill_value=0).reset_index()
