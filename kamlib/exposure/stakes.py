"""What is at risk with each account: the contribution of a year, and the part of it that isn't recovered in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.exposure import inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

MONTHS_TO_REPLACE: Final = 15.0  # between the 12 and 18 months that vendors claim for a large account; an assumption
RAMP: Final = 6.0  # months; an assumption
HORIZON: Final = 12.0  # months: the year whose result is asked for

_KEPT: Final = ("name", "sector", "segment", "region", "owner", "contract_end", "revenue")


@dataclass(frozen=True, eq=False)
class Stakes:
    """``table``, one row an account, and ``assumptions``: name, value and source of all that went into it."""

    table: pd.DataFrame
    assumptions: pd.DataFrame


def stakes(
    table: pd.DataFrame,
    *,
    forecast: pd.Series[float] | None = None,
    months_to_replace: ArrayLike = MONTHS_TO_REPLACE,
    ramp: float = RAMP,
    horizon: float = HORIZON,
    salvage: float = 0.0,
    cost_stays: float = 0.0,
) -> Stakes:
    """Return what each account puts at risk a year, and the part of it that is not recovered within the horizon.

    Parameters
    ----------
    table : DataFrame
        One row an account, of 12 months: ``margin`` (contribution margin), or else ``revenue``.
    forecast : Series, optional
        Contribution expected in the year to come, by account; goes before the past.
    months_to_replace, ramp, horizon : float
        Months until other business has taken its place (one for all, or one an account), over the last ``ramp`` of
        which it grows in a line; only what is missed within ``horizon`` months of the loss counts.
    salvage, cost_stays : float
        Parts, 0..1, of the stake that is saved at once, and of the account's variable cost that stays without it.

    Returns
    -------
    Stakes
        ``table``: ``stake`` (money a year; 0 for an account that costs more than it brings), ``severity`` (part of it
        not recovered), ``loss`` (their product), ``months_to_replace``, and what is known of name, sector, segment,
        region, owner, contract_end, revenue.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [100.0, 50.0], "cost": [60.0, 60.0], "margin": [40.0, -10.0]})
    >>> stakes(table).table[["stake", "severity", "loss"]]  # 9 months all of it, then 3 from all to a half
       stake  severity  loss
    0   40.0    0.9375  37.5
    1    0.0    0.9375   0.0
    """
    basis = "forecast" if forecast is not None else "margin" if "margin" in table else "revenue"
    if not len(table):
        raise checks.DataLacks("table has no rows, so there is nothing at risk.")
    if forecast is None:
        checks.columns(table, [basis])
    yearly = checks.numbers(table[basis], name=basis) if forecast is None else _forecast(forecast, table.index)
    for name, part in {"salvage": salvage, "cost_stays": cost_stays}.items():
        if not 0 <= part <= 1:
            raise checks.KamlibError(f"{name} must be a fraction from 0 to 1, got {part!r}.")
    if cost_stays:
        if "cost" not in table:
            raise checks.KamlibError("cost_stays needs the column 'cost'; the ledger has no costs, so leave it at 0.")
        yearly = yearly + cost_stays * checks.numbers(table["cost"], name="cost")
    months = inputs.aligned(months_to_replace, table.index, name="months_to_replace")
    stake = np.maximum(yearly, 0.0)
    severity = (1 - salvage) * missed_months(months, ramp=ramp, horizon=horizon) / 12
    result = table[[column for column in _KEPT if column in table]].assign(
        stake=stake, severity=severity, loss=stake * severity, months_to_replace=months
    )
    assumed = {
        "months_to_replace": float(np.median(months)),
        "ramp": ramp,
        "horizon": horizon,
        "salvage": salvage,
        "cost_stays": cost_stays,
    }
    assumptions = pd.DataFrame(
        [("basis", basis, "forecast" if forecast is not None else "ledger")]
        + [(name, value, "assumption") for name, value in assumed.items()],
        columns=["name", "value", "source"],
    )
    return Stakes(result, assumptions)


def missed_months(months_to_replace: FloatArray, *, ramp: float, horizon: float) -> FloatArray:
    """Return how many months' worth is missed within ``horizon`` months of a loss.

    Examples
    --------
    >>> missed_months(np.array([6.0, 24.0]), ramp=6.0, horizon=12.0)
    array([ 3., 12.])
    """
    if ramp < 0 or not horizon > 0:
        raise checks.KamlibError(f"ramp must be 0 or more and horizon above 0, got {ramp!r} and {horizon!r}.")
    ramps = np.minimum(ramp, months_to_replace)
    start = months_to_replace - ramps
    on_ramp = np.clip(horizon - start, 0.0, ramps)
    regained = on_ramp**2 / (2 * np.where(ramps > 0, ramps, 1.0))
    missed: FloatArray = np.minimum(horizon, start) + on_ramp - regained
    return missed


def _forecast(forecast: pd.Series[float], accounts: pd.Index) -> FloatArray:
    missing = accounts[~accounts.isin(forecast.index)]
    if len(missing):
        raise checks.KamlibError(f"forecast lacks {len(missing)} accounts of table, the first is {missing[0]!r}.")
    return checks.numbers(forecast.reindex(accounts), name="forecast")
