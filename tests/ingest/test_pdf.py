"""A PDF says what its pages say to a reader: in order, without furniture, each kind of text as what it is."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import PIL.Image
import pytest
from fpdf import FPDF
from fpdf.enums import TextMode
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from ingest.extract import extract
from ingest.extract.base import BlockKind, Refused
from tests.ingest import texts
from tests.ingest.files import Paper, make_pdf, read

HELPERS = (
    "The office opens at nine. Two helpers answer the telephone and note every call in the green book. "
    "Whoever comes in person gets a cup of tea and a list of places where hands are missing this week."
)
DRIVERS = (
    "Drivers meet on Thursdays at the depot. They check the tyres, load the boxes and agree on the route. "
    "Nobody drives alone after dark, and the town pays for the fuel at the end of each month."
)


def written(path: Path, *pages: Callable[[Paper], object], header: str = "", footer: str = "") -> Path:
    """A PDF whose pages the functions draw."""
    paper = Paper(header, footer)
    for draw in pages:
        paper.add_page()
        draw(paper)
    paper.output(str(path))
    return path


def paragraphs(*found: str) -> Callable[[Paper], None]:
    def draw(paper: Paper) -> None:
        for text in found:
            paper.multi_cell(0, 5.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
            paper.ln(4)

    return draw


def headed(paper: Paper, text: str, size: float, style: str = "B") -> None:
    paper.set_font("Roboto", style, size)
    paper.multi_cell(0, size / 2, text, align="L", new_x="LMARGIN", new_y="NEXT")
    paper.ln(2)
    paper.set_font("Roboto", "", 11)


def kinds(path: Path, kind: BlockKind) -> list[str]:
    return [block.text for block in read(path).blocks if block.kind is kind]


def raw(path: Path, objects: Sequence[bytes]) -> Path:
    """A PDF of hand-made objects, the first of which is its catalogue."""
    data, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    path.write_bytes(data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + trailer)
    return path


def stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SAID = stream(b"BT /F1 12 Tf 50 700 Td (The council thanks its volunteers.) Tj ET")


def catalogue(kids: bytes, count: int) -> list[bytes]:
    return [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)]


# --- reading order


@pytest.mark.parametrize("align", ["LEFT", "JUSTIFY"])
def test_two_columns_are_read_one_after_the_other(align: str, tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        headed(paper, "Two places to help", 18)
        with paper.text_columns(ncols=2, gutter=6, balance=True, text_align=align, line_height=1.3) as columns:
            for text in (HELPERS, DRIVERS, texts.EN, texts.EN_MORE):
                with columns.paragraph(bottom_margin=2) as paragraph:
                    paragraph.write(text)

    reading = read(written(tmp_path / "a.pdf", draw))
    assert [block.text for block in reading.blocks] == [
        "Two places to help", HELPERS, DRIVERS, texts.EN, texts.EN_MORE
    ]  # fmt: skip


def test_text_across_the_page_stands_between_the_columns_above_and_below_it(tmp_path: Path) -> None:
    def side_by_side(paper: Paper, left: str, right: str) -> None:
        top = paper.get_y()
        paper.multi_cell(80, 5.5, left, align="L")
        bottom = paper.get_y()
        paper.set_xy(105, top)
        paper.multi_cell(80, 5.5, right, align="L")
        paper.set_y(max(bottom, paper.get_y()) + 8)

    def draw(paper: Paper) -> None:
        side_by_side(paper, HELPERS, DRIVERS)
        paper.multi_cell(0, 5.5, texts.EN, align="L")
        paper.ln(8)
        side_by_side(paper, texts.EN_MORE, texts.PL)

    reading = read(written(tmp_path / "a.pdf", draw))
    assert [block.text for block in reading.blocks] == [HELPERS, DRIVERS, texts.EN, texts.EN_MORE, texts.PL]


def test_a_page_that_is_turned_is_read_as_it_is_shown(tmp_path: Path) -> None:
    plain = written(tmp_path / "plain.pdf", paragraphs(texts.LV, texts.LT))
    writer = PdfWriter(clone_from=plain)
    writer.pages[0].rotate(90)
    writer.write(str(tmp_path / "turned.pdf"))
    assert [block.text for block in read(tmp_path / "turned.pdf").blocks] == [texts.LV, texts.LT]


def test_text_set_sideways_on_the_whole_page_is_read(tmp_path: Path) -> None:
    lines = [
        b"0 1 -1 0 %d 60 Tm (%s) Tj " % (80 + 14 * at, line.encode()) for at, line in enumerate(HELPERS.split(". "))
    ]
    content = stream(b"BT /F1 11 Tf " + b"".join(lines) + b"ET")
    path = raw(tmp_path / "a.pdf", [*catalogue(b"3 0 R", 1), PAGE, content, FONT])
    assert " ".join(read(path).text.split()) == " ".join(HELPERS.split(". "))


def test_a_label_at_the_margin_is_no_part_of_a_sentence(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paragraphs(HELPERS, DRIVERS)(paper)
        with paper.rotation(90, 200, 150):
            paper.text(200, 150, "Printed in the town hall")

    assert [block.text for block in read(written(tmp_path / "a.pdf", draw)).blocks] == [
        HELPERS, DRIVERS, "Printed in the town hall"
    ]  # fmt: skip


def test_what_lies_beside_the_page_is_left_out(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paragraphs(HELPERS)(paper)
        paper.text(250, 100, "crop mark of the printer")

    assert [block.text for block in read(written(tmp_path / "a.pdf", draw)).blocks] == [HELPERS]


# --- tables

ROWS = [
    ["Month", "What happens", "Who pays"],
    ["March", "The council opens the call and explains it at three evenings in the districts", "The town"],
    ["May", "A jury reads the proposals", "Nobody: it is unpaid"],
    ["September", "Residents vote on paper or on the web page of the city hall", "The town and two sponsors"],
]


def test_a_ruled_table_becomes_rows(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paragraphs(HELPERS)(paper)
        with paper.table(line_height=5, text_align="LEFT", col_widths=(20, 50, 30)) as table:
            for row in ROWS:
                table.row(row)
        paper.ln(4)
        paragraphs(DRIVERS)(paper)

    path = written(tmp_path / "a.pdf", draw)
    assert [block.text for block in read(path).blocks] == [HELPERS, *(" | ".join(row) for row in ROWS), DRIVERS]
    assert kinds(path, BlockKind.ROW) == [" | ".join(row) for row in ROWS]
    assert kinds(path, BlockKind.HEADING) == []


def test_a_table_without_lines_becomes_rows(tmp_path: Path) -> None:
    prices = [
        ["Hall", "Seats", "Price"],
        ["Theatre", "420", "300 euros"],
        ["Library", "60", "free"],
        ["School", "90", "40 euros"],
    ]

    def draw(paper: Paper) -> None:
        paragraphs(HELPERS)(paper)
        for row in prices:
            for cell in row:
                paper.cell(45, 6, cell)
            paper.ln(6)
        paper.ln(4)
        paragraphs(DRIVERS)(paper)

    path = written(tmp_path / "a.pdf", draw)
    assert [block.text for block in read(path).blocks] == [HELPERS, *(" | ".join(row) for row in prices), DRIVERS]


def test_a_table_over_two_pages_has_its_header_once(tmp_path: Path) -> None:
    rows = [["Day", "Task"], *([f"Day {number}", f"Task of day {number} in the hall"] for number in range(1, 61))]

    def draw(paper: Paper) -> None:
        with paper.table(line_height=8, text_align="LEFT") as table:
            for row in rows:
                table.row(row)

    path = written(tmp_path / "a.pdf", draw)
    assert read(path).blocks[-1].number > 1
    assert kinds(path, BlockKind.ROW) == [" | ".join(row) for row in rows]


# --- headings


def test_headings_are_found_by_size_and_weight_and_nothing_else_is_one(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        headed(paper, "How we thank our helpers", 20)
        paragraphs(HELPERS)(paper)
        headed(paper, "1. The evening", 14)
        paragraphs(texts.EN)(paper)
        headed(paper, "The jury", 11)
        paper.set_font("Roboto", "B", 11)
        paper.write(5.5, "Who may sit in it? ")
        paper.set_font("Roboto", "", 11)
        paper.write(5.5, DRIVERS)
        paper.ln(10)
        headed(paper, "2016", 16)
        headed(paper, "Everybody is invited.", 11)
        paragraphs(texts.EN_MORE)(paper)

    path = written(tmp_path / "a.pdf", draw)
    assert kinds(path, BlockKind.HEADING) == ["How we thank our helpers", "1. The evening", "The jury"]
    assert f"Who may sit in it? {DRIVERS}" in [block.text for block in read(path).blocks]
    assert [found.heading for found in read(path).passages][:2] == ["How we thank our helpers", "1. The evening"]


def test_a_title_of_several_lines_is_one_heading_and_leads(tmp_path: Path) -> None:
    title = "Guide to thanking the people who give their time to the town, with all forms and many examples"

    def draw(paper: Paper) -> None:
        headed(paper, "Town of the river", 14)
        headed(paper, title, 22)
        paragraphs(HELPERS)(paper)

    path = written(tmp_path / "a.pdf", draw)
    assert kinds(path, BlockKind.HEADING) == [title]
    assert read(path).facts.title == title


def test_an_initial_belongs_to_its_word(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.set_font("Roboto", "", 34)
        paper.text(10, 30, HELPERS[0])
        paper.set_font("Roboto", "", 11)
        words = HELPERS[1:].split()
        for at, (x, count) in enumerate([(18, 12), (18, 12), (10, 12), (10, 40)]):
            begin = sum([12, 12, 12, 40][:at])
            paper.text(x, 23 + at * 5.5, " ".join(words[begin : begin + count]))

    assert read(written(tmp_path / "a.pdf", draw)).text.strip().startswith("The office opens at nine.")


# --- footnotes, marks


def test_a_footnote_stands_behind_its_paragraph_and_its_mark_goes(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.write(5.5, "The town counts its helpers every year")
        paper.char_vpos = "SUP"
        paper.write(5.5, "12")
        paper.char_vpos = "LINE"
        paper.write(5.5, f" and prints the list. The hall has 80 m² and a garden. {HELPERS}")
        paper.ln(10)
        paragraphs(texts.EN)(paper)
        paper.multi_cell(0, 5.5, "The council pays for the tickets of all helpers who travel to the", align="L")
        paper.line(10, 262, 60, 262)
        paper.set_xy(10, 264)
        paper.set_font("Roboto", "", 8)
        paper.multi_cell(0, 4, "12 The list of 2016 has nine pages and hangs in the library.", align="L")
        paper.set_font("Roboto", "", 11)

    path = written(tmp_path / "a.pdf", draw, paragraphs("hospital every week. The drivers know them by name."))
    assert [(block.number, block.text) for block in read(path).blocks] == [
        (1, f"The town counts its helpers every year and prints the list. The hall has 80 m² and a garden. {HELPERS}"),
        (1, "The list of 2016 has nine pages and hangs in the library."),
        (1, texts.EN),
        (1, "The council pays for the tickets of all helpers who travel to the hospital every week."),
        (2, "The drivers know them by name."),
    ]


# --- furniture


def test_a_chapter_s_running_title_with_the_page_number_goes(tmp_path: Path) -> None:
    chapters = ["The office", "The office", "The drivers", "The drivers", "The evening"]
    bodies = [HELPERS, texts.EN, DRIVERS, texts.EN_MORE, texts.PL]

    def page(number: int) -> Callable[[Paper], None]:
        def draw(paper: Paper) -> None:
            even = f"{number}   {chapters[number - 1]}"
            paper.text(20, 12, even if number % 2 == 0 else f"{chapters[number - 1]}   {number}")
            paper.set_y(25)
            paragraphs(bodies[number - 1])(paper)

        return draw

    reading = read(written(tmp_path / "a.pdf", *(page(number) for number in range(1, 6))))
    assert [block.text for block in reading.blocks] == bodies


def test_the_title_of_each_slide_stays(tmp_path: Path) -> None:
    def slide(title: str, text: str) -> Callable[[Paper], None]:
        def draw(paper: Paper) -> None:
            headed(paper, title, 24)
            paragraphs(text)(paper)

        return draw

    path = written(tmp_path / "a.pdf", slide("Office", HELPERS), slide("Drivers", DRIVERS), slide("Evening", texts.EN))
    assert kinds(path, BlockKind.HEADING) == ["Office", "Drivers", "Evening"]


# --- letters


def test_text_with_a_shadow_is_read_once(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        for shift in (0.0, 0.3):
            paper.text(20 + shift, 30 + shift, "Volunteers of the year")
        paper.set_y(40)
        paragraphs(HELPERS)(paper)

    assert read(written(tmp_path / "a.pdf", draw)).text.count("Volunteers of the year") == 1


def test_a_spaced_title_is_words(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        paper.set_char_spacing(6)
        paper.set_font("Roboto", "B", 16)
        paper.cell(0, 8, "DZIĘKUJEMY", new_x="LMARGIN", new_y="NEXT")
        paper.set_char_spacing(0)
        paper.ln(4)
        paper.set_font("Roboto", "", 11)
        paragraphs(texts.PL)(paper)

    assert kinds(written(tmp_path / "a.pdf", draw), BlockKind.HEADING) == ["DZIĘKUJEMY"]


def test_a_soft_hyphen_at_a_line_end_goes(tmp_path: Path) -> None:
    said = stream(b"BT /F1 12 Tf 14 TL 50 700 Td (Die Stadt dankt ihren Frei\\255) Tj (willigen jedes Jahr.) ' ET")
    font = FONT.replace(b">>", b"/Encoding/WinAnsiEncoding>>")
    path = raw(tmp_path / "a.pdf", [*catalogue(b"3 0 R", 1), PAGE, said, font])
    assert read(path).text.strip() == "Die Stadt dankt ihren Freiwilligen jedes Jahr."


# --- forms, attachments


def test_what_was_filled_into_a_form_is_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=written(tmp_path / "empty.pdf", paragraphs("Name of the project:", HELPERS)))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("project"),
            NameObject("/V"): TextStringObject("Zaļais pagalms"),
            NameObject("/Rect"): ArrayObject([FloatObject(at) for at in (150, 794, 400, 812)]),
        }
    )
    reference = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer.root_object[NameObject("/AcroForm")] = form
    writer.write(str(tmp_path / "a.pdf"))
    assert "Name of the project: Zaļais pagalms" in " ".join(read(tmp_path / "a.pdf").text.split())


def test_attached_files_are_named_as_not_read(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    paragraphs(HELPERS)(paper)
    paper.embed_file(bytes=b"a;b", basename="budget.csv")
    paper.output(str(tmp_path / "a.pdf"))
    extraction = extract(tmp_path / "a.pdf")
    assert extraction.remarks == ("holds 1 attached file that is not read: save what matters as files of their own",)


# --- scans


def picture(paper: FPDF) -> None:
    paper.image(PIL.Image.new("L", (200, 280), 200), x=0, y=0, w=paper.w, h=paper.h)


def test_pages_that_are_pictures_are_left_to_ocr_and_the_others_are_read(tmp_path: Path) -> None:
    def stamped(paper: Paper) -> None:
        picture(paper)
        paper.text(20, 20, "Scan 17")

    path = written(tmp_path / "a.pdf", paragraphs(HELPERS), picture, lambda paper: None, stamped, paragraphs(DRIVERS))
    extraction = extract(path)
    assert extraction.scanned == (2, 4)
    assert [(block.number, block.text) for block in extraction.blocks] == [(1, HELPERS), (5, DRIVERS)]


def test_the_text_that_a_scanner_laid_under_its_picture_is_read(tmp_path: Path) -> None:
    def draw(paper: Paper) -> None:
        picture(paper)
        with paper.local_context(text_mode=TextMode.INVISIBLE):
            paragraphs(texts.LT)(paper)

    extraction = extract(written(tmp_path / "a.pdf", draw))
    assert extraction.scanned == ()
    assert [block.text for block in extraction.blocks] == [texts.LT]


def test_letters_that_only_their_font_knows_are_left_to_ocr(tmp_path: Path) -> None:
    names = b"/CIDInit /ProcSet findresource begin 1 begincmap 1 begincodespacerange <00> <FF> endcodespacerange\n"
    names += b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end"
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R>>")
    path = raw(tmp_path / "a.pdf", [*catalogue(b"3 0 R", 1), PAGE, SAID, font, stream(names)])
    assert extract(path).scanned == (1,)


# --- damage and malice


def test_a_page_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = raw(tmp_path / "a.pdf", [*catalogue(b"3 0 R 9 0 R 3 0 R", 3), PAGE, SAID, FONT])
    extraction = extract(path)
    assert [block.number for block in extraction.blocks] == [1, 3]
    assert extraction.remarks == ("page 2 cannot be read: damaged",)


def test_a_file_that_only_pypdf_can_open_is_read(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.DE]], title="Dank")
    path.write_bytes(path.read_bytes().replace(b"/Root", b"/Roof"))
    assert texts.DE in read(path).text


@pytest.mark.parametrize(
    ("kids", "count", "reason"),
    [
        pytest.param(b"3 0 R", 100_000, "has 100000 pages, more than the limit of 5000", id="claims many"),
        pytest.param(b"3 0 R " * 6_000, 6_000, "has 6000 pages, more than the limit of 5000", id="has many"),
        pytest.param(b"2 0 R 2 0 R", 10, "cyclic", id="goes round in circles"),
        pytest.param(b"", 0, "no pages", id="has none"),
    ],
)
def test_a_page_tree_that_is_no_document_s_is_refused(kids: bytes, count: int, reason: str, tmp_path: Path) -> None:
    path = raw(tmp_path / "a.pdf", [*catalogue(kids, count), PAGE, SAID, FONT])
    with pytest.raises(Refused, match=reason):
        extract(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"BT /F1 6 Tf 1 0 0 1 50 700 Tm " + b"(abc def )Tj " * 150_000 + b"ET", id="text without end"),
        pytest.param(b"BT /F1 6 Tf " + b"1 0 0 1 99 99 Tm (a)Tj " * 50_000 + b"ET", id="all in one place"),
        pytest.param(b"".join(b"%d 9 m %d 800 l S 9 %d m 580 %d l S " % (n, n, n, n) for n in range(800)), id="grid"),
        pytest.param(b"BT /F1 0 Tf 50 700 Td (none) Tj /F1 1e9 Tf (huge) Tj /F1 -12 Tf (negative) Tj ET", id="sizes"),
        pytest.param(b"BT /F1 12 Tf 1e38 0 0 1e38 1e38 1e38 Tm (far) Tj ET", id="far away"),
        pytest.param(b"BT /F1 12 Tf (never closed", id="cut off"),
    ],
)
def test_a_hostile_page_harms_nothing(content: bytes, tmp_path: Path) -> None:
    second = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    objects = [*catalogue(b"6 0 R 3 0 R", 2), PAGE, SAID, FONT, second, stream(content)]
    extraction = extract(raw(tmp_path / "a.pdf", objects))
    assert ("The council thanks its volunteers.", 2) in [(block.text, block.number) for block in extraction.blocks]


def test_a_damaged_index_of_objects_does_not_matter(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[texts.LV]])
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n9", path.read_bytes()))
    assert read(path).text.strip() == texts.LV
    assert len(PdfReader(path).pages) == 1
