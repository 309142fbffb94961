"""The shipped company: what was planted is measured from its tables, never taken from the generator."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kamlib import datasets
from kamlib.checks import KamlibError
from kamlib.datasets import shipped

DATA = Path(__file__).parent.parent / "data"
END = pd.Timestamp("2026-06-30")


@pytest.fixture(scope="module")
def company() -> datasets.Company:
    return datasets.load_company()


@pytest.fixture(scope="module")
def sales(company: datasets.Company) -> pd.DataFrame:
    """Ledger lines with the account (the group where there is one) and the sector."""
    master = company.customers
    master = master.assign(account=master["parent"].where(master["parent"] != "", master["name"]))
    return company.sales.merge(master[["customer", "account", "sector"]], on="customer", validate="many_to_one")


def within(lines: pd.DataFrame, end: str | pd.Timestamp, months: int) -> pd.DataFrame:
    end = pd.Timestamp(end)
    return lines[(lines["date"] > end - pd.DateOffset(months=months)) & (lines["date"] <= end)]


def revenue_by(lines: pd.DataFrame, column: str) -> pd.Series:
    return lines.groupby(column)["revenue"].sum().sort_values(ascending=False)


def rank(values: pd.Series, label: str) -> int:
    return int(values.index.get_loc(label)) + 1


def a_accounts(sales: pd.DataFrame) -> pd.Index:
    """The largest accounts that bring 80 % of the last twelve months."""
    revenue = revenue_by(within(sales, END, 12), "account")
    return revenue.index[revenue.cumsum() <= 0.8 * revenue.sum()]


def orders_of(sales: pd.DataFrame, account: str) -> pd.Series:
    """Days on which the account ordered."""
    return sales.loc[(sales["account"] == account) & (sales["quantity"] > 0), "date"].drop_duplicates().sort_values()


# Files


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    datasets.write_company(tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {path.name for path in DATA.iterdir()} - {"README.md"}
    assert len(written) == 8
    for name in written:
        if name.endswith(".parquet"):  # its bytes carry the writer's version
            pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), pd.read_parquet(DATA / name))
        else:
            assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_loading_gives_what_making_gives(company):
    made = datasets.make_company()
    for name in ("sales", "customers", "contacts", "fixed_costs"):
        pd.testing.assert_frame_equal(getattr(company, name), getattr(made, name))
    assert company.truth == made.truth


def test_another_seed_is_another_company_with_the_same_stories(company):
    other = datasets.make_company(seed=8)
    assert other.truth.keys() == company.truth.keys()
    assert other.truth["silent_churner"]["customers"] != company.truth["silent_churner"]["customers"]
    assert other.sales["revenue"].sum() != pytest.approx(company.sales["revenue"].sum(), rel=1e-6)


def test_the_module_run_as_a_program_writes_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["datasets", str(tmp_path / "new" / "folder")])
    runpy.run_module("kamlib.datasets", run_name="__main__")
    truth = json.loads((tmp_path / "new" / "folder" / "company_truth.json").read_text(encoding="utf-8"))
    assert truth == datasets.load_company().truth


def test_a_seed_below_zero_is_refused():
    with pytest.raises(KamlibError, match="seed must be a whole number of at least 0"):
        datasets.make_company(seed=-1)


def test_files_are_found_in_the_checkout_and_first_beside_the_module(tmp_path, monkeypatch):
    assert datasets.company_path() == DATA / "company_sales.parquet"
    beside = tmp_path / "kamlib" / "data"
    beside.mkdir(parents=True)
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "kamlib" / "datasets" / "shipped.py"))
    with pytest.raises(KamlibError, match="reinstall kamlib"):
        datasets.company_files()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "company_sales.parquet").touch()
    assert datasets.company_path().parent == tmp_path / "data"
    (beside / "company_sales.parquet").touch()
    assert datasets.company_files().contacts == beside / "company_contacts.parquet"


def test_the_files_are_small():
    sizes = {path.name: path.stat().st_size for path in DATA.iterdir()}
    assert sizes["company_sales_de.csv"] < 5e6
    assert sum(sizes.values()) < 8e6


def test_the_readme_names_every_column_and_every_planted_account(company):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    named = [c for t in (company.sales, company.customers, company.contacts, company.fixed_costs) for c in t.columns]
    named += [told["account"] for told in company.truth.values() if "account" in told]
    named += [path.name for path in DATA.iterdir() if path.name != "README.md"]
    named += [number for told in company.truth.values() for number in told.get("customers", [])[:3]]
    named += list(company.truth)
    assert [name for name in named if name not in readme] == []
    idle = (~company.customers["customer"].isin(company.sales["customer"])).sum()
    assert f"{len(company.customers)} customer numbers, 350 accounts; {idle} customers never ordered" in readme


# The German exports


def german(cell: str) -> float:
    number = float(cell.rstrip("-").replace(".", "").replace(",", "."))
    return -number if cell.endswith("-") else number


def test_the_german_ledger_has_the_lines_of_the_parquet_file_in_their_order(company):
    raw = (DATA / "company_sales_de.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    rows = raw.decode("cp1252").split("\r\n")
    assert rows[2] == ""
    assert rows[3] == (
        '"Debitor";"Belegdatum";"Beleg";"Artikel";"Warengruppe";"Menge";"Listenumsatz";"Nettoumsatz";"Wareneinsatz";"Währung"'
    )
    assert rows[-1] == ""
    lines = pd.DataFrame([row.split(";") for row in rows[4:-2]], columns=company.sales.columns)
    lines["date"] = pd.to_datetime(lines["date"], format="%d.%m.%Y").astype("datetime64[us]")
    for column in ("quantity", "list_revenue", "revenue", "cost"):
        lines[column] = lines[column].map(german)
    lines["quantity"] = lines["quantity"].astype("int64")
    pd.testing.assert_frame_equal(lines, company.sales, check_exact=True)
    total = rows[-2].split(";")
    assert total[0] == "Summe"
    assert german(total[7]) == pytest.approx(company.sales["revenue"].sum(), abs=0.005)


@pytest.mark.parametrize("name", ["customers", "contacts"])
def test_the_other_german_exports_have_the_rows_of_their_parquet_files(company, name):
    table = getattr(company, name)
    read = pd.read_csv(
        DATA / f"company_{name}_de.csv", sep=";", encoding="cp1252", dtype=str, keep_default_na=False, quotechar='"'
    )
    assert read.columns[0] == "Debitor"
    assert read.shape == table.shape
    assert read["Debitor"].tolist() == table["customer"].tolist()
    assert read["Betreuer"].tolist() == table["owner"].tolist()


def test_german_numbers_are_written_as_sap_lists_them():
    assert shipped._german(pd.Series([1234567.5, -0.05, 0.0, np.nan])) == ["1.234.567,50", "0,05-", "0,00", ""]
    assert shipped._german(pd.Series([12, -1200])) == ["12", "1200-"]
    assert shipped._german(pd.Series(pd.to_datetime(["2025-12-31"]))) == ["31.12.2025"]


# The company as a whole


def test_the_ledger_is_of_the_size_and_form_that_is_promised(company):
    lines, master = company.sales, company.customers
    assert 55_000 < len(lines) < 65_000
    assert lines["product"].nunique() == 60
    assert lines["product_group"].nunique() == 10
    assert lines.groupby("product")["product_group"].nunique().max() == 1
    assert 390 <= len(master) <= 430
    assert master["customer"].is_unique
    assert master["name"].is_unique
    assert master["customer"].str.fullmatch(r"00\d{5}").all()
    accounts = master["parent"].where(master["parent"] != "", master["name"])
    assert 340 <= accounts.nunique() <= 360
    assert master["sector"].nunique() == master["region"].nunique() == master["owner"].nunique() == 8
    assert 0.3 < master["share_of_wallet"].isna().mean() < 0.6
    assert master["share_of_wallet"].dropna().between(0, 1).all()
    assert set(master["strategic_fit"]) == {1, 2, 3, 4, 5}
    assert set(lines["customer"]) <= set(master["customer"])
    assert set(company.contacts["customer"]) <= set(master["customer"])
    assert lines["date"].is_monotonic_increasing
    assert lines["date"].min() >= pd.Timestamp("2023-01-01")
    assert lines["date"].max() == END
    assert (lines["date"].dt.day_of_week < 5).all()
    assert not lines[["customer", "date", "order", "product", "revenue"]].isna().any().any()


def test_amounts_are_in_cents_and_list_price_is_one_price_a_year(company):
    lines = company.sales
    cents = lines[["list_revenue", "revenue", "cost"]] * 100
    assert (abs(cents - cents.round()) < 1e-5).all().all()
    price = (lines["list_revenue"] / lines["quantity"]).round(2)
    assert (
        price.groupby([lines["product"], lines["date"].dt.year]).nunique() <= 2
    ).all()  # a return may cross New Year
    new = price[lines["quantity"] > 0]
    of_year = new.groupby([lines["product"], lines["date"].dt.year]).agg(["min", "max"])
    assert (of_year["min"] == of_year["max"]).all()
    assert (of_year["max"].groupby("product").diff().dropna() > 0).all()


def test_an_order_belongs_to_one_customer_and_one_day_and_names_a_product_once(company):
    orders = company.sales.groupby("order")
    assert orders["customer"].nunique().max() == 1
    sold = company.sales[company.sales["quantity"] > 0]
    assert sold.groupby("order")["date"].nunique().max() == 1
    assert not sold.duplicated(["order", "product"]).any()


def test_credit_notes_are_negative_throughout_and_some_reverse_a_line_in_full(company):
    lines = company.sales
    back, sold = lines[lines["quantity"] < 0], lines[lines["quantity"] > 0]
    assert 0.02 < len(back) / len(lines) < 0.03
    assert (back[["list_revenue", "revenue", "cost"]] < 0).all().all()
    assert (sold[["list_revenue", "revenue", "cost"]] > 0).all().all()
    mirrored = back.assign(quantity=-back["quantity"], revenue=-back["revenue"])
    pairs = mirrored.merge(sold, on=["customer", "product", "quantity", "revenue"])
    days = (pairs["date_x"] - pairs["date_y"]).dt.days
    assert 0.35 < len(pairs) / len(back) < 0.6
    assert days.between(1, 60).mean() > 0.99


def test_revenue_margin_and_concentration_are_those_of_such_a_firm(sales):
    yearly = sales.groupby(sales["date"].dt.year)[["revenue", "cost"]].sum().loc[2023:2025]
    assert yearly["revenue"].between(40e6, 60e6).all()
    assert (1 - yearly["cost"] / yearly["revenue"]).between(0.30, 0.38).all()
    revenue = revenue_by(within(sales, END, 12), "account")
    revenue = revenue[revenue > 0]
    assert 0.75 < revenue.head(round(len(revenue) / 5)).sum() / revenue.sum() < 0.85
    assert 0.08 < revenue.iloc[0] / revenue.sum() < 0.13


def test_the_firm_earns_a_little_and_a_handful_of_lost_accounts_ends_that(company, sales):
    fixed = company.fixed_costs.set_index("year")["fixed_costs"]
    assert fixed.is_monotonic_increasing
    lines = sales.assign(margin=sales["revenue"] - sales["cost"], year=sales["date"].dt.year)
    yearly = lines.groupby("year")[["margin", "revenue"]].sum().loc[2023:2025]
    result = (yearly["margin"] - fixed) / yearly["revenue"]
    assert result.dropna().between(0.06, 0.09).all()
    assert result.notna().sum() == 3
    by_size = lines[lines["year"] == 2025].groupby("account")["margin"].sum().sort_values(ascending=False)
    survivable = (by_size.cumsum() < by_size.sum() - fixed[2025]).sum()
    assert 1 <= survivable <= 6


def test_customers_come_and_go_and_small_ones_go_more_often(sales):
    sold = sales[sales["quantity"] > 0].groupby("account").agg(first=("date", "min"), last=("date", "max"))
    assert 30 <= (sold["first"] > "2023-09-30").sum() <= 110
    early = revenue_by(sales[sales["date"] < "2024-01-01"], "account")
    gone = (sold["last"] < "2025-07-01").reindex(early.index)
    half = len(early) // 2
    assert gone.head(half).mean() < gone.tail(half).mean()
    assert 0.1 < gone.mean() < 0.35


def test_most_leavers_order_less_broadly_before_they_are_gone(sales):
    sold = sales[sales["quantity"] > 0]
    last = sold.groupby("account")["date"].transform("max")
    left = sold[(last < "2025-12-31") & (last > "2024-06-30")]
    before = (last.loc[left.index] - left["date"]).dt.days
    lines = pd.crosstab(left["account"], pd.cut(before, [0, 120, 480]))
    lines = lines[lines.iloc[:, 1] >= 30]
    assert len(lines) >= 10
    # A third of the days before would bring a third of the lines if nothing had changed.
    assert (3 * lines.iloc[:, 0] / lines.iloc[:, 1]).median() < 0.8


# The planted truths


def test_the_stories_are_told_by_customers_that_are_in_the_master_and_do_not_meet(company):
    master = company.customers.set_index("customer")
    stories = {k: v for k, v in company.truth.items() if "account" in v}
    assert len(stories) == 9
    involved = [customer for told in stories.values() for customer in told["customers"]]
    assert len(involved) == len(set(involved)) == 9 + 2
    sector = master.loc[involved, "sector"]
    assert company.truth["faltering_sector"]["sector"] not in set(sector)
    for told in stories.values():
        of = master.loc[told["customers"]]
        assert set(of["parent"].where(of["parent"] != "", of["name"])) == {told["account"]}


def test_the_silent_churner_ordered_steadily_and_stopped(company, sales):
    told = company.truth["silent_churner"]
    days = orders_of(sales, told["account"])
    assert str(days.iloc[-1].date()) == told["last_order"]
    year_before = revenue_by(within(sales, days.iloc[-1], 12), "account")
    assert rank(year_before, told["account"]) <= 10
    intervals = days.diff().dt.days.dropna()
    assert 14 <= intervals.median() <= 21
    assert intervals.max() < 45
    assert (END - days.iloc[-1]).days > 90
    assert intervals.tail(8).median() <= 1.3 * intervals.median()  # no sign before
    assert sales.loc[sales["account"] == told["account"], "date"].max() <= days.iloc[-1] + pd.Timedelta(days=21)


def test_the_shrinking_basket_empties_while_orders_go_on(company, sales):
    told = company.truth["shrinking_basket"]
    assert told["account"] in a_accounts(sales)
    sold = sales[(sales["account"] == told["account"]) & (sales["quantity"] > 0)]
    before, now = within(sold, told["from"], 6), within(sold, END, 2)
    assert before["product_group"].nunique() == told["groups_before"]
    assert now["product_group"].nunique() == told["groups_after"]
    a_year_ago, half_year = within(sold, told["from"], 6), within(sold, END, 6)
    assert half_year["order"].nunique() > 0.7 * a_year_ago["order"].nunique()


def test_the_giant_loses_money_more_than_any_other(company, sales):
    year = within(sales, END, 12)
    revenue = revenue_by(year, "account")
    margin = revenue - year.groupby("account")["cost"].sum()
    giant = company.truth["unprofitable_giant"]["account"]
    assert rank(revenue, giant) <= 15
    assert margin[giant] / revenue[giant] < -0.04
    assert margin.idxmin() == giant
    assert margin[margin < 0].drop(giant).min() > margin[giant] / 2


def volume(lines: pd.DataFrame) -> pd.Series:
    """Quantity at each product's average list price, so that neither price rises nor discounts count."""
    sold = lines.groupby("product")[["list_revenue", "quantity"]].sum()
    return lines["quantity"] * lines["product"].map(sold["list_revenue"] / sold["quantity"])


