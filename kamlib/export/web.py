"""Exhibits as HTML: in a notebook, as the report's page, as the brief on one customer."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import pandas as pd
from markupsafe import Markup

from kamlib.export.characters import legal
from kamlib.export.images import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_TEMPLATES: Final = Path(__file__).parents[1] / "templates"
_MOST_ROWS: Final = 100  # of a table on the page; a browser with tens of thousands of rows is no longer usable
_UNSCROLLED_ROWS: Final = 15  # a longer table scrolls in a box of its own


@functools.cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        finalize=_shown,
    )
    environment.filters["value"] = _value
    return environment


def _shown(value: Any) -> Any:
    """Return what a template writes, text without characters that nobody can see."""
    return value if hasattr(value, "__html__") or isinstance(value, jinja2.Undefined) else legal(str(value))


def _value(cell: Any) -> str:
    """Return what a table is sorted by: the number itself, a day as ISO has it, nothing where the cell is missing."""
    if pd.isna(cell):
        return ""
    return str(cell.isoformat()) if hasattr(cell, "isoformat") else repr(float(cell))


def fragment(exhibit: Exhibit) -> str:
    """Return an exhibit as HTML for a notebook: message, chart, and the table behind a disclosure."""
    picture = _data_link(pictures(exhibit, size="notebook", bare_only=True).get("bare"))
    return _templates().get_template("fragment.html").render(exhibit=exhibit, picture=picture, _=exhibit.words.text)


def page(content: Mapping[str, Any], *, charts: Mapping[str, bytes], words: Words) -> str:
    """Return the report as one HTML page that asks nothing of the network.

    The page runs one script, its own, which sorts tables; any other, such as one in a name, is barred by its hash.

    Parameters
    ----------
    content : mapping
        ``title``, ``subtitle``, ``findings`` (sentences), ``sections`` (each ``key``, ``title``, ``lead``,
        ``skipped``, ``exhibits``), ``colophon``.
    charts : mapping of str to bytes
        An exhibit's key to its bare SVG.
    words : Words
    """
    script = (_TEMPLATES / "sort.js").read_text(encoding="utf-8")
    fingerprint = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _templates()
        .get_template("page.html")
        .render(
            **content,
            charts={key: _data_link(svg) for key, svg in charts.items()},
            script=Markup(script),  # noqa: S704 - the package's own file, in which no name stands
            fingerprint=Markup(f"'sha256-{fingerprint}'"),  # noqa: S704 - quotes that the policy needs as they are
            most_rows=_MOST_ROWS,
            unscrolled_rows=_UNSCROLLED_ROWS,
            words=words,
            plural=words.plural,
            _=words.text,
        )
    )


def leaflet(content: Mapping[str, Any], *, chart: bytes | None, words: Words) -> str:
    """Return the brief on one customer as an HTML page that prints to one sheet; ``chart`` is its SVG, if any."""
    return _templates().get_template("brief.html").render(**content, chart=_data_link(chart), words=words, _=words.text)


def _data_link(svg: bytes | None) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" if svg else ""
