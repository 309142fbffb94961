"""The workshop: checks that recognise what people get wrong, exercises made from solutions, slides of the theory."""

from __future__ import annotations

import ast
import os
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from pptx import Presentation

import kamlib
from kamlib import (
    bridge,
    checks,
    concentration,
    coverage,
    customers,
    datasets,
    exhibits,
    exposure,
    keyaccounts,
    ledger,
    workshop,
)
from kamlib.style import Words
from kamlib.workshop import exercises, material, theory
from kamlib.workshop.questions import Account, Figure

if TYPE_CHECKING:
    from collections.abc import Callable

HOME = Path(__file__).parents[1] / "notebooks" / "workshop"
MAKE = runpy.run_path(str(HOME / "make.py"))
SOURCES = sorted((HOME / "solutions").glob("*.py"))
NUMBERS = {source.stem: int(source.stem[:2]) for source in SOURCES}
EN = Words("en", "EUR")
AS_OF = "2026-06-30"
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


def questions(number: int) -> dict[str, Any]:
    return {name: ask(EN) for name, ask in exercises.exercise(number).asks.items()}


def said(number: int, **answer: Any) -> workshop.Answer:
    found = workshop.exercise(number).check(**answer)
    assert found.hint or found.right
    return found


# --- the checks -------------------------------------------------------------------------------------------------------


def assert_knows_its_answers(number: int) -> None:
    """Every question of the exercise knows what is right, and at least three slips by sentences of their own."""
    for name, question in questions(number).items():
        if name == "board":
            continue
        for answer in question.right if isinstance(question, Figure) else (question.right,):
            verdict = question.judge(name, answer, EN)
            assert (verdict.right, verdict.sentence, verdict.hint) == (True, question.praise, ""), name
        for answer, sentence in question.wrong:
            verdict = question.judge(name, answer, EN)
            assert (verdict.right, verdict.hint) == (False, question.look), (name, answer)
            assert sentence in verdict.sentence, (name, answer)  # alone or beside others that lead to the same figure
        assert len({sentence for _, sentence in question.wrong}) >= 3, name


def assert_a_figure_may_be_given_as_it_is_shown(number: int) -> None:
    """As a table shows it, and an amount in three digits, as a sentence and a chart do."""
    shown = {"percent": 3, "decimal": 1, "number": 0, "money": 0}
    for name, question in questions(number).items():
        if isinstance(question, Figure):
            found = [round(float(figure), shown[question.kind]) for figure in question.right]
            found += [float(f"{figure:.3g}") for figure in question.right if number > 1 and figure > 100_000]
            assert [answer for answer in found if not question.judge(name, answer, EN).right] == [], name


def assert_the_guide_tells_true(number: int) -> None:
    """What the trainer's guide says a slip looks like is what a check recognises, in both languages."""
    slips = [wrong for question in questions(number).values() for wrong, _ in getattr(question, "wrong", ())]
    figures = [slip for slip in slips if not isinstance(slip, str)]
    english, german = (section_of_the_guide(number, suffix) for suffix in ("", ".de"))
    assert english
    assert english == [told.translate(str.maketrans(",.", ".,")) for told in german]
    for told in english:
        if re.fullmatch(r"\d{7}", told):
            assert told in slips
        elif told != "80":  # the rule of thumb itself
            digits = len(told.partition(".")[2])
            given = float(told.replace(",", ""))
            assert any(round(float(figure), digits) == given for figure in figures), told


def section_of_the_guide(number: int, suffix: str) -> list[str]:
    """Return the figures in the middle column of an exercise's table."""
    text = (HOME / f"trainer_guide{suffix}.md").read_text(encoding="utf-8")
    section = re.split(r"^## (?:Exercise|Übung) \d: ", text, flags=re.MULTILINE)[number]
    told = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")]
    return re.findall(r"\d[\d.,]*\d|\d", " ".join(told))


@pytest.mark.parametrize("number", [1, 2, 3, 6])
def test_every_question_knows_the_right_answer_and_three_slips(number: int) -> None:
    assert_knows_its_answers(number)
    assert_a_figure_may_be_given_as_it_is_shown(number)
    assert_the_guide_tells_true(number)


