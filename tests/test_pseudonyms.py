from __future__ import annotations

import base64
import collections
import html
import io
import json
import re
import stat
import sys
import urllib.parse
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from kamlib import cli, customers, datasets, export, ledger, pseudonyms, report
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = b"for these tests alone, so it may stand here"
OTHER = b"another one, just as unguessable as the first"


# --- one ledger by hand -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> ledger.Ledger:
    """Three companies, two of one group, with names wherever somebody may have written one."""
    sales = pd.DataFrame({
        "customer": ["K-100", "K-200", "K-300", "K-100", "Meier AG"],
        "date": ["2025-01-10", "2025-02-10", "2025-03-10", "2025-01-20", "kein Datum"],
        "order": ["AB 7001", "AB 7002", "AB 7003", "AB 7004", "AB 7005"],
        "product": ["Shaft for MEIER ag, long", "Meierhof seal", "K-300 custom", "Shaft for MEIER ag, long", "12345"],
        "product_group": ["Shafts", "Seals", "Abacus", "Shafts", "Shafts"],
        "revenue": [100.0, 60.0, 40.0, -100.0, 5.0],
    })  # fmt: skip
    master = pd.DataFrame({
        "customer": ["K-100", "K-200", "K-300"],
        "name": ["Meier AG", "Abacus", "Müller & Co. KG"],
        "parent": ["", "Alpha Holding", "Alpha Holding"],
        "segment": ["OEM", "like Abacus", "OEM"],
        "region": ["Meierhof", "North", "North"],
        "owner": ["Ann Lee", "Bob Ray", "Ann Lee"],
        "potential": [500, 400, 300],
        "contact person": ["Ms Stone", "Mr Wood", "Ms Field"],
        "contract_end": ["2026-12-31", "2027-06-30", "2026-01-31"],
    })  # fmt: skip
    contacts = pd.DataFrame({
        "customer": ["K-100", "K-200", "K-300", "K-200"],
        "date": ["2025-01-05", "2025-01-06", "2025-01-07", "2025-01-08"],
        "kind": ["visit", "visit", "visit", "call"],
        "owner": ["Ann Lee", "Bob Ray", "Cy Day", None],
        "outcome": ["follow up", "follow up", "follow up", "Mr Wood of Abacus is angry"],
    })  # fmt: skip
    return ledger.read(sales, customers=master, contacts=contacts, columns={"customers.name": "name"})


@pytest.fixture(scope="module")
def hidden(small: ledger.Ledger) -> ledger.Ledger:
    return pseudonyms.anonymise(small, secret=SECRET)


def named(small: ledger.Ledger) -> dict[str, str]:
    """Who is called what: number, or name where there is no number, to pseudonym."""
    key = pseudonyms.key_table(small, secret=SECRET)
    return dict(zip(key["number"].fillna(key["name"]), key["pseudonym"], strict=True))


def test_a_pseudonym_is_a_letter_and_digits_of_the_keyed_hash() -> None:
    # HMAC-SHA256 of "customer", a zero byte and the number; its remainder by 24 is the letter, the last of 40 decimal
    # digits of the quotient follow. Reckoned here with the standard's own construction instead of the hmac module.
    import hashlib

    def pad(byte: int) -> bytes:
        return bytes(b ^ byte for b in SECRET.ljust(64, b"\0"))

    inner = hashlib.sha256(pad(0x36) + b"customer\x00K-100").digest()
    number = int.from_bytes(hashlib.sha256(pad(0x5C) + inner).digest())
    letter, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ"[number % 24], str(number // 24)[-40:].zfill(40)[:4]
    sales = pd.DataFrame({"customer": ["K-100"], "date": "2025-01-01", "revenue": 1.0})
    only = pseudonyms.anonymise(ledger.read(sales), secret=SECRET).customers
    assert only["customer"].tolist() == [letter + digits]
    assert only["name"].tolist() == [f"Customer {letter}{digits}"]


