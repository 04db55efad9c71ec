"""The reading order of a PDF page: columns one after the other, tables as rows, lines from the top.

Rows of the page that leave the same vertical strips free make a region: of columns where they hold
running text, of a table where they hold cells. What lies in a column is laid out the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.extract.pdf.cells import is_table, table_rows
from ingest.extract.pdf.grids import Table
from ingest.extract.pdf.rows import ALIGNED, Row, rows_of
from ingest.extract.pdf.word import Word

GUTTER = 0.7
"""Of the text's size: the least width of the strip between two columns."""

DEEPEST = 4
"""Columns within columns that are looked for."""

MOST_ROWS = 400
"""Of a page that a region can have; a newspaper page has 200."""

FEWEST_LINES = 3
"""In a column of text."""

PROSE_CHARACTERS = 18
PROSE_FILL = 0.6
"""Characters in a line of a column of text, on average, and the share of the column's width that lines fill."""

WORD_SPACES = 1.7
"""Times as wide as those between the words beside it: a gap that parts columns or cells."""

NEAR_ROWS = 12
"""Below a row in which others can show where its cells begin."""

TIGHT = 0.1
"""Points between cells that begin where others do."""

MOST_HEADER_ROWS = 3
"""Of a table whose cells all but touch."""

APART = 1.7
"""Of the text's size: rows whose bases are farther apart need not belong together."""


Flow = list[Row | Table]
"""Rows and tables that are read one after the other."""


def flows(words: Sequence[Word], tables: Sequence[Table], depth: int = 0) -> Iterator[Flow]:
    """The words and ruled tables of a page in reading order."""
    rows: list[Row | Table] = [*rows_of(words), *tables]
    rows.sort(key=lambda row: row.top)
    size = median(word.size for word in words) if words else 10.0
    widest = max((row.right for row in rows), default=0.0) - min((row.left for row in rows), default=0.0)
    flow: Flow = []
    at = 0
    while at < len(rows):
        region = _region(rows, at, GUTTER * size, widest) if depth < DEEPEST else None
        if region is None:
            flow.append(rows[at])
            at += 1
            continue
        end, gutters = region.end, region.gutters
        kind = _kind(rows[at:end], gutters) if region.is_tight or _is_parted(rows[at:end], gutters) else ""
        if kind == "table":
            header = _header(flow, region.spans, size)
            gutters = [left - 0.5 for left, _ in region.spans[1:]] if header or region.is_tight else gutters
            flow.append(table_rows([row for row in [*header, *rows[at:end]] if isinstance(row, Row)], gutters))
        elif kind == "columns":
            if flow:
                yield flow
            flow = []
            yield from _columns(rows[at:end], gutters, depth)
        else:
            flow.append(rows[at])
            end = at + 1
        at = end
    if flow:
        yield flow


def _columns(rows: Sequence[Row | Table], gutters: Sequence[float], depth: int) -> Iterator[Flow]:
    edges = [float("-inf"), *gutters, float("inf")]
    for left, right in pairwise(edges):
        words = [word for row in rows if isinstance(row, Row) for word in row.words if left < word.middle <= right]
        tables = [row for row in rows if isinstance(row, Table) and left < (row.left + row.right) / 2 <= right]
        yield from flows(words, tables, depth + 1)


@dataclass(frozen=True, slots=True)
class _Region:
    """Rows up to `end` that leave strips free between `spans`, except that, where `is_tight`, some rows only
    begin anew where those above do."""

    end: int
    spans: list[tuple[float, float]]
    is_tight: bool

    @property
    def gutters(self) -> list[float]:
        """The middles of the strips."""
        return [(before[1] + after[0]) / 2 for before, after in pairwise(self.spans)]


def _region(rows: Sequence[Row | Table], start: int, least: float, widest: float) -> _Region | None:
    """The region that begins with row `start`; None where the rows from there leave no strip free. `widest`: of
    the whole, in points."""
    below = rows[start + 1].spans if start + 1 < len(rows) else []
    if len(rows[start].spans) == 1 < len(below) and rows[start].left < below[1][0]:
        return None  # a heading or the end of a paragraph above a region
    starts = _starts(rows[start : start + NEAR_ROWS])
    spans = _cells_at(rows[start], starts) or list(rows[start].spans)
    end, last, is_tight = start + 1, min(len(rows), start + MOST_ROWS), len(spans) > len(rows[start].spans)
    while end < last:
        merged = _union([*spans, *rows[end].spans], TIGHT if is_tight else least)
        if len(merged) < len(spans) and len(spans) > 1:
            pieces = _cells_at(rows[end], starts)
            aligned = _union([*spans, *pieces], TIGHT) if pieces else None
            if (aligned is None or len(aligned) < len(spans)) and end - start >= FEWEST_LINES:
                aligned = _aligned(spans, rows[end])
            if aligned is not None and len(aligned) > len(merged):
                merged, is_tight = aligned, True
        if len(merged) < len(spans) and (len(merged) == 1 or end - start >= FEWEST_LINES):
            break
        if len(merged) == 1 and merged[0][1] - merged[0][0] > 0.95 * widest:
            break
        spans = merged
        end += 1
    if len(spans) == 1:
        return None
    region = _Region(end, spans, is_tight)
    first, end = _trimmed(rows, start, end, region.gutters)
    return replace(region, end=end) if first == start and end > start + 1 else None


