"""What a check says: a verdict on each answer, shown in a notebook or printed."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from kamlib.style import COLOURS

_MARKS: Final = {True: ("\u2713", "good"), False: ("\u2717", "bad")}  # never the colour alone


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer: whether it is right, a sentence, and where to look if it is not."""

    question: str
    right: bool
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (_MARKS[self.right][0], f"{self.question}:", self.sentence, self.hint)))


@dataclass(frozen=True)
class Answer:
    """The verdicts on the answers that one check was given; it displays itself."""

    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> bool:
        """Whether every answer is right."""
        return all(verdict.right for verdict in self.verdicts)

    @property
    def sentence(self) -> str:
        """What is said of the answers."""
        return " ".join(verdict.sentence for verdict in self.verdicts)

    @property
    def hint(self) -> str:
        """Where to look for what is not right."""
        return " ".join(verdict.hint for verdict in self.verdicts if verdict.hint)

    def __str__(self) -> str:
        return "\n".join(map(str, self.verdicts))

    def _repr_html_(self) -> str:
        return "".join(map(_paragraph, self.verdicts))


def _paragraph(verdict: Verdict) -> str:
    mark, meaning = _MARKS[verdict.right]
    said = html.escape(verdict.sentence) + (f"<br><em>{html.escape(verdict.hint)}</em>" if verdict.hint else "")
    style = f"border-left: 4px solid {COLOURS[meaning]}; padding-left: 0.8em"
    return f'<p style="{style}"><strong>{mark} <code>{html.escape(verdict.question)}</code></strong> {said}</p>'
