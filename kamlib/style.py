"""Colours with a meaning, words and numbers by language, and the finish that every chart shares.

The notation follows ISO 24896:2026 / IBCS 2.0: the message is a sentence on top, below it object, measure, unit and
period; the actual year is solid and dark, the year before lighter, a plan outlined, a forecast hatched.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import io
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from matplotlib.ticker import FuncFormatter

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

CATALOGUES: Final = Path(__file__).parent / "locale"
# English stands in the code; every other language is a catalogue, and nothing else: docs/languages.md.
LANGUAGES: Final = ("en", *sorted(found.parts[-3] for found in CATALOGUES.glob("*/LC_MESSAGES/kamlib.po")))

COLOURS: Final = {
    "ink": "#1a1a1a",  # text, axes
    "actual": "#33475b",  # the period in question
    "previous": "#a9b4bf",  # the period before
    "highlight": "#c2410c",  # what the message speaks of
    "good": "#2f7d4f",
    "bad": "#b3261e",
    "quiet": "#d5dae0",  # what the message does not speak of
    "grid": "#e6e9ed",
    "note": "#5b6672",
    "paper": "#ffffff",
}

# A colour for each ABC class: from what matters most to what matters least.
CLASS_COLOURS: Final = {"A": "#33475b", "B": "#7d8f9f", "C": "#cfd6dd"}

SCENARIOS: Final = ("actual", "previous", "plan", "forecast")

_HATCH: Final = "///"  # with the width of line below, half of the stripes are colour and half are paper
_HEADLINE: Final = (1.2, 1.1, 1.0)  # of the font size, the first in which a message has room
_LINES: Final = 2  # of a message
_SMALL: Final = 0.85  # of the font size: 11 points on a slide
_MARGIN: Final = 0.02  # of the figure, on each side
_SIZES: Final[dict[str, dict[Any, Any]]] = {
    "notebook": {"figure.figsize": (8.0, 4.5), "font.size": 10.0},
    "slide": {"figure.figsize": (10.0, 5.625), "font.size": 13.0},  # 16:9, readable from the last row
}
_LOOK: Final[dict[Any, Any]] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "text.color": COLOURS["ink"],
    "axes.edgecolor": COLOURS["note"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "hatch.linewidth": 2.0,  # thin lines would blur on a projector
    "grid.color": COLOURS["grid"],
    "xtick.color": COLOURS["ink"],
    "ytick.color": COLOURS["ink"],
    "legend.frameon": False,
    "figure.facecolor": COLOURS["paper"],
    "axes.facecolor": COLOURS["paper"],
    "savefig.facecolor": COLOURS["paper"],
    "text.hinting": "none",  # a line is as long in the file as it was when it was broken
    "text.parse_math": False,  # a dollar sign in a customer's name is a dollar sign
    "svg.fonttype": "none",  # text stays text: searchable, editable, small
    "svg.hashsalt": "kamlib",  # the same chart gives the same bytes
}


@contextmanager
def use(size: str = "notebook") -> Iterator[None]:
    """Apply the house style to the figures made inside the ``with`` block, and to nothing else.

    Parameters
    ----------
    size : {"notebook", "slide"}
        Figure and font size by use.
    """
    checks.choice(size, name="size", options=_SIZES)
    ticks = _SIZES[size]["font.size"] * _SMALL
    with mpl.rc_context({**_LOOK, **_SIZES[size], "xtick.labelsize": ticks, "ytick.labelsize": ticks}):
        yield


@functools.cache
def _translations(language: str) -> gettext.NullTranslations:
    """Read the catalogue of ``language``; English is what stands in the code."""
    if language == "en":
        return gettext.NullTranslations()
    with (CATALOGUES / language / "LC_MESSAGES" / "kamlib.po").open("rb") as file:
        catalogue = read_po(file, locale=language, domain="kamlib")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Words:
    r"""Texts and numbers as a reader of one language expects them.

    Parameters
    ----------
    language : str
        ``"en"``, ``"de"``, or another that has a catalogue.
    currency : str or None
        ISO code of the ledger's currency, such as ``"EUR"``; None where the ledger does not tell.

    Examples
    --------
    >>> Words("de").percent(0.1234)
    '12,3\xa0%'
    >>> Words("en", currency="EUR").amount(1234567.0)
    'EUR\xa01.23\xa0million'
    """

    language: str = "en"
    currency: str | None = None

    def __post_init__(self) -> None:
        checks.choice(self.language, name="language", options=LANGUAGES)

    def text(self, message: str, /, **values: object) -> str:
        """Translate ``message`` and fill its ``{names}``."""
        return _translations(self.language).gettext(message).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Translate the form that fits ``n``; ``{n}`` stands for the number, formatted."""
        return _translations(self.language).ngettext(one, many, int(n)).format(n=self.number(n), **values)

    def lacking(self, reason: str | checks.KamlibError) -> str:
        """Say what the data lack as a sentence of its own; an error that is no text of the catalogue stays English."""
        sentence = str(reason)
        if isinstance(reason, checks.DataLacks):
            values = {name: self.date(v) if isinstance(v, dt.date) else v for name, v in reason.values.items()}
            sentence = self.text(reason.message, **values)
        return sentence[:1].upper() + sentence[1:]

    def number(self, value: float, digits: int = 0) -> str:
        """Format a number with thousands marks and ``digits`` decimals."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return babel_numbers.format_decimal(_without_negative_zero(value, digits), pattern, locale=self.language)

    def percent(self, value: float, digits: int = 1) -> str:
        """Format a fraction as per cent."""
        pattern = Locale.parse(self.language).percent_formats[None].pattern
        pattern = pattern.replace("#,##0", "#,##0." + "0" * digits) if digits else pattern
        return babel_numbers.format_percent(_without_negative_zero(value, digits + 2), pattern, locale=self.language)

    def amount(self, value: float) -> str:
        """Format an amount of money for a sentence, to three figures: ``EUR 1.23 million``, ``1,23 Mio. EUR``."""
        scale, digits = _scale_of(abs(value))
        if scale < 10**6:  # up to a million in full: 84,123, then to the thousand: 123,000
            return self._with_currency(self.number(round(value, -3) if abs(value) >= 10**5 else value))
        spelt = self.text("million") if scale == 10**6 else self.text("billion")
        return self._with_currency(f"{self.number(value / scale, digits)}\u00a0{spelt}")

    def money(self, value: float, digits: int = 0) -> str:
        """Format an amount of money in full, with ``digits`` decimals."""
        return self._with_currency(self.number(value, digits))

    def _with_currency(self, figures: str) -> str:
        if not self.currency:
            return figures
        # Neither the figure nor its currency may end up alone on a line.
        return "\u00a0".join([self.currency, figures] if self._currency_leads else [figures, self.currency])

    @property
    def _currency_leads(self) -> bool:
        pattern: str = Locale.parse(self.language).currency_formats["standard"].pattern
        return pattern.startswith("\u00a4")

    def unit(self, scale: int = 1) -> str:
        """Name the unit of an axis or a column: ``EUR million``, ``Mio. EUR``; without a currency ``million``."""
        spelt = {1: "", 10**3: self.text("thousand"), 10**6: self.text("million"), 10**9: self.text("billion")}[scale]
        parts = [self.currency or "", spelt] if self._currency_leads else [spelt, self.currency or ""]
        return " ".join(part for part in parts if part)

    def date(self, value: dt.date) -> str:
        """Format a day: 31 Dec 2025, 31.12.2025."""
        # The pattern is a text of the catalogue, in the letters of the Unicode standard (TS 35).
        return babel_dates.format_date(value, self.text("d MMM y"), locale=self.language)

    def month(self, value: dt.date) -> str:
        """Format a month: Dec 2025, Dez. 2025."""
        return babel_dates.format_skeleton("yMMM", value, locale=self.language)

    def figure(self, value: Any, kind: str) -> str:
        """Format a table's cell by the ``kind`` of its column; a missing one is empty."""
        if pd.isna(value):
            return ""
        forms: dict[str, Callable[[Any], str]] = {
            "text": str,
            "number": self.number,
            "decimal": lambda v: self.number(v, 1),
            "index": lambda v: self.number(v, 3),
            "percent": self.percent,
            "money": self.number,
            "cents": lambda v: self.number(v, 2),
            "date": self.date,
        }
        return forms[kind](value)

    def listing(self, items: list[str]) -> str:
        """Join ``items`` as a sentence does: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return self.text("{first} and {last}", first=", ".join(items[:-1]), last=items[-1])


ENGLISH: Final = Words()


def _without_negative_zero(value: float, digits: int) -> float:
    rounded = round(float(value), digits)
    return 0.0 if rounded == 0 else float(value)


def _scale_of(size: float) -> tuple[int, int]:
    """Return the scale that an amount is spoken in and the decimals that make three figures of it."""
    size = float(f"{size:.3g}")  # 999,999 is spoken of as a million
    scale = next((s for s in (10**9, 10**6, 10**3) if size >= s), 1)
    digits = max(0, 2 - int(np.log10(size / scale))) if size > 0 else 0
    return scale, digits


def scale_for(values: Any) -> int:
    """Return the scale (1, 1000, a million, a billion) in which the largest of ``values`` has one to three digits."""
    largest = float(np.nanmax(np.abs(np.asarray(values, dtype=float)), initial=0.0))
    return _scale_of(largest)[0]


def ticks(form: Callable[[float], str]) -> FuncFormatter:
    """Make a tick formatter of a function of the value alone."""
    return FuncFormatter(lambda value, _: form(value))


def pattern(scenario: str, colour: Any = None) -> dict[str, Any]:
    """Return how bars of a scenario are filled, as keywords of ``Axes.bar``.

    What happened is solid (what happened before is so in a lighter colour), a plan is an outline, a forecast is
    hatched: so they stay apart in black and white, too.

    Parameters
    ----------
    scenario : {"actual", "previous", "plan", "forecast"}
    colour : colour or sequence of them, optional
        What the bars mean; by default that of what happened or of what happened before.

    Examples
    --------
    >>> pattern("forecast", "#33475b")
    {'color': '#ffffff', 'edgecolor': '#33475b', 'linewidth': 1.0, 'hatch': '///'}
    """
    checks.choice(scenario, name="scenario", options=SCENARIOS)
    colour = COLOURS["previous" if scenario == "previous" else "actual"] if colour is None else colour
    if scenario in {"actual", "previous"}:
        return {"color": colour, "linewidth": 0.0}
    outline = {"color": COLOURS["paper"], "edgecolor": colour}
    return outline | ({"linewidth": 1.5} if scenario == "plan" else {"linewidth": 1.0, "hatch": _HATCH})


def small() -> float:
    """Return the size in points of secondary text (labels, ticks, notes), the smallest that a chart may use."""
    return float(mpl.rcParams["font.size"]) * _SMALL


def finish(ax: Axes, *, message: str, measure: str, note: str = "") -> None:
    """Set what every exhibit bears: the message on top, the measure line under it, the note at the foot.

    Texts are broken by their measured width, and the axes get the room that is left between them.

    Parameters
    ----------
    ax : Axes
        The chart; its figure has room for this one exhibit only.
    message : str
        What the chart shows, as a sentence.
    measure : str
        Object, measure, unit and period.
    note : str
        Source, method or reservation.
    """
    figure = cast("Figure", ax.get_figure(root=True))
    size = float(mpl.rcParams["font.size"])
    gap = 0.5 * size / (72 * figure.get_figheight())
    top = _headline(figure, message, size).y0
    top = _paragraph(figure, measure, y=top - gap, gid="measure", va="top", fontsize=0.9 * size).y0
    foot = _paragraph(figure, note, y=_MARGIN, gid="note", va="bottom", fontsize=small()).y1 if note else 0.0
    figure.tight_layout(rect=(_MARGIN, foot + gap, 1 - _MARGIN, top - gap), pad=0.1)


def _headline(figure: Figure, message: str, size: float) -> Bbox:
    """Write the message in two lines, in a smaller type if it takes that; one that is longer still has more lines."""
    for larger in _HEADLINE:
        box = _paragraph(figure, message, y=1 - _MARGIN, gid="message", va="top", fontsize=larger * size, weight="bold")
        text = figure.texts[-1]
        if text.get_text().count("\n") < _LINES or larger == _HEADLINE[-1]:
            break
        text.remove()
    return box


def _paragraph(figure: Figure, words: str, *, y: float, gid: str, **font: Any) -> Bbox:
    """Write ``words`` across the figure, broken into lines that fit, and return the box in fractions of the figure."""
    colour = COLOURS["ink"] if gid == "message" else COLOURS["note"]
    text = figure.text(_MARGIN, y, words, gid=gid, color=colour, parse_math=False, **font)
    room = (1 - 2 * _MARGIN) * figure.bbox.width
    characters = max(1, int(len(words) * room / max(text.get_window_extent().width, 1)))
    while characters > 1 and text.get_window_extent().width > room:
        text.set_text(textwrap.fill(words, characters))
        characters -= 1
    return text.get_window_extent().transformed(figure.transFigure.inverted())
