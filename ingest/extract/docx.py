"""DOCX: headings, paragraphs, lists and tables in reading order, each footnote behind its paragraph."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.extract import office
from ingest.extract.base import Block, BlockKind, Extraction
from kb.types import PlaceKind

_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class DocxExtractor:
    """Reads Word documents."""

    format = "docx"
    suffixes = frozenset({".docx"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return office.contains(head, path, "word/document.xml")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`; place = heading."""
        import docx

        office.check_size(path)
        document = docx.Document(str(path))
        return Extraction(
            format=self.format,
            place=PlaceKind.SECTION,
            blocks=tuple(_blocks(document, _notes(document))),
            title=document.core_properties.title or "",
            date=office.core_date(document.core_properties),
        )


def _blocks(container: Any, notes: dict[tuple[str, str], str]) -> Iterator[Block]:
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            yield from _rows(item)
            noted = item._tbl
        else:
            noted = item._p
            if item.text.strip():
                yield Block(_kind(item), item.text)
        for reference, part in _NOTES.items():
            for mark in noted.iter(_WORDS + reference):
                text = notes.get((part, mark.get(_WORDS + "id", "")), "")
                if text:
                    yield Block(BlockKind.TEXT, text)


def _notes(document: Any) -> dict[tuple[str, str], str]:
    """The texts of footnotes and endnotes by part and id, which python-docx does not read."""
    from docx.oxml.parser import parse_xml

    found = {}
    for relation in document.part.rels.values():
        part = relation.reltype.rpartition("/")[2]
        if part in _NOTES.values() and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                text = " ".join("".join(run.text or "" for run in note.iter(_WORDS + "t")).split())
                found[part, note.get(_WORDS + "id", "")] = text
    return found


def _kind(paragraph: Any) -> BlockKind:
    style = ((paragraph.style.name if paragraph.style is not None else "") or "").lower()
    if style.startswith(("heading", "title")):
        return BlockKind.HEADING
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return BlockKind.ITEM if numbered or style.startswith("list") else BlockKind.TEXT


def _rows(table: Any) -> Iterator[Block]:
    for row in table.rows:
        cells = {cell._tc: cell for cell in row.cells}.values()  # a merged cell comes once a column
        text = office.row_text([" ".join(cell.text.split()) for cell in cells])
        if text:
            yield Block(BlockKind.ROW, text)
