"""What is written to disk, whole or not at all."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib.checks import KamlibError
from kamlib.export import powerpoint
from kamlib.export.excel import workbook
from kamlib.export.images import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_LONGEST_NAME: Final = 80
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
    """Write one exhibit to ``path``: .pptx, .png, .svg or .xlsx by its ending; a former file is replaced."""
    target = Path(path)
    ending = target.suffix.casefold().lstrip(".")
    if ending == "pptx":
        return deck([exhibit], target)
    if ending == "xlsx":
        content = workbook([exhibit], words=exhibit.words)
    elif ending in {"png", "svg"}:
        if exhibit.draw is None:
            raise KamlibError(f"the exhibit {exhibit.key!r} is a table without a chart; save it as .xlsx or .pptx.")
        content = pictures(exhibit)[ending]
    else:
        raise KamlibError(f"an exhibit can be saved as .pptx, .png, .svg or .xlsx, not as {target.name!r}.")
    return _whole(target, content)


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
    return _whole(
        target, powerpoint.selection(exhibits, title=title, template=template, notes=notes, source=source)
    )  # fmt: skip


def vacant(out: str | Path) -> Path:
    """Return the folder ``out`` where it can take results: it is not there, is empty, or holds former ones.

    Former results are known by their report.json; any other folder that holds something is an error, and so is a place
    that can't be written to, so that it is told before anything is reckoned.
    """
    target = Path(out)
    try:
        ours = not target.exists() or (target.is_dir() and _is_ours(target))
        nearest = next(above for above in target.absolute().parents if above.exists())
    except OSError as error:
        raise _unwritable(target, error) from None
    if not ours:
        raise KamlibError(f"{str(out)!r} holds something that is no kamlib report; choose another folder with --out.")
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise KamlibError(f"{str(out)!r} can't be written: {str(nearest)!r} is no folder that you may write to.")
    return target


def _is_ours(results: Path) -> bool:
    return not any(results.iterdir()) or (results / "report.json").is_file()


def folder(out: str | Path, files: Mapping[str, bytes | str]) -> Path:
    """Write ``files`` into the folder ``out``, which is afterwards either complete or as it was; see `vacant`."""
    target = vacant(out)
    with _beside(target) as scratch:
        fresh, former = scratch / "new", scratch / "old"
        for name, content in files.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        if target.exists():
            target.rename(former)
        try:
            fresh.rename(target)
        except OSError:
            if former.exists():
                former.rename(target)
            raise
    return target


def document(out: str | Path, html: str) -> Path:
    """Write ``html`` to the file ``out``, which is afterwards either complete or as it was.

    A former brief is replaced; any other file that exists is an error.
    """
    target = Path(out)
    former = _former(target)
    if former is not None and _BRIEF not in former[:2000]:
        raise KamlibError(f"{str(out)!r} exists and is no brief of kamlib; choose another file with --out.")
    return _whole(target, html.encode())


def private(path: str | Path, text: str, *, replacing: str | None = None) -> Path:
    """Write ``text`` to a file that its owner alone can read, from before its first byte on.

    A file there is replaced if it begins with ``replacing``; any other that exists is an error. On Windows the rights
    are those of the folder.
    """
    target = Path(path)
    former = _former(target)
    if former is not None and (replacing is None or not former.startswith(replacing.encode())):
        raise KamlibError(f"{str(path)!r} exists and is not replaced; choose another file.")
    return _whole(target, text.encode(), mode=0o600)


def key_table(key: pd.DataFrame, path: str | Path, *, words: Words) -> Path:
    """Write who is who among pseudonyms as CSV for its owner alone; it replaces a former one and nothing else.

    A cell that a spreadsheet would take for a formula is made a text.
    """
    mark = ";" if "," in words.number(0.5, 1) else ","  # what Excel expects
    safe = key.fillna("").apply(lambda column: column.str.replace(r"^(?=[=+@\t\r-])", "'", regex=True))
    text = safe.to_csv(index=False, sep=mark, lineterminator="\r\n")
    return private(path, "\ufeff" + text, replacing="\ufeff" + mark.join(key.columns))


@contextmanager
def aside(name: str, content: bytes) -> Iterator[Path]:
    """Write ``content`` to a file for as long as the ``with`` block lasts, where its owner alone can read it.

    Parameters
    ----------
    name : str
        What its maker called it, such as the name of an upload: it is kept, but for what may be a path in it.
    content : bytes

    Yields
    ------
    Path
        The file, in a folder that is gone afterwards.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')
    with tempfile.TemporaryDirectory(prefix="kamlib-") as scratch:  # its rights are those of its owner alone
        file = Path(scratch) / (kept.strip(". ")[-_LONGEST_NAME:] or "upload")
        file.write_bytes(content)
        yield file


def _former(target: Path) -> bytes | None:
    """Return what is in a file so far; None where there is none."""
    try:
        return target.read_bytes() if target.exists() else None
    except OSError as error:
        raise _unwritable(target, error) from None


def _whole(target: Path, content: bytes, *, mode: int = 0o666) -> Path:
    """Write ``content`` to a file that is afterwards either complete or as it was; ``mode`` is that of a new one."""
    with _beside(target) as scratch:
        fresh = scratch / "new"
        fresh.touch(mode=mode)  # its rights come before its first byte
        fresh.write_bytes(content)
        fresh.replace(target)
    return target


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside ``target``, from where a file or folder that is complete can take its place at once."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kamlib-") as scratch:
            yield Path(scratch)
    except OSError as error:
        raise _unwritable(target, error) from None


def _unwritable(target: Path, error: OSError) -> KamlibError:
    if isinstance(error, IsADirectoryError):
        return KamlibError(f"{str(target)!r} can't be written: it is a folder; choose a file, such as one in it.")
    return KamlibError(f"{str(target)!r} can't be written ({error.strerror}); close it or choose another place.")
