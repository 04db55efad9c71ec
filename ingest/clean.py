"""From raw blocks to knowledge: characters, residue, running headers, line ends, boilerplate.

Each step is a function from blocks to blocks, or text to text; `clean` knows their order.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Protocol, TypeVar

from ingest.boilerplate import without_boilerplate
from ingest.extract.base import Block, BlockKind
from ingest.reflow import join_line_ends, join_lines, reflow

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# pdfium writes U+0002 or U+FFFE for a hyphen that a line end made.
_BREAK_HYPHENS = {"\x02": "-", "\ufffe": "-"}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None)
_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf076\uf0fc"), "•")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000"), " ")
_CHARACTERS = str.maketrans({**_LIGATURES, **_BREAK_HYPHENS}) | _INVISIBLE | _BULLETS | _SPACES
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# What Word leaves behind when a document is copied or converted. None is long: a text of nothing but beginnings
# would otherwise be searched to its end at each.
_RESIDUE = re.compile(
    r"""\[bookmark:[^\]]{0,500}\]
      | \bError!\ (?:Bookmark|Reference\ source)\ not\ (?:defined|found)\.?
      | \{\s{0,50}(?:HYPERLINK|PAGEREF|REF|TOC|MERGEFIELD|INCLUDEPICTURE|SEQ|FORMTEXT)\b[^}]{0,2000}\}
      | \b_(?:GoBack|Toc\d+|Ref\d+|Hlk\d+)\b
      | \[(?:if|endif)\b[^\]]{0,500}\] | <!--\[.{0,2000}?\]-->
      | \bmso-[a-z-]{1,100}:[^;]{0,500};
    """,
    re.VERBOSE | re.IGNORECASE,
)

PAGE_NUMBER = re.compile(
    r"""[-–—|\s]*
        (?:(?:page|p\.|pages|strona|str\.|seite|s\.|lpp\.|lappuse|puslapis|psl\.)\s*)?
        \d{1,4}
        (?:\s*(?:/|of|z|von|no|iš)\s*\d{1,4})?
        (?:\s*\.?\s*(?:lpp\.?|lappuse|psl\.?|puslapis))?
        [-–—|\s]*""",
    re.VERBOSE | re.IGNORECASE,
)

HIGHEST_PILE = 30
"""Marks on one letter, as Unicode's Stream-Safe Text Format has it; no language needs more than five."""

RUNNING_LINES = 3
"""How many lines at the top and at the bottom of a page can be a running header or footer."""

RUNNING_SHARE = 0.5
"""A line that stands there on this share of the pages (at least three) is one."""


def clean(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks of knowledge: no LINES any more, nothing that only furnishes the page."""
    readable = [replace(block, text=clean_characters(block.text)) for block in blocks]
    paragraphs = [made for block in _without_running_lines(readable) for made in _paragraphs(block)]
    spaced = [replace(block, text=" ".join(join_line_ends(block.text).split())) for block in paragraphs]
    said = [block for block in spaced if _says_something(block.text)]
    return tuple(joined_across_pages(without_boilerplate(_without_echoes(said))))


def clean_characters(text: str) -> str:
    """NFC letters without soft hyphens, ligatures, control characters and Word residue."""
    text = _without_piles(text.translate(_CHARACTERS)).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(" ", _RESIDUE.sub(" ", text))
    return unicodedata.normalize("NFC", text)


def _without_piles(text: str) -> str:
    """`text` with at most HIGHEST_PILE marks on a letter: normalising takes the square of their number."""
    return text if text.isascii() else _pile().sub(r"\1", text)


@lru_cache(maxsize=1)
def _pile() -> re.Pattern[str]:
    marks = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(letter))
    return re.compile(f"([{marks}]{{{HIGHEST_PILE}}})[{marks}]+")


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s+|$)")


class Piece(Protocol):
    """A dataclass with the kind, the text and the page of a block."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def kind(self) -> BlockKind: ...
    @property
    def text(self) -> str: ...
    @property
    def number(self) -> int: ...


AnyPiece = TypeVar("AnyPiece", bound=Piece)


def joined_across_pages(blocks: Sequence[AnyPiece], join: Callable[[str, str], str] = join_lines) -> list[AnyPiece]:
    """`blocks` with sentences that run over a page's end whole, on the page where they begin."""
    joined: list[AnyPiece] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before is None or not _runs_on(before, block):
            joined.append(block)
            continue
        end = _SENTENCE_END.search(block.text)
        at = end.end() if end else len(block.text)
        kind = BlockKind.TEXT if before.kind is BlockKind.HEADING else before.kind
        joined[-1] = replace(before, kind=kind, text=join(before.text, block.text[:at].rstrip()))
        if block.text[at:]:
            joined.append(replace(block, text=block.text[at:]))
    return joined


def _runs_on(before: Piece, block: Piece) -> bool:
    flows = {BlockKind.TEXT, BlockKind.ITEM}
    # The first line of a paragraph, alone at a page's end, looks like a heading.
    if before.number == block.number or block.kind not in flows or before.kind not in flows | {BlockKind.HEADING}:
        return False
    return block.text.lstrip('([„“"«')[:1].islower() and not re.search(r"[.!?…:;][\"'”’»)\]]*$", before.text)


def _without_echoes(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` without the short paragraphs that repeat a heading, as captions and alt texts do."""
    headings: set[str] = set()
    kept = []
    for block in blocks:
        shape = block.text.casefold()
        if block.kind is BlockKind.HEADING:
            headings.add(shape)
        elif shape in headings:
            continue
        kept.append(block)
    return kept


def _paragraphs(block: Block) -> list[Block]:
    if block.kind is not BlockKind.LINES:
        return [block]
    return [replace(made, confidence=block.confidence, hidden=block.hidden) for made in reflow(block)]


def _without_running_lines(blocks: Sequence[Block]) -> list[Block]:
    pages = [block for block in blocks if block.kind is BlockKind.LINES and block.number]
    if not pages:
        return list(blocks)
    seen = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page.text)})
    most = max(3, RUNNING_SHARE * len(pages))
    running = {shape for shape, count in seen.items() if count >= most}
    return [
        _without_edges(block, running) if block.number and block.kind is BlockKind.LINES else block for block in blocks
    ]


def _shape(line: str) -> str:
    """A line with the number at its beginning or end masked, so that "Report | 3" and "Report | 4" are
    the same, and "District 3 has a library" and "District 4 has a library" are not."""
    return re.sub(r"^\d+\b|\b\d+$", "#", " ".join(line.split()).lower())


def _edges(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [*lines[:RUNNING_LINES], *lines[RUNNING_LINES:][-RUNNING_LINES:]]


def _without_edges(page: Block, running: set[str]) -> Block:
    lines = page.text.splitlines()
    filled = [number for number, line in enumerate(lines) if line.strip()]
    edge = {*filled[:RUNNING_LINES], *filled[RUNNING_LINES:][-RUNNING_LINES:]}
    kept = [
        line
        for number, line in enumerate(lines)
        if number not in edge or not (_shape(line) in running or PAGE_NUMBER.fullmatch(line))
    ]
    return replace(page, text="\n".join(kept))
