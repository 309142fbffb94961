"""What the dashboard knows of a ledger, reckoned once, and what it answers to a move; no widgets here."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import customers, exhibits, export, keyaccounts
from kamlib.checks import DataLacks, KamlibError
from kamlib.dashboard.outcome import Book
from kamlib.exhibits.exhibit import measure
from kamlib.exhibits.keyaccounts import criterion_title
from kamlib.report.run import SECTIONS
from kamlib.report.sections import CRITERIA, YEAR, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kamlib.checks import DateLike
    from kamlib.churn import Backtest
    from kamlib.dashboard.outcome import Assumptions, Outcome
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.ledger import Ledger
    from kamlib.report.sections import Section
    from kamlib.style import Words

FURTHER: Final = ("share_of_wallet", "products", "price_realisation", "regularity")  # criteria on offer at weight 0
FORMATS: Final = ("pptx", "xlsx", "png")
_LOSS: Final = "exposure"  # the report's section on what it would cost if customers left


@dataclass(frozen=True)
class Weighting:
    """How the list of key accounts is made.

    Parameters
    ----------
    weights : tuple of (str, float)
        Criteria and their weights; those of weight 0 are left out, a negative one says that less is better.
    by : {"score", "cut", "both"}
    size : int
    """

    weights: tuple[tuple[str, float], ...]
    by: str = "cut"
    size: int = keyaccounts.SIZE

    @property
    def criteria(self) -> dict[str, float]:
        """The criteria that count."""
        return {criterion: weight for criterion, weight in self.weights if weight}


@dataclass(frozen=True)
class _Reckoned(Case):
    """A case in another language than the ``known`` one, which lends its year, list and risk: they speak none."""

    known: Case = field(kw_only=True)

    @property
    def year(self) -> pd.DataFrame:
        return self.known.year

    @property
    def accounts(self) -> pd.DataFrame:
        return self.known.accounts

    @property
    def record(self) -> Backtest:
        return self.known.record

    @property
    def risk(self) -> pd.DataFrame:
        return self.known.risk

    @property
    def risk_in_a_year(self) -> pd.DataFrame:
        return self.known.risk_in_a_year


class Model:
    """A ledger as of a day, and the answers of the dashboard.

    Parameters
    ----------
    sales : Ledger
    as_of : date, optional
        Last day of the period; by default the ledger's last.
    months : int
        Length of the period.
    """

    def __init__(self, sales: Ledger, *, as_of: DateLike | None = None, months: int = YEAR) -> None:
        self.sales = sales
        self.as_of = as_of or sales.last_day
        self.months = months
        self.table = customers.table(sales, as_of=self.as_of, months=months)
        if not (self.table["revenue"] > 0).any():
            raise DataLacks(
                "no customer has net revenue above 0 in the {months} months up to {end}.",
                months=months,
                end=self.setting("en").end,
            )
        self._outcome: Outcome | None = None
        self._told: tuple[tuple[str, float | None], tuple[Section, ...]] | None = None
        self._case = Case(sales, self.table, self.setting("en"))  # its risk is reckoned once, for all languages

    def setting(self, language: str) -> Setting:
        """Return the setting of its exhibits."""
        return exhibits.setting(self.sales, as_of=self.as_of, months=self.months, language=language)

    def _case_in(self, setting: Setting, fixed_costs: float | None = None) -> Case:
        return _Reckoned(self.sales, self.table, setting, fixed_costs, known=self._case)

    # --- the list of key accounts -------------------------------------------------------------------------------------

    @cached_property
    def own_criteria(self) -> tuple[str, ...]:
        """Numeric columns of the customer master that kamlib does not know; which way they point is not known."""
        known = {*CRITERIA, *FURTHER}
        return tuple(
            str(column) for column in self.sales.customers if column not in known and self._is_criterion(str(column))
        )

    @cached_property
    def start(self) -> Weighting:
        """The list of the report: its weights, all others 0."""
        known = [name for name in (*CRITERIA, *FURTHER) if name == "revenue" or self._is_criterion(name)]
        weights = [(criterion, CRITERIA.get(criterion, 0.0)) for criterion in (*known, *self.own_criteria)]
        return Weighting(tuple(weights))

    def _is_criterion(self, column: str) -> bool:
        figures = self.table.get(column)
        return figures is not None and pd.api.types.is_numeric_dtype(figures) and len(figures.dropna().unique()) > 1

    def listed(self, weighting: Weighting) -> pd.DataFrame:
        """Return the list under these weights, each account with its stability; to begin with, the report's."""
        if weighting == self.start:
            return self._case.accounts
        return keyaccounts.key_accounts(self.table, by=weighting.by, size=weighting.size, criteria=weighting.criteria)

    def list_exhibit(self, weighting: Weighting, *, language: str) -> Exhibit:
        """Return the list as an exhibit: the report's or, with what was moved, an own one that tells so."""
        setting = self.setting(language)
        words = setting.words
        if not weighting.criteria:
            raise KamlibError(words.text("All weights are 0; give at least one criterion a weight."))
        listed = self.listed(weighting)
        shown = exhibits.key_accounts(listed, setting=setting)
        if weighting == self.start:
            return shown
        weights = [
            f"{criterion_title(name, words)} {words.number(weight, 1)}" for name, weight in weighting.criteria.items()
        ]
        cut = words.text("the largest by revenue, up to {n} or {share} of it", n=words.number(weighting.size),
                         share=words.percent(keyaccounts.SHARE, 0))  # fmt: skip
        score = words.text("the {n} best by score", n=words.number(min(weighting.size, int(listed["score"].count()))))
        limit = {"cut": cut, "score": score, "both": words.text("{one} and {other}", one=cut, other=score)}
        note = words.text(
            "On the list are {limit}. Weights: {weights}. 'On the list in' is the share of 10,000 random weightings "
            "around them in which the account is among the best by score.",
            limit=limit[weighting.by],
            weights=", ".join(weights),
        )
        what = {
            "cut": words.text("Key accounts by net revenue"),
            "score": words.text("Key accounts by score"),
            "both": words.text("Key accounts by net revenue or score"),
        }
        return replace(
            shown,
            key="own_key_accounts",
            message=self._own_message(shown.message, weighting, words),
            note=note,
            measure=measure(setting, what[weighting.by], unit=shown.measure.unit),
        )

    def _own_message(self, message: str, weighting: Weighting, words: Words) -> str:
        own = weighting.weights != self.start.weights
        weights = words.text("own weights") if own else words.text("the report's weights")
        if weighting.by == "score":
            return words.text("By score with {weights}: {message}", weights=weights, message=message)
        if weighting.by == "both":
            return words.text("By revenue or score with {weights}: {message}", weights=weights, message=message)
        return words.text("By revenue, up to {n}: {message}", n=words.number(weighting.size), message=message)

    def moved(self, shown: Exhibit, *, words: Words) -> str:
        """Say who entered and who left the list that ``shown`` holds, against that of the report."""
        before, now = list(self._case.accounts["name"]), list(shown.table["name"])
        entered, left = ([n for n in one if n not in other] for one, other in ((now, before), (before, now)))
        if not entered and not left:
            return words.text("These are the key accounts of the report.")
        nobody = words.text("nobody")
        return words.text(
            "Against the list of the report, {entered} came onto it, and {left} left it.",
            entered=words.listing(entered) or nobody,
            left=words.listing(left) or nobody,
        )

    # --- what it would cost -------------------------------------------------------------------------------------------

    @cached_property
    def book(self) -> Book:
        """What can be lost and how likely: some seconds of work, once."""
        at_risk = self._case.at_risk
        if at_risk.empty:
            raise DataLacks("no account brings anything, so there is nothing that could be lost.")
        try:
            known = self._case.risk_in_a_year["p_loss"].reindex(at_risk.index)
        except KamlibError:  # too few purchases for a probability: who leaves can still be said
            known = pd.Series(float("nan"), at_risk.index)
        judged = known.notna()
        if judged.any():
            at_risk, known = at_risk[judged], known[judged]
        contribution = float(self._case.year["margin"].sum()) if "margin" in at_risk else None
        return Book(
            at_risk,
            known.fillna(0.0),
            contribution,
            bool(judged.any()),
            origin=lambda setting: self._case_in(setting).origin_of_risk,
        )

    @cached_property
    def candidates(self) -> pd.Series[str]:
        """The names of the key accounts that can be lost, by account, the dearest first."""
        at_risk = self.book.at_risk
        listed = self._case.accounts.index.intersection(at_risk.index)
        basis = "margin" if "margin" in at_risk else "revenue"
        order = at_risk.loc[listed, basis].sort_values(ascending=False, kind="stable").index
        names: pd.Series[str] = at_risk["name"].loc[order]
        return names

    def outcome(self, assumed: Assumptions) -> Outcome:
        """Return what follows from ``assumed``; the last answer is kept, and its law if only fixed costs differ."""
        last = self._outcome
        if last is None or replace(last.assumed, fixed_costs=assumed.fixed_costs) != assumed:
            self._outcome = last = self.book.outcome(assumed)
        elif last.assumed != assumed:
            self._outcome = last = replace(last, assumed=assumed)
        return last

    # --- files --------------------------------------------------------------------------------------------------------

    def reported(
        self, language: str, *, fixed_costs: float | None = None, on_step: Callable[[str], None] = lambda _: None
    ) -> tuple[Section, ...]:
        """Return the sections of the report, some seconds of work; the last answer is kept."""
        asked = (language, fixed_costs)
        if self._told is None or self._told[0] != asked:
            case = self._case_in(self.setting(language), fixed_costs)
            told: list[Section] = []
            for number, section in enumerate(SECTIONS, 1):
                on_step(case.setting.words.text("section {number} of {of}", number=number, of=len(SECTIONS)))
                told.append(section(case))
            self._told = (asked, tuple(told))
        return self._told[1]

    def on_offer(
        self, told: Sequence[Section], weighting: Weighting, assumed: Assumptions, *, language: str
    ) -> list[Exhibit]:
        """Return the exhibits ``told`` by the report, and those of the dashboard.

        Once anything else is assumed, those of the loss are told under it or not at all: one deck must not speak under
        two assumptions.
        """
        own = {exhibit.key: exhibit for exhibit in self._own(assumed, language=language)}
        offered: list[Exhibit] = []
        for section in told:
            moved = assumed.moved and section.key == _LOSS
            offered += [own.pop(one.key) if moved else one for one in section.exhibits if not moved or one.key in own]
        listed = [] if weighting == self.start else [self.list_exhibit(weighting, language=language)]
        return [*offered, *own.values(), *listed]

    def _own(self, assumed: Assumptions, *, language: str) -> list[Exhibit]:
        setting = self.setting(language)
        try:
            outcome = self.outcome(assumed)
        except DataLacks:  # nothing could be lost, as the report says, too
            return []
        if not assumed.moved:
            return [outcome.slide("departures", setting=setting)]
        return [outcome.slide(key, setting=setting) for key in outcome.slides] + outcome.others(setting=setting)


