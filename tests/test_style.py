from __future__ import annotations

import datetime as dt

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from babel.messages.pofile import read_po
from matplotlib.colors import to_hex

from kamlib import checks, style
from kamlib.style import COLOURS, Words

EN = Words("en", currency="EUR")
DE = Words("de", currency="EUR")
PLAIN = Words()
MESSAGE = (
    "The largest 20 % of customers bring 78.4 % of revenue, 17 of them alone decide over half of it, "
    "and the first of all, $mart & Ca$h Maschinenbaugesellschaft, brings 9.8 % of everything so far"
)[
    # 180 characters, and two dollar signs that are no formula
    :180
]
NOTE = ("Source: sales ledger, 60,123 lines read, 59,988 used; companies of one group count as one customer. " * 3)[
    :300
]


def test_numbers_follow_the_language() -> None:
    assert EN.number(1234567.891, 2) == "1,234,567.89"
    assert DE.number(1234567.891, 2) == "1.234.567,89"
    assert DE.number(1234567.891) == "1.234.568"
    assert EN.number(-0.001, 2) == "0.00"  # no minus in front of nothing
    assert EN.number(np.int64(3)) == "3"


def test_percent_follows_the_language() -> None:
    assert EN.percent(0.1234) == "12.3%"
    assert DE.percent(0.1234) == "12,3\xa0%"
    assert DE.percent(0.1234, 0) == "12\xa0%"
    assert EN.percent(1, 0) == "100%"
    assert EN.percent(-0.0001) == "0.0%"


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0, "EUR\xa00", "0\xa0EUR"),
        (84_123.4, "EUR\xa084,123", "84.123\xa0EUR"),
        (123_456, "EUR\xa0123,000", "123.000\xa0EUR"),
        (1_234_567, "EUR\xa01.23\xa0million", "1,23\xa0Mio.\xa0EUR"),
        (12_345_678, "EUR\xa012.3\xa0million", "12,3\xa0Mio.\xa0EUR"),
        (-123_456_789, "EUR\xa0-123\xa0million", "-123\xa0Mio.\xa0EUR"),
        (999_999, "EUR\xa01.00\xa0million", "1,00\xa0Mio.\xa0EUR"),  # three figures round up to the next scale
        (9_999_999, "EUR\xa010.0\xa0million", "10,0\xa0Mio.\xa0EUR"),
        (5_000_000_000, "EUR\xa05.00\xa0billion", "5,00\xa0Mrd.\xa0EUR"),
    ],
)
def test_amounts_have_three_figures_and_never_break(value: float, english: str, german: str) -> None:
    assert EN.amount(value) == english
    assert DE.amount(value) == german


def test_amounts_without_a_currency_are_bare() -> None:
    assert PLAIN.amount(1_234_567) == "1.23\xa0million"
    assert PLAIN.money(1234.5, 2) == "1,234.50"
    assert EN.money(1234.5, 2) == "EUR\xa01,234.50"
    assert DE.money(-1234.5, 2) == "-1.234,50\xa0EUR"


def test_units_of_axes() -> None:
    assert [EN.unit(scale) for scale in (1, 10**3, 10**6, 10**9)] == [
        "EUR",
        "EUR thousand",
        "EUR million",
        "EUR billion",
    ]
    assert [DE.unit(scale) for scale in (1, 10**3, 10**6, 10**9)] == ["EUR", "Tsd. EUR", "Mio. EUR", "Mrd. EUR"]
    assert [PLAIN.unit(scale) for scale in (1, 10**6)] == ["", "million"]


def test_dates_and_months() -> None:
    day = dt.date(2025, 12, 3)
    assert (EN.date(day), DE.date(day)) == ("3 Dec 2025", "03.12.2025")
    assert (EN.month(day), DE.month(day)) == ("Dec 2025", "Dez. 2025")


