"""What the text in the cells of a hand-made file means: its numbers, its dates, its words for nothing and for a total.

Nothing here guesses: a question is settled by the whole column (or, for the decimal mark, by the file's other number
columns), or it is a `KamlibError` that names the argument which settles it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib.checks import KamlibError
from kamlib.recognise import CURRENCIES, NUMBERS, neat, setting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

NOTHING: Final = ("", "-", "\u2013", "\u2014", "nan", "null", "none", "n/a", "#n/a", "#nv", "na", "<na>", "nat")
LARGEST: Final = 1e15  # no amount of a sales line; what exceeds it is a slip, and would not add up exactly
_MONTHS: Final = {
    "jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_DECIMALS: Final = setting("layout", {"decimal": "comma"}, {"decimal": "point"})
_DATE_ORDERS: Final = setting("layout", {"date_order": "dmy"}, {"date_order": "mdy"})
_TOTAL: Final = r"\W*(?:grand |sub-?|zwischen|end)?(?:summen?|gesamt\w*|totals?|ergebnis|sum)"


@dataclass(frozen=True)
class Understood:
    """A column of cells as values: missing where a cell is empty or, then marked, where it can't be understood."""

    values: pd.Series[Any]
    unreadable: pd.Series[bool]


def _distinct(cells: pd.Series[Any]) -> tuple[NDArray[np.intp], pd.Series[str], NDArray[np.bool_]]:
    """Return each cell's place among the distinct texts, these texts, and which of them say that there is nothing.

    Of one text in several ways of writing, each has a place of its own; the texts are all `recognise.neat`. The place
    of a missing cell is -1, so a missing value appended to what is made of the texts serves it, too.
    """
    codes, found = pd.factorize(cells.astype("str").str.strip())
    text = pd.Series([neat(cell) for cell in found], dtype="str")
    return codes, text, np.append(text.str.casefold().isin(NOTHING), [True])


def texts(cells: pd.Series[Any]) -> Understood:
    """Read cells as text without surrounding blanks; whole numbers lose the ``.0`` that a program gave them."""
    if pd.api.types.is_float_dtype(cells) or cells.dtype == object:
        cells = cells.map(lambda cell: f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell)
    codes, text, nothing = _distinct(cells)
    said = text[~nothing[:-1]]
    if len(said) and said.str.fullmatch("[0-9]+[.,]0").all():  # numbers with gaps are written so, in every line
        text = text.str.replace("[.,]0$", "", regex=True)
    values = pd.concat([text.mask(nothing[:-1]), pd.Series([None], dtype="str")]).to_numpy()
    spread = pd.Series(values[codes], index=cells.index, name=cells.name, dtype="str")
    return Understood(spread, pd.Series(data=False, index=cells.index))


def _clean_number(text: pd.Series[str]) -> pd.Series[str]:
    """Bring the ways to write sign, unit and thousands to one: -1.234,5 for (1.234,5), 1.234,5- and EUR -1.234,5.

    Blanks and apostrophes between digits become apostrophes.
    """
    unit = rf"(?:(?:{CURRENCIES}|US\$|Fr\.|[€$£¥%]|\*+)'*)"
    for pattern, replacement in (
        ("[\\s\u00a0\u202f\u2009\u2007\u2019`\u00b4]", "'"),
        ("[\u2212\u2013\u2014]", "-"),
        (rf"^([-+(]?)'*{unit}?'*", r"\1"),
        (rf"'*{unit}?([-)]?)$", r"\1"),
        (r"[.,]-+$", ""),  # 1.250,- has no cents
        (r"^\('*(.*)\)$", r"-\1"),
        (r"^([^-].*?)'*-$", r"-\1"),
        (r"^(-?)\+?'*(.*?)'*$", r"\1\2"),
    ):
        text = text.str.replace(pattern, replacement, regex=True)
    return text


def _written(mark: str, other: str) -> str:
    whole = rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?:'[0-9]{{3}})+|(?:[{other}][0-9]{{3}})+))"  # 0.125 has no thousands
    return rf"-?(?:{whole}(?:[{mark}][0-9]+)?|[{mark}][0-9]+)(?:[eE][+-]?[0-9]+)?"


_WRITTEN: Final = {",": _written(",", "."), ".": _written(".", ",")}


def decimal_of(cells: pd.Series[Any]) -> str | None:
    """Return the decimal mark of a column of text: ``","``, ``"."``, ``""`` if it has none, None if it can be either.

    Raises
    ------
    KamlibError
        If some cells can only be read with a comma and about as many only with a point.
    """
    if pd.api.types.is_numeric_dtype(cells):
        return ""
    if cells.dtype == object:  # numbers among them have no decimal mark, whatever they look like in print
        cells = cells[cells.map(lambda cell: isinstance(cell, str))]
    text = _clean_number(_distinct(cells)[1])
    comma, point = text.str.fullmatch(_WRITTEN[","]), text.str.fullmatch(_WRITTEN["."])
    only_comma, only_point = int((comma & ~point).sum()), int((point & ~comma).sum())
    if min(only_comma, only_point) * 10 > max(only_comma, only_point):
        a, b = text[comma & ~point].iloc[0], text[point & ~comma].iloc[0]
        raise KamlibError(
            f"column {cells.name!r} mixes decimal comma ({a!r}) and decimal point ({b!r}); "
            f"say which holds with {_DECIMALS}, the others are set aside."
        )
    if only_comma or only_point:
        return "," if only_comma > only_point else "."
    return None if (comma & point & text.str.contains("[.,]")).any() else ""


