from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from kamlib import checks, datasets, features, ledger

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
