"""Rules on the chart in figures that a deck carries, and on charts that are compared with each other."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final, get_args, get_type_hints

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection

from kamlib.exhibits.checking.drawn import in_order, rest_is_last
from kamlib.exhibits.checking.said import writable
from kamlib.exhibits.native import FIGURES, Categories
from kamlib.style import COLOURS, SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kamlib.exhibits.checking.picture import Picture
    from kamlib.exhibits.checking.said import Found
    from kamlib.exhibits.exhibit import Exhibit
    from kamlib.exhibits.native import Native, Scale, Series, Trace
    from kamlib.style import Words

_FORMS: Final = get_args(get_type_hints(Categories)["form"])
_UNITS: Final = (1, 10**3, 10**6, 10**9)
_SAME_LENGTH: Final = 0.1  # names in front of bars take some room, and not the same in every chart


def native_is_there(picture: Picture) -> Iterator[Found]:
    """Ask that what is drawn can be edited in a deck, and the other way round (IBCS: UNIFY)."""
    if picture.drawn != (picture.exhibit.native is not None):
        words = picture.words
        yield (
            words.text("The chart exists as a picture or in figures, but not as both."),
            words.text("Give the exhibit both `draw` and `native`."),
        )


def native_agrees(picture: Picture) -> Iterator[Found]:
    """Ask that picture and figures show the same number of bars or points (IBCS: UNIFY)."""
    drawn, figured = _marks_drawn(picture), _marks_figured(picture.exhibit.native, bars=bool(picture.rows()))
    if drawn and figured and drawn != figured:
        words = picture.words
        yield (
            words.text(
                "The picture shows {drawn} bars or points, the chart in figures {figured}.",
                drawn=words.number(drawn),
                figured=words.number(figured),
            ),
            words.text("Give both the same rows."),
        )


def native_is_sound(picture: Picture) -> Iterator[Found]:
    """Ask for unique names with one figure each, so that no program has to repair the chart (IBCS: STRUCTURE)."""
    native, words = picture.exhibit.native, picture.words
    if native is None:
        return
    if not _sound(native):
        yield (
            words.text("In the chart in figures, names are empty or doubled, or values are missing or no numbers."),
            words.text("Name every category once, and give it one figure a series, or None for a gap."),
        )
    elif not all(_leads_upwards(*axis) for axis in _axes(native)):
        yield (
            words.text("An axis of the chart in figures ends where it begins, or is in logs and reaches down to 0."),
            words.text("Set `least` below `most`, and above 0 where the axis is in logs, on which no bar can stand."),
        )


def native_kinds(picture: Picture) -> Iterator[Found]:
    """Ask that forms, meanings, scenarios and kinds are those that a deck can draw (IBCS: UNIFY)."""
    native, words = picture.exhibit.native, picture.words
    if native is None:
        return
    if unknown := list(dict.fromkeys(map(repr, _unknown(native, words)))):
        yield (
            words.text("The chart in figures uses what no deck can draw: {names}.", names=words.listing(unknown)),
            words.text("Take meanings from style.COLOURS, and forms, scenarios, kinds and units that are known."),
        )


def native_scenario(picture: Picture) -> Iterator[Found]:
    """Ask that the figures are of the scenario that their measure names (ISO 24896; IBCS: UNIFY, scenarios)."""
    native, words = picture.exhibit.native, picture.words
    if not isinstance(native, Categories):
        return
    scenario = getattr(picture.exhibit.measure, "scenario", "")
    asked = {words.text("forecast"): "forecast", words.text("plan"): "plan"}.get(scenario)
    shown = {series.scenario for series in native.series if series.meaning}
    if shown != {asked} if asked else shown & {"forecast", "plan"}:
        yield (
            words.text("The series of the chart in figures are not of their scenario, {scenario}.", scenario=scenario),
            words.text("Set `scenario` of each series that is seen."),
        )


def native_labels(picture: Picture) -> Iterator[Found]:
    """Ask that bars in figures bear labels, too (IBCS: SIMPLIFY, labels instead of axes)."""
    native = picture.exhibit.native
    if not isinstance(native, Categories) or native.form == "line":
        return
    bars = [series for series in native.series if series.meaning and not series.line]
    bare = [
        place
        for place in range(len(native.names))
        if not any(_labelled(series, place) for series in bars)
        and any(place < len(series.values) and series.values[place] for series in bars)
    ]
    if bare:
        words = picture.words
        yield (
            words.plural("{n} bar has no figure.", "{n} bars have no figure.", len(bare)),
            words.text("Write its figure at the end of each bar."),
        )


def native_sorted(picture: Picture) -> Iterator[Found]:
    """Ask that bars in figures come by size (IBCS: STRUCTURE).

    That may be the size of one series, of the sum or difference of two, or of a column that the table shows.
    """
    native = picture.exhibit.native
    if not isinstance(native, Categories) or native.form not in {"bar", "stacked", "pareto"} or in_order(native.names):
        return
    columns = [[value or 0.0 for value in series.values] for series in native.series if not series.line]
    if len({len(column) for column in columns}) > 1:
        return  # that is a fault of its own
    orders = [*columns, [math.fsum(row) for row in zip(*columns, strict=True)]]
    if len(columns) == 2:
        orders.append([one - other for one, other in zip(*columns, strict=True)])
    orders += _orders_of_the_table(picture.exhibit, native.names)
    if rest_is_last(picture):
        orders = [order[:-1] for order in orders]
    if not any(map(_falls, orders)):
        words = picture.words
        yield (
            words.text("The bars are not sorted."),
            words.text("Sort them by size, the largest first; what is left over comes last."),
        )


def same_scale(pictures: Iterable[Picture]) -> Iterator[tuple[Exhibit, Found]]:
    """Ask that charts of one kind, such as shares by sector and by region, share a scale (IBCS: CHECK, scales).

    Their axes have the same ends, and a unit is as long on one slide as on the other.
    """
    families: dict[tuple[str, str, str], list[Picture]] = defaultdict(list)
    for picture in pictures:
        stem, by, _ = picture.exhibit.key.rpartition("_by_")
        if by and isinstance(picture.exhibit.native, Categories):
            unit, scenario = (getattr(picture.exhibit.measure, part, "") for part in ("unit", "scenario"))
            families[stem, unit, scenario].append(picture)
    for first, *others in families.values():
        for picture in others:
            same_length = math.isclose(picture.length_of_a_unit(), first.length_of_a_unit(), rel_tol=_SAME_LENGTH)
            if _ends(picture) != _ends(first) or not same_length:
                words = picture.words
                yield (
                    picture.exhibit,
                    (
                        words.text("It is compared with {other}, but has another scale.", other=first.exhibit.key),
                        words.text("Draw both up to the same `most`."),
                    ),
                )


def _ends(picture: Picture) -> tuple[object, ...]:
    """Return where the axis of figures ends, in the picture and in the chart in figures."""
    native = picture.exhibit.native
    assert isinstance(native, Categories)  # noqa: S101 - only these are compared
    return picture.value_limits(upright=native.upright), native.scale.least, native.scale.most


def _marks_drawn(picture: Picture) -> int:
    """Count the bars' places or, where there are none, the points."""
    if rows := picture.rows():
        return len(rows)
    clouds = [one for ax in picture.axes for one in ax.collections if isinstance(one, PathCollection)]
    return sum(len(np.asarray(cloud.get_offsets())) for cloud in clouds)


