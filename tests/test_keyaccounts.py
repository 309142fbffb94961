from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kamlib import checks, customers, datasets, keyaccounts, ledger

if TYPE_CHECKING:
    from collections.abc import Callable

repeatable = settings(deadline=None, derandomize=True)

CRITERIA = {"revenue": 3, "margin": 2, "growth": 1, "strategic_fit": 1, "payment_days": -1}


@pytest.fixture(scope="module")
def sales() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers)


@pytest.fixture(scope="module")
def company(sales: ledger.Ledger) -> pd.DataFrame:
    return customers.table(sales, as_of="2026-06-30", months=12)


@pytest.fixture(scope="module")
def products(sales: ledger.Ledger) -> pd.DataFrame:
    return customers.by_product(sales, as_of="2026-06-30", months=12)


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    path = datasets.company_files().sales.with_name("company_truth.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def shop() -> pd.DataFrame:
    """A ledger with neither costs nor list prices, products without groups, no customer master, one year only."""
    rng = np.random.default_rng(3)
    return pd.DataFrame({
        "customer": rng.choice([f"C{n}" for n in range(30)], 600, p=np.arange(1, 31) / 465),
        "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365, 600), unit="D"),
        "product": rng.choice([f"P{n}" for n in range(20)], 600),
        "quantity": 1,
        "revenue": rng.lognormal(4, 1, 600).round(2),
    })  # fmt: skip


def small() -> pd.DataFrame:
    """Five accounts, by size; one figure of growth is not known."""
    return pd.DataFrame(
        {
            "name": ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"],
            "revenue": [50.0, 25.0, 15.0, 10.0, 0.0],
            "growth": [-0.5, 0.0, 0.5, np.nan, 1.0],
            "payment_days": [60, 30, 30, 10, 90],
        },
        index=pd.Index(list("abcde"), name="account"),
    )


# --- ABC ---


def test_abc_by_share_and_by_rank_are_different_things() -> None:
    # Shares 50, 25, 15, 10 %. Before b 50 % are reached (< 80), before c 75 % (< 80), before d 90 % (< 95): A A A B.
    assert keyaccounts.abc(small()).tolist() == ["A", "A", "A", "B", "none"]
    assert keyaccounts.abc(small(), shares=(0.5, 0.8)).tolist() == ["A", "B", "B", "C", "none"]
    assert keyaccounts.abc(small(), counts=(1, 3)).tolist() == ["A", "B", "B", "C", "none"]


def test_abc_ties_share_the_better_class() -> None:
    table = pd.DataFrame({"margin": [10.0, 30.0, 10.0, 10.0]})
    assert keyaccounts.abc(table, value="margin", counts=(2, 3)).tolist() == ["A", "A", "A", "A"]
    assert keyaccounts.abc(table, value="margin", counts=(1, 2)).tolist() == ["B", "A", "B", "B"]
    # 30 of 60 are reached before the three equal ones: A ends at half, so all three are B.
    assert keyaccounts.abc(table, value="margin", shares=(0.5, 0.6)).tolist() == ["B", "A", "B", "B"]


def test_abc_announces_negative_values() -> None:
    table = pd.DataFrame({"margin": [10.0, -3.0]})
    for ends in ({"counts": (1, 2)}, {"shares": (0.8, 0.95)}):
        with pytest.warns(checks.KamlibWarning, match="1 of 2"):
            assert keyaccounts.abc(table, value="margin", **ends).tolist() == ["A", "none"]


# --- score ---


def test_score_by_rank_worked_by_hand() -> None:
    scores = keyaccounts.score(small(), criteria={"revenue": 2, "growth": 1, "payment_days": -1})
    # revenue a..e: places 5 4 3 2 1 of 5 -> 1, 3/4, 1/2, 1/4, 0. growth (d missing): -.5 0 .5 1 -> 0, 1/3, 2/3, -, 1.
    # payment_days, less is better: 10 < 30 = 30 < 60 < 90 -> d 1, b and c (places 3 and 2 of 0..4: 2.5/4), a 1/4, e 0.
    # score: a (2*1 + 0 + 1/4)/4, b (3/2 + 1/3 + 5/8)/4, c (1 + 2/3 + 5/8)/4, d (1/2 + 1)/3, e (0 + 1 + 0)/4
    expected = {"b": 59 / 96, "c": 55 / 96, "a": 9 / 16, "d": 1 / 2, "e": 1 / 4}
    assert scores["score"].to_dict() == pytest.approx(expected, abs=1e-11)
    assert list(scores.index) == ["b", "c", "a", "d", "e"]
    assert scores["rank"].tolist() == [1, 2, 3, 4, 5]
    assert scores["missing"].to_dict() == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 0}
    assert scores.loc["b", ["revenue", "growth", "payment_days"]].tolist() == pytest.approx([3 / 4, 1 / 3, 5 / 8])


def test_score_by_range_worked_by_hand() -> None:
    scores = keyaccounts.score(small(), criteria={"revenue": 3, "payment_days": -1}, scaling="range")
    # a: revenue (50 - 0)/50 = 1, days (90 - 60)/80 = 3/8 -> (3 + 3/8)/4; d: revenue 1/5, days 1 -> (3/5 + 1)/4
    assert scores.loc["a", "score"] == pytest.approx(27 / 32)
    assert scores.loc["d", "score"] == pytest.approx(2 / 5)
    assert scores.loc["e", "score"] == 0


