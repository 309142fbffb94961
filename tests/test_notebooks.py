from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PARAMETERS = {
    "sales": None,
    "customers_file": None,
    "contacts_file": None,
    "as_of": None,
    "columns": None,
    "layout": None,
    "months": 12,
    "language": "en",
}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def items(markdown: str, mark: str) -> list[str]:
    return [line.removeprefix(mark) for line in markdown.splitlines() if line.startswith(mark)]


def test_every_notebook_has_its_script_and_every_script_its_notebook() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {path.stem for path in NOTEBOOKS} >= {"01_read_your_ledger"}


@each_notebook
def test_a_notebook_and_its_script_say_the_same(path: Path) -> None:
    notebook, script = read(path), path.with_suffix(".py")
    assert notebook.metadata.jupytext.formats == "ipynb,py:percent"
    assert jupytext.writes(notebook, fmt="py:percent") == script.read_text(encoding="utf-8")
    # The way back, too: what a reviewer reads in the script is what runs.
    assert [(cell.cell_type, cell.source) for cell in jupytext.read(script).cells] == [
        (cell.cell_type, cell.source) for cell in notebook.cells
    ]


@each_notebook
def test_a_notebook_carries_no_outputs_and_asks_for_a_kernel_that_every_machine_has(path: Path) -> None:
    assert [(cell.outputs, cell.execution_count) for cell in code_cells(path)] == [([], None)] * len(code_cells(path))
    kernel = read(path).metadata.kernelspec
    assert (kernel.name, kernel.display_name) == ("python3", "Python 3 (ipykernel)")


@each_notebook
def test_the_parameters_cell_comes_first_and_has_the_names_that_every_notebook_shares(path: Path) -> None:
    cells = code_cells(path)
    assert [n for n, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])] == [0]
    given = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cells[0].source).body}
    assert given.items() >= PARAMETERS.items()


@each_notebook
def test_code_cells_are_few_and_short_and_define_nothing(path: Path) -> None:
    sources = [cell.source for cell in code_cells(path)]
    assert len(sources) <= 12
    assert [s for s in sources if len(list(filter(str.strip, s.splitlines()))) > 10] == []
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [ast.unparse(node) for node in nodes if isinstance(node, defined)] == []


@each_notebook
def test_the_last_cell_asserts_one_to_three_facts(path: Path) -> None:
    statements = ast.parse(code_cells(path)[-1].source).body
    assert 1 <= sum(isinstance(node, ast.Assert) for node in statements) <= 3


@each_notebook
def test_it_opens_with_a_question_and_what_one_will_know_and_closes_with_the_same_list_done(path: Path) -> None:
    cells = read(path).cells
    first, last = cells[0].source, cells[-1].source
    assert first.startswith("# ")
    assert first.splitlines()[0].endswith("?")
    assert "> **On your own data.**" in first
    assert items(first, "- [ ] ") == items(last, "- [x] ") != []


@each_notebook
def test_each_code_cell_stands_between_prose(path: Path) -> None:
    cells = read(path).cells
    at = [n for n, cell in enumerate(cells) if cell.cell_type == "code"]
    words = {n: len(cells[n - 1].source.split()) for n in at}
    assert {n: count for n, count in words.items() if not 50 <= count <= 100} == {}
    assert {cells[n + side].cell_type for n in at for side in (-1, 1)} == {"markdown"}
    # Beside the parameters and the facts, every cell is followed by what there is to see.
    assert [n for n in at[1:-1] if not cells[n + 1].source.startswith("**What you see.**")] == []


def run(path: Path, folder: Path, *parameters: str) -> Any:
    """Execute a notebook in a fresh kernel away from its folder, with `KamlibWarning` as an error."""
    executed = folder / path.name
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "--log-level", "ERROR", "--cwd", str(folder)]
    # An interpreter knows only its own categories this early; ours is a UserWarning.
    quiet = {"PYTHONWARNINGS": "error::UserWarning", "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [*command, str(path), str(executed), *parameters],
        env=os.environ | quiet, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-3000:]
    return read(executed)


def silent(notebook: Any) -> list[str]:
    """Return the cells that end with something to be seen, but show nothing."""
    shown = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    expected = [cell for cell in shown if isinstance(ast.parse(cell.source).body[-1], ast.Expr)]
    assert expected
    return [cell.source for cell in expected if not any("data" in output for output in cell.outputs)]


@each_notebook
def test_it_runs_on_the_shipped_company(path: Path, tmp_path: Path) -> None:
    assert silent(run(path, tmp_path)) == []


@each_notebook
def test_it_runs_on_a_ledger_that_has_nothing_but_customer_day_and_amount(path: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", "2025-12-31")
    bare = pd.DataFrame({
        "Kunde": rng.integers(100, 140, 800).astype("str"), "Belegdatum": rng.choice(days, 800).astype("datetime64[s]"),
        "Nettoumsatz": rng.lognormal(6, 1, 800).round(2),
    })  # fmt: skip
    bare.loc[:9, "Nettoumsatz"] *= -1  # ten credit notes
    sales = tmp_path / "bare.csv"
    bare.to_csv(sales, index=False)
    assert silent(run(path, tmp_path, "-p", "sales", str(sales), "-p", "language", "de")) == []
