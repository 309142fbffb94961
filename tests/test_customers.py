from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamlib import customers, ledger
from kamlib.checks import KamlibError, months_before


def sales_of(*lines, columns=("customer", "date", "revenue", "product"), **beside) -> ledger.Ledger:
    return ledger.read(pd.DataFrame(list(lines), columns=list(columns)), **beside)


FIRM = sales_of(
    ("a", "2024-06-01", 100.0, 60.0, "P", "O1"),
    ("a", "2025-01-10", 60.0, 30.0, "P", "O2"),
    ("a", "2025-01-10", 40.0, 30.0, "Q", "O2"),
    ("a", "2025-01-30", -10.0, -5.0, "P", "G1"),
    ("a", "2025-02-09", 60.0, 20.0, "P", "O3"),
    ("b", "2024-07-01", 80.0, 40.0, "P", "O4"),
    ("b", "2025-06-01", 50.0, 40.0, "R", "O5"),
    ("c", "2025-03-01", -7.0, -1.0, "P", "G2"),
    ("d", "2023-12-31", 1.0, 1.0, "P", "O6"),
    ("a", "2026-01-01", 999.0, 1.0, "P", "O7"),
    columns=("customer", "date", "revenue", "cost", "product", "order"),
    customers=pd.DataFrame(
        {"customer": ["a", "b", "c"], "name": ["Abt", "Bär", "Cohn"], "parent": ["", "Nord", "Nord"],
         "region": ["S", "N", "W"], "potential": [5, 6, 7]}
    ),
)  # fmt: skip


def test_the_table_of_a_small_firm_worked_by_hand():
    table = customers.table(FIRM, as_of="2025-12-31", by="customer")
    assert list(table.index) == ["a", "b", "d", "c"]
    a = table.loc["a"]
    assert a["revenue"] == 150.0  # 60 + 40 - 10 + 60; neither 2024 nor 2026
    assert a["revenue_before"] == 100.0
    assert a["growth"] == 0.5
    assert a["share"] == 150 / 200  # c with -7 is no part of it
    assert table["cumulative_share"].tolist()[:2] == [0.75, 1.0]
    assert table["rank"].tolist()[:2] == [1, 2]
    assert table["rank"].isna().tolist() == [False, False, True, True]
    assert (a["lines"], a["orders"], a["products"], a["credit_notes"]) == (4, 2, 2, -10.0)
    assert (a["first_purchase"], a["last_purchase"]) == (pd.Timestamp("2024-06-01"), pd.Timestamp("2025-02-09"))
    assert a["days_since"] == 325  # from February 9th to December 31st: day 365 less day 40
    assert a["usual_interval"] == 126.5  # between 223 (June 1st to January 10th) and 30 (to February 9th)
    assert (a["cost"], a["margin"], a["margin_share"]) == (75.0, 75.0, 0.5)
    assert (a["name"], a["region"], a["potential"]) == ("Abt", "S", 5.0)
    c, d = table.loc["c"], table.loc["d"]
    assert pd.isna(c["last_purchase"])
    assert pd.isna(c["days_since"])
    assert pd.isna(c["usual_interval"])
    assert pd.isna(c["share"])
    assert c["revenue"] == -7.0
    assert pd.isna(c["margin_share"])
    assert (d["revenue"], d["lines"], d["name"]) == (0.0, 0, "d")  # known, but silent in the period


def test_a_group_is_one_account_with_the_attributes_of_its_largest_member():
    table = customers.table(FIRM, as_of="2025-12-31")
    assert list(table.index) == ["a", "Nord", "d"]
    nord = table.loc["Nord"]
    assert (nord["revenue"], nord["customers"], nord["name"], nord["region"]) == (43.0, 2, "Nord", "N")
    assert table["share"].sum() == pytest.approx(1.0)
    assert "parent" not in table
    assert "parent" in customers.table(FIRM, as_of="2025-12-31", by="customer")


def test_nothing_after_the_day_is_read():
    early = sales_of(("a", "2024-06-01", 100.0, "P"), ("b", "2024-07-01", 80.0, "P"), ("d", "2023-12-31", 1.0, "P"))
    seen = customers.table(FIRM, as_of="2024-12-31", by="customer")
    told = ["revenue", "share", "rank", "days_since", "last_purchase"]
    pd.testing.assert_frame_equal(seen[told], customers.table(early, as_of="2024-12-31", by="customer")[told])


def test_list_prices_give_the_price_realisation():
    lines = [("a", "2025-01-01", 90.0, 100.0), ("a", "2025-01-02", 50.0, 60.0), ("b", "2025-01-01", -5.0, -5.0)]
    table = customers.table(
        sales_of(*lines, columns=("customer", "date", "revenue", "list_revenue")), as_of="2025-01-31", months=1
    )
    assert table.loc["a", "price_realisation"] == 140 / 160
    assert np.isnan(table.loc["b", "price_realisation"])


def test_columns_that_the_ledger_cannot_fill_are_not_there():
    table = customers.table(
        sales_of(("a", "2025-01-01", 1.0), columns=("customer", "date", "revenue")), as_of="2025-01-31"
    )
    assert not {"cost", "margin", "margin_share", "list_revenue", "price_realisation", "products"} & set(table.columns)
    assert table["orders"].tolist() == [1]  # days, where there are no order numbers


