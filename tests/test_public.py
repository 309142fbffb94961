"""No public function changes what it is given: each is called once and its arguments compared with a copy."""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from kamlib import (
    bridge,
    brief,
    checks,
    churn,
    concentration,
    coverage,
    customers,
    dashboard,
    datasets,
    exhibits,
    export,
    exposure,
    keyaccounts,
    ledger,
    pseudonyms,
    report,
)
from kamlib.style import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AS_OF = "2026-06-30"
LAST_YEAR = "2025-06-30"
ROOT = Path(__file__).parents[1] / "kamlib"
# What is public: everything but the modules that serve the reading floor alone, and the command line.
INNER = {"__init__", "__main__", "audit", "cells", "cli", "master", "recognise", "records"}
MODULES = sorted(
    ({path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}) - INNER
)


def public_functions(module: str) -> dict[str, Callable[..., Any]]:
    found = importlib.import_module(f"kamlib.{module}")
    return {
        name: value
        for name, value in vars(found).items()
        if inspect.isfunction(value) and not name.startswith("_") and value.__module__.startswith(f"kamlib.{module}")
    }


class Slow:
    """Arguments that take seconds to make: made once, and compared before and after each call like all others."""

    def __init__(self, company: ledger.Ledger) -> None:
        self.company = company

    @functools.cached_property
    def record(self) -> churn.Backtest:
        return churn.backtest(self.company, cutoffs=["2024-06-30", "2025-06-30"], horizon=365)

    @functools.cached_property
    def built(self) -> report.Report:
        return report.build(self.company, as_of=LAST_YEAR)  # fewer years to test on, but every exhibit


class Things:
    """Arguments of every kind, made anew for each call but for the slow ones."""

    def __init__(self, slow: Slow, table: pd.DataFrame, tmp: Path) -> None:
        self.slow, self.company, self.table, self.tmp = slow, slow.company, table.copy(deep=True), tmp
        self.revenue = table["revenue"].clip(lower=0)
        self.values = np.array([50.0, 30.0, 15.0, 5.0, 0.0])
        self.setting = exhibits.Setting(AS_OF, 12, "en", "EUR")
        self.words = Words("en", "EUR")

    @property
    def indices(self) -> pd.DataFrame:
        return concentration.indices(self.revenue, resamples=20)

    @property
    def exhibit(self) -> exhibits.Exhibit:
        return exhibits.pareto(self.table, setting=self.setting)

    @property
    def monthly(self) -> pd.DataFrame:
        return customers.by_period(self.company, as_of=AS_OF)

    @property
    def covered(self) -> pd.DataFrame:
        return coverage.coverage(self.company.contacts, self.table, as_of=AS_OF, customers=self.company.customers)

    @property
    def stakes(self) -> pd.DataFrame:
        return exposure.stakes(self.table.head(40)).table

    @property
    def at_risk(self) -> exposure.Stakes:
        return exposure.stakes(self.table.head(40))

    @property
    def law(self) -> exposure.LossDistribution:
        stakes = self.stakes
        return exposure.loss_distribution(stakes["stake"], 0.05, severity=stakes["severity"])

    @property
    def record(self) -> churn.Backtest:
        return self.slow.record

    @property
    def built(self) -> report.Report:
        return self.slow.built

    @property
    def listed(self) -> pd.DataFrame:
        return keyaccounts.key_accounts(self.table, criteria={"revenue": 2.0, "growth": 1.0})

    @property
    def largest(self) -> list[str]:
        return self.table.index[:3].tolist()

    def bought(self, as_of: str) -> pd.DataFrame:
        return customers.by_product(self.company, as_of=as_of)

    @property
    def axes(self) -> Any:
        return plt.figure().add_subplot()


Call = tuple[tuple[Any, ...], dict[str, Any]]


def call(*args: Any, **kwargs: Any) -> Call:
    return args, kwargs


def history(t: Things) -> pd.DataFrame:
    return concentration.over_time(t.company, as_of=AS_OF, resamples=5)


