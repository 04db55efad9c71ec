"""DOCX: headings, paragraphs, lists, tables and text boxes in reading order, each note behind its paragraph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction
from ingest.extract.office import common, drawing, looks, ooxml
from ingest.extract.office.docx_styles import BODY_LEVEL, Styles, list_number, outline_level
from ingest.extract.office.ooxml import Package, attribute, child, is_on, tag
from kb.types import PlaceKind

_NOTES = {"w:footnoteReference": "footnotes", "w:endnoteReference": "endnotes"}
_WRAPPERS = {
    *("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:hyperlink", "w:fldSimple", "w:dir"),
    *("w:bdo", "w:ruby", "w:rubyBase", "w:r", "m:oMath", "m:oMathPara"),
}
"""What stands around text; deleted and moved-away text (w:del, w:moveFrom) and ruby's reading are not here."""

_SIGNS = {
    **dict.fromkeys(("w:tab", "w:ptab", "w:br", "w:cr"), " "),
    "w:noBreakHyphen": "-",
}
_MARKS = {*_SIGNS, *_NOTES, "w:sym", "w:fldChar"}
_GRAPHICS = {"c:chart", "cx:chart", "dgm:relIds"}
_BODY = ("p", "tbl", "sdt", "customXml", "ins", "moveTo", "altChunk", "AlternateContent", "oMathPara", "smartTag")


