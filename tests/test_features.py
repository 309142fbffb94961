from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from kamlib import checks, customers, datasets, features, ledger

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2025-09-30"


@pytest.fixture(scope="module")
def sales() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers)


@pytest.mark.parametrize(("by", "key"), [("group", "account"), ("customer", "customer")])
def test_purchases_against_pandas(sales: ledger.Ledger, by: str, key: str) -> None:
    lines = sales.table.to_pandas()
    lines = lines[pd.to_datetime(lines["date"]) <= AS_OF].assign(sold=lambda t: t["revenue"] > 0)
    lines["sold_order"] = lines["order"].where(lines["sold"])
    days = lines.groupby([key, "date"], as_index=False).agg(
        revenue=("revenue", "sum"), lines=("sold", "sum"), orders=("sold_order", "nunique")
    )
    days = days[days["revenue"].round(6) > 0]
    days["gap"] = np.log(pd.to_datetime(days["date"]).groupby(days[key]).diff().dt.days)
    of = days.groupby(key)
    found = features.purchases(sales, as_of=AS_OF, by=by)
    assert found.index.tolist() == sorted(of.groups)
    assert found["purchase_days"].tolist() == of.size().tolist()
    assert found["lines"].tolist() == of["lines"].sum().tolist()
    assert found["orders"].tolist() == of["orders"].sum().tolist()
    assert pd.to_datetime(found["first_purchase"]).tolist() == pd.to_datetime(of["date"].min()).tolist()
    assert pd.to_datetime(found["last_purchase"]).tolist() == pd.to_datetime(of["date"].max()).tolist()
    assert found["mean_spend"].to_numpy() == pytest.approx(of["revenue"].mean().to_numpy())
    assert found["log_intervals"].to_numpy() == pytest.approx(of["gap"].sum().to_numpy())


def test_nothing_after_the_cutoff_is_read(sales: ledger.Ledger) -> None:
    lines = sales.table.to_pandas()
    after = pd.to_datetime(lines["date"]) > AS_OF
    assert after.any()
    altered = lines.assign(revenue=lines["revenue"].where(~after, -3 * lines["revenue"] + 7))
    found = [
        features.purchases(ledger.read(table.drop(columns="account")), as_of=AS_OF, by="customer")
        for table in (lines, altered, lines[~after])
    ]
    pd.testing.assert_frame_equal(found[0], found[1])
    pd.testing.assert_frame_equal(found[0], found[2])


def test_an_order_reversed_on_its_day_is_no_purchase(shared_data: Path) -> None:
    # Customer 16446 bought for 2.90 in May, and 80,995 pieces in December that went back twelve minutes later.
    found = features.purchases(ledger.read(shared_data / "online_retail_2011.parquet"), as_of="2011-12-09")
    assert found.loc["16446", "purchase_days"] == 1
    assert found.loc["16446", "mean_spend"] == pytest.approx(2.90)


def test_a_ledger_without_purchases_says_so(sales: ledger.Ledger) -> None:
    with pytest.raises(checks.KamlibError, match="nobody bought anything up to 2001-01-01"):
        features.purchases(sales, as_of="2001-01-01")
    with pytest.raises(checks.KamlibError, match="by must be one of"):
        features.purchases(sales, as_of=AS_OF, by="parent")


# --- behaviour -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


def test_behaviour_by_hand() -> None:
    rows = [
        ("a", "2023-01-01", "P", "x", 100.0), ("a", "2023-10-01", "P", "x", 100.0), ("a", "2023-10-01", "Q", "y", 50.0),
        ("a", "2024-07-01", "R", "x", 90.0), ("a", "2024-11-01", "R", "x", 200.0), ("a", "2024-11-30", "R", "x", -29.0),
        ("b", "2024-12-01", "P", "x", 10.0),
    ]  # fmt: skip
    lines = pd.DataFrame(rows, columns=["customer", "date", "product", "product_group", "revenue"])
    master = pd.DataFrame({"customer": ["a", "b"], "sector": ["s", "s"]})
    contacts = pd.DataFrame({"customer": ["a", "a", "a"], "date": ["2023-12-31", "2024-12-01", "2025-01-01"]})
    found = features.behaviour(ledger.read(lines, customers=master, contacts=contacts), as_of="2024-12-31", horizon=181)
    a = found.loc["a"].to_dict()
    # Intervals: 2023-01-01 to 10-01 is 273 days, to 2024-07-01 274, to 11-01 123.
    assert (a["usual_interval"], a["longest_interval"], a["days_since"], a["tenure"]) == (273, 274, 60, 730)
    assert (a["silence_before"], a["history"]) == (91, 366)  # from 2023-10-01 to 2023-12-31
    assert (a["purchases"], a["purchases_quarter"], a["purchases_recent"], a["purchases_recent_before"]) == (2, 1, 2, 1)
    assert (a["revenue_recent"], a["revenue_recent_before"], a["revenue"]) == (261, 150, 261)
    assert a["credit_share"] == pytest.approx(29 / 290)
    # The season to come ends with 2024-06-29, a year before: nothing was bought there.
    assert (a["season_purchases"], a["season_share"]) == (0, 0)
    assert (a["products_recent_before"], a["products_recent"]) == (2, 1)
    assert (a["groups_recent_before"], a["groups_recent"], a["vanished_groups"]) == (2, 1, 1)
    assert (a["contacts"], a["days_since_contact"]) == (1, 30)
    assert found.loc["b", "sector_trend"] == pytest.approx(261 / 150 - 1)  # the other of its sector, not itself
    assert pd.isna(a["sector_trend"])  # as b had bought nothing a year before
    assert pd.isna(found.loc["b", "usual_interval"])
    assert "price_change" not in found