@pytest.fixture(scope="module")
def before_and_after(sales):
    """Realisation (points) and volume (ratio) of the A accounts, 18 months from 2025 on against the 18 before."""
    lines = sales.assign(volume=volume(sales), after=sales["date"] >= "2025-01-01")
    lines = lines[lines["date"] >= "2023-07-01"]
    sums = lines.pivot_table(
        index="account", columns="after", values=["revenue", "list_revenue", "volume"], aggfunc="sum"
    )
    realisation = 100 * sums["revenue"] / sums["list_revenue"]
    points, ratio = realisation[True] - realisation[False], sums["volume"][True] / sums["volume"][False]
    change = pd.DataFrame({"points": points, "volume": ratio})
    return change.reindex(a_accounts(sales)).dropna()


def test_the_concession_is_the_deepest_and_bought_no_volume(company, before_and_after):
    of = before_and_after.loc[company.truth["concession_without_volume"]["account"]]
    assert of["points"] == pytest.approx(-company.truth["concession_without_volume"]["points"], abs=0.5)
    assert before_and_after["points"].idxmin() == of.name
    assert of["volume"] / before_and_after["volume"].median() < 1.1


def test_the_other_concession_did_buy_volume(company, before_and_after):
    of = before_and_after.loc[company.truth["concession_with_volume"]["account"]]
    assert of["points"] == pytest.approx(-company.truth["concession_with_volume"]["points"], abs=0.5)
    assert of["volume"] / before_and_after["volume"].median() > 1.2
    others = before_and_after.drop(
        [company.truth[f"concession_{kind}_volume"]["account"] for kind in ("with", "without")]
    )
    assert others["points"].min() > -2.5


