"""What the text of a hand-made file means: its header words, its numbers, its dates.

Nothing here guesses: a question is settled by the whole column (or, for the decimal mark, by the file's other number
columns), or it is a `KamlibError` that names the argument which settles it.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# For each role the header words that name it, best fit first. They are compared without case, accents, blanks and
# punctuation. Two columns that fit equally well are an error; a better fit wins over a weaker one.
SALES: Final[dict[str, tuple[str, ...]]] = {
    "customer": (
        (
            "customerid customerno customernr customernumber customercode clientid accountid custid kundennr "
            "kundennummer kundenno kundenid kdnr debitorennr debitorennummer debitornr debitornummer kunnr"
        ),
        "customer kunde debitor client cust kunag soldto soldtoparty auftraggeber buyer",
        "account accountnumber konto kontonr geschaftspartner businesspartner",
        "customername kundenname",
    ),
    "date": (
        "date datum invoicedate rechnungsdatum billingdate fakturadatum fkdat documentdate belegdatum",
        "postingdate buchungsdatum budat transactiondate",
        "orderdate auftragsdatum bestelldatum deliverydate lieferdatum",
    ),
    "revenue": (
        (
            "revenue netrevenue nettoumsatz umsatznetto netsales netvalue nettowert netamount nettobetrag betragnetto "
            "netwr nettoerlos nettoerlose netrevenues"
        ),
        "umsatz umsatze sales salesamount salesrevenue turnover erlos erlose umsatzerlose",
        "amount betrag value wert linetotal total dollarvalue",
    ),
    "order": (
        "order orderid orderno ordernr ordernumber auftrag auftragsnr auftragsnummer bestellnr bestellnummer vbeln",
        "invoice invoiceno invoicenr invoicenumber invoiceid rechnung rechnungsnr rechnungsnummer faktura fakturanr",
        "document documentno documentnumber beleg belegnr belegnummer transactionid",
    ),
    "product": (
        (
            "productid productno productnr productnumber productcode stockcode sku itemno itemnumber itemid articleno "
            "articlenumber artikelnr artikelnummer materialnr materialnummer matnr produktnr produktnummer"
        ),
        "product produkt item article artikel material",
    ),
    "product_group": (
        "productgroup productcategory warengruppe produktgruppe artikelgruppe materialgruppe matkl",
        "category kategorie sortiment",
    ),
    "quantity": ("quantity qty menge fakturamenge fkimg", "anzahl stuck stuckzahl units pieces absatz absatzmenge"),
    "unit_price": (
        "unitprice einzelpreis stuckpreis preisprostuck priceperunit",
        "price preis salesprice verkaufspreis nettopreis netprice",
    ),
    "list_price": ("listprice listenpreis katalogpreis",),
    "list_revenue": ("listrevenue listvalue listenumsatz listenwert umsatzzulistenpreis",),
    "discount": (
        (
            "discount rabatt nachlass discountpercent discountpct rabattprozent rabattinprozent discountrate "
            "rabattsatz discountamount rabattbetrag"
        ),
    ),
    "cost": ("cost costs cogs costofgoodssold wareneinsatz herstellkosten selbstkosten einstandswert wavwr", "kosten"),
    "unit_cost": ("unitcost stuckkosten einstandspreis", "einkaufspreis purchaseprice"),
    "currency": ("currency currencycode wahrung waers waerk",),
}
MASTER: Final[dict[str, tuple[str, ...]]] = {
    "customer": SALES["customer"],
    "name": ("name name1 customername kundenname companyname firma firmenname", "customer kunde client company"),
    "parent": (
        "parent parentcompany konzern konzernname unternehmensgruppe ultimateparent muttergesellschaft konzernmutter",
        "group gruppe hauptkunde",
    ),
    "segment": ("segment customersegment kundensegment", "kundengruppe customergroup channel vertriebskanal"),
    "sector": ("sector branche industry wirtschaftszweig",),
    "region": ("region salesregion gebiet vertriebsgebiet territory", "country land staat"),
    "owner": (
        "owner accountmanager keyaccountmanager kam betreuer kundenbetreuer accountowner",
        "salesrep salesperson vertreter verkaufer aussendienst vertriebsmitarbeiter",
    ),
}
CONTACTS: Final[dict[str, tuple[str, ...]]] = {
    "customer": SALES["customer"],
    "date": ("date datum contactdate kontaktdatum visitdate besuchsdatum",),
    "kind": ("kind kontaktart contacttype activity aktivitat", "type typ art channel kanal"),
    "owner": MASTER["owner"],
    "outcome": ("outcome ergebnis result",),
}
NUMBERS: Final = ("revenue", "quantity", "unit_price", "list_price", "list_revenue", "discount", "cost", "unit_cost")

_NOTHING: Final = ("", "-", "\u2013", "\u2014", "nan", "null", "none", "n/a", "#n/a", "#nv", "na", "<na>")
_CURRENCY_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "Fr.": "CHF"}
_CODES: Final = "EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CNY"
_MONTHS: Final = {
    "jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip


# --- headers ----------------------------------------------------------------------------------------------------------


def bare(header: str) -> str:
    """Return a header as it is compared: without unit, case, accents, blanks and punctuation."""
    text = re.sub(rf"[(\[].*?[)\]]|\bin\s+({_CODES}|€|\$)|\b({_CODES})\b|%", " ", str(header))
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = re.sub(r"[\W_]+", "", "".join(c for c in text if not unicodedata.combining(c)))
    return re.sub(r"([aou])e", r"\1", text)  # Waehrung is Währung


@functools.cache
def _words(tier: str) -> frozenset[str]:
    return frozenset(map(bare, tier.split()))


def fit(row: Sequence[Any], roles: Mapping[str, Sequence[str]], columns: Mapping[str, str | None]) -> int:
    """Count the roles that the cells of ``row`` name; a row that names no customer and no date is no header."""
    cells = {str(cell).strip() for cell in row if cell is not None}
    named = {bare(cell) for cell in cells}
    fits = {r for r, tiers in roles.items() if columns.get(r) in cells or any(named & _words(t) for t in tiers)}
    return len(fits) if {"customer", "date"} & fits or ("date" not in roles and "customer" in fits) else 0


def assign(
    headers: Sequence[str], roles: Mapping[str, Sequence[str]], *, columns: Mapping[str, str | None]
) -> dict[str, str]:
    """Assign a header to every role that one fits; ``columns`` given by the caller go first.

    Raises
    ------
    KamlibError
        If a given column or role does not exist, or two columns fit a role equally well.
    """
    if unknown := [role for role in columns if role not in roles]:
        raise KamlibError(f"columns names the unknown role {unknown[0]!r}; there are {', '.join(roles)}.")
    for role, column in columns.items():
        if column is not None and column not in headers:
            raise KamlibError(f"columns gives {column!r} for {role}, but the file has {', '.join(map(repr, headers))}.")
    assigned = {role: column for role, column in columns.items() if column is not None}
    for role, tiers in roles.items():
        if role in columns:
            continue
        free = [header for header in headers if header not in assigned.values()]
        for tier in tiers:
            fitting = [header for header in free if bare(header) in _words(tier)]
            if len(fitting) > 1:
                raise KamlibError(
                    f"the columns {', '.join(map(repr, fitting))} fit {role} equally well; "
                    f"say which with columns={{{role!r}: {fitting[0]!r}}}."
                )
            if fitting:
                assigned[role] = fitting[0]
                break
    return assigned


def currency_of(header: str) -> str | None:
    """Return the currency that a header such as ``Umsatz (EUR)`` names, or None."""
    found = re.search(rf"\b({_CODES})\b|[€$£¥]", header)
    return None if found is None else _CURRENCY_SIGNS.get(found[0], found[0])


def is_percent(header: str) -> bool:
    """Tell whether a header such as ``Rabatt %`` says that its numbers are per cent."""
    return re.search(r"%|percent|pct|prozent", header.casefold()) is not None


def is_amount(header: str) -> bool:
    """Tell whether a header such as ``Rabattbetrag`` or ``Discount (EUR)`` says that its numbers are money."""
    return currency_of(header) is not None or re.search(r"amount|betrag|wert|value", header.casefold()) is not None


# --- cells ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Understood:
    """A column of cells as values: missing where a cell is empty or, then marked, where it can't be understood."""

    values: pd.Series[Any]
    unreadable: pd.Series[bool]


