"""What accounts have in common: the economy and their sector, and the nodes over which both are integrated.

The latent state of an account is sqrt(r) Z + sqrt(s) S + sqrt(1 - r - s) e with Z the economy, S its sector and e its
own luck, all standard normal; it is lost where that falls below the quantile of its probability. Given the sum of the
two factor terms, accounts are independent; a sector therefore needs its law once per value of that sum, whatever the
economy. Averages use the trapezoidal rule, which converges exponentially here: by Poisson summation its error is
e^(-2 pi^2 w^2 / h^2) for a bell of width w and nodes h apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

_REACH: Final = 7.5  # standard deviations; 6e-14 of the normal law lie beyond
_PROBED: Final = 5.0  # standard deviations within which the spacing of nodes is judged
_MOST_NODES: Final = 2048
_STILL: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Portfolio:
    """What can be lost and how likely; ``loss`` and ``p`` are (accounts, ways to lose), the full loss first."""

    accounts: pd.Index
    loss: FloatArray
    p: FloatArray
    sector: pd.Series | None
    correlation: float
    sector_correlation: float

    def only(self, kept: NDArray[np.bool_]) -> Portfolio:
        """Return the part of it that is ``kept``."""
        return replace(
            self,
            accounts=self.accounts[kept],
            loss=self.loss[kept],
            p=self.p[kept],
            sector=None if self.sector is None else self.sector[kept],
        )


@dataclass(frozen=True, eq=False)
class Group:
    """Accounts that share both factors.

    ``p`` (nodes, members, ways) are their probabilities at each node of the sum of factor terms; ``mixing`` (economy
    nodes, nodes) are the weights of these nodes given the economy, each row summing to 1.
    """

    members: NDArray[np.intp]
    p: FloatArray
    mixing: FloatArray


def split(portfolio: Portfolio) -> list[tuple[NDArray[np.intp], float]]:
    """Return the accounts that can be lost, smallest first, by sector, each with its sector's loading.

    Without dependence within sectors they are one group; those of unknown sector share the economy alone.
    """
    size = portfolio.loss.max(axis=1)
    exposed = np.flatnonzero(portfolio.p.sum(axis=1) > 0)
    exposed = exposed[np.argsort(size[exposed], kind="stable")]
    if portfolio.sector is None or portfolio.sector_correlation == 0:
        return [(exposed, 0.0)] if exposed.size else []
    codes = portfolio.sector.factorize()[0][exposed]
    loading = np.sqrt(portfolio.sector_correlation)
    return [(exposed[codes == code], loading if code >= 0 else 0.0) for code in np.unique(codes)]


def conditional(portfolio: Portfolio, members: NDArray[np.intp], at: FloatArray, own: float) -> FloatArray:
    """Return the probabilities (nodes, members, ways) given factor terms ``at``; ``own`` is the loading of luck."""
    threshold = ndtri(np.minimum(portfolio.p[members].cumsum(axis=1), 1.0))
    reached = ndtr((threshold - at[:, None, None]) / own)
    return np.diff(reached, axis=2, prepend=0.0)


def moments(loss: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the loss of independent accounts at each node."""
    each = (loss * p).sum(axis=2)
    return each.sum(axis=1), ((loss**2 * p).sum(axis=2) - each**2).sum(axis=1)


def integrate(portfolio: Portfolio, *, refine: float = 1.0) -> tuple[FloatArray, list[Group]]:
    """Return the weights of the economy's nodes, and each group with its nodes.

    Nodes lie close enough for three things: the account's own luck blurs from one to the next, so does the sector's
    weight, and the law of the loss moves from node to node by less than its own standard deviation, or else it would
    fall apart into lumps. ``refine`` divides their distance.
    """
    parts = split(portfolio)
    common = float(np.sqrt(portfolio.correlation))
    spacings, of_economy = _spacings(portfolio, parts, common)
    economy = _nodes(1.0, of_economy / refine) if common else np.zeros(1)
    groups = []
    for (members, loading), spacing in zip(parts, spacings, strict=True):
        own = np.sqrt(1 - common**2 - loading**2)
        if loading:
            at = _nodes(np.hypot(common, loading), spacing / refine)
            mixing = _normal((at - common * economy[:, None]) / loading)
        else:
            at, mixing = common * economy, np.eye(economy.size)
        groups.append(Group(members, conditional(portfolio, members, at, own), mixing))
    return _normal(economy[None])[0], groups


def _nodes(spread: float, spacing: float) -> FloatArray:
    half = min(int(np.ceil(_REACH * spread / spacing)), _MOST_NODES // 2)
    return np.linspace(-_REACH * spread, _REACH * spread, 2 * half + 1)


def _normal(at: FloatArray) -> FloatArray:
    # The largest weight of a row is 1 before the row is scaled, so that none of them underflows altogether.
    weights = np.exp((at**2).min(axis=1, keepdims=True) / 2 - at**2 / 2)
    scaled: FloatArray = weights / weights.sum(axis=1, keepdims=True)
    return scaled


def _spacings(
    portfolio: Portfolio, parts: list[tuple[NDArray[np.intp], float]], common: float
) -> tuple[list[float], float]:
    """Return how far apart nodes may lie: of the sum of factor terms for each group, and of the economy."""
    reach = _PROBED * np.sqrt(portfolio.correlation + portfolio.sector_correlation)
    if not reach or not parts:
        return [1.0] * len(parts), 0.5
    at = np.linspace(-reach, reach, 81)
    slopes, variances, blurs = [], [], []
    for members, loading in parts:
        own = np.sqrt(1 - common**2 - loading**2)
        mean, variance = moments(portfolio.loss[members], conditional(portfolio, members, at, own))
        slopes.append(np.abs(np.gradient(mean, at)))
        variances.append(variance + (loading * slopes[-1]) ** 2)  # given the economy, the sector's factor adds its own
        blurs.append(np.hypot(own, loading) / 2)
    total = np.sum(variances, axis=0)
    spacings = []
    for (_, loading), slope in zip(parts, slopes, strict=True):
        own = np.sqrt(1 - common**2 - loading**2)
        spacings.append(min(own / 2, 0.7 * loading or 1.0, _ratio(total - (loading * slope) ** 2, slope)))
    of_economy = min(0.5, min(*blurs, _ratio(total, np.sum(slopes, axis=0))) / common) if common else 0.5
    return spacings, of_economy


def _ratio(variance: FloatArray, slope: FloatArray) -> float:
    """Return the least distance over which the mean moves by one standard deviation."""
    # Where next to nobody or next to everybody is lost, both are rounding, and the mean hardly moves at all.
    moving = (slope > _STILL * slope.max(initial=0.0)) & (variance > _STILL * variance.max(initial=0.0))
    return float((np.sqrt(variance[moving]) / slope[moving]).min(initial=1.0))
