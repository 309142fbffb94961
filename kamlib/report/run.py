"""From the sections to one folder: reckon all of them, write page, deck, charts, workbook and report.json."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kamlib import __version__, checks, customers, exhibits, export
from kamlib.checks import KamlibError, months_before
from kamlib.report.exposure import exposed
from kamlib.report.sections import (
    FEW,
    Case,
    Section,
    bridged,
    concentrated,
    covered,
    leaving,
    listed,
    nothing,
    trusted,
    worth,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kamlib.checks import DateLike
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.ledger import Ledger


def _at_stake(case: Case) -> Section:
    """Answer what it would cost if customers left, with the probabilities of the section before."""
    try:
        risk = case.risk_in_a_year
    except KamlibError:
        words = case.setting.words
        lacking = words.text("There are too few purchases for a probability of losing a customer.")
        return nothing("exposure", words.text("What would it cost if they left?"), lacking)
    return exposed(case, risk, fixed_costs=case.fixed_costs, origin=case.origin_of_risk)


SECTIONS: Final = (concentrated, listed, leaving, _at_stake, worth, bridged, covered, trusted)

# The exhibits whose messages open the report, the most pressing first.
FINDINGS: Final = (
    "lorenz",
    "risk_list",
    "board",
    "dependence",
    "concessions",
    "worth",
    "overdue",
    "pareto",
    "over_time",
    "revenue_bridge",
    "key_accounts",
    "figures",
)
# What takes their place where they say nothing: of few customers, and with probabilities that could not be tested.
_OF_FEW: Final = {"lorenz": "pareto"}
_UNTESTED: Final = {"risk_list": "stress", "board": ""}
_OF_PROBABILITY: Final = {"expected_loss", "expected_shortfall_99"}
_VERSIONS: Final = ("pandas", "numpy", "ibis-framework", "duckdb", "matplotlib")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """All that is said about a ledger: sections of exhibits, findings in sentences, and the figures of report.json."""

    setting: Setting
    sections: tuple[Section, ...]
    findings: tuple[str, ...]
    figures: Mapping[str, Any]

    @property
    def exhibits(self) -> list[Exhibit]:
        """Every exhibit in order."""
        return [exhibit for section in self.sections for exhibit in section.exhibits]


def build(
    sales: Ledger,
    *,
    as_of: DateLike,
    months: int = 12,
    language: str = "en",
    fixed_costs: float | None = None,
    on_step: Progress = lambda _: None,
) -> Report:
    """Reckon everything that the ledger can carry.

    Parameters
    ----------
    sales : Ledger
    as_of : date
        Last day of the period; nothing after it is read.
    months : int
        Length of the period.
    language : {"en", "de"}
    fixed_costs : float, optional
        Of a year; without them nothing is said about what the firm can bear.
    on_step : callable
        Is told what is being done.

    Raises
    ------
    KamlibError
        If the period has no lines or no customer with revenue above 0, or ``fixed_costs`` is no amount.
    """
    setting = exhibits.setting(sales, as_of=as_of, months=months, language=language)
    if fixed_costs is not None:
        checks.amount(fixed_costs, name="fixed_costs")
    words = setting.words
    on_step(words.text("one row per customer"))
    table = customers.table(sales, as_of=setting.end, months=months)
    case = Case(sales, table, setting, fixed_costs)
    told = []
    for number, section in enumerate(SECTIONS, 1):
        on_step(words.text("section {number} of {of}", number=number, of=len(SECTIONS)))
        told.append(section(case))
    figures = _json(case, told)
    return Report(setting, tuple(told), _findings(told, figures), figures)


def _findings(sections: Sequence[Section], figures: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the three messages that matter most: those first that ask for a decision."""
    said = {exhibit.key: exhibit.message for section in sections for exhibit in section.exhibits}
    instead = (_OF_FEW if _few(figures) else {}) | (_UNTESTED if _untested(figures) else {})
    keys = dict.fromkeys(instead.get(key, key) for key in FINDINGS)
    return tuple(said[key] for key in keys if key in said)[:3]


def _few(figures: Mapping[str, Any]) -> bool:
    return bool(figures["concentration"]["customers"] < FEW)


def _untested(figures: Mapping[str, Any]) -> bool:
    return not figures["churn"].get("backtest", {}).get("tested")


