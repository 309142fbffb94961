"""The deck that slides are put into: a firm's own template, or the plain one."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from kamlib.checks import KamlibError
from kamlib.export.powerpoint import colours, plain
from kamlib.export.powerpoint.text import INCH
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FEET: Final = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE)
_TYPES: Final = "[Content_Types].xml"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.presentationml.{}.main+xml"
_USUAL: Final = 44.0  # points: what PowerPoint takes where a template says nothing
_FOREIGN: Final = 1.12  # as wide as Arial runs, so wide we take a firm's font to run, for its letters are unknown here


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def units(self) -> tuple[int, int, int, int]:
        """The place in the units of PowerPoint."""
        return tuple(round(edge * INCH) for edge in (self.left, self.top, self.width, self.height))  # type: ignore[return-value]


@dataclass(frozen=True)
class Template:
    """A deck without slides, and where things stand on them.

    Parameters
    ----------
    presentation : pptx.Presentation
    cover, body : layout
        Of the first slide, and of all others.
    palette : Palette
    title : Box
        Of the message.
    title_size : float
        In points, as the template has it.
    measure, content, note : Box
        The line under the message, the exhibit, the foot.
    stretch : float
        How much wider than Arial the template's font may run.
    """

    presentation: Any
    cover: Any
    body: Any
    palette: colours.Palette
    title: Box
    title_size: float
    measure: Box
    content: Box
    note: Box
    stretch: float = 1.0

    def room(self, box: Box) -> tuple[float, float]:
        """Return the width and height that text in ``box`` has, were it set in Arial."""
        return box.width / self.stretch, box.height


def opened(path: str | Path | None) -> Template:
    """Open the firm's template at ``path``, or make the plain one."""
    presentation = plain.presentation() if path is None else _read(Path(path))
    _empty(presentation)
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if _title_of(layout) is not None]
    usable = [layout for layout in titled if _ends_above(_title_of(layout), presentation.slide_height / 2)]
    if not usable:
        raise KamlibError(
            f"{str(path)!r} has no layout with a title on top that runs across half the slide; "
            "add one such as 'Title Only'."
        )
    body = min(usable, key=_unfit_for_exhibits)
    cover = min(titled, key=_unfit_for_cover)
    palette = colours.Palette(colours.OWN, COLOURS) if path is None else colours.of_theme(body)
    return _placed(presentation, cover, body, palette, 1.0 if path is None else _FOREIGN)


def check_template(path: str | Path) -> None:
    """Raise a `KamlibError` if no deck can be made from ``path``, to be told before anything is reckoned for one."""
    opened(path)


def _read(path: Path) -> Any:
    """Read a .pptx or a .potx; the latter differs by one word only."""
    wrong = f"{str(path)!r} is no PowerPoint template; give a .pptx or .potx file"
    try:
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        kinds = parts[_TYPES].decode()
    except FileNotFoundError:
        raise KamlibError(f"the template {str(path)!r} is not there; check its path.") from None
    except PermissionError as error:
        raise KamlibError(f"the template {str(path)!r} can't be opened ({error.strerror}).") from None
    except (OSError, KeyError, UnicodeDecodeError, RuntimeError, zlib.error, zipfile.BadZipFile):  # locked, or damaged
        raise KamlibError(f"{wrong}.") from None
    if "macroEnabled" in kinds:
        raise KamlibError(f"{str(path)!r} holds macros, which a deck must not carry on; save it as .pptx or .potx.")
    parts[_TYPES] = kinds.replace(_MAIN.format("template"), _MAIN.format("presentation")).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    try:
        return Presentation(buffer)
    except (ValueError, KeyError, AttributeError, SyntaxError):  # whatever else a package may be or lack
        raise KamlibError(f"{wrong}.") from None


def _empty(presentation: Any) -> None:
    """Remove the slides, and what refers to them by name."""
    listed = presentation.slides._sldIdLst  # noqa: SLF001  # python-pptx removes no slide
    for slide in list(listed):
        presentation.part.drop_rel(slide.rId)
        listed.remove(slide)
    element = presentation.element
    for gone in (*element.findall("{*}custShowLst"), *element.findall("{*}extLst")):  # shows and sections of them
        element.remove(gone)


def _title_of(layout: Any) -> Any:
    """Return the title of a layout if it runs across at least half of the slide."""
    half = layout.part.package.presentation_part.presentation.slide_width / 2
    titles = [shape for shape in layout.placeholders if shape.placeholder_format.type in _TITLES]
    return next((title for title in titles if title.width is not None and title.width >= half), None)


def _ends_above(title: Any, height: float) -> bool:
    return bool(title.top + title.height <= height)


def _others(layout: Any) -> list[Any]:
    """Return what a layout asks for besides a title, a measure and a note."""
    return [
        shape
        for shape in layout.placeholders
        if shape.placeholder_format.type not in (*_TITLES, *_FEET) and shape.name not in (plain.MEASURE, plain.NOTE)
    ]


def _unfit_for_exhibits(layout: Any) -> tuple[bool, bool, int]:
    named = {shape.name for shape in layout.placeholders}
    own = {plain.MEASURE, plain.NOTE} <= named
    return not own, layout.element.get("type") != "titleOnly", len(_others(layout))


def _unfit_for_cover(layout: Any) -> tuple[bool, bool, int]:
    kinds = [shape.placeholder_format.type for shape in layout.placeholders]
    return layout.element.get("type") != "title", PP_PLACEHOLDER.CENTER_TITLE not in kinds, len(kinds)


def _placed(presentation: Any, cover: Any, body: Any, palette: colours.Palette, stretch: float) -> Template:
    """Divide the slide below the title of a layout; what its own placeholders say comes first."""
    wide, high = presentation.slide_width / INCH, presentation.slide_height / INCH
    title = _box(_title_of(body))
    named = {shape.name: _box(shape) for shape in body.placeholders}
    feet = [
        shape.top / INCH
        for shape in (*body.placeholders, *body.slide_master.placeholders)
        if shape.placeholder_format.type in _FEET and shape.top is not None and shape.top / INCH > 0.7 * high
    ]
    foot = min([0.96 * high, *feet])
    left, across = title.left, min(title.width, wide - 2 * title.left) if title.left < wide / 4 else title.width
    measure = named.get(plain.MEASURE) or Box(left, title.bottom, across, 0.05 * high)
    note = named.get(plain.NOTE) or Box(left, foot - 0.085 * high, across, 0.085 * high)
    top = measure.bottom + 0.02 * high
    return Template(
        presentation,
        cover,
        body,
        palette,
        title,
        _size(body),
        measure,
        Box(left, top, across, note.top - top - 0.01 * high),
        note,
        stretch,
    )


def _box(shape: Any) -> Box:
    return Box(*(edge / INCH for edge in (shape.left, shape.top, shape.width, shape.height)))


def _size(layout: Any) -> float:
    """Return the size of a title in points, which a layout may leave to its master."""
    title = _title_of(layout)
    of_master = [shape for shape in layout.slide_master.placeholders if shape.placeholder_format.type in _TITLES]
    asked: Iterable[Any] = (
        *(shape.element.find(".//{*}lstStyle/{*}lvl1pPr/{*}defRPr") for shape in (title, *of_master)),
        layout.slide_master.element.find("{*}txStyles/{*}titleStyle/{*}lvl1pPr/{*}defRPr"),
    )
    sizes = [int(found.get("sz")) / 100 for found in asked if found is not None and found.get("sz")]
    return sizes[0] if sizes else _USUAL
