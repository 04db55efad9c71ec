"""Word documents with real heading, list and table styles, and real footnotes."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from builder.docx_footnotes import add_footnotes, add_reference
from builder.office import repeatable, set_properties
from builder.source import Block, Heading, ListBlock, Paragraph, Source, Table, split_notes


def write_docx(source: Source) -> bytes:
    """The document as a DOCX file."""
    document = Document()
    set_properties(document.core_properties, source)
    section = document.sections[0]
    if source.header:
        section.header.paragraphs[0].text = source.header
    if source.footer:
        section.footer.paragraphs[0].text = source.footer
    document.add_heading(source.title, 0)
    numbers = {mark: number for number, mark in enumerate(source.footnotes, 1)}
    for block in source.blocks:
        _add(document, block, numbers)
    if numbers:
        add_footnotes(document, list(source.footnotes.values()))
    buffer = io.BytesIO()
    document.save(buffer)
    return repeatable(buffer.getvalue(), source)


def _add(document: Any, block: Block, numbers: dict[str, int]) -> None:
    """Add one block in its style."""
    if isinstance(block, Heading):
        document.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        _fill(document.add_paragraph(), block.text, numbers)
    elif isinstance(block, ListBlock):
        style = "List Number" if block.ordered else "List Bullet"
        for item in block.items:
            _fill(document.add_paragraph(style=style), item, numbers)
    else:
        _add_table(document, block, numbers)


def _fill(paragraph: Any, text: str, numbers: dict[str, int]) -> None:
    """Write text with its footnotes into an empty paragraph."""
    for run, mark in split_notes(text):
        if run:
            paragraph.add_run(run)
        if mark:
            add_reference(paragraph, numbers[mark])


def _add_table(document: Any, block: Table, numbers: dict[str, int]) -> None:
    """Add a table with a bold first row."""
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell.paragraphs[0], text, numbers)
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    document.add_paragraph()
