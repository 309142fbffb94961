"""How Excel and PowerPoint write percentages and dates for a reader of one language: formats, so figures stay figures.

The marks for thousands and decimals are those of the reader's own Office; order, signs and blanks are ours to set.
"""

from __future__ import annotations

import re
from typing import Final

from babel import Locale
from babel.dates import tokenize_pattern

_LETTERS: Final = str.maketrans("MLE", "mmd")  # months, months that stand alone, weekdays


def percent(digits: int, language: str) -> str:
    """Return the number format of a fraction as per cent, with so many decimals."""
    pattern = Locale.parse(language).percent_formats[None]
    figure = "0" + ("." + "0" * digits if digits else "")
    return _quoted(pattern.prefix[0]) + figure + _quoted(pattern.suffix[0])


def date(pattern: str) -> str:
    """Return the number format of a day whose ``pattern`` is in the letters of the Unicode standard (TS 35)."""
    parts = [
        re.sub(r"[^ .,-]+", r'"\g<0>"', told) if isinstance(told, str) else _field(*told)
        for _, told in tokenize_pattern(pattern)
    ]
    return "".join(parts).replace('""', "")  # where one text follows the other


def _quoted(affix: str) -> str:
    return re.sub(r"[^%]+", r'"\g<0>"', affix)


def _field(letter: str, count: int) -> str:
    """Return a part of a date in the letters of Office, to which a single y is a year of two figures."""
    return "yyyy" if (letter, count) == ("y", 1) else letter.translate(_LETTERS) * count
