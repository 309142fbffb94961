"""What a customer spends a purchase: the gamma-gamma model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from scipy.special import digamma, gammaln
from scipy.stats import chi2

from kamlib import checks
from kamlib.btyd import fitting
from kamlib.btyd.histories import FEWEST
from kamlib.btyd.model import Fitted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

_STARTS: Final = ((1.0, 2.0, 1.0), (5.0, 3.0, 0.5), (1.0, 5.0, 5.0))  # the mean spend is 1


@dataclass(frozen=True)
class Independence:
    """Whether those who buy more often spend more or less a purchase, which the gamma-gamma model rules out.

    Parameters
    ----------
    elasticity : float
        Spend a purchase is proportional to purchases to this power; 0 where they are independent.
    statistic, p_value : float
        Likelihood-ratio test of elasticity = 0, chi-squared with one degree of freedom.
    """

    elasticity: float
    statistic: float
    p_value: float

    def holds(self, *, level: float = 0.05) -> bool:
        """Tell whether independence survives the test at ``level``; with many customers, look at the elasticity."""
        return self.p_value >= checks.fraction(level, name="level")


class GammaGamma(Fitted):
    """Spend a purchase is Gamma(p, rate nu), nu ~ Gamma(q, rate gamma) over customers, apart from how often they buy.

    Fader & Hardie 2013 ("The Gamma-Gamma Model of Monetary Value"), equation 1a.

    Attributes
    ----------
    independence_ : Independence
        The test of the model's own assumption.

    Examples
    --------
    >>> model = GammaGamma().at(p=6.25, q=3.74, gamma=15.44)
    >>> model.expected_spend([1, 10], [100.0, 100.0]).round(2)
    array([80.26, 97.28])
    """

    names = ("p", "q", "gamma")

    independence_: Independence

    def fit(self, frequency: ArrayLike, monetary_value: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Estimate the parameters by maximum likelihood and test the independence that the model assumes.

        Parameters
        ----------
        frequency : array
            Purchases that the mean is over; ``purchases`` of `summary`.
        monetary_value : array
            Mean spend a purchase, above 0; ``monetary_value`` of `summary`.
        weights : array, optional
            Number of customers that each row stands for.

        Raises
        ------
        KamlibError
            If there is a customer without purchase or spend, nobody with two purchases, or too few customers.
        """
        x, z = _spends(frequency, monetary_value)
        w = np.ones_like(x) if weights is None else checks.numbers(weights, name="weights")
        if w.size != x.size or (w <= 0).any():
            raise checks.KamlibError(f"weights must be {x.size} numbers above 0, one an entry of frequency.")
        if (x < 1).any():
            raise checks.KamlibError("frequency must be 1 or more: who bought nothing has no spend; leave it out.")
        if w.sum() < FEWEST or x.max() < 2:
            raise checks.KamlibError(
                f"the spend of {w.sum():g} customers with at most {x.max():g} purchases can't carry a model; "
                f"it takes {FEWEST} customers, some of them with two or more."
            )
        unit = float(np.average(z, weights=w))
        size = float(w.sum())

        def objective(theta: FloatArray) -> tuple[float, FloatArray]:
            elasticity = theta[3] if theta.size > 3 else 0.0
            value, slopes = _log_likelihood(np.exp(theta[:3]), elasticity, x, z / unit, w)
            return value, slopes[: theta.size]

        starts = [np.log(np.array(start)) for start in _STARTS]
        found = fitting.maximise(objective, starts, size=size)
        self._keep(found, found.theta + np.array([0.0, 0.0, np.log(unit)]), found.log_likelihood - size * np.log(unit))
        wider = fitting.maximise(objective, [np.append(found.theta, start) for start in (0.1, -0.1)], size=size)
        statistic = max(0.0, 2 * (wider.log_likelihood - found.log_likelihood))
        self.independence_ = Independence(float(wider.theta[3]), statistic, float(chi2.sf(statistic, df=1)))
        return self

    def expected_spend(self, frequency: ArrayLike, monetary_value: ArrayLike) -> FloatArray:
        """Return the spend to expect of each customer's next purchase: between its own mean and everybody's.

        Parameters
        ----------
        frequency : array
            Purchases so far; 0 for a customer of whom nothing is known.
        monetary_value : array
            Mean spend a purchase; of no account where ``frequency`` is 0.

        Returns
        -------
        array
            Missing where the mean is infinite (p x + q <= 1). Fader & Hardie 2013, equation 5.
        """
        p, q, gamma = self._parameters()
        x, z = _spends(frequency, monetary_value)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(p * x + q > 1, p * (gamma + x * z) / (p * x + q - 1), np.nan)

    def mean_spend(self) -> float:
        """Return the spend a purchase of the average customer, p gamma / (q - 1); missing where it is infinite."""
        return float(self.expected_spend([0.0], [0.0])[0])

    def simulate(self, frequency: ArrayLike, *, seed: int = 0) -> FloatArray:
        """Draw the mean spend a purchase of customers who buy ``frequency`` times each."""
        p, q, gamma = self._parameters()
        x = checks.numbers(frequency, name="frequency")
        rng = np.random.default_rng(seed)
        rate = rng.gamma(q, 1 / gamma, x.size)
        return rng.gamma(p * x) / (rate * x)


def _spends(frequency: ArrayLike, monetary_value: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = checks.numbers(frequency, name="frequency")
    z = checks.numbers(monetary_value, name="monetary_value")
    if z.size != x.size:
        raise checks.KamlibError(f"monetary_value has {z.size} entries, but frequency has {x.size}.")
    if (x < 0).any() or (x != np.floor(x)).any():
        raise checks.KamlibError("frequency must be whole numbers of purchases, none of them negative.")
    if (z[x > 0] <= 0).any():
        raise checks.KamlibError(
            "monetary_value must be above 0 where there are purchases; leave out accounts with more credited than sold."
        )
    return x, z


def _log_likelihood(
    params: FloatArray, elasticity: float, x: FloatArray, z: FloatArray, w: FloatArray
) -> tuple[float, FloatArray]:
    """Return the log-likelihood and its slopes in log p, log q, log gamma and the elasticity."""
    p, q, gamma = params
    log_x = np.log(x)
    scale = gamma * np.exp(elasticity * log_x)  # who buys more often has a larger one where the elasticity is positive
    log_scale, log_sum, n = np.log(scale), np.log(scale + x * z), p * x
    value = gammaln(n + q) - gammaln(n) - gammaln(q) + q * log_scale
    value += n * (log_x + np.log(z)) - np.log(z) - (n + q) * log_sum
    by_p = w @ (x * (digamma(n + q) - digamma(n) + log_x + np.log(z) - log_sum)) * p
    by_q = w @ (digamma(n + q) - digamma(q) + log_scale - log_sum) * q
    by_scale = w * (q - (n + q) * scale / (scale + x * z))
    return float(w @ value), np.array([by_p, by_q, by_scale.sum(), by_scale @ log_x])