TAKING_NOTHING = {"workshop.chances", "workshop.slides"}  # what could they change?
CALLS: Mapping[str, Callable[[Things], Call]] = {
    "checks.amount": lambda _: call(5.0, name="x"),
    "checks.numbers": lambda t: call(t.values),
    "checks.positive": lambda t: call(t.revenue),
    "checks.fraction": lambda _: call(0.5, name="x"),
    "checks.whole": lambda _: call(5, name="x"),
    "checks.choice": lambda _: call("a", name="x", options=["a", "b"]),
    "checks.columns": lambda t: call(t.table, ["revenue"]),
    "checks.day": lambda _: call(pd.Timestamp(AS_OF), name="x"),
    "checks.months_before": lambda _: call(pd.Timestamp(AS_OF).date(), 3),
    **{
        f"concentration.{name}": lambda t: call(t.revenue)
        for name in (
            "gini",
            "hhi",
            "effective_customers",
            "top_share",
            "customers_for",
            "entropy",
            "theil",
            "hannah_kay",
            "hall_tideman",
            "rosenbluth",
            "lorenz_curve",
            "pareto_table",
            "abc_classes",
        )
    },
    "concentration.indices": lambda t: call(t.revenue, resamples=20),
    "concentration.whale_curve": lambda t: call(t.table["margin"]),
    "concentration.whale_peak": lambda t: call(concentration.whale_curve(t.table["margin"])),
    "concentration.decompose": lambda t: call(t.table[t.table["revenue"] > 0], by="sector"),
    "concentration.over_time": lambda t: call(t.company, as_of=AS_OF, resamples=5),
    "concentration.migration": lambda t: call(t.table["revenue_before"].clip(lower=0), t.revenue),
    "customers.table": lambda t: call(t.company, as_of=AS_OF),
    "customers.by_period": lambda t: call(t.company, as_of=AS_OF),
    "customers.lines_of": lambda t: call(t.company, account=t.largest[0], as_of=AS_OF),
    "customers.by_product": lambda t: call(t.company, as_of=AS_OF),
    "brief.of": lambda t: call(t.company, t.largest[0], as_of=AS_OF),
    "brief.write": lambda t: call(brief.of(t.company, t.largest[0], as_of=AS_OF), t.tmp / "brief.html"),
    "bridge.revenue_bridge": lambda t: call(t.table, as_of=AS_OF),
    "bridge.movements": lambda t: call(bridge.revenue_bridge(t.table, as_of=AS_OF)),
    "bridge.retention": lambda t: call(t.table, by="segment", resamples=20),
    "bridge.price_volume_mix": lambda t: call(t.bought("2025-06-30"), t.bought(AS_OF)),
    "bridge.realisation": lambda t: call(t.monthly, accounts=t.largest),
    "bridge.concessions": lambda t: call(t.monthly, accounts=t.largest),
    "btyd.summary": lambda t: call(t.company, as_of=AS_OF),
    "churn.cutoffs": lambda t: call(t.company, as_of=AS_OF),
    "churn.backtest": lambda t: call(t.company, cutoffs=[LAST_YEAR], horizon=365),
    "churn.risk": lambda t: call(t.company, as_of=AS_OF, horizon=365, record=t.record),
    "churn.longest_record": lambda t: call(t.company, as_of=LAST_YEAR),
    "churn.risk_in_a_year": lambda t: call(t.company, as_of=AS_OF, record=t.record),
    "churn.scores": lambda t: call(t.values / 100 + 0.1, np.array([1, 1, 0, 0, 0])),
    "churn.calibration_curve": lambda t: call(t.values / 100 + 0.1, np.array([1, 1, 0, 0, 0])),
    "churn.calibrate": lambda t: call(t.values / 100 + 0.1, np.array([1, 1, 0, 0, 0]), np.arange(5)),
    "churn.decline_signals": lambda t: call(t.company, as_of=AS_OF),
    "churn.decline_test": lambda _: call(np.ones((1, 12)), np.full((1, 12), 2.0)),
    "coverage.coverage": lambda t: call(t.company.contacts, t.table, as_of=AS_OF, customers=t.company.customers),
    "coverage.overdue_accounts": lambda t: call(t.covered),
    "coverage.missing_follow_ups": lambda t: call(t.company.contacts, as_of=AS_OF),
    "coverage.by_owner": lambda t: call(t.table, covered=t.covered),
    "coverage.by_sole_contact": lambda t: call(t.covered),
    "exposure.loss_distribution": lambda t: call(t.stakes["stake"], 0.05, sector=t.stakes["sector"], correlation=0.1),
    "exposure.stakes": lambda t: call(t.table),
    "exposure.firm": lambda t: call(t.law, contribution=1e7, fixed_costs=9e6),
    "exposure.by_size": lambda t: call(t.law, result=1e6),
    "exposure.break_even": lambda t: call(t.law, loss=1e6),
    "exposure.worst": lambda t: call(t.law, result=1e6),
    "exposure.scenarios": lambda t: call(t.law, t.stakes, result=1e6),
    "exposure.retention": lambda t: call(t.law, revenue=t.stakes["revenue"]),
    "exposure.allocate": lambda t: call(t.stakes["stake"], budget=1e4, scale=1e3),
    "exposure.uncertainty": lambda t: call(t.law, low=0.02, high=0.1, draws=3),
    "exposure.sensitivity": lambda t: call(t.law),
    "features.behaviour": lambda t: call(t.company, as_of=AS_OF),
    "features.monthly": lambda t: call(t.company, as_of=AS_OF),
    "features.outcome": lambda t: call(t.company, cutoff=LAST_YEAR, horizon=90),
    "features.purchases": lambda t: call(t.company, as_of=AS_OF),
    "keyaccounts.abc": lambda t: call(t.table.assign(revenue=t.revenue)),
    "keyaccounts.score": lambda t: call(t.table, criteria={"revenue": 2.0, "growth": 1.0}),
    "keyaccounts.stability": lambda t: call(t.table, criteria={"revenue": 2.0, "growth": 1.0}, size=5, draws=50),
    "keyaccounts.key_accounts": lambda t: call(t.table, by="both", criteria={"revenue": 2.0, "growth": 1.0}),
    "keyaccounts.changes": lambda t: call(t.table, t.table.head(50)),
    "keyaccounts.portfolio": lambda t: call(t.table),
    "keyaccounts.dependence": lambda t: call(t.table, t.bought(AS_OF)),
    "keyaccounts.value": lambda t: call(t.table, cost_to_serve={"orders": 45.0}),
    "keyaccounts.waterfall": lambda t: call(keyaccounts.value(t.table)),
    "datasets.company_files": lambda _: call(),
    "datasets.fixed_costs": lambda _: call(as_of=AS_OF),
    "datasets.read": lambda _: call(),
    "datasets.company_path": lambda _: call(),
    "datasets.load_company": lambda _: call(),
    "datasets.make_company": lambda _: call(seed=3),
    "datasets.write_company": lambda t: call(t.tmp / "company", seed=3),
    "exhibits.setting": lambda t: call(t.company, as_of=AS_OF),
    "exhibits.or_lacking": lambda t: call(keyaccounts.value, t.table),
    "exhibits.audit": lambda t: call(t.company.audit, words=t.words),
    "exhibits.key_accounts": lambda t: call(t.listed, setting=t.setting),
    "exhibits.reason_of": lambda t: call(t.listed.iloc[0].to_dict(), t.words),
    "exhibits.list_changes": lambda t: call(keyaccounts.changes(t.table.head(50), t.table), setting=t.setting),
    "exhibits.portfolio": lambda t: call(keyaccounts.portfolio(t.table), setting=t.setting),
    "exhibits.dependence": lambda t: call(keyaccounts.dependence(t.table), setting=t.setting),
    "exhibits.value": lambda t: call(keyaccounts.value(t.table), setting=t.setting),
    "exhibits.worth": lambda t: call(keyaccounts.value(t.table), t.table, setting=t.setting),
    "exhibits.revenue_bridge": lambda t: call(bridge.revenue_bridge(t.table, as_of=AS_OF), setting=t.setting),
    "exhibits.retention": lambda t: call(
        bridge.retention(t.table, by="segment", resamples=20), by="segment", setting=t.setting
    ),
    "exhibits.price_volume_mix": lambda t: call(
        bridge.price_volume_mix(t.bought("2025-06-30"), t.bought(AS_OF)), setting=t.setting
    ),
    "exhibits.concessions": lambda t: call(
        bridge.concessions(t.monthly, accounts=t.largest), t.table, setting=t.setting
    ),
    "exhibits.risk_list": lambda t: call(
        churn.risk(t.company, as_of=AS_OF, horizon=365, record=t.record).head(9),
        t.table,
        horizon=365,
        setting=t.setting,
    ),
    "exhibits.reasons_of": lambda t: call([{"code": "silent", "days_since": 94.0}], t.words),
    "exhibits.record": lambda t: call(t.record, setting=t.setting),
    "exhibits.calibration": lambda t: call(t.record, setting=t.setting),
    "exhibits.signals": lambda t: call(churn.decline_signals(t.company, as_of=AS_OF), t.table, setting=t.setting),
    "exhibits.overdue": lambda t: call(t.covered, setting=t.setting),
    "exhibits.attention": lambda t: call(t.covered, setting=t.setting),
    "exhibits.follow_ups": lambda t: call(
        coverage.missing_follow_ups(t.company.contacts, as_of=AS_OF), t.table, setting=t.setting
    ),
    "exhibits.owners": lambda t: call(coverage.by_owner(t.table), t.table, setting=t.setting),
    "exhibits.pareto": lambda t: call(t.table, setting=t.setting),
    "exhibits.lorenz": lambda t: call(t.table, indices=t.indices, setting=t.setting),
    "exhibits.figures": lambda t: call(t.indices, setting=t.setting),
    "exhibits.over_time": lambda t: call(history(t), setting=t.setting),
    "exhibits.migration": lambda t: call(t.table, setting=t.setting),
    "exhibits.whale": lambda t: call(t.table, setting=t.setting),
    "exhibits.share_by_group": lambda t: call(t.table, by="sector", setting=t.setting),
    "export.figure": lambda t: call(t.exhibit),
    "export.pictures": lambda t: call(t.exhibit),
    "export.fragment": lambda t: call(t.exhibit),
    "export.page": lambda t: call(
        {"title": "t", "subtitle": "s", "findings": ["f"], "sections": [], "colophon": "c"}, charts={}, words=t.words
    ),
    "export.strip": lambda _: call(lambda ax: ax.bar([0], [1])),
    "export.leaflet": lambda t: call(
        {
            "title": "t",
            "facts": [],
            "subtitle": "s",
            "tiles": [],
            "points": [],
            "blocks": [],
            "chart_title": "c",
            "colophon": "c",
        },
        chart=None,
        words=t.words,
    ),
    "export.document": lambda t: call(t.tmp / "x.html", "<p>x</p>"),
    "export.workbook": lambda t: call([t.exhibit], words=t.words),
    "export.plain": lambda t: call({"a": t.table.head(2), "b": [1, None]}),
    "export.as_json": lambda t: call({"a": t.table.head(2), "b": [1, None]}),
    "export.deck": lambda t: call([t.exhibit], t.tmp / "x.pptx"),
    "export.presentation": lambda t: call(
        {
            "title": "T",
            "subtitle": "S",
            "source": "",
            "findings": ["A."],
            "figures": [("a", "1")],
            "sections": [],
            "appendix": [t.exhibit],
        },
        words=t.words,
    ),
    "export.check_key_table": lambda t: call(t.tmp / "who.csv", words=t.words),
    "export.check_template": lambda t: call(export.deck([t.exhibit], t.tmp / "firm.pptx")),
    "export.private": lambda t: call(t.tmp / "private", "text"),
    "export.save": lambda t: call(t.exhibit, t.tmp / "x.xlsx"),
    "export.key_table": lambda t: call(
        pd.DataFrame({"pseudonym": ["A1"], "name": ["=1"]}), t.tmp / "key.csv", words=t.words
    ),
    "export.screen": lambda t: call(t.exhibit, size=(400, 225)),
    "export.aside": lambda _: call("sales.csv", b"a;b"),
    "export.vacant": lambda t: call(t.tmp / "out"),
    "export.folder": lambda t: call(t.tmp / "out", {"report.json": "{}"}),
    "ledger.read": lambda _: call(
        pd.DataFrame({"Kunde": [" 007 "], "Belegdatum": ["31.12.2025"], "Umsatz": ["1.234,50"]}),
        customers=pd.DataFrame({"customer": ["007"], "parent": ["MI6"], "potential": ["1,5"]}),
        contacts=pd.DataFrame({"customer": ["007"], "date": ["2025-12-24"]}),
        columns={"revenue": "Umsatz"},
        layout={"decimal": "comma"},
    ),
    "plots.pareto": lambda t: call(concentration.pareto_table(t.revenue), ax=t.axes, words=t.words),
    "plots.lorenz": lambda t: call(concentration.lorenz_curve(t.revenue), top_share=0.8, ax=t.axes),
    "plots.over_time": lambda t: call(history(t).query("index == 'hhi'"), index="hhi", ax=t.axes),
    "plots.migration": lambda t: call(
        concentration.migration(t.table["revenue_before"].clip(lower=0), t.revenue), ax=t.axes
    ),
    "plots.calibration": lambda t: call(t.record.calibration.query("weighting == 'cases'"), ax=t.axes),
    "exhibits.board": lambda t: call(
        t.law, t.at_risk, setting=t.setting, firm=exposure.firm(t.law, contribution=1e7, fixed_costs=9e6)
    ),
    "exhibits.break_even": lambda t: call(
        exposure.firm(t.law, contribution=1e7, fixed_costs=9e6), t.at_risk, setting=t.setting
    ),
    "exhibits.common_factors": lambda t: call(t.law, setting=t.setting),
    "exhibits.raised_together": lambda t: call(t.law),
    "exhibits.contributions": lambda t: call(t.law, t.at_risk, setting=t.setting),
    "exhibits.exposure_curve": lambda t: call(t.law, t.at_risk, setting=t.setting),
    "exhibits.loss_range": lambda t: call(exposure.uncertainty(t.law, low=0.02, high=0.1, draws=3), setting=t.setting),
    "exhibits.retention_budget": lambda t: call(exposure.retention(t.law), t.at_risk, setting=t.setting),
    "exhibits.sensitivity": lambda t: call(exposure.sensitivity(t.law), setting=t.setting),
    "exhibits.stake_matrix": lambda t: call(t.law, t.at_risk, setting=t.setting),
    "exhibits.stress": lambda t: call(exposure.scenarios(t.law, t.stakes, result=1e6), t.at_risk, setting=t.setting),
    "plots.budget": lambda t: call(exposure.retention(t.law), ax=t.axes),
    "plots.contributions": lambda t: call(t.law.contributions(0.99), ax=t.axes),
    "plots.exposure_curve": lambda t: call(
        t.law.curve(),
        ax=t.axes,
        expected=t.law.expected,
        value_at_risk={0.99: t.law.value_at_risk(0.99)},
        expected_shortfall={0.99: t.law.expected_shortfall(0.99)},
    ),
    "plots.stake_matrix": lambda t: call(t.law.contributions(0.99), ax=t.axes),
    "plots.portfolio": lambda t: call(keyaccounts.portfolio(t.table.head(20)), ax=t.axes),
    "plots.dependence": lambda t: call(keyaccounts.dependence(t.table, t.bought(AS_OF)), ax=t.axes),
    "plots.waterfall": lambda t: call(keyaccounts.waterfall(keyaccounts.value(t.table)), ax=t.axes),
    "plots.retention": lambda t: call(bridge.retention(t.table, resamples=20), ax=t.axes),
    "plots.concessions": lambda t: call(bridge.concessions(t.monthly, accounts=["0016944"]), ax=t.axes),
    "plots.price_path": lambda t: call(bridge.realisation(t.monthly, accounts=["0016944"]), ax=t.axes),
    "plots.coverage": lambda t: call(t.covered.head(20), ax=t.axes),
    "plots.trend": lambda t: call(t.monthly[t.monthly["account"] == t.largest[0]], ax=t.axes),
    "plots.whale": lambda t: call(concentration.whale_curve(t.table["margin"]), ax=t.axes),
    "plots.share_by_group": lambda t: call(
        concentration.decompose(t.table[t.table["revenue"] > 0], by="sector"), ax=t.axes
    ),
    "exhibits.check": lambda t: call(t.exhibit),
    "exhibits.check_all": lambda t: call([t.exhibit]),
    "exhibits.retention_ends": lambda t: call(bridge.retention(t.table, by="segment", resamples=20)),
    "style.pattern": lambda _: call("forecast"),
    "pseudonyms.secret_file": lambda _: call(),
    "pseudonyms.new_secret": lambda _: call(),
    "pseudonyms.secret": lambda t: call(export.private(t.tmp / "secret", pseudonyms.new_secret())),
    "pseudonyms.anonymise": lambda t: call(t.company, secret=b"x" * 40),
    "pseudonyms.key_table": lambda t: call(t.company, secret=b"x" * 40),
    "walkthrough.said_above": lambda t: call(exhibits.Lacking("The ledger has no cost."), setting=t.setting),
    "walkthrough.table": lambda t: call(t.table.head(3), ["name", "revenue"], setting=t.setting),
    "walkthrough.cut": lambda t: call(t.table, share=0.8, setting=t.setting),
    "walkthrough.loss": lambda t: call(
        t.table[t.table["margin"] > 0].assign(p_loss=0.1), correlation=0.1, months_to_replace=15, setting=t.setting
    ),
    "walkthrough.run": lambda t: call(t.tmp / "walk", notebooks=[]),
    "dashboard.explore": lambda t: call(
        lambda n: exhibits.pareto(t.table.head(n), setting=t.setting), n=dashboard.Slider(5, 3, 9, 1)
    ),
    "dashboard.show": lambda t: call(t.company, as_of=AS_OF),
    "workshop.exercise": lambda _: call(2, language="de"),
    "workshop.sales": lambda _: call(),
    "workshop.messy_export": lambda _: call(),
    "report.build": lambda t: call(t.company, as_of=LAST_YEAR),
    "report.write": lambda t: call(t.built, t.tmp / "report"),
    "style.use": lambda _: call("slide"),
    "style.scale_for": lambda t: call(t.values),
    "style.ticks": lambda t: call(t.words.percent),
    "style.small": lambda _: call(),
    "style.finish": lambda t: call(t.axes, message="m", measure="u"),
}


