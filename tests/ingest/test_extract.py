"""Every format: all that its author wrote, in order, each piece at the place a reader would name."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from pptx.util import Inches

from ingest.extract import extract, recognise
from ingest.extract.base import BlockKind, Refused
from tests.ingest import texts
from tests.ingest.files import (
    Slide,
    make_docx,
    make_encrypted_pdf,
    make_image_pdf,
    make_page,
    make_pdf,
    make_pptx,
    make_text,
    read,
    rewrite_member,
)

# --- one table of files: what must be found, what must not, and where it stands


def _pdf(path: Path) -> Path:
    pages = [["# Godziny dla miasta", texts.PL], ["# Ubezpieczenie", "Miasto wykupuje polisę dla każdego."], [texts.EN]]
    return make_pdf(path, pages, header="Raport o wolontariacie", footer="Strona {page} z {pages}")


def _pptx(path: Path) -> Path:
    slides = [
        Slide("Savanoriai mieste", ["Jaunimas padeda senjorams", "Mokymai vyksta rudenį"]),
        Slide("Bilanz", table=[["Jahr", "Freiwillige"], ["2015", "120"], ["2016", "240"]]),
        Slide("Thanks", ["A gala in December"], notes=["Remember to mention the free bus pass."]),
    ]
    return make_pptx(path, slides)


def _docx(path: Path) -> Path:
    def write(document: Any) -> None:
        document.add_heading("Pateicības vakars", 1)
        document.add_paragraph(texts.LV)
        document.add_heading("Noteikumi", 2)
        document.add_paragraph("Katra biedrība piesaka vienu cilvēku", style="List Bullet")
        document.add_paragraph("Žūrija izvēlas desmit", style="List Number")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Gads", "Dalībnieki", "2016", "340"], strict=True):
            cell.text = text

    return make_docx(path, write)


FURNITURE_BEFORE = """
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About the town hall</a></li>
<li><a href="/tenders">Public tenders</a></li></ul></nav>
<div class="cookie-banner" id="cookie-notice"><p>This website uses cookies to measure visits.</p>
<button>Accept all cookies</button></div>"""
FURNITURE_AFTER = """
<aside class="sidebar"><h3>Recent posts</h3><ul><li><a href="/1">Christmas market opens</a></li>
<li><a href="/2">New tram line to the harbour</a></li></ul>
<h3>Our sponsors</h3><ul><li><a href="http://loans.example">Cheap payday loans</a></li></ul></aside>
<div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Tweet this</a></div>
<div id="comments" class="comments"><h3>2 comments</h3>
<div class="comment"><p>Great idea, greetings from the seaside!</p></div></div>
<footer><p>Proudly powered by WordPress. Theme by Somebody Studio.</p></footer>"""
ARTICLE = f"""<h1>How we thank our volunteers</h1><p>{texts.EN}</p>
<h2>Insurance</h2><p>{texts.EN_MORE}</p>
<ul><li>Register the helper on the first day</li><li>Give everybody a badge</li></ul>
<table><tr><th>Year</th><th>Helpers</th></tr><tr><td>2015</td><td>120</td></tr></table>
<p>Both comments and pings are currently closed.</p>"""


def _html(path: Path) -> Path:
    return make_page(path, ARTICLE, title="How we thank our volunteers", before=FURNITURE_BEFORE, after=FURNITURE_AFTER)


def _markdown(path: Path) -> Path:
    return make_text(
        path,
        f"# Ehrenamt in der Stadt\n\n{texts.DE}\n\n## Versicherung\n\n"
        "- Jede Person ist **unfallversichert**\n- Der [Beitrag](https://example.org/geld) ist frei\n\n"
        "| Jahr | Helfer |\n|---|---|\n| 2016 | 240 |\n",
    )


def _text(path: Path) -> Path:
    return make_text(path, f"Savanorių padėka\n\n{texts.LT}\n\nAntroji pastraipa kalba apie draudimą.\n")


@dataclass(frozen=True)
class Case:
    """A file and what a user must and must not find in it."""

    name: str
    make: Callable[[Path], Path]
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...]
    places: dict[str, str]


CASES = (
    Case(
        "raport.pdf",
        _pdf,
        (*texts.sentences(texts.PL), *texts.sentences(texts.EN), "Miasto wykupuje polisę dla każdego."),
        ("Strona 1", "z 3", "Raport o wolontariacie"),
        {"Wyróżnieni otrzymują": "page 1", "wykupuje polisę": "page 2", "free pass": "page 3"},
    ),
    Case(
        "deck.pptx",
        _pptx,
        ("Jaunimas padeda senjorams", "Jahr | Freiwillige", "2016 | 240", "Remember to mention the free bus pass."),
        ("‹#›", "Click to add"),
        {"Mokymai vyksta": "slide 1", "2015 | 120": "slide 2", "A gala": "slide 3", "bus pass": "slide 3"},
    ),
    Case(
        "vakars.docx",
        _docx,
        (*texts.sentences(texts.LV), "Katra biedrība piesaka vienu cilvēku", "Gads | Dalībnieki", "2016 | 340"),
        (),
        {"Uzvarētāji saņem": "section Pateicības vakars", "Žūrija izvēlas desmit": "section Noteikumi"},
    ),
    Case(
        "page.html",
        _html,
        (
            *texts.sentences(texts.EN),
            *texts.sentences(texts.EN_MORE),
            "Register the helper on the first day",
            "Give everybody a badge",
            "2015 | 120",
        ),
        (
            "Public tenders",
            "cookies",
            "Christmas market",
            "tram line",
            "payday loans",
            "Share on",
            "Tweet",
            "greetings from the seaside",
            "powered by",
            "Somebody Studio",
            "pings",
        ),
        {"free pass": "section How we thank our volunteers", "one policy": "section Insurance"},
    ),
    Case(
        "ehrenamt.md",
        _markdown,
        (*texts.sentences(texts.DE), "Jede Person ist unfallversichert", "Der Beitrag ist frei", "2016 | 240"),
        ("**", "](", "|---", "##"),
        {"eine Urkunde": "section Ehrenamt in der Stadt", "unfallversichert": "section Versicherung"},
    ),
    Case(
        "padeka.txt",
        _text,
        (*texts.sentences(texts.LT), "Antroji pastraipa kalba apie draudimą."),
        (),
        {"padėkos raštą": "section Savanorių padėka"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_written_is_found_and_furniture_is_not(case: Case, tmp_path: Path) -> None:
    reading = read(case.make(tmp_path / case.name))
    assert [wanted for wanted in case.must_include if wanted not in reading.text] == []
    assert [unwanted for unwanted in case.must_not_include if unwanted.lower() in reading.text.lower()] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_piece_stands_where_a_reader_would_look(case: Case, tmp_path: Path) -> None:
    reading = read(case.make(tmp_path / case.name))
    assert {words: reading.label_of(words) for words in case.places} == case.places


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_without_suffix_is_recognised_by_content(case: Case, tmp_path: Path) -> None:
    format_by_name = case.name.rsplit(".", 1)[1]
    recognised = recognise(case.make(tmp_path / case.name).rename(tmp_path / "nameless")).format
    # Nothing in Markdown's bytes tells it from text.
    assert recognised == {"md": "txt"}.get(format_by_name, format_by_name)


# --- titles and dates from metadata


def test_titles_and_dates_come_from_the_metadata(tmp_path: Path) -> None:
    moment = datetime(2016, 6, 28, 12, 0)
    pdf = make_pdf(tmp_path / "a.pdf", [[texts.PL]], title="Łączy nas pomoc", created=moment.replace(tzinfo=UTC))
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Opening", ["Text"])], title="Ķekavas pieredze", modified=moment)
    word = make_docx(tmp_path / "a.docx", lambda d: d.add_paragraph(texts.DE), title="Größe zählt", modified=moment)
    head = '<meta property="article:published_time" content="2016-06-28T08:00:00+02:00">'
    page = make_page(
        tmp_path / "a.html", f"<h1>Ačiū savanoriams</h1><p>{texts.LT}</p>", title="Ačiū savanoriams", head=head
    )
    read_from = {path.suffix: extract(path) for path in (pdf, deck, word, page)}
    assert {suffix: found.title for suffix, found in read_from.items()} == {
        ".pdf": "Łączy nas pomoc",
        ".pptx": "Ķekavas pieredze",
        ".docx": "Größe zählt",
        ".html": "Ačiū savanoriams",
    }
    assert {found.date for found in read_from.values()} == {"2016-06-28"}


def test_a_page_names_its_address(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://example.org/volunteers/thanks">'
    page = make_page(tmp_path / "a.html", f"<p>{texts.EN}</p>", title="Thanks", head=head)
    assert extract(page).url == "https://example.org/volunteers/thanks"


def test_a_malformed_pdf_date_is_left_out(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.EN]], created=datetime(2019, 5, 4, tzinfo=UTC))
    path.write_bytes(path.read_bytes().replace(b"D:20190504", b"D:2019sumr"))
    reading = read(path)
    assert reading.extraction.date == ""
    assert "free pass for buses" in reading.text


# --- PPTX


def test_texts_in_nested_groups_are_read(tmp_path: Path) -> None:
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Partners", grouped=["Scouts of the old town", "Red Cross youth"])])
    reading = read(deck)
    assert reading.label_of("Scouts of the old town") == "slide 1"
    assert "Red Cross youth" in reading.text


def test_the_slide_title_is_the_heading_even_when_another_box_lies_above_it(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = "Box drawn first"
    titled = deck.slides.add_slide(deck.slide_layouts[5])
    titled.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = "Box of the second"
    titled.shapes.title.text = "Second slide"
    deck.save(str(tmp_path / "a.pptx"))
    reading = read(tmp_path / "a.pptx")
    assert [(found.label, found.heading, found.text) for found in reading.passages] == [
        ("slide 1", "", "Box drawn first"),
        ("slide 2", "Second slide", "Box of the second"),
    ]


def test_slide_numbers_dates_and_footers_are_no_knowledge(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Motivation"
    slide.placeholders[1].text = "A free bus pass"
    for placeholder in slide.slide_layout.placeholders:
        if placeholder.placeholder_format.idx in {10, 11, 12}:
            slide.shapes.clone_placeholder(placeholder)
    furniture = [shape for shape in slide.placeholders if shape.placeholder_format.idx in {10, 11, 12}]
    assert furniture, "the slide must have footers for this test"
    for shape, text in zip(furniture, ["28.06.2016", "Department of Culture", "17"], strict=False):
        shape.text_frame.text = text
    deck.save(str(tmp_path / "a.pptx"))
    assert read(tmp_path / "a.pptx").text.split("\n") == ["Motivation", "A free bus pass"]


def test_line_breaks_inside_a_bullet_keep_the_words_apart(tmp_path: Path) -> None:
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Ideas", ["A gala\vin the theatre"])])
    assert "A gala in the theatre" in read(deck).text


def test_equal_neighbouring_cells_of_a_slide_table_both_stay(tmp_path: Path) -> None:
    table = [["District", "2015", "2016"], ["Harbour", "40", "40"]]
    assert "Harbour | 40 | 40" in read(make_pptx(tmp_path / "a.pptx", [Slide("Helpers", table=table)])).text


def test_merged_cells_of_a_slide_table_count_once(tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Helpers"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    table.cell(0, 0).text = "Two summers"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).text, table.cell(1, 1).text = "2015", "2016"
    deck.save(str(tmp_path / "a.pptx"))
    assert read(tmp_path / "a.pptx").passages[0].text == "Two summers\n2015 | 2016"


# --- DOCX


def _word_table(rows: list[list[str]], *merges: tuple[int, int, int, int]) -> Callable[[Any], None]:
    def write(document: Any) -> None:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for top, left, bottom, right in merges:
            table.cell(top, left).merge(table.cell(bottom, right))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    table.cell(at, column).text = text

    return write


def test_merged_word_cells_count_once(tmp_path: Path) -> None:
    rows = [["Wolontariusze w dwóch latach", "", ""], ["2015", "2016", "razem"]]
    path = make_docx(tmp_path / "a.docx", _word_table(rows, (0, 0, 0, 2)))
    assert [block.text for block in read(path).blocks] == ["Wolontariusze w dwóch latach", "2015 | 2016 | razem"]


def test_equal_neighbouring_word_cells_both_stay(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", _word_table([["Dzielnica", "2015", "2016"], ["Port", "40", "40"]]))
    assert "Port | 40 | 40" in read(path).text


def test_word_links_are_read_as_their_text(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        paragraph = document.add_paragraph("The rules are ")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), "rules")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "published every autumn"
        run.append(text)
        link.append(run)
        paragraph._p.append(link)
        paragraph.add_run(" by the council.")

    assert "The rules are published every autumn by the council." in read(make_docx(tmp_path / "a.docx", write)).text


def test_the_order_of_paragraphs_and_tables_is_the_readers(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("First comes a paragraph.")
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Then a table"
        document.add_paragraph("Last comes a paragraph again.")

    kinds = [(block.kind, block.text) for block in read(make_docx(tmp_path / "a.docx", write)).blocks]
    assert kinds == [
        (BlockKind.TEXT, "First comes a paragraph."),
        (BlockKind.ROW, "Then a table"),
        (BlockKind.TEXT, "Last comes a paragraph again."),
    ]


def test_a_text_without_headings_is_placed_by_paragraph(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_paragraph(texts.PL + " " + texts.PL)
        document.add_paragraph(texts.DE + " " + texts.DE)

    reading = read(make_docx(tmp_path / "a.docx", write))
    assert reading.label_of("bezpłatny bilet") == "paragraph 1"
    assert reading.label_of("eine Freikarte") == "paragraph 2"


# --- HTML


def test_words_and_punctuation_around_links_and_emphasis_stay_together(tmp_path: Path) -> None:
    article = f'<p>{texts.EN}</p><p>Ask the <a href="/x">town hall</a>, or <b>vol</b>unteer <i>today</i>.</p>'
    assert "Ask the town hall, or volunteer today." in read(make_page(tmp_path / "a.html", article, title="T")).text


def test_nested_list_items_are_read_once(tmp_path: Path) -> None:
    article = f"""<h1>Checklist</h1><p>{texts.EN}</p>
        <ul><li>Before the event<ul><li>Book the theatre hall</li></ul></li><li>After the event</li></ul>"""
    text = read(make_page(tmp_path / "a.html", article, title="Checklist")).text
    assert [text.count(words) for words in ("Before the event", "Book the theatre hall", "After the event")] == [
        1,
        1,
        1,
    ]


def test_a_short_page_is_read_too(tmp_path: Path) -> None:
    page = make_page(tmp_path / "a.html", "<h1>Akcja</h1><p>Zbiórka książek trwa do piątku.</p>", title="Akcja")
    assert "Zbiórka książek trwa do piątku." in read(page).text


def test_a_page_of_navigation_only_is_refused(tmp_path: Path) -> None:
    page = make_text(tmp_path / "a.html", "<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav></body></html>")
    with pytest.raises(Refused, match="has no main text"):
        extract(page)


def test_an_article_about_cookies_keeps_its_sentences(tmp_path: Path) -> None:
    article = """<h1>Volunteers bake for the hospital</h1>
        <p>Every Friday a group of pensioners bakes cookies for the children in the hospital of the town.
        The website of the group uses cookies as its logo, and the children love the comments on the boxes.</p>
        <p>Comments from parents are read aloud at the yearly meeting, because nothing motivates the bakers more
        than a child who asks for the recipe of the ginger cookies.</p>"""
    text = read(make_page(tmp_path / "a.html", article, title="Volunteers bake")).text
    for sentence in (
        "Every Friday a group of pensioners bakes cookies",
        "uses cookies as its logo, and the children love the comments on the boxes.",
        "Comments from parents are read aloud at the yearly meeting",
    ):
        assert sentence in text


# --- encodings


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("pl", "cp1250"),
        ("de", "cp1252"),
        ("lv", "cp1257"),
        ("lt", "cp1257"),
        ("pl", "utf-8-sig"),
        ("lv", "utf-16"),
        ("lt", "utf-16-be"),
        ("pl", "iso8859_2"),
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_letters_survive_every_encoding(language: str, encoding: str, suffix: str, tmp_path: Path) -> None:
    text = texts.BY_LANGUAGE[language]
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path = make_text(tmp_path / f"a.{suffix}", mark + text, encoding)
    assert " ".join(found.text for found in read(path).passages) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1257"])
def test_a_page_in_another_encoding_is_read_as_a_page(encoding: str, tmp_path: Path) -> None:
    html = (
        f'<html lang="lv"><head><meta charset="{"windows-1257" if encoding == "cp1257" else encoding}">'
        f"<title>Pateicība</title></head><body><nav><a href='/'>Sākumlapa</a></nav>"
        f"<article><h1>Pateicība</h1><p>{texts.LV}</p></article></body></html>"
    )
    reading = read(make_text(tmp_path / "a.html", html, encoding))
    assert reading.extraction.format == "html"
    assert "bezmaksas braukšanas karti" in reading.text
    assert "<p>" not in reading.text
    assert "Sākumlapa" not in reading.text


# --- recognition and refusal


def test_a_pdf_with_another_name_is_read_as_pdf(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.EN]]).rename(tmp_path / "report.docx")
    assert extract(path).format == "pdf"
    assert read(path).label_of("free pass") == "page 1"


def test_a_pdf_with_bytes_before_its_signature_is_read(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.EN]])
    path.write_bytes(b"\r\n\r\n" + path.read_bytes())
    assert "free pass" in read(path).text


def test_markdown_with_html_in_it_stays_markdown(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.md", f"<div>Intro</div>\n\n# Thanks\n\n{texts.EN}\n")
    assert extract(path).format == "md"
    assert read(path).label_of("free pass") == "section Thanks"


def _word_bytes() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)

REFUSED = {
    "text named pdf": ("plan.pdf", texts.EN.encode(), "is not the PDF file"),
    "page named docx": ("plan.docx", b"<!DOCTYPE html><html><body>Not found</body></html>", "is not the DOCX file"),
    "half a docx": ("plan.docx", _word_bytes()[:6000], "interrupted download"),
    "half a pptx": ("plan.pptx", b"PK\x03\x04" + bytes(range(200)), "is not the PPTX file"),
    "nothing": ("plan.txt", b"", "is empty"),
    "white space": ("plan.txt", b" \n\r\n\t", "is empty"),
    "old word": ("plan.doc", OLD_OFFICE, "save it as DOCX"),
    "docx with a password": ("plan.docx", OLD_OFFICE, "password"),
    "png": ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a damaged PNG picture"),
    "jpeg": ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "is a damaged JPEG picture"),
    "gif": ("photo.gif", b"GIF89a" + bytes(50), "is a GIF picture: save it as PNG"),
    "program": ("setup.exe", b"MZ\x90\0\x03" + bytes(200), "is a program"),
    "film": ("gala.mp4", b"\0\0\0\x20ftypisom" + bytes(50), "is a video: only what is written"),
    "photograph": ("gala.jpg", b"\0\0\0\x20ftypheic" + bytes(50), "is a HEIC photograph: save it as JPEG"),
    "7-zip": ("all.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a 7-Zip archive: unpack it"),
    "drawing": ("logo.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "XML"),
    "unknown": ("data.bin", bytes(range(128, 256)) * 4 + bytes(8), "is of no format known here .PDF, PPTX"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_the_reason(case: str, tmp_path: Path) -> None:
    name, data, reason = REFUSED[case]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refused, match=reason):
        extract(tmp_path / name)


def test_a_spreadsheet_is_refused_as_one(tmp_path: Path) -> None:
    for name, member, content in (
        ("a.xlsx", "xl/workbook.xml", b"<workbook/>"),
        ("a.ods", "mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("[Content_Types].xml", b"<Types/>")
            archive.writestr(member, content)
        with pytest.raises(Refused, match=r"is an Excel workbook|is a spreadsheet .ODS."):
            extract(tmp_path / name)


def test_pages_that_are_images_are_left_to_ocr(tmp_path: Path) -> None:
    found = extract(make_image_pdf(tmp_path / "scan.pdf"))
    assert (found.blocks, found.scanned) == ((), (1, 2, 3))


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="protected by a password"):
        extract(make_encrypted_pdf(tmp_path / "a.pdf", "tajne", text=texts.PL))


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    assert "bezpłatny bilet" in read(make_encrypted_pdf(tmp_path / "a.pdf", "", text=texts.PL)).text


def test_a_cut_off_pdf_is_refused_as_damaged(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.EN]])
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(Refused, match=r"damaged|no pages"):
        extract(path)


def test_a_long_pdf_has_the_same_pages_as_a_short_one(tmp_path: Path) -> None:
    # Above sixty pages another library reads the text.
    words = ["łąka", "Straße", "šķēle", "ąžuolas", "bridge", "garden", "school"]
    pages = [[f"{words[n % 7]} and {words[n // 7 % 7]} are what group {n} cares for."] for n in range(1, 71)]
    reading = read(make_pdf(tmp_path / "a.pdf", pages))
    assert reading.label_of("Straße and łąka are what group 1 cares for.") == "page 1"
    assert reading.label_of("łąka and šķēle are what group 63 cares for.") == "page 63"
    assert reading.label_of("łąka and ąžuolas are what group 70 cares for.") == "page 70"


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "bomb.docx", lambda document: document.add_paragraph("Innocent."))
    rewrite_member(path, "docProps/thumbnail.jpeg", lambda _: bytes(310 * 2**20))
    with pytest.raises(Refused, match=r"unpacks to 31\d MB, more than the limit of 300 MB"):
        extract(path)
