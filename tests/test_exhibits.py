from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from kamlib import bridge, concentration, coverage, customers, datasets, exhibits, keyaccounts, ledger
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def table(company: ledger.Ledger) -> pd.DataFrame:
    return customers.table(company, as_of=AS_OF)


def small(revenue: list[float], before: list[float] | None = None) -> pd.DataFrame:
    """A customer table by hand; names tell the size."""
    before = before or [1.0] * len(revenue)
    index = pd.Index([f"{n:03}" for n in range(len(revenue))], name="account")
    table = pd.DataFrame({"revenue": revenue, "revenue_before": before, "lines": 1}, index=index, dtype="float64")
    table["name"] = [f"Firm {value:g}" for value in revenue]
    return table.sort_values("revenue", ascending=False)


def setting(language: str = "en") -> exhibits.Setting:
    return exhibits.Setting("2025-12-31", 12, language, "EUR")


def test_the_period_ends_with_as_of() -> None:
    assert setting().period() == "1 Jan 2025 to 31 Dec 2025"
    assert setting().period(before=1) == "1 Jan 2024 to 31 Dec 2024"
    assert setting("de").period() == "01.01.2025 bis 31.12.2025"


def test_pareto_counts_the_customers_that_are_needed() -> None:
    # 50 + 30 = 80 of 100: two of four customers bring 80 %.
    exhibit = exhibits.pareto(small([50, 30, 15, 5]), setting=setting())
    assert exhibit.message == "2 of 4 customers bring 80% of revenue; the largest, Firm 50, alone brings 50.0%"
    assert exhibit.table["cumulative_share"].tolist() == [0.5, 0.8, 0.95, 1.0]
    assert str(exhibit.measure) == "Customers by net revenue, EUR and %, 1 Jan 2025 to 31 Dec 2025, actual"
    assert exhibits.pareto(small([90, 10]), setting=setting()).message.startswith("1 of 2 customers brings 80%")
    german = exhibits.pareto(small([50, 30, 15, 5]), setting=setting("de"))
    assert german.message == "2 von 4 Kunden bringen 80\xa0% des Umsatzes; der größte, Firm 50, bringt allein 50,0\xa0%"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.81, 0.9, "more concentrated"), (0.7, 0.79, "less concentrated"), (0.7, 0.9, "in line with 80/20")],
)
def test_80_20_is_judged_by_the_interval(low: float, high: float, verdict: str) -> None:
    indices = pd.DataFrame({"index": ["top_20_percent_share"], "value": [0.8], "low": [low], "high": [high]})
    exhibit = exhibits.lorenz(small([50, 30, 15, 5] * 3), indices=indices, setting=setting())
    assert verdict in exhibit.message
    few = exhibits.lorenz(small([50, 30, 15, 5]), indices=indices, setting=setting())
    assert few.message.endswith("too few customers to speak of 80/20")  # 20 % of four is not one


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.4, 0.5], "up from 40.0% to 50.0% in 12"),
        ([0.5, 0.4], "down from 50.0%"),
        ([0.4, 0.409], "hardly changed in 12 months, 40.9%"),
    ],
)
def test_over_time_says_where_it_is_heading(values: list[float], said: str) -> None:
    ends = pd.to_datetime(["2024-12-31", "2025-12-31"])
    line = pd.DataFrame(
        {"period_end": ends, "index": "top_10", "value": values, "low": 0.1, "high": 0.9, "customers": 5}
    )
    assert said in exhibits.over_time(line, setting=setting()).message
    assert "too short for a trend" in exhibits.over_time(line.tail(1), setting=setting()).message


def test_migration_says_what_was_lost_with_those_who_fell() -> None:
    # Before: 60, 25 are A (60 lie before 25, and 60 < 80). Now: 90 alone is A; the other fell from 25 to 10.
    exhibit = exhibits.migration(small([90, 10, 1], [60, 25, 15]), setting=setting())
    assert exhibit.message == "1 of 2 A customers fell out of the class and brings EUR\xa015 less; 0 came into it"


def test_whale_names_where_most_is_lost() -> None:
    table = small([50, 30, 15, 5]).assign(margin=[60.0, -20.0, 40.0, 20.0])
    exhibit = exhibits.whale(table, setting=setting())
    assert exhibit.message == "1 customer loses money, EUR\xa020 a period: Firm 30"
    assert exhibit.table["cumulative"].tolist() == [60, 100, 120, 100]
    table["margin"] = 1.0
    assert exhibits.whale(table, setting=setting()).message == "None of the 4 customers loses money after its cost"


def test_groups_say_what_hangs_on_one_customer() -> None:
    table = small([50, 30, 15, 5]).assign(sector=["metal", "metal", "food", None])
    exhibit = exhibits.share_by_group(table, by="sector", setting=setting())
    # metal: 80 of 100, of which the largest has 50/80; food has one customer and says nothing.
    assert exhibit.message == "metal brings 80.0% of revenue; 62.5% of that is the largest customer's"
    spread = small([40, 40, 15, 5]).assign(sector=["metal", "metal", "food", "food"])
    said = exhibits.share_by_group(spread, by="sector", setting=setting()).message
    assert said == "metal brings 80.0% of revenue; nowhere does one customer weigh as much as in food: 75.0%"
    assert exhibit.table["group"].tolist() == ["metal", "food", "not stated"]


