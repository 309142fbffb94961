"""What keeping an account may cost at most, and how a budget is best spread over accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.exposure import inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kamlib.exposure.distribution import LossDistribution

EFFECT: Final = 0.5  # part of the losses that an effort averts; an assumption
PRICE_OF_TAIL: Final = 0.1  # a year, for each unit of shortfall beyond the expected loss; an assumption


def retention(
    distribution: LossDistribution,
    *,
    effect: ArrayLike = EFFECT,
    price_of_tail: float = PRICE_OF_TAIL,
    revenue: pd.Series[float] | None = None,
    cost: ArrayLike | None = None,
    level: float = 0.99,
) -> pd.DataFrame:
    """Return the yearly amount that keeping each account may cost at most, the largest first.

    Parameters
    ----------
    distribution : LossDistribution
    effect : float or array
        Part of its losses, 0..1, that an effort for an account averts.
    price_of_tail : float
        What a unit of shortfall beyond the expected loss costs a year: the return that a reserve for it would earn.
    revenue : Series, optional
        By account; gives the break-even price concession.
    cost : float or array, optional
        What the effort costs a year; then the list is in the order of what a euro of it brings.
    level : float
        Of the shortfall.

    Returns
    -------
    DataFrame
        By account: ``loss``, ``p_loss``, ``expected``, ``tail`` (contribution to the shortfall beyond ``expected``, at
        least 0), ``worth`` (expected + price_of_tail * tail), ``budget`` (effect * worth: the most that the effort may
        cost), ``rank``; ``concession`` (budget / revenue: the break-even price concession as a fraction; missing
        without revenue); ``cost``, ``net`` (budget - cost) and ``per_euro`` (budget / cost) where there is a cost.

    Examples
    --------
    >>> from kamlib.exposure import loss_distribution
    >>> retention(loss_distribution([100.0, 50.0], 0.1), price_of_tail=0.0)["budget"].tolist()
    [5.0, 2.5]
    """
    accounts = distribution.portfolio.accounts
    averted = inputs.aligned(effect, accounts, name="effect", high=1.0)
    if not price_of_tail >= 0:
        raise checks.KamlibError(f"price_of_tail must be 0 or more, got {price_of_tail!r}.")
    parts = distribution.contributions(level)
    tail = (parts["expected_shortfall"] - parts["expected"]).clip(lower=0.0)
    worth = parts["expected"] + price_of_tail * tail
    table = pd.DataFrame({
        "loss": parts["loss"],
        "p_loss": parts["p_loss"],
        "expected": parts["expected"],
        "tail": tail,
        "worth": worth,
        "budget": worth * averted,
    })  # fmt: skip
    if revenue is not None:
        if not accounts.isin(revenue.index).all():
            raise checks.KamlibError("revenue lacks accounts of the distribution; index it by account.")
        table["concession"] = table["budget"] / revenue.reindex(accounts).where(lambda amount: amount > 0)
    by = "budget"
    if cost is not None:
        table["cost"] = inputs.aligned(cost, accounts, name="cost")
        table["net"] = table["budget"] - table["cost"]
        table["per_euro"] = table["budget"] / table["cost"].where(table["cost"] > 0)
        by = "per_euro"
    table["rank"] = table[by].rank(ascending=False, method="min").astype("Int64")
    return table.sort_values(by, ascending=False, kind="stable")


def allocate(worth: pd.Series[float], *, budget: float, scale: ArrayLike, effect: ArrayLike = EFFECT) -> pd.DataFrame:
    """Return how a budget is best spread where each further euro for an account does less than the one before.

    Spending x on an account averts effect * worth * (1 - exp(-x / scale)). At the optimum the last euro brings the
    same everywhere, and no euro is spent that brings less than one: x = scale * ln(effect * worth / scale / price).

    Parameters
    ----------
    worth : Series
        What the loss of each account costs a year, as `retention` reckons it.
    budget : float
        Money a year, 0 or more; what would bring less than it costs is left over.
    scale : float or array
        Spending that achieves 63 % (1 - 1/e) of the effect, above 0.
    effect : float or array
        The most of its worth, 0..1, that can be averted.

    Returns
    -------
    DataFrame
        By account, largest spending first: ``spend``, ``averted`` (a year), ``net``, ``last_euro`` (what one more
        brings).

    Examples
    --------
    >>> worth = pd.Series({"x": 100.0, "y": 100.0})
    >>> allocate(worth, budget=10.0, scale=5.0)["spend"].round(9).tolist()
    [5.0, 5.0]
    """
    if not budget >= 0:
        raise checks.KamlibError(f"budget must be 0 or more, got {budget!r}.")
    accounts = worth.index
    most = checks.numbers(worth, name="worth") * inputs.aligned(effect, accounts, name="effect", high=1.0)
    reach = inputs.aligned(scale, accounts, name="scale")
    if not (reach > 0).all():
        raise checks.KamlibError("scale must be above 0.")
    with np.errstate(divide="ignore"):
        first = np.log(np.maximum(most, 0.0) / reach)  # log of what the first euro brings
    order = np.argsort(-first, kind="stable")
    order = order[first[order] > 0]
    spend = np.zeros(len(most))
    if order.size:
        # With the m best in, the price that uses the budget up; the right m is the last that keeps all of them in.
        steps = reach[order].cumsum()
        price = ((reach[order] * first[order]).cumsum() - budget) / steps
        taken = int(np.flatnonzero(price <= first[order])[-1]) + 1
        lowest = max(float(price[taken - 1]), 0.0)
        spend[order] = reach[order] * np.maximum(first[order] - lowest, 0.0)
    averted = np.maximum(most, 0.0) * -np.expm1(-spend / reach)
    table = pd.DataFrame(
        {
            "spend": spend,
            "averted": averted,
            "net": averted - spend,
            "last_euro": np.maximum(most, 0.0) / reach * np.exp(-spend / reach),
        },
        index=accounts,
    )
    return table.sort_values("spend", ascending=False, kind="stable")
