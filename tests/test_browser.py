"""The report's page in a real browser: nothing asked of the network, tables sort, it prints, it is accessible."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pandas as pd
import pytest

from kamlib import export, report
from kamlib.exhibits import Exhibit, Measure
from kamlib.style import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from playwright.sync_api import Browser, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
NAMES = [
    "Zeta",
    "ägir",
    "Beta 10",
    "Beta 9",
    "<img src=x onerror=\"document.title='acted'\">",
    '"><script>alert(1)</script>',
]
# Neither these values nor the days are in the order of their texts: as texts, 1,234.50 < 20.00 < 9.00.
REVENUE = [1234.5, 9.0, -20.25, 1_000_000.0, None, 20.0]
SHARE = [0.095, 0.11, 0.5, 0.02, 0.1, 0.175]
DAYS = ["2025-12-31", None, "2026-01-02", "2025-02-10", "2024-11-05", "2025-03-01"]


def bars(ax: Axes) -> Axes:
    ax.bar([0, 1], [1.0, 2.0])
    return ax


def exhibit(words: Words, *, key: str = "figures", rows: int | None = None, chart: bool = False) -> Exhibit:
    table = pd.DataFrame({"name": NAMES, "revenue": REVENUE, "share": SHARE, "day": pd.to_datetime(DAYS)})
    if rows:
        table = pd.concat([table] * (rows // len(table) + 1)).head(rows)
    columns = {
        "name": ("Customer", "text"),
        "revenue": ("Revenue", "cents"),
        "share": ("Share", "percent"),
        "day": ("Day", "date"),
    }
    measure = Measure("Customers by net revenue", "EUR and %", "2025", "actual")
    message = f"A message for {NAMES[-1]} and {NAMES[-2]}"
    return Exhibit(key, message, measure, table, columns, "A note.", words, bars if chart else None)


def content(*exhibits: Exhibit) -> dict[str, Any]:
    section = SimpleNamespace(
        key="one", title="How concentrated are we?", lead="A lead.", skipped=(NAMES[-1],), exhibits=exhibits
    )
    return {
        "title": f"A report on {NAMES[-2]}",
        "subtitle": "2025",
        "findings": NAMES[-2:],
        "sections": [section],
        "colophon": "A colophon.",
    }


@dataclass(frozen=True)
class Visit:
    """A page that was opened, with what it asked for and complained of."""

    page: Page
    asked: list[str]
    complaints: list[str]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A function that opens a file in a browser of its own which reaches nothing but files."""
    contexts = []

    def opened(path: Path, **options: Any) -> Visit:
        context = browser.new_context(**options)
        contexts.append(context)
        seen = Visit(context.new_page(), [], [])
        context.on("request", lambda request: seen.asked.append(request.url))
        context.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
        seen.page.goto(path.as_uri())
        return seen

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, shipped_report: Callable[[str], report.Report]
) -> dict[str, Path]:
    """The page on the shipped company in each language."""
    pages = {}
    for language in ("en", "de"):
        built = shipped_report(language)
        charts = {
            one.key: export.pictures(one, bare_only=True)["bare"] for one in built.exhibits if one.draw is not None
        }
        text = export.page(report.run._content(built), charts=charts, words=built.setting.words)
        pages[language] = tmp_path_factory.mktemp("page") / "index.html"
        pages[language].write_text(text, encoding="utf-8")
    return pages


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def small(language: str, tmp_path: Path) -> Path:
    """A page with one table of names that would act if they could."""
    words = Words(language, "EUR")
    path = tmp_path / "small.html"
    path.write_text(export.page(content(exhibit(words)), charts={}, words=words), encoding="utf-8")
    return path


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"table.sortable tbody td:nth-child({number})").all_inner_texts()


