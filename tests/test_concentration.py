from __future__ import annotations

import itertools
import math
import tracemalloc
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamlib import checks, customers, ledger
from kamlib.concentration import (
    abc_classes,
    customers_for,
    decompose,
    effective_customers,
    entropy,
    gini,
    hall_tideman,
    hannah_kay,
    hhi,
    indices,
    lorenz_curve,
    measures,
    migration,
    over_time,
    pareto_table,
    rosenbluth,
    theil,
    top_share,
    whale_curve,
    whale_peak,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

FOUR = [50, 30, 15, 5]  # shares 1/2, 3/10, 3/20, 1/20
HALVES = [4, 2, 1, 1]  # shares 1/2, 1/4, 1/8, 1/8

# Each index of `indices` by its plain function.
PLAIN = {
    "top_1": lambda v: top_share(v, count=1),
    "top_5": lambda v: top_share(v, count=5),
    "top_10": lambda v: top_share(v, count=10),
    "top_20_percent_share": lambda v: top_share(v, fraction=0.2),
    "customers_for_80_percent": customers_for,
    "hhi": hhi,
    "hhi_normalised": lambda v: hhi(v, normalised=True),
    "effective_customers": effective_customers,
    "gini": gini,
    "gini_corrected": lambda v: gini(v, corrected=True),
    "theil": theil,
    "hannah_kay_1_5": lambda v: hannah_kay(v, alpha=1.5),
    "hall_tideman": hall_tideman,
    "entropy": entropy,
}

# Whole numbers bring ties, floats bring seven orders of magnitude.
vectors = st.lists(st.one_of(st.integers(1, 9), st.floats(0.01, 1e5)), min_size=1, max_size=30).map(np.array)
thousand = settings(max_examples=1000, deadline=None, derandomize=True)
hundred = settings(thousand, max_examples=100)


def close(value: float, expected: float) -> bool:
    return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)


# --- by hand -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (top_share(FOUR, count=1), Fraction(1, 2)),
        (top_share(FOUR, count=2), Fraction(4, 5)),  # 1/2 + 3/10
        (top_share(FOUR, count=9), 1),
        (top_share(FOUR), Fraction(2, 5)),  # 20 % of 4 are 0.8 customers: 0.8 * 1/2
        (top_share(FOUR, fraction=0.6), Fraction(43, 50)),  # 2.4 customers: 4/5 + 0.4 * 3/20
        (hhi(FOUR), Fraction(73, 200)),  # (100 + 36 + 9 + 1) / 400
        (hhi(FOUR, normalised=True), Fraction(23, 150)),  # (73/200 - 1/4) / (3/4)
        (effective_customers(FOUR), Fraction(200, 73)),
        (gini(FOUR), Fraction(3, 8)),  # 1 - (2 * 7/4 - 1) / 4, where 7/4 = 1 * 1/2 + 2 * 3/10 + 3 * 3/20 + 4 * 1/20
        (gini(FOUR, corrected=True), Fraction(1, 2)),  # 3/8 * 4/3
        (hall_tideman(FOUR), Fraction(2, 5)),  # 1 / (2 * 7/4 - 1)
        (customers_for(FOUR), 2),
        (customers_for(FOUR, share=0.81), 3),
        (entropy(HALVES), 7 / 4 * math.log(2)),  # 1/2 ln 2 + 1/4 ln 4 + 2 * 1/8 ln 8
        (theil(HALVES), math.log(2) / 4),  # ln 4 - 7/4 ln 2
        (hannah_kay(HALVES, alpha=1), 2**1.75),  # exp(entropy)
        (hannah_kay(HALVES, alpha=2), Fraction(32, 11)),  # 1 / (1/4 + 1/16 + 2/64)
        (hannah_kay(HALVES, alpha=3), 16 / math.sqrt(37)),  # (1/8 + 1/64 + 2/512)^(-1/2) = (37/256)^(-1/2)
        (hannah_kay(HALVES, alpha=0.5), (math.sqrt(2) + 0.5) ** 2),  # sqrt(1/2) + 1/2 + 2 sqrt(1/8), squared
        (hannah_kay(HALVES, alpha=1.5), 256 / (5 * math.sqrt(2) + 2) ** 2),  # (sqrt(2)/4 + 1/8 + 2 sqrt(2)/32)^-2
    ],
)
def test_each_index_by_hand(value: float, expected: Fraction | float) -> None:
    assert close(value, float(expected))


