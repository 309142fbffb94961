"""Every text that a reader sees exists in every language, and no number is formatted by hand."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from matplotlib.figure import Figure
from matplotlib.text import Text

import kamlib
from kamlib import brief, datasets, export, report, style

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(kamlib.__file__).parent
KEYWORDS = {"text": None, "plural": (1, 2), "_": None, "DataLacks": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def messages_of_the_code() -> set[str | tuple[str, ...]]:
    found = [
        *extract_from_dir(HOME, method_map=METHODS, keywords=KEYWORDS),
        *extract_from_dir(HOME.parent / "notebooks", method_map=[("0*.py", "python")], keywords=KEYWORDS),
    ]
    return {message for _, _, message, _, _ in found}


def catalogue_of(language: str) -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    with (style.CATALOGUES / language / "LC_MESSAGES" / "kamlib.po").open("rb") as file:
        catalogue = read_po(file, locale=language, domain="kamlib")
    return {
        tuple(m.id) if isinstance(m.id, (list, tuple)) else m.id: m.string for m in catalogue if m.id and not m.fuzzy
    }


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [language for language in style.LANGUAGES if language != "en"])
def test_the_catalogue_holds_exactly_the_messages_of_the_code(language: str) -> None:
    code, catalogue = messages_of_the_code(), catalogue_of(language)
    assert len(code) > 100  # the extraction works at all
    assert sorted(map(str, code - catalogue.keys())) == []
    assert sorted(map(str, catalogue.keys() - code)) == []


@pytest.mark.parametrize("language", [language for language in style.LANGUAGES if language != "en"])
def test_every_message_is_translated_with_the_same_fields(language: str) -> None:
    for message, translated in catalogue_of(language).items():
        originals = message if isinstance(message, tuple) else (message,)
        strings = translated if isinstance(translated, tuple) else (translated,)
        assert all(strings), message
        assert set.union(*map(fields, originals)) >= set.union(*map(fields, strings)), message
        assert fields(originals[-1]) == fields(strings[-1]), message


PARTS = ("report", "exhibits", "brief", "export", "plots", "workshop", "dashboard", "walkthrough")
WRITTEN_FOR_MACHINES = {  # numbers in XML, as a browser's steps, and in a file whose figures an exercise has to read
    "export/powerpoint/markup.py", "export/powerpoint/sheet.py", "export/powerpoint/text.py", "dashboard/explore.py",
    "workshop/material.py",
}  # fmt: skip
SPEAKING = sorted(
    {str(file.relative_to(HOME)) for part in PARTS for file in (HOME / part).rglob("*.py")} - WRITTEN_FOR_MACHINES
)


@pytest.mark.parametrize("module", SPEAKING)
def test_no_sentence_bypasses_the_catalogue(module: str) -> None:
    """An f-string in the modules that speak to readers serves keys, paths and errors only, never a sentence."""
    tree = ast.parse((HOME / module).read_text(encoding="utf-8"))
    raised = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    written = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and id(node) not in raised
        if any(isinstance(part, ast.FormattedValue) and part.format_spec for part in node.values)
    ]
    assert written == []


# --- a third language: every text marked, every number in its style --------------------------------------------------

OPEN, CLOSE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
BY_HAND = re.compile(r"\d[.]\d|\d,\d{3},\d|\d%")  # French writes 1 234,5 and 12 %


def pseudo(message: str) -> str:
    """Return a message without the figures that its translator would write in another style."""
    return re.sub(r"\d(?![^{]*})", "x", message)


def unmarked(text: str, known: set[str]) -> str:
    """Return what is left of ``text`` without what comes from the catalogue and from the ledger."""
    for name in sorted((name for name in known if name in text), key=len, reverse=True):
        text = text.replace(name, "")
    while (stripped := MARKED.sub("", text)) != text:
        text = stripped
    return text


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[report.Report, set[str]]]:
    """Build the shipped company's report in a made-up French that puts every text of the catalogue in brackets."""
    folder = tmp_path_factory.mktemp("locale")
    catalogue = Catalog(locale="fr", domain="kamlib")
    for message in messages_of_the_code():
        forms = message if isinstance(message, tuple) else (message,)
        told = tuple(f"{OPEN}{pseudo(form)}{CLOSE}" for form in forms)
        catalogue.add(message, told if isinstance(message, tuple) else told[0])
    catalogue["d MMM y"].string = "dd/MM/y"
    path = folder / "fr" / "LC_MESSAGES" / "kamlib.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    sales = datasets.read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "CATALOGUES", folder)
        patch.setattr(style, "LANGUAGES", ("en", "fr"))
        style._translations.cache_clear()
        costs = datasets.fixed_costs(as_of=sales.last_day)
        built = report.build(sales, as_of=sales.last_day, language="fr", fixed_costs=costs)
        master = sales.customers
        assert master is not None
        own = {str(value) for column in master.select_dtypes("str") for value in master[column].dropna()}
        contacts = sales.contacts
        assert contacts is not None
        own |= {str(value) for column in ("kind", "owner", "outcome") for value in contacts[column].dropna()}
        own |= set(Locale.parse("fr").months["format"]["abbreviated"].values())
        yield built, own | {"EUR"} | set(sales.audit.format["columns"].values())
    style._translations.cache_clear()


