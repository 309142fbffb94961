from __future__ import annotations

import ast
import base64
import hashlib
import html
import inspect
import io
import itertools
import json
import math
import re
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import python_calamine
from lxml import etree

from kamlib import export, style
from kamlib.checks import KamlibError
from kamlib.exhibits import Exhibit, Measure
from kamlib.export import characters, excel, formats, titles
from kamlib.style import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NASTY = ["=1+1", "<script>alert(1)</script>", "@SUM(A1)", "http://example.invalid/x", "Müller & Söhne", "+49 30"]


def bars(ax: Axes) -> Axes:
    ax.bar([0, 1], [1.0, 2.0])
    return ax


def make(language: str = "en", *, chart: bool = True) -> Exhibit:
    table = pd.DataFrame(
        {
            "name": NASTY,
            "revenue": [1234.5, 0.0, -2.25, 1e6, math.nan, 3.0],
            "share": [0.25, 0.5, 0.1, 0.05, 0.05, 0.05],
            "day": pd.to_datetime(["2025-12-31", None, "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05"]),
            "rank": pd.array([1, 2, 3, 4, None, 6], dtype="Int64"),
        }
    )
    columns = {
        "name": ("Customer", "text"),
        "revenue": ("Revenue", "cents"),
        "share": ("Share", "percent"),
        "day": ("Day", "date"),
        "rank": ("Rank", "number"),
    }
    message = "Two <b>bars</b> & one more"
    measure = Measure("Bars", "EUR", "2025", "actual")
    return Exhibit("nasty", message, measure, table, columns, "A note.", Words(language), bars if chart else None)


def sheets(workbook: bytes) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(workbook: bytes) -> dict[str, str]:
    book = zipfile.ZipFile(io.BytesIO(workbook))
    return {name: book.read(name).decode() for name in book.namelist()}


def test_the_workbook_holds_real_numbers_and_harmless_text() -> None:
    exhibit = make()
    workbook = export.workbook([exhibit], words=exhibit.words)
    found = sheets(workbook)
    assert list(found) == ["Contents", "nasty"]
    assert found["Contents"] == [
        ["Sheet", "Message", "Measure"],
        ["nasty", exhibit.message, "Bars, EUR, 2025, actual"],
    ]
    header, *rows = found["nasty"][3:10]
    assert header == ["Customer", "Revenue", "Share", "Day", "Rank"]
    assert [row[0] for row in rows] == NASTY
    assert [row[1] for row in rows] == [1234.5, 0.0, -2.25, 1e6, "", 3.0]
    assert [row[2] for row in rows] == exhibit.table["share"].tolist()
    assert rows[0][3] == pd.Timestamp("2025-12-31").date()
    assert rows[1][3] == ""
    assert [row[4] for row in rows] == [1, 2, 3, 4, "", 6]
    assert found["nasty"][-1][0] == "A note."
    cells = parts(workbook)["xl/worksheets/sheet2.xml"]
    assert "<f>" not in cells  # no formula
    assert re.findall(r"<hyperlink [^>]*>", cells) == [
        '<hyperlink ref="A3" location="\'Contents\'!A1" display="Contents"/>'  # the way back, and no other
    ]


def test_sheets_are_ready_to_read_filter_and_print() -> None:
    cells = parts(export.workbook([make()], words=Words()))["xl/worksheets/sheet2.xml"]
    assert '<pane ySplit="4" ' in cells  # the headings stay in sight
    assert '<autoFilter ref="A4:E10"/>' in cells
    assert 'orientation="landscape"' in cells
    assert 'paperSize="9"' in cells
    assert 'fitToHeight="0"' in cells  # as wide as a page, as long as it takes


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {"#,##0.00", "0.0%", "d mmm yyyy", "#,##0"}),
        ("de", {"#,##0.00", '0.0"\N{NO-BREAK SPACE}"%', "dd.mm.yyyy", "#,##0"}),
    ],
)
def test_numbers_look_as_the_reader_expects_them(language: str, expected: set[str]) -> None:
    found = parts(export.workbook([make(language)], words=Words(language)))
    styles, cells = found["xl/styles.xml"], found["xl/worksheets/sheet2.xml"]
    known = {"1": "0", "3": "#,##0", "4": "#,##0.00"}  # Excel's own numbers of formats
    known |= dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]*)"', styles))
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    row = re.findall(r'<c r="[B-E]5" s="(\d+)"', cells)
    assert {html.unescape(known[used[int(style)]]) for style in row} == expected


