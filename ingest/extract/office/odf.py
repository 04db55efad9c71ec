"""OpenDocument: texts (ODT; place = heading) and presentations (ODP; place = slide), zipped or flat XML."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.office import common
from ingest.extract.office.layout import Box, Frame, group, reading_order
from ingest.extract.office.odf_text import DRAW, PRESENTATION, SVG, TEXT, OdfText, Styles
from kb.types import PlaceKind

_MEDIA = "application/vnd.oasis.opendocument."
_OFFICE = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_FLAT_HEAD = 16 * 1024
"""Bytes in which the media type of flat XML stands; dozens of namespaces are declared before it."""

_PARENTS = frozenset({"document", "document-content", "document-styles", "text", "section", "presentation"})
_BODY = (
    *("p", "h", "list", "numbered-paragraph", "table", "bibliography", "frame", "g", "a", "custom-shape", "rect"),
    *("ellipse", "line", "connector", "caption", "polygon", "path", "page"),
)
_HEADER = ("meta", "styles", "automatic-styles")
_FURNITURE = {"footer", "header", "date-time", "page-number"}
"""Frames that repeat on every slide and say nothing."""

_UNITS = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "pc": 25.4 / 6}
"""Millimetres in each."""


class OdtExtractor:
    """Reads OpenDocument texts."""

    format = "odt"
    suffixes = frozenset({".odt", ".ott", ".fodt", ".odm"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return _media_type(head, path).startswith(_MEDIA + "text")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        with _opened(path) as document:
            reader = OdfText(document.styles, document.object)
            blocks: list[Block] = []
            for element in document.body():
                if not _is_hidden_section(element.getparent()):
                    blocks += reader.blocks([element])
            return Extraction(
                self.format, PlaceKind.SECTION, tuple(blocks), document.title, document.date,
                remarks=tuple(document.remarks),
            )  # fmt: skip


class OdpExtractor:
    """Reads OpenDocument presentations."""

    format = "odp"
    suffixes = frozenset({".odp", ".otp", ".fodp"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return _media_type(head, path).startswith(_MEDIA + "presentation")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        with _opened(path) as document:
            reader = OdfText(document.styles, document.object)
            blocks: list[Block] = []
            for number, page in enumerate(document.body(), start=1):
                found = _slide(page, reader, number)
                hidden = document.styles.hides_slide(page)
                blocks += (replace(block, hidden=True) for block in found) if hidden else found
            return Extraction(
                self.format, PlaceKind.SLIDE, tuple(blocks), document.title, document.date,
                remarks=tuple(document.remarks),
            )  # fmt: skip


@dataclass(slots=True)
class _Document:
    """An open document: what stands before its body is known once the body is read."""

    archive: zipfile.ZipFile | None  # None: flat XML
    file: IO[bytes]
    styles: Styles = field(default_factory=Styles)
    title: str = ""
    date: str = ""
    remarks: list[str] = field(default_factory=list)

    def body(self) -> Iterator[Any]:
        """The paragraphs, lists, tables and shapes of a text, or the pages of a presentation."""
        is_empty = True
        try:
            for element in common.pieces(self.file, "content.xml", _PARENTS, (*_HEADER, *_BODY)):
                if common.local(element) not in _HEADER:
                    is_empty = False
                    yield element
                else:
                    self.learn(element)
        except common.Damaged:
            if is_empty:
                raise
            self.remarks.append("is damaged: only its text before the damage is read")

    def learn(self, element: Any) -> None:
        """Take in an element that stands before the body."""
        if common.local(element) != "meta":
            self.styles.add(element)
            return
        said = {common.local(entry): (entry.text or "").strip() for entry in element}
        self.title, self.date = said.get("title", ""), common.iso_day(said.get("date"))

    def object(self, name: str) -> Any:
        """The root of an embedded chart or formula, or None."""
        part = f"{name.removeprefix('./')}/content.xml"
        if self.archive is None or part not in self.archive.namelist():
            return None
        try:
            return common.tree(self.archive, part)
        except Refused:
            self.remarks.append(f"its part {part} is damaged and not read")
            return None


@contextmanager
def _opened(path: Path) -> Iterator[_Document]:
    """Raises Refused where the document is damaged, a bomb, or asks for a password."""
    with ExitStack() as stack:
        if not zipfile.is_zipfile(path):
            yield _Document(None, stack.enter_context(path.open("rb")))
            return
        common.check_size(path)
        archive = stack.enter_context(zipfile.ZipFile(path))
        names = archive.namelist()
        if "META-INF/manifest.xml" in names:
            with common.opened(archive, "META-INF/manifest.xml") as file:
                if b"encryption-data" in file.read():
                    raise Refused("is protected by a password: save a copy without it")
        if "content.xml" not in names:
            raise Refused("is damaged: it has no content; open it, save it again, or ask for it once more")
        document = _Document(archive, stack.enter_context(common.opened(archive, "content.xml")))
        for name in ("meta.xml", "styles.xml"):
            if name in names:
                _learn_all(document, archive, name)
        yield document


def _learn_all(document: _Document, archive: zipfile.ZipFile, name: str) -> None:
    try:
        root = common.tree(archive, name)
    except Refused:
        document.remarks.append(f"its part {name} is damaged and not read")
        return
    for element in root:
        if common.local(element) in _HEADER:
            document.learn(element)


def _media_type(head: bytes, path: Path) -> str:
    """The media type that an OpenDocument archive or flat XML states, or ""."""
    if head.startswith(b"PK"):
        for member, pattern in (("mimetype", rb"([\w.+/-]+)"), ("META-INF/manifest.xml", rb'media-type="([\w.+/-]+)"')):
            if common.contains(head, path, member):
                with suppress(Refused), zipfile.ZipFile(path) as archive, common.opened(archive, member) as file:
                    return _found(pattern, file.read(_FLAT_HEAD))
    elif _OFFICE in head or b"<office:document" in head:
        with path.open("rb") as file:
            return _found(rb'office:mimetype="([\w.+/-]+)"', file.read(_FLAT_HEAD))
    return ""


def _found(pattern: bytes, data: bytes) -> str:
    match = re.search(pattern, data)
    return match[1].decode("ascii") if match else ""


def _is_hidden_section(section: Any) -> bool:
    while section is not None:
        if section.get(TEXT + "display") == "none" or section.get(TEXT + "is-hidden") == "true":
            return True
        section = section.getparent()
    return False


def _slide(page: Any, reader: OdfText, number: int) -> list[Block]:
    shapes = [shape for shape in page if common.local(shape) != "notes" and not _is_furniture(shape)]
    titles = [shape for shape in shapes if shape.get(PRESENTATION + "class") == "title"]
    named = (" ".join(block.text for block in reader.blocks(title, number)) for title in titles)
    blocks = [Block(BlockKind.HEADING, text, number) for text in named if text]
    blocks += reading_order(_boxes((shape for shape in shapes if shape not in titles), reader, number))
    for notes in page:
        if common.local(notes) == "notes":
            for shape in notes:
                if not _is_furniture(shape):
                    blocks += (Block(BlockKind.NOTES, said.text, number) for said in reader.blocks([shape], number))
    return blocks


def _is_furniture(shape: Any) -> bool:
    prompts = shape.get(PRESENTATION + "placeholder") == "true"
    return prompts or shape.get(PRESENTATION + "class") in _FURNITURE


def _boxes(shapes: Iterable[Any], reader: OdfText, number: int) -> list[Box]:
    """The shapes that say something, with their places on the slide."""
    boxes: list[Box] = []
    for shape in shapes:
        if common.local(shape) == "g":
            inner = _boxes(shape, reader, number)
            boxes += [group(inner)] if inner else []
            continue
        blocks = tuple(
            replace(block, kind=BlockKind.ITEM) if block.kind is BlockKind.TEXT else block
            for block in reader.blocks([shape], number)
        )
        if blocks:
            boxes.append(Box(_frame(shape), blocks))
    return boxes


def _frame(shape: Any) -> Frame:
    """Where a shape stands, in millimetres."""
    moved = re.search(r"translate\s*\(([^\s)]+)[\s,]+([^\s)]+)\)", shape.get(DRAW + "transform", ""))
    left, top = moved.groups() if moved else (shape.get(SVG + "x"), shape.get(SVG + "y"))
    return Frame(*(_millimetres(at) for at in (left, top, shape.get(SVG + "width"), shape.get(SVG + "height"))))


def _millimetres(length: str | None) -> float:
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)([a-z]{2})", length or "")
    return float(found[1]) * _UNITS.get(found[2], 1.0) if found else 0.0