@pytest.mark.parametrize("number", [1, 2, 6])
@pytest.mark.parametrize(
    "answer",
    [..., None, "", "nobody", float("nan"), np.inf, [], {}, object(), True, -1, 1e300, 10**400, [1, 2], pd.NA, pd.NaT,
     pd.Series(dtype="float64"), pd.DataFrame({"a": [1]}), np.array([1.0, 2.0]), 1 + 2j],
    ids=lambda answer: type(answer).__name__,
)  # fmt: skip
def test_no_answer_whatever_it_is_raises_or_is_taken_for_right(number: int, answer: Any) -> None:
    asked = workshop.exercise(number).asks
    found = workshop.exercise(number).check(**dict.fromkeys(asked, answer))
    assert [verdict.right for verdict in found.verdicts] == [False] * len(asked)
    assert all(verdict.sentence for verdict in found.verdicts)


def test_an_export_is_read_with_typical_slips(export: ledger.Ledger) -> None:
    audit, lines = export.audit, export.table.to_pandas()
    copies, total = lines[lines.duplicated()], audit.format["control_total"]["revenue"]
    assert said(1, set_aside=12, missing=audit.revenue_set_aside, booked_twice=copies["revenue"].sum()).right
    assert said(1, unreadable=total - audit.revenue_used + copies["revenue"].sum() - audit.revenue_set_aside).right
    assert "sum lines" in said(1, set_aside=audit.set_aside.query("reason != 'total_line'")["rows"].sum()).sentence
    assert "both copies" in said(1, booked_twice=lines[lines.duplicated(keep=False)]["revenue"].sum()).sentence
    assert "twice" in said(1, unreadable=total - audit.revenue_used - audit.revenue_set_aside).sentence
    sold = lines[lines["revenue"] > 0]
    assert "mistyped" in said(1, largest=sold[sold["customer"] != "0018435"]["customer"].pipe(
        lambda c: sold.loc[c.index].groupby("customer")["revenue"].sum().idxmax())).sentence  # fmt: skip
    assert said(1, largest=lines.groupby("customer")["revenue"].sum().idxmax()).right
    assert "leading zeros" in said(1, largest=18435).sentence


def test_concentration_is_reckoned_with_typical_slips(company: ledger.Ledger, table: pd.DataFrame) -> None:
    lines = ledger.read(workshop.sales(), customers=datasets.company_files().customers).table.to_pandas()
    year = lines[pd.to_datetime(lines["date"]) > "2025-06-30"]
    revenue = table["revenue"].clip(lower=0)
    sold = year[year["revenue"] > 0].groupby("account")["revenue"].sum()
    single = customers.table(company, as_of=AS_OF, by="customer")["revenue"].clip(lower=0)
    calendar = customers.table(company, as_of="2025-12-31")["revenue"].clip(lower=0)
    assert said(
        2, top_share=concentration.top_share(revenue), low=0.7132, hidden_group="sandhalden beteiligungen ag"
    ).right
    assert "credit notes" in said(2, top_share=concentration.top_share(sold)).sentence
    assert "one group" in said(2, top_share=concentration.top_share(single)).sentence
    assert "calendar year" in said(2, top_share=concentration.top_share(calendar)).sentence
    assert "percentage" in said(2, top_share=79.0).sentence
    assert "one group" in said(2, accounts_for_80=concentration.customers_for(single)).sentence
    assert "1 divided by it" in said(2, effective=concentration.hhi(revenue)).sentence
    assert "one company of the group" in said(2, hidden_group="Lechtal Palettierer AG").sentence


def test_a_fifth_may_be_whole_accounts_and_an_effective_number_a_whole_one(table: pd.DataFrame) -> None:
    revenue = table["revenue"].loc[lambda amount: amount > 0]
    assert len(revenue) == 277  # a fifth of them is 55.4
    whole = [revenue.nlargest(count).sum() / revenue.sum() for count in (55, 56)]
    assert all(said(2, top_share=answer).right for share in whole for answer in (share, round(share, 3)))
    assert [said(2, top_share=answer).right for answer in (0.786, 0.793, 0.7871)] == [False] * 3
    sold = material.period(slip=True).query("revenue > 0").groupby("account")["revenue"].sum()
    assert "credit notes" in said(2, top_share=sold.nlargest(55).sum() / sold.sum()).sentence
    assert [said(2, effective=answer).right for answer in (30, 30.4, 31, 29)] == [True, True, False, False]
    assert "rule of thumb itself" in said(2, top_share=0.8).sentence
    assert "55,4" in workshop.exercise(2, language="de").check(top_share=whole[0]).sentence


