from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

import nbformat
import numpy as np
import pandas as pd
import pytest

import kamlib
from kamlib import concentration, exhibits, exposure, walkthrough
from kamlib.checks import DataLacks, KamlibError
from kamlib.exhibits import Lacking, Setting
from kamlib.walkthrough import page, running

if TYPE_CHECKING:
    from pathlib import Path

HERE = Setting("2025-12-31", currency="EUR")
GERMAN = Setting("2025-12-31", language="de", currency="EUR")


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def figures() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Huber & Söhne <KG>", "Meyer AG"],
            "revenue": [1234567.8, -90.0],
            "share": [0.125, np.nan],
            "last_contact": pd.to_datetime(["2025-11-03", None]),
            "mine": [7, 1200],
        },
        index=pd.Index(["k1", "k2"], name="account"),
    )


def test_a_table_bears_the_headings_and_figures_of_its_reader(figures: pd.DataFrame) -> None:
    english = walkthrough.table(figures, ["name", "revenue", "share", "last_contact", "mine"], setting=HERE)
    assert english.written.columns.tolist() == ["Customer", "Revenue, EUR", "Share", "Last contact", "mine"]
    assert english.written.iloc[0].tolist() == ["Huber & Söhne <KG>", "1,234,568", "12.5%", "3 Nov 2025", "7"]
    assert english.written.iloc[1].tolist() == ["Meyer AG", "-90", "", "", "1,200"]
    german = walkthrough.table(figures, ["name", "revenue", "share"], setting=GERMAN)
    assert german.written.columns.tolist() == ["Kunde", "Umsatz, EUR", "Anteil"]
    assert german.written.iloc[0].tolist() == ["Huber & Söhne <KG>", "1.234.568", "12,5\xa0%"]


def test_a_column_that_is_not_there_is_not_shown(figures: pd.DataFrame) -> None:
    shown = walkthrough.table(figures, ["name", "margin", "mine"], setting=HERE)
    assert shown.written.columns.tolist() == ["Customer", "mine"]


def test_without_names_the_index_stands_first_and_one_kind_serves_the_rest() -> None:
    ways = pd.Series({"net": 0.79, "gross": 0.805}, name="the top 20% bring")
    shown = walkthrough.table(ways, setting=HERE, kinds="percent")
    assert shown.written.to_numpy().tolist() == [["net", "79.0%"], ["gross", "80.5%"]]
    assert shown.written.columns.tolist() == ["", "the top 20% bring"]
    one = walkthrough.table(ways, setting=HERE, kinds={"the top 20% bring": "index"})
    assert one.written.iloc[0].tolist() == ["net", "0.790"]


def test_a_table_in_a_notebook_is_escaped_and_its_text_set_to_the_left(figures: pd.DataFrame) -> None:
    shown = walkthrough.table(figures, ["name", "revenue"], setting=HERE)._repr_html_()
    assert "Huber &amp; Söhne &lt;KG&gt;" in shown
    assert '<th scope="col" style="text-align: left">Customer</th>' in shown
    assert re.search(r'<td class="n"[^>]*>1,234,568</td>', shown)
    assert "Huber & Söhne <KG>" in repr(walkthrough.table(figures, ["name"], setting=HERE))


def test_what_is_lacking_is_handed_on_and_no_rows_are_said_in_words(figures: pd.DataFrame) -> None:
    lacking = Lacking(KamlibError("there is no contact log."))
    handed = walkthrough.table(lacking, ["name"], setting=GERMAN)
    assert isinstance(handed, Lacking)
    assert (handed.reason, handed.words) == (lacking.reason, GERMAN.words)
    assert str(walkthrough.table(figures.head(0), setting=HERE, empty="Nobody.")) == "Nobody."
    assert str(walkthrough.table(figures.head(0), setting=HERE)) == "Nothing to show."


def test_what_is_lacking_is_said_once_with_its_reason(figures: pd.DataFrame) -> None:
    lacking = Lacking(DataLacks("there is no contact log; give one with --contacts, or in Python as contacts=."))
    first = walkthrough.table(lacking, setting=HERE)
    again = walkthrough.said_above(lacking, setting=HERE)
    assert str(first) == "There is no contact log; give one with --contacts, or in Python as contacts=."
    assert str(again) == str(walkthrough.said_above(again, setting=HERE)) == "Left out, for the reason given above."
    assert str(exhibits.or_lacking(exhibits.overdue, again, setting=HERE)) == str(again)  # handed on
    assert walkthrough.said_above(figures, setting=HERE) is figures


