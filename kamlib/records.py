"""From the bytes of a file to the data lines below its header: encoding, separator, quotes, title lines, rulers."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import python_calamine
from pyarrow import parquet

from kamlib import recognise
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Roles: TypeAlias = "Mapping[str, tuple[str, ...]]"
Rows: TypeAlias = "Sequence[Sequence[Any]]"

_EXCEL_MARKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # a zip archive (xlsx, xlsb, ods) or an OLE file (xls)
_NO_TABLES: Final = {  # what goes about with the ending of a table, by its first bytes in small letters
    b"%pdf": "a PDF document",
    b"{\\rtf": "a text document",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"<?xml": "an XML file",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
}
_SEPARATORS: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_HEADER_ROWS: Final = 40  # a header stands within the first lines, or there is none
_LONGEST_RECORD: Final = 50  # lines; longer means a quotation mark that was never meant as one
_INDEX: Final = r"__index_level_\d+__"  # what pandas calls row numbers in a Parquet file
_RULER: Final = r"[-=_+|*. ]*"


@dataclass(frozen=True)
class Records:
    """The lines of a hand-made table below its header, each cell as it stood."""

    frame: pd.DataFrame  # one column a header cell, index = line number
    problem: pd.Series[str]  # why a line is no data line, "" where it is one
    how: dict[str, Any]


def existing(source: str | Path) -> Path:
    """Return ``source`` as the path of a file that is there, can be read and is not empty, or say so."""
    path = Path(source)
    try:
        if path.is_file() and path.stat().st_size:
            path.open("rb").close()  # another user's file, or one that a program keeps to itself
            return path
        exists, folder = path.exists(), path.is_dir()
    except (OSError, ValueError) as error:  # a name that no file can have, or a folder that may not be entered
        why = getattr(error, "strerror", None) or error
        raise KamlibError(f"the file {str(source)!r} can't be opened ({why}).") from None
    if not exists:
        raise KamlibError(f"there is no file {str(source)!r}.")
    raise KamlibError(f"{str(source)!r} is a folder, not a file." if folder else f"the file {path.name} is empty.")


def kind_of(path: Path) -> str:
    """Tell ``parquet``, ``excel`` and ``text`` by what is in a file: exports often bear another format's ending."""
    with path.open("rb") as file:
        mark = file.read(4)
    if mark == b"PAR1" or path.suffix.casefold() in {".parquet", ".pq"}:
        return "parquet"
    return "excel" if mark in _EXCEL_MARKS else "text"


def separator(given: str) -> str:
    """Return the character that separates fields, given as itself or by its name, such as ``semicolon``."""
    mark = next((mark for mark, name in _SEPARATORS.items() if name == given), given)
    if len(mark) != 1 or mark in '"\r\n':
        raise KamlibError(
            f"the separator must be one character or one of {', '.join(_SEPARATORS.values())}; got {given!r}."
        )
    return mark


def read(
    source: str | Path | pd.DataFrame,
    roles: Roles,
    *,
    columns: Mapping[str, str | None],
    layout: Mapping[str, str],
) -> Records:
    """Read the cells of a DataFrame, a Parquet file, an Excel sheet or a text file.

    The header of a sheet or a text file is the line that names most of the ``roles``.

    Raises
    ------
    KamlibError
        If there is no such file, it can't be read, or no line in it names a customer and a date.
    """
    if isinstance(source, pd.DataFrame):
        return _of_frame(source, {"kind": "data frame"})
    path = existing(source)
    kind = kind_of(path)
    how: dict[str, Any] = {"source": path.name, "kind": kind}
    if kind == "parquet":
        try:
            table = parquet.read_table(path).to_pandas(ignore_metadata=True)
            return _of_frame(table.loc[:, ~table.columns.str.fullmatch(_INDEX)], how)
        except (pa.ArrowException, OSError) as error:
            raise KamlibError(f"{path.name} can't be read as Parquet: {str(error).splitlines()[0]}") from None
    if kind == "excel":
        sheet, rows = _sheet(path, roles, columns, layout.get("sheet"))
        return _below_header(rows, range(1, len(rows) + 1), roles, columns, how | {"sheet": sheet})
    data = path.read_bytes()
    start = data[:100].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if other := next((what for mark, what in _NO_TABLES.items() if start.startswith(mark)), None):
        raise KamlibError(f"{path.name} is {other}, not a table; export it as CSV or Excel, or save it so from Excel.")
    text, encoding = decode(data, encoding=layout.get("encoding"))
    how |= {"encoding": encoding}
    mark = layout.get("separator") or _separator_of(text, roles, columns)
    rows, lines, stray = split(text, mark)
    how |= {"separator": _SEPARATORS.get(mark, mark)}
    if stray:
        how["lines_with_stray_quotation_marks"] = stray
    return _below_header(rows, lines, roles, columns, how)


