from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from matplotlib.artist import Artist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure
    from matplotlib.text import Text

mpl.use("Agg")

# The same examples on every machine, however slow: a red run is to mean a fault, not bad luck.
settings.register_profile("kamlib", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kamlib")


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def _texts(figure: Figure) -> list[Text]:
    """Every text that a reader sees in a figure."""
    found = list(figure.texts)
    for ax in figure.axes:
        found += [*ax.texts, ax.xaxis.label, ax.yaxis.label]
        for axis in filter(Artist.get_visible, (ax.xaxis, ax.yaxis)):
            low, high = sorted(axis.get_view_interval())  # a tick beyond it exists, but is not drawn
            ticks = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
            found += [label for place, label in ticks if low <= place <= high]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def _touch(one: Text, other: Text) -> bool:
    """Tell whether two texts overlap; a label slanted by 45 degrees lies along the diagonal of its box."""
    slanted, straight = sorted((one, other), key=lambda text: text.get_rotation() != 45)
    height = slanted.get_fontsize() * slanted.figure.dpi / 72
    box, other_box = slanted.get_window_extent().padded(-0.5), straight.get_window_extent().padded(-0.5)
    if slanted.get_rotation() != 45:
        return bool(box.overlaps(other_box))
    if straight.get_rotation() == 45:  # they run side by side and both end at their anchors
        return bool(abs(box.x1 - other_box.x1) * 0.5**0.5 < height)
    along = np.linspace(box.min + height / 3, box.max - height / 3, 50)
    return any(other_box.padded(height / 3).contains(x, y) for x, y in along)


def _collisions(figure: Figure) -> list[str]:
    """Name each pair of texts that overlap, and each text that sticks out of the figure."""
    figure.canvas.draw()
    texts = _texts(figure)
    boxes = [(text, text.get_window_extent().padded(-0.5)) for text in texts]
    width, height = figure.bbox.size
    outside = [text for text, box in boxes if min(*box.min) < 0 or box.x1 > width or box.y1 > height]
    pairs = [pair for pair in itertools.combinations(texts, 2) if _touch(*pair)]
    return [repr(text.get_text()) for text in outside] + [f"{a.get_text()!r} on {b.get_text()!r}" for a, b in pairs]


@pytest.fixture
def collisions() -> Callable[[Figure], list[str]]:
    """A function that names the texts of a figure which overlap each other or leave it."""
    return _collisions


@pytest.fixture
def texts() -> Callable[[Figure], list[Text]]:
    """A function that lists the texts a reader sees in a figure."""
    return _texts


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets that lies beside the checkout; KAMLIB_SHARED_DATA names another place."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("KAMLIB_SHARED_DATA", beside))
    if not (folder / "online_retail_2011.parquet").is_file():
        missing = f"the public data sets are not in {folder}; set KAMLIB_SHARED_DATA to the folder that holds them"
        if os.environ.get("CI", "").casefold() == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder
