"""DOCX: headings, paragraphs, lists and tables in reading order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.extract import office
from ingest.extract.base import Block, BlockKind, Extraction
from kb.types import PlaceKind


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
            blocks=tuple(_blocks(document)),
            title=document.core_properties.title or "",
            date=office.core_date(document.core_properties),
        )


def _blocks(container: Any) -> Iterator[Block]:
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            yield from _rows(item)
        elif item.text.strip():
            yield Block(_kind(item), item.text)


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
