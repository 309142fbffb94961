"""Which characters a file can carry: a name may hold control characters, but XML, and so SVG and Excel, may not.

Nor does a name carry what turns the text after it round.
"""

from __future__ import annotations

import re
from typing import Final

_ILLEGAL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # blanks without width, marks of direction
)


def legal(text: str) -> str:
    """Return ``text`` without the characters that XML can't carry or nobody can see."""
    return _ILLEGAL.sub("", text)