def test_the_page_asks_for_nothing_and_complains_of_nothing(
    reports: dict[str, Path], language: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(reports[language])
    page = seen.page
    page.locator("details").first.evaluate("details => details.open = true")
    page.locator("table.sortable th button").first.click()
    assert [url for url in seen.asked if not url.startswith("data:")] == [reports[language].as_uri()]
    assert seen.complaints == []
    assert page.locator("html").get_attribute("lang") == language
    drawn = page.locator("figure img").evaluate_all("all => all.map(one => one.complete && one.naturalWidth > 100)")
    assert len(drawn) > 15
    assert all(drawn)  # each chart is an SVG that a browser can read


def test_tables_sort_by_what_is_meant(small: Path, language: str, visit: Callable[..., Visit]) -> None:
    page, words = visit(small).page, Words(language)
    present = [value for value in REVENUE if value is not None]
    page.get_by_role("button", name="Revenue").click()
    assert column(page, 2) == [*(words.figure(value, "cents") for value in sorted(present)), ""]
    heading = page.locator("th", has_text="Revenue")
    assert heading.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Revenue").click()
    assert column(page, 2) == [*(words.figure(value, "cents") for value in sorted(present, reverse=True)), ""]
    assert heading.get_attribute("aria-sort") == "descending"
    assert column(page, 1)[0] == "Beta 9"  # whole rows move
    page.get_by_role("button", name="Share").click()
    assert column(page, 3) == [words.figure(value, "percent") for value in sorted(SHARE)]
    assert heading.get_attribute("aria-sort") is None


def test_tables_sort_by_keyboard(small: Path, language: str, visit: Callable[..., Visit]) -> None:
    page, words = visit(small).page, Words(language)
    page.get_by_role("button", name="Share").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert focused == ["Day", "solid"]
    days = sorted(dt.date.fromisoformat(day) for day in DAYS if day)
    page.keyboard.press("Enter")
    assert column(page, 4) == [*map(words.date, days), ""]
    page.keyboard.press("Space")
    assert column(page, 4) == [*map(words.date, reversed(days)), ""]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert [name for name in column(page, 1) if name in NAMES[:4]] == ["ägir", "Beta 9", "Beta 10", "Zeta"]


def test_a_name_does_nothing(small: Path, visit: Callable[..., Visit]) -> None:
    seen = visit(small)
    assert seen.page.title() == f"A report on {NAMES[-2]}"
    assert seen.page.locator("main img, main script").count() == 0
    assert NAMES[-1] in column(seen.page, 1)
    # Even markup that got in would be barred: the page runs its own script and no other.
    seen.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', `<img src='' onerror='document.title=\"acted\"'>`)"
    )
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = \"ran\"'}))"
    )
    seen.page.wait_for_function("document.images.length === 0 || [...document.images].every(one => one.complete)")
    assert seen.page.title() == f"A report on {NAMES[-2]}"
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)


def test_without_script_everything_is_there(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    words = Words()
    one = exhibit(words, rows=250)
    path = tmp_path / "long.html"
    path.write_text(export.page(content(one), charts={}, words=words), encoding="utf-8")
    page = visit(path, java_script_enabled=False).page
    assert page.locator("th").all_inner_texts() == ["Customer", "Revenue", "Share", "Day"]
    assert page.locator("tbody tr").count() == 100  # of a long table the first ones, and a word on where the rest is
    assert page.get_by_text("The first 100 of 250 rows; all of them are in tables.xlsx.").is_visible()


def test_the_page_prints_to_a4(reports: dict[str, Path], language: str, visit: Callable[..., Visit]) -> None:
    printed = visit(reports[language]).page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[([^\]]+)\]", printed)
    assert 12 <= len(boxes) <= 45
    for box in boxes:
        assert [float(side) for side in box.split()] == pytest.approx([0, 0, 595, 842], abs=1.5)


