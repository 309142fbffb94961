"""From a ledger to what buy-till-you-die models are fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks, features

if TYPE_CHECKING:
    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger

UNITS: Final = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}  # in days


def summary(ledger: Ledger, *, as_of: DateLike, unit: str = "week", by: str = "group") -> pd.DataFrame:
    """Return one row per account with a purchase up to ``as_of``, in the terms of buy-till-you-die models.

    These terms are not those of RFM: recency counts from the first purchase, so a large one means bought lately.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        End of the observation; nothing after it is read.
    unit : {"day", "week", "month", "year"}
        Unit of all times, which every prediction then is in, too.
    by : {"group", "customer"}
        Companies of one parent as one account, or each customer number by itself.

    Returns
    -------
    DataFrame
        Indexed by account: ``frequency`` (repeat purchases: purchase days after the first), ``recency`` (first
        to last purchase), ``T`` (first purchase to ``as_of``), ``monetary_value`` (net revenue a purchase day, the
        first included), ``purchases`` (purchase days; frequency + 1), ``log_intervals`` (sum of the logarithms of the
        times between them, for the choice of k), ``lines``, ``orders`` where the ledger has them, ``merged`` (orders,
        or else lines, that fell on a day with another and were merged into it), ``unit``. The first purchase is the
        first in the ledger, even where the account is older than the ledger.
    """
    days_in = UNITS[checks.choice(unit, name="unit", options=UNITS)]
    bought = features.purchases(ledger, as_of=as_of, by=by)
    end = pd.Timestamp(checks.day(as_of, name="as_of"))
    first, last = pd.to_datetime(bought["first_purchase"]), pd.to_datetime(bought["last_purchase"])
    frequency = bought["purchase_days"] - 1
    counts = {name: bought[name] for name in ("lines", "orders") if name in bought}
    return pd.DataFrame(
        {
            "frequency": frequency,
            "recency": (last - first).dt.days / days_in,
            "T": (end - first).dt.days / days_in,
            "monetary_value": bought["mean_spend"],
            "purchases": bought["purchase_days"],
            "log_intervals": bought["log_intervals"] - frequency * np.log(days_in),
            **counts,
            "merged": counts.get("orders", counts["lines"]) - bought["purchase_days"],
            "unit": unit,
        }
    )