def is_empty(cells: pd.Series[Any]) -> pd.Series[bool]:
    """Return where cells hold nothing, or one of the words that programs write for nothing."""
    return cells.isna() | cells.astype("str").str.strip().str.casefold().isin(_NOTHING)


def texts(cells: pd.Series[Any]) -> Understood:
    """Read cells as text without surrounding blanks; whole numbers lose the ``.0`` that a float column gave them."""
    text = cells.astype("str").str.strip()
    if pd.api.types.is_float_dtype(cells) or cells.dtype == object:
        whole = cells.map(lambda cell: isinstance(cell, float) and cell.is_integer())
        text = text.mask(whole, text.str.removesuffix(".0"))
    values = text.mask(is_empty(cells), None)
    return Understood(values, pd.Series(data=False, index=cells.index))


def _clean_number(cells: pd.Series[str]) -> pd.Series[str]:
    """Bring the ways to write a sign and a unit to one: -1234,5 for (1.234,5), 1234,5- and EUR -1'234,5."""
    text = cells.str.replace(r"[\s\u00a0\u202f\u2009'\u2019*%]", "", regex=True)
    text = text.str.replace(r"[\u2212\u2013\u2014]", "-", regex=True)
    text = text.str.replace(rf"{_CODES}|Fr\.|[€$£¥]", "", regex=True)
    text = text.str.replace(r"[.,]-+$", "", regex=True)  # 1.250,- has no cents
    text = text.str.replace(r"^\((.*)\)$", r"-\1", regex=True).str.replace(r"^(.*[^-])-$", r"-\1", regex=True)
    return text.str.removeprefix("+")


