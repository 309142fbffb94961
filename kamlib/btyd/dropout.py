"""Customers who may stop after each purchase: BG/NBD, MBG/NBD, BG/CNBD-k, MBG/CNBD-k.

One likelihood covers the four. Purchases are every k-th event of a Poisson process of rate lambda, so that intervals
are Erlang-k and the more regular the larger k; lambda ~ Gamma(r, rate alpha). After each repeat purchase a customer
stops with probability p ~ Beta(a, b); in the modified (M) models also after the first purchase. A customer with x
repeat purchases has passed or failed m such tosses: m = x, modified m = x + 1. With s = r + k x and
u = (T - t_x) / (alpha + T),

    L = B(a, b + m) / B(a, b) * Gamma(s) / Gamma(r) * alpha^r / (alpha + T)^s * (A + D)
    A = sum of (s)_j / j! * u^j over j < k          still a customer, j events into the next interval
    D = a / (b + m - 1) * ((alpha + T) / (alpha + t_x))^s          stopped at t_x; 0 where m = 0

Sources: Fader, Hardie & Lee 2005 (Marketing Science 24(2)), equation 6, for
BG/NBD; Batislam, Denizel & Filiztekin 2007
(International Journal of Research in Marketing 24(3)) and Hoppe & Wagner 2007 (Marketing JRM 29(2)) for MBG/NBD;
Reutterer, Platzer & Schroeder 2020 (International Journal of Research in Marketing) for k > 1.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, ClassVar, Final, Self

import numpy as np
import pandas as pd
from scipy.special import betaln, digamma, expit, gammaln

from kamlib import checks
from kamlib.btyd.histories import Histories, fittable, histories
from kamlib.btyd.model import PurchaseModel
from kamlib.btyd.quadrature import beta_nodes, purchases_ahead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

MOST_REGULAR: Final = 12  # k tried; a coefficient of variation of 0.29, as regular as calendars get


class DropoutAtPurchase(PurchaseModel):
    """The four models in one; ``k`` None is chosen by likelihood, and ``k_`` is the one chosen."""

    names = ("r", "alpha", "a", "b")
    timed = (False, True, False, False)
    modified: ClassVar[bool]

    k_: int

    def __init__(self, k: int | None = None) -> None:
        self.k = k
        if k is not None:
            self.k_ = checks.whole(k, name="k")

    def fit(
        self,
        frequency: ArrayLike,
        recency: ArrayLike,
        T: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        log_intervals: ArrayLike | None = None,
    ) -> Self:
        """Estimate the parameters by maximum likelihood, and k, if it was not given.

        Parameters
        ----------
        frequency, recency, T : array
            As `summary` returns them: repeat purchases; time of the last purchase and length of the observation, both
            since the first purchase and in the same unit.
        weights : array, optional
            Number of customers that each row stands for.
        log_intervals : array, optional
            Sum of the natural logarithms of a customer's intervals between purchases, in that unit. It tells how
            regular they are, and so serves the choice of k only. Without it, k is chosen by the likelihood of the
            three columns, in which little of the regularity is left.

        Raises
        ------
        KamlibError
            If the columns contradict each other, the data can't carry a model, or the fit never left its start.
        """
        sample = histories(frequency, recency, T, weights, log_intervals=log_intervals)
        fittable(sample)
        if self.k is not None:
            return self._fit(sample)
        best = self._candidate(1, sample)
        for k in range(2, MOST_REGULAR + 1):
            candidate = self._candidate(k, sample)
            if candidate.log_likelihood_ <= best.log_likelihood_:
                break
            best = candidate
        vars(self).update(vars(best))
        return self

    def _candidate(self, k: int, sample: Histories) -> Self:
        model = copy.copy(self)
        model.k_ = k
        return model._fit(sample)  # noqa: SLF001 - of this class

    @property
    def _events(self) -> int:
        if not hasattr(self, "k_"):
            raise checks.KamlibError(f"{type(self).__name__} has no k yet; give it, or call fit, which chooses it.")
        return self.k_

    def _timing(self, sample: Histories) -> float:
        """Return what the timing of purchases adds to the likelihood, against k = 1, for which it is uniform."""
        k, x = self._events, sample.frequency
        if sample.log_intervals is not None:
            return float(sample.weights @ ((k - 1) * sample.log_intervals - x * gammaln(k)))
        came = x > 0
        x, t_x = x[came], sample.recency[came]
        return float(sample.weights[came] @ ((k - 1) * x * np.log(t_x) + gammaln(x) - gammaln(k * x)))

    def _starts(self, rate: float) -> Iterable[tuple[float, ...]]:
        # Who has stopped buys no more, so those who haven't buy faster than all do on average.
        for r in (0.3, 1.0, 3.0):
            for a, b in ((0.8, 2.5), (0.3, 5.0), (1.0, 15.0)):
                yield r, r / (1.5 * rate * self._events), a, b

    def _log_likelihood(self, params: tuple[float, ...], rows: Histories) -> tuple[float, FloatArray]:
        r, alpha, a, b = params
        x, place, customers = rows.levels
        s, m = r + self._events * x, x + self.modified
        stop = np.full_like(x, -np.inf)
        stop[m > 0] = np.log(a) - np.log(b + m[m > 0] - 1)
        spread = digamma(a + b) - digamma(a + b + m)
        value = customers @ (betaln(a, b + m) - betaln(a, b) + gammaln(s) - gammaln(r) + r * np.log(alpha))
        slope_r = customers @ (digamma(s) - digamma(r) + np.log(alpha))
        slope_alpha = customers.sum() * r / alpha
        slope_a = customers @ spread
        slope_b = customers @ (spread + digamma(b + m) - digamma(b))
        for block in rows.blocks():
            w, level = rows.weights[block], place[block]
            s_of, end, last = s[level], alpha + rows.T[block], alpha + rows.recency[block]
            log_end = np.log(end)
            log_ratio = log_end - np.log(last)
            log_stopped = stop[level] + s_of * log_ratio
            if self._events == 1:
                log_sum = _softplus(log_stopped)
            else:
                within, within_r, within_alpha = _still(s_of, 1 - last / end, end, self._events)
                log_sum = np.logaddexp(np.log(within), log_stopped)
                going = w * np.exp(-log_sum)  # times `within` it is the weight of those who go on
                slope_r += going @ within_r
                slope_alpha += going @ within_alpha
            stopped = w * np.exp(log_stopped - log_sum)
            value += w @ (log_sum - s_of * log_end)
            slope_r += stopped @ log_ratio - w @ log_end
            slope_alpha += stopped @ (s_of * (1 / end - 1 / last)) - w @ (s_of / end)
            at_level = np.bincount(level, weights=stopped, minlength=x.size)
            slope_a += at_level.sum() / a
            slope_b -= at_level[m > 0] @ (1 / (b + m[m > 0] - 1))
        return float(value), np.array([slope_r, slope_alpha, slope_a, slope_b])

    # --- what follows for a customer ------------------------------------------------------------------------------

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, *, t: float = 0.0) -> FloatArray:
        """Return the probability that a customer is still one at ``t`` after the end of its observation.

        Parameters
        ----------
        frequency, recency, T : array
            As in `fit`.
        t : float
            Time ahead, whatever happens within it. For the probability given that nothing happens, add it to ``T``.

        Examples
        --------
        >>> model = BGNBD().at(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> model.p_alive([0, 2], [0.0, 30.43], [38.86, 38.86]).round(3)
        array([1.   , 0.727])
        """
        rows, times = self._asked(t, frequency, recency, T)
        now = np.exp(self._log_alive(rows))
        return now * self._ahead(rows, times)[1] if times.any() else now

    def expected_purchases(self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the purchases to expect within ``t`` after the end of the observation.

        Exact for every k: the expectation over lambda is in closed form, that over p by quadrature.

        Parameters
        ----------
        t : float or array
            Time ahead, in the unit of ``T``.
        frequency, recency, T : array
            As in `fit`.
        """
        rows, times = self._asked(t, frequency, recency, T)
        return np.exp(self._log_alive(rows)) * self._ahead(rows, times)[0]

    def probability_of_no_purchase(
        self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the probability of no purchase within ``t`` after the end of the observation.

        Parameters
        ----------
        t : float or array
            Time ahead, in the unit of ``T``.
        frequency, recency, T : array
            As in `fit`.
        """
        rows, times = self._asked(t, frequency, recency, T)
        alive, phases, shape, end = self._posterior(rows)
        events = np.zeros_like(alive)
        more = times / (end + times)
        for phase, probability in enumerate(phases):
            term = probability * ((1 - more) ** (shape + phase))
            for n in range(self._events - phase):  # fewer events than the next purchase takes
                events += term
                term = term * more * (shape + phase + n) / (n + 1)
        return 1 - alive + alive * np.minimum(events, 1.0)

    def simulate(self, T: ArrayLike, *, seed: int = 0) -> pd.DataFrame:
        """Draw customers that are observed for ``T`` after their first purchase.

        Parameters
        ----------
        T : array
            Length of observation, one entry a customer.
        seed : int

        Returns
        -------
        DataFrame
            ``frequency``, ``recency``, ``T``, ``log_intervals`` as in `fit`, and ``alive``, which no ledger tells.
        """
        r, alpha, a, b = self._parameters()
        length = checks.numbers(T, name="T")
        rng = np.random.default_rng(seed)
        k, n = self._events, length.size
        events = rng.poisson(rng.gamma(r, 1 / alpha, n) * length)
        lifetime = _tosses(rng, rng.beta(a, b, n)) - self.modified
        x = np.minimum(events // k, lifetime)
        came = x > 0
        t_x = np.zeros(n)
        # The k x-th of the events, which are uniform on the time observed.
        t_x[came] = length[came] * rng.beta(k * x[came], events[came] - k * x[came] + 1)
        shares = rng.gamma(k, size=int(x.sum()))
        customer = np.repeat(np.arange(n), x)
        sums = np.bincount(customer, weights=shares, minlength=n)
        logs = np.log(shares * (t_x / np.where(came, sums, 1.0))[customer])
        columns = {"frequency": x, "recency": t_x, "T": length}
        columns |= {"log_intervals": np.bincount(customer, weights=logs, minlength=n), "alive": lifetime > events // k}
        return pd.DataFrame(columns)

    def _future(self, rng: np.random.Generator, t: FloatArray, rows: Histories) -> NDArray[np.int64]:
        _, _, a, b = self._parameters()
        alive, phases, shape, end = self._posterior(rows)
        n = len(rows)
        phase = (rng.random(n) > np.cumsum(phases, axis=0)[:-1]).sum(axis=0)
        events = phase + rng.poisson(rng.gamma(shape + phase) / end * t)
        allowed = _tosses(rng, rng.beta(a, b + rows.frequency + self.modified))
        return np.where(rng.random(n) < alive, np.minimum(events // self._events, allowed), 0)

    def _log_alive(self, rows: Histories) -> FloatArray:
        r, alpha, a, b = self._parameters()
        s, m = r + self._events * rows.frequency, rows.frequency + self.modified
        end, last = alpha + rows.T, alpha + rows.recency
        within = np.log(_still(s, 1 - last / end, end, self._events)[0])
        stop = np.full_like(s, -np.inf)
        stop[m > 0] = np.log(a) - np.log(b + m[m > 0] - 1)
        return within - np.logaddexp(within, stop + s * np.log(end / last))

    def _posterior(self, rows: Histories) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return P(alive), P(phase | alive), and shape and rate of lambda's gamma; phase j adds j to the shape."""
        r, alpha, _, _ = self._parameters()
        s, end = r + self._events * rows.frequency, alpha + rows.T
        u = 1 - (alpha + rows.recency) / end
        terms = np.ones((self._events, len(rows)))
        for j in range(1, self._events):
            terms[j] = terms[j - 1] * u * (s + j - 1) / j
        return np.exp(self._log_alive(rows)), terms / terms.sum(axis=0), s, end

    def _ahead(self, rows: Histories, t: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return, given alive at T: expected purchases within ``t``, and the probability to be alive after it."""
        _, _, a, b = self._parameters()
        _, phases, shape, end = self._posterior(rows)
        purchases, lasting = np.empty(len(rows)), np.empty(len(rows))
        for block in rows.blocks(2**12):
            beta = b + rows.frequency[block] + self.modified
            logit, weight = beta_nodes(a, beta)
            count = purchases_ahead(logit, (t / end)[block], shape[block], phases[:, block])
            purchases[block] = (weight * count).sum(axis=0)
            lasting[block] = 1 - (weight * expit(logit) * count).sum(axis=0)
        return purchases, np.clip(lasting, 0.0, 1.0)


class BGNBD(DropoutAtPurchase):
    """BG/NBD: random intervals, a chance to stop after each repeat purchase.

    Every customer that bought once only counts as a customer still; MBG/NBD and MBG/CNBD-k mend that. Parameters as in
    the module's text with k = 1; Fader, Hardie & Lee 2005, equation 6.

    Examples
    --------
    >>> drawn = BGNBD().at(r=0.5, alpha=5.0, a=0.8, b=2.5).simulate([40.0] * 3000, seed=1)
    >>> BGNBD().fit(drawn["frequency"], drawn["recency"], drawn["T"]).diagnosis_.value
    'converged'
    """

    modified = False

    def __init__(self) -> None:
        super().__init__(k=1)


class MBGNBD(DropoutAtPurchase):
    """MBG/NBD: as BG/NBD, with a chance to stop after the first purchase, too (Batislam et al. 2007)."""

    modified = True

    def __init__(self) -> None:
        super().__init__(k=1)


class BGCNBDk(DropoutAtPurchase):
    """BG/CNBD-k: as BG/NBD, with Erlang-k intervals (Reutterer et al. 2020); k None is chosen by likelihood."""

    modified = False


class MBGCNBDk(DropoutAtPurchase):
    """MBG/CNBD-k: Erlang-k intervals, a chance to stop after each purchase (Reutterer et al. 2020).

    The model for firms, which order in rhythms: silence counts the more, the more regular the orders were.

    Parameters
    ----------
    k : int, optional
        Regularity; None: chosen by likelihood up to 12.

    Examples
    --------
    >>> drawn = MBGCNBDk(k=3).at(r=2.0, alpha=1.0, a=0.5, b=3.0).simulate([40.0] * 500, seed=1)
    >>> columns = drawn["frequency"], drawn["recency"], drawn["T"]
    >>> MBGCNBDk().fit(*columns, log_intervals=drawn["log_intervals"]).k_
    3
    """

    modified = True


def _tosses(rng: np.random.Generator, p: FloatArray) -> NDArray[np.int64]:
    """Draw how many purchases it takes until a customer stops; numpy's own geometric overflows near p = 0."""
    with np.errstate(divide="ignore"):
        tosses = np.ceil(np.log(rng.random(p.size)) / np.log1p(-p))
    return np.clip(np.where(p > 0, tosses, np.inf), 1, 2**53).astype(np.int64)


def _softplus(x: FloatArray) -> FloatArray:
    """Return log(1 + e^x); numpy's logaddexp does the same in four times the time."""
    result: FloatArray = np.maximum(x, 0.0) + np.log(1 + np.exp(-np.abs(x)))
    return result


def _still(s: FloatArray, u: FloatArray, end: FloatArray, k: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return A of the module's text and its derivatives in r and in alpha."""
    term = np.ones_like(s)
    total, by_r, by_alpha = term.copy(), np.zeros_like(s), np.zeros_like(s)
    harmonic = np.zeros_like(s)
    for j in range(1, k):
        term = term * u * (s + j - 1) / j
        harmonic = harmonic + 1 / (s + j - 1)
        total += term
        by_r += term * harmonic
        by_alpha -= j * term / end  # u falls by u / (alpha + T) for each unit of alpha
    return total, by_r, by_alpha
