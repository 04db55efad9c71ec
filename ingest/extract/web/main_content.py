"""The main content of a web page, as trafilatura tells it from what surrounds it.

Its defaults are the base, since no others did better on pages whose text is known
(docs/decisions/web-pages.md); only readers' comments, which it keeps apart, are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.office.common import row_text
from kb.text import CELLS

_KINDS = {"head": BlockKind.HEADING, "item": BlockKind.ITEM, "row": BlockKind.ROW}
_INLINE = frozenset({"a", "b", "code", "del", "em", "fw", "hi", "i", "ref", "span", "strong", "sub", "sup", "u"})


@dataclass(frozen=True, slots=True)
class MainContent:
    """What trafilatura finds in a page; "" where the page does not say."""

    blocks: tuple[Block, ...]
    title: str = ""
    date: str = ""
    url: str = ""

    @property
    def size(self) -> int:
        """Characters of text."""
        return sum(len(block.text) for block in self.blocks)


def main_content(tree: Any, *, recall: bool = False, comments: bool = True) -> MainContent:
    """The main content of an lxml.html tree, which stays as it is; without blocks where none is found.

    `recall` prefers too much to too little. `comments`: look for readers' comments and put them aside, instead of
    cutting out beforehand whatever is named so. Raises what trafilatura does on pages it cannot bear.
    """
    import trafilatura

    found: Any = trafilatura.bare_extraction(tree, favor_recall=recall, include_comments=comments, with_metadata=True)
    if found is None:
        return MainContent(())
    blocks = tuple(_blocks(found.body)) if found.body is not None else ()
    return MainContent(blocks, found.title or "", found.date or "", found.url or "")


def _blocks(element: Any) -> Iterator[Block]:
    """Blocks of trafilatura's XML below `element`, each text once, whatever is nested in what."""
    yield from _text(element.text)
    for child in element:
        if child.tag in {"list", "table", "div", "body"}:
            yield from _blocks(child)
        elif child.tag == "item":
            yield from _item(child)
        elif child.tag == "row":
            line = row_text([" ".join(_joined(cell).split()) for cell in child])
            yield from _text(line, BlockKind.ROW if CELLS in line else BlockKind.TEXT)
        else:
            yield from _text(_joined(child), _KINDS.get(child.tag, BlockKind.TEXT))
        yield from _text(child.tail)


def _item(item: Any) -> Iterator[Block]:
    """A list item, and after it the lists and tables in it."""
    inner = [child for child in item.iter("list", "table") if child is not item]
    nested = [child for child in inner if not any(above in inner for above in child.iterancestors("list", "table"))]
    yield from _text(_joined(item, without=nested), BlockKind.ITEM)
    for child in nested:
        yield from _blocks(child)


def _text(text: str | None, kind: BlockKind = BlockKind.TEXT) -> Iterator[Block]:
    words = " ".join((text or "").split())
    if words:
        yield Block(kind, words)


def _joined(element: Any, without: list[Any] | None = None) -> str:
    """The text under `element`, words of two blocks kept apart."""
    parts = [element.text or ""]
    for child in element:
        space = "" if child.tag in _INLINE else " "
        if not without or child not in without:
            parts += [space, _joined(child, without), space]
        parts += [" " if without and child in without else "", child.tail or ""]
    return "".join(parts)