def test_score_where_nothing_is_known_or_all_is_equal() -> None:
    table = pd.DataFrame({"fit": [1.0, np.nan, 3.0], "same": [7, 7, 7]}, index=list("xyz"))
    scores = keyaccounts.score(table, criteria={"fit": 1})
    assert list(scores.index) == ["z", "x", "y"]
    assert scores["score"].isna().tolist() == scores["rank"].isna().tolist() == [False, False, True]
    assert keyaccounts.score(table, criteria={"same": 1})["score"].tolist() == [0.5, 0.5, 0.5]
    assert keyaccounts.score(table, criteria={"same": 1})["rank"].tolist() == [1, 1, 1]


def test_score_takes_nullable_columns() -> None:
    table = pd.DataFrame({"days": pd.array([3, None, 1], dtype="Int64")})
    assert keyaccounts.score(table, criteria={"days": -1})["score"].to_dict() == pytest.approx(
        {2: 1.0, 0: 0.0, 1: np.nan}, nan_ok=True
    )


numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=30)


@repeatable
@given(values=numbers, weight=st.sampled_from([1.0, -1.0, 0.3]), scaling=st.sampled_from(["rank", "range"]))
def test_one_criterion_keeps_its_order(values: list[int], weight: float, scaling: str) -> None:
    table = pd.DataFrame({"x": values})
    scores = keyaccounts.score(table, criteria={"x": weight}, scaling=scaling)
    expected = (table["x"] * weight).rank(ascending=False, method="min")
    assert scores["rank"].sort_index().tolist() == expected.tolist()
    assert scores["score"].between(0, 1).all()


@st.composite
def rated_tables(draw: st.DrawFn) -> tuple[pd.DataFrame, dict[str, float]]:
    n, k = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    cells = st.one_of(st.integers(-5, 5).map(float), st.just(np.nan))
    columns = {f"c{j}": draw(st.lists(cells, min_size=n, max_size=n)) for j in range(k)}
    weights = {f"c{j}": draw(st.sampled_from([-2.0, -0.5, 1.0, 3.0])) for j in range(k)}
    return pd.DataFrame(columns, dtype=float), weights


@repeatable
@given(rated_tables(), st.sampled_from(["rank", "range"]))
def test_score_equals_a_slower_way(drawn: tuple[pd.DataFrame, dict[str, float]], scaling: str) -> None:
    table, criteria = drawn
    scores = keyaccounts.score(table, criteria=criteria, scaling=scaling)
    for account in table.index:
        parts = [(abs(w), scores.loc[account, c]) for c, w in criteria.items() if not np.isnan(table.loc[account, c])]
        if not parts:
            assert np.isnan(scores.loc[account, "score"])
            continue
        expected = sum(w * part for w, part in parts) / sum(w for w, _ in parts)
        assert scores.loc[account, "score"] == pytest.approx(expected, abs=1e-11)
        assert scores.loc[account, "missing"] == len(criteria) - len(parts)


# --- stability ---


@settings(repeatable, max_examples=40)
@given(rated_tables(), st.data())
def test_acceptabilities_sum_to_the_list(drawn: tuple[pd.DataFrame, dict[str, float]], data: st.DataObject) -> None:
    table, criteria = drawn
    rated = int(table.notna().any(axis=1).sum())
    assume(rated > 0)
    size = data.draw(st.integers(1, rated))
    result = keyaccounts.stability(table, criteria=criteria, size=size, draws=50, spread=0.5)
    assert result["acceptability"].between(0, 1).all()
    assert result["acceptability"].sum() == pytest.approx(size)
    known = result.dropna(subset="rank_low")
    assert len(known) == rated
    assert ((known["rank_low"] <= known["rank_median"]) & (known["rank_median"] <= known["rank_high"])).all()
    assert known["rank_low"].between(1, rated).all()


def test_who_dominates_is_always_in_and_who_is_dominated_never() -> None:
    table = pd.DataFrame({"x": [9, 5, 6, 1], "y": [8, 6, 5, 2], "z": [1, 2, 3, 9]}, index=list("abcd"))
    result = keyaccounts.stability(table, criteria={"x": 1, "y": 1, "z": -1}, size=1, spread=0.6)
    assert result["acceptability"].to_dict() == {"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0}
    assert result.loc["a", ["rank_low", "rank_median", "rank_high"]].tolist() == [1, 1, 1]
    assert result.loc["d", ["rank_low", "rank_median", "rank_high"]].tolist() == [4, 4, 4]


def test_acceptability_of_two_criteria_worked_by_hand() -> None:
    # x is first where the drawn weight w of revenue is above a half. With spread 1/sqrt(3) the concentration is
    # 1/(1/3) - 1 = 2, so equal weights are drawn from Dirichlet(1, 1): w is uniform and P(w > 1/2) = 1/2.
    table = pd.DataFrame({"revenue": [2, 1], "growth": [1, 2]}, index=["x", "y"])
    draws = 20_000
    even = keyaccounts.stability(table, criteria={"revenue": 1, "growth": 1}, size=1, draws=draws, spread=3**-0.5)
    assert even.loc["x", "acceptability"] == pytest.approx(1 / 2, abs=4 * (1 / 4 / draws) ** 0.5)
    # Weights 3 : 1 give Dirichlet(3/2, 1/2), so w is Beta(3/2, 1/2). Its density is (2/pi) sqrt(w / (1 - w)); with
    # w = sin^2 t that integrates to (2/pi) (t - sin t cos t) from pi/4 to pi/2, times 1: 1/2 + 1/pi = 0.818.
    skew = keyaccounts.stability(table, criteria={"revenue": 3, "growth": 1}, size=1, draws=draws, spread=3**-0.5)
    assert skew.loc["x", "acceptability"] == pytest.approx(1 / 2 + 1 / np.pi, abs=4 * (0.15 / draws) ** 0.5)


def test_stability_equals_scores_under_each_drawn_set_of_weights() -> None:
    table, criteria = small(), {"revenue": 2.0, "growth": 1.0, "payment_days": -1.0}
    result = keyaccounts.stability(table, criteria=criteria, size=2, draws=60, seed=5)
    drawn = np.random.default_rng(5).dirichlet(24 * np.array([0.5, 0.25, 0.25]), size=60)  # 1 / 0.2^2 - 1 = 24
    ranks = pd.DataFrame([
        keyaccounts.score(table, criteria=dict(zip(criteria, w * [1, 1, -1], strict=True)))["rank"] for w in drawn
    ])  # fmt: skip
    for account in table.index:
        ranked = np.sort(ranks[account].to_numpy(dtype=int))
        assert result.loc[account, "acceptability"] == (ranked <= 2).mean()
        # the smallest rank that 5, 50, 95 % of 60 draws don't exceed is the 3rd, 30th, 57th
        columns = ["rank_low", "rank_median", "rank_high"]
        assert result.loc[account, columns].tolist() == ranked[[2, 29, 56]].tolist()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = {"criteria": {"revenue": 1, "growth": 1}, "size": 2, "draws": 101}
    whole = keyaccounts.stability(small(), **arguments)
    monkeypatch.setattr("kamlib.keyaccounts.criteria._BLOCK", 35)
    pd.testing.assert_frame_equal(keyaccounts.stability(small(), **arguments), whole)


def test_seed_and_spread_matter() -> None:
    arguments = {"criteria": {"revenue": 1, "growth": 1}, "size": 1, "draws": 500}
    first = keyaccounts.stability(small(), **arguments, spread=0.5)
    pd.testing.assert_frame_equal(first, keyaccounts.stability(small(), **arguments, spread=0.5))
    assert not first.equals(keyaccounts.stability(small(), **arguments, spread=0.5, seed=1))
    settled = keyaccounts.stability(small().iloc[:4], **arguments, spread=0.001)  # without e there is no tie
    assert settled["acceptability"].tolist() == [1, 0, 0, 0]
    assert settled["rank_median"].tolist() == settled["rank"].tolist()


# --- the list ---


def test_the_cut_says_what_ended_it() -> None:
    by_share = keyaccounts.key_accounts(small(), share=0.7)
    assert by_share["cumulative_share"].to_dict() == {"a": 0.5, "b": 0.75}
    assert set(by_share["limit"]) == {"share"}
    by_size = keyaccounts.key_accounts(small(), size=1)
    assert (list(by_size.index), by_size["limit"].tolist()) == (["a"], ["size"])
    everybody = keyaccounts.key_accounts(small(), share=None, size=10)
    assert list(everybody.index) == list("abcd"), "who buys nothing is no key account"
    assert list(keyaccounts.key_accounts(small(), size=None).index) == list("abc")


def test_equal_accounts_go_together() -> None:
    table = pd.DataFrame({"revenue": [10.0, 10.0, 30.0, 10.0]}, index=list("wxyz"))
    assert list(keyaccounts.key_accounts(table, share=None, size=2).index) == list("ywxz")
    assert keyaccounts.key_accounts(table, share=None, size=2)["rank"].tolist() == [1, 2, 2, 2]


def test_the_list_by_score_and_by_both() -> None:
    criteria = {"growth": 3, "payment_days": -1}
    # Candidates a b c d. growth -> 0, 1/2, 1, -; days 60 30 30 10, less is better -> 0, 1/2, 1/2, 1.
    # scores: a 0, b 1/2, c (3 + 1/2)/4 = 7/8, d 1 (days alone)
    by_score = keyaccounts.key_accounts(small(), by="score", size=2, criteria=criteria)
    assert by_score["score"].to_dict() == {"d": 1.0, "c": 7 / 8}
    assert by_score["missing"].to_dict() == {"d": 1, "c": 0}
    assert by_score["reason"].to_dict() == {"d": "score", "c": "score"}
    both = keyaccounts.key_accounts(small(), by="both", size=3, criteria=criteria)
    assert both["reason"].to_dict() == {"a": "cut", "b": "both", "c": "both", "d": "score"}
    assert both["in_cut"].tolist() == [True, True, True, False]
    assert both["in_score"].tolist() == [False, True, True, True]
    # means of the list: growth 1/2, days 1/2; c stands out in growth alone, d knows its days alone
    assert both.loc[["c", "d"], "best_criterion"].tolist() == ["growth", "payment_days"]
    assert both["second_criterion"].isna().all()
    assert both.loc["a", "acceptability"] == 0
    cut = keyaccounts.key_accounts(small(), by="cut", size=3, criteria=criteria)
    assert list(cut.index) == list("abc")
    alone = keyaccounts.key_accounts(small(), by="score", size=None, criteria={"growth": 1})
    assert len(alone) == 3, "without a size, a list by score is as long as the cut"
    assert alone["second_criterion"].isna().all()


def test_what_an_account_stands_out_in_is_told_against_the_list() -> None:
    # places by rank, of a to d: revenue 1, 2/3, 1/3, 0; growth 1/3, 1, 2/3, 0; orders 1, 0, 2/3, 1/3. Listed: a, b, c.
    # means: revenue 2/3, growth 2/3, orders 5/9. The heaviest criterion put all on the list, but tells only a apart.
    table = pd.DataFrame(
        {"revenue": [40.0, 30.0, 20.0, 1.0], "growth": [0.1, 0.9, 0.5, 0.0], "orders": [9, 1, 5, 3]}, index=list("abcd")
    )
    listed = keyaccounts.key_accounts(table, share=None, size=3, criteria={"revenue": 9, "growth": 1, "orders": 1})
    assert list(listed.index) == list("abc")
    assert listed["best_criterion"].tolist() == ["orders", "growth", "orders"]
    assert listed["second_criterion"].fillna("").tolist() == ["revenue", "", ""]


def test_a_list_by_margin_leaves_loss_makers_out(company: pd.DataFrame) -> None:
    listed = keyaccounts.key_accounts(company, value="margin", share=None, size=5)
    assert listed["margin"].tolist() == sorted(company["margin"], reverse=True)[:5]


def test_the_company(company: pd.DataFrame, truth: dict[str, dict[str, str]]) -> None:
    listed = keyaccounts.key_accounts(company)
    assert len(listed) == 25
    assert set(listed["limit"]) == {"size"}
    group = truth["group_of_three"]
    row = listed[listed["name"] == group["account"]]
    assert row["rank"].tolist() == [3]
    assert not set(group["customers"]) & set(listed.index), "its entities are no key accounts by themselves"
    scored = keyaccounts.key_accounts(company, by="both", criteria=CRITERIA)
    giant = scored[scored["name"] == truth["unprofitable_giant"]["account"]].squeeze()
    assert (giant["reason"], bool(giant["in_score"])) == ("cut", False), "large, but its margin speaks against it"


# --- changes ---


def test_changes_and_why() -> None:
    before = pd.DataFrame(
        {"revenue": [100.0, 80.0, 60.0, 50.0, 20.0, 0.0]}, index=["stays", "goes", "shrinks", "passed", "grows", "new"]
    )
    now = pd.DataFrame(
        {"revenue": [100.0, 10.0, 50.0, 90.0, 70.0]}, index=["stays", "shrinks", "passed", "grows", "new"]
    ).assign(name=lambda table: table.index.str.upper())
    moved = keyaccounts.changes(before, now, share=None, size=3)
    assert moved["change"].to_dict() == {
        "grows": "entered", "new": "entered", "goes": "left", "shrinks": "left", "stays": "stayed",
    }  # fmt: skip
    assert moved["reason"].to_dict() == {
        "grows": "grew", "new": "new", "goes": "gone", "shrinks": "shrank", "stays": "unchanged",
    }  # fmt: skip
    # grows: 20 of 310 before, 90 of 320 now
    row = moved.loc["grows"]
    assert row[["share_before", "share_now", "growth"]].tolist() == pytest.approx([20 / 310, 90 / 320, 3.5])
    assert row[["rank_before", "rank_now"]].tolist() == [5, 2]
    assert moved.loc["goes", ["value_now", "rank_now", "growth"]].isna().all()
    assert "name" not in moved, "one of the two has no names"


def test_others_may_have_moved() -> None:
    before = pd.DataFrame({"revenue": [90.0, 80.0, 70.0]}, index=["x", "y", "z"])
    shrunk = pd.DataFrame({"revenue": [90.0, 10.0, 65.0]}, index=["x", "y", "z"])
    moved = keyaccounts.changes(before, shrunk, share=None, size=2)
    assert moved["reason"].to_dict() == {"z": "others_shrank", "y": "shrank", "x": "unchanged"}
    grown = pd.DataFrame({"revenue": [95.0, 85.0, 99.0]}, index=["x", "y", "z"])
    moved = keyaccounts.changes(before, grown, share=None, size=2)
    assert moved["reason"].to_dict() == {"z": "grew", "y": "others_grew", "x": "grew"}


def test_changes_by_score() -> None:
    before = pd.DataFrame({"name": ["X", "Y"], "revenue": [9.0, 8.0], "fit": [2, 1]}, index=["x", "y"])
    now = before.assign(fit=[1, 2])
    moved = keyaccounts.changes(before, now, by="score", size=1, criteria={"fit": 1})
    assert moved[["name", "change", "reason"]].to_numpy().tolist() == [
        ["Y", "entered", "score_rose"],
        ["X", "left", "score_fell"],  # it is still in the cut, which does not count here
    ]
    assert moved.loc["x", ["score_before", "score_now"]].tolist() == [1, 0]
    both = keyaccounts.changes(before, now, by="both", size=1, criteria={"fit": 1})
    assert both["change"].to_dict() == {"y": "entered", "x": "stayed"}
    assert both["reason"].to_dict() == {"y": "score_rose", "x": "unchanged"}


def test_changes_of_the_company(sales: ledger.Ledger, company: pd.DataFrame) -> None:
    last_year = customers.table(sales, as_of="2025-06-30", months=12)
    moved = keyaccounts.changes(last_year, company)
    lists = [set(keyaccounts.key_accounts(table).index) for table in (last_year, company)]
    for change, expected in {"entered": lists[1] - lists[0], "left": lists[0] - lists[1]}.items():
        assert expected
        assert set(moved.index[moved["change"] == change]) == expected
    assert set(moved.index) == lists[0] | lists[1]
    # Last year's figures are those that this year's table calls "before".
    known = moved.dropna(subset="value_before")
    assert known["value_before"].to_numpy() == pytest.approx(company.loc[known.index, "revenue_before"].to_numpy())


# --- portfolio ---


def matrix_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Alpha", "Beta", "Gamma"],
            "revenue": [30.0, 20.0, 10.0],
            "growth": [np.nan, 0.5, 0.1],
            "share_of_wallet": [0.3, np.nan, 0.6],
            "products": [1, 5, 3],
            "first_purchase": pd.to_datetime(["2025-01-01", "2023-01-01", "2024-01-01"]),
            "last_purchase": pd.to_datetime(["2025-12-01", "2025-12-31", "2025-12-21"]),
            "days_since": pd.array([30, 0, 10], dtype="Int64"),
            "usual_interval": [10.0, 20.0, np.nan],
        },
        index=list("abc"),
    )