def test_identities_are_replaced_in_the_ledger(small: ledger.Ledger, hidden: ledger.Ledger) -> None:
    who = named(small)
    code = {number: label.removeprefix("Customer ") for number, label in who.items()}
    lines = hidden.table.to_pandas().sort_values(["date", "revenue"], ignore_index=True)
    assert lines["customer"].tolist() == [code["K-100"], code["K-100"], code["K-200"], code["K-300"]]
    assert lines["account"].tolist() == [code["K-100"], code["K-100"], who["Alpha Holding"], who["Alpha Holding"]]
    assert lines["revenue"].tolist() == [100.0, -100.0, 60.0, 40.0]
    assert lines["order"].nunique() == 4
    assert not lines["order"].str.contains("AB|700").any()
    assert list(hidden.table.columns) == list(small.table.columns)
    assert hidden.table.schema() == small.table.schema()


def test_names_in_other_columns_are_replaced_as_whole_words_only(small: ledger.Ledger, hidden: ledger.Ledger) -> None:
    who = named(small)
    lines = hidden.table.to_pandas()
    assert set(lines["product"]) == {f"Shaft for {who['K-100']}, long", "Meierhof seal", f"{who['K-300']} custom"}
    assert set(lines["product_group"]) == {"Shafts", "Seals", who["K-200"]}
    master = hidden.customers.set_index("name")
    assert master.loc[who["K-100"], "region"] == "Meierhof"
    assert master.loc[who["K-200"], "segment"] == f"like {who['K-200']}"


def test_a_product_number_that_is_some_customer_s_by_chance_stays() -> None:
    sales = pd.DataFrame({
        "customer": ["10017", "10018"], "date": "2025-01-01", "product": ["10018", "Part of 10018"], "revenue": 1.0,
    })  # fmt: skip
    read = ledger.read(sales)
    products = set(pseudonyms.anonymise(read, secret=SECRET).table.to_pandas()["product"])
    assert products == {"10018", f"Part of {named(read)['10018']}"}


def test_the_master_keeps_what_says_nothing_about_who(small: ledger.Ledger, hidden: ledger.Ledger) -> None:
    who = named(small)
    assert set(hidden.customers.columns) == {
        "customer", "account", "name", "parent", "segment", "region", "owner", "potential", "contract_end",
    }  # fmt: skip
    master = hidden.customers.set_index("name")
    assert master["potential"].to_dict() == {who["K-100"]: 500, who["K-200"]: 400, who["K-300"]: 300}
    assert master.loc[[who["K-200"], who["K-300"]], "parent"].tolist() == [who["Alpha Holding"]] * 2
    assert pd.isna(master.loc[who["K-100"], "parent"])
    assert master.loc[who["K-100"], "owner"] == who["Ann Lee"]
    assert master.loc[who["K-200"], "contract_end"] == "2027-06-30"


def test_the_contact_log_keeps_what_several_customers_share(small: ledger.Ledger, hidden: ledger.Ledger) -> None:
    assert hidden.contacts is not None
    who = named(small)
    assert hidden.contacts["outcome"].fillna("").tolist() == ["follow up", "follow up", "follow up", ""]
    assert hidden.contacts["kind"].fillna("").tolist() == ["visit", "visit", "visit", ""]
    assert hidden.contacts["owner"].fillna("").tolist() == [who["Ann Lee"], who["Bob Ray"], who["Cy Day"], ""]
    code = who["K-200"].removeprefix("Customer ")
    assert hidden.contacts["customer"].tolist()[1::2] == [code, code]


def test_the_account_of_the_reading_tells_no_name(small: ledger.Ledger, hidden: ledger.Ledger, tmp_path: Path) -> None:
    assert small.audit.examples["customer"].tolist() == ["Meier AG"]  # somebody wrote the name where a number belongs
    said = json.dumps(hidden.audit.as_dict(), default=str)
    assert not re.search("meier|k-100|kein datum", said, re.IGNORECASE)
    assert hidden.audit.rows_set_aside == small.audit.rows_set_aside
    assert len(hidden.audit.reversed_pairs) == 1
    path = tmp_path / "Umsatz Meier.csv"
    path.write_text("Kunde;Datum;Umsatz Meier AG\nMeier AG;31.12.2025;5,00\n", encoding="utf-8")
    read = ledger.read(path, columns={"revenue": "Umsatz Meier AG"})
    told = pseudonyms.anonymise(read, secret=SECRET).audit.format
    assert told["source"] == "sales ledger, anonymised"
    assert told["columns"]["revenue"] == f"Umsatz {named(read)['Meier AG']}"
    assert "Meier" not in str(told)


