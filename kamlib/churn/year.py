"""From the longest horizon that a ledger can test to the year that losses are reckoned in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kamlib import checks
from kamlib.churn import panel, risks, rolling

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.checks import DateLike
    from kamlib.churn.rolling import Backtest
    from kamlib.ledger import Ledger

HORIZONS: Final = (panel.HORIZON, 180, 90)  # days, the longest first
_RANGE: Final = ["p_loss", "p_low", "p_high"]


def longest_record(ledger: Ledger, *, as_of: DateLike, seed: int = 0) -> Backtest:
    """Test the models over the longest of `HORIZONS` that the ledger can test, or show that it can test none.

    A horizon can be tested if, before the last cutoff, others had ended to learn from.
    """
    for horizon in HORIZONS:
        dates = panel.cutoffs(ledger, as_of=as_of, horizon=horizon)
        if dates and (dates[-1] - dates[0]).days >= horizon:
            break
    return rolling.backtest(ledger, cutoffs=dates, horizon=horizon, seed=seed)


def risk_in_a_year(ledger: Ledger, *, as_of: DateLike, record: Backtest | None = None) -> pd.DataFrame:
    """Return each account's probability to buy nothing for a year, also where only a shorter horizon can be tested.

    Nothing bought for a year is nothing bought within the shorter horizon, and nothing in the rest of the year after
    that silence. The first has the tested probability of `risk`; for the second, by the chain rule, it is multiplied by
    P(none in a year) / P(none within the horizon) of the purchase model MBG/CNBD-k, which is not tested. An account
    that buys too rarely for the shorter horizon has the purchase model's probability alone.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen.
    record : Backtest, optional
        Of any horizon up to a year; by default `longest_record`.

    Returns
    -------
    DataFrame
        Indexed by account, the highest probability first: ``p_loss``, ``p_low``, ``p_high`` as `risk` returns them (for
        a record over a year these are the same), missing for who can't be judged.

    Raises
    ------
    KamlibError
        As `risk` does, and if the record is of more than a year.
    """
    record = longest_record(ledger, as_of=as_of) if record is None else record
    year = panel.HORIZON
    if record.horizon > year:
        raise checks.KamlibError(f"record is of {record.horizon} days; for a year it must be of {year} at most.")
    tested = risks.risk(ledger, as_of=as_of, horizon=record.horizon, record=record)[_RANGE]
    if record.horizon == year:
        return tested
    short, whole = (panel.snapshot(ledger, as_of=as_of, horizon=days) for days in (record.horizon, year))
    stays = (whole["no_purchase"] / short["no_purchase"]).clip(upper=1.0).fillna(1.0)
    found = tested.mul(stays.reindex(tested.index), axis=0)
    rare = (short["status"] == "slow") & (whole["status"] == "judged")
    found.loc[rare[rare].index, "p_loss"] = whole["no_purchase"]
    return found.sort_values("p_loss", ascending=False, kind="stable")
