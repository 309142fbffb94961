"""Read a sales ledger, whatever file it comes in, into canonical columns, with every row and cent accounted for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import ibis
import ibis.expr.types as ir
import pandas as pd

from kamlib import audit, recognise, records
from kamlib.checks import KamlibError
from kamlib.recognise import CONTACTS, MASTER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kamlib.audit import Audit

Source: TypeAlias = "str | Path | pd.DataFrame | ir.Table"

# A ledger may carry what belongs in a customer master; `group` in it means products more often than companies.
SALES: Final = recognise.SALES | {r: w for r, w in MASTER.items() if r != "customer"} | {"parent": MASTER["parent"][:1]}
ATTRIBUTES: Final = ("name", "parent", "segment", "sector", "region", "owner")
CANONICAL: Final = (
    "customer", "account", "date", "revenue", "order", "product", "product_group", "quantity", "list_revenue", "cost",
)  # fmt: skip
_NUMBERS: Final = ("revenue", "quantity", "unit_price", "list_price", "list_revenue", "discount", "cost", "unit_cost")
_LAYOUT: Final[dict[str, tuple[str, ...]]] = {
    "decimal": ("comma", "point"),
    "date_order": ("dmy", "mdy"),
    "discount": ("fraction", "percent", "amount"),
    "encoding": (),
    "separator": (),
    "sheet": (),
}
_QUIET_DAYS: Final = 10
_YEARS: Final = (1950, 2100)  # 01.01.1900 and 31.12.9999 are how programs write "no date"


@dataclass(frozen=True)
class Ledger:
    """A sales ledger in canonical columns, as `read` returns it.

    Parameters
    ----------
    table : ibis.Table
        The rows used: ``customer``, ``account`` (the customer's group, or itself), ``date``, ``revenue`` (net, credit
        notes negative) and, where the source has them, ``order``, ``product``, ``product_group``, ``quantity``,
        ``list_revenue``, ``cost``.
    audit : Audit
        What was read, used, set aside and why, and how the source was understood.
    customers : DataFrame
        One row per customer of whom more than the number is known: ``customer``, ``account``, attributes, criteria.
    contacts : DataFrame or None
        The contact log: ``customer``, ``date`` and, where known, ``kind``, ``owner``, ``outcome``.
    """

    table: ir.Table
    audit: Audit
    customers: pd.DataFrame
    contacts: pd.DataFrame | None = None

    def has(self, column: str) -> bool:
        """Tell whether the source carried the optional ``column``."""
        return column in self.table.columns

    def covers(self, day: dt.date) -> bool:
        """Tell whether the ledger reaches back to ``day``, give or take the quiet days around a year's turn."""
        return self.audit.first_day <= day + dt.timedelta(days=_QUIET_DAYS)

    @property
    def last_day(self) -> dt.date:
        """The last day with a line: the command line's default for ``as_of``."""
        return self.audit.last_day


def read(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    customers: Source | None = None,
    contacts: Source | None = None,
    layout: Mapping[str, str] | None = None,
) -> Ledger:
    """Read a sales ledger from CSV, Excel, Parquet, a DataFrame or an Ibis table.

    Parameters
    ----------
    source : path, DataFrame or ibis.Table
        One row a sales line. An Ibis table stays in its engine.
    columns : mapping, optional
        Role to column where a header is not recognised, ``{"customer": "Kd."}``; None: there is no such column.
    customers, contacts : path, DataFrame or ibis.Table, optional
        Customer master, whose ``parent`` joins customers to one account, and contact log.
    layout : mapping, optional
        What the file leaves open: ``decimal`` (comma, point), ``date_order`` (dmy, mdy), ``discount`` (fraction,
        percent, amount), ``encoding``, ``separator``, ``sheet``.

    Raises
    ------
    KamlibError
        If the source can't be read, a column is missing or fits twice, or an ambiguity needs an argument.

    Examples
    --------
    >>> sales = pd.DataFrame({"Kunde": ["007", "007"], "Belegdatum": ["31.12.2025", ""], "Umsatz": ["1.234,50", "8"]})
    >>> read(sales).audit.rows_set_aside
    {'no_date': 1}
    """
    layout = _checked_layout(layout or {})
    opened = _open(source, columns or {}, layout)
    lines, how = _reckoned(opened, layout)
    master, about_master = _master(customers, lines, layout)
    log, about_contacts = _contacts(contacts, layout)
    accounts = ibis.memtable(master[["customer", "account"]])
    lines = lines.left_join(accounts, "customer").drop("customer_right")
    lines = lines.mutate(account=ibis.coalesce(lines["account"], lines["customer"]))
    if opened.engine is not None:  # our own: reckon once, not once a question
        lines = opened.engine.create_table("lines", lines, temp=True)
    used = lines.filter(lines["reason"] == "")
    used = used.select(*[c for c in CANONICAL if c in used.columns])
    report = audit.of(lines, used, how=how | about_master | about_contacts, cells=opened.cells)
    return Ledger(used, report, master, log)


