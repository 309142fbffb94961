"""Exhibits as HTML: in a notebook, as the report's page, as the brief on one customer."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from kamlib.export.images import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def fragment(exhibit: Exhibit) -> str:
    """Return an exhibit as HTML for a notebook: message, chart, and the table behind a disclosure."""
    return (
        _templates()
        .get_template("fragment.html")
        .render(
            exhibit=exhibit, picture=_data_link(pictures(exhibit, size="notebook").get("bare")), _=exhibit.words.text
        )
    )


def page(content: Mapping[str, Any], *, charts: Mapping[str, bytes], words: Words) -> str:
    """Return the report as one HTML page that asks nothing of the network.

    Parameters
    ----------
    content : mapping
        ``title``, ``subtitle``, ``findings`` (sentences), ``sections`` (each ``title``, ``lead``, ``exhibits``).
    charts : mapping of str to bytes
        An exhibit's key to its bare SVG.
    words : Words
    """
    links = {key: _data_link(svg) for key, svg in charts.items()}
    return _templates().get_template("page.html").render(**content, charts=links, words=words, _=words.text)


def leaflet(content: Mapping[str, Any], *, chart: bytes | None, words: Words) -> str:
    """Return the brief on one customer as an HTML page that prints to one sheet; ``chart`` is its SVG, if any."""
    return _templates().get_template("brief.html").render(**content, chart=_data_link(chart), words=words, _=words.text)


def _data_link(svg: bytes | None) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" if svg else ""
