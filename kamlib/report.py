"""The main job: a sales ledger in, one folder of results out, in the order of the questions a manager asks."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kamlib import __version__, concentration, customers, exhibits, export
from kamlib.checks import KamlibError, months_before

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from kamlib.checks import DateLike
    from kamlib.exhibits import Exhibit, Setting
    from kamlib.ledger import Ledger

ATTRIBUTES: Final = ("segment", "sector", "region", "owner")
_LARGEST_SPLIT: Final = 40  # groups; an attribute with more of them tells nothing on one chart
_VERSIONS: Final = ("pandas", "numpy", "ibis-framework", "duckdb", "matplotlib")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Section:
    """One question with the exhibits that answer it, and what the data could not carry."""

    key: str
    title: str
    lead: str
    exhibits: tuple[Exhibit, ...]
    skipped: tuple[str, ...] = ()


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
    sales: Ledger, *, as_of: DateLike, months: int = 12, language: str = "en", on_step: Progress = lambda _: None
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
    on_step : callable
        Is told what is being done.

    Raises
    ------
    KamlibError
        If the period has no lines or no customer with revenue above 0.
    """
    setting = exhibits.setting(sales, as_of=as_of, months=months, language=language)
    words = setting.words
    on_step(words.text("one row per customer"))
    table = customers.table(sales, as_of=setting.end, months=months)
    on_step(words.text("concentration"))
    section, figures = _concentration(sales, table, setting)
    audit = Section(
        key="audit",
        title=words.text("Can the figures be trusted?"),
        lead=words.text("Every row of the ledger and every cent is either used or listed here."),
        exhibits=(exhibits.audit(sales.audit, words=words),),
    )
    shown = {exhibit.key: exhibit.message for exhibit in section.exhibits}
    findings = tuple(shown[key] for key in ("lorenz", "pareto", "whale", "over_time", "migration") if key in shown)[:3]
    return Report(setting, (section, audit), findings, _json(sales, setting, table, figures))


def _concentration(sales: Ledger, table: pd.DataFrame, setting: Setting) -> tuple[Section, dict[str, Any]]:
    words = setting.words
    if not (table["revenue"] > 0).any():
        raise KamlibError(f"no customer has net revenue above 0 in the period {setting.period()}.")
    indices = concentration.indices(table["revenue"].clip(lower=0))
    shown = [
        exhibits.pareto(table, setting=setting),
        exhibits.lorenz(table, indices=indices, setting=setting),
        exhibits.figures(indices, setting=setting),
    ]
    skipped = []
    try:
        history = concentration.over_time(sales, as_of=setting.end, months=setting.months)
        shown.append(exhibits.over_time(history, setting=setting))
    except KamlibError:
        skipped.append(words.text("The ledger is too short to show where concentration is heading."))
    if table["revenue_before"].notna().any():
        shown.append(exhibits.migration(table, setting=setting))
    else:
        skipped.append(words.text("The ledger does not reach back to the period before, so no changes are shown."))
    if "margin" not in table:
        skipped.append(words.text("The ledger has no cost, so what customers earn is not shown."))
    elif table["margin"].sum() > 0:
        shown.append(exhibits.whale(table, setting=setting))
    else:
        skipped.append(words.text("All customers together earn no contribution margin, so no shares of it are shown."))
    splits = [
        a for a in ATTRIBUTES if a in table and 1 < table.loc[table["revenue"] > 0, a].nunique() <= _LARGEST_SPLIT
    ]
    shown += [exhibits.share_by_group(table, by=attribute, setting=setting) for attribute in splits]
    section = Section(
        key="concentration",
        title=words.text("How concentrated are we?"),
        lead=words.text(
            "Few customers bring much of the revenue: how much, how sure is that, and where is it heading?"
        ),
        exhibits=tuple(shown),
        skipped=tuple(skipped),
    )
    counted = table[table["revenue"] > 0]
    left_out = table[(table["lines"] > 0) & (table["revenue"] <= 0)]
    figures = {
        "customers": len(counted),
        "customers_not_positive": len(left_out),
        "revenue_not_positive": float(left_out["revenue"].sum()),
        "revenue": float(counted["revenue"].sum()),
        **{
            f"{index}{suffix}": figure
            for index, *row in indices.itertuples(index=False)
            for suffix, figure in zip(("", "_low", "_high"), row, strict=True)
        },
    }
    return section, figures


def _json(sales: Ledger, setting: Setting, table: pd.DataFrame, figures: dict[str, Any]) -> dict[str, Any]:
    """Return what report.json holds; its keys are documented in docs/report.md and don't change."""
    audit = sales.audit
    return {
        "audit": {
            "rows_read": audit.rows_read,
            "rows_used": audit.rows_used,
            "rows_set_aside": audit.rows_set_aside,
            "revenue_read": audit.revenue_read,
            "revenue_used": audit.revenue_used,
            "revenue_set_aside": audit.revenue_set_aside,
            "counts": audit.counts,
            "reversed_pairs": {
                "pairs": len(audit.reversed_pairs),
                "revenue": float(audit.reversed_pairs["revenue"].sum()),
            },
            "gaps": audit.gaps,
            "format": audit.format,
        },
        "period": {
            "as_of": setting.end,
            "start": months_before(setting.end, setting.months) + dt.timedelta(days=1),
            "months": setting.months,
            "rows": int(table["lines"].sum()),
            "revenue": float(table["revenue"].sum()),
        },
        "concentration": figures,
        "versions": {"kamlib": __version__, **{name: importlib.metadata.version(name) for name in _VERSIONS}},
    }


def write(report: Report, out: str | Path, *, on_step: Progress = lambda _: None) -> Path:
    """Write ``report`` into the folder ``out``: index.html, tables.xlsx, report.json, charts/*.png and *.svg.

    The folder is complete or, if anything fails, as it was before.
    """
    words = report.setting.words
    files: dict[str, bytes | str] = {}
    charts = {}
    drawn = [exhibit for exhibit in report.exhibits if exhibit.draw is not None]
    for exhibit in drawn:
        on_step(words.text("chart {key}", key=exhibit.key))
        pictures = export.pictures(exhibit)
        charts[exhibit.key] = pictures["bare"]
        files |= {f"charts/{exhibit.key}.{form}": pictures[form] for form in ("png", "svg")}
    on_step(words.text("page and workbook"))
    files["index.html"] = export.page(_content(report), charts=charts, words=words)
    files["tables.xlsx"] = export.workbook(report.exhibits, words=words)
    files["report.json"] = export.as_json(report.figures)
    return export.folder(out, files)


def _content(report: Report) -> dict[str, Any]:
    setting, words = report.setting, report.setting.words
    source = words.text("Source: {source}", source=setting.source) if setting.source else ""
    return {
        "title": words.text("Key accounts: concentration and risk"),
        "subtitle": ", ".join(part for part in (setting.period(), source) if part),
        "findings": report.findings,
        "sections": report.sections,
        "colophon": words.text("Made with kamlib {version}.", version=__version__),
    }
