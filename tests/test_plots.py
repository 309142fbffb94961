from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgba
from matplotlib.patches import Rectangle

from kamlib import checks, plots, style
from kamlib.style import CLASS_COLOURS, COLOURS, Words

DE = Words("de", currency="EUR")
NAMES = [
    "Müller & Söhne Maschinenbaugesellschaft mbH & Co. KG",
    "Österreichische Verpackungsautomation GmbH",
    "Huber",
    "$mart & Ca$h Ltd",
    "Officine Meccaniche Fratelli Rossi S.p.A.",
]
SIZES = (3, 10, 60, 400, 4300)


def revenue(n: int) -> pd.Series[float]:
    """Heavy-tailed revenue of ``n`` customers with long names, the largest first."""
    values = np.sort(np.random.default_rng(n).lognormal(10, 1.6, n))[::-1]
    return pd.Series(values, index=[f"{NAMES[i % 5]} {i}" for i in range(n)])


def pareto_table(values: pd.Series[float]) -> pd.DataFrame:
    share = values / values.sum()
    before = share.cumsum().shift(fill_value=0.0)
    return pd.DataFrame(
        {
            "rank": range(1, len(values) + 1),
            "value": values,
            "share": share,
            "cumulative_share": share.cumsum(),
            "customers_share": np.arange(1, len(values) + 1) / len(values),
            "abc": np.where(before < 0.8, "A", np.where(before < 0.95, "B", "C")),
        }
    )


def lorenz_table(values: pd.Series[float]) -> pd.DataFrame:
    cumulative = np.append(0.0, np.cumsum(np.sort(values)))
    return pd.DataFrame(
        {"customers_share": np.linspace(0, 1, len(values) + 1), "value_share": cumulative / cumulative[-1]}
    )


def over_time_table(windows: int, level: float = 0.78) -> pd.DataFrame:
    value = level * np.linspace(1, 1.1, windows)
    ends = pd.date_range("2023-12-31", periods=windows, freq="QE")
    return pd.DataFrame({"period_end": ends, "value": value, "low": value * 0.95, "high": value * 1.06})


def migration_table(n: int) -> pd.DataFrame:
    moves = [(b, a) for b in ("A", "B", "C", "none") for a in ("A", "B", "C", "none") if (b, a) != ("none", "none")]
    counts = np.random.default_rng(n).multinomial(
        n, np.array([40, 8, 2, 0, 7, 60, 20, 4, 1, 25, 150, 30, 2, 5, 46]) / 400
    )
    worth = {"A": 400e3, "B": 60e3, "C": 8e3, "none": 0.0}
    return pd.DataFrame(
        [(b, a, count, count * worth[b], count * worth[a]) for (b, a), count in zip(moves, counts, strict=True)],
        columns=["before", "after", "customers", "value_before", "value_after"],
    )


def whale_table(margins: Any) -> pd.DataFrame:
    values = pd.Series(np.sort(margins)[::-1])
    cumulative = values.cumsum()
    return pd.DataFrame(
        {
            "rank": range(1, len(values) + 1),
            "value": values,
            "cumulative": cumulative,
            "cumulative_share": cumulative / cumulative.iloc[-1],
            "customers_share": np.arange(1, len(values) + 1) / len(values),
        }
    )


def group_table(n: int) -> pd.DataFrame:
    names = ["Automobilzulieferindustrie und Fahrzeugbau", "", "Chemie", *(f"Region {i}" for i in range(n))][:n]
    values = np.random.default_rng(n).lognormal(15, 1, n)
    return pd.DataFrame(
        {
            "group": names,
            "value": values,
            "share": values / values.sum(),
            "customers": range(1, n + 1),
            "top_customer_share": np.linspace(0.6, 0.1, n),
        }
    )


def whale_of(n: int) -> pd.DataFrame:
    return whale_table(revenue(n).to_numpy() * np.random.default_rng(n).normal(0.35, 0.25, n))


