"""Where the dashboard's ledger comes from: the shipped company, a file in a folder, an upload."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kamlib import datasets, ledger
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from kamlib.ledger import Ledger

ENDINGS: Final = (".csv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet", ".pq")
_LONGEST_NAME: Final = 80


def files_in(folder: str | Path) -> list[Path]:
    """Return the files of ``folder`` that may be a ledger, by name."""
    place = Path(folder)
    if not place.is_dir():
        raise KamlibError(f"there is no folder {str(folder)!r} to choose a ledger from.")
    return sorted(path for path in place.iterdir() if path.is_file() and path.suffix.casefold() in ENDINGS)


def shipped() -> Ledger:
    """Return the ledger of the shipped, fictional company."""
    return datasets.read()


def uploaded(sales: tuple[str, bytes], *, customers: tuple[str, bytes] | None = None) -> Ledger:
    """Read a ledger that arrives as name and content, and the customer master if there is one.

    Excel is read from files alone, so an upload is one while it is read: in a folder that only the user may enter, and
    that is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="kamlib-") as scratch:
        # Each in a folder of its own: both may bear the same name.
        given: dict[str, Any] = {
            kind: _written(Path(scratch) / kind, *file) for kind, file in (("s", sales), ("c", customers)) if file
        }
        return ledger.read(given["s"], customers=given.get("c"))


def _written(folder: Path, name: str, content: bytes) -> Path:
    """Write an upload under its own name, which the audit shows, without what may be a path in it."""
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable() and c not in '<>:"|?*')
    path = folder / (plain.strip(". ")[-_LONGEST_NAME:] or "upload")
    folder.mkdir()
    path.write_bytes(content)
    return path
