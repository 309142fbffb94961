"""Charts in figures, each by hand: what stands in them, and what a deck needs of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kamlib import exhibits, exposure
from kamlib.exhibits import natives
from kamlib.exhibits.bridge import steps_between
from kamlib.exhibits.native import FIGURES, Categories, Plane
from kamlib.exhibits.natives import parts
from kamlib.style import Words

EN, DE = Words("en", "EUR"), Words("de", "EUR")
SETTING = exhibits.Setting("2025-12-31", 12, "en", "EUR")


def steps(*amounts: float, start: float = 0.0) -> pd.DataFrame:
    """A way from ``start`` over changes to where they lead."""
    changes = {f"step {n}": amount for n, amount in enumerate(amounts)}
    return steps_between(start, changes, None, titles=("before", "after"))


def small(revenue: list[float], **more: object) -> pd.DataFrame:
    index = pd.Index([f"{n:03}" for n in range(len(revenue))], name="account")
    table = pd.DataFrame({"revenue": revenue, "revenue_before": 1.0, "lines": 1.0} | more, index=index)
    table["name"] = [f"Firm {value:g}" for value in revenue]
    return table.sort_values("revenue", ascending=False)


def stakes(margin: list[float]) -> exposure.Stakes:
    index = pd.Index([f"{n:03}" for n in range(len(margin))], name="account")
    table = pd.DataFrame({"margin": margin, "revenue": 4 * np.array(margin), "name": "Firm"}, index=index)
    return exposure.stakes(table, months_to_replace=24.0)


def law(given: exposure.Stakes, p: object) -> exposure.LossDistribution:
    return exposure.loss_distribution(given.table["stake"], p, severity=given.table["severity"])


# --- waterfalls -------------------------------------------------------------------------------------------------------


def test_a_waterfall_above_0_stands_on_the_lower_end_of_each_step() -> None:
    chart = natives.waterfall(steps(-30.0, 10.0, start=100.0), words=EN)
    base, amount = chart.series
    assert chart.form == "waterfall"
    assert chart.names == ("before", "step 0", "step 1", "after")
    assert base.values == (0.0, 70.0, 70.0, 0.0)
    assert base.meaning == ""
    assert amount.values == (100.0, 30.0, 10.0, 80.0)
    assert amount.meaning == ("actual", "bad", "good", "actual")
    assert amount.labels == ("100", "\N{MINUS SIGN}30", "+10", "80")


def test_a_waterfall_that_crosses_0_has_a_part_on_either_side() -> None:
    # 30 falls by 50 to -20, by another 10 to -30, rises by 45 to 15.
    base, above, below = natives.waterfall(steps(-50.0, -10.0, 45.0, start=30.0), words=EN).series
    assert base.values == (0.0, 0.0, -20.0, 0.0, 0.0)
    assert above.values == (30.0, 30.0, None, 15.0, 15.0)
    assert below.values == (None, -20.0, -10.0, -30.0, None)
    # Each figure is written once: below 0 where the step has no other part.
    assert above.labels == ("30", "\N{MINUS SIGN}50", "", "+45", "15")
    assert below.labels == ("", "", "\N{MINUS SIGN}10", "", "")
    assert above.meaning == below.meaning == ("actual", "bad", "bad", "good", "actual")


def test_a_year_that_ends_at_a_loss_hangs_from_0() -> None:
    base, above, below = natives.waterfall(steps(-5.0, start=-20.0), words=EN).series
    assert base.values == (0.0, -20.0, 0.0)
    assert above.values == (None, None, None)
    assert below.values == (-20.0, -5.0, -25.0)
    assert below.labels == ("\N{MINUS SIGN}20", "\N{MINUS SIGN}5", "\N{MINUS SIGN}25")


def test_labels_of_a_waterfall_are_in_its_unit_with_decimals_enough_for_the_smallest() -> None:
    chart = natives.waterfall(steps(-30_000.0, 1_000_000.0, start=5_000_000.0), words=DE)
    assert chart.scale.unit == 10**6
    assert chart.scale.title == "Mio. EUR"
    assert chart.series[1].labels == ("5,00", "\N{MINUS SIGN}0,03", "+1,00", "5,97")


def test_the_scenario_of_a_waterfall_is_that_of_all_its_visible_series() -> None:
    chart = natives.waterfall(steps(-50.0, start=30.0), words=EN, scenario="forecast")
    assert [one.scenario for one in chart.series[1:]] == ["forecast", "forecast"]


# --- names, curves, axes ----------------------------------------------------------------------------------------------


def test_names_are_unique_short_and_never_empty() -> None:
    long = "Müller Maschinenbau Gesellschaft mit beschränkter Haftung"
    made = parts.names([long, long + " Süd", "", " ", "A", "A", "A (2)"], DE)
    assert made[:2] == ("Müller Maschinenbau Gesellsch…", "Müller Maschinenbau Gesellsch… (2)")
    assert made[2:4] == ("ohne Angabe", "ohne Angabe (2)")
    assert made[4:] == ("A", "A (2)", "A (2) (2)")


@pytest.mark.parametrize("rows", [0, 1, 2, 199, 200, 201, 5000])
def test_a_thinned_curve_keeps_both_ends(rows: int) -> None:
    kept = parts.thinned(rows)
    assert len(kept) == min(rows, 200)
    assert (np.diff(kept) > 0).all()
    assert not rows or (kept[0], kept[-1]) == (0, rows - 1)


def test_missing_figures_are_gaps_and_the_others_plain_floats() -> None:
    made = parts.figures(pd.Series([1, None, np.nan, 2.5]))
    assert made == (1.0, None, None, 2.5)
    assert {type(value) for value in made} == {float, type(None)}


# --- concentration ----------------------------------------------------------------------------------------------------


def test_pareto_shows_the_columns_and_what_they_add_up_to() -> None:
    chart = exhibits.pareto(small([50, 30, 15, 5]), setting=SETTING, top=3).native
    assert isinstance(chart, Categories)
    columns, line = chart.series
    assert chart.names == ("Firm 50", "Firm 30", "Firm 15")
    assert columns.values == (50.0, 30.0, 15.0)
    assert columns.meaning == ("actual", "actual", "previous")  # A, A, B
    assert line.values == (0.5, 0.8, 0.95)
    assert line.line
    assert line.labels == ("", "", "95%")
    assert chart.second is not None
    assert chart.second.most == 1.0
    assert chart.scale.most == pytest.approx(100.0)  # twice the first would be the total


def test_the_line_of_pareto_runs_through_as_few_figures_as_can_be() -> None:
    # 12, 9, 4 of 100. Up to 24 the columns end at 0.5, 0.38, 0.17 and the line is at 0.12, 0.21, 0.25: inside the first
    # two, but in the figure on the third. Up to 30, at 0.4, 0.3, 0.13, it is above that, too.
    value = pd.Series([12.0, 9.0, 4.0])
    ranked = pd.DataFrame({"name": list("abc"), "value": value, "share": value / 100, "abc": "A"})
    ranked["cumulative_share"] = ranked["share"].cumsum()
    assert natives.pareto(ranked, words=EN, top=3).scale.most == 30.0


def test_lorenz_marks_the_firm_and_the_rule() -> None:
    indices = pd.DataFrame({"index": ["top_20_percent_share"], "value": [0.44], "low": [0.4], "high": [0.5]})
    chart = exhibits.lorenz(small([50, 30, 15, 5]), indices=indices, setting=SETTING).native
    assert isinstance(chart, Plane)
    equal, name, curve, mine, rule = chart.traces
    assert equal.x == equal.y
    assert name.labels == ("if all were equal",)
    assert name.y[0] < name.x[0]  # below the line that it names
    assert equal.line == "dashed"
    assert curve.x == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert curve.y == pytest.approx((0.0, 0.05, 0.2, 0.5, 1.0))
    assert (mine.x, mine.y) == ((0.8, 0.8), (pytest.approx(0.56), 1.0))  # as long as 44 %
    assert (rule.x, rule.y) == ((0.8,), (pytest.approx(0.2),))


def test_migration_stacks_where_each_class_went() -> None:
    # Before: 60 and 25 are A, 15 is B; now 90 is A, 10 B, 1 C. So one A stayed, one fell to B, the B to C.
    chart = exhibits.migration(small([90, 10, 1], revenue_before=[60.0, 25.0, 15.0]), setting=SETTING).native
    assert isinstance(chart, Categories)
    assert chart.names == ("A before", "B before")
    assert {one.name: one.values for one in chart.series} == {
        "A now": (1.0, None), "B now": (1.0, None), "C now": (None, 1.0),
    }  # fmt: skip
    assert chart.series[0].labels == FIGURES


def test_groups_stack_their_largest_customer_and_share_one_scale() -> None:
    table = small([50, 30, 15, 5]).assign(sector=["metal", "metal", "food", None], region=["N", "N", "N", "S"])
    sector, region = (exhibits.share_by_group(table, by=by, setting=SETTING).native for by in ("sector", "region"))
    assert isinstance(sector, Categories)
    assert isinstance(region, Categories)
    assert sector.names == ("metal", "food", "not stated")
    largest, others = sector.series
    assert largest.values == pytest.approx((50.0, 15.0, 5.0))
    assert others.values == pytest.approx((30.0, 0.0, 0.0))
    assert sector.scale.most == region.scale.most == 95.0  # region N, the longest bar of both


def test_groups_beyond_the_tenth_share_a_bar() -> None:
    table = small([float(100 - n) for n in range(12)]).assign(sector=[f"s{n:02}" for n in range(12)])
    chart = exhibits.share_by_group(table, by="sector", setting=SETTING).native
    assert isinstance(chart, Categories)
    assert chart.names[-1] == "2 other groups"
    assert [one.values[-1] for one in chart.series] == [0.0, 90.0 + 89.0]
    assert chart.scale.most == 90.0 + 89.0  # longer than that of the largest group, 100


def test_whale_marks_its_peak_only_where_somebody_costs_money() -> None:
    table = small([50, 30, 15, 5]).assign(margin=[60.0, -20.0, 40.0, 20.0])
    chart = exhibits.whale(table, setting=SETTING).native
    assert isinstance(chart, Plane)
    whole, name, curve, peak, best = chart.traces
    assert whole.y == (1.0, 1.0)
    assert name.labels == ("all 4 customers: 100%",)
    assert best.labels == ("the best 3 of 4 customers: 120%",)
    assert 1.0 < name.y[0] < chart.y.most
    assert 1.2 < best.y[0] < chart.y.most  # above its peak, clear of the curve
    assert curve.x == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert curve.y == pytest.approx((0.0, 0.6, 1.0, 1.2, 1.0))
    assert (peak.x, peak.y) == ((0.75,), (pytest.approx(1.2),))
    assert chart.y.least == 0.0
    earning = exhibits.whale(table.assign(margin=1.0), setting=SETTING).native
    assert isinstance(earning, Plane)
    assert len(earning.traces) == 3


# --- exposure ---------------------------------------------------------------------------------------------------------


def test_the_curve_of_few_accounts_goes_down_in_steps() -> None:
    # 100 at 10 % and 10 at 50 %: above 0 with 0.55, above 10 with 0.1, above 100 with 0.05, never above 110.
    two = stakes([100.0, 10.0])
    exhibit = exhibits.exposure_curve(law(two, [0.1, 0.5]), two, setting=SETTING)
    chart = exhibit.native
    assert isinstance(chart, Plane)
    line, *marks = chart.traces
    x, y = np.array(line.x), np.array(line.y)
    assert y[x < 10] == pytest.approx(0.55)
    assert y[(x >= 10) & (x < 100)] == pytest.approx(0.1)
    assert y[x >= 100] == pytest.approx(0.05)
    assert len(x) <= 200
    assert [mark.x[0] for mark in marks] == pytest.approx(exhibit.table["loss"].tolist())
    assert exhibit.table["probability"].tolist() == pytest.approx([0.1, 0.05, 0.0, 0.0])  # above 15, 100, 110, 110
    assert [mark.y[0] for mark in marks] == pytest.approx([0.1, 0.05, 0.001, 0.001])  # an axis in logs ends somewhere
    assert chart.y.log


def test_nothing_to_lose_is_shown_too() -> None:
    two = stakes([100.0, 10.0])
    safe = law(two, 0.0)
    curve = exhibits.exposure_curve(safe, two, setting=SETTING).native
    assert isinstance(curve, Plane)
    assert all(trace.x for trace in curve.traces)  # no trace is empty
    bars = exhibits.contributions(safe, two, setting=SETTING).native
    assert isinstance(bars, Categories)
    assert [one.values for one in bars.series] == [(0.0, 0.0), (0.0, 0.0)]
    matrix = exhibits.stake_matrix(safe, two, setting=SETTING).native
    assert isinstance(matrix, Plane)
    assert {x for trace in matrix.traces if not trace.line for x in trace.x} == {0.001}


def test_along_a_line_of_the_matrix_the_expected_loss_is_the_same() -> None:
    two = stakes([100.0, 10.0])
    chart = exhibits.stake_matrix(law(two, [0.1, 0.5]), two, setting=SETTING).native
    assert isinstance(chart, Plane)
    lines = [trace for trace in chart.traces if trace.line]
    assert len(lines) >= 2
    for line in lines:
        products = np.multiply(line.x, line.y)
        assert products == pytest.approx(np.full(2, products[0]))
        assert chart.x.least is not None
        assert chart.y.most is not None
        assert min(line.x) >= chart.x.least * (1 - 1e-9)
        assert max(line.y) <= chart.y.most * (1 + 1e-9)


def test_what_is_forecast_is_marked_so() -> None:
    two = stakes([100.0, 10.0])
    book = law(two, [0.1, 0.5])
    year = exposure.firm(book, contribution=150.0, fixed_costs=100.0)
    shown = [
        exhibits.contributions(book, two, setting=SETTING),
        exhibits.break_even(year, two, setting=SETTING),
        exhibits.stress(exposure.scenarios(book, two.table, result=50.0), two, setting=SETTING),
        exhibits.retention_budget(exposure.retention(book), two, setting=SETTING),
    ]
    for exhibit in shown:
        assert isinstance(exhibit.native, Categories)
        assert exhibit.measure.scenario == "forecast"
        assert {one.scenario for one in exhibit.native.series if one.meaning} == {"forecast"}, exhibit.key


def test_a_stress_that_ends_at_a_loss_crosses_0() -> None:
    two = stakes([100.0, 10.0])
    exhibit = exhibits.stress(
        exposure.scenarios(law(two, 0.1), two.table, result=50.0), two, setting=SETTING
    )  # fmt: skip
    assert isinstance(exhibit.native, Categories)
    base, above, below = exhibit.native.series
    assert base.values == (0.0, 0.0, 0.0)
    assert above.values == (pytest.approx(50.0), pytest.approx(50.0), None)  # 50, down by 100 to -50
    assert below.values == (None, pytest.approx(-50.0), pytest.approx(-50.0))


# --- retention and the measure ----------------------------------------------------------------------------------------


def kept(net: list[float], low: float, high: float) -> pd.DataFrame:
    columns = {"net": net, "gross": 0.8, "net_low": low, "net_high": high, "gross_low": 0.8, "gross_high": 0.8}
    table = pd.DataFrame(columns | {"accounts": 2, "revenue_before": 100.0, "logo": 1.0})
    table["revenue"] = table["revenue_before"] * table["net"]
    return table.set_axis(pd.Index([f"g{n}" for n in range(len(net))]))


def test_charts_of_retention_can_share_their_axis() -> None:
    narrow, wide = kept([0.9, 1.0], 0.85, 1.05), kept([1.1], 0.6, 7.0)
    assert exhibits.retention_ends(narrow) == (0.75, 1.25)
    assert exhibits.retention_ends(wide) == (0.5, 1.5)  # an interval up to 700 % ends at the rim
    ends = exhibits.retention_ends(narrow, wide)
    assert ends == (0.5, 1.5)
    for table in (narrow, wide):
        chart = exhibits.retention(table, by="segment", setting=SETTING, ends=ends)
        assert isinstance(chart.native, Categories)
        assert chart.native.scale.most == 1.5
        assert chart.chart().get_xlim() == ends


def test_a_measure_states_object_unit_period_and_scenario() -> None:
    measure = exhibits.pareto(small([50, 30]), setting=SETTING).measure
    assert measure == exhibits.Measure(
        "Customers by net revenue", "EUR and %", "1 Jan 2025 to 31 Dec 2025", "actual"
    )  # fmt: skip
    assert str(measure) == "Customers by net revenue, EUR and %, 1 Jan 2025 to 31 Dec 2025, actual"
    unknown = exhibits.Setting("2025-12-31")
    assert exhibits.pareto(small([50, 30]), setting=unknown).measure.unit == "currency units and %"


@pytest.mark.parametrize("index", ["top_10", "customers_for_80_percent", "effective_customers", "gini"])
def test_an_index_over_time_has_its_own_unit_and_period(index: str) -> None:
    ends = pd.to_datetime(["2024-12-31", "2025-12-31"])
    line = pd.DataFrame({"period_end": ends, "index": index, "value": [0.4, 0.5], "low": 0.1, "high": 0.9,
                         "customers": 5})  # fmt: skip
    exhibit = exhibits.over_time(line, setting=SETTING, index=index)
    units = {"top_10": "%", "gini": "index"}
    assert exhibit.measure.unit == units.get(index, "number of customers")
    assert exhibit.measure.period == "12 months each, ending 31 Dec 2024 to 31 Dec 2025"
    assert isinstance(exhibit.native, Categories)
    assert exhibit.native.names == ("Dec 2024", "Dec 2025")
    assert exhibit.native.series[0].values == (0.4, 0.5)
    assert exhibit.native.series[0].high == (0.9, 0.9)
    assert exhibits.over_time(line.tail(1), setting=SETTING, index=index).measure.period.endswith("ending 31 Dec 2025")
