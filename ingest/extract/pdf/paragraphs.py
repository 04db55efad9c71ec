"""Lines of a PDF page in reading order become paragraphs, list items and table rows."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.base import BlockKind
from ingest.extract.office.common import MOST_ROW_WORDS, row_text
from ingest.extract.pdf.lines import CellRow, Line
from ingest.reflow import join_later

SAME_SIZE = 0.08
"""Sizes that differ by a smaller share are one: programs round them."""

LEADING = 1.18
"""Lines farther apart than this many times the usual are of two paragraphs."""

INDENT = 0.8
"""Of the size of the letters: a line that begins this much farther right opens a paragraph."""

LARGE = 1.15
"""Times the body's size: titles, whose lines break where they look best."""

DEFAULT_LEADING = 1.25
"""Bases of two lines of a paragraph are this many sizes apart where the page does not tell."""

WIDEST_LEADING = 2.2
"""In sizes; what is farther apart is two paragraphs, even where text is double spaced."""

HANGING = 0.6
"""In sizes: the gap behind a letter that serves as a bullet."""

ENDING = 8
"""Characters of a text that tell how it ends."""

END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_OPENING = re.compile(r"[„“\"«(\[]?[\dA-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĢĪĮĶĹĻŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽ]")
_BULLET = re.compile(r"(?:[•●▪■◦‣∙·*➢➤►✓✔❖\uf000-\uf0ff]|[–—-](?=\s))\s*(?=\S)")
_NUMBER = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_GLUED_NUMBER = re.compile(r"^((?:\d{1,2}\.)+)(?=[^\W\d_]{2})")
_LEADERS = re.compile(r"\s*(?:[.…·_]\s?){4,}\s*|(?:\s?\.){2,}$")
NOTE = re.compile(r"(?:\[?(?P<number>\d{1,3})\]?|(?P<sign>[*†‡§]{1,3}))[.)]?\s*(?=[^\W\d_]|[\"„“(«])")


@dataclass(slots=True)
class Paragraph:
    """A piece of a page. In points: the size of its letters, the bases of its first and last line, where its first
    line begins, and the distance to the line `above` it, 0 where there is none. `full`: whether its last line
    reaches the end of the column, so that it may go on in the next; `leaders`: whether dots led to a number;
    `number`: its page; `notes`: the marks of footnotes in it, and of a footnote its own."""

    kind: BlockKind
    text: str
    size: float
    bold: bool
    first: float
    last: float
    left: float
    above: float = 0.0
    lines: int = 1
    full: bool = False
    numbered: bool = False
    leaders: bool = False
    number: int = 0
    notes: tuple[str, ...] = ()


def paragraphs(flow: Sequence[Line | CellRow], body: float, foot: float = math.inf) -> list[Paragraph]:
    """The paragraphs of a column or a page's width. In points, `body`: the usual size of the document's letters,
    `foot`: as of a Page."""
    lines = [line for line in flow if isinstance(line, Line)]
    column = _Column(lines, body, foot)
    made: list[Paragraph] = []
    before: Line | None = None
    for item in flow:
        if isinstance(item, CellRow):
            made += _row(item, body)
            before = None
        elif before is not None and not column.parts(before, item, made[-1]):
            _extend(made[-1], item, column)
            before = item
        else:
            made.append(column.opened(item, before))
            before = item
    return made


def _row(row: CellRow, body: float) -> Iterator[Paragraph]:
    """A table's row, or the cells of one that only lays out a page, as in office formats."""
    long = sum(len(cell.split()) for cell in row.cells) > MOST_ROW_WORDS
    for text in filter(None, row.cells) if long else [row_text(row.cells)]:
        yield Paragraph(BlockKind.TEXT if long else BlockKind.ROW, text, body, False, 0, 0, 0, notes=row.notes)


def _extend(paragraph: Paragraph, line: Line, column: "_Column") -> None:
    paragraph.text = join_later(paragraph.text, line.text)
    paragraph.notes += line.notes
    paragraph.last, paragraph.lines = line.base, paragraph.lines + 1
    paragraph.bold = paragraph.bold and line.bold
    paragraph.full = column.is_full(line)


