"""An exhibit's chart as a reader sees it: drawn once at the size of a slide, and read from its artists."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from kamlib import style
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    from kamlib.exhibits.exhibit import Exhibit

_SLANTED: Final = 45  # degrees of a label that runs along the diagonal of its box
_SLACK: Final = 0.5  # of a dot that letters may share


@dataclass(frozen=True)
class Bar:
    """A bar: where it stands among the categories, from where to where it reaches, and how it is filled."""

    axes: Axes
    upright: bool
    place: float
    start: float
    end: float
    colour: tuple[float, float, float]
    edge: tuple[float, float, float]
    hatched: bool

    @property
    def value(self) -> float:
        """Its length, negative where it runs to the left or downwards."""
        return self.end - self.start

    @property
    def meaning(self) -> tuple[float, float, float]:
        """The colour that it speaks in: that of its stripes or outline where it is not solid."""
        return self.edge if self.colour == to_rgb(COLOURS["paper"]) else self.colour


class Picture:
    """The chart of an exhibit with its message, measure and note, on a figure that nobody sees.

    Parameters
    ----------
    exhibit : Exhibit
        One without a chart gets empty axes, so that its message can be measured.
    """

    def __init__(self, exhibit: Exhibit) -> None:
        with style.use("slide"):
            self.figure = Figure()
            ax = self.figure.add_subplot()
            ax = exhibit.draw(ax) if exhibit.draw is not None else ax
            style.finish(ax, message=exhibit.message, measure=str(exhibit.measure), note=exhibit.note)
            self.figure.draw_without_rendering()
            self.smallest = style.small()
            self.texts = texts_of(self.figure)
            self.collisions = collisions_of(self.figure)
        self.exhibit, self.words = exhibit, exhibit.words
        self.drawn = exhibit.draw is not None

    @property
    def axes(self) -> list[Axes]:
        """Its axes; none where the exhibit has no chart."""
        return self.figure.axes if self.drawn else []

    @property
    def bars(self) -> list[Bar]:
        """Every bar that has a length, in the order of drawing."""
        found = [(ax, one) for ax in self.axes for one in ax.containers if isinstance(one, BarContainer)]
        bars = [_bar(ax, one.orientation == "vertical", patch) for ax, one in found for patch in one.patches]
        return [bar for bar in bars if bar.value]

    def rows(self) -> list[list[Bar]]:
        """Bars that share a place on the axis of categories, in reading order: to the right, or from top to bottom."""
        if not (bars := self.bars):
            return []
        ax, upright = bars[0].axes, bars[0].upright
        backwards = bool(ax.xaxis_inverted() if upright else not ax.yaxis_inverted())
        places = sorted({round(bar.place, 6) for bar in bars}, reverse=backwards)
        return [[bar for bar in bars if round(bar.place, 6) == place] for place in places]

    def names(self) -> list[str]:
        """Return what stands at the axis of categories, in the order of `rows`."""
        if not (bars := self.bars):
            return []
        axis = bars[0].axes.xaxis if bars[0].upright else bars[0].axes.yaxis
        told = {round(float(at), 6): label.get_text() for at, label in _ticks(axis)}
        return [told.get(round(row[0].place, 6), "") for row in self.rows()]

    def colours(self) -> set[tuple[float, float, float]]:
        """Every colour that is used, as it looks on paper."""
        found: list[Any] = [text.get_color() for text in self.texts]
        for ax in self.axes:
            for patch in ax.patches:
                found += [patch.get_facecolor(), *([patch.get_edgecolor()] if patch.get_linewidth() else [])]
            for line in ax.lines:
                drawn = line.get_linestyle() not in {"None", "", " "}
                found += [line.get_color()] * drawn
                if line.get_marker() not in {"None", "", " ", None}:
                    found += [line.get_markerfacecolor(), line.get_markeredgecolor()]
            for group in ax.collections:
                found += [*group.get_facecolor(), *group.get_edgecolor()]
        return {_on_paper(one) for one in found}

    def ticks(self) -> list[tuple[Axes, str, list[tuple[float, str]]]]:
        """Places and labels of what is written along each axis, with ``x`` or ``y``; axes without labels left out."""
        found = []
        for ax, name in itertools.product(self.axes, "xy"):
            axis = ax.xaxis if name == "x" else ax.yaxis
            written = [(at, label.get_text()) for at, label in _ticks(axis) if label.get_text().strip()]
            if written and axis.get_visible():
                found.append((ax, name, written))
        return found

    def value_limits(self, *, upright: bool) -> tuple[float, float]:
        """Return the ends of the axis that figures are read from."""
        ax = self.figure.axes[0]
        low, high = ax.get_ylim() if upright else ax.get_xlim()
        return float(low), float(high)

    def length_of_a_unit(self) -> float:
        """Return how long a unit of the first axes' figures is on the slide; figures lie along the bars, if any."""
        upright = bool(self.bars) and self.bars[0].upright
        low, high = self.value_limits(upright=upright)
        box = self.figure.axes[0].get_window_extent()
        return float((box.height if upright else box.width) / abs(high - low))


