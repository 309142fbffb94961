"""Bars, stacked bars, waterfalls, Pareto charts and lines over categories."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kamlib.export.powerpoint import forms, markup, pareto
from kamlib.export.powerpoint.markup import FIGURES, c, shape
from kamlib.export.powerpoint.sheet import Sheet, exact
from kamlib.export.powerpoint.text import LINE, clean, distinct, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits.native import Categories, Series
    from kamlib.export.powerpoint.colours import Palette
    from kamlib.style import Words

_PILED: Final = ("stacked", "waterfall")
_GAP: Final = (60, 500)  # per cent of a bar's width, at least and at most
_THICKEST: Final = 0.6  # inches of a bar, where few of them share a slide
_AXES: Final = (500_001, 500_002, 500_003, 500_004)  # category and value, first and second
_NAMES: Final = 0.34  # of the chart, at most, for the names of bars
_BESIDE: Final = {"text": 0.34, "figure": 0.12}  # of a given axis, room for labels behind the longest bar
_UNNAMED: Final = "\N{NO-BREAK SPACE}"  # in a legend, which can't leave out one series in every program alike
_COLUMNS: Final = (0.075, 0.03, 0.925, 0.64)  # of the chart: the columns of a Pareto, their names slanting below them
_LOWER: Final = 1.06  # an axis below 0 reaches further than the longest bar, so that its interval clears the names
_ROOM: Final = 0.08  # inches between a bar and its label


_Frame = tuple[float, float, float, float]


def chart(native: Categories, *, size: tuple[float, float], words: Words, palette: Palette) -> tuple[bytes, bytes]:
    """Return a chart over categories and its workbook; ``size`` in inches."""
    writer = _Writer(native, size, words, palette)
    return writer.chart(), writer.sheet.workbook()


@dataclass
class _Writer:
    """One chart on its way: its sheet, and what its series have in common."""

    native: Categories
    size: tuple[float, float]
    words: Words
    palette: Palette
    sheet: Sheet = field(default_factory=Sheet)

    def __post_init__(self) -> None:
        native = self.native
        self.names = distinct(native.names)
        self.upright = native.upright or native.form in {"line", "pareto"}
        self.piled = native.form in _PILED
        self.lines = [series for series in native.series if series.line or native.form == "line"]
        self.bars = [series for series in native.series if series not in self.lines]
        self.beside = self._beside()
        self.in_sheet = self.sheet.add(self.names, column=0, row=1)
        self.spare = 1 + len(native.series) + bool(self.beside)  # the next column of the sheet without figures
        longest = max(width(name, markup.SIZE) for name in self.names)
        self.left = min(longest / self.size[0] + 0.015, _NAMES)

    def chart(self) -> bytes:
        native, palette = self.native, self.palette
        drawn = [self._series(place, series) for place, series in enumerate(native.series)]
        bars = [ser for ser, series in zip(drawn, native.series, strict=True) if series not in self.lines]
        lines = [ser for ser, series in zip(drawn, native.series, strict=True) if series in self.lines]
        if self.beside:
            bars.append(self._carrier())
        legend = [bool(series.meaning) and native.form in {"bar", "stacked"} for series in native.series]
        if self.beside:
            legend.append(sum(legend) > 1)
        frame = self._frame(legend=sum(legend) > 1)
        category, value, second_category, second_value = _AXES
        plots = []
        if bars:
            plots.append(self._bar_plot(bars, frame))
        if lines:
            pair = (second_category, second_value) if native.second and bars else (category, value)
            plots.append(
                c(
                    "lineChart",
                    c("grouping", val="standard"),
                    c("varyColors", val=False),
                    *lines,
                    c("marker", val=True),
                    *(c("axId", val=number) for number in pair),
                )
            )
        area = c("plotArea", markup.inner(*frame) if frame else c("layout"), *plots, *self._axes())
        return markup.written(area, palette, legend=legend, language=self._tongue)

    @property
    def _tongue(self) -> str:
        return self.words.language

    def _frame(self, *, legend: bool) -> _Frame | None:
        """Return the left, upper, right and lower end of what is drawn, in fractions of the chart; None leaves them."""
        if not self.upright:
            top = 0.4 / self.size[1] if legend else 0.01
            unit_or_none = 0.93 if self._unit() else 0.99
            return self.left, top, 0.99, unit_or_none if self._hidden else 0.9
        if self.native.form == "pareto":
            left, top, right, bottom = _COLUMNS
            return left, top, right, bottom if self._slanting() else 0.88
        return None

    def _bar_plot(self, bars: list[Any], frame: _Frame | None) -> Any:
        overlapping = self.piled or (self.beside and len(self.bars) == 1)
        left, top, right, bottom = frame or (0.0, 0.0, 1.0, 1.0)
        along = self.size[0] * (right - left) if self.upright else self.size[1] * (bottom - top)
        air = along / len(self.names) / _THICKEST - (1 if overlapping else len(self.bars))  # in bars as thick as can be
        gap = round(min(max(100 * air, _GAP[0]), _GAP[1]))
        return c(
            "barChart",
            c("barDir", val="col" if self.upright else "bar"),
            c("grouping", val="stacked" if self.piled else "clustered"),
            c("varyColors", val=False),
            *bars,
            c("gapWidth", val=gap),
            c("overlap", val=100 if overlapping else 0),
            *(c("axId", val=number) for number in _AXES[:2]),
        )

    # Series

    def _series(self, place: int, series: Series) -> Any:
        native, palette = self.native, self.palette
        line = series in self.lines
        scale = native.second if line and native.second else native.scale
        values = [None if value is None else exact(value) for value in series.values]
        form = forms.figures(scale, _largest(values), self._tongue)
        name, known = self._named(place, clean(series.name)), self.sheet.add(values, column=place + 1, row=1, form=form)
        meanings = series.meaning if isinstance(series.meaning, tuple) else (series.meaning,) * len(values)
        common = _commonest(meanings)
        if line:
            look = [shape(palette.line(common, points=2.25)), _marker(palette, common)]
            points = [
                c("dPt", c("idx", val=at), _marker(palette, own), c("bubble3D", val=False))
                for at, own in enumerate(meanings)
                if own != common
            ]
        else:
            look = [shape(*palette.bar(common, series.scenario)), c("invertIfNegative", val=False)]
            points = [
                c(
                    "dPt",
                    c("idx", val=at),
                    c("invertIfNegative", val=False),
                    c("bubble3D", val=False),
                    shape(*palette.bar(own, series.scenario)),
                )
                for at, own in enumerate(meanings)
                if own != common
            ]
        return c(
            "ser",
            c("idx", val=place),
            c("order", val=place),
            name,
            *look,
            *points,
            self._labels(series, values, form=form, line=line, colour=palette.on(common, series.scenario)),
            self._interval(series, values),
            c("cat", markup.texts(self.in_sheet, self.names)),
            c("val", markup.numbers(known, values, form)),
            c("smooth", val=False) if line else None,
        )

    def _named(self, place: int, name: str) -> Any:
        return c("tx", markup.texts(self.sheet.add([name], column=place + 1), [name]))

    def _interval(self, series: Series, values: Sequence[float | None]) -> Any:
        if series.low is None or series.high is None:
            return None
        place, self.spare = (self.spare, 0), self.spare + 2
        ends = (series.low, series.high)
        parts = markup.interval(
            self.sheet, around=values, ends=ends, place=place, name=clean(series.name), palette=self.palette
        )
        return c("errBars", *parts)

    def _labels(self, series: Series, values: Sequence[float | None], *, form: str, line: bool, colour: str) -> Any:
        told = series.labels
        if line and told is None and len(self.lines) > 1:  # no legend where a label can stand
            last = max((at for at, value in enumerate(values) if value is not None), default=None)
            return None if last is None else self._write({last: series.name}, "r", "ink")
        if told is None:
            return None
        if told != FIGURES:
            if self.beside and not line:
                return None
            named = {at: text for at, text in enumerate(told) if clean(text)}
            if line and series.low:  # beside the interval, away from the line
                return self._write(named, {at: "l" if at == 0 else "r" for at in named}, "ink")
            return self._write(named, "t" if line else "outEnd", "ink")
        if line:
            return markup.labels(None, self.palette, position="r" if series.low else "t", colour="ink", form=form)
        if self.piled:
            small = {at: "" for at, value in enumerate(values) if value is not None and self._too_short(value)}
            return markup.labels(small, self.palette, position="ctr", colour=colour, form=form)
        if series.low:  # beyond its end stands the interval
            return markup.labels(None, self.palette, position="inBase", colour=colour, form=form)
        return markup.labels(self._crossed(values), self.palette, position="outEnd", colour="ink", form=form)

    def _crossed(self, values: Sequence[float | None]) -> dict[int, str]:
        """Return no label for the columns of a Pareto whose figure the line would run through."""
        native, frame, scale = self.native, self._frame(legend=False), self.native.scale
        if not (native.second and self.lines and frame):
            return {}
        across, high = (frame[2] - frame[0]) * self.size[0], (frame[3] - frame[1]) * self.size[1]
        most, all_of_it, line = scale.most or max(_largest(values), 1.0), native.second.most or 1.0, self.lines[0]
        found = pareto.crossed(
            [(value or 0.0) / most * high for value in values],
            [(value or 0.0) / all_of_it * high for value in line.values],
            figures=[self.words.figure((value or 0.0) / scale.unit, scale.kind) for value in values],
            named=[at for at, text in enumerate(line.labels or ()) if clean(text)],
            step=across / len(values),
        )
        return dict.fromkeys(found, "")

    def _too_short(self, value: float) -> bool:
        """Tell whether a part of a stacked bar has no room for its figure."""
        scale, (low, high) = self.native.scale, self._extent()
        shown = self.words.figure(abs(value) / scale.unit, scale.kind) + (".00" if scale.unit > 1 else "")
        needed = LINE * markup.SIZE / 72 if self.upright else width(shown, markup.SIZE) + _ROOM
        return abs(value) * self._length() < needed * (high - low)

    def _write(self, told: dict[int, str], position: dict[int, str] | str, colour: str) -> Any:
        return markup.labels(told, self.palette, position=position, colour=colour)

    def _beside(self) -> list[str]:
        """Return the texts that stand beside whole bars: a stacked one, or one with an interval."""
        told = [series.labels for series in self.bars if series.labels not in {None, FIGURES}]
        if not told or not (self.piled or (len(self.bars) == 1 and self.bars[0].low)):
            return []
        return [next((text for text in texts if clean(text)), "") for texts in zip(*told, strict=True)]

    def _carrier(self) -> Any:
        """Return an invisible bar behind each bar that bears its text, for no label can stand outside a stacked bar."""
        place = len(self.native.series)
        if self.piled:
            room = (self._ends()[1] - self._extent()[1]) or 1.0
            values: list[float | None] = [exact(0.9 * room)] * len(self.names)
        else:
            low, most = self._ends()
            step = _ROOM / self._length() * (most - low)  # so that no label touches the axis
            highs = self.bars[0].high or self.bars[0].values
            values = [exact(max(high or 0.0, 0.0) + step) for high in highs]
        reference = self.sheet.add(values, column=place + 1, row=1)
        told = {at: text for at, text in enumerate(self.beside) if clean(text)}
        return c(
            "ser",
            c("idx", val=place),
            c("order", val=place),
            self._named(place, _UNNAMED if self.native.form == "stacked" else self.words.text("room for labels")),
            shape(*self.palette.bar("")),
            c("invertIfNegative", val=False),
            self._write(told, "inBase" if self.piled else "outEnd", "ink"),
            c("cat", markup.texts(self.in_sheet, self.names)),
            c("val", markup.numbers(reference, values)),
        )

    # Axes

    def _length(self) -> float:
        """Return how long the axis of figures is, in inches."""
        return self.size[1] if self.upright else self.size[0] * (0.99 - self.left)

    @property
    def _hidden(self) -> bool:
        """Whether the axis of figures is left out, for the bars say them."""
        return self._labelled() and self.native.form != "pareto"

    def _unit(self) -> str:
        """Return the unit that a hidden axis would name, where the labels are figures alone."""
        told = "".join(text for series in self.bars for text in series.labels or ())
        return "" if any(letter.isalpha() or letter == "%" for letter in told) else self.native.scale.title

    def _slanting(self) -> bool:
        """Tell whether the names of columns are too long to stand below them."""
        return max(width(name, markup.SIZE) for name in self.names) > 0.85 * self.size[0] / len(self.names)

    def _labelled(self) -> bool:
        """Tell whether the bars say their figures, so that no axis need say them."""
        return bool(self.bars) and (
            bool(self.beside) or all(series.labels is not None for series in self.bars if series.meaning)
        )

    def _extent(self) -> tuple[float, float]:
        """Return how far the figures reach below and above 0."""
        low = high = 0.0
        columns = zip(*(series.values for series in self.bars), strict=True)
        if self.piled:
            for column in columns:
                low = min(low, sum(value for value in column if value is not None and value < 0))
                high = max(high, sum(value for value in column if value is not None and value > 0))
            return low, high
        for series in self.bars or self.lines:
            for values in (series.values, series.low or (), series.high or ()):
                known = [value for value in values if value is not None]
                low, high = min([low, *known]), max([high, *known])
        return low, high

    def _ends(self) -> tuple[float, float]:
        """Return the ends of a hidden axis, with room for the labels behind the bars."""
        scale, (low, high) = self.native.scale, self._extent()
        high = max(high, scale.most or 0.0)
        if not high and not low:
            high = 1.0
        longest = max((width(text, markup.SIZE) for text in self.beside), default=0.6) + 2 * _ROOM
        part = _BESIDE["text" if self.beside else "figure"] if scale.most else min(longest / self._length(), 0.6)
        part = 0.12 if self.upright else part
        if self.piled and not self.beside:
            part = 0.0
        behind = part * (high - low) / (1 - part)
        outside = low < 0 and not self.beside and not self.piled
        return low - behind if outside else _LOWER * low, high + behind

    def _axes(self) -> list[Any]:
        native, palette = self.native, self.palette
        category, value, second_category, second_value = _AXES
        scale, unit = native.scale, self._unit()
        low, high = self._extent()
        least: float | None = 0.0
        most = scale.most
        if self._hidden:
            least, most = self._ends()
        elif not self.bars and scale.least is not None:
            least = scale.least
        elif low < 0:
            least = scale.least  # the program's choice leaves room below the bars
        found = [
            markup.axis(
                "catAx",
                category,
                value,
                side="b" if self.upright else "l",
                palette=palette,
                reverse=not self.upright,
                labels="low",
                turned=(-45 if self._slanting() else 0) if self.upright else None,
            ),
            markup.axis(
                "valAx",
                value,
                category,
                side="l" if self.upright else "b",
                palette=palette,
                title=unit if self._hidden else scale.title,
                least=least,
                most=most,
                log=scale.log,
                hidden=self._hidden and not unit,
                labels="none" if self._hidden else "nextTo",
                grid=not self._labelled(),
                line=False,
                form=forms.ticks(scale, (most or high) - (least or 0.0), self._tongue),
                crosses="autoZero" if self.upright else "max",
            ),
        ]
        if native.second and self.lines and self.bars:
            second = native.second
            span = (second.most or 1.0) - (second.least or 0.0)
            form = forms.ticks(second, span, self._tongue)
            found += [
                markup.axis(
                    "valAx",
                    second_value,
                    second_category,
                    side="r",
                    palette=palette,
                    title=second.title,
                    least=second.least or 0.0,
                    most=second.most,
                    line=False,
                    form=form,
                    crosses="max",
                ),
                markup.axis("catAx", second_category, second_value, side="b", palette=palette, hidden=True),
            ]
        return found


def _marker(palette: Palette, meaning: str) -> Any:
    look = shape(palette.solid(meaning), palette.line("paper", points=0.75))
    return c("marker", c("symbol", val="circle"), c("size", val=7), look)


def _commonest(meanings: Sequence[str]) -> str:
    """Return the meaning that most points have; the others are told apart one by one."""
    return max(dict.fromkeys(meanings), key=list(meanings).count) if meanings else ""


def _largest(values: Sequence[float | None]) -> float:
    return max((abs(value) for value in values if value is not None), default=0.0)