def test_what_lies_before_the_ledger_is_missing_and_not_nought():
    lines = [("a", day, 1.0, "P") for day in pd.date_range("2024-01-05", "2025-12-31", freq="7D")]
    sales = sales_of(*lines)
    assert customers.table(sales, as_of="2025-12-31")["revenue_before"].tolist() == [
        52.0
    ]  # quiet days count as covered
    later = customers.table(sales, as_of="2025-12-01")
    assert later["revenue_before"].isna().all()
    assert later["growth"].isna().all()


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"as_of": "31.12.2025"}, "as_of must be a date written as 2025-12-31"),
        ({"as_of": None}, "as_of must be a date"),
        ({"as_of": "2025-12-31", "months": 0}, "months must be a whole number"),
        ({"as_of": "2025-12-31", "by": "parent"}, "by must be one of 'group', 'customer'"),
        ({"as_of": "2022-12-31"}, "no line in the 12 months up to 2022-12-31; it runs from 2023-12-31 to 2026-01-01"),
        ({"as_of": "2030-12-31"}, "no line in the 12 months"),
    ],
)
def test_a_choice_that_is_none_is_an_error(argument, message):
    with pytest.raises(KamlibError, match=message):
        customers.table(FIRM, **argument)
    if "no line" not in message:
        with pytest.raises(KamlibError, match=message):
            customers.by_period(FIRM, **argument)


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "months", "first"),
    [
        ("2025-12-09", 12, "2024-12-10"),
        ("2025-12-31", 12, "2025-01-01"),
        ("2024-02-29", 12, "2023-03-01"),  # the year before ended on February 28th
        ("2025-02-28", 12, "2024-02-29"),
        ("2025-02-28", 1, "2025-01-29"),
        ("2025-03-31", 1, "2025-03-01"),
        ("2025-04-30", 1, "2025-03-31"),
        ("2025-03-30", 1, "2025-03-01"),
        ("2025-05-31", 3, "2025-03-01"),
    ],
)
def test_a_period_starts_the_day_after_the_same_day_months_before(as_of, months, first):
    end, start = pd.Timestamp(as_of), pd.Timestamp(first)
    days = pd.date_range(start - pd.DateOffset(years=3), end + pd.Timedelta(days=40))
    sales = sales_of(*[("a", day, 1.0, "P") for day in days])
    table = customers.table(sales, as_of=as_of, months=months)
    assert table["revenue"].tolist() == [(end - start).days + 1]
    periods = customers.by_period(sales, as_of=as_of, months=months)
    assert periods["revenue"].tolist()[-1] == (end - start).days + 1
    assert periods["period_end"].tolist()[-2:] == [start - pd.Timedelta(days=1), end]
    assert periods["revenue"].tolist()[-2] == table["revenue_before"].tolist()[0]


@settings(max_examples=30, deadline=None)
@given(st.dates(dt.date(2024, 1, 1), dt.date(2025, 12, 31)), st.integers(1, 7))
def test_periods_are_those_of_counting_day_by_day(end, months):
    days = pd.date_range("2022-01-01", "2026-01-31", freq="3D")
    sales = EVERY_THIRD_DAY
    found = customers.by_period(sales, as_of=end, months=months)
    expected = {}
    for n in range(1000):
        low, high = months_before(end, (n + 1) * months), months_before(end, n * months)
        if low < dt.date(2022, 1, 1) - dt.timedelta(days=10):
            break
        expected[pd.Timestamp(high)] = float(((days > pd.Timestamp(low)) & (days <= pd.Timestamp(high))).sum())
    assert dict(zip(found["period_end"], found["revenue"], strict=True)) == expected


EVERY_THIRD_DAY = sales_of(*[("a", day, 1.0, "P") for day in pd.date_range("2022-01-01", "2026-01-31", freq="3D")])


def test_periods_hold_the_measures_that_the_ledger_has():
    periods = customers.by_period(FIRM, as_of="2025-12-31", months=12)
    assert periods["account"].tolist() == ["Nord", "a", "Nord", "a"]
    assert periods["revenue"].tolist() == [80.0, 100.0, 43.0, 150.0]
    assert periods["cost"].tolist() == [40.0, 60.0, 39.0, 75.0]
    assert periods["margin"].tolist() == [40.0, 40.0, 4.0, 75.0]


def test_products_hold_what_each_account_bought_of_each():
    products = customers.by_product(FIRM, as_of="2025-12-31", by="customer")
    assert products[["account", "product", "revenue", "cost"]].values.tolist() == [
        ["a", "P", 110.0, 45.0],
        ["a", "Q", 40.0, 30.0],
        ["b", "R", 50.0, 40.0],
        ["c", "P", -7.0, -1.0],
    ]
    bare = sales_of(("a", "2025-01-01", 1.0), columns=("customer", "date", "revenue"))
    with pytest.raises(KamlibError, match="no product column"):
        customers.by_product(bare, as_of="2025-12-31")


