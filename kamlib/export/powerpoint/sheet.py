"""The workbook inside a chart, which "Edit data" opens: text in it stays text, and it bears no date."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONG_AGO: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the same figures give the same bytes
_NAME: Final = "Sheet1"
_SAFE: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def exact(value: float) -> float:
    """Return ``value`` to the 16 digits that a workbook holds, so that chart and workbook say the same."""
    return float(f"{value:.16g}")


class Sheet:
    """Columns of cells that are filled one by one and can be referred to."""

    def __init__(self) -> None:
        self._columns: list[tuple[int, list[Any], str]] = []
        self._widest = 0

    def add(self, cells: Sequence[Any], *, column: int, row: int = 0, form: str = "General") -> str:
        """Put ``cells`` below each other, the first at ``row``, and return the reference to them."""
        self._columns.append((column, [None] * row + list(cells), form))
        letter = xl_col_to_name(column)
        first, last = row + 1, row + len(cells)
        return f"{_NAME}!${letter}${first}" + (f":${letter}${last}" if last > first else "")

    def workbook(self) -> bytes:
        """Return the sheet as an Excel workbook."""
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, _SAFE) as book:
            book.set_properties({"created": _LONG_AGO})
            sheet = book.add_worksheet(_NAME)
            sheet.set_column(0, 0, 30)
            sheet.set_column(1, 20, 16)
            forms = {form: book.add_format({"num_format": form}) for _, _, form in self._columns}
            for column, cells, form in self._columns:
                for row, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write_number(row, column, cell, forms[form])
        return buffer.getvalue()
