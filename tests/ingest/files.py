"""Makes real files of every format, and reads files as the pipeline does."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import font_roboto
import pptx
from fpdf import FPDF
from pptx.util import Inches
from pypdf import PdfWriter

from ingest.clean import clean
from ingest.extract import extract
from ingest.extract.base import Block, Extraction
from ingest.passages import Cut, cut
from ingest.practice import Facts, read_facts

# --- PDF


class Paper(FPDF):
    """A4 with optional running lines; `{page}` and `{pages}` stand for the numbers."""

    def __init__(self, header: str = "", footer: str = "") -> None:
        super().__init__(format="A4")
        self.running = (header, footer)
        self.add_font("Roboto", "", font_roboto.Roboto)
        self.add_font("Roboto", "B", font_roboto.RobotoBold)
        self.set_font("Roboto", "", 11)

    def header(self) -> None:
        if self.running[0]:
            self._running(self.running[0])

    def footer(self) -> None:
        if self.running[1]:
            self.set_y(-15)
            self._running(self.running[1])

    def _running(self, text: str) -> None:
        self.set_font("Roboto", "", 8)
        line = text.replace("{page}", str(self.page_no())).replace("{pages}", "{nb}")
        self.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
        self.set_font("Roboto", "", 11)


def make_pdf(
    path: Path,
    pages: Sequence[Sequence[str]],
    *,
    header: str = "",
    footer: str = "",
    title: str = "",
    created: datetime | None = None,
) -> Path:
    """A page is a row of paragraphs; one that begins with "# " is a heading in bold."""
    paper = Paper(header, footer)
    if title:
        paper.set_title(title)
    paper.set_creation_date(created or datetime(2019, 5, 4, tzinfo=UTC))
    for page in pages:
        paper.add_page()
        for paragraph in page:
            paper.set_font("Roboto", "B" if paragraph.startswith("# ") else "", 11)
            paper.multi_cell(0, 5.5, paragraph.removeprefix("# "), align="L", new_x="LMARGIN", new_y="NEXT")
            paper.ln(4)
    paper.output(str(path))
    return path


def make_lined_pdf(path: Path, pages: Sequence[Sequence[str]]) -> Path:
    """Pages of lines that break exactly where the caller breaks them."""
    paper = Paper()
    for page in pages:
        paper.add_page()
        for line in page:
            paper.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    paper.output(str(path))
    return path


def make_image_pdf(path: Path) -> Path:
    """Pages without a letter: lines and boxes only, as a scan has."""
    paper = Paper()
    for _ in range(3):
        paper.add_page()
        paper.rect(20, 20, 150, 200, style="F")
    paper.output(str(path))
    return path


def make_encrypted_pdf(path: Path, password: str, *, text: str) -> Path:
    """A PDF that opens with `password` only."""
    writer = PdfWriter(clone_from=make_pdf(path.with_suffix(".plain"), [[text]]))
    path.with_suffix(".plain").unlink()
    writer.encrypt(password)
    writer.write(str(path))
    return path


# --- Office


@dataclass(frozen=True)
class Slide:
    """What goes on a slide; `grouped` are texts in a group inside a group."""

    title: str = ""
    bullets: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()
    grouped: Sequence[str] = ()


def make_pptx(path: Path, slides: Sequence[Slide], *, title: str = "", modified: datetime | None = None) -> Path:
    """A deck with title-and-content slides."""
    deck = pptx.Presentation()
    deck.core_properties.title = title
    deck.core_properties.modified = modified or datetime(2018, 3, 2, 10, 0)
    for slide in slides:
        made = deck.slides.add_slide(deck.slide_layouts[1 if slide.title else 6])
        if slide.title:
            made.shapes.title.text = slide.title
            made.placeholders[1].text = "\n".join(slide.bullets)
        elif slide.bullets:
            box = made.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(2))
            box.text_frame.text = "\n".join(slide.bullets)
        if slide.table:
            _fill_slide_table(made, slide.table)
        if slide.grouped:
            inner = made.shapes.add_group_shape().shapes.add_group_shape()
            for text in slide.grouped:
                inner.shapes.add_textbox(Inches(1), Inches(5), Inches(4), Inches(1)).text_frame.text = text
        if slide.notes:
            made.notes_slide.notes_text_frame.text = "\n".join(slide.notes)
    deck.save(str(path))
    return path


def _fill_slide_table(slide: Any, rows: Sequence[Sequence[str]]) -> None:
    frame = slide.shapes.add_table(len(rows), len(rows[0]), Inches(1), Inches(4), Inches(8), Inches(2))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            frame.table.cell(at, column).text = text


def make_docx(
    path: Path,
    write: Callable[[Any], object],
    *,
    title: str = "",
    modified: datetime | None = None,
) -> Path:
    """A Word document; `write` fills the empty python-docx document."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.modified = modified or datetime(2017, 11, 30, 9, 0)
    write(document)
    document.save(str(path))
    return path


def rewrite_member(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive at `path` with one member changed, as a hostile sender can."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


# --- text formats


def make_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Any file that is text: plain text, Markdown, HTML, YAML."""
    path.write_bytes(text.encode(encoding))
    return path


def make_page(
    path: Path, article: str, *, title: str, head: str = "", before: str = "", after: str = "", lang: str = "en"
) -> Path:
    """A saved web page with `article` as its main content."""
    return make_text(
        path,
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{before}<main><article>{article}</article></main>{after}</body></html>",
    )


# --- reading


@dataclass(frozen=True)
class Found:
    """A passage as a user sees it."""

    label: str
    language: str
    text: str
    heading: str


@dataclass(frozen=True)
class Reading:
    """What the steps before the store make of a file."""

    extraction: Extraction
    blocks: tuple[Block, ...]
    cut: Cut
    facts: Facts
    passages: list[Found] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that can be found: passages and their headings."""
        return "\n".join(f"{passage.heading}\n{passage.text}" for passage in self.passages)

    def label_of(self, words: str) -> str:
        """The place of the first passage that contains `words`."""
        return next(passage.label for passage in self.passages if words in passage.text)

    def language_of(self, words: str) -> str:
        """The language of the first passage that contains `words`."""
        return next(passage.language for passage in self.passages if words in passage.text)


def read(path: Path) -> Reading:
    """Extract, clean, cut and read the facts, as `Pipeline` does."""
    extraction = extract(path)
    blocks = clean(extraction.blocks)
    made = cut(blocks, extraction.place)
    return Reading(extraction, blocks, made, read_facts(extraction, blocks, made), found(made))


def found(made: Cut) -> list[Found]:
    """The passages of a cut document with their texts."""
    return [
        Found(p.place.label, p.language, made.text[p.span.start : p.span.end], p.place.heading) for p in made.passages
    ]
