"""The pages say what the code does: defaults are the constants, the gallery has every exhibit, the site builds."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kamlib import exhibits

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ASSUMED = re.findall(
    r"^\| .* \| (.*) \| `([\w.]+)` \|$", (DOCS / "assumptions.md").read_text(encoding="utf-8"), re.MULTILINE
)


def constant(name: str) -> object:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(f"kamlib.{module}"), attribute)


@pytest.mark.parametrize(("told", "name"), ASSUMED, ids=[name for _, name in ASSUMED])
def test_the_assumptions_are_those_of_the_code(told: str, name: str) -> None:
    value = constant(name)
    values = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, tuple) else [value]
    assert [float(part) for part in told.split(",")] == values


def test_every_number_called_an_assumption_in_the_code_is_on_the_page() -> None:
    """A constant whose comment calls it an assumption belongs on the page."""
    named = {name.rpartition(".")[2] for _, name in ASSUMED}
    found = set()
    for path in (ROOT / "kamlib").rglob("*.py"):
        found |= set(
            re.findall(r"^([A-Z]\w*): Final = [\d{].*# .*assumption", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
    assert len(found) > 10
    assert found - named == {"CRITERIA"}  # weights, which the notebooks and the key account list itself set out


def test_the_gallery_has_every_exhibit() -> None:
    gallery = (DOCS / "gallery.md").read_text(encoding="utf-8")
    makers = {
        name
        for name in exhibits.__all__
        if inspect.isfunction(made := getattr(exhibits, name))
        and inspect.signature(made).return_annotation in {"Exhibit", exhibits.Exhibit}
    }
    assert len(makers) > 30
    assert {name for name in makers if f"exhibits.{name}(" not in gallery} == set()
    cells = re.findall(r"### \w+\n\n```\{code-cell\} ipython3\n(.*?)```", gallery, re.DOTALL)
    assert len(cells) >= len(makers)
    assert all(cell.count("\n") <= 2 for cell in cells)  # the two lines that make it


def test_the_pages_lines_on_pseudonyms_work_for_a_new_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As printed, in a home where no secret was ever made, and again when it is there."""
    page = (DOCS / "confidential.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    home = tmp_path / "home"
    monkeypatch.setattr(Path, "home", lambda: home)
    for name in ("KAMLIB_SECRET", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    sales = pd.DataFrame({"customer": ["K7", "K8"], "date": "2025-01-05", "revenue": [10.0, 20.0]})
    sales.to_csv("sales.csv", index=False)
    pd.DataFrame({"customer": ["K7", "K8"], "name": ["Acme Ltd", "Bolt AG"]}).to_excel("customers.xlsx", index=False)
    first, again = {}, {}
    for made in (first, again):
        exec(snippet, made)  # noqa: S102  # our own page
    assert first["place"].is_relative_to(home)
    assert first["hidden"].customers["name"].str.startswith("Kunde ").all()
    assert first["hidden"].customers["name"].tolist() == again["hidden"].customers["name"].tolist()


def test_every_page_is_linked_from_the_first() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert {path.stem for path in DOCS.glob("*.md")} - {"index"} == set(re.findall(r"^(\w+)$", index, re.MULTILINE))


def test_the_site_builds_without_a_warning_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-t", "quick", "-d", tmp_path / "trees"]
    built = subprocess.run([*command, DOCS, site], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-3000:]
    gallery = (site / "gallery.html").read_text(encoding="utf-8")
    assert gallery.count("data:image/svg+xml") > 20  # the cells were run
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    asked = [
        (page.name, address)
        for page in pages
        for address in re.findall(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["'](https?:[^"']*)""",
                                  page.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert asked == []