# --- names in texts ---------------------------------------------------------------------------------------------------


def products(rows: list[tuple[str, str, str]], **master: Any) -> dict[str, str]:
    """Read lines of customer, name and product; return each product before and after, names as <number>."""
    lines = pd.DataFrame(rows, columns=["customer", "name", "product"])
    lines = lines.assign(date=pd.date_range("2025-01-01", periods=len(rows)), revenue=range(1, len(rows) + 1))
    read = ledger.read(lines, customers=pd.DataFrame(master) if master else None)
    after = pseudonyms.anonymise(read, secret=SECRET).table.to_pandas().set_index("revenue")["product"]
    for number, label in named(read).items():
        after = after.str.replace(label, f"<{number}>", regex=False)
    return {row[2]: after[float(at)] for at, row in enumerate(rows, 1)}


def test_former_names_are_hidden_as_those_of_today() -> None:
    sold = [
        ("10", "Bergmann Werke", "Shaft Bergmann Werke"),
        ("10", "Lindquist", "Shaft LINDQUIST"),
        ("2", "Kurz", "x"),
    ]
    assert products(sold) == {"Shaft Bergmann Werke": "Shaft <10>", "Shaft LINDQUIST": "Shaft <10>", "x": "x"}
    # With a master, too, whose name is another, and which has a second row on the customer.
    known = {"customer": ["10", "10", "2"], "name": ["Newname", "Twicename", "Kurz"]}
    hidden = products([*sold, ("2", "Kurz", "Twicename kit"), ("2", "Kurz", "Newname kit")], **known)
    assert [*hidden.values()] == ["Shaft <10>", "Shaft <10>", "x", "<10> kit", "<10> kit"]


def test_a_name_of_today_goes_before_a_former_one() -> None:
    for once, now in (("10", "20"), ("20", "10")):
        rows = [(once, "Acme", "a"), (once, "Zeta", "b"), (now, "Omega", "c"), (now, "Acme", "Acme kit")]
        assert products(rows)["Acme kit"] == f"<{now}> kit"


def test_former_groups_and_account_managers_are_hidden_too() -> None:
    sales = pd.DataFrame({
        "customer": ["1", "1"], "date": ["2024-01-01", "2025-01-01"], "revenue": [1.0, 2.0],
        "parent": ["Alpha Holding", "Beta Holding"], "owner": ["Ann Lee", "Bob Ray"],
        "product": ["Alpha Holding kit", "made with Ann Lee"],
    })  # fmt: skip
    read = ledger.read(sales)
    who, hidden = named(read), pseudonyms.anonymise(read, secret=SECRET)
    assert hidden.table.order_by("date").to_pandas()["product"].tolist() == [
        f"{who['Beta Holding']} kit", f"made with {who['Ann Lee']}",
    ]  # fmt: skip
    assert len(read.aliases) == 4
    assert len(hidden.aliases) == 0


@pytest.mark.parametrize(
    "spelt",
    [
        "Müller & Söhne GmbH", "Mueller & Soehne GmbH", "MÜLLER UND SÖHNE GMBH", "Muller &amp; Sohne GmbH",
        "müller söhne gmbh",
        "Mu\u0308ller & So\u0308hne GmbH", "Mül\u00adler & Söhne GmbH", "Mül\u200bler\u200d & \u202eSöhne GmbH",
        "\uff2düller & Söhne GmbH", "Müller-Söhne (GmbH)",
    ],
)  # fmt: skip
def test_a_name_is_known_in_any_spelling(spelt: str) -> None:
    hide = pseudonyms._hider({"Müller & Söhne GmbH": "<1>"})
    assert re.fullmatch(r"Pump <1>\)? 5", hide(f"Pump {spelt} 5"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Poertner Oel", "PÖRTNER ÖL"), ("Ärzte İstanbul Şti", "ÄRZTE ISTANBUL ŞTI"),
        ("Y\u0131ld\u0131z AŞ", "YILDIZ AŞ"),
        ("Groß-Straßer", "GROSS STRASSER"), ("Sørensen", "Soerensen"), ("12345", "\uff11\uff12345"), ("Łódź", "Lodz"),
    ],
)  # fmt: skip
def test_letters_of_other_languages(name: str, text: str) -> None:
    assert pseudonyms._hider({name: "<1>"})(f"{text}, {name}") == "<1>, <1>"


