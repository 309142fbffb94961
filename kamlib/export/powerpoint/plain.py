"""The plain template: white, 16:9, the message on top in bold, a thin line under it, real placeholders for all text."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from kamlib.export.powerpoint.text import INCH
from kamlib.style import COLOURS

MEASURE: Final = "Measure"  # the placeholders of a layout that take the line under the message, and the foot
NOTE: Final = "Note"

_WIDE, _HIGH = 13.333, 7.5  # inches
_EDGE: Final = 0.6
_ACROSS: Final = _WIDE - 2 * _EDGE
_FONT: Final = "Arial"  # on every machine, so that a deck looks the same wherever it is shown
_THEME: Final = {  # the slots of a theme, by what we mean by them; colours.OWN reads them
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "note",
    "lt2": "grid",
    "accent1": "actual",
    "accent2": "highlight",
    "accent3": "previous",
    "accent4": "good",
    "accent5": "bad",
    "accent6": "quiet",
    "hlink": "actual",
    "folHlink": "note",
}
_NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_TITLE: Final = (_EDGE, 0.4, _ACROSS, 0.92)
_COVER: Final = (0.9, 2.0, 11.0, 1.6)
_SUBTITLE: Final = (0.9, 3.95, 11.0, 1.0)
_BODY: Final = (_EDGE, 1.95, _ACROSS, 4.45)
_NUMBER: Final = (_WIDE - _EDGE - 0.8, 6.95, 0.8, 0.3)


def presentation() -> Any:
    """Return the plain template as a deck without slides."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(_WIDE), Inches(_HIGH)
    made.element.find("{*}sldSz").attrib.pop("type", None)
    master = made.slide_master
    cover, exhibit = made.slide_layouts[0], made.slide_layouts[5]
    for layout in list(made.slide_layouts):
        if layout not in (cover, exhibit):
            made.slide_layouts.remove(layout)
    _dress(master)
    _theme(master)
    for slide in (master, cover, exhibit):
        for shape in list(slide.placeholders):
            if shape.element.find(".//{*}ph").get("type") in {"dt", "ftr"}:
                shape.element.getparent().remove(shape.element)
    _cover(cover)
    _exhibit(exhibit)
    return made


def _theme(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "kamlib")
    for slot, meaning in _THEME.items():
        place = theme.find(f".//{{*}}clrScheme/{{*}}{slot}")
        place[:] = [place.makeelement(place.tag.replace(slot, "srgbClr"), val=COLOURS[meaning].lstrip("#").upper())]
    for latin in theme.findall(".//{*}fontScheme//{*}latin"):
        latin.set("typeface", _FONT)
    part.blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dress(master: Any) -> None:
    """Set where things stand and how text looks, for all layouts."""
    places = {"title": _TITLE, "body": _BODY, "sldNum": _NUMBER}
    for shape in master.placeholders:
        kind = shape.element.find(".//{*}ph").get("type")
        if kind not in places:
            continue
        _move(shape, places[kind])
        _frame(shape, "t" if kind != "sldNum" else "b")
    styles = master.element.find("{*}txStyles")
    title = styles.find("{*}titleStyle/{*}lvl1pPr")
    title.set("algn", "l")
    title.find("{*}defRPr").attrib.update({"sz": "2400", "b": "1"})
    for level, size in enumerate((1800, 1600, 1400, 1400, 1400), start=1):
        styles.find(f"{{*}}bodyStyle/{{*}}lvl{level}pPr/{{*}}defRPr").set("sz", str(size))
    for shape in master.placeholders:
        if shape.element.find(".//{*}ph").get("type") == "sldNum":
            shape.element.find(".//{*}lstStyle//{*}defRPr").set("sz", "1000")


def _cover(layout: Any) -> None:
    title, subtitle = (
        next(shape for shape in layout.placeholders if shape.element.find(".//{*}ph").get("type") == kind)
        for kind in ("ctrTitle", "subTitle")
    )
    _move(title, _COVER)
    _frame(title, "b", size=36)
    _move(subtitle, _SUBTITLE)
    _frame(subtitle, "t", size=18, colour="tx2")
    _tree(layout).append(_line(90, (0.9, 3.78, 1.4), "accent2", 38_100))
    for shape in list(layout.placeholders):
        if shape.element.find(".//{*}ph").get("type") == "sldNum":  # a first page bears no number
            shape.element.getparent().remove(shape.element)


def _exhibit(layout: Any) -> None:
    layout.element.find("{*}cSld").set("name", "Exhibit")
    tree = _tree(layout)
    tree.append(_text(91, 13, MEASURE, (_EDGE, 1.36, _ACROSS, 0.36), 14, "t"))
    tree.append(_text(92, 14, NOTE, (_EDGE, 6.55, _ACROSS - 1.0, 0.68), 10, "b"))
    tree.append(_line(93, (_EDGE, 1.79, _ACROSS), "accent3", 9_525))


def _tree(layout: Any) -> Any:
    return layout.element.find("{*}cSld/{*}spTree")


def _move(shape: Any, place: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = (round(edge * INCH) for edge in place)


def _frame(shape: Any, anchor: str, *, size: int | None = None, colour: str = "") -> None:
    """Set the frame of a placeholder's text, flush with everything else on the slide, and its look."""
    body = shape.element.find(".//{*}bodyPr")
    for inset in ("lIns", "rIns", "tIns", "bIns"):
        body.set(inset, "0")
    body.set("anchor", anchor)
    if size is not None:
        style = shape.element.find(".//{*}lstStyle")
        for level in list(style):
            style.remove(level)
        style.append(_level(size, colour))


def _level(size: int, colour: str = "") -> Any:
    fill = f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>' if colour else ""
    return parse_xml(
        f'<a:lvl1pPr {_NAMESPACES} marL="0" indent="0" algn="l"><a:buNone/>'
        f'<a:defRPr sz="{size * 100}">{fill}</a:defRPr></a:lvl1pPr>'
    )


def _text(number: int, index: int, name: str, place: tuple[float, float, float, float], size: int, anchor: str) -> Any:
    left, top, width, height = (round(edge * INCH) for edge in place)
    shape = parse_xml(
        f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="body" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"/><a:lstStyle/>'
        f'<a:p><a:r><a:rPr lang="en-GB"/><a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>'
    )
    shape.find(".//{*}lstStyle").append(_level(size, "tx2"))
    return shape


def _line(number: int, place: tuple[float, float, float], colour: str, thick: int) -> Any:
    left, top, length = (round(edge * INCH) for edge in place)
    return parse_xml(
        f'<p:cxnSp {_NAMESPACES}><p:nvCxnSpPr><p:cNvPr id="{number}" name="Line"/><p:cNvCxnSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{length}" cy="0"/></a:xfrm>'
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="{thick}"><a:solidFill>'
        f'<a:schemeClr val="{colour}"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
    )