def _checked_layout(layout: Mapping[str, str]) -> dict[str, str]:
    for key, value in layout.items():
        if key not in _LAYOUT:
            raise KamlibError(f"layout has the unknown key {key!r}; there are {', '.join(_LAYOUT)}.")
        if _LAYOUT[key] and value not in _LAYOUT[key]:
            raise KamlibError(f"layout[{key!r}] must be one of {', '.join(_LAYOUT[key])}; got {value!r}.")
    return dict(layout)


# --- opening: a source of which it is known which column is what ------------------------------------------------------


@dataclass(frozen=True)
class _Opened:
    table: ir.Table  # columns named by role, values typed, and `line` and `problem` ("" where a line is sound)
    headers: dict[str, str]  # role to column of the source
    how: dict[str, Any]
    cells: pd.DataFrame | None = None  # as they stood, where the source was made by hand
    engine: Any = None  # the embedded engine, None where the source brought its own


def _open(source: Source, columns: Mapping[str, str | None], layout: Mapping[str, str]) -> _Opened:
    if isinstance(source, ir.Table):
        return _typed(source, columns, None, {"kind": "ibis table"})
    engine = ibis.duckdb.connect(autoinstall_known_extensions=False)  # nothing of DuckDB's may come from a network
    if isinstance(source, (str, Path)) and Path(source).suffix.casefold() in {".parquet", ".pq"}:
        path = records.existing(source)
        try:
            table = engine.read_parquet(path, file_row_number=True)
        except Exception as error:  # noqa: BLE001 - whatever the engine says of a broken file
            raise KamlibError(f"{path.name} can't be read as Parquet: {str(error).splitlines()[0]}") from None
        assigned = recognise.assign(table.columns[:-1], SALES, columns=columns)
        if not _text_among_values(table, assigned):
            return _typed(table, columns, engine, {"kind": "parquet", "source": path.name})
        source = table.drop("file_row_number").to_pandas()
    found = records.read(source, SALES, columns=columns, layout=layout)
    assigned = recognise.assign(list(found.frame.columns), SALES, columns=columns)
    required = ("date", *_revenue_parts(assigned))
    frame, problem, how = understand(found, assigned, layout, required=required)
    table = engine.create_table("cells", ibis.memtable(frame.assign(problem=problem).reset_index()), temp=True)
    return _Opened(table, assigned, found.how | how, found.frame, engine)


def _text_among_values(table: ir.Table, assigned: Mapping[str, str]) -> list[str]:
    return [c for r, c in assigned.items() if (r == "date" or r in _NUMBERS) and table[c].type().is_string()]


def _typed(table: ir.Table, columns: Mapping[str, str | None], engine: Any, how: dict[str, Any]) -> _Opened:
    """Name the columns of a table in an engine by role; customers become text, moments days, NaN missing."""
    line = "file_row_number"
    assigned = recognise.assign([c for c in table.columns if c != line], SALES, columns=columns)
    if text := _text_among_values(table, assigned):
        raise KamlibError(f"column {text[0]!r} of the table is text; cast it to a date or a number first.")
    values: dict[str, Any] = {"line": table[line] + 1 if line in table.columns else ibis.null("int64")}
    for role, column in assigned.items():
        cells: Any = table[column]
        if role == "date":
            values[role] = cells.cast("date")
        elif role in _NUMBERS:
            values[role] = _finite(cells.cast("float64"))
        elif cells.type().is_numeric() and not cells.type().is_integer():
            values[role] = _finite(cells).cast("int64").cast("string")
        else:
            values[role] = cells.cast("string").strip().nullif("")
    named = table.select(**values, problem=ibis.literal(""))
    return _Opened(named, assigned, how | {"columns": assigned}, engine=engine)


