"""Rules on the chart as it is drawn: axes, bars, labels, colours, patterns."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from babel.numbers import NumberFormatError, parse_decimal
from matplotlib.colors import to_rgb
from matplotlib.patches import Wedge

from kamlib.exhibits.native import Categories
from kamlib.style import CLASS_COLOURS, COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kamlib.exhibits.checking.picture import Bar, Picture
    from kamlib.exhibits.checking.said import Found
    from kamlib.style import Words

_MOST_BARS: Final = 20  # categories of a structure that a slide has room for
_MOST_COLOURS: Final = 5  # of bars in one chart: more can't all mean something
_LEAST_ROOM: Final = (0.25, 0.35)  # of the figure's width and height, for the axes; labels stand beside them
_SAME: Final = 0.02  # distance between two colours that nobody sees
_SCALES: Final = (10**3, 10**6, 10**9)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_SPINES: Final = ("left", "right", "top", "bottom")


def bars_from_zero(picture: Picture) -> Iterator[Found]:
    """Ask that bars begin at 0, in equal steps, and that none is cut off (IBCS: CHECK, manipulated axes)."""
    words = picture.words
    for ax, upright in {(bar.axes, bar.upright): None for bar in picture.bars}:
        low, high = sorted(ax.get_ylim() if upright else ax.get_xlim())
        slack = 1e-6 * (high - low)
        ends = [end for bar in picture.bars if bar.axes is ax for end in (bar.start, bar.end)]
        log = (ax.get_yscale() if upright else ax.get_xscale()) != "linear"
        if log or not low - slack <= 0 <= high + slack or min(ends) < low - slack or max(ends) > high + slack:
            yield (
                words.text("The axis of the bars doesn't begin at 0, or cuts bars off: their lengths mislead."),
                words.text("Let the axis reach from 0 to the longest bar, in equal steps."),
            )


def fitting_chart(picture: Picture) -> Iterator[Found]:
    """Allow no pie, ring, radar or third dimension (IBCS: EXPRESS, chart types to replace)."""
    round_ = any(isinstance(patch, Wedge) for ax in picture.axes for patch in ax.patches)
    if round_ or any(ax.name != "rectilinear" for ax in picture.axes):
        words = picture.words
        yield (
            words.text("Angles, areas or a third dimension are to be compared, which no eye can do."),
            words.text("Draw sorted bars."),
        )


def few_categories(picture: Picture) -> Iterator[Found]:
    """Allow no more bars than can be read, unless they are points in time (IBCS: SIMPLIFY, details)."""
    words, names = picture.words, picture.names()
    if len(names) > _MOST_BARS and not in_time(names):
        yield (
            words.text("{n} bars are more than anybody reads.", n=words.number(len(names))),
            words.text("Show the {most} largest, and the others as one.", most=words.number(_MOST_BARS)),
        )


def time_to_the_right(picture: Picture) -> Iterator[Found]:
    """Ask that time runs from left to right (ISO 24896; IBCS: UNIFY, periods)."""
    words = picture.words
    for ax in picture.axes:
        dated = [[np.asarray(one).dtype.kind == "M" for one in line.get_data(orig=True)] for line in ax.lines]
        upwards = any(y for _, y in dated)
        if upwards or (ax.xaxis_inverted() and any(x for x, _ in dated)):
            yield (
                words.text("Time doesn't run from left to right."),
                words.text("Put dates on the horizontal axis, the oldest on the left."),
            )
    if (bars := picture.bars) and bars[0].upright and in_time(picture.names()[::-1], strictly=True):
        yield (
            words.text("Time doesn't run from left to right."),
            words.text("Put dates on the horizontal axis, the oldest on the left."),
        )


def one_axis_of_figures(picture: Picture) -> Iterator[Found]:
    """Allow a second axis of figures in a Pareto chart alone (IBCS: CHECK, one scale a unit)."""
    pareto = isinstance(picture.exhibit.native, Categories) and picture.exhibit.native.form == "pareto"
    places = [tuple(np.round(ax.get_position().bounds, 4)) for ax in picture.axes]
    if not pareto and len(places) > len(set(places)):
        words = picture.words
        yield (
            words.text("The chart has two axes of figures, so lines cross where nothing does."),
            words.text("Draw two charts, one a unit."),
        )


def scenario_shows(picture: Picture) -> Iterator[Found]:
    """Ask that bars look like their scenario (ISO 24896; IBCS: UNIFY, scenarios).

    A forecast is hatched, a plan outlined, the period before lighter, and what happened solid.
    """
    words, bars = picture.words, picture.bars
    scenario = getattr(picture.exhibit.measure, "scenario", "")
    hollow = [bar for bar in bars if bar.colour == to_rgb(COLOURS["paper"]) and not bar.hatched]
    if scenario == words.text("forecast"):
        wrong = not all(bar.hatched for bar in bars)
    elif scenario == words.text("plan"):
        wrong = len(hollow) < len(bars)
    else:
        wrong = any(bar.hatched for bar in bars) or bool(hollow)
    if wrong:
        yield (
            words.text("The bars don't look like their scenario, {scenario}.", scenario=scenario),
            words.text("Fill them with style.pattern: actual solid, plan outlined, forecast hatched."),
        )
    against = scenario == words.text("actual against the period before")
    if against and _is_waterfall(picture) and _near(picture.rows()[0][0].meaning, COLOURS["actual"]):
        yield (
            words.text("The period before looks like the period in question."),
            words.text("Give its level the kind 'previous', so that it is lighter."),
        )


def known_colours(picture: Picture) -> Iterator[Found]:
    """Ask that every colour means something, or is a tint of one that does (IBCS: SIMPLIFY, colours)."""
    words = picture.words
    strange = [colour for colour in sorted(picture.colours()) if not _in_palette(colour)]
    if strange or len({bar.meaning for bar in picture.bars}) > _MOST_COLOURS:
        yield (
            words.text("The chart uses colours that have no meaning."),
            words.text("Take them from style.COLOURS, by what they mean, or a tint of these."),
        )


def good_and_bad(picture: Picture) -> Iterator[Found]:
    """Ask that in a waterfall what falls is not drawn as good, nor what rises as bad (IBCS: UNIFY, variances)."""
    if not _is_waterfall(picture):
        return
    crossed = [
        bar
        for bar in picture.bars
        if _near(bar.meaning, COLOURS["good" if bar.value < 0 else "bad"])
    ]  # fmt: skip
    if crossed:
        words = picture.words
        yield (
            words.text("A step down is drawn as good, or a step up as bad."),
            words.text("Sign the amounts by what they do to the result, and colour them by their sign."),
        )


def unit_is_named(picture: Picture) -> Iterator[Found]:
    """Ask that the chart says so where an axis is written in thousands or millions (IBCS: UNIFY, units)."""
    words = picture.words
    told = " ".join(text.get_text() for text in picture.texts)
    for _, _, ticks in picture.ticks():
        scale = _scale_of(ticks, words)
        spelt = words.unit(scale) if scale else ""
        if spelt and spelt not in told:
            yield (
                words.text("An axis is written in {unit}, which the chart doesn't say.", unit=spelt),
                words.text("Write the unit at the axis."),
            )


def no_legend(picture: Picture) -> Iterator[Found]:
    """Ask that labels stand where they belong, not in a legend (IBCS: UNIFY, legends and labels)."""
    if picture.figure.legends or any(ax.get_legend() for ax in picture.axes):
        words = picture.words
        yield (
            words.text("A legend makes the reader look to and fro."),
            words.text("Write each name beside what it names, in its colour."),
        )


def labels_at_bars(picture: Picture) -> Iterator[Found]:
    """Ask that a bar without an axis of figures bears its figure (IBCS: SIMPLIFY, labels instead of axes)."""
    written = {(id(ax), name) for ax, name, _ in picture.ticks()}
    bare = [
        row
        for row in picture.rows()
        if not any((id(bar.axes), "y" if bar.upright else "x") in written for bar in row) and not _has_figure(row)
    ]
    if bare:
        words = picture.words
        yield (
            words.plural("{n} bar has no figure.", "{n} bars have no figure.", len(bare)),
            words.text("Write its figure at the end of each bar."),
        )


def no_frame(picture: Picture) -> Iterator[Found]:
    """Allow no box around a chart, and no coloured ground (IBCS: SIMPLIFY, frames and grounds)."""
    boxed = any(all(ax.spines[side].get_visible() for side in _SPINES) for ax in picture.axes if ax.axison)
    tinted = any(to_rgb(ax.get_facecolor()) != to_rgb(COLOURS["paper"]) for ax in picture.axes)
    if boxed or tinted:
        words = picture.words
        yield (
            words.text("A frame or a coloured ground says nothing."),
            words.text("Take it away: draw inside style.use()."),
        )


def large_enough(picture: Picture) -> Iterator[Found]:
    """Allow no text smaller than can be read from the last row (IBCS: CONDENSE, small but legible)."""
    small = [text.get_text() for text in picture.texts if float(text.get_fontsize()) < picture.smallest - 0.01]
    if small:
        words = picture.words
        yield (
            words.text("{text} is too small to read on a slide.", text=repr(small[0])),
            words.text("Write it in style.small() at least."),
        )


def texts_apart(picture: Picture) -> Iterator[Found]:
    """Ask that no text covers another or leaves the slide (IBCS: CONDENSE, small but legible)."""
    if picture.collisions:
        words = picture.words
        yield (
            words.text("Texts overlap or leave the slide: {texts}.", texts="; ".join(picture.collisions[:3])),
            words.text("Shorten names, show fewer of them, or move labels apart."),
        )


def room_for_the_chart(picture: Picture) -> Iterator[Found]:
    """Ask that what is said around a chart leaves it room (IBCS: CONDENSE, use of space)."""
    if picture.axes and np.any(np.less(picture.axes[0].get_position().size, _LEAST_ROOM)):
        words = picture.words
        yield (
            words.text("Message, note and names leave little room for the chart."),
            words.text("Shorten the note and the names."),
        )


def sorted_bars(picture: Picture) -> Iterator[Found]:
    """Ask that bars come by size, unless their names have an order of their own (IBCS: STRUCTURE)."""
    rows, names = picture.rows(), picture.names()
    if not rows or _is_waterfall(picture) or in_order(names):
        return
    if rest_is_last(picture):
        rows = rows[:-1]
    sizes = [max(bar.end for bar in row) - min(bar.start for bar in row) for row in map(_upwards, rows)]
    if any(after > before * (1 + 1e-9) for before, after in itertools.pairwise(sizes)):
        words = picture.words
        yield (
            words.text("The bars are not sorted."),
            words.text("Sort them by size, the largest first; what is left over comes last."),
        )


def in_time(names: Sequence[str], *, strictly: bool = False) -> bool:
    """Tell whether names are points in time that rise; ``strictly`` asks for more than one."""
    years = [int(found[0]) if (found := _YEAR.findall(name)) else None for name in names]
    known = [year for year in years if year is not None]
    if not names or len(known) < len(names) or (strictly and len(set(known)) < 2):
        return False
    return known == sorted(known)


def in_order(names: Sequence[str]) -> bool:
    """Tell whether names have an order of their own, time or classes (A, B, C), and stand in it."""
    letters = [name[0] for name in names if re.match(r"[A-Z]\b", name)]
    return in_time(names) or (len(letters) > 1 and letters == sorted(set(letters)))


def rest_is_last(picture: Picture) -> bool:
    """Tell whether the last bars stand for what is left over: they alone are quiet."""
    quiet = [all(_near(bar.meaning, COLOURS["quiet"]) for bar in row) for row in picture.rows()]
    return quiet[-1:] == [True] and quiet.count(True) == 1


def _is_waterfall(picture: Picture) -> bool:
    return isinstance(picture.exhibit.native, Categories) and picture.exhibit.native.form == "waterfall"


def _has_figure(row: list[Bar]) -> bool:
    """Tell whether a text with a figure stands beside the bars of a row."""
    bar = row[0]
    x, y = (bar.place, 0.0) if bar.upright else (0.0, bar.place)
    middle = bar.axes.transData.transform((x, y))[0 if bar.upright else 1]
    for text in bar.axes.texts:
        box = text.get_window_extent()
        low, high = (box.x0, box.x1) if bar.upright else (box.y0, box.y1)
        if low <= middle <= high and text.get_visible() and re.search(r"\d", text.get_text()):
            return True
    return False


def _upwards(row: list[Bar]) -> list[Bar]:
    """Return bars with their lower ends first, so that stacked and overlaid ones are as long as they look."""
    return [replace(bar, start=min(bar.start, bar.end), end=max(bar.start, bar.end)) for bar in row]


def _near(colour: tuple[float, float, float], other: str) -> bool:
    return bool(np.abs(np.subtract(colour, to_rgb(other))).max() <= _SAME)


def _in_palette(colour: tuple[float, float, float]) -> bool:
    """Tell whether a colour is one of ours, or lies between one of ours and the ground that it is mixed with."""
    for ground in (to_rgb(COLOURS["paper"]), to_rgb(COLOURS["quiet"])):
        for own in map(to_rgb, {*COLOURS.values(), *CLASS_COLOURS.values()}):
            way = np.subtract(own, ground)
            length = float(way @ way)
            part = float(np.clip(np.subtract(colour, ground) @ way / length, 0, 1)) if length else 0.0
            if np.abs(np.add(ground, part * way) - colour).max() <= _SAME:
                return True
    return False


def _scale_of(ticks: list[tuple[float, str]], words: Words) -> int | None:
    """Return the scale that the labels of an axis of plain figures are divided by, if it is one."""
    for at, label in ticks:
        try:
            figure = float(parse_decimal(label.lstrip("-\N{MINUS SIGN}"), locale=words.language, strict=True))
        except NumberFormatError:  # a name, a date, a figure with its unit
            continue
        for scale in _SCALES:
            if figure and abs(abs(at) / figure / scale - 1) < 0.01:  # labels are rounded
                return scale
    return None
