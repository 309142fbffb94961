"""Exhibits to files: the page, the workbook, the deck, pictures, JSON. The only module that writes results."""

from kamlib.export.excel import workbook
from kamlib.export.files import (
    as_json,
    aside,
    check_key_table,
    deck,
    document,
    folder,
    key_table,
    plain,
    private,
    save,
    vacant,
)
from kamlib.export.images import figure, pictures, screen, strip
from kamlib.export.powerpoint import check_template, presentation
from kamlib.export.web import fragment, leaflet, page

__all__ = [
    "as_json",
    "aside",
    "check_key_table",
    "check_template",
    "deck",
    "document",
    "figure",
    "folder",
    "fragment",
    "key_table",
    "leaflet",
    "page",
    "pictures",
    "plain",
    "presentation",
    "private",
    "save",
    "screen",
    "strip",
    "vacant",
    "workbook",
]
