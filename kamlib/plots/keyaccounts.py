"""Where key accounts stand: attractive or not, well held or not, and which side needs the other more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.transforms import offset_copy

from kamlib import checks, style
from kamlib.plots import parts
from kamlib.plots.placing import Names
from kamlib.style import COLOURS, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    from kamlib.checks import FloatArray

_NAME: Final = 20  # characters of a name beside a bubble
_LARGEST: Final = 1.9  # radius of the largest bubble, in font sizes
_DOT: Final = 5.0  # radius in points where size means nothing
_ROOM: Final = (0.07, 0.13)  # of the width and the height, so that bubbles on the rim are whole
_SEEN: Final = 0.15  # of a half that has no bubble
_UNKNOWN: Final = (1.0, 1.0, 1.0)  # a hollow bubble
_RISKS: Final = (0.1, 0.2, 0.5, 1.0)  # where the colour scale of risks may end


def portfolio(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    named: int = 25,
    splits: tuple[float, float] = (0.5, 0.5),
) -> Axes:
    """Draw the portfolio matrix: a bubble an account, its area the revenue, its colour the risk where that is known.

    Names that find no room are left out, those of the smallest accounts first; the caption says how many are there.

    Parameters
    ----------
    table : DataFrame
        One row an account: revenue, attractiveness and position (0..1; without one of them it has no place), name
        (else the index), and risk (0..1) where there is one.
    named : int
        How many of the largest accounts bear their name at most.
    splits : (float, float)
        Attractiveness and position from which on they are high.
    """
    parts.require(table, ("revenue", "attractiveness", "position"))
    placed = table[(table["revenue"] > 0) & table[["attractiveness", "position"]].notna().all(axis=1)]
    if placed.empty:
        raise checks.KamlibError(
            "table has no account with revenue, attractiveness and position, so there is no matrix."
        )
    placed = placed.sort_values("revenue", ascending=False, kind="stable")  # small bubbles lie on large ones
    ax = parts.axes(ax)
    revenue, points = placed["revenue"].to_numpy(), placed[["position", "attractiveness"]].to_numpy()
    radius = _LARGEST * style.small() * np.sqrt(revenue / revenue[0])
    key = _size_key(ax, revenue[0], radius[0], words)
    risk = placed["risk"].to_numpy(dtype=np.float64) if "risk" in placed else None
    colours = [parts.tint("actual", 0.6)] * len(placed) if risk is None else _risk_colours(ax, risk, key, words)
    rims = [COLOURS["note" if colour == _UNKNOWN else "paper"] for colour in colours]
    ax.scatter(points[:, 0], points[:, 1], s=(2 * radius) ** 2, c=colours, edgecolors=rims, lw=0.8, zorder=2)
    ax.axhline(splits[0], color=COLOURS["note"], lw=1, ls="--", zorder=1)
    ax.axvline(splits[1], color=COLOURS["note"], lw=1, ls="--", zorder=1)
    ax.set(xlim=_limits(points[:, 0], splits[1], _ROOM[0]), ylim=_limits(points[:, 1], splits[0], _ROOM[1]))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.xaxis.labelpad = 8 + style.small()  # below the names of the quadrants
    _quadrant_names(ax, words)
    parts.caption(ax.yaxis, words.text("attractiveness, from low to high"))

    shown = parts.names(placed, _NAME)
    Names(
        ax,
        shown[: checks.whole(named, name="named")],
        points,
        radius=radius,
        report=_caption_of(ax, words.text("own position, from weak to strong"), len(placed), words),
    )
    return ax


def dependence(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    words: Words = style.ENGLISH,
    named: int = 12,
    major: float = 0.1,
    material: float = 0.01,
) -> Axes:
    """Draw how much each account depends on us against how much we depend on it; where we are weaker is shaded.

    Parameters
    ----------
    table : DataFrame
        One row an account: their_dependence (0..1), share_of_margin (else share_of_revenue), weaker_side, name (else
        the index).
    named : int
        How many accounts bear their name at most, those where we are the weaker side first, then the largest.
    major, material : float
        Share where our dependence is full, and below which no side is called weaker: what ``table`` was made with.
    """
    share = "share_of_margin" if "share_of_margin" in table else "share_of_revenue"
    parts.require(table, ("their_dependence", share, "weaker_side"))
    known = table.dropna(subset=["their_dependence", share])
    if known.empty:
        raise checks.KamlibError(f"table has no account with both 'their_dependence' and {share!r}.")
    known = known.sort_values(["weaker_side", share], ascending=False, kind="stable")
    ax = parts.axes(ax)
    points, weaker = known[["their_dependence", share]].to_numpy(), known["weaker_side"].to_numpy(dtype=bool)
    right, top = 1.15 * points[:, 0].max() or 1.0, max(1.2 * points[:, 1].max(), 2 * material)
    x = np.array([0.0, material / major, max(right, 1.0)])
    border = np.maximum(material, major * x)
    ax.fill_between(x, border, np.maximum(border, top), color=parts.tint("bad", 0.1), lw=0, zorder=0)
    ax.plot(x, border, color=COLOURS["note"], lw=1, ls="--", zorder=1)
    colours = np.where(weaker, COLOURS["bad"], COLOURS["previous"])
    ax.scatter(points[:, 0], points[:, 1], s=(2 * _DOT) ** 2, c=colours, edgecolors=COLOURS["paper"], lw=0.8, zorder=2)
    corner: dict[str, Any] = {"xycoords": "axes fraction", "ha": "left", "va": "top", "weight": "bold"}
    region = parts.label(ax, words.text("we are the weaker side"), (0, 1), (5, -4), color=COLOURS["bad"], **corner)

    low = min(0.0, 1.15 * points[:, 1].min())
    ax.set(xlim=(0, right), ylim=(low, top))
    for axis, floor, ceiling in ((ax.xaxis, 0.0, right), (ax.yaxis, low, top)):
        ticks = parts.nice_ticks(ceiling, floor)
        parts.percent_ticks(axis, words, ticks, digits=max(0, parts.digits(ticks) - 2))
    if low < 0:
        ax.axhline(0, color=COLOURS["note"], lw=1, zorder=1)
    ours = words.text("share of our margin") if share == "share_of_margin" else words.text("share of our revenue")
    parts.caption(ax.yaxis, ours)
    strong, quiet = {"color": COLOURS["bad"], "weight": "bold", "path_effects": ()}, {"color": COLOURS["note"]}
    shown = parts.names(known, _NAME)[: checks.whole(named, name="named")]
    Names(
        ax,
        shown,
        points,
        radius=np.full(len(points), _DOT),
        clear_of=[region],
        report=_caption_of(ax, words.text("how much it depends on us"), len(known), words),
        fonts=[strong if one else quiet for one in weaker],
    )
    return ax


def _caption_of(ax: Axes, axis: str, accounts: int, words: Words) -> Callable[[int], None]:
    """Return what writes the caption of the x axis once it is known how many accounts bear their name."""
    parts.caption(ax.xaxis, axis)

    def report(shown: int) -> None:
        told = words.plural(
            "{shown} of {n} account named", "{shown} of {n} accounts named", accounts, shown=words.number(shown)
        )
        ax.xaxis.label.set_text(axis if shown == accounts else f"{axis} ({told})")

    return report


def _limits(places: FloatArray, split: float, room: float) -> tuple[float, float]:
    """Return the limits of an axis: key accounts crowd where they are, so an empty half is not drawn in full."""
    low, high = min(places.min(), split - _SEEN), max(places.max(), split + _SEEN)
    return low - room * (high - low), high + room * (high - low)


def _quadrant_names(ax: Axes, words: Words) -> None:
    """Write the name of each quadrant, and what it asks for, outside its corner: inside, bubbles are in the way."""
    told = (
        (words.text("streamline: serve at low cost"), words.text("status: keep")),
        (words.text("star: win over"), words.text("strategic: develop together")),
    )
    for y, beside in ((0, {"va": "top"}), (1, {"va": "bottom"})):
        for x, side in ((0, {"ha": "left"}), (1, {"ha": "right"})):
            look: dict[str, Any] = {"xycoords": "axes fraction", "color": COLOURS["note"], "weight": "bold"}
            parts.label(ax, told[y][x], (x, y), (0, 8 * y - 4), **look, **side, **beside)


def _size_key(ax: Axes, most: float, radius: float, words: Words) -> Any:
    """Draw a bubble of a round amount above the axes, and say how much it is."""
    amount = parts.nice_ticks(0.2 * most, most=2)[-1]
    size = radius * np.sqrt(amount / most)
    # As an offset in points, it stands above the names of the quadrants whatever the size of the axes.
    height = 12 + 1.5 * style.small()
    place = offset_copy(ax.transAxes, ax.get_figure(root=True), x=size, y=height, units="points")
    ring: dict[str, Any] = {"color": "none", "markeredgecolor": COLOURS["note"], "clip_on": False}
    ax.plot(0, 1, marker="o", markersize=2 * size, transform=place, **ring)
    told = words.text("{amount} of revenue", amount=words.amount(amount))
    key: dict[str, Any] = {"xycoords": "axes fraction", "ha": "left", "va": "center", "color": COLOURS["note"]}
    return parts.label(ax, told, (0, 1), (2 * size + 4, height), **key)


def _risk_colours(ax: Axes, risk: FloatArray, key: Any, words: Words) -> list[Any]:
    """Return a colour for each risk, and write the scale above the axes behind the other ``key``."""
    checks.numbers(risk[~np.isnan(risk)], name="risk")
    highest = next((top for top in _RISKS if top >= np.nanmax(risk, initial=0.0)), None)
    if highest is None or np.nanmin(risk, initial=0.0) < 0:
        raise checks.KamlibError("risk must be a fraction between 0 and 1; per cent are divided by 100.")

    def colour(of: float) -> Any:
        return _UNKNOWN if np.isnan(of) else parts.tint("bad", of / highest, ground="quiet")

    note = COLOURS["note"]
    key = parts.beside(ax, words.text("risk of loss:"), key, gap=24, color=note)
    scale = [("\N{BLACK CIRCLE}", colour(step), words.percent(step, 0)) for step in (0.0, highest / 2, highest)]
    if np.isnan(risk).any():
        scale.append(("\N{WHITE CIRCLE}", note, words.text("not known")))
    for sign, shade, told in scale:
        key = parts.beside(ax, sign, key, color=shade)
        key = parts.beside(ax, told, key, gap=3, color=note)
    return [colour(one) for one in risk]
