"""Read a sales ledger, whatever file it comes in, into canonical columns, with every row and cent accounted for."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from kamlib import audit, cells, master, recognise, records
from kamlib.checks import KamlibError
from kamlib.master import ATTRIBUTES
from kamlib.recognise import MASTER, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from kamlib.audit import Audit

Source: TypeAlias = "str | Path | pd.DataFrame | ir.Table"

# A ledger may carry what belongs in a customer master; `group` in it means products more often than companies.
SALES: Final = recognise.SALES | {r: w for r, w in MASTER.items() if r != "customer"} | {"parent": MASTER["parent"][:1]}
CANONICAL: Final = (
    "customer", "account", "date", "revenue", "order", "product", "product_group", "quantity", "list_revenue", "cost",
)  # fmt: skip
_LAYOUT: Final[dict[str, tuple[str, ...]]] = {
    "decimal": ("comma", "point"),
    "date_order": ("dmy", "mdy"),
    "discount": ("fraction", "percent", "amount"),
    "encoding": (),
    "separator": (),
    "sheet": (),
}
_PAIRS: Final = pa.schema([("old_text", pa.string()), ("new_text", pa.string())])
_BROUGHT: Final = "ibis table"  # a source with an engine of its own
_IDENTITY: Final = ("customer", "date", "order", "product")
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
    aliases : DataFrame
        All that a customer, its group and its account manager were ever called: ``customer``, ``kind``, ``text``.
    contacts : DataFrame or None
        The contact log: ``customer``, ``date`` and, where known, ``kind``, ``owner``, ``outcome``.
    """

    table: ir.Table
    audit: Audit
    customers: pd.DataFrame
    aliases: pd.DataFrame
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

    def renamed(self, names: Mapping[str, Mapping[str, str]]) -> Ledger:
        """Return the ledger with the texts of some columns of its table replaced, by column: old text to new.

        A text without a new one is missing then, so that no old one is left. This happens in the engine; the tables
        beside it stay as they are.
        """
        table: Any = self.table
        for column, new in names.items():
            table = _exchanged(table, column, new)
        if self.audit.format.get("kind") != _BROUGHT:  # an engine of our own: reckon once, not once a question
            table = table.get_backend().create_table(ibis.util.gen_name("renamed"), table, temp=True)
        return replace(self, table=table)


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
        percent, amount), ``encoding``, ``separator``, ``sheet``. Keys of ``columns`` and ``layout`` that speak of the
        other two tables begin with their name: ``{"customers.name": "Firma"}``.

    Raises
    ------
    KamlibError
        If the source can't be read, a column is missing or fits twice, or an ambiguity needs an argument.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"Kunde": ["007", "007"], "Belegdatum": ["31.12.2025", ""], "Umsatz": ["1.234,50", "8"]})
    >>> read(sales).audit.rows_set_aside
    {'no_date': 1}
    """
    named = _by_table(columns or {}, "columns")
    marks = {table: _checked_layout(given) for table, given in _by_table(layout or {}, "layout").items()}
    opened = _open(source, named[""], marks[""])
    lines, how = _reckoned(opened, marks[""])
    # What decides a doubt in the sales file may hold in the other two, which the same program wrote.
    shared = {key: value for key, value in marks[""].items() if key in {"decimal", "date_order"}}
    beside = {table: {"columns": named[table], "layout": shared | marks[table]} for table in ("customers", "contacts")}
    known, aliases, about_customers = master.customers(_in_memory(customers), lines, **beside["customers"])
    log, about_contacts = master.contacts(_in_memory(contacts), **beside["contacts"])
    accounts = ibis.memtable(known[["customer", "account"]])
    lines = lines.left_join(accounts, "customer").drop("customer_right")
    lines = lines.mutate(account=ibis.coalesce(lines["account"], lines["customer"]))
    if opened.engine is not None:  # our own: reckon once, not once a question
        lines = opened.engine.create_table("lines", lines, temp=True)
    used = lines.filter(lines["reason"] == "")
    used = used.select(*[c for c in CANONICAL if c in used.columns])
    report = audit.of(lines, used, how=how | about_customers | about_contacts, cells=opened.cells)
    return Ledger(used, report, known, aliases, log)


def _exchanged(table: Any, column: str, new: Mapping[str, str], *, keep: bool = False) -> Any:
    """Replace the texts of a column in the engine, old to new; of any other one ``keep`` says whether it stays."""
    pairs = pa.table({"old_text": list(new), "new_text": list(new.values())}, schema=_PAIRS)
    joined = table.left_join(ibis.memtable(pairs), [(column, "old_text")])
    text = joined["new_text"]
    if keep:
        text = ibis.ifelse(joined["old_text"].isnull(), joined[column], text)
    return joined.mutate(**{column: text}).select(table.columns)


def _in_memory(source: Source | None) -> master.Source | None:
    return source.to_pandas() if isinstance(source, ir.Table) else source


def _by_table(settings: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Split keys such as ``customers.name`` by the table that they speak of; plain ones speak of the sales."""
    parts: dict[str, dict[str, Any]] = {"": {}, "customers": {}, "contacts": {}}
    for key, value in settings.items():
        table, _, rest = key.rpartition(".")
        if table not in parts:
            raise KamlibError(f"{name} has the key {key!r}; the tables beside the sales are customers and contacts.")
        parts[table][rest] = value
    return parts