def test_pieces_are_not_taken_for_credit_notes() -> None:
    pieces = material.period().groupby("account")["quantity"].sum().loc[lambda count: count > 0]
    share, count = concentration.top_share(pieces), concentration.customers_for(pieces)
    found = said(2, top_share=share).sentence
    assert found == "You count pieces; the question is about what customers pay."
    both = [said(2, top_share=round(share, 3)).sentence, said(2, accounts_for_80=count).sentence]
    for sentence in both:  # 79.9%, and 56 accounts: without credit notes it is as many
        assert sentence.startswith("More than one slip may lead there. You leave credit notes out")
        assert sentence.endswith(found)


def test_prices_and_care_are_looked_at_with_typical_slips(company: ledger.Ledger, table: pd.DataFrame) -> None:
    conceded = bridge.concessions(customers.by_period(company, as_of=AS_OF), accounts=table.index[:25])
    costs = conceded.set_index("verdict")["cost_a_year"]
    covered = coverage.coverage(company.contacts, table, as_of=AS_OF, customers=company.customers)
    assert said(
        6, gave_in="Zirlbrunner Energieanlagen GmbH", cost_a_year=costs["no_more_volume"], neglected="0016069"
    ).right
    assert "it paid" in said(6, gave_in=conceded.index[conceded["verdict"] == "more_volume"]).sentence
    assert "bought volume" in said(6, cost_a_year=costs["more_volume"]).sentence
    assert "both" in said(6, cost_a_year=costs[["more_volume", "no_more_volume"]].sum()).sentence
    assert "bought nothing for years" in said(6, neglected=covered["days_since_contact"].idxmax()).sentence
    log = company.contacts[company.contacts["customer"] == "0014606"]
    assert "all years" in said(6, after_the_last_order=len(log)).sentence


def test_what_is_close_or_in_another_unit_is_told_so() -> None:
    share = Figure("percent", (0.8,), ((0.5, "half"),), "yes", "look", within=0.001)
    money = Figure("money", (123_456.0,), ((2e6, "two"),), "yes", "look", within=1.0)

    def of(question: Figure, answer: Any, words: Words = EN) -> str:
        return question.judge("x", answer, words).sentence

    assert of(share, 80) == "That is a percentage; divide it by 100, as a share lies between 0 and 1."
    assert of(share, 0.81).startswith("That is close")
    assert of(share, 50.0) == of(share, 80)  # a slip as a percentage
    assert of(share, 5.0).startswith("That is too large")
    assert of(share, 0.6).startswith("That is too small")
    assert of(share, 0.07).startswith("That is less than a tenth of the answer")
    assert of(money, -123_456).startswith("The size is right")
    assert of(money, 123.456).startswith("The digits are right")
    assert of(money, 0.1235).startswith("The digits are right")
    assert of(money, 150_000).startswith("That is too large")
    assert of(money, 2e7).startswith("That is more than ten times the answer")
    assert of(money, 0.0) == of(share, 0) == of(share, 0.6)
    assert of(money, "123456").startswith("The answer is one number; yours is of type str")
    assert of(money, pd.Series([123_456.4])) == "yes"
    assert of(money, np.float64(123_456.9)) == "yes"
    assert of(share, 0.5009) == "half"


def test_of_two_slips_the_nearer_one_is_named() -> None:
    question = Figure("money", (10.0,), ((20.0, "far"), (20.5, "near")), "yes", "look", within=1.0)
    assert [question.judge("x", answer, EN).sentence for answer in (20.1, 20.4)] == ["far", "near"]


def test_a_slip_is_not_met_by_all_that_is_small_beside_the_answer() -> None:
    question = Figure("money", (155_000.0,), ((0.109, "fraction"), (0.0, "nothing")), "yes", "look", within=3_000.0)
    assert [question.judge("x", answer, EN).sentence for answer in (0.11, 0.109, 0.0, 1e-9)] == [
        "fraction", "fraction", "nothing", "nothing",
    ]  # fmt: skip
    assert question.judge("x", 100.0, EN).sentence.startswith("That is less than a tenth")


