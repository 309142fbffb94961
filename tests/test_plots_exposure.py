"""The charts of loss exposure: the curve, who adds to the worst years, the matrix, the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from kamlib import checks, plots, style
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DE = Words("de", currency="EUR")
# Two coins that cost 1 million and 2 million: 0, 1, 2, 3 million with a quarter each.
COINS = pd.DataFrame({"loss": [0.0, 1e6, 2e6, 3e6], "probability_above": [0.75, 0.5, 0.25, 0.0]})


def accounts(n: int, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(n)
    loss, p = rng.lognormal(12, 1.5, n), rng.beta(0.3, 1.5, n)
    table = {
        "name": [f"Maschinenfabrik und Gießerei Nummer {i:04d} GmbH" for i in range(n)],
        "loss": loss,
        "p_loss": p,
        "expected": loss * p,
        "expected_shortfall": 1.5 * loss * p,
        "share": loss * p / (loss * p).sum(),
        "budget": loss * p / 2,
        "concession": p / 10,
    }
    return pd.DataFrame(table | more)


def said(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_visible()]


def curve(**more: Any) -> Axes:
    given: dict[str, Any] = {"expected": 1.5e6, "value_at_risk": {0.9: 3e6}, "expected_shortfall": {0.9: 3e6}}
    return plots.exposure_curve(COINS, **(given | more))


# ---- the curve ----


def test_the_curve_is_a_staircase_down_from_certainty() -> None:
    line = curve().lines[0]
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xdata().tolist() == [0.0, 1e6, 2e6]  # what can't be exceeded has no place on a log scale
    assert line.get_ydata().tolist() == [0.75, 0.5, 0.25]
    assert curve().get_yscale() == "log"


def test_each_figure_is_a_dot_on_the_curve_with_its_label() -> None:
    ax = curve(words=DE, value_at_risk={0.7: 2e6})
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]
    # P(loss > 1.5 million) is that of 2 and 3 million, a half; nothing is above 3 million, which is the rim.
    assert dots == [(1.5e6, 0.5), (2e6, 0.25), (3e6, 0.001)]
    assert said(ax)[:3] == [
        "zu erwarten: 1,50\xa0Mio.\xa0EUR",
        "eines von 3 Jahren: mehr als 2,00\xa0Mio.\xa0EUR",
        "Mittel der schlimmsten 10\xa0% der Jahre: 3,00\xa0Mio.\xa0EUR",
    ]


def test_labels_of_points_that_meet_stand_above_each_other(collisions: Callable[[Figure], list[str]]) -> None:
    never = pd.DataFrame({"loss": [0.0, 1e6], "probability_above": [1e-5, 0.0]})
    zeros = {"expected": 0.0, "value_at_risk": {0.95: 0.0, 0.99: 0.0}, "expected_shortfall": {0.99: 0.0}}
    with style.use("slide"):
        ax = plots.exposure_curve(never, words=DE, **zeros)
        style.finish(ax, message="So gut wie sicher geht niemand", measure="Verlust")
    assert collisions(ax.get_figure(root=True)) == []
    above = [text.xyann[1] for text in ax.texts[:4]]
    assert above == sorted(above, reverse=True)
    assert above[-1] == 2  # the last one stands at its point
    apart = curve(expected_shortfall={0.9: 2e6})  # at 50 %, hardly ever and 25 %
    assert [text.xyann[1] for text in apart.texts[:3]] == [2, 2, 2]


def test_a_rare_year_keeps_the_decimals_that_tell_it_from_none() -> None:
    labels = said(curve(expected_shortfall={0.999: 3e6}, value_at_risk={0.999: 3e6}))
    assert "one year in 1,000: more than 3.00\xa0million" in labels
    assert "mean of the worst 0.1% of years: 3.00\xa0million" in labels
    ticks = [label.get_text() for label in curve().get_yticklabels()]
    assert ticks == ["100%", "50%", "20%", "10%", "5%", "2%", "1%", "0.5%", "0.2%", "0.1%"]


def test_where_the_result_is_used_up_stands_a_line_if_it_is_in_sight() -> None:
    ax = curve(result=2.5e6)
    (line,) = (line for line in ax.lines if line.get_linestyle() == "--")
    assert list(line.get_xdata()) == [2.5e6, 2.5e6]
    assert "from 2.50\xa0million on, the year ends at a loss" in said(ax)
    for out_of_sight in (1e9, -1.0, None):
        assert not [line for line in curve(result=out_of_sight).lines if line.get_linestyle() == "--"]


def test_a_level_must_be_a_fraction() -> None:
    with pytest.raises(checks.KamlibError, match="level must be a fraction"):
        curve(value_at_risk={99: 3e6})


# ---- contributions ----


def test_a_bar_is_what_an_account_adds_split_into_the_usual_and_the_rest() -> None:
    table = accounts(3, expected=[10.0, 5.0, 1.0], expected_shortfall=[10.0, 30.0, 10.0], share=[0.2, 0.6, 0.2])
    ax = plots.contributions(table, top=2)
    usual, more = ax.containers
    assert [bar.get_width() for bar in usual] == [5.0, 10.0]  # the largest first: 30, then 10
    assert [(bar.get_x(), bar.get_width()) for bar in more] == [(5.0, 25.0), (10.0, 0.0)]
    assert to_hex(usual[0].get_edgecolor()) == COLOURS["previous"]
    assert to_hex(more[0].get_edgecolor()) == COLOURS["highlight"]
    assert all(bar.get_hatch() for bar in (*usual, *more))  # a forecast
    assert {"60.0%", "30", "20.0%", "10"} <= set(said(ax))
    assert ax.get_xlabel() == "the 2 of 3 accounts that add most; all others together 20.0%"


def test_who_is_milder_in_the_worst_years_has_no_bar_to_the_left() -> None:
    ax = plots.contributions(accounts(1, expected=[10.0], expected_shortfall=[8.0], share=[1.0]))
    assert [bar.get_width() for bars in ax.containers for bar in bars] == [8.0, 0.0]
    assert ax.get_xlabel() == ""


# ---- the matrix ----


def test_dots_stand_at_probability_and_loss_and_lines_join_equal_expected_losses() -> None:
    ax = plots.stake_matrix(accounts(2, loss=[1e6, 2e5], p_loss=[0.01, 0.5]))
    dots = next(one for one in ax.collections if len(one.get_offsets()) == 2)
    assert sorted(map(tuple, dots.get_offsets())) == [(0.01, 1e6), (0.5, 2e5)]
    for line in ax.lines:
        product = line.get_xdata() * line.get_ydata()
        assert product[0] == pytest.approx(product[1])
        assert any(np.isclose(product[0], 10.0**power) for power in range(3, 7))


def test_the_first_by_either_measure_are_named() -> None:
    # Expected losses 10,000, 100,000, 50,000: the dearest is the second, the largest the first.
    table = accounts(3, loss=[1e6, 2e5, 1e5], p_loss=[0.01, 0.5, 0.5], name=["Large", "Dear", "Neither"])
    ax = plots.stake_matrix(table, named=2)
    assert {"Large", "Dear"} <= set(said(ax))
    assert "Neither" not in said(ax)


def test_pennies_are_left_out_and_a_tiny_probability_is_drawn_at_the_rim() -> None:
    ax = plots.stake_matrix(accounts(3, loss=[1e6, 1e5, 999.0], p_loss=[0.0, 0.5, 0.5]), words=DE)
    dots = next(one for one in ax.collections if len(one.get_offsets()) == 2)
    assert sorted(map(tuple, dots.get_offsets())) == [(0.001, 1e6), (0.5, 1e5)]
    assert ax.get_xlabel().endswith("(2 von 3 Kunden gezeigt)")
    with pytest.raises(checks.KamlibError, match="no account with a loss above 0"):
        plots.stake_matrix(accounts(1, loss=[0.0]))


# ---- the budget ----


def test_a_budget_is_a_bar_with_its_amount_and_its_points_of_price() -> None:
    table = accounts(3, budget=[100.0, 300.0, 200.0], concession=[0.01, 0.023, np.nan])
    ax = plots.budget(table, top=2, words=DE)
    assert [bar.get_width() for bar in ax.containers[0]] == [300.0, 200.0]
    assert all(bar.get_hatch() for bar in ax.containers[0])  # a forecast
    assert said(ax) == ["300\xa0EUR", "oder 2,3 Preispunkte", "200\xa0EUR"]
    assert ax.get_xlabel() == "die 2 von 3 Kunden mit dem größten Budget"
    assert "points" not in " ".join(said(plots.budget(table.drop(columns="concession"))))


# ---- all of them ----


@pytest.mark.parametrize("n", [1, 3, 60, 4300])
@pytest.mark.parametrize("chart", [plots.contributions, plots.stake_matrix, plots.budget])
@pytest.mark.parametrize("words", [Words("en"), DE], ids=["en", "de"])
def test_no_label_covers_another(
    chart: Callable[..., Axes], n: int, words: Words, collisions: Callable[[Figure], list[str]]
) -> None:
    with style.use("slide"):
        ax = chart(accounts(n), words=words)
        style.finish(ax, message="One message " * 10, measure="Loss, EUR, twelve months", note="A note. " * 30)
        assert collisions(ax.get_figure()) == []


@pytest.mark.parametrize("words", [Words("en"), DE], ids=["en", "de"])
def test_no_label_of_the_curve_covers_another(words: Words, collisions: Callable[[Figure], list[str]]) -> None:
    loss = np.linspace(0, 4e6, 200)
    table = pd.DataFrame({"loss": loss, "probability_above": np.exp(-loss / 4e5)})
    with style.use("slide"):
        ax = plots.exposure_curve(
            table, words=words, expected=4e5, value_at_risk={0.95: 1.2e6, 0.99: 1.84e6},
            expected_shortfall={0.99: 2.24e6}, result=1e6,
        )  # fmt: skip
        style.finish(ax, message="One message " * 10, measure="Loss, EUR, twelve months", note="A note. " * 30)
        assert collisions(ax.get_figure()) == []


@pytest.mark.parametrize(
    ("chart", "column"),
    [(plots.contributions, "share"), (plots.stake_matrix, "p_loss"), (plots.budget, "budget")],
)
def test_a_missing_column_and_an_empty_table_are_said(chart: Callable[..., Axes], column: str) -> None:
    with pytest.raises(checks.KamlibError, match=f"lacks the column '{column}'"):
        chart(accounts(3).drop(columns=column))
    with pytest.raises(checks.KamlibError, match="table has no rows"):
        chart(accounts(3).iloc[:0])
