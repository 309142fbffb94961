"""From the bytes of a file to the data lines below its header: encoding, separator, quotes, title and total lines."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd
import python_calamine

from kamlib import recognise
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Roles: TypeAlias = "Mapping[str, tuple[str, ...]]"
Rows: TypeAlias = "Sequence[Sequence[Any]]"

_EXCEL_FILES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_SEPARATORS: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_TOTAL: Final = re.compile(
    r"^\W*(summe|gesamt\w*|zwischensumme|endsumme|total|grand total|sub-?total|sum)\b", re.IGNORECASE
)
_HEADER_ROWS: Final = 40  # a header stands within the first lines, or there is none
_LONGEST_RECORD: Final = 50  # lines; longer means a quotation mark that opens and never closes


@dataclass(frozen=True)
class Records:
    """The lines of a hand-made table below its header, each cell as it stood."""

    frame: pd.DataFrame  # one column a header cell, index = line number
    problem: pd.Series[str]  # why a line is no data line, "" where it is one
    how: dict[str, Any]


def existing(source: str | Path) -> Path:
    """Return ``source`` as the path of a file that is there and not empty, or say so."""
    path = Path(source)
    if not path.is_file():
        raise KamlibError(f"there is no file {str(source)!r}." if not path.exists() else f"{str(source)!r} is no file.")
    if not path.stat().st_size:
        raise KamlibError(f"{path.name} is empty.")
    return path


def read(
    source: str | Path | pd.DataFrame,
    roles: Roles,
    *,
    columns: Mapping[str, str | None],
    layout: Mapping[str, str],
) -> Records:
    """Read the cells of a DataFrame, an Excel sheet or a text file, and find the header by the ``roles`` it names."""
    if isinstance(source, pd.DataFrame):
        frame = source.set_axis(pd.RangeIndex(1, len(source) + 1, name="line")).rename(columns=str)
        return Records(frame, pd.Series("", index=frame.index, dtype="str"), {"kind": "data frame"})
    path = existing(source)
    how: dict[str, Any] = {"source": path.name}
    if path.suffix.casefold() in _EXCEL_FILES:
        sheet, rows = _sheet(path, roles, columns, layout.get("sheet"))
        how |= {"kind": "excel", "sheet": sheet}
        return _body(rows, range(1, len(rows) + 1), roles, columns, how)
    text, encoding = decode(path.read_bytes(), encoding=layout.get("encoding"))
    wanted = [layout["separator"]] if "separator" in layout else list(_SEPARATORS)
    head = "\n".join(text.splitlines()[:_HEADER_ROWS])
    fits = {s: max((recognise.fit(row, roles, columns) for row in _split(head, s)[0]), default=0) for s in wanted}
    separator = max(wanted, key=lambda s: fits[s])
    split, lines, quoted = _split(text, separator)
    how |= {"kind": "text", "encoding": encoding, "separator": _SEPARATORS.get(separator, separator)}
    if not quoted:
        how["quotation_marks"] = "taken literally"
    return _body(split, lines, roles, columns, how)


def _sheet(path: Path, roles: Roles, columns: Mapping[str, str | None], wanted: str | None) -> tuple[str, Rows]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        heads = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False, nrows=_HEADER_ROWS) for n in names}
    except (python_calamine.CalamineError, OSError) as error:
        raise KamlibError(f"{path.name} can't be read as an Excel file: {error}.") from None
    if wanted is not None and wanted not in names:
        raise KamlibError(f"{path.name} has no sheet {wanted!r}; it has {', '.join(map(repr, names))}.")
    fits = {n: max((recognise.fit(row, roles, columns) for row in rows), default=0) for n, rows in heads.items()}
    best = [n for n in names if fits[n] == max(fits.values()) and fits[n] > 1] or names[:1]
    if wanted is None and len(best) > 1:
        raise KamlibError(
            f"the sheets {', '.join(map(repr, best))} of {path.name} fit equally well; "
            f"say which with layout={{'sheet': {best[0]!r}}}."
        )
    sheet = wanted or best[0]
    return sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def decode(data: bytes, *, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of ``data`` and its encoding: by its mark, else UTF-8 where that is valid, else cp1252."""
    encoding = encoding or _encoding_of(data)
    try:
        return data.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError) as error:
        raise KamlibError(
            f"the file can't be decoded as {encoding} ({error}); say which encoding it has, "
            "for example layout={'encoding': 'cp850'}."
        ) from None


