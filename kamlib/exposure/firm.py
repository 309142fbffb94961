"""What the loss means for the firm: its result after it, and which losses together would use the result up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from kamlib import checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kamlib.exposure.distribution import LossDistribution

_SURE: Final = 1e-12  # a probability this close to 0 or 1 is treated as that far away
_CHOSEN: Final = 0.5  # a solver's whole numbers are whole to a few digits
_PAIRED: Final = 200  # so many accounts of largest expected loss are looked at in pairs
_SHORT: Final = 1e-9  # of the result: a set of losses that falls short of it by less uses it up


@dataclass(frozen=True, eq=False)
class Firm:
    """The firm's year after the loss, in money a year; made by `firm`.

    ``result`` is what it earns if nobody leaves; ``by_size`` takes the accounts away one after the other;
    ``break_even`` is the likeliest set of losses that uses the result up, ``worst`` names the account and the pair.
    """

    level: float
    contribution: float
    fixed_costs: float
    result: float
    expected_result: float
    result_at_risk: float
    result_in_tail: float
    loss_probability: float
    can_go: int
    can_go_likeliest: int
    break_even_probability: float
    by_size: pd.DataFrame
    break_even: pd.DataFrame
    worst: pd.DataFrame


def firm(distribution: LossDistribution, *, contribution: float, fixed_costs: float, level: float = 0.99) -> Firm:
    """Return the operating result after the loss, and how many accounts can go before it is negative.

    Parameters
    ----------
    distribution : LossDistribution
        Of contribution lost within a year.
    contribution, fixed_costs : float
        Of the year if nobody leaves: contribution margin of all accounts together, and fixed costs.
    level : float
        Of value at risk and shortfall, a fraction.

    Returns
    -------
    Firm
        ``result`` = contribution - fixed costs; ``expected_result``, ``result_at_risk`` and ``result_in_tail``: less
        the expected loss, value at risk and shortfall; ``loss_probability`` of a result below 0; ``can_go``: the
        largest accounts, in order of size, that can go with a result of 0 or more, and ``can_go_likeliest``: those of
        the likeliest set but one. Tables: `by_size`, `break_even` (with its joint probability), `worst`.

    Examples
    --------
    >>> from kamlib.exposure import loss_distribution
    >>> year = firm(loss_distribution([30.0, 20.0, 20.0, 10.0], 0.1), contribution=100.0, fixed_costs=55.0)
    >>> year.result, year.can_go, year.break_even["loss"].tolist(), round(year.loss_probability, 4)
    (45.0, 1, [30.0, 20.0], 0.0199)
    """
    for name, value in {"contribution": contribution, "fixed_costs": fixed_costs}.items():
        if not np.isfinite(value):
            raise checks.KamlibError(f"{name} must be a number, got {value!r}.")
    result = float(contribution - fixed_costs)
    order = by_size(distribution, result=result)
    likeliest = break_even(distribution, loss=result) if result > 0 else order.iloc[:0].drop(columns="result")
    return Firm(
        level=level,
        contribution=float(contribution),
        fixed_costs=float(fixed_costs),
        result=result,
        expected_result=result - distribution.expected,
        result_at_risk=result - distribution.value_at_risk(level),
        result_in_tail=result - distribution.expected_shortfall(level),
        loss_probability=distribution.probability_above(result),
        can_go=int((order["result"] >= 0).sum()),
        can_go_likeliest=max(len(likeliest) - 1, 0) if len(likeliest) or result <= 0 else len(order),
        break_even_probability=distribution.joint_probability(likeliest.index)
        if len(likeliest)
        else float(result <= 0),
        by_size=order,
        break_even=likeliest,
        worst=worst(distribution, result=result),
    )


def by_size(distribution: LossDistribution, *, result: float) -> pd.DataFrame:
    """Return the accounts with anything to lose, largest first, and what remains after each has gone too.

    Returns
    -------
    DataFrame
        By account: ``loss``, ``p_loss``, ``cumulative_loss``, ``result`` once it and all before it are lost.
    """
    accounts = _accounts(distribution).sort_values("loss", ascending=False, kind="stable")
    cumulative = accounts["loss"].cumsum()
    # What is left is compared with 0, so the rounding of the sum must not decide.
    left = result - cumulative
    return accounts.assign(cumulative_loss=cumulative, result=left.where(left.abs() > _SHORT * abs(result), 0.0))


def break_even(distribution: LossDistribution, *, loss: float) -> pd.DataFrame:
    """Return the likeliest set of accounts that together lose at least ``loss``: the reverse stress test.

    Who is lost and who stays has the greatest probability among all such sets if accounts left independently: the
    sum of the log-odds of staying is least, an integer programme.

    Returns
    -------
    DataFrame
        By account, largest first: ``loss``, ``p_loss``, ``cumulative_loss``. Empty if all that can be lost don't
        suffice.
    """
    if not loss > 0:
        raise checks.KamlibError(f"loss must be above 0, got {loss!r}.")
    accounts = _accounts(distribution)
    accounts = accounts[accounts["p_loss"] > 0].sort_values("loss", ascending=False, kind="stable")
    share = accounts["loss"].to_numpy() / loss
    chosen: NDArray[np.bool_] = np.zeros(len(accounts), dtype=bool)
    if share.sum() >= 1 - _SHORT:
        p = accounts["p_loss"].clip(_SURE, 1 - _SURE).to_numpy()
        solved = milp(
            np.log1p(-p) - np.log(p),
            constraints=LinearConstraint(np.minimum(share, 1.0)[None], 1 - _SHORT, np.inf),
            integrality=np.ones(len(p), dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
        if solved.x is None:
            raise checks.KamlibError(f"no set of losses of at least {loss:,.2f} was found: {solved.message}")
        chosen = np.asarray(solved.x) > _CHOSEN
    kept = accounts[chosen]
    return kept.assign(cumulative_loss=kept["loss"].cumsum())


def worst(distribution: LossDistribution, *, result: float) -> pd.DataFrame:
    """Return the account and the pair that hurt most: by what they would cost, and by cost times probability.

    Returns
    -------
    DataFrame
        ``kind`` (account, pair), ``by`` (loss, expected), ``accounts`` (a tuple), ``loss``, ``probability`` (of losing
        all of them, common factors included), ``expected`` (their product), ``result`` after it. Pairs by expected
        loss are looked for among the 200 accounts of largest expected loss and the two largest.
    """
    accounts = _accounts(distribution)
    sizes = accounts["loss"].sort_values(ascending=False, kind="stable")
    weighted = (accounts["loss"] * accounts["p_loss"]).sort_values(ascending=False, kind="stable")
    found = [("account", "loss", tuple(sizes.index[:1])), ("account", "expected", tuple(weighted.index[:1]))]
    if len(sizes) > 1:
        candidates = weighted.index[:_PAIRED].union(sizes.index[:2], sort=False)
        joint = distribution.joint_probabilities(candidates)
        losses = accounts.loc[candidates, "loss"].to_numpy()
        cost = joint * (losses[:, None] + losses)
        one, other = max(combinations(range(len(candidates)), 2), key=lambda pair: cost[pair])
        found += [("pair", "loss", tuple(sizes.index[:2])), ("pair", "expected", (candidates[one], candidates[other]))]
    rows = [
        (kind, by, names, float(sizes[list(names)].sum()), distribution.joint_probability(names))
        for kind, by, names in found
    ]
    table = pd.DataFrame(rows, columns=["kind", "by", "accounts", "loss", "probability"])
    return table.assign(expected=table["loss"] * table["probability"], result=result - table["loss"])


def _accounts(distribution: LossDistribution) -> pd.DataFrame:
    """Return loss and probability of the accounts that have anything to lose."""
    book = distribution.portfolio
    table = pd.DataFrame({"loss": book.loss[:, 0], "p_loss": book.p[:, 0]}, index=book.accounts)
    kept = table[table["loss"] > 0]
    if kept.empty:
        raise checks.DataLacks("no account has anything to lose; all stakes are 0.")
    return kept
