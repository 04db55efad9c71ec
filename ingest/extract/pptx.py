"""PPTX: titles, bullets, tables and speaker notes; place = slide."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.extract import office
from ingest.extract.base import Block, BlockKind, Extraction
from kb.types import PlaceKind


class PptxExtractor:
    """Reads slide decks."""

    format = "pptx"
    suffixes = frozenset({".pptx"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return office.contains(head, path, "ppt/presentation.xml")

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        import pptx

        office.check_size(path)
        deck = pptx.Presentation(str(path))
        blocks = tuple(block for number, slide in enumerate(deck.slides, start=1) for block in _slide(slide, number))
        return Extraction(
            format=self.format,
            place=PlaceKind.SLIDE,
            blocks=blocks,
            title=deck.core_properties.title or "",
            date=office.core_date(deck.core_properties),
        )


def _slide(slide: Any, number: int) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        yield Block(BlockKind.HEADING, " ".join(title.text_frame.text.split()), number)
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            if paragraph.text.strip():
                yield Block(BlockKind.NOTES, paragraph.text, number)


def _shape(shape: Any, number: int) -> Iterator[Block]:
    if hasattr(shape, "shapes"):  # a group
        for inner in shape.shapes:
            yield from _shape(inner, number)
    elif getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            text = office.row_text([" ".join(cell.text.split()) for cell in row.cells])
            if text:
                yield Block(BlockKind.ROW, text, number)
    elif shape.has_text_frame and not _is_furniture(shape):
        for paragraph in shape.text_frame.paragraphs:
            text = paragraph.text.replace("\v", " ")
            if text.strip():
                yield Block(BlockKind.ITEM, text, number)


def _is_furniture(shape: Any) -> bool:
    """Slide number, date and footer placeholders repeat on every slide and say nothing."""
    if not shape.is_placeholder:
        return False
    from pptx.enum.shapes import PP_PLACEHOLDER

    return shape.placeholder_format.type in {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER}