def test_the_hhi_example_of_the_us_department_of_justice() -> None:
    # Four firms with 30, 30, 20 and 20 per cent: 900 + 900 + 400 + 400 = 2,600 on the scale to 10,000
    # (Department of Justice, Antitrust Division, "Herfindahl-Hirschman Index").
    assert close(hhi([30, 30, 20, 20]), 0.26)


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_the_first_whole_numbers_have_closed_forms(n: int) -> None:
    values = np.arange(1, n + 1)
    # Mean difference (n^2 - 1) / 3n over twice the mean, n + 1.
    assert close(gini(values), (n - 1) / (3 * n))
    assert close(gini(values, corrected=True), 1 / 3 if n > 1 else 0)
    # Sum of squares n (n + 1) (2n + 1) / 6 over the square of n (n + 1) / 2.
    assert close(hhi(values), 2 * (2 * n + 1) / (3 * n * (n + 1)))


def test_a_fraction_of_customers_interpolates() -> None:
    # 20 % of 632 are 126.4. The values 632, 631, ..., 507 sum to 126 * 569.5 = 71,757; the next is 506.
    assert close(top_share(np.arange(1, 633), fraction=0.2), (71_757 + 0.4 * 506) / (632 * 633 / 2))


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("unit", [0.1, 1.0, 1 / 3])
def test_a_share_met_exactly_is_reached(tenths: int, unit: float) -> None:
    assert customers_for([unit] * 10, share=tenths / 10) == tenths
    assert customers_for([unit] * 10, share=tenths / 10 + 1e-6) == tenths + 1


def test_a_single_customer() -> None:
    assert (gini([7]), gini([7], corrected=True), theil([7]), entropy([7])) == (0, 0, 0, 0)
    assert (hhi([7]), hhi([7], normalised=True), hall_tideman([7]), top_share([7], count=3)) == (1, 1, 1, 1)
    assert customers_for([7]) == 1
    assert close(top_share([7]), 0.2)  # 0.2 of the one customer


def test_near_one_hannah_kay_tends_to_its_limit() -> None:
    for alpha in (1 - 1e-6, 1 + 1e-12, 1 + 1e-6):
        assert hannah_kay(FOUR, alpha=alpha) == pytest.approx(math.exp(entropy(FOUR)), rel=1e-5)


def test_extreme_sizes_neither_overflow_nor_vanish() -> None:
    assert close(hhi([1e300, 1e300]), 0.5)
    assert close(entropy([1e-300, 1e-300]), math.log(2))
    assert close(theil([1e300, 1e-300]), math.log(2))


# --- 1,000 vectors -----------------------------------------------------------------------------------------------


@thousand
@given(vectors)
def test_bounds(values: np.ndarray) -> None:
    n, slack = values.size, 1e-12
    assert 1 / n - slack <= hhi(values) <= 1 + slack
    assert 0 <= hhi(values, normalised=True) <= 1 + slack
    assert 1 - slack <= effective_customers(values) <= n + 1e-9
    assert 0 <= gini(values) <= 1 - 1 / n + slack
    assert 0 <= gini(values, corrected=True) <= 1 + slack
    assert 0 <= theil(values) <= math.log(n) + slack
    assert 0 <= entropy(values) <= math.log(n) + slack
    assert 1 / n - slack <= hall_tideman(values) <= 1 + slack
    assert 1 <= customers_for(values) <= n
    assert 0.2 - slack <= top_share(values) <= 1
    assert top_share(values, count=n) == 1
    # The more the large ones weigh, the fewer customers count.
    equivalents = [hannah_kay(values, alpha=alpha) for alpha in (0.5, 1, 1.5, 2, 5)]
    assert all(more >= fewer - 1e-9 for more, fewer in itertools.pairwise(equivalents))