def _bar(ax: Axes, upright: bool, patch: Any) -> Bar:  # noqa: FBT001 - private
    x, y, width, height = patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()
    place, start, end = (x + width / 2, y, y + height) if upright else (y + height / 2, x, x + width)
    return Bar(
        ax, upright, float(place), float(start), float(end),
        colour=_on_paper(patch.get_facecolor()), edge=_on_paper(patch.get_edgecolor()), hatched=bool(patch.get_hatch()),
    )  # fmt: skip


def _on_paper(colour: Any) -> tuple[float, float, float]:
    """Return how a colour looks on paper: a transparent one is paler."""
    *rgb, alpha = to_rgba(colour)
    mixed = alpha * np.array(rgb) + (1 - alpha) * np.array(to_rgb(COLOURS["paper"]))
    red, green, blue = (round(float(part), 4) for part in mixed)
    return red, green, blue


def _ticks(axis: Axis) -> Iterable[tuple[float, Text]]:
    low, high = sorted(axis.get_view_interval())  # a tick beyond it exists, but is not drawn
    places = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
    return [(float(at), label) for at, label in places if low <= at <= high]


# --- texts ------------------------------------------------------------------------------------------------------------


def texts_of(figure: Figure) -> list[Text]:
    """List every text that a reader sees in a figure."""
    found = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for ax in figure.axes:
        legend = ax.get_legend()
        found += [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label, *(legend.get_texts() if legend else [])]
        for axis in filter(Artist.get_visible, (ax.xaxis, ax.yaxis)):
            found += [label for _, label in _ticks(axis)]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def collisions_of(figure: Figure) -> list[str]:
    """Name each pair of texts that overlap, and each text that sticks out of the figure; it has been drawn before."""
    boxes = [(text, text.get_window_extent().padded(-_SLACK)) for text in texts_of(figure)]
    width, height = figure.bbox.size
    outside = [text for text, box in boxes if min(*box.min) < 0 or box.x1 > width or box.y1 > height]
    pairs = [
        (one, other) for (one, box), (other, rim) in itertools.combinations(boxes, 2) if _touch(one, box, other, rim)
    ]
    return [repr(text.get_text()) for text in outside] + [f"{a.get_text()!r} / {b.get_text()!r}" for a, b in pairs]


def _touch(one: Text, box: Bbox, other: Text, rim: Bbox) -> bool:
    """Tell whether two texts in their boxes overlap; a slanted one lies along the diagonal of its box."""
    if not box.overlaps(rim):
        return False
    if other.get_rotation() == _SLANTED:
        one, box, other, rim = other, rim, one, box
    if one.get_rotation() != _SLANTED:
        return True
    figure = one.get_figure(root=True)
    height = float(one.get_fontsize()) * (figure.dpi if figure else 72) / 72
    if other.get_rotation() == _SLANTED:  # they run side by side and both end at their anchors
        return bool(abs(box.x1 - rim.x1) * 0.5**0.5 < height)
    along = np.linspace(np.add(box.min, height / 3), np.subtract(box.max, height / 3), 50)
    return any(rim.padded(height / 3).contains(x, y) for x, y in along)