def test_listing_reads_as_a_sentence_does() -> None:
    assert EN.listing([]) == ""
    assert EN.listing(["a"]) == "a"
    assert EN.listing(["a", "b", "c"]) == "a, b and c"
    assert DE.listing(["a", "b"]) == "a und b"


def test_plural_takes_the_form_and_formats_the_number() -> None:
    forms = ("{n} customer", "{n} customers")
    assert [EN.plural(*forms, n) for n in (0, 1, 4300)] == ["0 customers", "1 customer", "4,300 customers"]
    assert [DE.plural(*forms, n) for n in (0, 1, 4300)] == ["0 Kunden", "1 Kunde", "4.300 Kunden"]
    assert DE.plural(*forms, np.int64(1)) == "1 Kunde"


def test_text_fills_names_and_falls_back_to_english() -> None:
    assert DE.text("{first} and {last}", first="x", last="y") == "x und y"
    assert DE.text("never translated {x}", x=1) == "never translated 1"


def test_unknown_language_and_size_raise() -> None:
    with pytest.raises(checks.KamlibError, match="language must be one of 'en', 'de'; got 'fr'"):
        Words("fr")
    with pytest.raises(checks.KamlibError, match="size must be one of 'notebook', 'slide'"), style.use("poster"):
        pass


def test_catalogue_translates_every_message_with_the_same_names() -> None:
    with (style.CATALOGUES / "de" / "LC_MESSAGES" / "kamlib.po").open("rb") as file:
        catalogue = read_po(file, locale="de")
    assert catalogue.num_plurals == 2
    assert len(catalogue) > 20
    for message in catalogue:
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            assert all(strings), message.id
            names = {part.split("}")[0] for text in ids for part in text.split("{")[1:]}
            assert names == {part.split("}")[0] for text in strings for part in text.split("{")[1:]}, message.id


@pytest.mark.parametrize(
    ("values", "scale"),
    [([0.0], 1), ([], 1), ([999, 5], 1), ([1000], 10**3), ([-2e6, 1.0], 10**6), ([np.nan, 3e9], 10**9)],
)
def test_scale_leaves_one_to_three_digits(values: list[float], scale: int) -> None:
    assert style.scale_for(values) == scale


def test_ticks_format_the_value() -> None:
    assert style.ticks(DE.percent)(0.5, 3) == "50,0\xa0%"


def test_use_applies_inside_and_leaves_no_trace() -> None:
    before = dict(mpl.rcParams)
    with style.use("slide"):
        assert list(mpl.rcParams["figure.figsize"]) == [10.0, 5.625]
        assert mpl.rcParams["xtick.labelsize"] == style.small() == 13 * 0.85
    with style.use():
        assert mpl.rcParams["font.size"] == 10
    with pytest.raises(RuntimeError), style.use("slide"):
        raise RuntimeError
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("twin", [False, True])
@pytest.mark.parametrize("size", ["notebook", "slide"])
@pytest.mark.parametrize(
    ("message", "note"), [("Short.", ""), ("Short.", "Source: ledger."), (MESSAGE, NOTE), ("W" * 180, "W" * 300)]
)
def test_finish_keeps_texts_and_axes_apart(message: str, note: str, size: str, *, twin: bool, collisions) -> None:
    with style.use(size):
        _, ax = plt.subplots()
        ax.plot([0, 1], [0, 123456])
        ax.set_xlabel("customers")
        ax.set_xticks([0, 1], ["Maschinenbau Huber", "Maschinenbau Huber"], rotation=45, ha="right")
        if twin:
            other = ax.twinx()
            other.set_ylabel("share")
            other.spines["right"].set_visible(True)
        style.finish(ax, message=message, measure="Net revenue in EUR million, Jul 2024 to Jun 2025", note=note)

    figure = ax.get_figure(root=True)
    texts = {text.get_gid(): text for text in figure.texts}
    assert set(texts) == {"message", "measure"} | ({"note"} if note else set())
    assert "".join(texts["message"].get_text().split()) == "".join(message.split())  # nothing but line breaks added
    assert texts["message"].get_fontweight() == "bold"
    assert collisions(figure) == []

    drawn = [axes.get_tightbbox() for axes in figure.axes]
    top, bottom = max(box.y1 for box in drawn), min(box.y0 for box in drawn)
    assert texts["message"].get_window_extent().y0 > texts["measure"].get_window_extent().y1
    assert texts["measure"].get_window_extent().y0 > top
    assert bottom > (texts["note"].get_window_extent().y1 if note else 0)
    assert max(box.x1 for box in drawn) < figure.bbox.width
    assert min(box.x0 for box in drawn) > 0
    assert ax.get_window_extent().height > 0.15 * figure.bbox.height


