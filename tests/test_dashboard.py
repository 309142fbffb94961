from __future__ import annotations

import base64
import datetime as dt
import html
import io
import re
import struct
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import jupytext
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

from kamlib import checks, customers, datasets, exhibits, exposure, ledger
from kamlib.churn import risk_in_a_year
from kamlib.dashboard import Slider, explore, panel, show, sources
from kamlib.dashboard.model import FORMATS, Model, Weighting, files
from kamlib.dashboard.outcome import SLIDES, Assumptions, Book
from kamlib.dashboard.view import Dashboard
from kamlib.report import sections
from kamlib.report.exposure import CORRELATION, SECTOR_CORRELATION
from kamlib.report.run import SECTIONS
from kamlib.style import ENGLISH, Words

AS_OF = "2026-06-30"
SETTING = exhibits.Setting(AS_OF, 12, "en", "EUR")
NASTY = '<script>alert("x")</script> & Co'
FOLDER = Path(__file__).parents[1] / "notebooks"


def purchases(names: list[str], *, years: int = 1) -> pd.DataFrame:
    """One purchase a month by each customer; the first of n buys for n x 100, the last for 100."""
    days = pd.date_range(end="2025-12-31", periods=12 * years, freq="ME")
    rows = [
        (name, day, 100.0 * (len(names) - place), 40.0 * (len(names) - place))
        for place, name in enumerate(names)
        for day in days
    ]
    return pd.DataFrame(rows, columns=["customer", "date", "revenue", "cost"])


@pytest.fixture(scope="module")
def small() -> ledger.Ledger:
    return ledger.read(purchases([f"C{n}" for n in range(1, 9)]))


@pytest.fixture(scope="module")
def board() -> Dashboard:
    """The dashboard of the shipped company, whose probabilities are reckoned once."""
    made = Dashboard(datasets.read(), folder=None, as_of=AS_OF, months=12, language="en", fixed_costs=11_000_000.0)
    made.tabs.selected_index = 1
    return made


@pytest.fixture(scope="module")
def company(board: Dashboard) -> Model:
    return board.model


def text_of(shown: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", shown))


def picture(shown: str) -> str:
    found = re.search(r'<img src="data:image/png;base64,([^"]*)"', shown)
    return found.group(1) if found else ""


# --- sliders over one exhibit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slider", "language", "written"),
    [
        (Slider(0.1, 0.0, 0.2, 0.1, kind="percent"), "de", ["0\xa0%", "10\xa0%", "20\xa0%"]),
        (Slider(0.0, 0.0, 0.01, 0.005, kind="percent"), "en", ["0.0%", "0.5%", "1.0%"]),
        (Slider(1, 1, 3, 1), "en", ["1", "2", "3"]),
        (Slider(0.5, 0.25, 0.75, 0.25), "de", ["0,25", "0,50", "0,75"]),
        (Slider(0, 0, 2000, 1000, kind="money"), "de", ["0", "1.000", "2.000"]),
    ],
)
def test_a_slider_writes_its_steps_as_the_reader_does(slider: Slider, language: str, written: list[str]) -> None:
    assert [label for label, _ in slider.control(Words(language)).options] == written


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 1.0, "high": 0.0},
        {"step": 0.0},
        {"step": -0.1},
        {"step": 1e-9},
        {"value": 0.15},
        {"value": 2.0},
        {"kind": "date"},
    ],
)
def test_a_slider_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"value": 0.1, "low": 0.0, "high": 1.0, "step": 0.1}
    assert Slider(**right).values[3] == 0.3
    with pytest.raises(checks.KamlibError):
        Slider(**(right | wrong))


def pareto(n: int, language: str = "en") -> exhibits.Exhibit:
    if n == 4:
        raise checks.KamlibError("four is <too> much.")
    table = pd.DataFrame({"name": list("xyz"), "revenue": [60.0, 30.0, 10.0]}).head(n)
    return exhibits.pareto(table, setting=exhibits.Setting("2025-12-31", language=language))


def test_a_move_draws_the_exhibit_again_and_input_that_cannot_be_used_is_said_in_a_sentence() -> None:
    box = explore(pareto, n=Slider(3, 1, 4, 1))
    control, view = box.children
    assert (control.description, control.continuous_update) == ("n", False)
    first = view.value
    control.value = 2
    second = view.value
    assert picture(first) != picture(second) != ""
    assert pareto(2).message in text_of(second)
    control.value = 4
    assert "Four is <too> much." in text_of(view.value)
    assert "<too>" not in view.value
    control.value = 3
    assert view.value == first


def test_explore_speaks_the_language_of_the_exhibit_and_shows_what_is_lacking() -> None:
    def draw(share: float) -> exhibits.Exhibit | exhibits.Lacking:
        return pareto(3, "de") if share < 0.5 else exhibits.Lacking("there are no costs.")

    box = explore(draw, share=Slider(0.0, 0.0, 0.5, 0.25, "Anteil", kind="percent"))
    assert [label for label, _ in box.children[0].options] == ["0\xa0%", "25\xa0%", "50\xa0%"]
    box.children[0].value = 0.5
    assert text_of(box.children[1].value).strip() == "There are no costs."


def test_what_the_data_lack_is_said_in_the_language_of_the_exhibit() -> None:
    def draw(n: int) -> exhibits.Exhibit:
        if n == 3:
            raise checks.DataLacks("table has no rows, so there is nothing at risk.")
        return pareto(n, "de")

    control, view = explore(draw, n=Slider(2, 2, 3, 1)).children
    control.value = 3
    assert text_of(view.value).strip() == "Die Tabelle hat keine Zeilen, es steht also nichts auf dem Spiel."


