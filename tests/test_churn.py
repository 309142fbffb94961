from __future__ import annotations

import itertools
import json
from fractions import Fraction
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from kamlib import checks, churn, customers, datasets, keyaccounts, ledger
from kamlib.churn import facts, models, panel

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def sales() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def record(sales: ledger.Ledger) -> churn.Backtest:
    return churn.backtest(sales, cutoffs=churn.cutoffs(sales, as_of=AS_OF))


@pytest.fixture(scope="module")
def risks(sales: ledger.Ledger, record: churn.Backtest) -> pd.DataFrame:
    return churn.risk(sales, as_of=AS_OF, record=record)


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(datasets.company_files().truth.read_text(encoding="utf-8"))
    return found


def made(rows: list[tuple[str, str, float]]) -> ledger.Ledger:
    return ledger.read(pd.DataFrame(rows, columns=["customer", "date", "revenue"]))


# --- what is measured ---------------------------------------------------------------------------------------------


def test_scores_by_hand() -> None:
    found = churn.scores([0.8, 0.4, 0.6, 0.2], [1, 1, 0, 0])
    # Losses -ln .8, -ln .4, -ln .4, -ln .8; squares .04 + .36 + .36 + .04 = 4/5, a fifth on average; base 1/4.
    assert found["log_loss"] == pytest.approx(-(log(0.8) + log(0.4)) / 2)
    assert found["brier"] == pytest.approx(1 / 5)
    assert found["brier_skill"] == pytest.approx(1 - 4 / 5)
    assert found["auc"] == pytest.approx(3 / 4)  # only .4 against .6 is the wrong way round
    assert found["average_precision"] == pytest.approx(float(Fraction(1, 2) * 1 + Fraction(1, 2) * Fraction(2, 3)))
    assert found["lift"] == pytest.approx(2)  # the top tenth lies within the first, which came true, of a rate of 1/2
    assert found["calibration_error"] == pytest.approx((0.2 + 0.6 + 0.6 + 0.2) / 4)  # each in a class of its own


@given(st.lists(st.tuples(st.integers(1, 19), st.booleans(), st.integers(1, 5)), min_size=4, max_size=40))
def test_scores_against_another_library(rows: list[tuple[int, bool, int]]) -> None:
    p, y, w = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    p /= 20
    if 0 < y.sum() < len(y):
        found = churn.scores(p, y, weights=w)
        assert found["auc"] == pytest.approx(roc_auc_score(y, p, sample_weight=w))
        assert found["average_precision"] == pytest.approx(average_precision_score(y, p, sample_weight=w))
        assert found["log_loss"] == pytest.approx(log_loss(y, p, sample_weight=w))
        repeated = churn.scores(np.repeat(p, w.astype(int)), np.repeat(y, w.astype(int)))
        assert found["lift"] == pytest.approx(repeated["lift"])
        assert found["brier_skill"] == pytest.approx(repeated["brier_skill"])


def test_calibration_curve_by_hand() -> None:
    curve = churn.calibration_curve([0.2] * 5 + [0.7] * 5, [1, 0, 0, 0, 0, 1, 1, 1, 0, 0], bins=2)
    assert curve["observed"].tolist() == pytest.approx([1 / 5, 3 / 5])
    assert curve["predicted"].tolist() == pytest.approx([0.2, 0.7])
    # Wilson's bounds solve |observed - x| = z sqrt(x (1 - x) / n).
    for bound in ("low", "high"):
        x = curve[bound]
        assert ((curve["observed"] - x) ** 2).tolist() == pytest.approx(
            (1.959964**2 * x * (1 - x) / 5).tolist(), rel=1e-5
        )
    assert (curve["low"] < curve["observed"]).all()
    assert (curve["high"] > curve["observed"]).all()


