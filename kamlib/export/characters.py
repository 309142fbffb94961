"""Which characters a file can carry: a name may hold control characters, but XML, and so SVG and Excel, may not."""

from __future__ import annotations

import re
from typing import Final

_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Return ``text`` without the characters that XML can't carry or nobody can see."""
    return _ILLEGAL.sub("", text)
