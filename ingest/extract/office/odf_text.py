"""What OpenDocument holds between its tags: paragraphs, lists, tables, notes, frames and charts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.office import common, looks
from ingest.extract.office.drawing import MOST_POINTS

_URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, DRAW, PRESENTATION = _URN % "text", _URN % "drawing", _URN % "presentation"
SVG = _URN % "svg-compatible"
_STYLE, _OFFICE = _URN % "style", _URN % "office"
_XLINK = "{http://www.w3.org/1999/xlink}"

_SPACES = {"tab", "line-break", "s"}
_UNREAD = {
    *("note", "annotation", "annotation-end", "tracked-changes", "forms", "sequence-decls", "variable-decls"),
    *("table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index"),
    *("title", "desc", "ruby-text", "binary-data", "image", "event-listeners", "settings", "covered-table-cell"),
}
"""Elements that stand inside or between paragraphs and are not their text; footnotes follow their paragraph,
and lists of contents repeat the headings."""

_FRAMES = {
    *("frame", "g", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "caption", "polygon", "path"),
    *("polyline", "regular-polygon", "measure"),
}
"""Shapes; those that stand in a paragraph are read after it."""


@dataclass(slots=True)
class Styles:
    """What the styles say: which text is hidden, which paragraphs are headings, which slides are hidden."""

    _parents: dict[str, str] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)
    _headings: set[str] = field(default_factory=set)
    _slides: set[str] = field(default_factory=set)

    def add(self, styles: Any) -> None:
        """Take in the styles of an office:styles or office:automatic-styles."""
        for style in styles.iter(_STYLE + "style"):
            name = style.get(_STYLE + "name", "")
            self._parents[name] = style.get(_STYLE + "parent-style-name", "")
            if looks.is_heading_name(style.get(_STYLE + "display-name", "")):
                self._headings.add(name)
            for properties in style:
                if properties.get(TEXT + "display") == "none":
                    self._hidden.add(name)
                if properties.get(PRESENTATION + "visibility") == "hidden":
                    self._slides.add(name)

    def hides(self, element: Any) -> bool:
        """Whether a paragraph or span is hidden text."""
        return not self._hidden.isdisjoint(self._chain(element.get(TEXT + "style-name", "")))

    def heads(self, element: Any) -> bool:
        """Whether a paragraph has a heading's or title's style."""
        chain = self._chain(element.get(TEXT + "style-name", ""))
        return any(name in self._headings or looks.is_heading_name(name.replace("_20_", " ")) for name in chain)

    def hides_slide(self, page: Any) -> bool:
        """Whether a page is left out of the show."""
        return page.get(DRAW + "style-name", "") in self._slides

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name and name not in chain:
            chain.append(name)
            name = self._parents.get(name, "")
        return chain


@dataclass(slots=True)
class OdfText:
    """Reads elements of a document with `styles`; `find` gives the root of an embedded object by its name."""

    styles: Styles
    find: Callable[[str], Any]

    def blocks(self, container: Iterable[Any], number: int = 0, kind: BlockKind = BlockKind.TEXT) -> Iterator[Block]:
        """What `container` holds, in order: paragraphs of `kind`, headings, list items, table rows."""
        for element in container:
            name = common.local(element)
            if name == "p":
                is_heading = kind is BlockKind.TEXT and self.styles.heads(element)
                yield from self._paragraph(element, number, BlockKind.HEADING if is_heading else kind)
            elif name == "h":
                yield from self._paragraph(element, number, BlockKind.HEADING)
            elif name in {"list", "numbered-paragraph"}:
                yield from self.blocks(element, number, BlockKind.ITEM)
            elif name == "table":
                yield from self._rows(element, number)
            elif name == "frame":
                yield from self._frame(element, number, kind)
            elif name and name not in _UNREAD and not _is_hidden(element):
                yield from self.blocks(element, number, kind)

    def _paragraph(self, element: Any, number: int, kind: BlockKind) -> Iterator[Block]:
        beside: list[Any] = []
        text = "".join(self._pieces(element, beside)).strip()
        if text:
            own = looks.heading_or_text(text) if kind is BlockKind.HEADING else kind
            yield Block(own, text, number)
        for inner in beside:
            body = inner if common.local(inner) == "note-body" else [inner]
            yield from self.blocks(body, number)

    def _pieces(self, element: Any, beside: list[Any]) -> Iterator[str]:
        """The text of a paragraph, its line breaks as spaces; notes and frames in it go to `beside`."""
        hidden = self.styles.hides(element) or _is_hidden(element)
        if not hidden:
            yield element.text or ""
        for child in element:
            name = common.local(child)
            if name in _SPACES:
                yield " "
            elif name == "note":
                beside += (body for body in child if common.local(body) == "note-body")
            elif name in _FRAMES:
                beside.append(child)
            elif name and name not in _UNREAD and not hidden:
                yield from self._pieces(child, beside)
            if not hidden:
                yield child.tail or ""

    def _rows(self, table: Any, number: int) -> Iterator[Block]:
        for row in _inside(table, "table-row"):
            yield from common.row([list(self.blocks(cell, number)) for cell in _inside(row, "table-cell")])

    def _frame(self, frame: Any, number: int, kind: BlockKind) -> Iterator[Block]:
        """A text box, table, chart or picture; of several only the first, the others stand in for it."""
        for content in frame:
            name = common.local(content)
            if name == "object":
                inline = next((inner for inner in content if common.local(inner) in {"document", "math"}), None)
                shown = inline if inline is not None else self.find(content.get(_XLINK + "href", ""))
                yield from _object(shown, number)
                return
            if name in {"text-box", "table"}:
                yield from self.blocks([content], number, kind)
                return
        told = next((common.description(inner.text) for inner in frame if common.local(inner) == "desc"), "")
        if told:
            yield Block(BlockKind.TEXT, told, number)


def _is_hidden(element: Any) -> bool:
    """Whether a section or field is hidden by a condition of its own."""
    return bool(element.get(TEXT + "display") == "none" or element.get(TEXT + "is-hidden") == "true")


def _inside(container: Any, name: str) -> Iterator[Any]:
    """A table's rows or a row's cells, those in groups and headers too, but not those of tables in cells."""
    for element in container:
        if common.local(element) == name:
            yield element
        elif common.local(element) in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from _inside(element, name)


def _object(root: Any, number: int) -> Iterator[Block]:
    """A chart's titles, then a row a series: its name, each category with its value. A formula as it stands."""
    if root is None:
        return
    if common.local(root) == "math":
        text = common.plain(" ".join(part for part in root.itertext("{*}mi", "{*}mn", "{*}mo", "{*}mtext")))
        if text:
            yield Block(BlockKind.TEXT, text, number)
        return
    for title in root.iter("{*}title", "{*}subtitle"):
        text = common.plain(" ".join("".join(part.itertext()) for part in title.iter(TEXT + "p")))
        if text:
            yield Block(BlockKind.ITEM, text, number)
    rows = [[_cell(cell) for cell in row.iter("{*}table-cell")] for row in root.iter("{*}table-row")]
    categories, *series = zip_longest(*rows, fillvalue="") if rows else ((),)
    for values in series:
        points = [f"{category} {value}".strip() for category, value in zip(categories[1:], values[1:], strict=True)]
        text = common.row_text([values[0], *(points if len(points) <= MOST_POINTS else [])])
        if text:
            yield Block(BlockKind.ROW, text, number)


def _cell(cell: Any) -> str:
    return common.plain(" ".join("".join(part.itertext()) for part in cell.iter(TEXT + "p")))
