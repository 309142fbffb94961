"""What the header words of a hand-made file mean, in English and German: which column is what."""

from __future__ import annotations

import functools
import re
import shlex
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

# For each role the header words that name it, best fit first. They are compared without case, accents, blanks and
# punctuation. Two columns that fit equally well are an error; a better fit wins over a weaker one.
SALES: Final[dict[str, tuple[str, ...]]] = {
    "customer": (
        (
            "customerid customerno customernr customernumber customercode clientid accountid custid kundennr "
            "kundennummer kundenno kundenid kundenr kdnr custno custnr "
            "debitorennr debitorennummer debitornr debitornummer kunnr"
        ),
        "customer kunde debitor client cust kunag soldto soldtoparty auftraggeber buyer",
        "account accountnumber konto kontonr geschaftspartner businesspartner",
        "customername kundenname",
    ),
    "date": (
        "date datum invoicedate rechnungsdatum rgdatum billingdate fakturadatum fkdat documentdate belegdatum",
        "postingdate buchungsdatum budat transactiondate",
        "orderdate auftragsdatum bestelldatum deliverydate lieferdatum",
    ),
    "revenue": (
        (
            "revenue netrevenue nettoumsatz umsatznetto netsales netvalue nettowert netamount nettobetrag betragnetto "
            "netwr nettoerlos nettoerlose netrevenues"
        ),
        "umsatz umsatze sales salesamount salesrevenue turnover erlos erlose umsatzerlose",
        (
            "amount betrag value wert positionswert gesamtbetrag gesamtpreis lineamount linetotal totalprice total "
            "dollarvalue"
        ),
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
# Columns of a customer master that kamlib knows by meaning; any other column is a criterion by its own name.
CRITERIA: Final[dict[str, tuple[str, ...]]] = {
    "potential": ("potential potenzial umsatzpotenzial salespotential",),
    "share_of_wallet": ("shareofwallet walletshare lieferanteil",),
}
CONTACTS: Final[dict[str, tuple[str, ...]]] = {
    "customer": SALES["customer"],
    "date": ("date datum contactdate kontaktdatum visitdate besuchsdatum", "documentdate belegdatum"),
    "kind": ("kind kontaktart contacttype activity aktivitat", "type typ art channel kanal"),
    "owner": MASTER["owner"],
    "outcome": ("outcome ergebnis result",),
}
NUMBERS: Final = ("revenue", "quantity", "unit_price", "list_price", "list_revenue", "discount", "cost", "unit_cost")

# Soft hyphen, blanks without width, marks of direction; not the joiners, which some scripts need.
UNSEEN: Final = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_BARRED: Final = str.maketrans("ıøłđ", "iold")  # no accent to Unicode
_CURRENCY_SIGNS: Final = {"€": "EUR", "US$": "USD", "$": "USD", "£": "GBP", "¥": "JPY", "Fr.": "CHF"}
CURRENCIES: Final = "EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CNY"
_CURRENCY: Final = re.compile(rf"(?<![A-Za-z])({CURRENCIES})(?![A-Za-z])|US\$|(?<![A-Za-z])[€$£¥]", re.IGNORECASE)


def neat(text: str) -> str:
    """Return a text in the one way of writing that Unicode has for it, without blanks around and unseen characters."""
    return text.strip() if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()


def folded(text: str) -> str:
    """Return a text as it is compared: without case, accents and unseen characters, and with ä for ae.

    Examples
    --------
    >>> folded("MUELLER-STRASSE") == folded("Müller-Straße")
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"([aou])e", r"\1", text.casefold().translate(_BARRED))  # Waehrung is Währung


def bare(header: str) -> str:
    """Return a header as it is compared: `folded`, without unit, blanks and punctuation."""
    text = re.sub(rf"[(\[].*?[)\]]|([\s_]in[\s_]+)?({_CURRENCY.pattern})|%", " ", str(header), flags=re.IGNORECASE)
    return folded(re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)))


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
                    f"say which with {setting('columns', {role: fitting[0]})}."
                )
            if fitting:
                assigned[role] = fitting[0]
                break
    return assigned


def require(roles: Collection[str], assigned: Collection[str], *, among: Sequence[str]) -> None:
    """Raise unless every one of ``roles`` has its column, and list the columns there are ``among`` which to choose."""
    for role in roles:
        if role not in assigned:
            raise KamlibError(
                f"no column for {role} was recognised among {', '.join(map(repr, among))}; "
                f"say which it is, for example {setting('columns', {role: among[-1] if among else ''})}."
            )


def setting(option: str, *choices: Mapping[str, str | None]) -> str:
    """Write the choices for an option as one gives them in Python and, where that can be, on the command line.

    Examples
    --------
    >>> setting("layout", {"decimal": "comma"}, {"decimal": "point"})
    "layout={'decimal': 'comma'} or {'decimal': 'point'} (for kam: --layout decimal=comma or decimal=point)"
    >>> setting("columns", {"customer": "Kd. Nr."})
    "columns={'customer': 'Kd. Nr.'} (for kam: --columns 'customer=Kd. Nr.')"
    """
    said = f"{option}={' or '.join(str(dict(choice)) for choice in choices)}"
    if any(mark in (value or "") for choice in choices for value in choice.values() for mark in "',"):
        return said  # a comma parts the pairs there
    typed = [",".join(f"{key}={value or ''}" for key, value in choice.items()) for choice in choices]
    return f"{said} (for kam: --{option} {' or '.join(map(shlex.quote, typed))})"


def currency_of(header: str) -> str | None:
    """Return the currency that a header such as ``Umsatz (EUR)`` names, or None."""
    found = _CURRENCY.search(header)
    return None if found is None else _CURRENCY_SIGNS.get(found[0].upper(), found[0].upper())


def is_percent(header: str) -> bool:
    """Tell whether a header such as ``Rabatt %`` says that its numbers are per cent."""
    return re.search(r"%|percent|pct|prozent", header.casefold()) is not None


def is_amount(header: str) -> bool:
    """Tell whether a header such as ``Rabattbetrag`` or ``Discount (EUR)`` says that its numbers are money."""
    return currency_of(header) is not None or re.search(r"amount|betrag|wert|value", header.casefold()) is not None
