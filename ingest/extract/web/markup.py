"""All the text of an HTML or XHTML tree as blocks, for documents that are content from end to end.

Book chapters, mails and what a word processor saved as HTML are such; of a web page it reads what
`html.py` found to be no web page after all. Nothing is rendered or fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.office.common import row_text

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_SILENT = frozenset({
    "applet", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "map", "math", "noframes",
    "noscript", "object", "option", "param", "picture", "progress", "script", "select", "source", "style", "svg",
    "template", "textarea", "title", "track", "video",
})  # fmt: skip
FURNITURE = frozenset({"nav", "aside", "footer"})
"""What surrounds the content of a web page. A form does not: some systems wrap the whole page in one."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_WORD_HEADING = re.compile(r"\bMso(?:Title|Heading\w*)\b")
_WORD_BULLET = re.compile(r"\bMsoList(?:Paragraph|Bullet|Number)\w*")
_WORD_MARK = re.compile(r"mso-list\s*:\s*Ignore", re.IGNORECASE)

MOST_CELL_WORDS = 80
"""A table with a longer cell lays out a page; its cells are read one after the other."""


def parse_html(source: str) -> Any:
    """The tree of an HTML source, or None where it holds no element."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8", errors="replace"), parser=parser)
    except etree.ParserError:  # nothing but white space and comments
        return None


def parse_xhtml(source: str) -> Any:
    """The tree of an XHTML source, or, where it is not well formed, of the HTML it resembles.

    HTML's rules would read `<script/>` and `<title/>` as never closed and lose what follows.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    # Without its DTD an XML parser knows none of the names such as &nbsp;.
    named = _ENTITY.sub(lambda name: unescape(name[0]), _PROLOG.sub("", source, count=1))
    try:
        return etree.fromstring(named.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:
        return parse_html(source)


_PROLOG = re.compile(r"^\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)?", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w{1,30};")


def is_hidden(element: Any) -> bool:
    """Whether a reader does not see the element."""
    hidden = element.get("hidden")
    return (hidden is not None and hidden != "until-found") or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def read_blocks(root: Any, without: frozenset[str] = frozenset()) -> Iterator[Block]:
    """The blocks of all text under `root` that a reader sees, in its order, each text once.

    `without` names elements to leave out. List items keep their own text only, a table row is one
    block, and cells that lay out a page are read as what they hold.
    """
    return (block for block, _ in read_pieces(root, without))


def read_pieces(root: Any, without: frozenset[str] = frozenset()) -> Iterator[tuple[Block, Any]]:
    """As `read_blocks`, each block with the innermost block element that holds it."""
    from lxml import etree

    reader = _Reader(_SILENT | without, [root])
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        skipped = reader.skips(element)
        if event == "start":
            if not skipped:
                yield from reader.open(element)
                continue
            walk.skip_subtree()
            if tag_of(element) in _BLOCKS:
                yield from reader.flush()
            continue
        if not skipped:
            yield from reader.close(element)
        if element is not root:
            reader.add(element.tail)
    yield from reader.flush()


def tag_of(element: Any) -> str:
    """The element's name without its namespace, in small letters; "" for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


@dataclass(slots=True)
class _Reader:
    """What has been read of the block at hand."""

    silent: frozenset[str]
    opened: list[Any]
    text: list[str] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)
    cells: list[str] | None = None  # of the row at hand; None outside rows
    row: Any = None

    def skips(self, element: Any) -> bool:
        tag = tag_of(element)
        return not tag or tag in self.silent or is_hidden(element) or bool(_WORD_MARK.search(element.get("style", "")))

    def open(self, element: Any) -> Iterator[tuple[Block, Any]]:
        tag = tag_of(element)
        if tag in _BLOCKS:
            yield from self.flush()
            self.opened.append(element)
            if self.cells is None and tag == "tr" and _is_data(element):
                self.cells, self.row = [], element
            kind = _kind(element, tag)
            if kind:
                self.kinds.append(kind)
        elif tag == "br":
            self.text.append("\n")
        self.add(element.text)

    def close(self, element: Any) -> Iterator[tuple[Block, Any]]:
        tag = tag_of(element)
        if tag not in _BLOCKS:
            return
        yield from self.flush()
        if self.cells is not None and tag in {"td", "th"} and element.getparent() is self.row:
            self.cells.append(" ".join("".join(self.text).split()))
            self.text = []
        if element is self.row and self.cells is not None:
            line = row_text(self.cells)
            self.cells, self.row, self.text = None, None, []
            if line:
                yield Block(BlockKind.ROW, line), element
        if _kind(element, tag):
            self.kinds.pop()
        self.opened.pop()

    def add(self, text: str | None) -> None:
        self.text.append(text or "")

    def flush(self) -> Iterator[tuple[Block, Any]]:
        """The block that ends here; inside a row only a space."""
        if self.cells is not None:
            self.text.append(" ")
            return
        text, self.text = "".join(self.text), []
        kind = self.kinds[-1] if self.kinds else BlockKind.TEXT
        if kind is BlockKind.HEADING:
            text = text.replace("\n", " ")
        for paragraph in re.split(r"\n\s*\n", text) if "\n\n" in text else [text]:
            words = " ".join(paragraph.split())
            if words:
                yield Block(kind, words), self.opened[-1]


def _kind(element: Any, tag: str) -> BlockKind | None:
    """What the element makes of the text in it; None where it leaves that to the elements around it."""
    name = element.get("class", "")
    if tag in _HEADINGS or (tag == "p" and _WORD_HEADING.search(name)):
        return BlockKind.HEADING
    if tag in {"li", "dd"} or (tag == "p" and _WORD_BULLET.search(name)):
        return BlockKind.ITEM
    return None


def _is_data(row: Any) -> bool:
    """Whether the row says something as a row: several cells, none of which holds a part of the page."""
    cells = [cell for cell in row if tag_of(cell) in {"td", "th"}]
    if len(cells) < 2:
        return False
    for cell in cells:
        if any(tag_of(inner) in _HEADINGS or tag_of(inner) == "table" for inner in cell.iterdescendants()):
            return False
    return all(len("".join(cell.itertext()).split()) <= MOST_CELL_WORDS for cell in cells)
