"""What the texts of a slide stand on: the colours of a theme, and the background of a layout or its master."""

from __future__ import annotations

import colorsys
import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from lxml import etree
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import imread
from pptx.opc.constants import RELATIONSHIP_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SYSTEM: Final = {"windowText": "#000000", "window": "#ffffff"}
_UNKNOWN: Final = "#808080"
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_BACKGROUNDS: Final = 1001  # where a theme's list of backgrounds begins to count; below it counts its list of fills
_WHOLE: Final = 100_000  # a share of 1, as DrawingML writes it


def colours(layout: Any) -> dict[str, str]:
    """Return the theme's colours by their names, those of text and background as the layout has them mapped."""
    found: dict[str, str] = {}
    for slot in _theme(layout).find(".//{*}clrScheme"):
        found[etree.QName(slot).localname] = _plain(slot[0], found) or _UNKNOWN
    mapped = override(layout)
    mapped = layout.slide_master.element.find("{*}clrMap") if mapped is None else mapped
    return found | {name: found[slot] for name, slot in mapped.attrib.items()}


def override(layout: Any) -> Any:
    """Return a layout's own mapping of the theme's colours, if it has one."""
    return layout.element.find("{*}clrMapOvr/{*}overrideClrMapping")


def papers(layout: Any, known: Mapping[str, str]) -> list[str]:
    """Return the colours behind the texts: all those of a fill or gradient, the mean of a picture.

    What can't be judged counts as the theme's background.
    """
    for owner in (layout, layout.slide_master):
        ground = owner.element.find("{*}cSld/{*}bg")
        if ground is not None:
            plain = _is(ground[0], "bgPr")
            found = _filled(ground[0], owner.part, known) if plain else _styled(layout, ground[0], known)
            return found or [known["bg1"]]
    return [known["bg1"]]


def changed(colour: str, changes: Iterable[tuple[str, int]]) -> str:
    """Return what a colour looks like after changes of its light; of any other kind they matter little to contrast."""
    rgb = np.array(to_rgb(colour))
    for change, value in changes:
        share = value / _WHOLE
        if change in {"lumMod", "lumOff", "satMod"}:
            hue, light, depth = colorsys.rgb_to_hls(*rgb)
            light = light * share if change == "lumMod" else light + share * (change == "lumOff")
            depth = depth * share if change == "satMod" else depth
            rgb = np.array(colorsys.hls_to_rgb(hue, min(light, 1.0), min(depth, 1.0)))
        elif change in {"shade", "tint"}:
            rgb = share * rgb + (1 - share) * (change == "tint")
    red, green, blue = np.clip(rgb, 0.0, 1.0).tolist()
    return to_hex((red, green, blue))


def _theme(layout: Any) -> Any:
    return etree.fromstring(_theme_part(layout).blob)


def _theme_part(layout: Any) -> Any:
    return layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)


def _styled(layout: Any, reference: Any, known: Mapping[str, str]) -> list[str]:
    """Return the colours of a background that the theme describes, in the colour that the reference gives it."""
    number = int(reference.get("idx", 0))
    kind, place = ("bgFillStyleLst", number - _BACKGROUNDS) if number >= _BACKGROUNDS else ("fillStyleLst", number - 1)
    styles = _theme(layout).find(f".//{{*}}fmtScheme/{{*}}{kind}")
    if not len(reference) or styles is None or not 0 <= place < len(styles):
        return []
    return _filled([styles[place]], _theme_part(layout), {**known, "phClr": _plain(reference[0], known)})


def _filled(holder: Iterable[Any], part: Any, known: Mapping[str, str]) -> list[str]:
    """Return the colours of the fill that ``holder`` begins with; ``part`` is where its picture is."""
    fill = next(iter(holder), None)
    if fill is None:
        return []
    if _is(fill, "blipFill"):
        return _pictured(fill, part)
    return [found for element in fill.iter("{*}*") if (found := _plain(element, known))]


def _pictured(fill: Any, part: Any) -> list[str]:
    """Return the mean colour of a picture."""
    try:
        picture = part.related_part(fill.find("{*}blip").get(_EMBED))
        points = np.atleast_3d(imread(io.BytesIO(picture.blob), format=picture.partname.ext))
    except (AttributeError, KeyError, ValueError, OSError, SyntaxError):  # linked, drawn, or damaged
        return []
    mean = points[..., :3].mean(axis=(0, 1)) / (1 if points.dtype.kind == "f" else 255)
    red, green, blue = np.broadcast_to(mean, 3).tolist()
    return [to_hex((red, green, blue))]


def _plain(element: Any, known: Mapping[str, str]) -> str:
    """Return the colour that an element of DrawingML says, empty if it is none or one that hardly anyone writes."""
    kind, value = etree.QName(element).localname, element.get("val", "")
    if kind not in {"schemeClr", "srgbClr", "sysClr", "prstClr"}:
        return ""
    named = {
        "schemeClr": known.get(value, ""),
        "srgbClr": f"#{value}",
        "sysClr": f"#{element.get('lastClr')}" if element.get("lastClr") else _SYSTEM.get(value, ""),
        "prstClr": value.lower(),
    }[kind]
    try:
        return changed(named, [(etree.QName(one).localname, int(one.get("val", 0))) for one in element])
    except ValueError:
        return ""


def _is(element: Any, name: str) -> bool:
    return bool(etree.QName(element).localname == name)
