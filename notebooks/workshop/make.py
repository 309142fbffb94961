"""Make the workshop's notebooks from its solutions: exercises and solutions, each in English and German.

A solution (``solutions/NN_title.py``, see `editions`) is written once. In the exercise, its cells tagged ``solution``
become "your turn" cells: code asks for the names that later cells read, text leaves room for notes. Markdown tagged
``hint`` is there in the exercise alone, folded. ``python notebooks/workshop/make.py`` writes all.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import nbformat

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import editions

YOUR_TURN = {"en": "# Your turn: put your answer in place of the dots.", "de": "# Jetzt Sie: Antwort statt der Punkte."}
NOTES = {"en": "*Your notes:*", "de": "*Ihre Notizen:*"}
HINT = {"en": "Hint", "de": "Hinweis"}
_ROOM = {"en": "# Use this cell to find out.", "de": "# In dieser Zelle ist Platz zum Ausprobieren."}


def solution(source: Path, *, language: str) -> nbformat.NotebookNode:
    """Return the solution in one language."""
    notebook = editions.build(source, language=language)
    notebook.cells = [cell for cell in notebook.cells if not _has(cell, "hint")]
    return notebook


def exercise(source: Path, *, language: str) -> nbformat.NotebookNode:
    """Return the exercise in one language: the solution without what is to be found."""
    notebook = editions.build(source, language=language)
    for number, cell in enumerate(notebook.cells):
        if _has(cell, "hint"):
            cell.source = f"<details><summary>{HINT[language]}</summary>\n\n{cell.source}\n\n</details>"
        elif _has(cell, "solution") and cell.cell_type == "markdown":
            cell.source = NOTES[language]
        elif _has(cell, "solution"):
            asked = [name for name in _assigned(cell) if name in _read(notebook.cells[number + 1 :])]
            cell.source = "\n".join([YOUR_TURN[language], *(f"{name} = ..." for name in asked)])
            cell.source = cell.source if asked else _ROOM[language]
    return notebook


def _has(cell: Any, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _names(source: str, kind: type[ast.expr_context]) -> list[str]:
    """Return the names that a piece of code sets (`ast.Store`) or reads (`ast.Load`), each once, in their order."""
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)]
    return list(dict.fromkeys(n.id for n in sorted(found, key=lambda n: (n.lineno, n.col_offset))))


def _assigned(cell: Any) -> list[str]:
    return _names(cell.source, ast.Store)


def _read(cells: list[Any]) -> set[str]:
    """Return the names that the cells which stay as they are read."""
    kept = [cell.source for cell in cells if cell.cell_type == "code" and not _has(cell, "solution")]
    return {name for source in kept for name in _names(source, ast.Load)}


def notebooks() -> dict[Path, str]:
    """Return the text of every notebook of the workshop, by its path."""
    made = {"exercises": exercise, "solutions": solution}
    return {
        HERE / kind / language / f"{source.stem}.ipynb": editions.text_of(make(source, language=language))
        for source in sorted((HERE / "solutions").glob("[0-9]*.py"))
        for kind, make in made.items()
        for language in editions.LANGUAGES
    }


if __name__ == "__main__":
    for path, text in notebooks().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
