"""Where the dashboard's ledger comes from: the shipped company, a file in a folder, an upload."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kamlib import datasets, export, ledger
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from kamlib.ledger import Ledger

ENDINGS: Final = (".csv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet", ".pq")


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

    Excel is read from files alone, so an upload is one while it is read, and gone afterwards.
    """
    with ExitStack() as files:
        given = files.enter_context(export.aside(*sales))
        master = files.enter_context(export.aside(*customers)) if customers else None
        return ledger.read(given, customers=master)