def test_portfolio_worked_by_hand() -> None:
    result = keyaccounts.portfolio(matrix_table())
    # attractiveness: revenue 1, 1/2, 0; growth -, 1, 0 -> a 1 (revenue alone), b 3/4, c 0
    assert result["attractiveness"].tolist() == [1.0, 0.75, 0.0]
    assert result["attractiveness_missing"].tolist() == [1, 0, 0]
    # position by criteria: products 0, 1, 1/2; tenure in days to 2025-12-31 364, 1095, 730 -> 0, 1, 1/2;
    # regularity 10/30, 1, - -> 0, 1, -; means 0, 1, 1/2, scaled again 0, 1, 1/2.
    # Share of wallet is known for a and c: 0 and 1 by rank. So a 0, b 1 (criteria), c 1.
    assert result["position"].tolist() == [0.0, 1.0, 1.0]
    assert result["position_from"].tolist() == ["share_of_wallet", "criteria", "share_of_wallet"]
    assert result["position_tenure"].tolist() == [0.0, 1.0, 0.5]
    assert result["position_regularity"].tolist() == pytest.approx([0.0, 1.0, np.nan], nan_ok=True)
    assert result["position_missing"].tolist() == [0, 0, 1]
    assert result["quadrant"].tolist() == ["star", "strategic", "status"]
    assert "attractiveness_margin" not in result, "a criterion that is not in the table is left out"