def _json(case: Case, sections: Sequence[Section]) -> dict[str, Any]:
    """Return what report.json holds; its keys are documented in docs/report.md and don't change."""
    audit, setting, pairs = case.sales.audit, case.setting, case.sales.audit.reversed_pairs
    figures = {
        "audit": {
            "rows_read": audit.rows_read,
            "rows_used": audit.rows_used,
            "rows_set_aside": audit.rows_set_aside,
            "revenue_read": audit.revenue_read,
            "revenue_used": audit.revenue_used,
            "revenue_set_aside": audit.revenue_set_aside,
            "counts": audit.counts,
            "reversed_pairs": {"pairs": len(pairs), "revenue": float(pairs["revenue"].sum())},
            "gaps": audit.gaps,
            "format": audit.format,
        },
        "period": {
            "as_of": setting.end,
            "start": months_before(setting.end, setting.months) + dt.timedelta(days=1),
            "months": setting.months,
            "rows": int(case.table["lines"].sum()),
            "revenue": float(case.table["revenue"].sum()),
        },
    }
    for section in sections:
        figures |= section.figures
    versions = {name: importlib.metadata.version(name) for name in _VERSIONS}
    return figures | {"versions": {"kamlib": __version__, **versions}}


def write(
    report: Report,
    out: str | Path,
    *,
    template: str | Path | None = None,
    notes: bool = False,
    on_step: Progress = lambda _: None,
) -> Path:
    """Write ``report`` into the folder ``out``: index.html, deck.pptx, tables.xlsx, report.json and a picture a chart.

    The folder is complete or, if anything fails, as it was before.

    Parameters
    ----------
    report : Report
    out : path
        A former report there is replaced; any other folder that holds something is an error.
    template : path, optional
        The firm's own .pptx, for the deck.
    notes : bool
        Write method and assumptions beside each exhibit of the deck, for one that is read alone.
    on_step : callable
        Is told what is being done.
    """
    words, content = report.setting.words, _content(report)
    on_step(words.text("deck"))
    deck = export.presentation(_slides(content), words=words, template=template, notes=notes)
    files: dict[str, bytes | str] = {"deck.pptx": deck}
    charts = {}
    drawn = [exhibit for exhibit in report.exhibits if exhibit.draw is not None]
    for exhibit in drawn:
        on_step(words.text("chart {key}", key=exhibit.key))
        pictures = export.pictures(exhibit)
        charts[exhibit.key] = pictures["bare"]
        files |= {f"charts/{exhibit.key}.{form}": pictures[form] for form in ("png", "svg")}
    on_step(words.text("page and workbook"))
    files["index.html"] = export.page(content, charts=charts, words=words)
    files["tables.xlsx"] = export.workbook(report.exhibits, words=words)
    files["report.json"] = export.as_json(report.figures)
    return export.folder(out, files)


def _headline(report: Report) -> list[tuple[str, str]]:
    """Return the figures that matter most, each with what it is; what the data could not carry is left out."""
    words = report.setting.words
    parts: dict[str, Any] = {key: report.figures.get(key, {}) for key in ("concentration", "exposure")}
    known = {key: value for part in parts.values() for key, value in part.items()}
    known |= {key: value for key, value in known.pop("break_even", {}).items() if key != "loss_probability"}
    forms: dict[str, tuple[str, Callable[[float], str]]] = {
        "top_1": (words.text("Share of the largest customer"), words.percent),
        "top_20_percent_share": (words.text("Share of the largest 20% of customers"), words.percent),
        "customers_for_80_percent": (words.text("Customers that bring 80% of revenue"), words.number),
        "expected_loss": (words.text("Loss to expect in a year"), words.amount),
        "expected_shortfall_99": (words.text("Loss of a very bad year"), words.amount),
        "can_go": (words.text("Largest accounts that can go before a loss"), words.number),
    }
    left_out = {"top_20_percent_share"} if _few(report.figures) else {"top_1"}
    left_out |= _OF_PROBABILITY if _untested(report.figures) else set()
    return [
        (title, form(known[key]))
        for key, (title, form) in forms.items()
        if key not in left_out and known.get(key) is not None
    ]


def _slides(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of the deck: in a meeting, the account of the reading is an appendix, no section.

    What found nothing to list is a sentence on the page, but no slide.
    """
    answers = [
        replace(section, exhibits=tuple(one for one in section.exhibits if one.draw or len(one.table)))
        for section in content["sections"]
        if section.key != "audit"
    ]
    return {
        **content,
        "sections": answers,
        "appendix": [
            exhibit for section in content["sections"] if section.key == "audit" for exhibit in section.exhibits
        ],
    }


def _content(report: Report) -> dict[str, Any]:
    setting, words = report.setting, report.setting.words
    source = words.text("Source: {source}", source=setting.source) if setting.source else ""
    return {
        "title": words.text("Key accounts: concentration and risk"),
        "subtitle": ", ".join(part for part in (setting.period(), source) if part),
        "source": source,
        "findings": report.findings,
        "figures": _headline(report),
        "sections": report.sections,
        "colophon": words.text("Made with kamlib {version}.", version=__version__),
    }
