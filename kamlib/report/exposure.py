"""What it would cost if customers left: the report's section on the loss of a year and what the firm can bear."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import exhibits, exposure, keyaccounts
from kamlib.report.sections import Section

if TYPE_CHECKING:
    from kamlib.exhibits import Exhibit
    from kamlib.exposure import Firm, LossDistribution, Stakes
    from kamlib.report.sections import Case

CORRELATION: Final = 0.1  # through the economy; Basel II takes 0.12 to 0.24 for firms' defaults; an assumption
SECTOR_CORRELATION: Final = 0.1  # more within a sector; an assumption

_DRAWS: Final = 20  # of uncertain probabilities; each is a whole law
_CONFIDENCE: Final = 0.8  # all that so few draws can carry
_LISTED: Final = 100  # accounts whose contributions report.json lists


def exposed(
    case: Case,
    risk: pd.DataFrame,
    *,
    fixed_costs: float | None = None,
    correlation: float = CORRELATION,
    sector_correlation: float = SECTOR_CORRELATION,
    origin: str = "",
) -> Section:
    """Answer what it would cost if customers left: expected, in a bad year, and before the firm makes a loss.

    Parameters
    ----------
    case : Case
    risk : DataFrame
        By account: p_loss within a year, and its interval p_low, p_high; who has none is left out, and told.
    fixed_costs : float, optional
        Of a year; without them it is not known what the firm can bear.
    correlation, sector_correlation : float
        Of the accounts' hidden states; the second needs sectors, and is 0 without them.
    origin : str
        A sentence on where the probabilities come from, for the notes.
    """
    words, setting = case.setting.words, case.setting
    title = words.text("What would it cost if they left?")
    table, at_risk = case.year, case.at_risk
    known = risk.reindex(at_risk.index)
    judged = known["p_loss"].notna().to_numpy()
    if not judged.any():
        lacking = words.text("For no account with anything to lose is a risk known, so what its loss would cost is not "
                             "shown.")  # fmt: skip
        return Section("exposure", title, "", (), (lacking,), {"exposure": {"skipped": lacking}})
    stakes, known = exposure.stakes(at_risk[judged]), known[judged]
    sector = stakes.table["sector"] if "sector" in stakes.table and stakes.table["sector"].notna().any() else None
    law = exposure.loss_distribution(
        stakes.table["stake"],
        known["p_loss"],
        severity=stakes.table["severity"],
        sector=sector,
        correlation=correlation,
        sector_correlation=0.0 if sector is None else sector_correlation,
    )
    skipped = _left_out(case, at_risk[~judged], stakes)
    ranges = _ranges(law, known)
    if ranges is None:
        skipped.append(
            words.text("The probabilities could not be tested on the past, so how far the loss is known is not shown.")
        )
    together = exhibits.raised_together(law) > 0
    if not together:
        skipped.append(
            words.text("Common causes change nothing in the worst years of so few accounts, so they are not shown.")
        )
    year = _firm(case, table, law, fixed_costs, skipped)
    keys = keyaccounts.key_accounts(table).index
    shown = [
        _noted(exhibits.board(law, stakes, setting=setting, firm=year), origin),
        _noted(exhibits.exposure_curve(law, stakes, setting=setting, firm=year), origin),
        exhibits.contributions(law, stakes, setting=setting),
        *([exhibits.common_factors(law, setting=setting)] if together else []),
        exhibits.stake_matrix(law, stakes, setting=setting),
        exhibits.stress(
            exposure.scenarios(law, stakes.table, result=np.nan if year is None else year.result),
            stakes,
            setting=setting,
        ),
    ]
    if year is not None:
        shown.append(exhibits.break_even(year, stakes, setting=setting))
    if keys.isin(stakes.table.index).any():
        budgets = exposure.retention(law, revenue=stakes.table["revenue"])
        shown.append(exhibits.retention_budget(budgets, stakes, setting=setting, accounts=keys))
    if ranges is not None:
        shown.append(exhibits.loss_range(ranges, setting=setting, confidence=_CONFIDENCE))
    if together:
        shown.append(exhibits.sensitivity(exposure.sensitivity(law), setting=setting))
    return Section(
        key="exposure",
        title=title,
        lead=words.text("The loss of a year: what to expect, what a bad year costs, and how many can go."),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
        figures={"exposure": _figures(law, stakes, ranges, year, skipped)},
    )


def _noted(exhibit: Exhibit, remark: str) -> Exhibit:
    return replace(exhibit, note=f"{exhibit.note} {remark}".strip())


def _ranges(law: LossDistribution, known: pd.DataFrame) -> pd.DataFrame | None:
    """Return how far the figures move within the probabilities' intervals; None where these have none."""
    low, high = np.fmin(known["p_low"], known["p_loss"]), np.fmax(known["p_high"], known["p_loss"])
    if not (low < high).any():
        return None
    return exposure.uncertainty(law, low=low, high=high, confidence=_CONFIDENCE, draws=_DRAWS)


