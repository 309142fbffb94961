"""The project itself: environment files agree, tests pair with modules, nothing private is committed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import kamlib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def parts(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"([A-Za-z0-9-]+)(?:\[[\w,]+\])?(.*)", requirement)
    assert found, requirement
    return found[1].lower(), found[2]


def test_conda_and_pip_ask_for_the_same() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_conda = dict(parts(entry) for entry in conda if isinstance(entry, str))
    assert by_conda.pop("python") == PROJECT["requires-python"]
    del by_conda["pip"]
    by_conda["ibis-framework"] = by_conda.pop("ibis-duckdb")  # conda's name of ibis-framework[duckdb]
    assert by_conda == dict(parts(entry) for entry in PROJECT["dependencies"])


def test_the_lock_holds_every_dependency_to_a_hash_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {parts(entry)[0] for entry in wanted} <= pinned
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock


def test_every_module_has_its_tests() -> None:
    modules = {p.stem for p in (ROOT / "kamlib").glob("*.py")} | {
        p.parent.name for p in (ROOT / "kamlib").glob("*/__init__.py")
    }
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    assert modules - {"__init__"} - tests == set()


def test_importing_kamlib_loads_nothing_heavy() -> None:
    code = "import kamlib, sys; print([m for m in ('pandas', 'numpy', 'ibis', 'matplotlib') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", kamlib._SUBMODULES)
def test_submodules_load_on_first_use(name: str) -> None:
    assert getattr(kamlib, name).__name__ == f"kamlib.{name}"
    assert name in dir(kamlib)


def test_an_unknown_submodule_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = kamlib.nonsense


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").rglob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_committed_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)


def test_the_version_is_told_once() -> None:
    assert kamlib.__version__ == PROJECT["version"]
    assert f"## {kamlib.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