def test_explore_needs_a_slider() -> None:
    with pytest.raises(checks.KamlibError, match="at least one slider"):
        explore(pareto)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_a_name_is_text_wherever_it_stands() -> None:
    table = pd.DataFrame({"name": [NASTY], "share": [0.5]})
    columns = {"name": (NASTY, "text"), "share": ("Share", "percent")}
    measure = exhibits.pareto(pd.DataFrame({"name": ["a"], "revenue": [1.0]}), setting=SETTING).measure
    shown = exhibits.Exhibit("x", NASTY, measure, table, columns, NASTY, ENGLISH)
    for made in (
        panel.exhibit(shown, bars=["share"]),
        panel.sentence(NASTY),
        panel.figures([(NASTY, NASTY, "bad")]),
        panel.heading(NASTY, NASTY),
    ):
        assert "<script" not in made
        assert NASTY in text_of(made)
    assert "width: 50.0%" in panel.exhibit(shown, bars=["share"])
    assert "width: 50.0%" not in panel.exhibit(shown)


def test_a_chart_is_as_large_as_the_place_for_it_and_unknown_to_pyplot() -> None:
    made = panel.exhibit(pareto(3))
    width, height = struct.unpack(">II", base64.b64decode(picture(made))[16:24])
    assert f'width="{width}" height="{height}"' in made
    assert plt.get_fignums() == []
    assert panel.exhibit(pareto(3)) == made


def links(shown: str) -> dict[str, bytes]:
    found = re.findall(r'<a [^>]*download="([^"]*)" href="data:[^;]*;base64,([^"]*)">', shown)
    return {name: base64.b64decode(data) for name, data in found}


def test_a_link_carries_the_file_itself() -> None:
    made = panel.links({"deck.pptx": b"\x00\xff" * 1000, "a.png": b"x"}, words=Words("de"))
    assert links(made) == {"deck.pptx": b"\x00\xff" * 1000, "a.png": b"x"}
    assert "(2 kB)" in made
    assert "(1 kB)" in made


# --- ledgers ----------------------------------------------------------------------------------------------------------


def test_a_folder_offers_what_may_be_a_ledger(tmp_path: Path) -> None:
    for name in ("b.csv", "A.XLSX", "c.parquet", "notes.md", ".hidden"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.csv").mkdir()
    assert [path.name for path in sources.files_in(tmp_path)] == ["A.XLSX", "b.csv", "c.parquet"]
    with pytest.raises(checks.KamlibError, match="there is no folder"):
        sources.files_in(tmp_path / "absent")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, to see that none is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


SALES = "Kunde;Belegdatum;Umsatz\n007;31.12.2025;1.234,50\n008;30.12.2025;100,00\n".encode("cp1252")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sales.csv", "sales.csv"),
        ("../../etc/sales.csv", "sales.csv"),
        ("C:\\Users\\x\\sales.csv", "sales.csv"),
        ("..", "upload"),
        ("a\x00b<c>.csv", "abc.csv"),
        ("x" * 300 + ".csv", "x" * 76 + ".csv"),
    ],
)
def test_an_upload_is_read_under_its_name_and_leaves_nothing(name: str, told: str, scratch: Path) -> None:
    read = sources.uploaded((name, SALES))
    assert read.audit.format["source"] == told
    assert read.audit.revenue_used == 1334.5
    assert list(scratch.iterdir()) == []


def test_an_uploaded_parquet_file_and_a_master_are_read_too(scratch: Path) -> None:
    buffer = io.BytesIO()
    purchases(["007", "008"]).to_parquet(buffer)
    master = b"customer,name,parent\n007,Anna,Group\n008,Berta,Group\n"
    read = sources.uploaded(("same", buffer.getvalue()), customers=("same", master))
    table = customers.table(read, as_of="2025-12-31")
    assert table[["name", "revenue"]].to_numpy().tolist() == [["Group", 3600.0]]
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("content", [b"hello\n", b"PK\x03\x04junk", b"PAR1junk", b""])
def test_an_upload_that_is_no_ledger_is_said_and_leaves_nothing(content: bytes, scratch: Path) -> None:
    with pytest.raises(checks.KamlibError):
        sources.uploaded(("x.csv", content))
    assert list(scratch.iterdir()) == []


# --- the list of key accounts -----------------------------------------------------------------------------------------


def test_where_nothing_is_moved_the_list_is_that_of_the_report(company: Model) -> None:
    assert company.start.criteria == {"revenue": 3.0, "margin": 2.0, "growth": 1.0, "potential": 1.0}
    assert (company.start.by, company.start) == ("cut", Weighting(company.start.weights))
    assert company.own_criteria == ("strategic_fit", "payment_days")
    setting = company.setting("de")
    told = sections.listed(sections.Case(company.sales, company.table, setting)).exhibits[0]
    shown = company.list_exhibit(company.start, language="de")
    assert (shown.key, shown.message, shown.note, shown.measure) == (
        "key_accounts",
        told.message,
        told.note,
        told.measure,
    )
    pd.testing.assert_frame_equal(shown.table, told.table)


def test_other_weights_make_another_list_and_say_who_moved(company: Model) -> None:
    weighting = Weighting((("payment_days", -2.0), ("growth", 0.0)), by="score", size=10)
    fastest = company.table[company.table["revenue"] > 0].sort_values("payment_days", kind="stable")
    shown = company.list_exhibit(weighting, language="en")
    assert set(shown.table["name"]) >= set(fastest["name"].head(5))
    moved = company.moved(shown, words=ENGLISH)
    before, now = set(company.listed(company.start)["name"]), set(shown.table["name"])
    assert all(name in moved for name in before ^ now)
    same = company.list_exhibit(company.start, language="en")
    assert company.moved(same, words=ENGLISH) == "These are the key accounts of the report."


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"by": "score"}, "By score with the report's weights: 3 key accounts bring"),
        ({"by": "score", "weights": (("revenue", 1.0),)}, "By score with own weights: 3 key accounts bring"),
        ({"by": "both", "weights": (("revenue", 1.0),)}, "By revenue or score with own weights: 3 key accounts bring"),
        ({"by": "cut"}, "By revenue, up to 3: 3 key accounts bring"),
    ],
)
def test_a_list_of_ones_own_says_so_and_stands_beside_that_of_the_report(
    small: ledger.Ledger, changes: dict[str, Any], told: str
) -> None:
    model = Model(small)
    report = sections.listed(sections.Case(small, model.table, model.setting("en")))
    weighting = replace(model.start, size=3, **changes)
    offered = {one.key: one for one in model.on_offer([report], weighting, Assumptions(), language="en")}
    assert offered["own_key_accounts"].message.startswith(told)
    assert offered["key_accounts"] is report.exhibits[0]
    untouched = model.on_offer([report], model.start, Assumptions(), language="en")
    assert "own_key_accounts" not in {one.key for one in untouched}