def test_a_third_language_is_one_catalogue_away(marked: tuple[report.Report, set[str]]) -> None:
    built, known = marked
    assert len(built.exhibits) > 30
    left: list[str] = []
    for exhibit in built.exhibits:
        said = [exhibit.message, str(exhibit.measure), exhibit.note, *(title for title, _ in exhibit.columns.values())]
        for name, (_, kind) in exhibit.columns.items():
            said += [exhibit.words.figure(value, kind) for value in exhibit.table[name] if kind != "each"]
        left += [f"{exhibit.key}: {text}" for text in said if re.search(r"[^\W\d_]{2}", unmarked(text, known))]
        left += [f"{exhibit.key}: {text}" for text in said if BY_HAND.search(text)]
    assert left == []


def test_charts_speak_the_third_language(marked: tuple[report.Report, set[str]]) -> None:
    built, known = marked
    left: list[str] = []
    for exhibit in built.exhibits:
        if exhibit.draw is None:
            continue
        with style.use("slide"):
            figure = Figure()
            exhibit.draw(figure.add_subplot())
            figure.canvas.draw()
        for text in figure.findobj(Text):
            said = text.get_text().replace("\n", " ")
            if said.endswith("\N{HORIZONTAL ELLIPSIS}"):  # what was cut off: of a name or of a marked text
                said = said[:-1] + CLOSE * (said.count(OPEN) - said.count(CLOSE))
                begun = {name[: len(said)] for name in known}
            else:
                begun = set()
            if re.search(r"[^\W\d_]{2}", unmarked(said, known | begun)) or BY_HAND.search(said):
                left.append(f"{exhibit.key}: {said}")
    assert left == []


class Said(HTMLParser):
    """Collects what a reader of a page is told: its texts, and those of its attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in {"alt", "title", "aria-label"} and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent &= tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def test_the_page_and_the_brief_speak_the_third_language(
    marked: tuple[report.Report, set[str]], tmp_path: Path
) -> None:
    built, known = marked
    page = export.page(report.run._content(built), charts={}, words=built.setting.words)
    about = brief.of(datasets.read(), "Zirlbrunner", as_of=built.setting.end, language="fr")
    leaflet = brief.write(about, tmp_path / "brief.html").read_text(encoding="utf-8")
    known = known | {"kamlib", built.setting.source}
    for text in (page, leaflet):
        said = Said(text).texts
        assert len(said) > 50
        left = [one for one in said if re.search(r"[^\W\d_]{2}", unmarked(one, known))]
        assert left == []