def test_a_text_without_a_name_stays_to_the_letter() -> None:
    hide = pseudonyms._hider({"Meier AG": "<1>", "Und": "<2>", "&": "<3>"})
    for text in ("Meierhof AG", "Mu\u0308hle und Feuer", "a\u00adb & c", "", "👩\u200d🔧"):
        assert hide(text) == text


def test_the_longest_name_goes_first() -> None:
    names = {"Meier": "<1>", "Meier AG": "<2>", "Meier AG Nord": "<3>", "AG Nord": "<4>"}
    for order in (names, dict(reversed(names.items()))):
        hide = pseudonyms._hider(order)
        assert hide("Meier AG") == "<2>"
        assert hide("Meier AG Nord, Meier Nord, Meier AG; Meier") == "<3>, <1> Nord, <2>; <1>"
        assert hide("Kit Meier AG") == "Kit <2>"
        assert hide("a AG Nord") == "a <4>"


def test_names_of_three_letters_are_hidden_and_of_two_are_not() -> None:
    rows = [("1", "ABB", "abb seal"), ("2", "AB", "AB seal"), ("1234", "Zeta", "No 1234"), ("12345", "Eta", "No 12345")]
    assert products(rows) == {
        "abb seal": "<1> seal", "AB seal": "AB seal", "No 1234": "No 1234", "No 12345": "No <12345>",
    }  # fmt: skip


def test_an_outcome_that_two_customers_share_is_left_out() -> None:
    sales = pd.DataFrame({"customer": [*"123"], "date": "2025-01-01", "revenue": 1.0})
    told = {"three": [*"123"], "two": [*"122"], "one": [*"111"]}
    log = pd.DataFrame([(who, "2025-01-01", said) for said, all_ in told.items() for who in all_])
    log.columns = ["customer", "date", "outcome"]
    hidden = pseudonyms.anonymise(ledger.read(sales, contacts=log), secret=SECRET).contacts
    assert hidden is not None
    assert hidden["outcome"].fillna("").tolist() == ["three"] * 3 + [""] * 6


def test_staff_is_hidden_in_products() -> None:
    log = pd.DataFrame({"customer": ["1"], "date": ["2025-01-01"], "owner": ["Ann Lee"], "kind": ["visit"]})
    sales = pd.DataFrame({"customer": ["1"], "date": ["2025-01-01"], "revenue": 1.0, "product": "visit by ANN LEE"})
    read = ledger.read(sales, contacts=log)
    hidden = pseudonyms.anonymise(read, secret=SECRET)
    assert hidden.table.to_pandas()["product"].tolist() == [f"visit by {named(read)['Ann Lee']}"]


def test_a_sheet_that_bears_a_customer_s_name_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    lines = pd.DataFrame({"customer": ["Meier AG", "x"], "date": ["2025-01-01"] * 2, "revenue": [1.0, 2.0]})
    lines.to_excel(path, sheet_name="Meier AG", index=False, engine="xlsxwriter")
    read = ledger.read(path)
    assert read.audit.format["sheet"] == "Meier AG"
    told = pseudonyms.anonymise(read, secret=SECRET).audit.as_dict()
    assert "sheet" not in told["format"]
    assert "meier" not in str(told).casefold()


def test_the_products_of_reversed_pairs_are_those_of_the_ledger(small: ledger.Ledger, hidden: ledger.Ledger) -> None:
    assert small.audit.reversed_pairs["product"].tolist() == ["Shaft for MEIER ag, long"]
    assert hidden.audit.reversed_pairs["product"].tolist() == [f"Shaft for {named(small)['K-100']}, long"]
    numbered = pd.DataFrame({
        "customer": ["10017", "10018", "10018"], "date": ["2025-01-01", "2025-01-02", "2025-01-03"],
        "product": "10017", "revenue": [1.0, 5.0, -5.0],
    })  # fmt: skip
    after = pseudonyms.anonymise(ledger.read(numbered), secret=SECRET)
    assert after.audit.reversed_pairs["product"].tolist() == ["10017"]
    assert set(after.table.to_pandas()["product"]) == {"10017"}