def test_a_slip_beside_the_right_figure_is_told_unless_the_answer_is_too_coarse_to_tell() -> None:
    question = Figure("percent", (0.7885,), ((0.7879, "slip"),), "yes", "look", within=0.0006)
    assert [question.judge("x", answer, EN).right for answer in (0.7885, 0.788, 0.7879, 0.7881)] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_customer_may_be_given_by_number_or_name() -> None:
    question = Account("0018435", (("0012926", "mistyped"),), "yes", "look")
    name = datasets.load_company().customers.set_index("customer")["name"]
    given = ["0018435", name["0018435"], name["0018435"].upper(), f" {name['0018435']} ", pd.Index(["0018435"])]
    assert [question.judge("x", answer, EN).right for answer in given] == [True] * 5
    assert question.judge("x", name["0012926"], EN).sentence == "mistyped"
    assert question.judge("x", "0010010", EN).sentence.startswith("Nobody is called 0010010")
    assert question.judge("x", name["0014305"], EN).sentence == f"{name['0014305']} is not the one."


@pytest.fixture(scope="module")
def chosen(table: pd.DataFrame, company: ledger.Ledger) -> list[exhibits.Exhibit]:
    setting = exhibits.setting(company, as_of=AS_OF)
    indices = concentration.indices(table["revenue"].clip(lower=0), resamples=20)
    made = [exhibits.pareto(table, setting=setting), exhibits.figures(indices, setting=setting),
            exhibits.whale(table, setting=setting)]  # fmt: skip
    return [one.reworded("Two of our accounts bring 21% of it.") for one in made]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lambda c: c, ""),
        (lambda c: c[:2], "remembers three"),
        (lambda c: [*c, c[0]], "remembers three"),
        (lambda c: [c[0], c[1], c[0]], "there twice"),
        (lambda c: c[0], "list of exhibits"),
        (lambda c: [one.message for one in c], "list of exhibits"),
        (lambda c: [*c[:2], c[2].reworded("Who are our 25 key accounts?")], "heading"),
        (lambda c: [*c[:2], c[2].reworded("Concentration of revenue 2026")], "heading"),
        (lambda c: [*c[:2], c[2].reworded("We hang on very few of our accounts.")], "names no figure"),
        (lambda c: [*c[:2], c[2].reworded("Our 2 giants " + "very " * 30 + "matter.")], "34 words"),
    ],
)
def test_a_board_is_shown_three_sentences_with_a_figure(
    chosen: list[exhibits.Exhibit], fault: Callable[[list[exhibits.Exhibit]], Any], sentence: str
) -> None:
    found = said(6, board=fault(chosen))
    assert found.right == (sentence == "")
    assert sentence in found.sentence


# One test for both exercises, as the forecasts take seconds and tests are spread over processes.
def test_what_rests_on_the_forecasts_agrees_with_the_library_and_slips_with_them_are_recognised() -> None:
    for number in (4, 5):
        assert_knows_its_answers(number)
        assert_a_figure_may_be_given_as_it_is_shown(number)
        assert_the_guide_tells_true(number)
    record, risks = workshop.chances()
    table = material.table()
    book = table[table["margin"] > 0].join(risks["p_loss"]).dropna(subset="p_loss")
    loss = book["margin"] * book["p_loss"] * exposure.stakes(book).table["severity"]
    assert said(4, expected_leavers=risks["p_loss"].sum(), first_call=loss.idxmax()).right
    assert "as if each of them were certain" in said(4, expected_leavers=(risks["p_loss"] > 0.5).sum()).sentence
    assert "90 days" in said(4, overdue=(table.query("revenue > 0")["days_since"] > 90).sum()).sentence
    assert "hardly anything" in said(4, first_call=risks["p_loss"].idxmax()).sentence
    every = record.predictions.query("0.2 <= p < 0.5")
    assert "all models" in said(4, came_true=every["happened"].mean()).sentence
    assert said(5, expected_loss=loss.sum(), can_go=2).right
    assert "You take revenue" in said(5, expected_loss=(book["revenue"] * book["p_loss"]).sum()).sentence
    assert "percentage" in said(5, points=0.155).sentence
    assert all(said(5, points=answer).right for answer in (0.0015, 0.0016, 0.002, 0.00155))
    assert not said(5, points=0.003).right
    assert_laws_and_counts_of_another_stake_are_recognised(book)
    assert_a_budget_grows_as_the_solution_says(book)
    risks["p_loss"] = 0.0  # what is handed out is nobody else's
    assert workshop.chances()[1]["p_loss"].sum() > 30


