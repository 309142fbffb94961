from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from kamlib import customers, ledger
from kamlib.checks import KamlibError

SALES = pd.DataFrame(
    {
        "Kunde": ["1", "2", "3", "4"],
        "Datum": pd.to_datetime(["2025-01-01", "2025-06-01", "2025-06-02", "2025-12-31"]),
        "Umsatz": [1.0, 2.0, 4.0, 8.0],
    }
)


def read(**master) -> ledger.Ledger:
    return ledger.read(SALES, customers=pd.DataFrame(master))


def accounts(**master) -> dict[str, str]:
    """The account of each customer that bought, as it stands in the ledger itself."""
    table = read(**master).table.select("customer", "account").to_pandas()
    return dict(zip(table["customer"], table["account"], strict=True))


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        (["Nord", "Nord", None, ""], ["Nord", "Nord", "3", "4"]),  # by the group's name
        (["2", None, "2", None], ["2", "2", "2", "4"]),  # by a customer's number
        (["2", "3", "4", None], ["4", "4", "4", "4"]),  # a chain
        (["2", "Nord", "2", "3"], ["Nord", "Nord", "Nord", "Nord"]),  # a chain that ends in a name
        (["1", "1", None, "4"], ["1", "1", "3", "4"]),  # its own parent
    ],
)
def test_companies_of_one_group_are_one_account(parents, found):
    assert accounts(Kunde=["1", "2", "3", "4"], Konzern=parents) == dict(zip("1234", found, strict=True))


def test_a_company_whose_name_is_given_as_parent_belongs_to_its_group():
    names = ["Abt AG", "Abt Süd", "Abt Nord", "Zett"]
    parents = [None, "Abt AG", "1", None]  # once by name, once by number
    assert accounts(Kunde=["1", "2", "3", "4"], Name=names, Konzern=parents) == {
        "1": "Abt AG",
        "2": "Abt AG",
        "3": "Abt AG",
        "4": "4",
    }
    # A firm that bears two numbers is the same parent under both, and what stands above it stands above all.
    names = ["Abt AG", "Abt AG", "Abt Nord", "Zett"]
    assert set(accounts(Kunde=["1", "2", "3", "4"], Name=names, Konzern=[None, "Zett", "Abt AG", None]).values()) == {
        "Zett"
    }


def test_a_chain_of_a_thousand_companies_is_followed_to_its_end():
    numbers = [str(n) for n in range(1, 1001)]
    assert set(accounts(Kunde=numbers, Konzern=[*numbers[1:], "Top"]).values()) == {"Top"}


@pytest.mark.parametrize(
    "parents", [["2", "1", "", ""], ["2", "3", "1", ""], ["2", "3", "4", "1"], ["2", "3", "2", ""]]
)
def test_parents_in_a_circle_are_an_error(parents):
    with pytest.raises(KamlibError, match=r"the parents of customer '1' lead in a circle"):
        read(Kunde=["1", "2", "3", "4"], Konzern=parents)


def test_a_header_whose_words_run_together_to_a_role_is_still_split(tmp_path):
    path = tmp_path / "master.csv"
    path.write_text("customer,name\n1,Nord\n2,Süd\n", encoding="utf-8")  # customername is a role, too
    names = ledger.read(SALES, customers=path).customers.set_index("customer")["name"]
    assert names.to_dict() == {"1": "Nord", "2": "Süd"}


def test_the_audit_tells_how_the_master_meets_the_sales():
    sales = read(Kunde=["1", "1", "2", "9", None], Name=["a", "b", "c", "d", "e"])
    assert sales.audit.format["customers"] == {
        "rows_read": 5,
        "rows_set_aside": {"no_customer": 1},
        "customers": 3,
        "rows_repeating_a_customer": 1,
        "without_sales": 1,  # 9
        "sales_customers_missing": 2,  # 3 and 4
    }
    assert sales.customers["name"].tolist() == ["a", "c", "d"]
    assert sales.audit.rows_used == 4
    table = customers.table(sales, as_of="2025-12-31")
    assert table["name"].to_dict() == {"4": "4", "3": "3", "2": "c", "1": "a"}  # no name but the number


