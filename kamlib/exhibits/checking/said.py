"""Rules on what an exhibit says in words and in its table: message, measure, note, headings, figures."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import fields
from numbers import Number
from typing import TYPE_CHECKING, Any, Final

from kamlib.exhibits.exhibit import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from kamlib.exhibits.checking.picture import Picture
    from kamlib.exhibits.exhibit import Exhibit
    from kamlib.style import Words

Found = tuple[str, str]  # what is wrong, what to do

_FEWEST_WORDS: Final = 3  # of a sentence: somebody, does, something
_LINES: Final = 2
_DECIMALS: Final = 3
_ANYTHING: Final = (0, dt.date(2000, 1, 1))  # one of these can be written in each kind
_FIGURES: Final = 6  # significant ones, of a number that has decimals
# A full stop after a word of three letters or more that is none of the usual abbreviations, and then a capital.
_NEXT_SENTENCE: Final = re.compile(r"\b(?!(?:Mio|Mrd|Tsd|Inc|Ltd|usw|Nr)\.)\w{3,}[.!?]\s+[\"'„“]?[A-ZÄÖÜ]")


def message_says_something(picture: Picture) -> Iterator[Found]:
    """Ask for a message that is a sentence rather than a heading (ISO 24896; IBCS: SAY)."""
    words = picture.words
    if len(picture.exhibit.message.split()) < _FEWEST_WORDS:
        yield (
            words.text("The exhibit has no message, or one that is no sentence."),
            words.text("Say in one sentence what the figures mean, with the figure that matters."),
        )


def one_message(picture: Picture) -> Iterator[Found]:
    """Ask for no more than one message an exhibit (IBCS: SAY)."""
    words, said = picture.words, picture.exhibit.message
    for name in _texts_in(picture.exhibit):  # the full stop of a firm's name ends no sentence
        said = said.replace(name, "…")
    if _NEXT_SENTENCE.search(said):
        yield (
            words.text("The message has more than one sentence."),
            words.text("Keep the one that asks for a decision, and give the other an exhibit of its own."),
        )


def message_fits(picture: Picture) -> Iterator[Found]:
    """Ask that the message has room in two lines of a slide (IBCS: UNIFY, messages)."""
    lines = next((len(text.get_text().splitlines()) for text in picture.figure.texts if text.get_gid() == "message"), 0)
    if lines > _LINES:
        words = picture.words
        yield (
            words.text("The message takes {n} lines of a slide.", n=words.number(lines)),
            words.text("Shorten it to two lines; what remains belongs into the note."),
        )


def measure_is_whole(picture: Picture) -> Iterator[Found]:
    """Ask that object and measure, unit, period and scenario are named (ISO 24896; IBCS: UNIFY, titles)."""
    words = picture.words
    titles = {
        "what": words.text("object and measure"),
        "unit": words.text("unit"),
        "period": words.text("period"),
        "scenario": words.text("scenario"),
    }
    if not isinstance(picture.exhibit.measure, Measure):
        lacking = list(titles.values())
    else:
        lacking = [
            titles[one.name] for one in fields(Measure) if not getattr(picture.exhibit.measure, one.name).strip()
        ]
    if lacking:
        yield (
            words.text("The line under the message lacks: {parts}.", parts=words.listing(lacking)),
            words.text("Fill it in the exhibit's Measure."),
        )


def note_is_there(picture: Picture) -> Iterator[Found]:
    """Ask for method and assumptions at the foot (IBCS: SAY, evidence for a message)."""
    if not picture.exhibit.note.strip():
        words = picture.words
        yield (
            words.text("Nothing is said of method or assumptions."),
            words.text("Say in the note how the figures were reckoned and what was assumed."),
        )


def table_carries_the_chart(picture: Picture) -> Iterator[Found]:
    """Ask for rows behind a chart (IBCS: CHECK); a list without a chart may be empty, for that is an answer."""
    words = picture.words
    if picture.drawn and picture.exhibit.table.empty:
        yield (
            words.text("The table behind the chart is empty."),
            words.text("Give the table that the chart was drawn from, or leave the chart out."),
        )


def headings(picture: Picture) -> Iterator[Found]:
    """Ask that every column shown has a heading of its own (IBCS: STRUCTURE, elements that don't overlap)."""
    words = picture.words
    told = [title.strip() for title, _ in picture.exhibit.columns.values()]
    if not told or not all(told):
        yield (
            words.text("A column of the table has no heading, or no column is shown at all."),
            words.text("Give every column in `columns` a heading."),
        )
    if doubled := [title for title, count in Counter(told).items() if title and count > 1]:
        yield (
            words.text("Columns share the heading {names}.", names=words.listing([repr(one) for one in doubled])),
            words.text("Name each of them by what sets it apart."),
        )


def kinds(picture: Picture) -> Iterator[Found]:
    """Ask that every column shown exists and is written in a known way (IBCS: UNIFY, numbers)."""
    words = picture.words
    for name, (_, kind) in picture.exhibit.columns.items():
        if name not in picture.exhibit.table:
            yield (
                words.text("The table has no column {name}, which is to be shown.", name=repr(name)),
                words.text("Show columns that are there."),
            )
        elif not _can_be_written(picture.exhibit.table, name, kind, words):
            yield (
                words.text("The column {name} can't be written as {kind}.", name=repr(name), kind=repr(kind)),
                words.text("Choose a kind that `Words.figure` knows and that fits what is in the column."),
            )


def precision(picture: Picture) -> Iterator[Found]:
    """Ask that no figure pretends to more precision than it has (IBCS: SIMPLIFY, long numbers)."""
    words = picture.words
    texts = [picture.exhibit.message, *(text.get_text() for text in picture.texts if text.get_gid() is None)]
    long = list(dict.fromkeys(number for text in texts for number in _too_precise(text, words)))
    if long:
        yield (
            words.text("Figures are longer than anybody reads: {figures}.", figures=words.listing(long[:3])),
            words.text("Round them: three figures tell what there is to tell."),
        )


def _texts_in(exhibit: Exhibit) -> list[str]:
    """List the texts that the table shows, the longest first."""
    shown = [name for name, (_, kind) in exhibit.columns.items() if kind == "text" and name in exhibit.table]
    found = {str(value) for name in shown for value in exhibit.table[name].dropna()}
    return sorted(filter(str.strip, found), key=lambda text: (-len(text), text))


def writable(value: Any, kind: Any, words: Words) -> bool:
    """Tell whether ``value`` can be written as ``kind``, both as a text and as a figure of a workbook."""
    if not isinstance(value, {"text": object, "date": dt.date}.get(kind, Number)):
        return False
    try:
        words.figure(value, kind)
    except KeyError:
        return False
    return True


def _can_be_written(table: pd.DataFrame, name: str, kind: str, words: Words) -> bool:
    """Tell whether a column can be written: one value of each type in each of its kinds, and each kind as such."""
    if kind == "each" and "kind" not in table:
        return False
    kinds = table["kind"].tolist() if kind == "each" else [kind] * len(table)
    shown = zip(table[name], kinds, table[name].notna(), strict=True)
    samples = {(own, type(value)): value for value, own, there in shown if there}
    known = all(any(writable(one, own, words) for one in _ANYTHING) for own in {*kinds, kind} - {"each"})
    return known and all(writable(value, own, words) for (own, _), value in samples.items())


def _too_precise(text: str, words: Words) -> list[str]:
    """List the numbers in ``text`` with more than three decimals, or with decimals and more than six figures."""
    mark = words.number(1.5, 1)[1]
    found = []
    for number in re.findall(r"\d[\d.,\u00a0\u202f']*\d|\d", text):
        whole, comma, decimals = number.rpartition(mark)
        figures = re.sub(r"\D", "", number).lstrip("0")
        if comma and whole and (len(decimals) > _DECIMALS or len(figures) > _FIGURES) and decimals.isdigit():
            found.append(number)
    return found
