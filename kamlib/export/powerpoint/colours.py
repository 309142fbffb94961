"""What a meaning looks like: the colours of a template's theme, and the patterns of the scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from lxml.builder import ElementMaker
from matplotlib.colors import rgb_to_hsv, to_rgb
from pptx.opc.constants import RELATIONSHIP_TYPE

from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
DRAWING: Final = ElementMaker(namespace=_A, nsmap={"a": _A})
_OUTLINE: Final = "12700"  # one point
_LEGIBLE: Final = 3.0  # contrast with the paper that a bar or a line needs (WCAG 2.2, 1.4.11)
_DARK: Final = ("ink", "actual", "highlight", "good", "bad", "note")  # what white text can stand on

# How a theme writes a colour of ours: its name in the theme and what is done to it.
Shade = tuple[str, tuple[tuple[str, int], ...]]
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
_SYSTEM: Final = {"windowText": "000000", "window": "FFFFFF"}
_LIGHTER: Final = (("lumMod", 40_000), ("lumOff", 60_000))


@dataclass(frozen=True)
class Palette:
    """The colours of a template, by their meaning."""

    shades: Mapping[str, Shade]

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
        """Return the meaning of the colour in which text on such a bar can be read."""
        return "paper" if meaning in _DARK and scenario == "actual" else "ink"


def of_theme(master: Any) -> Palette:
    """Return how a firm's own theme writes our colours.

    What is actual gets the first of its accents, and what the message speaks of the second, as far as they stand out
    from its paper. Good and bad stay green and red in every house.
    """
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    colours: dict[str, str] = {}
    for slot in theme.find(f".//{{{_A}}}clrScheme"):
        for value in slot:
            named = _SYSTEM.get(value.get("val"), value.get("val"))  # a colour of the viewer's system, or a figure
            colours[etree.QName(slot).localname] = "#" + (value.get("lastClr") or named)
    mapped = master.element.find("{*}clrMap")
    paper = colours[mapped.get("bg1")]
    known = [f"accent{number}" for number in range(1, 7) if _contrast(colours[f"accent{number}"], paper) >= _LEGIBLE]
    actual = (known or ["tx1"])[0]
    others = [name for name in known[1:] if _apart(colours[name], colours[actual])]
    dark = _luminance(paper) < _luminance(colours[mapped.get("tx1")])
    grey = {share: _off(share, dark=dark) for share in (65_000, 85_000, 90_000)}  # of the paper's own lightness
    shades: dict[str, Shade] = {
        "ink": ("tx1", ()),
        "paper": ("bg1", ()),
        "note": ("tx1", () if dark else (("lumMod", 65_000), ("lumOff", 35_000))),
        "grid": ("bg1", grey[90_000]),
        "quiet": ("bg1", grey[85_000]),
        "actual": (actual, ()),
        "previous": ("bg1", grey[65_000]),
        "highlight": (others[0] if others else COLOURS["highlight"], ()),
        "good": (COLOURS["good"], ()),
        "bad": (COLOURS["bad"], ()),
    }
    return Palette(shades)


def _off(share: int, *, dark: bool) -> tuple[tuple[str, int], ...]:
    """Return what makes a grey of the paper: less of its light, or more."""
    return (("lumMod", share), ("lumOff", 100_000 - share)) if dark else (("lumMod", share),)


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _apart(one: str, other: str) -> bool:
    """Tell whether two colours differ in hue or in lightness."""
    turn = abs(float(rgb_to_hsv(to_rgb(one))[0]) - float(rgb_to_hsv(to_rgb(other))[0]))
    return min(turn, 1 - turn) > 0.08 or _contrast(one, other) > 2
