"""What is asked, and what is known about the answers that people give.

A question knows the right answer and the typical wrong ones, which are reckoned like the right one but for one slip.
An answer that meets one of them is told its slip; any other is told a direction and where to look.
"""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from kamlib.exhibits import Exhibit
from kamlib.workshop import material
from kamlib.workshop.answers import Verdict

if TYPE_CHECKING:
    from kamlib.style import Words

_SCALES: Final = (1e-6, 1e-3, 1e3, 1e6)  # thousands and millions, given in place of money or the other way round
_NEAR: Final = 0.03  # of the right figure: the way was right, something small is not
_FAR: Final = 10  # times the right figure
_ROUNDED: Final = 0.001  # of a slip's figure: what writing it with a few digits may change
_SMALL: Final = 0.05  # of a slip's figure: the most that it may differ by, so that not all that is small meets it
_NOISE: Final = 1e-6  # of a difference that is 0
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
        Every figure that is right, above 0.
    wrong : tuple of (float, str)
        Figures that a typical slip leads to, and what is said of it.
    praise, look : str
        What a right answer means, and where to look otherwise.
    within : float
        By how much an answer may differ: at least by what rounding to the digits that a notebook shows takes away.
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
        off = min(abs(given - figure) for figure in self.right)
        slips = [(abs(given - figure), slip) for figure, slip in self.wrong if self._meets(given, figure)]
        # An answer of few digits may stand for several figures.
        reach = min((away for away, _ in slips), default=math.inf) + _half_a_digit(given)
        if off <= min(self.within, reach):
            return _right(name, self.praise)
        met = list(dict.fromkeys(slip for away, slip in slips if away <= reach))
        said = met[0] if met else self._by_size(given, words)
        if len(met) > 1:
            said = words.text("More than one slip may lead there. {slips}", slips=" ".join(met))
        return _wrong(name, said, self.look)

    def _meets(self, given: float, slip: float) -> bool:
        differs = max(min(self.within, _SMALL * abs(slip)), _NOISE)
        return math.isclose(given, slip, rel_tol=_ROUNDED, abs_tol=differs)

    def _by_size(self, given: float, words: Words) -> str:
        """Say what the size of a figure gives away."""
        right = self.right[0]

        def like(factor: float) -> bool:
            return abs(given / factor - right) <= max(self.within, _NEAR * right)

        if self.kind == "percent" and (like(100) or any(self._meets(given / 100, slip) for slip, _ in self.wrong)):
            return words.text("That is a percentage; divide it by 100, as a share lies between 0 and 1.")
        if like(-1):
            return words.text("The size is right, but the sign is the wrong way round.")
        if self.kind == "money" and any(map(like, _SCALES)):
            return words.text("The digits are right, but the unit is not: the answer is in the ledger's currency.")
        if like(1):
            return words.text("That is close, so the way may be right; is it the period, the rounding or one account?")
        if given > _FAR * right:
            return words.text("That is more than ten times the answer, by no slip known here: go through it step by "
                              "step.")  # fmt: skip
        if given > right:
            return words.text("That is too large, by no slip known here: go through it step by step.")
        if 0 < given < right / _FAR:
            return words.text("That is less than a tenth of the answer, by no slip known here: go through it step by "
                              "step.")  # fmt: skip
        return words.text("That is too small, by no slip known here: go through it step by step.")


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


def _half_a_digit(given: float) -> float:
    """Return half a unit of the last digit that a figure is written with."""
    exponent = Decimal(format(given, ".15g")).as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)


def _text(answer: Any) -> str | None:
    one = _single(answer)
    return one.strip() if isinstance(one, str) else str(one) if isinstance(one, int) else None
