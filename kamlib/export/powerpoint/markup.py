"""The pieces that every chart is written from, each in the order that its schema (ISO/IEC 29500-1, 21.2) asks for.

python-pptx holds the slides and the packages, but writes no waterfall, no Pareto chart, no interval and no pattern; so
the inside of a chart is written here, whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from lxml.builder import ElementMaker

from kamlib.export.powerpoint.colours import DRAWING
from kamlib.export.powerpoint.sheet import exact
from kamlib.export.powerpoint.text import LOCALES, clean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kamlib.export.powerpoint.colours import Palette
    from kamlib.export.powerpoint.sheet import Sheet

    Cells = Sequence[float | None]

SIZE: Final = 11.0  # points of all text in a chart: readable from the last row
FIGURES: Final = ("#",)  # as labels of a series: each figure, in the format of its axis

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MAKER: Final = ElementMaker(namespace=_CHART, nsmap={"c": _CHART, "a": _MAIN, "r": _RELATED})
_SHOWN: Final = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")


def c(tag: str, *children: Any, val: object = None) -> Any:
    """Return an element of a chart with its ``children``, those that are None left out."""
    element = _MAKER(tag, *(child for child in children if child is not None))
    if val is not None:
        element.set("val", f"{val:d}" if isinstance(val, bool) else str(val))
    return element


def shape(*parts: Any) -> Any:
    """Return the look of something drawn."""
    return c("spPr", *parts)


def letters(palette: Palette, colour: str = "ink", *, turned: int | None = None) -> Any:
    """Return how text that is not written out looks; ``turned`` in degrees."""
    body = DRAWING.bodyPr() if turned is None else DRAWING.bodyPr(rot=str(turned * 60_000), vert="horz")
    font = DRAWING.defRPr(palette.solid(colour), sz=f"{SIZE * 100:.0f}", b="0")
    return c("txPr", body, DRAWING.lstStyle(), DRAWING.p(DRAWING.pPr(font), DRAWING.endParaRPr()))


def rich(text: str, palette: Palette, colour: str = "ink", *, turned: int | None = None) -> Any:
    """Return text that is written out, on one line."""
    body = DRAWING.bodyPr(wrap="none") if turned is None else DRAWING.bodyPr(rot=str(turned * 60_000), vert="horz")
    run = DRAWING.r(DRAWING.rPr(palette.solid(colour), sz=f"{SIZE * 100:.0f}", b="0"), DRAWING.t(clean(text)))
    return c("tx", c("rich", body, DRAWING.lstStyle(), DRAWING.p(run)))


def texts(reference: str, cells: Sequence[str]) -> Any:
    """Return texts in the sheet together with what they are."""
    points = [c("pt", c("v", cell)) for cell in cells]
    for place, point in enumerate(points):
        point.set("idx", str(place))
    return c("strRef", c("f", reference), c("strCache", c("ptCount", val=len(cells)), *points))


def numbers(reference: str, cells: Cells, form: str = "General") -> Any:
    """Return figures in the sheet together with what they are; a missing one is a gap."""
    cache = c("numCache", c("formatCode", form), c("ptCount", val=len(cells)))
    for place, cell in enumerate(cells):
        if cell is not None:
            cache.append(c("pt", c("v", repr(exact(cell)))))
            cache[-1].set("idx", str(place))
    return c("numRef", c("f", reference), cache)


def _shown(value: bool) -> list[Any]:  # noqa: FBT001
    return [c(name, val=value and name == "showVal") for name in _SHOWN]


def labels(
    told: Mapping[int, str] | None,
    palette: Palette,
    *,
    position: Mapping[int, str] | str,
    colour: str,
    form: str = "",
    covering: Collection[int] = (),
) -> Any:
    """Return the labels of a series.

    Parameters
    ----------
    told : mapping of int to str or None
        A point to its text, or to an empty one for none; the rest bear their figures if there is a ``form``.
    palette : Palette
    position : str or mapping of int to str
        outEnd, inBase, ctr, t, r ...; one for all or one a point.
    colour : str
        A meaning.
    form : str
        In which figures are written; empty for no figures.
    covering : collection of int
        Points whose label lies on a line, which it covers.
    """
    each = []
    for place, text in sorted((told or {}).items()):
        if not clean(text):
            each.append(c("dLbl", c("idx", val=place), c("delete", val=True)))
            continue
        where = position if isinstance(position, str) else position[place]
        ground = shape(palette.solid("paper")) if place in covering else None
        parts = (rich(text, palette, colour), ground, c("dLblPos", val=where), *_shown(value=True))
        each.append(c("dLbl", c("idx", val=place), *parts))
    if not form:
        return c("dLbls", *each, *_shown(value=False))
    number_format = c("numFmt")
    number_format.attrib.update({"formatCode": form, "sourceLinked": "0"})
    side = c("dLblPos", val=position) if isinstance(position, str) else None
    return c("dLbls", *each, number_format, letters(palette, colour), side, *_shown(value=True))


def interval(
    sheet: Sheet, *, around: Cells, ends: tuple[Cells, Cells], place: tuple[int, int], name: str, palette: Palette
) -> list[Any]:
    """Return what error bars hold, between two ``ends``; their lengths stand in the sheet at ``place``."""
    column, row = place
    lengths = []
    for tag, sign, mark, end in (("plus", 1, "+", ends[1]), ("minus", -1, "\N{MINUS SIGN}", ends[0])):
        known = [
            None if middle is None or limit is None else max(0.0, exact(sign * (limit - middle)))
            for middle, limit in zip(around, end, strict=True)
        ]
        sheet.add([f"{name} {mark}"], column=column, row=row)
        lengths.append(c(tag, numbers(sheet.add(known, column=column, row=row + 1), known)))
        column += 1
    return [
        c("errBarType", val="both"),
        c("errValType", val="cust"),
        c("noEndCap", val=False),
        *lengths,
        shape(palette.line("note", points=1.0)),
    ]


def axis(
    kind: str,
    own: int,
    other: int,
    *,
    side: str,
    palette: Palette,
    title: str = "",
    **given: Any,
) -> Any:
    """Return an axis.

    Parameters
    ----------
    kind : {"catAx", "valAx"}
    own, other : int
        Its number, and that of the axis that it crosses.
    side : {"l", "r", "t", "b"}
    palette : Palette
    title : str
    **given
        ``least``, ``most``, ``log``, ``reverse``, ``hidden``, ``grid``, ``line``, ``form``, ``turned`` (its names),
        ``labels`` (nextTo, low, high), ``crosses`` (a word or a figure) and ``between`` (bars stand between the ticks).
    """
    scaling = c(
        "scaling",
        c("logBase", val=10) if given.get("log") else None,
        c("orientation", val="maxMin" if given.get("reverse") else "minMax"),
        c("max", val=repr(exact(given["most"]))) if given.get("most") is not None else None,
        c("min", val=repr(exact(given["least"]))) if given.get("least") is not None else None,
    )
    number_format = c("numFmt")
    number_format.attrib.update({"formatCode": given.get("form", "General"), "sourceLinked": "0"})
    crosses = given.get("crosses", "autoZero")
    ending = (
        [c("auto", val=False), c("lblAlgn", val="ctr"), c("lblOffset", val=100), c("noMultiLvlLbl", val=True)]
        if kind == "catAx"
        else [
            c("crossBetween", val="between" if given.get("between", True) else "midCat"),
            c("majorUnit", val=10) if given.get("log") else None,
        ]
    )
    upright = -90 if side in "lr" else None
    return c(
        kind,
        c("axId", val=own),
        scaling,
        c("delete", val=bool(given.get("hidden"))),
        c("axPos", val=side),
        c("majorGridlines", shape(palette.line("grid", points=0.75))) if given.get("grid") else None,
        c("title", rich(title, palette, "note", turned=upright), c("overlay", val=False)) if title else None,
        number_format,
        c("majorTickMark", val="none"),
        c("minorTickMark", val="none"),
        c("tickLblPos", val=given.get("labels", "nextTo")),
        shape(palette.line("note" if given.get("line", True) else "", points=0.75)),
        letters(palette, turned=given.get("turned")),
        c("crossAx", val=other),
        c("crosses", val=crosses) if isinstance(crosses, str) else c("crossesAt", val=repr(exact(crosses))),
        *ending,
    )


def inner(left: float, top: float, right: float, bottom: float) -> Any:
    """Return the place of what is drawn, without names and titles, in fractions of the chart."""
    sizes = {"x": left, "y": top, "w": right - left, "h": bottom - top}
    return c(
        "layout",
        c(
            "manualLayout",
            c("layoutTarget", val="inner"),
            c("xMode", val="edge"),
            c("yMode", val="edge"),
            *(c(name, val=f"{size:.4f}") for name, size in sizes.items()),
        ),
    )


def written(area: Any, palette: Palette, *, legend: Sequence[bool] = (), language: str = "en") -> bytes:
    """Return the chart as its part holds it; ``legend`` says for each series whether it is in it."""
    shown = None
    if sum(legend) > 1:
        left_out = [
            c("legendEntry", c("idx", val=place), c("delete", val=True))
            for place, named in enumerate(legend)
            if not named
        ]
        shown = c("legend", c("legendPos", val="t"), *left_out, c("overlay", val=False), letters(palette))
    space = c(
        "chartSpace",
        c("date1904", val=False),
        c("lang", val=LOCALES.get(language, language)),
        c("roundedCorners", val=False),
        c(
            "chart",
            c("autoTitleDeleted", val=True),
            area,
            shown,
            c("plotVisOnly", val=True),
            c("dispBlanksAs", val="gap"),
        ),
        letters(palette),
    )
    part: bytes = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    return part