def _finite(cells: Any) -> Any:
    return ibis.ifelse(cells.isnan() | cells.isinf(), None, cells) if cells.type().is_floating() else cells


def understand(
    found: records.Records, assigned: Mapping[str, str], layout: Mapping[str, str], *, required: Collection[str]
) -> tuple[pd.DataFrame, pd.Series[str], dict[str, Any]]:
    """Read hand-made cells by role; one that can't be read is its row's problem if its role is ``required``."""
    frame = pd.DataFrame(index=found.frame.index)
    problem = found.problem
    how: dict[str, Any] = {"columns": dict(assigned)}
    sound = found.frame[problem == ""]
    decimal = _decimal_of(sound, assigned, layout)
    unreadable = {}
    for role, column in assigned.items():
        cells = found.frame[column]
        if role == "date":
            order = layout.get("date_order") or recognise.date_order_of(sound[column])
            seen = recognise.dates(cells, order=order)
            how["date_order"] = order or "clear"
        elif role in _NUMBERS:
            how.setdefault("decimal", {})[role] = decimal[role]
            seen = recognise.numbers(cells, decimal=decimal[role])
        else:
            seen = recognise.texts(cells)
        frame[role] = seen.values
        if role in required:
            problem = problem.mask((problem == "") & seen.unreadable, f"unreadable_{role}")
        elif bad := int((seen.unreadable & (problem == "")).sum()):
            unreadable[role] = bad
    return frame, problem, how | ({"unreadable_cells": unreadable} if unreadable else {})


def _decimal_of(cells: pd.DataFrame, assigned: Mapping[str, str], layout: Mapping[str, str]) -> dict[str, str]:
    """Return the decimal mark of every number column; what a column leaves open, the file's other columns settle."""
    mark_of = {"comma": ",", "point": "."}
    columns = {role: cells[column] for role, column in assigned.items() if role in _NUMBERS}
    if given := layout.get("decimal"):
        return dict.fromkeys(columns, mark_of[given])
    seen = {r: "" if pd.api.types.is_numeric_dtype(c) else recognise.decimal_of(c) for r, c in columns.items()}
    marks = {mark for mark in seen.values() if mark}
    for role in (role for role, mark in seen.items() if mark is None):
        if len(marks) != 1:
            example = next(c for c in columns[role].astype("str") if "," in c or "." in c)
            raise KamlibError(
                f"column {assigned[role]!r} can be read with decimal comma or decimal point (is {example!r} a thousand "
                "or a fraction?); say which with layout={'decimal': 'comma'} or {'decimal': 'point'}."
            )
    only = next(iter(marks), "")
    return {role: only if mark is None else mark for role, mark in seen.items()}


# --- reckoning: from what stands in the source to canonical columns ---------------------------------------------------


def _revenue_parts(headers: Mapping[str, str]) -> tuple[str, ...]:
    if "revenue" in headers:
        return ("revenue",)
    return ("quantity", "unit_price", *(["discount"] if "discount" in headers else []))


