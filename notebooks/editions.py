"""One source, two languages: make the notebooks of both editions from the scripts that reviewers read.

A script (py:percent) holds each text twice, side by side, in markdown cells marked ``lang="en"`` and ``lang="de"``;
code cells are shared. ``python notebooks/editions.py`` writes the English edition beside the script and the German one
into ``de/``. The same script gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat

LANGUAGES = ("en", "de")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
HERE = Path(__file__).parent
# All that differs in code: the choice of the language, and what comments say.
GERMAN = {
    'language = "en"  # or "de"': 'language = "de"  # oder "en"',
    "CSV, Excel or Parquet; None is the shipped company": "CSV, Excel oder Parquet; None ist die mitgelieferte Firma",
    "customer master: name, parent, segment, sector, region, owner": (
        "Kundenstamm: Name, Konzern, Segment, Branche, Region, Betreuer"
    ),
    "contact log: customer, date, kind, owner, outcome": (
        "Kontaktprotokoll: Kunde, Datum, Kontaktart, Betreuer, Ergebnis"
    ),
    'last day of the period, as "2025-12-31"; None is the ledger\'s last day': (
        'letzter Tag des Zeitraums, als "2025-12-31"; None ist der letzte Tag der Daten'
    ),
    'what is not recognised, as {"customer": "Kd.", "revenue": "EUR"}': (
        'was nicht erkannt wird, als {"customer": "Kd.", "revenue": "EUR"}'
    ),
    'what the file leaves open, as {"decimal": "comma", "date_order": "dmy"}': (
        'was die Datei offenlässt, als {"decimal": "comma", "date_order": "dmy"}'
    ),
    "of a year; None is those of the shipped company, or not known": (
        "eines Jahres; None: die der mitgelieferten Firma oder nicht bekannt"
    ),
    "for the files that are written; None is a temporary one": (
        "Ordner für die geschriebenen Dateien; None ist ein vorläufiger"
    ),
    "a stake is one of twelve months": "auf dem Spiel stehen zwölf Monate",
    "the figure shows itself": "die Abbildung zeigt sich selbst",
}


def build(source: Path, *, language: str) -> nbformat.NotebookNode:
    """Return the edition of ``source`` in ``language``: no outputs, stable ids, a kernel that every machine has.

    Markdown cells of other languages are left out, and so is the mark ``lang`` itself; other metadata of a cell stays.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}; got {language!r}.")
    cells = jupytext.read(source, fmt="py:percent").cells
    _both(cells, source)
    chosen = [cell for cell in cells if cell.metadata.get("lang", language) == language]
    notebook = nbformat.v4.new_notebook(
        cells=[_cell(cell, number, language) for number, cell in enumerate(chosen, 1)],
        metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}},
    )
    nbformat.validate(notebook)
    return notebook


def _cell(cell: Any, number: int, language: str) -> nbformat.NotebookNode:
    metadata = {key: value for key, value in cell.metadata.items() if key != "lang"}
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(cell.source, metadata=metadata, id=f"cell-{number:02d}")
    source = cell.source
    for english, german in GERMAN.items() if language == "de" else ():
        source = source.replace(english, german)
    return nbformat.v4.new_code_cell(source, metadata=metadata, id=f"cell-{number:02d}")


def _both(cells: list[Any], source: Path) -> None:
    """Raise unless each text stands in every language before the next piece of code."""
    counts = dict.fromkeys(LANGUAGES, 0)
    for cell in [*cells, None]:
        if cell is None or cell.cell_type == "code":
            if len(set(counts.values())) > 1:
                where = "the end" if cell is None else f"the cell that begins with {cell.source.splitlines()[0]!r}"
                raise ValueError(f"{source.name}: before {where}, the texts by language are {counts}; complete them.")
        elif cell.metadata.get("lang") not in LANGUAGES:
            raise ValueError(f'{source.name}: mark the text {cell.source[:40]!r} with lang="en" or lang="de".')
        else:
            counts[cell.metadata["lang"]] += 1


def text_of(notebook: nbformat.NotebookNode) -> str:
    """Return the notebook as the text of its file."""
    return str(nbformat.writes(notebook)) + "\n"


def editions(folder: Path = HERE) -> dict[Path, str]:
    """Return every notebook that belongs beside the scripts ``NN_name.py`` of ``folder``, by its path."""
    homes = {"en": folder, "de": folder / "de"}
    return {
        homes[language] / f"{source.stem}.ipynb": text_of(build(source, language=language))
        for source in sorted(folder.glob("[0-9]*.py"))
        for language in LANGUAGES
    }


if __name__ == "__main__":
    for path, text in editions().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
