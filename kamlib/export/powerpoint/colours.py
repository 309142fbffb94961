"""What a meaning looks like: the colours of a template's theme, and the patterns of the scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml.builder import ElementMaker
from matplotlib.colors import rgb_to_hsv, to_rgb

from kamlib.export.powerpoint import background
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
DRAWING: Final = ElementMaker(namespace=_A, nsmap={"a": _A})
_LEGIBLE: Final = 3.0  # contrast with the paper that a bar or a line needs (WCAG 2.2, 1.4.11)
_READABLE: Final = 4.5  # that text needs (1.4.3)

# How a theme writes a colour of ours: its name in the theme and what is done to it.
Changes = tuple[tuple[str, int], ...]
Shade = tuple[str, Changes]
OWN: Final[Mapping[str, Shade]] = {
    "ink": ("tx1", ()),
    "paper": ("bg1", ()),
    "note": ("tx2", ()),
    "grid": ("bg2", ()),
    "actual": ("accent1", ()),
    "highlight": ("accent2", ()),
    "previous": ("accent3", ()),
    "good": ("accent4", ()),
    "bad": ("accent5", ()),
    "quiet": ("accent6", ()),
}
_LIGHTER: Final = (("lumMod", 40_000), ("lumOff", 60_000))
_SOFTER: Final = (("lumMod", 65_000), ("lumOff", 35_000))
_PAIRS: Final = ("tx1", "bg1", "tx2", "bg2")  # a theme's colours of text and background
_DARKER: Final = (("lumMod", 60_000),)
_PALE: Final = 40_000  # of the depth of a dark paper's colour, or its greys would look like an accent
_GREYS: Final = (85_000, 90_000, 65_000)  # of the paper's light: what is quiet, what guides the eye, what was before


@dataclass(frozen=True)
class Palette:
    """The colours of a template by their meaning: as the theme writes them, and as they look."""

    shades: Mapping[str, Shade]
    seen: Mapping[str, str]

    def colour(self, meaning: str, *also: tuple[str, int]) -> Any:
        """Return the colour as DrawingML writes it, ``also`` with what is done to it."""
        name, changes = self.shades[meaning]
        rgb = name.startswith("#")
        element = (DRAWING.srgbClr if rgb else DRAWING.schemeClr)(val=name.lstrip("#"))
        for change, value in (*changes, *also):
            element.append(DRAWING(change, val=str(value)))
        return element

    def solid(self, meaning: str, *also: tuple[str, int]) -> Any:
        """Return a plain fill."""
        return DRAWING.solidFill(self.colour(meaning, *also))

    def line(self, meaning: str, *, points: float = 1.0, dash: str = "solid") -> Any:
        """Return a line; without a meaning, none."""
        if not meaning:
            return DRAWING.ln(DRAWING.noFill())
        drawn = DRAWING.ln(self.solid(meaning), DRAWING.prstDash(val=dash), DRAWING.round())
        drawn.set("w", str(round(points * 12_700)))
        return drawn

    def bar(self, meaning: str, scenario: str = "actual") -> list[Any]:
        """Return fill and outline of a bar: solid, lighter, outlined or hatched; without a meaning, invisible."""
        if not meaning:
            return [DRAWING.noFill(), DRAWING.ln(DRAWING.noFill())]
        if scenario == "plan":
            return [DRAWING.noFill(), self.line(meaning)]
        if scenario == "forecast":
            hatch = DRAWING.pattFill(
                DRAWING.fgClr(self.colour(meaning)), DRAWING.bgClr(self.colour("paper")), prst="wdUpDiag"
            )
            return [hatch, self.line(meaning)]
        if scenario == "previous":
            return [self.solid("previous") if meaning == "actual" else self.solid(meaning, *_LIGHTER)]
        return [self.solid(meaning)]

    def on(self, meaning: str, scenario: str = "actual") -> str:
        """Return the meaning of the colour in which text on such a bar can be read best."""
        if not meaning or scenario in {"plan", "forecast"}:  # the paper shows
            return "ink"
        ground = self.seen[meaning]
        if scenario == "previous":
            ground = self.seen["previous"] if meaning == "actual" else background.changed(ground, _LIGHTER)
        return max(("paper", "ink"), key=lambda text: contrast(self.seen[text], ground))

    def text(self, meaning: str) -> str:
        """Return ``meaning`` if text in its colour can be read on the paper, else that of the ink."""
        return meaning if contrast(self.seen[meaning], self.seen["paper"]) >= _READABLE else "ink"


def of_theme(layout: Any) -> Palette:
    """Return how a firm's own theme writes our colours.

    Text is in the first of its colours that can be read on the background of the slides. What is actual gets the first
    of its accents, and what the message speaks of the second, as far as they stand out from that background. Good and
    bad stay green and red in every house.
    """
    known = background.colours(layout)
    papers = background.papers(layout, known)

    def look(shade: Shade) -> str:
        return background.changed(known.get(shade[0], shade[0]), shade[1])

    def against(shade: Shade) -> float:
        return min(contrast(look(shade), paper) for paper in papers)

    def best(shades: Sequence[Shade], least: float) -> Shade:
        return next((shade for shade in shades if against(shade) >= least), max(shades, key=against))

    ink = best([(name, ()) for name in (*_PAIRS, "#000000", "#ffffff")], _READABLE)
    worst = min(papers, key=lambda paper: contrast(look(ink), paper))
    paper = next((name for name in _PAIRS if known[name] == worst), worst)
    # Greys are of the paper, darker or lighter: text can be read on the palest, and the deepest keeps away from both.
    ways = [{share: (paper, way(share)) for share in _GREYS} for way in (_darker, _lighter)]

    def use(greys: dict[int, Shade]) -> tuple[bool, float]:
        palest, deepest = look(greys[max(_GREYS)]), look(greys[min(_GREYS)])
        return contrast(palest, look(ink)) >= _READABLE, min(contrast(deepest, other) for other in (worst, look(ink)))

    greys = max(ways, key=use)
    quiet, grid, previous = (greys[share] for share in _GREYS)
    note: Shade = (ink[0], _SOFTER)
    if min(against(note), contrast(look(note), look(grid))) < _READABLE:
        note = ink
    accents: list[Shade] = [(f"accent{number}", ()) for number in range(1, 7)]
    accents = [accent for accent in accents if against(accent) >= _LEGIBLE]
    actual = (accents or [ink])[0]
    others = [accent for accent in accents[1:] if _apart(look(accent), look(actual))]
    own: dict[str, Shade] = {
        meaning: best([(COLOURS[meaning], change) for change in ((), _SOFTER, _LIGHTER, _DARKER)], _LEGIBLE)
        for meaning in ("highlight", "good", "bad")
    }
    shades: dict[str, Shade] = {
        "ink": ink,
        "paper": (paper, ()),
        "note": note,
        "grid": grid,
        "quiet": quiet,
        "actual": actual,
        "previous": previous,
        **own,
        "highlight": (others or [own["highlight"]])[0],
    }
    return Palette(shades, {meaning: look(shade) for meaning, shade in shades.items()})


def _darker(share: int) -> Changes:
    return (("lumMod", share),)


def _lighter(share: int) -> Changes:
    return (("lumMod", share), ("lumOff", 100_000 - share), ("satMod", _PALE))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _apart(one: str, other: str) -> bool:
    """Tell whether two colours differ in hue or in lightness."""
    turn = abs(float(rgb_to_hsv(to_rgb(one))[0]) - float(rgb_to_hsv(to_rgb(other))[0]))
    return min(turn, 1 - turn) > 0.08 or contrast(one, other) > 2
