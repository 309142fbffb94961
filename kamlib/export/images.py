"""Charts as pictures: PNG to project, SVG with text as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from kamlib import style
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from kamlib.exhibits import Exhibit  # the type alone: what runs here knows no exhibits

DPI: Final = 300
_STRIP: Final = (9.6, 1.4)  # inches: drawn larger than printed, so that its type is as small as the sheet's


def figure(exhibit: Exhibit, *, size: str = "notebook") -> Figure:
    """Draw an exhibit's chart with its message, measure and note on a new figure, which pyplot shows in a notebook."""
    if exhibit.draw is None:
        raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx.")
    with style.use(size):
        drawn = plt.figure()
        ax = exhibit.draw(drawn.add_subplot())
        style.finish(ax, message=exhibit.message, measure=exhibit.measure, note=exhibit.note)
    return drawn


def pictures(exhibit: Exhibit, *, size: str = "slide") -> dict[str, bytes]:
    """Return the chart as PNG and SVG, and as the bare SVG that a page sets under a heading of its own."""
    if exhibit.draw is None:
        return {}
    with style.use(size):
        drawn = Figure()
        ax = exhibit.draw(drawn.add_subplot())
        drawn.tight_layout()
        bare = _rendered(drawn, "svg")
        style.finish(ax, message=exhibit.message, measure=exhibit.measure, note=exhibit.note)
        return {"bare": bare, "svg": _rendered(drawn, "svg"), "png": _rendered(drawn, "png")}


def _rendered(drawn: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    # No date and no program version: the same chart gives the same bytes.
    metadata = {"Date": None, "Creator": "kamlib"} if form == "svg" else {"Software": "kamlib"}
    drawn.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
    return buffer.getvalue()


def strip(draw: Callable[[Axes], Any]) -> bytes:
    """Return a low, wide chart without message or note as SVG, for a sheet that says these itself."""
    with style.use("notebook"):
        drawn = Figure(figsize=_STRIP)
        draw(drawn.add_subplot())
        drawn.tight_layout(pad=0.3)
        return _rendered(drawn, "svg")