def _checked_layout(layout: Mapping[str, str]) -> dict[str, str]:
    for key, value in layout.items():
        if key not in _LAYOUT:
            raise KamlibError(f"layout has the unknown key {key!r}; there are {', '.join(_LAYOUT)}.")
        if _LAYOUT[key] and value not in _LAYOUT[key]:
            raise KamlibError(f"layout[{key!r}] must be one of {', '.join(_LAYOUT[key])}; got {value!r}.")
    checked = dict(layout)
    if "separator" in layout:
        checked["separator"] = records.separator(layout["separator"])
    return checked


# --- opening: a source of which it is known which column is what ------------------------------------------------------


@dataclass(frozen=True)
class _Opened:
    table: ir.Table  # columns named by role, values typed, and `line` and `problem` ("" where a line is sound)
    headers: dict[str, str]  # role to column of the source
    columns: list[str]  # all those of the source
    how: dict[str, Any]
    cells: pd.DataFrame | None = None  # as they stood, where the source was made by hand
    engine: Any = None  # the embedded engine, None where the source brought its own


def _open(source: Source, columns: Mapping[str, str | None], layout: Mapping[str, str]) -> _Opened:
    if isinstance(source, ir.Table):
        return _typed(source, columns, None, {"kind": _BROUGHT})
    engine = ibis.duckdb.connect(autoinstall_known_extensions=False)  # nothing of DuckDB's may come from a network
    if isinstance(source, (str, Path)) and records.kind_of(path := records.existing(source)) == "parquet":
        try:
            table = engine.read_parquet(path, file_row_number=True)
        except Exception as error:  # noqa: BLE001 - whatever the engine says of a broken file
            raise KamlibError(f"{path.name} can't be read as Parquet: {str(error).splitlines()[0]}") from None
        assigned = recognise.assign(table.columns[:-1], SALES, columns=columns)
        if not _written(table, assigned):
            return _typed(table, columns, engine, {"kind": "parquet", "source": path.name})
    found = records.read(source, SALES, columns=columns, layout=layout)
    assigned = recognise.assign(list(found.frame.columns), SALES, columns=columns)
    required = ("date", *_revenue_parts(assigned))
    frame, problem, how = cells.understand(found.frame, found.problem, assigned, layout=layout, required=required)
    # By way of Arrow, where a column of text that is empty throughout is still one of text.
    as_arrow = pa.Table.from_pandas(frame.assign(problem=problem).reset_index(), preserve_index=False)
    table = engine.create_table("cells", ibis.memtable(as_arrow), temp=True)
    return _Opened(table, assigned, list(found.frame.columns), found.how | how, found.frame, engine)


def _written(table: ir.Table, assigned: Mapping[str, str]) -> list[str]:
    """Name the columns whose values must be understood first: dates and numbers in text, days as 20250331, moments."""

    def plain(role: str, kind: Any) -> bool:
        if role == "date":
            return kind.is_date() or (kind.is_timestamp() and kind.timezone is None)
        return role not in NUMBERS or kind.is_numeric()

    return [column for role, column in assigned.items() if not plain(role, table[column].type())]


def _typed(table: ir.Table, columns: Mapping[str, str | None], engine: Any, how: dict[str, Any]) -> _Opened:
    """Name the columns of a table in an engine by role; customers become text, moments days, NaN missing."""
    line = "file_row_number"
    assigned = recognise.assign([c for c in table.columns if c != line], SALES, columns=columns)
    if written := _written(table, assigned):
        kind = table[written[0]].type()
        raise KamlibError(f"column {written[0]!r} of the table is {kind}; cast it to a date or a number first.")
    table = _neat(table, assigned.values())
    values: dict[str, Any] = {"line": table[line] + 1 if line in table.columns else ibis.null("int64")}
    for role, column in assigned.items():
        values[role] = _typed_column(role, table[column])
    named = table.select(**values, problem=ibis.literal(""))
    return _Opened(named, assigned, list(table.columns), how | {"columns": assigned}, engine=engine)


def _typed_column(role: str, column: Any) -> Any:
    if role == "date":
        return column.cast("date")
    if role in NUMBERS:
        return _sane(column.cast("float64"))
    text = column.cast("string").strip()
    if column.type().is_floating():
        whole = _sane(column).cast("int64")
        text = ibis.ifelse(whole.cast("float64") == column, whole.cast("string"), text)
    return ibis.ifelse(text.lower().isin(cells.NOTHING), None, text)


def _neat(table: Any, columns: Iterable[str]) -> Any:
    """Bring texts to one way of writing, as in a file; only what is beyond ASCII can have several."""
    for column in (column for column in columns if table[column].type().is_string()):
        odd = table.filter(table[column].re_search("[^ -~]")).select(column).distinct().to_pandas()[column]
        if new := {text: neat for text in odd if (neat := recognise.neat(text)) != text}:
            table = _exchanged(table, column, new, keep=True)
    return table


