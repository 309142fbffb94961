"""What an account brings against the attention that it gets, as a native chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from kamlib.exhibits.native import FIGURES, Categories, Series
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.style import Words

_NEGLECTED: Final = 0.5  # of its share: an account with fewer of the contacts is highlighted


def coverage(covered: pd.DataFrame, *, words: Words, share: str, top: int = parts.TOP) -> Categories:
    """Show the column ``share`` and the share of contacts of each account, the largest gap first."""
    gap = (covered[share].fillna(0.0) - covered["share_of_contacts"]).to_numpy()
    shown = covered.iloc[np.argsort(-gap, kind="stable")].head(top)
    ours = words.text("share of margin") if share == "share_of_margin" else words.text("share of revenue")
    neglected = (shown["share_of_contacts"] < _NEGLECTED * shown[share]).tolist()  # a missing share is no claim
    return Categories(
        "bar",
        parts.names(shown["name"], words),
        (
            Series(ours, parts.figures(shown[share]), labels=FIGURES),
            Series(
                words.text("share of contacts"),
                parts.figures(shown["share_of_contacts"]),
                meaning=tuple("highlight" if one else "quiet" for one in neglected),
                labels=FIGURES,
            ),
        ),
        parts.percent(),
    )
