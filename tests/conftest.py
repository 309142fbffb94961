from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

from kamlib import datasets, report
from kamlib.exhibits.checking.picture import collisions_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from playwright.sync_api import Browser

    from kamlib.report import Report

mpl.use("Agg")

# The same examples on every machine, however slow: a red run is to mean a fault, not bad luck.
settings.register_profile("kamlib", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kamlib")


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def _collisions(figure: Figure) -> list[str]:
    """Name each pair of texts that overlap, and each text that sticks out of the figure."""
    figure.canvas.draw()
    return collisions_of(figure)


@pytest.fixture
def collisions() -> Callable[[Figure], list[str]]:
    """A function that names the texts of a figure which overlap each other or leave it."""
    return _collisions


@pytest.fixture
def texts() -> Callable[[Figure], list[Text]]:
    """A function that lists the texts a reader sees in a figure."""
    return texts_of


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


@pytest.fixture(scope="session")
def shipped_report() -> Callable[[str], Report]:
    """A function that gives the whole report on the shipped company in a language: made once, not to be changed."""

    @functools.cache
    def built(language: str) -> Report:
        sales = datasets.read()
        costs = datasets.fixed_costs(as_of=sales.last_day)
        return report.build(sales, as_of=sales.last_day, language=language, fixed_costs=costs)

    return built


# Nothing that a browser of today asks its maker for at a start.
_QUIET = ("no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium without a window; without one, tests of pages are left out, but not under CI=true."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing = "no Chromium on this machine, so no page was tried in a browser; apt-get install chromium"
        if os.environ.get("CI", "").casefold() == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[f"--{option}" for option in _QUIET])
        yield started
        started.close()
