"""Names beside points so that none covers another: the most important first, those without room left out.

Where there is room depends on the final size of the axes, which a chart does not know when it is made: margins grow
with message and note. So names are placed anew whenever the chart is drawn, always in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from kamlib.plots import parts
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from kamlib.checks import FloatArray

_ANGLES: Final = np.deg2rad([0, 180, 90, 270, 45, 135, 315, 225])  # the sooner, the better to read
_SIDES: Final = np.round(np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)]), 6)
_GAPS: Final = (2.0, 14.0, 28.0, 44.0)  # points between a bubble and its name; beyond the first with a leader line
_CORE: Final = 0.6  # of a bubble's radius; a name that reaches in farther would hide it
_APART: Final = np.array([6.0, 2.0])  # points between two names, across and up
_STOPS: Final = 9  # points of a leader line that are looked at


class Names(Artist):
    """The names of points, each beside its own; not drawn itself, it moves the labels before they are.

    Parameters
    ----------
    ax : Axes
    names : sequence of str
        The most important first.
    points : array
        Where they belong, in data coordinates: a row each, and below them the rows of further points without a name.
    radius : array
        Of each point, in points.
    clear_of : sequence of Text
        Texts that no name may cover.
    report : callable
        Is told how many names found room.
    fonts : sequence of dict
        How each name is written, if not all the same.
    """

    def __init__(
        self,
        ax: Axes,
        names: Sequence[str],
        points: FloatArray,
        *,
        radius: FloatArray,
        clear_of: Sequence[Text] = (),
        report: Callable[[int], None] = lambda _: None,
        fonts: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__()
        self._points, self._radius, self._clear_of, self._report = points, radius, clear_of, report
        look: dict[str, Any] = {"va": "center", "path_effects": parts.HALO, "zorder": 4, "in_layout": False}
        own: Sequence[dict[str, Any]] = fonts or [{}] * len(names)
        self._labels = [
            parts.label(ax, name, tuple(points[row]), (0, 0), **(look | own[row])) for row, name in enumerate(names)
        ]
        self._leaders = LineCollection([], transform=IdentityTransform(), colors=COLOURS["note"], lw=0.7, zorder=3)
        self._leaders.set_in_layout(False)
        self.set_in_layout(False)
        self.set_zorder(-1)  # before everything that it moves
        ax.add_collection(self._leaders, autolim=False)
        ax.add_artist(self)
        self.place()

    def draw(self, renderer: RendererBase) -> None:
        """Place the names for the size at which the axes are being drawn."""
        self.place(renderer)

    def place(self, renderer: RendererBase | None = None) -> None:
        """Move each name to the best place left, or hide it."""
        ax = self._leaders.axes
        assert ax is not None  # noqa: S101 - it was added to them when it was made
        dot = ax.figure.dpi / 72
        frame = np.array(ax.get_window_extent().extents)
        centre, radius = ax.transData.transform(self._points), self._radius * dot
        taken = [np.array(text.get_window_extent(renderer).extents) for text in self._clear_of]
        lines: list[FloatArray] = []
        for row, label in enumerate(self._labels):
            label.set_visible(True)  # a hidden text has no size
            box = Text.get_window_extent(label, renderer)
            half = np.array([box.width, box.height]) / 2
            reach = [radius[row] + gap * dot + half * np.abs(np.sign(_SIDES)) for gap in _GAPS]
            offset = np.concatenate([_SIDES * one for one in reach])
            boxes = np.hstack([centre[row] + offset - half, centre[row] + offset + half])
            leaders = _leaders(centre[row], radius[row], boxes)
            occupied = np.array(taken).reshape(-1, 4)
            crossed = _inside(leaders, occupied).any(axis=1)
            far = np.arange(len(boxes)) // len(_SIDES)  # which gap
            free = _within(boxes, frame) & ~_overlap(boxes, occupied, _APART * dot).any(axis=1)
            free &= ~_touched(boxes, centre, _CORE * radius).any(axis=1) & ~(crossed & (far > 0))
            if lines:
                free &= ~_touched(boxes, np.concatenate(lines), 0.0).any(axis=1)
            label.set_visible(bool(free.any()))
            if not free.any():
                continue
            touched = _touched(boxes, centre, radius)
            touched[:, row] = False
            best = int(np.where(free, 3 * touched.sum(axis=1) + far, np.inf).argmin())
            label.set_position(tuple(offset[best] / dot))
            taken.append(boxes[best])
            if far[best]:
                lines.append(leaders[best])
        self._leaders.set_segments([line[[0, -1]] for line in lines])
        self._report(len(taken) - len(self._clear_of))


def _within(boxes: FloatArray, frame: FloatArray) -> NDArray[np.bool_]:
    return np.asarray((boxes[:, :2] >= frame[:2]).all(axis=1) & (boxes[:, 2:] <= frame[2:]).all(axis=1))


def _overlap(boxes: FloatArray, others: FloatArray, apart: FloatArray) -> NDArray[np.bool_]:
    """Tell which of ``boxes`` (rows) come closer than ``apart`` to which of the ``others`` (columns)."""
    low, high = boxes[:, np.newaxis, :2], boxes[:, np.newaxis, 2:]
    return np.asarray(((low < others[:, 2:] + apart) & (high > others[:, :2] - apart)).all(axis=2))


def _touched(boxes: FloatArray, centre: FloatArray, radius: FloatArray | float) -> NDArray[np.bool_]:
    """Tell which of ``boxes`` (rows) reach into which bubbles (columns)."""
    nearest = np.clip(centre, boxes[:, np.newaxis, :2], boxes[:, np.newaxis, 2:])
    return np.asarray(np.linalg.norm(nearest - centre, axis=2) <= radius)


def _leaders(centre: FloatArray, radius: float, boxes: FloatArray) -> FloatArray:
    """Return, for each of ``boxes``, points along the line from the rim of a bubble to the box."""
    ends = np.clip(centre, boxes[:, :2], boxes[:, 2:])
    way = ends - centre
    starts = centre + way * radius / np.linalg.norm(way, axis=1, keepdims=True)
    return np.linspace(starts, ends, _STOPS, axis=1)


def _inside(lines: FloatArray, boxes: FloatArray) -> NDArray[np.bool_]:
    """Tell which of ``lines`` (rows) have a point in which of ``boxes`` (columns)."""
    points = lines[:, :, np.newaxis]
    inside = np.asarray(((points >= boxes[:, :2]) & (points <= boxes[:, 2:])).all(axis=3))
    return np.asarray(inside.any(axis=1))