def _reckoned(opened: _Opened, layout: Mapping[str, str]) -> tuple[ir.Table, dict[str, Any]]:
    """Derive revenue, list revenue and cost, and give every line that can't be used its reason."""
    t, headers = opened.table, opened.headers
    for role in ("customer", "date", *_revenue_parts(headers)):
        if role not in headers:
            wanted = "revenue, nor quantity and unit price," if role in {"quantity", "unit_price"} else role
            raise KamlibError(
                f"no column for {wanted} was recognised among {', '.join(map(repr, _source_columns(opened)))}; "
                "say which it is, for example columns={" + f"'{wanted.split(',')[0]}': '...'" + "}."
            )
    how: dict[str, Any] = {"revenue": f"column {headers.get('revenue')!r}"}
    columns: dict[str, Any] = {c: t[c] for c in ("line", *CANONICAL, *ATTRIBUTES, "currency") if c in t.columns}
    columns["date"] = t["date"].cast("date")
    if "revenue" not in headers:
        gross: Any = t["quantity"] * t["unit_price"]
        columns["revenue"], how["revenue"] = gross, "quantity x unit price"
        if "discount" in headers:
            kind = _discount_kind(t, headers["discount"], layout)
            columns["revenue"] = _discounted(gross, t["discount"].fill_null(0).abs(), kind)
            columns["list_revenue"] = columns.get("list_revenue", gross)
            how["revenue"] += f", less discount as {kind}"
    if "list_revenue" not in columns and {"quantity", "list_price"} <= headers.keys():
        columns["list_revenue"] = t["quantity"] * t["list_price"]
    if "cost" not in columns and {"quantity", "unit_cost"} <= headers.keys():
        columns["cost"] = t["quantity"] * t["unit_cost"]
    lines = t.select(**columns, problem=t["problem"])
    lines = lines.mutate(reason=_reason(lines)).drop("problem")
    return lines, opened.how | how | _currency(lines, opened)


def _source_columns(opened: _Opened) -> list[str]:
    return list(opened.cells.columns) if opened.cells is not None else list(opened.headers.values())


def _reason(t: Any) -> Any:
    year = t.date.year()
    return ibis.cases(
        (t.problem != "", t.problem),
        (t.customer.isnull() & t.date.isnull(), "total_line"),
        (t.customer.isnull(), "no_customer"),
        (t.date.isnull(), "no_date"),
        ((year < _YEARS[0]) | (year > _YEARS[1]), "implausible_date"),
        (t.revenue.isnull(), "no_revenue"),
        else_="",
    )


def _discount_kind(t: Any, header: str, layout: Mapping[str, str]) -> str:
    if given := layout.get("discount"):
        return given
    if recognise.is_percent(header):
        return "percent"
    if recognise.is_amount(header):
        return "amount"
    largest = t.discount.abs().max().execute()
    if not largest or largest <= 1:
        return "fraction"
    raise KamlibError(
        f"column {header!r} holds discounts up to {largest:g}, which may be per cent or amounts; "
        "say which with layout={'discount': 'percent'} or {'discount': 'amount'}."
    )


def _discounted(gross: Any, discount: Any, kind: str) -> Any:
    if kind == "amount":  # taken off what was sold, and off the credit when it comes back
        return gross - discount * gross.sign()
    return gross * (1 - (discount / 100 if kind == "percent" else discount))


def _currency(lines: ir.Table, opened: _Opened) -> dict[str, str]:
    if "currency" not in lines.columns:
        seen = recognise.currency_of(opened.headers.get("revenue", ""))
        if seen is None and opened.cells is not None and "revenue" in opened.headers:
            cells = opened.cells[opened.headers["revenue"]].astype("str")
            seen = next((c for c in map(recognise.currency_of, cells.head(20)) if c), None)
        return {"currency": seen} if seen else {}
    found = lines.filter(lines["reason"] == "").select("currency").distinct().to_pandas()["currency"].dropna()
    if len(found) > 1:
        raise KamlibError(
            f"column {opened.headers['currency']!r} has {len(found)} currencies ({', '.join(sorted(found)[:5])}); "
            "they can't be added up: convert the amounts first, or ignore the column with columns={'currency': None}."
        )
    return {"currency": str(found.iloc[0])} if len(found) else {}


# --- beside the ledger: customer master and contact log ---------------------------------------------------------------


def _side_table(
    source: Source, roles: Mapping[str, tuple[str, ...]], layout: Mapping[str, str], *, required: Collection[str]
) -> tuple[pd.DataFrame, pd.Series[str], pd.DataFrame]:
    """Read a small table as cells: the roles' values, each row's problem, and the columns that no role took."""
    if isinstance(source, ir.Table):
        source = source.to_pandas()
    elif isinstance(source, (str, Path)) and Path(source).suffix.casefold() in {".parquet", ".pq"}:
        source = pd.read_parquet(records.existing(source))
    # The sheet, encoding and separator are the sales file's; what they mean for its cells may hold here, too.
    layout = {key: value for key, value in layout.items() if key in {"decimal", "date_order"}}
    found = records.read(source, roles, columns={}, layout={})
    assigned = recognise.assign(list(found.frame.columns), roles, columns={})
    frame, problem, _ = understand(found, assigned, layout, required=required)
    return frame, problem, found.frame.drop(columns=list(assigned.values()))


