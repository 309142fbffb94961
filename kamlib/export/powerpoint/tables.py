"""Tables on slides: as many rows and columns as can be read, the numbers right-aligned, the texts with the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pptx.enum.text import PP_ALIGN
from pptx.util import Inches

from kamlib.export.powerpoint.colours import DRAWING
from kamlib.export.powerpoint.text import LINE, broken, clean, shortened, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kamlib.exhibits import Exhibit
    from kamlib.export.powerpoint.page import Page
    from kamlib.export.powerpoint.template import Box

ROWS: Final = 12  # of an exhibit, on a slide
COLUMNS: Final = 9
_SIZES: Final = (12.0, 11.0, 10.0)  # points
_LARGE: Final = (14.0, 13.0)  # where rows are few
_SIDE, _ABOVE = 0.08, 0.04  # inches around a cell's text
_MOST_LINES: Final = 6  # of a cell; in a table of many rows fewer, for such a table is looked up, not read
_FEW_LINES, _FEW_ROWS = 2, 6
_NAMES, _TEXTS = 1.2, 0.7  # inches that the first column of texts keeps, and any other
_STRETCH: Final = 1.5  # of the width that its texts need: a table wider than that falls apart
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's own number of the style without lines


@dataclass(frozen=True)
class Grid:
    """What a table says: its headings, its rows, and which of its columns are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class Layout:
    """How a table is set: the size of its text, its columns in inches, its rows in lines, the heading first."""

    size: float
    columns: tuple[float, ...]
    lines: tuple[int, ...]

    @property
    def heights(self) -> tuple[float, ...]:
        """The rows in inches."""
        return tuple(_height(lines, self.size) for lines in self.lines)


def excerpt(exhibit: Exhibit, *, rows: int = ROWS, columns: int = COLUMNS) -> Grid:
    """Return the first rows of an exhibit's table as a reader sees them, and its foremost columns, all texts kept."""
    kinds = {name: kind for name, (_, kind) in exhibit.columns.items()}
    spare = columns - sum(kind == "text" for kind in kinds.values())
    numeric = [name for name, kind in kinds.items() if kind != "text"][: max(spare, 0)]
    kept = [name for name, kind in kinds.items() if kind == "text" or name in numeric][:columns]
    shown = exhibit.table.head(rows)
    told = []
    for row in shown.to_dict("records"):
        own = {name: row["kind"] if kinds[name] == "each" else kinds[name] for name in kept}
        told.append(tuple(clean(exhibit.words.figure(row[name], own[name])) for name in kept))
    heads = tuple(clean(exhibit.columns[name][0]) for name in kept)
    return Grid(heads, tuple(told), tuple(kinds[name] != "text" for name in kept))


def fitted(exhibit: Exhibit, room: tuple[float, float]) -> tuple[Grid, Layout]:
    """Fit as many rows of an exhibit's table as can be into so many inches."""
    for rows in range(ROWS, 0, -1):
        grid, layout = _set(excerpt(exhibit, rows=rows), room)
        if sum(layout.heights) <= room[1]:
            break
    return grid, layout


def _set(grid: Grid, room: tuple[float, float]) -> tuple[Grid, Layout]:
    """Set a table: smaller letters first, then fewer columns of numbers, then texts with an ellipsis."""
    few = len(grid.rows) <= _FEW_ROWS
    most, sizes = (_MOST_LINES, (*_LARGE, *_SIZES)) if few else (_FEW_LINES, _SIZES)
    while True not in (fits := [_least(grid, size) <= room[0] for size in sizes]) and True in grid.numeric:
        grid = _without_last_numbers(grid)
    wide_enough = [size for size, fit in zip(sizes, fits, strict=True) if fit] or [sizes[-1]]
    for size in wide_enough:
        layout = set_in(grid, _columns(grid, room[0], size), size)
        if sum(layout.heights) <= room[1] and max(layout.lines[1:], default=1) <= most:
            return grid, layout
    size = min(_SIZES[-2], wide_enough[0])
    columns = _columns(grid, room[0], size)
    for lines in range(most, 0, -1):  # of a cell
        cut = _cut(grid, columns, size, lines)
        layout = set_in(cut, columns, size)
        if sum(layout.heights) <= room[1]:
            break
    return cut, layout


def _without_last_numbers(grid: Grid) -> Grid:
    last = len(grid.numeric) - 1 - grid.numeric[::-1].index(True)
    heads, *rows = (line[:last] + line[last + 1 :] for line in (grid.heads, *grid.rows))
    return Grid(heads, tuple(rows), grid.numeric[:last] + grid.numeric[last + 1 :])


def _cut(grid: Grid, columns: Sequence[float], size: float, lines: int) -> Grid:
    """Cut texts to so many lines, with an ellipsis."""
    rows = tuple(
        tuple(shortened(cell, wide - 2 * _SIDE, size, lines=lines) for cell, wide in zip(row, columns, strict=True))
        for row in grid.rows
    )
    return Grid(grid.heads, rows, grid.numeric)


