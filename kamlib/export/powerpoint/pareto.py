"""Which figures of a Pareto's columns its line leaves room for; lengths are in inches, heights from the axis up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib.export.powerpoint.markup import SIZE
from kamlib.export.powerpoint.text import LINE, width

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_GAP: Final = 0.08  # from a column to its figure
_MARKER: Final = 0.05  # from the line to the edge of its markers


def crossed(
    columns: Sequence[float], line: Sequence[float], *, figures: Sequence[str], named: Collection[int], step: float
) -> list[int]:
    """Return the columns whose figure the line, or what is written above it, would run through.

    Parameters
    ----------
    columns, line : sequence of float
        Heights.
    figures : sequence of str
        Written above the columns.
    named : collection of int
        Points of the line with a text above them.
    step : float
        From one column to the next.
    """
    found = []
    for at, (foot, figure) in enumerate(zip(columns, figures, strict=True)):
        aside = min(0.5, width(figure, SIZE) / 2 / step)  # a figure reaches so far to either side, in steps
        passed = np.interp([at - aside, at, at + aside], range(len(line)), line)
        above = _GAP + LINE * SIZE / 72 if at in named else _MARKER
        if passed.min() - _MARKER < foot + _GAP + SIZE / 72 and passed.max() + above > foot:
            found.append(at)
    return found