def assert_laws_and_counts_of_another_stake_are_recognised(book: pd.DataFrame) -> None:
    def bad_year(stake: str, **law: Any) -> str:
        found = exposure.loss_distribution(book[stake], book["p_loss"], **law)
        return said(5, bad_year=found.value_at_risk(0.95)).sentence

    severity = {"severity": exposure.stakes(book).table["severity"]}
    economy = {"correlation": 0.1}
    both = economy | {"sector": book["sector"], "sector_correlation": 0.1}
    assert "not the sectors" in bad_year("margin", **economy, **severity)
    assert "all of a year's margin" in bad_year("margin", **both)
    assert "You take revenue; what is lost" in bad_year("revenue", **both, **severity)
    assert "You take revenue, and all" in bad_year("revenue", **both)
    assert "You take revenue" in said(5, can_go=0).sentence
    assert said(5, can_go=4).sentence.startswith("That is too large")


def assert_a_budget_grows_as_the_solution_says(book: pd.DataFrame) -> None:
    """With one in five for the largest account, in place of one in a thousand."""

    def retained(p: pd.Series[float]) -> pd.Series[float]:
        law = exposure.loss_distribution(book["margin"], p, severity=exposure.stakes(book).table["severity"],
                                         correlation=0.1, sector=book["sector"], sector_correlation=0.1)  # fmt: skip
        return exposure.retention(law, revenue=book["revenue"]).loc[giant]

    giant = book["revenue"].idxmax()
    p = book["p_loss"]
    assert p[giant] == 0.001
    before, after = retained(p), retained(p.where(p.index != giant, 0.2))
    expected, budget = (after[column] / before[column] for column in ("expected", "budget"))
    assert after["concession"] > 0.03  # three points would pay
    share, safe = (f"{found['concession']:.1%}".replace("%", " %") for found in (after, before))
    english = f"the loss to expect is {expected:.0f} times as large and the budget {budget:.0f} times: {share} of the"
    german = (
        f"der erwartete Verlust auf das {expected:.0f}-Fache und das Budget auf das {budget:.0f}-Fache: {share} vom"
    )
    assert_all_say({
        "solutions/05_what_would_it_cost.py": [
            f"{english} account's revenue instead of {safe}",
            f"{german} Umsatz des Kunden statt {safe}".replace(".", ","),
        ],
        "trainer_guide.md": [f"the budget is {budget:.0f} times as large"],
        "trainer_guide.de.md": [f"das Budget {budget:.0f}-mal so groß"],
    })  # fmt: skip
    loss = book["margin"] * p
    assert loss.max() / loss.sum() > 0.5  # more than half of the expected loss is one account


def prose(name: str) -> str:
    """Return a source's text without its lines and the marks of comments."""
    return re.sub(r"\s*\n(?:#? +)?", " ", (HOME / name).read_text(encoding="utf-8"))


def assert_all_say(phrases: dict[str, list[str]]) -> None:
    """Every phrase stands in the text that it is of."""
    assert [(name, phrase) for name, of in phrases.items() for phrase in of if phrase not in prose(name)] == []


def test_figures_in_prose_are_those_that_come_out(company: ledger.Ledger, table: pd.DataFrame) -> None:
    keys = table.head(25)
    interval = concentration.indices(table["revenue"].clip(lower=0)).set_index("index").loc["top_20_percent_share"]
    low, high = (f"{100 * interval[end]:.0f}" for end in ("low", "high"))
    revenue = table["revenue"].loc[lambda amount: amount > 0]
    count, fifth = len(revenue), f"{0.2 * len(revenue):.1f}"
    whole = [f"{revenue.nlargest(n).sum() / revenue.sum():.4f}" for n in (55, 56)]
    discount = f"{100 * (1 - keys.head(10).loc[keys.head(10)['margin'] < 0, 'price_realisation'].item()):.0f} %"
    weights = {"revenue": 3, "margin": 2, "growth": 1, "potential": 1}
    listed = keyaccounts.key_accounts(table, criteria=weights)["acceptability"].between(0.05, 0.95).sum()
    torn = keyaccounts.stability(table.query("revenue > 0"), criteria=weights, size=25)["acceptability"]
    torn = torn.between(0.05, 0.95).sum()
    costs = bridge.concessions(customers.by_period(company, as_of=AS_OF), accounts=keys.index)
    cost = f"{costs.set_index('verdict')['cost_a_year']['no_more_volume']:,.0f}"[:-2] + "00"  # to the hundred
    covered = coverage.coverage(company.contacts, table, as_of=AS_OF, customers=company.customers)
    days = covered.loc[covered["class"] == "A", "days_since_contact"].max()
    share = f"{100 * keys['revenue'].sum() / revenue.sum():.0f}"
    assert_all_say({
        "solutions/02_is_80_20_true.py": [f"from {low} to {high} %", f"von {low} bis {high} %"],
        "solutions/03_who_are_the_key_accounts.py": [f"a discount of {discount}", f"{discount} Rabatt"],
        "solutions/06_what_do_we_tell_the_board.py": [
            f"bring {share}% of", f"bringen {share} % des", f"costs {cost} a year",
            f"kostet {cost.replace(',', '.')} im", f"for {days} days", f"seit {days} Tagen",
        ],
        "trainer_guide.md": [
            f"from {low} to {high}", f"{whole[0]} and {whole[1]}: a fifth of {count} accounts is {fifth}",
            f"that {listed} of the 25 on the list", f"finds {torn},", "102,987.01",
        ],
        "trainer_guide.de.md": [
            f"von {low} bis {high}", f"Fünftel von {count} Kunden sind {fifth.replace('.', ',')}",
            f"{whole[0]} und {whole[1]}:".replace(".", ","), f"dass {listed} der 25 auf der Liste", f"findet {torn},",
            "102.987,01",
        ],
    })  # fmt: skip
    message = exhibits.key_accounts(
        keyaccounts.key_accounts(table, criteria=weights), setting=exhibits.setting(company, as_of=AS_OF)
    ).message
    assert f"; {listed} " in message