# --- real data --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def retail(shared_data):
    return ledger.read(shared_data / "online_retail_2011.parquet")


def test_the_table_of_a_real_ledger_equals_ten_lines_of_pandas(shared_data, retail):
    end, start, first = pd.Timestamp("2011-12-09"), pd.Timestamp("2011-06-09"), pd.Timestamp("2010-12-09")
    lines = pd.read_parquet(shared_data / "online_retail_2011.parquet").dropna(subset="CustomerID")
    lines = lines.assign(
        customer=lines["CustomerID"].astype("int64").astype("str"), day=lines["InvoiceDate"].dt.normalize()
    )
    lines["revenue"] = lines["Quantity"] * lines["UnitPrice"]
    now, sold = lines[lines["day"] > start], lines[lines["revenue"] > 0]
    revenue = now.groupby("customer")["revenue"].sum().reindex(lines["customer"].unique(), fill_value=0.0)
    before = (
        lines[lines["day"].gt(first) & lines["day"].le(start)]
        .groupby("customer")["revenue"]
        .sum()
        .reindex(revenue.index, fill_value=0.0)
    )
    days = sold.drop_duplicates(["customer", "day"]).sort_values("day").groupby("customer")["day"]
    table = customers.table(retail, as_of=end, months=6).loc[revenue.index]
    cents = revenue.round(6)  # in floats, what was sold and given back leaves a trace
    positive = cents[cents > 0].sort_values(ascending=False)

    np.testing.assert_allclose(table["revenue"], revenue, atol=1e-6)
    np.testing.assert_allclose(table["revenue_before"], before, atol=1e-6)
    np.testing.assert_allclose(table["growth"], (revenue / before.where(before > 1e-9) - 1), rtol=1e-6, atol=1e-9)
    ranked = table["share"].dropna().sort_values(ascending=False)
    np.testing.assert_allclose(ranked, positive / positive.sum(), atol=1e-12)
    np.testing.assert_allclose(
        table["cumulative_share"].dropna().sort_values(), positive.cumsum() / positive.sum(), atol=1e-9
    )
    np.testing.assert_array_equal(
        table["rank"].dropna().astype("int64"),
        positive.rank(ascending=False, method="min").loc[table["rank"].dropna().index],
    )
    orders = now[now["revenue"] > 0].groupby("customer")["InvoiceNo"].nunique().reindex(revenue.index, fill_value=0)
    np.testing.assert_array_equal(table["orders"], orders)
    interval = days.apply(lambda d: d.diff().dt.days.median()).reindex(revenue.index)
    np.testing.assert_array_equal(table["usual_interval"], interval)
    np.testing.assert_array_equal(
        table["days_since"].astype("float64"), (end - days.max()).dt.days.reindex(revenue.index).astype("float64")
    )


def test_the_fourth_largest_customer_of_the_gross_ledger_is_worth_2_90_net(retail):
    table = customers.table(retail, as_of="2011-12-09")
    assert table.loc["16446", "revenue"] == 2.90
    assert table.loc["16446", "rank"] > 4000


def test_the_same_question_gets_the_same_answer_to_the_bit(shared_data, retail):
    again = ledger.read(shared_data / "online_retail_2011.parquet")
    for ask in (
        lambda sales: customers.table(sales, as_of="2011-12-09"),
        lambda sales: customers.by_period(sales, as_of="2011-12-09"),
        lambda sales: customers.by_product(sales, as_of="2011-12-09", months=1),
    ):
        pd.testing.assert_frame_equal(ask(retail), ask(again), check_exact=True)


def test_a_table_in_another_engine_gives_the_same(shared_data):
    engine = ibis.duckdb.connect()
    lazy = ledger.read(engine.read_parquet(shared_data / "online_retail_2011.parquet"))
    own = ledger.read(shared_data / "online_retail_2011.parquet")
    pd.testing.assert_frame_equal(customers.table(lazy, as_of="2011-12-09"), customers.table(own, as_of="2011-12-09"))
    assert lazy.audit.counts == own.audit.counts
    pd.testing.assert_frame_equal(lazy.audit.reversed_pairs, own.audit.reversed_pairs)


def test_lines_of_one_account_end_with_the_day() -> None:
    sales = pd.DataFrame(
        {
            "customer": ["1", "2", "1", "1"],
            "date": ["2025-03-01", "2025-01-01", "2025-01-05", "2025-06-01"],
            "revenue": [1.0, 2.0, 3.0, 4.0],
        }
    )
    found = customers.lines_of(ledger.read(sales), account="1", as_of="2025-03-01")
    assert found["revenue"].tolist() == [3.0, 1.0]


def test_a_name_that_is_too_long_to_be_read_is_cut() -> None:
    lines = pd.DataFrame({"customer": ["1", "2"], "date": ["2025-01-10"] * 2, "revenue": [2.0, 1.0]})
    master = pd.DataFrame({"customer": ["1", "2"], "name": ["x" * 10_000, "y" * 80]})
    names = customers.table(ledger.read(lines, customers=master), as_of="2025-12-31")["name"].tolist()
    assert names == ["x" * 79 + "…", "y" * 80]