def test_german_words() -> None:
    sales = pd.DataFrame({
        "customer": ["7", "8"], "parent": ["Alpha", None], "owner": "Ann Lee", "date": "2025-01-01", "revenue": 1.0,
    })  # fmt: skip
    key = pseudonyms.key_table(ledger.read(sales), secret=SECRET, language="de")
    assert key["pseudonym"].str.split().str[0].tolist() == ["Kunde", "Kunde", "Gruppe", "Betreuer"]
    assert key["kind"].tolist() == ["customer", "customer", "group", "account manager"]


# --- pseudonyms are stable, unique and hang on the secret -------------------------------------------------------------


def firm(numbers: list[str]) -> ledger.Ledger:
    return ledger.read(pd.DataFrame({"customer": numbers, "date": "2025-01-01", "revenue": 1.0}))


@pytest.fixture(scope="module")
def numbers() -> list[str]:
    return [f"{7 * n:06}" for n in range(5000)]


@pytest.fixture(scope="module")
def five_thousand(numbers: list[str]) -> dict[str, str]:
    return named(firm(numbers))


def test_five_thousand_customers_have_as_many_short_pseudonyms(five_thousand: dict[str, str]) -> None:
    codes = [label.removeprefix("Customer ") for label in five_thousand.values()]
    assert len(set(codes)) == 5000
    assert all(re.fullmatch(r"[A-HJ-NP-Z]\d{4,7}", code) for code in codes)
    longer = [code for code in codes if len(code) > 5]
    # By chance 5000^2 / 2 / 240,000 = 52 pairs would be called the same.
    assert 60 < len(longer) < 160
    # Whoever grew had a double, and the short code is nobody's now.
    assert min(collections.Counter(code[:5] for code in longer).values()) > 1
    assert not {code[:5] for code in longer} & set(codes)


def test_the_order_of_rows_is_irrelevant(numbers: list[str], five_thousand: dict[str, str]) -> None:
    shuffled = np.random.default_rng(3).permutation(numbers).tolist()
    assert named(firm(shuffled)) == five_thousand


def test_a_part_of_the_customers_keeps_its_pseudonyms(numbers: list[str], five_thousand: dict[str, str]) -> None:
    part = named(firm(numbers[::7]))
    changed = [number for number in part if part[number] != five_thousand[number]]
    assert len(changed) < 0.05 * len(part)
    # Only who has no double any more changes, and then to the beginning of what it was.
    assert all(five_thousand[number].startswith(part[number]) for number in changed)


def test_a_newcomer_lengthens_a_pseudonym_at_most(numbers: list[str], five_thousand: dict[str, str]) -> None:
    later = named(firm([*numbers, *(f"N{n}" for n in range(300))]))
    changed = [number for number in numbers if later[number] != five_thousand[number]]
    # Each of 300 meets one of 5,000 among 240,000 codes with a probability of 1 in 48, so about six do.
    assert 0 < len(changed) < 15
    assert all(later[number].startswith(five_thousand[number]) for number in changed)


def test_a_master_changes_no_pseudonym(small: ledger.Ledger) -> None:
    known = named(small)
    assert named(firm(["K-100", "K-200", "K-300"])).items() <= known.items()


def test_another_secret_gives_other_pseudonyms(numbers: list[str], five_thousand: dict[str, str]) -> None:
    key = pseudonyms.key_table(firm(numbers), secret=OTHER).set_index("number")["pseudonym"]
    assert sum(key[number] == five_thousand[number] for number in numbers) < 5


def test_a_customer_a_group_and_a_person_of_one_name_are_told_apart() -> None:
    sales = pd.DataFrame({"customer": ["Acme", "8"], "owner": ["Acme", "Bo"], "date": "2025-01-01", "revenue": 1.0})
    key = pseudonyms.key_table(ledger.read(sales), secret=SECRET)
    codes = key[key["number"].eq("Acme") | key["name"].eq("Acme")]["pseudonym"].str.split().str[-1]
    assert codes.nunique() == 2