@thousand
@given(vectors, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_neither_scale_nor_order_matters(values: np.ndarray, scale: float, random: Random) -> None:
    shuffled = list(values * scale)
    random.shuffle(shuffled)
    for plain in PLAIN.values():
        assert close(plain(shuffled), plain(values))


@thousand
@given(vectors, st.integers(2, 4))
def test_replicating_the_population(values: np.ndarray, times: int) -> None:
    many = np.tile(values, times)
    assert close(gini(many), gini(values))
    assert close(theil(many), theil(values))
    assert close(top_share(many, fraction=0.3), top_share(values, fraction=0.3))
    assert close(hhi(many) * times, hhi(values))
    assert close(hall_tideman(many) * times, hall_tideman(values))
    assert close(effective_customers(many), effective_customers(values) * times)
    assert close(hannah_kay(many, alpha=1.5), hannah_kay(values, alpha=1.5) * times)
    assert close(entropy(many), entropy(values) + math.log(times))
    assert (customers_for(values) - 1) * times < customers_for(many) <= customers_for(values) * times


@thousand
@given(vectors)
def test_a_second_slower_way(values: np.ndarray) -> None:
    n, total = values.size, values.sum()
    shares = sorted((float(value / total) for value in values), reverse=True)
    mean_difference = sum(abs(x - y) for x in shares for y in shares) / n**2
    assert close(gini(values), mean_difference / 2 * n)  # the mean share is 1/n
    assert close(hhi(values), sum(share**2 for share in shares))
    assert close(entropy(values), -sum(share * math.log(share) for share in shares))
    assert close(theil(values), sum(share * math.log(share * n) for share in shares))
    assert close(hannah_kay(values, alpha=3), sum(share**3 for share in shares) ** -0.5)
    assert close(hall_tideman(values), 1 / (2 * sum(i * share for i, share in enumerate(shares, 1)) - 1))
    assert close(hall_tideman(values), 1 / (n * (1 - gini(values))))
    exact = sorted((Fraction(float(value)) for value in values), reverse=True)
    fewest = next(
        k for k in range(1, n + 1) if sum(exact[:k]) >= sum(exact) * Fraction(7, 10) * (1 - Fraction(1, 10**12))
    )
    assert customers_for(values, share=0.7) == fewest


@thousand
@given(vectors.filter(lambda values: values.min() < values.max()), st.floats(0.1, 0.9))
def test_what_the_smallest_loses_to_the_largest_concentrates(values: np.ndarray, part: float) -> None:
    moved = values.astype(float)
    moved[values.argmin()] -= part * values.min()
    moved[values.argmax()] += part * values.min()
    for name in ("hhi", "gini", "theil", "hall_tideman", "top_1", "top_20_percent_share"):
        assert PLAIN[name](moved) >= PLAIN[name](values) - 1e-12
    assert gini(moved) > gini(values) or close(gini(moved), gini(values))
    assert entropy(moved) <= entropy(values) + 1e-12


def test_rosenbluth_is_hall_and_tideman() -> None:
    assert rosenbluth is hall_tideman


# --- intervals ---------------------------------------------------------------------------------------------------


def resampled(values: np.ndarray, seed: int, resamples: int) -> list[np.ndarray]:
    """Draw the vectors that `indices` stands on: customers numbered from the largest."""
    drawn = np.random.default_rng(seed).integers(values.size, size=(resamples, values.size))
    return list(np.sort(values)[::-1][drawn])


@pytest.mark.parametrize("n", [1, 3, 40])
@pytest.mark.parametrize("block", [1, 100, 2**16])
def test_each_resample_gets_what_the_plain_function_gives_its_vector(
    n: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_BLOCK", block)
    values = np.random.default_rng(5).pareto(1.2, n).round(1) + 0.1  # rounded, so that there are ties
    fast = measures._bootstrap(values, np.random.default_rng(3), 60)
    slow = [[plain(vector) for plain in PLAIN.values()] for vector in resampled(values, 3, 60)]
    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-12)


def test_the_interval_ends_at_the_nominal_quantiles() -> None:
    values = np.random.default_rng(1).lognormal(0, 1.5, 50)
    table = indices(values, confidence=0.9, seed=4, resamples=400).set_index("index")
    assert list(table.index) == list(PLAIN)
    for name in ("hhi", "gini", "top_5", "entropy"):
        ordered = sorted(PLAIN[name](vector) for vector in resampled(values, 4, 400))
        assert close(table.loc[name, "value"], PLAIN[name](values))
        # 5 % and 95 % of 399 steps: after the 20th and the 380th of 400, by 0.95 and 0.05 of the way to the next.
        assert close(table.loc[name, "low"], ordered[19] + 0.95 * (ordered[20] - ordered[19]))
        assert close(table.loc[name, "high"], ordered[379] + 0.05 * (ordered[380] - ordered[379]))


def test_the_default_level_leaves_two_and_a_half_per_cent_on_each_side() -> None:
    values = np.random.default_rng(1).lognormal(0, 1.5, 60)
    table = indices(values, seed=11).set_index("index")
    ginis = np.array([gini(vector) for vector in resampled(values, 11, 2000)])
    assert (ginis < table.loc["gini", "low"]).sum() == 50
    assert (ginis > table.loc["gini", "high"]).sum() == 50


def test_an_independent_bootstrap_agrees() -> None:
    values = np.random.default_rng(2).lognormal(0, 1, 80)
    table = indices(values, seed=0).set_index("index")
    rng = np.random.default_rng(99)
    for name in ("gini", "hhi", "top_20_percent_share", "theil"):
        slow = [PLAIN[name](rng.choice(values, values.size)) for _ in range(1000)]
        width = table.loc[name, "high"] - table.loc[name, "low"]
        assert np.abs(np.quantile(slow, [0.025, 0.975]) - table.loc[name, ["low", "high"]]).max() < 0.1 * width


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    sigma = 0.7
    truth = 2 * NormalDist().cdf(sigma / math.sqrt(2)) - 1  # Gini of a lognormal population
    rng = np.random.default_rng(8)
    covered = []
    for _ in range(200):
        table = indices(rng.lognormal(0, sigma, 150), confidence=0.9, resamples=200).set_index("index")
        covered.append(table.loc["gini_corrected", "low"] <= truth <= table.loc["gini_corrected", "high"])
    assert 0.82 < np.mean(covered) < 0.96  # 0.9 less the small-sample bias, and a standard error of 0.02


def test_a_higher_level_is_wider_and_the_seed_decides() -> None:
    values = np.random.default_rng(1).lognormal(0, 1.5, 50)
    narrow, wide = indices(values, confidence=0.5), indices(values, confidence=0.99)
    assert (wide["low"] < narrow["low"]).all()
    assert (wide["high"] >= narrow["high"]).all()
    pd.testing.assert_frame_equal(wide, indices(values, confidence=0.99))
    assert (indices(values, confidence=0.99, seed=1)["low"] != wide["low"]).any()


@pytest.mark.parametrize("values", [[7], [3, 3, 3]])
def test_equal_customers_have_intervals_of_no_width(values: list[float]) -> None:
    table = indices(values, resamples=50)
    np.testing.assert_allclose(table["low"], table["value"], atol=1e-12)
    np.testing.assert_allclose(table["high"], table["value"], atol=1e-12)


def test_memory_is_bounded_by_blocks() -> None:
    values = np.random.default_rng(0).lognormal(0, 2, 10_000)
    tracemalloc.start()
    indices(values, resamples=400)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16e6  # one array of all resamples would take 400 * 10,000 * 8 bytes = 32 MB


# --- curves and classes ------------------------------------------------------------------------------------------


def test_lorenz_curve_by_hand() -> None:
    curve = lorenz_curve([30, 0, 5, 50, 15])
    assert curve["customers_share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    np.testing.assert_allclose(curve["value_share"], [0, 0.05, 0.2, 0.5, 1])


@thousand
@given(vectors)
def test_the_lorenz_curve_carries_gini_and_top_share(values: np.ndarray) -> None:
    curve = lorenz_curve(values)
    x, y = curve["customers_share"].to_numpy(), curve["value_share"].to_numpy()
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (np.diff(y) > 0).all()
    assert close(gini(values), 1 - 2 * np.trapezoid(y, x))
    assert close(top_share(values, fraction=0.2), 1 - np.interp(0.8, x, y))


def test_pareto_table_by_hand() -> None:
    revenue = pd.Series({"d": 15.0, "a": 30.0, "gone": 0.0, "b": 30.0, "c": 5.0}, name="revenue").rename_axis("account")
    table = pareto_table(revenue)
    expected = pd.DataFrame(
        {
            "rank": [1, 2, 3, 4],
            "value": [30.0, 30.0, 15.0, 5.0],
            "share": [30 / 80, 30 / 80, 15 / 80, 5 / 80],
            "cumulative_share": [30 / 80, 60 / 80, 75 / 80, 1],
            "customers_share": [0.25, 0.5, 0.75, 1],
            "abc": ["A", "A", "A", "B"],  # with d 75/80 = 94 % is reached, and 80 % only with d; c crosses 95 %
        },
        index=pd.Index(["a", "b", "d", "c"], name="account"),
    )
    pd.testing.assert_frame_equal(table, expected)


def test_pareto_table_of_a_list_is_indexed_by_position() -> None:
    assert pareto_table([5, 0, 10]).index.tolist() == [2, 0]


def test_equal_customers_keep_their_order() -> None:
    values = np.tile([1.0, 2.0], 50)  # enough of them for an unstable sort to show
    in_order = [*range(1, 100, 2), *range(0, 100, 2)]
    assert pareto_table(values).index.tolist() == in_order
    assert whale_curve(values).index.tolist() == in_order


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([15, 50, 0, 30, 5], "B A none A C"),  # 80 % is reached with the 30, 95 % with the 15
        ([81, 15, 4], "A B C"),
        ([50, 20, 20, 10], "A A A B"),  # the first 20 leaves 70 %, the second crosses 80 %
        ([60, 10, 10, 10, 10], "A A A A A"),  # ties: the third customer crosses 80 %, so every 10 is an A
        ([80, 5, 5, 5, 5], "A B B B B"),  # 80 % is met exactly with the first; the ties share B
        ([0.1] * 10, "A A A A A A A A A A"),
        ([7], "A"),
    ],
)
def test_abc_classes_by_hand(values: list[float], expected: str) -> None:
    assert abc_classes(values).tolist() == expected.split()


