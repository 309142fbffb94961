"""What the dashboard shows, as HTML: an exhibit, figures, a sentence, links to files; all texts escaped."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2

from kamlib import export
from kamlib.exhibits import Lacking

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_SIZE: Final = (720, 405)  # of a chart, in pixels
_MIME: Final = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "zip": "application/zip",
}


@functools.cache
def _macros() -> Any:
    here = Path(__file__).parent
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(here), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return made.get_template("panel.html").module


def exhibit(shown: Exhibit | Lacking, *, bars: Collection[str] = ()) -> str:
    """Return an exhibit with its chart, or its table where it has none; or the sentence that says what is lacking.

    Parameters
    ----------
    shown : Exhibit or Lacking
    bars : collection of str
        Columns of fractions whose table cells get a bar beside the figure.
    """
    if isinstance(shown, Lacking):
        return sentence(str(shown))
    picture = None if shown.draw is None else _data_link(export.screen(shown, size=_SIZE), "png")
    return str(_macros().exhibit_panel(shown, picture, _SIZE, frozenset(bars)))


def heading(title: str, subtitle: str) -> str:
    """Return the heading of the whole, and the period that it speaks of."""
    return str(_macros().heading(title, subtitle))


def figures(told: Sequence[tuple[str, str, str]]) -> str:
    """Return headline figures: title, figure, and "bad" for one that is bad news, else an empty text."""
    return str(_macros().tiles(told))


def sentence(text: str, *, meaning: str = "word") -> str:
    """Return one sentence: a "word", what is being done ("work"), or a "fault"."""
    return str(_macros().sentence(text, meaning))


def links(files: Mapping[str, bytes], *, words: Words) -> str:
    """Return links that carry the files themselves, for voila hands out no files of its own."""
    told = [
        (name, words.text("{n} kB", n=words.number(max(1, len(content) / 1000))), _data_link(content, _ending(name)))
        for name, content in files.items()
    ]
    return str(_macros().links(told))


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


def _data_link(content: bytes, ending: str) -> str:
    return f"data:{_MIME[ending]};base64,{base64.b64encode(content).decode()}"
