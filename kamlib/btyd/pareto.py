"""Customers who may stop at any time: Pareto/NBD.

Purchases are a Poisson process of rate lambda ~ Gamma(r, rate alpha) until the customer stops, after a time that is
exponential with rate mu ~ Gamma(s, rate beta). Averaged over both, the moment tau of the stop left under an integral,

    L = Gamma(r + x) / Gamma(r) * alpha^r / (alpha + T)^(r + x) * (beta / (beta + T))^s * (1 + D)
    D = integral over tau from t_x to T of
        s / (beta + tau) * ((alpha + T) / (alpha + tau))^(r + x) * ((beta + T) / (beta + tau))^s

which is the likelihood of Schmittlein, Morrison & Colombo 1987 (Management Science 33(1)), written with hypergeometric
functions there and in Fader & Hardie 2005 ("A note on deriving the Pareto/NBD model and related expressions"). As an
integral it is cheap, has simple derivatives, and neither overflows nor cancels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import digamma, exprel, gammaln

from kamlib import checks
from kamlib.btyd.model import PurchaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from kamlib.btyd.histories import Histories
    from kamlib.checks import FloatArray

_NODES, _WEIGHTS = (values / 2 for values in np.polynomial.legendre.leggauss(18))
_NODES = _NODES + 0.5  # on 0..1
_REACH: Final = 28.0  # e^-28 of the integrand's largest value is left out; D is good to nine digits
_BLOCK: Final = 2**11


class ParetoNBD(PurchaseModel):
    """Pareto/NBD: random intervals, a chance to stop at any moment (parametrisation: the module's text).

    Examples
    --------
    >>> drawn = ParetoNBD().at(r=0.6, alpha=10.0, s=0.6, beta=12.0).simulate([40.0] * 3000, seed=1)
    >>> ParetoNBD().fit(drawn["frequency"], drawn["recency"], drawn["T"]).diagnosis_.value
    'converged'
    """

    names = ("r", "alpha", "s", "beta")
    timed = (False, True, False, True)

    def _starts(self, rate: float) -> Iterable[tuple[float, ...]]:
        for r in (0.3, 1.0, 3.0):
            for s, beta in ((0.5, 0.5), (0.5, 5.0), (2.0, 2.0)):  # time is rescaled: T is 1 on average
                yield r, r / (1.5 * rate), s, beta

    def _log_likelihood(self, params: tuple[float, ...], rows: Histories) -> tuple[float, FloatArray]:
        r, alpha, s, beta = params
        x, place, customers = rows.levels
        total = customers.sum()
        value = customers @ (gammaln(r + x) - gammaln(r)) + total * (r * np.log(alpha) + s * np.log(beta))
        slopes = np.array(
            [
                customers @ (digamma(r + x) - digamma(r)) + total * np.log(alpha),
                total * r / alpha,
                total * np.log(beta),
                total * s / beta,
            ]
        )
        for block in rows.blocks(_BLOCK):
            w, power = rows.weights[block], r + x[place[block]]
            end_a, end_b = alpha + rows.T[block], beta + rows.T[block]
            log_stopped, by = _stopped(params, power, rows.recency[block], rows.T[block])
            log_sum = np.maximum(log_stopped, 0.0) + np.log(1 + np.exp(-np.abs(log_stopped)))
            stopped = w * np.exp(log_stopped - log_sum)
            log_a, log_b = np.log(end_a), np.log(end_b)
            value += w @ (log_sum - power * log_a - s * log_b)
            slopes += by @ stopped
            slopes -= [w @ log_a, w @ (power / end_a), w @ log_b, w @ (s / end_b)]
        return float(value), slopes

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
        >>> model = ParetoNBD().at(r=0.553, alpha=10.578, s=0.606, beta=11.669)
        >>> model.p_alive([0, 2], [0.0, 30.43], [38.86, 38.86]).round(3)
        array([0.295, 0.869])
        """
        rows, times = self._asked(t, frequency, recency, T)
        _, _, s, beta = self._parameters()
        return self._alive(rows) * ((beta + rows.T) / (beta + rows.T + times)) ** s

    def expected_purchases(self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the purchases to expect within ``t`` after the end of the observation.

        Parameters
        ----------
        t : float or array
            Time ahead, in the unit of ``T``.
        frequency, recency, T : array
            As in `fit`.
        """
        rows, times = self._asked(t, frequency, recency, T)
        r, alpha, s, beta = self._parameters()
        log_growth = np.log1p(times / (beta + rows.T))
        lasting = (beta + rows.T) * log_growth * exprel((1 - s) * log_growth)  # time as a customer, given alive
        return self._alive(rows) * (r + rows.frequency) / (alpha + rows.T) * lasting

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
        r, alpha, s, beta = self._parameters()
        alive, end_a, end_b = self._alive(rows), alpha + rows.T, beta + rows.T
        # A customer alive is a new one with sharper gammas: the likelihood of nothing in a first time of t.
        none = -(r + rows.frequency) * np.log1p(times / end_a) - s * np.log1p(times / end_b)
        for block in rows.blocks(_BLOCK):
            params = (r, end_a[block], s, end_b[block])
            stopped = _stopped(params, r + rows.frequency[block], np.zeros_like(end_a[block]), times[block])[0]
            none[block] += np.logaddexp(0.0, stopped)
        return 1 - alive + alive * np.exp(np.minimum(none, 0.0))

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
            ``frequency``, ``recency``, ``T`` as in `fit`, and ``alive``, which no ledger tells.
        """
        r, alpha, s, beta = self._parameters()
        length = checks.numbers(T, name="T")
        rng = np.random.default_rng(seed)
        rate = rng.gamma(r, 1 / alpha, length.size)
        lifetime = _lifetime(rng, rng.gamma(s, 1 / beta, length.size))
        active = np.minimum(lifetime, length)
        x = rng.poisson(rate * active)
        last = active * rng.beta(np.maximum(x, 1), 1.0)  # the largest of x uniform moments
        return pd.DataFrame({
            "frequency": x, "recency": np.where(x > 0, last, 0.0), "T": length, "alive": lifetime > length,
        })  # fmt: skip

    def _future(self, rng: np.random.Generator, t: FloatArray, rows: Histories) -> NDArray[np.int64]:
        r, alpha, s, beta = self._parameters()
        rate = rng.gamma(r + rows.frequency) / (alpha + rows.T)
        lifetime = _lifetime(rng, rng.gamma(s, size=len(rows)) / (beta + rows.T))
        alive = rng.random(len(rows)) < self._alive(rows)
        return np.where(alive, rng.poisson(rate * np.minimum(lifetime, t)), 0)

    def _alive(self, rows: Histories) -> FloatArray:
        params = self._parameters()
        result = np.empty(len(rows))
        for block in rows.blocks(_BLOCK):
            power = params[0] + rows.frequency[block]
            log_stopped, _ = _stopped(params, power, rows.recency[block], rows.T[block])
            result[block] = np.exp(-np.logaddexp(0.0, log_stopped))
        return result


def _lifetime(rng: np.random.Generator, rate: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return rng.standard_exponential(rate.size) / rate


def _stopped(
    params: tuple[float | FloatArray, ...], power: FloatArray, start: FloatArray, end: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return log D of the module's text, and its derivatives (4, rows) in r, alpha, s and beta.

    Gauss-Legendre in y = log(c + tau), c the smaller of alpha and beta, in which the integrand is smooth whatever the
    parameters; where it falls steeply, only the part that counts is integrated over.
    """
    _, alpha, s, beta = params
    c = np.minimum(alpha, beta)
    first = c + start
    fall = power * first / (alpha + start) + (s + 1) * first / (beta + start) - 1  # of log integrand, at the start
    length = np.log1p((end - start) / first)
    steep = fall * length > _REACH
    length = np.where(steep, _REACH / np.where(steep, fall, 1.0), length)
    since = first[:, None] * np.expm1(length[:, None] * _NODES)  # tau - t_x
    grown_a, grown_b = since / np.atleast_1d(alpha + start)[:, None], since / np.atleast_1d(beta + start)[:, None]
    log_a, log_b = np.log1p(grown_a), np.log1p(grown_b)
    exponent = length[:, None] * _NODES - power[:, None] * log_a - (s + 1) * log_b
    mass = _WEIGHTS * np.exp(exponent)
    total = mass.sum(axis=1)

    def mean(values: FloatArray) -> FloatArray:
        """Average over the moments at which the customer may have stopped."""
        average: FloatArray = np.einsum("ij,ij->i", mass, values) / total
        return average

    whole_a, whole_b = np.log((alpha + end) / (alpha + start)), np.log((beta + end) / (beta + start))
    with np.errstate(divide="ignore"):  # no time between last purchase and end: no stop
        value = np.log(s * total * length * first / (beta + start)) + power * whole_a + s * whole_b
    inverse_a = mean(1 / (1 + grown_a)) / (alpha + start)
    inverse_b = mean(1 / (1 + grown_b)) / (beta + start)
    slopes = np.array(
        [
            whole_a - mean(log_a),
            power * (1 / (alpha + end) - inverse_a),
            1 / s + whole_b - mean(log_b),
            s / (beta + end) - (s + 1) * inverse_b,
        ]
    )
    return value, slopes