def test_on_paper_charts_and_open_tables_stay(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    words = Words()
    one, other = (exhibit(words, key=key, chart=True) for key in ("first", "second"))
    charts = {each.key: export.pictures(each, bare_only=True)["bare"] for each in (one, other)}
    path = tmp_path / "two.html"
    path.write_text(export.page(content(one, other), charts=charts, words=words), encoding="utf-8")
    page = visit(path).page
    page.locator("#first summary").click()
    page.emulate_media(media="print")
    assert page.locator("#first table").is_visible()
    assert not page.locator("#second table").is_visible()
    headings = page.locator("#first th")
    assert headings.all_inner_texts() == ["Customer", "Revenue", "Share", "Day"]
    assert not headings.get_by_role("button").first.is_visible()  # it would be missing where the heading is repeated
    assert not page.get_by_role("navigation").is_visible()
    for key in ("first", "second"):
        box = page.locator(f"#{key} img").bounding_box()
        assert box is not None
        assert 200 < box["height"] < 400  # two charts with their texts have room on a sheet


@pytest.mark.parametrize(("rows", "scrolled"), [(8, False), (15, False), (16, True)])
def test_only_long_tables_scroll_in_a_box(
    rows: int, *, scrolled: bool, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    path = tmp_path / "rows.html"
    path.write_text(export.page(content(exhibit(Words(), rows=rows)), charts={}, words=Words()), encoding="utf-8")
    page = visit(path, viewport={"width": 500, "height": 900}).page  # the name that would act runs over three lines
    box = page.locator(".scroll")
    assert box.evaluate("one => one.scrollHeight > one.clientHeight") is scrolled
    page.emulate_media(media="print")
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight")


def headings_on_paper(page: Page) -> list[tuple[str, int]]:
    """Return every heading with the number of the object that its printed page is, as the outline of the PDF has it."""
    printed = page.pdf(prefer_css_page_size=True, outline=True, tagged=True).decode("latin-1")
    found = re.findall(r"/Title \(([^)]*)\)\n/Dest \[(\d+) 0 R ", printed)
    return [(title, int(sheet)) for title, sheet in found]


@pytest.mark.parametrize("charted", [False, True])
def test_a_section_is_not_torn_from_its_heading(tmp_path: Path, visit: Callable[..., Visit], *, charted: bool) -> None:
    words = Words()
    drawn = exhibit(words, key="drawn", rows=6, chart=charted).reworded("The first message")
    charts = {"drawn": export.pictures(drawn, bare_only=True)["bare"]} if charted else {}
    sections = [
        SimpleNamespace(
            key="two",
            title="A question",
            lead="A lead that fills two lines. " * 6,
            skipped=("A remark that fills two lines. " * 5,),
            exhibits=[drawn],
        )
    ]
    page = visit(tmp_path).page
    path, apart = tmp_path / "torn.html", set()
    for rows in range(1, 25, 3):  # wherever on its page the section begins
        before = content(exhibit(words, rows=rows).reworded("What comes before"))
        told = before | {"sections": [*before["sections"], *sections]}
        path.write_text(export.page(told, charts=charts, words=words), encoding="utf-8")
        page.goto(path.as_uri())
        sheets = dict(headings_on_paper(page))
        assert sheets["A question"] == sheets["The first message"], rows
        apart.add(sheets["What comes before"] == sheets["A question"])
        page.emulate_media(media="print")
        kept = page.locator(".lead, section > .note").evaluate_all(
            "all => all.map(one => getComputedStyle(one).breakInside)"
        )
        assert set(kept) == {"avoid"}
        page.emulate_media(media=None)
    assert False in apart  # it was moved to the next page at least once


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(reports: dict[str, Path], scheme: str, visit: Callable[..., Visit]) -> None:
    page = visit(reports["de" if scheme == "dark" else "en"], color_scheme=scheme, bypass_csp=True).page
    page.locator("details").evaluate_all("all => all.slice(0, 3).forEach(one => one.open = true)")
    page.locator("table.sortable th button").first.click()
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 6)').forEach(row => row.remove())")  # all alike
    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 20  # it did look
    faults = [
        (one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in {"serious", "critical"}
    ]
    assert faults == []


def test_a_phone_scrolls_charts_and_not_the_page(reports: dict[str, Path], visit: Callable[..., Visit]) -> None:
    page = visit(reports["en"], viewport={"width": 390, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    chart = page.locator("figure").first
    assert chart.evaluate("one => one.scrollWidth > one.clientWidth && one.tabIndex === 0")
    drawn = page.locator("figure img").evaluate_all("all => all.map(one => one.clientWidth)")
    assert set(drawn) == {640}  # 40rem: no wider than it must be to be read
