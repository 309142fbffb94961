"""The linter lets every exhibit of ours pass, and catches what is wrong in an exhibit by the name of the rule."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Wedge

from kamlib import exhibits, ledger, plots, report, style
from kamlib.checks import KamlibError
from kamlib.exhibits import Exhibit, Measure
from kamlib.exhibits.checking import RULES, Fault, Faults, check_all
from kamlib.exhibits.native import FIGURES, Categories, Plane, Scale, Series, Trace
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


EN = Words("en", currency="EUR")
DE = Words("de", currency="EUR")
NAMES = ("Huber Maschinenbau", "Lindqvist AB", "Okafor Ltd")
VALUES = (3_000_000.0, 2_000_000.0, 500_000.0)

# --- what is right ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_exhibit_of_the_shipped_company_passes(
    language: str, shipped_report: Callable[[str], report.Report]
) -> None:
    company = shipped_report(language).exhibits
    assert len(company) > 35
    assert check_all(company) == []


def test_every_exhibit_of_a_public_ledger_passes(shared_data: Path) -> None:
    sales = ledger.read(shared_data / "online_retail_2011.parquet")
    made = report.build(sales, as_of=sales.last_day).exhibits
    assert len(made) > 15
    assert check_all(made) == []


def test_every_exhibit_of_three_customers_passes() -> None:
    months = pd.date_range("2024-01-15", "2025-12-15", freq="MS")
    rows = [(name, month, size) for name, size in zip(NAMES, VALUES, strict=True) for month in months]
    sales = ledger.read(pd.DataFrame(rows, columns=["customer", "date", "revenue"]))
    made = report.build(sales, as_of=sales.last_day).exhibits
    assert len(made) > 5
    assert check_all(made) == []


# --- one right exhibit of each form, from which the wrong ones are made by one change ---------------------------------


def drawn(  # one function, so that a wrong chart differs in one argument
    ax: Axes,
    *,
    values: tuple[float, ...] = VALUES,
    names: tuple[str, ...] = NAMES,
    colours: Any = COLOURS["actual"],
    scenario: str = "actual",
    labels: bool = True,
    size: float = 0.0,
) -> Axes:
    """Draw horizontal bars with their figures, as the plots do."""
    places = np.arange(len(values))
    ax.barh(places, values, height=0.6, **style.pattern(scenario, colours))
    for place, value in zip(places, values, strict=True):
        font = {"fontsize": size or style.small(), "va": "center"}
        ax.annotate(EN.amount(value) if labels else "", (value, place), (5, 0), textcoords="offset points", **font)
    ax.set_yticks(places, names)
    ax.set(xticks=[], xlim=(0, 1.6 * max(values)), ylim=(len(values) - 0.5, -0.5))
    ax.spines["bottom"].set_visible(False)
    return ax


def bars(**changed: Any) -> Exhibit:
    """Return a right exhibit with bars; ``changed`` are the arguments of its drawing."""
    return Exhibit(
        key="margin_by_account",
        message="Huber Maschinenbau brings EUR 3.00 million, more than both others together",
        measure=Measure("Customers by net revenue", "EUR", "1 Jan 2025 to 31 Dec 2025", "actual"),
        table=pd.DataFrame({"name": NAMES, "value": VALUES}),
        columns={"name": ("Customer", "text"), "value": ("Revenue", "money")},
        note="Companies of one group count as one customer.",
        words=EN,
        draw=lambda ax: drawn(ax, **changed),
        native=Categories("bar", NAMES, (Series("Revenue", VALUES, labels=FIGURES),), Scale("money", unit=10**6)),
    )


def measured(exhibit: Exhibit, **changed: str) -> Exhibit:
    """Return the exhibit with other words in its measure."""
    return replace(exhibit, measure=replace(exhibit.measure, **changed))


def figured(exhibit: Exhibit, **changed: Any) -> Exhibit:
    """Return the exhibit with a changed chart in figures."""
    assert isinstance(exhibit.native, (Categories, Plane))
    return replace(exhibit, native=replace(exhibit.native, **changed))


def series(**changed: Any) -> tuple[Series, ...]:
    return (replace(Series("Revenue", VALUES, labels=FIGURES), **changed),)


def forecast() -> Exhibit:
    return figured(measured(bars(scenario="forecast"), scenario="forecast"), series=series(scenario="forecast"))


def plan() -> Exhibit:
    return figured(measured(bars(scenario="plan"), scenario="plan"), series=series(scenario="plan"))


STEPS = pd.DataFrame(
    [
        ("before", "previous", 3e6, 0.0, 3e6),
        ("lost", "change", -1e6, 3e6, 2e6),
        ("new", "change", 5e5, 2e6, 2.5e6),
        ("now", "level", 2.5e6, 0.0, 2.5e6),
    ],
    columns=["step", "kind", "amount", "start", "end"],
)


def waterfall(steps: pd.DataFrame = STEPS, **colours: str) -> Exhibit:
    """Return a right waterfall; ``colours`` has others for the bars of a sign."""

    def draw(ax: Axes) -> Axes:
        plots.waterfall(steps, ax=ax, words=EN)
        for bar in ax.patches:
            sign = "bad" if bar.get_width() < 0 else "good"
            if sign in colours and bar.get_x():
                bar.set_facecolor(COLOURS[colours[sign]])
        return ax

    native = Categories(
        "waterfall",
        tuple(steps["step"]),
        (
            Series("held up by", (0.0, 2e6, 2e6, 0.0), meaning=""),
            Series("Amount", (3e6, 1e6, 5e5, 2.5e6), meaning=("previous", "bad", "good", "actual"), labels=FIGURES),
        ),
        Scale("money", "EUR million", 10**6),
    )
    columns = {"step": ("Step", "text"), "amount": ("Revenue", "money")}
    right = replace(bars(), key="bridge", table=steps, columns=columns, draw=draw, native=native)
    return measured(right, scenario="actual against the period before")


def line(**changed: Any) -> Exhibit:
    """Return a right exhibit over time; ``changed`` is set on its axes."""
    ends = pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"])
    table = pd.DataFrame({"period_end": ends, "value": [0.4, 0.5, 0.6], "low": [0.3] * 3, "high": [0.7] * 3})

    def draw(ax: Axes) -> Axes:
        plots.over_time(table, index="top_10", ax=ax, words=EN)
        ax.set(**changed)
        return ax

    names = ("Dec 2023", "Dec 2024", "Dec 2025")
    native = Categories("line", names, (Series("Share", (0.4, 0.5, 0.6), line=True),), Scale("percent"), upright=True)
    columns = {"period_end": ("Period ending", "date"), "value": ("Share", "percent")}
    return measured(replace(bars(), key="over_time", table=table, columns=columns, draw=draw, native=native), unit="%")


def points() -> Exhibit:
    """Return a right exhibit of points in the plane."""

    def draw(ax: Axes) -> Axes:
        ax.scatter([0.1, 0.2, 0.3], [0.3, 0.1, 0.2], color=COLOURS["actual"])
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_ticks([0.1, 0.3], ["10%", "30%"])
        return ax

    native = Plane((Trace("accounts", (0.1, 0.2, 0.3), (0.3, 0.1, 0.2)),), Scale("percent"), Scale("percent"))
    return measured(replace(bars(), key="points", draw=draw, native=native), unit="%")


def told(exhibit: Exhibit, act: Callable[[Axes], Any]) -> Exhibit:
    """Return the exhibit with something done to its axes after they were drawn."""

    def draw(ax: Axes) -> Axes:
        assert exhibit.draw is not None
        exhibit.draw(ax)
        act(ax)
        return ax

    return replace(exhibit, draw=draw)


@pytest.mark.parametrize("right", [bars, forecast, plan, waterfall, line, points])
def test_a_right_exhibit_of_each_form_passes(right: Callable[[], Exhibit]) -> None:
    assert exhibits.check(right()) == []


# --- what is wrong ----------------------------------------------------------------------------------------------------

MANY = tuple(f"Customer {n}" for n in range(21))
FALLING = tuple(float(value) for value in range(42, 21, -1))


def many() -> Exhibit:
    figures = Categories("bar", MANY, (Series("Revenue", FALLING, labels=FIGURES),), Scale("money"))
    return replace(bars(values=FALLING, names=MANY), native=figures)


def twin(ax: Axes) -> None:
    ax.twinx().plot([0, 1], [0, 1], color=COLOURS["highlight"])


def pie(ax: Axes) -> None:
    ax.add_patch(Wedge((0, 0), 1, 0, 90, facecolor=COLOURS["actual"], lw=0))


def frame(ax: Axes) -> None:
    ax.spines[:].set_visible(True)


def thousands(ax: Axes) -> None:
    ax.set_xticks([1e6, 2e6], ["1,000", "2,000"])


def years_to_the_left() -> Exhibit:
    years = ("2025", "2024", "2023")

    def draw(ax: Axes) -> Axes:
        ax.bar([0, 1, 2], VALUES, **style.pattern("actual"))
        for place, value in enumerate(VALUES):
            ax.annotate(EN.amount(value), (place, value), ha="center", fontsize=style.small())
        ax.set_xticks([0, 1, 2], years)
        ax.set(yticks=[], ylim=(0, 4e6))
        return ax

    return replace(figured(bars(), names=years, upright=True), draw=draw)


def upwards(ax: Axes) -> Axes:
    ax.plot([0.4, 0.5, 0.6], pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"]), color=COLOURS["actual"])
    return ax


def falling_below_0() -> Exhibit:
    """Return a right exhibit with bars to the left, the longest first."""
    below = tuple(-value for value in VALUES)

    def draw(ax: Axes) -> Axes:
        drawn(ax, values=below, labels=False)
        ax.set(xticks=[-2e6, 0], xticklabels=["EUR -2 million", "0"], xlim=(-4e6, 1e6))
        return ax

    return replace(figured(bars(), series=series(values=below)), draw=draw)


def each(kinds: list[str], values: list[Any]) -> Exhibit:
    """Return an exhibit whose rows are written each in its own kind."""
    table = pd.DataFrame({"name": NAMES, "kind": kinds, "value": pd.Series(values, dtype=object)})
    return replace(bars(), table=table, columns={"name": ("Customer", "text"), "value": ("Value", "each")})


def unsorted(values: tuple[float, ...]) -> Exhibit:
    """Return an exhibit whose picture alone is sorted."""
    count = len(values)
    table = pd.DataFrame({"name": NAMES[:count], "value": values})
    return replace(
        figured(bars(), names=NAMES[:count], series=series(values=values)),
        table=table,
        draw=lambda ax: drawn(ax, values=VALUES[:count], names=NAMES[:count]),
    )


def trace(**changed: Any) -> Exhibit:
    """Return an exhibit of three points with something changed in their trace."""
    right = Trace("accounts", (0.1, 0.2, 0.3), (0.3, 0.1, 0.2), low=(0.2, 0.1, 0.1), high=(0.4, 0.2, 0.3))
    return figured(points(), traces=(replace(right, **changed),))


WRONG: dict[str, Callable[[], Exhibit]] = {
    "message_says_something": lambda: replace(bars(), message=""),
    "message_says_something, a heading": lambda: replace(bars(), message="Net revenue"),
    "one_message": lambda: replace(bars(), message="Huber brings most of the revenue. Lindqvist brings less than that"),
    "message_fits": lambda: replace(bars(), message="Huber brings more than both of the others do together " * 5),
    "note_is_there": lambda: replace(bars(), note=" "),
    "measure_is_whole, unit": lambda: measured(bars(), unit=""),
    "measure_is_whole, period": lambda: measured(bars(), period=" "),
    "measure_is_whole, bare text": lambda: replace(bars(), measure="Net revenue, EUR"),
    "kinds": lambda: replace(bars(), columns={"name": ("Customer", "text"), "value": ("Revenue", "dollars")}),
    "kinds, text as money": lambda: replace(bars(), columns={"name": ("Customer", "money")}),
    "kinds, no such column": lambda: replace(bars(), columns={"share": ("Share", "percent")}),
    "kinds, text among figures": lambda: each(["money"] * 3, [3e6, "2", 5e5]),
    "kinds, the second of each": lambda: each(["money", "nonsense", "text"], [3e6, 2e6, "a half"]),
    "kinds, the second of each, where nothing is": lambda: each(["money", "nonsense", "text"], [3e6, None, "a half"]),
    "kinds, each without a kind": lambda: replace(bars(), columns={"value": ("Value", "each")}),
    "kinds, text as a day": lambda: replace(bars(), columns={"name": ("Customer", "date")}),
    "scenario_shows, solid forecast": lambda: replace(forecast(), draw=bars().draw),
    "scenario_shows, solid plan": lambda: replace(plan(), draw=bars().draw),
    "scenario_shows, hatched actual": lambda: bars(scenario="forecast"),
    "scenario_shows, outlined actual": lambda: bars(scenario="plan"),
    "scenario_shows, one solid in a forecast": lambda: told(
        forecast(), lambda ax: ax.patches[1].set(hatch=None, facecolor=COLOURS["actual"])
    ),
    "scenario_shows, one solid in a plan": lambda: told(
        plan(), lambda ax: ax.patches[1].set_facecolor(COLOURS["actual"])
    ),
    "scenario_shows, one hatched actual": lambda: told(bars(), lambda ax: ax.patches[1].set_hatch("///")),
    "scenario_shows, dark period before": lambda: waterfall(STEPS.replace({"kind": {"previous": "level"}})),
    "known_colours": lambda: bars(colours="tab:blue"),
    "known_colours, a rainbow": lambda: replace(
        many(),
        draw=lambda ax: drawn(ax, values=FALLING[:6], names=MANY[:6], colours=[*list(COLOURS.values())[:6]]),
        native=Categories("bar", MANY[:6], series(values=FALLING[:6]), Scale("money")),
    ),
    "good_and_bad, a fall in green": lambda: waterfall(bad="good"),
    "good_and_bad, a rise in red": lambda: waterfall(good="bad"),
    "unit_is_named": lambda: told(bars(), thousands),
    "time_to_the_right": lambda: told(line(), lambda ax: ax.invert_xaxis()),
    "time_to_the_right, upwards": lambda: replace(line(), draw=upwards),
    "time_to_the_right, columns": years_to_the_left,
    "no_legend": lambda: told(points(), lambda ax: ax.legend(["accounts"])),
    "native_is_there, no figures": lambda: replace(bars(), native=None),
    "native_is_there, no picture": lambda: replace(bars(), draw=None),
    "native_agrees": lambda: replace(bars(), draw=lambda ax: drawn(ax, values=VALUES[:2], names=NAMES[:2])),
    "native_agrees, points": lambda: figured(points(), traces=(Trace("accounts", (0.1, 0.2), (0.3, 0.1)),)),
    "native_kinds, a colour": lambda: figured(bars(), series=series(meaning="blue")),
    "native_kinds, a colour of one bar": lambda: figured(bars(), series=series(meaning=("actual", "blue", "actual"))),
    "native_kinds, a line without a colour": lambda: figured(line(), series=(
        Series("Share", (0.4, 0.5, 0.6), meaning="", line=True),)),
    "native_kinds, a colour of points": lambda: trace(meaning="blue"),
    "native_kinds, a scenario": lambda: figured(bars(), series=series(scenario="budget")),
    "native_kinds, a form": lambda: figured(bars(), form="pie"),
    "native_kinds, of figures": lambda: figured(bars(), scale=Scale("dollars")),
    "native_kinds, text": lambda: figured(points(), y=Scale("text")),
    "native_kinds, of the second axis": lambda: figured(bars(), second=Scale("dollars")),
    "native_kinds, a unit": lambda: figured(bars(), scale=Scale("money", unit=10**4)),
    "native_scenario": lambda: replace(forecast(), native=bars().native),
    "native_scenario, planned actual": lambda: figured(bars(), series=series(scenario="plan")),
    "large_enough": lambda: bars(size=9.0),
    "texts_apart": lambda: told(bars(), lambda ax: ax.annotate("EUR 3", (3e6, 0), (9, 0), textcoords="offset points")),
    "room_for_the_chart, wide names": lambda: told(
        bars(names=tuple(f"{name}, {'with a firm for each of its towns, ' * 3}"[:100] for name in NAMES)),
        lambda ax: ax.set_xlim(0, 2e7),
    ),
    "room_for_the_chart": lambda: replace(bars(), note="Every assumption that was ever made is told here. " * 40),
    "table_carries_the_chart": lambda: replace(bars(), table=bars().table.head(0)),
    "bars_from_zero": lambda: told(bars(), lambda ax: ax.set_xlim(4e5, 5e6)),
    "bars_from_zero, cut off": lambda: told(bars(), lambda ax: ax.set_xlim(0, 2.5e6)),
    "bars_from_zero, cut off on the left": lambda: told(falling_below_0(), lambda ax: ax.set_xlim(-2.5e6, 1e6)),
    "bars_from_zero, log": lambda: told(bars(), lambda ax: ax.set(xscale="log", xlim=(1e5, 5e6))),
    "one_axis_of_figures": lambda: told(line(), twin),
    "fitting_chart": lambda: told(points(), pie),
    "few_categories": many,
    "precision": lambda: replace(bars(), message="Huber brings EUR 3,000,000.27, more than the others together"),
    "precision, decimals": lambda: replace(bars(), message="Huber brings a share of 54.54545 of all the revenue"),
    "precision, four decimals": lambda: replace(bars(), message="Huber brings a share of 0.5454 of all the revenue"),
    "labels_at_bars": lambda: bars(labels=False),
    "no_frame": lambda: told(bars(), frame),
    "no_frame, a ground": lambda: told(bars(), lambda ax: ax.set_facecolor(COLOURS["quiet"])),
    "native_labels": lambda: figured(bars(), series=series(labels=None)),
    "headings": lambda: replace(bars(), columns={"name": ("Customer", "text"), "value": ("", "money")}),
    "headings, doubled": lambda: replace(bars(), columns={"name": ("Revenue", "text"), "value": ("Revenue", "money")}),
    "sorted_bars": lambda: bars(values=VALUES[::-1], names=NAMES[::-1]),
    "native_is_sound, doubled": lambda: figured(bars(), names=("Huber", "Huber", "Okafor")),
    "native_is_sound, empty": lambda: figured(bars(), names=("Huber", " ", "Okafor")),
    "native_is_sound, no number": lambda: figured(bars(), series=series(values=(3e6, float("nan"), 5e5))),
    "native_is_sound, too short": lambda: figured(bars(), series=series(values=VALUES[:2])),
    "native_is_sound, a meaning too few": lambda: figured(bars(), series=series(meaning=("actual", "actual"))),
    "native_is_sound, an interval too short": lambda: figured(bars(), series=series(low=VALUES[:2], high=VALUES)),
    "native_is_sound, an interval of no number": lambda: figured(
        bars(), series=series(low=VALUES, high=(4e6, float("nan"), 1e6))
    ),
    "native_is_sound, half an interval": lambda: figured(bars(), series=series(low=VALUES)),
    "native_is_sound, a point without a place": lambda: trace(y=(0.3, None, 0.2)),
    "native_is_sound, a point too few": lambda: trace(y=(0.3, 0.1)),
    "native_is_sound, a size below 0": lambda: trace(size=(1.0, -1.0, 1.0)),
    "native_is_sound, a label too few": lambda: trace(labels=("a", "b")),
    "native_is_sound, half an interval of points": lambda: trace(high=None),
    "native_is_sound, sizes of some": lambda: figured(
        points(), traces=(Trace("a", (0.1, 0.2), (0.3, 0.1), size=(1.0, 2.0)), Trace("b", (0.3,), (0.2,)))
    ),
    "native_is_sound, an axis backwards": lambda: figured(points(), x=Scale("percent", least=1.0, most=0.5)),
    "native_is_sound, an axis that ends at 0": lambda: figured(bars(), scale=Scale("money", most=0.0)),
    "native_is_sound, logs of 0": lambda: figured(points(), x=Scale("percent", least=0.0, log=True)),
    "native_is_sound, logs of a point at 0": lambda: figured(
        points(), traces=(Trace("a", (0.0, 0.2, 0.3), (0.3, 0.1, 0.2)),), x=Scale("percent", log=True)
    ),
    "native_is_sound, bars in logs": lambda: figured(bars(), scale=Scale("money", least=1e3, log=True)),
    "native_sorted": lambda: figured(bars(), names=NAMES[::-1], series=series(values=VALUES[::-1])),
    "native_sorted, the last": lambda: unsorted((3e6, 5e5, 2e6)),
    "native_sorted, two": lambda: unsorted((5e5, 3e6)),
    "sorted_bars, the last two quiet": lambda: bars(
        values=(3e6, 5e5, 2e6), colours=[COLOURS["actual"], COLOURS["quiet"], COLOURS["quiet"]]
    ),
}  # fmt: skip


# What can't be wrong alone: where bars are cut off, their labels are outside and not drawn; the ticks of a second axis
# touch labels of the first one; and a value that is missing is a bar less.
ALSO = {
    "bars_from_zero, cut off": {"labels_at_bars"},
    "one_axis_of_figures": {"texts_apart"},
    "native_is_sound, too short": {"native_agrees"},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_exhibit_is_caught_by_the_name_of_the_rule_and_by_no_other(case: str) -> None:
    rule = case.split(",", maxsplit=1)[0]
    found = exhibits.check(WRONG[case]())
    assert {fault.rule for fault in found} == {rule} | ALSO.get(case, set())
    (group,) = {fault.group for fault in found if fault.rule == rule}
    assert rule in {one.__name__ for one in RULES[group]}
    assert all(fault.wrong and fault.remedy for fault in found)


def test_each_rule_has_a_wrong_exhibit_and_a_line_in_the_docs() -> None:
    rules = {rule.__name__ for group in RULES.values() for rule in group}
    assert {case.split(",", maxsplit=1)[0] for case in WRONG} == rules
    page = (Path(__file__).parents[1] / "docs" / "notation.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)) == rules | {"same_scale"}


# --- charts that are compared, and how faults are shown ---------------------------------------------------------------


def share(by: str, *, most: float | None, end: float) -> Exhibit:
    right = told(replace(bars(), key=f"share_by_{by}"), lambda ax: ax.set_xlim(0, end))
    return figured(right, scale=Scale("money", unit=10**6, most=most))


def test_charts_of_one_kind_must_share_their_scale() -> None:
    same = [share("sector", most=5e6, end=5e6), share("region", most=5e6, end=5e6)]
    assert check_all(same) == []
    for other in (share("owner", most=5e6, end=6e6), share("owner", most=6e6, end=5e6)):
        (fault,) = check_all([*same, other])
        assert (fault.exhibit, fault.group, fault.rule) == ("share_by_owner", "CHECK", "same_scale")
        assert "share_by_sector" in fault.wrong
    long = ("A customer with a name that takes half of the slide", *NAMES[1:])
    shorter = told(same[1], lambda ax: ax.set_yticks([0, 1, 2], long))  # the same ends, but on less room
    assert [fault.rule for fault in check_all([same[0], shorter])] == ["same_scale"]
    # another unit is another scale
    assert check_all([same[0], measured(share("owner", most=1e6, end=5e6), unit="USD")]) == []


def test_faults_name_exhibit_rule_and_remedy_in_plain_and_in_html() -> None:
    found = exhibits.check(replace(bars(), key="<b>", note=""))
    assert isinstance(found, Faults)
    assert repr(found) == (
        "<b>: SAY (note_is_there): Nothing is said of method or assumptions. "
        "Say in the note how the figures were reckoned and what was assumed."
    )
    html = found._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>:" not in html
    assert html.count("<li>") == 1


def test_no_fault_is_an_empty_list_that_says_so() -> None:
    assert repr(exhibits.check(bars())) == "No fault found."
    assert Faults(words=DE)._repr_html_() == f"<p>{DE.text('No fault found.')}</p>"
    assert check_all([]) == []


def test_faults_are_in_the_language_of_the_exhibit() -> None:
    (fault,) = exhibits.check(replace(bars(), words=DE, note=""))
    assert isinstance(fault, Fault)
    assert fault.wrong == DE.text("Nothing is said of method or assumptions.") != ""


def test_a_firm_s_full_stops_end_no_sentence() -> None:
    names = ("Müller u. Co. KG", *NAMES[1:])
    told_of = replace(bars(), table=pd.DataFrame({"name": names, "value": VALUES}))
    assert exhibits.check(replace(told_of, message="Müller u. Co. KG and Lindqvist AB bring EUR 5.00 million")) == []
    assert exhibits.check(replace(told_of, message="With 5,00 Mio. EUR both bring most of all revenue")) == []


def test_a_list_without_rows_is_an_answer() -> None:
    bare = replace(bars(), draw=None, native=None)
    nobody = replace(bare, table=bare.table.head(0), message="Nobody is overdue for a contact")
    assert exhibits.check(nobody) == []


def test_what_is_left_over_comes_last_and_classes_have_an_order_of_their_own() -> None:
    rest = [COLOURS["actual"], COLOURS["actual"], COLOURS["quiet"]]
    values = (3e6, 5e5, 2e6)
    assert (
        exhibits.check(
            figured(
                bars(values=values, colours=rest), series=series(values=values, meaning=("actual", "actual", "quiet"))
            )
        )
        == []
    )
    classes = ("A before", "B before", "C before")
    assert exhibits.check(figured(bars(values=values[::-1], names=classes), names=classes,
                                  series=series(values=values[::-1]))) == []  # fmt: skip


def test_the_linter_leaves_no_figure_behind_and_no_style() -> None:
    before = dict(plt.rcParams)
    exhibits.check(bars())
    assert plt.get_fignums() == []
    assert dict(plt.rcParams) == before


@pytest.mark.parametrize("right", [falling_below_0, trace])
def test_bars_below_0_and_intervals_are_right(right: Callable[[], Exhibit]) -> None:
    assert exhibits.check(right()) == []


def test_a_column_may_have_a_kind_each_row() -> None:
    assert exhibits.check(each(["money", "percent", "text"], [3e6, 0.5, "a half"])) == []
    days = pd.to_datetime(["2025-12-31"] * 3)
    shown = replace(bars(), table=pd.DataFrame({"name": NAMES, "day": days}), columns={"day": ("Day", "date")})
    assert exhibits.check(shown) == []
    assert exhibits.check(replace(shown, table=pd.DataFrame({"name": NAMES, "day": pd.NaT}))) == []


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize(
    "labels", [("31.12.2024", "31.12.2025"), ("1.2.3", "1.2.4"), ("inf", "nan"), ("-", "1,2,3"), ("1.0.0.0", "3.0.0.0")]
)
def test_labels_of_an_axis_that_are_no_figures_are_no_unit(labels: tuple[str, str], words: Words) -> None:
    here = told(replace(bars(), words=words), lambda ax: ax.set_xticks([1e6, 3e6], labels))
    assert "unit_is_named" not in {
        fault.rule for fault in exhibits.check(measured(here, scenario=words.text("actual")))
    }


@pytest.mark.parametrize(
    ("words", "labels"),
    [(EN, ("1,000", "2,000")), (EN, ("1.0", "2.0")), (DE, ("1.000", "2.000")), (DE, ("1,00", "2,00"))],
)
@pytest.mark.parametrize("sign", ["", "-", "\N{MINUS SIGN}"])
def test_figures_in_thousands_and_millions_need_a_unit(words: Words, labels: tuple[str, str], sign: str) -> None:
    here = replace(falling_below_0() if sign else bars(), words=words)
    places = [-1e6, -2e6] if sign else [1e6, 2e6]
    here = told(here, lambda ax: ax.set_xticks(places, [sign + label for label in labels]))
    (fault,) = exhibits.check(measured(here, scenario=words.text("actual")))
    assert fault.rule == "unit_is_named"
    assert words.unit(10**3 if len(labels[0]) == 5 else 10**6) in fault.wrong


def test_a_bar_without_length_is_no_bar_in_either_chart() -> None:
    values = (3e6, 2e6, 0.0)
    assert exhibits.check(figured(bars(values=values), series=series(values=values))) == []


def test_what_is_no_exhibit_is_refused_in_one_sentence() -> None:
    for given in (None, [bars()], bars().table, exhibits.Lacking("There is no contact log."), Exhibit):
        with pytest.raises(KamlibError, match=r"^an exhibit is checked, not one \w+; `check` takes one"):
            exhibits.check(given)
    with pytest.raises(KamlibError, match="not one NoneType"):
        check_all([bars(), None])
    for one in (bars(), None):
        with pytest.raises(KamlibError, match="check_all takes a list of exhibits"):
            check_all(one)


def test_a_table_that_lacks_its_names_is_a_fault() -> None:
    (fault,) = exhibits.check(replace(bars(), table=bars().table.drop(columns="name")))
    assert (fault.rule, "'name'" in fault.wrong) == ("kinds", True)
