"""What follows from who leaves and from what is assumed: the law of the loss, the firm's result, and their slides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kamlib import exhibits, exposure
from kamlib.dashboard.departures import departures
from kamlib.exhibits.exhibit import chance
from kamlib.exhibits.exposure import BAD, WORST, years
from kamlib.report.exposure import CORRELATION, SECTOR_CORRELATION

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kamlib.checks import FloatArray
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.exposure import Firm, LossDistribution, Stakes
    from kamlib.style import Words

SLIDES: Final = ("departures", "break_even", "exposure_curve")
_OF_ORIGIN: Final = {"board", "exposure_curve"}  # that tell in the report, too, where the probabilities come from


@dataclass(frozen=True)
class Assumptions:
    """Who leaves for certain, and what is assumed of all.

    Parameters
    ----------
    leaving : frozenset
        Accounts.
    months_to_replace : float
        Months until other business has taken an account's place.
    months_hit : float
        Months of the year that a loss hits; 12 means that all leave on the first day.
    saved : float
        Part of the stake that is saved at once, a fraction.
    correlation, sector_correlation : float
        Of the accounts' hidden states.
    fixed_costs : float, optional
        Of a year; without them it is not known what the firm can bear.
    """

    leaving: frozenset[Any] = frozenset()
    months_to_replace: float = exposure.MONTHS_TO_REPLACE
    months_hit: float = exposure.HORIZON
    saved: float = 0.0
    correlation: float = CORRELATION
    sector_correlation: float = SECTOR_CORRELATION
    fixed_costs: float | None = None

    @property
    def moved(self) -> bool:
        """Tell whether anything is assumed that the report does not assume."""
        return self != Assumptions(fixed_costs=self.fixed_costs)


@dataclass(frozen=True, eq=False)
class Book:
    """What every outcome starts from, reckoned once a ledger.

    ``at_risk`` is one row an account of known risk and ``p_loss`` its probability within a year; ``contribution``, of
    all accounts, is None where the ledger has no cost, and ``judged`` False where it can't carry a probability;
    ``origin`` says where the probabilities come from, if that must be said.
    """

    at_risk: pd.DataFrame
    p_loss: pd.Series[float]
    contribution: float | None
    judged: bool
    origin: Callable[[Setting], str] = lambda _: ""

    @cached_property
    def sector(self) -> pd.Series[Any] | None:
        """The accounts' sectors, None where none is known."""
        known = "sector" in self.at_risk and self.at_risk["sector"].notna().any()
        return self.at_risk["sector"] if known else None

    @cached_property
    def plain(self) -> LossDistribution:
        """The law without dependence: it lends its portfolio to those of all outcomes."""
        return exposure.loss_distribution(exposure.stakes(self.at_risk).table["stake"], self.p_loss, sector=self.sector)

    def outcome(self, assumed: Assumptions) -> Outcome:
        """Reckon what follows from ``assumed``."""
        stakes = exposure.stakes(
            self.at_risk, months_to_replace=assumed.months_to_replace, horizon=assumed.months_hit, salvage=assumed.saved
        )
        certain = self.at_risk.index.isin(list(assumed.leaving))
        p: FloatArray = np.where(certain, 1.0, self.p_loss.to_numpy())
        portfolio = replace(
            self.plain.portfolio,
            loss=stakes.table["loss"].to_numpy()[:, None],
            p=p[:, None],
            correlation=assumed.correlation,
            sector_correlation=0.0 if self.sector is None else assumed.sector_correlation,
        )
        return Outcome(self, assumed, stakes, exposure.LossDistribution.of(portfolio))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What follows from the assumptions; who leaves for certain has the probability 1 in ``law``."""

    book: Book
    assumed: Assumptions
    stakes: Stakes
    law: LossDistribution

    @cached_property
    def firm(self) -> Firm | None:
        """The firm's year after the loss, None where it is not known."""
        contribution, fixed_costs = self.book.contribution, self.assumed.fixed_costs
        if contribution is None or fixed_costs is None:
            return None
        return exposure.firm(self.law, contribution=contribution, fixed_costs=fixed_costs)

    @cached_property
    def gone(self) -> pd.Series[float]:
        """What each account costs that leaves for certain, the dearest first."""
        losses = self.stakes.table["loss"]
        return losses[losses.index.isin(list(self.assumed.leaving))].sort_values(ascending=False, kind="stable")

    @property
    def result(self) -> float | None:
        """The operating result once they have left."""
        return None if self.firm is None else self.firm.result - float(self.gone.sum())

    @property
    def can_go(self) -> int | None:
        """How many more of the largest can go before the year ends at a loss."""
        if self.firm is None or self.result is None:
            return None
        staying = self.firm.by_size["loss"].drop(self.gone.index[self.gone > 0])
        left = self.result - staying.cumsum()
        return int((left >= -1e-9 * abs(self.firm.result)).sum())

    @property
    def slides(self) -> tuple[str, ...]:
        """Those of `SLIDES` that the data can carry; break-even is that of a firm that none has left for certain."""
        judged = self.book.judged
        known = {
            "departures": True,
            "break_even": judged and self.firm is not None and self.gone.empty,
            "exposure_curve": judged,
        }
        return tuple(key for key in SLIDES if known[key])

    def slide(self, key: str, *, setting: Setting) -> Exhibit:
        """Return one of `SLIDES`."""
        if key == "break_even" and self.firm is not None:
            shown = exhibits.break_even(self.firm, self.stakes, setting=setting)
        elif key == "exposure_curve":
            shown = exhibits.exposure_curve(self.law, self.stakes, setting=setting, firm=self.firm)
        else:
            shown = departures(self, setting=setting)
        return self._assuming(shown, setting)

    def _assuming(self, shown: Exhibit, setting: Setting) -> Exhibit:
        """Return an exhibit that tells what the report does not assume: who leaves in its message, the rest below."""
        words, said = setting.words, self._own_assumptions(shown, setting.words)
        if shown.key in _OF_ORIGIN:
            said = [self.book.origin(setting), *said]
        note = " ".join(filter(None, [shown.note, *said]))
        if self.gone.empty:
            return replace(shown, note=note)
        message = shown.message
        if shown.key != "departures":  # whose message names them
            message = words.plural(
                "If {n} account leaves: {message}", "If {n} accounts leave: {message}", len(self.gone), message=message
            )
        return replace(
            shown, message=message, measure=replace(shown.measure, scenario=words.text("assumption")), note=note
        )

    def _own_assumptions(self, shown: Exhibit, words: Words) -> list[str]:
        said = []
        if self.assumed.months_hit != exposure.HORIZON:
            said.append(
                words.text(
                    "Only {months} months of the year are hit by a loss.", months=words.number(self.assumed.months_hit)
                )
            )
        if self.assumed.saved:
            said.append(words.text("{part} of it is saved at once.", part=words.percent(self.assumed.saved, 0)))
        if len(self.gone) and shown.key != "departures":
            said.append(
                words.plural(
                    "{n} account is taken to leave for certain.",
                    "{n} accounts are taken to leave for certain.",
                    len(self.gone),
                )
            )
        return said

    def others(self, *, setting: Setting) -> list[Exhibit]:
        """Return what else the report says of the law, under these assumptions.

        The board is told forecasts and how much the firm can bear, the matrix how likely each account is lost: neither
        makes sense where some have left for certain.
        """
        if not self.book.judged:
            return []
        law, stakes = self.law, self.stakes
        shown = [exhibits.contributions(law, stakes, setting=setting)]
        if exhibits.raised_together(law) > 0:
            shown.append(exhibits.common_factors(law, setting=setting))
        if self.gone.empty:
            shown.append(exhibits.board(law, stakes, setting=setting, firm=self.firm))
            shown.append(exhibits.stake_matrix(law, stakes, setting=setting))
        return [self._assuming(one, setting) for one in shown]

    def headline(self, *, setting: Setting) -> list[tuple[str, str, str]]:
        """Return the figures that matter: title, figure in words, and "bad" where it is bad news."""
        words, told = setting.words, []
        if self.firm is not None and self.result is not None and self.can_go is not None:
            probability = self.firm.loss_probability
            told = [
                (words.text("Result if nobody leaves"), words.amount(self.firm.result), _bad(self.firm.result < 0)),
                (words.text("Result after those ticked"), words.amount(self.result), _bad(self.result < 0)),
                (words.text("More that can go, the largest first"), words.number(self.can_go), _bad(self.can_go == 0)),
            ]
            if self.book.judged:
                title = words.text("Probability of a year at a loss")
                told.append((title, chance(probability, words), _bad(probability > 0.5)))
        else:
            told.append((words.text("Lost with those ticked"), words.amount(float(self.gone.sum())), ""))
        if self.book.judged:
            worst = words.text("Mean of the worst {share} of years", share=words.percent(1 - WORST, 0))
            told += [
                (words.text("Loss to expect"), words.amount(self.law.expected), ""),
                (
                    words.text("Exceeded in one year in {years}", years=years(BAD, words)),
                    words.amount(self.law.value_at_risk(BAD)),
                    "",
                ),
                (worst, words.amount(self.law.expected_shortfall(WORST)), ""),
            ]
        return told


def _bad(news: bool) -> str:  # noqa: FBT001 - it reads as what it is
    return "bad" if news else ""
