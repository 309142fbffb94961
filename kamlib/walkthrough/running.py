"""Run the notebooks of the walk-through on a ledger: all of them, whatever fails, into one folder."""

from __future__ import annotations

import copy
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import kamlib
from kamlib import checks, export
from kamlib.style import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

LANGUAGES: Final = ("en", "de")  # of the editions
_QUIET: Final = ["--IPKernelApp.log_level=40"]  # errors: a kernel remarks on its transport at each start
_FOLDER: Final = "folder"  # where a notebook that writes files of its own is to leave them
_DIED: Final = "DeadKernelError"  # as nbclient calls it
_SHIPPED: Final = "shipped"  # tag of the cells that are true of the shipped company in its last year alone
_AS_SHIPPED: Final[tuple[dict[str, Any], ...]] = ({}, {"months": 12})  # what leaves that year as it is


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped and why: the cell's number, the heading above it, one sentence, and what to do."""

    cell: int
    heading: str
    sentence: str
    advice: str

    def where(self, words: Words) -> str:
        """Say where it stopped."""
        return words.text("stopped at cell {cell}, “{heading}”", cell=words.number(self.cell), heading=self.heading)


@dataclass(frozen=True)
class Run:
    """One notebook after its run; ``name`` is that of its files, ``failure`` is None where it came to its end."""

    name: str
    title: str
    seconds: float
    failure: Failure | None = None


@dataclass(frozen=True)
class Walk:
    """The folder of results and the run of each notebook, in order."""

    folder: Path
    runs: tuple[Run, ...]

    @property
    def failed(self) -> list[Run]:
        """The notebooks that stopped before their end."""
        return [run for run in self.runs if run.failure]


def run(
    out: str | Path,
    *,
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    notebooks: Sequence[Path] | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_run: Callable[[Run], None] = lambda _: None,
) -> Walk:
    """Run each notebook in a kernel of its own, and write it with its results, as a page, and an index of all.

    A notebook that stops does not stop the others. The folder is afterwards either complete or as it was. Cells tagged
    "shipped" speak of the shipped company's last year alone; where ``parameters`` lead elsewhere they are left out.

    Parameters
    ----------
    out : str or Path
        Folder for the results; a former result there is replaced.
    language : {"en", "de"}
        The edition, and the language of its results.
    parameters : mapping, optional
        For the parameters cell: ``sales``, ``as_of`` ..., to each notebook those that it knows; paths are absolute.
    notebooks : sequence of Path, optional
        Those to run, by default the edition that is shipped.
    on_step, on_run : callable
        Told the title of each notebook that begins, and the `Run` of each that has ended.
    """
    from kamlib.walkthrough import page  # loads what a notebook's own cells need not wait for

    words = Words(checks.choice(language, name="language", options=LANGUAGES))
    chosen = list(shipped(language) if notebooks is None else notebooks)
    export.vacant(out)
    runs, pages = [], {}
    with tempfile.TemporaryDirectory(prefix="kamlib-") as scratch:
        for number, source in enumerate(chosen, 1):
            at = {"n": words.number(number), "all": words.number(len(chosen))}
            on_step(words.text("{n} of {all}: {title}", **at, title=_title(page.read(source))))
            given = {**(parameters or {}), "language": language}
            done, ran = _executed(source, Path(scratch), parameters=given, words=words)
            runs.append(done)
            pages[f"{done.name}.html"] = page.of(ran, title=done.title, words=words)
            on_run(done)
        files = {path.name: path.read_bytes() for path in sorted(Path(scratch).iterdir()) if path.is_file()}
    return Walk(export.folder(out, files | pages | _summary(runs, files, words)), tuple(runs))


def shipped(language: str) -> list[Path]:
    """Return the walk-through's edition in ``language``: within the package once installed, beside it in a checkout."""
    home = Path(__file__).parents[1]
    edition = Path("notebooks") / ("" if language == "en" else language)
    found = [sorted((base / edition).glob("[0-9]*.ipynb")) for base in (home, home.parent)]
    if not any(found):
        raise checks.KamlibError(f"the notebooks are neither in {home} nor beside it; reinstall kamlib.")
    return found[0] or found[1]


