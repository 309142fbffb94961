from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kamlib import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]


def kam(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "kam"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    lines = ["Kunde;Belegdatum;Umsatz"]
    lines += [f"{n % 7:04};{n % 28 + 1:02}.{n % 12 + 1:02}.2025;{(n * 37) % 900 + 1},50" for n in range(100)]
    path.write_text("\n".join([*lines, "0001;kein Datum;5,00"]), encoding="utf-8")
    return path


def test_report_ends_by_naming_findings_and_files(sales: Path, tmp_path: Path) -> None:
    done = kam("report", str(sales), "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "As of the ledger's last day, 28 Dec 2025" in done.stderr
    assert [line[:2] for line in done.stdout.splitlines()[:3]] == ["1.", "2.", "3."]
    assert "index.html" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "index.html",
        "deck.pptx",
        "tables.xlsx",
        "report.json",
        "charts",
    }


def test_report_in_german_as_of_a_day(sales: Path, tmp_path: Path) -> None:
    done = kam("report", str(sales), "--language", "de", "--as-of", "2025-11-30", "--months", "6", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Kunden" in done.stdout
    figures = json.loads((tmp_path / "kam-report" / "report.json").read_text(encoding="utf-8"))
    assert figures["period"]["as_of"] == "2025-11-30"
    assert figures["period"]["start"] == "2025-05-31"
    assert '<html lang="de">' in (tmp_path / "kam-report" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "missing.csv"], "there is no file 'missing.csv'"),
        (["report", "sales.csv", "--as-of", "31.12.2025"], "as_of must be a date written as 2025-12-31"),
        (["report", "sales.csv", "--language", "fr"], "language must be one of 'en', 'de'"),
        (["report", "sales.csv", "--columns", "customer"], "has no equals sign"),
        (["report", "sales.csv", "--columns", "customer=Nix"], "'Nix'"),
        (["report", "sales.csv", "--layout", "decimal=dot"], "decimal"),
        (["report", "sales.csv", "--as-of", "1999-12-31"], "no line in the 12 months up to 1999-12-31"),
        (["audit", "missing.csv"], "there is no file 'missing.csv'"),
        (["report", "sales.csv", "--out", "."], "no kamlib report"),
        (["report", "sales.csv", "--out", "sales.csv/out"], "no folder that you may write to"),
        (["report", "sales.csv", "--template", "missing.potx"], "the template 'missing.potx' is not there"),
        (["report", "missing.csv", "--template", "sales.csv"], "'sales.csv' is no PowerPoint template"),  # read later
        (["report", "missing.csv", "--fixed-costs", "inf"], "--fixed-costs must be an amount of at least 0, got inf"),
        (["notebooks", "missing.csv", "--fixed-costs", "-5"], "--fixed-costs must be an amount of at least 0, got -5"),
        (["report", "x[/b].csv"], "there is no file 'x[/b].csv'"),  # the progress line reads no markup in it
    ],
)
def test_what_cant_be_used_is_one_sentence(arguments: list[str], said: str, sales: Path, tmp_path: Path) -> None:
    done = kam(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("kam: ")
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {sales.name}


def test_audit_as_a_table_and_as_json(sales: Path, tmp_path: Path) -> None:
    table = kam("audit", str(sales), cwd=tmp_path)
    assert table.returncode == 0, table.stderr
    assert "All 101 rows are accounted for: 100 used, 1 set aside" in " ".join(table.stdout.split())
    found = json.loads(kam("audit", str(sales), "--json", cwd=tmp_path).stdout)
    assert found["rows_read"] == 101
    assert found["rows_set_aside"] == {"unreadable_date": 1}
    assert found["examples"][0]["line"] == 102
    assert "kein Datum" in found["examples"][0]["text"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, which need not load everything again: arguments in, status, stdout, stderr out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KAMLIB_SECRET", raising=False)
    for variable in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "config"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kam", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "--key-table", "key.csv"], "--key-table speaks of pseudonyms; add --anonymise"),
        (["brief", "1", "--secret", "sales.csv"], "--secret speaks of pseudonyms; add --anonymise"),
        (["report", "--anonymise", "--secret", "nix"], "there is no secret 'nix'"),
        (["report", "--anonymise", "--secret", "."], "can't be read"),
        (
            [
                "report",
                "--anonymise",
                "--secret",
                "sales.csv",
                "--out",
                "x",
                "--key-table",
                "x/../x/key.csv",
            ],
            "--key-table names a file in the report's folder 'x'",
        ),
        (["report", "--anonymise", "--secret", "x/secret", "--out", "x"], "in the report's folder 'x'"),
        (
            ["report", "--anonymise", "--secret", "sales.csv", "--key-table", "sales.csv"],
            "'sales.csv' exists and is not replaced",
        ),
        (["report", "--anonymise", "--key-table", "sales.csv/key.csv"], "no folder that you may write to"),
        # The report itself fails, and so there is no key to it.
        (
            ["report", "--anonymise", "--secret", "sales.csv", "--key-table", "key.csv", "--as-of", "1999-12-31"],
            "no line in the 12 months up to 1999-12-31",
        ),
    ],
)
def test_pseudonyms_that_can_t_be_made(arguments: list[str], said: str, sales: Path, here: Run) -> None:
    before = sales.read_bytes()
    status, out, err = here(*arguments, str(sales.name))
    assert status == 2
    assert err.splitlines()[-1].startswith("kam: ")
    assert said in err
    assert out == ""
    assert [*sales.parent.iterdir()] == [sales]
    assert sales.read_bytes() == before


