"""Every exhibit of the shipped company in both languages: legible, and its chart in figures true to its table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from kamlib import exhibits, ledger, report
from kamlib.exhibits.native import FIGURES, Categories, Plane, Scale
from kamlib.plots.parts import NAME, shortened
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.exhibits import Exhibit

SCENARIOS = {"actual", "previous", "plan", "forecast"}
MOST_NAMES, MOST_POINTS = 20, 300  # a slide has no room for more bars; nobody edits more points

# Column of the table that each series of bars or lines shows, its rows in reading order.
SERIES = {
    "pareto": ("value", "cumulative_share"),
    "over_time": ("value",),
    "retention_budget": ("budget",),
    "retention_by_cohort": ("net", "gross"),
    "retention_by_segment": ("net", "gross"),
    "attention": ("share_of_margin", "share_of_contacts"),
    "concessions": ("change",),
}
# Column that the series of a stacked bar add up to.
STACKED = {"contributions": "expected_shortfall"} | {
    f"share_by_{by}": "value" for by in ("segment", "sector", "region", "owner")
}
STEPS = ("value", "revenue_bridge", "price_volume_mix")
# Columns of the points, and how many of the table's rows they are.
POINTS = {
    "lorenz": ("customers_share", "value_share"),
    "whale": ("customers_share", "cumulative_share"),
    "portfolio": ("position", "attractiveness"),
    "dependence": ("their_dependence", "share_of_margin"),
    "calibration": ("predicted", "observed"),
    "stake_matrix": ("p_loss", "loss"),
    "exposure_curve": ("loss", "probability"),
}


@pytest.fixture(scope="module", params=["en", "de"])
def shown(request: pytest.FixtureRequest, shipped_report: Callable[[str], report.Report]) -> dict[str, Exhibit]:
    """All exhibits of the company by key; with fixed costs, so that none is left out."""
    built = shipped_report(request.param)
    assert len(built.findings) == 3
    found = {exhibit.key: exhibit for exhibit in built.exhibits}
    assert len(found) == len(built.exhibits) >= 35
    return found


def categories(exhibit: Exhibit) -> Categories:
    assert isinstance(exhibit.native, Categories)
    return exhibit.native


def plane(exhibit: Exhibit) -> Plane:
    assert isinstance(exhibit.native, Plane)
    return exhibit.native


def filled(values: tuple[float | None, ...]) -> np.ndarray:
    return np.array([0.0 if value is None else value for value in values])


# --- legible ----------------------------------------------------------------------------------------------------------


def test_every_exhibit_is_legible(shown: dict[str, Exhibit], collisions: Callable[[Figure], list[str]]) -> None:
    for exhibit in shown.values():
        assert 20 < len(exhibit.message) < 200, exhibit.message
        assert "{" not in f"{exhibit.message} {exhibit.measure} {exhibit.note}"
        assert set(exhibit.columns) <= set(exhibit.table.columns) | {"kind"}
        if exhibit.draw is not None:
            figure = exhibit.chart().figure
            assert collisions(figure) == [], exhibit.key
            plt.close(figure)


def test_every_measure_states_object_unit_period_and_scenario(shown: dict[str, Exhibit]) -> None:
    for exhibit in shown.values():
        measure = exhibit.measure
        assert all((measure.what, measure.unit, measure.period, measure.scenario)), exhibit.key
        assert any(sign.isdigit() for sign in measure.period), exhibit.key
        kinds = {kind for _, kind in exhibit.columns.values()} if exhibit.draw is not None else set()
        assert "money" not in kinds or "EUR" in measure.unit or exhibit.key.startswith("retention_by"), exhibit.key
        assert str(measure).count(measure.unit) >= 1


# --- fit for a deck ---------------------------------------------------------------------------------------------------


def test_a_chart_is_there_in_figures_exactly_where_it_is_there_as_a_picture(shown: dict[str, Exhibit]) -> None:
    drawn = {key for key, exhibit in shown.items() if exhibit.draw is not None}
    assert drawn == {key for key, exhibit in shown.items() if exhibit.native is not None}
    waterfalls = {*STEPS, "stress", "break_even"}
    assert drawn == {*SERIES, *STACKED, *POINTS, *waterfalls, "migration"}, "a new chart needs its row above"


def test_bars_and_lines_are_such_that_powerpoint_keeps_them(shown: dict[str, Exhibit]) -> None:
    for key, exhibit in shown.items():
        chart = exhibit.native
        if not isinstance(chart, Categories):
            continue
        assert 0 < len(chart.names) == len(set(chart.names)) <= MOST_NAMES, key
        assert all(name.strip() == name != "" and len(name) <= 45 for name in chart.names), key
        assert len({one.name for one in chart.series}) == len(chart.series), key
        for one in chart.series:
            columns = [one.values, one.low, one.high, one.meaning if isinstance(one.meaning, tuple) else None]
            columns.append(one.labels if one.labels != FIGURES else None)
            assert {len(column) for column in columns if column is not None} == {len(chart.names)}, key
            figures = [value for column in (one.values, one.low, one.high) if column is not None for value in column]
            assert all(value is None or (type(value) is float and math.isfinite(value)) for value in figures), key
            meanings = one.meaning if isinstance(one.meaning, tuple) else (one.meaning,)
            invisible = chart.form == "waterfall" and one is chart.series[0]
            assert (meanings == ("",)) if invisible else (set(meanings) <= set(COLOURS)), key
            assert one.scenario in SCENARIOS
            assert one.name
            assert not one.line or chart.form in {"pareto", "line"}
        assert fits(chart.scale, [value for one in chart.series if not one.line for value in one.values]), key


def test_points_and_curves_are_such_that_powerpoint_keeps_them(shown: dict[str, Exhibit]) -> None:
    for key, exhibit in shown.items():
        chart = exhibit.native
        if not isinstance(chart, Plane):
            continue
        assert len({trace.size is None for trace in chart.traces}) == 1, key  # bubbles and lines don't mix
        for trace in chart.traces:
            columns = [trace.x, trace.y, trace.size, trace.labels, trace.low, trace.high]
            assert {len(column) for column in columns if column is not None} == {len(trace.x)}, key
            assert 0 < len(trace.x) <= MOST_POINTS
            for figures in (trace.x, trace.y, trace.size or (), trace.low or (), trace.high or ()):
                assert all(type(value) is float and math.isfinite(value) for value in figures), key
            assert trace.meaning in COLOURS
            assert trace.name
            assert fits(chart.x, trace.x), key
            assert fits(chart.y, trace.y), key
        assert chart.x.title, key
        assert chart.y.title, key


def fits(scale: Scale, figures: tuple[float | None, ...] | list[float | None]) -> bool:
    """Tell whether an axis holds all figures, and can bear them."""
    known = [value for value in figures if value is not None]
    assert scale.unit in {1, 10**3, 10**6, 10**9}
    if scale.log:
        assert scale.least is not None
        assert scale.least > 0
    low = scale.least is None or min(known, default=0.0) >= scale.least - 1e-9 * abs(scale.least)
    return low and (scale.most is None or max(known, default=0.0) <= scale.most * (1 + 1e-9))


# --- true to the table ------------------------------------------------------------------------------------------------


def names_of(exhibit: Exhibit) -> pd.Series[str]:
    """Return what rows are called on a chart."""
    column = exhibit.table["name" if "name" in exhibit.table else "group"]
    return column.map(lambda name: shortened(name, NAME))


@pytest.mark.parametrize("key", SERIES)
def test_bars_and_lines_show_the_columns_of_the_table(key: str, shown: dict[str, Exhibit]) -> None:
    exhibit, chart = shown[key], categories(shown[key])
    if "name" in exhibit.table:  # some charts have an order of their own
        rows = exhibit.table.set_index(names_of(exhibit)).loc[[*chart.names]]
    else:
        rows = exhibit.table
        assert len(rows) == len(chart.names)
    for one, column in zip(chart.series, SERIES[key], strict=True):
        assert list(one.values) == rows[column].tolist()
        for end, values in (("low", one.low), ("high", one.high)):
            if values is not None:
                assert list(values) == rows[end if key == "over_time" else f"{column}_{end}"].tolist()


@pytest.mark.parametrize("key", STACKED)
def test_stacked_bars_add_up_to_the_column_of_the_table(key: str, shown: dict[str, Exhibit]) -> None:
    exhibit, chart = shown[key], categories(shown[key])
    whole = exhibit.table[STACKED[key]].head(len(chart.names))
    assert list(chart.names) == names_of(exhibit).tolist()[: len(whole)]
    assert sum(filled(one.values) for one in chart.series) == pytest.approx(whole.to_numpy())
    assert all((filled(one.values) >= 0).all() for one in chart.series)
    if key.startswith("share_by"):
        largest = exhibit.table["value"] * exhibit.table["top_customer_share"]
        assert list(chart.series[0].values) == pytest.approx(largest.tolist())


def test_migration_counts_everybody_once(shown: dict[str, Exhibit]) -> None:
    cells, chart = shown["migration"].table, categories(shown["migration"])
    counts = np.array([filled(one.values) for one in chart.series])
    told = shown["migration"].words.text
    before, after = (
        cells.groupby(side)["customers"].sum().loc[["A", "B", "C", none]]
        for side, none in (("before", told("new")), ("after", told("gone")))
    )
    assert counts.sum(axis=0) == pytest.approx(before.to_numpy())
    assert counts.sum(axis=1) == pytest.approx(after.to_numpy())
    stayed = cells.loc[cells["before"] == cells["after"], "customers"].tolist()
    assert [counts[place, place] for place in range(3)] == stayed


@pytest.mark.parametrize("key", POINTS)
def test_points_are_rows_of_the_table(key: str, shown: dict[str, Exhibit]) -> None:
    exhibit, chart = shown[key], plane(shown[key])
    x, y = (exhibit.table[column].to_numpy() for column in POINTS[key])
    clipped = {"stake_matrix": (x.clip(0.001), y), "exposure_curve": (x, y.clip(0.001))}  # in logs there is no 0
    rows = set(zip(*(column.tolist() for column in clipped.get(key, (x, y))), strict=True))
    if key in {"lorenz", "whale"}:  # the curve itself; beside it stand marks
        line = next(trace for trace in chart.traces if trace.line == "solid" and trace.meaning == "actual")
        points = set(zip(line.x, line.y, strict=True))
        assert points - rows <= {(0.0, 0.0)}
        assert max(points) == max(rows)
        assert len(points) >= 0.7 * len(rows)
        return
    points = {point for trace in chart.traces if not trace.line for point in zip(trace.x, trace.y, strict=True)}
    if key == "stake_matrix":  # small accounts would crowd it
        rows = {(p, loss) for p, loss in rows if loss >= y.max() / 1000}
    assert points == {row for row in rows if not np.isnan(row).any()}


def test_bubbles_and_intervals_are_those_of_the_table(shown: dict[str, Exhibit]) -> None:
    matrix, curve = shown["portfolio"], shown["calibration"]
    places = matrix.table.set_index(["position", "attractiveness"])["revenue"]
    for trace in plane(matrix).traces:
        assert trace.size is not None
        assert list(trace.size) == places.loc[list(zip(trace.x, trace.y, strict=True))].tolist()
    points = plane(curve).traces[-1]
    assert (points.low, points.high) == tuple(tuple(curve.table[end].tolist()) for end in ("low", "high"))


# --- waterfalls -------------------------------------------------------------------------------------------------------


def reach(chart: Categories) -> tuple[np.ndarray, np.ndarray]:
    """Return from where to where each step is seen, by the rules of a stacked bar."""
    base, *parts = (filled(one.values) for one in chart.series)
    up = np.maximum(base, 0.0) + sum(np.maximum(part, 0.0) for part in parts)
    down = np.minimum(base, 0.0) + sum(np.minimum(part, 0.0) for part in parts)
    seen_up, seen_down = (any_of(parts, 1), any_of(parts, -1))
    return np.where(seen_down, down, np.maximum(base, 0.0)), np.where(seen_up, up, np.minimum(base, 0.0))


def any_of(parts: list[np.ndarray], sign: int) -> np.ndarray:
    return np.any([part * sign > 0 for part in parts], axis=0)


@pytest.mark.parametrize("key", STEPS)
def test_each_step_of_a_waterfall_reaches_from_its_start_to_its_end(key: str, shown: dict[str, Exhibit]) -> None:
    table, chart = shown[key].table, categories(shown[key])
    low, high = reach(chart)
    assert low == pytest.approx(table[["start", "end"]].min(axis=1).to_numpy(), abs=1e-6)
    assert high == pytest.approx(table[["start", "end"]].max(axis=1).to_numpy(), abs=1e-6)
    assert high - low == pytest.approx(table["amount"].abs().to_numpy(), abs=1e-6)
    assert list(chart.names) == table["step"].tolist()
    meanings = np.array(chart.series[1].meaning)
    assert (meanings[(table["kind"] == "change") & (table["amount"] < 0)] == "bad").all()
    assert (meanings[(table["kind"] == "change") & (table["amount"] > 0)] == "good").all()


def test_the_period_before_is_lighter(shown: dict[str, Exhibit]) -> None:
    assert categories(shown["revenue_bridge"]).series[1].meaning[0] == "previous"


def test_losses_lead_from_the_result_to_what_is_left(shown: dict[str, Exhibit]) -> None:
    stress, even = shown["stress"], shown["break_even"]
    worst = stress.table.iloc[0]
    low, high = reach(categories(stress))
    assert high.tolist() == pytest.approx(
        [worst["result"] + worst["loss"], worst["result"] + worst["loss"], worst["result"]]
    )
    assert low.tolist() == pytest.approx([0.0, worst["result"], 0.0])
    low, high = reach(categories(even))
    assert (high - low)[1:-1].sum() == pytest.approx(even.table["loss"].sum())
    assert high[0] - even.table["loss"].sum() == pytest.approx(low[-1] or high[-1])


# --- the same as the picture ------------------------------------------------------------------------------------------


def test_bars_on_their_side_have_the_names_of_the_picture(shown: dict[str, Exhibit]) -> None:
    compared = 0
    for key, exhibit in shown.items():
        chart = exhibit.native
        if not isinstance(chart, Categories) or chart.upright or key == "migration":
            continue
        assert exhibit.draw is not None
        ax = exhibit.draw(Figure().add_subplot())
        assert [label.get_text() for label in ax.get_yticklabels()] == list(chart.names), key
        compared += 1
    assert compared >= 10


def test_figures_on_a_waterfall_are_those_of_the_picture(shown: dict[str, Exhibit]) -> None:
    for key in (*STEPS, "stress", "break_even"):
        exhibit = shown[key]
        assert exhibit.draw is not None
        drawn = [text.get_text() for text in exhibit.draw(Figure().add_subplot()).texts]
        told = [label for one in categories(exhibit).series[1:] for label in one.labels or () if label]
        assert len(told) == len(categories(exhibit).names)
        assert set(told) <= set(drawn), key


@pytest.mark.parametrize("family", ["share_by_", "retention_by_"])
def test_charts_to_be_compared_share_their_scale(family: str, shown: dict[str, Exhibit]) -> None:
    members = [exhibit for key, exhibit in shown.items() if key.startswith(family)]
    assert len(members) >= 2
    assert len({categories(exhibit).scale.most for exhibit in members}) == 1
    limits = set()
    for exhibit in members:
        assert exhibit.draw is not None
        limits.add(exhibit.draw(Figure().add_subplot()).get_xlim())
    assert len(limits) == 1


# --- three customers --------------------------------------------------------------------------------------------------


def test_three_customers_have_charts_in_figures_too() -> None:
    rows = [
        (customer, day, size * (1 + 0.1 * (place % 3)))
        for customer, size, every in (("C1", 600.0, 20), ("C2", 300.0, 40), ("C3", 100.0, 90))
        for place, day in enumerate(pd.date_range("2023-01-05", "2025-12-20", freq=f"{every}D"))
    ]
    table = pd.DataFrame(rows, columns=["customer", "date", "revenue"])
    table["cost"] = table["revenue"] * np.where(table["customer"] == "C3", 1.1, 0.7)
    sales = ledger.read(table)
    built = report.build(sales, as_of=sales.last_day, fixed_costs=100.0)
    charts = {exhibit.key: exhibit.native for exhibit in built.exhibits if exhibit.draw is not None}
    assert {"pareto", "lorenz", "whale", "portfolio", "exposure_curve", "stress", "retention_budget"} <= set(charts)
    assert None not in charts.values()
    pareto = charts["pareto"]
    assert isinstance(pareto, Categories)
    assert pareto.names == ("C1", "C2", "C3")
    assert exhibits.Setting(sales.last_day).money == "currency units"
