"""Exhibits as an Excel workbook with real numbers."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_FORMATS: Final = {
    "number": "#,##0",
    "decimal": "#,##0.0",
    "index": "0.000",
    "percent": "0.0%",
    "money": "#,##0",
    "cents": "#,##0.00",
    "date": "yyyy-mm-dd",
}


def workbook(exhibits: Sequence[Exhibit], *, words: Words) -> bytes:
    """Return an Excel workbook: a contents sheet with links, then one sheet an exhibit with real numbers."""
    buffer = io.BytesIO()
    # Text that looks like a formula or a link stays text: a customer's name must not act.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe) as book:
        # A fixed date of creation: the same report gives the same bytes.
        book.set_properties({"title": "kamlib", "created": pd.Timestamp("2000-01-01").to_pydatetime()})
        bold, link = book.add_format({"bold": True}), book.get_default_url_format()
        forms = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        contents = book.add_worksheet(words.text("Contents"))
        contents.set_column(0, 0, 24)
        contents.set_column(1, 1, 120)
        names = _sheet_names(exhibits)
        for row, (exhibit, name) in enumerate(zip(exhibits, names, strict=True)):
            contents.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            contents.write_string(row, 1, exhibit.message)
            _write_sheet(book.add_worksheet(name), exhibit, bold, forms)
    return buffer.getvalue()


def _sheet_names(exhibits: Sequence[Exhibit]) -> list[str]:
    names: list[str] = []
    for exhibit in exhibits:
        name = re.sub(r"[\[\]:*?/\\']", " ", exhibit.key)[:31]  # what Excel allows
        names.append(name if name not in names else f"{name[:28]} {len(names)}")
    return names


def _write_sheet(sheet: Any, exhibit: Exhibit, bold: Any, forms: Mapping[str, Any]) -> None:
    sheet.write_string(0, 0, exhibit.message, bold)
    sheet.write_string(1, 0, exhibit.measure)
    for column, (name, (title, kind)) in enumerate(exhibit.columns.items()):
        sheet.write_string(3, column, title, bold)
        widest = len(title)
        for row, value in enumerate(exhibit.table[name]):
            own = exhibit.table["kind"].iloc[row] if kind == "each" else kind
            _write_cell(sheet, row + 4, column, value, forms.get(own))
            widest = max(widest, len(exhibit.words.figure(value, own)) if row < 200 else 0)
        sheet.set_column(column, column, min(widest + 2, 60))
    sheet.write_string(len(exhibit.table) + 5, 0, exhibit.note)
    sheet.freeze_panes(4, 0)


def _write_cell(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if pd.isna(value):
        sheet.write_blank(row, column, None)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, float(value), form)
