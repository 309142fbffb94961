"""A deck opens without a repair, says what its exhibits say, and can be edited."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
import posixpath
import re
import zipfile
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pptx
import pytest
import python_calamine
from lxml import etree
from pptx.util import Inches

from kamlib import customers, datasets, exhibits, export
from kamlib.checks import KamlibError
from kamlib.exhibits import native as natives
from kamlib.exhibits.exhibit import Exhibit, Measure
from kamlib.exhibits.native import FIGURES, Categories, Plane, Scale, Series, Trace
from kamlib.export.powerpoint import forms, markup, tables, text
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

NASTY = ("=1+1", "@SUM(A1)", "http://example.invalid/x", "Müller & Söhne <b>", "a\x00b\x1bc\nd", "same", "same", "")
MONEY = Scale("money", "EUR million", unit=10**6)
SHARE = Scale("percent", "share", least=0.0, most=1.0)


def bars(form: str, *series: Series, names: tuple[str, ...] = ("north", "south", "west"), **more: Any) -> Categories:
    return Categories(form, names, series, more.pop("scale", MONEY), **more)


NATIVES: dict[str, Categories | Plane] = {
    "bar": bars("bar", Series("Revenue", (3e6, 2.5e6, 0.1e6), labels=FIGURES)),
    "bar_gap": bars("bar", Series("Revenue", (3e6, None, -1e6), labels=FIGURES), Series("Plan", (1e6, 2e6, None))),
    "bar_upright": bars("bar", Series("Revenue", (3e6, 2e6, 1e6)), upright=True),
    "bar_interval": bars(
        "bar",
        Series(
            "Price",
            (-0.04, -0.03, None),
            labels=("4 points", "3 points", ""),
            low=(-0.05, -0.04, None),
            high=(-0.03, -0.02, None),
            meaning=("bad", "good", "note"),
        ),
        scale=Scale("percent"),
    ),
    "two_intervals": bars(
        "bar",
        *(
            Series(name, (0.9, 0.8, 1.1), labels=FIGURES, low=(0.8, 0.7, 1.0), high=(1.0, 0.9, 1.2))
            for name in ("net", "gross")
        ),
        scale=Scale("percent", most=1.2),
    ),
    "stacked": bars(
        "stacked",
        Series("largest", (1e6, 2e6, 0.01e6), labels=FIGURES),
        Series("others", (3e6, None, 5e6), meaning="previous", labels=("one", "two", "three")),
    ),
    "stacked_figures": bars(
        "stacked",
        *(Series(name, (30.0, 1.0, 20.0), labels=FIGURES) for name in ("now", "then")),
        scale=Scale("number"),
    ),
    "forecast": bars(
        "stacked",
        Series("usual", (1e6, 2e6, 3e6), meaning="previous", scenario="forecast"),
        Series("on top", (1e6, 1e6, 1e6), meaning="highlight", scenario="forecast", labels=("a", "b", "c")),
    ),
    "waterfall": bars(
        "waterfall",
        Series("held up by", (0.0, 1e6, None, -1e6), meaning=""),
        Series(
            "Amount", (3e6, 2e6, 1e6, None), meaning=("previous", "bad", "bad", "bad"), labels=("3", "-2", "-2", "")
        ),
        Series("below 0", (None, None, -1e6, -1e6), meaning="bad", labels=("", "", "", "-1")),
        names=("before", "lost", "shrunk", "gone"),
    ),
    "pareto": bars(
        "pareto",
        Series("Revenue", (3e6, 2e6, 1e6), meaning=("actual", "previous", "quiet"), labels=FIGURES),
        Series("Cumulative", (0.5, 0.8333333333333334, 1.0), meaning="highlight", line=True, labels=("", "", "100%")),
        second=SHARE,
        upright=True,
    ),
    "line": bars(
        "line",
        Series("Top 10", (0.4, None, 0.45), labels=("40%", "", "45%"), low=(0.3, None, 0.4), high=(0.5, None, 0.5)),
        scale=Scale("percent"),
    ),
    "lines": bars("line", Series("a", (1e6, 2e6, 3e6)), Series("b", (3e6, 2e6, None), meaning="highlight")),
    "xy": Plane(
        (
            Trace("as given", (0.0, 1.0), (0.0, 1.0), meaning="note", line="dashed", labels=("", "as given")),
            Trace("came true", (0.1, 0.5, 0.9), (0.2, 0.4, 1.0), low=(0.1, 0.3, 0.8), high=(0.3, 0.5, 1.0)),
            Trace("curve", tuple(k / 50 for k in range(51)), tuple((k / 50) ** 3 for k in range(51)), line="solid"),
        ),
        SHARE,
        SHARE,
    ),
    "xy_log": Plane(
        (
            Trace("others", (0.01, 0.02), (1e4, 1e5), meaning="previous"),
            Trace("dearest", (0.5, 0.9), (1e6, 2e6), meaning="highlight", labels=("=1+1", "a\x1bb")),
        ),
        Scale("percent", "probability", least=0.001, most=1.0, log=True),
        Scale("money", "loss", unit=10**6, least=1e3, most=1e7, log=True),
    ),
    "bubbles": Plane(
        (
            Trace("star", (0.2, 0.3), (0.9, 0.8), size=(5e6, 1e6), meaning="highlight", labels=("one", "two")),
            Trace("rest", (0.7,), (0.3,), size=(2e6,), labels=("three",)),
        ),
        Scale("index", "position", least=0.0, most=1.0),
        Scale("index", "attraction", least=0.0, most=1.0),
        cross=(0.5, 0.5),
    ),
    "nasty": bars(
        "stacked",
        Series("=cmd()", tuple(float(k) for k in range(8)), labels=NASTY),
        names=NASTY,
        scale=Scale("number"),
    ),
    "empty": bars("bar", Series("Revenue", (0.0,), labels=FIGURES), names=("only",)),
}


def exhibit(key: str, language: str = "en", *, drawn: Categories | Plane | None = None, **changes: Any) -> Exhibit:
    table = pd.DataFrame({"name": ["a", "b"], "revenue": [1234567.0, math.nan]})
    made = Exhibit(
        key=key,
        message=f"The message of {key}: one customer brings more than all others together",
        measure=Measure(f"Customers by {key}", "EUR", "2025", "actual"),
        table=table,
        columns={"name": ("Customer", "text"), "revenue": ("Revenue", "money")},
        note=f"How {key} was reckoned.",
        words=Words(language, "EUR"),
        native=drawn,
    )
    return replace(made, **changes)


def long_table(key: str = "long", rows: int = 30) -> Exhibit:
    table = pd.DataFrame(
        {
            "name": [f"Customer {row} \x07 GmbH & Co. KG" for row in range(rows)],
            **{f"n{k}": [1e6 * k + row for row in range(rows)] for k in range(10)},
            "why": ["a long reason that goes on and on " * 6] * rows,
        }
    )
    columns = {"name": ("Customer", "text"), **{f"n{k}": (f"Figure {k}", "money") for k in range(10)}}
    return exhibit(key, table=table, columns={**columns, "why": ("Reason", "text")})


def every(language: str) -> list[Exhibit]:
    drawn = [exhibit(key, language, drawn=native) for key, native in NATIVES.items()]
    return [*drawn, exhibit("table", language), replace(long_table(), words=Words(language))]


@pytest.fixture(scope="module", params=["en", "de"])
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deck") / f"{request.param}.pptx"
    return export.deck(every(request.param), path, title="All \x00 kinds", source="Source: a test")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sales = datasets.read()
    table = customers.table(sales, as_of=sales.last_day)
    here = exhibits.setting(sales, as_of=sales.last_day, language="de")
    shown = [exhibits.pareto(table, setting=here), exhibits.whale(table, setting=here)]
    shown.append(exhibits.migration(table, setting=here))
    return export.deck(shown, tmp_path_factory.mktemp("deck") / "shipped.pptx")


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert len(package.namelist()) == len(set(package.namelist()))
        return {name: package.read(name) for name in package.namelist()}


def charts_of(path: Path) -> Iterator[tuple[str, Any, dict[str, list[list[Any]]]]]:
    """Yield each chart's title, its part, and its workbook's sheets."""
    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                part = shape.chart.part
                book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(part.chart_workbook.xlsx_part.blob))
                sheets = {
                    name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
                }
                yield shape.name, etree.fromstring(part.blob), sheets


def cells(sheets: dict[str, list[list[Any]]], reference: str) -> list[Any]:
    sheet, place = reference.split("!")
    found = re.fullmatch(r"\$([A-Z]+)\$(\d+)(?::\$\1\$(\d+))?", place)
    assert found, reference
    column = ord(found[1]) - ord("A")  # one letter is enough here
    first, last = int(found[2]), int(found[3] or found[2])
    rows = sheets[sheet][first - 1 : last]
    return [row[column] if column < len(row) else "" for row in rows]


def cached(reference: Any) -> list[Any]:
    """Return the values that a chart holds of a reference, "" for a gap."""
    cache = reference.find(C + "numCache")
    number = cache is not None
    cache = reference.find(C + "strCache") if cache is None else cache
    found: list[Any] = [""] * int(cache.find(C + "ptCount").get("val"))
    for point in cache.findall(C + "pt"):
        value = point.find(C + "v").text
        found[int(point.get("idx"))] = float(value) if number else value or ""
    return found


def figures_of(chart: Any) -> dict[str, dict[str, list[Any]]]:
    """Return what each series of a chart holds, by its name."""
    kinds = ("cat", "val", "xVal", "yVal", "bubbleSize")
    found = {}
    for series in chart.iter(C + "ser"):
        name = series.find(f"{C}tx/{C}strRef//{C}v").text
        found[name] = {kind: cached(series.find(C + kind)[0]) for kind in kinds if series.find(C + kind) is not None}
    return found


def test_the_workbook_holds_what_the_chart_shows(deck: Path, shipped: Path) -> None:
    seen = 0
    for _, chart, sheets in [*charts_of(deck), *charts_of(shipped)]:
        for reference in (*chart.iter(C + "numRef"), *chart.iter(C + "strRef")):
            assert cells(sheets, reference.find(C + "f").text) == cached(reference)
            seen += 1
    assert seen > 100


def test_the_chart_shows_the_figures_of_its_exhibit(deck: Path) -> None:
    shown = {name: figures_of(chart) for name, chart, _ in charts_of(deck)}
    assert set(shown) == set(NATIVES)
    for key, native in NATIVES.items():
        if isinstance(native, Plane):
            for trace in native.traces:
                held = shown[key][trace.name]
                assert held["xVal"] == pytest.approx(trace.x, rel=1e-15)
                assert held["yVal"] == pytest.approx(trace.y, rel=1e-15)
                assert held.get("bubbleSize") == (list(trace.size) if trace.size else None)
            continue
        for series in native.series:
            held = shown[key][series.name]
            assert held["val"] == ["" if value is None else value for value in series.values]  # 16 digits at most
            assert key == "nasty" or held["cat"] == list(native.names)


def test_figures_keep_what_a_workbook_can_hold(tmp_path: Path) -> None:
    native = bars("bar", Series("Revenue", (0.1 + 0.2, 1 / 3, 12345678.912345678)), upright=True)
    path = export.deck([exhibit("exact", drawn=native)], tmp_path / "x.pptx")
    [(_, chart, sheets)] = charts_of(path)
    held = figures_of(chart)["Revenue"]["val"]
    assert held == pytest.approx([0.3, 1 / 3, 12345678.912345678], rel=1e-15)
    assert cells(sheets, "Sheet1!$B$2:$B$4") == held


# What PowerPoint repairs: by emptying the slide, that is.

AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos "
    "spPr txPr crossAx crosses crossesAt"
)
LABEL = "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator"
SEQUENCES = {  # ISO/IEC 29500-1, 21.2: the children of an element, in this order
    "chartSpace": "date1904 lang roundedCorners style clrMapOvr protection chart spPr txPr externalData printSettings",
    "chart": "title autoTitleDeleted view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs",
    "plotArea": "layout barChart lineChart scatterChart bubbleChart catAx valAx dTable spPr",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
    "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId",
    "scatterChart": "scatterStyle varyColors ser dLbls axId",
    "bubbleChart": "varyColors ser dLbls bubble3D bubbleScale showNegBubbles sizeRepresents axId",
    "barChart/ser": "idx order tx spPr invertIfNegative pictureOptions dPt dLbls trendline errBars cat val shape",
    "lineChart/ser": "idx order tx spPr marker dPt dLbls trendline errBars cat val smooth",
    "scatterChart/ser": "idx order tx spPr marker dPt dLbls trendline errBars xVal yVal smooth",
    "bubbleChart/ser": "idx order tx spPr invertIfNegative dPt dLbls trendline errBars xVal yVal bubbleSize bubble3D",
    "dPt": "idx invertIfNegative marker bubble3D explosion spPr pictureOptions",
    "marker": "symbol size spPr",
    "dLbls": f"dLbl delete {LABEL} showLeaderLines leaderLines",
    "dLbl": f"idx delete layout tx {LABEL}",
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
    "catAx": f"{AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    "valAx": f"{AXIS} crossBetween majorUnit minorUnit dispUnits",
    "scaling": "logBase orientation max min",
    "title": "tx layout overlay spPr txPr",
    "legend": "legendPos legendEntry layout overlay spPr txPr",
    "numRef": "f numCache",
    "strRef": "f strCache",
    "numCache": "formatCode ptCount pt",
    "strCache": "ptCount pt",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
}
FREE_ORDER = {"catAx", "valAx"}  # of one another, in a plot area
POSITIONS = {  # where a label may stand; any other is a repair, too
    "clustered": {"ctr", "inBase", "inEnd", "outEnd"},
    "stacked": {"ctr", "inBase", "inEnd"},
    "standard": {"ctr", "l", "r", "t", "b"},
    None: {"ctr", "l", "r", "t", "b"},
}


def name_of(element: Any) -> str:
    return etree.QName(element).localname


def disorder_of(chart: Any) -> list[str]:
    faults = []
    for element in chart.iter(f"{C}*"):
        parent = element.getparent()
        key = name_of(element)
        key = f"{name_of(parent)}/{key}" if key == "ser" else key
        if key not in SEQUENCES or (key == "marker" and not len(element)):
            continue
        order = SEQUENCES[key].split()
        held = [name_of(child) for child in element if key != "plotArea" or name_of(child) not in FREE_ORDER]
        faults += [f"{key} holds {child}" for child in held if child not in order]
        places = [order.index(child) for child in held if child in order]
        faults += [f"{key}: {held}"] if places != sorted(places) else []
    return faults


def test_charts_follow_the_schema(deck: Path, shipped: Path) -> None:
    for name, chart, _ in [*charts_of(deck), *charts_of(shipped)]:
        assert disorder_of(chart) == [], name
        plots = [plot for plot in chart.find(f"{C}chart/{C}plotArea") if name_of(plot).endswith("Chart")]
        assert plots
        for plot in plots:
            grouping = plot.find(C + "grouping")
            allowed = POSITIONS[None if grouping is None else grouping.get("val")]
            assert {place.get("val") for place in plot.iter(C + "dLblPos")} <= allowed, name


def test_a_wrong_order_is_found() -> None:
    chart = etree.fromstring(
        f'<c:scaling xmlns:c="{C[1:-1]}"><c:min val="0"/><c:orientation val="minMax"/></c:scaling>'
    )
    assert disorder_of(chart) == ["scaling: ['min', 'orientation']"]


def test_charts_hold_nothing_that_powerpoint_repairs(deck: Path, shipped: Path) -> None:
    for name, chart, _ in [*charts_of(deck), *charts_of(shipped)]:
        for cache in (*chart.iter(C + "numCache"), *chart.iter(C + "strCache")):
            places = [int(point.get("idx")) for point in cache.findall(C + "pt")]
            assert len(places) == len(set(places)), name
            assert max(places, default=-1) < int(cache.find(C + "ptCount").get("val")), name
        for value in chart.iter(C + "v"):
            assert value.text not in {None, "", "nan", "None", "inf", "-inf"}, name
            number = etree.QName(value.getparent().getparent()).localname == "numCache"
            assert not number or math.isfinite(float(value.text))
        for categories in chart.iter(C + "cat"):
            names = cached(categories[0])
            assert len(set(names)) == len(names), name
            assert all(name.strip() for name in names)
        numbers = [int(series.find(C + "idx").get("val")) for series in chart.iter(C + "ser")]
        assert numbers == sorted(set(numbers)), name
        area = chart.find(f"{C}chart/{C}plotArea")
        axes = {axis.find(C + "axId").get("val"): axis for axis in area if name_of(axis).endswith("Ax")}
        used = [
            number.get("val") for plot in area if name_of(plot).endswith("Chart") for number in plot.findall(C + "axId")
        ]
        assert set(used) == set(axes), name
        assert all(axis.find(C + "crossAx").get("val") in axes for axis in axes.values())
        for axis in axes.values():
            least, most = (axis.find(f"{C}scaling/{C}{end}") for end in ("min", "max"))
            assert least is None or most is None or float(least.get("val")) < float(most.get("val")), name


def test_the_package_is_whole(deck: Path, shipped: Path) -> None:
    for path in (deck, shipped):
        parts = parts_of(path)
        types = etree.fromstring(parts["[Content_Types].xml"])
        named = {item.get("PartName").lstrip("/") for item in types if item.get("PartName")}
        endings = {item.get("Extension").casefold() for item in types if item.get("Extension")}
        assert named <= set(parts)
        referred = set()
        for name, content in parts.items():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(content)
            if not name.endswith(".rels"):
                assert name == "[Content_Types].xml" or name in named or name.rsplit(".", 1)[-1].casefold() in endings
                continue
            home = posixpath.dirname(posixpath.dirname(name))
            for relation in etree.fromstring(content):
                assert relation.get("TargetMode") != "External"
                target = relation.get("Target")
                referred.add(posixpath.normpath(posixpath.join("/" + home, target)).lstrip("/"))
        assert referred <= set(parts)
        assert set(parts) - referred == {n for n in parts if n.endswith(".rels") or n == "[Content_Types].xml"}


def test_numbers_of_shapes_are_unique(deck: Path) -> None:
    for name, content in parts_of(deck).items():
        if re.fullmatch(r"ppt/(slides|slideLayouts|slideMasters|notesSlides)/[^/]+\.xml", name):
            numbers = [shape.get("id") for shape in etree.fromstring(content).iter(P + "cNvPr")]
            assert len(numbers) == len(set(numbers)), name


# What names carry


def test_names_do_not_act(deck: Path) -> None:
    [sheets] = [sheets for name, _, sheets in charts_of(deck) if name == "nasty"]
    names = [row[0] for row in sheets["Sheet1"][1:]]
    assert names[:5] == [*NASTY[:4], "abc d"]
    assert names[5:] == ["same", "same (2)", "\N{EN DASH}"]
    assert "=cmd()" in sheets["Sheet1"][0]
    for name, content in parts_of(deck).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                sheet = book.read("xl/worksheets/sheet1.xml").decode()
                assert "<f>" not in sheet
                assert "hyperlink" not in sheet.casefold()


def test_what_xml_cannot_carry_is_left_out(tmp_path: Path) -> None:
    odd = "a\x00\x08\x0b\x1f\x7f\x85\ud800\ufffe\uffffb\nc"
    assert text.clean(odd) == "ab c"
    made = exhibit(odd, message=odd, note=odd, measure=Measure(odd, odd, odd, odd))
    path = export.deck([replace(made, columns={"name": (odd, "text")})], tmp_path / "x.pptx", title=odd, source=odd)
    slide = pptx.Presentation(str(path)).slides[1]
    assert slide.shapes.title.text == "ab c"
    assert slide.notes_slide.notes_text_frame.text.splitlines()[1] == "ab c, ab c, ab c, ab c"


# What a slide says


def texts_of(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_each_slide_says_all(deck: Path) -> None:
    slides = list(pptx.Presentation(str(deck)).slides)
    shown = [*NATIVES, "table", "long"]
    assert len(slides) == 1 + len(shown)
    assert slides[0].shapes.title.text == "All  kinds"
    for key, slide in zip(shown, slides[1:], strict=True):
        assert slide.shapes.title.text == f"The message of {key}: one customer brings more than all others together"
        told = texts_of(slide)
        assert f"Customers by {key}, EUR, 2025, actual" in told
        assert any(foot.endswith(f"Source: a test. How {key} was reckoned.") for foot in told)
        assert slide.element.find(f".//{A}fld[@type='slidenum']") is not None
        said = slide.notes_slide.notes_text_frame.text
        for part in ("The message of", "EUR, 2025, actual", f"How {key} was reckoned.", "Source: a test"):
            assert part in said
        [frame] = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
        described = frame._element.nvGraphicFramePr.cNvPr.get("descr")
        assert "The message of" in described
        assert re.match(r"[\w -]+: ", described)
        assert all(
            shape.text_frame.text or shape.element.find(f".//{A}fld") is not None for shape in slide.placeholders
        )


def test_texts_bear_their_language(deck: Path) -> None:
    slides = pptx.Presentation(str(deck)).slides
    runs = [
        run for shape in slides[1].shapes if shape.has_text_frame for p in shape.text_frame.paragraphs for run in p.runs
    ]
    assert {run._r.rPr.get("lang") for run in runs} == {{"en": "en-GB", "de": "de-DE"}[deck.stem]}
    assert chart_named(deck, "bar").find(C + "lang").get("val") == {"en": "en-GB", "de": "de-DE"}[deck.stem]


def frame_of(deck_path: Path, place: int, kind: str) -> Any:
    slide = pptx.Presentation(str(deck_path)).slides[place]
    return next(shape for shape in slide.shapes if getattr(shape, f"has_{kind}"))


def test_a_table_shows_what_can_be_read(tmp_path: Path) -> None:
    path = export.deck([long_table(), exhibit("short")], tmp_path / "x.pptx")
    frame = frame_of(path, 0, "table")
    table = frame.table
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert len(rows) == 1 + tables.ROWS
    assert rows[0] == ["Customer", *(f"Figure {k}" for k in range(7)), "Reason"]
    assert rows[1][:2] == ["Customer 0  GmbH & Co. KG", "0"]
    assert rows[1][2] == "1,000,000"
    assert rows[1][-1].endswith("…")
    alignments = [cell.text_frame.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert [str(alignment).split(" ")[0] for alignment in alignments] == ["None", *["RIGHT"] * 7, "None"]
    presentation = pptx.Presentation(str(path))
    assert frame.left + sum(column.width for column in table.columns) <= presentation.slide_width - Inches(0.55)
    assert frame.top + sum(row.height for row in table.rows) <= Inches(6.55)
    assert any("12 of 30 rows, 9 of 12 columns." in told for told in texts_of(presentation.slides[0]))
    assert not any(" of " in told and "rows" in told for told in texts_of(presentation.slides[1]))
    assert frame_of(path, 1, "table").table.cell(2, 1).text_frame.text == ""  # a missing figure


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    path = export.deck([exhibit("none", table=pd.DataFrame({"name": [], "revenue": []}))], tmp_path / "x.pptx")
    assert "There is nothing to list." in texts_of(pptx.Presentation(str(path)).slides[0])


@pytest.mark.parametrize("notes", [False, True])
@pytest.mark.parametrize("drawn", [None, NATIVES["bar"]])
def test_a_deck_that_is_read_alone_has_its_notes_in_full(tmp_path: Path, drawn: Any, *, notes: bool) -> None:
    note = "An assumption that fills lines. " * 40
    path = export.deck([exhibit("x", drawn=drawn, note=note)], tmp_path / "x.pptx", notes=notes, source="Source: s.")
    slide = pptx.Presentation(str(path)).slides[0]
    told = texts_of(slide)
    assert any(part.endswith(note.strip()) for part in told) is notes
    assert ("Source: s." in told) is notes
    assert any(part.startswith("Source: s. An assumption") and part.endswith("…") for part in told) is not notes
    frames = [shape for shape in slide.shapes if not shape.is_placeholder]
    for one, other in itertools.pairwise(frames):
        apart = one.left + one.width <= other.left or one.top + one.height <= other.top
        assert apart or name_of(one._element) == "sp"


def test_a_deck_with_notes_shows_as_many_rows_as_have_room(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": [f"Customer {k}" for k in range(30)], "revenue": [float(k) for k in range(30)]})
    counts = []
    for note in ("A short note.", "An assumption that fills lines. " * 70):
        one = exhibit("x", table=table, note=note)
        path = export.deck([one], tmp_path / "x.pptx", notes=True)
        frame = frame_of(path, 0, "table")
        beside = [shape for shape in pptx.Presentation(str(path)).slides[0].shapes if shape.name.startswith("Method")]
        assert frame.top + sum(row.height for row in frame.table.rows) <= beside[0].top
        counts.append(len(frame.table.rows) - 1)
    assert counts[0] == tables.ROWS
    assert 1 < counts[1] < tables.ROWS


def test_the_longest_messages_fit(tmp_path: Path) -> None:
    message = "Unternehmensgruppe Großschifffahrtstechnik bringt 12,3 % des Umsatzes, " * 4
    for length in (20, 80, 140, 200, 260):
        path = export.deck([exhibit("x", message=message[:length])], tmp_path / f"{length}.pptx")
        title = pptx.Presentation(str(path)).slides[0].shapes.title
        size = title.text_frame.paragraphs[0].runs[0].font.size
        points = 24.0 if size is None else size.pt
        lines = text.broken(title.text, title.width / 914_400, points, bold=True)
        assert len(lines) * points * text.LINE / 72 <= title.height / 914_400 + 0.01
        assert points >= 16
        assert points == 24 or length > 80


@pytest.mark.parametrize("size", [10.0, 24.0])
def test_lines_break_where_they_must(size: float) -> None:
    told = "one two threefourfivesixseveneightnineteneleventwelve end"
    lines = text.broken(told, 1.0, size)
    assert "".join(lines).replace(" ", "") == told.replace(" ", "")
    assert all(text.width(line, size) <= 1.0 for line in lines)
    assert text.shortened("short", 5.0, size) == "short"
    cut = text.shortened(told, 1.0, size)
    assert cut.endswith("…")
    assert text.width(cut, size) <= 1.0
    assert told.startswith(cut[:-1])


# Business notation


def chart_named(deck_path: Path, key: str) -> Any:
    return next(chart for name, chart, _ in charts_of(deck_path) if name == key)


def test_bars_begin_at_zero_and_hide_the_axis_that_their_labels_replace(deck: Path) -> None:
    for key in ("bar", "stacked", "forecast", "stacked_figures", "waterfall", "two_intervals"):
        axis = chart_named(deck, key).find(f".//{C}valAx")
        told = "".join(text.text for text in axis.iter(A + "t"))
        assert told == ("EUR million" if key in {"bar", "waterfall"} else ""), key  # labels that are figures alone
        assert axis.find(C + "delete").get("val") == ("0" if told else "1"), key
        assert axis.find(C + "tickLblPos").get("val") == "none"
        assert axis.find(C + "majorGridlines") is None
        assert float(axis.find(f"{C}scaling/{C}min").get("val")) <= 0
    axis = chart_named(deck, "bar").find(f".//{C}valAx")
    assert float(axis.find(f"{C}scaling/{C}min").get("val")) == 0
    assert float(axis.find(f"{C}scaling/{C}max").get("val")) > 3e6  # room for the label
    shown = chart_named(deck, "bar_upright").find(f".//{C}valAx")
    assert shown.find(C + "delete").get("val") == "0"
    assert float(shown.find(f"{C}scaling/{C}min").get("val")) == 0
    assert shown.find(C + "majorGridlines") is not None
    categories = chart_named(deck, "bar").find(f".//{C}catAx/{C}scaling/{C}orientation")
    assert categories.get("val") == "maxMin"  # the first on top


def test_bars_are_never_thicker_than_they_need_to_be(tmp_path: Path) -> None:
    gaps = []
    for count in (1, 3, 12):
        names = tuple(f"name {k}" for k in range(count))
        native = bars("bar", Series("r", (1.0,) * count, labels=FIGURES), names=names, scale=Scale("number"))
        path = export.deck([exhibit("g", drawn=native)], tmp_path / f"{count}.pptx")
        gaps.append(int(chart_named(path, "g").find(f".//{C}gapWidth").get("val")))
        high = frame_of(path, 0, "chart").height / 914_400
        assert 0.98 * high / count / (1 + gaps[-1] / 100) <= (0.8 if count == 1 else 0.61)
    assert gaps[0] == 500  # as much air as PowerPoint knows
    assert gaps[-1] == 60


def test_parts_of_bars_bear_a_figure_where_it_has_room(tmp_path: Path) -> None:
    # Of 200 on some 11 inches, 8 is 0.4 inches long and has room for its figure, 1 has none.
    parts = [Series(name, (100.0, 8.0, 1.0), labels=FIGURES) for name in ("now", "then")]
    path = export.deck([exhibit("s", drawn=bars("stacked", *parts, scale=Scale("number")))], tmp_path / "x.pptx")
    for series in chart_named(path, "s").iter(C + "ser"):
        assert [label.find(C + "idx").get("val") for label in series.iter(C + "dLbl")] == ["2"]


def looks(chart: Any) -> dict[str, Any]:
    return {series.find(f"{C}tx//{C}v").text: series.find(C + "spPr") for series in chart.iter(C + "ser")}


def test_scenarios_have_their_patterns(tmp_path: Path) -> None:
    series = [
        Series(name, (1.0, 2.0, 3.0), meaning=meaning, scenario=scenario)
        for name, meaning, scenario in (
            ("a", "actual", "actual"),
            ("b", "actual", "previous"),
            ("c", "actual", "plan"),
            ("d", "actual", "forecast"),
            ("e", "highlight", "previous"),
        )
    ]
    path = export.deck([exhibit("s", drawn=bars("bar", *series, scale=Scale("number")))], tmp_path / "x.pptx")
    found = looks(chart_named(path, "s"))
    first = {name: name_of(look[0]) for name, look in found.items()}
    assert first == {"a": "solidFill", "b": "solidFill", "c": "noFill", "d": "pattFill", "e": "solidFill"}
    assert found["a"].find(f"{A}solidFill/{A}schemeClr").get("val") == "accent1"
    assert found["b"].find(f"{A}solidFill/{A}schemeClr").get("val") == "accent3"
    assert found["c"].find(f"{A}ln//{A}schemeClr").get("val") == "accent1"
    assert found["e"].find(f"{A}solidFill/{A}schemeClr/{A}lumOff") is not None
    theme = next(content for name, content in parts_of(path).items() if name.endswith("theme/theme1.xml")).decode()
    for meaning in ("actual", "previous", "highlight", "good", "bad"):
        assert COLOURS[meaning].lstrip("#").upper() in theme


def test_a_waterfall_stands_on_nothing_that_is_seen(deck: Path) -> None:
    chart = chart_named(deck, "waterfall")
    found = looks(chart)
    assert name_of(found["held up by"][0]) == "noFill"
    amount = next(series for series in chart.iter(C + "ser") if series.find(f"{C}tx//{C}v").text == "Amount")
    points = {int(p.find(C + "idx").get("val")): p for p in amount.findall(C + "dPt")}
    assert points[0].find(f".//{A}schemeClr").get("val") == "accent3"  # the period before, the rest bad
    assert {p.find(C + "invertIfNegative").get("val") for p in points.values()} == {"0"}
    carrier = list(chart.iter(C + "ser"))[-1]
    assert [t.text for t in carrier.find(C + "dLbls").iter(A + "t")] == ["3", "-2", "-2", "-1"]
    assert chart.find(f".//{C}legend") is None


def test_a_pareto_has_its_line_on_a_second_axis(deck: Path) -> None:
    chart = chart_named(deck, "pareto")
    line = chart.find(f".//{C}lineChart")
    assert line.find(f"{C}ser/{C}smooth").get("val") == "0"
    own = {number.get("val") for number in line.findall(C + "axId")}
    assert not own & {number.get("val") for number in chart.find(f".//{C}barChart").findall(C + "axId")}
    right = [axis for axis in chart.iter(C + "valAx") if axis.find(C + "axId").get("val") in own]
    assert [axis.find(C + "crosses").get("val") for axis in right] == ["max"]
    assert [float(axis.find(f"{C}scaling/{C}max").get("val")) for axis in right] == [1.0]


def test_the_line_of_a_pareto_runs_through_no_figure(tmp_path: Path) -> None:
    # On a scale of 1,000 to 100%, the line lies below the first figure, on the next two, and above the others. The
    # text at its fifth point stands above it, where the sixth figure is not; that of its last would cover a figure.
    columns = (500.0, 200.0, 150.0, 20.0, 20.0, 20.0, 300.0)
    line = (0.1, 0.24, 0.2, 0.4, 0.5, 0.6, 0.2)
    native = bars(
        "pareto",
        Series("Revenue", columns, labels=FIGURES),
        Series("Cumulative", line, meaning="highlight", line=True, labels=("", "", "", "", "50%", "", "20%")),
        names=tuple("abcdefg"),
        scale=Scale("number", most=1000.0),
        second=SHARE,
        upright=True,
    )
    chart = chart_named(export.deck([exhibit("p", drawn=native)], tmp_path / "x.pptx"), "p")
    gone = [
        int(label.find(C + "idx").get("val"))
        for label in chart.find(f".//{C}barChart/{C}ser").iter(C + "dLbl")
        if label.find(C + "delete") is not None
    ]
    assert gone == [1, 2, 6]


def test_intervals_are_error_bars(deck: Path) -> None:
    bar = chart_named(deck, "xy").find(f".//{C}errBars")
    assert bar.find(C + "errDir").get("val") == "y"
    assert cached(bar.find(f"{C}plus/{C}numRef")) == pytest.approx([0.1, 0.1, 0.0])
    assert cached(bar.find(f"{C}minus/{C}numRef")) == pytest.approx([0.1, 0.1, 0.2])
    assert cached(chart_named(deck, "line").find(f".//{C}errBars/{C}plus/{C}numRef"))[1] == ""


def test_labels_give_way_to_each_other(tmp_path: Path) -> None:
    spots = (0.5, 0.5001, 0.5002, 0.5003, 0.5004, 0.5005, 0.5006)
    crowd = Trace("crowd", spots, spots, labels=("some customer",) * 7)
    path = export.deck([exhibit("c", drawn=Plane((crowd,), SHARE, SHARE))], tmp_path / "x.pptx")
    labels = chart_named(path, "c").findall(f".//{C}dLbl")
    gone = [label for label in labels if label.find(C + "delete") is not None]
    sides = [label.find(C + "dLblPos").get("val") for label in labels if label not in gone]
    assert len(labels) == 7
    assert gone
    assert len(sides) == len(set(sides))


def test_labels_of_points_give_way_to_those_of_lines(tmp_path: Path) -> None:
    line = Trace("line", (0.0, 1.0), (0.5, 0.5), line="dashed", labels=("", "10,000"))
    points = Trace("points", (0.1, 0.2, 0.985), (0.9, 0.9, 0.53), labels=("", "", "AB"))
    path = export.deck([exhibit("g", drawn=Plane((line, points), SHARE, SHARE))], tmp_path / "x.pptx")
    sides = {
        "".join(part.text for part in label.iter(A + "t")): label.find(C + "dLblPos").get("val")
        for label in chart_named(path, "g").iter(C + "dLbl")
    }
    assert sides["10,000"] == "r"  # at its end, where it is looked for
    assert sides["AB"] == "l"


def test_a_label_covers_as_little_of_the_lines_as_can_be(tmp_path: Path) -> None:
    # The line comes down steeply from the left and runs on to the right, between two level ones.
    level = [Trace(f"at {y}", (0.0, 1.0), (y, y), meaning="quiet", line="dashed") for y in (0.44, 0.56)]
    steep = Trace("steep", (0.2, 0.5, 1.0), (1.0, 0.5, 0.5), line="solid")
    point = Trace("point", (0.5,), (0.5,), labels=("a label that is rather long",))
    path = export.deck([exhibit("c", drawn=Plane((*level, steep, point), SHARE, SHARE))], tmp_path / "x.pptx")
    [label] = chart_named(path, "c").findall(f".//{C}dLbl")
    assert label.find(C + "dLblPos").get("val") == "l"
    assert name_of(label.find(C + "spPr")[0]) == "solidFill"  # on a ground of its own


def test_a_text_in_the_plane_takes_no_room_from_it(tmp_path: Path) -> None:
    line = Trace("line", (0.0, 1.0), (0.0, 1.0), line="solid")
    said = Trace("said", (1.0,), (0.5,), line="solid", labels=("what is said of its end",))
    path = export.deck([exhibit(key, drawn=Plane(drawn, SHARE, SHARE)) for key, drawn in (
        ("without", (line,)), ("with", (line, said)))], tmp_path / "x.pptx")  # fmt: skip
    wide = {key: chart_named(path, key).find(f".//{C}manualLayout/{C}w").get("val") for key in ("without", "with")}
    assert wide["with"] == wide["without"]
    assert chart_named(path, "with").find(f".//{C}dLblPos").get("val") == "l"


def test_log_axes(deck: Path) -> None:
    for axis in chart_named(deck, "xy_log").iter(C + "valAx"):
        assert axis.find(f"{C}scaling/{C}logBase").get("val") == "10"
        assert float(axis.find(f"{C}scaling/{C}min").get("val")) > 0
        assert axis.find(C + "crosses").get("val") == "min"


@pytest.mark.parametrize(
    ("scale", "largest", "language", "shown"),
    [
        (Scale("money", unit=10**6), 5.4e6, "en", "#,##0.00,,"),
        (Scale("money", unit=10**6), 54e6, "de", "#,##0.0,,"),
        (Scale("money", unit=1000), 540e3, "en", "#,##0,"),
        (Scale("money"), 540.0, "en", "#,##0"),
        (Scale("percent"), 0.4, "en", "0.0%"),
        (Scale("percent"), 0.4, "de", '0.0"\xa0"%'),
        (Scale("index"), 0.4, "de", "0.00"),
        (Scale("number"), 4.0, "en", "#,##0"),
        (Scale("decimal"), 4.0, "en", "#,##0.0"),
    ],
)
def test_figures_are_shown_in_their_unit(scale: Scale, largest: float, language: str, shown: str) -> None:
    assert forms.figures(scale, largest, language) == shown


def test_the_mark_of_figures_is_the_exhibits_own() -> None:
    assert markup.FIGURES == natives.FIGURES  # export may not import exhibits


# Whole decks


def test_the_same_deck_gives_the_same_bytes(deck: Path, tmp_path: Path) -> None:
    again = export.deck(every(deck.stem), tmp_path / "again.pptx", title="All \x00 kinds", source="Source: a test")
    assert again.read_bytes() == deck.read_bytes()


def test_a_deck_tells_nothing_of_its_maker(deck: Path) -> None:
    about = pptx.Presentation(str(deck)).core_properties
    assert about.title == "All  kinds"
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == dt.datetime(2000, 1, 1)  # noqa: DTZ001
    with zipfile.ZipFile(deck) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [
            name for name in package.namelist() if "thumbnail" in name or "printer" in name or "app.xml" in name
        ]


def test_a_deck_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.PPTX"
    assert export.deck([exhibit("one")], path) == path
    before = path.read_bytes()
    with pytest.raises(KamlibError, match="at least one exhibit"):
        export.deck([], path)
    with pytest.raises(KamlibError, match=r"written to a \.pptx file"):
        export.deck([exhibit("one")], tmp_path / "x.ppt")
    with pytest.raises(AttributeError):
        export.deck([exhibit("one"), exhibit("two", table=None)], path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["x.PPTX"]
    (tmp_path / "folder.pptx").mkdir()
    with pytest.raises(KamlibError, match="can't be written"):
        export.deck([exhibit("one")], tmp_path / "folder.pptx")


def test_a_deck_takes_exhibits_alone(tmp_path: Path) -> None:
    lacking = exhibits.Lacking("There is no contact log.")
    for given, said in (
        ([exhibit("one"), lacking], "number 2 of the exhibits is none: 'There is no contact log.'"),
        ([None], "number 1 of the exhibits is none"),
        (exhibit("one"), "a list of exhibits, not of one Exhibit"),
    ):
        with pytest.raises(KamlibError, match=said):
            export.deck(given, tmp_path / "x.pptx")
    assert list(tmp_path.iterdir()) == []


def test_an_exhibit_may_be_there_twice(tmp_path: Path) -> None:
    twice = [exhibit("bar", drawn=NATIVES["bar"])] * 2
    path = export.deck(twice, tmp_path / "x.pptx")
    assert [name for name, _, _ in charts_of(path)] == ["bar", "bar"]
    assert len([name for name in parts_of(path) if name.endswith(".xlsx")]) == 2


def test_an_exhibit_saves_itself_as_a_slide(tmp_path: Path) -> None:
    path = exhibit("bar", drawn=NATIVES["bar"]).save(tmp_path / "x.pptx")
    assert [name for name, _, _ in charts_of(path)] == ["bar"]
    assert len(pptx.Presentation(str(path)).slides) == 1


def report(language: str = "en") -> dict[str, Any]:
    first = [exhibit("pareto", language, drawn=NATIVES["pareto"]), exhibit("xy", language, drawn=NATIVES["xy"])]
    notes = [exhibit(f"t{k}", language, note=f"Assumption {k % 20}. " + "It matters. " * 20) for k in range(25)]
    return {
        "title": "Key accounts",
        "subtitle": "2025",
        "source": "Source: sales.csv.",
        "findings": ["The first finding.", "The second.", "The third " + "is a long one " * 12],
        "figures": [(f"Figure {k}", f"EUR {k} million") for k in range(6)],
        "sections": [
            SimpleNamespace(title="How concentrated?", exhibits=first, skipped=("There are no costs.", "Nor plans.")),
            SimpleNamespace(title="Nothing to say", exhibits=[], skipped=("There is no contact log.",)),
            SimpleNamespace(title="What else?", exhibits=notes[:5], skipped=()),
            SimpleNamespace(title="What else?", exhibits=notes[5:], skipped=()),
        ],
        "appendix": [long_table("audit")],
    }


def test_a_report_in_order(tmp_path: Path) -> None:
    path = tmp_path / "report.pptx"
    path.write_bytes(export.presentation(report(), words=Words()))
    slides = list(pptx.Presentation(str(path)).slides)
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[:3] == ["Key accounts", "What matters most", report()["sections"][0].exhibits[0].message]
    assert titles[-1].startswith("The message of audit")
    pages = [place for place, title in enumerate(titles) if title.startswith("Method and assumptions")]
    assert pages == list(range(2 + 2 + 25, len(titles) - 2))
    assert titles[-2] == "What the data could not show"
    assert len(pages) > 1
    assert titles[pages[0]] == f"Method and assumptions (1 of {len(pages)})"
    summary = texts_of(slides[1])
    assert any(told.startswith("The first finding.\nThe second.\nThe third") for told in summary)
    numbered = slides[1].element.findall(f".//{A}buAutoNum")
    assert [number.getprevious().getprevious().tag for number in numbered] == [f"{A}spcAft"] * 3  # as the schema has it
    assert "EUR 5 million\nFigure 5" in summary
    tiles = {shape.top for shape in slides[1].shapes if shape.name.startswith("Figure ")}
    assert len(tiles) == 2  # six figures: five side by side, the last below
    rows = [
        [cell.text_frame.text for cell in row.cells]
        for place in pages
        for shape in slides[place].shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]
    assert rows[0] == ["3", "Customers by pareto", "How pareto was reckoned."]
    assert rows[2][:2] == ["5, 25", "Customers by t0; Customers by t20"]  # the same note, once
    assert len(rows) == 2 + 20
    assert any(
        "12 of 30 rows, 9 of 12 columns; the whole table is in tables.xlsx." in told for told in texts_of(slides[-1])
    )


def missing(**changes: Any) -> list[list[list[str]]]:
    """Return the rows of every slide on what the data could not show."""
    made = pptx.Presentation(io.BytesIO(export.presentation(report() | changes, words=Words())))
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for slide in made.slides
        if slide.shapes.title.text.startswith("What the data could not show")
        for shape in slide.shapes
        if shape.has_table
    ]


def test_a_deck_tells_what_the_data_could_not_show() -> None:
    [rows] = missing()
    assert rows == [
        ["Question", "What is missing and why"],
        ["How concentrated?", "There are no costs. Nor plans."],
        ["Nothing to say", "There is no contact log."],
    ]
    whole = [section for section in report()["sections"] if not section.skipped]
    assert missing(sections=whole) == []
    long = [
        SimpleNamespace(title=f"Question {k}", exhibits=[], skipped=("It goes on and on. " * 20,)) for k in range(20)
    ]
    slides = missing(sections=long)
    assert len(slides) > 1
    assert [row[0] for rows in slides for row in rows[1:]] == [f"Question {k}" for k in range(20)]


def test_the_overview_is_grouped_by_section() -> None:
    parts = zipfile.ZipFile(io.BytesIO(export.presentation(report("de"), words=Words("de"))))
    deck_xml = etree.fromstring(parts.read("ppt/presentation.xml"))
    sections = deck_xml.findall(".//{*}sectionLst/{*}section")
    titles = [section.get("name") for section in sections]
    assert titles[1:4] == ["How concentrated?", "What else?", "What else?"]
    held = [item.get("id") for section in sections for item in section.iter("{*}sldId")]
    assert held == [slide.get("id") for slide in deck_xml.find(f"{P}sldIdLst")]
    assert len({section.get("id") for section in sections}) == len(sections)
    order = [name_of(child) for child in deck_xml]
    assert order.index("extLst") == len(order) - 1


# Figures, axes and what else a reader would never notice to be wrong


@pytest.mark.parametrize(
    ("scale", "span", "shown"),
    [
        (Scale("percent"), 1.0, "0%"),
        (Scale("percent"), 0.051, "0%"),
        (Scale("percent"), 0.05, "0.0%"),
        (Scale("percent"), 0.0051, "0.0%"),
        (Scale("percent"), 0.005, "0.00%"),
        (Scale("percent", log=True), 1.0, "[<0.001]0.00%;[<0.01]0.0%;0%"),
        (Scale("money", unit=10**6), 5.1e6, "#,##0,,"),
        (Scale("money", unit=10**6), 5e6, "#,##0.0,,"),
        (Scale("money", unit=10**6), 0.51e6, "#,##0.0,,"),
        (Scale("money", unit=10**6), 0.5e6, "#,##0.00,,"),
        (Scale("number"), 12.0, "#,##0"),
        (Scale("index"), 1.0, "#,##0.0"),
        (Scale("index"), 0.4, "#,##0.00"),
        (Scale("money", unit=1000, log=True), 9e6, "[<1000]0.0##,;#,##0,"),
    ],
)
def test_ticks_have_the_decimals_that_their_axis_needs(scale: Scale, span: float, shown: str) -> None:
    assert forms.ticks(scale, span, "en") == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "0.0%"),
        ("de", '0.0"\N{NO-BREAK SPACE}"%'),
        ("fr", '0.0"\N{NO-BREAK SPACE}"%'),
        ("tr", "%0.0"),
        ("eu", '%"\N{NO-BREAK SPACE}"0.0'),
    ],
)
def test_per_cent_is_written_as_any_language_does(language: str, shown: str) -> None:
    assert forms.figures(Scale("percent"), 1, language) == shown
    assert forms.ticks(Scale("percent"), 0.03, language) == shown
    assert forms.ticks(Scale("percent"), 1.0, language) == shown.replace(".0", "")
    assert forms.ticks(Scale("percent", log=True), 1.0, language).split(";")[1] == f"[<0.01]{shown}"


def test_a_gap_is_a_gap_and_what_is_below_0_keeps_its_colour(deck: Path) -> None:
    for name, chart, _ in charts_of(deck):
        assert [blank.get("val") for blank in chart.iter(C + "dispBlanksAs")] == ["gap"], name
        assert {one.get("val") for one in chart.iter(C + "invertIfNegative")} <= {"0"}, name
    for key in ("bar", "stacked", "waterfall", "bubbles"):  # whose series would be white below 0
        assert all(one.find(C + "invertIfNegative") is not None for one in chart_named(deck, key).iter(C + "ser")), key


def test_bars_lie_upon_each_other_only_where_they_add_up(deck: Path) -> None:
    grouped = {key: chart_named(deck, key).find(f".//{C}overlap").get("val") for key in NATIVES if key in BARS}
    assert grouped == BARS


BARS = {
    "bar": "0", "bar_gap": "0", "bar_upright": "0", "two_intervals": "0", "pareto": "0", "empty": "0",
    "stacked": "100", "stacked_figures": "100", "forecast": "100", "waterfall": "100", "nasty": "100",
    "bar_interval": "100",  # its second series is invisible and bears the labels
}  # fmt: skip


def test_both_axes_of_a_pareto_begin_at_0(deck: Path) -> None:
    least = [axis.find(f"{C}scaling/{C}min").get("val") for axis in chart_named(deck, "pareto").iter(C + "valAx")]
    assert list(map(float, least)) == [0.0, 0.0]


def test_what_bears_the_labels_stays_within_the_chart(deck: Path) -> None:
    for key in ("stacked", "forecast", "waterfall", "nasty", "bar_interval"):
        chart = chart_named(deck, key)
        ends = [float(chart.find(f".//{C}valAx/{C}scaling/{C}{end}").get("val")) for end in ("min", "max")]
        *seen, bearer = [[value or 0.0 for value in held["val"]] for held in figures_of(chart).values()]
        assert min(bearer) > 0, key  # or its label would stand on the bar
        if key == "bar_interval":
            assert max(bearer) < 0.02 * (ends[1] - ends[0])  # just behind 0, for all of its bars are below
        else:
            tops = [sum(max(value, 0.0) for value in bar) for bar in zip(*seen, bearer, strict=True)]
            assert max(tops) <= ends[1], key


def test_no_bubble_is_cut_at_the_end_of_its_axis(tmp_path: Path) -> None:
    scale = Scale("index", least=0.2, most=0.9)
    trace = Trace("a", (0.3, 0.9), (0.9, 0.3), size=(1.0, 2.0))
    path = export.deck([exhibit("b", drawn=Plane((trace,), scale, scale))], tmp_path / "x.pptx")
    for axis in chart_named(path, "b").iter(C + "valAx"):
        assert float(axis.find(f"{C}scaling/{C}max").get("val")) == pytest.approx(0.9 + 0.12 * (0.9 - 0.2))


def test_figures_on_bars_are_light_on_dark_and_dark_on_light(tmp_path: Path) -> None:
    looks = {"actual": "bg1", "highlight": "bg1", "previous": "tx1", "quiet": "tx1"}
    parts = [Series(meaning, (90.0, 80.0), meaning=meaning, labels=FIGURES) for meaning in looks]
    parts.append(Series("hatched", (90.0, 80.0), scenario="forecast", labels=FIGURES))
    parts.append(Series("lighter", (90.0, 80.0), scenario="previous", labels=FIGURES))
    native = bars("stacked", *parts, names=("one", "two"), scale=Scale("number"))
    chart = chart_named(export.deck([exhibit("s", drawn=native)], tmp_path / "x.pptx"), "s")
    written = {
        series.find(f"{C}tx//{C}v").text: series.find(f"{C}dLbls/{C}txPr//{A}schemeClr").get("val")
        for series in chart.iter(C + "ser")
    }
    assert written == looks | {"hatched": "tx1", "lighter": "tx1"}


def test_an_exhibit_without_a_note_has_no_row_among_the_assumptions() -> None:
    shown = [exhibit("told"), exhibit("silent", note=" \x07"), exhibit("also silent", note="")]
    content = report() | {"sections": [SimpleNamespace(title="One?", exhibits=shown, skipped=())], "appendix": []}
    slides = pptx.Presentation(io.BytesIO(export.presentation(content, words=Words()))).slides
    [frame] = [
        shape for slide in slides for shape in slide.shapes
        if shape.has_table and slide.shapes.title.text == "Method and assumptions"
    ]  # fmt: skip
    rows = [[cell.text_frame.text for cell in row.cells] for row in frame.table.rows][1:]
    assert rows == [["3", "Customers by told", "How told was reckoned."]]


def test_a_table_says_so_if_columns_are_left_out(tmp_path: Path) -> None:
    wide = long_table(rows=3)
    told = texts_of(pptx.Presentation(str(export.deck([wide], tmp_path / "wide.pptx"))).slides[0])
    assert any(re.search(r"\b\d+ of 12 columns\.", foot) for foot in told)
    narrow = replace(wide, columns=dict(list(wide.columns.items())[:4]))
    told = texts_of(pptx.Presentation(str(export.deck([narrow], tmp_path / "narrow.pptx"))).slides[0])
    assert not any(re.search(r"\d+ of \d+ (columns|rows)", foot) for foot in told)
