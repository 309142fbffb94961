"""Exhibits to files: the page, the workbook, pictures, JSON. The only module that writes results."""

from __future__ import annotations

import base64
import functools
import io
import json
import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xlsxwriter
from matplotlib.figure import Figure

from kamlib import style
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from kamlib.exhibits import Exhibit  # the type alone: what runs here knows no exhibits
    from kamlib.style import Words

DPI: Final = 300
_STRIP: Final = (9.6, 1.4)  # inches: drawn larger than printed, so that its type is as small as the sheet's
_BRIEF: Final = b'<meta name="generator" content="kamlib brief">'


# --- pictures ---------------------------------------------------------------------------------------------------------


def figure(exhibit: Exhibit, *, size: str = "notebook") -> Figure:
    """Draw an exhibit's chart with its message, measure and note on a new figure, which pyplot shows in a notebook."""
    if exhibit.draw is None:
        raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx.")
    with style.use(size):
        drawn = plt.figure()
        ax = exhibit.draw(drawn.add_subplot())
        style.finish(ax, message=exhibit.message, measure=exhibit.measure, note=exhibit.note)
    return drawn


def pictures(exhibit: Exhibit, *, size: str = "slide") -> dict[str, bytes]:
    """Return the chart as PNG and SVG, and as the bare SVG that a page sets under a heading of its own."""
    if exhibit.draw is None:
        return {}
    with style.use(size):
        drawn = Figure()
        ax = exhibit.draw(drawn.add_subplot())
        drawn.tight_layout()
        bare = _rendered(drawn, "svg")
        style.finish(ax, message=exhibit.message, measure=exhibit.measure, note=exhibit.note)
        return {"bare": bare, "svg": _rendered(drawn, "svg"), "png": _rendered(drawn, "png")}


def _rendered(drawn: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    # No date and no program version: the same chart gives the same bytes.
    metadata = {"Date": None, "Creator": "kamlib"} if form == "svg" else {"Software": "kamlib"}
    drawn.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
    return buffer.getvalue()


# --- the page ---------------------------------------------------------------------------------------------------------


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
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


def strip(draw: Callable[[Axes], Any]) -> bytes:
    """Return a low, wide chart without message or note as SVG, for a sheet that says these itself."""
    with style.use("notebook"):
        drawn = Figure(figsize=_STRIP)
        draw(drawn.add_subplot())
        drawn.tight_layout(pad=0.3)
        return _rendered(drawn, "svg")


def leaflet(content: Mapping[str, Any], *, chart: bytes | None, words: Words) -> str:
    """Return the brief on one customer as an HTML page that prints to one sheet; ``chart`` is its SVG, if any."""
    return _templates().get_template("brief.html").render(**content, chart=_data_link(chart), words=words, _=words.text)


def _data_link(svg: bytes | None) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" if svg else ""


# --- the workbook -----------------------------------------------------------------------------------------------------

_FORMATS: Final = {
    "number": "#,##0",
    "decimal": "#,##0.0",
    "index": "0.000",
    "percent": "0.0%",
    "money": "#,##0",
    "cents": "#,##0.00",
    "date": "yyyy-mm-dd",
}


def workbook(exhibits: Sequence[Exhibit], *, words: Words) -> bytes:
    """Return an Excel workbook: a contents sheet with links, then one sheet an exhibit with real numbers."""
    buffer = io.BytesIO()
    # Text that looks like a formula or a link stays text: a customer's name must not act.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe) as book:
        # A fixed date of creation: the same report gives the same bytes.
        book.set_properties({"title": "kamlib", "created": pd.Timestamp("2000-01-01").to_pydatetime()})
        bold, link = book.add_format({"bold": True}), book.get_default_url_format()
        forms = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        contents = book.add_worksheet(words.text("Contents"))
        contents.set_column(0, 0, 24)
        contents.set_column(1, 1, 120)
        names = _sheet_names(exhibits)
        for row, (exhibit, name) in enumerate(zip(exhibits, names, strict=True)):
            contents.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            contents.write_string(row, 1, exhibit.message)
            _write_sheet(book.add_worksheet(name), exhibit, bold, forms)
    return buffer.getvalue()


def _sheet_names(exhibits: Sequence[Exhibit]) -> list[str]:
    names: list[str] = []
    for exhibit in exhibits:
        name = re.sub(r"[\[\]:*?/\\']", " ", exhibit.key)[:31]  # what Excel allows
        names.append(name if name not in names else f"{name[:28]} {len(names)}")
    return names


def _write_sheet(sheet: Any, exhibit: Exhibit, bold: Any, forms: Mapping[str, Any]) -> None:
    sheet.write_string(0, 0, exhibit.message, bold)
    sheet.write_string(1, 0, exhibit.measure)
    for column, (name, (title, kind)) in enumerate(exhibit.columns.items()):
        sheet.write_string(3, column, title, bold)
        widest = len(title)
        for row, value in enumerate(exhibit.table[name]):
            own = exhibit.table["kind"].iloc[row] if kind == "each" else kind
            _write_cell(sheet, row + 4, column, value, forms.get(own))
            widest = max(widest, len(exhibit.words.figure(value, own)) if row < 200 else 0)
        sheet.set_column(column, column, min(widest + 2, 60))
    sheet.write_string(len(exhibit.table) + 5, 0, exhibit.note)
    sheet.freeze_panes(4, 0)


def _write_cell(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if pd.isna(value):
        sheet.write_blank(row, column, None)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, float(value), form)


# --- files ------------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return ``value`` as JSON knows it: numpy numbers as numbers, dates as ISO text, what is missing as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


def as_json(content: Mapping[str, Any]) -> str:
    """Return ``content`` as JSON text, readable by people too."""
    return json.dumps(plain(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def save(exhibit: Exhibit, path: str | Path) -> Path:
    """Write one exhibit to ``path``: .png, .svg or .xlsx by its ending."""
    target = Path(path)
    ending = target.suffix.casefold().lstrip(".")
    if ending == "xlsx":
        target.write_bytes(workbook([exhibit], words=exhibit.words))
    elif ending in {"png", "svg"}:
        if exhibit.draw is None:
            raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx.")
        target.write_bytes(pictures(exhibit)[ending])
    else:
        raise KamlibError(f"an exhibit can be saved as .png, .svg or .xlsx, not as {target.name!r}.")
    return target


def folder(out: str | Path, files: Mapping[str, bytes | str]) -> Path:
    """Write ``files`` into the folder ``out``, which is afterwards either complete or as it was.

    A former result folder (one with a report.json) is replaced; any other folder that holds something is an error.
    """
    target = Path(out)
    if target.exists() and not (target.is_dir() and (not any(target.iterdir()) or (target / "report.json").is_file())):
        raise KamlibError(f"{str(out)!r} holds something that is no kamlib report; choose another folder with --out.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        fresh = Path(scratch) / "new"
        for name, content in files.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)
    return target


def document(out: str | Path, html: str) -> Path:
    """Write ``html`` to the file ``out``, which is afterwards either complete or as it was.

    A former brief is replaced; any other file that exists is an error.
    """
    target = Path(out)
    if target.exists() and not (target.is_file() and _BRIEF in target.read_bytes()[:2000]):
        raise KamlibError(f"{str(out)!r} exists and is no brief of kamlib; choose another file with --out.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        fresh = Path(scratch) / "new"
        fresh.write_text(html, encoding="utf-8")
        fresh.replace(target)
    return target