def test_portfolio_as_asked() -> None:
    own = keyaccounts.portfolio(
        matrix_table(),
        attractiveness={"growth": 1},
        position={"share_of_wallet": 1, "products": 1},
        scaling="range",
        splits=(0.2, 0.6),
    )
    # share of wallet is a criterion among others: a (0 + 0)/2, b 1 (products alone), c (1 + 1/2)/2
    assert own["position"].tolist() == [0.0, 1.0, 0.75]
    assert set(own["position_from"]) == {"criteria"}
    assert own["attractiveness"].tolist() == pytest.approx([np.nan, 1.0, 0.0], nan_ok=True)
    assert own["quadrant"].tolist()[1:] == ["strategic", "status"]
    assert pd.isna(own.loc["a", "quadrant"])
    assert keyaccounts.portfolio(matrix_table(), splits=(0.99, 0.99))["quadrant"].tolist() == [
        "star", "status", "status",
    ]  # fmt: skip


def test_portfolio_of_the_company(company: pd.DataFrame) -> None:
    result = keyaccounts.portfolio(company)
    assert result[["attractiveness", "position"]].apply(lambda axis: axis.between(0, 1).all()).all()
    assert set(result["quadrant"]) == set(keyaccounts.QUADRANTS)
    known = company.loc[result.index, "share_of_wallet"].notna()
    assert (result["position_from"] == "share_of_wallet").tolist() == known.tolist()
    best = company.loc[result.index, "share_of_wallet"].idxmax()
    assert result.loc[best, "position"] == result.loc[known, "position"].max() == 1
    parts = [column for column in result if column.startswith("attractiveness_")]
    assert parts == [f"attractiveness_{c}" for c in ("missing", "revenue", "growth", "margin", "potential")]


# --- dependence ---


