"""Exhibits to files: the page, the workbook, the deck, pictures, JSON. The only module that writes results."""

from kamlib.export.excel import workbook
from kamlib.export.files import as_json, document, folder, plain, save
from kamlib.export.images import figure, pictures, strip
from kamlib.export.web import fragment, leaflet, page

__all__ = [
    "as_json",
    "document",
    "figure",
    "folder",
    "fragment",
    "leaflet",
    "page",
    "pictures",
    "plain",
    "save",
    "strip",
    "workbook",
]