def test_calibration_finds_what_was_distorted() -> None:
    rng = np.random.default_rng(3)
    true = rng.uniform(0.02, 0.6, 20_000)
    happened = rng.random(true.size) < true
    too_sure = churn.Calibration(shift=0.4, slope=1.5).apply(true)
    line = churn.calibrate(too_sure, happened, np.arange(true.size))
    assert line.slope == pytest.approx(1 / 1.5, abs=0.03)
    assert np.abs(line.apply(too_sure) - true).max() < 0.02
    low, high = line.interval(too_sure)
    assert ((low < line.apply(too_sure)) & (line.apply(too_sure) < high)).all()
    # The same cases twice, as one account's each, tell nothing new but for the prior's pull.
    twice = churn.calibrate(np.tile(too_sure, 2), np.tile(happened, 2), np.tile(np.arange(true.size), 2))
    assert line.covariance is not None
    assert twice.covariance == pytest.approx(line.covariance, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: churn.scores([0.5, 1.0], [0, 1]), "strictly between 0 and 1"),
        (lambda: churn.scores([0.5], [0, 1]), "differ in length: 1, 2 and 1"),
        (lambda: churn.scores([0.5, 0.4], [0, 2]), "happened must be 1"),
        (lambda: churn.scores([0.5, 0.4], [0, 1], weights=[0, 0]), "weights must not be negative"),
        (lambda: churn.decline_test([[1, 2]], [[1, 2]]), "must have 12 columns"),
    ],
)
def test_what_cannot_be_scored_says_so(call: Any, message: str) -> None:
    with pytest.raises(checks.KamlibError, match=message):
        call()


# --- cases ----------------------------------------------------------------------------------------------------------


def test_labels_by_hand() -> None:
    monthly = [f"{year}-{month:02d}-10" for year in (2023, 2024) for month in range(1, 13)]
    rows = [(name, day, 100.0) for name in ("stays", "leaves", "shrinks") for day in monthly]
    rows += [("stays", f"2025-{month:02d}-10", 100.0) for month in range(1, 13)]
    rows += [("shrinks", f"2025-{month:02d}-10", 100.0) for month in range(1, 6)]  # 500 of 1,200
    rows += [("leaves", "2025-02-01", -50.0)]  # what comes back is no purchase
    rows += [("slow", "2023-01-05", 80.0), ("slow", "2024-08-05", 80.0), ("stays", "2026-01-10", 1.0)]
    rows += [("gone", "2023-02-01", 50.0), ("gone", "2023-03-01", 50.0)]
    company = made(rows)
    status = panel.snapshot(company, as_of="2024-12-31")["status"].to_dict()
    assert status == {"stays": "judged", "leaves": "judged", "shrinks": "judged", "slow": "slow", "gone": "gone"}
    for label, expected in (("lost", {"leaves"}), ("shrunk", {"leaves", "shrinks"})):
        cases = panel.cases(company, cutoffs=["2024-12-31"], label=label)
        assert set(cases["account"]) == {"stays", "leaves", "shrinks"}
        assert set(cases.loc[cases["happened"] == 1, "account"]) == expected


def test_a_naive_rule_gives_the_rate_at_which_it_was_right() -> None:
    X = pd.DataFrame({"overdue": [1.0] * 4 + [0.0] * 16})
    y = np.array([1.0, 1, 1, 0] + [0.0] * 15 + [1])
    rule = models.model("overdue").fit(X, y, pd.Series([""] * 20))
    # Two cases at the base rate of 4/20 are added: (3 + .4) / 6 of the flagged, (1 + .4) / 18 of the others.
    assert rule.predict(X)[[0, -1]] == pytest.approx([3.4 / 6, 1.4 / 18])
    everybody = models.model("base_rate").fit(X, y, pd.Series([""] * 20))
    assert everybody.predict(X) == pytest.approx([0.2] * 20)


# --- the record -----------------------------------------------------------------------------------------------------


def test_the_winner_beats_every_naive_rule(record: churn.Backtest) -> None:
    table = record.scores
    assert list(table.index) == list(churn.MODELS)
    naive = table.loc[[*churn.NAIVE], "log_loss"].min()
    assert record.beats_naive
    assert table.loc[record.winner, "log_loss"] < 0.85 * naive
    assert record.notes == ()
    # The simplest within one standard error of the best.
    within = table["behind"] <= table["standard_error"]
    assert record.winner == table.index[within][0]
    assert table.loc[record.winner, "calibration_error_low"] < table.loc[record.winner, "calibration_error_high"]
    assert table.loc[record.winner, "calibration_error"] < 0.04


def test_scores_of_the_record_follow_from_its_predictions(record: churn.Backtest) -> None:
    mine = record.predictions[record.predictions["model"] == "combined"]
    table = record.scores.loc["combined"]
    assert table["log_loss"] == pytest.approx(log_loss(mine["happened"], mine["p"]))
    weights = mine["revenue"].clip(lower=0)
    assert table["auc_by_revenue"] == pytest.approx(roc_auc_score(mine["happened"], mine["p"], sample_weight=weights))
    assert len(mine) == record.cases["cutoff"].isin(mine["cutoff"].unique()).sum()


