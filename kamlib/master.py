"""What is known beside the sales: customer master, with the group each customer belongs to, and contact log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from kamlib import cells, recognise, records
from kamlib.checks import KamlibError
from kamlib.recognise import CONTACTS, CRITERIA, MASTER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

Source: TypeAlias = "str | Path | pd.DataFrame"

ATTRIBUTES: Final = ("name", "parent", "segment", "sector", "region", "owner")
_ALIASES: Final = ("name", "parent", "owner")  # what a customer, its group and who looks after it are called


def customers(
    source: Source | None, lines: Any, *, columns: Mapping[str, str | None], layout: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, dict[str, Any]]]:
    """Return one row per known customer with its account, from the master or else from the sales' own columns.

    Parameters
    ----------
    source : path, DataFrame or None
        The customer master.
    lines : ibis.Table
        The sales lines, each with its ``reason`` ("" if used).

    Returns
    -------
    DataFrame
        ``customer``, ``account``, the attributes, and the columns that have no role: criteria, as numbers or text.
    DataFrame
        ``customer``, ``kind`` (name, parent, owner), ``text``: all that stands of these in either table, former ones
        and those of a master's repeated rows too.
    dict
        Of the master: rows read, set aside and repeating a customer, and how it meets the sales.
    """
    met = _met_in(lines)
    if source is None:
        return _with_accounts(_attributes_in(lines)), _aliases(met), {}
    frame, problem, others = _read(source, "customers", MASTER, columns, layout, required=())
    problem = problem.mask((problem == "") & frame["customer"].isna(), "no_customer")
    frame = frame.join(_criteria(others, layout))[problem == ""]
    known = frame.drop_duplicates("customer").reset_index(drop=True)
    sold = lines.filter(lines.reason == "").select("customer").distinct().to_pandas()["customer"]
    about = {
        "rows_read": len(problem),
        "rows_set_aside": _counted(problem),
        "customers": len(known),
        "rows_repeating_a_customer": len(frame) - len(known),
        "without_sales": int((~known["customer"].isin(sold)).sum()),
        "sales_customers_missing": int((~sold.isin(known["customer"])).sum()),
    }
    return _with_accounts(known), _aliases(met, frame), {"customers": about}


def contacts(
    source: Source | None, *, columns: Mapping[str, str | None], layout: Mapping[str, str]
) -> tuple[pd.DataFrame | None, dict[str, dict[str, Any]]]:
    """Return the contacts that have a customer and a day, and how many rows were read, used and set aside."""
    if source is None:
        return None, {}
    frame, problem, _ = _read(source, "contacts", CONTACTS, columns, layout, required=("date",))
    problem = problem.mask((problem == "") & frame["customer"].isna(), "no_customer")
    problem = problem.mask((problem == "") & frame["date"].isna(), "no_date")
    log = frame[problem == ""].reset_index(drop=True)
    about = {"rows_read": len(frame), "rows_used": len(log), "rows_set_aside": _counted(problem)}
    return log, {"contacts": about}


def _counted(problem: pd.Series[str]) -> dict[str, int]:
    return {str(reason): int(n) for reason, n in problem[problem != ""].value_counts().sort_index().items()}


def _read(
    source: Source,
    table: str,
    roles: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str | None],
    layout: Mapping[str, str],
    *,
    required: Collection[str],
) -> tuple[pd.DataFrame, pd.Series[str], pd.DataFrame]:
    """Read a small table as cells: the roles' values, each row's problem, and the columns that no role took."""
    try:
        found = records.read(source, roles, columns=columns, layout=layout)
        assigned = recognise.assign(list(found.frame.columns), roles, columns=columns)
        recognise.require(("customer", *required), assigned, among=list(found.frame.columns))
        frame, problem, _ = cells.understand(found.frame, found.problem, assigned, layout=layout, required=required)
    except KamlibError as error:
        raise KamlibError(
            f"in the table {table} (whose keys in columns and layout begin with {table + '.'!r}): {error}"
        ) from None
    return frame, problem, found.frame.drop(columns=list(assigned.values()))


def _attributes_in(lines: Any) -> pd.DataFrame:
    """Take each customer's attributes from its latest line that has them."""
    used = lines.filter(lines.reason == "")
    master: pd.DataFrame = used.select("customer").distinct().to_pandas().sort_values("customer")
    for attribute in (a for a in ATTRIBUTES if a in lines.columns):
        known = used.filter(used[attribute].notnull())
        seen = known.group_by(["customer", attribute]).agg(last=known.date.max()).to_pandas()
        seen = seen.sort_values(["customer", "last", attribute]).drop_duplicates("customer", keep="last")
        master = master.merge(seen[["customer", attribute]], how="left", on="customer")
    return master.reset_index(drop=True)