def _master(
    source: Source | None, lines: ir.Table, layout: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    """Return one row per known customer with its account, from the master or else from the ledger's own columns."""
    about: dict[str, Any] = {}
    if source is None:
        master = _attributes_in(lines)
    else:
        frame, _, others = _side_table(source, MASTER, layout, required=())
        frame = frame.join(_criteria(others, layout))
        named = frame[frame["customer"].notna()]
        master = named.drop_duplicates("customer").reset_index(drop=True)
        about = {
            "rows_read": len(frame),
            "customers": len(master),
            "rows_repeating_a_customer": len(named) - len(master),
        }
    if "parent" not in master:
        master = master.assign(parent=pd.Series(None, index=master.index, dtype="str"))
    master.insert(1, "account", _accounts(master))
    return master, {"customers": about} if about else {}


def _attributes_in(lines: Any) -> pd.DataFrame:
    """Take each customer's attributes from its latest line that has them."""
    master: pd.DataFrame = (
        lines.filter(lines.reason == "").select("customer").distinct().to_pandas().sort_values("customer")
    )
    for attribute in (a for a in ATTRIBUTES if a in lines.columns):
        known = lines.filter((lines.reason == "") & lines[attribute].notnull())
        seen = known.group_by(["customer", attribute]).agg(last=known.date.max()).to_pandas()
        seen = seen.sort_values(["customer", "last", attribute]).drop_duplicates("customer", keep="last")
        master = master.merge(seen[["customer", attribute]], how="left", on="customer")
    return master.reset_index(drop=True)


def _criteria(others: pd.DataFrame, layout: Mapping[str, str]) -> pd.DataFrame:
    """Read the columns that no role took: as numbers where every cell is one, else as text."""
    criteria = {}
    for name, cells in others.items():
        if pd.api.types.is_numeric_dtype(cells):
            criteria[name] = cells
            continue
        mark = {"comma": ",", "point": "."}.get(layout.get("decimal", "")) or recognise.decimal_of(cells)
        as_numbers = recognise.numbers(cells, decimal=mark or ".")
        is_number = mark is not None and not as_numbers.unreadable.any() and as_numbers.values.notna().any()
        criteria[name] = as_numbers.values if is_number else recognise.texts(cells).values
    return pd.DataFrame(criteria, index=others.index)


def _accounts(master: pd.DataFrame) -> pd.Series[str]:
    """Follow each customer's parent to the top of its group; a parent may be a group's name or a customer's number."""
    parent_of = master.set_index("customer")["parent"].dropna()
    top = master["parent"].where(master["parent"].notna(), master["customer"])
    for _ in range(20):
        above = top.map(parent_of)
        climbs = above.notna() & (above != top)
        if not climbs.any():
            return top.astype("str")
        top = top.mask(climbs, above)
    first = master["customer"][climbs].iloc[0]
    raise KamlibError(
        f"the parents of customer {first!r} lead in a circle; name one top company in the customer master."
    )


def _contacts(
    source: Source | None, layout: Mapping[str, str]
) -> tuple[pd.DataFrame | None, dict[str, dict[str, Any]]]:
    if source is None:
        return None, {}
    frame, problem, _ = _side_table(source, CONTACTS, layout, required=("date",))
    if "date" not in frame:
        raise KamlibError("the contact log has no date column; it needs at least customer and date.")
    problem = problem.mask((problem == "") & frame["customer"].isna(), "no_customer")
    problem = problem.mask((problem == "") & frame["date"].isna(), "no_date")
    log = frame[problem == ""].reset_index(drop=True)
    set_aside = {str(r): int(n) for r, n in problem[problem != ""].value_counts().sort_index().items()}
    return log, {"contacts": {"rows_read": len(frame), "rows_used": len(log), "rows_set_aside": set_aside}}