def test_what_is_said_of_accounts_is_so(company: ledger.Ledger, table: pd.DataFrame) -> None:
    numbers = customers.table(company, as_of=AS_OF, by="customer")["revenue"].rank(ascending=False)
    group = company.customers.query("parent == 'Sandhalden Beteiligungen AG'")["customer"]
    assert list(table.index).index("Sandhalden Beteiligungen AG") == 2
    assert len(group) == 3
    assert numbers[group].min() > 10
    sold = material.period(slip=True).query("revenue > 0").groupby("account")["revenue"].sum()
    assert sold.nlargest(3).index[2] == material.SLIP  # "suddenly third"
    loser = table.index[4]
    assert table["margin"].idxmin() == loser  # fifth by revenue and last by margin
    covered = coverage.coverage(company.contacts, table, as_of=AS_OF, customers=company.customers)
    by_owner = covered.groupby("owner")["revenue"].sum() / covered["revenue"].sum()
    owner = covered.loc["0016069", "owner"]
    assert by_owner[owner] == pytest.approx(0.3, abs=0.01)  # three tenths of the revenue
    assert covered.loc[table.index[:25], "owner"].mode().tolist() == [owner]
    step = bridge.concessions(customers.by_period(company, as_of=AS_OF), accounts=["0016944"]).iloc[0]
    assert step["relative_volume_low"] < 0 < step["relative_volume"]  # no further than chance explains


# --- the exercise, its answer and its material ------------------------------------------------------------------------


def test_there_are_six_exercises_and_no_other() -> None:
    assert [workshop.exercise(n).number for n in range(1, 7)] == [1, 2, 3, 4, 5, 6]
    assert sum(len(workshop.exercise(n).asks) for n in range(1, 7)) == 29
    for number in (0, 7, 2.0, "2"):
        with pytest.raises(checks.KamlibError, match="one of 1 to 6"):
            workshop.exercise(number)
    with pytest.raises(checks.KamlibError, match="language must be one of"):
        workshop.exercise(1, language="fr")


def test_an_unknown_question_is_told_which_there_are() -> None:
    found = workshop.exercise(2).check(topshare=0.8)
    assert not found.right
    assert found.sentence.startswith("Exercise 2 has no such question; it asks for top_share, ")


def test_checks_speak_the_language_of_the_notebook() -> None:
    assert workshop.exercise(2, language="de").check(top_share=...).sentence.startswith("Das ist noch offen")


def test_an_answer_displays_itself_and_acts_on_nothing_that_it_is_given() -> None:
    found = workshop.exercise(1).check(largest="<script>alert(1)</script>", set_aside=12)
    html = found._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert html.count("✗") == html.count("✓") == 1
    assert str(found).splitlines()[1].startswith("✓ set_aside: ")
    assert not found.right


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> ledger.Ledger:
    path = tmp_path_factory.mktemp("export") / "sales.csv"
    path.write_bytes(workshop.messy_export())
    return ledger.read(path)


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    return datasets.read()


