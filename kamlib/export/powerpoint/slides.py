"""What a deck is made of: the first page, the summary, one exhibit a slide, and what they rest on."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from kamlib.export.powerpoint import background, bars, plain, points, tables
from kamlib.export.powerpoint.colours import DRAWING
from kamlib.export.powerpoint.page import Page, describe
from kamlib.export.powerpoint.template import Box
from kamlib.export.powerpoint.text import LINE, broken, clean, fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.export.powerpoint.template import Template
    from kamlib.style import Words

_FINDINGS: Final = (20.0, 18.0, 16.0, 14.0)  # points
_MEASURES: Final = (14.0, 13.0, 12.0, 11.0, 10.0)
_FEET: Final = (10.0, 9.0)
_READ: Final = 11.0  # what is read, not shown
_BETWEEN: Final = 0.7  # of a line, between paragraphs
_BESIDE: Final = 0.27  # of the content's width, for the text beside a chart
_GAP: Final = 0.25  # inches
_TILES: Final = (4, 5)  # side by side, at least and at most
_TILE: Final = (1.25, 0.16)  # inches: its height, and from one to the next
_TILE_EDGE: Final = 0.12  # inches
_FIGURE: Final = (24.0, 20.0, 18.0, 16.0, 14.0)  # points of the figure on a tile, the same on all
_LABEL: Final = (12.0, 11.0, 10.0)
_NUMBERED: Final = 0.35  # inches, from a finding's number to its text
_ASSUMED: Final = (0.09, 0.31, 0.6)  # of the width: slide, exhibit, assumptions
_MISSING: Final = (0.3, 0.7)  # question, what is missing
_NUMBER: Final = 0.3  # inches above the lower end of a foot, for the slide's number


@dataclass(frozen=True)
class _Written:
    """A chart as python-pptx takes it: what its part and its workbook hold."""

    xml: bytes
    xlsx_blob: bytes

    def xml_bytes(self, _: Any) -> bytes:
        """Return the chart's part, whatever its type."""
        return self.xml


