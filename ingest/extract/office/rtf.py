"""RTF: paragraphs, headings, lists and tables, each footnote behind its paragraph; place = heading.

A reader of our own: striprtf gives one text without headings, lists and notes.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.office import common, looks
from ingest.extract.office.rtf_header import Font, Header, read_header
from ingest.extract.office.rtf_story import Story, Table
from kb.types import PlaceKind

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SIGNS = {
    **dict.fromkeys(("tab", "line", "emspace", "enspace", "qmspace", "page", "column", "softline"), " "),
    **{"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
}
_LEFT_OUT = {
    *("fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "pgdsctbl", "revtbl", "info"),
    *("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
    *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "annotation", "atnid", "atnauthor"),
    *("pict", "nonshppict", "objdata", "fldinst", "bkmkstart", "bkmkend", "xe", "tc", "tcn", "rxe"),
    *("sp", "shprslt", "nonesttables", "mmathPict"),
}
"""Groups that are not the text; of some, such as shprslt, another says the same."""

_READ_THOUGH_OPTIONAL = {"shpinst", "do", "ud", "moMath", "moMathPara", "mmath", "nesttableprops", "footnote"}
"""Groups marked for readers that know them, as this one does."""

_SWITCHES = {"b": "bold", "v": "hidden", "deleted": "deleted", "ls": "listed"}
_VALUES = {"f": "font", "uc": "spare", "s": "style", "outlinelevel": "level"}
_BODY_LEVEL = 9
"""The outline level of body text; 0 to 8 are headings."""

_RESETS: dict[str, dict[str, Any]] = {
    "plain": {"bold": False, "hidden": False, "deleted": False},
    "pard": {"style": 0, "level": _BODY_LEVEL, "listed": False, "depth": 0},
}
_STORIES = {"footnote": "note", "shptxt": "box", "dptxbxtext": "box"}
_ENDS = {"par", "sect", "cell", "nestcell", "row", "nestrow"}
_KNOWN = {"u", "ud", "upr", "listtext", "pntext", "intbl", "itap", *_ENDS} | (
    _SIGNS.keys() | _LEFT_OUT | _STORIES.keys() | _SWITCHES.keys() | _VALUES.keys() | _RESETS.keys()
)
"""Of the many control words those that tell something; most only say how the text looks."""

MOST_GROUPS = 5_000
"""Groups inside each other; a text has some dozens."""

MOST_TABLES = 30
"""Tables inside each other."""


class RtfExtractor:
    """Reads Rich Text Format, under whatever name."""

    format = "rtf"
    suffixes = frozenset({".rtf"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{\\rtf")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        data = path.read_bytes()
        header = read_header(data)
        reader = _Reader(header)
        blocks = tuple(looks.with_bold_headings(reader.read(data)))
        remarks = tuple(reader.remarks)
        return Extraction(self.format, PlaceKind.SECTION, blocks, header.title, header.date, remarks=remarks)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds until a group ends."""

    story: Story
    is_left_out: bool = False
    font: int = -1
    spare: int = 1  # characters behind a Unicode one that stand in for it
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    style: int = 0
    level: int = _BODY_LEVEL
    listed: bool = False
    depth: int = 0  # of tables
    has_twin: bool = False  # of a text in letters of the code page that comes in Unicode too, the twin is read


