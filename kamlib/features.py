"""In the engine: rhythm and behaviour of each account, as of a cutoff; nothing after it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from kamlib import checks
from kamlib.audit import total
from kamlib.customers import BY

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger


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
        raise checks.KamlibError(
            f"nobody bought anything up to {end}; the ledger runs from {ledger.audit.first_day} to {ledger.last_day}."
        )
    return table.sort_values("account").set_index("account")