# --- what the sliders move --------------------------------------------------------------------------------------------


@pytest.fixture
def accounts() -> pd.DataFrame:
    revenue = [50.0, 20.0, 10.0, 10.0, 5.0, 5.0, 0.0]
    return pd.DataFrame({"name": list("abcdefg"), "revenue": revenue, "p_loss": 0.1}, index=list("ABCDEFG"))


@pytest.mark.parametrize(("share", "needed"), [(0.5, 1), (0.7, 2), (0.75, 3), (0.95, 5), (0.96, 6)])
def test_a_cut_says_how_many_customers_it_takes(accounts: pd.DataFrame, share: float, needed: int) -> None:
    shown = walkthrough.cut(accounts, share=share, setting=HERE)
    verb = "brings" if needed == 1 else "bring"
    assert shown.message == f"{needed} of 6 customers {verb} {share:.0%} of revenue"
    assert concentration.customers_for(accounts["revenue"], share=share) == needed
    assert shown.table.equals(exhibits.pareto(accounts, setting=HERE).table)


def test_a_cut_is_a_fraction(accounts: pd.DataFrame) -> None:
    with pytest.raises(KamlibError, match="share must be a fraction between 0 and 1"):
        walkthrough.cut(accounts, share=80, setting=HERE)


def test_the_loss_moves_with_the_assumptions(accounts: pd.DataFrame) -> None:
    draw = partial(walkthrough.loss, accounts[accounts["revenue"] > 0], setting=HERE)
    alone, together = (draw(correlation=correlation, months_to_replace=15).table["loss"] for correlation in (0.0, 0.3))
    assert alone[0] == pytest.approx(together[0])  # the mean does not depend on company
    assert together.iloc[-1] > alone.iloc[-1]  # the tail does
    at_once = draw(correlation=0.0, months_to_replace=6).table["loss"]
    severity = exposure.stakes(accounts.head(1), months_to_replace=6.0).table["severity"].iloc[0]
    assert at_once[0] == pytest.approx(100 * 0.1 * severity)


# --- what is true of the shipped company alone ------------------------------------------------------------------------


def told_to(parameters: dict[str, object]) -> list[str]:
    made = notebook("# Who?", "sales = None", "## Look", "sales", "Huber AG is late.", "assert True")
    for cell in made.cells[-2:]:
        cell.metadata["tags"] = ["shipped"]
    before = nbformat.from_dict(made)
    kept = running.for_parameters(made, parameters)
    assert made == before
    return [cell.source for cell in kept.cells]


AS_IT_IS = {"sales": None, "as_of": None, "months": 12, "columns": {}, "layout": {}, "fixed_costs": None}


@pytest.mark.parametrize("parameters", [{}, {"language": "de"}, AS_IT_IS, AS_IT_IS | {"language": "de", "folder": "."}])
def test_the_shipped_company_is_spoken_of_where_it_is_shown(parameters: dict[str, object]) -> None:
    assert told_to(parameters)[-2:] == ["Huber AG is late.", "assert True"]


@pytest.mark.parametrize(
    "elsewhere", [{"sales": "/a/b.csv"}, {"as_of": "2025-12-31"}, {"months": 6}, {"fixed_costs": 1.0}], ids=str
)
def test_elsewhere_the_shipped_company_is_left_out(elsewhere: dict[str, object]) -> None:
    assert told_to(AS_IT_IS | elsewhere) == ["# Who?", "sales = None", "## Look", "sales"]


# --- the run of all ---------------------------------------------------------------------------------------------------


METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def notebook(*cells: str) -> nbformat.NotebookNode:
    """Text that begins with # is prose; the first piece of code is the parameters cell."""
    made = []
    for number, source in enumerate(cells):
        make = nbformat.v4.new_markdown_cell if source.startswith("#") else nbformat.v4.new_code_cell
        made.append(make(source, id=f"cell-{number}"))
    next(cell for cell in made if cell.cell_type == "code").metadata["tags"] = ["parameters"]
    return nbformat.v4.new_notebook(cells=made, metadata=METADATA)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[walkthrough.Walk, list[str], list[walkthrough.Run]]:
    """Four small notebooks: one ends well, one lacks data, one holds a fact that isn't true, one is at fault itself."""
    source = tmp_path_factory.mktemp("notebooks")
    made = {
        "01_good": notebook(
            "# Is it good?", "sales = None\nlanguage = 'en'\nfolder = None", "## Look",
            "from pathlib import Path\n_ = (Path(folder) / 'note.txt').write_text(f'{sales} {language}')\nsales",
        ),
        "02_lacking": notebook(
            "# What is lacking?", "sales = None\nlanguage = 'en'", "## The first step", "1 + 1", "## The second step",
            "from kamlib.checks import KamlibError",
            "raise KamlibError('the ledger has no cost;\\n  add a column cost.')",
        ),
        "04_broken": notebook("# Is it broken?", "language = 'en'", "## The last step", "1 / 0"),
        "03_untrue": notebook("# Is it true?", "language = 'en'", "## Facts", "assert 1 + 1 == 3\nassert True"),
    }  # fmt: skip
    for name, node in made.items():
        nbformat.write(node, source / f"{name}.ipynb")
    steps: list[str] = []
    runs: list[walkthrough.Run] = []
    walk = walkthrough.run(
        source.parent / "out",
        language="de",
        parameters={"sales": "/a/ledger.csv", "fixed_costs": 11.0},
        notebooks=sorted(source.glob("*.ipynb")),
        on_step=steps.append,
        on_run=runs.append,
    )
    return walk, steps, runs


Walked = tuple[walkthrough.Walk, list[str], list[walkthrough.Run]]


def test_each_notebook_is_run_whatever_became_of_the_others(walked: Walked) -> None:
    walk, steps, runs = walked
    assert [run.name for run in walk.runs] == ["01_good", "02_lacking", "03_untrue", "04_broken"]
    assert [run.name for run in walk.failed] == ["02_lacking", "03_untrue", "04_broken"]
    assert tuple(runs) == walk.runs
    assert [step.rpartition(": ")[2] for step in steps] == [
        "Is it good?",
        "What is lacking?",
        "Is it true?",
        "Is it broken?",
    ]
    assert [step[0] for step in steps] == ["1", "2", "3", "4"]
    assert all(0 < run.seconds < 600 for run in walk.runs)


def test_parameters_reach_a_notebook_and_what_it_writes_lies_beside_it(walked: Walked) -> None:
    folder = walked[0].folder
    assert (folder / "note.txt").read_text() == "/a/ledger.csv de"
    assert "fixed_costs" not in (folder / "01_good.ipynb").read_text()  # it has no such parameter
    assert sorted(path.name for path in folder.iterdir()) == [
        "01_good.html", "01_good.ipynb", "02_lacking.html", "02_lacking.ipynb", "03_untrue.html", "03_untrue.ipynb",
        "04_broken.html", "04_broken.ipynb",
        "index.html", "note.txt", "report.json",
    ]  # fmt: skip


def test_a_failing_cell_is_told_by_its_place_its_sentence_and_what_to_do(walked: Walked) -> None:
    lacking, untrue, broken = (run.failure for run in walked[0].failed)
    assert lacking is not None
    assert untrue is not None
    assert broken is not None
    assert (broken.heading, broken.sentence) == ("The last step", "ZeroDivisionError: division by zero")
    assert "04_broken.ipynb" in broken.advice
    assert (lacking.heading, lacking.sentence) == ("The second step", "the ledger has no cost; add a column cost.")
    assert (untrue.heading, untrue.sentence) == ("Facts", "AssertionError: assert 1 + 1 == 3")
    executed = nbformat.read(walked[0].folder / "02_lacking.ipynb", as_version=4)
    numbers = [cell.execution_count for cell in executed.cells if "raise KamlibError" in cell.source]
    assert numbers == [lacking.cell]
    assert len({lacking.advice, untrue.advice, broken.advice}) == 3