def test_weights_that_are_all_zero_are_said(small: ledger.Ledger) -> None:
    with pytest.raises(checks.KamlibError, match="All weights are 0"):
        Model(small).list_exhibit(Weighting((("revenue", 0.0),), by="score"), language="en")


def test_the_note_says_by_which_rule_the_list_was_made(small: ledger.Ledger) -> None:
    model = Model(small)
    notes = [model.list_exhibit(replace(model.start, by=by, size=3), language="en").note for by in ("score", "cut")]
    assert "the 3 best by score" in notes[0]
    assert "the largest by revenue, up to 3 or 80% of it" in notes[1]


# --- what it costs if they leave --------------------------------------------------------------------------------------


def book(**changes: Any) -> Book:
    """Three accounts with 100, 60 and 40 of margin; whoever goes is not replaced within the year."""
    at_risk = pd.DataFrame(
        {"name": ["Anna", "Berta", "Carla"], "revenue": [200.0, 90.0, 60.0], "margin": [100.0, 60.0, 40.0]},
        index=["a", "b", "c"],
    )
    p = pd.Series([0.1, 0.2, 0.5], at_risk.index)
    return Book(**({"at_risk": at_risk, "p_loss": p, "contribution": 200.0, "judged": True} | changes))


NEVER = {"months_to_replace": 36.0, "correlation": 0.0, "sector_correlation": 0.0}


@pytest.mark.parametrize(
    ("leaving", "fixed_costs", "result", "can_go", "expected"),
    [
        # Of a result of 200 - 90 = 110; by size 100, 60, 40: one can go. Expected: 10 + 12 + 20.
        ("", 90.0, 110.0, 1, 42.0),
        ("c", 90.0, 70.0, 0, 62.0),  # 10 + 12 + 40, and 100 is too much for 70
        ("a", 90.0, 10.0, 0, 132.0),  # 100 + 12 + 20; the next is 60
        ("a", 20.0, 80.0, 1, 132.0),  # 60 can go, too, and 40 is too much for the 20 left
        ("b", 90.0, 50.0, 0, 90.0),
        ("bc", 90.0, 10.0, 0, 110.0),
        ("abc", 90.0, -90.0, 0, 200.0),
    ],
)
def test_who_leaves_takes_result_and_room_along(
    leaving: str, fixed_costs: float, result: float, can_go: int, expected: float
) -> None:
    outcome = book().outcome(Assumptions(frozenset(leaving), fixed_costs=fixed_costs, **NEVER))
    assert outcome.result == pytest.approx(result)
    assert outcome.can_go == can_go
    assert outcome.law.expected == pytest.approx(expected)
    told = dict(line[:2] for line in outcome.headline(setting=SETTING))
    assert told["Result if nobody leaves"] == SETTING.words.amount(200.0 - fixed_costs)
    assert told["Result after those ticked"] == SETTING.words.amount(result)
    assert told["Loss to expect"] == SETTING.words.amount(expected)
    assert told["More that can go, the largest first"] == str(can_go)


def test_bad_news_is_marked() -> None:
    told = book().outcome(Assumptions(frozenset("ab"), fixed_costs=90.0, **NEVER)).headline(setting=SETTING)
    assert {title for title, _, meaning in told if meaning == "bad"} == {
        "Result after those ticked",
        "More that can go, the largest first",
        "Probability of a year at a loss",
    }


@pytest.mark.parametrize(("probability", "meaning"), [(0.4, ""), (0.6, "bad")])
def test_a_loss_that_is_likelier_than_not_is_bad_news(probability: float, meaning: str) -> None:
    # Of a result of 90, Anna's 100 are too much, and no other can leave.
    outcome = book(p_loss=pd.Series([probability, 0.0, 0.0], list("abc"))).outcome(
        Assumptions(fixed_costs=110.0, **NEVER)
    )
    told = {title: rest for title, *rest in outcome.headline(setting=SETTING)}
    assert told["Probability of a year at a loss"] == [f"{probability:.1%}", meaning]


def test_months_hit_and_what_is_saved_shrink_the_loss() -> None:
    whole, half, saved = (
        book().outcome(Assumptions(frozenset("a"), fixed_costs=90.0, **(NEVER | more)))
        for more in ({}, {"months_hit": 6.0}, {"saved": 0.25})
    )
    assert [one.gone.tolist() for one in (whole, half, saved)] == [[100.0], [50.0], [75.0]]
    assert "Only 6 months" in half.slide("exposure_curve", setting=SETTING).note
    assert "25%" in saved.slide("departures", setting=SETTING).note
    assert "saved" not in whole.slide("departures", setting=SETTING).note


RARELY = {"p_loss": pd.Series(0.05, list("abc"))}  # so the worst of a hundred years is not yet the loss of all


def test_every_exhibit_of_the_loss_tells_what_is_assumed() -> None:
    assumed = Assumptions(months_hit=6.0, saved=0.5, fixed_costs=90.0)
    told = book(**RARELY).outcome(assumed).others(setting=SETTING)
    assert {one.key for one in told} == {"board", "contributions", "common_factors", "stake_matrix"}
    for one in told:
        assert "Only 6 months of the year are hit by a loss. 50% of it is saved at once." in one.note
        assert one.measure.scenario == "forecast"


