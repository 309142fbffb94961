"""Customers from the largest to the smallest: Lorenz curve, Pareto table, ABC classes, whale curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.concentration.measures import NOISE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from kamlib.checks import FloatArray

ABC_SHARES: Final = (0.8, 0.95)  # where A and B end by custom; no theory speaks for them
CLASSES: Final = ("A", "B", "C", "none")  # none: no customer in that period, or nothing net of credit notes


def lorenz_curve(values: ArrayLike) -> pd.DataFrame:
    """Return the Lorenz curve: the share of the total that the smallest customers bring, from (0, 0) to (1, 1).

    Columns customers_share and value_share, one row more than there are customers. Source: Lorenz (1905).

    >>> lorenz_curve([50, 30, 15, 5])["value_share"].tolist()
    [0.0, 0.05, 0.2, 0.5, 1.0]
    """
    array = np.sort(checks.positive(values))
    running = np.append(0.0, array.cumsum())
    return pd.DataFrame(
        {"customers_share": np.arange(array.size + 1) / array.size, "value_share": running / running[-1]}
    )


def pareto_table(values: ArrayLike, *, shares: tuple[float, float] = ABC_SHARES) -> pd.DataFrame:
    """Return the customers counted, from the largest to the smallest, with their shares, cumulated, and ABC classes.

    Columns rank, value, share, cumulative_share, customers_share, abc (by ``shares``, see `abc_classes`). The index
    is that of a Series, or else the position in ``values``; equal values keep their order.

    >>> pareto_table([15, 50, 30, 5])[["value", "cumulative_share", "abc"]]
       value  cumulative_share abc
    1   50.0              0.50   A
    2   30.0              0.80   A
    0   15.0              0.95   B
    3    5.0              1.00   C
    """
    checks.positive(values)
    ranked = _ranked(values)
    table = _cumulated(ranked[ranked > 0])
    table["abc"] = classes_of(table["value"].to_numpy(), shares)
    return table.drop(columns="cumulative")


def _ranked(values: ArrayLike) -> pd.Series[float]:
    """Return ``values`` in descending order under the caller's index; equal ones keep their order."""
    index = values.index if isinstance(values, pd.Series) else None
    return pd.Series(checks.numbers(values), index=index).sort_values(ascending=False, kind="stable")


def _cumulated(ranked: pd.Series[float]) -> pd.DataFrame:
    rank = np.arange(1, ranked.size + 1)
    running = ranked.cumsum()
    total = running.iloc[-1]
    return pd.DataFrame({
        "rank": rank, "value": ranked, "share": ranked / total,
        "cumulative": running, "cumulative_share": running / total, "customers_share": rank / ranked.size,
    })  # fmt: skip


def abc_classes(values: ArrayLike, *, shares: tuple[float, float] = ABC_SHARES) -> pd.Series[str]:
    """Return the ABC class of each customer, in the order given.

    Parameters
    ----------
    values : array-like, shape (n,)
        Revenue by customer; the index of a Series is kept.
    shares : (float, float)
        A: the customers, largest first, up to and including the one with whom the first share of the total is
        reached; B: likewise the second share; C: the rest of those above 0. Equal values get the same, better class.

    Returns
    -------
    Series
        "A", "B", "C", and "none" where the value is not above 0. Source: Dickie (1951).

    Examples
    --------
    >>> abc_classes([15, 50, 0, 30, 5]).tolist()
    ['B', 'A', 'none', 'A', 'C']
    """
    checks.positive(values)
    index = values.index if isinstance(values, pd.Series) else None
    return pd.Series(classes_of(checks.numbers(values), shares), index=index, name="abc", dtype="str")


def classes_of(array: FloatArray, shares: tuple[float, float]) -> NDArray[np.str_]:
    """Return the class of each value: what the strictly larger ones bring decides, so ties share the better class."""
    if len(shares) != 2 or not 0 < shares[0] < shares[1] < 1:
        raise checks.KamlibError(f"shares must be two rising fractions such as (0.8, 0.95), got {shares!r}.")
    ordered = np.sort(np.maximum(array, 0.0))[::-1]
    running = np.append(0.0, ordered.cumsum())
    # What the strictly larger customers bring: equal values see the same, so they share a class.
    larger = running[np.searchsorted(-ordered, -array, side="left")]
    reached = np.searchsorted(np.array(shares) * (1 - NOISE) * running[-1], larger, side="right")
    return np.where(array > 0, np.array(CLASSES)[reached], CLASSES[-1])


def whale_curve(values: ArrayLike) -> pd.DataFrame:
    """Return margins by customer from the most to the least profitable, cumulated: the whale curve.

    Columns rank, value, cumulative, cumulative_share (of the net total, so it rises above 1 and falls back to it)
    and customers_share. Everybody counts, negative margins too; the index is kept as in `pareto_table`. A net total
    that is not above 0 is a `KamlibError`. Source: Kaplan and Cooper (1998).

    >>> whale_curve([60, -20, 40, 20])["cumulative_share"].tolist()
    [0.6, 1.0, 1.2, 1.0]
    """
    ranked = _ranked(values)
    net = ranked.sum()
    if not net > NOISE * ranked.abs().sum():
        raise checks.DataLacks(
            "values sum to {net}, and shares of a net total that is not above 0 mean nothing; look at the margins "
            "themselves instead.",
            net=f"{net:,.2f}",
        )
    return _cumulated(ranked).drop(columns="share")


@dataclass(frozen=True)
class WhalePeak:
    """The peak of a whale curve, and the way down from it.

    ``customers`` earn money, and earn ``value``, which is ``share`` of the net total (1 or more); ``loss_makers``
    lose money and destroy ``destroyed`` (an amount, 0 or more) of it again. The others come out at 0.
    """

    customers: int
    value: float
    share: float
    loss_makers: int
    destroyed: float


def whale_peak(curve: pd.DataFrame) -> WhalePeak:
    """Return where a `whale_curve` peaks and what the loss-makers take away from there.

    >>> whale_peak(whale_curve([60, -20, 40, 20]))
    WhalePeak(customers=3, value=120.0, share=1.2, loss_makers=1, destroyed=20.0)
    """
    checks.columns(curve, ["value"], name="curve")
    value = curve["value"].to_numpy()
    earned, lost = float(value[value > 0].sum()), float(-value[value < 0].sum())
    return WhalePeak(
        customers=int((value > 0).sum()),
        value=earned,
        share=earned / (earned - lost),
        loss_makers=int((value < 0).sum()),
        destroyed=lost + 0.0,  # no loss-makers destroy 0, not -0
    )
