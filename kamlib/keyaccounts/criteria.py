"""Scores from weighted criteria, and how far a ranking depends on the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

Criteria: TypeAlias = "Mapping[str, float]"

SCALINGS: Final = ("rank", "range")

_OWN_COLUMNS: Final = ("missing", "score", "rank")
_DIGITS: Final = 12  # scores closer than this differ by rounding alone: they are equal
_BLOCK: Final = 2**18  # scores in one block of draws: 2 MB an array
_TAILS: Final = (0.05, 0.5, 0.95)


def accounts(table: pd.DataFrame) -> None:
    """Raise unless ``table`` has rows, and names each account once."""
    if table.empty:
        raise checks.KamlibError("table has no rows, so there is no account to speak of.")
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()][0]
        raise checks.KamlibError(f"table must have one row an account; {twice!r} is there more than once.")


def weights_of(criteria: Criteria) -> FloatArray:
    """Return the sizes of the weights, which sum to 1; the sign of a weight says which way its criterion points."""
    if not criteria:
        raise checks.KamlibError("criteria is empty; give columns and weights, such as {'revenue': 2, 'growth': 1}.")
    weights = np.abs(checks.numbers(list(criteria.values()), name="criteria"))
    if not weights.all():
        column = list(criteria)[int(weights.argmin())]
        raise checks.KamlibError(f"criteria gives {column!r} the weight 0; leave it out, or give it a weight.")
    shares: FloatArray = weights / weights.sum()
    return shares


def scaled(table: pd.DataFrame, *, criteria: Criteria, scaling: str) -> pd.DataFrame:
    """Return each criterion on 0..1, the best 1: by rank (ties share the middle) or by range; all equal are 0.5."""
    accounts(table)
    checks.columns(table, criteria)
    checks.choice(scaling, name="scaling", options=SCALINGS)
    result = {}
    for column, weight in criteria.items():
        if not is_numeric_dtype(table[column]):
            raise checks.KamlibError(f"criteria names {column!r}, which has no numbers ({table[column].dtype}).")
        figures = pd.Series(table[column].to_numpy(dtype=np.float64, na_value=np.nan), index=table.index)
        if np.isinf(figures).any():
            raise checks.KamlibError(f"{column!r} has infinite entries; make them missing before the call.")
        places = (figures if scaling == "range" else figures.rank()) * np.sign(weight)
        low, high = places.min(), places.max()
        result[column] = (places - low) / (high - low) if high > low else places.where(places.isna(), 0.5)
    return pd.DataFrame(result)


def weighted_mean(parts: pd.DataFrame, weights: FloatArray) -> pd.Series[float]:
    """Return the mean of each row's known entries by ``weights``; a row that has none is missing."""
    known = (parts.notna() * weights).sum(axis=1)
    return ((parts * weights).sum(axis=1) / known.where(known > 0)).round(_DIGITS)


def score(table: pd.DataFrame, *, criteria: Criteria, scaling: str = "rank") -> pd.DataFrame:
    """Return the accounts by their weighted criteria score, the best first.

    Parameters
    ----------
    table : DataFrame
        One row an account.
    criteria : mapping of str to float
        Numeric columns and their weights; only proportions matter, and a negative weight says that less is better.
    scaling : {"rank", "range"}
        What brings a criterion to 0..1. By rank the best has 1, the worst 0, and equal ones share the middle of
        their places; by range it is (x - lowest) / (highest - lowest). Rank is not moved by one giant.

    Returns
    -------
    DataFrame
        Under the index of ``table``: each criterion on 0..1, 1 the best; ``missing``, how many are not known;
        ``score`` on 0..1, the weighted mean of those that are; ``rank`` by score, equal scores sharing the better
        one. Where no criterion is known, both are missing. Equal scores keep their order.

    Raises
    ------
    KamlibError
        Where a criterion is no numeric column, has weight 0, or is called missing, score or rank.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [90.0, 50.0, 10.0], "payment_days": [60, 30, 10]}, index=["x", "y", "z"])
    >>> score(table, criteria={"revenue": 3, "payment_days": -1})["score"].to_dict()
    {'x': 0.75, 'y': 0.5, 'z': 0.25}
    """
    taken = [column for column in criteria if column in _OWN_COLUMNS]
    if taken:
        raise checks.KamlibError(f"{taken[0]!r} is a column of the result; rename that criterion before the call.")
    weights = weights_of(criteria)
    parts = scaled(table, criteria=criteria, scaling=scaling)
    scores = weighted_mean(parts, weights)
    rated = parts.assign(
        missing=parts.isna().sum(axis=1),
        score=scores,
        rank=scores.rank(ascending=False, method="min").astype("Int64"),
    )
    return rated.sort_values("score", ascending=False, kind="stable")