@pytest.mark.parametrize(("leaving", "who"), [("a", "If 1 account leaves: "), ("abc", "If 3 accounts leave: ")])
def test_what_holds_without_those_ticked_is_no_forecast(leaving: str, who: str) -> None:
    outcome = book(**RARELY).outcome(Assumptions(frozenset(leaving), fixed_costs=90.0))
    told = [outcome.slide("exposure_curve", setting=SETTING), *outcome.others(setting=SETTING)]
    # Of those who leave for certain, no common cause makes more.
    assert [one.key for one in told] == ["exposure_curve", "contributions", "common_factors"][: 5 - len(leaving)]
    assert all(one.message.startswith(who) for one in told)
    assert "taken to leave for certain" in told[-1].note
    departures = outcome.slide("departures", setting=SETTING)
    assert departures.message.startswith("Without Anna")
    assert {one.measure.scenario for one in (*told, departures)} == {"assumption"}


def test_break_even_is_that_of_a_firm_nobody_has_left() -> None:
    # Of a result of 110, who is ticked takes 40; the others go with 0.1 and 0.2, and 100 is too much for the 70 left.
    stays, leaves = (book().outcome(Assumptions(frozenset(who), fixed_costs=90.0, **NEVER)) for who in ("", "c"))
    assert stays.slides == SLIDES
    assert leaves.slides == ("departures", "exposure_curve")
    shown = leaves.slide("departures", setting=SETTING)
    assert "to EUR\xa070, and the largest of the others would turn it into a loss" in shown.message
    assert "a loss with a probability of 10.0%." in shown.note
    assert "at a loss" not in stays.slide("departures", setting=SETTING).note


@pytest.mark.parametrize(
    ("leaving", "fixed_costs", "words"),
    [
        ("", 90.0, "If nobody leaves, the year ends with a result of EUR\xa0110"),
        (
            "c",
            90.0,
            "Without Carla, the result falls from EUR\xa0110 to EUR\xa070, and the largest of the others would",
        ),
        ("c", 20.0, "to EUR\xa0140, and the largest of the others can go, too, but no second"),
        ("c", 0.0, "and the 2 largest of the others can go, too"),
        ("ab", 90.0, "Without Anna and Berta, the year ends at a loss of EUR\xa050 instead of a result of EUR\xa0110"),
        ("a", 250.0, "Without Anna, the loss grows from EUR\xa050 to EUR\xa0150"),
        ("", 250.0, "The year ends at a loss of EUR\xa050 before any account leaves"),
        ("", None, "If nobody leaves, EUR\xa0200 of contribution margin stays"),
        ("ac", None, "Without Anna and Carla, EUR\xa0140 of contribution margin is lost, 70.0% of all"),
    ],
)
def test_the_slide_says_what_its_bars_show(leaving: str, fixed_costs: float | None, words: str) -> None:
    shown = book().outcome(Assumptions(frozenset(leaving), fixed_costs=fixed_costs, **NEVER)).slide(
        "departures", setting=SETTING
    )  # fmt: skip
    assert words in shown.message
    assert shown.table["loss"].tolist() == sorted(shown.table["loss"], reverse=True)
    assert len(shown.table) == len(leaving)
    ax = shown.chart()
    before = 200.0 if fixed_costs is None else 200.0 - fixed_costs
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches if bar.get_width()]
    assert max(map(abs, ends)) == pytest.approx(max(abs(before), abs(before - shown.table["loss"].sum())))
    assert ends[-1] == pytest.approx(before - shown.table["loss"].sum())


def test_accounts_of_one_name_are_told_apart_and_many_are_added_up() -> None:
    at_risk = pd.DataFrame({"name": ["X", "X", *"abcdefghij"], "margin": 10.0}, index=[f"n{i}" for i in range(12)])
    many = book(at_risk=at_risk, p_loss=pd.Series(0.1, at_risk.index), contribution=120.0)
    shown = many.outcome(Assumptions(frozenset(at_risk.index), fixed_costs=0.5, **NEVER)).slide(
        "departures", setting=SETTING
    )  # fmt: skip
    assert shown.table["name"].tolist()[:2] == ["X (n0)", "X (n1)"]
    assert "Without X (n0) and 11 others" in shown.message
    told = [label.get_text() for label in shown.chart().get_yticklabels()]
    assert "4 other accounts" in told
    assert len(told) == 8 + 3


def test_without_a_probability_or_costs_only_what_is_known_is_shown() -> None:
    unjudged = book(judged=False, p_loss=pd.Series(0.0, ["a", "b", "c"]))
    assert unjudged.outcome(Assumptions(frozenset("a"), fixed_costs=90.0, **NEVER)).slides == ("departures",)
    told = unjudged.outcome(Assumptions(frozenset("a"), fixed_costs=90.0, **NEVER)).headline(setting=SETTING)
    assert [title for title, *_ in told][-1] == "More that can go, the largest first"
    without = book(contribution=None).outcome(Assumptions(frozenset("a"), fixed_costs=90.0, **NEVER))
    assert (without.firm, without.result, without.can_go) == (None, None, None)
    assert without.headline(setting=SETTING)[0][:2] == ("Lost with those ticked", "EUR\xa0100")


def test_the_dashboard_agrees_with_the_report(company: Model) -> None:
    costs = datasets.fixed_costs(as_of=AS_OF)
    outcome, known = company.outcome(Assumptions(fixed_costs=costs)), company.book
    stakes = exposure.stakes(known.at_risk).table
    law = exposure.loss_distribution(
        stakes["stake"],
        known.p_loss,
        severity=stakes["severity"],
        sector=stakes["sector"],
        correlation=CORRELATION,
        sector_correlation=SECTOR_CORRELATION,
    )
    year = exposure.firm(law, contribution=company.table["margin"].sum(), fixed_costs=costs)
    assert outcome.law.expected == pytest.approx(law.expected, rel=1e-9)
    for level in (0.95, 0.99):  # one figure for one quantity, wherever it is shown
        assert outcome.law.value_at_risk(level) == pytest.approx(law.value_at_risk(level), rel=1e-9)
        assert outcome.law.expected_shortfall(level) == pytest.approx(law.expected_shortfall(level), rel=1e-9)
    assert (outcome.can_go, outcome.result) == (year.can_go, pytest.approx(year.result))