def test_a_model_knows_only_what_had_ended(record: churn.Backtest) -> None:
    assert min(record.tested) >= min(record.cutoffs) + pd.Timedelta(days=record.horizon)
    day = record.tested[0]
    past = record.cases[record.cases["cutoff"] + pd.Timedelta(days=365) <= pd.Timestamp(day)]
    now = record.cases[record.cases["cutoff"] == pd.Timestamp(day)]
    again = models.model("logistic").fit(panel.predictors(past), past["happened"].to_numpy(), past["account"])
    mine = record.predictions.query("model == 'logistic' and cutoff == @day")
    assert mine["raw"].to_numpy() == pytest.approx(again.predict(panel.predictors(now)))
    assert mine["p"].to_numpy() == pytest.approx(mine["raw"].to_numpy())  # nothing yet to calibrate on


def test_one_year_carries_so_far(shared_data: Path) -> None:
    shop = ledger.read(shared_data / "online_retail_2011.parquet")
    assert churn.cutoffs(shop, as_of="2011-12-09") == []
    found = churn.risk(shop, as_of="2011-12-09")
    assert set(found["model"].dropna()) == {"btyd"}
    assert found["p_low"].isna().all()
    assert found["naive"].isna().all()
    untested = churn.backtest(shop, cutoffs=[])
    assert (untested.why, untested.beats_naive, untested.notes) == ("fallback", None, ("no_finished_horizon",))
    quarter = churn.backtest(shop, cutoffs=churn.cutoffs(shop, as_of="2011-12-09", horizon=90), horizon=90)
    assert [str(day) for day in quarter.tested] == ["2011-09-10"]
    assert quarter.beats_naive
    with pytest.raises(checks.KamlibError, match="begins on 2010-12-01, less than two years before"):
        churn.decline_signals(shop, as_of="2011-12-09")


def test_what_does_not_fit_says_so(sales: ledger.Ledger, record: churn.Backtest) -> None:
    with pytest.raises(checks.KamlibError, match="horizon 365 and label 'lost', but 180"):
        churn.risk(sales, as_of=AS_OF, horizon=180, record=record)
    with pytest.raises(checks.KamlibError, match="whose 365 days end after 2025-12-31"):
        churn.risk(sales, as_of="2025-12-31", record=record)
    with pytest.raises(checks.KamlibError, match="365 days after 2026-01-31 end on 2027-01-31"):
        churn.backtest(sales, cutoffs=["2026-01-31"])
    with pytest.raises(checks.KamlibError, match="label must be one of 'lost', 'shrunk'"):
        churn.backtest(sales, cutoffs=["2025-01-31"], label="churned")
    with pytest.raises(checks.KamlibError, match="too few purchases for a purchase model"):
        churn.risk(made([("a", "2025-01-01", 5.0)]), as_of="2025-01-31")


# --- the risk now ---------------------------------------------------------------------------------------------------


def test_planted_accounts(sales: ledger.Ledger, risks: pd.DataFrame, truth: dict[str, Any]) -> None:
    listed = keyaccounts.key_accounts(customers.table(sales, as_of=AS_OF))
    top = risks.loc[risks.index.isin(listed.index)].head(5)
    churner, seasonal, slow = (truth[k]["customers"][0] for k in ("silent_churner", "seasonal", "slow_rhythm"))
    assert churner in top.index
    assert risks.loc[churner, "p_loss"] > 0.9
    assert risks.loc[churner, "overdue"]
    for account in (seasonal, slow):
        assert account not in top.index
        assert risks.loc[account, "p_loss"] < 0.15
    assert risks.loc[seasonal, "naive"] > 0.3  # which the rule of thumb gets wrong


def test_risk_is_a_probability_in_its_interval(risks: pd.DataFrame) -> None:
    judged = risks[risks["status"] == "judged"]
    assert judged["p_loss"].is_monotonic_decreasing
    assert ((judged["p_low"] < judged["p_loss"]) & (judged["p_loss"] < judged["p_high"])).all()
    assert risks.loc[risks["status"] != "judged", ["p_loss", "p_low", "p_high", "naive"]].isna().all(axis=None)


def test_a_silent_account_is_said_to_be_silent(risks: pd.DataFrame, truth: dict[str, Any]) -> None:
    reasons = risks.loc[truth["silent_churner"]["customers"][0], "reasons"]
    assert reasons[0]["code"] == "silent"
    assert (reasons[0]["usual_interval"], reasons[0]["days_since"]) == (16, 116)
    assert all(len(found) <= facts.MOST for found in risks["reasons"].dropna())


