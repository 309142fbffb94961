"""Maximum likelihood in a few positive parameters: several starts, a last step by Newton, and an honest diagnosis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from scipy.optimize import minimize

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kamlib.checks import FloatArray

# From logged parameters to the log-likelihood and its gradient.
LogLikelihood: TypeAlias = "Callable[[FloatArray], tuple[float, FloatArray]]"

LIMIT: Final = 12.0  # a logged parameter goes no further: e^12 is 160,000 average times
BOUNDARY: Final = 9.0  # past e^9, or below e^-9, the data say no more than "very large" or "next to nothing"
STARTS: Final = 2  # climbs; a start that already has a worse likelihood than so many others is not climbed from
_STEP: Final = 1e-5  # of a logged parameter, for differences of gradients
_NEWTON_STEPS: Final = 6
_SETTLED: Final = 1e-8  # log-likelihood still to be won, by the quadratic approximation
_TOLERATED: Final = 1e-3


class Diagnosis(StrEnum):
    """How a fit ended; only the first can be relied on, and the last is refused."""

    CONVERGED = "converged"
    AT_BOUNDARY = "at a boundary"
    HESSIAN_NOT_POSITIVE_DEFINITE = "Hessian not positive definite"
    NOT_CONVERGED = "not converged"
    NEVER_LEFT_START = "never left its start"


@dataclass(frozen=True)
class Maximum:
    """Where a likelihood is largest, as `maximise` found it.

    Parameters
    ----------
    theta : array
        Logged parameters.
    log_likelihood : float
    covariance : array (parameters, parameters)
        Of ``theta``: the inverse of the observed information; missing where that is not positive definite.
    diagnosis : Diagnosis
    """

    theta: FloatArray
    log_likelihood: float
    covariance: FloatArray
    diagnosis: Diagnosis


def maximise(
    function: LogLikelihood, starts: Sequence[FloatArray], *, size: float, rough: LogLikelihood | None = None
) -> Maximum:
    """Find the largest value of a log-likelihood from the most promising of ``starts``.

    Parameters
    ----------
    function : callable
        Log-likelihood and gradient at logged parameters.
    starts : sequence of arrays
    size : float
        Number of customers (sum of weights) behind ``function``; a climb ends by the gradient per customer.
    rough : callable, optional
        The same from fewer customers, as a mean per customer: the climbs use it, and only the last one all customers.

    Examples
    --------
    >>> found = maximise(lambda theta: (-float(theta @ theta), -2 * theta), [np.array([1.0, -2.0])], size=1)
    >>> found.theta.round(6) + 0.0, found.diagnosis.value
    (array([0., 0.]), 'converged')
    """

    def mean(theta: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = function(theta)
        return value / size, gradient / size

    first = _bounded(rough or mean)
    promising = sorted(starts, key=lambda start: first(start)[0])[:STARTS]
    climbs = [_climb(first, start) for start in promising]
    theta, inverse = min(climbs, key=lambda climb: first(climb[0])[0])
    if rough is not None:
        theta, _ = _climb(_bounded(mean), theta, inverse=inverse)
    found = _settle(_bounded(mean), theta, size)
    if found.diagnosis is not Diagnosis.CONVERGED and any(np.array_equal(found.theta, start) for start in starts):
        return replace(found, diagnosis=Diagnosis.NEVER_LEFT_START)
    return found


def _bounded(function: LogLikelihood) -> LogLikelihood:
    """Return minus ``function``, level beyond the limit, so that a parameter without a maximum comes to rest there."""

    def bounded(theta: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = function(np.clip(theta, -LIMIT, LIMIT))
        return -value, np.where(np.abs(theta) < LIMIT, -gradient, 0.0)

    return bounded


def _climb(function: LogLikelihood, start: FloatArray, *, inverse: FloatArray | None = None) -> tuple[FloatArray, ...]:
    """Return the top of the climb from ``start``, and the inverse Hessian that was gathered on the way."""
    options: Any = {"gtol": 1e-5, "hess_inv0": inverse}
    found = minimize(function, start, jac=True, method="BFGS", options=options)
    gathered = np.asarray(found.hess_inv, dtype=np.float64)
    return np.clip(found.x, -LIMIT, LIMIT), (gathered + gathered.T) / 2


def _settle(function: LogLikelihood, theta: FloatArray, size: float) -> Maximum:
    """Go the last steps by Newton, and diagnose the place where they end."""
    value, gradient = function(theta)
    hessian = _hessian(function, theta, gradient)
    if np.linalg.eigvalsh(hessian)[0] <= 1e-12 * np.abs(hessian).max():
        edge = (np.abs(theta) > BOUNDARY).any()
        diagnosis = Diagnosis.AT_BOUNDARY if edge else Diagnosis.HESSIAN_NOT_POSITIVE_DEFINITE
        return Maximum(theta, -value * size, np.full_like(hessian, np.nan), diagnosis)
    inverse: FloatArray = np.linalg.inv(hessian).astype(np.float64)
    for _ in range(_NEWTON_STEPS):
        if size * gradient @ inverse @ gradient < _SETTLED:
            break
        tried = theta - inverse @ gradient
        there, gradient_there = function(tried)
        if there > value:  # the step is shorter than the rounding of the likelihood, or too long
            break
        theta, value, gradient = tried, there, gradient_there
    diagnosis = Diagnosis.CONVERGED
    if size * gradient @ inverse @ gradient > _TOLERATED:
        diagnosis = Diagnosis.NOT_CONVERGED
    if (np.abs(theta) > BOUNDARY).any():
        diagnosis = Diagnosis.AT_BOUNDARY
    return Maximum(theta, -value * size, inverse / size, diagnosis)


def _hessian(function: LogLikelihood, theta: FloatArray, gradient: FloatArray) -> FloatArray:
    rows = [(function(theta + step)[1] - gradient) / _STEP for step in _STEP * np.eye(theta.size)]
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def refuse(diagnosis: Diagnosis, model: str) -> None:
    """Raise where a fit never left its start: its numbers would be the start's, not the data's."""
    if diagnosis is Diagnosis.NEVER_LEFT_START:
        raise checks.DataLacks(
            "the fit of {model} {diagnosis}, so its parameters would say nothing about the data; check that frequency, "
            "recency and T are in one unit of time and of the right customers.",
            model=model,
            diagnosis=diagnosis.value,
        )
