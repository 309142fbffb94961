from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from kamlib import checks
from kamlib.checks import KamlibError, KamlibWarning


def test_numbers_are_a_new_array_of_floats() -> None:
    given = np.array([1, 2, 3])
    found = checks.numbers(given)
    assert found.dtype == np.float64
    assert not np.shares_memory(found, given)
    assert checks.numbers(pd.Series([1.5, 2.0])).tolist() == [1.5, 2.0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0, math.nan], "1 missing or infinite entries, the first at position 1"),
        ([math.inf, 2.0, math.nan], "2 missing or infinite entries, the first at position 0"),
        ([[1.0], [2.0]], "one-dimensional"),
        (["a", "b"], "revenue must be numbers"),
    ],
)
def test_what_is_no_number_is_named(values: list[object], said: str) -> None:
    with pytest.raises(KamlibError, match=said):
        checks.numbers(values, name="revenue")


def test_positive_leaves_zeros_out_silently_and_negatives_with_a_word() -> None:
    assert checks.positive([3, 0, 1]).tolist() == [3.0, 1.0]
    with pytest.warns(KamlibWarning, match=r"2 of 4 margins are negative, -7\.50 in all"):
        assert checks.positive([3, -5, -2.5, 1], name="margins").tolist() == [3.0, 1.0]


@pytest.mark.parametrize("values", [[], [0.0, 0.0]])
def test_positive_needs_something_above_zero(values: list[float]) -> None:
    with pytest.raises(KamlibError, match="no entry above 0"):
        checks.positive(values)


@pytest.mark.parametrize("value", [0.0, 1.0, -0.2, 80, math.nan])
def test_a_fraction_lies_between_0_and_1(value: float) -> None:
    assert checks.fraction(0.8, name="share") == 0.8
    with pytest.raises(KamlibError, match="share must be a fraction"):
        checks.fraction(value, name="share")


def test_a_percentage_gets_a_hint() -> None:
    with pytest.raises(KamlibError, match=r"Did you mean 0\.8\?"):
        checks.fraction(80, name="share")


@pytest.mark.parametrize("value", [0, -1, 1.5, True])
def test_a_count_is_a_whole_number(value: float) -> None:
    assert checks.whole(3, name="count") == 3
    with pytest.raises(KamlibError, match="count must be a whole number of at least 1"):
        checks.whole(value, name="count")


def test_a_choice_lists_the_options() -> None:
    assert checks.choice("a", name="by", options=("a", "b")) == "a"
    with pytest.raises(KamlibError, match="by must be one of 'a', 'b'; got 'c'"):
        checks.choice("c", name="by", options=("a", "b"))


def test_missing_columns_are_listed_beside_those_there_are() -> None:
    table = pd.DataFrame({"x": [1], "y": [2]})
    checks.columns(table, ["x"])
    with pytest.raises(KamlibError, match="table lacks the columns 'a', 'b'; it has 'x', 'y'"):
        checks.columns(table, ["a", "x", "b"])


def test_days() -> None:
    day = dt.date(2025, 12, 31)
    for given in ("2025-12-31", day, dt.datetime(2025, 12, 31, 23, 59), pd.Timestamp("2025-12-31 08:00")):  # noqa: DTZ001
        assert checks.day(given, name="as_of") == day
    for wrong in ("31.12.2025", "2025-13-01", 20251231, pd.NaT, None):
        with pytest.raises(KamlibError, match="as_of must be a date"):
            checks.day(wrong, name="as_of")


@pytest.mark.parametrize(
    ("end", "months", "start"),
    [
        ("2025-12-09", 12, "2024-12-09"),
        ("2025-03-31", 1, "2025-02-28"),  # February has no 31st
        ("2024-02-29", 12, "2023-02-28"),
        ("2025-02-28", 1, "2025-01-28"),
    ],
)
def test_months_before(end: str, months: int, start: str) -> None:
    assert checks.months_before(dt.date.fromisoformat(end), months) == dt.date.fromisoformat(start)


@pytest.mark.parametrize(("end", "months"), [("2025-12-31", 100_000), ("2025-12-31", 10**9), ("0001-06-30", 6)])
def test_months_that_reach_before_the_calendar(end: str, months: int) -> None:
    with pytest.raises(KamlibError, match=rf"{months:,} months before {end} is no day of any calendar"):
        checks.months_before(dt.date.fromisoformat(end), months)


def test_amounts() -> None:
    assert checks.amount(0, name="fixed_costs") == 0
    assert checks.amount(1.5e6, name="fixed_costs") == 1_500_000
    for wrong in (-5, float("nan"), float("inf"), "x", None):
        with pytest.raises(KamlibError, match="fixed_costs must be an amount of at least 0"):
            checks.amount(wrong, name="fixed_costs")