@dataclass(frozen=True)
class Slides:
    """Puts slides into a template.

    Parameters
    ----------
    template : Template
    words : Words
        Of all that no exhibit says itself.
    notes : bool
        Whether method and assumptions stand beside each exhibit in full, for a deck that is read alone.
    source : str
        Where the figures come from, for the foot.
    complete : str
        The file that has all rows of every table; empty if there is none.
    """

    template: Template
    words: Words
    notes: bool = False
    source: str = ""
    complete: str = ""

    def cover(self, title: str, subtitle: str) -> None:
        """Add the first page."""
        page = self._page(title, self.template.cover, words=self.words)
        for shape in page.slide.placeholders:
            if shape.placeholder_format.type in {PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY} and subtitle:
                page.write(shape.text_frame, subtitle)
                break
        page.tidy()

    def summary(self, findings: Sequence[str], figures: Sequence[tuple[str, str]]) -> None:
        """Add one page with the findings as sentences and, below them, the figures that matter as tiles."""
        title, box = self.words.text("What matters most"), self._without_foot()
        page = self._page(title, self.template.body, words=self.words)
        fewest, most = _TILES
        across = min(max(len(figures), fewest), most)
        below = -(-len(figures) // across) * sum(_TILE)
        room = Box(box.left, box.top, box.width, box.height - below - _GAP)
        wide, told = self.template.room(room)[0] - _NUMBERED, [clean(finding) for finding in findings]
        size = next((size for size in _FINDINGS if _needed(told, wide, size) <= room.height), _FINDINGS[-1])
        frame = page.frame(room, title)
        page.write(frame, told, size=size, colour="ink")
        for paragraph in frame.paragraphs:
            paragraph.space_after = Pt(_BETWEEN * size)
            _number(paragraph)
        high, between = _TILE
        wide = (box.width - (across - 1) * between) / across
        within = self.template.room(Box(0.0, 0.0, wide - 2 * _TILE_EDGE, high))[0]
        sizes = (
            min((fitting(clean(figure), (within, 0.45), _FIGURE, bold=True) for _, figure in figures), default=0.0),
            min((fitting(clean(label), (within, 0.62), _LABEL) for label, _ in figures), default=0.0),
        )
        for place, (label, figure) in enumerate(figures):
            row, column = divmod(place, across)
            left, top = box.left + column * (wide + between), box.bottom - below + between + row * (high + between)
            _tile(page, Box(left, top, wide, high), label, figure, sizes)
        page.say([title, *findings, *(f"{label}: {figure}" for label, figure in figures)])
        page.tidy()

    def exhibit(self, exhibit: Exhibit) -> int:
        """Add an exhibit as a slide of its own and return the slide's number."""
        words, note = exhibit.words, clean(exhibit.note)
        page = self._page(exhibit.message, self.template.body, words=words)
        page.line(plain.MEASURE, str(exhibit.measure), self.template.measure, _MEASURES)
        box, beside = self._split(exhibit) if self.notes and note else (self.template.content, None)
        rest = ""
        if exhibit.native is None:
            rest = self._table(page, exhibit, box)
        else:
            self._chart(page, exhibit, box)
        if beside:
            _beside(page, beside, words.text("Method and assumptions"), note)
        foot = (rest, _ended(self.source), "" if beside else note)
        page.line(plain.NOTE, " ".join(filter(None, foot)), self.template.note, _FEET)
        method = words.text("Method and assumptions: {note}", note=note) if note else ""
        page.say([exhibit.message, str(exhibit.measure), method, self.source])
        page.tidy()
        return len(self.template.presentation.slides)

    def assumptions(self, shown: Sequence[tuple[int, Exhibit]]) -> None:
        """Add what exhibits rest on, those with the same note together, on as many slides as it takes.

        ``shown`` are exhibits with the numbers of their slides.
        """
        alike: dict[str, list[tuple[int, Exhibit]]] = {}
        for number, exhibit in shown:
            alike.setdefault(clean(exhibit.note), []).append((number, exhibit))
        rows = tuple(
            (
                ", ".join(str(number) for number, _ in sharing),
                clean("; ".join(dict.fromkeys(exhibit.measure.what for _, exhibit in sharing))),
                note,
            )
            for note, sharing in alike.items()
            if note
        )
        text = self.words.text
        heads = (text("Slide"), text("Exhibit"), text("Method and assumptions"))
        described = text("Table: method and assumptions of each exhibit, by the number of its slide")
        self._list(text("Method and assumptions"), tables.Grid(heads, rows, (False, False, False)), _ASSUMED, described)

    def missing(self, lacking: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Add what the data could not carry, a row for each question; ``lacking`` are questions with sentences."""
        text = self.words.text
        rows = tuple((clean(question), clean(" ".join(sentences))) for question, sentences in lacking)
        grid = tables.Grid((text("Question"), text("What is missing and why")), rows, (False, False))
        self._list(text("What the data could not show"), grid, _MISSING, text("Table: what is missing, by question"))

    def _list(self, title: str, grid: tables.Grid, parts: Sequence[float], described: str) -> None:
        """Add a table of texts on as many slides as it takes; ``parts`` are its columns, of the width."""
        if not grid.rows:
            return
        box = self._without_foot()
        layout = tables.set_in(grid, tuple(part * self.template.room(box)[0] for part in parts), _READ)
        pages = tables.pages(grid, layout, box.height)
        for number, (part, lines) in enumerate(pages, 1):
            named = title
            if len(pages) > 1:
                named = self.words.text("{title} ({number} of {of})", title=title, number=number, of=len(pages))
            page = self._page(named, self.template.body, words=self.words)
            frame = tables.draw(page, part, lines, box)
            describe(frame, named, described)
            page.say([named])
            page.tidy()

    def _page(self, title: str, layout: Any, *, words: Words) -> Page:
        slide = self.template.presentation.slides.add_slide(layout)
        mapped = background.override(layout)
        if mapped is not None:  # else the slide would take the master's colours on the background of the layout
            slide.element.find("{*}clrMapOvr")[:] = [copy.deepcopy(mapped)]
        page = Page(slide, self.template, words.language)
        if layout is self.template.body:
            page.title(title)
            page.number()
        else:
            page.write(page.slide.shapes.title.text_frame, title)
        return page

    def _without_foot(self) -> Box:
        """Return the room for content of a slide without a foot, down to its number."""
        content = self.template.content
        return Box(content.left, content.top, content.width, self.template.note.bottom - _NUMBER - content.top)

    def _split(self, exhibit: Exhibit) -> tuple[Box, Box]:
        """Divide the content between an exhibit and what a reader must know of it: beside a chart, below a table."""
        box = self.template.content
        if exhibit.native is not None:
            wide = _BESIDE * box.width
            beside = Box(box.left + box.width - wide, box.top, wide, box.height)
            return Box(box.left, box.top, box.width - wide - _GAP, box.height), beside
        high = _needed(["", clean(exhibit.note)], self.template.room(box)[0], _READ)
        below = Box(box.left, box.bottom - high, box.width, high)
        return Box(box.left, box.top, box.width, box.height - high - _GAP), below

    def _table(self, page: Page, exhibit: Exhibit, box: Box) -> str:
        """Put an exhibit's table on a slide and return how much of it that is, if not all."""
        words, text = exhibit.words, exhibit.words.text
        if exhibit.table.empty:
            page.write(page.frame(box, exhibit.key), text("There is nothing to list."), size=_MEASURES[0], colour="ink")
            return ""
        grid, layout = tables.fitted(exhibit, self.template.room(box))
        frame = tables.draw(page, grid, layout, box)
        describe(frame, exhibit.key, _told(text("Table"), exhibit))
        parts = []
        if len(grid.rows) < len(exhibit.table):
            shown, of = words.number(len(grid.rows)), words.number(len(exhibit.table))
            parts.append(text("{shown} of {all} rows", shown=shown, all=of))
        if len(grid.heads) < len(exhibit.columns):
            shown, of = words.number(len(grid.heads)), words.number(len(exhibit.columns))
            parts.append(text("{shown} of {all} columns", shown=shown, all=of))
        part = ", ".join(parts)
        if part and self.complete:
            return text("{part}; the whole table is in {file}.", part=part, file=self.complete)
        return _ended(part)

    def _chart(self, page: Page, exhibit: Exhibit, box: Box) -> None:
        words, native = exhibit.words, exhibit.native
        write: Any = points.chart if hasattr(native, "traces") else bars.chart
        chart = _Written(*write(native, size=(box.width, box.height), words=words, palette=self.template.palette))
        frame = page.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.units, chart)
        describe(frame, exhibit.key, _told(_form(native, words), exhibit))


def _beside(page: Page, box: Box, head: str, note: str) -> None:
    frame = page.frame(box, head)
    across, high = page.template.room(box)
    size = fitting(note, (across, high - 0.3), (_READ, *_FEET))
    page.write(frame, head, size=size, bold=True, colour="note")
    page.write(frame, note, size=size, colour="note")


def _tile(page: Page, box: Box, label: str, figure: str, sizes: tuple[float, float]) -> None:
    shape = page.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.units)
    shape.name = clean(label)
    palette, element = page.template.palette, shape._element  # noqa: SLF001  # theme colours are written by hand
    element.spPr.extend([palette.solid("grid"), palette.line("")])
    element.remove(element.find("{*}style"))
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(_TILE_EDGE)
    page.write(frame, figure, size=sizes[0], bold=True, colour="ink")
    page.write(frame, label, size=sizes[1], colour="note")
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _number(paragraph: Any) -> None:
    """Let PowerPoint number a paragraph, its lines one below the other."""
    properties, indent = paragraph._p.get_or_add_pPr(), Inches(_NUMBERED)  # noqa: SLF001  # python-pptx knows no lists
    properties.attrib.update({"marL": str(indent), "indent": str(-indent)})
    properties.append(DRAWING.buFont(typeface="+mj-lt"))
    properties.append(DRAWING.buAutoNum(type="arabicPeriod"))


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop, so that another can follow."""
    told = clean(sentence)
    return told if not told or told.endswith((".", "!", "?")) else f"{told}."


def _needed(told: Sequence[str], room: float, size: float) -> float:
    """Return how high paragraphs stand, in inches."""
    lines = sum(len(broken(text, room, size)) + _BETWEEN for text in told)
    return lines * size * LINE / 72


def _form(native: Any, words: Words) -> str:
    """Name a chart by what it looks like."""
    forms = {
        "bar": words.text("Bar chart"),
        "stacked": words.text("Stacked bar chart"),
        "waterfall": words.text("Waterfall chart"),
        "pareto": words.text("Pareto chart"),
        "line": words.text("Line chart"),
        "bubbles": words.text("Bubble chart"),
        "points": words.text("Chart of points and lines"),
    }
    traces = getattr(native, "traces", None)
    return forms[native.form if traces is None else "bubbles" if any(one.size for one in traces) else "points"]


def _told(form: str, exhibit: Exhibit) -> str:
    """Say what a chart or table shows, for those who can't see it."""
    return f"{form}: {_ended(exhibit.message)} {clean(exhibit.measure)}."
