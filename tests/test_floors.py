"""The floors hold: a module imports only from floors below its own, or a sibling that stands above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kamlib

HOME = Path(kamlib.__file__).parent

# From the ground up; on one floor, a module may import those named before it. A package is one module.
FLOORS = (
    ("checks", "style"),
    ("recognise", "cells", "records", "master", "audit", "ledger", "pseudonyms", "datasets"),
    ("customers", "features"),
    ("concentration", "keyaccounts", "bridge", "btyd", "churn", "exposure", "coverage"),
    ("plots",),
    ("export", "exhibits"),
    ("brief", "report", "dashboard", "walkthrough", "workshop", "cli", "__main__"),
)
ORDER = [module for floor in FLOORS for module in floor]
RECKONING = FLOORS[3]
NETWORK = {"socket", "ssl", "urllib", "http", "requests", "httpx", "ftplib", "smtplib", "aiohttp", "asyncio"}
ONLY_IN = {
    "pptx": {"export"},
    "lxml": {"export"},
    "ipywidgets": {"dashboard"},
    "xlsxwriter": {"export"},
    "sklearn": {"churn"},
    "ibis": {"audit", "master", "ledger", "customers", "features"},  # the audit is the ledger's account of itself
    "duckdb": set(),
    "matplotlib": {"style", "plots", "export", "exhibits"},
    "seaborn": {"plots"},
}
WRITERS = {"export", "datasets"}
WRITING = {"write_text", "write_bytes", "to_csv", "to_parquet", "to_excel", "to_json", "to_pickle", "savefig", "mkdir"}


def module_of(path: Path) -> str:
    return path.relative_to(HOME).parts[0].removesuffix(".py")


def sources() -> list[tuple[str, ast.Module]]:
    files = sorted(HOME.rglob("*.py"))
    return [(module_of(file), ast.parse(file.read_text(encoding="utf-8"), str(file))) for file in files]


def imports_of(tree: ast.AST) -> set[str]:
    """Every module that is imported at run time, inside functions too; what only types need is left out."""
    typing_only = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"__import__", "import_module"}:
            found.add(ast.unparse(node.args[0]))
    return found


def faults_of(module: str, tree: ast.Module) -> list[str]:
    """Name what ``module`` does that its floor forbids."""
    imported = imports_of(tree)
    within = {name.split(".")[1] for name in imported if name.startswith("kamlib.")} & set(ORDER) - {module}
    faults = [f"{module} imports {other}" for other in within if ORDER.index(other) > ORDER.index(module)]
    if module in {"plots", "export"}:
        faults += [f"{module} imports the reckoning module {other}" for other in within & set(RECKONING)]
    if module in RECKONING:
        faults += [f"{module} imports {other}" for other in within & {"style", "plots", "export", "exhibits"}]
    if module == "exposure":
        faults += [f"exposure imports {other}" for other in within & {"churn", "btyd"}]
    outside = {name.split(".")[0] for name in imported}
    faults += [f"{module} imports {name}" for name, homes in ONLY_IN.items() if name in outside and module not in homes]
    faults += [f"{module} imports {name}" for name in outside & NETWORK]
    faults += [f"{module} imports {name}" for name in imported if "notebooks" in name]
    for node in ast.walk(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in {"plt.show", "plt.gca", "plt.rc", "plt.title", "mpl.rc", "plt.style.use"}:
            faults.append(f"{module} calls {called}")
        if isinstance(node, (ast.Assign, ast.AugAssign)) and "rcParams[" in ast.unparse(node).split("=")[0]:
            faults.append(f"{module} sets global rcParams")
        if module not in WRITERS and called.rsplit(".", 1)[-1] in WRITING:
            faults.append(f"{module} writes a file by {called}")
        if called == "open" or called.endswith(".open"):
            mode = ast.unparse(node.args[-1]) if node.args else "'r'"
            if module not in WRITERS and set(mode) & set("wax+"):
                faults.append(f"{module} opens a file for writing")
    return faults


def test_every_module_has_its_floor() -> None:
    modules = {module for module, _ in sources()} - {"__init__"}
    assert modules <= set(ORDER), "a new module needs a place in FLOORS"


@pytest.mark.parametrize("module", sorted({module for module, _ in sources()} - {"__init__"}))
def test_floors_hold(module: str) -> None:
    assert [fault for name, tree in sources() if name == module for fault in faults_of(module, tree)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("customers", "from kamlib import plots"),
        ("checks", "def f():\n    from kamlib.ledger import read"),
        ("concentration", "import matplotlib.pyplot as plt"),
        ("concentration", "from kamlib import style"),
        ("concentration", "from kamlib import keyaccounts"),
        ("plots", "from kamlib import concentration"),
        ("export", "from kamlib.exhibits import pareto"),
        ("exposure", "import kamlib.churn"),
        ("report", "import xlsxwriter"),
        ("keyaccounts", "from sklearn.linear_model import LogisticRegression"),
        ("bridge", "import ibis"),
        ("ledger", "import urllib.request"),
        ("customers", "import importlib\nimportlib.import_module('x')\nfrom kamlib import report"),
        ("plots", "import matplotlib.pyplot as plt\nplt.gca()"),
        ("plots", "import matplotlib as mpl\nmpl.rcParams['font.size'] = 3"),
        ("report", "from pathlib import Path\nPath('x').write_text('y')"),
        ("customers", "open('x', 'w')"),
    ],
)
def test_a_misplaced_import_is_found(module: str, source: str) -> None:
    assert faults_of(module, ast.parse(source))


def test_types_alone_are_no_arrow() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kamlib.exhibits import Exhibit"
    assert faults_of("export", ast.parse(source)) == []
