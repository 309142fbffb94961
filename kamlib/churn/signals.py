"""Accounts that buy less often, less broadly or for less than a year before, with a false-alarm rate that is set."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from kamlib import checks, features

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import ArrayLike

    from kamlib.checks import DateLike, FloatArray
    from kamlib.ledger import Ledger

MONTHS: Final = 12
SHORTEST: Final = 4  # months that a decline must have lasted
_SIGNS: Final = np.array(list(itertools.product((1.0, -1.0), repeat=MONTHS)))  # all 4,096, the first as it is
_CHUNK: Final = 16  # accounts at once: what stays in the processor's cache


def decline_signals(ledger: Ledger, *, as_of: DateLike, false_alarm: float = 0.01) -> pd.DataFrame:
    """Return where an account declines: in frequency, basket or spend, each month against the same a year before.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen.
    false_alarm : float
        Chance that an account that did not change is flagged at all, at any of its measures (Holm 1979).

    Returns
    -------
    DataFrame
        One row per account that bought in both years and measure: ``account``, ``measure`` ("frequency": purchase
        days, "basket": product groups or else products, "spend": net revenue), ``since`` (end of the month before
        the decline), ``months`` it lasts, ``before`` and ``now`` (monthly means of these months a year ago and now),
        ``change``, ``p_value`` (see `decline_test`), ``q_value`` (share of false ones among all rows up to this
        one: Benjamini and Hochberg 1995) and ``signal``. Sorted by ``p_value``, ties by the larger revenue before.

    Raises
    ------
    KamlibError
        If the ledger does not reach back two years from ``as_of``.
    """
    end = checks.day(as_of, name="as_of")
    checks.fraction(false_alarm, name="false_alarm")
    if not ledger.covers(checks.months_before(end, 2 * MONTHS)):
        raise checks.DataLacks(
            "signals hold a year against the one before, but the ledger begins on {first_day}, less than two years "
            "before {end}.",
            first_day=ledger.audit.first_day,
            end=end,
        )
    long = features.monthly(ledger, as_of=end, months=2 * MONTHS)
    basket = next((column for column in ("groups", "products") if column in long), None)
    columns = {"frequency": "purchases", "basket": basket, "spend": "revenue"}
    parts = [_measured(long, name, column, end) for name, column in columns.items() if column is not None]
    found = pd.concat(parts, ignore_index=True)
    if found.empty:
        return found.assign(q_value=np.array([], dtype=np.float64), signal=np.array([], dtype=bool))
    found["q_value"] = false_discovery_control(found["p_value"])
    found["signal"] = _holm(found, false_alarm)
    size = found["account"].map(found[found["measure"] == "spend"].set_index("account")["before"])
    return found.iloc[np.lexsort((found["measure"], found["account"], -size, found["p_value"]))].reset_index(drop=True)


def _measured(long: pd.DataFrame, measure: str, column: str, end: dt.date) -> pd.DataFrame:
    """Test one measure of all accounts that bought in both years."""
    wide = long.pivot_table(column, "account", "back", aggfunc="sum").reindex(columns=range(2 * MONTHS - 1, -1, -1))
    wide = wide.fillna(0.0).clip(lower=0.0)
    years = wide.to_numpy(dtype=np.float64)
    both = (years[:, :MONTHS].sum(axis=1) > 0) & (years[:, MONTHS:].sum(axis=1) > 0)
    before, now = years[both, :MONTHS], years[both, MONTHS:]
    p, length = decline_test(now, before)
    within = np.arange(MONTHS) >= MONTHS - length[:, None]
    mean_before, mean_now = (np.where(within, year, 0.0).sum(axis=1) / length for year in (before, now))
    since = [pd.Timestamp(checks.months_before(end, int(n))) for n in length]
    change = np.divide(mean_now, mean_before, out=np.full_like(mean_now, np.nan), where=mean_before > 0) - 1
    return pd.DataFrame({
        "account": wide.index[both], "measure": measure, "since": pd.DatetimeIndex(since),
        "months": length, "before": mean_before, "now": mean_now, "change": change, "p_value": p,
    })  # fmt: skip


def decline_test(now: ArrayLike, before: ArrayLike) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Test each row for a decline of unknown start and shape against the same months a year before.

    Where nothing changed, a month and the same one a year before could as well change places. So all 4,096 ways to
    swap them are tried: exact whatever the distribution and the season. The statistic is the largest, over declines
    that last 4 to 12 months up to now, of the sum of differences of square roots (which steadies the spread of counts)
    over the root of the sum of their squares.

    Parameters
    ----------
    now, before : array of shape (n, 12)
        Figures of the last twelve months and of those before, none negative, the latest last.

    Returns
    -------
    (p, months) : arrays of length n
        Chance of at least such a statistic without a decline, and for how many months it lasts.

    Examples
    --------
    >>> p, months = decline_test([[5] * 6 + [2] * 6], [[5] * 12])
    >>> p.round(4), months
    (array([0.0156]), array([6]))
    """
    differences = np.sqrt(np.asarray(before, dtype=np.float64)) - np.sqrt(np.asarray(now, dtype=np.float64))
    if differences.ndim != 2 or differences.shape[1] != MONTHS:
        raise checks.KamlibError(f"now and before must have {MONTHS} columns, one a month, got {differences.shape}.")
    backwards = differences[:, ::-1]  # the latest first, so that a decline up to now is a beginning
    scale = np.sqrt((backwards**2).cumsum(axis=1))
    inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    length = (backwards.cumsum(axis=1) * inverse)[:, SHORTEST - 1 :].argmax(axis=1) + SHORTEST
    p = np.empty(len(backwards))
    for start in range(0, len(backwards), _CHUNK):
        rows = slice(start, start + _CHUNK)
        p[rows] = _chance(backwards[rows], inverse[rows])
    return p, length


def _chance(backwards: FloatArray, inverse: FloatArray) -> FloatArray:
    """Return in which part of all ways to swap months the statistic is at least what it is without a swap."""
    sums = np.zeros((len(_SIGNS), len(backwards)))
    largest = np.full_like(sums, -np.inf)
    for month in range(MONTHS):
        sums += _SIGNS[:, month, None] * backwards[:, month]
        if month + 1 >= SHORTEST:
            np.maximum(largest, sums * inverse[:, month], out=largest)
    chance: FloatArray = (largest >= largest[0] - 1e-9).mean(axis=0)
    return chance


def _holm(found: pd.DataFrame, false_alarm: float) -> pd.Series[bool]:
    """Tell which measures of an account stand, if it is to be flagged wrongly at most that often."""
    of = found.groupby("account")["p_value"]
    place = of.rank(method="first")
    adjusted = (found["p_value"] * (of.transform("size") - place + 1)).clip(upper=1.0)
    ordered = adjusted[found.assign(place=place).sort_values(["account", "place"]).index]
    stepped: pd.Series[float] = ordered.groupby(found["account"]).cummax().reindex(found.index)
    return stepped <= false_alarm