class _Reader:
    """Reads one file."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._state = _State(Story("body"))
        self._groups: list[_State] = []
        self._is_optional = False  # \* stood before the next control word
        self._spare = 0  # characters left that only stand in for a Unicode one
        self.remarks: list[str] = []

    def read(self, data: bytes) -> list[Block]:
        """All blocks. Raises Refused where groups nest deeper than MOST_GROUPS."""
        at = 0
        while match := _TOKEN.match(data, at):
            at = match.end()
            word, number, code, sign, brace, text = match.groups()
            if text:
                self._bytes(text)
            elif word:
                at += self._control(word.decode("ascii"), int(number) if number else None)
            elif code:
                self._bytes(bytes([int(code, 16)]))
            elif brace:
                self._brace(brace)
                if not self._groups:
                    break
            elif sign:
                self._sign(sign)
        if self._groups:
            self.remarks.append("ends in the middle: an interrupted download, perhaps")
        while self._groups:
            self._brace(b"}")
        self._end_paragraph()
        return self._state.story.all_blocks()

    def _brace(self, brace: bytes) -> None:
        self._spare, self._is_optional = 0, False
        if brace == b"{":
            if len(self._groups) >= MOST_GROUPS:
                raise Refused("nests its contents thousands of levels deep: copy its text into a new document")
            self._groups.append(self._state)
        elif self._groups:
            outer = self._groups.pop()
            if self._state.story is not outer.story:
                self._end_paragraph()
                blocks = self._state.story.all_blocks()
                if self._state.story.kind == "note" and blocks:
                    blocks = [Block(BlockKind.TEXT, " ".join(block.text for block in blocks))]
                outer.story.beside += blocks
            self._state = outer

    def _control(self, word: str, number: int | None) -> int:
        """Obey a control word. Returns the number of bytes behind it that are data."""
        is_optional, self._is_optional = self._is_optional, False
        if word == "bin":
            return max(0, number or 0)
        if word not in _KNOWN and not is_optional:
            return 0
        if self._state.is_left_out and word != "ud":
            return 0
        if word == "u" and number is not None:
            self._text(chr(number % 0x10000))
            self._spare = self._state.spare
        elif word in _SIGNS:
            self._text("" if self._spare else _SIGNS[word])
            self._spare = max(0, self._spare - 1)
        elif word in {"listtext", "pntext"}:
            self._state.story.is_item = True
            self._state = replace(self._state, is_left_out=True)
        elif word in _LEFT_OUT or (is_optional and word not in _READ_THOUGH_OPTIONAL):
            self._state = replace(self._state, is_left_out=True)
        elif word in _STORIES:
            self._state = _State(Story(_STORIES[word]), font=self._state.font, spare=self._state.spare)
        elif word == "upr":
            self._state = replace(self._state, is_left_out=True, has_twin=True)
        elif word == "ud":
            self._state = replace(self._state, is_left_out=self._state.is_left_out and not self._state.has_twin)
        elif word in _ENDS:
            self._end(word)
        elif changes := _changes(word, number, self._state.depth):
            self._state = replace(self._state, **changes)
        return 0

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_optional = True
        elif sign in b"\r\n":
            self._end_paragraph()
        elif sign in b"~_":
            self._text(" " if sign == b"~" else "-")
        elif sign in b"\\{}":
            self._bytes(sign)

    def _text(self, text: str) -> None:
        state = self._state
        if not (state.is_left_out or state.hidden or state.deleted):
            state.story.flush()
            state.story.text.append(text)
            state.story.is_bold &= state.bold or not text.strip()

    def _bytes(self, data: bytes) -> None:
        state, story = self._state, self._state.story
        passed = min(self._spare, len(data))
        self._spare -= passed
        data = data[passed:]
        if not data or state.is_left_out or state.hidden or state.deleted:
            return
        font = self._header.fonts.get(state.font, Font())
        if font.symbols:
            self._text("".join(looks.symbol(0xF000 | code, font.symbols) for code in data))
            return
        codec = font.codec or self._header.codec
        if codec != story.codec:
            story.flush()
            story.codec = codec
        story.raw += data
        story.is_bold &= state.bold or not data.strip()

    def _end_paragraph(self) -> None:
        state, story, header = self._state, self._state.story, self._header
        if state.is_left_out:
            return
        story.flush()
        pairs = "".join(story.text).encode("utf-16", "surrogatepass")  # a sign beyond 16 bits comes in two parts
        text = common.plain(pairs.decode("utf-16", "replace"))
        made = story.beside
        if text and not header.is_contents(state.style):
            if state.level < _BODY_LEVEL or header.is_heading(state.style):
                block = Block(looks.heading_or_text(text), text)
            elif story.is_item or state.listed or header.is_item(state.style):
                block = Block(BlockKind.ITEM, text)
            else:
                block = looks.paragraph(text, all_bold=story.is_bold)
            made = [block, *made]
        place = story.tables.setdefault(state.depth, Table()).cell if state.depth else story.blocks
        place += made
        story.text, story.beside, story.is_bold, story.is_item = [], [], True, False

    def _end(self, word: str) -> None:
        """End the paragraph, and, where the word says so, the cell or row with it."""
        if word in {"par", "sect"}:
            self._end_paragraph()
            return
        depth = max(self._state.depth, 2) if word.startswith("nest") else 1
        story, kept = self._state.story, self._state
        if story.text or story.raw or story.beside:
            self._state = replace(kept, depth=depth)
            self._end_paragraph()
            self._state = kept
        table = story.tables.setdefault(depth, Table())
        if word.endswith("cell"):
            table.cells.append(table.cell)
            table.cell = []
            return
        del story.tables[depth]
        rows = list(common.row([*table.cells, table.cell]))
        if depth > 1:
            story.tables.setdefault(depth - 1, Table()).cell.extend(rows)
        else:
            story.blocks += rows


def _changes(word: str, number: int | None, depth: int) -> dict[str, Any]:
    """What a control word on the looks of the text changes, in a table of this depth."""
    value = max(0, number or 0)
    if word in _SWITCHES:
        return {_SWITCHES[word]: number != 0}
    if word in _VALUES:
        return {_VALUES[word]: value}
    if word == "intbl":
        return {"depth": max(depth, 1)}
    if word == "itap":
        return {"depth": min(value, MOST_TABLES)}
    return _RESETS.get(word, {})