def _left_out(case: Case, unjudged: pd.DataFrame, stakes: Stakes) -> list[str]:
    """Say what is no part of the figures, and what they are of where the ledger has no cost."""
    words = case.setting.words
    said = []
    if "margin" not in stakes.table and stakes.assumptions["value"].iloc[0] == "revenue":
        said.append(words.text("The ledger has no cost, so what is at stake is revenue, not contribution margin."))
    if len(unjudged):
        said.append(
            words.plural(
                "{n} account of unknown risk, with {revenue} of revenue, is left out.",
                "{n} accounts of unknown risk, with {revenue} of revenue, are left out.",
                len(unjudged),
                revenue=words.amount(unjudged["revenue"].sum()),
            )
        )
    return said


def _firm(
    case: Case, table: pd.DataFrame, law: LossDistribution, fixed_costs: float | None, skipped: list[str]
) -> Firm | None:
    """Return the firm's year after the loss or, where that can't be known, add to ``skipped`` why."""
    words = case.setting.words
    if "margin" not in table:
        skipped.append(words.text("The ledger has no cost, so how many accounts can go before a loss is not known."))
        return None
    if fixed_costs is None:
        skipped.append(words.text("Fixed costs are not given, so how many accounts can go before a loss is not known."))
        return None
    return exposure.firm(law, contribution=float(table["margin"].sum()), fixed_costs=fixed_costs)


def _figures(
    law: LossDistribution, stakes: Stakes, ranges: pd.DataFrame | None, year: Firm | None, skipped: list[str]
) -> dict[str, Any]:
    book = law.portfolio
    parts = law.contributions(0.99).sort_values("expected_shortfall", ascending=False, kind="stable")
    names = stakes.table.get("name", pd.Series(parts.index.astype("str"), parts.index))
    rest = parts.iloc[_LISTED:]
    independent = exposure.loss_distribution(book.loss[:, 0], book.p[:, 0])
    return {
        "basis": stakes.assumptions["value"].iloc[0],
        "stake": float(stakes.table["stake"].sum()),
        "expected_loss": law.expected,
        "value_at_risk_95": law.value_at_risk(0.95),
        "value_at_risk_99": law.value_at_risk(0.99),
        "expected_shortfall_99": law.expected_shortfall(0.99),
        "expected_shortfall_99_independent": independent.expected_shortfall(0.99),
        "correlation": book.correlation,
        "sector_correlation": book.sector_correlation,
        "intervals": {} if ranges is None else ranges.to_dict("index") | {"confidence": _CONFIDENCE},
        "contributions": parts.head(_LISTED)
        .assign(name=names)
        .rename_axis("customer")
        .reset_index()
        .to_dict("records"),
        "contributions_of_others": {
            "customers": len(rest),
            "expected": float(rest["expected"].sum()),
            "expected_shortfall": float(rest["expected_shortfall"].sum()),
        },
        "break_even": {"skipped": skipped[-1]} if year is None else _break_even(year),
    }


def _break_even(year: Firm) -> dict[str, Any]:
    return {
        "contribution": year.contribution,
        "fixed_costs": year.fixed_costs,
        "result": year.result,
        "expected_result": year.expected_result,
        "loss_probability": year.loss_probability,
        "can_go": year.can_go,
        "can_go_likeliest": year.can_go_likeliest,
        "probability": year.break_even_probability,
        "accounts": year.break_even.rename_axis("customer").reset_index().to_dict("records"),
    }
