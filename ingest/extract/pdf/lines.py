"""What the later steps need of a page: its lines in reading order, its table rows, its edges."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.extract.pdf.grids import Table, take_tables
from ingest.extract.pdf.layout import Flow, flows
from ingest.extract.pdf.objects import Drawing
from ingest.extract.pdf.rows import Row, rows_of
from ingest.extract.pdf.running import Edge, mark_edges
from ingest.extract.pdf.word import Word
from ingest.extract.pdf.words import Sheet
from ingest.reflow import join_later

NOTE_MARK = re.compile(r"\d+|[*†‡§]+")

DROP_CAP = 1.8
"""Of the page's usual size, from which a letter alone opens a chapter."""

MOST_CAPS = 20
"""On a page."""

MOST_ANGLES = 4
MOST_ASIDES = 100
"""Lines at one angle that are read: labels and margins; a map has thousands."""

FOOT_RULE = (0.08, 0.45)
"""Of the page's width: the least and the most that the rule above footnotes measures."""

FOOT_MARGIN = 8.0
"""Points within which it begins at the left margin."""

FURNITURE_ZONE = 0.2
"""Of the page's height, at its top and bottom: what lies between is no header, whatever its mark says."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. In points: its ends, its base, the usual size of its letters, the width of its first
    word and the gap behind that. `bold` is said of all its letters. `edge` as of a Word; `notes` are the
    marks of footnotes in it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    first: float
    gap: float
    edge: int = -1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of a table: the text of each cell, "" for an empty one. `edge` and `notes` as of a Line."""

    cells: tuple[str, ...]
    edge: int = -1
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Page:
    """A page as it is read. `foot`: where the rule above footnotes stands, in points from the top, infinite
    where there is none; `asides` are lines set at an angle; `sizes` counts characters by size in points."""

    number: int
    height: float
    foot: float = math.inf
    flows: list[list[Line | CellRow]] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)


def read_page(sheet: Sheet, drawing: Drawing, number: int) -> Page:
    """The lines of a page in reading order."""
    page = Page(number, sheet.height)
    angles = Counter[int]()
    for word in sheet.words:
        angles[word.angle] += len(word.text)
    main = angles.most_common(1)[0][0] if angles else 0
    words = _without_drop_caps(_without_furniture([word for word in sheet.words if word.angle == main], sheet.height))
    for word in words:
        page.sizes[rounded(word.size)] += len(word.text)
    tables: list[Table] = []
    rest = words
    if main == 0:
        page.edges = mark_edges(words, sheet.height)
        tables, rest = take_tables(words, drawing)
        page.foot = _foot(words, drawing, sheet)
    page.flows = [list(_lines(flow)) for flow in flows(rest, tables)]
    others = [angle for angle, _ in angles.most_common(MOST_ANGLES + 1) if angle != main]
    for angle in others:
        aside = [word for word in sheet.words if word.angle == angle]
        page.asides += [_line(row.words) for row in rows_of(aside)[:MOST_ASIDES]]
    return page


def _foot(words: Sequence[Word], drawing: Drawing, sheet: Sheet) -> float:
    """Where a short rule stands at the left margin with a footnote's number below it."""
    left = min((word.left for word in words), default=0.0)
    shortest, longest = (share * sheet.width for share in FOOT_RULE)
    for rule in sorted(drawing.across, key=lambda rule: rule.at):
        if rule.at < sheet.height / 3 or abs(rule.start - left) > FOOT_MARGIN:
            continue
        if shortest <= rule.end - rule.start <= longest:
            below = [word for word in words if word.base > rule.at]
            first = min(below, key=lambda word: (rounded(word.base), word.left), default=None)
            if first is not None and NOTE_MARK.fullmatch(first.text.strip("[]().")):
                return rule.at
    return math.inf


def rounded(size: float) -> float:
    """A font size in halves of a point."""
    return round(size * 2) / 2


def _without_furniture(words: list[Word], height: float) -> list[Word]:
    """`words` without the running headers and footers that their program marked as such."""
    inner = (FURNITURE_ZONE * height, (1 - FURNITURE_ZONE) * height)
    kept = [word for word in words if not word.furniture or inner[0] < word.base < inner[1]]
    return kept or words


def _without_drop_caps(words: list[Word]) -> list[Word]:
    """`words` with each large initial in front of the word that it begins."""
    if not words:
        return words
    size = median(word.size for word in words)
    caps = [w for w in words if len(w.text) == 1 and w.text.isupper() and w.size >= DROP_CAP * size]
    for cap in caps[:MOST_CAPS]:
        beside = [
            word
            for word in words
            if word.size < cap.size / DROP_CAP * 1.2
            and -1 <= word.left - cap.right < cap.size
            and cap.base - cap.size < word.base < cap.base + 0.2 * size
        ]
        if len({rounded(word.base) for word in beside}) < 2:
            continue
        first = min(beside, key=lambda word: (rounded(word.base), word.left))
        first.text = cap.text + first.text if first.text[0].islower() else f"{cap.text} {first.text}"
        words = [word for word in words if word is not cap]
    return words


def _lines(flow: Flow) -> Iterator[Line | CellRow]:
    for row in flow:
        if isinstance(row, Row):
            yield _line(row.words)
        else:
            yield from _cell_rows(row)


def _cell_rows(table: Table) -> Iterator[CellRow]:
    for row in table.rows:
        cells = tuple(map(_cell_text, row))
        edges = {word.edge for cell in row for word in cell}
        if any(cells):
            notes = tuple(mark for cell in row for word in cell for mark in NOTE_MARK.findall(word.notes))
            yield CellRow(cells, edges.pop() if len(edges) == 1 else -1, notes)


def _cell_text(words: Sequence[Word]) -> str:
    text = ""
    for row in rows_of(words):
        line = spaced(row.words)
        is_mark = text and not any(map(str.isalnum, line)) and len(line) == 1  # pushed out of a narrow cell
        text = text + line if is_mark else join_later(text, line)
    return text


def _line(words: Sequence[Word]) -> Line:
    weights = Counter[float]()
    for word in words:
        weights[word.size] += len(word.text)
    edges = {word.edge for word in words}
    return Line(
        text=spaced(words),
        left=words[0].left,
        right=max(word.right for word in words),
        base=median(word.base for word in words),
        size=weights.most_common(1)[0][0],
        bold=all(word.bold for word in words if any(map(str.isalnum, word.text))),
        first=words[0].right - words[0].left,
        gap=words[1].left - words[0].right if len(words) > 1 else 0.0,
        edge=edges.pop() if len(edges) == 1 else -1,
        notes=tuple(mark for word in words for mark in NOTE_MARK.findall(word.notes)),
    )


def spaced(words: Sequence[Word]) -> str:
    """The words with a space between them."""
    return " ".join(word.text for word in words)
