"""The largest step down in a series of monthly prices, and whether chance alone would make one as large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

SIDE: Final = 6  # months with sales that a price level needs on either side of its step
BLOCK: Final = 3  # months that stay together in a resample, so that what one leaves to the next is kept


@dataclass(frozen=True)
class Step:
    """A step in price: the month ``at`` which the new level starts, and the levels on either side of it.

    ``before`` and ``change`` are fractions of the list price, the change with its interval ``low`` to ``high``; beside
    the step the price drifts by ``drift`` a month. ``p_value`` is the chance of as clear a step where there is none.
    """

    at: int
    before: float
    change: float
    low: float
    high: float
    drift: float
    p_value: float


def largest_fall(
    price: FloatArray, weight: FloatArray, month: NDArray[np.int64], *, tail: float, resamples: int, seed: int
) -> Step | None:
    """Return the clearest step down in ``price``, or None where there is none to look for.

    Price = level + drift x month + step, by least squares, each month weighted by its ``weight``: the more lines a
    month has, the less its mean price scatters. Of all months with `SIDE` others on either side the step starts
    where it explains most. The p-value pays for that search: residuals about the drift alone are permuted in
    blocks, and in each permutation the clearest fall is searched likewise (Freedman and Lane 1983; the clearest of
    all candidates: Andrews 1993). The interval leaves ``tail`` outside on either side; the month is taken as known.
    """
    n = price.size
    if n < 2 * SIDE:  # too short
        return None
    rng = np.random.default_rng(seed)
    root = np.sqrt(weight / weight.mean())[:, np.newaxis]
    smooth, _ = np.linalg.qr(root * np.column_stack([np.ones(n), month]))
    start = np.arange(SIDE, n - SIDE + 1)
    steps = _without(smooth, root * (np.arange(n)[:, np.newaxis] >= start))
    length = np.linalg.norm(steps, axis=0)
    residual = _without(smooth, root[:, 0] * price)
    if np.linalg.norm(residual) < 1e-9 * np.linalg.norm(root[:, 0] * price):  # a straight line: nothing to explain
        return None
    explained = _explained(residual, steps / length)
    best = int(explained.argmin())
    permuted = _without(smooth, residual[_in_blocks(rng, n, resamples)].T)
    as_clear = _explained(permuted.T, steps / length).min(axis=1) <= explained[best] + 1e-12

    step = steps[:, best] / length[best] ** 2
    change = float(residual @ step)
    left = residual - change * steps[:, best]
    low, high = change + np.quantile(left[_in_blocks(rng, n, resamples)] @ step, [tail, 1 - tail])
    at = int(month[start[best]])
    stepped = root[:, 0] * (price - change * (month >= at))
    (before, drift), *_ = np.linalg.lstsq(root * np.column_stack([np.ones(n), month - at]), stepped)
    p_value = float((1 + as_clear.sum()) / (1 + resamples))
    return Step(at, float(before), change, float(low), float(high), float(drift), p_value)


def _without(smooth: FloatArray, series: FloatArray) -> FloatArray:
    """Return what the columns of ``smooth``, orthonormal, leave of each column of ``series``."""
    rest: FloatArray = series - smooth @ (smooth.T @ series)
    return rest


def _explained(residual: FloatArray, steps: FloatArray) -> FloatArray:
    """Return the correlation of the residuals (in the last axis) with each step; below 0 is a fall."""
    correlation: FloatArray = residual @ steps / np.linalg.norm(residual, axis=-1, keepdims=residual.ndim > 1)
    return correlation


def _in_blocks(rng: np.random.Generator, n: int, resamples: int) -> NDArray[np.int64]:
    """Return permutations of n months that keep blocks of `BLOCK` together, cut at a random place."""
    block = (np.arange(n) + rng.integers(n, size=(resamples, 1))) % n // BLOCK
    place = rng.random((resamples, n // BLOCK + 1))
    order: NDArray[np.int64] = np.take_along_axis(place, block, axis=1).argsort(axis=1, kind="stable")
    return order