def test_dependence_worked_by_hand() -> None:
    table = pd.DataFrame(
        {
            "revenue": [60.0, 35.0, 5.0, -1.0],
            "margin": [8.0, -2.0, 3.0, 1.0],
            "share_of_wallet": [0.2, 0.9, np.nan, 1.0],
        },
        index=list("abcd"),
    )
    products = pd.DataFrame({
        "account": ["a", "a", "b", "b", "c", "c", "c"],
        "product": ["p", "q", "p", "r", "r", "s", "q"],
        "product_group": ["G", "H", "G", "I", "I", "J", "H"],
        "revenue": [20.0, 40.0, 30.0, 5.0, 4.0, 1.0, -1.0],
    })  # fmt: skip
    result = keyaccounts.dependence(table, products, major=0.5, material=0.2)
    # margins sum to 10: shares a 8/10, b -2/10, c 3/10; over 0.5: 1 (full), 0 (never below), 3/5
    assert list(result.index) == ["a", "c", "b"]
    assert result["our_dependence"].to_dict() == pytest.approx({"a": 1.0, "c": 0.6, "b": 0.0})
    assert result["share_of_revenue"].to_dict() == pytest.approx({"a": 0.6, "c": 0.05, "b": 0.35})
    assert result["major_customer"].to_dict() == {"a": True, "c": False, "b": False}
    # groups bought net, of G H I J: a 2/4, b 2/4, c I and J 2/4 (H came back). Sole-bought: q a alone (c sent it
    # back) 40/60, s 1/5; p and r have two buyers each.
    assert result["breadth"].to_dict() == {"a": 0.5, "c": 0.5, "b": 0.5}
    assert result["sole_bought"].to_dict() == pytest.approx({"a": 2 / 3, "c": 1 / 5, "b": 0.0})
    # theirs: a (2*0.2 + 1/2 + 2/3)/4, c (1/2 + 1/5)/2 without the wallet, b (2*0.9 + 1/2 + 0)/4
    expected = {"a": 47 / 120, "c": 7 / 20, "b": 23 / 40}
    assert result["their_dependence"].to_dict() == pytest.approx(expected)
    assert result["missing"].to_dict() == {"a": 0, "c": 1, "b": 0}
    assert result["balance"].to_dict() == pytest.approx({"a": 73 / 120, "c": 1 / 4, "b": -23 / 40})
    assert result["weaker_side"].to_dict() == {"a": True, "c": True, "b": False}
    assert not keyaccounts.dependence(table, products, major=0.5, material=0.4).loc["c", "weaker_side"]


def test_ten_per_cent_of_revenue_is_a_major_customer() -> None:
    # IFRS 8.34: "10 per cent or more" of an entity's revenues
    table = pd.DataFrame({"revenue": [10.0, 9.0, 81.0], "share_of_wallet": [0.5, 0.5, 0.5]}, index=list("abc"))
    result = keyaccounts.dependence(table)
    assert result["major_customer"].to_dict() == {"c": True, "a": True, "b": False}
    assert result["our_dependence"].to_dict() == pytest.approx({"c": 1.0, "a": 1.0, "b": 0.9})


def test_dependence_of_the_company(company: pd.DataFrame, products: pd.DataFrame) -> None:
    result = keyaccounts.dependence(company, products)
    shares = company["revenue"] / company.loc[company["revenue"] > 0, "revenue"].sum()
    assert set(result.index[result["major_customer"]]) == set(shares.index[shares >= 0.1])
    # data/README.md: each of the six custom parts is made for one account
    custom = products[(products["product_group"] == "Custom") & (products["revenue"] > 0)]
    assert set(result.index[result["sole_bought"] > 0]) == set(custom["account"])
    assert 0 < result["weaker_side"].sum() < 10
    assert result.loc[result["weaker_side"], "share_of_margin"].min() >= 0.01


# --- value ---


def test_value_worked_by_hand() -> None:
    table = pd.DataFrame(
        {
            "name": ["Alpha", "Beta"],
            "list_revenue": [950.0, 400.0],
            "list_credit_notes": [-50.0, 0.0],
            "credit_notes": [-40.0, 0.0],
            "revenue": [760.0, 380.0],
            "cost": [700.0, 300.0],
            "orders": [10, 3],
        },
        index=["a", "b"],
    )
    values = keyaccounts.value(table, cost_to_serve={"orders": 8.0})
    # a: goods sold 950 + 50 at list, 760 + 40 invoiced: 200 discount; 40 came back; 60 margin; 80 to serve: -20
    expected = {
        "list_revenue": 1000.0, "discounts": -200.0, "gross_revenue": 800.0, "credit_notes": -40.0, "revenue": 760.0,
        "cost": -700.0, "margin": 60.0, "cost_to_serve": -80.0, "contribution": -20.0,
    }  # fmt: skip
    assert values.loc["a", list(expected)].to_dict() == expected
    assert values["loss_maker"].tolist() == [True, False]
    assert not keyaccounts.value(table)["loss_maker"].any(), "before cost to serve nobody loses money"
    by_account = keyaccounts.value(table, cost_to_serve=pd.Series({"b": 80.005, "a": 1.0}))
    assert by_account["contribution"].tolist() == [59.0, pytest.approx(0.0, abs=0.011)]

    steps = keyaccounts.waterfall(values)
    assert steps["step"].tolist() == list(expected)
    # both: list 1400, discounts -200 - 20, gross 1180, back 40, net 1140, cost 1000, margin 140, serve 104, 36 left
    amounts = [1400.0, -220.0, 1180.0, -40.0, 1140.0, -1000.0, 140.0, -104.0, 36.0]
    assert steps["amount"].tolist() == amounts
    assert steps["start"].tolist() == [0, 1400, 0, 1180, 0, 1140, 0, 140, 0]
    assert steps["end"].tolist() == [1400, 1180, 1180, 1140, 1140, 140, 140, 36, 36]
    assert keyaccounts.waterfall(values.loc[["b"]])["end"].iloc[-1] == 56