def test_criteria_are_numbers_where_every_cell_is_one(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(
        "Stammdaten;;;;;;\n"
        "Debitorennr.;Name;Bonus (EUR);Anteil %;PLZ;Kontakte;Bemerkung\n"
        "-;-;-;-;-;-;-\n"
        "1;Müller;1.250.000;12,5 %;01099;3;1,5\n"
        "2;Maier;250.000;;80331;4;1.5\n"
        "Summe;;;;;;\n",
        encoding="cp1252",
    )
    sales = ledger.read(SALES, customers=path)
    master = sales.customers.set_index("customer")
    assert list(master.index) == ["1", "2"]
    assert master["Bonus (EUR)"].tolist() == [1_250_000.0, 250_000.0]
    assert master["Anteil %"].tolist()[0] == 12.5
    assert np.isnan(master["Anteil %"].tolist()[1])
    assert master["PLZ"].tolist() == ["01099", "80331"]  # a code, whose zero counts
    assert master["Kontakte"].tolist() == [3.0, 4.0]
    assert master["Bemerkung"].tolist() == ["1,5", "1.5"]
    assert sales.audit.format["customers"]["rows_set_aside"] == {"ruler_line": 1, "total_line": 1}


def test_an_open_criterion_is_text_until_something_settles_it():
    master = {"Kunde": ["1"], "Bonus": ["1.234"]}
    assert read(**master).customers["Bonus"].tolist() == ["1.234"]
    assert read(**master, Anteil=["0,5"]).customers["Bonus"].tolist() == [1234.0]
    assert read(**master, Anteil=["0.5"]).customers["Bonus"].tolist() == [1.234]
    for layout in ({"decimal": "comma"}, {"customers.decimal": "comma"}):
        sales = ledger.read(SALES, customers=pd.DataFrame(master), layout=layout)
        assert sales.customers["Bonus"].tolist() == [1234.0]


def test_criteria_may_bear_any_name():
    master = read(Kunde=["1"], account=["x"], revenue=[5], Kundensegment=["A"]).customers
    assert master["account"].tolist() == ["1"]
    assert master["account (as given)"].tolist() == ["x"]
    table = customers.table(read(Kunde=["1"], revenue=[5]), as_of="2025-12-31")
    assert table.loc["1", ["revenue", "revenue_of_customer"]].tolist() == [1.0, 5.0]


def test_what_is_open_in_the_master_is_settled_by_keys_of_its_own(tmp_path):
    master = {"Kunde": ["1"], "Name 1": ["a"], "Firma": ["b"]}
    with pytest.raises(
        KamlibError, match=r"table customers .*begin with 'customers.'.*'Name 1', 'Firma' fit name equally"
    ):
        read(**master)
    given = ledger.read(SALES, customers=pd.DataFrame(master), columns={"customers.name": "Firma"})
    assert given.customers["name"].tolist() == ["b"]
    with pytest.raises(KamlibError, match=r"table customers .*no column for customer was recognised among 'wer'"):
        read(wer=["1"])
    path = tmp_path / "customers.csv"
    path.write_text("Kunde;Ort\n1;Köln\n", encoding="cp850")
    assert ledger.read(SALES, customers=path, layout={"customers.encoding": "cp850"}).customers["Ort"].tolist() == [
        "Köln"
    ]


def test_the_master_comes_from_any_source_and_stays_as_it_is(tmp_path):
    master = pd.DataFrame({"Kunde": [1.0, 2.0], "Konzern": ["Nord", "Nord"], "Land": ["DE", None]})
    before = master.copy()
    master.to_parquet(tmp_path / "master.parquet")
    master.to_excel(tmp_path / "master.xlsx", index=False, engine="xlsxwriter")
    master.to_csv(tmp_path / "master.csv", index=False)
    for source in (master, ibis.memtable(master), *(tmp_path / f"master.{end}" for end in ("parquet", "xlsx", "csv"))):
        found = ledger.read(SALES, customers=source).customers
        assert found[["customer", "account"]].values.tolist() == [["1", "Nord"], ["2", "Nord"]]
        assert found["region"].isna().tolist() == [False, True]
    pd.testing.assert_frame_equal(master, before)


def test_without_a_master_the_latest_line_that_knows_tells():
    lines = pd.DataFrame(
        {
            "Kunde": ["1", "1", "1", "2"],
            "Datum": ["2025-03-01", "2025-02-01", "2025-01-01", "2025-01-01"],
            "Umsatz": [1.0, 2.0, 3.0, 4.0],
            "Region": ["", "Süd", "Nord", None],
            "Konzern": ["", "", "K", "K"],
        }
    )
    master = ledger.read(lines).customers.set_index("customer")
    assert master["region"].tolist()[0] == "Süd"
    assert master["region"].isna().tolist() == [False, True]
    assert master["account"].tolist() == ["K", "K"]


def test_contacts_are_read_and_those_that_say_too_little_are_counted():
    log = pd.DataFrame(
        {
            "Kunde": ["1", "", "2", "3"],
            "Kontaktdatum": ["31.12.2025", "30.12.2025", "", "irgendwann"],
            "Kontaktart": ["Besuch", "Anruf", "Besuch", "Anruf"],
        }
    )
    sales = ledger.read(SALES, contacts=log)
    assert sales.contacts[["customer", "kind"]].values.tolist() == [["1", "Besuch"]]
    assert sales.contacts["date"].dt.strftime("%Y-%m-%d").tolist() == ["2025-12-31"]
    assert sales.audit.format["contacts"] == {
        "rows_read": 4,
        "rows_used": 1,
        "rows_set_aside": {"no_customer": 1, "no_date": 1, "unreadable_date": 1},
    }
    with pytest.raises(KamlibError, match=r"table contacts .*no column for date"):
        ledger.read(SALES, contacts=pd.DataFrame({"Kunde": ["1"]}))


def test_criteria_are_known_by_meaning_in_both_languages() -> None:
    master = {"Kunde": ["1", "2"], "Umsatzpotenzial": ["1.234,5", "20,0"], "Lieferanteil %": ["45", "100"]}
    found = read(**master, Bonität=["A", "B"]).customers
    assert found["potential"].tolist() == [1234.5, 20.0]
    assert found["share_of_wallet"].tolist() == [0.45, 1.0]
    assert found["Bonität"].tolist() == ["A", "B"]


def aliases(sales: ledger.Ledger) -> set[tuple[str, str, str]]:
    return set(sales.aliases.itertuples(index=False, name=None))


def test_every_name_that_a_customer_ever_had_is_kept_from_the_sales() -> None:
    lines = pd.DataFrame({
        "Kunde": ["1", "1", "1", "2", "2"],
        "Datum": ["2024-01-01", "2025-01-01", "kein Datum", "2025-02-01", "2025-03-01"],
        "Umsatz": [1.0, 2.0, 3.0, 4.0, 5.0],
        "Firma": ["Alt AG", "Neu AG", "Nie AG", "Zwei", ""],
        "Konzern": ["Kalt", "Kneu", "Knie", None, None],
        "Betreuer": ["Ann", "Bob", "Cy", "Ann", "Ann"],
    })  # fmt: skip
    sales = ledger.read(lines)
    assert sales.customers["name"].tolist() == ["Neu AG", "Zwei"]
    assert aliases(sales) == {
        ("1", "name", "Alt AG"), ("1", "name", "Neu AG"), ("2", "name", "Zwei"),
        ("1", "parent", "Kalt"), ("1", "parent", "Kneu"),
        ("1", "owner", "Ann"), ("1", "owner", "Bob"), ("2", "owner", "Ann"),
    }  # fmt: skip


def test_with_a_master_the_names_in_the_sales_and_in_its_repeated_rows_are_kept_too() -> None:
    lines = SALES.assign(Firma=["Alt AG", "b", "c", "d"])
    sales = ledger.read(lines, customers=pd.DataFrame({"Kunde": ["1", "1", "9"], "Name": ["Neu AG", "Uralt AG", "x"]}))
    assert sales.customers["name"].tolist() == ["Neu AG", "x"]
    assert aliases(sales) == {
        ("1", "name", "Alt AG"), ("1", "name", "Neu AG"), ("1", "name", "Uralt AG"),
        ("2", "name", "b"), ("3", "name", "c"), ("4", "name", "d"), ("9", "name", "x"),
    }  # fmt: skip
    assert len(ledger.read(SALES).aliases) == 0


def test_a_master_saved_with_the_row_numbers_of_pandas_gains_no_criterion(tmp_path) -> None:
    master = pd.DataFrame({"Kunde": ["1", "2"], "Bonus": [5, 6]}, index=[4, 8])
    master.to_parquet(tmp_path / "master.parquet")
    known = ledger.read(SALES, customers=tmp_path / "master.parquet").customers
    assert list(known.columns) == ["customer", "account", "Bonus", "parent"]


def test_a_group_is_one_however_unicode_writes_it() -> None:
    parents = ["Müller", "Mu\u0308ller", "Müller\u00a0", "Mül\u00adler"]
    assert set(accounts(Kunde=["1", "2", "3", "4"], Konzern=parents).values()) == {"Müller"}
