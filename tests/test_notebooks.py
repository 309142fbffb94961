from __future__ import annotations

import ast
import importlib.util
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

from kamlib.style import Words
from kamlib.walkthrough import running

FOLDER = Path(__file__).parents[1] / "notebooks"
ENGLISH = sorted(FOLDER.glob("0*.ipynb"))
GERMAN = sorted((FOLDER / "de").glob("*.ipynb"))
PARAMETERS = {
    "sales": None,
    "customers_file": None,
    "contacts_file": None,
    "as_of": None,
    "columns": None,
    "layout": None,
    "months": 12,
}
SEEN = {"en": "**What you see.**", "de": "**Was Sie sehen.**"}
OWN_DATA = {"en": "> **On your own data.**", "de": "> **Mit Ihren eigenen Daten.**"}
TRAP = {"en": "## The trap", "de": "## Die Falle"}
HANDED_ON = {"en": "**What we hand on:**", "de": "**Was wir weitergeben:**"}


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem[:2]}".replace("notebooks", "en")


each_notebook = pytest.mark.parametrize("path", [*ENGLISH, *GERMAN], ids=name_of)
each_english = pytest.mark.parametrize("path", ENGLISH, ids=name_of)
each_german = pytest.mark.parametrize("path", GERMAN, ids=name_of)


def maker() -> Any:
    """Return notebooks/editions.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("editions", FOLDER / "editions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


editions = maker()


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def language_of(path: Path) -> str:
    return "de" if path.parent.name == "de" else "en"


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def is_shipped(cell: Any) -> bool:
    """Tell whether a cell speaks of the shipped company alone."""
    return "shipped" in cell.metadata.get("tags", [])


def for_any_ledger(path: Path) -> list[Any]:
    """Return the cells that a ledger of one's own gets to see."""
    return [cell for cell in read(path).cells if not is_shipped(cell)]


def prose(cells: list[Any]) -> list[str]:
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def states_facts(cell: Any) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.parse(cell.source).body)


def items(markdown: str, mark: str) -> list[str]:
    return [line.removeprefix(mark) for line in markdown.splitlines() if line.startswith(mark)]


# --- both editions come from the scripts ------------------------------------------------------------------------------


def test_the_notebooks_are_what_their_scripts_make_of_them() -> None:
    made = editions.editions()
    assert sorted(made) == sorted([*ENGLISH, *GERMAN])
    assert [path.stem[:2] for path in ENGLISH] == ["01", "02", "03", "04", "05", "06", "07", "08"]
    stale = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python notebooks/editions.py"


SOURCE = """# %% [markdown] lang="en"
# # Who is it?
#
# Really.

# %% [markdown] lang="de"
# # Wer ist es?
#
# Wirklich.

# %% tags=["parameters"]
sales = None
language = "en"  # or "de"

# %% [markdown] lang="en"
# Look.

# %% [markdown] lang="de"
# Sieh.

# %%
sales
"""


def test_an_edition_holds_one_language_and_the_code(tmp_path: Path) -> None:
    source = tmp_path / "01_who.py"
    source.write_text(SOURCE, encoding="utf-8")
    english, german = (editions.build(source, language=language) for language in ("en", "de"))
    assert [cell.source for cell in english.cells] == [
        "# Who is it?\n\nReally.", 'sales = None\nlanguage = "en"  # or "de"', "Look.", "sales",
    ]  # fmt: skip
    assert [cell.source for cell in german.cells] == [
        "# Wer ist es?\n\nWirklich.", 'sales = None\nlanguage = "de"  # oder "en"', "Sieh.", "sales",
    ]  # fmt: skip
    assert [cell.id for cell in german.cells] == ["cell-01", "cell-02", "cell-03", "cell-04"]
    assert [dict(cell.metadata) for cell in german.cells] == [{}, {"tags": ["parameters"]}, {}, {}]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in editions.editions(tmp_path)) == [
        "01_who.ipynb", "de/01_who.ipynb",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (SOURCE.replace('# %% [markdown] lang="de"\n# Sieh.\n\n', ""), "before the cell that begins with 'sales'"),
        (SOURCE + '\n# %% [markdown] lang="en"\n# The end.\n', "before the end"),
        (SOURCE.replace('[markdown] lang="de"\n# Sieh', "[markdown]\n# Sieh"), "mark the text 'Sieh.'"),
        (SOURCE.replace('lang="de"\n# Sieh', 'lang="fr"\n# Sieh'), "mark the text 'Sieh.'"),
    ],
)
def test_a_text_that_lacks_its_twin_is_named(broken: str, sentence: str, tmp_path: Path) -> None:
    source = tmp_path / "01_who.py"
    source.write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(sentence)):
        editions.build(source, language="de")