def test_value_starts_later_where_the_data_does() -> None:
    table = pd.DataFrame({"revenue": [90.0, 10.0], "credit_notes": [-10.0, 0.0]})
    assert list(keyaccounts.value(table)) == ["gross_revenue", "credit_notes", "revenue"]
    assert keyaccounts.value(table).loc[0].tolist() == [100.0, -10.0, 90.0]
    # List prices are net of what came back: without its list value, credit notes can't be told from discounts.
    priced = table.assign(list_revenue=[100.0, np.nan])
    values = keyaccounts.value(priced)
    assert list(values) == ["list_revenue", "discounts", "revenue"]
    assert keyaccounts.waterfall(values)["step"].tolist() == ["revenue"]
    assert keyaccounts.waterfall(values.loc[[0]])["amount"].tolist() == [100.0, -10.0, 90.0]


cents = st.integers(-(10**9), 10**9).map(lambda amount: amount / 100)
amounts = st.lists(st.tuples(*[cents] * 5, st.integers(0, 50)), min_size=1, max_size=8)


@repeatable
@given(amounts, st.booleans(), st.floats(0, 1000))
def test_value_adds_up_to_the_cent(rows: list[tuple[float, ...]], split: bool, unit: float) -> None:
    columns = ["list_revenue", "list_credit_notes", "credit_notes", "revenue", "cost", "orders"]
    table = pd.DataFrame(rows, columns=columns)
    table = table if split else table.drop(columns="list_credit_notes")
    values = keyaccounts.value(table, cost_to_serve={"orders": unit})
    counted = values.drop(columns="loss_maker").mul(100).round().astype(np.int64)
    running = None
    for step in counted:
        if step in {"list_revenue", "gross_revenue", "revenue", "margin", "contribution"}:
            assert running is None or (running == counted[step]).all()
            running = counted[step]
        else:
            running = running + counted[step]
    steps = keyaccounts.waterfall(values)
    assert (steps["amount"] * 100).round().astype(np.int64).tolist() == counted.sum().tolist()
    assert np.allclose(steps["end"], steps["end"].where(steps["kind"] == "level").bfill(), atol=0.004)


def test_loss_makers_of_the_company(company: pd.DataFrame, truth: dict[str, dict[str, str]]) -> None:
    values = keyaccounts.value(company)
    losing = values[values["loss_maker"]].sort_values("margin")
    assert losing["name"].iloc[0] == truth["unprofitable_giant"]["account"]
    top_ten = company.nlargest(10, "revenue").index
    assert losing.index.intersection(top_ten).tolist() == truth["unprofitable_giant"]["customers"]
    total = keyaccounts.waterfall(values).set_index("step")["amount"]
    assert total["margin"] == pytest.approx(company["revenue"].sum() - company["cost"].sum(), abs=0.01)


def test_value_with_the_list_value_of_returns(sales: ledger.Ledger, company: pd.DataFrame) -> None:
    lines = sales.table.to_pandas()
    last = lines[(lines["date"] > "2025-06-30") & (lines["date"] <= "2026-06-30")]
    returned = last[last["revenue"] < 0].groupby("account")["list_revenue"].sum()
    table = company.assign(list_credit_notes=returned.reindex(company.index).fillna(0.0))
    values = keyaccounts.value(table)
    sold = last[last["revenue"] >= 0].groupby("account")
    bought = company.index[company["lines"] > 0]
    for column, expected in {
        "list_revenue": sold["list_revenue"].sum(),
        "gross_revenue": sold["revenue"].sum(),
    }.items():
        slow = expected.reindex(bought).fillna(0.0).to_numpy()
        assert values.loc[bought, column].to_numpy() == pytest.approx(slow, abs=0.006)


# --- what every function keeps to ---


def test_a_ledger_with_little_works_or_says_what_it_lacks(shop: pd.DataFrame) -> None:
    lines = ledger.read(shop)
    table = customers.table(lines, as_of="2025-12-31")
    bought = customers.by_product(lines, as_of="2025-12-31")
    assert {"cost", "list_revenue", "share_of_wallet"}.isdisjoint(table)
    assert len(keyaccounts.key_accounts(table)) == min(25, (keyaccounts.abc(table) == "A").sum())
    assert [c for c in keyaccounts.portfolio(table) if c.startswith("attractiveness_")] == [
        "attractiveness_missing", "attractiveness_revenue",
    ]  # fmt: skip
    assert "share_of_margin" not in keyaccounts.dependence(table, bought)
    assert keyaccounts.waterfall(keyaccounts.value(table))["step"].tolist() == [
        "gross_revenue", "credit_notes", "revenue",
    ]  # fmt: skip
    with pytest.raises(checks.KamlibError, match="nothing tells how much accounts depend on us"):
        keyaccounts.dependence(table)
    with pytest.raises(checks.KamlibError, match="cost_to_serve needs a ledger with costs"):
        keyaccounts.value(table, cost_to_serve={"orders": 5})
    with pytest.raises(checks.KamlibError, match="lacks the column 'margin'"):
        keyaccounts.key_accounts(table, value="margin")


