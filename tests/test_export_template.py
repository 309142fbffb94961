"""A deck in the firm's own template: its layouts, colours and fonts, and nothing else of it."""

from __future__ import annotations

import colorsys
import io
import re
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pptx
import pytest
from lxml import etree
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import imsave
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches

from kamlib import export
from kamlib.checks import KamlibError
from kamlib.exhibits.exhibit import Exhibit, Measure
from kamlib.exhibits.native import FIGURES, Categories, Scale, Series
from kamlib.export.powerpoint import background
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


# Backgrounds: whatever a slide is filled with, what is written on it can be read.

PML = "http://schemas.openxmlformats.org/presentationml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAVY, SKY = "#102038", "#cfe0f5"


def filled(fill: str) -> Any:
    return etree.fromstring(f'<p:bg xmlns:p="{PML}" xmlns:a="{A[1:-1]}" xmlns:r="{RELATED}">{fill}</p:bg>')


def ground(fill: str, *, layout: bool = False) -> Callable[[Any], None]:
    """Return what gives a template's master, or the layout of its exhibits, a background."""

    def change(made: Any) -> None:
        side = (made.slide_layouts[5] if layout else made.slide_master).element.find("{*}cSld")
        for old in side.findall("{*}bg"):
            side.remove(old)
        side.insert(0, filled(fill))

    return change


def solid(colour: str) -> str:
    return f'<p:bgPr><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill><a:effectLst/></p:bgPr>'


def stops(*colours: str) -> str:
    parts = "".join(
        f'<a:gs pos="{100_000 * at // (len(colours) - 1)}"><a:srgbClr val="{colour[1:]}"/></a:gs>'
        for at, colour in enumerate(colours)
    )
    return f"<p:bgPr><a:gradFill><a:gsLst>{parts}</a:gsLst></a:gradFill><a:effectLst/></p:bgPr>"


def pictured(made: Any) -> None:
    picture = io.BytesIO()
    imsave(picture, np.full((4, 4, 3), to_rgb(NAVY)), format="png")
    _, number = made.slide_master.part.get_or_add_image_part(picture)
    ground(f'<p:bgPr><a:blipFill><a:blip r:embed="{number}"/></a:blipFill><a:effectLst/></p:bgPr>')(made)


def remapped(made: Any) -> None:
    """Let the layout of exhibits swap what is text and what is background, as PowerPoint's dark styles do."""
    layout = made.slide_layouts[5].element
    layout.find("{*}clrMapOvr")[:] = [
        etree.fromstring(
            f'<a:overrideClrMapping xmlns:a="{A[1:-1]}" bg1="dk1" tx1="lt1" bg2="dk2" tx2="lt2" accent1="accent1" '
            'accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" '
            'hlink="hlink" folHlink="folHlink"/>'
        )
    ]


def themed(made: Any) -> None:
    fill = made.slide_master.background.fill
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_2  # 1F497D
    fill.fore_color.brightness = -0.5


BACKGROUNDS: dict[str, tuple[Callable[[Any], None], tuple[str, ...]]] = {
    "white": (lambda _: None, ("#ffffff",)),
    "solid": (ground(solid(NAVY)), (NAVY,)),
    "layout": (ground(solid(NAVY), layout=True), (NAVY,)),
    "middle": (ground(solid("#4f81bd")), ("#4f81bd",)),
    "pale": (ground(solid(SKY)), (SKY,)),
    "theme": (themed, ("#0f243e",)),  # 1F497D with half its light: (31, 73, 125) / 2
    "style": (ground('<p:bgRef idx="1001"><a:schemeClr val="tx1"/></p:bgRef>'), ("#000000",)),
    "gradient": (ground(stops("#102038", "#30486c")), ("#102038", "#30486c")),
    "pale_gradient": (ground(stops("#ffffff", SKY, "#d0d0d0")), ("#ffffff", SKY, "#d0d0d0")),
    "picture": (pictured, (NAVY,)),
    "mapped": (remapped, ("#000000",)),
}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by the words of WCAG 2.2."""
    lights = []
    for colour in (one, other):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        lights.append(sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)))
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def colour_of(fill: Any, slide: Any) -> str:
    """Return the colour that a solid fill on a slide shows."""
    [element] = fill
    value = element.get("val")
    if element.tag == f"{A}schemeClr":
        own = slide.element.find(f"{{*}}clrMapOvr/{A}overrideClrMapping")
        mapped = slide.slide_layout.slide_master.element.find("{*}clrMap") if own is None else own
        theme = etree.fromstring(slide.slide_layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
        [slot] = theme.find(f".//{A}clrScheme/{A}{mapped.get(value, value)}")
        value = slot.get("lastClr") or slot.get("val")
    rgb = to_rgb(f"#{value}")
    for change in element:
        hue, light, depth = colorsys.rgb_to_hls(*rgb)
        share, kind = int(change.get("val")) / 100_000, etree.QName(change).localname
        light = light * share if kind == "lumMod" else light + share if kind == "lumOff" else light
        depth = depth * share if kind == "satMod" else depth
        rgb = colorsys.hls_to_rgb(hue, min(light, 1.0), depth)
    return to_hex(rgb)


def written_on(slide: Any) -> list[tuple[str, str]]:
    """Return the colour of every text that is not the template's own, and of its ground, "" for the background."""
    found = []
    for shape in slide.shapes:
        if shape.is_placeholder:
            continue
        tree = shape.chart.part._element if shape.has_chart else shape.element
        own = shape.element.find(f"{{*}}spPr/{A}solidFill")
        under = "" if own is None else colour_of(own, slide)
        looks = [run.find(f"{A}rPr") for run in tree.iter(f"{A}r", f"{A}fld")] + list(tree.iter(f"{A}defRPr"))
        found += [(colour_of(look.find(f"{A}solidFill"), slide), under) for look in looks]
    return found