def _marks_figured(native: Native | None, *, bars: bool) -> int:
    if native is None:
        return 0
    if not isinstance(native, Categories):
        return sum(len(trace.x) for trace in native.traces if not trace.line)
    if bars:
        seen = [series.values for series in native.series if series.meaning and not series.line]
        return sum(any(row) for row in itertools.zip_longest(*seen))
    return sum(value is not None for series in native.series for value in series.values)


def _unknown(native: Native, words: Words) -> Iterator[object]:
    """Name what is no form, scenario, meaning, kind or unit that a deck knows."""
    named: list[tuple[object, Iterable[object]]] = []
    if isinstance(native, Categories):
        named.append((native.form, _FORMS))
        named += [(series.scenario, SCENARIOS) for series in native.series]
        named += [(one, COLOURS) for series in native.series for one in _meanings(series, native)]
    else:
        named += [(trace.meaning, COLOURS) for trace in native.traces]
    for scale, _, _ in _axes(native):
        named.append((scale.unit, _UNITS))
        if not writable(1.0, scale.kind, words) or scale.kind == "text":
            yield scale.kind
    yield from (one for one, known in named if one not in [*known])


def _meanings(series: Series, native: Categories) -> list[str]:
    """List the colours of what is seen: a bar without a meaning may hold others up, a line can't."""
    each = list(series.meaning) if isinstance(series.meaning, tuple) else [series.meaning]
    return each if series.line or native.form == "line" else list(filter(None, each))