def test_an_ibis_table_stays_in_its_engine() -> None:
    engine = ibis.duckdb.connect()
    lines = pd.DataFrame({"customer": ["7", "8"], "date": pd.to_datetime(["2025-01-01"] * 2), "revenue": [1.0, 2.0]})
    source = engine.create_table("sales", ibis.memtable(lines))
    before = engine.con.sql("select table_name from duckdb_tables()").fetchall()
    read = ledger.read(source)
    hidden = pseudonyms.anonymise(read, secret=SECRET)
    assert hidden.table.get_backend() is engine
    assert engine.con.sql("select table_name from duckdb_tables()").fetchall() == before
    table = customers.table(hidden, as_of="2025-12-31")
    assert table["name"].tolist() == [named(read)["8"], named(read)["7"]]
    engine.insert("sales", ibis.memtable(lines.assign(customer=["7", "Late & Sons"])))
    late = hidden.table.to_pandas()["customer"]  # a line that came after, of somebody who has no pseudonym yet
    assert late.isna().sum() == 1
    assert "Late & Sons" not in set(late)


# --- the secret -------------------------------------------------------------------------------------------------------


def test_a_new_secret_is_long_and_new(tmp_path: Path) -> None:
    texts = {pseudonyms.new_secret() for _ in range(20)}
    assert len(texts) == 20
    path = tmp_path / "secret"
    path.write_text(min(texts), encoding="utf-8")
    assert pseudonyms.secret(path) == min(texts).strip().encode()
    assert len(bytes.fromhex(min(texts))) == 32


def test_where_the_secret_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KAMLIB_SECRET", raising=False)
    monkeypatch.setenv("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", str(tmp_path))
    assert pseudonyms.secret_file() == tmp_path / "kamlib" / "secret"
    monkeypatch.setenv("KAMLIB_SECRET", "elsewhere.txt")
    assert pseudonyms.secret_file() == Path("elsewhere.txt")


@pytest.mark.parametrize("secret", [b"", b"x" * 31, "x" * 40, None])
def test_what_is_no_secret(small: ledger.Ledger, secret: Any) -> None:
    with pytest.raises(KamlibError, match=r"no secret.*32 bytes"):
        pseudonyms.anonymise(small, secret=secret)
    with pytest.raises(KamlibError, match=r"no secret.*32 bytes"):
        pseudonyms.key_table(small, secret=secret)


def test_a_secret_that_can_t_be_used(tmp_path: Path) -> None:
    with pytest.raises(KamlibError, match=r"there is no secret .*makes one unless told where"):
        pseudonyms.secret(tmp_path / "nix")
    with pytest.raises(KamlibError, match="can't be read"):
        pseudonyms.secret(tmp_path)
    (tmp_path / "short").write_text("   too short   \n", encoding="utf-8")
    with pytest.raises(KamlibError, match="at least 32 bytes"):
        pseudonyms.secret(tmp_path / "short")


# --- the whole report -------------------------------------------------------------------------------------------------