def numbers(cells: pd.Series[Any], *, decimal: str) -> Understood:
    """Read cells as numbers with the ``decimal`` mark; cells that are numbers already stay what they are.

    Examples
    --------
    >>> numbers(pd.Series(["1.234,50-", "(7,5) €", "", "n.a."]), decimal=",").values.tolist()
    [-1234.5, -7.5, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        values = cells.astype("float64")
        missing = values.isna()
    else:
        codes, distinct, nothing = _distinct(cells)
        text = _clean_number(distinct)
        readable = text.str.fullmatch(_WRITTEN[decimal or "."])
        plain = text.str.replace("." if decimal == "," else ",", "", regex=False).str.replace("'", "", regex=False)
        plain = plain.str.replace(",", ".", regex=False).where(readable, "nan")
        values = pd.Series(np.array([*map(float, plain), np.nan])[codes], index=cells.index, name=cells.name)
        if cells.dtype == object:
            typed = cells.map(lambda cell: isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool))
            values[typed] = cells[typed].astype("float64")
        missing = pd.Series(nothing[codes], index=cells.index)
    values = values.where(values.abs() <= LARGEST)
    return Understood(values, values.isna() & ~missing)


def date_order_of(cells: pd.Series[Any]) -> str:
    """Return whether days or months stand first: ``"dmy"``, ``"mdy"``, or ``""`` where every date is clear by itself.

    Raises
    ------
    KamlibError
        If it can be either (03/04/2025 throughout), or the column mixes both.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        return ""
    parts = _date_parts(_distinct(cells)[1])
    open_ = parts[(parts["order"] == "open") & parts["a"].between(1, 31) & parts["b"].between(1, 31)]
    if open_.empty:
        return ""
    days_first, months_first = int((open_["a"] > 12).sum()), int((open_["b"] > 12).sum())
    if min(days_first, months_first) * 10 > max(days_first, months_first):
        a, b = open_["text"][open_["a"] > 12].iloc[0], open_["text"][open_["b"] > 12].iloc[0]
        raise KamlibError(
            f"column {cells.name!r} mixes day/month ({a!r}) and month/day ({b!r}); say which holds with "
            f"{_DATE_ORDERS}, the others are set aside."
        )
    if days_first or months_first:
        return "dmy" if days_first > months_first else "mdy"
    raise KamlibError(
        f"column {cells.name!r} can be read as day/month or month/day (such as {open_['text'].iloc[0]!r}); "
        f"say which with {_DATE_ORDERS}."
    )