def test_behaviour_agrees_with_purchases_and_the_customer_table(company: ledger.Ledger) -> None:
    found = features.behaviour(company, as_of=AS_OF)
    bought = features.purchases(company, as_of=AS_OF)
    table = customers.table(company, as_of=AS_OF).loc[found.index]
    assert found.index.tolist() == bought.index.tolist()
    assert found["revenue"].to_numpy() == pytest.approx(table["revenue"].to_numpy())
    since = (pd.Timestamp(AS_OF) - pd.to_datetime(bought["last_purchase"])).dt.days
    assert found["days_since"].tolist() == since.tolist()
    year_ago = customers.table(company, as_of="2024-09-30").reindex(found.index)["price_realisation"]
    change = (table["price_realisation"] - year_ago).dropna()
    assert found.loc[change.index, "price_change"].to_numpy() == pytest.approx(change.to_numpy())


def test_what_the_ledger_cannot_know_is_missing_or_absent(company: ledger.Ledger, shared_data: Path) -> None:
    early = features.behaviour(company, as_of="2023-06-30")
    for column in ("silence_before", "revenue_recent_before", "vanished_groups", "price_change", "season_share"):
        assert early[column].isna().all()
    assert set(early["history"]) == {(pd.Timestamp("2023-06-30") - pd.Timestamp(company.audit.first_day)).days + 1}
    shop = features.behaviour(ledger.read(shared_data / "online_retail_2011.parquet"), as_of="2011-12-09")
    assert not {"contacts", "sector_trend", "price_change", "groups_recent"} & set(shop)


def test_behaviour_reads_nothing_after_the_cutoff(company: ledger.Ledger) -> None:
    lines = company.table.to_pandas().drop(columns="account")
    after = pd.to_datetime(lines["date"]) > AS_OF
    altered = lines.assign(revenue=lines["revenue"].where(~after, -3 * lines["revenue"] + 7))
    one, two, three = (features.behaviour(ledger.read(t), as_of=AS_OF) for t in (lines, altered, lines[~after]))
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(one, three)


def test_months_and_outcomes_against_pandas(company: ledger.Ledger) -> None:
    lines = company.table.to_pandas().assign(date=lambda t: pd.to_datetime(t["date"]))
    found = features.monthly(company, as_of=AS_OF, months=3).query("back == 1").set_index("account")
    august = lines[(lines["date"] > "2025-07-30") & (lines["date"] <= "2025-08-30")]
    by_hand = august.groupby("account")["revenue"].sum()
    assert found["revenue"].to_numpy() == pytest.approx(by_hand.reindex(found.index).to_numpy())
    assert found["purchases"].sum() == august[august["revenue"] > 0].groupby("account")["date"].nunique().sum()
    after = features.outcome(company, cutoff=AS_OF, horizon=90)
    later = lines[(lines["date"] > AS_OF) & (lines["date"] <= "2025-12-29")]
    assert after["revenue"].sum() == pytest.approx(later["revenue"].sum())
    before = lines[(lines["date"] > "2024-09-30") & (lines["date"] <= "2024-12-29")]
    assert after["revenue_before"].sum() == pytest.approx(before["revenue"].sum())
    with pytest.raises(checks.KamlibError, match="end on 2026-09-30, but the ledger on 2026-06-30"):
        features.outcome(company, cutoff=AS_OF, horizon=365)