def test_abc_classes_keep_the_index_and_mark_the_negative() -> None:
    with pytest.warns(checks.KamlibWarning, match="1 of 3 values are negative"):
        classes = abc_classes(pd.Series({"x": -5.0, "y": 2.0, "z": 98.0}), shares=(0.5, 0.9))
    assert classes.to_dict() == {"x": "none", "y": "C", "z": "A"}
    assert classes.dtype == "str"


@thousand
@given(vectors)
def test_abc_classes_agree_with_customers_for(values: np.ndarray) -> None:
    table = pd.DataFrame({"value": values, "abc": abc_classes(values)})
    assert not table.drop_duplicates()["value"].duplicated().any()  # equals share a class
    fewest, in_a = customers_for(values), (table["abc"] == "A").sum()
    # Ties with the last customer needed are the only surplus.
    assert in_a == (values >= np.sort(values)[::-1][fewest - 1]).sum()
    assert table.sort_values("value", ascending=False)["abc"].is_monotonic_increasing


def test_whale_curve_by_hand() -> None:
    curve = whale_curve(pd.Series({"x": -20.0, "a": 40.0, "zero": 0.0, "b": 100.0, "y": -40.0}))
    assert curve.index.tolist() == ["b", "a", "zero", "x", "y"]
    assert curve["rank"].tolist() == [1, 2, 3, 4, 5]
    assert curve["cumulative"].tolist() == [100, 140, 140, 120, 80]
    np.testing.assert_allclose(curve["cumulative_share"], [100 / 80, 140 / 80, 140 / 80, 120 / 80, 1])
    np.testing.assert_allclose(curve["customers_share"], [0.2, 0.4, 0.6, 0.8, 1])
    peak = whale_peak(curve)
    assert (peak.customers, peak.value, peak.loss_makers, peak.destroyed) == (2, 140, 2, 60)
    assert close(peak.share, 140 / 80)
    assert close(peak.share, curve["cumulative_share"].max())


