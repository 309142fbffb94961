"""The charts of key accounts: the matrix and its names, who depends on whom, and whom we neglect."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from kamlib import checks, plots, style
from kamlib.plots import parts
from kamlib.plots.placing import Names
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DE = Words("de", currency="EUR")


def matrix(n: int, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(n)
    table = {
        "name": [f"Maschinenfabrik {i:02d}" for i in range(n)],
        "revenue": np.sort(rng.lognormal(13, 1, n))[::-1],
        "attractiveness": rng.uniform(0, 1, n),
        "position": rng.uniform(0, 1, n),
    }
    return pd.DataFrame(table | more)


def names_of(ax: Axes) -> list[Any]:
    """The names of bubbles that are shown: labels that stand at a point of the data."""
    return [text for text in ax.texts if text.xycoords == "data" and text.get_visible()]


def other_texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.xycoords != "data"]


# ---- the portfolio matrix ----


def test_bubbles_stand_in_their_place_and_their_area_is_the_revenue() -> None:
    table = matrix(3, revenue=[1e5, 4e5, 9e5], attractiveness=[0.1, 0.5, 0.9], position=[0.2, 0.6, 0.7])
    bubbles = plots.portfolio(table).collections[0]
    assert bubbles.get_offsets().tolist() == [[0.7, 0.9], [0.6, 0.5], [0.2, 0.1]]  # the largest lies at the bottom
    sizes = bubbles.get_sizes()
    assert sizes / sizes[0] == pytest.approx([1, 4 / 9, 1 / 9])


def test_quadrants_are_cut_where_they_are_told_and_named_in_their_corners() -> None:
    ax = plots.portfolio(matrix(3), splits=(0.6, 0.3), words=DE)
    across, down = (line for line in ax.lines if line.get_linestyle() == "--")
    assert list(across.get_ydata()) == [0.6, 0.6]
    assert list(down.get_xdata()) == [0.3, 0.3]
    corners = {text.xy: text.get_text() for text in ax.texts if text.get_weight() == "bold"}
    assert corners == {
        (0, 0): "straffen: günstig bedienen",
        (1, 0): "Status: halten",
        (0, 1): "Star: gewinnen",
        (1, 1): "strategisch: gemeinsam ausbauen",
    }
    assert ax.get_xlabel() == "eigene Stellung, von schwach bis stark"
    assert ax.get_ylabel() == "Attraktivität, von gering bis hoch"


def test_a_half_without_accounts_takes_little_room() -> None:
    table = matrix(3, attractiveness=[0.6, 0.8, 1.0], position=[0.0, 0.5, 1.0])
    ax = plots.portfolio(table)  # from 0.5 - 0.15 to 1, and 13 % of that on each side
    assert ax.get_ylim() == pytest.approx((0.35 - 0.13 * 0.65, 1 + 0.13 * 0.65))
    assert ax.get_xlim() == pytest.approx((-0.07, 1.07))


def test_the_key_has_a_bubble_of_the_amount_it_names() -> None:
    ax = plots.portfolio(matrix(2, revenue=[1e6, 5e5]), words=DE)
    (ring,) = (line for line in ax.lines if line.get_marker() == "o")
    assert "200.000\xa0EUR Umsatz" in other_texts(ax)
    largest = np.sqrt(ax.collections[0].get_sizes()[0])  # its diameter
    assert (ring.get_markersize() / largest) ** 2 == pytest.approx(200_000 / 1_000_000)


def test_risk_is_a_colour_with_a_scale_and_an_unknown_one_is_hollow() -> None:
    ax = plots.portfolio(matrix(4, revenue=[4.0, 3, 2, 1], risk=[0.0, 0.25, 0.5, np.nan]))
    none, half, full, unknown = map(to_hex, ax.collections[0].get_facecolors())
    assert none == COLOURS["quiet"]
    assert half == to_hex(parts.tint("bad", 0.5, ground="quiet"))
    assert full == COLOURS["bad"]
    assert unknown == COLOURS["paper"]
    assert [to_hex(rim) for rim in ax.collections[0].get_edgecolors()] == [COLOURS["paper"]] * 3 + [COLOURS["note"]]
    assert [text for text in other_texts(ax) if text[-1] == "%" or text == "not known"] == [
        "0%", "25%", "50%", "not known",
    ]  # fmt: skip
    dots = [to_hex(text.get_color()) for text in ax.texts if text.get_text() == "\N{BLACK CIRCLE}"]
    assert dots == [none, half, full]


def test_without_risk_there_is_one_colour_and_no_scale() -> None:
    ax = plots.portfolio(matrix(4))
    assert len(np.unique(ax.collections[0].get_facecolors(), axis=0)) == 1
    assert not any("risk" in text for text in other_texts(ax))


@pytest.mark.parametrize("risk", [[0.2, 20.0], [-0.1, 0.5]])
def test_risk_must_be_a_fraction(risk: list[float]) -> None:
    with pytest.raises(checks.KamlibError, match="risk must be a fraction between 0 and 1"):
        plots.portfolio(matrix(2, risk=risk))


def test_accounts_without_a_place_are_left_out() -> None:
    table = matrix(4, revenue=[4.0, 3, 2, -1])
    table.loc[1, "position"] = np.nan
    ax = plots.portfolio(table)
    assert len(ax.collections[0].get_offsets()) == 2
    with pytest.raises(checks.KamlibError, match="no account with revenue, attractiveness and position"):
        plots.portfolio(table.iloc[[1, 3]])


def test_only_so_many_bear_their_name_and_the_caption_says_so() -> None:
    ax = plots.portfolio(matrix(10), named=2, words=DE)
    assert {text.get_text() for text in names_of(ax)} == {"Maschinenfabrik 00", "Maschinenfabrik 01"}
    assert ax.get_xlabel().endswith(" (2 von 10 Kunden benannt)")
    with pytest.raises(checks.KamlibError, match="named must be a whole number"):
        plots.portfolio(matrix(3), named=0)


def test_without_a_name_the_index_stands() -> None:
    table = matrix(2, name=["Huber", None]).set_axis(["0017", "0018"])
    assert {text.get_text() for text in names_of(plots.portfolio(table))} == {"Huber", "0018"}
    assert {text.get_text() for text in names_of(plots.portfolio(table.drop(columns="name")))} == {"0017", "0018"}


# ---- names ----


def boxes_of(ax: Axes) -> list[Any]:
    return [text.get_window_extent() for text in names_of(ax)]


@pytest.mark.parametrize("n", [3, 10, 25, 60])
@pytest.mark.parametrize("size", ["slide", "notebook"])
def test_names_cover_neither_each_other_nor_the_heart_of_a_bubble_nor_leave_the_axes(n: int, size: str) -> None:
    with style.use(size):
        ax = plots.portfolio(matrix(n))
        style.finish(ax, message="Message " * 18, measure="Measure", note="Note " * 30)
    ax.figure.canvas.draw()
    boxes, frame = boxes_of(ax), ax.get_window_extent()
    assert len(boxes) >= min(n, 6)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in boxes)
    hearts = ax.transData.transform(ax.collections[0].get_offsets())
    assert not any(box.contains(x, y) for box in boxes for x, y in hearts)
    told = f"({len(boxes)} of {n} accounts named)"
    assert ax.get_xlabel().endswith(told if len(boxes) < n else "from weak to strong")


def test_names_move_when_the_axes_shrink_and_come_back_when_they_grow() -> None:
    ax = plots.portfolio(matrix(25))
    figure = ax.figure

    def shown_at(width: float, height: float) -> list[str]:
        figure.set_size_inches(width, height)
        figure.canvas.draw()
        boxes = boxes_of(ax)
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
        return [text.get_text() for text in names_of(ax)]

    large = shown_at(12, 7)
    small = shown_at(5, 3)
    assert len(small) < len(large)
    assert "Maschinenfabrik 00" in small  # the largest has its name first
    assert shown_at(12, 7) == large


def test_a_name_moves_aside_and_a_line_leads_back() -> None:
    ax = plots.portfolio(matrix(60))
    leaders = ax.collections[1].get_segments()
    assert leaders
    dot = ax.figure.dpi / 72
    hearts = ax.transData.transform(ax.collections[0].get_offsets())
    radius = np.sqrt(ax.collections[0].get_sizes()) / 2 * dot
    for start, end in leaders:
        from_rim = np.abs(np.linalg.norm(hearts - start, axis=1) - radius)
        assert from_rim.min() == pytest.approx(0, abs=1e-6)
        assert sum(box.padded(1.5).contains(*end) for box in boxes_of(ax)) == 1


def test_no_leader_runs_through_a_name() -> None:
    leaders = 0
    for n in range(20, 61, 4):
        ax = plots.portfolio(matrix(n))
        boxes = [box.padded(-3) for box in boxes_of(ax)]
        for start, end in ax.collections[1].get_segments():
            leaders += 1
            assert not any(box.contains(x, y) for box in boxes for x, y in np.linspace(start, end, 50))
    assert leaders > 10


def test_a_name_without_room_is_hidden() -> None:
    _, ax = plt.subplots()
    told: list[int] = []
    Names(ax, ["x" * 200], np.array([[0.5, 0.5]]), radius=np.array([5.0]), report=told.append)
    assert told == [0]
    assert names_of(ax) == []


def test_names_keep_clear_of_texts_that_were_there() -> None:
    _, ax = plt.subplots()
    beside = parts.label(
        ax, "a text to the right of it", (0.5, 0.5), (0, 0), ha="left", va="center", xycoords="axes fraction"
    )
    Names(ax, ["Huber"], np.array([[0.5, 0.5]]), radius=np.array([5.0]), clear_of=[beside])
    (name,) = boxes_of(ax)
    assert not name.overlaps(beside.get_window_extent())
    assert name.x1 < ax.transData.transform((0.5, 0.5))[0]  # left, the next best side


# ---- dependence ----

DEPENDENCE = pd.DataFrame(
    {
        "name": ["Huber", "Meier", "Kurz", "Rossi"],
        "their_dependence": [0.4, 0.2, 0.5, np.nan],
        "share_of_margin": [0.08, 0.03, 0.02, 0.01],
        "share_of_revenue": [0.5, 0.3, 0.1, 0.1],
        "weaker_side": [True, True, False, False],
    }
)


def test_dependence_stands_on_both_sides_in_its_colour() -> None:
    ax = plots.dependence(DEPENDENCE)
    points = ax.collections[1]
    assert points.get_offsets().tolist() == [[0.4, 0.08], [0.2, 0.03], [0.5, 0.02]]
    assert [to_hex(colour) for colour in points.get_facecolors()] == [COLOURS["bad"]] * 2 + [COLOURS["previous"]]
    colours = {text.get_text(): text.get_color() for text in names_of(ax)}
    assert colours == {"Huber": COLOURS["bad"], "Meier": COLOURS["bad"], "Kurz": COLOURS["note"]}


def test_the_region_where_we_are_weaker_begins_where_the_dependences_are_equal() -> None:
    # Our dependence is share / 0.1: equal to theirs at share = 0.1 x theirs, and below 0.01 nobody counts.
    ax = plots.dependence(DEPENDENCE)
    (border,) = ax.lines
    x, y = border.get_xdata(), border.get_ydata()
    assert np.interp([0.05, 0.2, 0.5], x, y) == pytest.approx([0.01, 0.02, 0.05])
    region = ax.collections[0].get_paths()[0]
    inside = DEPENDENCE[["their_dependence", "share_of_margin"]].dropna().to_numpy()
    assert region.contains_points(inside).tolist() == [True, True, False]
    (border,) = plots.dependence(DEPENDENCE, major=0.2, material=0.04).lines
    assert np.interp([0.1, 0.5], border.get_xdata(), border.get_ydata()) == pytest.approx([0.04, 0.1])


def test_dependence_by_revenue_where_there_is_no_margin() -> None:
    ax = plots.dependence(DEPENDENCE.drop(columns="share_of_margin"), words=DE)
    assert ax.get_ylabel() == "Anteil an unserem Umsatz"
    assert plots.dependence(DEPENDENCE, words=DE).get_ylabel() == "Anteil an unserem Deckungsbeitrag"
    assert ax.collections[1].get_offsets()[0].tolist() == [0.4, 0.5]


def test_a_loss_maker_stands_below_the_line_of_zero() -> None:
    ax = plots.dependence(DEPENDENCE.assign(share_of_margin=[0.08, 0.03, -0.01, 0.0]))
    assert ax.get_ylim()[0] < -0.01
    assert [0, 0] in [list(line.get_ydata()) for line in ax.lines]
    assert plots.dependence(DEPENDENCE).get_ylim()[0] == 0


def test_those_where_we_are_weaker_are_named_first() -> None:
    table = DEPENDENCE.assign(weaker_side=[False, False, True, False])
    assert [text.get_text() for text in names_of(plots.dependence(table, named=1))] == ["Kurz"]


def test_dependence_of_nobody_says_so() -> None:
    with pytest.raises(checks.KamlibError, match="no account with both 'their_dependence' and 'share_of_margin'"):
        plots.dependence(DEPENDENCE.iloc[3:])


# ---- coverage ----

COVERED = pd.DataFrame(
    {
        "name": ["Huber", "Meier", "Kurz", "Rossi"],
        "contacts": [3, 12, 5, 10],
        "planned": [12.0, 12.0, 12.0, 12.0],
        "share_of_contacts": [0.1, 0.4, 0.167, 0.333],
        "share_of_margin": [0.5, 0.7, 0.2, np.nan],
    }
)


def tick_names(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_coverage_is_sorted_by_the_gap_of_shares() -> None:
    ax = plots.coverage(COVERED)  # gaps: 0.4, 0.3, 0.033; Rossi loses money, so it has none
    assert tick_names(ax) == ["Huber", "Meier", "Kurz", "Rossi"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    bars, brought, given = ax.collections[:3]
    assert given.get_offsets()[:, 0].tolist() == [0.1, 0.4, 0.167, 0.333]
    assert brought.get_offsets()[:3, 0].tolist() == [0.5, 0.7, 0.2]
    assert [segment[:, 0].tolist() for segment in bars.get_segments()[:2]] == [[0.5, 0.1], [0.7, 0.4]]
    assert tick_names(plots.coverage(COVERED.iloc[::-1]))[0] == "Huber"


def test_coverage_highlights_who_gets_less_than_half_its_share() -> None:
    colours = [to_hex(colour) for colour in plots.coverage(COVERED).collections[1].get_facecolors()]
    assert colours == [COLOURS["highlight"], COLOURS["actual"], COLOURS["actual"], COLOURS["actual"]]
    colours = [to_hex(colour) for colour in plots.coverage(COVERED, neglected=0.6).collections[1].get_facecolors()]
    assert colours[:2] == [COLOURS["highlight"]] * 2  # 0.4 of 0.7 is 57 %


def test_coverage_says_what_the_plan_asks_for() -> None:
    ax = plots.coverage(COVERED, words=DE)
    told = {text.get_text(): text.get_color() for text in ax.texts if " von " in text.get_text()}
    bad, note = COLOURS["bad"], COLOURS["note"]
    assert told == {
        "Kontakte von Plan": note, "3 von 12": bad, "12 von 12": note, "5 von 12": bad, "10 von 12": note,
    }  # fmt: skip
    assert "\N{BLACK CIRCLE} Anteil am Deckungsbeitrag" in [text.get_text() for text in ax.texts]


def test_coverage_draws_the_largest_gaps_and_says_of_how_many() -> None:
    ax = plots.coverage(COVERED, top=2, words=DE)
    assert tick_names(ax) == ["Huber", "Meier"]
    assert ax.get_xlabel() == "die 2 von 4 Kunden mit der größten Lücke"
    assert plots.coverage(COVERED).get_xlabel() == ""


def test_coverage_by_revenue_where_there_is_no_margin() -> None:
    ax = plots.coverage(COVERED.rename(columns={"share_of_margin": "share_of_revenue"}))
    assert "\N{BLACK CIRCLE} share of revenue" in [text.get_text() for text in ax.texts]


def test_coverage_of_accounts_nobody_met_has_an_axis() -> None:
    ax = plots.coverage(COVERED.assign(contacts=0, share_of_contacts=0.0, share_of_margin=np.nan))
    assert ax.get_xlim()[1] == 1
