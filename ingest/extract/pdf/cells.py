"""Tables without lines: which rows of a page hold cells, and which rows are one of the table."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.extract.pdf.grids import Table
from ingest.extract.pdf.rows import Row
from ingest.extract.pdf.word import Word

SHARED = 0.5
"""Of a table's rows that have at least two cells filled."""

ALIGNED = 0.8
"""Of the cells in the column with the fewest that stand on the line of another cell."""

LABEL_CHARACTERS = 30
"""In a cell of the column with the fewest, on average."""

BAND_GAP = 1.35
"""Rows of a table stand this many times farther apart than the lines within a cell."""

BAND_LINES = 6
"""Lines in a table's row, on average; more, and it is text in columns."""

WORD_SPACE = 0.2
"""In sizes: the least between two words."""

CELL_GAP = 2.0
"""Points: the least between a cell and the next."""

WRAPPED_CELLS = 0.75
"""Cells filled in a line that goes on in a table's row, on average, as a share of those in its first line."""


def is_table(rows: Sequence[Row | Table], gutters: Sequence[float], *, certain: bool = False) -> bool:
    """Whether a region's rows hold cells rather than lines of text. `certain`: although its columns
    look like text, which only a table of three or more of them with rows set apart is."""
    if any(isinstance(row, Table) for row in rows):
        return False
    filled = [row.cells(gutters) for row in rows if isinstance(row, Row)]
    both = sum(len(cells) >= 2 for cells in filled)
    if certain:
        bands = _bands([row for row in rows if isinstance(row, Row)])
        return (
            len(gutters) >= 2
            and len(bands) >= 3
            and len(filled) <= BAND_LINES * len(bands)
            and _is_shared(bands, gutters)
        )
    if both < 2 or (both == 2 and len(filled) > 4 and len(gutters) < 2):
        return False
    if both >= SHARED * len(filled):
        return True
    columns = [[cells for cells in filled if at in cells] for at in range(len(gutters) + 1)]
    fewest = min(columns, key=len)
    at = columns.index(fewest)
    characters = sum(len(word.text) + 1 for cells in fewest for word in cells[at])
    aligned = sum(len(cells) >= 2 for cells in fewest)
    return aligned >= ALIGNED * len(fewest) and characters <= LABEL_CHARACTERS * len(fewest)


def _is_shared(bands: Sequence[Sequence[Row]], gutters: Sequence[float]) -> bool:
    full = [band for band in bands if len({at for row in band for at in row.cells(gutters)}) >= 2]
    return len(full) >= ALIGNED * len(bands)


def _bands(rows: Sequence[Row]) -> list[list[Row]]:
    """`rows` in groups that stand farther apart than the rows within; one group where none does."""
    steps = [after.base - before.base for before, after in pairwise(rows)]
    if not steps:
        return [list(rows)]
    usual = min(step for step in steps if step >= 0.9 * min(steps))
    close = [step for step in steps if step <= 1.15 * usual]
    line = median(close)
    bands = [[rows[0]]]
    for step, row in zip(steps, rows[1:], strict=True):
        if step > BAND_GAP * line:
            bands.append([row])
        else:
            bands[-1].append(row)
    return bands


def table_rows(rows: Sequence[Row], gutters: Sequence[float]) -> Table:
    """The table that `rows` make."""
    made: list[list[list[Word]]] = []
    for band in _table_bands(rows, gutters):
        cells: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
        for row in band:
            for at, words in row.cells(gutters).items():
                cells[at] += words
        made.append(cells)
    return Table(made, min(row.left for row in rows), max(row.right for row in rows), rows[0].top, rows[-1].base)


def _table_bands(rows: Sequence[Row], gutters: Sequence[float]) -> list[list[Row]]:
    """The rows of the page that make each row of the table."""
    all_cells = [row.cells(gutters) for row in rows]
    bands = _bands(rows)
    if len(bands) >= 3 and len(rows) <= BAND_LINES * len(bands) and _are_wrapped(bands, gutters):
        return bands
    ends = _ends(all_cells, len(gutters) + 1)
    made: list[list[Row]] = []
    for row in rows:
        cells = row.cells(gutters)
        if made and (_has_no_label(cells, gutters) or _go_on(cells, made[-1][-1].cells(gutters), ends)):
            made[-1].append(row)
        else:
            made.append([row])
    return made


def _has_no_label(cells: dict[int, list[Word]], gutters: Sequence[float]) -> bool:
    return 0 not in cells and len(cells) < max(2, len(gutters))


def _go_on(cells: dict[int, list[Word]], above: dict[int, list[Word]], ends: Sequence[float]) -> bool:
    """Whether each cell goes on with what stands above it: its column, which ends at one of `ends`, had no room
    left. For cells that begin in the middle of a sentence it is enough that one had none."""
    if not set(cells) <= set(above) or any(_is_number(above[at]) and _is_number(words) for at, words in cells.items()):
        return False
    full = [
        above[at][-1].right + words[0].right - words[0].left + WORD_SPACE * words[0].size > ends[at]
        for at, words in cells.items()
    ]
    return all(full) or (any(full) and all(words[0].text.lstrip('([„“"«')[:1].islower() for words in cells.values()))


def _is_number(words: Sequence[Word]) -> bool:
    return all(any(map(str.isdigit, word.text)) for word in words)


def _ends(rows: Sequence[dict[int, list[Word]]], columns: int) -> list[float]:
    """Where each column ends: where the next begins, the last at its longest line."""
    lefts = [min((cells[at][0].left for cells in rows if at in cells), default=0.0) for at in range(columns)]
    longest = max((cells[columns - 1][-1].right for cells in rows if columns - 1 in cells), default=0.0)
    return [*(left - CELL_GAP for left in lefts[1:]), longest]


def _are_wrapped(bands: Sequence[Sequence[Row]], gutters: Sequence[float]) -> bool:
    """Whether the lines of a band below its first go on in cells, instead of being rows themselves."""
    first = [len(band[0].cells(gutters)) for band in bands]
    later = [len(row.cells(gutters)) for band in bands for row in band[1:]]
    return bool(later) and sum(later) / len(later) < WRAPPED_CELLS * sum(first) / len(first)