def test_what_can_be_lost_is_that_of_a_year_however_long_the_period(small: ledger.Ledger) -> None:
    half, year = Model(small, months=6), Model(small)
    assert half.table["margin"].sum() == year.table["margin"].sum() / 2
    pd.testing.assert_frame_equal(half.book.at_risk, customers.table(small, as_of="2025-12-31", months=12))
    assert half.book.contribution == 12 * 60.0 * 36  # C1 brings 8 x 60 a month, C8 60


def test_a_ledger_of_few_purchases_has_no_probabilities() -> None:
    once = purchases(["x", "y", "z"]).groupby("customer").tail(1)
    model = Model(ledger.read(once))
    assert not model.book.judged
    assert model.outcome(Assumptions(fixed_costs=1.0)).slides == ("departures",)
    assert model.candidates.index.tolist() == ["x", "y"]  # what brings 80 % of revenue
    assert model.outcome(Assumptions(frozenset("x"), fixed_costs=1.0, **NEVER)).gone.tolist() == [180.0]  # 300 less 120


def test_a_ledger_without_costs_knows_of_no_result() -> None:
    model = Model(ledger.read(purchases(["x", "y"]).drop(columns="cost")))
    assert model.book.contribution is None
    assert "break_even" not in model.outcome(Assumptions(fixed_costs=1.0)).slides


