"""From a model's probability to the share of cases in which it came true, out of time."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from kamlib import checks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

_PRIOR_SPREAD: Final = np.array([0.5, 0.25])  # of shift and slope around 0 and 1: without a record, as it is
_STEPS: Final = 50


@dataclass(frozen=True)
class Calibration:
    """A straight line in logits: p becomes expit(shift + slope * logit(p)), with what is not known of the line.

    Attributes
    ----------
    shift, slope : float
        0 and 1 leave a probability as it is.
    covariance : ndarray of shape (2, 2) or None
        Of shift and slope; None without a record.
    """

    shift: float = 0.0
    slope: float = 1.0
    covariance: FloatArray | None = None

    def apply(self, p: ArrayLike) -> FloatArray:
        """Return calibrated probabilities."""
        found: FloatArray = expit(self.shift + self.slope * logit(np.asarray(p, dtype=np.float64)))
        return found

    def interval(self, p: ArrayLike, *, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Return in what range the share of cases that come true lies, for cases given ``p`` before calibration."""
        z = logit(np.asarray(p, dtype=np.float64))
        if self.covariance is None:
            return np.full_like(z, np.nan), np.full_like(z, np.nan)
        at = np.column_stack([np.ones_like(z), z])
        spread = np.sqrt(np.einsum("ij,jk,ik->i", at, self.covariance, at))
        width = NormalDist().inv_cdf((1 + checks.fraction(level, name="level")) / 2) * spread
        middle = self.shift + self.slope * z
        return expit(middle - width), expit(middle + width)


def calibrate(p: ArrayLike, happened: ArrayLike, accounts: ArrayLike) -> Calibration:
    """Learn the line from predictions whose outcome is known.

    Parameters
    ----------
    p : array
        Probabilities given out of time.
    happened : array
        1 where it came true, or else 0.
    accounts : array
        Whose cases they are; several of one account count as dependent (sandwich estimate, Liang and Zeger 1986).

    Notes
    -----
    Platt scaling (1999) with normal priors around the line that changes nothing, by Newton's method.

    Examples
    --------
    >>> half = calibrate([0.5] * 4000, [1] * 1000 + [0] * 3000, range(4000))
    >>> half.apply([0.5]).round(2)
    array([0.25])
    """
    at = np.column_stack([np.ones(len(np.asarray(p))), logit(checks.numbers(p, name="p"))])
    y = checks.numbers(happened, name="happened")
    prior, neutral = 1 / _PRIOR_SPREAD**2, np.array([0.0, 1.0])
    line = neutral.copy()
    for _ in range(_STEPS):
        q = expit(at @ line)
        curvature = (at * (q * (1 - q))[:, None]).T @ at + np.diag(prior)
        step = np.linalg.solve(curvature, at.T @ (y - q) - prior * (line - neutral))
        line = line + step
        if np.abs(step).max() < 1e-10:
            break
    inverse = np.linalg.inv(curvature)
    scores = pd.DataFrame(at * (y - q)[:, None]).groupby(np.asarray(accounts)).sum().to_numpy()
    covariance = inverse @ (scores.T @ scores + np.diag(prior)) @ inverse
    return Calibration(float(line[0]), float(line[1]), covariance)