def test_what_excel_has_no_number_for_is_text() -> None:
    exhibit = make()
    odd = exhibit.table.assign(revenue=math.inf, name=["a\x00b\x1f\ufffe"] * len(NASTY))
    found = sheets(export.workbook([replace(exhibit, table=odd)], words=Words()))
    assert found["nasty"][4][:2] == ["ab", "∞"]


def test_an_empty_table_has_a_sheet() -> None:
    empty = replace(make(), table=make().table.head(0))
    assert sheets(export.workbook([empty], words=Words()))["nasty"][3][0] == "Customer"


def test_sheet_names_are_unique_and_allowed() -> None:
    names = excel._sheet_names(["Audit", "audit", "History", "", "a/b:c[d]*?'" * 10, "a/b:c[d]*?'" * 10])
    assert names[:2] == ["Audit", "audit 2"]  # Excel tells no capitals apart
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)
    assert "history" not in map(str.casefold, names)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_exhibit_has_a_short_title(language: str) -> None:
    keys = re.findall(r'^        "(\w+)": words', inspect.getsource(titles.title), re.MULTILINE)
    found = [titles.title(key, Words(language)) for key in keys]
    assert len(found) > 30
    assert excel._sheet_names(found) == found  # they are the names of sheets as they are
    assert titles.title("my own", Words(language)) == "my own"


def test_the_same_exhibit_gives_the_same_bytes() -> None:
    first, second = (export.pictures(make()) for _ in range(2))
    assert first == second
    assert export.workbook([make()], words=Words()) == export.workbook([make()], words=Words())


def test_pictures_bear_message_measure_and_note_as_text() -> None:
    pictures = export.pictures(make())
    assert pictures["png"].startswith(b"\x89PNG")
    svg = pictures["svg"].decode()
    for text in ("Two &lt;b&gt;bars&lt;/b&gt; &amp; one more", "Bars, EUR, 2025, actual", "A note."):
        assert text in svg
        assert text not in pictures["bare"].decode()
    assert export.pictures(make(), bare_only=True) == {"bare": pictures["bare"]}


def test_a_picture_has_300_dots_an_inch() -> None:
    png = export.pictures(make())["png"]
    place = png.index(b"pHYs") + 4
    assert struct.unpack(">II", png[place : place + 8]) == (11811, 11811)  # dots a metre: 300 / 0.0254
    assert struct.unpack(">II", png[16:24]) == (3000, 1687)  # 10 by 5.625 inches


def test_a_name_is_neither_formula_nor_markup_in_a_chart() -> None:
    names = ["$a_b^2$", "<script>&", "bell\x07null\x00", r"\frac{1}{2}$x$"]

    def draw(ax: Axes) -> Axes:
        ax.bar(range(4), [1.0, 2.0, 3.0, 4.0])
        ax.set_xticks(range(4), names)
        ax.text(0, 1, names[2])
        ax.set_ylabel(names[0])
        return ax

    for form in ("bare", "svg"):
        root = etree.fromstring(export.pictures(replace(make(), draw=draw, message=names[2]))[form])
        texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
        assert texts.count("$a_b^2$") == 2
        assert {"<script>&", "bellnull", r"\frac{1}{2}$x$"} <= set(texts)
        assert not [one for one in root.iter() if one.tag.endswith("script")]


def test_only_what_xml_can_carry_is_legal() -> None:
    assert characters.legal("a\tb\nc ü € 𝄞 漢") == "a\tb\nc ü € 𝄞 漢"
    assert characters.legal("".join(map(chr, [*range(9), 11, 12, *range(14, 32), 127, 0xD800, 0xFFFE, 0xFFFF]))) == ""


def test_an_exhibit_without_a_chart_has_no_picture() -> None:
    assert export.pictures(make(chart=False)) == {}
    with pytest.raises(KamlibError, match="a table without a chart"):
        export.figure(make(chart=False))
    with pytest.raises(KamlibError, match="a table without a chart"):
        make(chart=False).chart()


