"""The law of the total loss in windows: the whole range first, then its lower end enlarged as long as that tells more.

The lattice has a loss of its own, D: what rounding adds. Given who is lost its mean is 0, so the law computed, that
of L + D, has the true mean and never a smaller shortfall. Its variance V is known exactly, and with it a bound:
shortfall(a) <= computed <= shortfall(a) + sqrt(V a / (1 - a)), since no event of probability 1 - a has a larger mean
of D (Cantelli). The step is the widest that adds at most 1/4,000 to the variance of the loss, or the common
measure of all losses where there is one: then V is 0 and the law exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib.exposure import lattice
from kamlib.exposure.factors import Group, Portfolio, integrate, moments

if TYPE_CHECKING:
    from kamlib.checks import FloatArray

STEPS: Final = 2**14
_ADDED_VARIANCE: Final = 1 / 4000
_MOST_CELLS: Final = 2**25  # nodes x points: 256 MB
_ENLARGE: Final = 16
_GRANULAR: Final = 8  # finer nodes where no chance within accounts smooths the law


@dataclass(frozen=True, eq=False)
class Window:
    """Probabilities of the losses 0, ``step``, 2 ``step`` ...; what is missing to 1 lies beyond the last.

    ``rounding`` is the standard deviation that the lattice adds.
    """

    step: float
    probabilities: FloatArray
    rounding: float

    @cached_property
    def cumulative(self) -> FloatArray:
        """Probability of at most each loss."""
        cumulative: FloatArray = np.minimum(self.probabilities.cumsum(), 1.0)
        return cumulative

    @property
    def end(self) -> float:
        """The largest loss that the window shows."""
        return self.step * (len(self.probabilities) - 1)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The factors' nodes for a portfolio, and what is needed again and again."""

    portfolio: Portfolio
    economy: FloatArray
    groups: list[Group]

    @classmethod
    def of(cls, portfolio: Portfolio, *, refine: float = 1.0) -> Nodes:
        """Choose the nodes."""
        return cls(portfolio, *integrate(portfolio, refine=refine))

    def variance(self) -> float:
        """Return the variance of the loss."""
        mean, variance = np.zeros(self.economy.size), np.zeros(self.economy.size)
        for group in self.groups:
            m, v = moments(self.portfolio.loss[group.members], group.p)
            average = group.mixing @ m
            mean += average
            variance += group.mixing @ (v + m**2) - average**2
        return float(self.economy @ (variance + mean**2) - (self.economy @ mean) ** 2)

    def nothing_lost(self) -> float:
        """Return the probability that no account with anything to lose is lost."""
        chance = np.ones(self.economy.size)
        for group in self.groups:
            at_risk = self.portfolio.loss[group.members] > 0
            chance *= group.mixing @ (1 - (group.p * at_risk).sum(axis=2)).prod(axis=1)
        return float(self.economy @ chance)

    def laws(self, *, step: float, limit: int) -> list[FloatArray]:
        """Return each group's law (economy nodes, points) given the economy."""
        placed = (self.points(group, step=step, limit=limit) for group in self.groups)
        return [g.mixing @ lattice.law(at, g.p) for g, at in zip(self.groups, placed, strict=True)]

    def points(self, group: Group, *, step: float, limit: int) -> lattice.Points:
        """Return where the losses of a group lie."""
        return lattice.points(self.portfolio.loss[group.members], step=step, limit=limit)

    def average(self, laws: list[FloatArray], *, limit: int) -> FloatArray:
        """Return the law of the sum of all groups, averaged over the economy."""
        start = np.ones((self.economy.size, 1))
        law = reduce(lambda one, other: lattice.convolve(one, other, limit=limit), laws, start)
        return np.maximum(self.economy @ law, 0.0)


