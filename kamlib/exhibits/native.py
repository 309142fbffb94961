"""A chart as PowerPoint holds it: figures in series, which whoever gets the deck can open and edit.

An exhibit's `draw` makes a picture; its `native` says the same in figures. Colours are meanings (keys of
`style.COLOURS`), never values, so that a firm's own template can give them its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scenario = Literal["actual", "previous", "plan", "forecast"]
Values = tuple[float | None, ...]  # None is a gap


@dataclass(frozen=True)
class Scale:
    """An axis of figures.

    Parameters
    ----------
    kind : str
        How its figures are written, as `Words.figure` knows it: money, percent, number, index ...
    title : str
        What it shows; empty where the labels on the bars say it.
    unit : int
        1, 1000, a million or a billion: figures stay as they are and are shown divided by it.
    least, most : float or None
        Ends of the axis, shared by charts to be compared; None lets the program choose (bars begin at 0 always).
    log : bool
        Whether equal steps are equal factors.
    """

    kind: str
    title: str = ""
    unit: int = 1
    least: float | None = None
    most: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Series:
    """Figures by category.

    Parameters
    ----------
    name : str
        As its legend or the editor's column says.
    values : tuple of float or None
        One a category.
    meaning : str or tuple of str
        Key of `style.COLOURS`, one for all or one a category; empty for what only holds others up.
    scenario : {"actual", "previous", "plan", "forecast"}
        Solid, lighter, outlined, hatched.
    line : bool
        A line with markers, on a second axis of its own if the chart has one (`Categories.second`).
    labels : tuple of str or None
        Written at each value in its stead, empty for none; None writes no labels, `FIGURES` the figures.
    low, high : tuple of float or None, optional
        Ends of an interval about each value.
    """

    name: str
    values: Values
    meaning: str | tuple[str, ...] = "actual"
    scenario: Scenario = "actual"
    line: bool = False
    labels: tuple[str, ...] | None = None
    low: Values | None = None
    high: Values | None = None


FIGURES: tuple[str, ...] = ("\N{NUMBER SIGN}",)  # as `Series.labels`: each figure, in the format of its axis


@dataclass(frozen=True)
class Categories:
    """A chart of bars or lines over categories.

    Parameters
    ----------
    form : {"bar", "stacked", "line", "waterfall", "pareto"}
        ``waterfall`` is stacked bars of which the first series is invisible; ``pareto`` is columns with a line on
        a second axis.
    names : tuple of str
        The categories, in reading order: unique, none empty.
    series : tuple of Series
    scale : Scale
    second : Scale, optional
        Of the series that are lines.
    upright : bool
        Columns; else the bars lie on their side, the first category on top.
    """

    form: Literal["bar", "stacked", "line", "waterfall", "pareto"]
    names: tuple[str, ...]
    series: tuple[Series, ...]
    scale: Scale
    second: Scale | None = None
    upright: bool = False


@dataclass(frozen=True)
class Trace:
    """Points in the plane, or a line through them.

    Parameters
    ----------
    name : str
    x, y : tuple of float
    size : tuple of float, optional
        Area of each bubble.
    meaning : str
        Key of `style.COLOURS`.
    line : {"", "solid", "dashed"}
        Empty for markers alone.
    labels : tuple of str, optional
        Beside each point, empty for none.
    low, high : tuple of float, optional
        Ends of an interval about each y.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    size: tuple[float, ...] | None = None
    meaning: str = "actual"
    line: Literal["", "solid", "dashed"] = ""
    labels: tuple[str, ...] | None = None
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Plane:
    """A chart of points, lines or bubbles over two axes of figures; traces of bubbles all have sizes.

    Parameters
    ----------
    traces : tuple of Trace
    x, y : Scale
    cross : (float, float), optional
        Where on x and y the axes cross, such as the middle of a matrix; at their least ends if not given.
    """

    traces: tuple[Trace, ...]
    x: Scale
    y: Scale
    cross: tuple[float, float] | None = None


Native = Categories | Plane
