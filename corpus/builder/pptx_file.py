"""Presentations: a title slide, then one slide for each second-level heading."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from pptx import Presentation
from pptx.util import Inches, Pt

from builder.office import repeatable, set_properties
from builder.slides import Slide, slides
from builder.source import Source, Table

TITLE_SLIDE, TITLE_AND_CONTENT, TITLE_ONLY = 0, 1, 5
LEFT, WIDTH = Inches(0.6), Inches(8.8)


def write_pptx(source: Source) -> bytes:
    """The document as a PPTX file."""
    deck = Presentation()
    set_properties(deck.core_properties, source)
    first, *rest = slides(source)
    opening = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    opening.shapes.title.text = first.title
    place = ", ".join(filter(None, (source.city, source.country)))
    below = (*first.lines, place, source.date.isoformat())
    opening.placeholders[1].text = "\n".join(filter(None, below))
    _shrink(opening.placeholders[1], 18)
    _add_notes(opening, first)
    for slide in rest:
        _add_slide(deck, slide)
    buffer = io.BytesIO()
    deck.save(buffer)
    return repeatable(buffer.getvalue(), source)


def _add_slide(deck: Any, slide: Slide) -> None:
    """Add a slide with its text above its tables."""
    layout = TITLE_AND_CONTENT if slide.lines else TITLE_ONLY
    page = deck.slides.add_slide(deck.slide_layouts[layout])
    page.shapes.title.text = slide.title
    _shrink(page.shapes.title, 30)
    top = int(Inches(1.5))
    if slide.lines:
        body = page.placeholders[1]
        height = int(Inches(2.3 if slide.tables else 5.4))
        body.left, body.top, body.width, body.height = LEFT, top, WIDTH, height
        body.text = "\n".join(slide.lines)
        _shrink(body, 16 if slide.tables else 20)
        top += height
    for table in slide.tables:
        top += _add_table(page, table, top)
    _add_notes(page, slide)


def _add_table(page: Any, table: Table, top: int) -> int:
    """Add a table and return its height."""
    height = Inches(0.4) * len(table.rows)
    frame = page.shapes.add_table(len(table.rows), len(table.rows[0]), LEFT, top, WIDTH, height)
    for row, texts in zip(frame.table.rows, table.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            _set_size(cell.text_frame.paragraphs, 14)
    return int(height)


def _add_notes(page: Any, slide: Slide) -> None:
    """Add the speaker notes, if there are any."""
    if slide.notes:
        page.notes_slide.notes_text_frame.text = "\n".join(slide.notes)


def _shrink(shape: Any, size: int) -> None:
    """Give all text of a shape one size."""
    _set_size(shape.text_frame.paragraphs, size)


def _set_size(paragraphs: Iterable[Any], size: int) -> None:
    """Give the runs of paragraphs one size in points."""
    for paragraph in paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(size)
