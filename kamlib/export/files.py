"""What is written to disk, whole or not at all."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import __version__
from kamlib.checks import KamlibError
from kamlib.export import powerpoint
from kamlib.export.excel import workbook
from kamlib.export.images import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.style import Words

_LONGEST_NAME: Final = 80
_RECORD: Final = "report.json"
# What a desktop, Jupyter or an open document leaves behind.
_LITTER: Final = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\.ipynb_checkpoints|\.~lock\..*#|~\$.*")
_KEY: Final = ("pseudonym", "kind", "number", "name")  # the head of a key table
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
    target = _place(path)
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
        If there are no exhibits, ``title`` is no text, or the template or the path can't be used.
    """
    target = _place(path)
    if title is not None and not isinstance(title, str):
        raise KamlibError(f"title must be a text, got {title!r}.")
    if target.suffix.casefold() != ".pptx":
        raise KamlibError(f"a deck is written to a .pptx file, not to {target.name!r}.")
    return _whole(
        target, powerpoint.selection(exhibits, title=title, template=template, notes=notes, source=source)
    )  # fmt: skip


def vacant(out: str | Path) -> Path:
    """Return the folder ``out`` where it can take results: it is not there, is empty, or holds former ones only.

    Former results are the files that their report.json names; a folder that holds any other is an error, and so is a
    place that can't be written to, so that it is told before anything is reckoned.
    """
    target = _place(out)
    try:
        foreign = _foreign(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    if foreign:
        raise KamlibError(
            f"{str(out)!r} holds something that is no kamlib report; choose another folder with --out, or take "
            f"{foreign!r} out of it."
        )
    return _reachable(target)


def _reachable(target: Path) -> Path:
    """Return ``target`` if the nearest folder above it can be written to."""
    try:
        nearest = next(above for above in target.absolute().parents if above.exists())
    except OSError as error:
        raise _unwritable(target, error) from None
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise KamlibError(f"{str(target)!r} can't be written: {str(nearest)!r} is no folder that you may write to.")
    return target


def _foreign(place: Path) -> str | None:
    """Name a file that is no part of former results; None where there is none."""
    if not place.is_dir():
        return place.name if place.exists() else None
    try:
        record = json.loads((place / _RECORD).read_bytes())
        ours = set(record["files"]) if "kamlib" in record["versions"] else set()
    except (OSError, ValueError, LookupError, TypeError):  # there is none, or it is not ours
        ours = set()
    files = (path for path in place.rglob("*") if path.is_symlink() or not path.is_dir())
    names = (path.relative_to(place) for path in files)
    strange = (name for name in names if name.as_posix() not in ours and not any(map(_LITTER.fullmatch, name.parts)))
    return next(map(str, strange), None)


def folder(out: str | Path, files: Mapping[str, bytes | str]) -> Path:
    """Write ``files`` into the folder ``out``, which is afterwards either complete or as it was; see `vacant`.

    Its report.json is to name the version of kamlib and all the files.
    """
    target = vacant(out)
    said = json.loads(files.get(_RECORD, "{}"))
    said |= {"versions": {"kamlib": __version__, **said.get("versions", {})}, "files": sorted({*files, _RECORD})}
    files = {**files, _RECORD: as_json(said)}
    with _beside(target) as scratch:
        fresh, former = scratch / "new", scratch / "old"
        for name, content in files.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        try:
            if target.exists():
                target.rename(former)
            fresh.rename(target)
        except BaseException:  # Ctrl-C, too
            if former.exists() and not target.exists():
                former.rename(target)
            raise
    return target


def document(out: str | Path, html: str) -> Path:
    """Write ``html`` to the file ``out``, which is afterwards either complete or as it was.

    A former brief is replaced; any other file that exists is an error.
    """
    target = _place(out)
    former = _former(target)
    if former is not None and _BRIEF not in former[:2000]:
        raise KamlibError(f"{str(out)!r} exists and is no brief of kamlib; choose another file with --out.")
    return _whole(target, html.encode())


def private(path: str | Path, text: str, *, replacing: str | None = None) -> Path:
    """Write ``text`` to a file that its owner alone can read, from before its first byte on.

    A file there is replaced if it begins with ``replacing``; any other that exists is an error. On Windows the rights
    are those of the folder.
    """
    return _whole(_replaceable(Path(path), replacing), text.encode(), mode=0o600)


def _replaceable(target: Path, replacing: str | None) -> Path:
    former = _former(target)
    if former is not None and (replacing is None or not former.startswith(replacing.encode())):
        raise KamlibError(f"{str(target)!r} exists and is not replaced; choose another file.")
    return target


def key_table(key: pd.DataFrame, path: str | Path, *, words: Words) -> Path:
    """Write who is who among pseudonyms as CSV for its owner alone; it replaces a former one and nothing else.

    A cell that a spreadsheet would take for a formula is made a text.
    """
    mark = _separator(words)
    safe = key.fillna("").apply(lambda column: column.str.replace(r"^(?=[=+@\t\r-])", "'", regex=True))
    text = safe.to_csv(index=False, sep=mark, lineterminator="\r\n")
    return private(path, "\ufeff" + text, replacing="\ufeff" + mark.join(key.columns))


def check_key_table(path: str | Path, *, words: Words) -> None:
    """Raise a `KamlibError` if no `key_table` can be written to ``path``, to be told before anything is reckoned."""
    _reachable(_replaceable(Path(path), "\ufeff" + _separator(words).join(_KEY)))


def _separator(words: Words) -> str:
    return ";" if "," in words.number(0.5, 1) else ","  # what Excel expects


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


def _place(path: str | Path) -> Path:
    """Return where to write, if that is a path at all."""
    if not isinstance(path, (str, os.PathLike)) or "\0" in os.fspath(path):
        raise KamlibError(f"a file or folder is named by a text or a Path without zero characters, not by {path!r}.")
    return Path(path)


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
