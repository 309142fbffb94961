"""How good probabilities were, once the outcome is known: loss, skill, ranking, lift and calibration."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

BINS: Final = 5


def scores(p: ArrayLike, happened: ArrayLike, *, weights: ArrayLike | None = None) -> dict[str, float]:
    """Return how well probabilities foretold what happened.

    Parameters
    ----------
    p : array
        Probabilities, strictly between 0 and 1.
    happened : array
        1 where it came true, or else 0.
    weights : array, optional
        What each case counts, such as its revenue.

    Returns
    -------
    dict
        ``log_loss`` and ``brier`` (the lower the better), ``brier_skill`` (1 - brier / that of the rate of all, for
        everybody), ``auc`` (chance that a case that came true stood above one that did not; ties count half),
        ``average_precision``, ``lift`` (rate among the tenth given most, over that of all), ``calibration_error`` (mean
        distance between what was given and what came true over `BINS` classes of equal weight: Naeini et al. 2015).
        Missing where all or none came true.

    Examples
    --------
    >>> round(scores([0.8, 0.4, 0.6, 0.2], [1, 0, 0, 0])["auc"], 3)
    1.0
    """
    p, y, w = _checked(p, happened, weights)
    rate = float(np.average(y, weights=w))
    brier = float(np.average((p - y) ** 2, weights=w))
    found = {"log_loss": float(np.average(losses(p, y), weights=w)), "brier": brier}
    if not 0 < rate < 1:
        return (
            found
            | dict.fromkeys(("brier_skill", "auc", "average_precision", "lift"), np.nan)
            | {"calibration_error": float(calibration_errors(p, y, w[None])[0])}
        )
    table = pd.DataFrame({"p": p, "hit": w * y, "all": w}).groupby("p").sum().sort_index(ascending=False)
    hits, everybody = table["hit"].to_numpy(), table["all"].to_numpy()
    misses = everybody - hits
    below = misses.sum() - misses.cumsum()
    reached = everybody.cumsum()
    precision = np.divide(hits.cumsum(), reached, out=np.zeros_like(reached), where=reached > 0)  # weights may be 0
    return found | {
        "brier_skill": 1 - brier / (rate * (1 - rate)),
        "auc": float(hits @ (below + misses / 2) / hits.sum() / misses.sum()),
        "average_precision": float(hits @ precision / hits.sum()),
        "lift": _top_rate(hits, everybody, 0.1 * everybody.sum()) / rate,
        "calibration_error": float(calibration_errors(p, y, w[None])[0]),
    }


def _top_rate(hits: FloatArray, everybody: FloatArray, size: float) -> float:
    """Return the rate among the first ``size``, where the class of ties that crosses the line counts in part."""
    taken = np.clip(size - (everybody.cumsum() - everybody), 0, everybody)
    share = np.divide(taken, everybody, out=np.zeros_like(taken), where=everybody > 0)
    return float(hits @ share / size)


def losses(p: FloatArray, happened: FloatArray) -> FloatArray:
    """Return the logarithmic loss of each case: minus the logarithm of what was given to what came."""
    found: FloatArray = -np.log(np.where(happened > 0, p, 1 - p))
    return found


def calibration_errors(p: FloatArray, happened: FloatArray, weights: FloatArray) -> FloatArray:
    """Return, for each row of weights, the mean distance between given and come true, over the classes of the whole."""
    inside = np.eye(BINS)[_classes(p, weights.sum(axis=0), BINS)]
    gaps = np.abs((weights * (p - happened)) @ inside)  # in each class: its weight times its distance
    found: FloatArray = gaps.sum(axis=1) / weights.sum(axis=1)
    return found


def _classes(p: FloatArray, w: FloatArray, bins: int) -> NDArray[np.int64]:
    """Return the class of each case, of as equal weight as ties, which stay together, allow."""
    order = np.argsort(p, kind="stable")
    position = np.empty_like(w)
    position[order] = (w[order].cumsum() - w[order] / 2) / w.sum()
    level = pd.Series(position).groupby(p).transform("mean").to_numpy()
    return np.minimum((level * bins).astype(np.int64), bins - 1)


def calibration_curve(
    p: ArrayLike, happened: ArrayLike, *, weights: ArrayLike | None = None, bins: int = BINS, level: float = 0.95
) -> pd.DataFrame:
    """Return for classes of probability what was given and what came true, with its interval.

    Parameters
    ----------
    p, happened, weights : array
        As in `scores`.
    bins : int
        Classes of equal weight; equal probabilities stay in one.
    level : float
        Of the interval (Wilson 1927; with weights at their effective number of cases, Kish 1965).

    Returns
    -------
    DataFrame
        One row a class, rising: ``cases``, ``predicted`` (mean), ``observed`` (rate), ``low``, ``high``.

    Examples
    --------
    >>> calibration_curve([0.1] * 10 + [0.6] * 10, [1] + [0] * 9 + [1] * 6 + [0] * 4, bins=2).round(2)
       cases  predicted  observed   low  high
    0     10        0.1       0.1  0.02  0.40
    1     10        0.6       0.6  0.31  0.83
    """
    p, y, w = _checked(p, happened, weights)
    parts = {"cases": np.ones_like(p), "weight": w, "squares": w * w, "given": w * p, "came": w * y}
    table = pd.DataFrame(parts).groupby(_classes(p, w, checks.whole(bins, name="bins"))).sum()
    table = table[table["weight"] > 0]
    table["predicted"], table["observed"] = table["given"] / table["weight"], table["came"] / table["weight"]
    z = NormalDist().inv_cdf((1 + checks.fraction(level, name="level")) / 2)
    n, rate = table["weight"] ** 2 / table["squares"], table["observed"]
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    width = z / (1 + z * z / n) * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    curve = table[["cases", "predicted", "observed"]].assign(low=middle - width, high=middle + width)
    return curve.astype({"cases": "int64"}).clip(lower=0).reset_index(drop=True)


def _checked(p: ArrayLike, happened: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    given, y = checks.numbers(p, name="p"), checks.numbers(happened, name="happened")
    w = np.ones_like(given) if weights is None else checks.numbers(weights, name="weights")
    if not given.size == y.size == w.size:
        raise checks.KamlibError(f"p, happened and weights differ in length: {given.size}, {y.size} and {w.size}.")
    if not given.size or (given <= 0).any() or (given >= 1).any():
        raise checks.KamlibError("p must hold probabilities strictly between 0 and 1, at least one.")
    if not np.isin(y, (0, 1)).all():
        raise checks.KamlibError("happened must be 1 where it came true and 0 elsewhere.")
    if (w < 0).any() or not w.sum():
        raise checks.KamlibError("weights must not be negative, and not all 0.")
    return given, y, w