def _executed(source: Path, scratch: Path, *, parameters: Mapping[str, Any], words: Words) -> tuple[Run, NotebookNode]:
    """Run one notebook in ``scratch``, where it lies afterwards with all that it showed."""
    import nbformat
    import papermill

    from kamlib.walkthrough import page

    target, began, failed = scratch / source.name, time.perf_counter(), False
    nbformat.write(for_parameters(page.read(source), parameters), target)  # type: ignore[no-untyped-call]
    known = papermill.inspect_notebook(target)
    given = {name: value for name, value in {**parameters, _FOLDER: "."}.items() if name in known}
    try:
        papermill.execute_notebook(
            target, target, parameters=given, kernel_name="python3", progress_bar=False, cwd=scratch,
            extra_arguments=_QUIET,
        )  # fmt: skip
    except papermill.PapermillExecutionError:
        failed = True
    except RuntimeError:  # of nbclient: the kernel is gone, and with it the word of what went wrong
        failed = True
        nbformat.write(_with_its_end(page.read(target), words), target)  # type: ignore[no-untyped-call]
    seconds = time.perf_counter() - began
    ran = page.read(target)
    return Run(source.stem, _title(ran), seconds, _failure(ran, source.name, words) if failed else None), ran


def _with_its_end(notebook: NotebookNode, words: Words) -> NotebookNode:
    """Write under the cell at which the kernel died that it did."""
    from nbformat.v4 import new_output

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.metadata.get("papermill", {}).get("start_time")]
    last = (begun or code)[-1]
    last.execution_count = last.execution_count or 1 + max(cell.execution_count or 0 for cell in code)
    said = words.text("the kernel died, as it does when memory runs out")
    last.outputs.append(new_output("error", ename=_DIED, evalue=said, traceback=[f"{_DIED}: {said}"]))  # type: ignore[no-untyped-call]
    return notebook


def for_parameters(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return a copy without the cells about the shipped company where ``parameters`` lead elsewhere."""
    kept = copy.deepcopy(notebook)
    given = {name: value for name, value in parameters.items() if value and name not in ("language", _FOLDER)}
    if given not in _AS_SHIPPED:
        kept.cells = [cell for cell in kept.cells if _SHIPPED not in cell.metadata.get("tags", [])]
    return kept


def _title(notebook: NotebookNode) -> str:
    """Return the first heading, the question that the notebook answers."""
    return _headings(notebook.cells)[0]


def _headings(cells: Sequence[NotebookNode]) -> list[str]:
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return [line.lstrip("# ") for line in lines if line.startswith(("# ", "## "))] or [""]


def _failure(notebook: NotebookNode, name: str, words: Words) -> Failure:
    """Say where and why a notebook stopped, from the one cell that ended in an error."""
    errors = {
        at: output
        for at, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    at, error = next(iter(errors.items()))
    ours = {"KamlibError", *(kind.__name__ for kind in checks.KamlibError.__subclasses__())}
    if error.ename in ours:
        advice = words.text("Mend the file or the parameters accordingly, and run again.")
    elif error.ename == "AssertionError":
        advice = words.text(
            "A fact that the notebook holds itself to is not true of this ledger: rely on none of its figures until it "
            "is known why."
        )
    elif error.ename == _DIED:
        advice = words.text("Close what else needs memory, or give fewer years, and run again.")
    else:
        advice = words.text("This is a fault of kamlib, not of your data; {name} holds the details.", name=name)
    cell = notebook.cells[at]
    broken = next((line for line in cell.source.splitlines() if line.startswith("assert ")), "")
    said = error.evalue or (broken if error.ename == "AssertionError" else "")
    return Failure(
        cell=cell.execution_count or 0,
        heading=_headings(notebook.cells[:at])[-1],
        sentence=" ".join((said if error.ename in ours else f"{error.ename}: {said}").split()),
        advice=advice,
    )


def _summary(runs: Sequence[Run], files: Mapping[str, bytes], words: Words) -> dict[str, bytes | str]:
    """Return the index, and the same for a machine."""
    from kamlib.walkthrough import page

    own = {f"{run.name}{ending}" for run in runs for ending in (".ipynb", ".html")}
    status = [
        {
            "name": run.name,
            "title": run.title,
            "complete": run.failure is None,
            "seconds": round(run.seconds, 1),
            "failure": vars(run.failure) if run.failure else None,
        }
        for run in runs
    ]
    index = page.index(runs, words=words, others=[name for name in files if name not in own])
    told = {"notebooks": status, "versions": {"kamlib": kamlib.__version__}}
    return {"index.html": index, "report.json": export.as_json(told)}
