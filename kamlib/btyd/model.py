"""What all buy-till-you-die models have in common: fitting, checks, prediction intervals."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, ClassVar, Final, Self

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.btyd import fitting
from kamlib.btyd.fitting import Diagnosis, Maximum
from kamlib.btyd.histories import Histories, fittable, histories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

_ROUGH: Final = 1_000  # rows that the first climbs see, or
_ROUGH_SHARE: Final = 50  # one in so many, where that is more
_DRAWS: Final = 1_000  # futures a customer, at least


@dataclass(frozen=True)
class Forecast:
    """Purchases to come, each customer's and all together, with intervals.

    Parameters
    ----------
    customers : DataFrame
        One row a customer, in the order given: ``expected``, ``low``, ``high``.
    expected, low, high : float
        The sum over all customers. Its interval is narrower than the sum of theirs, as luck evens out; what is not
        known of the parameters does not.
    level : float
        Probability that an interval is meant to hold.
    """

    customers: pd.DataFrame
    expected: float
    low: float
    high: float
    level: float


class Fitted:
    """The state of a fitted model.

    Attributes
    ----------
    params_ : dict of str to float
    log_likelihood_ : float
        Of the data in their own unit of time.
    diagnosis_ : Diagnosis
    converged_ : bool
        Whether the diagnosis is `Diagnosis.CONVERGED`.
    standard_errors_ : dict of str to float
        By the delta method from the inverse Hessian at the logged parameters; missing where it doesn't exist.
    """

    names: ClassVar[tuple[str, ...]]

    params_: dict[str, float]
    log_likelihood_: float
    diagnosis_: Diagnosis
    standard_errors_: dict[str, float]

    @property
    def converged_(self) -> bool:
        """Whether the fit may be relied on."""
        return self.diagnosis_ is Diagnosis.CONVERGED

    def at(self, **params: float) -> Self:
        """Return a copy of the model at the given parameters, to predict or simulate without a fit."""
        if set(params) != set(self.names):
            raise checks.KamlibError(f"params must be {', '.join(self.names)}; got {', '.join(params) or 'none'}.")
        for name, value in params.items():
            if not 0 < value < np.inf:
                raise checks.KamlibError(f"{name} must be above 0 and finite, got {value!r}.")
        model = copy.copy(self)
        model.params_ = {name: float(params[name]) for name in self.names}
        return model

    def confidence_intervals(self, *, level: float = 0.95) -> pd.DataFrame:
        """Return ``estimate``, ``standard_error``, ``low`` and ``high`` of each parameter, normal on the log scale."""
        values = np.array(self._parameters())
        errors = np.array(list(self.standard_errors_.values()))
        spread = np.exp(NormalDist().inv_cdf((1 + checks.fraction(level, name="level")) / 2) * errors / values)
        table = {"estimate": values, "standard_error": errors, "low": values / spread, "high": values * spread}
        return pd.DataFrame(table, index=pd.Index(self.names, name="parameter"))

    def _parameters(self) -> tuple[float, ...]:
        if not hasattr(self, "params_"):
            raise checks.KamlibError(f"{type(self).__name__} has no parameters yet; call fit first.")
        return tuple(self.params_.values())

    def _keep(self, found: Maximum, theta: FloatArray, log_likelihood: float) -> None:
        fitting.refuse(found.diagnosis, type(self).__name__)
        values = np.exp(theta)
        errors = values * np.sqrt(np.diag(found.covariance))
        self.params_ = dict(zip(self.names, map(float, values), strict=True))
        self.standard_errors_ = dict(zip(self.names, map(float, errors), strict=True))
        self.log_likelihood_ = float(log_likelihood)
        self.diagnosis_ = found.diagnosis


class PurchaseModel(Fitted, ABC):
    """A model of when customers buy and when they silently stop.

    A subclass knows its log-likelihood with gradient and what follows from its parameters; ``timed`` says which of
    the parameters are times and so carry the data's unit.
    """

    timed: ClassVar[tuple[bool, ...]]

    _sample: Histories  # what the model was fitted to
    _maximum: Maximum  # in rescaled time

    # --- what each model brings -----------------------------------------------------------------------------------

    @abstractmethod
    def _starts(self, rate: float) -> Iterable[tuple[float, ...]]:
        """Return parameters to start from, given the purchases per unit of time."""

    @abstractmethod
    def _log_likelihood(self, params: tuple[float, ...], rows: Histories) -> tuple[float, FloatArray]:
        """Return the log-likelihood of the rows and its gradient in the parameters."""

    @abstractmethod
    def _future(self, rng: np.random.Generator, t: FloatArray, rows: Histories) -> NDArray[np.int64]:
        """Draw each customer's purchases in the time ``t`` after its observation."""

    @abstractmethod
    def simulate(self, T: ArrayLike, *, seed: int = 0) -> pd.DataFrame:
        """Draw customers that are observed for ``T`` after their first purchase."""

    @abstractmethod
    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, *, t: float = 0.0) -> FloatArray:
        """Return the probability that a customer is still one at ``t`` after the end of its observation."""

    @abstractmethod
    def expected_purchases(self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the purchases to expect within ``t`` after the end of the observation."""

    @abstractmethod
    def probability_of_no_purchase(
        self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the probability of no purchase within ``t`` after the end of the observation."""

    @property
    def _events(self) -> int:
        """Events of the Poisson process that make a purchase."""
        return 1

    def _timing(self, sample: Histories) -> float:  # noqa: ARG002 - subclasses need it
        """Return the part of the log-likelihood that no parameter touches."""
        return 0.0

    # --- what all share -------------------------------------------------------------------------------------------

    def fit(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        frequency, recency, T : array
            As `summary` returns them: repeat purchases; time of the last purchase and length of the observation, both
            since the first purchase and in the same unit.
        weights : array, optional
            Number of customers that each row stands for.

        Raises
        ------
        KamlibError
            If the columns contradict each other, the data can't carry a model, or the fit never left its start.
        """
        sample = histories(frequency, recency, T, weights)
        fittable(sample)
        return self._fit(sample)

    def _fit(self, sample: Histories, start: Maximum | None = None) -> Self:
        unit = float(np.average(sample.T, weights=sample.weights))
        rows = sample.compressed().rescaled(unit)
        size = float(rows.weights.sum())
        rate = float(rows.weights @ rows.frequency / (rows.weights @ rows.T))
        starts = [np.log(np.array(params)) for params in self._starts(rate)] if start is None else [start.theta]
        rough = None
        if start is None and len(rows) > 2 * _ROUGH:
            few = rows.take(slice(None, None, min(len(rows) // _ROUGH, _ROUGH_SHARE)))
            rough = self._objective(few, per=float(few.weights.sum()))
        found = fitting.maximise(self._objective(rows), starts, size=size, rough=rough)
        theta = found.theta + np.log(unit) * np.array(self.timed)
        densities = self._events * float(rows.weights @ rows.frequency)  # an event's time enters as a density
        self._keep(found, theta, found.log_likelihood - densities * np.log(unit) + self._timing(sample))
        self._sample, self._maximum = sample, found
        return self

    def _objective(self, rows: Histories, per: float = 1.0) -> fitting.LogLikelihood:
        def objective(theta: FloatArray) -> tuple[float, FloatArray]:
            params = np.exp(theta)
            value, gradient = self._log_likelihood(tuple(params), rows)
            return value / per, gradient * params / per

        return objective

    def expected_purchases_of_a_new_customer(self, t: ArrayLike) -> FloatArray:
        """Return the repeat purchases to expect of a customer within ``t`` after its first purchase."""
        times = _times(t)
        nothing = np.zeros_like(times)
        return self.expected_purchases(times, nothing, nothing, nothing)

    def forecast(
        self,
        t: ArrayLike,
        frequency: ArrayLike,
        recency: ArrayLike,
        T: ArrayLike,
        *,
        level: float = 0.95,
        replicates: int = 50,
        seed: int = 0,
    ) -> Forecast:
        """Predict the purchases within ``t`` with intervals, by parametric bootstrap.

        Each replicate simulates the customers that the model was fitted to, fits the model to them again, and draws
        futures of the customers given from it: so the intervals hold both what is not known of the parameters
        and what chance does. It takes memory for 1,000 draws a customer (4 kB).

        Parameters
        ----------
        t : float or array
            Time ahead, in the unit of ``T``.
        frequency, recency, T : array
            Histories of the customers to predict; they need not be those of the fit.
        level : float
            Probability that an interval is to hold.
        replicates : int
            Times that the model is fitted anew.
        seed : int

        Raises
        ------
        KamlibError
            If the model was not fitted, or to rows whose weights are no whole numbers of customers.
        """
        rows, times = self._asked(t, frequency, recency, T)
        checks.fraction(level, name="level")
        checks.whole(replicates, name="replicates")
        observed = self._observed()
        rng = np.random.default_rng(seed)
        expected = self.expected_purchases(times, rows.frequency, rows.recency, rows.T)
        futures = -(-_DRAWS // replicates)
        draws = np.empty((replicates * futures, len(rows)), dtype=np.int32)
        for replicate in range(replicates):
            model = self._refitted(observed, seed=int(rng.integers(2**63)))
            for future in range(futures):
                draws[replicate * futures + future] = model._future(rng, times, rows)  # noqa: SLF001 - of this class
        tails = ((1 - level) / 2, (1 + level) / 2)
        low, high = np.quantile(draws, tails, axis=0)
        total_low, total_high = np.quantile(draws.sum(axis=1, dtype=np.int64), tails)
        customers = pd.DataFrame({"expected": expected, "low": low, "high": high})
        return Forecast(customers, float(expected.sum()), float(total_low), float(total_high), level)

    def _observed(self) -> FloatArray:
        """Return the length of observation of each customer that the model was fitted to."""
        if not hasattr(self, "_sample"):
            raise checks.KamlibError(f"{type(self).__name__} was not fitted, so nothing is known of its uncertainty.")
        weights = self._sample.weights
        if (weights != np.floor(weights)).any():
            raise checks.KamlibError("weights must be whole numbers of customers where they are to be simulated.")
        return np.repeat(self._sample.T, weights.astype(np.int64))

    def _refitted(self, observed: FloatArray, *, seed: int) -> PurchaseModel:
        drawn = self.simulate(observed, seed=seed)
        sample = histories(drawn["frequency"], drawn["recency"], drawn["T"])
        return copy.copy(self)._fit(sample, start=self._maximum)  # noqa: SLF001 - of this class

    def _asked(
        self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
    ) -> tuple[Histories, FloatArray]:
        """Return checked histories, and the time ahead of each."""
        self._parameters()
        rows = histories(frequency, recency, T)
        times = _times(t)
        if times.size not in {1, len(rows)}:
            raise checks.KamlibError(f"t has {times.size} entries, but frequency has {len(rows)}.")
        return rows, np.broadcast_to(times, len(rows)).copy()


def _times(t: ArrayLike) -> FloatArray:
    times = checks.numbers(np.atleast_1d(np.asarray(t)), name="t")
    if (times < 0).any():
        raise checks.KamlibError(f"t must not be negative; it is the time ahead, got {times.min():g}.")
    return times