def test_a_fragment_escapes_what_it_carries() -> None:
    shown = make()._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "Two &lt;b&gt;bars&lt;/b&gt;" in shown
    assert "1,234.50" in shown
    assert "25.0%" in shown
    assert "\x07" not in replace(make(), note="bell\x07")._repr_html_()
    german = make("de")._repr_html_()
    assert "1.234,50" in german
    assert "25,0\xa0%" in german
    assert "31.12.2025" in german


def page(*exhibits: Exhibit, language: str = "en") -> str:
    words = Words(language)
    section = SimpleNamespace(key="one", title="One?", lead="A <lead>.", skipped=(), exhibits=exhibits)
    content = {"title": "T & t", "subtitle": "", "findings": NASTY[1:2], "sections": [section], "colophon": ""}
    charts = {one.key: export.pictures(one, bare_only=True)["bare"] for one in exhibits if one.draw is not None}
    return export.page(content, charts=charts, words=words)


def test_the_page_allows_its_own_script_and_no_other() -> None:
    shown = page(make())
    scripts = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    assert len(scripts) == 1
    allowed = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}';" in shown
    assert "default-src 'none'" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "T &amp; t" in shown


def test_the_page_carries_what_its_tables_are_sorted_by() -> None:
    shown = page(make("de"), language="de")
    assert '<td class="n" data-value="1234.5">1.234,50</td>' in shown
    assert '<td class="n" data-value="2025-12-31T00:00:00">31.12.2025</td>' in shown
    assert '<td class="n" data-value=""></td>' in shown


def test_a_chart_on_the_page_says_in_words_what_it_shows() -> None:
    shown = page(make())
    assert re.findall(r'<img [^>]*alt="([^"]*)"', shown) == [
        "Two &lt;b&gt;bars&lt;/b&gt; &amp; one more. Bars, EUR, 2025, actual"
    ]
    assert shown.count("<details>") == 1
    assert "<details>" not in page(make(chart=False))  # what has no chart shows its table at once


def test_headings_go_down_step_by_step() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page(make(), make(chart=False)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(after - before for before, after in itertools.pairwise(levels)) == 1


def test_a_long_table_is_cut_on_the_page_and_whole_in_the_workbook() -> None:
    long = replace(make(chart=False), table=pd.concat([make().table] * 50))
    shown = page(long)
    assert shown.count("<tr>") == 1 + 100
    assert "The first 100 of 300 rows; all of them are in tables.xlsx." in shown
    assert "tables.xlsx" not in page(make(chart=False))
    assert len(sheets(export.workbook([long], words=Words()))["nasty"]) > 300


@pytest.mark.parametrize("ending", ["png", "svg", "xlsx"])
def test_an_exhibit_saves_itself(ending: str, tmp_path: Path) -> None:
    path = make().save(tmp_path / f"x.{ending}")
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", ["x.gif", "x"])
def test_other_formats_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(KamlibError, match="can be saved as"):
        make().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_json_knows_no_nan() -> None:
    content = {
        "a": np.float64(1.5),
        "b": [np.int64(2), math.nan, math.inf, None, pd.NaT, pd.NA],
        "c": pd.DataFrame({"day": [pd.Timestamp("2025-12-31")], "n": [3]}),
        "d": np.array([True, False]),
        1: ("ü", pd.Timestamp("2025-01-01").date()),
    }
    assert json.loads(export.as_json(content)) == {
        "a": 1.5,
        "b": [2, None, None, None, None, None],
        "c": [{"day": "2025-12-31", "n": 3}],
        "d": [True, False],
        "1": ["ü", "2025-01-01"],
    }


def test_a_folder_is_complete_or_not_there(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    export.folder(out, {"report.json": "{}", "charts/a.svg": b"x"})
    assert sorted(path.name for path in out.rglob("*")) == ["a.svg", "charts", "report.json"]
    export.folder(out, {"report.json": "{}", "b.txt": "new"})  # a former result is replaced as a whole
    assert sorted(path.name for path in out.rglob("*")) == ["b.txt", "report.json"]
    with pytest.raises(TypeError):
        export.folder(out, {"report.json": "{}", "broken": None})
    assert (out / "b.txt").read_text() == "new"
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_folder_that_is_no_result_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(KamlibError, match="no kamlib report"):
        export.folder(tmp_path, {"report.json": "{}"})
    assert (tmp_path / "mine.txt").read_text() == "precious"
    with pytest.raises(KamlibError, match="no kamlib report"):
        export.folder(tmp_path / "mine.txt", {"report.json": "{}"})
    assert export.folder(tmp_path / "empty", {"report.json": "{}"}).is_dir()


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "x.svg").mkdir()
    for ending in ("png", "svg", "xlsx", "pptx"):
        with pytest.raises(KamlibError, match="can't be written"):
            make().save(tmp_path / "file" / f"x.{ending}")
    with pytest.raises(KamlibError, match="can't be written"):
        make().save(tmp_path / "x.svg")
    with pytest.raises(KamlibError, match="can't be written"):
        export.document(tmp_path / "file" / "x.html", "<p>")
    with pytest.raises(KamlibError, match=r"'.*file' is no folder that you may write to"):
        export.vacant(tmp_path / "file" / "out")
    with pytest.raises(KamlibError, match="can't be written"):
        export.vacant(tmp_path / ("long" * 100))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "x.svg"]
    assert (tmp_path / "file").read_text() == "precious"