def test_a_whale_without_loss_makers_peaks_at_its_end() -> None:
    peak = whale_peak(whale_curve([3, 1]))
    assert (peak.customers, peak.share, peak.loss_makers, str(peak.destroyed)) == (2, 1, 0, "0.0")


@pytest.mark.parametrize("margins", [[5, -5], [0.1, 0.2, -0.3], [1, -4], []])
def test_shares_of_no_net_total_are_refused(margins: list[float]) -> None:
    with pytest.raises(checks.KamlibError, match="net total that is not above 0"):
        whale_curve(margins)


# --- groups ------------------------------------------------------------------------------------------------------


def test_decompose_by_hand() -> None:
    table = pd.DataFrame(
        {
            "region": ["South", "North", None, "North", "North"],
            "revenue": [60, 20, 10, 10, 0],
        }
    )
    result = decompose(table, by="region").set_index("group")
    assert result.index.tolist() == ["South", "North", ""]
    assert result["customers"].tolist() == [1, 2, 1]
    assert result["value"].tolist() == [60, 30, 10]
    np.testing.assert_allclose(result["share"], [0.6, 0.3, 0.1])
    np.testing.assert_allclose(result["hhi"], [1, 5 / 9, 1])  # (2/3)^2 + (1/3)^2
    np.testing.assert_allclose(result["top_customer_share"], [1, 2 / 3, 1])
    # North: ln 2 - entropy(2/3, 1/3) = 2/3 ln(4/3) + 1/3 ln(2/3), weighted with 0.3.
    within = 0.3 * (2 / 3 * math.log(4 / 3) + 1 / 3 * math.log(2 / 3))
    np.testing.assert_allclose(result["theil_within"], [0, within, 0], atol=1e-15)
    # Share over the share of heads: 0.6 / (1/4), 0.3 / (2/4), 0.1 / (1/4).
    between = [0.6 * math.log(2.4), 0.3 * math.log(0.6), 0.1 * math.log(0.4)]
    np.testing.assert_allclose(result["theil_between"], between)