class DocxExtractor:
    """Reads Word documents and templates, with macros (never run) or without."""

    format = "docx"
    suffixes = frozenset({".docx", ".docm", ".dotx", ".dotm"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return ooxml.main_element(head, path) == "w:document"

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`; place = heading."""
        common.check_size(path)
        with Package(path) as package:
            reader = _Reader(package)
            blocks = tuple(looks.with_bold_headings(list(reader.read())))
            title, date = package.properties()
            remarks = (*reader.remarks, *package.remarks)
            return Extraction(self.format, PlaceKind.SECTION, blocks, title, date, remarks=remarks)


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read: its text, what stands in boxes beside it, how much of it is bold."""

    parts: list[str] = field(default_factory=list)
    beside: list[Any] = field(default_factory=list)
    all_bold: bool = True

    @property
    def text(self) -> str:
        return common.plain("".join(self.parts))


class _Reader:
    """Reads a package's main part."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main
        self._styles = Styles(package.part(package.related(self._main, "styles")))
        self._notes: dict[tuple[str, str], str] = {}
        self._owed: list[Block] = []  # notes that follow the paragraph or table with their marks
        self._codes: list[bool] = []  # for each field that is open: whether its code still runs
        self._begun = ""  # text that goes on in the next paragraph: a drop cap, a deleted paragraph mark
        for kind in _NOTES.values():
            self._notes |= self._read_notes(kind)
        self.remarks: list[str] = []

    def read(self) -> Iterator[Block]:
        """The blocks of the body; where the file is damaged those before the damage, and a remark."""
        is_empty = True
        try:
            with self._package.open(self._main) as file:
                for element in common.pieces(file, self._main, frozenset({"body"}), _BODY):
                    for block in self._element(element):
                        is_empty = False
                        yield block
                    yield from self._noted()
        except common.Damaged:
            if is_empty:
                raise
            self.remarks.append("is damaged: only its text before the damage is read")

    def _noted(self) -> list[Block]:
        owed, self._owed = self._owed, []
        return owed

    def _read_notes(self, kind: str) -> dict[tuple[str, str], str]:
        """The texts of footnotes or endnotes by kind and id."""
        root = self._package.part(self._package.related(self._main, kind))
        notes = root if root is not None else ()
        return {
            (kind, attribute(note, "w:id")): " ".join(block.text for block in self._elements(note))
            for note in notes
            if tag(note) in {"w:footnote", "w:endnote"}
        }

    def _elements(self, elements: Iterable[Any]) -> Iterator[Block]:
        for element in elements:
            yield from self._element(element)

    def _element(self, element: Any) -> Iterator[Block]:
        name = tag(element)
        if name == "w:p":
            yield from self._paragraph(element)
        elif name == "w:tbl":
            yield from self._table(element)
        elif name == "mc:AlternateContent":
            yield from self._elements(ooxml.chosen(element))
        elif name == "m:oMathPara":
            yield from self._paragraph(element)
        elif name == "w:altChunk":
            self.remarks.append("holds another document that Word would show in its place: that one is not read")
        elif name in _WRAPPERS and not _is_prompt(element):
            yield from self._elements(element)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        properties = child(element, "w:pPr")
        named = child(properties, "w:pStyle")
        style = self._styles.of(attribute(named, "w:val")) if named is not None else self._styles.default
        line = _Line()
        self._gather(element, line, is_hidden=style.hidden, is_bold=style.bold)
        self._codes = [False for _ in self._codes]  # a field's code ends with its paragraph at the latest
        text = line.text
        if _goes_on(properties):
            self._begun += "".join(line.parts)
            text = ""
        elif self._begun:
            text, self._begun = common.plain(self._begun + "".join(line.parts)), ""
        if text and not style.contents:
            level = outline_level(properties)
            stated = list_number(properties)
            if style.heading if level is None else level < BODY_LEVEL:
                yield Block(looks.heading_or_text(text), text)
            elif stated not in {"", "0"} or (style.item and stated != "0"):
                yield Block(BlockKind.ITEM, text)
            else:
                yield looks.paragraph(text, all_bold=line.all_bold)
        for shape in line.beside:
            yield from self._shape(shape)

    def _gather(self, container: Any, line: _Line, *, is_hidden: bool, is_bold: bool) -> None:
        """Add the text in `container`, a paragraph or what stands around text in one, to `line`."""
        for element in container:
            name = tag(element)
            if name == "w:r":
                hidden, bold = self._looks(element, is_hidden, is_bold)
                if not hidden:
                    self._gather(element, line, is_hidden=hidden, is_bold=bold)
            elif name in {"w:t", "m:t"}:
                if not any(self._codes):
                    text = ooxml.content(element)
                    line.parts.append(text)
                    line.all_bold &= is_bold or not text.strip()
            elif name == "mc:AlternateContent":
                self._gather(ooxml.chosen(element), line, is_hidden=is_hidden, is_bold=is_bold)
            elif name in {"w:drawing", "w:pict", "w:object"}:
                line.beside.append(element)
            elif name in _MARKS:
                self._mark(element, name, line)
            elif (name in _WRAPPERS or name.startswith("m:")) and not _is_prompt(element):
                self._gather(element, line, is_hidden=is_hidden, is_bold=is_bold)

    def _mark(self, element: Any, name: str, line: _Line) -> None:
        """Take in what stands for a character, a note or the boundary of a field."""
        if name in _SIGNS:
            line.parts.append(_SIGNS[name])
        elif name == "w:sym":
            line.parts.append(_symbol(element))
        elif name in _NOTES:
            text = self._notes.get((_NOTES[name], attribute(element, "w:id")), "")
            self._owed += [Block(BlockKind.TEXT, text)] if text else []
        else:
            self._field(attribute(element, "w:fldCharType"))

    def _looks(self, run: Any, is_hidden: bool, is_bold: bool) -> tuple[bool, bool]:
        """Whether a run is hidden and whether it is bold, in a paragraph that is so."""
        properties = child(run, "w:rPr")
        if properties is None:
            return is_hidden, is_bold
        named = child(properties, "w:rStyle")
        style = self._styles.of(attribute(named, "w:val")) if named is not None else None
        vanish, bold = child(properties, "w:vanish"), child(properties, "w:b")
        hidden = is_on(vanish) if vanish is not None else is_hidden or (style is not None and style.hidden)
        return hidden, is_on(bold) if bold is not None else is_bold or (style is not None and style.bold)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _shape(self, shape: Any) -> Iterator[Block]:
        """The text boxes, charts, diagrams and descriptions in a drawing."""
        codes, self._codes = self._codes, []
        waiting = [shape]
        while waiting:
            element = waiting.pop()
            name = tag(element)
            if name == "w:txbxContent":
                yield from self._elements(element)
            elif name == "a:graphicData" and any(tag(inner) in _GRAPHICS for inner in element):
                yield from drawing.graphic(element, self._package, self._main, 0)
            elif name == "mc:AlternateContent":
                waiting += reversed(ooxml.chosen(element))
            else:
                told = common.description(element.get("descr")) if name == "wp:docPr" else ""
                if told:
                    yield Block(BlockKind.TEXT, told)
                waiting += reversed(element)
        self._codes = codes

    def _table(self, table: Any) -> Iterator[Block]:
        for row in _inside(table, "w:tr"):
            if child(row, "w:trPr", "w:del") is None:
                yield from common.row([self._cell(cell) for cell in _inside(row, "w:tc")])

    def _cell(self, cell: Any) -> list[Block]:
        """The blocks of a cell; none of one that a merged cell covers."""
        properties = child(cell, "w:tcPr")
        merges = (child(properties, name) for name in ("w:vMerge", "w:hMerge"))
        if any(merge is not None and attribute(merge, "w:val") in {"", "continue"} for merge in merges):
            return []
        return list(self._elements(cell))


def _inside(container: Any, name: str) -> Iterator[Any]:
    """A table's rows or a row's cells, those in content controls too."""
    for element in container:
        if tag(element) == name:
            yield element
        elif tag(element) in _WRAPPERS:
            yield from _inside(element, name)


def _is_prompt(element: Any) -> bool:
    """Whether a content control shows only its prompt, or a list of contents, which repeats the headings."""
    properties = child(element, "w:sdtPr") if tag(element) == "w:sdt" else None
    gallery = child(properties, "w:docPartObj", "w:docPartGallery")
    is_contents = gallery is not None and attribute(gallery, "w:val") == "Table of Contents"
    return is_contents or is_on(child(properties, "w:showingPlcHdr"))


def _goes_on(properties: Any) -> bool:
    """Whether a paragraph is only the beginning of the next: a drop cap, or one whose end was deleted."""
    frame = child(properties, "w:framePr")
    dropped = frame is not None and attribute(frame, "w:dropCap") in {"drop", "margin"}
    return dropped or child(properties, "w:rPr", "w:del") is not None


def _symbol(element: Any) -> str:
    try:
        return looks.symbol(int(attribute(element, "w:char"), 16), attribute(element, "w:font"))
    except ValueError:
        return ""