def test_the_neglected_account_is_the_only_a_account_without_a_contact_in_a_year(company, sales):
    named = sales.drop_duplicates("customer").set_index("customer")["account"]
    last = company.contacts.assign(account=company.contacts["customer"].map(named)).groupby("account")["date"].max()
    days = (END - last.reindex(a_accounts(sales))).dt.days
    assert days.notna().all()
    told = company.truth["neglected_account"]
    assert days[days > 365].index.tolist() == [told["account"]]
    assert last[told["account"]] <= pd.Timestamp(told["no_contact_after"])
    assert (orders_of(sales, told["account"]) > "2026-05-31").any()


def test_the_group_of_three_is_a_key_account_only_as_a_group(company, sales):
    told = company.truth["group_of_three"]
    year = within(sales, END, 12)
    assert rank(revenue_by(year, "account"), told["account"]) <= 5
    single = revenue_by(year, "customer")
    assert len(told["customers"]) == 3
    assert min(rank(single, customer) for customer in told["customers"]) > 10
    names = company.customers.set_index("customer").loc[told["customers"], "name"]
    assert sorted(names) == sorted(told["names"])
    assert names.str.split().str[0].nunique() == 3


def test_the_faltering_sector_falls_by_a_third_and_its_accounts_fall_together(company, sales):
    told = company.truth["faltering_sector"]
    now, before = within(sales, END, 12), within(sales, END - pd.DateOffset(months=12), 12)
    change = revenue_by(now, "sector") / revenue_by(before, "sector") - 1
    assert -0.35 < change[told["sector"]] < -0.25
    assert change.drop(told["sector"]).min() > change[told["sector"]] + 0.1
    assert set(sales.loc[sales["sector"] == told["sector"], "customer"]) <= set(told["customers"])
    sold = sales[sales["quantity"] > 0]
    last = sold[sold["customer"].isin(told["customers_that_leave"])].groupby("customer")["date"].max()
    assert len(last) >= 8
    assert (last < "2026-03-01").all()
    stayed = before[~before["customer"].isin(told["customers_that_leave"])]
    each = revenue_by(now, "account") / revenue_by(stayed, "account").loc[lambda revenue: revenue > 50_000]
    falls = (each < 0.95).groupby(stayed.drop_duplicates("account").set_index("account")["sector"]).mean()
    assert falls[told["sector"]] == falls.max()


