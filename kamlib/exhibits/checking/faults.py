"""What the linter finds: faults against the notation, shown as a list that a reader can work off."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kamlib import style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kamlib.style import Words


@dataclass(frozen=True)
class Fault:
    """One thing that is missing or misleading in an exhibit.

    Parameters
    ----------
    exhibit : str
        Its key.
    group : str
        The part of SUCCESS that it offends: SAY, UNIFY, CONDENSE, CHECK, EXPRESS, SIMPLIFY or STRUCTURE.
    rule : str
        The rule by its name in docs/notation.md.
    wrong, remedy : str
        What is wrong and what to do, in the reader's language.
    """

    exhibit: str
    group: str
    rule: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.exhibit}: {self.group} ({self.rule}): {self.wrong} {self.remedy}"


class Faults(list[Fault]):
    """The faults of one or more exhibits; none is an empty list, and says so in a notebook.

    Parameters
    ----------
    faults : iterable of Fault
    words : Words
        Of the reader.
    """

    def __init__(self, faults: Iterable[Fault] = (), *, words: Words = style.ENGLISH) -> None:
        super().__init__(faults)
        self._words = words

    def __repr__(self) -> str:
        return "\n".join(map(str, self)) or self._words.text("No fault found.")

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{html.escape(repr(self))}</p>"
        rows = "".join(
            f"<li><b>{html.escape(fault.exhibit)}, {fault.group}</b> ({fault.rule}): {html.escape(fault.wrong)} "
            f"<em>{html.escape(fault.remedy)}</em></li>"
            for fault in self
        )
        return f"<ul>{rows}</ul>"