def dates(cells: pd.Series[Any], *, order: str) -> Understood:
    """Read cells as days; ``order`` is ``"dmy"`` or ``"mdy"`` where 03/04/2025 is open; times of day are dropped."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        local = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
        return Understood(local.dt.normalize(), pd.Series(data=False, index=cells.index))
    codes, text, nothing = _distinct(cells)
    parts = _date_parts(text)
    swap = (parts["order"] == "open") & (order == "mdy")
    day, month = parts["a"].where(~swap, parts["b"]), parts["b"].where(~swap, parts["a"])
    parsed = pd.to_datetime(pd.DataFrame({"year": parts["year"], "month": month, "day": day}), errors="coerce")
    days = np.append(parsed.to_numpy("datetime64[us]"), np.datetime64("NaT", "us"))
    values = pd.Series(days[codes], index=cells.index, name=cells.name)
    return Understood(values, values.isna() & ~nothing[codes])


def _date_parts(text: pd.Series[str]) -> pd.DataFrame:
    """Split written dates into year and two numbers a (day) and b (month), whose order can be open."""
    text = text.str.strip()
    bare = text.str.replace(r"^[A-Za-z]{2,10}\.?, *", "", regex=True)  # the day of the week
    mark = r"[.\-/]"
    iso = text.str.extract(rf"^(?P<year>\d{{4}}){mark}(?P<b>\d{{1,2}}){mark}(?P<a>\d{{1,2}})(?:[T ].*)?$")
    packed = text.str.extract(r"^(?P<year>(?:19|20)\d{2})(?P<b>\d{2})(?P<a>\d{2})(?:\.0)?$")
    three = text.str.extract(
        rf"^(?P<a>\d{{1,2}})(?P<mark>{mark})(?P<b>\d{{1,2}}){mark}(?P<year>\d{{4}}|\d{{2}})(?:[T ,].*)?$"
    )
    spelt = bare.str.extract(
        r"^(?P<a>\d{1,2})[.\-/ ]*(?P<b>[A-Za-zÄäÖöÜü]{3,9})[.\-/ ]*(?P<year>\d{4}|\d{2})(?:[T ].*)?$"
    )
    american = bare.str.extract(r"^(?P<b>[A-Za-zÄä]{3,9})[. ]+(?P<a>\d{1,2}),? +(?P<year>\d{4})(?:[T ].*)?$")
    for named in (spelt, american):
        named["b"] = named["b"].str.casefold().str[:3].map(_MONTHS)
    parts = pd.DataFrame(index=text.index, columns=["year", "a", "b"], dtype="float64")
    for found in (iso, packed, three, spelt, american):
        parts = parts.fillna(found[["year", "a", "b"]].apply(pd.to_numeric, errors="coerce").astype("float64"))
    short = parts["year"] < 100
    parts["year"] = parts["year"].where(~short, parts["year"] + np.where(parts["year"] < 70, 2000, 1900))
    serial = pd.to_numeric(text.str.extract(r"^(\d{5})(?:\.\d+)?$")[0], errors="coerce")  # Excel's count of days
    days = pd.Timestamp("1899-12-30") + pd.to_timedelta(serial, unit="D")
    parts = parts.fillna(pd.DataFrame({"year": days.dt.year, "a": days.dt.day, "b": days.dt.month}).astype("float64"))
    parts["order"] = np.where(three["mark"].isin(["/", "-"]), "open", "set")  # 31.12. is never December's 31st month
    parts["text"] = text
    return parts


def understand(
    cells: pd.DataFrame,
    problem: pd.Series[str],
    assigned: Mapping[str, str],
    *,
    layout: Mapping[str, str],
    required: Collection[str],
) -> tuple[pd.DataFrame, pd.Series[str], dict[str, Any]]:
    """Read hand-made cells by role; one that can't be read is its row's problem if its role is ``required``."""
    frame = pd.DataFrame(index=cells.index)
    how: dict[str, Any] = {"columns": dict(assigned)}
    sound = cells[problem == ""]
    decimal = _decimals(sound, assigned, layout)
    unreadable = {}
    for role, column in assigned.items():
        if role == "date":
            order = layout.get("date_order") or date_order_of(sound[column])
            how["date_order"] = order or "clear"
            seen = dates(cells[column], order=order)
        elif role in NUMBERS:
            seen = numbers(cells[column], decimal=decimal[role])
        else:
            seen = texts(cells[column])
        frame[role] = seen.values
        unreadable[role] = seen.unreadable
    if "customer" in frame:
        problem = problem.mask((problem == "") & _is_total(cells, frame), "total_line")
        frame["customer"] = frame["customer"].mask(problem == "total_line")
    for role in (role for role in assigned if role in required):
        problem = problem.mask((problem == "") & unreadable.pop(role), f"unreadable_{role}")
    optional = {role: int((bad & (problem == "")).sum()) for role, bad in unreadable.items()}
    if decimal:
        how["decimal"] = decimal
    if any(optional.values()):
        how["unreadable_cells"] = {role: n for role, n in optional.items() if n}
    return frame, problem, how


def _decimals(cells: pd.DataFrame, assigned: Mapping[str, str], layout: Mapping[str, str]) -> dict[str, str]:
    """Return the decimal mark of every number column; what a column leaves open, the file's other columns settle."""
    columns = {role: column for role, column in assigned.items() if role in NUMBERS}
    if given := layout.get("decimal"):
        return dict.fromkeys(columns, {"comma": ",", "point": "."}[given])
    seen = {role: decimal_of(cells[column]) for role, column in columns.items()}
    marks = {mark for mark in seen.values() if mark}
    if len(marks) != 1:
        for column in (columns[role] for role, mark in seen.items() if mark is None):
            example = next(c for c in cells[column].astype("str") if re.search("[.,]", c))
            raise KamlibError(
                f"column {column!r} can be read with decimal comma or decimal point (is {example!r} a thousand or a "
                f"fraction?); say which with {_DECIMALS}."
            )
    return {role: next(iter(marks)) if mark is None else mark for role, mark in seen.items()}


def _is_total(cells: pd.DataFrame, frame: pd.DataFrame) -> pd.Series[bool]:
    """Return where a line adds up others: it names a total as its customer, or first of its few cells.

    A word alone is not enough: customers are called Total, products Summa.
    """
    total = frame["customer"].str.fullmatch(rf"\*+|{_TOTAL}\W*", case=False).astype("bool")
    vague = cells[frame[[role for role in ("customer", "date") if role in frame]].isna().any(axis=1)]
    first = pd.Series("", index=vague.index, dtype="str")
    filled = pd.Series(0, index=vague.index)
    for name in vague.columns:
        text = vague[name].astype("str").str.strip().fillna("")
        first = first.mask(first == "", text)
        filled += text != ""
    begins = first.str.match(rf"\*+$|{_TOTAL}\b", case=False)
    total[vague.index[begins & (filled <= max(2, len(cells.columns) // 2))]] = True
    return total