def _sane(amounts: Any) -> Any:
    """Replace what is no amount (NaN, infinite, beyond what adds up exactly) by a missing one."""
    return ibis.ifelse(amounts.isnan() | (amounts.abs() > cells.LARGEST), None, amounts)


# --- reckoning: from what stands in the source to canonical columns ---------------------------------------------------


def _revenue_parts(headers: Mapping[str, str]) -> tuple[str, ...]:
    if "revenue" in headers:
        return ("revenue",)
    return ("quantity", "unit_price", *(["discount"] if "discount" in headers else []))


def _reckoned(opened: _Opened, layout: Mapping[str, str]) -> tuple[ir.Table, dict[str, Any]]:
    """Derive revenue, list revenue and cost, and give every line that can't be used its reason."""
    t, headers = opened.table, opened.headers
    priced = {"quantity", "unit_price"} <= headers.keys()  # so revenue can be reckoned
    recognise.require(("customer", "date", *([] if priced else ["revenue"])), headers, among=opened.columns)
    how: dict[str, Any] = {"revenue": f"column {headers.get('revenue')!r}"}
    columns: dict[str, Any] = {c: t[c] for c in ("line", *CANONICAL, *ATTRIBUTES, "currency") if c in t.columns}
    columns["date"] = t["date"].cast("date")
    if "revenue" not in headers:
        gross: Any = t["quantity"] * t["unit_price"]
        columns["revenue"], how["revenue"] = gross, "quantity x unit price"
        if "discount" in headers:
            kind = _discount_kind(opened, layout)
            columns["revenue"] = _discounted(gross, t["discount"].fill_null(0).abs(), kind)
            columns["list_revenue"] = columns.get("list_revenue", gross)
            how["revenue"] += f", less discount as {kind}"
    if "list_revenue" not in columns and {"quantity", "list_price"} <= headers.keys():
        columns["list_revenue"] = t["quantity"] * t["list_price"]
    if "cost" not in columns and {"quantity", "unit_cost"} <= headers.keys():
        columns["cost"] = t["quantity"] * t["unit_cost"]
    amounts = {c: _sane(columns[c]) for c in ("revenue", "list_revenue", "cost") if c in columns}
    lines = t.select(**(columns | amounts), problem=t["problem"])
    lines = lines.mutate(reason=_reason(lines)).drop("problem")
    return lines, opened.how | how | _currency(lines, opened)


def _reason(t: Any) -> Any:
    year = t.date.year()
    # A line that says neither who, when, which order nor what adds up others, even without a word such as Total.
    nameless = functools.reduce(operator.and_, (t[c].isnull() for c in _IDENTITY if c in t.columns))
    return ibis.cases(
        (t.problem != "", t.problem),
        (nameless, "total_line"),
        (t.customer.isnull(), "no_customer"),
        (t.date.isnull(), "no_date"),
        ((year < _YEARS[0]) | (year > _YEARS[1]), "implausible_date"),
        (t.revenue.isnull(), "no_revenue"),
        else_="",
    )


def _discount_kind(opened: _Opened, layout: Mapping[str, str]) -> str:
    header = opened.headers["discount"]
    if given := layout.get("discount"):
        return given
    said = opened.cells is not None and opened.cells[header].astype("str").str.contains("%", regex=False).any()
    if said or recognise.is_percent(header):
        return "percent"
    if recognise.is_amount(header):
        return "amount"
    discount: Any = opened.table["discount"]
    largest = discount.abs().max().execute()
    if not largest > 1:  # nor is a missing one, where there is no discount at all
        return "fraction"
    raise KamlibError(
        f"column {header!r} holds discounts up to {largest:g}, which may be per cent or amounts; "
        f"say which with {recognise.setting('layout', {'discount': 'percent'}, {'discount': 'amount'})}."
    )


def _discounted(gross: Any, discount: Any, kind: str) -> Any:
    if kind == "amount":  # taken off what was sold, and off the credit when it comes back
        return gross - discount * gross.sign()
    return gross * (1 - (discount / 100 if kind == "percent" else discount))


def _currency(lines: ir.Table, opened: _Opened) -> dict[str, str]:
    if "currency" not in lines.columns:
        seen = recognise.currency_of(opened.headers.get("revenue", ""))
        if seen is None and opened.cells is not None and "revenue" in opened.headers:
            written = opened.cells[opened.headers["revenue"]].astype("str").dropna().head(20)
            seen = next((c for c in map(recognise.currency_of, written) if c), None)
        return {"currency": seen} if seen else {}
    found = lines.filter(lines["reason"] == "").select("currency").distinct().to_pandas()["currency"].dropna()
    if len(found) > 1:
        raise KamlibError(
            f"column {opened.headers['currency']!r} has {len(found)} currencies ({', '.join(sorted(found)[:5])}); "
            "they can't be added up: convert the amounts first, or ignore the column with "
            f"{recognise.setting('columns', {'currency': None})}."
        )
    return {"currency": str(found.iloc[0])} if len(found) else {}
