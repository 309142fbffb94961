"""Where key accounts stand, and which side needs the other more, as native charts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from kamlib.exhibits.native import Plane, Scale, Trace
from kamlib.exhibits.natives import parts

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.style import Words

_NAME: Final = 20  # characters of a name beside a bubble
_BUBBLES: Final = 12  # that bear their name
_POINTS: Final = 12  # that bear their name
_SEEN: Final = 0.15  # of a half that has no bubble
_ROOM: Final = 0.05  # beside a bubble
_MIDDLE: Final = (0.5, 0.5)  # of the matrix, where its quadrants meet


def portfolio(matrix: pd.DataFrame, *, words: Words, titles: dict[str, str]) -> Plane | None:
    """Show each account at its place in the matrix, by quadrant, its revenue as the bubble's area.

    The quadrant that the message speaks of, attractive and not ours, is highlighted. None where no account has a place.
    """
    known = (matrix["revenue"] > 0) & matrix[["attractiveness", "position"]].notna().all(axis=1)
    placed = matrix[known].sort_values("revenue", ascending=False, kind="stable")
    if placed.empty:
        return None
    largest = placed.index[:_BUBBLES]
    traces = [
        Trace(
            title,
            parts.floats(part["position"]),
            parts.floats(part["attractiveness"]),
            size=parts.floats(part["revenue"]),
            meaning="highlight" if quadrant == "star" else "actual",
            labels=parts.labels(part["name"].tolist(), int(part.index.isin(largest).sum()), length=_NAME),
        )
        for quadrant, title in titles.items()
        if len(part := placed[placed["quadrant"] == quadrant])
    ]
    return Plane(
        tuple(traces),
        _half_or_whole(placed["position"], _MIDDLE[0], words.text("own position, from weak to strong")),
        _half_or_whole(placed["attractiveness"], _MIDDLE[1], words.text("attractiveness, from low to high")),
        cross=_MIDDLE,
    )


def _half_or_whole(places: pd.Series[float], middle: float, title: str) -> Scale:
    """Return an axis within 0 to 1, in tenths: key accounts crowd, so an empty half is not shown in full."""
    least = max(min(float(places.min()) - _ROOM, middle - _SEEN), 0.0)
    most = min(max(float(places.max()) + _ROOM, middle + _SEEN), 1.0)
    return Scale("index", title, least=math.floor(10 * least) / 10, most=math.ceil(10 * most) / 10)


def dependence(
    table: pd.DataFrame, *, words: Words, share: str, major: float, material: float
) -> Plane | None:  # fmt: skip
    """Show how much each account depends on us against our dependence on it, and the border of being the weaker side.

    Parameters
    ----------
    table : DataFrame
        their_dependence, weaker_side, name and the column ``share``; None where nobody has both figures.
    words : Words
    share : str
        share_of_margin or share_of_revenue.
    major, material : float
        Share where our dependence is full, and below which no side is the weaker one.
    """
    known = table.dropna(subset=["their_dependence", share]).sort_values(share, ascending=False, kind="stable")
    if known.empty:
        return None
    weaker = known["weaker_side"].to_numpy(dtype=bool)
    right = 1.15 * float(known["their_dependence"].max()) or 1.0
    top = max(1.2 * float(known[share].max()), 2 * material)
    bend = material / major
    stop = max(min(right, top / major), bend)
    traces = [
        Trace(
            words.text("border of being the weaker side"),
            (0.0, bend, stop),
            (material, material, major * stop),
            meaning="note",
            line="dashed",
        ),
        *(
            Trace(
                name,
                parts.floats(part["their_dependence"]),
                parts.floats(part[share]),
                meaning=meaning,
                labels=parts.labels(part["name"].tolist(), most, length=_NAME),
            )
            for name, part, meaning, most in (
                (words.text("others"), known[~weaker], "previous", max(_POINTS - int(weaker.sum()), 0)),
                (words.text("we are the weaker side"), known[weaker], "bad", _POINTS),
            )
            if len(part)
        ),
    ]
    ours = words.text("share of our margin") if share == "share_of_margin" else words.text("share of our revenue")
    return Plane(
        tuple(traces),
        parts.percent(words.text("how much it depends on us"), least=0.0, most=right),
        parts.percent(ours, least=min(0.0, 1.15 * float(known[share].min())), most=top),
    )
