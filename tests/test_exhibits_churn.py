from __future__ import annotations

import math

import pandas as pd
import pytest

from kamlib import churn, customers, datasets, exhibits, keyaccounts, ledger

AS_OF = "2026-06-30"
SETTING = exhibits.Setting(AS_OF, 12, "en", "EUR")


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    return datasets.read()


@pytest.fixture(scope="module")
def table(company: ledger.Ledger) -> pd.DataFrame:
    return customers.table(company, as_of=AS_OF)


@pytest.fixture(scope="module")
def record(company: ledger.Ledger) -> churn.Backtest:
    return churn.backtest(company, cutoffs=churn.cutoffs(company, as_of=AS_OF), horizon=365)


@pytest.mark.parametrize(
    ("reason", "english", "german"),
    [
        (
            {"code": "silent", "usual_interval": 31.0, "days_since": 94.0},
            "orders every 31 days, silent for 94",
            "bestellt alle 31 Tage, seit 94 stumm",
        ),
        ({"code": "silent", "days_since": 94.0}, "silent for 94 days", "seit 94 Tagen stumm"),
        (
            {"code": "basket", "groups_recent_before": 9.0, "groups_recent": 4.0},
            "bought 9 product groups a year ago, 4 now",
            "kaufte vor einem Jahr 9 Warengruppen, jetzt 4",
        ),
        (
            {"code": "sector", "sector_trend": -0.31},
            "its sector changed by -31%",
            "seine Branche veränderte sich um -31\xa0%",
        ),
        ({"code": "price"}, "", ""),  # a code whose figures are not known says nothing
    ],
)
def test_a_reason_is_said_with_its_figures(reason: dict[str, object], english: str, german: str) -> None:
    assert exhibits.reasons_of([reason], SETTING.words) == english
    assert exhibits.reasons_of([reason], exhibits.Setting(AS_OF, 12, "de").words) == german


def test_every_code_of_a_reason_can_be_said() -> None:
    for code, figures in churn.FIGURES.items():
        assert exhibits.reasons_of([{"code": code} | dict.fromkeys(figures, 1.0)], SETTING.words), code


def test_the_silent_churner_heads_the_list_and_the_look_alikes_do_not(
    company: ledger.Ledger, table: pd.DataFrame, record: churn.Backtest
) -> None:
    risk = churn.risk(company, as_of=AS_OF, horizon=365, record=record)
    listed = keyaccounts.key_accounts(table)
    exhibit = exhibits.risk_list(risk[risk.index.isin(listed.index)], table, horizon=365, setting=SETTING)
    truth = datasets.load_company().truth
    first = exhibit.table["name"].head(5).tolist()
    assert truth["silent_churner"]["account"] in first
    assert exhibit.message.startswith(f"{first[0]} is the likeliest key account to leave")
    for look_alike in ("slow_rhythm", "seasonal"):
        assert truth[look_alike]["account"] not in first
    churner = exhibit.table.set_index("name").loc[truth["silent_churner"]["account"]]
    assert churner["why"].startswith("orders every 16 days, silent for 116")
    assert churner["p_low"] <= churner["p_loss"] <= churner["p_high"]


def test_without_a_record_the_list_has_no_interval_and_says_so() -> None:
    risk = pd.DataFrame(
        {"p_loss": [0.4, 0.1], "p_low": math.nan, "p_high": math.nan, "model": "btyd", "overdue": False},
        index=["a", "b"],
    ).assign(reasons=[[], []])
    table = pd.DataFrame({"name": ["A", "B"], "revenue": [10.0, 20.0]}, index=["a", "b"])
    exhibit = exhibits.risk_list(risk, table, horizon=90, setting=SETTING)
    assert "p_low" not in exhibit.columns
    assert "p_high" not in exhibit.columns
    assert "too short to test" in exhibit.note
    known = exhibits.risk_list(risk.assign(p_low=0.0, p_high=0.5), table, horizon=90, setting=SETTING)
    assert [name for name in known.columns if name.startswith("p_")] == ["p_loss", "p_low", "p_high"]
    assert "too short" not in known.note


def test_the_record_names_the_rule_it_beats(record: churn.Backtest) -> None:
    exhibit = exhibits.record(record, setting=SETTING)
    rule = record.scores.loc[record.scores["naive"], "log_loss"].min()
    assert record.scores.loc[record.winner, "log_loss"] < rule
    assert f"against {rule:.3f}" in exhibit.message
    assert len(exhibit.table) == len(churn.MODELS)


def test_calibration_counts_every_prediction_once(record: churn.Backtest) -> None:
    curve = exhibits.calibration(record, setting=SETTING).table
    mine = record.predictions[record.predictions["model"] == record.winner]
    assert curve["cases"].sum() == len(mine)
    # What was given on average, and what came true, weighted back together, are those of all predictions.
    assert (curve["cases"] * curve["predicted"]).sum() / len(mine) == pytest.approx(mine["p"].mean())
    assert (curve["cases"] * curve["observed"]).sum() / len(mine) == pytest.approx(mine["happened"].mean())


def test_the_shrinking_basket_is_among_the_signals(company: ledger.Ledger, table: pd.DataFrame) -> None:
    found = exhibits.signals(churn.decline_signals(company, as_of=AS_OF), table, setting=SETTING)
    shrinking = datasets.load_company().truth["shrinking_basket"]["account"]
    mine = found.table[found.table["name"] == shrinking]
    assert "breadth of basket" in mine["what"].tolist()
    assert (found.table["p_value"] < 0.01).all()


def test_too_little_history_is_said(shared_data: object) -> None:
    year = datasets.read(f"{shared_data}/online_retail_2011.parquet")
    nothing = churn.backtest(year, cutoffs=[], horizon=365)
    assert "Too little history to test any model" in exhibits.record(nothing, setting=SETTING).message
