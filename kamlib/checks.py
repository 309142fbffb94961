"""The one door for validating arguments.

Every check names the caller's parameter, says what is wrong with it and what would be right. The policy for numbers
is written here once: missing values are an error; values that are zero or negative are left out of a concentration
index, and negative ones are announced.
"""

from __future__ import annotations

import datetime as dt
import math
import warnings
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = "NDArray[np.float64]"
DateLike: TypeAlias = "str | dt.date | pd.Timestamp"


class KamlibError(ValueError):
    """Input that can't be used; the message says what is wrong, where, and what to do."""


class DataLacks(KamlibError):  # noqa: N818  # named for what it says
    """The data can't carry what was asked for: a text of the catalogue, so that readers see it in their language.

    ``message`` has the ``values`` in braces; as an error it is English.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message, self.values = message, values


class KamlibWarning(UserWarning):
    """Something was left out or assumed that the reader of a figure ought to know."""


def numbers(values: ArrayLike, *, name: str = "values") -> FloatArray:
    """Return ``values`` as a new one-dimensional array of finite floats, or say which of them is none."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise KamlibError(f"{name} must be numbers; {error}.") from None
    if array.ndim != 1:
        raise KamlibError(f"{name} must be one-dimensional, one number a customer; it has {array.ndim} dimensions.")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise KamlibError(
            f"{name} has {bad.size} missing or infinite entries, the first at position {bad[0]}; "
            "drop them or fill them before the call."
        )
    return array


def positive(values: ArrayLike, *, name: str = "values") -> FloatArray:
    """Return the values above 0, the customers that a concentration index speaks of.

    Zero means no customer in the period and is left out; negative ones (more credited than sold) are left out with a
    `KamlibWarning` that counts and sums them.
    """
    array = numbers(values, name=name)
    negative = array[array < 0]
    if negative.size:
        warnings.warn(
            f"{negative.size} of {array.size} {name} are negative, {negative.sum():,.2f} in all; "
            "a concentration index leaves them out.",
            KamlibWarning,
            stacklevel=3,
        )
    kept = array[array > 0]
    if not kept.size:
        raise KamlibError(f"{name} has no entry above 0, so there is nothing that could be concentrated.")
    return kept


def amount(value: float, *, name: str) -> float:
    """Return ``value`` if it is a finite sum of money of at least 0."""
    try:
        sound = math.isfinite(value) and value >= 0
    except TypeError:
        sound = False
    if not sound:
        raise KamlibError(f"{name} must be an amount of at least 0, got {value!r}.")
    return float(value)


def fraction(value: float, *, name: str) -> float:
    """Return ``value`` if it lies strictly between 0 and 1; shares and levels are fractions, not per cent."""
    if not 0 < value < 1:
        hint = f" Did you mean {value / 100:g}?" if 1 < value < 100 else ""
        raise KamlibError(f"{name} must be a fraction between 0 and 1, got {value!r}.{hint}")
    return float(value)


def whole(value: int, *, name: str, minimum: int = 1) -> int:
    """Return ``value`` if it is a whole number of at least ``minimum``."""
    if isinstance(value, bool) or value != int(value) or value < minimum:
        raise KamlibError(f"{name} must be a whole number of at least {minimum}, got {value!r}.")
    return int(value)


def choice(value: str, *, name: str, options: Collection[str]) -> str:
    """Return ``value`` if it is one of ``options``."""
    if value not in options:
        raise KamlibError(f"{name} must be one of {', '.join(map(repr, options))}; got {value!r}.")
    return value


def columns(table: pd.DataFrame, required: Iterable[str], *, name: str = "table") -> None:
    """Raise unless ``table`` has all the ``required`` columns; the message lists those it has."""
    missing = [column for column in required if column not in table.columns]
    if missing:
        told = {"missing": ", ".join(map(repr, missing)), "present": ", ".join(map(repr, table.columns))}
        if len(missing) == 1:
            raise DataLacks("{name} lacks the column {missing}; it has {present}.", name=name, **told)
        raise DataLacks("{name} lacks the columns {missing}; it has {present}.", name=name, **told)


def day(value: DateLike, *, name: str) -> dt.date:
    """Return ``value`` as a date; text is read as ISO 8601 (2025-12-31) and nothing else."""
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise KamlibError(f"{name} must be a date written as 2025-12-31, got {value!r}.") from None
    if isinstance(value, dt.datetime):  # a pandas Timestamp is one, too
        if pd.isna(value):
            raise KamlibError(f"{name} must be a date, got a missing one.")
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise KamlibError(f"{name} must be a date, got {value!r}.")


def months_before(end: dt.date, months: int) -> dt.date:
    """Return the same day ``months`` months before ``end``, or that month's last day where it is shorter."""
    try:
        return (pd.Timestamp(end) - pd.DateOffset(months=months)).date()
    except (ValueError, OverflowError):
        raise KamlibError(f"{months:,} months before {end} is no day of any calendar; choose fewer months.") from None
