"""Ruled tables of a PDF page: the cells that its lines make, and the words in them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.pdf.objects import Drawing, Rule
from ingest.extract.pdf.rows import rows_of
from ingest.extract.pdf.word import Word

NEAR = 3.0
"""Points within which two lines are one, or meet."""

MOST_CROSSINGS = 50_000
"""Of lines on a page that are looked at, about 20 ms; the gridlines of a plan are no table."""

MOST_CELL_WORDS = 60
"""Words a cell has on average in a table; more, and the lines only frame columns of text."""


PADDING = 8.0
"""Points between a cell's text and its line, and between two words, at most."""

MOST_LONE_WORDS = 30
"""The same for a table of one row, of which the others may stand on the next page."""


@dataclass(slots=True)
class Table:
    """A table's rows of cells, each cell the lines of words in it, and its place on the page, in points."""

    rows: list[list[list[Word]]]
    left: float
    right: float
    top: float
    bottom: float

    @property
    def spans(self) -> list[tuple[float, float]]:
        """As `Row.spans`: a table is as wide as it is."""
        return [(self.left, self.right)]


@dataclass(frozen=True, slots=True)
class _Grid:
    across: list[Rule]
    down: list[Rule]
    rows: list[float]
    columns: list[float]


def take_tables(words: Sequence[Word], drawing: Drawing) -> tuple[list[Table], list[Word]]:
    """The ruled tables, and the words that stand in none."""
    tables, rest = [], list(words)
    for grid in _grids(drawing):
        left, right, top, bottom = grid.columns[0], grid.columns[-1], grid.rows[0], grid.rows[-1]
        inside = [w for w in rest if left <= w.middle <= right and top <= w.base - w.size / 3 <= bottom]
        table = Table(_cells(grid, inside), left, right, top, bottom)
        if _is_table(table, len(inside)):
            taken = {id(word) for word in inside}
            tables.append(table)
            rest = [word for word in rest if id(word) not in taken]
    return tables, rest


def _is_table(table: Table, words: int) -> bool:
    cells = [sum(1 for cell in row if cell) for row in table.rows]
    filled = [count for count in cells if count >= 2]
    most = MOST_CELL_WORDS if len(cells) > 1 else MOST_LONE_WORDS
    return bool(filled) and (len(filled) >= 2 or len(cells) <= 2) and words <= most * sum(cells)


def _grids(drawing: Drawing) -> Iterator[_Grid]:
    """Groups of lines that meet, with at least a row and two columns between them."""
    across, down = _joined(drawing.across), _joined(drawing.down)
    if len(across) * len(down) > MOST_CROSSINGS:
        return
    group_of = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while group_of[at] != at:
            group_of[at] = group_of[group_of[at]]
            at = group_of[at]
        return at

    for at, rule in enumerate(across):
        for other, post in enumerate(down, start=len(across)):
            if _meet(rule, post):
                group_of[root(at)] = root(other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate([*across, *down]):
        groups.setdefault(root(at), ([], []))[0 if at < len(across) else 1].append(rule)
    for rules, posts in groups.values():
        if not rules or not posts:
            continue
        rows, top, bottom = _levels(rules), min(post.start for post in posts), max(post.end for post in posts)
        # Many tables are open at their sides.
        sides = [Rule(at, top, bottom) for at in (min(r.start for r in rules), max(r.end for r in rules))]
        columns = _levels([*posts, *sides])
        if len(rows) >= 2 and len(columns) >= 3:
            yield _Grid(rules, [*posts, *sides], rows, columns)


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """`rules` with pieces of one line in one: most programs draw a table's lines cell by cell."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / NEAR), rule.start)):
        last = joined[-1] if joined else None
        if last and abs(last.at - rule.at) <= NEAR and rule.start <= last.end + NEAR:
            joined[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _meet(across: Rule, down: Rule) -> bool:
    return across.start - NEAR <= down.at <= across.end + NEAR and down.start - NEAR <= across.at <= down.end + NEAR


def _levels(rules: Sequence[Rule]) -> list[float]:
    """The distinct places of parallel lines, in order."""
    levels: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not levels or at - levels[-1] > NEAR:
            levels.append(at)
    return levels


def _cells(grid: _Grid, words: Sequence[Word]) -> list[list[list[Word]]]:
    """The words of each cell by row, top to bottom; cells without a line between them are one."""
    rows: list[list[Word]] = [[] for _ in range(len(grid.rows) - 1)]
    for word in words:
        at = bisect_right(grid.rows, word.base - word.size / 3) - 1
        rows[min(max(at, 0), len(rows) - 1)].append(word)
    made = []
    for (top, bottom), row in zip(pairwise(grid.rows), rows, strict=True):
        middle = (top + bottom) / 2
        posts = _levels([post for post in grid.down if post.start - NEAR <= middle <= post.end + NEAR])
        for band in _bands(row, posts):
            cells: list[list[Word]] = [[] for _ in range(max(1, len(posts) - 1))]
            for word in band:
                cells[_column(word, posts)].append(word)
            made.append(cells)
    return made


def _column(word: Word, posts: Sequence[float]) -> int:
    return min(max(bisect_right(posts, word.middle) - 1, 0), max(0, len(posts) - 2))


def _bands(words: Sequence[Word], posts: Sequence[float]) -> Iterator[Sequence[Word]]:
    """The words between two lines across, by the table's rows: many tables have lines only down, or below groups."""
    lines = [row.words for row in rows_of(words)]
    if len(lines) < 2 or len(posts) < 3:
        yield words
        return
    band: list[Word] = []
    for above, line in zip([[], *lines], lines, strict=False):
        if band and _opens_row(_by_column(above, posts), _by_column(line, posts), posts):
            yield band
            band = []
        band = band + line
    yield band


def _by_column(line: Sequence[Word], posts: Sequence[float]) -> dict[int, list[Word]]:
    cells: dict[int, list[Word]] = {}
    for word in line:
        cells.setdefault(_column(word, posts), []).append(word)
    return cells


def _opens_row(above: dict[int, list[Word]], cells: dict[int, list[Word]], posts: Sequence[float]) -> bool:
    """Whether a line begins a row of its own: its first cell, and another, had room on the line above, or is
    a number below a number."""
    if 0 not in cells or 0 not in above or 2 * len(cells) < len(posts) - 1:
        return False
    own = {at for at in cells.keys() & above.keys() if _is_own(above[at], cells[at], posts[at + 1])}
    return 0 in own and len(own) >= 2


def _is_own(above: Sequence[Word], cell: Sequence[Word], end: float) -> bool:
    numbers = all(any(map(str.isdigit, w.text)) and not any(map(str.isalpha, w.text)) for w in (*above, *cell))
    return numbers or above[-1].right + cell[0].right - cell[0].left + PADDING < end
