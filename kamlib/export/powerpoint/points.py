"""Points, lines and bubbles over two axes of figures."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kamlib.export.powerpoint import forms, markup
from kamlib.export.powerpoint.markup import c, shape
from kamlib.export.powerpoint.sheet import Sheet, exact
from kamlib.export.powerpoint.text import LINE, clean, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits.native import Plane, Scale, Trace
    from kamlib.export.powerpoint.colours import Palette
    from kamlib.style import Words

_AXES: Final = (500_001, 500_002)
_FRAME: Final = (0.9, 0.2, 0.35, 0.75)  # inches left, above, right and below what is drawn, for ticks and titles
_RIGHTMOST: Final = 2.4  # inches, at most, for names behind the right end of an axis
_END: Final = 0.97  # of an axis: from here on it is its right end
_LEGEND: Final = 0.3  # inches
_MARK: Final = 0.06  # inches from the middle of a point to its label
_MARKER, _SMALL_MARKER, _MANY = 8, 5, 60  # points of size, the smaller ones where there are many
_STEP: Final = 0.1  # inches between the places where a line is in the way of labels
_RIM: Final = 0.12  # of an axis with bubbles, beyond its end
_BUBBLE: Final = 60  # per cent of the size that PowerPoint would draw the largest one in
_LARGEST: Final = 0.25  # of the shorter side: the largest bubble's diameter in LibreOffice, which takes no per cent

_Box = tuple[float, float, float, float]


def chart(native: Plane, *, size: tuple[float, float], words: Words, palette: Palette) -> tuple[bytes, bytes]:
    """Return a chart over two axes of figures and its workbook; ``size`` in inches."""
    sheet = Sheet()
    bubbles = any(trace.size for trace in native.traces)
    if bubbles:
        native = replace(native, x=_widened(native.x), y=_widened(native.y))
    # The longest first: LibreOffice loses what stands before it, and behind all others it is in nobody's way.
    traces = sorted(native.traces, key=lambda trace: -len(trace.x))
    legend = [_needs_name(trace, native) for trace in traces]
    left, above, right, below = _FRAME
    right = max(right, min(_RIGHTMOST, _behind(native)))
    above += _LEGEND if sum(legend) > 1 else 0.0
    area = (left, above, size[0] - right, size[1] - below)
    places = _Places(native, area, right)
    # The labels of lines first, for they are as an axis to read by: those of points give way to them.
    order = sorted(range(len(traces)), key=lambda number: not traces[number].line)
    where = {number: places.labels(traces[number], _told(traces[number])) for number in order}
    row, drawn = 0, []
    for number, trace in enumerate(traces):
        drawn.append(_series(number, trace, sheet, row, where[number], palette, bubbles=bubbles))
        row += len(trace.x) + 2
    plot = c(
        "bubbleChart" if bubbles else "scatterChart",
        None if bubbles else c("scatterStyle", val="lineMarker"),
        c("varyColors", val=False),
        *drawn,
        *((c("bubbleScale", val=_BUBBLE), c("showNegBubbles", val=False)) if bubbles else ()),
        *(c("axId", val=number) for number in _AXES),
    )
    within = markup.inner(area[0] / size[0], area[1] / size[1], area[2] / size[0], area[3] / size[1])
    cross = native.cross or ("min", "min")
    axes = [
        markup.axis(
            "valAx",
            own,
            other,
            side=side,
            palette=palette,
            title=scale.title,
            least=_least(scale, native, way),
            most=scale.most,
            log=scale.log,
            form=forms.ticks(scale, _span(scale, native, way), words.language),
            labels="low",
            crosses=where,
            between=False,
        )
        for own, other, side, scale, way, where in (
            (_AXES[0], _AXES[1], "b", native.x, "x", cross[1]),
            (_AXES[1], _AXES[0], "l", native.y, "y", cross[0]),
        )
    ]
    whole = c("plotArea", within, plot, *axes)
    return markup.written(whole, palette, legend=legend, language=words.language), sheet.workbook()


def _widened(scale: Scale) -> Scale:
    """Return an axis that reaches a little further, so that no bubble at its end is cut."""
    return scale if scale.most is None else replace(scale, most=scale.most + _RIM * (scale.most - (scale.least or 0.0)))


def _behind(native: Plane) -> float:
    """Return how wide the names run that lines bear at the right end of the axis."""
    ends = _ends(native.x, [value for trace in native.traces for value in trace.x])
    named = [
        width(text, markup.SIZE) + 3 * _MARK
        for trace in native.traces
        if trace.line and len(trace.x) > 1
        for x, text in zip(trace.x, trace.labels or (), strict=False)
        if clean(text) and _part(x, ends, log=native.x.log) > _END
    ]
    return max(named, default=0.0)


def _needs_name(trace: Trace, native: Plane) -> bool:
    """Tell whether a legend must name ``trace``: its colour says something and none of its labels does."""
    if trace.line:
        return not any(map(clean, trace.labels or ())) and any(not one.line and len(one.x) > 1 for one in native.traces)
    alike = [one for one in native.traces if not one.line and one.meaning == trace.meaning]
    return len(trace.x) > 1 and len(alike) == 1


def _series(
    number: int, trace: Trace, sheet: Sheet, row: int, where: _Where, palette: Palette, *, bubbles: bool
) -> Any:
    name = clean(trace.name)
    x, y = [exact(value) for value in trace.x], [exact(value) for value in trace.y]
    in_name = sheet.add([name], column=1, row=row)
    in_x = sheet.add(x, column=0, row=row + 1)
    in_y = sheet.add(y, column=1, row=row + 1)
    told, ink = _told(trace), palette.text(_ink(trace))
    if told:  # so that whoever edits the figures sees whose they are
        sheet.add([told.get(at, "") or None for at in range(len(x))], column=3, row=row + 1)
    common = (
        markup.labels(told | where.without, palette, position=where.sides, colour=ink, covering=where.covering)
        if told
        else None,
        c("errBars", c("errDir", val="y"), *_interval(trace, y, sheet, row, name, palette)) if trace.low else None,
        c("xVal", markup.numbers(in_x, x)),
        c("yVal", markup.numbers(in_y, y)),
    )
    head = (c("idx", val=number), c("order", val=number), c("tx", markup.texts(in_name, [name])))
    if bubbles:
        sizes = [exact(value) for value in trace.size or ()]
        in_size = sheet.add(sizes, column=2, row=row + 1)
        look = shape(palette.solid(trace.meaning), palette.line("paper"))
        size = c("bubbleSize", markup.numbers(in_size, sizes))
        return c("ser", *head, look, c("invertIfNegative", val=False), *common, size, c("bubble3D", val=False))
    if trace.line:
        dash = "dash" if trace.line == "dashed" else "solid"
        look = shape(palette.line(trace.meaning, points=1.25 if trace.line == "dashed" else 2.25, dash=dash))
        marker = c("marker", c("symbol", val="none"))
    else:
        look = shape(palette.line(""))
        dot = shape(palette.solid(trace.meaning), palette.line("paper", points=0.75))
        marker = c(
            "marker", c("symbol", val="circle"), c("size", val=_MARKER if len(x) <= _MANY else _SMALL_MARKER), dot
        )
    return c("ser", *head, look, marker, *common, c("smooth", val=False))


def _interval(trace: Trace, y: Sequence[float], sheet: Sheet, row: int, name: str, palette: Palette) -> list[Any]:
    ends = (trace.low or (), trace.high or ())
    return markup.interval(sheet, around=y, ends=ends, place=(4, row), name=name, palette=palette)


def _told(trace: Trace) -> dict[int, str]:
    return {at: clean(text) for at, text in enumerate(trace.labels or ()) if clean(text)}


def _ink(trace: Trace) -> str:
    return trace.meaning if trace.meaning in {"highlight", "bad", "good", "note"} else "ink"


def _span(scale: Scale, native: Plane, way: str) -> float:
    low, high = _ends(scale, [value for trace in native.traces for value in getattr(trace, way)])
    return high - low


def _least(scale: Scale, native: Plane, way: str) -> float | None:
    """Return the lower end of an axis: 0 where it is not given and nothing lies below."""
    below = any(value < 0 for trace in native.traces for value in getattr(trace, way))
    return 0.0 if scale.least is None and not scale.log and not below else scale.least


def _ends(scale: Scale, values: Sequence[float]) -> tuple[float, float]:
    low = min([*values, *([] if scale.log else [0.0])]) if scale.least is None else scale.least
    high = max(values, default=1.0) if scale.most is None else scale.most
    return low, high if high > low else low + 1.0


class _Where:
    """Where the labels of a trace stand, and which of them found no room."""

    def __init__(self) -> None:
        self.sides: dict[int, str] = {}
        self.without: dict[int, str] = {}
        self.covering: set[int] = set()


class _Places:
    """The room that labels have, for PowerPoint moves none of them out of another's way."""

    def __init__(self, native: Plane, area: _Box, beyond: float) -> None:
        self._native, self._area, self._beyond = native, area, beyond
        self._x = _ends(native.x, [value for trace in native.traces for value in trace.x])
        self._y = _ends(native.y, [value for trace in native.traces for value in trace.y])
        largest = max((size for trace in native.traces for size in trace.size or ()), default=0.0)
        side = min(area[2] - area[0], area[3] - area[1])
        self._bubble = 0.5 * _LARGEST * side / math.sqrt(largest) if largest else 0.0
        self._taken: list[_Box] = []
        self._lines: list[_Box] = []
        for trace in native.traces:
            spots = [self._spot(trace, at) for at in range(len(trace.x))]
            if trace.line:
                self._draw([spot[:2] for spot in spots])
            else:
                self._taken += [(x - r / 2, y - r / 2, x + r / 2, y + r / 2) for x, y, r in spots]  # the better part

        if native.cross:
            (left, top, right, bottom), (x, y) = area, self._place(*native.cross)
            self._draw([(left, y), (right, y)])
            self._draw([(x, top), (x, bottom)])

    def _draw(self, ends: Sequence[tuple[float, float]]) -> None:
        """Keep in mind where a line runs."""
        self._lines += [(x, y, x, y) for x, y in _along(ends)]

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point stands, in inches from the upper left corner."""
        left, top, right, bottom = self._area
        return (
            left + (right - left) * _part(x, self._x, log=self._native.x.log),
            bottom - (bottom - top) * _part(y, self._y, log=self._native.y.log),
        )

    def _spot(self, trace: Trace, at: int) -> tuple[float, float, float]:
        """Return where a point stands and how far it reaches, in inches."""
        x, y = self._place(trace.x[at], trace.y[at])
        return x, y, max(_MARK, self._bubble * math.sqrt(trace.size[at]) if trace.size else 0.0)

    def labels(self, trace: Trace, told: dict[int, str]) -> _Where:
        """Choose for each label a side where it is in nobody's way, and covers as little of the lines as can be."""
        found = _Where()
        height = LINE * markup.SIZE / 72
        for at, text in told.items():
            x, y, reach = self._spot(trace, at)
            wide, gap = width(text, markup.SIZE) + 0.08, reach + 0.02
            boxes = {
                "r": (x + gap, y - height / 2, x + gap + wide, y + height / 2),
                "l": (x - gap - wide, y - height / 2, x - gap, y + height / 2),
                "t": (x - wide / 2, y - gap - height, x + wide / 2, y - gap),
                "b": (x - wide / 2, y + gap, x + wide / 2, y + gap + height),
            }
            inside = [side for side, box in boxes.items() if self._inside(box)]
            free = [side for side in inside if not any(_meet(boxes[side], other) for other in self._taken)]
            covered = {side: sum(_meet(box, spot) for spot in self._lines) for side, box in boxes.items()}
            if not free and not trace.line and len(trace.x) > 1:  # one name of many: it is in the table, too
                found.without[at] = ""
                continue
            beyond = ["l" if x > sum(self._area[::2]) / 2 else "r"]
            side = found.sides[at] = min(free or inside or beyond, key=covered.__getitem__)
            if covered[side]:
                found.covering.add(at)
            self._taken.append(boxes[side])
        return found

    def _inside(self, box: _Box) -> bool:
        left, top, right, bottom = self._area
        return box[0] >= left and box[1] >= top - 0.1 and box[2] <= right + self._beyond and box[3] <= bottom + 0.05


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _along(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return places along a line through ``spots``."""
    found = list(spots[:1])
    for (x, y), (further, lower) in itertools.pairwise(spots):
        steps = max(1, int(math.dist((x, y), (further, lower)) / _STEP))
        found += [(x + (further - x) * part / steps, y + (lower - y) * part / steps) for part in range(1, steps + 1)]
    return found


def _part(value: float, ends: tuple[float, float], *, log: bool) -> float:
    """Return how far along an axis ``value`` stands, from 0 to 1."""
    if log:
        value, ends = math.log10(max(value, 1e-300)), (math.log10(ends[0]), math.log10(ends[1]))
    return (value - ends[0]) / (ends[1] - ends[0])