def stability(
    table: pd.DataFrame,
    *,
    criteria: Criteria,
    size: int,
    draws: int = 10_000,
    spread: float = 0.2,
    scaling: str = "rank",
    seed: int = 0,
) -> pd.DataFrame:
    """Return how often each account makes a list of ``size`` when the weights are drawn around the given ones.

    Parameters
    ----------
    table, criteria, scaling
        As for `score`.
    size, draws : int
        Length of the list, at most the number of accounts with a score, and how many sets of weights are drawn.
    spread : float
        Standard deviation of a weight w as a fraction of the largest it can have, sqrt(w (1 - w)): at 0.2, a weight
        of 50 % varies by 10 points. Weights are Dirichlet(c w) with c = 1 / spread^2 - 1.
    seed : int

    Returns
    -------
    DataFrame
        Ordered as `score`: score, rank, acceptability (share of draws inside the list, 0..1; they sum to ``size``),
        rank_low, rank_median and rank_high (at 5, 50 and 95 % of the draws). A tie in a draw goes to the better score.

    Notes
    -----
    Stochastic multicriteria acceptability analysis: Lahdelma, Hokkanen and Salminen (1998).

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [90.0, 50.0, 10.0], "growth": [0.2, -0.1, 0.0]}, index=["x", "y", "z"])
    >>> stability(table, criteria={"revenue": 1, "growth": 1}, size=1)["acceptability"].to_dict()
    {'x': 1.0, 'y': 0.0, 'z': 0.0}
    """
    rated = score(table, criteria=criteria, scaling=scaling)
    counted = rated[rated["score"].notna()]
    if checks.whole(size, name="size") > len(counted):
        raise checks.KamlibError(f"size is {size}, but only {len(counted)} accounts have a score.")
    checks.whole(draws, name="draws")
    concentration = 1 / checks.fraction(spread, name="spread") ** 2 - 1
    rng = np.random.default_rng(seed)
    drawn = rng.dirichlet(concentration * weights_of(criteria), size=draws)
    ranks = _ranks(drawn, counted[list(criteria)].to_numpy())
    low, median, high = np.quantile(ranks, _TAILS, axis=0, method="inverted_cdf").astype(np.int64)
    figures = pd.DataFrame(
        {"acceptability": (ranks <= size).mean(axis=0), "rank_low": low, "rank_median": median, "rank_high": high},
        index=counted.index,
    )
    result = rated[["score", "rank"]].join(figures)
    # Who has no score is on no list and has no rank.
    whole = dict.fromkeys(["rank_low", "rank_median", "rank_high"], "Int64")
    return result.fillna({"acceptability": 0.0}).astype(whole)


def _ranks(drawn: FloatArray, parts: FloatArray) -> NDArray[np.unsignedinteger]:
    """Return the rank of each account (columns, the better score first) under each set of weights (rows)."""
    known = ~np.isnan(parts)
    filled = np.where(known, parts, 0.0)
    # A weight may come out as 0, and an account known by that criterion alone would have no score.
    drawn = np.maximum(drawn, 1e-200)
    n = len(parts)
    ranks = np.empty((len(drawn), n), dtype=np.min_scalar_type(n))
    places = np.arange(1, n + 1, dtype=ranks.dtype)[np.newaxis]
    step = max(1, _BLOCK // n)
    for start in range(0, len(drawn), step):
        weights = drawn[start : start + step]
        scores = (weights @ filled.T) / (weights @ known.T)
        order = np.argsort(-scores.round(_DIGITS), axis=1, kind="stable")
        np.put_along_axis(ranks[start : start + step], order, places, axis=1)
    return ranks
