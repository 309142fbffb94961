"""Sums of independent two-point losses on a lattice: their law, and what each one adds to an average over it.

A loss between two points of the lattice is shared between both so that its mean stays: the law is spread, never
shifted. Laws are multiplied as transforms, half by half, each on the shortest lattice that holds it; so thousands of
accounts cost little more than the last product. Nothing is divided, hence no probability is a special case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

    Complex = NDArray[np.complex128]

_LEAF: Final = 8  # so few accounts are multiplied at once
_LEAF_LENGTH: Final = 512
_ON_POINT: Final = 1e-7  # of a step; closer than this a loss is on its point


@dataclass(frozen=True, eq=False)
class Points:
    """Where losses lie: between ``low`` and the next point, the part ``up`` of them above; (accounts, ways)."""

    low: NDArray[np.int64]
    up: FloatArray
    limit: int

    def __len__(self) -> int:
        return len(self.low)

    def __getitem__(self, part: slice) -> Points:
        return Points(self.low[part], self.up[part], self.limit)

    @property
    def within(self) -> NDArray[np.bool_]:
        """The losses on the lattice; one beyond it leaves its mass out of the law."""
        return self.low < self.limit

    @property
    def last(self) -> int:
        """The last point that the sum can reach, were the lattice long enough."""
        reached = np.where(self.within, self.low + (self.up > 0), 0)
        return int(reached.max(axis=1, initial=0).sum())

    @property
    def length(self) -> int:
        """Points of the sum on this lattice."""
        return min(self.last + 1, self.limit)


def points(loss: FloatArray, *, step: float, limit: int) -> Points:
    """Return where each loss (accounts, ways) lies on the lattice 0, step, ... of ``limit`` points.

    Examples
    --------
    >>> points(np.array([[2.5]]), step=1.0, limit=8)
    Points(low=array([[2]]), up=array([[0.5]]), limit=8)
    """
    places = loss / step
    nearest = np.rint(places)
    places = np.where(np.abs(places - nearest) < _ON_POINT, nearest, places)
    places = np.minimum(places, 2.0**52)  # far beyond any limit, and still a whole number
    low = np.floor(places)
    return Points(low.astype(np.int64), places - low, limit)


def law(at: Points, p: FloatArray) -> FloatArray:
    """Return the probabilities (nodes, points) of the sum, cut at the lattice's end.

    Examples
    --------
    >>> law(points(np.array([[1.0], [2.0]]), step=1.0, limit=8), np.full((1, 2, 1), 0.5)).round(12)
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    if _is_leaf(at):
        size = next_fast_len(at.last + 1, real=True)
        return irfft(_transforms(at, p, size).prod(axis=1), size)[:, : at.length]
    half = len(at) // 2
    return convolve(law(at[:half], p[:, :half]), law(at[half:], p[:, half:]), limit=at.limit)


def convolve(one: FloatArray, other: FloatArray, *, limit: int) -> FloatArray:
    """Return the law of the sum of two independent ones, node by node, cut at ``limit`` points."""
    length = one.shape[-1] + other.shape[-1] - 1
    size = next_fast_len(length, real=True)
    return irfft(rfft(one, size) * rfft(other, size), size)[..., : min(length, limit)]


def correlate(weight: FloatArray, other: FloatArray, *, length: int) -> FloatArray:
    """Return the mean of ``weight`` (a function of the whole sum) given the rest of it, over the ``other`` part."""
    size = next_fast_len(max(weight.shape[-1], length + other.shape[-1]), real=True)
    return irfft(rfft(weight, size) * rfft(other, size).conj(), size)[..., :length]


def parts(at: Points, p: FloatArray, weight: FloatArray) -> FloatArray:
    """Return E[X_i g(sum)] for each account i, in steps and summed over the nodes.

    Parameters
    ----------
    at, p
        As for `law`.
    weight : array (functions, nodes, points)
        g at each point and node, times the weight of the node; beyond the last point it is 0.

    Returns
    -------
    array (functions, accounts)

    Examples
    --------
    >>> both_lost = np.zeros((1, 1, 4))
    >>> both_lost[..., 3] = 1
    >>> parts(points(np.array([[1.0], [2.0]]), step=1.0, limit=8), np.full((1, 2, 1), 0.5), both_lost).round(12)
    array([[0.25, 0.5 ]])
    """
    if _is_leaf(at):
        return _leaf_parts(at, p, weight)
    half = len(at) // 2
    left, right = at[:half], at[half:]
    p_left, p_right = p[:, :half], p[:, half:]
    return np.concatenate(
        [
            parts(left, p_left, correlate(weight, law(right, p_right), length=left.length)),
            parts(right, p_right, correlate(weight, law(left, p_left), length=right.length)),
        ],
        axis=1,
    )


def _is_leaf(at: Points) -> bool:
    return len(at) <= 1 or (len(at) <= _LEAF and at.last < _LEAF_LENGTH)


def _transforms(at: Points, p: FloatArray, size: int) -> Complex:
    """Return the transform (nodes, accounts, frequencies) of each account's loss."""
    frequency = np.arange(size // 2 + 1)
    turn = np.exp(-2j * np.pi / size * (at.low[..., None] * frequency % size))
    up = at.up[..., None]
    lost = at.within[..., None] * turn * (1 - up + up * np.exp(-2j * np.pi / size * frequency))
    kept = 1 - p.sum(axis=2)
    result: Complex = kept[..., None] + sum(p[..., way, None] * lost[:, way] for way in range(p.shape[2]))
    return result


def _leaf_parts(at: Points, p: FloatArray, weight: FloatArray) -> FloatArray:
    size = next_fast_len(at.last + 1, real=True)
    transforms = _transforms(at, p, size)
    room = np.zeros((*weight.shape[:-1], max(at.last + size + 2, weight.shape[-1])))
    room[..., : weight.shape[-1]] = weight
    result = np.zeros((len(weight), len(at)))
    for i, way in np.argwhere(at.within):
        others = irfft(np.delete(transforms, i, axis=1).prod(axis=1), size)
        for place, chance in ((at.low[i, way], 1 - at.up[i, way]), (at.low[i, way] + 1, at.up[i, way])):
            if chance:
                mean = (others * room[..., place : place + size]).sum(axis=2)  # of g, given where i lies
                result[:, i] += chance * place * (mean * p[:, i, way]).sum(axis=1)
    return result