def test_a_period_without_sales_is_refused(small: ledger.Ledger) -> None:
    with pytest.raises(checks.KamlibError, match="no line in the 12 months"):
        Model(small, as_of="2020-12-31")


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_files_hold_what_was_chosen(scratch: Path) -> None:
    chosen = [pareto(3), replace(pareto(2), key="other"), replace(pareto(3), key="table", draw=None, native=None)]
    made = files(chosen, FORMATS, title="Key accounts", words=ENGLISH)
    assert list(made) == ["deck.pptx", "tables.xlsx", "charts.zip"]
    with zipfile.ZipFile(io.BytesIO(made["charts.zip"])) as archive:
        assert archive.namelist() == ["pareto.png", "other.png"]
    with zipfile.ZipFile(io.BytesIO(made["deck.pptx"])) as deck:
        slides = [name for name in deck.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        assert len(slides) == 1 + len(chosen)
    with zipfile.ZipFile(io.BytesIO(made["tables.xlsx"])) as book_:
        assert "xl/worksheets/sheet4.xml" in book_.namelist()
    assert files(chosen, FORMATS, title="Key accounts", words=ENGLISH) == made
    assert list(files(chosen[:1], ["png"], title="", words=ENGLISH)) == ["pareto.png"]
    assert list(scratch.iterdir()) == []


def test_the_dashboard_uses_of_export_only_what_it_offers() -> None:
    modules = sorted(Path(panel.__file__).parent.glob("*.py"))
    assert len(modules) > 5
    assert [module.name for module in modules if "kamlib.export." in module.read_text(encoding="utf-8")] == []


LOSS = ("board", "exposure_curve", "contributions", "common_factors", "stake_matrix", "stress", "break_even",
        "retention_budget", "loss_range", "sensitivity")  # fmt: skip


def told_by_report() -> list[sections.Section]:
    """The sections of a report whose exhibits are told apart by their keys."""
    keys = {"concentration": ("pareto",), "exposure": LOSS, "audit": ("audit",)}
    return [
        sections.Section(key, "", "", tuple(replace(pareto(3), key=one) for one in ones)) for key, ones in keys.items()
    ]


@pytest.mark.parametrize(
    ("changes", "of_the_loss"),
    [
        ({}, LOSS),
        (
            {"months_hit": 6.0},
            ("board", "exposure_curve", "contributions", "common_factors", "stake_matrix", "break_even"),
        ),
        ({"leaving": 1}, ("exposure_curve", "contributions", "common_factors")),
    ],
)
def test_a_deck_speaks_under_one_set_of_assumptions(
    company: Model, changes: dict[str, Any], of_the_loss: tuple[str, ...]
) -> None:
    told = told_by_report()
    assumed = Assumptions(fixed_costs=11e6)
    if "leaving" in changes:
        changes = {"leaving": frozenset(company.candidates.index[: changes["leaving"]])}
    moved = replace(assumed, **changes)
    offered = company.on_offer(told, company.start, moved, language="en")
    assert [one.key for one in offered] == ["pareto", *of_the_loss, "audit", "departures"]
    shown = {one.key: one for one in offered}
    assert shown["pareto"] is told[0].exhibits[0]
    if moved == assumed:
        assert shown["exposure_curve"] is told[1].exhibits[1]
        return
    law, words = company.outcome(moved).law, company.setting("en").words
    tail = words.amount(law.expected_shortfall(0.99))
    assert words.amount(law.expected) in shown["exposure_curve"].message
    assert tail in shown["common_factors"].message
    assert all("Only 6 months" in shown[key].note for key in of_the_loss if "months_hit" in changes)
    assert all(shown[key].message.startswith("If ") for key in of_the_loss if "leaving" in changes)


@pytest.mark.parametrize(
    ("chosen", "formats", "words"),
    [
        ([], ["pptx"], "at least one exhibit"),
        ([pareto(3)], [], "at least one format"),
        ([replace(pareto(3), draw=None)], ["png"], "has a chart"),
    ],
)
def test_a_choice_of_nothing_is_said(chosen: list[exhibits.Exhibit], formats: list[str], words: str) -> None:
    with pytest.raises(checks.KamlibError, match=words):
        files(chosen, formats, title="", words=ENGLISH)


# --- the whole, by its widgets ----------------------------------------------------------------------------------------


def test_a_weight_moves_the_list_and_the_button_brings_it_back(board: Dashboard) -> None:
    tab = board.key_accounts
    assert tab is not None
    before = tab.view.value
    assert "By score" not in text_of(before)
    tab.sliders["growth"].value = 5.0
    assert tab.by.value == "score"
    assert "By score with own weights: 25 key accounts" in text_of(tab.view.value)
    assert "growth 5.0" in text_of(tab.view.value)
    for slider in tab.sliders.values():
        slider.value = 0.0
    # Of a list that nothing stands for any more, nothing stays.
    assert text_of(tab.view.value).strip() == "All weights are 0; give at least one criterion a weight."
    tab.reset.click()
    assert (tab.view.value, tab.weighting, board.status.value) == (before, board.model.start, "")


def test_what_nobody_touched_is_not_taken_for_moved(board: Dashboard) -> None:
    assert board.losses is not None
    assert board.losses.assumed == Assumptions(fixed_costs=11_000_000.0)
    few = Dashboard(ledger.read(purchases(["x", "y"])), folder=None, as_of=None, months=12, language="en",
                    fixed_costs=None)  # fmt: skip
    assert few.key_accounts is not None
    assert few.key_accounts.weighting == few.model.start  # however small the list is


def test_a_tick_moves_figures_and_slide(board: Dashboard) -> None:
    tab = board.losses
    assert tab is not None
    account = next(iter(tab.ticks))
    told, slide = tab.told.value, tab.view.value
    tab.ticks[account].value = True
    outcome = board.model.outcome(tab.assumed)
    assert outcome.gone.index.tolist() == [account]
    assert outcome.result is not None
    assert board.desk.words.amount(outcome.result) in html.unescape(tab.told.value)
    assert picture(tab.view.value) not in {"", picture(slide)}
    assert board.model.candidates[account] in text_of(tab.view.value)
    tab.slide.value = "break_even"
    assert "without those ticked" in text_of(tab.view.value)
    assert picture(tab.view.value) == ""
    tab.slide.value = "departures"
    tab.ticks[account].value = False
    assert (tab.told.value, tab.view.value) == (told, slide)


@pytest.mark.parametrize("key", SLIDES)
@pytest.mark.parametrize("name", ["months", "hit", "saved", "economy", "sector"])
def test_every_slider_moves_every_figure_it_ought_to(board: Dashboard, key: str, name: str) -> None:
    tab = board.losses
    assert tab is not None
    tab.slide.value = key
    control = getattr(tab, name)
    before, told, slide = control.value, tab.told.value, tab.view.value
    steps = [value for _, value in control.options]
    control.value = steps[steps.index(before) - 3 if steps.index(before) > 2 else steps.index(before) + 3]
    assert tab.told.value != told
    if key == "exposure_curve" or name not in {"economy", "sector"}:  # what hangs together costs nobody more
        assert tab.view.value != slide
    control.value = before
    assert (tab.told.value, tab.view.value) == (told, slide)
    tab.slide.value = "departures"


def test_fixed_costs_move_the_result_and_zero_means_unknown(board: Dashboard) -> None:
    tab = board.losses
    assert tab is not None
    assert tab.fixed.value == 11_000_000.0
    tab.fixed.value = 12_000_000.0
    result = board.model.outcome(tab.assumed).result
    assert result == pytest.approx(board.model.table["margin"].sum() - 12_000_000.0)
    tab.fixed.value = 0.0
    tab.slide.value = "break_even"
    assert "not known" in tab.view.value
    tab.slide.value = "departures"
    tab.fixed.value = 11_000_000.0


def labels(box: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Every control inside a box."""
    children = getattr(box, "children", None)
    return [box] if children is None else [found for child in children for found in labels(child)]


def test_every_control_bears_a_label_and_none_is_read_as_markup(board: Dashboard) -> None:
    controls = [one for one in labels(board.box) if not isinstance(one, ipywidgets.HTML | ipywidgets.ToggleButtons)]
    assert len(controls) > 40
    assert [one for one in controls if not one.description.strip()] == []
    assert not any(getattr(one, "description_allow_html", False) for one in controls)


def test_the_language_changes_and_what_was_moved_stays(board: Dashboard) -> None:
    assert board.losses is not None
    board.losses.economy.value = 0.3
    account = next(iter(board.losses.ticks))
    board.losses.ticks[account].value = True
    board.language.value = "de"
    assert board.losses.economy.value == 0.3
    assert board.losses.ticks[account].value
    assert "Mio.\xa0EUR" in html.unescape(board.losses.told.value)
    assert "0,30" in board.losses.view.value or "0,30" in [label for label, _ in board.losses.economy.options]
    board.tabs.selected_index = 0
    assert board.key_accounts is not None
    assert board.key_accounts.sliders["revenue"].description == "Umsatz"
    assert "Rang" in board.key_accounts.view.value
    assert board.key_accounts.weighting == board.model.start
    board.language.value = "en"
    board.tabs.selected_index = 1
    assert board.losses is not None
    board.losses.economy.value = 0.1
    board.losses.ticks[account].value = False


@pytest.fixture
def desk(small: ledger.Ledger, tmp_path: Path) -> Dashboard:
    (tmp_path / "other.csv").write_bytes(SALES)
    (tmp_path / "empty.csv").write_bytes(b"nothing\n")
    return Dashboard(small, folder=tmp_path, as_of=None, months=12, language="en", fixed_costs=None)


def upload(widget: ipywidgets.FileUpload, name: str, content: bytes) -> None:
    now = dt.datetime.now(tz=dt.UTC)
    file = {"name": name, "type": "", "size": len(content), "content": memoryview(content), "last_modified": now}
    widget.value = (file,)


def shown_by(made: Dashboard) -> str:
    assert made.key_accounts is not None
    return text_of(made.key_accounts.view.value)


def test_another_ledger_of_the_folder_is_read_when_chosen(desk: Dashboard, tmp_path: Path) -> None:
    assert " C1 " in shown_by(desk)
    desk.source.value = str(tmp_path / "other.csv")
    assert desk.end.value == dt.date(2025, 12, 31)
    assert " 007 " in shown_by(desk)
    assert " C1 " not in shown_by(desk)


def test_a_ledger_that_cannot_be_read_is_said_and_what_was_shown_stays(desk: Dashboard, tmp_path: Path) -> None:
    before = desk.source.value
    desk.source.value = str(tmp_path / "empty.csv")
    assert "No header line" in desk.status.value
    assert 'role="alert"' in desk.status.value
    assert "Traceback" not in desk.status.value
    assert (desk.source.value, " C1 " in shown_by(desk)) == (before, True)
    upload(desk.upload, "bad.csv", b"nothing\n")
    assert "No header line" in desk.status.value
    assert desk.source.value == before
    assert "bad.csv" not in [label for label, _ in desk.source.options]


def test_an_upload_is_shown_and_its_customers_join_it(desk: Dashboard) -> None:
    upload(desk.upload, f"{NASTY}.csv", SALES)
    assert " 007 " in shown_by(desk)
    assert desk.upload.value == ()
    upload(desk.master, "customers.csv", f"customer;name\n007;{NASTY}\n".encode())
    assert NASTY in shown_by(desk)
    desk.tabs.selected_index = 1
    assert desk.losses is not None
    assert [tick.description for tick in desk.losses.ticks.values()] == [NASTY]
    next(iter(desk.losses.ticks.values())).value = True
    assert NASTY in text_of(desk.losses.view.value)
    every = (
        (desk.key_accounts.view.value if desk.key_accounts else "") + desk.losses.view.value + desk.losses.told.value
    )
    assert "<script" not in every


def test_customers_may_come_before_their_sales(desk: Dashboard) -> None:
    upload(desk.master, "customers.csv", b"customer;name\n007;Anna\n")
    assert " C1 " in shown_by(desk)
    upload(desk.upload, "sales.csv", SALES)
    assert " Anna " in shown_by(desk)


def test_another_period_is_reckoned_anew_and_half_a_date_is_none(desk: Dashboard) -> None:
    before = shown_by(desk)
    desk.end.value = None
    assert shown_by(desk) == before
    desk.length.value = 3
    # One purchase a month: the largest of the year has 12 x 800, of a quarter 3 x 800.
    assert " 9,600 " in before
    assert " 9,600 " not in shown_by(desk)
    assert " 2,400 " in shown_by(desk)
    assert "1 Oct 2025 to 31 Dec 2025" in desk.title.value
    desk.end.value = dt.date(2020, 1, 1)
    assert "The ledger has no line in the 3 months" in desk.status.value
    assert "Shown is still 1 Oct 2025 to 31 Dec 2025." in desk.status.value
    assert "2,400 " in shown_by(desk)
    desk.language.value = "de"
    assert (desk.end.value, desk.status.value) == (dt.date(2025, 12, 31), "")
    desk.end.value = dt.date(2020, 1, 2)
    assert "no line" not in desk.status.value
    assert "02.01.2020" in desk.status.value


def test_without_costs_of_the_year_or_probabilities_the_tab_says_so(desk: Dashboard) -> None:
    upload(desk.upload, "sales.csv", SALES)
    desk.tabs.selected_index = 1
    assert desk.losses is not None
    assert (desk.losses.fixed.disabled, desk.losses.sector.disabled) == (True, True)
    desk.losses.slide.value = "exposure_curve"
    assert "too few purchases" in text_of(desk.losses.view.value)


YEAR_END, MIDYEAR = dt.date(2025, 12, 31), dt.date(2025, 6, 30)


def fixed_costs_on(made: Dashboard, day: dt.date) -> float:
    made.end.value = day
    assert made.status.value == ""
    assert made.losses is not None
    return float(made.losses.fixed.value)


def test_fixed_costs_are_those_of_the_day_until_someone_sets_them(
    small: ledger.Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "shipped", lambda: small)  # whose costs are known, and whose sales are soon reckoned
    made = Dashboard(None, folder=None, as_of=YEAR_END, months=12, language="en", fixed_costs=None)
    made.tabs.selected_index = 1
    assert made.losses is not None
    assert made.losses.fixed.value == datasets.fixed_costs(as_of=YEAR_END) == 11_050_000.0
    made.tabs.selected_index = 0
    made.end.value = MIDYEAR  # while another tab is looked at
    made.tabs.selected_index = 1
    # Of twelve months to June, 184 days lie in 2024 with costs of 10,730,000 and 181 in 2025.
    costs = round((184 * 10_730_000 + 181 * 11_050_000) / 365, 2)
    assert fixed_costs_on(made, MIDYEAR) == costs
    assert made.losses.assumed.fixed_costs == costs
    made.language.value = "de"
    made.length.value = 6
    assert fixed_costs_on(made, YEAR_END) == 11_050_000.0
    made.losses.ticks["C1"].value = True
    assert fixed_costs_on(made, MIDYEAR) == costs  # what else was moved stays moved
    assert made.losses.ticks["C1"].value
    made.losses.fixed.value = 1234.0
    assert fixed_costs_on(made, YEAR_END) == 1234.0
    made.losses.fixed.value = 0.0
    assert fixed_costs_on(made, MIDYEAR) == 0.0


def test_fixed_costs_given_are_those_of_the_ledger_given_and_of_no_other(
    small: ledger.Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "shipped", lambda: small)
    made = Dashboard(small, folder=None, as_of=None, months=12, language="en", fixed_costs=500.0)
    made.tabs.selected_index = 1
    assert fixed_costs_on(made, MIDYEAR) == 500.0
    made.source.value = "company"
    assert made.losses is not None
    assert made.losses.fixed.value == 11_050_000.0
    made.source.value = "given"
    assert made.losses is not None
    assert made.losses.fixed.value == 500.0


def broken(*_: Any, **__: Any) -> None:
    raise IndexError("single positional indexer is out-of-bounds")


UNFORESEEN = "Something went wrong that nobody foresaw: undo the last change"


def test_an_error_that_nobody_foresaw_ends_the_work_and_is_told_and_logged(
    desk: Dashboard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Model, "reported", broken)
    desk.tabs.selected_index = 2
    assert desk.status.value == ""
    assert desk.files is None
    (place,) = desk.slots[2].children
    assert UNFORESEEN in text_of(place.value)
    assert 'role="alert"' in place.value
    assert "out-of-bounds" not in place.value
    assert "IndexError: single positional indexer is out-of-bounds" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr("kamlib.dashboard.model.SECTIONS", (sections.listed,))
    desk.tabs.selected_index = 0
    desk.tabs.selected_index = 2
    assert desk.files is not None


def test_beside_a_fault_stand_no_figures_of_before_and_in_no_language_nothing(
    desk: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.tabs.selected_index = 1
    assert desk.losses is not None
    assert min(value for _, value in desk.losses.months.options) == 1  # with 0 there would be nothing to lose
    with monkeypatch.context() as now:
        now.setattr("kamlib.dashboard.outcome.departures", broken)
        desk.losses.saved.value = 0.5
        for language in ("en", "de", "en"):
            desk.language.value = language
            assert desk.losses.told.value == ""
            assert 'role="alert"' in desk.losses.view.value
            assert picture(desk.losses.view.value) == ""
    desk.losses.saved.value = 0.25
    assert "alert" not in desk.losses.view.value
    assert desk.losses.told.value != ""


def test_after_an_error_amid_a_move_the_controls_answer_as_before(
    desk: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as now:
        now.setattr(Dashboard, "_ledgers", broken)
        with pytest.raises(IndexError):
            desk.language.value = "de"
    desk.length.value = 3
    assert " 2.400 " in shown_by(desk)
    tab = desk.key_accounts
    assert tab is not None
    with pytest.raises(IndexError), tab.quiet():
        broken()
    before = tab.view.value
    tab.size.value = 5
    assert tab.view.value != before


def test_work_that_is_stopped_by_hand_is_not_told_as_going_on(desk: Dashboard) -> None:
    def stopped() -> None:
        assert "Working: files" in desk.status.value
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), desk.desk.answering("files"):
        stopped()
    assert desk.status.value == ""


def test_a_tab_that_cannot_be_filled_says_so_in_every_language(
    desk: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Model, "candidates", property(broken))
    desk.tabs.selected_index = 1
    for language in ("de", "en"):
        desk.language.value = language
        (place,) = desk.slots[1].children
        assert 'role="alert"' in place.value
        assert desk.status.value == ""


def test_the_files_are_those_of_the_moves(board: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kamlib.dashboard.model.SECTIONS", (sections.listed,)
    )  # the report's own tests make all of them
    assert board.losses is not None
    account = next(iter(board.losses.ticks))
    board.losses.ticks[account].value = True
    board.tabs.selected_index = 2
    tab = board.files
    assert tab is not None
    # Those of the report first; then what the report does not have.
    assert next(iter(tab.exhibits)) == "key_accounts"
    assert [key for key in tab.exhibits if key in SLIDES] == ["departures", "exposure_curve"]
    assert "own_key_accounts" not in tab.exhibits
    assert board.model.candidates[account] in tab.exhibits["departures"].message
    tab.make.click()
    assert "at least one exhibit" in text_of(tab.view.value)
    tab.choice.value = ("departures",)
    for tick in tab.formats.values():
        tick.value = True
    tab.make.click()
    assert board.status.value == ""
    assert set(links(tab.view.value)) == {"deck.pptx", "tables.xlsx", "departures.png"}
    # A look at another tab takes nothing away; after a move, what is chosen stays chosen, and follows it.
    board.tabs.selected_index = 1
    board.tabs.selected_index = 2
    assert board.files is tab
    board.tabs.selected_index = 1
    board.losses.ticks[account].value = False
    board.tabs.selected_index = 2
    assert board.files is not None
    assert board.files.choice.value == ("departures",)
    assert board.model.candidates[account] not in board.files.exhibits["departures"].message
    board.tabs.selected_index = 1


def test_a_switch_of_language_does_not_reckon_the_risk_again(board: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert board.model.book.judged

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("kamlib.dashboard.model.SECTIONS", (sections.leaving,))
    monkeypatch.setattr("kamlib.churn.risk", never)
    monkeypatch.setattr("kamlib.churn.backtest", never)
    told = board.model.reported("de")
    assert {"risk_list", "calibration"} <= {exhibit.key for section in told for exhibit in section.exhibits}


def test_nor_does_it_that_of_a_year_of_which_a_part_is_tested(
    small: ledger.Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, reckoned = Model(small), []
    monkeypatch.setattr("kamlib.churn.risk_in_a_year", lambda *a, **k: reckoned.append(1) or risk_in_a_year(*a, **k))
    assert model.book.judged
    monkeypatch.setattr("kamlib.dashboard.model.SECTIONS", SECTIONS[3:4])
    (section,) = model.reported("de")
    assert reckoned == [1]
    # What could not be tested is said of the dashboard's own slides, as of the report's.
    told = {one.key: one.note for one in section.exhibits}["exposure_curve"]
    setting = model.setting("de")
    origin = sections.Case(small, model.table, setting).origin_of_risk
    assert origin
    assert origin in told
    both = Assumptions(), Assumptions(saved=0.5)
    own = [model.outcome(a).slide("exposure_curve", setting=setting).note for a in both]
    assert own[0] == told
    assert origin in own[1]


def test_show_returns_a_widget_and_asks_for_what_it_knows(small: ledger.Ledger, tmp_path: Path) -> None:
    assert isinstance(show(small), ipywidgets.VBox)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"language": "xx"}, "language"),
        ({"folder": tmp_path / "absent"}, "there is no folder"),
        ({"as_of": "31.12.2025"}, "as_of"),
        ({"fixed_costs": -1.0}, "fixed_costs"),
    ]
    for given, words in wrong:
        with pytest.raises(checks.KamlibError, match=words):
            show(small, **given)


# --- the notebook -----------------------------------------------------------------------------------------------------


def test_the_notebook_and_its_script_say_the_same() -> None:
    notebook = nbformat.read(FOLDER / "dashboard.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert jupytext.writes(notebook, fmt="py:percent") == (FOLDER / "dashboard.py").read_text(encoding="utf-8")
    assert [cell.outputs for cell in notebook.cells] == [[]] * 3
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.cells[0].metadata.tags == ["parameters"]


def test_the_notebook_shows_the_dashboard() -> None:
    names: dict[str, Any] = {}
    cells = [cell.source for cell in nbformat.read(FOLDER / "dashboard.ipynb", as_version=4).cells]
    exec("\n".join(cells[:2]), names)  # noqa: S102
    assert isinstance(eval(cells[2], names), ipywidgets.VBox)  # noqa: S307