def _of_frame(frame: pd.DataFrame, how: dict[str, Any]) -> Records:
    header = [str(name) for name in frame.columns]
    lines = pd.RangeIndex(1, len(frame) + 1, name="line")
    return _records(frame.set_axis(_unique(header), axis=1).set_axis(lines), header, [], how)


def _sheet(path: Path, roles: Roles, columns: Mapping[str, str | None], wanted: str | None) -> tuple[str, Rows]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [s.name for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
        heads = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False, nrows=_HEADER_ROWS) for n in sheets}
        if wanted is not None and wanted not in sheets:
            raise KamlibError(f"{path.name} has no sheet {wanted!r}; it has {', '.join(map(repr, sheets))}.")
        fits = {n: max((recognise.fit(row, roles, columns) for row in heads[n]), default=0) for n in sheets}
        best = [n for n in sheets if fits[n] == max(fits.values()) and fits[n] > 1] or sheets[:1]
        if wanted is None and len(best) > 1:
            raise KamlibError(
                f"the sheets {', '.join(map(repr, best))} of {path.name} fit equally well; "
                f"say which with {recognise.setting('layout', {'sheet': best[0]})}."
            )
        sheet = wanted or best[0]
        return sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise KamlibError(f"{path.name} can't be read as an Excel file ({error}); is it protected?") from None


def decode(data: bytes, *, encoding: str | None = None) -> tuple[str, str]:
    r"""Return the text of ``data`` and its encoding: by its mark, else UTF-8 where that is valid, else cp1252.

    Examples
    --------
    >>> decode(b"M\xfcller")
    ('Müller', 'cp1252')
    """
    for name in [encoding] if encoding else _encodings_of(data):
        try:
            return data.decode(name).removeprefix("\ufeff"), name
        except (ValueError, LookupError) as error:
            failed = f"{name} ({error})"
    raise KamlibError(
        f"the file can't be decoded as {failed}; say which encoding it has, for example "
        f"{recognise.setting('layout', {'encoding': 'cp850'})}."
    )


def _encodings_of(data: bytes) -> list[str]:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return [name]
    head = data[:2000]
    if head.count(0) > len(head) // 4:  # every other byte of Latin text in UTF-16 is zero
        return ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    return ["utf-8", "cp1252"]


def _separator_of(text: str, roles: Roles, columns: Mapping[str, str | None]) -> str:
    """Return the separator with which a line among the first names most roles; of equals, that with most cells."""
    head = "".join(itertools.islice(io.StringIO(text, newline=""), _HEADER_ROWS))
    fits = {
        s: max(((recognise.fit(row, roles, columns), len(row)) for row in split(head, s)[0]), default=(0, 0))
        for s in _SEPARATORS
    }
    return max(fits, key=lambda mark: fits[mark])