def _encoding_of(data: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name
    head = data[:2000]
    if head.count(0) > len(head) // 4:  # every other byte of Latin text in UTF-16 is zero
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _split(text: str, separator: str) -> tuple[list[list[str]], list[int], bool]:
    """Parse CSV; where a quotation mark swallows many lines, the marks are no quotes and are read literally."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
        rows: list[list[str]] = []
        lines: list[int] = []
        before = 0
        try:
            for row in reader:
                if reader.line_num - before > _LONGEST_RECORD:
                    break
                rows.append(row)
                lines.append(before + 1)
                before = reader.line_num
            else:
                return rows, lines, quoting == csv.QUOTE_MINIMAL
        except csv.Error as error:
            if quoting == csv.QUOTE_NONE:
                raise KamlibError(f"line {before + 1} can't be split into fields ({error}).") from None
    raise KamlibError(f"line {before + 1} can't be split into fields.")


def _body(
    rows: Rows, lines: Sequence[int], roles: Roles, columns: Mapping[str, str | None], how: dict[str, Any]
) -> Records:
    """Find the header among the first ``rows`` and mark the lines below it that are no data lines."""
    fits = [recognise.fit(row, roles, columns) for row in rows[:_HEADER_ROWS]]
    if not fits or max(fits) < 2:
        seen = next((row for row in rows if any(str(cell).strip() for cell in row)), [])
        raise KamlibError(
            "no header line with a customer and a date column was found in the first lines; the first line reads "
            f"{[str(cell) for cell in seen][:8]}. Say which columns to use, for example "
            "columns={'customer': 'Kd.', 'date': 'Tag', 'revenue': 'EUR'}."
        )
    at = fits.index(max(fits))
    names = _unique([str(cell).strip() for cell in rows[at]])
    width = len(names)
    kept, numbers, problems = [], [], []
    blank = 0
    for row, line in zip(rows[at + 1 :], lines[at + 1 :], strict=True):
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
        filled = [cell for cell in cells if cell is not None and cell != ""]
        if not filled:
            blank += 1
            continue
        kept.append([*cells[:width], *[""] * (width - len(cells))])
        numbers.append(line)
        problems.append(_problem_of(cells, filled, names))
    by_column = list(zip(*kept, strict=True)) if kept else [()] * width
    index = pd.Index(numbers, dtype="int64", name="line")
    frame = pd.DataFrame({n: _series(v, index) for n, v in zip(names, by_column, strict=True)}, index=index)
    problem = pd.Series(problems, index=index, dtype="str")
    how |= {"header_line": lines[at]} | ({"blank_lines": blank} if blank else {})
    return Records(frame, problem, how)


def _series(cells: Sequence[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    text = all(isinstance(cell, str) for cell in cells)
    return pd.Series(cells, index=index, dtype="str" if text else "object")


def _problem_of(cells: list[Any], filled: list[Any], names: list[str]) -> str:
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        return "too_many_fields"
    if all(isinstance(cell, str) and not cell.strip("-=_+|*. ") for cell in filled):
        return "ruler_line"
    if filled == [name for name, cell in zip(names, cells, strict=False) if cell not in (None, "")]:
        return "repeated_header"
    if any(isinstance(cell, str) and _TOTAL.match(cell) for cell in filled) and len(filled) <= max(2, len(names) // 2):
        return "total_line"
    return ""


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for position, name in enumerate(names, 1):
        label = name or f"column {position}"
        seen[label] = seen.get(label, 0) + 1
        unique.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return unique