@pytest.fixture(scope="module")
def known(sales: ledger.Ledger) -> pd.DataFrame:
    return panel.snapshot(sales, as_of=AS_OF).query("status == 'judged'")


@pytest.mark.parametrize("name", [name for name in churn.MODELS if name != "base_rate"])
def test_what_is_named_raises_the_probability(known: pd.DataFrame, record: churn.Backtest, name: str) -> None:
    cases = record.cases
    seen = panel.predictors(cases)
    fitted = models.model(name).fit(seen, cases["happened"].to_numpy(), cases["account"])
    X, typical = panel.predictors(known), seen.median()
    moved = facts.attributions(fitted, X, typical)
    named = facts.reasons(moved, known).explode().dropna()
    assert len(named)
    rows = X.loc[named.index]
    without = rows.copy()
    for place, reason in enumerate(named):
        columns = [*panel.PREDICTORS[reason["code"]]]
        without.iloc[place, without.columns.get_indexer(columns)] = typical[columns]
    assert (fitted.predict(rows) > fitted.predict(without)).all()
    if name == "logistic":  # where the model itself says what each column adds
        scale, regression = fitted.estimator_
        parts = (X - typical) / scale.scale_ * regression.coef_[0]
        given = np.log(fitted.predict(X) / (1 - fitted.predict(X)))
        for code, columns in panel.PREDICTORS.items():
            inner = (np.abs(given) < 6.5) & (np.abs(given - moved[code]) < 6.5)  # beyond, the edge cuts off
            assert inner.sum() > 100
            expected = parts.loc[inner, [*columns]].sum(axis=1)
            assert moved.loc[inner, code].to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


