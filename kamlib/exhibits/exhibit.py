"""What an exhibit is, and what all exhibits of one report share."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from kamlib import checks, export
from kamlib.style import ENGLISH, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from kamlib.checks import DateLike
    from kamlib.exhibits.native import Native
    from kamlib.ledger import Ledger

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Setting:
    """What all exhibits of one report share: the period, the reader's language, the currency, the source.

    Parameters
    ----------
    as_of : date
        Last day of the period.
    months : int
        Length of the period.
    language : {"en", "de"}
    currency : str or None
        ISO code; None where the ledger does not tell.
    source : str
        Where the figures come from, for the foot of a chart.
    """

    as_of: DateLike
    months: int = 12
    language: str = "en"
    currency: str | None = None
    source: str = ""

    @property
    def words(self) -> Words:
        """Texts and numbers in the reader's language."""
        return Words(self.language, self.currency)

    @property
    def money(self) -> str:
        """The unit of amounts: the currency or, where the ledger does not tell, that there is one."""
        return self.currency or self.words.text("currency units")

    @property
    def end(self) -> dt.date:
        """The last day of the period."""
        return checks.day(self.as_of, name="as_of")

    def period(self, *, before: int = 0) -> str:
        """Spell the period's first and last day, or those of the period ``before`` periods earlier."""
        last = checks.months_before(self.end, self.months * before)
        first = checks.months_before(self.end, self.months * (before + 1)) + dt.timedelta(days=1)
        return self.words.text("{first} to {last}", first=self.words.date(first), last=self.words.date(last))


def setting(ledger: Ledger, *, as_of: DateLike, months: int = 12, language: str = "en") -> Setting:
    """Return the `Setting` of exhibits from ``ledger``, with the currency and source that its audit found."""
    found = ledger.audit.format
    return Setting(as_of, months, language, found.get("currency"), found.get("source", ""))


@dataclass(frozen=True)
class Measure:
    """The line under a message, in the reader's language; `str` sets its parts one behind the other.

    Parameters
    ----------
    what : str
        Object and measure: customers by net revenue.
    unit : str
        EUR, %, days, number of customers; several where a chart or table has several.
    period : str
    scenario : str
        Actual, actual against the period before, forecast.

    Examples
    --------
    >>> print(Measure("Customers by net revenue", "EUR", "1 Jan 2025 to 31 Dec 2025", "actual"))
    Customers by net revenue, EUR, 1 Jan 2025 to 31 Dec 2025, actual
    """

    what: str
    unit: str
    period: str
    scenario: str

    def __str__(self) -> str:
        # Commas, for they need no grammar: "in EUR" reads well, but "in number of customers" does not.
        return f"{self.what}, {self.unit}, {self.period}, {self.scenario}"


@dataclass(frozen=True)
class Exhibit:
    """One message with what carries it.

    Parameters
    ----------
    key : str
        Short name, for files and sheets.
    message : str
        One sentence.
    measure : Measure
        Object, measure, unit, period and scenario.
    table : DataFrame
        What the message and the chart were computed from; its index is no part of it.
    columns : mapping
        Column of ``table`` to its heading and its kind, as `Words.figure` knows them.
    note : str
        Method and assumptions.
    draw : callable or None
        Draws the chart on the Axes it is given; None where the table says it all.
    words : Words
    native : Categories or Plane, optional
        The same chart in figures, for a deck; None where the table says it all.
    """

    key: str
    message: str
    measure: Measure
    table: pd.DataFrame
    columns: Mapping[str, tuple[str, str]]
    note: str
    words: Words
    draw: Callable[[Axes], Axes] | None = field(default=None, compare=False)
    native: Native | None = None

    def chart(self, ax: Axes | None = None) -> Axes:
        """Draw the chart on ``ax`` or, with message, measure and note around it, on a figure of its own."""
        if self.draw is None:
            raise checks.KamlibError(f"the exhibit {self.key!r} is a table without a chart.")
        if ax is not None:
            return self.draw(ax)
        return export.figure(self).axes[0]

    def save(self, path: str | Path) -> Path:
        """Write the exhibit to ``path`` in the format of its ending: .pptx, .png, .svg or .xlsx."""
        return export.save(self, path)

    def reworded(self, message: str) -> Exhibit:
        """Return the same exhibit with a message of one's own."""
        return replace(self, message=message)

    def _repr_html_(self) -> str:
        return export.fragment(self)


def measure(setting: Setting, what: str, *, unit: str | None = None) -> Measure:
    """Return the measure of what happened in the period; without ``unit`` it is money."""
    return Measure(what, unit or setting.money, setting.period(), setting.words.text("actual"))


def compared(setting: Setting, what: str, *, unit: str | None = None) -> Measure:
    """Return the measure of the period against the one before; without ``unit`` it is money."""
    words = setting.words
    period = words.text("{now} against {before}", now=setting.period(), before=setting.period(before=1))
    return Measure(what, unit or setting.money, period, words.text("actual against the period before"))


def forecast(setting: Setting, what: str, *, unit: str | None = None) -> Measure:
    """Return the measure of the year to come; without ``unit`` it is money."""
    words = setting.words
    period = words.text("twelve months from {date}", date=words.date(setting.end))
    return Measure(what, unit or setting.money, period, words.text("forecast"))


def chance(probability: float, words: Words, digits: int = 1) -> str:
    """Write a probability so that a small one is not read as none, and a large one not as certainty."""
    least = 10.0 ** -(digits + 2)
    if probability < least:
        return words.text("less than {least}", least=words.percent(least, digits))
    if 1 - least / 2 <= probability < 1:
        return words.text("more than {most}", most=words.percent(1 - least, digits))
    return words.percent(probability, digits)


def money_and(setting: Setting, unit: str = "%") -> str:
    """Name the unit of what shows money beside ``unit``."""
    return setting.words.text("{money} and {unit}", money=setting.money, unit=unit)


@dataclass(frozen=True)
class Lacking:
    """What stands where a result would, had the data carried it: one sentence that says what is lacking."""

    reason: str | checks.KamlibError
    words: Words = ENGLISH

    def __str__(self) -> str:
        return self.words.lacking(self.reason)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(str(self))}</p>"


def or_lacking(function: Callable[..., _Result], *args: Any, **kwargs: Any) -> _Result | Lacking:
    """Return what ``function`` makes of the arguments or, where the data can't carry it, what is `Lacking`.

    An argument that is lacking itself is handed on, so the steps up to an exhibit can stand one below the other; a
    `Setting` among the arguments tells the language in which to say so.

    Examples
    --------
    >>> import pandas as pd
    >>> from kamlib import coverage
    >>> covered = or_lacking(coverage.coverage, None, pd.DataFrame({"revenue": [9.0]}), as_of="2025-12-31")
    >>> print(or_lacking(coverage.overdue_accounts, covered))
    There is no contact log; give one with --contacts, or in Python as contacts=.
    """
    given = (*args, *kwargs.values())
    lacking = next((one for one in given if isinstance(one, Lacking)), None)
    words = next((one.words for one in given if isinstance(one, Setting)), lacking.words if lacking else ENGLISH)
    if lacking:
        return Lacking(lacking.reason, words)
    try:
        return function(*args, **kwargs)
    except checks.KamlibError as error:
        return Lacking(error, words)
