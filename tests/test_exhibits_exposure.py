"""What is said about the loss of a year: each message against its figures by hand, the section on real ledgers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from kamlib import btyd, customers, datasets, exhibits, export, exposure, ledger
from kamlib.exhibits.exhibit import chance
from kamlib.report.exposure import exposed
from kamlib.report.sections import Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from kamlib.report.sections import Section

AS_OF = "2026-06-30"
FIXED_COSTS = 11_390_000.0  # of 2026, as shipped


def setting(language: str = "en") -> exhibits.Setting:
    return exhibits.Setting(AS_OF, 12, language, "EUR")


def stakes(margin: list[float], **more: Any) -> exposure.Stakes:
    """Stakes that are lost in full: nothing is replaced within the year."""
    index = pd.Index([f"{n:03}" for n in range(len(margin))], name="account")
    table = pd.DataFrame({"margin": margin, "revenue": 4 * np.array(margin), "name": "Firm"} | more, index=index)
    table["name"] = [f"Firm {value:g}" for value in margin]
    return exposure.stakes(table, months_to_replace=24.0)


def law(given: exposure.Stakes, p: Any, **more: Any) -> exposure.LossDistribution:
    return exposure.loss_distribution(given.table["stake"], p, severity=given.table["severity"], **more)


FOUR = stakes([30.0, 20.0, 20.0, 10.0])


def year(fixed_costs: float) -> exposure.Firm:
    return exposure.firm(law(FOUR, 0.1), contribution=100.0, fixed_costs=fixed_costs)


# ---- the law ----


def test_the_curve_says_what_to_expect_and_what_a_bad_year_costs() -> None:
    # One account of 100 at 10 %: expected 10; above the 90 % quantile all is lost, so VaR and shortfall are 100.
    one = stakes([100.0])
    exhibit = exhibits.exposure_curve(law(one, 0.1), one, setting=setting())
    assert exhibit.message == (
        "EUR\xa010 of contribution margin is the loss to expect in a year; one year in 20 costs more than EUR\xa0100"
    )
    assert exhibit.table["loss"].tolist() == pytest.approx([10, 100, 100, 100])
    assert exhibit.table["share"].tolist() == pytest.approx([0.1, 1, 1, 1])
    assert str(exhibit.measure).endswith("EUR and %, twelve months from 30 Jun 2026, forecast")
    assert "correlation of 0.00 through the economy" in exhibit.note


def test_contributions_name_who_makes_up_the_worst_years() -> None:
    # 100 at 10 % and 10 for sure: the worst 1 % of years cost 110, 100 of them the first.
    two = stakes([10.0, 100.0])
    exhibit = exhibits.contributions(law(two, [1.0, 0.1]), two, setting=setting())
    assert exhibit.message == "Firm 100 makes up 91% of what the worst 1% of years cost"
    assert exhibit.table["share"].tolist() == pytest.approx([100 / 110, 10 / 110])
    safe = exhibits.contributions(law(two, 0.0), two, setting=setting())
    assert safe.message == "No account adds anything to the loss of the worst years"


def test_common_factors_say_by_how_much_they_raise_the_tail() -> None:
    many = stakes([1.0] * 40)
    sector = pd.Series(["metal"] * 20 + ["food"] * 19 + [None], index=many.table.index)
    together = law(many, 0.05, sector=sector, correlation=0.1, sector_correlation=0.2)
    exhibit = exhibits.common_factors(together, setting=setting())
    table = exhibit.table
    alone = law(many, 0.05)
    assert table["independent"].tolist()[:4] == pytest.approx(
        [2.0, alone.value_at_risk(0.95), alone.value_at_risk(0.99), alone.expected_shortfall(0.99)]
    )
    assert table["together"][3] == pytest.approx(together.expected_shortfall(0.99))
    assert table["raised_by"].tolist() == pytest.approx((table["together"] / table["independent"] - 1).tolist())
    assert table["raised_by"][0] == pytest.approx(0.0, abs=1e-9)  # what is expected does not change
    assert exhibit.words.percent(table["raised_by"][3]) in exhibit.message
    # Each sector by itself: both are raised, the one with more accounts is more of a crowd.
    assert set(table["figure"][4:]) == {
        "the same, of the sector metal by itself",
        "the same, of the sector food by itself",
    }
    assert (table["raised_by"][3:] > 0.1).all()
    assert table["raised_by"][4] == table["raised_by"][4:].max()


def test_the_matrix_names_the_costliest_risk_not_the_largest_loss() -> None:
    two = stakes([100.0, 40.0])  # 100 at 10 % costs 10 a year, 40 at 60 % costs 24 of 34
    exhibit = exhibits.stake_matrix(law(two, [0.1, 0.6]), two, setting=setting())
    assert exhibit.message == (
        "Firm 40 is the costliest risk: EUR\xa040 at 60.0% a year, an expected loss of EUR\xa024"
    )
    assert "1 account is more likely lost than not; it makes up 71% of the expected loss" in exhibit.note


def test_intervals_and_sensitivity_quote_their_tables() -> None:
    distribution = law(FOUR, 0.1)
    ranges = exposure.uncertainty(distribution, low=0.05, high=0.2, draws=10)
    exhibit = exhibits.loss_range(ranges, setting=setting())
    low, high = (setting().words.amount(ranges[end]["expected"]) for end in ("low", "high"))
    assert exhibit.message == f"The expected loss lies between {low} and {high}, as far as the probabilities are known"
    table = exposure.sensitivity(distribution, correlations=[0.3, 0.0], severities=[0.5, 1.0])
    said = exhibits.sensitivity(table, setting=setting()).message
    full = table[table["severity"] == 1.0].set_index("correlation")["expected_shortfall"].map(setting().words.amount)
    assert said == (
        f"With a correlation of 0.30 instead of 0.00, the worst 1% of years cost {full[0.3]} instead of {full[0.0]}"
    )


# ---- the firm ----


@pytest.mark.parametrize(
    ("fixed_costs", "said"),
    [
        # 30 + 20 = 50 > 45: one can go. P(loss > 45): 30 with a 20, or without 30 all others (20 + 20 + 10 = 50):
        # 0.1 (1 - 0.9^2) + 0.9 * 0.001 = 0.0199.
        (55.0, ("The result of EUR\xa045 survives the loss of the largest account, but of no second; the year ends at "
                "a loss with probability 2.0%")),
        # 30 + 20 = 50 leaves 0: two can go. P(loss > 50): 30 with both 20s, or with one of them and 10:
        # 0.1 (0.01 + 2 * 0.1 * 0.9 * 0.1) = 0.0028.
        (50.0, ("The result of EUR\xa050 survives the loss of the 2 largest accounts, but of no more; the year ends "
                "at a loss with probability 0.3%")),
        (75.0, "Firm 30 alone would use up the result of EUR\xa025; the year ends at a loss with probability"),
        (110.0, "The year ends at a loss of EUR\xa010 before any account leaves"),
        (10.0, "Even if all accounts left, the result of EUR\xa090 would not be used up"),
    ],
)  # fmt: skip
def test_break_even_says_how_many_can_go(fixed_costs: float, said: str) -> None:
    exhibit = exhibits.break_even(year(fixed_costs), FOUR, setting=setting())
    assert exhibit.message.startswith(said)
    assert (exhibit.draw is None) == (fixed_costs in {110.0, 10.0})


@pytest.mark.parametrize(
    ("fixed_costs", "said"),
    [
        (
            55.0,
            "Our result of EUR\xa045 survives the loss of the largest account, but of no second; with a probability",
        ),
        (
            50.0,
            "Our result of EUR\xa050 survives the loss of the 2 largest accounts, but of no more; with a probability",
        ),
        (75.0, "Firm 30 alone would use up our result of EUR\xa025; with a probability of"),
        (110.0, "The year ends at a loss of EUR\xa010 before any account leaves; there is nothing to bear it with."),
        (10.0, "Our result of EUR\xa090 would survive even the loss of all accounts."),
    ],
)
def test_the_board_hears_the_same(fixed_costs: float, said: str) -> None:
    exhibit = exhibits.board(law(FOUR, 0.1), FOUR, setting=setting(), firm=year(fixed_costs))
    assert exhibit.table["sentence"][2].startswith(said)


def test_a_rare_loss_is_not_said_to_be_none() -> None:
    # All of 30, 20, 20, 10 with 0.1 each: one in 10,000.
    assert "with probability less than 0.1%" in exhibits.break_even(year(25.0), FOUR, setting=setting()).message
    two = stakes([100.0, 100.0])
    assert " at less than 0.1% a year" in exhibits.stake_matrix(law(two, 0.0001), two, setting=setting()).message
    assert " at less than 0.1% a year" in exhibits.stake_matrix(law(two, 0.0), two, setting=setting()).message


def test_a_probability_is_rounded_to_no_certainty() -> None:
    english = setting().words
    for probability, said in (
        (0.0004, "less than 0.1%"),
        (0.9994, "99.9%"),
        (0.9996, "more than 99.9%"),
        (1.0, "100.0%"),
    ):
        assert chance(probability, english) == said
    assert [chance(p, english, 0) for p in (0.004, 0.994, 0.996)] == ["less than 1%", "99%", "more than 99%"]


def test_the_likeliest_losses_are_a_waterfall_to_below_zero() -> None:
    given = stakes([30.0, 20.0, 20.0, 10.0])
    firm = exposure.firm(law(given, [0.1, 0.1, 0.05, 0.9]), contribution=100.0, fixed_costs=65.0)  # a result of 35
    exhibit = exhibits.break_even(firm, given, setting=setting())
    # 10 is likelier lost than not; on top of it 30, which leaves -5.
    assert exhibit.table["name"].tolist() == ["Firm 30", "Firm 10"]
    labels = [text.get_text() for text in exhibit.chart().get_yticklabels()]
    assert labels == ["result if nobody leaves", "1 account likelier lost than not", "Firm 30", "result after it"]
    assert "(2 accounts, of whom 1 are more likely lost than not)" in exhibit.note


def test_stress_leads_with_the_costliest_and_says_what_is_left() -> None:
    given = stakes([30.0, 20.0, 20.0, 10.0], owner=["Ada", "Bob", "Bob", "Bob"], sector=["x", "y", "y", "y"])
    found = exposure.scenarios(law(given, 0.1), given.table, result=45.0, parts={"follow": 0.9})
    exhibit = exhibits.stress(found, given, setting=setting())
    # Bob's accounts are 50, of which 90 % go along: 45 of 45.
    assert exhibit.message == (
        "Bob leaves and takes accounts along: costs EUR\xa045, more than any other scenario, and leaves a result of "
        "EUR\xa00"
    )
    assert exhibit.table["title"].tolist()[1] == "Firm 30 leaves"
    assert "The sector y falters" in exhibit.table["title"].tolist()
    assert exhibit.draw is not None
    unknown = exhibits.stress(found.assign(result=np.nan), given, setting=setting())
    assert unknown.message.endswith("costs EUR\xa045, more than any other scenario")
    assert "result" not in unknown.columns
    assert unknown.draw is None


def test_a_scenario_of_ones_own_keeps_its_name() -> None:
    own = pd.DataFrame({"scenario": "The bridge burns", "account": ["000", "001"]})
    found = exposure.scenarios(law(FOUR, 0.1), FOUR.table, result=45.0, own=own)
    assert exhibits.stress(found, FOUR, setting=setting()).message.startswith("The bridge burns: costs EUR\xa0")


def test_the_retention_budget_is_that_of_the_key_accounts() -> None:
    # Half of the expected loss without a price of the tail: 1.5, 1, 1, 0.5.
    budgets = exposure.retention(law(FOUR, 0.1), price_of_tail=0.0)
    exhibit = exhibits.retention_budget(budgets, FOUR, setting=setting(), accounts=pd.Index(["001", "002"]))
    assert exhibit.message == (
        "Keeping Firm 20 may cost EUR\xa01 a year at most; all 2 key accounts that bring contribution margin together "
        "EUR\xa02"
    )
    assert exhibit.table["budget"].tolist() == pytest.approx([1.0, 1.0])
    assert "concession" not in exhibit.columns


def test_the_board_gets_three_sentences_in_both_languages() -> None:
    one = stakes([100.0])
    said = exhibits.board(law(one, 0.1), one, setting=setting()).table["sentence"].tolist()
    assert said == [
        (
            "Over the next twelve months we must expect to lose EUR\xa010 of contribution margin, 10.0% of what is at "
            "stake with the only account judged, Firm 100."
        ),
        ("In one year in 20 it is more than EUR\xa0100, and the worst year in 100 costs EUR\xa0100 on average."),
        "How many accounts can go before the year ends at a loss can't be said without fixed costs.",
    ]
    firm = exposure.firm(law(one, 0.1), contribution=100.0, fixed_costs=90.0)
    rare = exhibits.board(law(one, 0.02), one, setting=setting()).table["sentence"].iloc[1]
    assert rare == "More than 19 of 20 years cost nothing, and the worst year in 100 costs EUR\xa0100 on average."
    german = exhibits.board(law(one, 0.1), one, setting=setting("de"), firm=firm).table["sentence"].tolist()
    assert german[0].startswith(
        "In den nächsten zwölf Monaten müssen wir mit dem Verlust von 10\xa0EUR Deckungsbeitrag"
    )
    assert german[2] == (
        "Firm 100 allein würde unser Ergebnis von 10\xa0EUR aufzehren; mit einer Wahrscheinlichkeit von 10,0\xa0% "
        "endet das Jahr mit Verlust."
    )


# ---- the section ----


def risks(sales: ledger.Ledger, as_of: str) -> pd.DataFrame:
    """The chance of no purchase within a year by a model of rhythms, with an interval made up around it."""
    seen = btyd.summary(sales, as_of=as_of)
    model = btyd.MBGCNBDk().fit(seen["frequency"], seen["recency"], seen["T"])
    p = np.asarray(model.probability_of_no_purchase(365 / 7, seen["frequency"], seen["recency"], seen["T"]))
    return pd.DataFrame({"p_loss": p, "p_low": 0.6 * p, "p_high": np.minimum(1, 1.6 * p)}, index=seen.index)


@pytest.fixture(scope="module")
def company() -> tuple[ledger.Ledger, pd.DataFrame, pd.DataFrame]:
    files = datasets.company_files()
    sales = ledger.read(files.sales, customers=files.customers, contacts=files.contacts)
    return sales, customers.table(sales, as_of=AS_OF), risks(sales, AS_OF)


@pytest.fixture(scope="module")
def section(company: tuple[ledger.Ledger, pd.DataFrame, pd.DataFrame]) -> Section:
    sales, table, risk = company
    return exposed(Case(sales, table, exhibits.setting(sales, as_of=AS_OF)), risk, fixed_costs=FIXED_COSTS)


def test_the_section_tells_all_of_the_shipped_company(
    section: Section, collisions: Callable[[Figure], list[str]]
) -> None:
    keys = [exhibit.key for exhibit in section.exhibits]
    assert keys == [
        "board", "exposure_curve", "contributions", "common_factors", "stake_matrix", "stress", "break_even",
        "retention_budget", "loss_range", "sensitivity",
    ]  # fmt: skip
    assert section.skipped == ()
    for exhibit in section.exhibits:
        assert exhibit._repr_html_()
        if exhibit.draw is not None:
            assert collisions(export.figure(exhibit)) == []


def test_the_figures_are_those_of_the_law_and_fit_into_json(
    section: Section, company: tuple[ledger.Ledger, pd.DataFrame, pd.DataFrame]
) -> None:
    figures = json.loads(export.as_json(section.figures))["exposure"]
    assert figures["expected_loss"] < figures["value_at_risk_95"] < figures["value_at_risk_99"]
    assert figures["value_at_risk_99"] < figures["expected_shortfall_99"] < figures["stake"]
    _, table, risk = company
    # The expected loss by hand: what is earned with each, less the part that is regained, times its probability.
    margin = table["margin"].clip(lower=0.0)
    severity = exposure.stakes(table).table["severity"]
    assert figures["expected_loss"] == pytest.approx((margin * severity * risk["p_loss"].reindex(table.index)).sum())
    parts = [*figures["contributions"], figures["contributions_of_others"]]
    assert sum(one["expected_shortfall"] for one in parts) == pytest.approx(figures["expected_shortfall_99"])
    assert sum(one["expected"] for one in parts) == pytest.approx(figures["expected_loss"])
    assert figures["break_even"]["result"] == pytest.approx(table["margin"].sum() - FIXED_COSTS)
    low, high = (figures["intervals"]["expected"][end] for end in ("low", "high"))
    assert low < figures["expected_loss"] < high


def test_the_planted_truths_are_told(section: Section) -> None:
    with datasets.company_files().sales.with_name("company_truth.json").open(encoding="utf-8") as file:
        truth = json.load(file)
    told = {exhibit.key: exhibit for exhibit in section.exhibits}
    # The silent churner among the ten largest is the dearest risk there is.
    assert truth["silent_churner"]["account"] in told["board"].table["sentence"][0]
    assert told["stake_matrix"].message.startswith(truth["silent_churner"]["account"])
    # The sector that falters together has a tail that independence would not have.
    common = told["common_factors"].table.set_index("figure")["raised_by"]
    assert common[f"the same, of the sector {truth['faltering_sector']['sector']} by itself"] > 0.02
    assert common["mean of the worst 1% of years"] > 0.05
    figures = section.figures["exposure"]
    assert figures["expected_shortfall_99"] > 1.05 * figures["expected_shortfall_99_independent"]


def test_without_fixed_costs_or_cost_it_says_what_it_cannot_say() -> None:
    index = pd.Index(["a", "b", "c"], name="account")
    table = pd.DataFrame(
        {"revenue": [100.0, 50.0, 20.0], "revenue_before": 1.0, "lines": 1.0, "name": ["A", "B", "C"]}, index=index
    )
    risk = pd.DataFrame({"p_loss": [0.1, np.nan, 0.2], "p_low": [0.2, np.nan, np.nan], "p_high": 0.15}, index=index)
    sales = ledger.read(pd.DataFrame({"customer": ["a"], "date": ["2026-06-30"], "revenue": ["1.00"]}))
    bare = exposed(Case(sales, table, setting()), risk, fixed_costs=10.0)
    assert bare.skipped == (
        "The ledger has no cost, so what is at stake is revenue, not contribution margin.",
        "1 account of unknown risk, with EUR\xa050 of revenue, is left out.",
        "Common causes change nothing in the worst years of so few accounts, so they are not shown.",
        "The ledger has no cost, so how many accounts can go before a loss is not known.",
    )
    assert bare.figures["exposure"]["basis"] == "revenue"
    assert bare.figures["exposure"]["break_even"] == {"skipped": bare.skipped[-1]}
    assert bare.figures["exposure"]["stake"] == 120.0
    assert "break_even" not in [exhibit.key for exhibit in bare.exhibits]
    earning = exposed(Case(sales, table.assign(margin=table["revenue"] / 2), setting()), risk)
    assert earning.skipped[-1] == ("Fixed costs are not given, so how many accounts can go before a loss is not known.")
    unknown = exposed(Case(sales, table, setting()), risk.assign(p_loss=np.nan))
    assert unknown.exhibits == ()
    assert unknown.figures == {"exposure": {"skipped": unknown.skipped[0]}}


def test_arguments_stay_as_they_are(company: tuple[ledger.Ledger, pd.DataFrame, pd.DataFrame]) -> None:
    sales, table, risk = company
    before = table.copy(deep=True), risk.copy(deep=True)
    few = table.head(20)
    exposed(Case(sales, few, setting()), risk, fixed_costs=1e6)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(risk, before[1])


def test_it_works_on_a_real_ledger_without_cost(shared_data: Path) -> None:
    sales = ledger.read(shared_data / "online_retail_2011.parquet")
    as_of = str(sales.last_day)
    table = customers.table(sales, as_of=as_of).head(60)
    found = exposed(Case(sales, table, exhibits.setting(sales, as_of=as_of, language="de")), risks(sales, as_of))
    assert found.figures["exposure"]["basis"] == "revenue"
    assert found.figures["exposure"]["sector_correlation"] == 0.0
    assert found.skipped[0].startswith("Die Umsatzdaten enthalten keinen Wareneinsatz")
