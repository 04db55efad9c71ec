"""OpenDocument: text with footnotes, and presentations with speaker notes."""

from __future__ import annotations

import io
from typing import Any

from odfdo import Document, DrawPage, Element, Frame, Header, List, ListItem, Paragraph, Table

from builder import source as parts
from builder.office import repeatable
from builder.slides import Slide, slides
from builder.source import Source, split_notes

WIDTH = "24cm"


def write_odt(source: Source) -> bytes:
    """The document as an ODT file."""
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, source.title))
    numbers = {mark: number for number, mark in enumerate(source.footnotes, 1)}
    for block in source.blocks:
        document.body.append(_element(block, source, numbers))
    return _packed(document, source)


def write_odp(source: Source) -> bytes:
    """The document as an ODP file."""
    document = Document("presentation")
    document.body.clear()
    master = str(document.styles.get_elements("//style:master-page")[0].get_attribute("style:name"))
    first, *rest = slides(source)
    place = ", ".join(filter(None, (source.city, source.country)))
    first.lines += filter(None, (place, source.date.isoformat()))
    for number, slide in enumerate((first, *rest), 1):
        page = DrawPage(f"page{number}", name=f"page{number}", master_page=master)
        _fill(page, slide)
        document.body.append(page)
    return _packed(document, source)


def _element(block: parts.Block, source: Source, numbers: dict[str, int]) -> Any:
    """One block of a text document."""
    if isinstance(block, parts.Heading):
        return Header(max(2, block.level), block.text)
    if isinstance(block, parts.Paragraph):
        return _paragraph(block.text, source, numbers)
    if isinstance(block, parts.ListBlock):
        made = List()
        for item in block.items:
            entry = ListItem()
            entry.append(_paragraph(item, source, numbers))
            made.append(entry)
        return made
    return _table(block)


def _paragraph(text: str, source: Source, numbers: dict[str, int]) -> Any:
    """A paragraph with its footnotes."""
    made = Paragraph()
    for run, mark in split_notes(text):
        made.append_plain_text(run)
        if mark:
            number = str(numbers[mark])
            made.insert_note(note_id=f"note{number}", citation=number, body=source.footnotes[mark])
    return made


def _table(block: parts.Table) -> Any:
    """A table of texts."""
    table = Table("Table", width=len(block.rows[0]), height=len(block.rows))
    table.set_values([list(row) for row in block.rows])
    return table


def _fill(page: Any, slide: Slide) -> None:
    """Put title, lines, tables and notes on a slide."""
    page.append(_frame(Paragraph(slide.title), "title", "1cm", "2cm"))
    if slide.lines:
        lines = List([*slide.lines])
        page.append(_frame(lines, "outline", "4cm", "8cm"))
    for table in slide.tables:
        frame = Frame(size=(WIDTH, "8cm"), position=("2cm", "8cm" if slide.lines else "4cm"))
        frame.append(_table(table))
        page.append(frame)
    if slide.notes:
        notes = Element.from_tag("presentation:notes")
        notes.append(_frame([Paragraph(note) for note in slide.notes], "notes", "14cm", "10cm"))
        page.append(notes)


def _frame(content: Any, kind: str, top: str, height: str) -> Any:
    """A text box of a slide."""
    return Frame.text_frame(content, size=(WIDTH, height), position=("2cm", top), presentation_class=kind)


def _packed(document: Any, source: Source) -> bytes:
    """The archive with the document's own day in it, without the template's thumbnail and generator."""
    meta = document.meta
    meta.title = source.title
    meta.subject = source.topic
    meta.set_language(source.language)
    meta.set_creator("HopKB")
    meta.set_initial_creator("HopKB")
    meta.set_creation_date(source.moment)
    meta.set_modification_date(source.moment)
    meta.set_generator("HopKB")
    buffer = io.BytesIO()
    document.save(buffer)
    return repeatable(buffer.getvalue(), source)
