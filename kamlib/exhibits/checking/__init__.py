"""A linter for business notation: what in an exhibit is missing or misleads, and what to do about it.

The rules are those of ISO 24896:2026 and IBCS 2.0, named by the parts of SUCCESS; docs/notation.md has them one by one.
The chart is drawn once at the size of a slide and read from its artists, and the chart in figures is read as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kamlib import checks, style
from kamlib.exhibits.checking import drawn, figured, said
from kamlib.exhibits.checking.faults import Fault, Faults
from kamlib.exhibits.checking.picture import Picture
from kamlib.exhibits.exhibit import Exhibit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kamlib.exhibits.checking.said import Found

__all__ = ["RULES", "Fault", "Faults", "check", "check_all"]

# By the parts of SUCCESS; each rule yields what is wrong and what to do, and cites its source.
RULES: Final[dict[str, tuple[Callable[[Picture], Iterator[Found]], ...]]] = {
    "SAY": (said.message_says_something, said.one_message, said.message_fits, said.note_is_there),
    "UNIFY": (
        said.measure_is_whole,
        said.kinds,
        drawn.scenario_shows,
        drawn.known_colours,
        drawn.good_and_bad,
        drawn.unit_is_named,
        drawn.time_to_the_right,
        drawn.no_legend,
        figured.native_is_there,
        figured.native_agrees,
        figured.native_kinds,
        figured.native_scenario,
    ),
    "CONDENSE": (drawn.large_enough, drawn.texts_apart, drawn.room_for_the_chart),
    "CHECK": (said.table_carries_the_chart, drawn.bars_from_zero, drawn.one_axis_of_figures),
    "EXPRESS": (drawn.fitting_chart, drawn.few_categories),
    "SIMPLIFY": (said.precision, drawn.labels_at_bars, drawn.no_frame, figured.native_labels),
    "STRUCTURE": (said.headings, drawn.sorted_bars, figured.native_is_sound, figured.native_sorted),
}


def check(exhibit: Exhibit) -> Faults:
    """Return what in an exhibit offends the notation; an empty list is a sound exhibit.

    Parameters
    ----------
    exhibit : Exhibit
        Its chart is drawn on a figure of the linter's own.

    Returns
    -------
    list of Fault
        In the exhibit's language; a notebook shows it as a list to work off.

    Raises
    ------
    KamlibError
        If it is given anything but one exhibit.

    References
    ----------
    ISO 24896:2026; IBCS Association, "International Business Communication Standards", 2.0, rule set SUCCESS.
    """
    return Faults(_faults_of(_picture(exhibit)), words=exhibit.words)


def check_all(exhibits: Iterable[Exhibit]) -> Faults:
    """Return what offends the notation in any of several exhibits, and where charts to be compared differ in scale."""
    if not isinstance(exhibits, Iterable):
        raise checks.KamlibError("check_all takes a list of exhibits; `check` takes one.")
    pictures = list(map(_picture, exhibits))
    faults = [fault for picture in pictures for fault in _faults_of(picture)]
    faults += [Fault(exhibit.key, "CHECK", "same_scale", *found) for exhibit, found in figured.same_scale(pictures)]
    return Faults(faults, words=pictures[0].words if pictures else style.ENGLISH)


def _picture(exhibit: Exhibit) -> Picture:
    """Draw what is checked, if it is an exhibit."""
    if not isinstance(exhibit, Exhibit):  # such as what stands in the place of one that the data can't carry
        given = f"one {type(exhibit).__name__}"
        raise checks.KamlibError(f"an exhibit is checked, not {given}; `check` takes one, `check_all` a list of them.")
    return Picture(exhibit)


def _faults_of(picture: Picture) -> Iterator[Fault]:
    for group, rules in RULES.items():
        for rule in rules:
            for found in rule(picture):
                yield Fault(picture.exhibit.key, group, rule.__name__, *found)
