"""Checks of what the model is given: one number an account, in the order of the stakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from kamlib.checks import FloatArray

_LEAST_CORRELATION: Final = 1e-4
_MOST_CORRELATION: Final = 0.99


def accounts_of(stake: ArrayLike) -> pd.Index:
    """Return who the stakes belong to: their index, or 0, 1, 2 ... where they have none."""
    if isinstance(stake, pd.Series):
        if not stake.index.is_unique:
            raise checks.KamlibError("stake must have one row an account; its index names one more than once.")
        accounts = stake.index
    else:
        accounts = pd.RangeIndex(np.size(np.asarray(stake)), name="account")
    if not len(accounts):
        raise checks.KamlibError("stake is empty, so there is nothing that could be lost.")
    return accounts


def aligned(values: ArrayLike, accounts: pd.Index, *, name: str, low: float = 0.0, high: float = np.inf) -> FloatArray:
    """Return one number between ``low`` and ``high`` for each account; one number alone holds for all."""
    if isinstance(values, pd.Series) and not values.index.equals(accounts):
        if len(values) != len(accounts) or not accounts.isin(values.index).all():
            raise checks.KamlibError(f"{name} and stake must name the same accounts in their index.")
        values = values.reindex(accounts)
    single = np.ndim(np.asarray(values)) == 0
    array = checks.numbers(np.full(len(accounts), values) if single else values, name=name)
    if array.size != len(accounts):
        raise checks.KamlibError(f"{name} has {array.size} entries, but stake has {len(accounts)} accounts.")
    outside = np.flatnonzero((array < low) | (array > high))
    if outside.size:
        where = accounts[outside[0]]
        bounds = f"between {low:g} and {high:g}" if np.isfinite(high) else f"{low:g} or more"
        raise checks.KamlibError(f"{name} must be {bounds}; {where!r} has {array[outside[0]]:g}.")
    return array


def sectors_of(sector: Iterable[object] | None, accounts: pd.Index, correlation: float) -> pd.Series | None:
    """Return each account's sector, in the order of the stakes."""
    if sector is None:
        if correlation:
            raise checks.KamlibError("sector_correlation needs to know the sectors; give sector, one for each account.")
        return None
    if isinstance(sector, pd.Series):
        if not accounts.isin(sector.index).all() or not sector.index.is_unique:
            raise checks.KamlibError("sector and stake must name the same accounts in their index.")
        return sector.reindex(accounts)
    named = pd.Series(list(sector), dtype="object")
    if len(named) != len(accounts):
        raise checks.KamlibError(f"sector has {len(named)} entries, but stake has {len(accounts)} accounts.")
    return named.set_axis(accounts)


def correlations(correlation: float, sector_correlation: float) -> tuple[float, float]:
    """Return both correlations if there is room for each account's own luck beside them."""
    for name, value in {"correlation": correlation, "sector_correlation": sector_correlation}.items():
        if value and not _LEAST_CORRELATION <= value <= _MOST_CORRELATION:
            raise checks.KamlibError(f"{name} must be 0 or between 0.0001 and 0.99, got {value!r}.")
    if correlation + sector_correlation > _MOST_CORRELATION:
        raise checks.KamlibError("correlation and sector_correlation together must be at most 0.99.")
    return float(correlation), float(sector_correlation)
