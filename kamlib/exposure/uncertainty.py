"""How far the headline figures move when probabilities, correlation and severity are not known exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from kamlib import checks
from kamlib.exposure import inputs
from kamlib.exposure.distribution import LossDistribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

SHARED: Final = 0.5  # correlation of the errors, since one model estimates all probabilities; an assumption
CORRELATIONS: Final = (0.0, 0.05, 0.1, 0.2, 0.3)
SEVERITIES: Final = (0.5, 0.75, 1.0)

_STEPS: Final = 2**11  # a draw needs no more than three digits
_NEVER: Final = 1e-9


def uncertainty(
    distribution: LossDistribution,
    *,
    low: ArrayLike,
    high: ArrayLike,
    confidence: float = 0.95,
    level: float = 0.99,
    draws: int = 100,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the headline figures with the intervals that follow from those of the probabilities.

    Parameters
    ----------
    distribution : LossDistribution
        With the probabilities held most likely.
    low, high : float or array
        Ends of each account's interval for the probability of losing it, around the one held most likely.
    confidence : float
        Level of these intervals, and of those returned.
    level : float
        Of value at risk and shortfall.
    draws, seed : int
        Sets of probabilities drawn: normal on the logit scale, as wide to each side as the interval; half of the
        variance of the errors is common to all accounts (`SHARED`).

    Returns
    -------
    DataFrame
        Indexed by figure (expected, value_at_risk, expected_shortfall): ``value``, ``low``, ``high``. A probability of
        0 or 1 stays.

    Examples
    --------
    >>> from kamlib.exposure import loss_distribution
    >>> table = uncertainty(loss_distribution([10.0, 20.0], 0.1), low=0.05, high=0.2, draws=20)
    >>> bool((table["low"] <= table["value"]).all())
    True
    """
    checks.whole(draws, name="draws")
    book = distribution.portfolio
    p = book.p[:, 0]
    bottom = inputs.aligned(low, book.accounts, name="low", high=1.0)
    top = inputs.aligned(high, book.accounts, name="high", high=1.0)
    if ((bottom > p) | (p > top)).any():
        where = book.accounts[int(np.argmax((bottom > p) | (p > top)))]
        raise checks.KamlibError(f"low <= p_loss <= high must hold; it doesn't for {where!r}.")
    half = float(ndtri((1 + checks.fraction(confidence, name="confidence")) / 2))
    middle = logit(np.clip(p, _NEVER, 1 - _NEVER))
    below = (middle - logit(np.clip(bottom, _NEVER, 1 - _NEVER))) / half
    above = (logit(np.clip(top, _NEVER, 1 - _NEVER)) - middle) / half
    rng = np.random.default_rng(seed)
    figures = []
    for _ in range(draws):
        error = np.sqrt(SHARED) * rng.standard_normal() + np.sqrt(1 - SHARED) * rng.standard_normal(p.size)
        drawn = np.where((p == 0) | (p == 1), p, expit(middle + error * np.where(error < 0, below, above)))
        figures.append(_figures(_changed(distribution, p=drawn, level=level), level))
    ends = np.quantile(figures, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    table = pd.DataFrame({"value": _figures(distribution, level), "low": ends[0], "high": ends[1]})
    return table.set_index(pd.Index(["expected", "value_at_risk", "expected_shortfall"], name="figure"))


def sensitivity(
    distribution: LossDistribution,
    *,
    correlations: Sequence[float] = CORRELATIONS,
    severities: Sequence[float] = SEVERITIES,
    level: float = 0.99,
) -> pd.DataFrame:
    """Return the headline figures for other correlations, and for severities that are multiples of the given ones.

    Returns
    -------
    DataFrame
        Long: ``correlation`` (of the economy; that of the sectors stays), ``severity`` (the multiple), ``expected``,
        ``value_at_risk``, ``expected_shortfall``.

    Examples
    --------
    >>> from kamlib.exposure import loss_distribution
    >>> loss = loss_distribution([10.0, 20.0], 0.1)
    >>> sensitivity(loss, correlations=[0.0], severities=[1.0, 0.5])["expected"].tolist()
    [3.0, 1.5]
    """
    book = distribution.portfolio
    rows = []
    for correlation in correlations:
        economy, sector = inputs.correlations(correlation, book.sector_correlation)
        # The law of a multiple of the loss is the multiple of its law.
        assumed = replace(book, correlation=economy, sector_correlation=sector)
        figures = _figures(LossDistribution.of(assumed, level=level), level)
        for severity in checks.numbers(list(severities), name="severities"):
            if severity < 0:
                raise checks.KamlibError(f"severities must be 0 or more, got {severity:g}.")
            rows.append((correlation, severity, *(severity * figures)))
    return pd.DataFrame(rows, columns=["correlation", "severity", "expected", "value_at_risk", "expected_shortfall"])


def _changed(distribution: LossDistribution, *, p: FloatArray, level: float) -> LossDistribution:
    """Return the law with other probabilities of the full loss; that of shrinking keeps its part of the rest."""
    book = distribution.portfolio
    ways = book.p.copy()
    rest = (1 - p) / np.where(ways[:, 0] < 1, 1 - ways[:, 0], 1.0)
    ways[:, 1:] *= rest[:, None]
    ways[:, 0] = p
    return LossDistribution.of(replace(book, p=ways), steps=_STEPS, level=level)


def _figures(distribution: LossDistribution, level: float) -> FloatArray:
    return np.array([distribution.expected, distribution.value_at_risk(level), distribution.expected_shortfall(level)])