def _met_in(lines: Any) -> pd.DataFrame:
    """Return what the lines used call each customer, one row for each way."""
    called = [attribute for attribute in _ALIASES if attribute in lines.columns]
    met: pd.DataFrame = lines.filter(lines.reason == "").select("customer", *called).distinct().to_pandas()
    return met


def _aliases(*tables: pd.DataFrame) -> pd.DataFrame:
    every = pd.concat([table.reindex(columns=["customer", *_ALIASES]).astype("str") for table in tables])
    aliases = every.melt("customer", var_name="kind", value_name="text").dropna().drop_duplicates()
    return aliases.sort_values(["customer", "kind", "text"], ignore_index=True)


def _criteria(others: pd.DataFrame, layout: Mapping[str, str]) -> pd.DataFrame:
    """Read the columns that no role took: as numbers where every cell is one, else as text.

    What can be a thousand or a fraction throughout is settled by a column that can be read in one way only, or is text.
    """
    marks = {"comma": ",", "point": "."}
    wanted = [marks[layout["decimal"]]] if "decimal" in layout else list(marks.values())
    readings = {name: _as_numbers(column, wanted) for name, column in others.items()}
    decided = {mark for reading in readings.values() if len(reading) == 1 for mark in reading}
    meaning = {
        column: role for role, column in recognise.assign([str(name) for name in others], CRITERIA, columns={}).items()
    }
    criteria = {}
    for name, column in others.items():
        label = f"{name} (as given)" if name in {*MASTER, "account"} else meaning.get(str(name), str(name))
        ways = [values for mark, values in readings[name].items() if len(decided) != 1 or mark in decided]
        clear = bool(ways) and all(values.equals(ways[0]) for values in ways)
        criteria[label] = ways[0] if clear else cells.texts(column).values
    wallet = criteria.get("share_of_wallet")
    if wallet is not None and pd.api.types.is_numeric_dtype(wallet) and wallet.max() > 1:  # as per cent
        criteria["share_of_wallet"] = wallet / 100
    return pd.DataFrame(criteria, index=others.index)


def _as_numbers(column: pd.Series[Any], marks: Collection[str]) -> dict[str, pd.Series[float]]:
    """Return the column as numbers for each decimal mark with which every cell is one; a code as 01099 is none."""
    if column.astype("str").str.match(r"\s*0[0-9]").any():
        return {}
    seen = {mark: cells.numbers(column, decimal=mark) for mark in marks}
    return {m: s.values for m, s in seen.items() if s.values.notna().any() and not s.unreadable.any()}


def _with_accounts(master: pd.DataFrame) -> pd.DataFrame:
    if "parent" not in master:
        master = master.assign(parent=pd.Series(None, index=master.index, dtype="str"))
    master.insert(1, "account", _accounts(master))
    return master


def _accounts(master: pd.DataFrame) -> pd.Series[str]:
    """Follow each customer's parent to the top of its group; a parent is a customer's number, its name or a group's.

    A customer whose name is given as a parent belongs to that group, and the group is called so.
    """
    parent = master["parent"].where(master["parent"] != master["customer"])
    name = master.get("name", parent)
    own = name.where(name.isin(parent.dropna()) & ~name.isin(master["customer"]), master["customer"])
    parent = _step(parent, pd.Series(own.to_numpy(), index=master["customer"]))
    up = parent.notna() & (parent != own)
    above = pd.Series(parent[up].to_numpy(), index=own[up], dtype="str").groupby(level=0).first()
    reach = above
    for _ in range(len(above).bit_length()):  # each pass doubles the steps taken
        reach = _step(reach, reach)
    top = _step(own, reach)
    lost = top.isin(above.index)
    if lost.any():
        raise KamlibError(
            f"the parents of customer {master['customer'][lost].iloc[0]!r} lead in a circle; "
            "name one top company in the customer master."
        )
    return top


def _step(names: pd.Series[str], above: pd.Series[str]) -> pd.Series[str]:
    """Replace each name by what stands above it, if anything does."""
    found = names.map(above).astype("str")
    return found.where(found.notna(), names)
