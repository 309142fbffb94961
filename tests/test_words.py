"""Every text that a reader sees exists in every language, and no number is formatted by hand."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import kamlib
from kamlib import style

HOME = Path(kamlib.__file__).parent
KEYWORDS = {"text": None, "plural": (1, 2), "_": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def messages_of_the_code() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(HOME, method_map=METHODS, keywords=KEYWORDS)
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


SPEAKING = sorted(
    str(file.relative_to(HOME)) for part in ("report", "exhibits", "brief") for file in (HOME / part).rglob("*.py")
)


@pytest.mark.parametrize("module", ["export.py", *SPEAKING])
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
