"""What stands between two pieces of a page's main content and belongs to it: headings, lists, paragraphs.

On pages of nested containers, as page builders and city content systems make them, trafilatura's fallback
keeps long paragraphs only. What it skipped in between is taken back where nothing speaks against it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.web.markup import FURNITURE, read_pieces, tag_of

_FURNISHES = re.compile(
    r"(?<![a-z])(?:nav|menu|side|foot|comment|cookie|consent|banner|shar(?:e|ing)|social|relat|crumb|teaser|search|login"
    r"|modal|popup|promo|ads?(?![a-z])|advert|sponsor|tag(?:s|list|cloud)|meta(?![a-z])|pager|pagin|copyright|author"
    r"|byline|caption|newsletter|subscri|recommend|more(?![a-z])|popular|toolbar|gallery|slide|carousel|widget[-_]area|toc)",
    re.IGNORECASE,
)
_FURNITURE_TAGS = FURNITURE | {"form", "figure", "figcaption", "dialog", "fieldset", "details", "menu", "address"}
_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)\]]*$")

MOST_PIECES = 5_000
"""Pieces of a page that are looked through; each is looked up in the text that was found."""

MOST_LINKED = 0.4
"""The share of a piece's text in links above which it leads elsewhere."""

NEAR = 20
"""Found pieces before the one at hand among which the beginning of a list entry is sought after the lists in it."""

FEWEST_WORDS = 8
"""Words in a paragraph that is taken back; shorter ones are captions, dates and labels."""

FEWEST_LETTERS = 4
"""Letters of a heading or an entry that is taken back; shorter ones are buttons and initials."""

FEWEST_SHARED = 20
"""Characters of a piece that is sought within every longer one; a shorter one only where it should stand."""


Piece = tuple[Block, Any]
"""A block of the page and the element that holds it."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Pieces that were not found, after the found block number `place` and before `end`."""

    place: int
    pieces: tuple[Piece, ...]
    end: Block


def with_gaps_filled(found: Sequence[Block], tree: Any, generous: Callable[[], Sequence[Block]]) -> tuple[Block, ...]:
    """`found`, in its order and whole, with what was skipped between its pieces.

    `tree`: the page. `generous` finds more of its text than belongs to it: a piece is taken back only if it
    is among that too, and if everything in its gap is content.
    """
    pieces = list(read_pieces(tree, FURNITURE))
    if len(pieces) > MOST_PIECES:
        return tuple(found)
    places = _places(found, [block.text for block, _ in pieces])
    holding = {above for (_, element), place in zip(pieces, places, strict=True) if place is not None
               for above in (element, *element.iterancestors())}  # fmt: skip
    gaps = [gap for gap in _gaps(pieces, places) if all(_is_content(*piece, holding) for piece in gap.pieces)]
    allowed = "\n".join(block.text for block in generous()) if gaps else ""
    after: dict[int, list[Block]] = {}
    for gap in gaps:
        after.setdefault(gap.place, []).extend(_taken(gap, allowed))
    parts = _parts(found, pieces, places)
    return tuple(block for at, one in enumerate(found) for block in (*parts.get(at, (one,)), *after.get(at, ())))


def _parts(found: Sequence[Block], pieces: Sequence[Piece], places: Sequence[int | None]) -> dict[int, list[Block]]:
    """The found blocks that run several pieces of the page together, as cells of a layout do, taken apart again."""
    parts: dict[int, list[Block]] = {}
    for place, run in groupby(zip(pieces, places, strict=True), key=lambda pair: pair[1]):
        blocks = [block for (block, _), _ in run]
        if place is not None and len(blocks) > 1 and _words(blocks) == _words([found[place]]):
            parts[place] = blocks
    return parts


def _words(blocks: Sequence[Block]) -> list[str]:
    return [word for block in blocks for word in block.text.split() if word != "|"]


def _places(found: Sequence[Block], texts: Sequence[str]) -> list[int | None]:
    """For each text of the page the number of the found block that holds it, or None."""
    numbers: dict[str, int] = {}
    for number, block in enumerate(found):
        numbers.setdefault(block.text, number)
    places: list[int | None] = []
    last = 0
    for text in texts:
        place = numbers.get(text)
        if place is None:
            near = (
                range(len(found))
                if len(text) >= FEWEST_SHARED
                else range(max(0, last - NEAR), min(last + 2, len(found)))
            )
            place = next((number for number in near if text in found[number].text), None)
        last = last if place is None else place
        places.append(place)
    return places


def _gaps(pieces: Sequence[Piece], places: Sequence[int | None]) -> Iterator[_Gap]:
    """Runs of pieces that were not found between two that were."""
    last: int | None = None
    gap: list[Piece] = []
    for piece, place in zip(pieces, places, strict=True):
        if place is None:
            gap.append(piece)
            continue
        if last is not None and gap and last <= place:
            yield _Gap(last, tuple(gap), piece[0])
        last, gap = place, []


def _taken(gap: _Gap, allowed: str) -> list[Block]:
    """What to take back of a gap: a heading also where a paragraph follows that belongs to the content."""
    taken: list[Block] = []
    after = gap.end
    for block, _ in reversed(gap.pieces):
        names = block.kind is BlockKind.HEADING and len(after.text.split()) >= FEWEST_WORDS
        if names or block.text in allowed:
            taken.append(block)
            after = block
    return taken[::-1]


def _is_content(block: Block, element: Any, holding: set[Any]) -> bool:
    if sum(map(str.isalpha, block.text)) < FEWEST_LETTERS or _is_furniture(element, holding):
        return False
    if block.kind is not BlockKind.TEXT:
        return True
    return len(block.text.split()) >= FEWEST_WORDS and bool(_SENTENCE.search(block.text))


def _is_furniture(element: Any, holding: set[Any]) -> bool:
    """Whether the element, or one around it that holds nothing of what was found, is no content."""
    inside = element
    while inside is not None and inside not in holding:
        if tag_of(inside) in _FURNITURE_TAGS or _FURNISHES.search(f"{inside.get('class', '')} {inside.get('id', '')}"):
            return True
        if tag_of(inside) in {"p", "li", "ul", "ol", "table", "div", "td"} and _is_linked(inside):
            return True
        inside = inside.getparent()
    return False


def _is_linked(element: Any) -> bool:
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return linked > MOST_LINKED * len(element.text_content())
