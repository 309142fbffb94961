"""The probability for a year, from a record of a shorter horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kamlib import churn, datasets, ledger
from kamlib.checks import KamlibError
from kamlib.churn import panel

AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    return datasets.read()


@pytest.fixture(scope="module")
def short(company: ledger.Ledger) -> churn.Backtest:
    dates = churn.cutoffs(company, as_of=AS_OF, horizon=90)
    return churn.backtest(company, cutoffs=dates[-8:], horizon=90)


def test_it_is_the_tested_probability_times_that_of_the_rest_of_the_year(
    company: ledger.Ledger, short: churn.Backtest
) -> None:
    found = churn.risk_in_a_year(company, as_of=AS_OF, record=short)
    tested = churn.risk(company, as_of=AS_OF, horizon=90, record=short).reindex(found.index)
    quarter, year = (panel.snapshot(company, as_of=AS_OF, horizon=days).reindex(found.index) for days in (90, 365))
    judged = tested["p_loss"].notna()
    rest = year["no_purchase"][judged] / quarter["no_purchase"][judged]
    for end in ("p_loss", "p_low", "p_high"):
        pd.testing.assert_series_equal(found.loc[judged, end], tested.loc[judged, end] * rest, check_names=False)
    assert (found["p_loss"][judged] <= tested["p_loss"][judged]).all()  # who buys in a quarter buys in the year
    assert found["p_loss"].dropna().is_monotonic_decreasing
    rare = ~judged & (year["status"] == "judged")
    assert rare.sum() > 5  # who orders every half a year can't be judged over a quarter
    pd.testing.assert_series_equal(found.loc[rare, "p_loss"], year.loc[rare, "no_purchase"], check_names=False)
    assert found.loc[rare, "p_low"].isna().all()


def test_it_agrees_with_what_was_tested_over_a_year(company: ledger.Ledger, short: churn.Backtest) -> None:
    record = churn.backtest(company, cutoffs=["2023-06-30", "2024-06-30", "2025-06-30"], horizon=365)
    whole = churn.risk(company, as_of=AS_OF, horizon=365, record=record)["p_loss"]
    found = churn.risk_in_a_year(company, as_of=AS_OF, record=short)["p_loss"].reindex(whole.index)
    assert found.sum() == pytest.approx(whole.sum(), rel=0.25)
    assert found.corr(whole) > 0.9
    # A hazard that stays as it is would take every pause for a loss, four times a year.
    quarter = churn.risk(company, as_of=AS_OF, horizon=90, record=short)["p_loss"]
    assert (1 - (1 - quarter) ** (365 / 90)).sum() > 1.5 * whole.sum()
    pd.testing.assert_frame_equal(
        churn.risk_in_a_year(company, as_of=AS_OF, record=record),
        churn.risk(company, as_of=AS_OF, horizon=365, record=record)[["p_loss", "p_low", "p_high"]],
    )


def test_a_record_of_more_than_a_year_is_refused(company: ledger.Ledger) -> None:
    record = churn.backtest(company, cutoffs=["2023-06-30"], horizon=400)
    with pytest.raises(KamlibError, match="record is of 400 days; for a year"):
        churn.risk_in_a_year(company, as_of=AS_OF, record=record)


def test_the_longest_horizon_that_can_be_tested_is_taken() -> None:
    days = pd.date_range("2022-01-01", "2025-12-31", freq="14D")
    lines = pd.DataFrame({"customer": np.tile(["a", "b", "c"], len(days)), "date": days.repeat(3), "revenue": 10.0})
    for first, horizon in (("2022-01-01", 365), ("2024-06-01", 180), ("2025-01-01", 90)):
        sales = ledger.read(lines[lines["date"] >= first])
        assert churn.longest_record(sales, as_of="2025-12-31").horizon == horizon