def test_an_edition_is_one_of_two(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language must be one of en, de; got 'fr'"):
        editions.build(tmp_path / "none.py", language="fr")


@each_german
def test_the_german_edition_has_the_same_code_but_for_the_language(path: Path) -> None:
    theirs, ours = ([cell.source for cell in code_cells(edition)] for edition in (FOLDER / path.name, path))
    theirs[0] = theirs[0].replace('language = "en"', 'language = "de"')
    assert [ast.dump(ast.parse(source)) for source in theirs] == [ast.dump(ast.parse(source)) for source in ours]
    comments = [
        token.string.lstrip("# ")
        for source in ours
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    assert set(comments) <= {*editions.GERMAN.values(), 'oder "en"'}


@each_german
def test_the_german_edition_says_all_of_it_in_german(path: Path) -> None:
    english, german = read(FOLDER / path.name).cells, read(path).cells
    assert [cell.cell_type for cell in english] == [cell.cell_type for cell in german]
    assert [is_shipped(cell) for cell in english] == [is_shipped(cell) for cell in german]
    texts = [(a.source, b.source) for a, b in zip(english, german, strict=True) if a.cell_type == "markdown"]
    # A text left as it was, or cut short, or with the little words of the other language.
    assert [b for a, b in texts if a == b or not 0.6 < len(b) / len(a) < 2.2] == []
    assert [b for _, b in texts if re.search(r"\b(the|and|with|of|you)\b", re.sub(r"`[^`]*`|„[^“]*“", "", b))] == []
    assert [a for a, _ in texts if re.search(r"\b(und|der|die|nicht|mit)\b", a)] == []
    headings = [(a.count("\n## ") + a.startswith("## "), b.count("\n## ") + b.startswith("## ")) for a, b in texts]
    assert all(ours == theirs for ours, theirs in headings)


# --- their form -------------------------------------------------------------------------------------------------------


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
    assert given.items() >= (PARAMETERS | {"language": language_of(path)}).items()


@each_english
def test_code_cells_are_few_and_short_and_define_nothing(path: Path) -> None:
    assert sum(cell.cell_type == "code" for cell in for_any_ledger(path)) <= 12
    sources = [cell.source for cell in code_cells(path)]
    assert [s for s in sources if len(list(filter(str.strip, s.splitlines()))) > 10] == []
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [ast.unparse(node) for node in nodes if isinstance(node, defined)] == []


@each_english
def test_what_a_cell_shows_is_said_in_the_readers_language(path: Path) -> None:
    """A text with blanks in it is a sentence, a heading or a label, and goes through the catalogue."""
    bare = []
    for cell in code_cells(path)[1:]:
        if states_facts(cell):
            continue
        tree = ast.parse(cell.source)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        handed = {(id(arg), ast.unparse(node.func)) for node in calls for arg in node.args}
        fine = {arg for arg, function in handed if function == "words.text" or function.endswith(".query")}
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        bare += [s.value for s in strings if " " in s.value.strip() and id(s) not in fine]
        assert "print(" not in cell.source
    assert bare == (["siehe oben"] if path.stem.startswith("01") else [])


@each_english
def test_the_last_cells_assert_one_to_three_facts_one_of_them_of_any_ledger(path: Path) -> None:
    *others, of_any, of_shipped = code_cells(path)
    facts = [sum(isinstance(node, ast.Assert) for node in ast.parse(c.source).body) for c in (of_any, of_shipped)]
    assert min(facts) >= 1
    assert sum(facts) <= 3
    assert (is_shipped(of_any), is_shipped(of_shipped)) == (False, True)
    assert not any(states_facts(cell) for cell in others)


@each_notebook
def test_it_opens_with_a_question_and_what_one_will_know_and_closes_with_the_same_list_done(path: Path) -> None:
    cells, language = read(path).cells, language_of(path)
    first, last = cells[0].source, prose(cells)[-3]
    assert first.startswith("# ")
    assert first.splitlines()[0].endswith("?")
    assert OWN_DATA[language] in first
    assert items(first, "- [ ] ") == items(last, "- [x] ") != []


@each_notebook
def test_each_picks_up_where_the_last_one_ended(path: Path) -> None:
    chain = [edition.stem for edition in ENGLISH]
    place, language = chain.index(path.stem), language_of(path)
    cells = for_any_ledger(path)
    assert HANDED_ON[language] in cells[-2].source
    if place > 0:
        assert f"`{chain[place - 1]}`" in cells[1].source
    following = chain[(place + 1) % len(chain)]  # the last leads back to the first, with another ledger
    assert f"`{following}`" in cells[-1].source
    *_, before, in_numbers, after = read(path).cells  # what is handed on, what that is at the shipped company, next
    assert [before.source, after.source] == [cell.source for cell in cells[-2:]]
    assert is_shipped(in_numbers)


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    """The names of the shipped company's accounts and account managers, each by the word that tells it from others."""
    master = pd.read_parquet(FOLDER.parent / "data" / "company_customers.parquet", columns=["name", "parent", "owner"])
    firms = pd.concat([master["name"], master["parent"]])
    return {*firms.str.split().str[0].dropna(), *master["owner"].str.split().str[-1].dropna()}


MARKS = {"en": re.compile("shipped"), "de": re.compile("[Mm]itgeliefert")}
# What stands in untagged prose: conventions, settings of the method, examples that say that they are some.
FIGURES = {
    "01": {"380"},  # of the five invented lines
    "02": {"80", "20", "95", "100", "1", "5", "10", "8"},  # 80/20, classes, top 1, 5 and 10, IFRS 8
    "03": {"80", "25", "1", "100", "0"},
    "04": {"80", "25"},
    "05": {"90", "180", "365", "80", "20", "10"},
    "06": {"12", "18", "15", "0.1", "0.3"},
    "07": set(),
    "08": {"24896"},  # ISO
}  # fmt: skip


@each_notebook
def test_what_is_true_of_the_shipped_company_alone_is_tagged(path: Path, theirs: set[str]) -> None:
    """Where a ledger of one's own is walked through, neither a name nor a result of another firm is left."""
    language, cells = language_of(path), read(path).cells
    told = [cell for cell in cells if cell.cell_type == "markdown" or states_facts(cell)]
    assert [c.source for c in told if not is_shipped(c) and theirs & set(re.findall(r"[\w-]+", c.source))] == []
    # Who edits the parameters cell keeps all cells, so what is tagged must say of whom it speaks, and nothing else may.
    texts = [cell for cell in cells if cell.cell_type == "markdown"]
    assert [c.source for c in texts if bool(MARKS[language].search(c.source)) != is_shipped(c)] == []
    left = "\n".join(re.sub(r"`[^`]*`", "", text) for text in prose(for_any_ledger(path)))
    figures = {figure.replace(",", ".") for figure in re.findall(r"\d+(?:[.,]\d+)*", left)}
    assert figures == FIGURES[path.stem[:2]]


@each_notebook
def test_what_a_ledger_of_ones_own_gets_to_see_is_a_story_of_its_own(path: Path) -> None:
    language, cells = language_of(path), for_any_ledger(path)
    assert items(cells[0].source, "- [ ] ") == items(cells[-2].source, "- [x] ")
    # Nothing hangs in the air: a text begins a part, says what is seen in the cell above it, or closes the notebook.
    begin = ("# ", "## ", SEEN[language])
    assert [text for text in prose(cells)[:-1] if not text.startswith(begin)] == []
    pairs = list(itertools.pairwise(cells))
    assert [b.source for a, b in pairs if a.cell_type == b.cell_type == "code"] == []
    assert [b.source for a, b in pairs if b.source.startswith(SEEN[language]) and a.cell_type != "code"] == []
    headed = {n: cells[n - 1].source for n, cell in enumerate(cells) if cell.cell_type == "code"}
    assert [text for text in headed.values() if not text.startswith("## ")] == []


@pytest.mark.parametrize("edition", [ENGLISH, GERMAN], ids=["en", "de"])
def test_the_walk_finds_by_name_what_was_planted(edition: list[Path]) -> None:
    truth = json.loads((FOLDER.parent / "data" / "company_truth.json").read_text(encoding="utf-8"))
    prose = "\n".join(cell.source for path in edition for cell in read(path).cells if cell.cell_type == "markdown")
    # A credit note alone in a calendar year doesn't show in twelve months that end in June.
    stories = {key: story for key, story in truth.items() if key != "credit_notes_only"}
    assert len(stories) == 10
    assert stories.pop("faltering_sector")["sector"] in prose
    known_as = {"seasonal": "Kernegg"}  # the last word but the legal form tells more than "Steirische"
    names = {key: known_as.get(key, story["account"].split()[0]) for key, story in stories.items()}
    assert [key for key, name in names.items() if name not in prose] == []


@each_notebook
def test_each_names_a_trap(path: Path) -> None:
    assert sum(cell.source.startswith(TRAP[language_of(path)]) for cell in read(path).cells) >= 1


@each_notebook
def test_each_code_cell_stands_between_prose(path: Path) -> None:
    cells, language = read(path).cells, language_of(path)
    at = [n for n, cell in enumerate(cells) if cell.cell_type == "code"]
    headed = {n: max(m for m in range(n) if cells[m].source.startswith("## ")) for n in at}
    words = {n: sum(len(cell.source.split()) for cell in cells[m:n] if cell.cell_type == "markdown")
             for n, m in headed.items() if not (is_shipped(cells[n]) and states_facts(cells[n]))}  # fmt: skip
    fewest = {"en": 50, "de": 45}[language]  # German puts two words into one
    assert {n: count for n, count in words.items() if not fewest <= count <= 110} == {}
    assert {cells[n + side].cell_type for n in at for side in (-1, 1)} == {"markdown"}
    # Beside the parameters and the facts, every cell is followed by what there is to see.
    assert [n for n in at[1:] if not (cells[n + 1].source.startswith(SEEN[language]) or states_facts(cells[n]))] == []


# --- they run ---------------------------------------------------------------------------------------------------------


def told_once(notebook: Any) -> list[str]:
    """Return the sentences on what is lacking that a notebook says more than once, but for the short one."""
    said = [
        output["data"]["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if re.fullmatch(r"<p>.*</p>", output.get("data", {}).get("text/html", ""))
    ]
    short = {f"<p>{Words(code).text('Left out, for the reason given above.')}</p>" for code in ("en", "de")}
    return [sentence for sentence, times in Counter(said).items() if times > 1 and sentence not in short]


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


# What the prose about the shipped company quotes, as the notebook shows it.
QUOTED = {
    "03": ["25 key accounts bring 62.2% of revenue", "9 depend on the weights", "10.9%"],
    "06": ["849,000 of contribution margin is the loss to expect", "makes up 32%", "10.9% more"],
    "07": ["14 of 59 A accounts", "481 days ago", "10.9%", "78.1%"],  # the share of margin is that of 03
}


@each_english
def test_it_runs_on_the_shipped_company_and_shows_what_the_prose_quotes(path: Path, tmp_path: Path) -> None:
    ran = run(path, tmp_path)
    assert silent(ran) == []
    shown = nbformat.writes(ran)
    assert [quoted for quoted in QUOTED.get(path.stem[:2], []) if quoted not in shown] == []


@each_english
def test_it_runs_on_a_real_ledger(path: Path, tmp_path: Path, shared_data: Path) -> None:
    ran = run(path, tmp_path, "-p", "sales", str(shared_data / "online_retail_2011.parquet"))
    assert silent(ran) == []
    assert told_once(ran) == []


@each_german
def test_it_runs_on_a_ledger_that_has_nothing_but_customer_day_and_amount(
    path: Path, tmp_path: Path, theirs: set[str]
) -> None:
    """As `kam notebooks SALES` does, without what is true of the shipped company; of that nothing must be left."""
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", "2025-12-31")
    bare = pd.DataFrame({
        "Kunde": rng.integers(100, 140, 800).astype("str"), "Belegdatum": rng.choice(days, 800).astype("datetime64[s]"),
        "Nettoumsatz": rng.lognormal(6, 1, 800).round(2),
    })  # fmt: skip
    bare.loc[:9, "Nettoumsatz"] *= -1  # ten credit notes
    sales = tmp_path / "bare.csv"
    bare.to_csv(sales, index=False)
    prepared = tmp_path / "prepared" / path.name
    prepared.parent.mkdir()
    nbformat.write(running.for_parameters(read(path), {"sales": str(sales)}), prepared)
    ran = run(prepared, tmp_path, "-p", "sales", str(sales))
    assert silent(ran) == []
    assert told_once(ran) == []
    assert theirs & set(re.findall(r"[\w-]+", nbformat.writes(ran))) == set()
