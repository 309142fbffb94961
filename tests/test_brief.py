"""The brief on one customer: the planted stories are its talking points, and it says what the data lacks."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamlib import brief, cli, customers, datasets, exhibits, export, ledger, plots, style
from kamlib.brief import facts, points, search
from kamlib.checks import KamlibError

AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(datasets.company_files().truth.read_text(encoding="utf-8"))
    return found


def point(found: brief.Brief, key: str) -> brief.Point:
    return {one.key: one for one in found.points}[key]


def block(found: brief.Brief, key: str) -> brief.Block:
    return {one.key: one for one in found.blocks}[key]


def case_of(sales: ledger.Ledger, account: str, as_of: str = AS_OF, months: int = 12) -> facts.Case:
    setting = exhibits.setting(sales, as_of=as_of, months=months)
    return facts.Case(sales, setting, customers.table(sales, as_of=as_of, months=months), account)


# --- the planted stories ----------------------------------------------------------------------------------------------


def test_the_silent_churner_is_overdue(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    story = truth["silent_churner"]
    found = brief.of(company, story["account"], as_of=AS_OF)
    # 2026-03-06 to 2026-06-30: 25 days of March, 30, 31 and 30
    assert found.points[0].key == "overdue"
    assert "116 days" in found.points[0].text
    assert "6 Mar 2026" in found.points[0].text
    sales = pd.read_parquet(datasets.company_files().sales)
    day = pd.to_datetime(sales["date"])
    year_ago = sales["customer"].isin(story["customers"]) & (day > "2025-03-06") & (day <= "2025-06-30")
    assert style.Words("en", "EUR").amount(sales.loc[year_ago, "revenue"].sum()) in found.points[0].text
    assert point(found, "idle_contacts").text.startswith("4 contacts since the last order")  # the visits go on


def test_the_shrinking_basket_names_the_groups_that_fell_silent(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    story = truth["shrinking_basket"]
    found = brief.of(company, story["account"], as_of=AS_OF)
    assert found.points[0].key == "basket"
    gone = story["groups_before"] - story["groups_after"]
    assert f"{gone} product groups" in found.points[0].text
    rows = block(found, "rhythm").table
    assert rows is not None
    assert len(rows) == gone
    assert "Product groups lost: Gears" in " ".join(block(found, "products").lines)
    lost = block(found, "products").table
    assert lost is not None
    assert set(lost["change"]) == {"lost"}


def test_the_concession_without_volume_is_a_point_and_the_one_with_volume_is_none(
    company: ledger.Ledger, truth: dict[str, Any]
) -> None:
    idle = brief.of(company, truth["concession_without_volume"]["account"], as_of=AS_OF)
    said = point(idle, "concession").text
    points_given = float(re.search(r"pays ([\d.]+) points", said)[1])
    assert points_given == pytest.approx(truth["concession_without_volume"]["points"], abs=0.3)
    assert "no clear gain in volume" in " ".join(block(idle, "price").lines)
    bought = brief.of(company, truth["concession_with_volume"]["account"], as_of=AS_OF)
    assert "concession" not in {one.key for one in bought.points}
    assert "more volume" in " ".join(block(bought, "price").lines)


def test_the_neglected_account_wants_a_contact(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    found = brief.of(company, truth["neglected_account"]["account"], as_of=AS_OF)
    assert found.points[0].key == "no_contact"
    assert "0 of 12 planned" in found.points[0].text
    last = block(found, "contacts").table
    assert last is not None
    assert last["date"].max() <= pd.Timestamp(truth["neglected_account"]["no_contact_after"])


def test_the_group_of_three_lists_its_members(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    story = truth["group_of_three"]
    by_name = brief.of(company, story["account"], as_of=AS_OF)
    members = block(by_name, "group").table
    assert members is not None
    assert set(members["name"]) == set(story["names"])
    sales = pd.read_parquet(datasets.company_files().sales)
    year = sales[sales["customer"].isin(story["customers"]) & (pd.to_datetime(sales["date"]) > "2025-06-30")]
    assert sorted(members["now"]) == pytest.approx(sorted(year.groupby("customer")["revenue"].sum()), abs=0.005)
    # Any of its numbers leads to the same account.
    table = customers.table(company, as_of=AS_OF)
    found = {search.account_of(number, table, company.customers) for number in story["customers"]}
    assert found == {by_name.account} == {story["account"]}


def test_the_unprofitable_giant_loses_money_and_earns_no_thanks(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    found = brief.of(company, truth["unprofitable_giant"]["account"], as_of=AS_OF)
    assert {"loss", "price"} <= {one.key for one in found.points}
    assert not {"growth", "white_space"} & {one.key for one in found.points}  # it grew by a quarter


@pytest.mark.parametrize("story", ["seasonal", "slow_rhythm"])
def test_who_only_looks_lost_is_not_called_overdue(company: ledger.Ledger, truth: dict[str, Any], story: str) -> None:
    found = brief.of(company, truth[story]["account"], as_of=AS_OF)
    assert "overdue" not in {one.key for one in found.points}


def test_points_are_three_at_most_and_the_largest_in_money_comes_first(company: ledger.Ledger) -> None:
    table = customers.table(company, as_of=AS_OF)
    for account in table.index[:12:3]:
        case = facts.Case(company, exhibits.setting(company, as_of=AS_OF), table, account)
        every = [one for candidate in points.CANDIDATES if (one := candidate(case))]
        chosen = points.talking_points(case)
        assert len(chosen) == 3
        left = [one.money for one in every if one not in chosen]
        assert [one.money for one in chosen] == sorted((one.money for one in chosen), reverse=True)
        assert all(money <= chosen[-1].money for money in left)


# --- by hand ----------------------------------------------------------------------------------------------------------


def small(*, until: str = "2025-12-31") -> ledger.Ledger:
    """Two years of two customers: one buys 100 a month at a cost of 60, the other stopped at the end of June 2025."""
    days = pd.Series([pd.Timestamp(2024 + month // 12, month % 12 + 1, 5) for month in range(24)])
    monthly = pd.DataFrame({"customer": "1", "date": days, "revenue": 100.0, "cost": 60.0, "list_revenue": 125.0})
    stopped = monthly[monthly["date"] <= "2025-06-30"].assign(customer="2", revenue=200.0)
    lines = pd.concat([monthly, stopped])
    return ledger.read(lines[lines["date"] <= until])


def test_years_and_realisation_by_hand() -> None:
    found = block(brief.of(small(), "1", as_of="2025-12-31"), "years").table
    assert found is not None
    # Twelve months of 100 each, less 60; the year before the same, so growth is 0.
    assert found["revenue"].tolist() == [1200.0, 1200.0]
    assert found["margin"].tolist() == [480.0, 480.0]
    assert found["margin_share"].tolist() == pytest.approx([2 / 5, 2 / 5])
    assert found["growth"].iloc[0] == 0.0
    assert case_of(small(), "1", "2025-12-31").realisation(0, 12) == pytest.approx(4 / 5)  # 100 of 125


def test_what_silence_missed_by_hand() -> None:
    case = case_of(small(), "2", "2025-12-31")
    assert case.rhythm is not None
    assert case.rhythm.since == 209  # 25 days of June, 184 from July to December
    assert case.rhythm.overdue
    # From 5 June to 31 December 2024 it bought on the fifth of July to December: six times 200.
    assert case.missed(case.rhythm) == (1200.0, True)
    # Of 200 it keeps 140: the margin share of its revenue in the period, January to June 2025, is 7/10.
    assert points.overdue_orders(case).money == pytest.approx(1200 * 7 / 10)
    assert not case_of(small(), "2", "2025-06-30").overdue


def test_without_a_year_before_the_pace_until_then_tells_what_silence_missed() -> None:
    days = pd.date_range("2025-01-01", periods=6, freq="10D")  # the last one on 20 February
    lines = pd.DataFrame({"customer": ["1"] * 6 + ["2"], "date": [*days, pd.Timestamp("2025-04-21")], "revenue": 50.0})
    case = case_of(ledger.read(lines), "1", "2025-04-21", 1)
    assert case.rhythm is not None
    # 300 in 50 days are 6 a day; 60 days later 360 are missing.
    assert case.missed(case.rhythm) == (pytest.approx(360.0), False)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=40), st.integers(0, 500))
def test_rhythm_agrees_with_a_slower_reckoning(days: list[int], after: int) -> None:
    first = pd.Timestamp("2020-01-01")
    found = facts.rhythm(
        pd.Series([first + pd.Timedelta(days=day) for day in days]),
        as_of=first + pd.Timedelta(days=max(days) + after),
    )
    assert found is not None
    distinct = sorted(set(days))
    gaps = [later - earlier for earlier, later in itertools.pairwise(distinct)]
    assert (found.purchases, found.since) == (len(distinct), after)
    if gaps:
        assert (found.usual, found.longest) == (np.median(gaps), max(gaps))
    if found.overdue:
        assert after > max(gaps)
        assert len(distinct) >= 5


def test_nothing_after_the_day_is_read(company: ledger.Ledger, truth: dict[str, Any], tmp_path: Path) -> None:
    """A brief as of a day is the one from a ledger and a log that end there."""
    day, account = "2025-09-30", truth["shrinking_basket"]["account"]
    files = datasets.company_files()
    sales, log = pd.read_parquet(files.sales), pd.read_parquet(files.contacts)
    cut = ledger.read(
        sales[pd.to_datetime(sales["date"]) <= day],
        customers=files.customers,
        contacts=log[pd.to_datetime(log["date"]) <= day],
    )
    pages = [
        brief.write(brief.of(source, account, as_of=day), tmp_path / f"{name}.html").read_text(encoding="utf-8")
        for name, source in (("whole", company), ("cut", cut))
    ]
    assert pages[0].replace("company_sales.parquet, ", "") == pages[1]


# --- what the data lacks ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retail(shared_data: Path) -> ledger.Ledger:
    return ledger.read(shared_data / "online_retail_2011.parquet")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_ledger_without_costs_lists_and_contacts_says_so(
    retail: ledger.Ledger, language: str, tmp_path: Path
) -> None:
    found = brief.of(retail, "14646", as_of=retail.last_day, language=language)
    lacking = {
        "en": ("no cost", "no list prices", "no contact log", "not reach back", "no product groups"),
        "de": ("keine Kosten", "keine Listenpreise", "kein Kontaktprotokoll", "nicht in den Zeitraum", "Warengruppen"),
    }[language]
    for key, said in zip(("years", "price", "contacts", "products", "rhythm"), lacking, strict=True):
        assert sum(said in line for line in block(found, key).lines) == 1, key
    assert len(found.points) == 3
    assert brief.write(found, tmp_path / "x.html").stat().st_size > 5000


def test_a_bare_ledger_works(tmp_path: Path) -> None:
    lines = pd.DataFrame({"customer": ["7", "7", "8"], "date": ["2025-01-10", "2025-02-10", "2025-03-05"]})
    sales = ledger.read(lines.assign(revenue=[90.0, -90.0, 10.0]))
    undone = brief.of(sales, "7", as_of="2025-12-31")  # all of it was credited: no rank, no share
    assert "no rank" in " ".join(block(undone, "standing").lines)
    assert "Class and rank" not in {what for what, _, _ in undone.tiles}
    text = brief.write(undone, tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "nan" not in re.sub(r"base64,[^\"]*", "", text).casefold()


def test_who_was_only_credited_in_the_period(company: ledger.Ledger, truth: dict[str, Any]) -> None:
    found = brief.of(company, truth["credit_notes_only"]["2026"], as_of=AS_OF, months=6)
    assert "no rank" in " ".join(block(found, "standing").lines)


# --- finding the customer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0014606", "14606", "ULMENRIEDER", "  ulmenrieder  lebensmitteltechnik "])
def test_a_customer_is_found_by_number_and_by_part_of_its_name(company: ledger.Ledger, typed: str) -> None:
    table = customers.table(company, as_of=AS_OF)
    assert search.account_of(typed, table, company.customers) == "0014606"


def test_an_ambiguous_name_lists_the_candidates_largest_first(company: ledger.Ledger) -> None:
    with pytest.raises(KamlibError, match=r"^\d+ customers fit 'baumaschinen': Fählmann Baumaschinen GmbH \(") as error:
        brief.of(company, "baumaschinen", as_of=AS_OF)
    assert re.search(r" and \d+ more; name one of them in full\.$", str(error.value))


@pytest.mark.parametrize("typed", ["Ulmenriedr", "Ulmenrieder Lebensmitteltechnick GmbH"])
def test_a_name_that_nobody_bears_lists_the_nearest(company: ledger.Ledger, typed: str) -> None:
    with pytest.raises(KamlibError, match=f"no customer is called '{typed}'; the nearest are .*Ulmenrieder"):
        brief.of(company, typed, as_of=AS_OF)


@pytest.mark.parametrize(
    ("typed", "said"), [("  ", "customer is empty"), ("§§§§", "no other is like it"), ("late", "no line of it up to")]
)
def test_what_cant_be_found_is_one_sentence(typed: str, said: str) -> None:
    master = pd.DataFrame({"customer": ["1", "3"], "name": ["Early", "Late"]})
    lines = pd.DataFrame({"customer": ["1", "3"], "date": ["2025-01-10", "2026-01-10"], "revenue": 10.0})
    with pytest.raises(KamlibError, match=said):
        brief.of(ledger.read(lines, customers=master), typed, as_of="2025-12-31")


# --- the file ---------------------------------------------------------------------------------------------------------


def hostile() -> ledger.Ledger:
    bad = '<script>alert("x")</script> & "Sons" {{ 7*7 }}'
    lines = pd.DataFrame({"customer": "1", "date": pd.date_range("2024-01-31", periods=24, freq="ME"), "revenue": 9.5})
    master = pd.DataFrame({"customer": ["1"], "name": [bad], "sector": [bad], "owner": [bad]})
    log = pd.DataFrame({"customer": ["1"], "date": ["2025-05-05"], "kind": [bad], "owner": [bad], "outcome": [bad]})
    lines["product"] = [bad if n % 2 else "</table>" for n in range(24)]
    return ledger.read(lines, customers=master, contacts=log)


def test_everything_is_escaped_and_the_file_name_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = brief.of(hostile(), "1", as_of="2025-12-31")
    page = brief.write(found)
    assert [path.name for path in tmp_path.iterdir()] == [page.name]
    assert re.fullmatch(r"brief-[a-z0-9-]{1,60}\.html", page.name)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert text.count("</table>") == text.count("<table>")
    assert "{{ 7*7 }}" in text  # a template in a name is text
    assert text.count("&lt;script&gt;") >= 6
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text)  # nothing is loaded from anywhere


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Vördekamp Fördertechnik AG", "brief-voerdekamp-foerdertechnik-ag-1.html"),
        ("../../etc/passwd", "brief-etc-passwd-1.html"),
        ("株式会社", "brief-customer-1.html"),
        ("CON. ", "brief-con-1.html"),
        ("x" * 300, f"brief-{'x' * 60}-1.html"),
        ("1", "brief-1.html"),
        ("Customer 1", "brief-customer-1.html"),  # as a pseudonym, whose code is the number
        ("Customer 11", "brief-customer-11-1.html"),
    ],
)
def test_file_names(name: str, file: str) -> None:
    lines = pd.DataFrame({"customer": ["1"], "date": ["2025-01-10"], "revenue": [10.0]})
    master = pd.DataFrame({"customer": ["1"], "name": [name]})
    assert brief.of(ledger.read(lines, customers=master), "1", as_of="2025-12-31").file_name == file


def test_customers_of_one_name_have_a_file_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keys = ["K-7", "8", "株式会社", "有限会社"]
    master = pd.DataFrame({"customer": keys, "name": ["Meier AG", "Meier AG", None, None]})
    read = ledger.read(pd.DataFrame({"customer": keys, "date": "2025-01-10", "revenue": 10.0}), customers=master)
    pages = [brief.write(brief.of(read, key, as_of="2025-12-31")).name for key in keys]
    assert pages[:2] == ["brief-meier-ag-k-7.html", "brief-meier-ag-8.html"]
    assert len(set(pages)) == 4
    assert all(re.fullmatch(r"[a-z0-9.-]+", page) for page in pages)


def test_a_former_brief_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    found = brief.of(small(), "1", as_of="2025-12-31")
    first = brief.write(found, tmp_path / "new" / "one.html").read_bytes()
    assert brief.write(found, tmp_path / "new" / "one.html").read_bytes() == first  # to the byte
    other = tmp_path / "letter.html"
    other.write_text("<p>Dear customer</p>", encoding="utf-8")
    for taken, said in ((other, "is no brief of kamlib"), (tmp_path, "it is a folder; choose a file")):
        with pytest.raises(KamlibError, match=said):
            export.document(taken, "x")
    assert other.read_text(encoding="utf-8") == "<p>Dear customer</p>"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["letter.html", "new", "one.html"]


def test_the_chart_shows_every_month_and_sets_off_the_last_twelve() -> None:
    found = brief.of(small(), "2", as_of="2025-12-31")
    ax = plots.trend(found.monthly, words=style.Words("de", "EUR"))
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [200.0] * 18 + [0.0] * 6
    colours = [bar.get_facecolor() for bar in ax.patches]
    assert len(set(colours[:12])) == len(set(colours[12:])) == 1
    assert colours[0] != colours[-1]
    assert ax.get_xticklabels()[-1].get_text() == "Dez. 2025"
    months = pd.DataFrame({"period_end": pd.to_datetime(["2025-01-31", "2025-02-28"]), "revenue": [5.0, -3.0]})
    assert plots.trend(months, ax=plt.figure().add_subplot()).get_ylim()[0] <= -3.0  # credits hang below the line


# --- the command ------------------------------------------------------------------------------------------------------


def kam(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "kam"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, stdin=subprocess.DEVNULL)


def test_the_command_writes_one_page(tmp_path: Path) -> None:
    done = kam("brief", "ulmenrieder", "--language", "de", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1. Seit 116 Tagen kein Auftrag" in done.stdout
    page = next(tmp_path.iterdir())
    assert re.fullmatch(r"brief-ulmenrieder-lebensmitteltechnik-gmbh-co-kg-\d{7}\.html", page.name)
    assert [*tmp_path.iterdir()] == [page]
    assert page.name in done.stdout
    assert '<html lang="de">' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(("typed", "said"), [("Ulmenriedr", "the nearest are"), ("gmbh", "customers fit 'gmbh'")])
def test_the_command_says_who_could_be_meant(
    typed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["kam", "brief", typed])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())