class Firm:
    """A part of the shipped company as files that name customers wherever that can happen, and three reports on it."""

    def __init__(self, folder: Path) -> None:
        company = datasets.load_company()
        told = [customer for story in company.truth.values() for customer in story.get("customers", [])]
        master = company.customers
        group = master["parent"].isin(master.loc[master["parent"] != "", "parent"].drop_duplicates().head(6))
        others = company.sales.groupby("customer")["revenue"].sum().nlargest(60).index
        master = master[group | master["customer"].isin([*told, *others])]
        sales = company.sales[company.sales["customer"].isin(master["customer"])]
        contacts = company.contacts[company.contacts["customer"].isin(master["customer"])]
        self.names = {*master["customer"], *master["name"], *master["parent"], *master["owner"]} - {""}
        giant = master.loc[master["name"].str.startswith("Vördekamp"), "customer"].iloc[0]
        own = (sales["customer"] == giant) & (sales["product_group"] == "Bearings")
        assert own.any()
        sales = sales.assign(product=sales["product"].mask(own, "Roller Vördekamp Fördertechnik AG"))
        contacts = contacts.assign(
            outcome=contacts["outcome"].mask(contacts["customer"] == giant, "Vördekamp is angry")
        )
        master = master.assign(
            person="Ms Vördekamp", segment=master["segment"].mask(master["customer"] == giant, giant)
        )
        broken = sales.tail(2).assign(date="gestern", customer="Vördekamp Fördertechnik AG", revenue=1.0)
        self.folder, self.codes = folder, {name for name in self.names if name.isdigit()}
        # A part of a name is enough to tell it: the first word of a firm's, the last one of a person's.
        stems = {name.split()[0] for name in self.names - {*master["owner"]} - self.codes}
        stems |= {re.findall(r"\w+", name)[-1] for name in master["owner"]}
        self.stems = {stem.casefold() for stem in stems}
        pd.concat([sales.assign(date=sales["date"].dt.strftime("%Y-%m-%d")), broken]).to_csv(
            folder / "Umsatz Vördekamp.csv", index=False
        )
        master.to_csv(folder / "customers.csv", index=False)
        contacts.to_csv(folder / "contacts.csv", index=False)

    @property
    def files(self) -> list[str]:
        return [str(self.folder / name) for name in ("Umsatz Vördekamp.csv", "customers.csv", "contacts.csv")]

    def report(self, language: str) -> None:
        """Run the command with pseudonyms."""
        sales, master, contacts = self.files
        key, config = str(self.folder / f"key-{language}.csv"), str(self.folder / "config")
        arguments = ["report", sales, "--customers", master, "--contacts", contacts, "--fixed-costs", "1000000"]
        arguments += ["--anonymise", "--key-table", key, "--language", language, "--out", str(self.folder / language)]
        environment = {"XDG_CONFIG_HOME": config, "APPDATA": config, "KAMLIB_SECRET": ""}
        result = CliRunner().invoke(cli.app, arguments, env=environment, catch_exceptions=False)
        assert result.exit_code == 0, result.output

    def plain_report(self) -> None:
        """Write what needs no charts, and one of them, without pseudonyms."""
        sales, master, contacts = self.files
        read = ledger.read(sales, customers=master, contacts=contacts)
        built = report.build(read, as_of=read.last_day, fixed_costs=1e6)
        tables = export.workbook(built.exhibits, words=built.setting.words)
        chart = next(exhibit for exhibit in built.exhibits if exhibit.key == "pareto")
        files = {"report.json": export.as_json(built.figures), "tables.xlsx": tables}
        export.folder(self.folder / "plain", files | {"pareto.svg": export.pictures(chart)["svg"]})


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kamlib.export.images.DPI", 30)  # what a picture says does not hang on its size
        made = Firm(tmp_path_factory.mktemp("firm"))
        made.plain_report()
        made.report("en")
        made.report("de")
        yield made


def texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text that a file holds: its name, the members of an archive, a picture's chunks, embedded data."""
    yield name, name
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield name, archive.comment.decode("latin-1")
            for member in archive.infolist():
                yield from texts_of(f"{name}/{member.filename}", archive.read(member))
        return
    if content.startswith(b"\x89PNG"):
        yield from png_texts(name, content)
        return
    text = content.decode("utf-8", errors="ignore") + content.decode(
        "latin-1" if b"\0" not in content else "utf-16-le", errors="ignore"
    )
    yield name, text
    yield name, urllib.parse.unquote(html.unescape(text))
    for n, match in enumerate(re.finditer(rb"base64,([A-Za-z0-9+/=\s]+)", content)):
        yield from texts_of(f"{name}#{n}", base64.b64decode(match.group(1)))


