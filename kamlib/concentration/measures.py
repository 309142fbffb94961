"""Indices of concentration and their bootstrap intervals: one number a customer in, one figure out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import xlogy

from kamlib import checks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

NOISE: Final = 1e-12  # sums of money in floats are off by less than this part of what was added up
_BLOCK: Final = 2**16  # customers drawn in one block of resamples: 0.5 MB an array, which a processor's cache holds


def _sum(counts: FloatArray, figures: ArrayLike) -> FloatArray:
    """Add up a figure of each customer as often as each sample holds the customer."""
    return np.asarray(counts @ np.asarray(figures), dtype=np.float64)


@dataclass(frozen=True)
class _Draws:
    """Samples of as many customers as there are sizes; every figure is an array with one entry a sample.

    The data as they stand are one sample that holds everybody once, a bootstrap is many, so a formula stands here
    once. ``sizes`` (n,) descend from 1; ``counts`` (samples, n) say how often a sample holds each of them.
    """

    sizes: FloatArray
    counts: FloatArray

    @cached_property
    def total(self) -> FloatArray:
        return _sum(self.counts, self.sizes)

    @cached_property
    def ranks(self) -> FloatArray:
        """The rank of the last copy of each customer, (samples, n); the largest has rank 1."""
        return self.counts.cumsum(axis=1)

    @cached_property
    def mean_rank(self) -> FloatArray:
        """The rank of the customer that the average unit of money comes from: the sum of rank times share."""
        copies = self.counts * (2 * self.ranks - self.counts + 1) / 2  # the ranks of all copies of each, added up
        return _sum(copies, self.sizes) / self.total

    def top_share(self, count: float) -> FloatArray:
        among = np.clip(count - self.ranks + self.counts, 0, self.counts)  # copies of each among the largest
        return _sum(among, self.sizes) / self.total

    def customers_for(self, share: float) -> FloatArray:
        target = share * (1 - NOISE) * self.total
        reached = (self.counts * self.sizes).cumsum(axis=1)
        at = (reached >= target[:, np.newaxis]).argmax(axis=1)
        row = np.arange(at.size)
        spare = (reached[row, at] - target) // self.sizes[at]  # copies of that customer which are not needed
        needed: FloatArray = self.ranks[row, at] - spare
        return needed

    @cached_property
    def hhi(self) -> FloatArray:
        return _sum(self.counts, self.sizes**2) / self.total**2

    @property
    def hhi_normalised(self) -> FloatArray:
        n = self.sizes.size
        return np.maximum((self.hhi - 1 / n) / (1 - 1 / n), 0.0) if n > 1 else self.hhi

    @property
    def gini(self) -> FloatArray:
        return np.maximum(1 - (2 * self.mean_rank - 1) / self.sizes.size, 0.0)

    @property
    def gini_corrected(self) -> FloatArray:
        n = self.sizes.size
        return self.gini * n / max(n - 1, 1)

    @property
    def hall_tideman(self) -> FloatArray:
        return 1 / (2 * self.mean_rank - 1)

    @cached_property
    def entropy(self) -> FloatArray:
        return np.maximum(np.log(self.total) - _sum(self.counts, xlogy(self.sizes, self.sizes)) / self.total, 0.0)

    @property
    def theil(self) -> FloatArray:
        return np.maximum(math.log(self.sizes.size) - self.entropy, 0.0)

    def hannah_kay(self, alpha: float) -> FloatArray:
        if abs(alpha - 1) < 1e-8:  # closer, and rounding costs more than taking the limit
            return np.exp(self.entropy)
        return np.exp((np.log(_sum(self.counts, self.sizes**alpha)) - alpha * np.log(self.total)) / (1 - alpha))

    def indices(self) -> dict[str, FloatArray]:
        return {
            "top_1": self.top_share(1),
            "top_5": self.top_share(5),
            "top_10": self.top_share(10),
            "top_20_percent_share": self.top_share(0.2 * self.sizes.size),
            "customers_for_80_percent": self.customers_for(0.8),
            "hhi": self.hhi,
            "hhi_normalised": self.hhi_normalised,
            "effective_customers": 1 / self.hhi,
            "gini": self.gini,
            "gini_corrected": self.gini_corrected,
            "theil": self.theil,
            "hannah_kay_1_5": self.hannah_kay(1.5),
            "hall_tideman": self.hall_tideman,
            "entropy": self.entropy,
        }


def _once(array: FloatArray) -> _Draws:
    """Return the one sample that holds every customer once."""
    sizes: FloatArray = np.sort(array)[::-1] / array.max()  # by the largest, so that no square overflows
    return _Draws(sizes, np.ones((1, array.size)))


def gini(values: ArrayLike, *, corrected: bool = False) -> float:
    """Return the Gini coefficient: 0 where all customers are equal, towards 1 where one of many has it all.

    ``corrected`` multiplies by n / (n - 1), so that 1 can be reached; a single customer has 0 either way.
    Source: Gini (1912); the correction: Deltas (2003).

    >>> round(gini([50, 30, 15, 5]), 3)
    0.375
    """
    draws = _once(checks.positive(values))
    return (draws.gini_corrected if corrected else draws.gini).item()


def hhi(values: ArrayLike, *, normalised: bool = False) -> float:
    """Return the Herfindahl-Hirschman index, the sum of squared shares: 1/n where all are equal, 1 for a single one.

    ``normalised`` returns (H - 1/n) / (1 - 1/n), which starts at 0 for any number of customers; a single one has 1.
    Source: Herfindahl (1950), Hirschman (1964).

    >>> round(hhi([50, 30, 15, 5]), 3)
    0.365
    """
    draws = _once(checks.positive(values))
    return (draws.hhi_normalised if normalised else draws.hhi).item()


def effective_customers(values: ArrayLike) -> float:
    """Return 1 / HHI: so many customers of equal size would be as concentrated.

    Source: Adelman (1969).

    >>> effective_customers([25, 25, 25, 25])
    4.0
    """
    return 1 / hhi(checks.positive(values))


def top_share(values: ArrayLike, *, fraction: float | None = None, count: int | None = None) -> float:
    """Return the share of the total that the largest customers bring, by fraction of customers or by count (CR-k).

    Parameters
    ----------
    values : array-like, shape (n,)
        Revenue by customer.
    fraction : float, default 0.2 where ``count`` is not given
        Fraction of the customers, 0..1; 20 % of 632 customers are the first 126 and 0.4 of the next.
    count : int, optional
        Number of customers; more than there are count as all.

    Returns
    -------
    float
        Share of the total, 0..1.

    Raises
    ------
    KamlibError
        Where both are given, or one is out of range.

    Examples
    --------
    >>> top_share([50, 30, 15, 5], count=2)
    0.8
    >>> top_share([50, 30, 15, 5])  # 0.8 of the largest customer
    0.4
    """
    if fraction is not None and count is not None:
        raise checks.KamlibError("top_share takes either fraction or count, not both; leave one out.")
    draws = _once(checks.positive(values))
    if count is not None:
        return draws.top_share(checks.whole(count, name="count")).item()
    part = 0.2 if fraction is None else checks.fraction(fraction, name="fraction")
    return draws.top_share(part * draws.sizes.size).item()


def customers_for(values: ArrayLike, *, share: float = 0.8) -> int:
    """Return the smallest number of customers that together bring ``share`` of the total.

    A share that is met exactly counts as reached, whatever rounding makes of the sum.

    >>> customers_for([50, 30, 15, 5])
    2
    """
    return int(_once(checks.positive(values)).customers_for(checks.fraction(share, name="share")).item())


def entropy(values: ArrayLike) -> float:
    """Return Shannon's entropy of the shares in nats: ln n where all are equal, 0 for a single customer.

    Source: Shannon (1948).

    >>> round(entropy([25, 25, 25, 25]), 6)  # ln 4
    1.386294
    """
    return _once(checks.positive(values)).entropy.item()


def theil(values: ArrayLike) -> float:
    """Return Theil's T, ln n less the entropy: 0 where all are equal, ln n at most; `decompose` splits it by group.

    Source: Theil (1967).

    >>> theil([25, 25, 25, 25])
    0.0
    """
    return _once(checks.positive(values)).theil.item()


def hannah_kay(values: ArrayLike, *, alpha: float = 2.0) -> float:
    """Return the number of equal customers with the same concentration, (sum of share^alpha)^(1 / (1 - alpha)).

    The larger ``alpha`` (above 0), the more the largest customers weigh: 1 is exp(entropy), 2 is
    `effective_customers`, towards infinity it is 1 over the largest share. Source: Hannah and Kay (1977).

    >>> round(hannah_kay([50, 30, 15, 5], alpha=2), 3)  # 1 / 0.365
    2.74
    """
    if not 0 < alpha < np.inf:
        raise checks.KamlibError(f"alpha must be a number above 0, got {alpha!r}; 2 gives effective customers.")
    return _once(checks.positive(values)).hannah_kay(alpha).item()


def hall_tideman(values: ArrayLike) -> float:
    """Return the Hall-Tideman index 1 / (2 * sum of rank times share - 1), the largest customer having rank 1.

    It runs from 1/n to 1, and heeds how many small customers there are; Rosenbluth's index is the same number, and
    so is 1 / (n (1 - Gini)). Source: Hall and Tideman (1967), Rosenbluth (1955).

    >>> round(hall_tideman([50, 30, 15, 5]), 3)  # 1 / (2 * 1.75 - 1)
    0.4
    """
    return _once(checks.positive(values)).hall_tideman.item()


rosenbluth = hall_tideman


def indices(values: ArrayLike, *, confidence: float = 0.95, seed: int = 0, resamples: int = 2000) -> pd.DataFrame:
    """Return every index with its bootstrap interval: how it would move if the customers were drawn again.

    Parameters
    ----------
    values : array-like, shape (n,)
        Revenue by customer.
    confidence : float
        Level of the percentile interval; 0.95 means from 2.5 % to 97.5 % of the resamples.
    seed : int
        Seed of the resampling; the same seed gives the same intervals.
    resamples : int
        How often n customers are drawn from the n with replacement.

    Returns
    -------
    DataFrame
        Columns index (its key), value, low, high. Hannah-Kay is at alpha = 1.5, halfway between the entropy and
        ``effective_customers``, which are its cases 1 and 2. One customer has intervals of no width.

    Notes
    -----
    Percentile bootstrap: Efron (1979). Where one customer makes up most of the total, no resampling of the others
    can tell how large the next such customer would be; read the interval as a lower bound of the uncertainty.

    Examples
    --------
    >>> table = indices([50, 30, 15, 5], resamples=200).set_index("index")
    >>> table.loc["hhi", "value"].round(3)
    np.float64(0.365)
    """
    array = checks.positive(values)
    tails = (1 + np.array([-1.0, 1.0]) * checks.fraction(confidence, name="confidence")) / 2
    draws = _bootstrap(array, np.random.default_rng(seed), checks.whole(resamples, name="resamples"))
    low, high = np.quantile(draws, tails, axis=0)
    figures = _once(array).indices()
    value = [figure.item() for figure in figures.values()]
    return pd.DataFrame({"index": list(figures), "value": value, "low": low, "high": high})


def _bootstrap(array: FloatArray, rng: np.random.Generator, resamples: int) -> FloatArray:
    """Return every index (columns) of each resample (rows), block by block so that memory stays small."""
    sizes = _once(array).sizes
    n = sizes.size
    size = max(1, _BLOCK // n)
    blocks = []
    for rows in (min(size, resamples - start) for start in range(0, resamples, size)):
        drawn = rng.integers(n, size=(rows, n)) + n * np.arange(rows)[:, np.newaxis]
        counts = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
        blocks.append(np.stack(list(_Draws(sizes, counts).indices().values()), axis=1))
    return np.concatenate(blocks)
