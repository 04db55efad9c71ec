"""Word documents with real heading, list and table styles."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from builder.office import repeatable, set_properties
from builder.source import Block, Heading, ListBlock, Paragraph, Source, Table


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
    for block in source.blocks:
        _add(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return repeatable(buffer.getvalue(), source)


def _add(document: Any, block: Block) -> None:
    """Add one block in its style."""
    if isinstance(block, Heading):
        document.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        document.add_paragraph(block.text)
    elif isinstance(block, ListBlock):
        style = "List Number" if block.ordered else "List Bullet"
        for item in block.items:
            document.add_paragraph(item, style=style)
    else:
        _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:
    """Add a table with a bold first row."""
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    document.add_paragraph()
