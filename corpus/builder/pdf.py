"""PDF with a repeated page header, footnotes, and a footer that counts the pages."""

from __future__ import annotations

import datetime as dt

import font_roboto
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from builder.columns import write_columns
from builder.scan import write_scan
from builder.source import NOTE_MARK, Block, Heading, ListBlock, Paragraph, Source, split_notes

FONT = "Roboto"
HEADING_SIZES = {1: 15, 2: 13, 3: 11.5}
BOTTOM = 24
"""Millimetres below the text of a page without footnotes."""

NOTE_LINE = 4
"""Millimetres a line of a footnote takes."""

PAGE_LABELS = {
    "en": "Page {page} of {pages}",
    "pl": "Strona {page} z {pages}",
    "de": "Seite {page} von {pages}",
    "lv": "{page}. lappuse no {pages}",
    "lt": "{page} puslapis iš {pages}",
}


class Paper(FPDF):
    """An A4 document that repeats the header and the footer of its source."""

    def __init__(self, source: Source) -> None:
        """Register the fonts and the fixed dates."""
        super().__init__(format="A4")
        self.source = source
        self.notes: list[str] = []
        self.numbers = {mark: number for number, mark in enumerate(source.footnotes, 1)}
        self.add_font(FONT, "", font_roboto.Roboto)
        self.add_font(FONT, "B", font_roboto.RobotoBold)
        self.set_margins(25, 22, 25)
        self.set_auto_page_break(True, margin=BOTTOM)
        self.set_title(source.title)
        self.set_lang(source.language)
        self.set_author("HopKB")
        self.set_creator("HopKB")
        self.set_producer("HopKB")
        self.set_creation_date(source.moment.replace(tzinfo=dt.UTC))

    def header(self) -> None:
        """The line at the top of every page."""
        if self.source.header:
            self._small(self.source.header, align="L")
            self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
            self.ln(6)

    def footer(self) -> None:
        """The page's footnotes, and the line at the bottom with the page number."""
        if self.notes:
            self._write_notes()
        self.set_y(-18)
        label = PAGE_LABELS[self.source.language].format(page=self.page_no(), pages="{nb}")
        if self.source.footer:
            self._small(self.source.footer, align="C")
        self._small(label, align="C")

    def _write_notes(self) -> None:
        """The footnotes of the page under a short rule, in the room kept for them."""
        self.set_y(-self.b_margin)
        self.line(self.l_margin, self.get_y(), self.l_margin + 40, self.get_y())
        self.ln(1.5)
        self.set_font(FONT, "", 8)
        self.set_auto_page_break(False)
        for note in self.notes:
            self.multi_cell(0, NOTE_LINE, note, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.notes = []
        self.set_auto_page_break(True, margin=BOTTOM)

    def _small(self, text: str, align: str) -> None:
        """One line of small grey text."""
        self.char_vpos = "LINE"  # a page may end behind the mark of a footnote
        self.set_font(FONT, "", 8.5)
        self.set_text_color(90)
        self.cell(0, 5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(0)

    def write_block(self, block: Block) -> None:
        """Write one block at the current position."""
        if isinstance(block, Heading):
            self.write_heading(block.text, HEADING_SIZES.get(block.level, 11.5))
        elif isinstance(block, Paragraph):
            self._lines(block.text)
            self.ln(2.5)
        elif isinstance(block, ListBlock):
            self._write_list(block)
        else:
            self._write_table(block.rows)

    def write_heading(self, text: str, size: float) -> None:
        """A bold line that is not left alone at the end of a page."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(2)
        self.set_font(FONT, "B", size)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def _lines(self, text: str) -> None:
        """A run of body text broken into lines, with its footnotes kept for the foot of the page."""
        self._keep_notes(text)
        self.set_font(FONT, "", 10.5)
        if NOTE_MARK.search(text):
            for run, mark in split_notes(text):
                self.write(5.6, run)
                self._raise(mark)
            self.ln(5.6)
            return
        self.multi_cell(0, 5.6, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _raise(self, mark: str) -> None:
        """The number of a footnote, small and above the line."""
        if mark:
            self.char_vpos = "SUP"
            self.write(5.6, str(self.numbers[mark]))
            self.char_vpos = "LINE"

    def _keep_notes(self, text: str) -> None:
        """Reserve room on this page for the footnotes of a paragraph; go to the next page if it lacks it."""
        notes = [f"{self.numbers[mark]} {self.source.footnotes[mark]}" for mark in NOTE_MARK.findall(text)]
        new = [note for note in dict.fromkeys(notes) if note not in self.notes]
        if not new:
            return
        self.set_font(FONT, "", 8)
        room = sum(self._height(note) for note in new)
        if self.will_page_break(room + 20):
            self.add_page()
        self.set_auto_page_break(True, margin=max(self.b_margin, BOTTOM + 2) + room)
        self.notes += new

    def _height(self, note: str) -> float:
        """Millimetres that a footnote takes in the current font."""
        height = self.multi_cell(0, NOTE_LINE, note, dry_run=True, output=MethodReturnValue.HEIGHT)
        return float(height)  # type: ignore[arg-type]  # a height, as asked

    def _write_list(self, block: ListBlock) -> None:
        """A list whose items hang behind their marks."""
        for number, item in enumerate(block.items, 1):
            self.set_font(FONT, "", 10.5)
            if self.will_page_break(5.6):
                self.add_page()
                self.set_font(FONT, "", 10.5)
            self.cell(6, 5.6, f"{number}." if block.ordered else "•")
            margin = self.l_margin
            self.set_left_margin(margin + 6)
            self._lines(item)
            self.set_left_margin(margin)
            self.set_x(margin)
            self.ln(1)
        self.ln(2)

    def _write_table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """A table with a bold first row, repeated after a page break."""
        self.set_font(FONT, "", 9.5)
        with self.table(line_height=5.2, text_align="LEFT", padding=1) as table:
            for row in rows:
                table.row(row)
        self.ln(4)


def write_pdf(source: Source) -> bytes:
    """The document as a PDF file."""
    paper = Paper(source)
    paper.add_page()
    paper.write_heading(source.title, 19)
    if source.layout == "two-columns":
        write_columns(paper, source)
    else:
        for block in source.blocks:
            paper.write_block(block)
    data = bytes(paper.output())
    return write_scan(data, source) if source.layout == "scan" else data
