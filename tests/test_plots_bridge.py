"""The charts of what moved: steps as a waterfall, retention, concessions, and the path of a price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.dates import num2date

from kamlib import checks, plots
from kamlib.style import COLOURS, Words

DE = Words("de", currency="EUR")
MINUS = "\N{MINUS SIGN}"


def labels(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts]


def rows(ax: Any) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


# ---- waterfall ----

STEPS = pd.DataFrame(
    [
        ("Before", "previous", 5.0e6, 0.0, 5.0e6),
        ("Lost", "change", -1.5e6, 5.0e6, 3.5e6),
        ("Won back", "change", 0.0, 3.5e6, 3.5e6),
        ("New", "change", 0.2e6, 3.5e6, 3.7e6),
        ("Now", "level", 3.7e6, 0.0, 3.7e6),
    ],
    columns=["step", "kind", "amount", "start", "end"],
)


def test_waterfall_bars_go_from_start_to_end_from_top_to_bottom() -> None:
    ax = plots.waterfall(STEPS)
    bars = ax.containers[0]
    assert [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars] == [
        (0, 5.0e6), (5.0e6, 3.5e6), (3.5e6, 3.5e6), (3.5e6, 3.7e6), (0, 3.7e6),
    ]  # fmt: skip
    assert rows(ax) == ["Before", "Lost", "Won back", "New", "Now"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    colours = [to_hex(bar.get_facecolor()) for bar in bars]
    assert colours[:2] == [COLOURS["previous"], COLOURS["bad"]]
    assert colours[3:] == [COLOURS["good"], COLOURS["actual"]]


def test_a_waterfall_of_a_forecast_is_hatched_in_the_same_colours() -> None:
    bars = plots.waterfall(STEPS, scenario="forecast").containers[0]
    assert all(bar.get_hatch() for bar in bars)
    assert {to_hex(bar.get_facecolor()) for bar in bars} == {COLOURS["paper"]}
    solid = plots.waterfall(STEPS).containers[0]
    assert [to_hex(bar.get_edgecolor()) for bar in bars] == [to_hex(bar.get_facecolor()) for bar in solid]
    assert not any(bar.get_hatch() for bar in solid)
    with pytest.raises(checks.KamlibError, match="scenario must be one of 'actual', 'previous', 'plan', 'forecast'"):
        plots.waterfall(STEPS, scenario="budget")


def test_waterfall_connects_the_end_of_each_step_with_the_next() -> None:
    ax = plots.waterfall(STEPS)
    segments = ax.collections[0].get_segments()
    assert [segment.tolist() for segment in segments] == [
        [[5.0e6, 0], [5.0e6, 1]], [[3.5e6, 1], [3.5e6, 2]], [[3.5e6, 2], [3.5e6, 3]], [[3.7e6, 3], [3.7e6, 4]],
    ]  # fmt: skip


def test_waterfall_labels_are_in_one_unit_with_signs_on_changes() -> None:
    assert labels(plots.waterfall(STEPS, words=DE)) == ["5,0", f"{MINUS}1,5", "0,0", "+0,2", "3,7", "Mio. EUR"]
    colours = {text.get_text(): text.get_color() for text in plots.waterfall(STEPS).texts}
    assert colours[f"{MINUS}1.5"] == COLOURS["bad"]
    assert colours["+0.2"] == COLOURS["good"]
    assert colours["0.0"] == COLOURS["note"]


def test_waterfall_has_decimals_for_small_steps_and_none_for_small_amounts() -> None:
    small = STEPS.assign(amount=[5.0e6, -1.5e6, 0.0, 0.04e6, 3.54e6])
    assert labels(plots.waterfall(small))[3] == "+0.04"
    figures = STEPS[["amount", "start", "end"]] / 1e4
    assert labels(plots.waterfall(STEPS.assign(**figures))) == ["500", f"{MINUS}150", "0", "+20", "370", ""]


def test_waterfall_goes_below_zero() -> None:
    steps = pd.DataFrame(
        [
            ("Revenue", "level", 100.0, 0.0, 100.0),
            ("Cost", "change", -130.0, 100.0, -30.0),
            ("Margin", "level", -30.0, 0.0, -30.0),
        ],
        columns=["step", "kind", "amount", "start", "end"],
    )
    ax = plots.waterfall(steps)
    assert ax.get_xlim() == (-30, 100)
    assert ax.containers[0][2].get_width() == -30
    places = {text.get_text(): text.xy for text in ax.texts}
    assert places[f"{MINUS}30"] == (0, 2)  # right of its bar
    assert places[f"{MINUS}130"] == (100, 1)
    zero = ax.lines[0]
    assert list(zero.get_xdata()) == [0, 0]


def test_waterfall_may_start_from_nothing() -> None:
    ax = plots.waterfall(STEPS.iloc[[1]].assign(start=0.0, end=-1.5e6))
    assert ax.get_xlim() == (-1.5e6, 1.0)


def test_waterfall_refuses_other_kinds_and_missing_amounts() -> None:
    with pytest.raises(checks.KamlibError, match="kind must be one of 'level', 'previous', 'change'; got 'total'"):
        plots.waterfall(STEPS.assign(kind="total"))
    with pytest.raises(checks.KamlibError, match="amount has 1 missing"):
        plots.waterfall(STEPS.assign(amount=[1.0, np.nan, 1, 1, 1]))


# ---- retention ----

KEPT = pd.DataFrame(
    {
        "net": [1.1, 0.7],
        "net_low": [1.0, 0.5],
        "net_high": [1.3, 4.0],
        "gross": [0.9, 0.6],
        "gross_low": [0.85, 0.4],
        "gross_high": [0.95, 0.8],
    },
    index=pd.Index(["Chemie", ""], name="group"),
)


def test_retention_dots_and_whiskers() -> None:
    ax = plots.retention(KEPT, words=DE)
    net, gross = (line for line in ax.lines if line.get_marker() == "o")
    assert list(net.get_xdata()) == [1.1, 0.7]
    assert list(gross.get_xdata()) == [0.9, 0.6]
    assert all(above < below for above, below in zip(net.get_ydata(), gross.get_ydata(), strict=True))
    whiskers = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert whiskers == [[1.0, 1.3], [0.5, 4.0], [0.85, 0.95], [0.4, 0.8]]
    assert labels(ax) == ["netto", "110\xa0%", "70\xa0%", "brutto", "90\xa0%", "60\xa0%"]
    assert rows(ax) == ["Chemie", "ohne Angabe"]


def test_retention_marks_100_percent_and_a_wide_interval_does_not_squeeze_the_rest() -> None:
    ax = plots.retention(KEPT)
    hundred = ax.lines[-1]
    assert list(hundred.get_xdata()) == [1, 1]
    assert ax.get_xlim()[0] < 0.4
    assert 1.5 < ax.get_xlim()[1] < 1.6  # the interval up to 400 % ends at the rim


def test_retention_of_charts_to_be_compared_has_the_same_axis() -> None:
    limits = {plots.retention(KEPT.head(n), least=0.4, most=1.5).get_xlim() for n in (1, 2)}
    assert limits == {(0.4, 1.5)}
    assert all(0.4 <= tick <= 1.5 for tick in plots.retention(KEPT, least=0.4, most=1.5).get_xticks())


def test_retention_of_few_groups_of_many() -> None:
    ax = plots.retention(KEPT, top=1, words=DE)
    assert rows(ax) == ["Chemie"]
    assert ax.get_xlabel().endswith("(1 von 2 Gruppen)")
    everybody = KEPT.head(1).set_axis(["all"])
    assert rows(plots.retention(everybody, words=DE)) == ["alle Kunden"]


# ---- concessions ----

GIVEN = pd.DataFrame(
    {
        "name": ["Huber", "Meier", "Kurz", "Rossi"],
        "verdict": ["unclear", "no_more_volume", "no_concession", "more_volume"],
        "change": [-0.01, -0.042, np.nan, -0.035],
        "change_low": [-0.02, -0.045, np.nan, -0.04],
        "change_high": [0.005, -0.04, np.nan, -0.03],
        "cost_a_year": [7_000.0, 44_000.0, np.nan, 39_000.0],
    }
)


def test_concessions_are_sorted_and_coloured_by_verdict() -> None:
    ax = plots.concessions(GIVEN)
    assert rows(ax) == ["Meier", "Rossi", "Huber"]
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([-4.2, -3.5, -1.0])
    colours = [to_hex(bar.get_facecolor()) for bar in ax.containers[0]]
    assert colours == [COLOURS["bad"], COLOURS["good"], COLOURS["note"]]
    intervals = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert np.array(intervals) == pytest.approx(np.array([[-4.5, -4.0], [-4.0, -3.0], [-2.0, 0.5]]))
    left, right = ax.get_xlim()
    assert left < -4.5
    assert right >= 0.5


def test_concessions_say_points_cost_and_verdict() -> None:
    assert labels(plots.concessions(GIVEN)) == [
        f"{MINUS}4.2",
        "44,000 a year, no clear gain in volume",
        f"{MINUS}3.5",
        "39,000 a year, more volume",
        f"{MINUS}1.0",
        "7,000 a year, volume unclear",
        "points of list price",
    ]
    assert labels(plots.concessions(GIVEN, words=DE))[1].startswith("44.000\xa0EUR im Jahr, ")


def test_concessions_of_which_some_are_left_out() -> None:
    ax = plots.concessions(GIVEN, top=2, words=DE)
    assert rows(ax) == ["Meier", "Rossi"]
    assert ax.get_xlabel() == "die 2 größten von 3 Preiszugeständnissen"
    assert plots.concessions(GIVEN).get_xlabel() == ""


def test_no_concession_is_nothing_to_draw() -> None:
    with pytest.raises(checks.KamlibError, match="no account with a concession"):
        plots.concessions(GIVEN.iloc[[2]])


def test_an_unknown_verdict_is_refused() -> None:
    with pytest.raises(checks.KamlibError, match="verdict must be one of"):
        plots.concessions(GIVEN.assign(verdict="lost"))


# ---- the path of a price ----


def monthly(prices: list[float]) -> pd.DataFrame:
    ends = pd.date_range("2024-01-31", periods=len(prices), freq="ME")
    return pd.DataFrame({"account": "7", "period_end": ends, "realisation": prices})


PATH = [0.90, 0.91, np.nan, 0.90, 0.86, 0.86]
STEP = {"since": "2024-05-01", "realisation_before": 0.90, "change": -0.04, "drift": 0.12}


def days(line: Any) -> list[str]:
    return [str(num2date(x).date()) for x in line.get_xdata(orig=False)]


def test_price_path_is_a_line_of_the_months_that_are_known() -> None:
    ax = plots.price_path(monthly(PATH))
    (line,) = ax.lines
    assert list(line.get_ydata()) == [0.90, 0.91, 0.90, 0.86, 0.86]
    assert days(line)[:3] == ["2024-01-31", "2024-02-29", "2024-04-30"]
    assert to_hex(line.get_color()) == COLOURS["actual"]
    assert labels(ax) == ["90.0%", "86.0%"]
    low, high = ax.get_ylim()
    assert low < 0.86 < 0.91 < high
    assert low > 0.8


def test_price_path_marks_the_levels_with_their_drift() -> None:
    # 12 points a year are 12 / 365.25 a day: 91 days before the step 2.99 points less, 60 days after it 1.97 more.
    ax = plots.price_path(monthly(PATH), step=STEP, words=DE)
    path, before, after, drop = ax.lines
    assert to_hex(path.get_color()) == COLOURS["previous"]
    assert list(before.get_ydata()) == pytest.approx([0.90 - 0.12 * 91 / 365.25, 0.90])
    assert list(after.get_ydata()) == pytest.approx([0.86, 0.86 + 0.12 * 60 / 365.25])
    assert days(before) == ["2024-01-31", "2024-05-01"]
    assert days(after) == ["2024-05-01", "2024-06-30"]
    assert list(drop.get_ydata()) == pytest.approx([0.86, 0.90])
    assert labels(ax) == ["87,0\xa0%", f"{MINUS}4,0 Punkte seit Mai 2024", "88,0\xa0%"]


def test_price_path_names_the_month_that_a_period_stands_for() -> None:
    # Periods that end on the 30th begin on the 31st: the one from 31 December on is January.
    ax = plots.price_path(monthly(PATH), step=STEP | {"since": pd.Timestamp("2024-03-31")})
    assert f"{MINUS}4.0 points since Apr 2024" in labels(ax)


def test_price_path_without_a_concession_has_no_marks() -> None:
    none = pd.Series({"since": pd.NaT, "realisation_before": np.nan, "change": np.nan, "drift": np.nan})
    assert len(plots.price_path(monthly(PATH), step=none).lines) == 1
    level = pd.Series(STEP).drop("drift")
    assert list(plots.price_path(monthly(PATH), step=level).lines[1].get_ydata()) == [0.90, 0.90]


def test_price_path_wants_one_account_with_a_price() -> None:
    two = pd.concat([monthly(PATH), monthly(PATH).assign(account="8")])
    with pytest.raises(checks.KamlibError, match="monthly has 2 accounts; choose the rows of one"):
        plots.price_path(two)
    with pytest.raises(checks.KamlibError, match="no month with a realisation"):
        plots.price_path(monthly([np.nan, np.nan]))


def test_price_path_of_one_month_has_one_label() -> None:
    assert labels(plots.price_path(monthly([0.9]))) == ["90.0%"]
