"""Stress scenarios: what named events would cost, how likely the model holds them, and how long the gap stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.exposure.distribution import LossDistribution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.checks import DateLike

SCENARIOS: Final = ("largest_leaves", "sector_falters", "owner_leaves", "contracts_lost", "price_cut")
FALTER: Final = 0.3  # part of a faltering sector's stakes that goes; an assumption
FOLLOW: Final = 0.5  # part of the accounts' stakes that goes along with an account manager; an assumption
PRICE_CUT: Final = 0.03  # of revenue; an assumption
A_SHARE: Final = 0.8  # of revenue: the largest accounts up to it are the A accounts

_COLUMNS: Final = ("scenario", "about", "accounts", "loss", "probability", "result", "months_to_refill")


def scenarios(
    distribution: LossDistribution,
    table: pd.DataFrame,
    *,
    result: float,
    own: pd.DataFrame | None = None,
    contracts: tuple[DateLike, DateLike] | None = None,
    parts: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return what each scenario would cost, those that ``table`` can't carry left out.

    Parameters
    ----------
    distribution : LossDistribution
    table : DataFrame
        One row an account, as `stakes` returns it: sector, owner, contract_end, revenue, months_to_replace if known.
    result : float
        The year's operating result if nobody leaves.
    own : DataFrame, optional
        ``scenario``, ``account`` and, if not all of the stake goes, ``share`` (0..1).
    contracts : (date, date), optional
        First and last day between which contracts that end are up.
    parts : mapping of str to float, optional
        ``falter``, ``follow`` and ``price_cut`` other than `FALTER`, `FOLLOW` and `PRICE_CUT`.

    Returns
    -------
    DataFrame
        ``scenario`` (of `SCENARIOS`, or its own name); ``about`` (the account, sector or owner of largest loss);
        ``accounts``, how many; ``loss``; ``probability``: that all of them are lost, or for a sector that it loses at
        least so much; missing where the model has none; ``result`` after it; ``months_to_refill``, the longest.

    Examples
    --------
    >>> from kamlib.exposure import loss_distribution
    >>> stake = pd.Series({"x": 60.0, "y": 40.0})
    >>> found = scenarios(loss_distribution(stake, 0.1), pd.DataFrame({"revenue": 2 * stake}), result=50.0)
    >>> found[["scenario", "loss", "result"]].to_numpy().tolist()
    [['largest_leaves', 60.0, -10.0], ['price_cut', 6.0, 44.0]]
    """
    assumed = {"falter": FALTER, "follow": FOLLOW, "price_cut": PRICE_CUT} | dict(parts or {})
    for name, part in assumed.items():
        checks.choice(name, name="parts", options=("falter", "follow", "price_cut"))
        if not 0 < part <= 1:
            raise checks.KamlibError(f"parts gives {name!r} {part!r}; it must be a fraction above 0, and at most 1.")
    book = distribution.portfolio
    losses = pd.Series(book.loss[:, 0], index=book.accounts)
    if not losses.index.isin(table.index).all():
        raise checks.KamlibError("table lacks accounts of the distribution; make both from the same stakes.")
    known = table.loc[losses.index].assign(loss=losses)
    largest = losses.sort_values(ascending=False, kind="stable").iloc[:1]
    rows = [_event("largest_leaves", largest.index[0], largest, distribution)]
    if "sector" in known and known["sector"].notna().any():
        rows.append(_falter(distribution, known, assumed["falter"]))
    if "owner" in known and known["owner"].notna().any():
        owner = known.groupby("owner")["loss"].sum().idxmax()
        of_owner = losses[known["owner"] == owner]
        # An account manager's leaving is no event of the model, so it has no probability.
        rows.append(_row("owner_leaves", owner, of_owner * assumed["follow"], np.nan))
    if contracts is not None:
        checks.columns(known, ["contract_end"])
        first, last = (pd.Timestamp(checks.day(day, name="contracts")) for day in contracts)
        ending = losses[pd.to_datetime(known["contract_end"]).between(first, last)]
        rows.append(_event("contracts_lost", None, ending, distribution))
    if "revenue" in known:
        # The customers stay, so nothing has to be refilled, and no event of the model brings it about.
        rows.append(_row("price_cut", None, _a_accounts(known["revenue"]) * assumed["price_cut"], np.nan))
    if own is not None:
        rows += _own(own, losses, distribution)
    frame = pd.DataFrame([row for row, _ in rows])
    months = known["months_to_replace"] if "months_to_replace" in known else pd.Series(np.nan, index=known.index)
    refill = [np.nan if row["scenario"] == "price_cut" else months[names].max() for row, names in rows]
    return frame.assign(result=result - frame["loss"], months_to_refill=refill)[list(_COLUMNS)]


def _row(scenario: str, about: object, losses: pd.Series, probability: float) -> tuple[dict[str, object], pd.Index]:
    losses = losses[losses > 0]
    row = {
        "scenario": scenario,
        "about": about,
        "accounts": len(losses),
        "loss": float(losses.sum()),
        "probability": probability,
    }
    return row, losses.index


def _event(
    scenario: str, about: object, losses: pd.Series, distribution: LossDistribution
) -> tuple[dict[str, object], pd.Index]:
    """Return the scenario that all these accounts are lost in full."""
    return _row(scenario, about, losses, distribution.joint_probability(losses.index) if len(losses) else np.nan)


def _falter(distribution: LossDistribution, known: pd.DataFrame, part: float) -> tuple[dict[str, object], pd.Index]:
    sector = known.groupby("sector")["loss"].sum().idxmax()
    inside = (known["sector"] == sector).to_numpy()
    losses = known.loc[inside, "loss"] * part
    law = LossDistribution.of(distribution.portfolio.only(inside))
    # At least as much as: a hair below it still counts.
    return _row("sector_falters", sector, losses, law.probability_above(float(losses.sum()) * (1 - 1e-9)))


def _a_accounts(revenue: pd.Series) -> pd.Series:
    ordered = revenue[revenue > 0].sort_values(ascending=False, kind="stable")
    return ordered[ordered.cumsum() - ordered < A_SHARE * ordered.sum()]


def _own(
    own: pd.DataFrame, losses: pd.Series, distribution: LossDistribution
) -> list[tuple[dict[str, object], pd.Index]]:
    checks.columns(own, ["scenario", "account"], name="own")
    unknown = own.loc[~own["account"].isin(losses.index), "account"]
    if len(unknown):
        raise checks.KamlibError(f"own names the account {unknown.iloc[0]!r}, which has no stake.")
    shares = own["share"] if "share" in own else pd.Series(1.0, index=own.index)
    if not shares.between(0, 1).all():
        raise checks.KamlibError("share in own must be between 0 and 1; per cent are divided by 100.")
    rows = []
    for scenario, lines in own.groupby("scenario", sort=False):
        if lines["account"].duplicated().any():
            raise checks.KamlibError(f"own names an account twice in the scenario {scenario!r}; add up its rows first.")
        share = shares[lines.index].to_numpy()
        hit = losses[lines["account"]] * share
        whole = distribution.joint_probability(hit.index) if (share == 1).all() else np.nan
        rows.append(_row(str(scenario), None, hit, whole))
    return rows