def portfolio_table(n: int) -> pd.DataFrame:
    rng, values = np.random.default_rng(n), revenue(n)
    return pd.DataFrame(
        {
            "name": values.index,
            "revenue": values.to_numpy(),
            "attractiveness": rng.permutation(np.linspace(0, 1, n)),
            "position": rng.permutation(np.linspace(0, 1, n)),
            "risk": np.where(np.arange(n) == 1, np.nan, rng.beta(1, 6, n)),
        },
        index=[f"{number:07d}" for number in range(n)],
    )


def dependence_table(n: int) -> pd.DataFrame:
    share = (revenue(n) / revenue(n).sum()).to_numpy()
    theirs = np.random.default_rng(n).uniform(0.1, 0.8, n)
    weaker = (np.minimum(share / 0.1, 1) > theirs) & (share >= 0.01)
    return pd.DataFrame(
        {"name": revenue(n).index, "their_dependence": theirs, "share_of_margin": share, "weaker_side": weaker}
    )


def waterfall_table(n: int) -> pd.DataFrame:
    """Nine steps at most, the last level below 0, with names as long as German makes them."""
    names = ["Umsatz zu Listenpreisen", "Kundenrabatte, Boni und Preisnachlässe", "Bruttoumsatz", "Gutschriften"]
    names += [
        "Nettoumsatz nach Erlösschmälerungen",
        "Herstellungskosten",
        "Deckungsbeitrag",
        "Betreuungskosten",
        "Rest",
    ]
    amount = np.array([9e6, -2.5e6, 6.5e6, -40e3, 6.46e6, -6.0e6, 0.46e6, -1.2e6, -0.74e6])
    level = np.arange(9) % 2 == 0
    start = np.where(level, 0.0, np.roll(amount, 1))
    kind = np.where(level, "level", "change")
    return pd.DataFrame({"step": names, "kind": kind, "amount": amount, "start": start, "end": start + amount}).head(
        min(n, 9)
    )


def retention_table(n: int) -> pd.DataFrame:
    groups = ["Automobilzulieferindustrie und Fahrzeugbau", "", "Chemie", *(f"Region {i}" for i in range(n))][:n]
    net = 1 + np.random.default_rng(n).normal(0, 0.2, n)
    gross = np.minimum(net, 1) * 0.9
    return pd.DataFrame(
        {
            "net": net,
            "net_low": net * 0.8,
            "net_high": net * 1.3,
            "gross": gross,
            "gross_low": gross * 0.8,
            "gross_high": gross * 1.05,
        },
        index=pd.Index(groups, name="group"),
    )


def concessions_table(n: int) -> pd.DataFrame:
    change = -np.random.default_rng(n).lognormal(-4, 0.6, n)
    verdicts = ["no_more_volume", "more_volume", "unclear", "no_concession", "too_short"]
    verdict = np.array([verdicts[i % 5] for i in range(n)])
    change = np.where(np.isin(verdict, verdicts[:3]), change, np.nan)
    return pd.DataFrame(
        {
            "name": revenue(n).index,
            "verdict": verdict,
            "change": change,
            "change_low": change * 1.2,
            "change_high": change * 0.7,
            "cost_a_year": -change * revenue(n).to_numpy() * 1000,
        }
    )


