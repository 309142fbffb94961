from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamlib import audit, ledger


def read(*lines, columns=("customer", "date", "revenue", "product")) -> audit.Audit:
    return ledger.read(pd.DataFrame(list(lines), columns=list(columns))).audit


def test_what_was_set_aside_is_listed_by_reason_largest_first():
    found = read(
        ("a", "2025-01-01", 1.0, "x"),
        ("", "2025-01-01", 2.0, "x"),
        ("", "2025-01-02", 4.0, "x"),
        ("b", "", 8.0, "x"),
        ("", "", 99.0, ""),
    )
    assert found.set_aside.values.tolist() == [["no_customer", 2, 6.0], ["no_date", 1, 8.0], ["total_line", 1, 0.0]]
    assert (found.revenue_read, found.revenue_used, found.revenue_set_aside) == (15.0, 1.0, 14.0)
    assert (found.rows_read, found.rows_used) == (5, 1)


def test_the_first_three_lines_of_each_reason_are_shown():
    found = read(("a", "2025-01-01", 1.0, "x"), *[("", "2025-01-01", float(n), "x") for n in range(5)])
    assert found.examples["line"].tolist() == [2, 3, 4]
    assert found.examples["text"].tolist()[1] == " | 2025-01-01 | 1.0 | x"


def test_facts_count_customers_purchases_and_credit_notes():
    found = read(
        ("a", "2025-01-01", 5.0, "x"),
        ("a", "2025-01-01", 2.0, "y"),  # the same day: one purchase
        ("a", "2025-01-03", -1.5, "x"),
        ("b", "2025-01-03", 4.0, "x"),
        ("b", "2025-01-03", 4.0, "x"),  # once more
        ("b", "2025-01-03", 4.0, "x"),
    )
    assert found.counts == {
        "customers": 2,
        "accounts": 2,
        "purchases": 3,
        "credit_notes": 1,
        "credit_notes_revenue": -1.5,
        "duplicates": 2,
        "duplicates_revenue": 8.0,
    }
    assert (found.first_day, found.last_day) == (dt.date(2025, 1, 1), dt.date(2025, 1, 3))


def pairs(*lines) -> list[list[object]]:
    found = read(*lines).reversed_pairs
    told = found.assign(date=found["date"].dt.day, reversed_on=found["reversed_on"].dt.day)
    return told[["customer", "date", "reversed_on", "revenue"]].values.tolist()


def test_a_sale_taken_back_in_full_is_named():
    assert pairs(("a", "2025-01-01", 7.5, "x"), ("a", "2025-01-02", -7.5, "x")) == [["a", 1, 2, 7.5]]
    assert pairs(("a", "2025-01-01", -7.5, "x"), ("a", "2025-01-01", 7.5, "x")) == [["a", 1, 1, 7.5]]  # in any order


@pytest.mark.parametrize(
    "credit",
    [("b", "2025-01-02", -7.5, "x"), ("a", "2025-01-02", -7.5, "y"), ("a", "2025-01-02", -7.0, "x"),
     ("a", "2024-12-31", -7.5, "x"), ("a", "2025-02-01", -7.5, "x")],
)  # fmt: skip
def test_another_customer_product_amount_or_an_unlikely_day_make_no_pair(credit):
    assert pairs(("a", "2025-01-01", 7.5, "x"), credit) == []


def test_a_credit_note_takes_back_the_latest_open_sale_and_none_twice():
    sales = [("a", f"2025-01-0{day}", 7.5, "x") for day in (1, 2, 3)]
    notes = [("a", "2025-01-02", -7.5, "x"), ("a", "2025-01-04", -7.5, "x"), ("a", "2025-01-05", -7.5, "x"),
               ("a", "2025-01-06", -7.5, "x")]  # fmt: skip
    assert sorted(pairs(*sales, *notes)) == [["a", 1, 5, 7.5], ["a", 2, 2, 7.5], ["a", 3, 4, 7.5]]


def test_sums_of_cents_that_no_float_holds_still_make_a_pair_and_missing_products_too():
    assert pairs(("a", "2025-01-01", 0.1 + 0.2, None), ("a", "2025-01-02", -0.3, None)) == [["a", 1, 2, 0.1 + 0.2]]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 60), st.sampled_from([-2.0, -1.0, 1.0, 2.0])), min_size=1)
)
def test_pairs_are_those_of_a_search_by_hand(lines):
    start = dt.date(2025, 1, 1)
    table = pd.DataFrame(lines, columns=["customer", "n", "revenue"])
    table = table.assign(date=[start + dt.timedelta(days=int(n)) for n in table.pop("n")])
    found = ledger.read(table).audit.reversed_pairs
    expected = []
    open_sales: list[tuple[str, dt.date, float]] = []
    for customer, day, revenue in sorted(zip(table["customer"], table["date"], table["revenue"], strict=True),
                                         key=lambda line: (line[1], -line[2])):  # fmt: skip
        if revenue > 0:
            open_sales.append((customer, day, revenue))
            continue
        fitting = [s for s in open_sales if s[0] == customer and s[2] == -revenue]
        if fitting and (day - fitting[-1][1]).days <= 30:
            open_sales.remove(fitting[-1])
            expected.append((customer, fitting[-1][1], day, -revenue))
    told = zip(found["customer"], found["date"].dt.date, found["reversed_on"].dt.date, found["revenue"], strict=True)
    assert sorted(told) == sorted(expected)


def test_gaps_are_stretches_far_longer_than_usual():
    days = [*pd.date_range("2025-01-01", "2025-03-31"), *pd.date_range("2025-05-01", "2025-07-31")]
    found = read(*[("a", day, 1.0, "x") for day in days])
    assert found.gaps.astype("str").values.tolist() == [["2025-04-01", "2025-04-30", "30"]]
    assert read(("a", "2025-01-01", 1.0, "x")).gaps.empty


def test_totals_do_not_depend_on_the_order_of_the_lines():
    lines = [("a", "2025-01-01", amount, "x") for amount in (1e11, 0.01, -1e11, 0.02, 0.03)]
    assert read(*lines).revenue_used == read(*lines[::-1]).revenue_used == 0.06


def test_the_last_total_line_is_the_control_total():
    found = read(("a", "2025-01-01", 1.0, "x"), *[("Summe", "", float(n), "") for n in range(9)])
    assert found.format["control_total"] == {"line": 10, "revenue": 8.0}
    assert "control_total" not in read(("a", "2025-01-01", 1.0, "x")).format


def test_everything_comes_as_one_mapping():
    found = read(("a", "2025-01-01", 1.0, "x"), ("", "2025-01-01", 2.0, "x"))
    facts = found.as_dict()
    assert facts["rows_read"] == 2
    assert facts["rows_set_aside"] == {"no_customer": 1}
    assert facts["revenue_set_aside"] == 2.0
    assert facts["gaps"] is found.gaps


def test_an_order_of_80_995_pieces_and_its_reversal_are_named_first(shared_data):
    found = ledger.read(shared_data / "online_retail_2011.parquet").audit
    first = found.reversed_pairs.iloc[0]
    assert first["customer"] == "16446"
    assert first["revenue"] == 168_469.60  # 80,995 x 2.08
    assert first["date"] == first["reversed_on"] == pd.Timestamp("2011-12-09")
    assert found.gaps["days"].tolist() == [11]  # from Christmas Eve to January 3rd