_WRITTEN = {
    mark: rf"^-?(?:\d+|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+)?(?:{re.escape(mark)}\d+)?(?:[eE][+-]?\d+)?$"
    for mark, other in ((",", "."), (".", ","))
}


def decimal_of(cells: pd.Series[str]) -> str | None:
    """Return the decimal mark of a column of text: ``","``, ``"."``, ``""`` if it has none, None if it can be either.

    Raises
    ------
    KamlibError
        If some cells can only be read with a comma and about as many only with a point.
    """
    text = _clean_number(pd.Series(cells[~is_empty(cells)].unique(), dtype="str"))
    comma, point = text.str.match(_WRITTEN[","]), text.str.match(_WRITTEN["."])
    only_comma, only_point = int((comma & ~point).sum()), int((point & ~comma).sum())
    if min(only_comma, only_point) * 10 > max(only_comma, only_point):
        a, b = text[comma & ~point].iloc[0], text[point & ~comma].iloc[0]
        raise KamlibError(
            f"column {cells.name!r} mixes decimal comma ({a!r}) and decimal point ({b!r}); "
            "say which holds with layout={'decimal': 'comma'} or {'decimal': 'point'}, the others are set aside."
        )
    if only_comma or only_point:
        return "," if only_comma > only_point else "."
    return None if (comma & point & text.str.contains("[.,]")).any() else ""