def test_a_kernel_that_dies_is_told_and_does_not_stop_the_others(tmp_path: Path) -> None:
    for name, code in {"01_dying": "import os\nos._exit(1)", "02_good": "1 + 1"}.items():
        node = notebook("# How does it end?", "language = 'en'", "## At this step", code, "2 + 2")
        nbformat.write(node, tmp_path / f"{name}.ipynb")
    walk = walkthrough.run(tmp_path / "out", notebooks=sorted(tmp_path.glob("*.ipynb")))
    assert [run.name for run in walk.failed] == ["01_dying"]
    failure = walk.failed[0].failure
    assert failure is not None
    assert failure.heading == "At this step"
    assert failure.sentence == "DeadKernelError: the kernel died, as it does when memory runs out"
    assert failure.advice.startswith("Close what else needs memory")
    executed = nbformat.read(walk.folder / "01_dying.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells if "os._exit" in cell.source] == [failure.cell]
    assert (walk.folder / "02_good.html").is_file()


def test_a_sentence_of_a_kind_of_kamlib_error_stands_by_itself() -> None:
    kinds = [KamlibError, *KamlibError.__subclasses__()]
    for kind in kinds:
        made = notebook("# Who?", "language = 'en'")
        error = nbformat.v4.new_output("error", ename=kind.__name__, evalue="it lacks a cost.", traceback=[])
        made.cells[1].outputs.append(error)
        failure = running._failure(made, "01_who.ipynb", HERE.words)
        assert (failure.heading, failure.sentence) == ("Who?", "it lacks a cost.")
        assert failure.advice == "Mend the file or the parameters accordingly, and run again."


def test_the_index_links_every_notebook_with_how_it_ended(walked: Walked) -> None:
    index = (walked[0].folder / "index.html").read_text(encoding="utf-8")
    for name in ("01_good", "02_lacking", "03_untrue"):
        assert f'href="{name}.html"' in index
        assert f'href="{name}.ipynb"' in index
    assert 'href="note.txt"' in index
    assert "the ledger has no cost; add a column cost." in index
    assert "Traceback" not in index
    assert '<html lang="de">' in index
    told = json.loads((walked[0].folder / "report.json").read_text(encoding="utf-8"))
    assert told["versions"] == {"kamlib": kamlib.__version__}  # by which a folder of results is known
    status = told["notebooks"]
    assert [entry["complete"] for entry in status] == [True, False, False, False]
    assert status[1]["failure"]["heading"] == "The second step"


def test_a_page_shows_prose_code_and_results_and_asks_nothing_of_the_network(walked: Walked) -> None:
    good = (walked[0].folder / "01_good.html").read_text(encoding="utf-8")
    assert "<title>Is it good?</title>" in good
    assert "Is it good?" in good.partition("<main>")[2]
    assert "write_text" in good
    assert "/a/ledger.csv" in good
    for html in walked[0].folder.glob("*.html"):
        content = html.read_text(encoding="utf-8")
        assert "<script" not in content
        assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"' >]*|@import|url\((?!["']?data:)""", content) == []
        assert "default-src 'none'" in content


def test_a_former_result_is_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    source = tmp_path / "nothing.ipynb"
    nbformat.write(notebook("# Who?", "language = 'en'"), source)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(KamlibError, match="holds something that is no kamlib report; choose another folder"):
        walkthrough.run(folder, notebooks=[source])
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
    older = tmp_path / "older.ipynb"
    nbformat.write(notebook("# Who was it?", "language = 'en'"), older)
    former = walkthrough.run(tmp_path / "former", notebooks=[older]).folder
    assert (former / "older.html").exists()
    again = walkthrough.run(former, notebooks=[source])
    assert sorted(path.name for path in again.folder.iterdir()) == [
        "index.html", "nothing.html", "nothing.ipynb", "report.json",
    ]  # fmt: skip
    assert again.failed == []


def test_an_edition_is_shipped_in_each_language() -> None:
    english, german = (running.shipped(language) for language in ("en", "de"))
    assert [path.name for path in english] == [path.name for path in german]
    assert [path.parent.name for path in (english[0], german[0])] == ["notebooks", "de"]
    with pytest.raises(KamlibError, match="language must be one of 'en', 'de'; got 'fr'"):
        walkthrough.run("nowhere", language="fr")


def test_a_widget_stands_as_it_was_on_a_page() -> None:
    made = notebook("# Who?", "slider")
    models = {
        "box": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_view"]}},
        "slider": {"model_name": "SelectionSliderModel", "state": {"description": "share"}},
        "view": {"model_name": "HTMLModel", "state": {"value": "<p>59 of 277</p>"}},
    }
    made.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": models}}
    for model in ("box", "gone"):
        view = {"application/vnd.jupyter.widget-view+json": {"model_id": model}, "text/plain": f"VBox {model}"}
        made.cells[1].outputs.append(nbformat.v4.new_output("display_data", data=view))
    before = nbformat.from_dict(made)
    shown = page.of(made, title="Who?", words=HERE.words)
    assert "<p>59 of 277</p>" in shown
    assert "VBox box" not in shown
    assert "VBox gone" in shown
    assert "<script" not in shown
    assert made == before