@pytest.fixture(scope="module")
def table(company: ledger.Ledger) -> pd.DataFrame:
    return customers.table(company, as_of=AS_OF)


def test_the_export_has_what_goes_wrong_and_reconciles_to_the_cent(export: ledger.Ledger) -> None:
    audit = export.audit
    assert audit.rows_set_aside == {
        "total_line": 7, "no_customer": 2, "implausible_date": 1, "no_date": 1, "unreadable_revenue": 1,
    }  # fmt: skip
    assert audit.format["encoding"] == "cp1252"
    shipped = datasets.load_company().sales.query("date >= '2026-01-01'")
    assert audit.format["control_total"]["revenue"] == pytest.approx(shipped["revenue"].sum(), abs=0.005)
    lines = export.table.to_pandas()
    copies = lines[lines.duplicated()]
    assert set(pd.to_datetime(copies["date"]).dt.date) == {material.TWICE}
    gap = audit.format["control_total"]["revenue"] - audit.revenue_used + copies["revenue"].sum()
    assert gap - audit.revenue_set_aside == pytest.approx(6436.99, abs=0.005)  # line 4201 of the half-year
    assert workshop.messy_export() == workshop.messy_export()


def test_the_slip_changes_no_net_figure_and_is_nobodys_property() -> None:
    with_slip, shipped = workshop.sales(), datasets.load_company().sales
    amounts = ["quantity", "list_revenue", "revenue", "cost"]
    net, before = (f.groupby("customer")[amounts].sum() for f in (with_slip, shipped))
    assert len(with_slip) == len(shipped) + 2
    np.testing.assert_allclose(net, before, atol=0.005)
    with_slip["revenue"] = 0.0
    assert workshop.sales()["revenue"].sum() > 1e8


# --- slides -----------------------------------------------------------------------------------------------------------


def test_the_slides_teach_in_the_order_of_the_day(
    chosen: list[exhibits.Exhibit], monkeypatch: Any, tmp_path: Any
) -> None:
    cheap = {key: exhibits.Exhibit(**(vars(chosen[0]) | {"key": key})) for key in theory.ORDER}
    setting = exhibits.Setting(AS_OF, 12, "en", "EUR")
    told = type("Told", (), {"exhibits": list(cheap.values()), "setting": setting})
    monkeypatch.setattr(theory.report, "build", lambda *_, **__: told)
    slides = Presentation(workshop.slides(tmp_path / "theory.pptx")).slides
    titles = [slide.shapes.title.text for slide in slides]
    assert len(titles) == 1 + len(theory.ORDER)
    assert titles[0] == "Key accounts: what the exercises are about"
    assert titles[1] == "No figure is better than the rows behind it"
    assert not any(chosen[0].message in title for title in titles)
    assert "Who of you has ever been asked" in slides[1].notes_slide.notes_text_frame.text
    with pytest.raises(checks.KamlibError, match="language must be one of"):
        workshop.slides(tmp_path / "x.pptx", language="fr")


def test_every_exhibit_of_the_slides_exists() -> None:
    """By the sources, as the report that makes them all takes long."""
    sources = (Path(kamlib.__file__).parent / "exhibits").glob("*.py")
    calls = [node for source in sources for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
             if isinstance(node, ast.keyword) and node.arg == "key"]  # fmt: skip
    keys = {ast.unparse(call.value).strip("f'") for call in calls}
    assert {re.sub("by_.*", "by_{by}", key) for key in theory.ORDER} <= keys


# --- notebooks --------------------------------------------------------------------------------------------------------


def test_the_notebooks_are_those_that_the_solutions_make() -> None:
    """After a change of a solution: python notebooks/workshop/make.py."""
    made = MAKE["notebooks"]()
    assert {path: path.read_text(encoding="utf-8") for path in HOME.rglob("*.ipynb")} == made
    assert len(made) == 6 * 4


def notebook(source: Path, kind: str, language: str) -> Any:
    found = nbformat.read(HOME / kind / language / f"{source.stem}.ipynb", as_version=4)
    nbformat.validate(found)
    return found


def code(found: Any) -> list[str]:
    return [cell.source for cell in found.cells if cell.cell_type == "code"]