@hundred
@given(st.data(), vectors)
def test_the_parts_of_theil_add_up(data: st.DataObject, values: np.ndarray) -> None:
    labels = data.draw(st.lists(st.sampled_from("xyz"), min_size=values.size, max_size=values.size))
    result = decompose(pd.DataFrame({"sector": labels, "margin": values}), by="sector", value="margin")
    assert close(result["theil_within"].sum() + result["theil_between"].sum(), theil(values))
    assert close(result["share"].sum(), 1)
    assert result["value"].is_monotonic_decreasing
    for row in result.itertuples():
        members = values[np.array(labels) == row.group]
        assert row.customers == members.size
        assert close(row.hhi, hhi(members))
        assert close(row.top_customer_share, top_share(members, count=1))
        assert close(row.theil_within, row.share * theil(members))


@pytest.mark.parametrize(
    "labels", [["a", "b", " a "], pd.Categorical(["a", "b", "a"]), pd.array(["a", "b", "a"], dtype="string")]
)
def test_group_labels_are_text_without_blanks(labels: object) -> None:
    result = decompose(pd.DataFrame({"owner": labels, "revenue": [1, 5, 1]}), by="owner")
    assert result["group"].tolist() == ["b", "a"]


def test_decompose_leaves_out_and_announces_what_is_negative() -> None:
    table = pd.DataFrame({"region": ["N", "N", "S"], "revenue": [3.0, -1.0, 1.0]})
    with pytest.warns(checks.KamlibWarning, match="1 of 3 values in 'revenue' are negative"):
        result = decompose(table, by="region")
    assert result["customers"].tolist() == [1, 1]


# --- over time ---------------------------------------------------------------------------------------------------