def test_figures_state_each_index_with_its_interval(table: pd.DataFrame) -> None:
    indices = concentration.indices(table["revenue"].clip(lower=0), resamples=50)
    exhibit = exhibits.figures(indices, setting=setting())
    assert len(exhibit.table) >= 10
    assert (exhibit.table["low"] <= exhibit.table["high"]).all()
    html = exhibit._repr_html_()
    assert "Gini coefficient" in html


def test_the_audit_adds_up(company: ledger.Ledger) -> None:
    exhibit = exhibits.audit(company.audit, words=setting().words)
    read = exhibit.table[exhibit.table["what"] == "Read"].iloc[0]
    used = exhibit.table[exhibit.table["what"] == "Used"].iloc[0]
    aside = exhibit.table[exhibit.table["what"].str.startswith("Set aside")]
    assert read["rows"] == used["rows"] + aside["rows"].sum() == company.audit.rows_read
    assert read["revenue"] == pytest.approx(used["revenue"] + aside["revenue"].sum(), abs=0.005)
    assert "customer = 'customer'" in exhibit.note


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_exhibit_of_the_company_is_legible(
    language: str, company: ledger.Ledger, table: pd.DataFrame, collisions: Callable[[Figure], list[str]]
) -> None:
    """Each has a message of one sentence, a measure, all its columns, and a chart on which nothing overlaps."""
    here = exhibits.setting(company, as_of=AS_OF, language=language)
    indices = concentration.indices(table["revenue"].clip(lower=0), resamples=50)
    history = concentration.over_time(company, as_of=AS_OF, resamples=20)
    shown = [
        exhibits.pareto(table, setting=here),
        exhibits.lorenz(table, indices=indices, setting=here),
        exhibits.figures(indices, setting=here),
        exhibits.over_time(history, setting=here),
        exhibits.migration(table, setting=here),
        exhibits.whale(table, setting=here),
        *(exhibits.share_by_group(table, by=by, setting=here) for by in ("segment", "sector", "region", "owner")),
        exhibits.audit(company.audit, words=here.words),
    ]
    for exhibit in shown:
        assert 20 < len(exhibit.message) < 180
        assert "{" not in f"{exhibit.message} {exhibit.measure} {exhibit.note}"
        assert set(exhibit.columns) <= set(exhibit.table.columns)
        if exhibit.draw is not None:
            figure = exhibit.chart().figure
            said = {text.get_text().replace("\n", " ") for text in figure.texts}
            assert {exhibit.message, str(exhibit.measure)} <= said
            assert collisions(figure) == []


def test_a_message_can_be_reworded() -> None:
    exhibit = exhibits.pareto(small([50, 30]), setting=setting())
    other = exhibit.reworded("Two firms carry us")
    assert other.message == "Two firms carry us"
    assert dataclasses.replace(other, message=exhibit.message) == exhibit or other.table is exhibit.table


@pytest.mark.parametrize("language", ["en", "de"])
def test_nobody_at_risk_is_said_too(language: str) -> None:
    none = pd.DataFrame({"p_loss": [], "p_low": [], "p_high": [], "overdue": [], "reasons": [], "model": []})
    exhibit = exhibits.risk_list(none, small([50, 30]), horizon=365, setting=setting(language))
    assert exhibit.table.empty
    assert set(exhibit.columns) <= set(exhibit.table.columns)
    if language == "en":
        assert exhibit.message == "Nobody is known to be at risk: no account has a probability of leaving"


def test_whale_needs_a_margin() -> None:
    with pytest.raises(KamlibError, match="lacks the column 'margin'"):
        exhibits.whale(small([1, 2]), setting=setting())


# --- key accounts, bridge, coverage ----------------------------------------------------------------------------------


def test_a_reason_is_a_sentence_of_its_figures() -> None:
    row = {"rank": 2, "growth": 0.3, "reason": "both", "score": 0.9, "score_rank": 1}
    row |= {"best_criterion": "revenue", "second_criterion": "potential"}
    words = setting().words
    assert exhibits.reason_of(row, words) == (
        "no. 2 by revenue; no. 1 by score, best at revenue and potential; grew by 30%"
    )
    assert exhibits.reason_of(row | {"reason": "cut", "growth": -0.25}, words) == "no. 2 by revenue; shrank by 25%"
    assert exhibits.reason_of({"rank": 2, "reason": "cut"}, setting("de").words) == "Nr. 2 nach Umsatz"


def test_every_key_account_has_its_reason(table: pd.DataFrame) -> None:
    listed = keyaccounts.key_accounts(table, criteria={"revenue": 3.0, "margin": 2.0})
    exhibit = exhibits.key_accounts(listed, setting=setting())
    assert exhibit.message.startswith("25 key accounts bring ")
    assert exhibit.table["why"].str.startswith("no. ").all()
    assert len(exhibit.table) == 25


