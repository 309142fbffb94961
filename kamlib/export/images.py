"""Charts as pictures: PNG to project, SVG with text as text."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kamlib import style
from kamlib.checks import KamlibError
from kamlib.export.characters import legal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

    from kamlib.exhibits import Exhibit  # the type alone: what runs here knows no exhibits

DPI: Final = 300
_SCREEN: Final = 90  # dots an inch, with which the notebook's type is as large as the text beside it
_STRIP: Final = (9.6, 1.4)  # inches: drawn larger than printed, so that its type is as small as the sheet's
_PACKED: Final = 3  # of 9: half the time of the default 6 for a file that is a tenth larger


def figure(exhibit: Exhibit, *, size: str = "notebook") -> Figure:
    """Draw an exhibit's chart with its message, measure and note on a new figure, which pyplot shows in a notebook."""
    if exhibit.draw is None:
        raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx.")
    with style.use(size):
        drawn = plt.figure()
        ax = exhibit.draw(drawn.add_subplot())
        style.finish(ax, message=exhibit.message, measure=str(exhibit.measure), note=exhibit.note)
    return drawn


def pictures(exhibit: Exhibit, *, size: str = "slide", bare_only: bool = False) -> dict[str, bytes]:
    """Return the chart as PNG and SVG, and as the bare SVG that a page sets under a heading of its own."""
    if exhibit.draw is None:
        return {}
    with _sheet(size) as drawn:
        ax = exhibit.draw(drawn.add_subplot())
        drawn.tight_layout()
        made = {"bare": _svg(drawn)}
        if not bare_only:
            style.finish(ax, message=exhibit.message, measure=str(exhibit.measure), note=exhibit.note)
            made |= {"svg": _svg(drawn), "png": _png(drawn)}
        return made


def screen(exhibit: Exhibit, *, size: tuple[int, int]) -> bytes:
    """Return the bare chart as a PNG of ``size`` in pixels, drawn and packed for speed: it stands beside a slider."""
    if exhibit.draw is None:
        raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx.")
    with _sheet("notebook", figsize=(size[0] / _SCREEN, size[1] / _SCREEN)) as drawn:
        exhibit.draw(drawn.add_subplot())
        drawn.tight_layout(pad=0.4)
        return _png(drawn, dpi=_SCREEN)


def strip(draw: Callable[[Axes], Any]) -> bytes:
    """Return a low, wide chart without message or note as SVG, for a sheet that says these itself."""
    with _sheet("notebook", figsize=_STRIP) as drawn:
        draw(drawn.add_subplot())
        drawn.tight_layout(pad=0.3)
        return _svg(drawn)


@contextmanager
def _sheet(size: str, **options: Any) -> Iterator[Figure]:
    """Give an empty figure in the house style that pyplot knows nothing of."""
    with style.use(size), warnings.catch_warnings():
        # A control character in a name has no glyph; it is left out of the SVG and a box in the PNG.
        warnings.filterwarnings("ignore", r"Glyph (\d|[12]\d|3[01]|12[7-9]|1[345]\d) ", UserWarning)
        drawn = Figure(**options)
        FigureCanvasAgg(drawn)  # measures texts with one renderer, where a figure without it makes one for each
        yield drawn


def _svg(drawn: Figure) -> bytes:
    # No date and no program version: the same chart gives the same bytes.
    return legal(_saved(drawn, format="svg", metadata={"Date": None, "Creator": "kamlib"}).decode()).encode()


def _png(drawn: Figure, *, dpi: int = DPI) -> bytes:
    packed = {"compress_level": _PACKED}
    return _saved(drawn, format="png", dpi=dpi, metadata={"Software": "kamlib"}, pil_kwargs=packed)


def _saved(drawn: Figure, *, dpi: int = DPI, **how: Any) -> bytes:
    drawn.set_layout_engine(None)  # what a layout left behind would make matplotlib draw each picture twice
    buffer = io.BytesIO()
    drawn.savefig(buffer, dpi=dpi, **how)
    return buffer.getvalue()
