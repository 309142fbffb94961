from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


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


def test_help_names_the_commands(tmp_path: Path) -> None:
    done = kam("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert {"report", "audit", "notebooks"} <= set(done.stdout.split())
