"""A briefing as a Word document: headings, quotes and lists in styles of their own, so that it can be worked on."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from kb.briefing.types import Briefing, Quote, Section, Source

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

FONT = "Calibri"
"""On every computer with Word; other programs put a font of the same widths in its place."""

PAGE = (210, 297)
MARGIN = 25
"""Millimetres: A4."""

INDENT = 8
"""Millimetres, of a quote and what belongs to it."""

SMALL = 9
"""Points: citations, the table of sources, header and footer."""

ACCENT = "1F6F78"
"""The colour of links and of the line beside a quote."""

SHORT = 800
"""Letters: a quote of up to a quarter of a page stays on one page with its citation."""

MOST_PROPERTY = 255
"""Letters that Word allows in a property of a document."""

TABLE_WIDTHS = (135, 25)
"""Millimetres: the columns of the table of sources."""


def write(briefing: Briefing) -> bytes:
    """`briefing` as the bytes of a DOCX file."""
    import docx

    document = docx.Document()
    _describe(document, briefing)
    _styles(document, briefing.labels.code)
    _page(document, briefing.title)
    document.add_paragraph(briefing.title, "Title")
    document.add_paragraph(briefing.made_words, "Subtitle")
    for paragraph in filter(None, briefing.introduction.split("\n\n")):
        document.add_paragraph(paragraph)
    for section in briefing.sections:
        _section(document, section, briefing)
    if briefing.sources:
        document.add_heading(briefing.labels.sources, 1)
        _sources(document, briefing)
    done = BytesIO()
    document.save(done)
    return done.getvalue()


def _describe(document: "WordDocument", briefing: Briefing) -> None:
    from datetime import UTC, datetime

    about = document.core_properties
    about.title = briefing.title[:MOST_PROPERTY]
    about.language = briefing.labels.code
    about.author = about.comments = ""
    about.created = about.modified = datetime(briefing.made.year, briefing.made.month, briefing.made.day, tzinfo=UTC)


def _styles(document: "WordDocument", language: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    normal = document.styles["Normal"]
    normal.font.name = FONT
    normal.paragraph_format.space_after = Pt(6)
    _language(normal.element.get_or_add_rPr(), language)
    quote = document.styles["Quote"]
    quote.font.italic = False
    quote.paragraph_format.left_indent = Mm(INDENT)
    quote.paragraph_format.space_before = Pt(10)
    quote.paragraph_format.space_after = Pt(3)
    _line_beside(quote.element.get_or_add_pPr())
    for name in ("Citation", "Note"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.paragraph_format.left_indent = Mm(INDENT)
        style.paragraph_format.keep_together = True
    document.styles["Citation"].font.size = Pt(SMALL)


def _page(document: "WordDocument", title: str) -> None:
    """A4, the number below each page, and the title above all but the first, which has it in large."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = map(Mm, PAGE)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    page.different_first_page_header_footer = True
    page.header.paragraphs[0].add_run(title).font.size = Pt(SMALL)
    for footer in (page.first_page_footer, page.footer):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _field(paragraph, "NUMPAGES")
        for run in paragraph.runs:
            run.font.size = Pt(SMALL)


def _section(document: "WordDocument", section: Section, briefing: Briefing) -> None:
    if section.heading:
        document.add_heading(section.heading, 1)
    for quote in section.quotes:
        _quote(document, quote, briefing)


def _quote(document: "WordDocument", quote: Quote, briefing: Briefing) -> None:
    words = document.add_paragraph(style="Quote")
    words.paragraph_format.keep_with_next = len(quote.text) < SHORT
    number = words.add_run(f"[{quote.number}]")
    number.bold = True
    _bookmark(number._r, quote.number)
    words.add_run(" ")
    _language(words.add_run(quote.text)._r.get_or_add_rPr(), quote.language)
    citation = document.add_paragraph("— ", "Citation")
    title = citation.add_run(quote.title)
    title.italic = True
    _language(title._r.get_or_add_rPr(), quote.language)
    citation.add_run(quote.citation)
    if quote.link:
        citation.add_run(" · ")
        _link(citation, briefing.labels.link, address=quote.link)
    if quote.note:
        citation.paragraph_format.keep_with_next = True
        note = document.add_paragraph(style="Note")
        note.add_run(f"{briefing.labels.note}: ").bold = True
        note.add_run(quote.note)


def _sources(document: "WordDocument", briefing: Briefing) -> None:
    """The table of sources; its numbers lead to the quotes."""
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    head = table.rows[0]
    for cell, label in zip(head.cells, (briefing.labels.source, briefing.labels.quotes), strict=True):
        cell.paragraphs[0].add_run(label).bold = True
    _element(head._tr.get_or_add_trPr(), "w:tblHeader", val="true")
    for source in briefing.sources:
        row = table.add_row()
        _element(row._tr.get_or_add_trPr(), "w:cantSplit", val="true")
        _source(row.cells[0], source)
        for at, number in enumerate(source.quotes):
            paragraph = row.cells[1].paragraphs[0]
            paragraph.add_run(", " if at else "")
            _link(paragraph, f"[{number}]", bookmark=_name(number))
    _fit(table)


def _fit(table: Any) -> None:
    from docx.shared import Mm, Pt

    for column, width in zip(table.columns, TABLE_WIDTHS, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            for run in (run for paragraph in cell.paragraphs for run in paragraph.runs):
                run.font.size = Pt(SMALL)


def _source(cell: "_Cell", source: Source) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.add_run(source.title).italic = True
    paragraph.add_run("".join(f", {fact}" for fact in source.facts))
    if source.link:
        paragraph.add_run(". ")
        _link(paragraph, source.link, address=source.link)


# --- what python-docx has no name for


def _element(parent: Any, tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def _language(properties: Any, code: str) -> None:
    """Which language the text of a run or a style is in, for spelling and screen readers."""
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    _element(properties, "w:lang", val=code)


def _line_beside(properties: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    _element(borders, "w:left", val="single", sz="18", space="8", color=ACCENT)
    following = [qn(f"w:{name}") for name in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl")]
    place = next((at for at, child in enumerate(properties) if child.tag in following), len(properties))
    properties.insert(place, borders)  # Word refuses properties in another order than the standard's


def _field(paragraph: "Paragraph", instruction: str) -> None:
    """A value that Word itself fills in, such as the number of the page."""
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()._r
        if kind:
            _element(run, "w:fldChar", fldCharType=kind)
        else:
            _element(run, "w:instrText").text = instruction


def _name(number: int) -> str:
    return f"quote_{number}"


def _bookmark(run: Any, number: int) -> None:
    """Makes a run a place that links lead to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _name(number))
    run.addprevious(start)
    run.addnext(end)


def _link(paragraph: "Paragraph", text: str, *, address: str = "", bookmark: str = "") -> None:
    """A link to a web address or to a bookmark of this document."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    link = _element(paragraph._p, "w:hyperlink")
    if address:
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), bookmark)
    run = paragraph.add_run(text)
    run.font.underline = True
    run.font.size = Pt(SMALL)
    run.font.color.rgb = RGBColor.from_string(ACCENT)
    link.append(run._r)
