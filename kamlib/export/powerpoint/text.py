"""Texts on slides: what XML can carry, how wide they run, and how they are written into a shape."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

from kamlib.export.characters import legal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kamlib.export.powerpoint.colours import Palette

LINE: Final = 1.2  # of the font size, from one line to the next
LOCALES: Final = {"de": "de-DE", "en": "en-GB"}  # whose spelling PowerPoint checks
INCH: Final = 914_400  # in the units that PowerPoint measures slides in
_MEASURED_AT: Final = 100.0  # points
# Arial and its like against the font measured, plain and bold: capitals are as wide, all else is narrower.
_CAPITAL: Final = {False: 1.02, True: 0.97}
_NARROWER: Final = {False: 0.9, True: 0.85}


def clean(text: object) -> str:
    """Return ``text`` without the characters that XML can't carry; a line break becomes a blank."""
    return legal(str(text)).replace("\r", "").replace("\n", " ").strip()


def distinct(names: Iterable[str]) -> list[str]:
    """Return names of which none is empty or there twice, for PowerPoint empties a chart with such categories."""
    found: list[str] = []
    for name in map(clean, names):
        first = name or "\N{EN DASH}"
        candidates = (first, *(f"{first} ({number})" for number in range(2, len(found) + 3)))
        found.append(next(candidate for candidate in candidates if candidate not in found))
    return found


@functools.cache
def _font(*, bold: bool) -> FT2Font:
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    font = FT2Font(str(fonts / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")))
    font.set_size(_MEASURED_AT, 72)
    return font


@functools.cache
def _advance(letter: str, *, bold: bool) -> float:
    """Return how far a letter moves on, as a part of the font size."""
    font = _font(bold=bold)
    if not font.get_char_index(ord(letter)):
        return 1.0  # unknown to the font measured with: a script of letters as wide as high
    measured: float = font.load_char(ord(letter)).linearHoriAdvance / 65_536
    return (_CAPITAL if letter.isupper() else _NARROWER)[bold] * measured / _MEASURED_AT


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide ``text`` runs at ``size`` points, in inches."""
    return sum(_advance(letter, bold=bold) for letter in text) * size / 72


def broken(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break ``text`` into lines that run no wider than ``room`` inches; a single longer word is broken, too."""
    lines, used, blank = [""], 0.0, width(" ", size, bold=bold)
    for word in text.split(" "):
        wide = width(word, size, bold=bold)
        if lines[-1] and used + blank + wide <= room:
            lines[-1] += f" {word}"
            used += blank + wide
            continue
        if lines[-1]:
            lines.append("")
        used = 0.0
        for letter in word:
            step = width(letter, size, bold=bold)
            if lines[-1] and used + step > room:
                lines.append("")
                used = 0.0
            lines[-1] += letter
            used += step
    return lines


def fitting(text: str, box: tuple[float, float], sizes: Iterable[float], *, bold: bool = False) -> float:
    """Return the first of ``sizes`` at which ``text`` fits a box of so many inches, or the last of them."""
    size = 0.0
    for size in sizes:
        if len(broken(text, box[0], size, bold=bold)) * size * LINE / 72 <= box[1]:
            break
    return size


def shortened(text: str, room: float, size: float, *, lines: int = 1, bold: bool = False) -> str:
    """Return ``text``, or as much of it as fits so many lines, and an ellipsis."""
    if len(broken(text, room, size, bold=bold)) <= lines:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        half = (fits + too_long) // 2
        short = len(broken(text[:half] + "…", room, size, bold=bold)) <= lines
        fits, too_long = (half, too_long) if short else (fits, half)
    return text[:fits].rstrip(" ,;.") + "…"


def write(
    frame: Any,
    paragraphs: str | Iterable[str],
    *,
    language: str,
    palette: Palette,
    size: float | None = None,
    bold: bool | None = None,
    colour: str = "",
) -> None:
    """Write ``paragraphs`` into a text frame, below what it holds; what is not given stays as the template has it."""
    for text in [paragraphs] if isinstance(paragraphs, str) else paragraphs:
        last = frame.paragraphs[-1]
        paragraph = frame.add_paragraph() if last.runs else last
        if not clean(text):  # an empty line is as high as its letters would be
            if size is not None:
                paragraph._p.get_or_add_endParaRPr().set("sz", f"{size * 100:.0f}")  # noqa: SLF001
            continue
        # By hand: python-pptx has no door to languages and theme colours, and takes ten times as long for the rest.
        properties = paragraph._p.add_r(clean(text)).get_or_add_rPr()  # noqa: SLF001
        properties.set("lang", LOCALES.get(language, language))
        if size is not None:
            properties.set("sz", f"{size * 100:.0f}")
        if bold is not None:
            properties.set("b", f"{bold:d}")
        if colour:
            properties.insert(0, palette.solid(colour))