MONTHS = pd.DataFrame(
    [
        ("x", "2025-05-31", 3.0),
        ("y", "2025-05-31", 1.0),
        ("x", "2025-04-30", 3.0),
        ("z", "2025-04-30", 0.3),
        ("z", "2025-05-31", -0.1),
        ("z", "2025-05-31", -0.2),  # credited in full: floats leave 0.3 - 0.1 - 0.2 = -2.8e-17
        ("y", "2025-02-28", 4.0),
        ("w", "2025-02-28", -2.0),
        ("x", "2025-02-28", 4.0),
        ("x", "2025-01-31", 9.0),  # one month cannot fill a window of two
    ],
    columns=["account", "period_end", "revenue"],
).astype({"period_end": "datetime64[us]"})


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Let `customers.by_period` return MONTHS up to as_of, and note what it is asked for."""
    seen: list[dict[str, object]] = []

    def by_period(book: object, **arguments: object) -> pd.DataFrame:
        seen.append({"ledger": book, **arguments})
        return MONTHS[MONTHS["period_end"] <= pd.Timestamp(arguments["as_of"])]

    monkeypatch.setattr(customers, "by_period", by_period)
    return seen


def test_over_time_by_hand(calls: list[dict[str, object]]) -> None:
    table = over_time("ledger", as_of="2025-05-31", months=2, step=2, by="customer", resamples=100)
    assert [(call["ledger"], call["months"], call["by"]) for call in calls] == [("ledger", 1, "customer")]
    assert list(table.columns) == [
        "period_end", "index", "value", "low", "high", "customers", "customers_not_positive", "revenue_not_positive",
    ]  # fmt: skip
    rows = table.set_index(["period_end", "index"])
    early, late = pd.Timestamp("2025-03-31"), pd.Timestamp("2025-05-31")
    assert table["period_end"].unique().tolist() == [early, late]
    assert close(rows.loc[(early, "hhi"), "value"], 1 / 2)  # February and March: x 4, y 4; w is -2
    assert close(rows.loc[(late, "hhi"), "value"], 37 / 49)  # April and May: x 6, y 1; z nets to 0
    assert rows.xs("hhi", level="index")["customers"].tolist() == [2, 2]
    assert rows.xs("hhi", level="index")["customers_not_positive"].tolist() == [1, 1]
    assert rows.xs("hhi", level="index")["revenue_not_positive"].tolist() == [-2, 0]
    expected = indices([6, 1], resamples=100)
    np.testing.assert_allclose(table.loc[table["period_end"] == late, ["value", "low", "high"]], expected.iloc[:, 1:])


@pytest.mark.usefixtures("calls")
def test_windows_step_back_as_far_as_they_are_full() -> None:
    table = over_time("ledger", as_of="2025-05-31", months=2, step=1, resamples=10)
    ends = table["period_end"].dt.strftime("%Y-%m-%d").unique().tolist()
    assert ends == ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]
    whole = over_time("ledger", as_of="2025-05-31", months=5, resamples=10).set_index("index")
    assert close(whole.loc["top_1", "value"], 19 / 24)  # x 3 + 3 + 4 + 9, y 1 + 4
    # March had no revenue at all: its window of one month is left out, not filled with noughts.
    single = over_time("ledger", as_of="2025-05-31", months=1, step=1, resamples=10)
    assert pd.Timestamp("2025-03-31") not in set(single["period_end"])


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(("as_of", "months"), [("2025-05-31", 6), ("2024-12-31", 1)])
def test_too_short_a_ledger_is_an_error(as_of: str, months: int) -> None:
    with pytest.raises(checks.KamlibError, match=f"no {months} full months with revenue up to {as_of}"):
        over_time("ledger", as_of=as_of, months=months)


# ibis 12 uses what pandas 3 and duckdb 2 have deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_over_time_reads_the_ledger_as_the_customer_table_does() -> None:
    rng = np.random.default_rng(6)
    sales = pd.DataFrame(
        {
            "customer": rng.choice(["0001", "0002", "0003", "0004", "0005"], 400),
            "date": pd.Timestamp("2023-12-15") + pd.to_timedelta(rng.integers(0, 560, 400), unit="D"),
            "revenue": rng.lognormal(5, 1, 400).round(2),
        }
    )
    book = ledger.read(sales)
    table = over_time(book, as_of="2025-05-20", months=6, step=3, resamples=10)
    windows = table.loc[table["index"] == "hhi"].set_index("period_end")
    # The ledger starts on 15 December 2023; the first full month ends on 20 January 2024.
    assert windows.index.strftime("%Y-%m-%d").tolist() == ["2024-08-20", "2024-11-20", "2025-02-20", "2025-05-20"]
    for end, row in windows.iterrows():
        accounts = customers.table(book, as_of=end, months=6)
        assert row["customers"] == len(accounts)
        assert close(row["value"], hhi(accounts["revenue"]))


# --- migration ---------------------------------------------------------------------------------------------------


def test_migration_by_hand() -> None:
    before = pd.Series({"a": 50.0, "b": 30.0, "c": 15.0, "d": 5.0})  # A, A, B (80 % lie before it), C
    after = pd.Series({"e": 4.0, "d": 6.0, "c": 30.0, "b": 60.0, "a": 0.0, "f": 0.0})  # C, B, A, A, none, none
    table = migration(before, after)
    assert len(table) == 15
    assert table["before"].tolist() == ["A"] * 4 + ["B"] * 4 + ["C"] * 4 + ["none"] * 3
    assert table["after"].tolist() == ["A", "B", "C", "none"] * 3 + ["A", "B", "C"]
    moved = table[table["customers"] > 0].to_dict("split")["data"]
    assert moved == [
        ["A", "A", 1, 30, 60],
        ["A", "none", 1, 50, 0],
        ["B", "A", 1, 15, 30],
        ["C", "B", 1, 5, 6],
        ["none", "C", 1, 0, 4],
    ]
    assert table["customers"].dtype == np.int64


accounts = st.dictionaries(st.sampled_from("abcdefghij"), st.floats(0, 1e4), min_size=1).filter(
    lambda d: any(d.values())
)


@hundred
@given(accounts, accounts)
def test_migration_reconciles(before: dict[str, float], after: dict[str, float]) -> None:
    table = migration(pd.Series(before), pd.Series(after))
    assert close(table["value_before"].sum(), sum(before.values()))
    assert close(table["value_after"].sum(), sum(after.values()))
    alive = {key for values in (before, after) for key, value in values.items() if value > 0}
    assert table["customers"].sum() == len(alive)
    assert (table.loc[table["before"] == "none", "value_before"] == 0).all()
    classes = abc_classes(list(before.values())).value_counts()
    for name in "ABC":
        assert table.loc[table["before"] == name, "customers"].sum() == classes.get(name, 0)


def test_migration_counts_a_negative_customer_as_none() -> None:
    with pytest.warns(checks.KamlibWarning, match="1 of 2 after are negative"):
        table = migration(pd.Series({"a": 1.0, "b": 1.0}), pd.Series({"a": -3.0, "b": 2.0}))
    row = table[(table["before"] == "A") & (table["after"] == "none")].iloc[0]
    assert (row["customers"], row["value_before"], row["value_after"]) == (1, 1, 0)


# --- what is refused, what is left alone ---------------------------------------------------------------------------


@pytest.mark.parametrize("plain", PLAIN.values(), ids=PLAIN)
def test_zeros_are_left_out_negatives_announced_missing_refused(plain: Callable[..., float]) -> None:
    assert plain([0, *FOUR, 0]) == plain(FOUR)
    with pytest.warns(checks.KamlibWarning, match=r"1 of 5 values are negative, -7\.00 in all") as caught:
        assert plain([-7, *FOUR]) == plain(FOUR)
    assert len(caught) == 1
    for bad in ([1, float("nan")], [0, 0], [], ["x"], [[1, 2]]):
        with pytest.raises(checks.KamlibError):
            plain(bad)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: top_share(FOUR, fraction=0.2, count=2), "either fraction or count"),
        (lambda: top_share(FOUR, fraction=20), r"fraction must be .* Did you mean 0\.2"),
        (lambda: top_share(FOUR, count=0), "count must be a whole number"),
        (lambda: customers_for(FOUR, share=80), "share must be a fraction"),
        (lambda: hannah_kay(FOUR, alpha=0), "alpha must be a number above 0"),
        (lambda: hannah_kay(FOUR, alpha=math.nan), "alpha must be a number above 0"),
        (lambda: indices(FOUR, confidence=95), r"confidence must be .* Did you mean 0\.95"),
        (lambda: indices(FOUR, resamples=0), "resamples must be a whole number"),
        (lambda: abc_classes(FOUR, shares=(0.95, 0.8)), "shares must be two rising fractions"),
        (lambda: abc_classes(FOUR, shares=(0.8,)), "shares must be two rising fractions"),
        (lambda: pareto_table(FOUR, shares=(0.8, 1.0)), "shares must be two rising fractions"),
        (lambda: decompose(pd.DataFrame({"revenue": [1]}), by="region"), "lacks the column 'region'"),
        (lambda: whale_peak(pd.DataFrame({"margin": [1]})), "curve lacks the column 'value'"),
        (lambda: over_time("ledger", as_of="2025-05-31", months=0), "months must be a whole number"),
        (lambda: over_time("ledger", as_of="2025-05-31", step=0), "step must be a whole number"),
        (lambda: over_time("ledger", as_of="31.05.2025"), "as_of must be a date"),
        (lambda: migration(FOUR, pd.Series(FOUR)), "before must be a Series"),
        (lambda: migration(pd.Series(FOUR), pd.Series([1, 2], index=["a", "a"])), "after must be a Series"),
    ],
)
@pytest.mark.usefixtures("calls")
def test_what_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(checks.KamlibError, match=message):
        call()


SERIES = [*PLAIN.values(), indices, lorenz_curve, pareto_table, abc_classes, whale_curve, lambda v: migration(v, v)]


@pytest.mark.filterwarnings("ignore::kamlib.checks.KamlibWarning")
@pytest.mark.parametrize("function", SERIES)
def test_arguments_are_left_as_they_were(function: Callable[..., Any]) -> None:
    series = pd.Series([5.0, -1.0, 9.0, 0.0, 5.0], index=list("cabed"), name="revenue")
    array = series.to_numpy(copy=True)
    given_series, given_array = series.copy(), array.copy()
    function(series)
    pd.testing.assert_series_equal(series, given_series)
    if function is not SERIES[-1]:
        function(array)
    np.testing.assert_array_equal(array, given_array)


def test_tables_are_left_as_they_were(calls: list[dict[str, object]]) -> None:
    table = pd.DataFrame({"region": ["S", None, "N"], "revenue": [1, 2, 3]})
    curve = whale_curve([3, 1, -1])
    given_table, given_curve, given_months = table.copy(), curve.copy(), MONTHS.copy()
    decompose(table, by="region")
    whale_peak(curve)
    over_time("ledger", as_of="2025-05-31", months=2, resamples=10)
    assert len(calls) == 1
    pd.testing.assert_frame_equal(table, given_table)
    pd.testing.assert_frame_equal(curve, given_curve)
    pd.testing.assert_frame_equal(MONTHS, given_months)
