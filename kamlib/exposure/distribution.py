"""What all accounts together may cost: the law of the loss, its risk measures, and who contributes what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from kamlib import checks
from kamlib.exposure import inputs, lattice
from kamlib.exposure.factors import Portfolio
from kamlib.exposure.windows import Nodes, Window, granular, windows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

_TIE: Final = 1e-12  # levels and probabilities closer than this are equal
_GRANULAR_STEPS: Final = 2**12
_DRAWS_AT_ONCE: Final = 2**22  # draws x accounts: 32 MB


@dataclass(frozen=True, eq=False)
class LossDistribution:
    """The law of the total loss, in the unit of the stakes; made by `loss_distribution`.

    ``expected`` and ``standard_deviation`` are exact. ``windows`` hold the probabilities on a lattice.
    """

    portfolio: Portfolio
    nodes: Nodes
    windows: tuple[Window, ...]
    expected: float
    standard_deviation: float
    _parts_at: dict[float, FloatArray] = field(default_factory=dict, repr=False)  # seconds of work, often asked again

    @classmethod
    def of(cls, portfolio: Portfolio, *, steps: int | None = None, level: float = 0.0) -> LossDistribution:
        """Reckon the law; ``steps`` and ``level``, the lowest that will be asked for, are for `windows`."""
        nodes = Nodes.of(portfolio)
        expected = float((portfolio.loss * portfolio.p).sum())
        deviation = float(np.sqrt(max(nodes.variance(), 0.0)))
        return cls(portfolio, nodes, windows(nodes, steps=steps, level=level), expected, deviation)

    def value_at_risk(self, level: float) -> float:
        """Return the smallest loss that is not exceeded with probability ``level`` (a fraction)."""
        return self._at(level)[1]

    quantile = value_at_risk

    def expected_shortfall(self, level: float) -> float:
        """Return the mean loss of the worst 1 - ``level`` of cases; a case on the border counts with its part.

        Source: Acerbi and Tasche (2002), equation 11: the formula that stays coherent where the law has atoms.
        """
        window, loss = self._at(level)
        last = round(loss / window.step)
        below = float(window.step * (np.arange(last + 1) @ window.probabilities[: last + 1]))
        return float((self.expected - below + loss * (window.cumulative[last] - level)) / (1 - level))

    def shortfall_error(self, level: float) -> float:
        """Return by how much the lattice can at most have raised the shortfall; it never lowers it."""
        return self._at(level)[0].rounding * float(np.sqrt(level / (1 - level)))

    def probability_above(self, loss: float) -> float:
        """Return the probability of losing more than ``loss``."""
        return float(self.curve([loss])["probability_above"].iloc[0])

    def curve(self, losses: ArrayLike | None = None) -> pd.DataFrame:
        """Return ``loss`` and ``probability_above`` it: of the ``losses`` given, or 400 up to the 99.99 % quantile."""
        if losses is None:
            losses = np.linspace(0.0, self.value_at_risk(0.9999), 400)
        at = checks.numbers(losses, name="losses")
        above = np.where(at < 0, 1.0, np.nan)
        ceiling = 1.0
        for window in reversed(self.windows):  # the finest that reaches so far
            place = np.floor(at / window.step + 1e-7)
            here = np.isnan(above) & ((place < len(window.probabilities)) | (window is self.windows[0]))
            last = np.minimum(place[here], len(window.probabilities) - 1).astype(int)
            above[here] = np.minimum(1 - window.cumulative[last], ceiling)  # two lattices differ a little at the seam
            ceiling = 1 - window.cumulative[-1]
        return pd.DataFrame({"loss": at, "probability_above": np.where(above < _TIE, 0.0, above)})

    def contributions(self, level: float) -> pd.DataFrame:
        """Return what each account adds to the expected loss, to the value at risk and to the shortfall.

        Parameters
        ----------
        level : float
            A fraction, such as 0.99.

        Returns
        -------
        DataFrame
            Indexed as the stakes, in their order: ``sector`` where given; ``loss`` if it is lost in full (stake x
            severity); ``p_loss``; ``expected``; ``value_at_risk`` (its mean loss where the total is the value at
            risk); ``expected_shortfall`` (its mean loss in the worst 1 - ``level`` of cases); ``share`` of the
            shortfall. These three sum to those of the whole. Source: Tasche (1999), Euler's principle.
        """
        window, loss = self._at(level)
        last = round(loss / window.step)
        chance = window.probabilities[last]
        ranges = np.zeros((2, last + 1))
        ranges[0, :last] = 1.0
        ranges[1, last] = 1.0
        if level not in self._parts_at:
            self._parts_at[level] = window.step * self._parts(window.step, ranges)
        below, there = self._parts_at[level]
        expected = (self.portfolio.loss * self.portfolio.p).sum(axis=1)
        beyond = (1 - level) - (1 - window.cumulative[last])  # the part of the border that is in the tail
        shortfall = (expected - below - there * (1 - beyond / chance)) / (1 - level)
        shortfall[expected == 0] = 0.0
        total = shortfall.sum()
        known = {} if self.portfolio.sector is None else {"sector": self.portfolio.sector.to_numpy()}
        return pd.DataFrame(
            known
            | {
                "loss": self.portfolio.loss[:, 0],
                "p_loss": self.portfolio.p[:, 0],
                "expected": expected,
                # In exact numbers there / chance; so it sums to the loss even where the border is all but impossible.
                "value_at_risk": there * (loss / there.sum()) if there.sum() > 0 else 0.0,
                "expected_shortfall": shortfall,
                "share": shortfall / total if total > 0 else 0.0,
            },
            index=self.portfolio.accounts,
        )

    def granularity(self, level: float) -> pd.Series[float]:
        """Return how much of the shortfall beyond the expected loss is common, and how much hangs on single names.

        Returns
        -------
        Series
            ``expected``; ``common`` (shortfall of the loss expected given the factors, less ``expected``: what
            would remain if each account were split into countless small ones); ``single_names`` (the rest);
            ``expected_shortfall`` (the sum of the three); ``share`` of single names in the last but ``expected``.
            Source: Gordy (2003), the infinitely granular portfolio.
        """
        shortfall = self.expected_shortfall(level)
        common = 0.0
        if self.portfolio.correlation or self.portfolio.sector_correlation:
            window = granular(self.nodes, steps=_GRANULAR_STEPS)
            smooth = LossDistribution(self.portfolio, self.nodes, (window,), self.expected, self.standard_deviation)
            common = min(max(smooth.expected_shortfall(level) - self.expected, 0.0), shortfall - self.expected)
        single = shortfall - self.expected - common
        return pd.Series({
            "expected": self.expected,
            "common": common,
            "single_names": single,
            "expected_shortfall": shortfall,
            "share": single / (single + common) if single + common > 0 else np.nan,
        })  # fmt: skip

    def joint_probability(self, accounts: Iterable[object]) -> float:
        """Return the probability that all these ``accounts`` are lost in full, common factors included."""
        positions = self._positions(accounts)
        if not self.portfolio.p[positions, 0].all():
            return 0.0
        chance = np.ones(self.nodes.economy.size)
        for group in self.nodes.groups:
            chance *= group.mixing @ group.p[:, np.isin(group.members, positions), 0].prod(axis=1)
        return float(self.nodes.economy @ chance)

    def joint_probabilities(self, accounts: Iterable[object]) -> FloatArray:
        """Return the probability that two are lost in full, for all pairs (accounts, accounts); on the diagonal p."""
        positions = self._positions(accounts)
        single = self.portfolio.p[positions, 0]
        given = np.zeros((self.nodes.economy.size, len(positions)))
        within = np.zeros((len(positions), len(positions)))
        groups = np.full(len(positions), -1)
        for number, group in enumerate(self.nodes.groups):
            here, there = np.nonzero(positions[:, None] == group.members)
            p = group.p[:, there, 0]
            given[:, here] = group.mixing @ p
            weight = self.nodes.economy @ group.mixing
            within[np.ix_(here, here)] = p.T @ (weight[:, None] * p)
            groups[here] = number
        joint = np.where(groups[:, None] == groups, within, given.T @ (self.nodes.economy[:, None] * given))
        np.fill_diagonal(joint, single)
        return joint

    def _positions(self, accounts: Iterable[object]) -> NDArray[np.intp]:
        positions = self.portfolio.accounts.get_indexer(pd.Index(list(accounts)))
        if (positions < 0).any():
            raise checks.KamlibError("accounts names one that has no stake; name them as in the index of stake.")
        return positions

    def simulate(self, draws: int, *, seed: int = 0) -> FloatArray:
        """Return losses drawn at random from the same portfolio, off the lattice: a check, not the method."""
        checks.whole(draws, name="draws")
        rng = np.random.default_rng(seed)
        book = self.portfolio
        codes = np.full(len(book.loss), -1) if book.sector is None else book.sector.factorize()[0]
        own = np.sqrt(1 - book.correlation - np.where(codes >= 0, book.sector_correlation, 0.0))
        threshold = ndtri(np.minimum(book.p.cumsum(axis=1), 1.0))
        step = max(1, _DRAWS_AT_ONCE // max(len(codes), 1))
        result = np.empty(draws)
        for start in range(0, draws, step):
            part = result[start : start + step]
            state = own * rng.standard_normal((part.size, len(codes)))
            state += np.sqrt(book.correlation) * rng.standard_normal((part.size, 1))
            of_sector = np.sqrt(book.sector_correlation) * rng.standard_normal((part.size, codes.max() + 2))
            of_sector[:, -1] = 0.0  # whose sector is unknown has code -1
            state += of_sector[:, codes]
            lost = np.zeros_like(state)
            for way in reversed(range(book.p.shape[1])):
                lost = np.where(state < threshold[:, way], book.loss[:, way], lost)
            part[:] = lost.sum(axis=1)
        return result

    def _at(self, level: float) -> tuple[Window, float]:
        """Return the finest window that shows the quantile, and the quantile."""
        checks.fraction(level, name="level")
        window = next((w for w in reversed(self.windows) if w.cumulative[-1] >= level - _TIE), self.windows[0])
        place = min(int(np.searchsorted(window.cumulative, level - _TIE)), len(window.probabilities) - 1)
        return window, place * window.step

    def _parts(self, step: float, ranges: FloatArray) -> FloatArray:
        """Return E[X_i g(loss)] in steps for each account and each g, a row of ``ranges``, which end its window."""
        nodes, limit = self.nodes, ranges.shape[1]
        laws = nodes.laws(step=step, limit=limit)
        before, after = [np.ones((nodes.economy.size, 1))], [np.ones((nodes.economy.size, 1))]
        for law in laws[:-1]:
            before.append(lattice.convolve(before[-1], law, limit=limit))
        for law in laws[:0:-1]:
            after.append(lattice.convolve(after[-1], law, limit=limit))
        result = np.zeros((len(ranges), len(self.portfolio.loss)))
        for group, first, then in zip(nodes.groups, before, reversed(after), strict=False):
            others = lattice.convolve(first, then, limit=limit)
            at = nodes.points(group, step=step, limit=limit)
            given = lattice.correlate(ranges[:, None], others, length=at.length)
            weight = (group.mixing * nodes.economy[:, None]).T @ given
            result[:, group.members] = lattice.parts(at, group.p, weight)
        return result


def loss_distribution(
    stake: ArrayLike,
    p_loss: ArrayLike,
    *,
    severity: ArrayLike = 1.0,
    sector: Iterable[object] | None = None,
    correlation: float = 0.0,
    sector_correlation: float = 0.0,
    shrinkage: pd.DataFrame | None = None,
) -> LossDistribution:
    """Return the law of what is lost in all when each account may be lost, dependent through economy and sector.

    Parameters
    ----------
    stake, p_loss : array or Series, one entry an account
        Money a year at risk, 0 or more, and the probability of losing it, 0..1. Series go by their common index.
    severity : float or array
        Part of the stake that is not recovered, 0 or more.
    sector : array or Series, optional
        Who shares a sector factor; with a missing one, an account depends on the economy alone.
    correlation, sector_correlation : float
        Between the latent states of any two accounts, and on top of it of two in one sector; 0, or from 0.0001 up, and
        together at most 0.99.
    shrinkage : DataFrame, optional
        Columns ``p`` and ``severity``: the account stays, but that part of its stake goes; excludes the full loss.

    Returns
    -------
    LossDistribution
        Source: the two-factor Gaussian threshold model after Vasicek (1987).

    Examples
    --------
    >>> loss = loss_distribution([1.0, 1.0, 1.0, 1.0], 0.5)  # losses 0..4 with 1, 4, 6, 4, 1 sixteenths
    >>> loss.expected, loss.value_at_risk(0.9), round(loss.expected_shortfall(0.9), 3), loss.probability_above(3)
    (2.0, 3.0, 3.625, 0.0625)
    """
    accounts = inputs.accounts_of(stake)
    sizes = inputs.aligned(stake, accounts, name="stake", low=0.0)
    ways = [
        (
            inputs.aligned(p_loss, accounts, name="p_loss", low=0.0, high=1.0),
            inputs.aligned(severity, accounts, name="severity"),
        )
    ]
    if shrinkage is not None:
        checks.columns(shrinkage, ["p", "severity"], name="shrinkage")
        ways.append((
            inputs.aligned(shrinkage["p"], accounts, name="p in shrinkage", low=0.0, high=1.0),
            inputs.aligned(shrinkage["severity"], accounts, name="severity in shrinkage"),
        ))  # fmt: skip
        if (ways[0][0] + ways[1][0] > 1 + _TIE).any():
            raise checks.KamlibError("p_loss and p in shrinkage sum to more than 1 somewhere; they exclude each other.")
    return LossDistribution.of(
        Portfolio(
            accounts,
            np.stack([sizes * share for _, share in ways], axis=1),
            np.stack([p for p, _ in ways], axis=1),
            inputs.sectors_of(sector, accounts, sector_correlation),
            *inputs.correlations(correlation, sector_correlation),
        )
    )
