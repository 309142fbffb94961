"""Averages over a customer's chance to stop, by quadrature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import expit, log_expit

if TYPE_CHECKING:
    from kamlib.checks import FloatArray

_NODES: Final = 121
_REACH: Final = 37.0  # e^-37 is the rounding of a float
_SURE: Final = 18.0  # on the logit scale: beyond it, a stop after the next purchase is certain to 8 digits


def beta_nodes(a: float, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return nodes, as logits, and weights (nodes, rows) for the mean of a smooth function over Beta(a, b).

    The trapezoidal rule on the logit scale, stretched by a sinh so that it reaches both tails; it converges
    exponentially for any a and b.

    Examples
    --------
    >>> logit, weight = beta_nodes(2.0, np.array([3.0]))
    >>> float((weight * expit(logit)).sum().round(12))  # a / (a + b)
    0.4
    """
    width = np.sqrt(1 / a + 1 / b)
    reach = np.arcsinh((_REACH / np.minimum(a, b) + 9 * width) / width)
    step = np.linspace(-1.0, 1.0, _NODES)[:, None] * reach
    logit = np.log(a / b) + width * np.sinh(step)
    log_weight = a * log_expit(logit) + b * log_expit(-logit)
    weight = np.exp(log_weight - log_weight.max(axis=0)) * np.cosh(step)
    return logit, weight / weight.sum(axis=0)


def purchases_ahead(logit: FloatArray, z: FloatArray, shape: FloatArray, phases: FloatArray) -> FloatArray:
    """Return the purchases to expect of a customer alive, given the logit of p, in the time z (alpha + T) ahead.

    The sum over i of q^(i-1) P(at least i purchases), q = 1 - p, with the k-th roots of unity to pick each k-th of the
    events, whose number is negative binomial. The real root is written so that nothing cancels for small p.
    """
    k = phases.shape[0]
    logit = np.minimum(logit, _SURE)
    p, log_q = expit(logit), log_expit(-logit)
    log_y = log_q / k
    real = np.log1p(-z * np.expm1(log_y))  # of (1 + z (1 - y))
    result = np.zeros_like(p)
    for j, probability in enumerate(phases):
        for rest in range(k):
            result -= probability / (k * p) * np.expm1((j - rest) * log_y - (shape + j) * real)
    for h in range(1, k):
        log_v = log_y + 2j * np.pi * h / k
        v = np.exp(log_v)
        log_growth = np.log1p(z * (1 - v))
        log_term = log_v - log_q - shape * log_growth
        for probability in phases:
            result -= probability / k * (np.exp(log_term) / (1 - v)).real
            log_term = log_term + log_v - log_growth
    return result
