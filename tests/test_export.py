from __future__ import annotations

import io
import json
import math
import re
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import python_calamine

from kamlib import export
from kamlib.checks import KamlibError
from kamlib.exhibits import Exhibit
from kamlib.export import excel
from kamlib.style import Words

if TYPE_CHECKING:
    from pathlib import Path

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
    return Exhibit("nasty", message, "Bars, EUR", table, columns, "A note.", Words(language), bars if chart else None)


def sheets(workbook: bytes) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_holds_real_numbers_and_harmless_text() -> None:
    exhibit = make()
    workbook = export.workbook([exhibit], words=exhibit.words)
    found = sheets(workbook)
    assert list(found) == ["Contents", "nasty"]
    assert found["Contents"][0] == ["nasty", exhibit.message]
    header, *rows = found["nasty"][3:10]
    assert header == ["Customer", "Revenue", "Share", "Day", "Rank"]
    assert [row[0] for row in rows] == NASTY
    assert [row[1] for row in rows] == [1234.5, 0.0, -2.25, 1e6, "", 3.0]
    assert [row[2] for row in rows] == exhibit.table["share"].tolist()
    assert rows[0][3] == pd.Timestamp("2025-12-31").date()
    assert rows[1][3] == ""
    assert [row[4] for row in rows] == [1, 2, 3, 4, "", 6]
    parts = zipfile.ZipFile(io.BytesIO(workbook))
    cells = parts.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in cells  # no formula
    assert "hyperlink" not in cells
    assert "xSplit" in cells or "ySplit" in cells  # the header stays in sight


def test_sheet_names_are_unique_and_allowed() -> None:
    one = make()
    names = excel._sheet_names([one, one, Exhibit("a/b:c" * 10, "m", "u", one.table, {}, "", one.words)])
    assert len(set(names)) == 3
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_the_same_exhibit_gives_the_same_bytes() -> None:
    first, second = (export.pictures(make()) for _ in range(2))
    assert first == second
    assert export.workbook([make()], words=Words()) == export.workbook([make()], words=Words())


def test_pictures_bear_message_measure_and_note_as_text() -> None:
    pictures = export.pictures(make())
    assert pictures["png"].startswith(b"\x89PNG")
    svg = pictures["svg"].decode()
    for text in ("Two &lt;b&gt;bars&lt;/b&gt; &amp; one more", "Bars, EUR", "A note."):
        assert text in svg
        assert text not in pictures["bare"].decode()


def test_an_exhibit_without_a_chart_has_no_picture() -> None:
    assert export.pictures(make(chart=False)) == {}
    with pytest.raises(KamlibError, match="a table without a chart"):
        export.figure(make(chart=False))
    with pytest.raises(KamlibError, match="a table without a chart"):
        make(chart=False).chart()


def test_a_fragment_escapes_what_it_carries() -> None:
    html = make()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Two &lt;b&gt;bars&lt;/b&gt;" in html
    assert "1,234.50" in html
    assert "25.0%" in html
    german = make("de")._repr_html_()
    assert "1.234,50" in german
    assert "25,0\xa0%" in german
    assert "31.12.2025" in german


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
