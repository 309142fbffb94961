"""One slide: its title, the lines above and below what it shows, its number, its notes."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.util import Inches

from kamlib.export.powerpoint.template import Box
from kamlib.export.powerpoint.text import LINE, clean, fitting, shortened, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.export.powerpoint.template import Template

_TITLES: Final = (24.0, 22.0, 20.0, 18.0, 16.0)  # points, down to what a long message needs
_LARGEST: Final = 28.0  # a larger title has room for a headline, but none for a message
_NUMBER: Final = (0.8, 0.3)  # inches
_FIELD: Final = (
    '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:pPr algn="r"/>'
    '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB" sz="1000"/>'
    "<a:t>0</a:t></a:fld></a:p>"
)


@dataclass(frozen=True)
class Page:
    """A slide that is being filled; ``language`` is that of its texts."""

    slide: Any
    template: Template
    language: str

    def write(self, frame: Any, told: str | Sequence[str], **look: Any) -> None:
        """Write text into a frame; ``look`` as `text.write` takes it."""
        write(frame, told, language=self.language, palette=self.template.palette, **look)

    def title(self, told: str) -> None:
        """Write the title, smaller where it is long."""
        told, asked = clean(told), self.template.title_size
        sizes = (*((asked,) if asked <= _LARGEST else ()), *(size for size in _TITLES if size < asked))
        size = fitting(told, self.template.room(self.template.title), sizes, bold=True)
        self.write(self.slide.shapes.title.text_frame, told, size=None if size == asked else size)

    def line(self, role: str, told: str, box: Box, sizes: tuple[float, ...]) -> None:
        """Write the line under the title, or the foot, into the template's placeholder for it, if it has one."""
        told = clean(told)
        room = self.template.room(box)
        size = fitting(told, room, sizes)
        told = shortened(told, room[0], size, lines=max(1, round(box.height * 72 / (size * LINE) - 0.45)))
        layout = {shape.name: shape.placeholder_format.idx for shape in self.template.body.placeholders}
        for shape in self.slide.placeholders:
            if shape.placeholder_format.idx == layout.get(role):
                shape.name = role
                self.write(shape.text_frame, told, size=None if size == sizes[0] else size)
                return
        self.write(self.frame(box, role), told, size=size, colour="note")

    def frame(self, box: Box, name: str) -> Any:
        """Add a text box and return its frame."""
        shape = self.slide.shapes.add_textbox(*box.units)
        shape.name = clean(name)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return frame

    def number(self) -> None:
        """Show the slide's number: in the template's placeholder for it, or in the lower right corner."""
        for shape in self.template.body.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                # A slide is made without it; what it looks like stays with the layout.
                element = copy.deepcopy(shape.element)
                element.nvSpPr.cNvPr.set("id", str(max(one.shape_id for one in self.slide.shapes) + 1))
                for inherited in list(element.spPr):
                    element.spPr.remove(inherited)
                self.slide.shapes._spTree.append(element)  # noqa: SLF001  # python-pptx copies no shape
                return
        note, (wide, high) = self.template.note, _NUMBER
        presentation = self.template.presentation
        left, top = presentation.slide_width - Inches(wide + 0.3), presentation.slide_height - Inches(high + 0.1)
        frame = self.frame(Box(left / Inches(1), max(note.bottom - high, top / Inches(1)), wide, high), "Number")
        field = parse_xml(_FIELD)
        field.find(".//{*}rPr").append(self.template.palette.solid("note"))
        frame._txBody.replace(frame._txBody.p_lst[0], field)  # noqa: SLF001

    def say(self, told: Sequence[str]) -> None:
        """Write the speaker's notes."""
        self.slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, map(clean, told)))

    def tidy(self) -> None:
        """Remove the placeholders that nothing was written into: they would ask for text."""
        for shape in list(self.slide.placeholders):
            told = shape.has_text_frame and shape.text_frame.text
            if not told and shape.element.find(".//{*}fld") is None:
                shape.element.getparent().remove(shape.element)


def describe(frame: Any, name: str, told: str) -> None:
    """Give a chart or a table its name and the text that a screen reader says in its stead."""
    properties = frame._element.nvGraphicFramePr.cNvPr  # noqa: SLF001  # python-pptx has no door to it
    properties.set("name", clean(name))
    properties.set("descr", clean(told))
