"""What export makes for the moment, a file aside, a picture for a screen; and what it replaces and leaves alone."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import struct
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import kamlib
from kamlib import checks, exhibits, export
from kamlib.export.characters import legal
from kamlib.export.powerpoint import selection


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, to see that none is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_file_aside_is_there_for_its_owner_alone_and_then_gone(scratch: Path) -> None:
    with export.aside("sales.csv", b"\x00a") as file:
        assert (file.name, file.read_bytes()) == ("sales.csv", b"\x00a")
        assert file.is_relative_to(scratch)
        if os.name == "posix":
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(scratch.iterdir()) == []


def test_a_file_aside_is_gone_after_an_error_too(scratch: Path) -> None:
    def read(file: Path) -> None:
        raise checks.KamlibError(f"{file.name} is no ledger.")

    with pytest.raises(checks.KamlibError, match=r"x\.csv is no ledger"), export.aside("x.csv", b"hello") as file:
        read(file)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.csv", "a.csv"),
        ("C:\\x\\a.csv", "a.csv"),
        ("a\x00b<c>.csv", "abc.csv"),
        ("..", "upload"),
        ("", "upload"),
        ("Größe 1.csv", "Größe 1.csv"),
    ],
)
def test_a_name_is_kept_but_for_what_may_be_a_path_in_it(name: str, kept: str, scratch: Path) -> None:
    with export.aside(name, b"") as file:
        assert file.name == kept
        assert file.parent.parent == scratch


def pareto() -> exhibits.Exhibit:
    table = pd.DataFrame({"name": list("xyz"), "revenue": [60.0, 30.0, 10.0]})
    return exhibits.pareto(table, setting=exhibits.Setting("2025-12-31"))


def test_a_picture_for_a_screen_has_the_size_asked_for_and_is_unknown_to_pyplot() -> None:
    drawn = export.screen(pareto(), size=(720, 405))
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", drawn[16:24]) == (720, 405)
    assert plt.get_fignums() == []
    assert export.screen(pareto(), size=(720, 405)) == drawn
    assert export.screen(replace(pareto(), message="Another"), size=(720, 405)) == drawn  # it stands beside it


def test_what_has_no_chart_has_no_picture() -> None:
    with pytest.raises(checks.KamlibError, match="table without a chart"):
        export.screen(replace(pareto(), draw=None), size=(720, 405))


# --- a folder of results, which takes the place of a former one and of nothing else -----------------------------------


@pytest.fixture
def former(tmp_path: Path) -> Path:
    return export.folder(tmp_path / "out", {"report.json": '{"a": 1.5}', "charts/a.svg": b"x"})


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_record_names_kamlib_and_every_file(former: Path) -> None:
    record = json.loads((former / "report.json").read_text(encoding="utf-8"))
    assert record == {"a": 1.5, "versions": {"kamlib": kamlib.__version__}, "files": ["charts/a.svg", "report.json"]}
    given = {"report.json": '{"versions": {"kamlib": "9", "pandas": "3"}}'}
    again = json.loads((export.folder(former, given) / "report.json").read_text(encoding="utf-8"))
    assert again == {"versions": {"kamlib": "9", "pandas": "3"}, "files": ["report.json"]}
    assert names(former) == ["report.json"]


@pytest.mark.parametrize(
    "record",
    [
        "{}",
        "[1]",
        "null",
        "no json",
        b"\xff\xfe",
        '{"versions": {"kamlib": "1"}}',
        '{"versions": 5, "files": ["report.json", "thesis.txt"]}',
        '{"versions": {"pandas": "1"}, "files": ["report.json", "thesis.txt"]}',
    ],
)
def test_a_report_json_of_another_program_makes_no_former_result(record: str | bytes, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(record if isinstance(record, bytes) else record.encode())
    (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
    with pytest.raises(checks.KamlibError, match=r"holds something that is no kamlib report; choose another folder"):
        export.folder(tmp_path, {"report.json": "{}"})
    assert names(tmp_path) == ["report.json", "thesis.txt"]


@pytest.mark.parametrize("mine", ["thesis.txt", "deck final.pptx", "charts/mine.png", ".git/HEAD"])
def test_a_file_of_one_s_own_among_former_results_is_kept(mine: str, former: Path) -> None:
    (former / mine).parent.mkdir(exist_ok=True)
    (former / mine).write_text("mine", encoding="utf-8")
    for refused in (lambda: export.vacant(former), lambda: export.folder(former, {"report.json": "{}"})):
        with pytest.raises(checks.KamlibError, match=re.escape(f"take {str(Path(mine))!r} out of it")):
            refused()
    assert names(former) == sorted(["charts/a.svg", "report.json", mine])


def test_what_a_desktop_or_an_open_document_leaves_behind_is_nobody_s(former: Path) -> None:
    for name in (
        ".DS_Store",
        "charts/Thumbs.db",
        "desktop.ini",
        ".ipynb_checkpoints/01-checkpoint.ipynb",
        ".~lock.deck.pptx#",
    ):
        (former / name).parent.mkdir(exist_ok=True)
        (former / name).touch()
    assert names(export.folder(former, {"report.json": "{}"})) == ["report.json"]


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_ctrl_c_leaves_a_folder_that_is_whole(moment: str, former: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = Path.rename

    def stopped(path: Path, target: Path) -> Path:
        if (moment, path.name) in {("before", "out"), ("between", "new")}:
            raise KeyboardInterrupt
        done = move(path, target)
        if (moment, path.name) == ("after", "new"):
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        export.folder(former, {"report.json": "{}", "b.txt": "new"})
    assert names(former) == (["b.txt", "report.json"] if moment == "after" else ["charts/a.svg", "report.json"])
    assert [path.name for path in former.parent.iterdir()] == ["out"]


# --- what a file can carry --------------------------------------------------------------------------------------------


def test_nothing_that_turns_the_text_after_it_round_gets_into_a_file() -> None:
    turning = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    assert legal("a".join(["", *turning, "\x07"])) == "a" * (len(turning) + 1)
    for kept in ("Müller\nSöhne", "\u0915\u094d\u200d\u0937", "👩\u200d🔧", "שלום", "a\tb"):
        assert legal(kept) == kept
    name = "Weiß\u202egerber\u2066"
    exhibit = replace(pareto(), message=name, table=pareto().table.assign(name=[name, "y", "z"]))
    written = [export.fragment(exhibit).encode(), export.pictures(exhibit)["svg"]]
    for packed in (export.workbook([exhibit], words=exhibit.words), selection([exhibit], title=name)):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            written += [archive.read(part) for part in archive.namelist() if part.endswith(".xml")]
    assert sum("Weißgerber".encode() in content for content in written) >= 4
    assert not any(mark.encode() in content for content in written for mark in "\u202e\u2066")
