"""Executed notebooks as pages that ask nothing of the network, and the index that links them."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import nbformat
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode

    from kamlib.style import Words
    from kamlib.walkthrough.running import Run

_VIEW: Final = "application/vnd.jupyter.widget-view+json"
_STATE: Final = "application/vnd.jupyter.widget-state+json"
_REFERENCE: Final = "IPY_MODEL_"


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call, no-any-return]


def of(notebook: NotebookNode, *, title: str, words: Words) -> str:
    """Return an executed notebook as one HTML page: prose, code and results, no script, no request to the network."""
    # The bare template has neither head nor scripts; the page around it is ours.
    exporter = HTMLExporter(template_name="basic", embed_images=True)  # type: ignore[no-untyped-call]
    body, found = exporter.from_notebook_node(_still(notebook))
    colours = "\n".join(found["inlining"]["css"])
    return _templates().get_template("notebook.html").render(body=body, colours=colours, title=title, words=words)


def index(runs: Sequence[Run], *, words: Words, others: Sequence[str] = ()) -> str:
    """Return the page that links the notebooks with how each of them ended; ``others`` are files they wrote."""
    return _templates().get_template("walk.html").render(runs=runs, others=others, words=words, _=words.text)


def _still(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which what a widget shows stands as it was, for a page has no kernel to ask."""
    still = copy.deepcopy(notebook)
    models = still.metadata.get("widgets", {}).get(_STATE, {}).get("state", {})
    for cell in still.cells:
        for output in cell.get("outputs", []):
            if _VIEW in output.get("data", {}):
                shown = _html_of(output["data"][_VIEW]["model_id"], models)
                output["data"] = {"text/html": shown} if shown else {"text/plain": output["data"].get("text/plain", "")}
    still.metadata.pop("widgets", None)
    return still


def _html_of(model: str, models: Mapping[str, Any]) -> str:
    """Return what the HTML widgets in the box ``model`` hold, from top to bottom."""
    found = models.get(model, {})
    state = found.get("state", {})
    if found.get("model_name") == "HTMLModel":
        return str(state.get("value", ""))
    return "".join(_html_of(child.removeprefix(_REFERENCE), models) for child in state.get("children", []))