def split(text: str, separator: str) -> tuple[list[list[str]], list[int], int]:
    r"""Split CSV into rows, the line each begins at, and the number of lines with a stray quotation mark.

    A field in quotation marks may hold separators, doubled quotation marks and line breaks. Where the marks can't be
    meant so (one that opens and never closes, one in the midst of a quoted field), that line is split literally.

    Examples
    --------
    >>> split('a;"b\nc"\n"3\" Rohr;d\n', ";")
    ([['a', 'b\nc'], ['"3" Rohr', 'd']], [1, 3], 1)
    """
    physical = list(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    lines: list[int] = []
    at = stray = 0
    while at < len(physical):
        for row, end in _records_from(physical, at, separator):
            rows.append(row)
            lines.append(at + 1)
            at = end
        if at < len(physical):
            rows.append([_unquoted(field) for field in physical[at].rstrip("\r\n").split(separator)])
            lines.append(at + 1)
            at += 1
            stray += 1
    return rows, lines, stray


def _records_from(physical: Sequence[str], start: int, separator: str) -> Iterator[tuple[list[str], int]]:
    """Yield rows and the number of lines up to their end, until one whose quotation marks make no sense."""
    reader = csv.reader(itertools.islice(physical, start, None), delimiter=separator, strict=True)
    before = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            return
        if row is None or reader.line_num - before > _LONGEST_RECORD:
            return
        before = reader.line_num
        yield row, start + before


def _unquoted(field: str) -> str:
    text = field.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else field


def _below_header(
    rows: Rows, lines: Sequence[int], roles: Roles, columns: Mapping[str, str | None], how: dict[str, Any]
) -> Records:
    """Find the header among the first ``rows`` and mark the lines below it that are no data lines."""
    fits = [recognise.fit(row, roles, columns) for row in rows[:_HEADER_ROWS]]
    if max(fits, default=0) < 2:
        seen = next((row for row in rows if any(str(cell).strip() for cell in row)), [])
        raise KamlibError(
            f"no header line with {' and '.join(r for r in ('customer', 'date') if r in roles)} was found in the first "
            f"{_HEADER_ROWS} lines; the first reads {[str(cell)[:30] for cell in seen[:8]]}. Say which columns to "
            f"use, for example {recognise.setting('columns', {'customer': 'Kd.', 'date': 'Tag', 'revenue': 'EUR'})}."
        )
    at = fits.index(max(fits))
    header = ["" if cell is None else str(cell).strip() for cell in rows[at]]
    width = len(header)
    body = [row if len(row) <= width else row[:width] for row in rows[at + 1 :]]
    by_column = list(itertools.zip_longest(*body, fillvalue=""))
    by_column += [("",) * len(body)] * (width - len(by_column))
    index = pd.Index(np.array(lines[at + 1 :], dtype="int64"), name="line")
    named = zip(_unique(header), by_column, strict=True)
    frame = pd.DataFrame({name: _stripped(cells, index) for name, cells in named}, index=index)
    beyond = [row[width:] if len(row) > width else () for row in rows[at + 1 :]]
    longer = [line for line, cells in zip(lines[at + 1 :], beyond, strict=True) if any(map(_filled, cells))]
    return _records(frame, header, longer, how | {"header_line": lines[at]})


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _stripped(cells: Sequence[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    if all(isinstance(cell, str) for cell in cells):
        return pd.Series(cells, index=index, dtype="str").str.strip()
    return pd.Series([c.strip() if isinstance(c, str) else c for c in cells], index=index, dtype="object")


def _records(frame: pd.DataFrame, header: Sequence[str], longer: list[int], how: dict[str, Any]) -> Records:
    """Leave out blank lines and mark those that are too long, a ruler, or the header once more."""
    odd = np.arange(len(frame))  # lines without a single cell that is data; after a column or two they are few
    for name, title in zip(frame.columns, header, strict=True):
        cells = _as_text(frame[name].iloc[odd])
        odd = odd[(cells.str.fullmatch(_RULER) | (cells == title)).to_numpy()]
    few = {name: _as_text(frame[name].iloc[odd]) for name in frame.columns}
    blank = pd.DataFrame({name: cells == "" for name, cells in few.items()}).all(axis=1)
    ruler = pd.DataFrame({name: cells.str.fullmatch(_RULER) for name, cells in few.items()}).all(axis=1)
    problem = pd.Series("", index=frame.index, dtype="str")
    problem[blank.index] = pd.Series(np.select([blank, ruler], ["blank", "ruler_line"], "repeated_header"), blank.index)
    problem[longer] = "too_many_fields"
    kept = problem != "blank"
    blanks = {} if kept.all() else {"blank_lines": int((~kept).sum())}
    return Records(frame[kept], problem[kept], how | blanks)


def _as_text(cells: pd.Series[Any]) -> pd.Series[str]:
    return cells.astype("str").str.strip().fillna("")


def _unique(names: Sequence[str]) -> list[str]:
    unique: dict[str, None] = {}
    for position, name in enumerate(names, 1):
        label = name or f"column {position}"
        numbered = itertools.chain([label], (f"{label} ({n})" for n in itertools.count(2)))
        unique[next(candidate for candidate in numbered if candidate not in unique)] = None
    return list(unique)