def numbers(cells: pd.Series[Any], *, decimal: str) -> Understood:
    """Read cells as numbers with the ``decimal`` mark; cells that are numbers already stay what they are."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        values = cells.astype("float64")
        return Understood(values.where(np.isfinite(values)), values.isin([np.inf, -np.inf]))
    empty = is_empty(cells)
    typed = pd.to_numeric(cells.where(cells.map(lambda c: isinstance(c, (int, float)))), errors="coerce")
    codes, distinct = pd.factorize(cells.astype("str"))
    text = _clean_number(pd.Series(distinct, dtype="str"))
    readable = text.str.match(_WRITTEN[decimal or "."]) & text.str.contains(r"\d")
    other = "." if decimal == "," else ","
    plain = text.str.replace(other, "", regex=False).str.replace(",", ".", regex=False)
    parsed = pd.to_numeric(plain.where(readable), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    values = pd.Series(parsed[codes], index=cells.index, name=cells.name).where(typed.isna(), typed.astype("float64"))
    values = values.where(~empty & np.isfinite(values))
    return Understood(values, values.isna() & ~empty)


def date_order_of(cells: pd.Series[Any]) -> str:
    """Return whether days or months stand first: ``"dmy"``, ``"mdy"``, or ``""`` where every date is clear by itself.

    Raises
    ------
    KamlibError
        If it can be either (03/04/2025 throughout), or the column mixes both.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        return ""
    parts = _date_parts(pd.Series(cells[~is_empty(cells)].unique(), dtype="str"))
    open_ = parts[parts["order"] == "open"]
    if open_.empty:
        return ""
    days_first, months_first = int((open_["a"] > 12).sum()), int((open_["b"] > 12).sum())
    if min(days_first, months_first) * 10 > max(days_first, months_first):
        a, b = open_["text"][open_["a"] > 12].iloc[0], open_["text"][open_["b"] > 12].iloc[0]
        raise KamlibError(
            f"column {cells.name!r} mixes day/month ({a!r}) and month/day ({b!r}); say which holds with "
            "layout={'date_order': 'dmy'} or {'date_order': 'mdy'}, the others are set aside."
        )
    if days_first or months_first:
        return "dmy" if days_first > months_first else "mdy"
    raise KamlibError(
        f"column {cells.name!r} can be read as day/month or month/day (such as {open_['text'].iloc[0]!r}); "
        "say which with layout={'date_order': 'dmy'} or {'date_order': 'mdy'}."
    )


def dates(cells: pd.Series[Any], *, order: str) -> Understood:
    """Read cells as days; ``order`` is ``"dmy"`` or ``"mdy"`` where 03/04/2025 is open; times of day are dropped."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        local = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
        return Understood(local.dt.normalize(), pd.Series(data=False, index=cells.index))
    empty = is_empty(cells)
    codes, distinct = pd.factorize(cells.astype("str"))
    parts = _date_parts(pd.Series(distinct, dtype="str"))
    swap = (parts["order"] == "open") & (order == "mdy")
    day, month = parts["a"].where(~swap, parts["b"]), parts["b"].where(~swap, parts["a"])
    parsed = pd.to_datetime(pd.DataFrame({"year": parts["year"], "month": month, "day": day}), errors="coerce")
    values = pd.Series(parsed.to_numpy()[codes], index=cells.index, name=cells.name).where(~empty)
    return Understood(values, values.isna() & ~empty)


def _date_parts(text: pd.Series[str]) -> pd.DataFrame:
    """Split written dates into year and two numbers a (day) and b (month), whose order can be open."""
    text = text.str.strip()
    mark = r"[.\-/]"
    iso = text.str.extract(rf"^(?P<year>\d{{4}}){mark}(?P<b>\d{{1,2}}){mark}(?P<a>\d{{1,2}})(?:[T ].*)?$")
    packed = text.str.extract(r"^(?P<year>(?:19|20)\d{2})(?P<b>\d{2})(?P<a>\d{2})(?:\.0)?$")
    three = text.str.extract(
        rf"^(?P<a>\d{{1,2}})(?P<mark>{mark})(?P<b>\d{{1,2}}){mark}(?P<year>\d{{4}}|\d{{2}})(?:[T ,].*)?$"
    )
    spelt = text.str.extract(
        r"^(?P<a>\d{1,2})[.\-/ ]*(?P<b>[A-Za-zÄäÖöÜü]{3,9})[.\-/ ]*(?P<year>\d{4}|\d{2})(?:[T ].*)?$"
    )
    american = text.str.extract(r"^(?P<b>[A-Za-zÄä]{3,9})[. ]+(?P<a>\d{1,2}),? +(?P<year>\d{4})(?:[T ].*)?$")
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
