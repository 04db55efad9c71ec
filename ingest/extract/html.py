"""HTML: the main content only; place = heading.

trafilatura finds the main content and leaves out navigation, banners, comments and sidebars;
clean.py removes what boilerplate remains. Nothing is rendered or fetched.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.text import decode
from kb.types import PlaceKind

_SIGNS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1)[\s>]", re.IGNORECASE)
_FURNITURE = (
    "script", "style", "noscript", "template", "iframe", "object", "form", "nav", "aside", "footer", "button", "svg",
)  # fmt: skip


class HtmlExtractor:
    """Reads saved web pages."""

    format = "html"
    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`. Markdown may hold tags, so its name decides."""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            head = head.decode("utf-16", errors="ignore").encode()
        if b"\0" in head or path.suffix.lower() in {".md", ".markdown"}:
            return False
        return path.suffix.lower() in self.suffixes or bool(_SIGNS.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()))

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        import trafilatura
        from trafilatura.settings import use_config

        source = decode(path.read_bytes())
        limits = use_config()
        limits.set("DEFAULT", "MIN_EXTRACTED_SIZE", "50")  # practice pages can be short
        limits.set("DEFAULT", "MIN_OUTPUT_SIZE", "10")
        found: Any = trafilatura.bare_extraction(
            source,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            favor_recall=True,
            with_metadata=True,
            config=limits,
        )
        blocks = list(_blocks(found.body)) if found is not None and found.body is not None else []
        blocks = blocks or list(_fallback(source))
        if not blocks:
            raise Refused("has no main text (only navigation, or a page built by scripts)")
        return Extraction(
            format=self.format,
            place=PlaceKind.SECTION,
            blocks=tuple(blocks),
            title=(found.title if found is not None else "") or "",
            date=(found.date if found is not None else "") or "",
            url=(found.url if found is not None else "") or "",
        )


def _blocks(body: Any) -> Iterator[Block]:
    """Blocks of trafilatura's XML: head, p, list/item, table/row/cell, quote."""
    for element in body:
        text = " ".join(" ".join(element.itertext()).split())
        if element.tag == "head":
            kind = BlockKind.HEADING
        elif element.tag == "list":
            items = (" ".join("".join(_own_text(item)).split()) for item in element.iter("item"))
            yield from (Block(BlockKind.ITEM, item) for item in items if item)
            continue
        elif element.tag == "table":
            yield from _rows(element)
            continue
        elif element.tag in {"graphic", "lb"}:
            continue
        else:
            kind = BlockKind.TEXT
        if text:
            yield Block(kind, text)


def _own_text(item: Any) -> Iterator[str]:
    """The texts of a list item without those of the lists inside it."""
    yield item.text or ""
    for child in item:
        if child.tag != "list":
            yield from _own_text(child)
        yield f" {child.tail or ''}"


def _rows(table: Any) -> Iterator[Block]:
    for row in table.iter("row"):
        cells = [" ".join(" ".join(cell.itertext()).split()) for cell in row.iter("cell")]
        text = " | ".join(cell for cell in cells if cell)
        if text:
            yield Block(BlockKind.ROW, text)


def _fallback(source: str) -> Iterator[Block]:
    """Headings and paragraphs outside navigation, for pages in which trafilatura finds nothing."""
    from lxml import html

    tree = html.document_fromstring(source) if source.strip() else None
    if tree is None:
        return
    for element in tree.xpath("|".join(f"//{tag}" for tag in _FURNITURE)):
        element.drop_tree()
    for element in tree.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td"):
        text = " ".join(element.text_content().split())
        if text:
            yield Block(BlockKind.HEADING if element.tag.startswith("h") else BlockKind.TEXT, text)
