"""What a buy-till-you-die model sees of each customer: repeat purchases, the time of the last one, time observed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

FEWEST: Final = 10  # customers; four parameters from fewer are guesses
_PROBE: Final = 5_000  # rows looked at before the whole is grouped
# Rows reckoned at once: a few arrays of them stay in a core's cache, and sums of so few stay on one core, where
# spreading them over threads would cost many times what it saves.
_BLOCK: Final = 2**13


@dataclass(frozen=True)
class Histories:
    """Rows of equal length: one a customer, or one for all customers with the same history.

    Parameters
    ----------
    frequency : array
        Repeat purchases: purchase days after the first.
    recency, T : array
        Time of the last purchase and end of the observation, both counted from the first purchase, in one unit.
    weights : array
        Number of customers that a row stands for.
    log_intervals : array or None
        Sum of the logarithms of the intervals between purchases, for rows as they were given.
    """

    frequency: FloatArray
    recency: FloatArray
    T: FloatArray
    weights: FloatArray
    log_intervals: FloatArray | None = None

    def __len__(self) -> int:
        return self.frequency.size

    def take(self, rows: slice | NDArray[np.intp]) -> Histories:
        """Return some of the rows."""
        return Histories(self.frequency[rows], self.recency[rows], self.T[rows], self.weights[rows])

    def rescaled(self, unit: float) -> Histories:
        """Return the rows with time in units of ``unit``."""
        return Histories(self.frequency, self.recency / unit, self.T / unit, self.weights)

    def blocks(self, size: int = _BLOCK) -> Iterator[slice]:
        """Cut the rows into slices of at most ``size``."""
        return (slice(start, start + size) for start in range(0, len(self), size))

    @cached_property
    def levels(self) -> tuple[FloatArray, NDArray[np.intp], FloatArray]:
        """The distinct frequencies, which of them each row has, and the customers at each."""
        values, places = np.unique(self.frequency, return_inverse=True)
        return values, places, np.bincount(places, weights=self.weights).astype(np.float64)

    def compressed(self) -> Histories:
        """Return one row for all customers with the same history, where that makes fewer of them."""
        columns = {"frequency": self.frequency, "recency": self.recency, "T": self.T}
        probe = pd.DataFrame({name: values[:_PROBE] for name, values in columns.items()})
        if probe.duplicated().mean() < 0.1:  # times to the second: grouping would cost more than it saves
            return self
        grouped = pd.DataFrame(columns | {"weights": self.weights}).groupby(list(columns), sort=False)["weights"]
        rows = grouped.sum().reset_index()
        return Histories(*(rows[name].to_numpy(dtype=np.float64) for name in (*columns, "weights")))


def histories(
    frequency: ArrayLike,
    recency: ArrayLike,
    T: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    log_intervals: ArrayLike | None = None,
) -> Histories:
    """Check the columns of `summary` against each other and return them as `Histories`.

    Raises
    ------
    KamlibError
        If lengths differ, a frequency is no whole number, or a time lies outside the observation; it names the first.
    """
    x = checks.numbers(frequency, name="frequency")
    rows = Histories(
        x,
        checks.numbers(recency, name="recency"),
        checks.numbers(T, name="T"),
        np.ones_like(x) if weights is None else checks.numbers(weights, name="weights"),
        None if log_intervals is None else checks.numbers(log_intervals, name="log_intervals"),
    )
    for name in ("recency", "T", "weights", "log_intervals"):
        column = getattr(rows, name)
        if column is not None and column.size != x.size:
            raise checks.KamlibError(f"{name} has {column.size} entries, but frequency has {x.size}.")
    _no(x < 0, "frequency must not be negative; credit notes are no purchases")
    _no(x != np.floor(x), "frequency must be whole numbers of repeat purchases")
    _no(rows.weights <= 0, "weights must be above 0")
    _no(rows.recency < 0, "recency must not be negative; it is the time from the first purchase to the last")
    _no(rows.recency > rows.T, "T must not be smaller than recency, which is the time of the last purchase since the "
        "first, not the time since the last")  # fmt: skip
    _no((x == 0) != (rows.recency == 0), "frequency and recency must be 0 together: who bought on one day only "
        "has no repeat purchase, and purchases of one day count as one")  # fmt: skip
    return rows


def _no(fault: NDArray[np.bool_], rule: str) -> None:
    if fault.any():
        raise checks.KamlibError(f"{rule}; the first fault is at position {int(fault.argmax())}.")


def fittable(rows: Histories) -> None:
    """Raise where no model can be fitted: too few customers, nobody who came back, no time in which to come back."""
    customers = rows.weights.sum()
    if customers < FEWEST:
        raise checks.DataLacks(
            "there are {customers} customers, too few to fit a model; it takes {fewest} or more.",
            customers=f"{customers:g}",
            fewest=FEWEST,
        )
    if not rows.T.any():
        raise checks.DataLacks("T is 0 throughout: nobody was observed for any time after the first purchase.")
    if not rows.frequency.any():
        raise checks.DataLacks("frequency is 0 throughout: nobody bought again, so nothing is known of a rhythm.")
