"""Notebooks and dashboard as their users have them: a JupyterLab, and voila, each with a real browser before it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import nbformat
import pytest
from playwright.sync_api import TimeoutError as WaitedTooLong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PATIENCE = 180  # seconds, for a machine that has other things to do
LARGEST = "Fählau Verpackungsmaschinen KG"
LAB = ["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
LAB += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # else its server asks the Python index
VOILA = ["-m", "voila", "dashboard.ipynb", "--no-browser"]  # as in the Makefile
ERRORS = ", ".join(f'[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("error", "stderr"))
DRAWN = "image.complete && image.naturalWidth > 100 && image.offsetParent !== null"


# --- servers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """What runs on this machine alone: its address, the token that it asks for, and what it wrote."""

    address: str
    token: str
    log: Path

    def url(self, path: str = "") -> str:
        return f"{self.address}/{path}?token={self.token}"


@contextmanager
def serving(program: list[str], folder: Path) -> Iterator[Server]:
    """Run a server in ``folder`` with a home of its own, until the end of the block."""
    home, log = folder / "home", folder / "server.log"
    places = {"HOME": home, "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "work"}
    places |= {f"JUPYTER_{kind}_DIR": home / kind for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {"IPYTHONDIR": home / "ipython", "MPLCONFIGDIR": Path(mpl.get_cachedir())}  # fonts are known already
    environment = {**os.environ, **{name: str(place) for name, place in places.items()}, "OMP_NUM_THREADS": "1"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [sys.executable, *program, f"--port={port}"], cwd=folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT,
        ) as process,
    ):  # fmt: skip
        try:
            yield started(process, log)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def started(process: subprocess.Popen[bytes], log: Path) -> Server:
    """Wait until a server says where it is."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"(http://127\.0\.0\.1:\d+)/\S*\?token=(\w+)", log.read_text(errors="replace")):
            return Server(found[1], found[2], log)
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab on copies of the notebooks."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("lab")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with serving(LAB, folder) as server:
        yield server


@pytest.fixture(scope="module")
def app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard under voila, with the settings that lie beside it."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("app")
    for name in ("dashboard.ipynb", "voila.json"):
        shutil.copy(NOTEBOOKS / name, folder)
    with serving(VOILA, folder) as server:
        yield server


# --- pages ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """A page that was opened, and what it asked of others than this machine."""

    page: Page
    left: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """A function that opens a page of a server; should the test fail, it shows what the server wrote."""
    opened: list[tuple[Server, Page]] = []
    failures = request.session.testsfailed

    def open_page(server: Server, path: str = "") -> Visit:
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
        context.set_default_timeout(1000 * PATIENCE)
        seen = Visit(context.new_page())
        opened.append((server, seen.page))

        def refuse(route: Route) -> None:
            seen.left.append(route.request.url)
            route.abort()

        context.route(lambda url: urllib.parse.urlsplit(url).hostname not in {"127.0.0.1", None}, refuse)
        seen.page.on("websocket", lambda one: None if "//127.0.0.1:" in one.url else seen.left.append(one.url))
        seen.page.goto(server.url(path), wait_until="commit")
        return seen

    yield open_page
    for server, page in opened:
        if request.session.testsfailed > failures:
            page.screenshot(path=tmp_path / "failed.png")
            print(f"{tmp_path / 'failed.png'}\n{server.log.read_text(errors='replace')}")  # noqa: T201 - pytest shows it
        page.context.close()


def drawn(page: Page) -> list[bool]:
    """Tell of every chart of a page whether a reader sees it."""
    told: list[bool] = page.locator(".jp-OutputArea img").evaluate_all(f"all => all.map(image => {DRAWN})")
    return told


def move(page: Page, label: str) -> None:
    """Move the slider of that label by a step, and wait until what is shown is another chart."""
    before = page.locator(".kamlib-exhibit img:visible").get_attribute("src")
    press(page, label)
    page.wait_for_function(
        f"""before => [...document.querySelectorAll(".kamlib-exhibit img")].some(
            image => {DRAWN} && image.src !== before
        )""",
        arg=before,
    )


def press(page: Page, label: str) -> None:
    """Move the slider of that label by a step."""
    slider = page.locator(".widget-hslider").filter(has=page.get_by_text(label, exact=True))
    slider.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")


def in_lab(name: str) -> str:
    """Return the path at which JupyterLab opens a notebook alone, in a workspace of its own."""
    return f"lab/workspaces/{Path(name).stem}/tree/{name}"


def run_all(page: Page, cells: int) -> None:
    """Run a notebook, and wait until each of its code cells bears a number or one of them an error."""
    # JupyterLab says idle a moment before it knows its kernel, and who runs a cell then is asked which one to take.
    page.add_locator_handler(page.locator(".jp-Dialog .jp-mod-accept"), lambda button: button.click())
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    page.locator("#jp-main-statusbar").get_by_text(re.compile(r"Python 3.*Idle")).wait_for()
    begun = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[[\d*]"))
    for _ in range(8):  # a click right after a kernel turned idle can be lost
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            begun.first.wait_for(timeout=5000)
            break
        except WaitedTooLong:
            continue
    page.wait_for_function(
        """([cells, error]) => document.querySelector(error) || cells ===
            [...document.querySelectorAll(".jp-InputPrompt")].filter(one => /\\[\\d+\\]/.test(one.textContent)).length
        """,
        arg=[cells, ERRORS],
    )


def errors(page: Page) -> list[str]:
    """What cells and widgets complain of."""
    return page.locator(f"{ERRORS}, .kamlib-fault").all_inner_texts()


def squeezed(page: Page) -> list[str]:
    """Labels, buttons and boxes whose content does not find room in them."""
    found: list[str] = page.locator(".widget-hslider > .widget-label, .widget-toggle-button, .widget-box").evaluate_all(
        "all => all.filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    )
    return found


# --- a JupyterLab -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label", "least"),
    [
        ("02_how_concentrated", "Share of revenue", 6),
        ("06_what_would_it_cost", "Correlation through the economy", 6),
    ],
)
def test_a_notebook_runs_and_its_slider_moves_the_chart(
    lab: Server, name: str, label: str, least: int, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    seen = visit(lab, in_lab(f"{name}.ipynb"))
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    run_all(seen.page, sum(cell.cell_type == "code" for cell in cells))
    assert errors(seen.page) == []
    assert len(drawn(seen.page)) >= least
    move(seen.page, label)
    assert all(drawn(seen.page))
    assert errors(seen.page) == []
    assert squeezed(seen.page) == []
    assert seen.left == []
    seen.page.screenshot(path=tmp_path / f"{name}.png")


def test_the_dashboard_runs_in_a_notebook(lab: Server, visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit(lab, in_lab("dashboard.ipynb"))
    run_all(seen.page, 3)
    assert errors(seen.page) == []
    seen.page.locator(".lm-TabBar-tabLabel:visible", has_text="What if they leave?").click()
    seen.page.locator(".kamlib-figures").wait_for()
    seen.page.get_by_role("button", name="Loss of a year").click()
    move(seen.page, "Months until replaced")
    assert squeezed(seen.page) == []
    seen.page.get_by_role("button", name="Deutsch").click()
    seen.page.locator(".kamlib-figures", has_text="Mio.").wait_for()
    assert squeezed(seen.page) == []
    assert errors(seen.page) == []
    assert seen.left == []
    seen.page.screenshot(path=tmp_path / "dashboard.png")


# --- voila ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/kernels", "/api/contents"])
def test_without_the_token_nobody_gets_in(app: Server, path: str) -> None:
    asked = http.client.HTTPConnection(app.address.removeprefix("http://"), timeout=PATIENCE)
    asked.request("GET", path)
    answer = asked.getresponse()
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/login")
    asked.close()


def test_a_manager_moves_ticks_and_takes_files_along(app: Server, visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit(app)
    page = seen.page
    tabs = page.locator(".lm-TabBar-tabLabel")

    shown = page.locator(".kamlib-exhibit:visible")
    shown.wait_for()
    before = shown.inner_text()
    press(page, "growth")
    page.wait_for_function("before => document.querySelector('.kamlib-exhibit').innerText !== before", arg=before)
    page.screenshot(path=tmp_path / "1_key_accounts.png")

    tabs.nth(1).click()
    page.locator(".kamlib-figures").wait_for()
    figures = page.locator(".kamlib-figures").inner_text()
    page.get_by_label(LARGEST).check()
    page.locator("h3:visible", has_text=f"Without {LARGEST}").wait_for()
    assert page.locator(".kamlib-figures").inner_text() != figures
    page.screenshot(path=tmp_path / "2_who_leaves.png")
    page.get_by_role("button", name="Loss of a year").click()
    page.locator("h3:visible", has_text=f"Without {LARGEST}").wait_for(state="detached")
    move(page, "Correlation, economy")
    page.screenshot(path=tmp_path / "3_loss_of_a_year.png")

    tabs.nth(2).click()
    exhibit = page.locator("select[multiple]:visible option", has_text=f"Without {LARGEST}")
    page.locator("select[multiple]:visible").select_option(index=exhibit.evaluate("one => one.index"))
    page.get_by_role("button", name="Make the files").click()
    with page.expect_download() as download:
        page.locator(".kamlib-files a").click()
    page.screenshot(path=tmp_path / "4_files.png")
    assert download.value.suggested_filename == "deck.pptx"
    with zipfile.ZipFile(download.value.path()) as deck:
        slides = [deck.read(name).decode() for name in deck.namelist() if name.startswith("ppt/slides/slide")]
    assert any(LARGEST in slide for slide in slides)

    assert seen.left == []
    assert page.locator(".kamlib-fault").count() == 0