def _starts(rows: Sequence[Row | Table]) -> list[float]:
    """Where cells begin in several of the rows."""
    lefts = sorted(left for row in rows if isinstance(row, Row) for left, _ in row.spans[1:])
    return sorted({
        lefts[at] for at in range(len(lefts) - FEWEST_LINES + 1) if lefts[at + FEWEST_LINES - 1] - lefts[at] <= ALIGNED
    })  # fmt: skip


def _cells_at(row: Row | Table, starts: Sequence[float]) -> list[tuple[float, float]] | None:
    """The spans of a row whose cells all but touch; None where it has not two cells that begin at `starts`: a
    single word of a title can stand there by chance."""
    if isinstance(row, Table) or len(starts) < 2:
        return None
    pieces = row.split_at(starts)
    begun = sum(any(abs(left - start) <= ALIGNED for start in starts) for left, _ in pieces[1:])
    return pieces if begun >= 2 else None


def _header(flow: Flow, spans: Sequence[tuple[float, float]], size: float) -> list[Row]:
    """The last rows of `flow`, taken from it, whose words begin anew where each column of the table below them
    does, in letters of at most `size` points; two columns can meet a title's words by chance."""
    header: list[Row] = []
    while flow and len(header) < MOST_HEADER_ROWS and len(spans) >= 3:
        row = flow[-1]
        if not isinstance(row, Row) or row.size > 1.05 * size or abs(row.left - spans[0][0]) > ALIGNED:
            break
        if len(row.split_at([left for left, _ in spans[1:]])) != len(spans) or not _aligned(spans, row):
            break
        header.insert(0, row)
        flow.pop()
    return header


def _union(spans: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """The spans with those joined that overlap or lie closer than `least`."""
    joined: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if joined and left - joined[-1][1] < least:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _aligned(spans: Sequence[tuple[float, float]], row: Row | Table) -> list[tuple[float, float]] | None:
    """The spans with those of a row whose cells all but touch, but begin where those above do; None if they do not."""
    if isinstance(row, Table):
        return None
    pieces = row.split_at([left for left, _ in spans[1:]])
    joined = _union([*spans, *pieces], TIGHT)
    return joined if len(pieces) > 1 and len(joined) == len(spans) else None


def _trimmed(rows: Sequence[Row | Table], start: int, end: int, gutters: Sequence[float]) -> tuple[int, int]:
    """The region without headings and lone lines above and below it that happen to end before the gutter."""
    while end - start > 1 and _stands_out(rows[start], rows[start + 1], gutters):
        start += 1
    while end - start > 1 and _stands_out(rows[end - 1], rows[end - 2], gutters, below=True):
        end -= 1
    return start, end


def _stands_out(row: Row | Table, neighbour: Row | Table, gutters: Sequence[float], *, below: bool = False) -> bool:
    if isinstance(row, Table) or _side(row, gutters) != 0:
        return False
    if isinstance(neighbour, Table):
        return True
    larger = row.size > 1.08 * neighbour.size or (row.bold and not neighbour.bold)
    apart = abs(row.base - neighbour.base) > APART * max(row.size, neighbour.size)
    return larger or apart


def _side(row: Row | Table, gutters: Sequence[float]) -> int | None:
    """The column in which the whole row lies, or None."""
    at = sum(gutter < row.left for gutter in gutters)
    return at if at == sum(gutter < row.right for gutter in gutters) else None


def _is_parted(rows: Sequence[Row | Table], gutters: Sequence[float]) -> bool:
    """Whether the gaps at the gutters are wider than word spaces: in justified text these can be wide, too, and
    meet by chance."""
    ratios = []
    for row in rows:
        cells = [words for _, words in sorted(row.cells(gutters).items())] if isinstance(row, Row) else []
        spaces = [after.left - before.right for words in cells for before, after in pairwise(words)]
        if len(cells) >= 2 and spaces:
            gap = min(after[0].left - before[-1].right for before, after in pairwise(cells))
            ratios.append(gap / max(median(spaces), 0.1))
    return not ratios or median(ratios) >= WORD_SPACES


def _kind(rows: Sequence[Row | Table], gutters: Sequence[float]) -> str:
    """What a region is: "columns" of text, a "table", or "" where it is neither."""
    lines: list[list[tuple[float, float, int]]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        if isinstance(row, Table):
            at = _side(row, gutters)
            if at is not None:
                lines[at] += [(row.left, row.right, PROSE_CHARACTERS)] * FEWEST_LINES
            continue
        for at, words in row.cells(gutters).items():
            lines[at].append((words[0].left, words[-1].right, sum(len(word.text) + 1 for word in words)))
    if all(_is_prose(column) for column in lines) and not is_table(rows, gutters, certain=True):
        return "columns"
    if is_table(rows, gutters):
        return "table"
    return "columns" if all(len(column) >= FEWEST_LINES for column in lines) else ""


def _is_prose(lines: Sequence[tuple[float, float, int]]) -> bool:
    if len(lines) < FEWEST_LINES:
        return False
    width = max(right for _, right, _ in lines) - min(left for left, _, _ in lines)
    fill = median((right - left) / max(width, 1.0) for left, right, _ in lines)
    return fill >= PROSE_FILL and sum(count for *_, count in lines) / len(lines) >= PROSE_CHARACTERS
