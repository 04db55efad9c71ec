"""A briefing as a PDF: A4, with bookmarks, links that work and numbers below the pages."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from kb.briefing.types import Briefing, Quote, Source

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "Roboto"
STYLES = {"": "Regular", "B": "Bold", "I": "Italic"}

MARGIN = 22
INDENT = 11
GAP = 3
"""Millimetres: around the page, left of a quote, between what belongs to different things."""

LINE = 0.7
"""Millimetres: the line beside a quote."""

LEADING = 1.35
"""Height of a line in sizes of its letters."""

POINT = 25.4 / 72
"""Millimetres."""

MOST_HEADER = 150
"""Letters above a page: more than a line has room for."""

FILLED = 0.95
"""How much of a line words fill on average, at the least."""

LINES_TOGETHER = 3
"""Lines of a long quote that stand on the page on which it begins, at the least."""

WHOLE_BELOW = 1 / 4
"""Of a page: a shorter quote stands on one page together with its citation and note."""

ACCENT = (31, 111, 120)
GREY = (90, 90, 90)
BLACK = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Style:
    """How lines are set: `size` in points, `indent` in millimetres, a line `beside` them or none."""

    size: float
    face: str = ""
    indent: float = 0
    colour: tuple[int, int, int] = BLACK
    beside: bool = False

    @property
    def line(self) -> float:
        """Height of a line in millimetres."""
        return self.size * POINT * LEADING


TITLE = Style(20, "B")
HEADING = Style(14, "B")
BODY = Style(10.5)
DATE = Style(10.5, colour=GREY)
QUOTE = Style(10.5, indent=INDENT, beside=True)
NUMBER = Style(10.5, "B", colour=ACCENT)
CITATION = Style(9, indent=INDENT + GAP, colour=GREY)
LINK = Style(9, indent=INDENT + GAP, colour=ACCENT)
NOTE = Style(10.5, "I", indent=INDENT + GAP)
SOURCE_LINK = Style(9, colour=ACCENT)
PAGE_EDGE = Style(9, colour=GREY)
"""Of what stands above and below a page."""

UNKNOWN = "\ufffd"
"""Stands for a letter that the font has not."""

INVISIBLE = {"Cf", "Cc"}
JOINERS = "\u200d\ufe0e\ufe0f"
"""Signs without a shape of their own: categories of Unicode, and what makes one emoji of several."""

STAND_INS = {"→": "->", "←": "<-", "⇒": "=>", "✓": "√", "✔": "√", "☐": "[ ]", "☑": "[x]", "☒": "[x]"} | dict.fromkeys(
    "■□▪▫●○◦‣⁃∙", "•"
)
"""Signs of lists, which the font has not."""

PAGES = "{\x02}"
"""Where the number of pages is put in, about as wide as it. No text holds it: `plain.clean` takes \\x02 out."""


def write(briefing: Briefing) -> bytes:
    """`briefing` as the bytes of a PDF file."""
    pdf = _opened(briefing)
    _text(pdf, briefing.title, TITLE)
    _text(pdf, briefing.made_words, DATE)
    if briefing.introduction:
        pdf.ln(GAP)
        _text(pdf, briefing.introduction, BODY)
    for section in briefing.sections:
        if section.heading:
            _heading(pdf, section.heading, _room(pdf, section.quotes[0], briefing))
        for quote in section.quotes:
            _quote(pdf, quote, briefing, level=1 if section.heading else 0)
    if briefing.sources:
        _heading(pdf, briefing.labels.sources, _height(pdf, briefing.sources[0].title, BODY))
    for source in briefing.sources:
        _source(pdf, source, briefing.labels.quotes)
    return bytes(pdf.output())


def _opened(briefing: Briefing) -> "FPDF":
    """An empty document that knows its fonts, title, language and what stands above and below each page."""
    from fpdf import FPDF

    class Pages(FPDF):  # fpdf2 is told of headers and footers in this way only
        def header(self) -> None:
            if self.page_no() > 1:
                _use(self, PAGE_EDGE)
                self.cell(self.epw, PAGE_EDGE.line, _fitted(self, shown(briefing.title)), new_x="LMARGIN")
                self.ln(PAGE_EDGE.line + GAP)

        def footer(self) -> None:
            self.set_y(-MARGIN * 0.7)
            _use(self, PAGE_EDGE)
            self.cell(self.epw, PAGE_EDGE.line, f"{self.page_no()} / {PAGES}", align="C")

    pdf = Pages(format="A4")
    pdf.alias_nb_pages(PAGES)
    pdf.set_margins(MARGIN, MARGIN, MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    for style in STYLES:
        pdf.add_font(FONT, style, font_file(style))
    pdf.set_title(briefing.title)
    pdf.set_lang(briefing.labels.code)
    pdf.set_creation_date(datetime(briefing.made.year, briefing.made.month, briefing.made.day, tzinfo=UTC))
    pdf.add_page()
    return pdf


def _heading(pdf: "FPDF", heading: str, following: float) -> None:
    """A heading and its bookmark, on a page that has room for `following` millimetres of what it is above."""
    pdf.ln(2 * GAP)
    if pdf.will_page_break(_height(pdf, heading, HEADING) + GAP + following):
        pdf.add_page()
    pdf.start_section(shown(heading))
    _text(pdf, heading, HEADING)
    pdf.ln(GAP)


def _quote(pdf: "FPDF", quote: Quote, briefing: Briefing, level: int) -> None:
    if pdf.will_page_break(_room(pdf, quote, briefing)):
        pdf.add_page()
    pdf.start_section(shown(f"[{quote.number}] {quote.title}"), level)
    _use(pdf, NUMBER)
    pdf.cell(INDENT, NUMBER.line, f"[{quote.number}]")
    _text(pdf, quote.text, QUOTE)
    pdf.ln(GAP / 2)
    _text(pdf, f"— {quote.title}{quote.citation}", CITATION)
    _text(pdf, quote.link, LINK, link=quote.link)
    if quote.note:
        pdf.ln(GAP / 2)
        _text(pdf, _noted(quote, briefing), NOTE)
    if lacks(quote.text + quote.title + quote.note):
        _text(pdf, briefing.labels.unshown.format(sign=UNKNOWN), CITATION)
    pdf.ln(2 * GAP)


def _room(pdf: "FPDF", quote: Quote, briefing: Briefing) -> float:
    """Millimetres that a page needs for a quote to begin on it: a short one stays together with what belongs to it."""
    said = (quote.citation + quote.title, quote.link, briefing.labels.unshown)
    small = sum(_height(pdf, text, CITATION) for text in said)
    height = GAP + small + sum(_height(pdf, text, NOTE) for text in (quote.text, _noted(quote, briefing)))
    return height if height < pdf.eph * WHOLE_BELOW else QUOTE.line * LINES_TOGETHER


def _noted(quote: Quote, briefing: Briefing) -> str:
    return f"{briefing.labels.note}: {quote.note}"


def _source(pdf: "FPDF", source: Source, label: str) -> None:
    facts = "".join(f", {fact}" for fact in source.facts)
    numbers = ", ".join(f"[{number}]" for number in source.quotes)
    text = f"{source.title}{facts}. {label}: {numbers}"
    if pdf.will_page_break(min(pdf.eph, _height(pdf, text, BODY) + _height(pdf, source.link, SOURCE_LINK))):
        pdf.add_page()
    _text(pdf, text, BODY)
    _text(pdf, source.link, SOURCE_LINK, link=source.link)
    pdf.ln(GAP)


def _use(pdf: "FPDF", style: Style) -> None:
    pdf.set_font(FONT, style.face, style.size)
    pdf.set_text_color(*style.colour)


def _text(pdf: "FPDF", text: str, style: Style, *, link: str = "") -> None:
    """Lines of `text` over the whole width behind the indent, on as many pages as they need; nothing for ""."""
    if not text:
        return
    _use(pdf, style)
    pdf.set_draw_color(*ACCENT)
    pdf.set_line_width(LINE)
    pdf.set_x(MARGIN + style.indent)
    pdf.multi_cell(
        pdf.epw - style.indent,
        style.line,
        shown(text),
        align="L",
        border="L" if style.beside else 0,
        padding=(0, 0, 0, GAP if style.beside else 0),
        link=link or None,
        new_x="LMARGIN",
        new_y="NEXT",
    )


def _height(pdf: "FPDF", text: str, style: Style) -> float:
    """Millimetres that `text` takes, or a little more: fpdf2 takes as long to measure lines as to write them."""
    _use(pdf, style)
    width = (pdf.epw - style.indent - GAP) * FILLED
    return style.line * sum(max(1, ceil(pdf.get_string_width(line) / width)) for line in shown(text).split("\n"))


def _fitted(pdf: "FPDF", text: str) -> str:
    """As much of `text` as fits on one line, in the present font."""
    fitted = text[:MOST_HEADER]
    while pdf.get_string_width(fitted) > pdf.epw:
        fitted = fitted[:-1]
    return fitted if fitted == text else f"{fitted[:-1].rstrip()}…"


def shown(text: str) -> str:
    """`text` in letters that the font has: the same words, UNKNOWN in place of a sign it lacks."""
    return "".join(map(_shown, unicodedata.normalize("NFC", text)))


def lacks(text: str) -> bool:
    """Whether the font lacks a letter of `text`."""
    return shown(text).count(UNKNOWN) > text.count(UNKNOWN)


@lru_cache(maxsize=4096)
def _shown(letter: str) -> str:
    if letter in JOINERS:
        return ""
    if letter == "\n" or ord(letter) in _letters():
        return letter
    if unicodedata.category(letter) in INVISIBLE:
        return ""
    plainer = STAND_INS.get(letter) or unicodedata.normalize("NFKD", letter)
    return plainer if all(ord(part) in _letters() for part in plainer) else UNKNOWN


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The letters that the font has, by code point."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file("")) as font:
        return frozenset(font.getBestCmap())


def font_file(style: str) -> Path:
    """Where the font of a style lies: "", "B" or "I"."""
    import font_roboto

    return Path(font_roboto.__file__).parent / "files" / f"{FONT}-{STYLES[style]}.ttf"
