"""The shipped company's files: where they lie, how they are read, and how they were written."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import checks, ledger
from kamlib.datasets.simulated import FIRST, LAST, Company, make_company

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger, Source

_GERMAN: Final = {
    "customer": "Debitor", "date": "Belegdatum", "order": "Beleg", "product": "Artikel", "product_group": "Warengruppe",
    "quantity": "Menge", "list_revenue": "Listenumsatz", "revenue": "Nettoumsatz", "cost": "Wareneinsatz",
    "currency": "Währung", "name": "Name", "parent": "Konzern", "segment": "Segment", "sector": "Branche",
    "region": "Region", "owner": "Betreuer", "potential": "Potenzial", "share_of_wallet": "Lieferanteil",
    "strategic_fit": "Strategische Passung", "payment_days": "Zahlungsziel", "kind": "Kontaktart",
    "outcome": "Ergebnis",
}  # fmt: skip


@dataclass(frozen=True)
class CompanyFiles:
    """Where the shipped files lie."""

    sales: Path
    customers: Path
    contacts: Path
    fixed_costs: Path
    truth: Path


def company_files() -> CompanyFiles:
    """Return the paths of the shipped files: in the package once installed, one folder up in a checkout.

    Raises
    ------
    KamlibError
        If neither folder has them.
    """
    here = Path(__file__).parents[1]
    for folder in (here / "data", here.parent / "data"):
        if (folder / "company_sales.parquet").is_file():
            return _files_in(folder)
    raise checks.KamlibError(
        f"The shipped company is neither in {here / 'data'} nor in {here.parent / 'data'}; "
        "reinstall kamlib, or write it there with 'python -m kamlib.datasets FOLDER'."
    )


def _files_in(folder: Path) -> CompanyFiles:
    return CompanyFiles(
        folder / "company_sales.parquet", folder / "company_customers.parquet", folder / "company_contacts.parquet",
        folder / "company_fixed_costs.csv", folder / "company_truth.json",
    )  # fmt: skip


def company_path() -> Path:
    """Return the path of the shipped sales ledger (Parquet)."""
    return company_files().sales


def read(
    sales: Source | None = None,
    *,
    customers: Source | None = None,
    contacts: Source | None = None,
    columns: Mapping[str, str | None] | None = None,
    layout: Mapping[str, str] | None = None,
) -> Ledger:
    """Read one's own files as `ledger.read` does or, where ``sales`` is None, the shipped company.

    Examples
    --------
    >>> read().audit.rows_set_aside
    {}
    """
    if sales is None:
        shipped = company_files()
        sales, customers, contacts = shipped.sales, customers or shipped.customers, contacts or shipped.contacts
    return ledger.read(sales, columns=columns, customers=customers, contacts=contacts, layout=layout)


def fixed_costs(*, as_of: DateLike) -> float:
    """Return the shipped company's fixed costs of the twelve months that end with ``as_of``, by days of each year.

    >>> fixed_costs(as_of="2025-12-31")
    11050000.0
    """
    end = checks.day(as_of, name="as_of")
    days = pd.date_range(checks.months_before(end, 12) + dt.timedelta(days=1), end)
    by_year = pd.read_csv(company_files().fixed_costs).set_index("year")["fixed_costs"]
    known = days.year[days.year.isin(by_year.index)]
    if known.empty:
        raise checks.KamlibError(f"the shipped company's fixed costs begin in {by_year.index.min()}, after {end}.")
    return float(by_year.reindex(known).mean())


def load_company() -> Company:
    """Read the shipped company; `make_company` with its default seed gives the same."""
    files = company_files()
    return Company(
        sales=pd.read_parquet(files.sales),
        customers=pd.read_parquet(files.customers),
        contacts=pd.read_parquet(files.contacts),
        fixed_costs=pd.read_csv(files.fixed_costs),
        truth=json.loads(files.truth.read_text(encoding="utf-8")),
    )


def write_company(folder: str | Path, *, seed: int = 7) -> CompanyFiles:
    """Simulate the company and write its files into ``folder``: Parquet, and CSV as a German system exports it.

    Parameters
    ----------
    folder : str or Path
        Made if it isn't there; files of the same names are replaced.
    seed : int
        See `make_company`.

    Returns
    -------
    CompanyFiles
        The files written; a ``_de.csv`` lies beside each Parquet file.
    """
    company, folder = make_company(seed=seed), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = _files_in(folder)
    titles = f"Umsatzstatistik Einzelposten;Buchungskreis 1000\nZeitraum {FIRST:%d.%m.%Y} - {LAST:%d.%m.%Y}\n\n"
    totals = _german(company.sales[["list_revenue", "revenue", "cost"]].sum())
    total = ";".join(["Summe", "", "", "", "", "", *totals, "EUR"]) + "\n"
    for name, above, below in (("sales", titles, total), ("customers", "", ""), ("contacts", "", "")):
        table, path = getattr(company, name), getattr(files, name)
        table.to_parquet(path, compression="zstd", index=False)
        header = ";".join(f'"{_GERMAN[column]}"' for column in table.columns)
        rows = map(";".join, zip(*(_german(table[column]) for column in table.columns), strict=True))
        text = above + "\n".join([header, *rows]) + "\n" + below
        path.with_name(f"company_{name}_de.csv").write_text(text, encoding="cp1252", newline="\r\n")
    company.fixed_costs.to_csv(files.fixed_costs, index=False, lineterminator="\n")
    truth = json.dumps(company.truth, indent=2, ensure_ascii=False)
    files.truth.write_text(truth + "\n", encoding="utf-8", newline="\n")
    return files


def _german(values: pd.Series[Any]) -> list[str]:
    """Write values as SAP lists do: 1.234,56 and, below zero, 1.234,56-; 31.12.2025; nothing where one is missing."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return list(values.dt.strftime("%d.%m.%Y"))
    if not pd.api.types.is_numeric_dtype(values):
        return list(values)
    form, marks = ",.2f" if pd.api.types.is_float_dtype(values) else "d", str.maketrans(",.", ".,")
    return ["" if pd.isna(v) else f"{abs(v):{form}}".translate(marks) + "-" * (v < 0) for v in values.tolist()]