def content(thing: Any) -> Any:
    """Return a copy of all that a function could change in an argument."""
    if isinstance(thing, ledger.Ledger):
        return [thing.customers.copy(deep=True), thing.contacts.copy(deep=True), copy.deepcopy(thing.audit)]
    if isinstance(thing, (pd.DataFrame, pd.Series)):
        return thing.copy(deep=True)
    if isinstance(thing, exhibits.Exhibit):
        return [thing.table.copy(deep=True), thing.message, dict(thing.columns)]
    if isinstance(thing, report.Report):
        return [content(exhibit) for exhibit in thing.exhibits] + [copy.deepcopy(dict(thing.figures))]
    if isinstance(thing, dict):
        return {key: content(item) for key, item in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [content(item) for item in thing]
    return copy.deepcopy(thing) if isinstance(thing, np.ndarray) or hasattr(thing, "set_aside") else repr(thing)


def assert_same(before: Any, after: Any) -> None:
    if isinstance(before, pd.DataFrame):
        pd.testing.assert_frame_equal(before, after, check_exact=True)
    elif isinstance(before, pd.Series):
        pd.testing.assert_series_equal(before, after, check_exact=True)
    elif isinstance(before, np.ndarray):
        assert np.array_equal(before, after)
    elif isinstance(before, dict):
        assert before.keys() == after.keys()
        for key, item in before.items():
            assert_same(item, after[key])
    elif isinstance(before, list):
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            assert_same(one, other)
    elif hasattr(before, "set_aside"):
        assert_same(vars(before), vars(after))
    else:
        assert before == after


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def slow(company: ledger.Ledger) -> Slow:
    return Slow(company)


@pytest.fixture(scope="module")
def table(company: ledger.Ledger) -> pd.DataFrame:
    return customers.table(company, as_of=AS_OF)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_is_tried(module: str) -> None:
    wanted = {f"{module}.{name}" for name in public_functions(module)}
    assert {name for name in CALLS if name.startswith(f"{module}.")} == wanted - TAKING_NOTHING


@pytest.mark.parametrize("name", CALLS)
def test_arguments_stay_as_they_are(name: str, slow: Slow, table: pd.DataFrame, tmp_path: Path) -> None:
    module, _, function = name.partition(".")
    args, kwargs = CALLS[name](Things(slow, table, tmp_path))
    drawn_on = {key: value for key, value in kwargs.items() if key == "ax"}  # an Axes is given to be drawn on
    before = content([*args, {key: value for key, value in kwargs.items() if key not in drawn_on}])
    if name == "style.finish":
        before = before[1:]
    public_functions(module)[function](*args, **kwargs)
    after = content([*args, {key: value for key, value in kwargs.items() if key not in drawn_on}])
    assert_same(before, after[1:] if name == "style.finish" else after)


def test_a_change_would_be_found() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0]})
    before = content([table])
    table.loc[0, "x"] = 3.0
    with pytest.raises(AssertionError):
        assert_same(before, content([table]))
    assert issubclass(checks.KamlibError, ValueError)