@pytest.fixture
def named(tmp_path: Path) -> Path:
    path = tmp_path / "named.csv"
    lines = ["Kunde,Firma,Datum,Umsatz"]
    names = {"K-17": "Meier & Co. KG", "K-18": '"=HYPERLINK(""x"")"', "K-19": "Abacus AG"}
    lines += [f"{k},{name},2025-{n:02}-15,{100 * n}" for k, name in names.items() for n in range(1, 13)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_secret_is_made_once_and_pseudonyms_stay(
    named: Path, tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = here("brief", "meier", named.name, "--anonymise")
    assert status == 0, err
    secret = tmp_path / "config" / "kamlib" / "secret"
    assert f"the secret in {secret}" in err
    made = secret.read_bytes()
    page = tmp_path / out.split()[-1]
    assert re.fullmatch(r"brief-customer-[a-z]\d{4}\.html", page.name)
    html = page.read_text(encoding="utf-8")
    assert "Meier" not in html
    assert "K-17" not in html
    pseudonym = re.findall(r"Customer [A-Z]\d{4}", html)[0]
    assert here("brief", pseudonym.casefold(), named.name, "--anonymise", "--out", "again.html")[0] == 0
    assert secret.read_bytes() == made
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html
    other = tmp_path / "other"
    other.write_text("another secret, of more than 32 letters", encoding="utf-8")
    monkeypatch.setenv("KAMLIB_SECRET", str(other))
    status, out, err = here("brief", "K-17", named.name, "--anonymise")
    assert f"the secret in {other}" in err
    assert out.split()[-1] != page.name


def test_the_key_table_is_written_where_asked(named: Path, tmp_path: Path, here: Run) -> None:
    (tmp_path / "secret").write_text("a secret, of more than 32 letters", encoding="utf-8")
    command = ["report", named.name, "--anonymise", "--secret", "secret", "--key-table", "key.csv", "--language", "de"]
    status, out, err = here(*command)
    assert status == 0, err
    assert "Meier" not in out
    header, *rows = (tmp_path / "key.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header == "pseudonym;kind;number;name"
    cells = sorted(csv.reader(rows, delimiter=";"), key=lambda row: row[2])
    # What a spreadsheet would take for a formula begins with an apostrophe.
    assert [row[1:] for row in cells] == [
        ["customer", "K-17", "Meier & Co. KG"],
        ["customer", "K-18", '\'=HYPERLINK("x")'],
        ["customer", "K-19", "Abacus AG"],
    ]
    figures = json.loads((tmp_path / "kam-report" / "report.json").read_text(encoding="utf-8"))
    assert {row["name"] for row in figures["key_accounts"]} <= {row[0] for row in cells}


def test_the_key_table_s_place_is_told_before_anything_is_read(sales: Path, here: Run) -> None:
    status, _, err = here("report", "missing.csv", "--anonymise", "--key-table", sales.name)
    assert (status, err) == (2, "kam: 'sales.csv' exists and is not replaced; choose another file.\n")
    assert [*sales.parent.iterdir()] == [sales]


def test_a_former_key_table_is_replaced(named: Path, tmp_path: Path, here: Run) -> None:
    (tmp_path / "secret").write_text("a secret, of more than 32 letters", encoding="utf-8")
    for _ in range(2):
        command = ["report", named.name, "--anonymise", "--secret", "secret", "--key-table", "key.csv"]
        assert here(*command)[0] == 0
    assert (tmp_path / "key.csv").read_text(encoding="utf-8-sig").startswith("pseudonym,kind,number,name\n")


def test_a_former_name_is_hidden_as_the_one_of_today(tmp_path: Path, here: Run) -> None:
    (tmp_path / "secret").write_text("a secret, of more than 32 letters", encoding="utf-8")
    names = {2024: "Bergmann Werke GmbH", 2025: "Lindquist Werke GmbH"}
    lines = ["Kunde,Firma,Datum,Umsatz,Artikel"]
    lines += [
        f"10,{name},{year}-{n:02}-05,{90 + n},Welle Bergmann Werke GmbH"
        for year, name in names.items()
        for n in range(1, 13)
    ]
    (tmp_path / "sales.csv").write_text("\n".join([*lines, "11,Kurz KG,2025-11-01,50,Norm"]), encoding="utf-8")
    status, out, err = here("brief", "Lindquist", "sales.csv", "--anonymise", "--secret", "secret")
    assert status == 0, err
    page = (tmp_path / out.split()[-1]).read_text(encoding="utf-8")
    assert "Welle Customer" in page
    assert not re.search("bergmann|lindquist", page + out, re.IGNORECASE)


def test_more_months_than_a_century_are_refused(sales: Path, here: Run) -> None:
    status, out, err = here("report", sales.name, "--months", "100000")
    assert (status, out) == (2, "")
    assert "--months" in err
    assert "Traceback" not in err


def test_a_file_without_leave_to_read_it_is_one_sentence(
    sales: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred, opened = ("barred.csv", "barred.pptx"), Path.open
    for name in barred:
        (sales.parent / name).write_bytes(sales.read_bytes())

    def at(path: Path, *args: object, **kwargs: object) -> object:
        if path.name in barred:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", at)
    for options in (
        ["barred.csv"],
        [sales.name, "--customers", "barred.csv"],
        [sales.name, "--contacts", "barred.csv"],
    ):
        status, out, err = here("report", *options)
        assert (status, out) == (2, "")
        assert "'barred.csv' can't be opened (Permission denied)" in err.splitlines()[-1]


def test_help_names_the_commands(tmp_path: Path) -> None:
    done = kam("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert {"report", "audit", "notebooks"} <= set(done.stdout.split())
