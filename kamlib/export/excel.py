"""Exhibits as an Excel workbook with real numbers."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from kamlib.export import formats
from kamlib.export.characters import legal
from kamlib.export.titles import title
from kamlib.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_FORMATS: Final = {  # the same in every language
    "number": "#,##0",
    "decimal": "#,##0.0",
    "index": "0.000",
    "money": "#,##0",
    "cents": "#,##0.00",
}
_HEAD: Final = 3  # the row of the headings; above it message, measure and the way back
_WIDEST: Final = 60  # characters of a column; longer texts are wrapped
_LOOKED_AT: Final = 500  # rows, for the width of a column
_LONGEST: Final = 31  # characters of a sheet's name
_A4: Final = 9


@dataclass(frozen=True)
class _Looks:
    """The formats of one workbook."""

    title: Any
    quiet: Any
    link: Any
    wrapped: Any
    text_head: Any
    number_head: Any
    kinds: dict[str, Any]


def workbook(exhibits: Sequence[Exhibit], *, words: Words) -> bytes:
    """Return an Excel workbook: a contents sheet with links, then one sheet an exhibit with real numbers."""
    buffer = io.BytesIO()
    # Text that looks like a formula or a link stays text: a customer's name must not act.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe) as book:
        # A fixed date of creation: the same report gives the same bytes.
        book.set_properties({"title": "kamlib", "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - Excel knows no zone
        looks = _looks(book, words)
        start = legal(words.text("Contents"))
        names = _sheet_names([start, *(title(exhibit.key, words) for exhibit in exhibits)])[1:]
        _write_contents(book.add_worksheet(start), exhibits, names, looks, words)
        for exhibit, name in zip(exhibits, names, strict=True):
            sheet = book.add_worksheet(name)
            sheet.write_url(_HEAD - 1, 0, f"internal:'{start}'!A1", looks.link, start)
            _write_sheet(sheet, exhibit, looks)
    return buffer.getvalue()


def _looks(book: Any, words: Words) -> _Looks:
    top = {"valign": "top"}
    head = {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": COLOURS["grid"], "bottom": 1}
    own = {"percent": formats.percent(1, words.language), "date": formats.date(words.text("d MMM y"))}
    return _Looks(
        title=book.add_format({"bold": True, "font_size": 14}),
        quiet=book.add_format({"font_color": COLOURS["note"]}),
        link=book.add_format({"hyperlink": True} | top),
        wrapped=book.add_format({"text_wrap": True} | top),
        text_head=book.add_format(head),
        number_head=book.add_format(head | {"align": "right"}),
        kinds={kind: book.add_format({"num_format": form} | top) for kind, form in (_FORMATS | own).items()},
    )


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Return names as Excel allows them: short, without its special characters, none there twice in any case."""
    names: list[str] = []
    taken = {"", "history"}  # the second is Excel's own
    for one in titles:
        plain = re.sub(r"[\[\]:*?/\\']", " ", one).strip()[:_LONGEST]
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: _LONGEST - 1 - len(str(number))]} {number}"
        names.append(name)
        taken.add(name.casefold())
    return names


def _write_contents(sheet: Any, exhibits: Sequence[Exhibit], names: Sequence[str], looks: _Looks, words: Words) -> None:
    columns = ((words.text("Sheet"), _LONGEST), (words.text("Message"), 80), (words.text("Measure"), 60))
    for column, (heading, width) in enumerate(columns):
        sheet.write_string(0, column, heading, looks.text_head)
        sheet.set_column(column, column, width)
    for row, (exhibit, name) in enumerate(zip(exhibits, names, strict=True), 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", looks.link, name)
        sheet.write_string(row, 1, legal(exhibit.message), looks.wrapped)
        sheet.write_string(row, 2, legal(str(exhibit.measure)), looks.wrapped)
    _set_up(sheet, head=0, rows=len(exhibits), columns=len(columns))


def _write_sheet(sheet: Any, exhibit: Exhibit, looks: _Looks) -> None:
    sheet.write_string(0, 0, legal(exhibit.message), looks.title)
    sheet.write_string(1, 0, legal(str(exhibit.measure)), looks.quiet)
    total = 0
    for column, (name, (heading, kind)) in enumerate(exhibit.columns.items()):
        sheet.write_string(_HEAD, column, legal(heading), looks.text_head if kind == "text" else looks.number_head)
        kinds = exhibit.table["kind"] if kind == "each" else [kind] * len(exhibit.table)
        for row, (value, own) in enumerate(zip(exhibit.table[name], kinds, strict=True), _HEAD + 1):
            _write_cell(sheet, (row, column), value, own, looks)
        width = _width(exhibit, name)
        sheet.set_column(column, column, width)
        total += width
    foot = _HEAD + len(exhibit.table) + 2
    if len(exhibit.columns) > 1:  # the note runs across the table, broken into lines
        sheet.merge_range(foot, 0, foot, len(exhibit.columns) - 1, "", looks.wrapped)
    sheet.write_string(foot, 0, legal(exhibit.note), looks.wrapped)
    sheet.set_row(foot, 15 * math.ceil(1.1 * len(exhibit.note) / max(total, 1) + 0.01))
    _set_up(sheet, head=_HEAD, rows=len(exhibit.table), columns=len(exhibit.columns))


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, kind: str, looks: _Looks) -> None:
    if pd.isna(value):
        sheet.write_blank(*place, None)
    elif kind == "text":
        sheet.write_string(*place, legal(str(value)), looks.wrapped)
    elif isinstance(value, dt.date):  # a pandas Timestamp is one, too
        sheet.write_datetime(*place, dt.datetime(value.year, value.month, value.day), looks.kinds[kind])  # noqa: DTZ001
    elif math.isfinite(value):
        sheet.write_number(*place, float(value), looks.kinds[kind])
    else:
        sheet.write_string(*place, "\N{INFINITY}" if value > 0 else "-\N{INFINITY}")  # no number that Excel knows


def _width(exhibit: Exhibit, name: str) -> int:
    """Return how many characters wide a column is: its figures and the longest word of its heading have room."""
    heading, kind = exhibit.columns[name]
    few = exhibit.table.head(_LOOKED_AT)
    kinds = few["kind"] if kind == "each" else [kind] * len(few)
    shown = [len(exhibit.words.figure(value, own)) for value, own in zip(few[name], kinds, strict=True)]
    button = 3  # of the filter
    return min(max([*shown, *(len(word) + button for word in heading.split())], default=8) + 2, _WIDEST)


def _set_up(sheet: Any, *, head: int, rows: int, columns: int) -> None:
    """Make a sheet's headings stay in sight, filter and repeat on paper: A4 across, as wide as the page."""
    sheet.freeze_panes(head + 1, 0)
    if columns:
        sheet.autofilter(head, 0, head + rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&L&A&R&P / &N")
