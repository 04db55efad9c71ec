"""OpenDocument: texts (ODT; place = heading) and presentations (ODP; place = slide)."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.extract import office
from ingest.extract.base import Block, BlockKind, Extraction, Refused
from kb.types import PlaceKind

_NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_SPACES = {"tab", "line-break", "s"}
_UNREAD = {"note", "annotation", "tracked-changes", "forms", "sequence-decls", "table-of-content", "variable-decls"}
"""Elements that stand inside or between paragraphs and are not their text; footnotes follow their paragraph."""


class OdtExtractor:
    """Reads OpenDocument texts."""

    format = "odt"
    suffixes = frozenset({".odt", ".ott"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return _kind(head, path).startswith("application/vnd.oasis.opendocument.text")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        body, title, date = _open(path, "text")
        return Extraction(self.format, PlaceKind.SECTION, tuple(_blocks(body, 0)), title, date)


class OdpExtractor:
    """Reads OpenDocument presentations."""

    format = "odp"
    suffixes = frozenset({".odp", ".otp"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return _kind(head, path).startswith("application/vnd.oasis.opendocument.presentation")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        body, title, date = _open(path, "presentation")
        pages = body.findall("draw:page", _NAMES)
        blocks = tuple(block for number, page in enumerate(pages, start=1) for block in _slide(page, number))
        return Extraction(self.format, PlaceKind.SLIDE, blocks, title, date)


def _kind(head: bytes, path: Path) -> str:
    """The media type an OpenDocument archive states, or ""."""
    if not office.contains(head, path, "mimetype"):
        return ""
    with zipfile.ZipFile(path) as archive, archive.open("mimetype") as file:
        return file.read(200).decode("ascii", "replace")


def _open(path: Path, kind: str) -> tuple[Any, str, str]:
    """The body element, the title and the date of the document at `path`."""
    office.check_size(path)
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refused("is protected by a password: save a copy without it")
        body = _parse(archive.read("content.xml")).find(f"office:body/office:{kind}", _NAMES)
        meta = _parse(archive.read("meta.xml")) if "meta.xml" in archive.namelist() else None
    if body is None:
        raise Refused("is damaged: it has no content")
    title, date = (_field(meta, name) for name in ("title", "date"))
    return body, title, date[:10]


def _parse(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _field(meta: Any, name: str) -> str:
    found = meta.find(f"office:meta/dc:{name}", _NAMES) if meta is not None else None
    return (found.text or "").strip() if found is not None else ""


def _tag(element: Any) -> str:
    """An element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _slide(page: Any, number: int) -> Iterator[Block]:
    frames = [element for element in page if _tag(element) != "notes"]
    titles = [frame for frame in frames if frame.get(f"{{{_NAMES['presentation']}}}class") == "title"]
    for title in titles:
        text = " ".join(block.text for block in _blocks(title, number))
        if text:
            yield Block(BlockKind.HEADING, text, number)
    for frame in frames:
        if frame not in titles:
            for block in _blocks(frame, number):
                yield Block(BlockKind.ITEM, block.text, number) if block.kind is BlockKind.TEXT else block
    for notes in page.findall("presentation:notes", _NAMES):
        for block in _blocks(notes, number):
            yield Block(BlockKind.NOTES, block.text, number)


def _blocks(container: Iterable[Any], number: int, kind: BlockKind = BlockKind.TEXT) -> Iterator[Block]:
    """What `container` holds, in order: paragraphs of `kind`, headings, list items, table rows."""
    for element in container:
        tag = _tag(element)
        if tag == "p":
            yield from _paragraph(element, number, kind)
        elif tag == "h":
            yield from _paragraph(element, number, BlockKind.HEADING)
        elif tag == "list":
            yield from _blocks(element, number, BlockKind.ITEM)
        elif tag == "table":
            yield from _rows(element, number)
        elif tag and tag not in _UNREAD:
            yield from _blocks(element, number, kind)


def _paragraph(element: Any, number: int, kind: BlockKind) -> Iterator[Block]:
    text = _text(element).strip()
    if text:
        yield Block(kind, text, number)
    for note in element.iterfind(".//text:note/text:note-body", _NAMES):
        yield from _blocks(note, number)


def _rows(table: Any, number: int) -> Iterator[Block]:
    prefix = f"{{{_NAMES['table']}}}"
    for row in table.iter(prefix + "table-row"):
        if next(row.iterancestors(prefix + "table")) is not table:
            continue  # of a table inside a cell, which is read with the cell
        cells = row.iterfind("table:table-cell", _NAMES)
        text = office.row_text([" ".join(block.text for block in _blocks(cell, number)) for cell in cells])
        if text:
            yield Block(BlockKind.ROW, text, number)


def _text(element: Any) -> str:
    """The text of a paragraph, its spaces and line breaks as spaces, without notes and comments."""
    parts = [element.text or ""]
    for child in element:
        tag = _tag(child)
        if tag in _SPACES:
            parts.append(" ")
        elif tag and tag not in _UNREAD:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
