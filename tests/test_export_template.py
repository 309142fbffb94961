"""A deck in the firm's own template: its layouts, colours and fonts, and nothing else of it."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pptx
import pytest
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches

from kamlib import export
from kamlib.checks import KamlibError
from kamlib.exhibits.exhibit import Exhibit, Measure
from kamlib.exhibits.native import FIGURES, Categories, Scale, Series
from kamlib.style import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MAIN = "presentationml.presentation.main"


def exhibit(key: str, *, meaning: str = "actual") -> Exhibit:
    """Return a chart of bars; its table is as small as can be."""
    series = Series("Revenue", (3.0, 2.0, 1.0), meaning=meaning, labels=FIGURES)
    return Exhibit(
        key=key,
        message=f"The message of {key}: one customer brings more than all others together",
        measure=Measure(f"Customers by {key}", "EUR", "2025", "actual"),
        table=pd.DataFrame({"name": ["a"]}),
        columns={"name": ("Customer", "text")},
        note=f"How {key} was reckoned.",
        words=Words("en", "EUR"),
        native=Categories("bar", ("north", "south", "west"), (series,), Scale("money")),
    )


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def chart_on(slide: Any) -> Any:
    return next(shape for shape in slide.shapes if shape.has_chart)


def colour_of_bars(path: Path) -> str:
    """Return the theme's name of the colour that the first series is filled with."""
    fill = chart_on(pptx.Presentation(str(path)).slides[0]).chart.plots[0].series[0].format.element.spPr
    return str(fill.find(f"{A}solidFill/{A}schemeClr").get("val"))


def firms(path: Path, *, change: Callable[[Any], None] = lambda _: None, kind: str = "presentation") -> Path:
    """Write a template of a firm: German names, its own colours and font, and slides that must not survive."""
    made = pptx.Presentation()
    made.slide_layouts[5].name = "Nur Titel"
    for _ in range(3):
        example = made.slides.add_slide(made.slide_layouts[1])
        example.shapes.title.text = "Beispiel der Agentur"
        example.notes_slide.notes_text_frame.text = "geheime Notiz"
    made.core_properties.author = "Agentur"
    part = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = re.sub(
        r"<a:accent1>.*?</a:accent1>", '<a:accent1><a:srgbClr val="005F3B"/></a:accent1>', part.blob.decode()
    )
    theme = re.sub(r"<a:accent2>.*?</a:accent2>", '<a:accent2><a:srgbClr val="FFEE00"/></a:accent2>', theme)
    part.blob = theme.replace("Calibri", "Georgia").encode()
    change(made)
    made.save(str(path))
    parts = parts_of(path)
    types = parts["[Content_Types].xml"].replace(MAIN.encode(), f"presentationml.{kind}.main".encode())
    return pack(path, parts | {"[Content_Types].xml": types})


@pytest.mark.parametrize("kind", ["presentation", "template"])
def test_the_firms_template_is_used(tmp_path: Path, kind: str) -> None:
    template = firms(tmp_path / "firm.potx", kind=kind)
    before = template.read_bytes()
    path = export.deck([exhibit("bar")], tmp_path / "x.pptx", title="T", template=template)
    assert template.read_bytes() == before
    made = pptx.Presentation(str(path))
    assert made.slide_width == Inches(10)
    assert [slide.slide_layout.name for slide in made.slides] == ["Title Slide", "Nur Titel"]
    content = b"".join(parts_of(path).values()).decode("latin-1")
    for gone in ("Beispiel", "geheim", "Agentur"):
        assert gone not in content
    assert "Georgia" in content
    assert "005F3B" in content
    title = made.slides[1].shapes.title
    measure = next(
        shape for shape in made.slides[1].shapes if shape.has_text_frame and "EUR, 2025" in shape.text_frame.text
    )
    chart = chart_on(made.slides[1])
    assert title.top + title.height <= measure.top
    assert measure.top + measure.height <= chart.top
    assert title.text_frame.paragraphs[0].runs[0].font.size.pt <= 24  # its own 44 leave a message no room
    alone = export.deck([exhibit("bar")], tmp_path / "alone.pptx", template=template)
    assert colour_of_bars(alone) == "accent1"


def test_pale_accents_are_passed_over(tmp_path: Path) -> None:
    template = firms(tmp_path / "firm.pptx")  # its second accent, a yellow, can't be seen on white
    path = export.deck([exhibit("h", meaning="highlight")], tmp_path / "x.pptx", template=template)
    assert colour_of_bars(path) not in {"accent1", "accent2"}


def without_last_colours(made: Any) -> None:
    part = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part.blob = re.sub(rb' lastClr="\w+"', b"", part.blob)


def test_colours_of_the_viewers_system_are_known(tmp_path: Path) -> None:
    template = firms(tmp_path / "firm.pptx", change=without_last_colours)
    path = export.deck([exhibit("bar")], tmp_path / "x.pptx", template=template)
    assert colour_of_bars(path) == "accent1"


def test_a_deck_is_a_template_too(tmp_path: Path) -> None:
    first = export.deck([exhibit("one")], tmp_path / "1.pptx", title="T")
    second = export.deck([exhibit("two")], tmp_path / "2.pptx", title="T", template=first)
    slides = pptx.Presentation(str(second)).slides
    assert [slide.shapes.title.text[:20] for slide in slides] == ["T", "The message of two: "]
    names = {shape.name for shape in slides[1].placeholders}
    assert {"Measure", "Note"} <= names


def no_titles(made: Any) -> None:
    for layout in made.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}:
                shape.element.getparent().remove(shape.element)


def low_titles(made: Any) -> None:
    for layout in made.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type in {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}:
                shape.left, shape.top, shape.width, shape.height = Inches(1), Inches(5), Inches(8), Inches(2)


def test_templates_that_cannot_be_used(tmp_path: Path) -> None:
    bare = firms(tmp_path / "bare.pptx", change=no_titles)
    low = firms(tmp_path / "low.pptx", change=low_titles)
    parts = parts_of(bare)
    types = parts["[Content_Types].xml"]
    macro, letter = (
        types.replace(f"openxmlformats-officedocument.{MAIN}".encode(), other)
        for other in (
            b"ms-powerpoint.presentation.macroEnabled.main",
            b"openxmlformats-officedocument.wordprocessingml.document.main",
        )
    )
    macros = pack(tmp_path / "macros.pptx", parts | {"[Content_Types].xml": macro})
    document = pack(tmp_path / "letter.docx", parts | {"[Content_Types].xml": letter})
    damaged = tmp_path / "damaged.pptx"
    whole = low.read_bytes()
    damaged.write_bytes(whole[:200] + bytes(400) + whole[600:])
    wrong = tmp_path / "wrong.pptx"
    wrong.write_text("no zip")
    book = tmp_path / "book.pptx"
    book.write_bytes(export.workbook([exhibit("x")], words=Words()))
    for template, said in (
        (bare, "no layout with a title"),
        (low, "no layout with a title on top"),
        (document, "no PowerPoint template"),
        (damaged, "no PowerPoint template"),
        (macros, "macros"),
        (wrong, "no PowerPoint template"),
        (book, "no PowerPoint template"),
        (tmp_path / "absent.pptx", "is not there"),
        (tmp_path, "no PowerPoint template"),
    ):
        with pytest.raises(KamlibError, match=said):
            export.deck([exhibit("x")], tmp_path / "out.pptx", template=template)
    assert not (tmp_path / "out.pptx").exists()