@each_source
@pytest.mark.parametrize("kind", ["exercises", "solutions"])
def test_the_editions_differ_in_their_texts_and_the_language_alone(source: Path, kind: str) -> None:
    en, de = (notebook(source, kind, language) for language in ("en", "de"))
    assert [cell.cell_type for cell in en.cells] == [cell.cell_type for cell in de.cells]
    ours = [text for text in code(en) if "..." not in text]
    theirs = [text for text in code(de) if "..." not in text]
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == [
        ('language = "en"  # or "de"', 'language = "de"  # oder "en"')
    ]
    texts = [(a.source, b.source) for a, b in zip(en.cells, de.cells, strict=True) if a.cell_type == "markdown"]
    assert [pair for pair in texts if pair[0] == pair[1] or not all(pair)] == []
    for found in (en, de):
        assert found.metadata.kernelspec.name == "python3"
        assert [c for c in found.cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []
        assert len({cell.id for cell in found.cells}) == len(found.cells)


@each_source
def test_a_notebook_asks_its_question_sets_goals_and_keeps_its_cells_short(source: Path) -> None:
    found = notebook(source, "solutions", "en")
    title = found.cells[0].source
    assert title.splitlines()[0].endswith("?")
    assert title.count("- [ ] ") >= 3
    assert f"**Exercise {NUMBERS[source.stem]}, 40 minutes.**" in title
    assert [text for text in code(found) if len(list(filter(str.strip, text.splitlines()))) > 10] == []
    nodes = [node for text in code(found) for node in ast.walk(ast.parse(text))]
    assert [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda))] == []


@each_source
def test_every_question_is_asked_and_the_exercise_tells_none_of_the_answers(source: Path) -> None:
    asked = workshop.exercise(NUMBERS[source.stem]).asks
    exercise, solution = (notebook(source, kind, "en") for kind in ("exercises", "solutions"))
    checked = [name for text in code(exercise) for name in re.findall(r"exercise\.check\((\w+)=\1\)", text)]
    assert checked == list(asked)
    hidden = [c.source for c in solution.cells if "solution" in c.metadata.get("tags", [])]
    shown = "\n".join(cell.source for cell in exercise.cells)
    assert len(hidden) == len(asked) + 1  # and the discussion
    assert [text for text in hidden if text in shown] == []
    turns = [text for text in code(exercise) if "..." in text and text.startswith("#")]
    assert {name for text in turns for name in re.findall(r"^(\w+) = \.\.\.$", text, re.MULTILINE)} >= set(asked)
    assert shown.count("<details><summary>Hint</summary>") == len(asked)
    assert shown.count("*Your notes:*") == 1


@each_source
def test_an_exercise_runs_up_to_the_first_turn_as_its_solution_does(source: Path) -> None:
    """The cells up to there are those of the solution, which a kernel executes below; so is every one that is given."""
    cells, solved = (code(notebook(source, kind, "en")) for kind in ("exercises", "solutions"))
    turns = [n for n, text in enumerate(cells) if text.startswith("# Your turn")]
    assert turns[0] >= 2
    assert [n for n, (text, known) in enumerate(zip(cells, solved, strict=True)) if text != known] == turns
    exercise = workshop.exercise(NUMBERS[source.stem])
    checked = re.search(r"check\((\w+)=", cells[turns[0] + 1])
    assert checked
    assert "still open" in exercise.check(**{checked[1]: ...}).sentence


EXECUTED = [(source, "en") for source in SOURCES] + [(SOURCES[1], "de")]


@pytest.mark.parametrize(("source", "language"), EXECUTED, ids=lambda value: getattr(value, "stem", value))
def test_a_solution_runs_in_a_fresh_kernel_and_every_check_agrees(source: Path, language: str, tmp_path: Path) -> None:
    found = notebook(source, "solutions", language)
    # An interpreter knows only its own categories this early; our warning is a UserWarning.
    env = os.environ | {"PYTHONWARNINGS": "error::UserWarning", "OMP_NUM_THREADS": "1"}
    client = NotebookClient(found, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=env)
    cells = [cell for cell in found.cells if cell.cell_type == "code"]
    answers = [cell.outputs[0]["data"]["text/html"] for cell in cells if "exercise.check(" in cell.source]
    assert len(answers) == len(workshop.exercise(NUMBERS[source.stem]).asks)
    assert [answer for answer in answers if "✓" not in answer or "✗" in answer] == []
    shown = [cell for cell in cells if isinstance(ast.parse(cell.source).body[-1], ast.Expr)]
    assert [cell.source for cell in shown if not cell.outputs] == []
