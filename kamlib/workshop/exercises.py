"""The six exercises: which questions each of them asks, and how its answers are judged."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kamlib import checks
from kamlib.style import LANGUAGES, Words
from kamlib.workshop import care, concentrated, cost, leaving, listed, trust
from kamlib.workshop.answers import Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kamlib.workshop.questions import Question

_ALL: Final = (trust, concentrated, listed, leaving, cost, care)


@dataclass(frozen=True)
class Exercise:
    """One exercise of the workshop; made by `exercise`."""

    number: int
    words: Words
    asks: Mapping[str, Callable[[Words], Question]]

    def check(self, **answers: Any) -> Answer:
        """Say of each answer whether it is right and, if it is not, what is wrong with it.

        A wrong answer is no error. What stands in place of an answer that is not there yet is None or ``...``.

        Examples
        --------
        >>> exercise(2).check(top_share=79).sentence
        'That is a percentage; divide it by 100, as a share lies between 0 and 1.'
        """
        return Answer(tuple(self._judge(name, answer) for name, answer in answers.items()))

    def _judge(self, name: str, answer: Any) -> Verdict:
        if name not in self.asks:
            words = self.words
            said = words.text("Exercise {number} has no such question; it asks for {names}.",
                              number=self.number, names=words.listing(list(self.asks)))  # fmt: skip
            return Verdict(name, right=False, sentence=said)
        return _asked(self.asks[name], self.words).judge(name, answer, self.words)


@functools.cache
def _asked(ask: Callable[[Words], Question], words: Words) -> Question:
    """Reckon what is right and what is wrong once, however often somebody tries."""
    return ask(words)


def exercise(number: int, *, language: str = "en") -> Exercise:
    """Return the exercise with this number, which checks answers in words.

    Parameters
    ----------
    number : int
        1 the export, 2 concentration, 3 the list, 4 who leaves, 5 what it costs, 6 concessions, care and the board.
    language : {"en", "de"}

    Raises
    ------
    KamlibError
        If there is no such exercise.
    """
    checks.choice(language, name="language", options=LANGUAGES)
    if not isinstance(number, int) or number not in range(1, len(_ALL) + 1):
        raise checks.KamlibError(f"number must be one of 1 to {len(_ALL)}, the exercises there are; got {number!r}.")
    return Exercise(number, Words(language, "EUR"), _ALL[number - 1].QUESTIONS)
