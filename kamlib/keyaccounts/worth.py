"""What each account is worth: the way from list revenue to what is left after cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import checks
from kamlib.keyaccounts import criteria as scoring

if TYPE_CHECKING:
    from collections.abc import Mapping

# In order: an amount that stands, and the changes that lead to the next one.
LEVELS: Final = ("list_revenue", "gross_revenue", "revenue", "margin", "contribution")
STEPS: Final = (
    "list_revenue", "discounts", "gross_revenue", "credit_notes", "revenue", "cost", "margin", "cost_to_serve",
    "contribution",
)  # fmt: skip


def value(table: pd.DataFrame, *, cost_to_serve: pd.Series | Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return for each account the steps from list revenue to contribution, exact to the cent.

    Parameters
    ----------
    table : DataFrame
        One row an account: revenue, and whatever there is of list_revenue, credit_notes, list_credit_notes (the
        list value of the goods credited, negative) and cost.
    cost_to_serve : Series or mapping of str to float, optional
        Amount a year by account; or amount by unit of a column, such as ``{"orders": 45, "visits": 300}``.

    Returns
    -------
    DataFrame
        In the order of ``table``: name, then those of list_revenue, discounts, gross_revenue, credit_notes, revenue,
        cost, margin, cost_to_serve, contribution that the data carry, each change signed as it moves the amount; and
        with costs ``loss_maker``, where the last amount is below 0. List prices without ``list_credit_notes`` are
        net of what came back: discounts then lead from them to net revenue, and credit notes are no step.

    Raises
    ------
    KamlibError
        Where cost to serve is given without costs, or not for every account.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [70.0], "list_revenue": [100.0], "cost": [60.0], "orders": [4]}, index=["x"])
    >>> value(table, cost_to_serve={"orders": 3})[["discounts", "cost", "margin", "contribution", "loss_maker"]]
       discounts  cost  margin  contribution  loss_maker
    x      -30.0 -60.0    10.0          -2.0        True
    """
    checks.columns(table, ["revenue"])
    scoring.accounts(table)
    known = table[[c for c in ("list_revenue", "credit_notes", "list_credit_notes", "cost") if c in table]].round(2)
    revenue = table["revenue"].round(2)
    steps = {"revenue": revenue}
    if "credit_notes" in known and ("list_credit_notes" in known or "list_revenue" not in known):
        steps |= {"gross_revenue": revenue - known["credit_notes"], "credit_notes": known["credit_notes"]}
    if "list_revenue" in known:
        sold = known["list_revenue"] - known.get("list_credit_notes", 0.0)
        steps |= {"list_revenue": sold, "discounts": steps.get("gross_revenue", revenue) - sold}
    if "cost" in known:
        steps |= {"cost": -known["cost"], "margin": revenue - known["cost"]}
    if cost_to_serve is not None:
        if "cost" not in known:
            raise checks.KamlibError(
                "cost_to_serve needs a ledger with costs: revenue alone has no margin to take it from."
            )
        served = _served(table, cost_to_serve).round(2)
        steps |= {"cost_to_serve": -served, "contribution": steps["margin"] - served}
    result = pd.DataFrame({step: steps[step] for step in STEPS if step in steps}).round(2) + 0.0  # no -0
    if "cost" in known:
        result["loss_maker"] = result[_levels(result)[-1]] < 0
    if "name" in table:
        result.insert(0, "name", table["name"])
    return result


def _levels(values: pd.DataFrame) -> list[str]:
    return [level for level in LEVELS if level in values]


def _served(table: pd.DataFrame, cost: pd.Series | Mapping[str, float]) -> pd.Series[float]:
    """Return the cost to serve of each account."""
    if isinstance(cost, pd.Series):
        absent = table.index.difference(cost.dropna().index)
        if absent.size:
            raise checks.KamlibError(
                f"cost_to_serve lacks {absent.size} accounts, {absent[0]!r} first; give 0 to those that cost nothing."
            )
        served = cost.reindex(table.index).astype("float64")
    else:
        checks.columns(table, cost)
        units = table[list(cost)].astype("float64")
        amounts = checks.numbers(list(cost.values()), name="cost_to_serve")
        served = (units * amounts).sum(axis=1, skipna=False)
    checks.numbers(served, name="cost_to_serve")
    return served


def waterfall(values: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of all accounts in ``values`` together, as bars from ``start`` to ``end``.

    Parameters
    ----------
    values : DataFrame
        Rows of `value`: all for the total, one for an account. A step that is missing for one of them is left out
        together with those before it.

    Returns
    -------
    DataFrame
        One row a step, in order: step, kind ("level": an amount that stands; "change": what leads to the next),
        amount, start and end (of the bar).

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [70.0, 40.0], "cost": [60.0, 30.0]})
    >>> waterfall(value(table))
          step    kind  amount  start    end
    0  revenue   level   110.0    0.0  110.0
    1     cost  change   -90.0  110.0   20.0
    2   margin   level    20.0    0.0   20.0
    """
    checks.columns(values, ["revenue"], name="values")
    steps = [step for step in STEPS if step in values]
    gaps = [place for place, step in enumerate(steps) if values[step].isna().any()]
    if gaps:
        following = [place for place, step in enumerate(steps) if place > gaps[-1] and step in LEVELS]
        if not following:
            raise checks.KamlibError(f"values have missing entries in {steps[gaps[-1]]!r}; drop those accounts first.")
        steps = steps[following[0] :]
    amount = values[steps].sum().round(2).to_numpy() + 0.0
    level = pd.Series(steps).isin(LEVELS).to_numpy()
    before = pd.Series(amount).where(level).ffill().fillna(0.0).to_numpy()
    start = pd.Series(before).where(~level, 0.0)
    return pd.DataFrame({
        "step": steps,
        "kind": pd.Series(level).map({True: "level", False: "change"}),
        "amount": amount,
        "start": start,
        "end": (start + amount).round(2),
    })  # fmt: skip