def _axes(native: Native) -> list[tuple[Scale, float | None, list[float]]]:
    """Return each axis of figures with its lower end and, where that may follow from the figures, those."""
    if isinstance(native, Categories):
        scales = [native.scale, *([native.second] if native.second else [])]
        return [(scale, (scale.least if native.form == "line" else None) or 0.0, []) for scale in scales]
    return [
        (scale, scale.least, [value for trace in native.traces for value in getattr(trace, way)])
        for scale, way in ((native.x, "x"), (native.y, "y"))
    ]


def _leads_upwards(scale: Scale, least: float | None, values: list[float]) -> bool:
    """Tell whether an axis ends above its beginning and, if equal steps are equal factors, begins above 0."""
    ends = [end for end in (least, scale.most) if end is not None]
    upwards = _finite(ends) and all(low < high for low, high in itertools.pairwise(ends))
    return upwards and not (scale.log and min([*ends, *values], default=1.0) <= 0)


def _sound(native: Native) -> bool:
    """Tell whether names are unique and figures are whole."""
    if isinstance(native, Categories):
        names, count = {name.strip() for name in native.names}, len(native.names)
        named = count > 0 and "" not in names and len(names) == count
        return named and bool(native.series) and all(_fits(series, count) for series in native.series)
    sized = {trace.size is not None for trace in native.traces}  # all of them or none
    return len(sized) == 1 and all(map(_whole, native.traces))


def _whole(trace: Trace) -> bool:
    """Tell whether a trace has points, and each of them a place, a size and a label if the others have."""
    places = [trace.x, trace.y, *([trace.size] if trace.size is not None else [])]
    lengths = {len(one) for one in (*places, *([trace.labels] if trace.labels is not None else []))}
    known = all(value is not None for column in places for value in column)
    placed = known and all(map(_finite, places)) and min(trace.size or (0.0,)) >= 0
    return len(lengths) == 1 and 0 not in lengths and placed and _has_interval(trace, len(trace.x))


def _fits(series: Series, count: int) -> bool:
    """Tell whether a series has one finite figure, label and meaning for each of ``count`` categories."""
    lengths = {len(series.values)}
    if series.labels is not None and series.labels != FIGURES:
        lengths.add(len(series.labels))
    if not isinstance(series.meaning, str):
        lengths.add(len(series.meaning))
    return lengths == {count} and _finite(series.values) and _has_interval(series, count)


def _has_interval(one: Series | Trace, count: int) -> bool:
    """Tell whether there are both ends of ``count`` intervals, or none."""
    if one.low is None or one.high is None:
        return one.low is one.high
    return len(one.low) == len(one.high) == count and _finite(one.low) and _finite(one.high)


def _finite(values: Sequence[float | None]) -> bool:
    return all(value is None or math.isfinite(value) for value in values)


def _labelled(series: Series, place: int) -> bool:
    if series.labels == FIGURES:
        return True
    return series.labels is not None and place < len(series.labels) and bool(series.labels[place].strip())


def _orders_of_the_table(exhibit: Exhibit, names: tuple[str, ...]) -> list[list[float]]:
    """Return the columns of figures that the table shows, if its rows are those of the chart in the same order."""
    rows = exhibit.table.head(len(names))
    told = next(
        (rows[name].astype(str) for name, (_, kind) in exhibit.columns.items() if kind == "text" and name in rows), None
    )
    if told is None or len(rows) < len(names):
        return []
    if not all(text.startswith(name.rstrip("…").rstrip()) for text, name in zip(told, names, strict=True)):
        return []
    shown = [name for name in exhibit.columns if name in rows and pd.api.types.is_numeric_dtype(rows[name])]
    return [rows[name].fillna(0.0).tolist() for name in shown]


def _falls(values: list[float]) -> bool:
    sizes = [abs(value) for value in values]
    return all(after <= before * (1 + 1e-9) for before, after in itertools.pairwise(sizes))