def price_table(n: int) -> pd.DataFrame:
    price = 0.88 - 0.04 * (np.arange(n) >= n // 2) + np.random.default_rng(n).normal(0, 0.002, n)
    ends = pd.date_range("2023-01-31", periods=n, freq="ME")
    return pd.DataFrame({"account": "7", "period_end": ends, "realisation": price})


def coverage_table(n: int) -> pd.DataFrame:
    share = (revenue(n) / revenue(n).sum()).to_numpy()
    contacts = np.random.default_rng(n).integers(0, 25, n)
    return pd.DataFrame(
        {
            "name": revenue(n).index,
            "contacts": contacts,
            "planned": 12.0,
            "share_of_contacts": contacts / max(contacts.sum(), 1),
            "share_of_margin": share,
        }
    )


STEP = {"since": "2023-02-01", "realisation_before": 0.88, "change": -0.04, "drift": 0.001}


TABLES: dict[str, tuple[Any, dict[str, Any]]] = {
    "pareto": (lambda n: pareto_table(revenue(n)), {}),
    "lorenz": (lambda n: lorenz_table(revenue(n)), {"top_share": 0.75}),
    "over_time": (lambda n: over_time_table(min(n // 3, 40)), {"index": "top_20_percent_share"}),
    "migration": (migration_table, {}),
    "whale": (whale_of, {}),
    "share_by_group": (lambda n: group_table(min(n // 3, 40)), {}),
    "portfolio": (portfolio_table, {}),
    "dependence": (dependence_table, {}),
    "waterfall": (waterfall_table, {}),
    "retention": (lambda n: retention_table(min(n, 40)), {}),
    "concessions": (concessions_table, {}),
    "price_path": (lambda n: price_table(min(n, 48)), {"step": STEP}),
    "coverage": (coverage_table, {}),
}

LACKING = {
    "lorenz": "customers_share",
    "migration": "customers",
    "portfolio": "position",
    "dependence": "weaker_side",
    "waterfall": "kind",
    "retention": "gross_high",
    "concessions": "cost_a_year",
    "price_path": "realisation",
    "coverage": "planned",
}


def draw(chart: str, n: int, **more: Any) -> Any:
    table, arguments = TABLES[chart]
    return getattr(plots, chart)(table(n), **(arguments | more))


def labels(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts]


def tick_labels(axis: Any) -> list[str]:
    return [label.get_text() for label in axis.get_ticklabels()]


# ---- what holds for every chart ----


@pytest.mark.parametrize("chart", TABLES)
def test_chart_draws_where_it_is_told(chart: str) -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert draw(chart, 10, ax=left) is left
    assert len(plt.get_fignums()) == 1
    assert not right.has_data()
    assert draw(chart, 10).figure is not draw(chart, 10).figure  # without one, each has a figure of its own
    assert len(plt.get_fignums()) == 3


@pytest.mark.parametrize("chart", TABLES)
def test_chart_bears_no_title_and_no_legend(chart: str) -> None:
    ax = draw(chart, 10)
    assert [axes.get_title(loc) for axes in ax.figure.axes for loc in ("left", "center", "right")] == [""] * 3 * len(
        ax.figure.axes
    )
    assert ax.get_legend() is None


@pytest.mark.parametrize("chart", TABLES)
def test_chart_changes_neither_table_nor_style(chart: str) -> None:
    make, arguments = TABLES[chart]
    table = make(60)
    untouched, style_before = table.copy(deep=True), dict(mpl.rcParams)
    getattr(plots, chart)(table, **arguments)
    pd.testing.assert_frame_equal(table, untouched)
    assert dict(mpl.rcParams) == style_before


@pytest.mark.parametrize("chart", TABLES)
def test_chart_says_what_its_table_lacks(chart: str) -> None:
    make, arguments = TABLES[chart]
    table = make(10)
    name, lacking = ("monthly" if chart == "price_path" else "table"), LACKING.get(chart, "value")
    with pytest.raises(checks.KamlibError, match=f"{name} lacks the column '{lacking}'"):
        getattr(plots, chart)(table.drop(columns=lacking), **arguments)
    with pytest.raises(checks.KamlibError, match=f"{name} has no rows"):
        getattr(plots, chart)(table.iloc[:0], **arguments)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("chart", TABLES)
def test_nothing_overlaps_on_a_slide_and_all_is_readable(chart: str, n: int, collisions, texts) -> None:
    message = (
        "Die größten 20 % der Kunden bringen 78,4 % des Nettoumsatzes, und schon 17 entscheiden über die Hälfte " * 2
    )
    with style.use("slide"):
        ax = draw(chart, n, words=DE)
        style.finish(ax, message=message[:180], measure="Nettoumsatz in Mio. EUR, 2025", note="Quelle: Ledger. " * 18)
    assert collisions(ax.figure) == []
    assert min(text.get_fontsize() for text in texts(ax.figure)) >= 11


@pytest.mark.parametrize("chart", TABLES)
def test_nothing_overlaps_in_a_notebook(chart: str, collisions) -> None:
    with style.use("notebook"):
        ax = draw(chart, 400)
        style.finish(ax, message="A few customers bring most of it.", measure="Net revenue", note="Source: ledger.")
    assert collisions(ax.figure) == []


# ---- pareto ----

FOUR = pd.Series([50.0, 30.0, 15.0, 5.0], index=["Huber", "Meier", "$a$", "Kurz"])  # shares 1/2, 3/10, 3/20, 1/20


def test_pareto_bars_bear_value_class_and_name() -> None:
    ax = plots.pareto(pareto_table(FOUR))
    assert [bar.get_height() for bar in ax.patches] == [50, 30, 15, 5]
    assert [bar.get_y() for bar in ax.patches] == [0] * 4
    # cumulative shares before each: 0, 1/2, 4/5, 19/20
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [CLASS_COLOURS[letter] for letter in "AABC"]
    assert tick_labels(ax.xaxis) == ["Huber", "Meier", "$a$", "Kurz"]
    assert not any(label.get_parse_math() for label in ax.get_xticklabels())
    assert ax.get_xlabel() == "4 customers"
    assert [text for text in labels(ax) if text] == ["A", "B", "C"]  # below a thousand and without currency: no unit


def test_pareto_line_starts_at_the_first_bar_and_ends_at_one() -> None:
    ax = plots.pareto(pareto_table(FOUR))
    twin = next(axes for axes in ax.figure.axes if axes is not ax)
    (line,) = twin.lines
    assert list(line.get_xdata()) == [1, 2, 3, 4]
    assert list(line.get_ydata()) == pytest.approx([0.5, 0.8, 0.95, 1])
    assert tick_labels(twin.yaxis) == ["0%", "20%", "40%", "60%", "80%", "100%"]
    assert labels(twin) == ["100%"]
    assert twin.texts[0].get_verticalalignment() == "top"  # below the line, for above it stand the classes
    # The first brings half, so both axes share one scale: the line starts on the first bar's top.
    assert 50 / ax.get_ylim()[1] == pytest.approx(0.5 / twin.get_ylim()[1])
    assert line.get_color() == COLOURS["highlight"]


def test_pareto_axis_ends_at_the_total_or_at_twice_the_first_bar() -> None:
    most = plots.pareto(pareto_table(pd.Series([60.0, 40], index=["a", "b"])))
    assert most.get_ylim() == pytest.approx((0, 1.05 * 100))
    even = plots.pareto(pareto_table(pd.Series([10.0] * 10, index=list("abcdefghij"))))
    assert even.get_ylim() == pytest.approx((0, 1.05 * 20))


def test_pareto_says_how_many_it_does_not_draw() -> None:
    ax = plots.pareto(pareto_table(revenue(4300)), words=DE, top=25)
    assert len(ax.patches) == 25
    assert ax.get_xlabel() == "die 25 größten von 4.300 Kunden"
    twin = next(axes for axes in ax.figure.axes if axes is not ax)
    at = pareto_table(revenue(4300))["cumulative_share"].iloc[[4, 9, 19, 24]]
    assert labels(twin) == [f"{100 * share:.0f}\xa0%" for share in at]


def test_pareto_axis_is_in_the_reader_s_unit() -> None:
    ax = plots.pareto(pareto_table(FOUR * 40_000), words=DE)  # the largest 2 million, the axis to 4.2
    assert "Mio. EUR" in labels(ax)
    assert tick_labels(ax.yaxis) == ["0", "1", "2", "3", "4"]
    assert list(ax.get_yticks()) == [0, 1e6, 2e6, 3e6, 4e6]
    small = plots.pareto(pareto_table(FOUR * 10_000), words=DE)  # to 1.05 million
    assert tick_labels(small.yaxis) == ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]


def test_pareto_names_shorten_slant_and_give_way_to_ranks() -> None:
    table = pareto_table(revenue(60))
    ax = plots.pareto(table, top=10)
    assert tick_labels(ax.xaxis)[0] == "Müller & Söhne Ma…"
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {45}
    assert tick_labels(plots.pareto(table, top=31).xaxis) == ["10", "20", "30"]
    assert {label.get_rotation() for label in plots.pareto(pareto_table(FOUR)).get_xticklabels()} == {0}


def test_pareto_takes_other_names() -> None:
    ax = plots.pareto(pareto_table(FOUR), labels={"Huber": "Customer 1"})
    assert tick_labels(ax.xaxis) == ["Customer 1", "Meier", "$a$", "Kurz"]


def test_pareto_refuses_no_bars() -> None:
    with pytest.raises(checks.KamlibError, match="top must be a whole number of at least 1"):
        plots.pareto(pareto_table(FOUR), top=0)


# ---- lorenz ----


def test_lorenz_draws_curve_diagonal_bracket_and_rule() -> None:
    # Five customers with 1, 1, 1, 1 and 6 of 10: the largest fifth brings 6/10.
    ax = plots.lorenz(lorenz_table(pd.Series([6.0, 1, 1, 1, 1])), top_share=0.6)
    diagonal, curve, bracket, rule = ax.lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [0, 1]
    assert list(curve.get_ydata()) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 1])
    assert list(bracket.get_xdata()) == pytest.approx([0.8, 0.8])
    assert list(bracket.get_ydata()) == pytest.approx([0.4, 1])  # as long as the share it speaks of
    assert np.interp(0.8, curve.get_xdata(), curve.get_ydata()) == pytest.approx(bracket.get_ydata()[0])
    assert (rule.get_xdata()[0], rule.get_ydata()[0]) == (0.8, 0.2)
    assert labels(ax) == ["if all were equal", "the largest 20% of customers: 60.0%", "80/20 rule"]
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)


def test_lorenz_in_german_for_another_fraction() -> None:
    ax = plots.lorenz(lorenz_table(FOUR), top_share=0.5, top_fraction=0.25, words=DE)
    assert "die größten 25\xa0% der Kunden: 50,0\xa0%" in labels(ax)
    assert ax.get_xlabel() == "Kunden, vom kleinsten zum größten"
    assert tick_labels(ax.xaxis)[-1] == "100\xa0%"
    assert ax.lines[2].get_xdata()[0] == 0.75


def test_lorenz_puts_the_rule_where_the_curve_is_not() -> None:
    for top_share, side in ((0.6, "left"), (0.95, "right")):
        ax = plots.lorenz(lorenz_table(FOUR), top_share=top_share)
        rule = ax.texts[-1]
        assert rule.get_horizontalalignment() == side
        assert (rule.xyann[0] > 0) == (side == "left")  # away from its point


def test_lorenz_wants_a_fraction() -> None:
    with pytest.raises(checks.KamlibError, match=r"top_fraction must be a fraction .* Did you mean 0.2"):
        plots.lorenz(lorenz_table(FOUR), top_share=0.6, top_fraction=20)


# ---- over time ----


def test_over_time_draws_line_and_band_from_zero() -> None:
    table = over_time_table(5)
    ax = plots.over_time(table, index="top_20_percent_share")
    (line,) = ax.lines
    assert list(line.get_ydata()) == list(table["value"])
    assert list(pd.to_datetime(line.get_xdata(orig=True))) == list(table["period_end"])
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices[:, 1]
    assert corners.min() == pytest.approx(table["low"].min())
    assert corners.max() == pytest.approx(table["high"].max())
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > table["high"].max()
    assert tick_labels(ax.yaxis) == ["0%", "20%", "40%", "60%", "80%"]


def test_over_time_labels_first_last_and_interval() -> None:
    # 0.78 grows by a tenth to 0.858; 0.95 and 1.06 of it are 0.8151 and 0.90948
    ax = plots.over_time(over_time_table(5), index="top_1", words=DE)
    assert labels(ax) == ["85,8\xa0%", "81,5\xa0% bis 90,9\xa0%", "78,0\xa0%"]
    assert tick_labels(ax.xaxis)[::-1] == ["Dez. 2023", "März 2024", "Juni 2024", "Sept. 2024", "Dez. 2024"]


def test_over_time_writes_other_indices_as_numbers() -> None:
    ax = plots.over_time(over_time_table(3, level=0.034), index="hhi")  # up to 0.0374, within 0.03553 and 0.039644
    assert labels(ax) == ["0.037", "0.036 to 0.040", "0.034"]
    assert tick_labels(ax.yaxis) == ["0.00", "0.01", "0.02", "0.03", "0.04"]
    ax = plots.over_time(over_time_table(3, level=64), index="effective_customers")
    assert labels(ax)[0] == "70"


def test_over_time_names_seven_months_at_most_and_the_last() -> None:
    ax = plots.over_time(over_time_table(30), index="gini")
    months = tick_labels(ax.xaxis)
    assert months[0] == "Mar 2031"
    assert len(months) == 6


def test_over_time_shows_a_single_window() -> None:
    ax = plots.over_time(over_time_table(1), index="gini")
    (interval,) = ax.collections
    assert interval.get_segments()[0][:, 1] == pytest.approx([0.78 * 0.95, 0.78 * 1.06])
    assert len(labels(ax)) == 2


def test_over_time_of_nothing_but_zeros_has_an_axis() -> None:
    ax = plots.over_time(over_time_table(3, level=0.0), index="gini")  # one customer: no inequality
    assert ax.get_ylim() == (0, 1.08)


# ---- migration ----

MOVES = pd.DataFrame(
    [
        ("A", "A", 2, 200e3, 210e3),
        ("A", "B", 1, 80e3, 20e3),
        ("B", "A", 1, 30e3, 90e3),
        ("C", "none", 3, 6e3, 0.0),
        ("none", "C", 4, 0.0, 8e3),
        ("C", "C", 0, 0.0, 0.0),
    ],
    columns=["before", "after", "customers", "value_before", "value_after"],
)


def cells(ax: Any) -> dict[tuple[int, int], Any]:
    """The cells by row (before) and column (after)."""
    rectangles = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return {(round(cell.get_y() + 0.46), round(cell.get_x() + 0.48)): cell.get_facecolor() for cell in rectangles}


def texts_at(ax: Any, row: int, column: int) -> list[str]:
    return [text.get_text() for text in ax.texts if text.xy == (column, row) and text.xycoords == "data"]


def test_migration_counts_and_values_stand_in_their_cells() -> None:
    ax = plots.migration(MOVES, words=DE)
    assert texts_at(ax, 0, 0) == ["2", "200,0 → 210,0"]
    assert texts_at(ax, 0, 1) == ["1", "80,0 → 20,0"]
    assert texts_at(ax, 2, 3) == ["3", "6,0 → 0,0"]
    assert texts_at(ax, 2, 2) == ["\N{EN DASH}"]
    assert texts_at(ax, 3, 3) == ["Kunden", "Tsd. EUR"]  # the key stands in the cell that can't be


def test_migration_colours_mean_up_and_down() -> None:
    colour = cells(plots.migration(MOVES))

    def leans_to(cell: tuple[float, ...], meaning: str) -> bool:
        own, other = (np.array(to_rgba(COLOURS[name])) for name in (meaning, {"good": "bad", "bad": "good"}[meaning]))
        white = np.ones(4)
        return float(np.dot(white - cell, white - own)) > float(np.dot(white - cell, white - other))

    assert leans_to(colour[0, 1], "bad")
    assert leans_to(colour[2, 3], "bad")  # gone
    assert leans_to(colour[1, 0], "good")
    assert leans_to(colour[3, 2], "good")  # new
    assert colour[2, 2] == to_rgba(COLOURS["paper"])
    assert colour[0, 0] == pytest.approx(tuple((1 + x) / 2 for x in to_rgba(COLOURS["quiet"])))
    assert sum(colour[0, 1]) < sum(colour[2, 3])  # 80 thousand moved are darker than 6


def test_migration_sides_name_classes_and_their_sums() -> None:
    ax = plots.migration(MOVES, words=DE)
    assert tick_labels(ax.yaxis) == ["A\n3 Kunden", "B\n1 Kunde", "C\n3 Kunden", "neu\n4 Kunden"]
    assert tick_labels(ax.xaxis) == ["A\n3 Kunden", "B\n1 Kunde", "C\n4 Kunden", "fort\n3 Kunden"]
    assert ax.get_xlabel() == "Klasse jetzt"
    assert "Klasse vorher" in labels(ax)
    assert ax.get_ylim() == (3.5, -0.5)  # A stands on top


def test_migration_where_nobody_moved() -> None:
    ax = plots.migration(MOVES.iloc[:1], words=DE)
    assert texts_at(ax, 0, 0) == ["2", "200,0 → 210,0"]


# ---- whale ----


def test_whale_labels_peak_end_and_what_is_destroyed() -> None:
    # 60 + 50 + 10 - 20 = 100: the peak is 120 % after three of four, and one destroys 20.
    ax = plots.whale(whale_table([60_000.0, 50_000, 10_000, -20_000]), words=DE)
    curve = ax.lines[1]
    assert list(curve.get_xdata()) == [0, 0.25, 0.5, 0.75, 1]
    assert list(curve.get_ydata()) == pytest.approx([0, 0.6, 1.1, 1.2, 1])
    assert labels(ax) == [
        "alle 4 Kunden: 100\xa0%",
        "die besten 3 von 4 Kunden: 120\xa0%",
        "1 Kunde vernichtet 20.000\xa0EUR",
    ]
    peak = ax.lines[2]
    assert (peak.get_xdata()[0], peak.get_ydata()[0]) == pytest.approx((0.75, 1.2))
    assert ax.texts[2].get_color() == COLOURS["bad"]


def test_whale_shades_the_fall_after_the_peak() -> None:
    ax = plots.whale(whale_table([60.0, 50, 10, -20]))
    _, lost = ax.collections
    corners = lost.get_paths()[0].vertices
    assert corners.min(axis=0) == pytest.approx([0.75, 1.0])
    assert corners.max(axis=0) == pytest.approx([1.0, 1.2])
    assert to_hex(lost.get_facecolor()[0]) == COLOURS["bad"]


def test_whale_without_losses_has_no_shade() -> None:
    ax = plots.whale(whale_table([3.0, 2, 0]))
    assert len(ax.collections) == 1
    assert labels(ax) == ["all 3 customers: 100%"]
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize("margins", [[90.0, 7, 3], np.arange(60.0) ** 3, [*np.arange(1.0, 40), -1], [9.0, -1, -4]])
def test_whale_labels_stand_clear_of_the_curve(margins: Any) -> None:
    with style.use("slide"):
        ax = plots.whale(whale_table(margins), words=DE)
        style.finish(ax, message="Message", measure="Measure")
    ax.figure.canvas.draw()
    curve = ax.lines[1]
    for text in ax.texts:
        box = text.get_window_extent().transformed(ax.transData.inverted())
        under = np.interp(np.linspace(box.x0, min(box.x1, 1), 50), curve.get_xdata(), curve.get_ydata())
        assert box.y1 < under.min() or box.y0 > under.max(), text.get_text()


# ---- share by group ----

GROUPS = pd.DataFrame(
    {
        "group": ["Energy", "Food", ""],
        "value": [1e6, 3e6, 1e6 / 2],
        "share": [2 / 9, 6 / 9, 1 / 9],
        "customers": [7, 12, 1],
        "top_customer_share": [0.5, 0.25, 1.0],
    }
)


def test_groups_are_sorted_and_the_largest_customer_is_dark() -> None:
    ax = plots.share_by_group(GROUPS)
    bars, dark = ax.containers
    assert [bar.get_width() for bar in bars] == [3e6, 1e6, 5e5]
    assert [bar.get_width() for bar in dark] == [0.75e6, 0.5e6, 0.5e6]
    assert [bar.get_x() for bar in (*bars, *dark)] == [0] * 6
    assert to_hex(dark[0].get_facecolor()) == CLASS_COLOURS["A"]
    assert to_hex(bars[0].get_facecolor()) == CLASS_COLOURS["B"]
    assert tick_labels(ax.yaxis) == ["Food", "Energy", "not stated"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the largest on top


def test_groups_of_charts_to_be_compared_have_the_same_axis() -> None:
    assert plots.share_by_group(GROUPS).get_xlim() == plots.share_by_group(GROUPS, most=3e6).get_xlim()
    wide = plots.share_by_group(GROUPS, most=5e6)
    assert wide.get_xlim()[0] == 0
    assert wide.get_xlim()[1] > 5e6  # and room for its label
    few = plots.share_by_group(GROUPS.head(1), most=5e6)
    assert few.get_xlim() == wide.get_xlim()


def test_groups_of_charts_to_be_compared_have_bars_of_the_same_length_on_the_page() -> None:
    lengths = []
    with style.use("slide"):
        for longest in (3e6, 0.4e6):
            table = GROUPS.assign(value=[longest, 0.4e6, 0.1e6])
            ax = plots.share_by_group(table, words=DE, most=3e6)
            style.finish(ax, message="Wer bringt was", measure="Umsatz")
            bar = next(bar for bar in ax.containers[0] if bar.get_width() == 0.4e6)
            lengths.append(bar.get_window_extent().width)
    assert lengths[0] == pytest.approx(lengths[1], rel=0.01)


def test_groups_are_labelled_with_share_value_and_customers() -> None:
    ax = plots.share_by_group(GROUPS, words=DE)
    assert labels(ax) == [
        "66,7\xa0%",
        "3,00\xa0Mio.\xa0EUR, 12 Kunden",
        "22,2\xa0%",
        "1,00\xa0Mio.\xa0EUR, 7 Kunden",
        "11,1\xa0%",
        "500.000\xa0EUR, 1 Kunde",
        "größter Kunde: 25\xa0% der Gruppe",
    ]
    assert tick_labels(ax.yaxis)[-1] == "ohne Angabe"


def test_groups_beyond_the_largest_share_one_quiet_bar() -> None:
    table = group_table(13)
    ax = plots.share_by_group(table, top=10)
    bars, dark = ax.containers
    assert len(bars) == 11
    assert bars[-1].get_width() == pytest.approx(table["value"].nsmallest(3).sum())
    assert sum(bar.get_width() for bar in bars) == pytest.approx(table["value"].sum())
    assert to_hex(bars[-1].get_facecolor()) == COLOURS["quiet"]
    assert dark[-1].get_width() == 0
    assert tick_labels(ax.yaxis)[-1] == "3 other groups"
    rest = int(table.sort_values("value")["customers"].head(3).sum())
    assert labels(ax)[-2].endswith(f", {rest} customers")


def test_groups_tolerate_a_single_one() -> None:
    ax = plots.share_by_group(GROUPS.iloc[:1])
    assert len(ax.containers[0]) == 1
    assert ax.get_ylim() == (3.5, -1.0)  # the bar stays as slim as among four
