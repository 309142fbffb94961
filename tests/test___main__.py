from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kamlib import __main__, cli

if TYPE_CHECKING:
    from pathlib import Path


def test_ctrl_c_while_the_command_still_loads_ends_it_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Stopped:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "kamlib.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, cli.__name__)
    monkeypatch.delattr("kamlib.cli")
    monkeypatch.setattr(sys, "meta_path", [Stopped(), *sys.meta_path])
    with pytest.raises(SystemExit) as stopped:
        __main__.main()
    assert stopped.value.code == 130
    assert capfd.readouterr() == ("", "")


def test_the_entry_loads_nothing_until_it_runs(tmp_path: Path) -> None:
    asked = "import sys, kamlib.__main__; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert not {"pandas", "typer", "kamlib.cli"} & set(done.stdout.split())
    run = subprocess.run(
        [sys.executable, "-m", "kamlib", "audit", "x.csv"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (run.returncode, run.stderr) == (2, "kam: there is no file 'x.csv'.\n")