def test_arguments_stay_as_they_are(company: pd.DataFrame, products: pd.DataFrame) -> None:
    table, bought = company.copy(), products.copy()
    criteria, orders = dict(CRITERIA), {"orders": 45.0}
    keyaccounts.abc(table, counts=(10, 40), value="lines")
    keyaccounts.score(table, criteria=criteria)
    keyaccounts.stability(table, criteria=criteria, size=5, draws=20)
    keyaccounts.key_accounts(table, by="both", criteria=criteria)
    keyaccounts.changes(table, table, criteria=criteria)
    keyaccounts.portfolio(table, attractiveness=criteria)
    keyaccounts.dependence(table, bought)
    values = keyaccounts.value(table, cost_to_serve=orders)
    kept = values.copy()
    keyaccounts.waterfall(values)
    pd.testing.assert_frame_equal(table, company)
    pd.testing.assert_frame_equal(bought, products)
    pd.testing.assert_frame_equal(values, kept)
    assert (criteria, orders) == (CRITERIA, {"orders": 45.0})


FAULTS: dict[str, tuple[Callable[[pd.DataFrame], object], str]] = {
    "both ends": (lambda t: keyaccounts.abc(t, shares=(0.8, 0.9), counts=(1, 2)), "either shares or counts"),
    "counts that fall": (lambda t: keyaccounts.abc(t, counts=(5, 2)), "two rising whole numbers"),
    "no criteria": (lambda t: keyaccounts.score(t, criteria={}), "criteria is empty"),
    "a weight of 0": (lambda t: keyaccounts.score(t, criteria={"growth": 0, "revenue": 1}), "'growth' the weight 0"),
    "no such column": (lambda t: keyaccounts.score(t, criteria={"fit": 1}), "lacks the column 'fit'"),
    "text": (lambda t: keyaccounts.score(t, criteria={"name": 1}), "'name', which has no numbers"),
    "its own column": (lambda t: keyaccounts.score(t.assign(rank=1), criteria={"rank": 1}), "'rank' is a column of"),
    "infinite": (lambda t: keyaccounts.score(t.replace(0.5, np.inf), criteria={"growth": 1}), "infinite entries"),
    "scaling": (lambda t: keyaccounts.score(t, criteria={"growth": 1}, scaling="z"), "scaling must be one of"),
    "twice": (lambda t: keyaccounts.score(pd.concat([t, t]), criteria={"growth": 1}), "'a' is there more than once"),
    "empty": (lambda t: keyaccounts.score(t.iloc[:0], criteria={"growth": 1}), "no rows"),
    "list too long": (
        lambda t: keyaccounts.stability(t, criteria={"growth": 1}, size=5),
        "size is 5, but only 4 accounts have a score",
    ),
    "spread": (lambda t: keyaccounts.stability(t, criteria={"growth": 1}, size=1, spread=20), "Did you mean 0.2"),
    "score without criteria": (lambda t: keyaccounts.key_accounts(t, by="score"), "by='score' needs criteria"),
    "no end": (lambda t: keyaccounts.key_accounts(t, share=None, size=None), "needs an end"),
    "by": (lambda t: keyaccounts.key_accounts(t, by="rank"), "by must be one of"),
    "nobody": (lambda t: keyaccounts.key_accounts(t * 0, value="growth"), "missing"),
    "nobody buys": (lambda t: keyaccounts.key_accounts(t.iloc[4:]), "nobody to list"),
    "no portfolio": (lambda t: keyaccounts.portfolio(t.iloc[4:]), "there is no portfolio"),
    "no position": (keyaccounts.portfolio, "give criteria for position"),
    "splits": (lambda t: keyaccounts.portfolio(t.assign(products=1), splits=(50, 50)), "splits must be two fractions"),
    "per cent": (lambda t: keyaccounts.dependence(t.assign(share_of_wallet=45.0)), "must be a fraction"),
    "no margin": (lambda t: keyaccounts.dependence(t.assign(margin=-1.0)), "margins sum to -5.00"),
    "nobody to depend on": (lambda t: keyaccounts.dependence(t.iloc[4:]), "nobody to depend on"),
    "cost to serve of some": (
        lambda t: keyaccounts.value(t.assign(cost=1.0), cost_to_serve=pd.Series({"a": 1.0})),
        "lacks 4 accounts, 'b' first",
    ),
    "no such driver": (lambda t: keyaccounts.value(t.assign(cost=1.0), cost_to_serve={"visits": 9}), "'visits'"),
    "driver not known": (
        lambda t: keyaccounts.value(t.assign(cost=1.0), cost_to_serve={"growth": 9, "revenue": 1}),
        "cost_to_serve has 1 missing",
    ),
    "gap at the end": (
        lambda t: keyaccounts.waterfall(keyaccounts.value(t.assign(cost=[1, 1, 1, 1, np.nan]))),
        "missing entries in 'margin'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_named(fault: str) -> None:
    call, message = FAULTS[fault]
    table = small().drop(columns="name") if fault == "nobody" else small()
    with pytest.raises(checks.KamlibError, match=message):
        call(table)