def test_the_slow_rhythm_is_not_even_late(company, sales):
    told = company.truth["slow_rhythm"]
    days = orders_of(sales, told["account"])
    intervals = days.diff().dt.days.dropna()
    assert len(days) == 7
    assert intervals.between(160, 205).all()
    assert 120 < (END - days.iloc[-1]).days < intervals.median()
    revenue = revenue_by(within(sales, END, 12), "account")
    assert revenue.cumsum()[told["account"]] < 0.95 * revenue.sum()  # A or B


def test_the_seasonal_account_sleeps_each_summer(company, sales):
    told = company.truth["seasonal"]
    days = orders_of(sales, told["account"])
    assert set(days.dt.month) == set(told["orders_in_months"])
    gaps = days.diff().dt.days
    assert (gaps > 150).sum() == 3  # the summers of 2023, 2024 and 2025
    assert 115 < (END - days.iloc[-1]).days < gaps.max()
    assert told["account"] in a_accounts(sales)


def test_three_customers_have_nothing_but_credit_notes_in_a_year(company):
    lines = company.sales.assign(year=company.sales["date"].dt.year)
    largest = lines.groupby(["customer", "year"])["revenue"].max()
    for year, customer in company.truth["credit_notes_only"].items():
        assert largest[customer, int(year)] < 0
        assert largest[customer, int(year) - 1] > 0


def test_a_custom_part_is_bought_by_one_account_alone(sales):
    buyers = sales[sales["product_group"] == "Custom"].groupby("product")["account"].nunique()
    assert buyers.tolist() == [1] * 6


def test_some_follow_ups_were_promised_and_never_made(company):
    log = company.contacts
    promised = log[log["outcome"] == "follow-up agreed"].reset_index()
    later = promised.merge(log, on="customer")
    days = (later["date_y"] - later["date_x"]).dt.days
    kept = set(later.loc[days.between(1, 30), "index"])
    assert 0.6 < len(kept) / len(promised) < 0.95
    assert set(log["kind"]) == {"visit", "call", "trade fair", "complaint"}