def png_texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield what a picture says beside its pixels; a compressed chunk as it is and unpacked."""
    at = 8
    while at < len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        chunk = content[at + 8 : at + 8 + size]
        if kind != b"IDAT":
            yield name, chunk.decode("latin-1")
            yield name, chunk.decode("utf-8", errors="ignore")
            for start in (match.end() for match in re.finditer(rb"\0+", chunk)):
                try:
                    yield name, zlib.decompress(chunk[start:]).decode("utf-8", errors="ignore")
                except zlib.error:
                    continue
        at += 12 + size


def found_in(folder: Path, firm: Firm) -> set[str]:
    """Return the real names and numbers, and first words of names, that stand anywhere in the files of a folder."""
    found: set[str] = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        for _, text in texts_of(str(path.relative_to(folder)), path.read_bytes()):
            found |= {word.casefold() for word in re.findall(r"[^\W\d_]+", text)} & firm.stems
            # Seven figures in a row, but not the decimals of a number.
            found |= set(re.findall(r"(?<![\d.,])\d{7}(?!\d)", text)) & firm.codes
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_output_names_a_customer(reports: Firm, language: str) -> None:
    assert found_in(reports.folder / language, reports) == set()


def test_the_search_finds_names_where_they_are(reports: Firm) -> None:
    found = found_in(reports.folder / "plain", reports)
    assert len(found & reports.stems) > 30
    assert len(found & reports.codes) > 30
    assert "vördekamp" in found


@pytest.mark.parametrize("kind", ["zip in a zip", "picture", "html", "json", "svg in html", "name"])
def test_the_search_looks_everywhere(reports: Firm, kind: str, tmp_path: Path) -> None:
    name = "Fählau & Söhne"
    packed, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", f"<t>{html.escape(name)}</t>")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("book.xlsx", packed.getvalue())
    chunk = b"Title\0\0" + zlib.compress(name.encode())
    svg = base64.b64encode(f"<svg>{name}</svg>".encode()).decode()
    contents = {
        "zip in a zip": ("a.pptx", outer.getvalue()),
        "picture": ("a.png", b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4) + b"zTXt" + chunk + b"\0\0\0\0"),
        "html": ("a.html", b"<p>F&auml;hlau"),
        "json": ("a.json", name.encode()),
        "svg in html": ("a.html", f'<img src="data:image/svg+xml;base64,{svg}">'.encode()),
        "name": ("Fählau.txt", b""),
    }
    file, content = contents[kind]
    (tmp_path / file).write_bytes(content)
    assert "fählau" in reports.stems
    assert found_in(tmp_path, reports) == {"fählau"}


def test_the_secret_is_in_no_output(reports: Firm) -> None:
    made = (reports.folder / "config" / "kamlib" / "secret").read_text(encoding="utf-8").strip()
    for path in (path for out in ("en", "de") for path in (reports.folder / out).rglob("*") if path.is_file()):
        assert not any(made in text for _, text in texts_of(path.name, path.read_bytes())), path


def test_secret_and_key_are_for_the_user_alone(reports: Firm) -> None:
    for path in (reports.folder / "config" / "kamlib" / "secret", reports.folder / "key-en.csv"):
        assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


def key_of(reports: Firm, language: str) -> pd.DataFrame:
    return pd.read_csv(reports.folder / f"key-{language}.csv", dtype="str", sep={"en": ",", "de": ";"}[language])


def test_the_key_leads_back_to_every_name(reports: Firm) -> None:
    key, german = key_of(reports, "en"), key_of(reports, "de")
    assert reports.names <= {*key["number"].dropna(), *key["name"].dropna()}
    assert key["pseudonym"].is_unique
    code = key["pseudonym"].str.split().str[-1]
    assert code.tolist() == german["pseudonym"].str.split().str[-1].tolist()  # made of one secret


def leaves(value: Any, key: dict[str, str], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure and text of a report.json with the way to it; rows of customers by name, not by place."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, key, f"{path}/{key.get(name, name)}")
    elif isinstance(value, list):
        for n, item in enumerate(value):
            who = item.get("customer", n) if isinstance(item, dict) else n
            yield from leaves(item, key, f"{path}/{key.get(who, who)}")
    else:
        yield path, key.get(value, value)


def test_the_figures_are_those_of_the_plain_report(reports: Firm) -> None:
    plain, hidden = (
        json.loads((reports.folder / out / "report.json").read_text(encoding="utf-8")) for out in ("plain", "en")
    )
    table = key_of(reports, "en")
    ours = table[table["kind"] == "customer"]
    key = dict(zip(ours["number"], ours["pseudonym"].str.split().str[-1], strict=True))
    key |= dict(zip(table["name"].dropna(), table["pseudonym"][table["name"].notna()], strict=True))
    for figures in (plain, hidden):  # the file's name is told in the one only, which has fewer files
        del figures["audit"]["format"]["source"], figures["files"]
    expected, got = dict(leaves(plain, key)), dict(leaves(hidden, {}))
    assert expected.keys() == got.keys()
    assert len(expected) > 500
    for path, value in expected.items():
        if isinstance(value, float):
            # Customers of one size stand in another order, and so are drawn in another one for an interval.
            drawn = path.endswith(("_low", "_high"))
            assert got[path] == pytest.approx(value, rel=1e-6, abs=0.02 if drawn else 1e-9), path
        else:
            assert got[path] == value, path
