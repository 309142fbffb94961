from __future__ import annotations

import pytest

from kamlib.checks import KamlibError
from kamlib.recognise import MASTER, SALES, assign, bare, currency_of, fit, is_amount, is_percent, require, setting


@pytest.mark.parametrize(
    ("header", "compared"),
    [
        ("Kunden-Nr.", "kundennr"),
        ("  Customer_ID ", "customerid"),
        ("Umsatz (EUR)", "umsatz"),
        ("Umsatz in EUR", "umsatz"),
        ("umsatz_eur", "umsatz"),
        ("Net revenue [USD]", "netrevenu"),
        ("Rabatt %", "rabatt"),
        ("Größe", "grosse"),
        ("Kunden-\nnummer", "kundennummer"),
    ],
)
def test_headers_are_compared_without_case_unit_and_punctuation(header, compared):
    assert bare(header) == compared


def test_umlauts_and_their_spelt_forms_are_one():
    assert bare("Währung") == bare("Waehrung") == bare("WÄHRUNG")
    assert bare("Stück") == bare("Stueck")
    assert bare("Geschäftspartner") == bare("geschaeftspartner")


@pytest.mark.parametrize("word", [word for tiers in SALES.values() for tier in tiers for word in tier.split()])
def test_each_header_word_is_found_again(word):
    roles = {role for role, tiers in SALES.items() for tier in tiers if word in tier.split()}
    assigned = assign([word], SALES, columns={})
    assert assigned
    assert set(assigned) <= roles


def test_the_headers_of_known_exports_are_recognised():
    retail = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    assert assign(retail, SALES, columns={}) == {
        "customer": "CustomerID",
        "date": "InvoiceDate",
        "order": "InvoiceNo",
        "product": "StockCode",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
    }
    german = ["Debitor", "Belegdatum", "Belegnr.", "Artikelnummer", "Menge", "Nettowert", "Wareneinsatz", "Währg"]
    assert assign(german, SALES, columns={}) == {
        "customer": "Debitor",
        "date": "Belegdatum",
        "order": "Belegnr.",
        "product": "Artikelnummer",
        "quantity": "Menge",
        "revenue": "Nettowert",
        "cost": "Wareneinsatz",
    }


def test_a_better_fit_wins_over_a_weaker_one_whatever_the_order():
    for headers in (["Kunde", "Kundennr."], ["Kundennr.", "Kunde"]):
        assert assign(headers, SALES, columns={})["customer"] == "Kundennr."
    assert assign(["Auftragsdatum", "Rechnungsdatum", "Buchungsdatum"], SALES, columns={})["date"] == "Rechnungsdatum"


@pytest.mark.parametrize(
    ("headers", "role"), [(["Kunde", "Debitor"], "customer"), (["Rechnungsdatum", "Belegdatum"], "date")]
)
def test_two_columns_that_fit_equally_well_are_listed(headers, role):
    with pytest.raises(KamlibError, match=f"'{headers[0]}', '{headers[1]}' fit {role} equally well.*columns="):
        assign(headers, SALES, columns={})
    assert assign(headers, SALES, columns={role: headers[1]})[role] == headers[1]
    assert role not in assign(headers, SALES, columns={role: None})


def test_a_column_that_was_given_is_no_candidate_for_another_role():
    assert assign(["Kunde", "Wert", "Datum"], SALES, columns={"cost": "Wert"}) == {
        "cost": "Wert",
        "customer": "Kunde",
        "date": "Datum",
    }


def test_an_unknown_role_and_an_unknown_column_are_errors():
    with pytest.raises(KamlibError, match=r"unknown role 'umsatz'.*revenue"):
        assign(["Kunde"], SALES, columns={"umsatz": "Kunde"})
    with pytest.raises(KamlibError, match=r"gives 'Kd' for customer, but the file has 'Kunde'"):
        assign(["Kunde"], SALES, columns={"customer": "Kd"})


def test_what_is_missing_is_named_beside_what_is_there():
    with pytest.raises(KamlibError, match=r"no column for date was recognised among 'Kunde', 'Tag'.*'date': 'Tag'"):
        require(("customer", "date"), {"customer": "Kunde"}, among=["Kunde", "Tag"])
    require(("customer",), {"customer": "Kunde"}, among=["Kunde"])


def test_a_header_row_names_a_customer_or_a_date_and_counts_its_roles():
    assert fit(["Kunde", "Datum", "Umsatz", "egal"], SALES, {}) == 3
    assert fit(["Umsatz", "Menge"], SALES, {}) == 0  # a line of figures with words is no header
    assert fit(["Kd", "Tag"], SALES, {"customer": "Kd", "date": "Tag"}) == 2
    assert fit(["4711", "2025-12-31", 12.5, None], SALES, {}) == 0
    assert fit(["Kunde", "Konzern"], MASTER, {}) == 3  # customer, parent, and name if nothing fits it better


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Umsatz (EUR)", "EUR"),
        ("Umsatz in €", "EUR"),
        ("revenue_usd", "USD"),
        ("Betrag US$", "USD"),
        ("Betrag CHF", "CHF"),
        ("1.234,56 €", "EUR"),
        ("1.234,56€", "EUR"),
        ("Umsatz in TEUR", None),  # thousands: not what a currency column would say
        ("Umsatz", None),
    ],
)
def test_a_currency_is_read_from_a_header(header, currency):
    assert currency_of(header) == currency


def test_a_setting_is_said_as_in_python_and_as_on_the_command_line():
    assert setting("layout", {"sheet": "Jan"}) == "layout={'sheet': 'Jan'} (for kam: --layout sheet=Jan)"
    two = setting("columns", {"customer": "Kd.", "date": "Tag"})
    assert two.endswith("(for kam: --columns customer=Kd.,date=Tag)")
    assert setting("columns", {"currency": None}) == "columns={'currency': None} (for kam: --columns currency=)"
    assert setting("layout", {"decimal": "comma"}, {"decimal": "point"}) == (
        "layout={'decimal': 'comma'} or {'decimal': 'point'} (for kam: --layout decimal=comma or decimal=point)"
    )
    assert setting("columns", {"revenue": "Betrag netto"}).endswith("--columns 'revenue=Betrag netto')")
    assert setting("columns", {"revenue": "Umsatz, netto"}) == "columns={'revenue': 'Umsatz, netto'}"


def test_headers_tell_per_cent_from_amounts():
    assert is_percent("Rabatt %")
    assert is_percent("discount_pct")
    assert not is_percent("Rabatt")
    assert is_amount("Rabattbetrag")
    assert is_amount("Discount (EUR)")
    assert not is_amount("Rabatt")