def test_what_was_there_is_there_after_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = export.folder(tmp_path / "out", {"report.json": "{}"})
    file = make().save(tmp_path / "x.xlsx")
    before, before_json, move = file.read_bytes(), (out / "report.json").read_text(), Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return move(path, target)

    monkeypatch.setattr(Path, "rename", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KamlibError, match="No space left"):
        export.folder(out, {"report.json": '{"a": 1}'})
    with pytest.raises(KamlibError, match="No space left"):
        make(chart=False).save(file)
    assert (out / "report.json").read_text() == before_json
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "x.xlsx"]


def test_the_workbook_speaks_a_third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "eu" / "LC_MESSAGES" / "kamlib.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(head + "msgid \"d MMM y\"\nmsgstr \"y('e')'ko' MMM dd\"\n", encoding="utf-8")
    monkeypatch.setattr(style, "CATALOGUES", tmp_path)
    monkeypatch.setattr(style, "LANGUAGES", ("en", "eu"))
    style._translations.cache_clear()
    try:
        styles = parts(export.workbook([make("eu")], words=Words("eu")))["xl/styles.xml"]
    finally:
        style._translations.cache_clear()
    known = [html.unescape(form) for form in re.findall(r'formatCode="([^"]*)"', styles)]
    assert '%"\N{NO-BREAK SPACE}"0.0' in known  # Basque writes %12,5
    assert 'yyyy"(e)ko" mmm dd' in known


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("d MMM y", "d mmm yyyy"),
        ("dd.MM.yy", "dd.mm.yy"),
        ("d 'de' LLLL 'de' yyyy", 'd "de" mmmm "de" yyyy'),
        ("dd/MM/y", 'dd"/"mm"/"yyyy'),  # else Excel would write its own mark
        ("EEE, d.M.y", "ddd, d.m.yyyy"),
    ],
)
def test_a_day_is_written_in_the_order_of_the_catalogue(pattern: str, expected: str) -> None:
    assert formats.date(pattern) == expected


def test_nothing_asks_which_language_it_speaks() -> None:
    """So docs/languages.md says; only the notebooks have a folder each language, and English no catalogue."""
    home = Path(style.__file__).parent
    asked = [
        f"{file.relative_to(home)}: {ast.unparse(node)}"
        for file in home.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and re.search(r"'(en|de)'", ast.unparse(node))
    ]
    assert [one for one in asked if not one.startswith("walkthrough/")] == ["style.py: language == 'en'"]


@pytest.mark.parametrize("path", [None, 5, "deep/a\0.png"])
def test_what_is_no_path_is_one_sentence_and_leaves_nothing(
    path: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for write in (make().save, lambda place: export.deck([make()], place), lambda place: export.folder(place, {})):
        with pytest.raises(KamlibError, match="is named by a text or a Path"):
            write(path)
    with pytest.raises(KamlibError, match="title must be a text, got 5"):
        export.deck([make()], "x.pptx", title=5)
    assert list(tmp_path.iterdir()) == []