class _Column:
    """What is usual in a column: where its lines end, how far they stand apart."""

    def __init__(self, lines: Sequence[Line], body: float, foot: float) -> None:
        self.body, self.foot = body, foot
        rights = sorted(line.right for line in lines)
        self.right = (rights[int(0.9 * (len(rights) - 1))] if len(rights) >= 5 else rights[-1]) if rights else 0.0
        self.leading = _leading(lines)
        self.note = 0

    def is_full(self, line: Line) -> bool:
        """Whether hardly a word more had room on the line."""
        return line.right > self.right - 4 * line.size

    def parts(self, before: Line, line: Line, paragraph: Paragraph) -> bool:
        """Whether `line` opens a paragraph of its own."""
        if self._is_set_apart(before, line) or paragraph.leaders or self._opens_note(line):
            return True
        begins_item = _begins_item(line)
        if line.size >= LARGE * self.body and not begins_item:
            return False
        is_deliberate = self._is_deliberate(before, line)
        ended = bool(END.search(before.text[-ENDING:])) or before.text.endswith(",")
        is_fresh = is_deliberate or ended
        return (
            (before.bold != line.bold and (is_fresh or not line.text[:1].islower()))
            or (begins_item and (is_fresh or paragraph.kind is BlockKind.ITEM))
            or (is_fresh and self._is_indented(before, line, paragraph))
            or (is_deliberate and (ended or bool(_OPENING.match(line.text))))
        )

    def _is_set_apart(self, before: Line, line: Line) -> bool:
        """Whether the line stands apart from the one before, or is set in another size."""
        step = line.base - before.base
        return (
            abs(before.size - line.size) > SAME_SIZE * max(before.size, line.size)
            or step <= 0
            or step > LEADING * self.leading * line.size + 0.5
            or before.base < self.foot < line.base
        )

    def opened(self, line: Line, before: Line | None) -> Paragraph:
        """The paragraph that begins with `line`."""
        text, kind, numbered = _GLUED_NUMBER.sub(r"\1 ", line.text), BlockKind.TEXT, False
        if is_bullet(line):
            kind, text = BlockKind.ITEM, _without_bullet(text)
        elif _NUMBER.match(text):
            kind, numbered = BlockKind.ITEM, True
        has_leaders = bool(_LEADERS.search(text))
        if has_leaders:
            text = _LEADERS.sub(" ", text).strip()
        above = line.base - before.base if before is not None else 0.0
        return Paragraph(
            kind, text, line.size, line.bold, line.base, line.base, line.left, above,
            full=self.is_full(line), numbered=numbered, leaders=has_leaders, notes=line.notes,
        )  # fmt: skip

    def _is_deliberate(self, before: Line, line: Line) -> bool:
        """Whether the line's first word had room on the line before: its writer broke it."""
        return before.right + 0.25 * line.size + line.first < self.right - 1

    def _is_indented(self, before: Line, line: Line, paragraph: Paragraph) -> bool:
        """Whether the line begins farther right or left than the paragraph goes on."""
        shift = line.left - before.left
        if paragraph.lines == 1:  # a first line may hang out, or be indented itself
            return shift > INDENT * line.size and paragraph.kind is not BlockKind.ITEM
        return abs(shift) > INDENT * line.size

    def _opens_note(self, line: Line) -> bool:
        """Whether the line begins with the number that follows that of the note above."""
        is_below = line.size < self.body / (1 + SAME_SIZE) or line.base > self.foot
        found = NOTE.match(line.text) if is_below else None
        number = int(found[1]) if found and found[1] else 0
        if number and number == self.note + 1:
            self.note = number
            return True
        self.note = self.note or number
        return bool(found) and not number


def _leading(lines: Sequence[Line]) -> float:
    """How many sizes apart the lines of a paragraph stand: the least distance that comes often."""
    steps = Counter(
        round((after.base - before.base) / before.size, 1)
        for before, after in pairwise(lines)
        if abs(after.size - before.size) <= SAME_SIZE * before.size
    )
    usual = {step: count for step, count in steps.items() if 0.9 <= step <= WIDEST_LEADING}
    pairs = sum(usual.values())
    often = [step for step, count in usual.items() if count >= max(2, 0.15 * pairs)]
    return min(often, default=min(usual, default=DEFAULT_LEADING)) if pairs else DEFAULT_LEADING


def is_bullet(line: Line) -> bool:
    """Whether a line begins with a bullet; "o" is one where a gap follows, else a word."""
    if line.text.startswith("o "):
        return line.gap >= HANGING * line.size
    return bool(_BULLET.match(line.text))


def _without_bullet(text: str) -> str:
    return text[2:].lstrip() if text.startswith("o ") else _BULLET.sub("", text, count=1)


def _begins_item(line: Line) -> bool:
    return is_bullet(line) or bool(_NUMBER.match(line.text))


def joined(columns: Sequence[list[Paragraph]]) -> list[Paragraph]:
    """The paragraphs of a page; one that goes on in the next column is whole."""
    page: list[Paragraph] = []
    for column in columns:
        rest = list(column)
        if page and rest and _goes_on(page[-1], rest[0]):
            page[-1].text = join_later(page[-1].text, rest[0].text)
            page[-1].notes += rest[0].notes
            page[-1].full, page[-1].lines = rest[0].full, page[-1].lines + rest[0].lines
            rest = rest[1:]
        page += rest
    return page


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    if before.kind not in {BlockKind.TEXT, BlockKind.ITEM} or after.kind is not BlockKind.TEXT or not after.text:
        return False
    alike = before.bold == after.bold and abs(before.size - after.size) <= SAME_SIZE * before.size
    if not alike or END.search(before.text[-ENDING:]) or after.leaders or before.leaders:
        return False
    return after.text[0].islower() or (before.full and before.lines > 1 and after.lines > 1 and not after.bold)
