"""PDF with a repeated page header and a footer that counts the pages."""

from __future__ import annotations

import datetime as dt

import font_roboto
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from builder.source import Block, Heading, ListBlock, Paragraph, Source

FONT = "Roboto"
HEADING_SIZES = {1: 15, 2: 13, 3: 11.5}
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
        self.add_font(FONT, "", font_roboto.Roboto)
        self.add_font(FONT, "B", font_roboto.RobotoBold)
        self.set_margins(25, 22, 25)
        self.set_auto_page_break(True, margin=24)
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
        """The line at the bottom of every page, with the page number."""
        self.set_y(-18)
        label = PAGE_LABELS[self.source.language].format(page=self.page_no(), pages="{nb}")
        if self.source.footer:
            self._small(self.source.footer, align="C")
        self._small(label, align="C")

    def _small(self, text: str, align: str) -> None:
        """One line of small grey text."""
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
        """A run of body text broken into lines."""
        self.set_font(FONT, "", 10.5)
        self.multi_cell(0, 5.6, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

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
    for block in source.blocks:
        paper.write_block(block)
    return bytes(paper.output())