def test_the_planted_truths_are_told_by_name(company: ledger.Ledger, table: pd.DataFrame) -> None:
    """The group of three is one key account; loss, concession and neglect are named. The functions never read "
    "the truth."""
    truth = datasets.load_company().truth
    here = exhibits.setting(company, as_of=AS_OF)
    listed = keyaccounts.key_accounts(table)
    group = truth["group_of_three"]["account"]
    assert exhibits.key_accounts(listed, setting=here).table["name"].eq(group).sum() == 1

    losses = exhibits.worth(keyaccounts.value(table), table, setting=here)
    giant = truth["unprofitable_giant"]["account"]
    assert losses.message.startswith(f"{giant} loses ")

    tested = bridge.concessions(customers.by_period(company, as_of=AS_OF), accounts=listed.index)
    conceded = exhibits.concessions(tested, table, setting=here)
    account = truth["concession_without_volume"]["account"]
    assert conceded.message.startswith(f"{account} pays 4.3 points less of the list price since Jan 2025")
    assert "no clear gain in volume (-5% to 24%)" in conceded.message

    covered = coverage.coverage(company.contacts, table, as_of=AS_OF, customers=company.customers)
    late = exhibits.overdue(covered, setting=here)
    assert late.message.startswith(f"{truth['neglected_account']['account']}, with ")


def test_no_concession_is_said_too(table: pd.DataFrame) -> None:
    tested = pd.DataFrame(
        {"verdict": ["no_concession"] * 2, "since": pd.NaT, "cost_a_year": float("nan")}, table.index[:2]
    )
    exhibit = exhibits.concessions(tested, table, setting=setting())
    assert exhibit.message == "None of the 2 key accounts won a price concession that can be told from chance"
    assert exhibit.draw is None


def test_the_bridge_adds_up(company: ledger.Ledger, table: pd.DataFrame) -> None:
    moved = bridge.revenue_bridge(table, as_of=AS_OF)
    steps = exhibits.revenue_bridge(moved, setting=exhibits.setting(company, as_of=AS_OF)).table
    assert steps["amount"].iloc[:-1].sum() == pytest.approx(steps["amount"].iloc[-1], abs=0.005)
    assert steps["end"].iloc[-2] == pytest.approx(steps["amount"].iloc[-1], abs=0.005)
    before, now = (customers.by_product(company, as_of=day) for day in ("2025-06-30", AS_OF))
    effects = exhibits.price_volume_mix(bridge.price_volume_mix(before, now), setting=setting()).table
    change = table["revenue"].sum() - moved["revenue_before"].sum()
    assert effects["amount"].iloc[-1] == pytest.approx(change, abs=0.005)
    assert effects["amount"].iloc[:-1].sum() == pytest.approx(change, abs=0.005)


def test_what_the_data_cannot_carry_is_said_in_the_place_of_the_exhibit() -> None:
    no_margin = small([50, 30])
    lacking = exhibits.or_lacking(exhibits.whale, no_margin, setting=setting())
    with pytest.raises(KamlibError) as raised:
        exhibits.whale(no_margin, setting=setting())
    assert isinstance(lacking, exhibits.Lacking)
    assert str(lacking).casefold() == str(raised.value).casefold()
    # What would follow from it is lacking for the same reason, whether it is given by place or by name.
    assert exhibits.or_lacking(exhibits.pareto, lacking, setting=setting()).reason is lacking.reason
    assert exhibits.or_lacking(exhibits.pareto, no_margin, setting=lacking).reason is lacking.reason


def test_what_the_data_carry_is_returned_as_it_is_and_other_errors_are_not_hidden() -> None:
    table = small([50, 30, 15, 5])
    shown = exhibits.or_lacking(exhibits.pareto, table, setting=setting())
    assert isinstance(shown, exhibits.Exhibit)
    assert shown.message == exhibits.pareto(table, setting=setting()).message
    with pytest.raises(KeyError):
        exhibits.or_lacking(table.__getitem__, "margin")


def test_what_is_lacking_reads_as_a_sentence_and_acts_as_nothing_else() -> None:
    lacking = exhibits.Lacking("there is no <b>log</b>.")
    assert str(lacking) == "There is no <b>log</b>."
    assert lacking._repr_html_() == "<p>There is no &lt;b&gt;log&lt;/b&gt;.</p>"


def test_cost_to_serve_is_a_step_and_decides_who_loses(table: pd.DataFrame) -> None:
    values = keyaccounts.value(table, cost_to_serve={"orders": 150.0})
    steps = exhibits.value(values, setting=setting()).table
    assert steps["step"].tolist()[-3:] == ["contribution margin", "cost to serve", "contribution after serving"]
    losses = exhibits.worth(values, table, setting=setting())
    assert losses.table["contribution"].iloc[0] == values["contribution"].min()
