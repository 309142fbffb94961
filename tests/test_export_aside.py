"""What export makes for the moment: a file aside while it is read, a picture for a screen."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from kamlib import checks, exhibits, export

if TYPE_CHECKING:
    from pathlib import Path


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
