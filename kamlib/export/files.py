"""What is written to disk, whole or not at all."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib.checks import KamlibError
from kamlib.export import powerpoint
from kamlib.export.excel import workbook
from kamlib.export.images import pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_BRIEF: Final = b'<meta name="generator" content="kamlib brief">'


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
    """Write one exhibit to ``path``: .pptx, .png, .svg or .xlsx by its ending."""
    target = Path(path)
    ending = target.suffix.casefold().lstrip(".")
    if ending == "pptx":
        return deck([exhibit], target)
    if ending == "xlsx":
        target.write_bytes(workbook([exhibit], words=exhibit.words))
    elif ending in {"png", "svg"}:
        if exhibit.draw is None:
            raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx or .pptx.")
        target.write_bytes(pictures(exhibit)[ending])
    else:
        raise KamlibError(f"an exhibit can be saved as .pptx, .png, .svg or .xlsx, not as {target.name!r}.")
    return target


def deck(
    exhibits: Sequence[Exhibit],
    path: str | Path,
    *,
    title: str | None = None,
    template: str | Path | None = None,
    notes: bool = False,
    source: str = "",
) -> Path:
    """Write chosen exhibits, one a slide and in their order, to a PowerPoint deck with native charts and tables.

    Parameters
    ----------
    exhibits : sequence of Exhibit
    path : path
        A .pptx file; a former one is replaced, whole or not at all.
    title : str, optional
        Of a first page before the exhibits.
    template : path, optional
        The firm's own .pptx or .potx, for its layouts, colours and fonts.
    notes : bool
        Write method and assumptions beside each exhibit in full, for a deck that is read alone.
    source : str
        Where the figures come from, for the foot of each slide.

    Raises
    ------
    KamlibError
        If there are no exhibits, or the template or the path can't be used.
    """
    target = Path(path)
    if target.suffix.casefold() != ".pptx":
        raise KamlibError(f"a deck is written to a .pptx file, not to {target.name!r}.")
    made = powerpoint.selection(list(exhibits), title=title, template=template, notes=notes, source=source)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
            fresh = Path(scratch) / "new"
            fresh.write_bytes(made)
            fresh.replace(target)
    except OSError as error:
        raise KamlibError(f"{str(path)!r} can't be written ({error.strerror}); close it or choose another.") from None
    return target


def vacant(out: str | Path) -> Path:
    """Return the folder ``out`` where it can take results: it is not there, is empty, or holds former ones.

    Former results are known by their report.json; any other folder that holds something is an error.
    """
    target = Path(out)
    if target.exists() and not (target.is_dir() and (not any(target.iterdir()) or (target / "report.json").is_file())):
        raise KamlibError(f"{str(out)!r} holds something that is no kamlib report; choose another folder with --out.")
    return target


def folder(out: str | Path, files: Mapping[str, bytes | str]) -> Path:
    """Write ``files`` into the folder ``out``, which is afterwards either complete or as it was; see `vacant`."""
    target = vacant(out)
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


def private(path: str | Path, text: str, *, replacing: str | None = None) -> Path:
    """Write ``text`` to a file that its owner alone can read, from before its first byte on.

    A file there is replaced if it begins with ``replacing``; any other that exists is an error. On Windows the rights
    are those of the folder.
    """
    target = Path(path)
    try:
        former = target.read_bytes() if target.exists() else None
        if former is not None and (replacing is None or not former.startswith(replacing.encode())):
            raise KamlibError(f"{str(path)!r} exists and is not replaced; choose another file.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
            fresh = Path(scratch) / "new"
            fresh.touch(mode=0o600, exist_ok=False)
            fresh.write_text(text, encoding="utf-8", newline="")
            fresh.replace(target)
    except OSError as error:
        raise KamlibError(f"{str(path)!r} can't be written: {error.strerror}.") from None
    return target


def key_table(key: pd.DataFrame, path: str | Path, *, words: Words) -> Path:
    """Write who is who among pseudonyms as CSV for its owner alone; it replaces a former one and nothing else.

    A cell that a spreadsheet would take for a formula is made a text.
    """
    mark = ";" if "," in words.number(0.5, 1) else ","  # what Excel expects
    safe = key.fillna("").apply(lambda column: column.str.replace(r"^(?=[=+@\t\r-])", "'", regex=True))
    text = safe.to_csv(index=False, sep=mark, lineterminator="\r\n")
    return private(path, "\ufeff" + text, replacing="\ufeff" + mark.join(key.columns))