@pytest.mark.parametrize("kind", BACKGROUNDS)
def test_all_texts_can_be_read_on_the_background(tmp_path: Path, kind: str) -> None:
    change, papers = BACKGROUNDS[kind]
    template = firms(tmp_path / "firm.pptx", change=change)
    one, other = exhibit("bar"), exhibit("table")
    plain = Exhibit("table", other.message, other.measure, other.table, other.columns, other.note, other.words)
    content = {
        "title": "T",
        "subtitle": "S",
        "source": "Source: s.",
        "findings": ["A finding."],
        "figures": [("Figure", "12"), ("Other", "13")],
        "sections": [SimpleNamespace(title="Q?", exhibits=[one, plain], skipped=("There is no contact log.",))],
        "appendix": [],
    }
    path = tmp_path / "x.pptx"
    path.write_bytes(export.presentation(content, words=Words(), template=template))
    slides = list(pptx.Presentation(str(path)).slides)[1:]
    texts = [text for slide in slides for text in written_on(slide)]
    assert len(texts) > 20
    for colour, own in texts:
        assert min(contrast(colour, paper) for paper in ((own,) if own else papers)) >= 4.5, (colour, own)
    bar = chart_on(slides[1]).chart.plots[0].series[0].format.element.spPr
    seen = colour_of(bar.find(f"{A}solidFill"), slides[1])
    assert min(contrast(seen, paper) for paper in papers) >= 3


def test_the_background_is_known(tmp_path: Path) -> None:
    for kind, (change, papers) in BACKGROUNDS.items():
        made = pptx.Presentation(str(firms(tmp_path / f"{kind}.pptx", change=change)))
        layout = made.slide_layouts[5]
        assert background.papers(layout, background.colours(layout)) == list(papers), kind


def test_what_cannot_be_judged_counts_as_the_themes_background(tmp_path: Path) -> None:
    for fill in (
        "<p:bgPr><a:noFill/><a:effectLst/></p:bgPr>",
        "<p:bgPr><a:blipFill><a:blip/></a:blipFill><a:effectLst/></p:bgPr>",
        '<p:bgPr><a:solidFill><a:prstClr val="noSuchColour"/></a:solidFill></p:bgPr>',
        '<p:bgRef idx="0"><a:schemeClr val="tx1"/></p:bgRef>',
        '<p:bgRef idx="1099"><a:schemeClr val="tx1"/></p:bgRef>',
    ):
        made = pptx.Presentation(str(firms(tmp_path / "firm.pptx", change=ground(fill))))
        layout = made.slide_layouts[5]
        assert background.papers(layout, background.colours(layout)) == ["#ffffff"], fill


# A narrow slide


def wide_table(columns: int = 8) -> Exhibit:
    """Return a table of more numbers than have room beside the names on a slide of 4:3."""
    rows = 30
    table = pd.DataFrame(
        {
            "name": [f"Unternehmensgruppe Nummer {row} GmbH & Co. KG" for row in range(rows)],
            **{f"n{k}": [1e7 * (k + 1) + row for row in range(rows)] for k in range(columns)},
            "why": ["a reason that goes on and on"] * rows,
        }
    )
    heads = {f"n{k}": (f"Contribution {k}", "money") for k in range(columns)}
    one = exhibit("wide")
    return Exhibit(
        "wide", one.message, one.measure, table,
        {"name": ("Customer", "text"), **heads, "why": ("Explanation", "text")}, one.note, one.words,
    )  # fmt: skip


def test_on_a_narrow_slide_names_keep_their_room(tmp_path: Path) -> None:
    pptx.Presentation().save(str(tmp_path / "plain43.pptx"))
    path = export.deck([wide_table()], tmp_path / "x.pptx", template=tmp_path / "plain43.pptx")
    [slide] = pptx.Presentation(str(path)).slides
    [frame] = [shape for shape in slide.shapes if shape.has_table]
    heads = [cell.text_frame.text for cell in frame.table.rows[0].cells]
    wide = [column.width / 914_400 for column in frame.table.columns]
    shown = len(heads) - 2
    assert 2 <= shown < 7  # the last ones gave way
    assert heads == ["Customer", *(f"Contribution {k}" for k in range(shown)), "Explanation"]
    assert wide[0] >= 1.2
    assert wide[-1] >= 0.95  # "Explanation" in bold at 10 points
    assert sum(wide) <= 9.001
    cells = [[cell.text_frame.text for cell in row.cells] for row in list(frame.table.rows)[1:]]
    assert all(row[0].startswith("Unternehme") for row in cells)
    assert cells[0][1] == "10,000,000"
    foot = next(told for shape in slide.shapes if shape.has_text_frame and "rows" in (told := shape.text_frame.text))
    assert foot.startswith(f"12 of 30 rows, {shown + 2} of 10 columns.")


def test_a_table_of_which_columns_alone_are_missing_says_so(tmp_path: Path) -> None:
    one = wide_table(columns=10)
    few = Exhibit("few", one.message, one.measure, one.table.head(3), one.columns, one.note, one.words)
    path = export.deck([few], tmp_path / "x.pptx")
    [slide] = pptx.Presentation(str(path)).slides
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert any(text.startswith("9 of 12 columns.") for text in told)
    assert not any(" rows" in text for text in told)