def set_in(grid: Grid, columns: tuple[float, ...], size: float) -> Layout:
    """Set a table in columns of given widths."""
    heads = _lines(grid.heads, columns, size, bold=True)
    return Layout(size, columns, (heads, *(_lines(row, columns, size) for row in grid.rows)))


def _columns(grid: Grid, room: float, size: float) -> tuple[float, ...]:
    """Return the widths: what numbers need, and for texts as much as there is, the widest giving way first."""
    needs = _needs(grid, size)
    all_of_it = sum(most for _, most in needs)
    if all_of_it <= room:
        return tuple(most * min(room / all_of_it, _STRETCH) for _, most in needs)
    low, high = 0.0, max(most for _, most in needs)
    for _ in range(30):  # the width that no column exceeds unless it must
        level = (low + high) / 2
        low, high = (
            (level, high) if sum(max(least, min(most, level)) for least, most in needs) <= room else (low, level)
        )
    found = [max(least, min(most, low)) for least, most in needs]
    return tuple(one * min(1.0, room / sum(found)) for one in found)


def _least(grid: Grid, size: float) -> float:
    """Return how wide a table is at least."""
    return sum(least for least, _ in _needs(grid, size))


def _needs(grid: Grid, size: float) -> list[tuple[float, float]]:
    """Return of each column how wide it must be, and how wide its texts run; a number is never cut."""
    found, narrowest = [], _NAMES
    for head, cells, numeric in zip(grid.heads, zip(*grid.rows, strict=True), grid.numeric, strict=True):
        word = max((width(part, size, bold=True) for part in head.split()), default=0.0)
        widest = max((width(cell, size) for cell in cells), default=0.0)
        most = max(word, widest, 0.0 if numeric else _TEXTS)
        least = most if numeric else max(word, min(most, narrowest))
        found.append((least + 2 * _SIDE + 0.02, most + 2 * _SIDE + 0.02))
        narrowest = narrowest if numeric else _TEXTS
    return found


def _lines(cells: Sequence[str], columns: Sequence[float], size: float, *, bold: bool = False) -> int:
    """Return of how many lines a row is."""
    return max(
        len(broken(cell, room - 2 * _SIDE, size, bold=bold)) for cell, room in zip(cells, columns, strict=True)
    )  # fmt: skip


def _height(lines: int, size: float) -> float:
    return lines * size * LINE / 72 + 2 * _ABOVE


def pages(grid: Grid, layout: Layout, height: float) -> list[tuple[Grid, Layout]]:
    """Cut a long table into as many as have room one below the other on slides of their own."""
    found: list[tuple[Grid, Layout]] = []
    start, used = 0, layout.heights[0]
    for place, row in enumerate([*layout.heights[1:], float("inf")]):
        if (used + row > height and place > start) or place == len(grid.rows):
            rows = grid.rows[start:place]
            part = Layout(layout.size, layout.columns, (layout.lines[0], *layout.lines[1 + start : 1 + place]))
            found.append((Grid(grid.heads, rows, grid.numeric), part))
            start, used = place, layout.heights[0]
        used += row
    return found


def draw(page: Page, grid: Grid, layout: Layout, box: Box) -> Any:
    """Put a table on a slide and return its frame."""
    left, top, _, _ = box.units
    columns = [inches * page.template.stretch for inches in layout.columns]
    across, high = Inches(sum(columns)), Inches(sum(layout.heights))
    frame = page.slide.shapes.add_table(len(grid.rows) + 1, len(grid.heads), left, top, across, high)
    table = frame.table
    table.horz_banding = False
    table._tbl.tblPr.find("{*}tableStyleId").text = _NO_STYLE  # noqa: SLF001  # python-pptx has no door to it
    for column, inches in zip(table.columns, columns, strict=True):
        column.width = Inches(inches)
    for row, inches in zip(table.rows, layout.heights, strict=True):
        row.height = Inches(inches)
    for place, (row, cells) in enumerate(zip(table.rows, (grid.heads, *grid.rows), strict=True)):
        for cell, told, numeric in zip(row.cells, cells, grid.numeric, strict=True):
            _fill(page, cell, told, head=place == 0, numeric=numeric, size=layout.size)
    return frame


def _fill(page: Page, cell: Any, told: str, *, head: bool, numeric: bool, size: float) -> None:
    page.write(cell.text_frame, told, size=size, bold=head, colour="ink")
    if numeric:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    line = page.template.palette.line("note" if head else "grid", points=1.0 if head else 0.75)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    margins = {"marL": _SIDE, "marR": _SIDE, "marT": _ABOVE, "marB": _ABOVE}
    properties.attrib.update({side: str(Inches(inches)) for side, inches in margins.items()})
    properties.insert(0, DRAWING.lnB(*line, w=line.get("w")))
    if head:
        properties.set("anchor", "b")
