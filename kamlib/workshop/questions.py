"""What is asked, and what is known about the answers that people give.

A question knows the right answer and the typical wrong ones, which are reckoned like the right one but for one slip.
An answer that meets one of them is told its slip; any other gets a hint that follows from the figure itself.
"""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from kamlib.exhibits import Exhibit
from kamlib.workshop import material
from kamlib.workshop.answers import Verdict

if TYPE_CHECKING:
    from kamlib.style import Words

_SCALES: Final = (1e-6, 1e-3, 1e3, 1e6)  # thousands and millions, given in place of money or the other way round
_NEAR: Final = 0.03  # of the right figure: the way was right, something small is not
_BAND: Final = 0.25  # of the right figure: the range that a last hint gives away
_BOARD: Final = 3  # exhibits
_LONGEST: Final = 30  # words in the message of a slide
_SHORTEST: Final = 5


class Question(Protocol):
    """Whatever can judge an answer."""

    def judge(self, name: str, answer: Any, words: Words) -> Verdict:
        """Return what is to be said of the answer to the question called ``name``."""


@dataclass(frozen=True)
class Figure:
    """A question whose answer is one number.

    Parameters
    ----------
    kind : {"percent", "money", "number", "decimal"}
        As `Words.figure` knows it.
    right : tuple of float
        Every figure that is right.
    wrong : tuple of (float, str)
        Figures that a typical slip leads to, and what is said of it.
    praise, look : str
        What a right answer means, and where to look otherwise.
    within : float
        By how much an answer may differ.
    """

    kind: str
    right: tuple[float, ...]
    wrong: tuple[tuple[float, str], ...]
    praise: str
    look: str
    within: float = 0.0

    def judge(self, name: str, answer: Any, words: Words) -> Verdict:
        """Return what is to be said of a number."""
        if is_open(answer):
            return _wrong(name, words.text("This is still open: put your answer in place of the dots."))
        given = _number(answer)
        if given is None:
            said = words.text("The answer is one number; yours is of type {kind}.", kind=type(answer).__name__)
            return _wrong(name, said, self.look)
        if any(abs(given - figure) <= self.within for figure in self.right):
            return _right(name, self.praise)
        off, slip = min((abs(given - figure), said) for figure, said in self.wrong)  # the nearest, as two may be close
        return _wrong(name, slip if off <= self.within else self._by_size(given, words), self.look)

    def _by_size(self, given: float, words: Words) -> str:
        """Say what the size of a figure gives away."""
        right = self.right[0]

        def like(factor: float) -> bool:
            return math.isclose(given, right * factor, rel_tol=_NEAR)

        if self.kind == "percent" and like(100):
            return words.text("That is a percentage; divide it by 100, as a share lies between 0 and 1.")
        if like(-1):
            return words.text("The size is right, but the sign is the wrong way round.")
        if self.kind == "money" and any(map(like, _SCALES)):
            return words.text("The digits are right, but the unit is not: the answer is in the ledger's currency.")
        if like(1):
            return words.text("That is close, so the way may be right; is it the period, the rounding or one account?")
        step = 10.0 ** math.floor(math.log10(abs(right) * _BAND))
        low, high = (math.floor(right * (1 - _BAND) / step) * step, math.ceil(right * (1 + _BAND) / step) * step)
        return words.text(
            "The answer lies between {low} and {high}, and yours does not lead there by any slip known here.",
            low=words.figure(low, self.kind), high=words.figure(high, self.kind),
        )  # fmt: skip


@dataclass(frozen=True)
class Account:
    """A question whose answer is a customer: its number, or the name of the customer or group."""

    right: str  # the account's key
    wrong: tuple[tuple[str, str], ...]
    praise: str
    look: str

    def judge(self, name: str, answer: Any, words: Words) -> Verdict:
        """Return what is to be said of a customer."""
        if is_open(answer):
            return _wrong(name, words.text("This is still open: put your answer in place of the dots."))
        given = _text(answer)
        if given is None:
            said = words.text("The answer is one customer, by number or name; yours is of type {kind}.",
                              kind=type(answer).__name__)  # fmt: skip
            return _wrong(name, said, self.look)
        known = material.names()
        key = known.get(given.casefold(), given)
        if key == self.right:
            return _right(name, self.praise)
        met = [said for wrong, said in self.wrong if wrong == key]
        if met:
            return _wrong(name, met[0], self.look)
        if key in known.values():
            return _wrong(name, words.text("{customer} is not the one.", customer=given), self.look)
        if given.zfill(7) in known:
            said = words.text("A customer number is text: its leading zeros belong to it.")
        else:
            said = words.text("Nobody is called {customer}; give the number or the name as the table has it.",
                              customer=given)  # fmt: skip
        return _wrong(name, said, self.look)


@dataclass(frozen=True)
class Board:
    """The question for three exhibits that a board is shown, each with a message of one's own."""

    praise: str
    look: str

    def judge(self, name: str, answer: Any, words: Words) -> Verdict:
        """Return what is to be said of a choice of exhibits."""
        if is_open(answer):
            return _wrong(name, words.text("This is still open: put your answer in place of the dots."))
        fault = _fault(answer, words)
        return _wrong(name, fault, self.look) if fault else _right(name, self.praise)


def _fault(answer: Any, words: Words) -> str:
    """Return the first thing that is wrong with a choice of exhibits; empty where nothing is."""
    if not isinstance(answer, (list, tuple)) or not all(isinstance(one, Exhibit) for one in answer):
        return words.text("The answer is a list of exhibits, as [first, second, third].")
    if len(answer) != _BOARD:
        return words.plural(
            "A board remembers three messages; yours has {n}.",
            "A board remembers three messages; yours has {n}.",
            len(answer),
        )
    if len({exhibit.key for exhibit in answer}) < _BOARD:
        return words.text("One exhibit is there twice; each of the three answers another question.")
    for exhibit in answer:
        said, length = exhibit.message, len(exhibit.message.split())
        if said.rstrip().endswith("?") or length < _SHORTEST:
            return words.text("“{message}” is a heading; a message is a sentence that says what is so.", message=said)
        if length > _LONGEST:
            return words.plural(
                "A message of {n} word is not read; say it in thirty at most.",
                "A message of {n} words is not read; say it in thirty at most.",
                length,
            )
        if not any(map(str.isdigit, said)):
            return words.text("“{message}” names no figure, so nobody can hold it to anything.", message=said)
    return ""


def _right(name: str, sentence: str) -> Verdict:
    return Verdict(name, right=True, sentence=sentence)


def _wrong(name: str, sentence: str, hint: str = "") -> Verdict:
    return Verdict(name, right=False, sentence=sentence, hint=hint)


def is_open(answer: Any) -> bool:
    """Tell whether somebody has not answered yet."""
    return answer is None or answer is Ellipsis


def _single(answer: Any) -> Any:
    """Return what a table, list or array of one holds, and anything else as it is."""
    if isinstance(answer, (pd.Series, pd.Index, list, tuple, set)) and len(answer) == 1:
        return next(iter(answer))
    return answer


def _number(answer: Any) -> float | None:
    one = _single(answer)
    if not isinstance(one, numbers.Real) or isinstance(one, bool):
        return None
    try:
        given = float(one)
    except OverflowError:  # a whole number beyond all floats
        return None
    return given if math.isfinite(given) else None


def _text(answer: Any) -> str | None:
    one = _single(answer)
    return one.strip() if isinstance(one, str) else str(one) if isinstance(one, int) else None