def test_scenarios_are_told_apart_without_colour() -> None:
    _, ax = plt.subplots()
    looks = {
        scenario: ax.bar([0], [1], **style.pattern(scenario, COLOURS["highlight"]))[0] for scenario in style.SCENARIOS
    }
    solid = {name for name, bar in looks.items() if to_hex(bar.get_facecolor()) == COLOURS["highlight"]}
    assert solid == {"actual", "previous"}
    assert {name for name, bar in looks.items() if bar.get_hatch()} == {"forecast"}
    for name in ("plan", "forecast"):
        assert to_hex(looks[name].get_facecolor()) == COLOURS["paper"]
        assert to_hex(looks[name].get_edgecolor()) == COLOURS["highlight"]
    assert looks["plan"].get_linewidth() > looks["forecast"].get_linewidth() > looks["actual"].get_linewidth() == 0
    assert style.pattern("previous")["color"] == COLOURS["previous"]
    assert style.pattern("actual")["color"] == COLOURS["actual"]
    with pytest.raises(checks.KamlibError, match="scenario must be one of"):
        style.pattern("budget")


def test_hatching_is_bold_inside_the_style_alone() -> None:
    thin = mpl.rcParams["hatch.linewidth"]
    with style.use("slide"):
        assert mpl.rcParams["hatch.linewidth"] > thin
    assert mpl.rcParams["hatch.linewidth"] == thin


def test_a_line_is_as_long_in_print_as_it_was_when_it_was_broken() -> None:
    widths = {}
    with style.use("slide"):
        for dpi in (100, 300):
            figure, ax = plt.subplots(dpi=dpi)
            style.finish(ax, message=MESSAGE, measure=NOTE, note=NOTE)
            widths[dpi] = [text.get_window_extent().width / figure.bbox.width for text in figure.texts]
    assert widths[300] == pytest.approx(widths[100], rel=0.005)
    assert max(widths[300]) <= 0.97


def test_a_message_of_three_lines_is_written_smaller_if_two_are_then_enough() -> None:
    sizes = {}
    with style.use("slide"):
        for words in (5, 19, 60):
            figure, ax = plt.subplots()
            style.finish(ax, message="revenue " * words, measure="Net revenue")
            (message,) = (text for text in figure.texts if text.get_gid() == "message")
            sizes[words] = (message.get_fontsize() / 13, message.get_text().count("\n") + 1)
    assert sizes[5] == (1.2, 1)
    assert sizes[60][0] == 1.0
    assert sizes[60][1] > 2
    assert sizes[19] == (1.0, 2)


def test_finish_breaks_only_what_does_not_fit() -> None:
    with style.use("slide"):
        _, ax = plt.subplots()
        style.finish(ax, message=MESSAGE, measure="Net revenue", note="Source: ledger.")
    message, measure, note = ax.get_figure(root=True).texts
    assert message.get_text().count("\n") == 1
    assert measure.get_text() == "Net revenue"
    assert note.get_text() == "Source: ledger."
    assert "$mart & Ca$h" in message.get_text().replace("\n", " ")
    assert not message.get_parse_math()