def files(chosen: Sequence[Exhibit], formats: Sequence[str], *, title: str, words: Words) -> dict[str, bytes]:
    """Return the files of the ``formats`` wished for: one deck, one workbook, one picture or an archive of several.

    Parameters
    ----------
    chosen : sequence of Exhibit
        In the order of the slides.
    formats : sequence of {"pptx", "xlsx", "png"}
    title : str
        Of the deck.
    words : Words
    """
    if not chosen:
        raise KamlibError(words.text("Choose at least one exhibit."))
    if not formats:
        raise KamlibError(words.text("Choose at least one format."))
    made: dict[str, bytes] = {}
    if "pptx" in formats:
        with tempfile.TemporaryDirectory(prefix="kamlib-") as scratch:  # its rights are those of its owner alone
            made["deck.pptx"] = export.deck(chosen, Path(scratch) / "deck.pptx", title=title or None).read_bytes()
    if "xlsx" in formats:
        made["tables.xlsx"] = export.workbook(chosen, words=words)
    drawn = [exhibit for exhibit in chosen if exhibit.draw is not None]
    if "png" in formats and not drawn:
        raise KamlibError(words.text("None of the exhibits chosen has a chart; choose another one, or tables.xlsx."))
    if "png" in formats and len(drawn) == 1:
        made[f"{drawn[0].key}.png"] = export.pictures(drawn[0])["png"]
    elif "png" in formats:
        made["charts.zip"] = _archive({f"{exhibit.key}.png": export.pictures(exhibit)["png"] for exhibit in drawn})
    return made


def _archive(content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            # Without a time: the same charts give the same bytes.
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()
