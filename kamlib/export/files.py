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
from kamlib.export.excel import workbook
from kamlib.export.images import pictures

if TYPE_CHECKING:
    from kamlib.exhibits import Exhibit

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
