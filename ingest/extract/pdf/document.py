"""The order of the steps, from a PDF to blocks: words, lines, running lines, paragraphs, headings."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from ingest.clean import joined_across_pages
from ingest.extract.base import Block, BlockKind, Extraction
from ingest.extract.pdf import source
from ingest.extract.pdf.continued import join_tables
from ingest.extract.pdf.forms import field_words, open_forms
from ingest.extract.pdf.headings import SMALLER, mark_headings, take_notes
from ingest.extract.pdf.lines import CellRow, Line, Page, read_page
from ingest.extract.pdf.objects import Drawing, read_drawing
from ingest.extract.pdf.paragraphs import Paragraph, joined, paragraphs
from ingest.extract.pdf.running import running
from ingest.extract.pdf.words import Sheet, read_words
from ingest.reflow import join_later
from kb.types import PlaceKind

FEWEST_LETTERS = 8
"""Letters and digits on a page with text and a drawing; fewer are the number of a page whose text is drawn."""

STAMP_LETTERS = 30
PICTURED = 0.8
"""A page with fewer letters than this, covered by pictures to this share, is a scan with a stamp."""

UNDEFINED = 0.3
"""Share of a page's characters without a letter of their own from which its text is of no use."""

SECONDS = 60
WALL_SECONDS = 90
"""Of work, and in all, for reading all pages, at about a hundred a second; the sandbox ends the reader after 120."""

DEFAULT_BODY = 10.0
"""Points; where a document has no text to tell the usual size."""


@dataclass(slots=True)
class _Reading:
    pages: list[Page] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    late: int = 0  # the first page for which there was no time
    remarks: list[str] = field(default_factory=list)


def read(path: Path, format_: str) -> Extraction:
    """What the PDF at `path` says. Raises Refused with a reason for people."""
    try:
        document = source.open_pages(path)
        with document:
            reading = _read(document)
            count = len(document)
        if len(reading.failed) == count:
            raise source.Unreadable("no page")
    except source.Unreadable:
        return _plain(path, format_)
    about = source.read_about(path)
    return Extraction(
        format=format_,
        place=PlaceKind.PAGE,
        blocks=tuple(_blocks(reading.pages)),
        title=about.title,
        date=about.date,
        scanned=tuple(reading.scanned),
        remarks=tuple(_remarks(reading, count)),
    )


def _plain(path: Path, format_: str) -> Extraction:
    """As `read`, by pypdf alone."""
    texts = source.read_plainly(path)
    about = source.read_about(path)
    blocks = tuple(Block(BlockKind.LINES, text, number) for number, text in enumerate(texts, start=1))
    return Extraction(format_, PlaceKind.PAGE, blocks, title=about.title, date=about.date)


def _read(document: Any) -> _Reading:
    import pypdfium2

    reading, began, worked = _Reading(), time.monotonic(), time.process_time()
    reading.remarks += _what_is_left_out(document)
    has_forms = open_forms(document)
    for at in range(len(document)):
        if time.process_time() - worked > SECONDS or time.monotonic() - began > WALL_SECONDS:
            reading.late = at + 1
            break
        try:
            page = document[at]
        except pypdfium2.PdfiumError:
            reading.failed.append(at + 1)
            continue
        try:
            _read_page(reading, page, at + 1, has_forms=has_forms)
        except pypdfium2.PdfiumError:
            reading.failed.append(at + 1)
        finally:
            page.close()
    return reading


def _read_page(reading: _Reading, page: Any, number: int, *, has_forms: bool) -> None:
    sheet, drawing = read_words(page), read_drawing(page)
    if has_forms:
        sheet.words += field_words(page)
    if sheet.cut:
        reading.cut.append(number)
    if _is_usable(sheet, drawing):
        reading.pages.append(read_page(sheet, drawing, number))
    elif (drawing.drawn or sheet.undefined) and not sheet.cut:
        reading.scanned.append(number)


def _is_usable(sheet: Sheet, drawing: Drawing) -> bool:
    """Whether a page's text can be read as it is."""
    if sheet.undefined > UNDEFINED * max(sheet.characters, 1):
        return False
    letters = sum(map(str.isalnum, "".join(word.text for word in sheet.words)))
    least = FEWEST_LETTERS if drawing.drawn else 1
    return letters >= (STAMP_LETTERS if drawing.pictured >= PICTURED else least)


def _what_is_left_out(document: Any) -> Iterator[str]:
    import pypdfium2.raw as pdfium

    attached = document.count_attachments()
    if attached:
        files = "attached file that is" if attached == 1 else "attached files that are"
        yield f"holds {attached} {files} not read: save what matters as files of their own"
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        yield "is a form that only some programs show: print it to a new PDF if text is missing"


def _remarks(reading: _Reading, count: int) -> Iterator[str]:
    yield from reading.remarks
    if reading.failed:
        yield f"{_named(reading.failed)} cannot be read: damaged"
    if reading.cut:
        yield f"{_named(reading.cut)} read in part: more text than a page can hold"
    if reading.late:
        yield f"{_named(range(reading.late, count + 1))} not read: the file takes too long; split it into its parts"


def _named(numbers: Iterable[int]) -> str:
    """ "page 3" or "pages 3, 5-9"."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    names = [f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    shown = ", ".join(names[:10]) + (" and others" if len(names) > 10 else "")
    return f"{'page' if len(runs) == 1 and len(runs[0]) == 1 else 'pages'} {shown}"


# --- from lines to blocks


def _blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """All blocks in reading order."""
    body = _body_size(pages)
    gone = running([(page.number, page.edges) for page in pages], body)
    for page, edges in zip(pages, gone, strict=True):
        page.flows = [_without(flow, edges) for flow in page.flows]
    join_tables(pages, SMALLER * body)
    texts: list[list[Paragraph]] = []
    notes: dict[int, list[Paragraph]] = {}
    for page in pages:
        parted = [take_notes(paragraphs(column, body, page.foot), body, page) for column in page.flows]
        text = joined([column for column, _ in parted])
        texts.append([replace(paragraph, number=page.number) for paragraph in text if paragraph.text.strip()])
        notes[page.number] = [note for _, found in parted for note in found]
    mark_headings(texts, body)
    flowing = joined_across_pages([paragraph for text in texts for paragraph in text], join_later)
    by_page = {number: list(text) for number, text in groupby(flowing, key=lambda paragraph: paragraph.number)}
    for page in pages:
        for paragraph in _with_notes(by_page.get(page.number, []), notes[page.number]):
            yield Block(paragraph.kind, paragraph.text, page.number)
        yield from (Block(BlockKind.TEXT, line.text, page.number) for line in page.asides)


def _with_notes(text: Sequence[Paragraph], notes: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """A page's paragraphs, each footnote behind the one with its mark, as in office formats, or at the end."""
    waiting = list(notes)
    for paragraph in text:
        yield paragraph
        for mark in paragraph.notes:
            at = next((at for at, note in enumerate(waiting) if note.notes[:1] == (mark,)), None)
            if at is not None:
                end = next((e for e in range(at + 1, len(waiting)) if waiting[e].notes), len(waiting))
                yield from waiting[at:end]
                del waiting[at:end]
    yield from waiting


def _body_size(pages: Sequence[Page]) -> float:
    sizes = sum((page.sizes for page in pages), Counter[float]())
    return sizes.most_common(1)[0][0] if sizes else DEFAULT_BODY


def _without(flow: Sequence[Line | CellRow], edges: set[int]) -> list[Line | CellRow]:
    return [item for item in flow if item.edge not in edges]