def small_ledger() -> pd.DataFrame:
    """Return 60 accounts with rhythms of their own over 30 months, of which a third leave."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(60):
        days = rng.gamma(4, rng.uniform(4, 12), 80).cumsum()
        days = days[days < (rng.uniform(100, 900) if number % 3 == 0 else 910)]
        rows += [(f"c{number:02d}", pd.Timestamp("2023-01-02") + pd.Timedelta(days=int(day)), 100.0) for day in days]
    return pd.DataFrame(rows, columns=["customer", "date", "revenue"])


def risk_of(lines: pd.DataFrame) -> pd.DataFrame:
    return churn.risk(ledger.read(lines), as_of="2024-12-31", horizon=180).drop(columns="reasons")


@pytest.fixture(scope="module")
def small_risk() -> pd.DataFrame:
    return risk_of(small_ledger())


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 1000), dropped=st.integers(0, 10))
def test_nothing_after_the_cutoff_changes_a_probability(small_risk: pd.DataFrame, seed: int, dropped: int) -> None:
    edited = small_ledger()
    after = edited.index[edited["date"] > pd.Timestamp("2024-12-31")]
    rng = np.random.default_rng(seed)
    edited.loc[after, "revenue"] = rng.uniform(-1000, 1000, len(after))
    edited = edited.drop(rng.choice(after, dropped * len(after) // 10, replace=False))
    assert small_risk["p_loss"].notna().any()
    pd.testing.assert_frame_equal(small_risk, risk_of(edited))


def test_the_same_twice(sales: ledger.Ledger, record: churn.Backtest) -> None:
    cutoffs = record.cutoffs[-5:]
    one, two = (churn.backtest(sales, cutoffs=order, seed=1) for order in (cutoffs, cutoffs[::-1]))
    pd.testing.assert_frame_equal(one.predictions, two.predictions, check_exact=True)
    pd.testing.assert_frame_equal(one.scores, two.scores, check_exact=True)


def test_shrinking_is_foretold_too(sales: ledger.Ledger) -> None:
    record = churn.backtest(sales, cutoffs=["2024-03-31", "2025-03-31"], label="shrunk")
    assert record.cases["happened"].mean() > 0.1
    # One cutoff is little to learn from; where no model beats the rules of thumb, the record says so.
    naive = record.scores["naive"].astype(bool)
    beaten = record.scores.loc[record.winner, "log_loss"] < record.scores.loc[naive, "log_loss"].min()
    assert record.beats_naive == beaten
    assert ("no_model_beats_naive" in record.notes) == (not beaten)
    found = churn.risk(sales, as_of=AS_OF, label="shrunk", record=record)
    assert found["p_loss"].max() > 2 * found["p_loss"].min()


# --- decline signals ------------------------------------------------------------------------------------------------


def test_decline_by_hand() -> None:
    # One month a year differs, 4 to 1: of the two ways to put it, one reaches the statistic of 1.
    p, months = churn.decline_test([[4.0] * 11 + [1.0]], [[4.0] * 12])
    assert (p[0], months[0]) == (1 / 2, 4)
    # All twelve fall alike: only one of 4,096 ways has all on one side.
    p, months = churn.decline_test([[1.0] * 12], [[4.0] * 12])
    assert (p[0], months[0]) == (1 / 4096, 12)
    p, _ = churn.decline_test([[4.0] * 12], [[1.0] * 12])
    assert p[0] == 1
    # Four months fall by 1, the one before rose by 1: 4 / 2 over four months, 3 / sqrt(5) over five. Of the 32 ways to
    # put these five, the two with all four on one side reach 2.
    p, months = churn.decline_test([[4.0] * 8 + [1.0] * 4], [[4.0] * 7 + [1.0] + [4.0] * 4])
    assert (p[0], months[0]) == (2 / 32, 4)


def test_decline_against_the_slow_way() -> None:
    rng = np.random.default_rng(1)
    now, before = rng.poisson(3, 12), rng.poisson(4, 12)
    differences = np.sqrt(before) - np.sqrt(now)

    def statistic(d: np.ndarray[Any, Any]) -> float:
        return max(d[-n:].sum() / np.sqrt((d[-n:] ** 2).sum()) for n in range(4, 13))

    own = statistic(differences)
    ways = [statistic(differences * np.array(signs)) for signs in itertools.product((1, -1), repeat=12)]
    p, _ = churn.decline_test([now], [before])
    assert p[0] == pytest.approx(np.mean([way >= own - 1e-9 for way in ways]))


@pytest.mark.parametrize("shape", [0.5, 3.0])
def test_false_alarms_are_as_rare_as_set(shape: float) -> None:
    # Accounts with a season, of ragged or steady figures, that do not change from one year to the next.
    rng = np.random.default_rng(11)
    season = 1 + 0.8 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    draws = rng.gamma(shape, 100 * season / shape, (2, 4000, 12))
    p, _ = churn.decline_test(draws[0], draws[1])
    for level in (0.01, 0.05, 0.2):
        # Exact, so the share lies within four standard deviations of the level.
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 4000) + 1 / 4096


def unchanging(seed: int) -> ledger.Ledger:
    rng = np.random.default_rng(seed)
    rows = [
        (f"c{number:03d}", pd.Timestamp("2023-06-01") + pd.Timedelta(days=int(day)), float(amount))
        for number in range(400)
        for day in rng.gamma(2, 10, 60).cumsum()
        if day < 800
        for amount in [rng.lognormal(5, 0.5)]
    ]
    return ledger.read(pd.DataFrame(rows, columns=["customer", "date", "revenue"]))


def test_false_alarms_per_account() -> None:
    found = churn.decline_signals(unchanging(2), as_of="2025-07-31", false_alarm=0.05)
    flagged = found.groupby("account")["signal"].any()
    # 400 accounts at 5 % are 20, with a standard deviation of 4.4; Holm never flags more.
    assert len(flagged) == 400
    assert 2 <= flagged.sum() <= 20 + 3 * 4.4


def test_planted_declines(sales: ledger.Ledger, truth: dict[str, Any]) -> None:
    found = churn.decline_signals(sales, as_of=AS_OF)
    flagged = set(found.loc[found["signal"], "account"])
    basket, seasonal, slow = (truth[k]["customers"][0] for k in ("shrinking_basket", "seasonal", "slow_rhythm"))
    assert basket in flagged
    row = found[(found["account"] == basket) & (found["measure"] == "basket")].iloc[0]
    assert row["signal"]
    assert row["now"] < 0.7 * row["before"]
    assert not {seasonal, slow} & flagged
    assert found["p_value"].is_monotonic_increasing
    assert (found["q_value"] >= found["p_value"]).all()


def test_two_years_of_silence_have_no_signals_but_all_columns() -> None:
    days = pd.date_range("2020-01-01", periods=40, freq="7D")
    table = pd.DataFrame({"customer": ["1", "2"] * 20, "date": days, "revenue": 10.0})
    late = pd.DataFrame({"customer": ["3"], "date": [pd.Timestamp("2052-01-01")], "revenue": [5.0]})  # a slip
    sales = ledger.read(pd.concat([table, late], ignore_index=True))
    found = churn.decline_signals(sales, as_of="2051-06-30")
    assert found[found["signal"]].empty
    assert {"account", "measure", "q_value"} <= set(found.columns)