def windows(nodes: Nodes, *, steps: int | None = None, level: float = 0.0) -> tuple[Window, ...]:
    """Return the windows, the whole range first; ``steps`` overrides how finely it is cut.

    Each further one has a sixteenth of the range at the same number of points, until the median of the losses above
    0 is no longer in the lowest sixteenth: so a few giants don't blur what thousands of small accounts lose. Who asks
    for the quantile at ``level`` alone is spared those that end below it.
    """
    portfolio = nodes.portfolio
    total = float(portfolio.loss.max(axis=1).sum())
    if not nodes.groups or not total:
        return (Window(1.0, np.ones(1), 0.0),)
    step = _step(nodes, total, steps)
    # Each account can end one point above its loss; so much room is always enough for all of them.
    found = [_window(nodes, step, int(np.ceil(total / step)) + len(portfolio.loss) + 1)]
    points, at_least = steps or STEPS, max((1 + nodes.nothing_lost()) / 2, level)
    while _wants_enlarging(found[-1], points, at_least):
        step /= _ENLARGE
        found.append(_window(nodes, step, points + 1))
    return tuple(found)


def _window(nodes: Nodes, step: float, limit: int) -> Window:
    law = nodes.average(nodes.laws(step=step, limit=limit), limit=limit)
    return Window(step, law, float(np.sqrt(_added_variance(nodes.portfolio, step, limit))))


def _wants_enlarging(window: Window, points: int, at_least: float) -> bool:
    lowest = window.cumulative[min(points // _ENLARGE, len(window.cumulative) - 1)]
    return bool(window.rounding) and bool(lowest >= at_least)


def _added_variance(portfolio: Portfolio, step: float, limit: int) -> float:
    at = lattice.points(portfolio.loss, step=step, limit=limit)
    return float((portfolio.p * at.within * at.up * (1 - at.up)).sum()) * step**2


def _step(nodes: Nodes, total: float, steps: int | None) -> float:
    wanted = steps or STEPS
    rows = max(group.mixing.shape[1] for group in nodes.groups)
    allowed = _ADDED_VARIANCE * nodes.variance()
    while (
        steps is None
        and 2 * wanted * rows <= _MOST_CELLS
        and _added_variance(nodes.portfolio, total / wanted, 2 * wanted + len(nodes.portfolio.loss)) > allowed
    ):
        wanted *= 2
    return _common_measure(nodes.portfolio.loss, at_least=total / wanted) or total / wanted


def _common_measure(loss: FloatArray, *, at_least: float) -> float:
    """Return the largest number of which all losses are multiples, by Euclid; 0 if it is smaller than ``at_least``."""
    measure = 0.0
    tolerance = 1e-9 * loss.max()
    for value in np.unique(loss[loss > 0]):
        rest = value
        while rest > tolerance:
            measure, rest = rest, measure % rest if measure else 0.0
            if measure - rest <= tolerance:  # a hair under a multiple is a multiple
                rest = 0.0
        if measure < at_least * (1 - 1e-9):
            return 0.0
    # Many values settle it more exactly than the last remainder of two.
    largest = loss.max()
    return float(largest / np.rint(largest / measure))


def granular(nodes: Nodes, *, steps: int) -> Window:
    """Return the law of the loss expected given the factors: that of a portfolio of infinitely many small accounts."""
    portfolio = nodes.portfolio
    total = float(portfolio.loss.max(axis=1).sum())
    fine = Nodes.of(portfolio, refine=_GRANULAR)
    if not fine.groups:
        return Window(1.0, np.ones(1), 0.0)
    step, laws = total / steps, []
    for group in fine.groups:
        mean, _ = moments(portfolio.loss[group.members], group.p)
        at = lattice.points(mean[:, None], step=step, limit=steps + 2)
        law, rows = np.zeros((mean.size, int(at.low.max()) + 2)), np.arange(mean.size)
        law[rows, at.low[:, 0]] = 1 - at.up[:, 0]
        law[rows, at.low[:, 0] + 1] = at.up[:, 0]
        laws.append(group.mixing @ law)
    return Window(step, fine.average(laws, limit=steps + len(laws) + 2), 0.0)
