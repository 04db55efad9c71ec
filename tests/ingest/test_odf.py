"""OpenDocument: what Writer and Impress save, read like their Word and PowerPoint twins."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from odfdo import Document, DrawPage, Element, Frame, Header, List, Paragraph, Table

from ingest.extract import extract, recognise
from ingest.extract.base import BlockKind, Refused
from tests.ingest import texts
from tests.ingest.files import read, rewrite_member


def make_odt(path: Path, *elements: Any, title: str = "") -> Path:
    """A text document of these elements."""
    document = Document("text")
    document.body.clear()
    for element in elements:
        document.body.append(element)
    if title:
        document.meta.title = title
    document.save(str(path))
    return path


def make_odp(path: Path, *slides: Sequence[Any]) -> Path:
    """A presentation whose slides hold these frames and notes."""
    document = Document("presentation")
    document.body.clear()
    for number, parts in enumerate(slides, start=1):
        page = DrawPage(f"p{number}", name=f"p{number}")
        for part in parts:
            page.append(part)
        document.body.append(page)
    document.save(str(path))
    return path


def box(content: Any, kind: str | None = None) -> Any:
    return Frame.text_frame(content, size=("10cm", "2cm"), position=("1cm", "1cm"), presentation_class=kind)


def notes(text: str) -> Any:
    made = Element.from_tag("presentation:notes")
    made.append(box(text, "notes"))
    return made


def table(rows: list[list[str]]) -> Any:
    made = Table("T", width=len(rows[0]), height=len(rows))
    made.set_values(rows)
    return made


def noted(text: str, note: str) -> Any:
    paragraph = Paragraph(text)
    paragraph.insert_note(note_id="n1", citation="1", body=note)
    paragraph.append_plain_text(" And then on.")
    return paragraph


def test_a_text_is_read_in_order_with_its_headings_lists_and_tables(tmp_path: Path) -> None:
    path = make_odt(
        tmp_path / "a.odt",
        Header(1, "Pateicības vakars"),
        Paragraph(texts.LV),
        Header(2, "Noteikumi"),
        List(["Katra biedrība piesaka vienu cilvēku", "Žūrija izvēlas desmit"]),
        table([["Gads", "Dalībnieki"], ["2016", "340"]]),
        title="Vakars",
    )
    found = extract(path)
    assert (found.format, found.title) == ("odt", "Vakars")
    assert [block.kind for block in found.blocks] == [
        *(BlockKind.HEADING, BlockKind.TEXT, BlockKind.HEADING),
        *(BlockKind.ITEM, BlockKind.ITEM, BlockKind.ROW, BlockKind.ROW),
    ]
    reading = read(path)
    assert "Gads | Dalībnieki" in reading.text
    assert reading.label_of("Žūrija izvēlas desmit") == "section Noteikumi"


def test_a_footnote_follows_its_paragraph_and_does_not_break_its_sentence(tmp_path: Path) -> None:
    path = make_odt(tmp_path / "a.odt", noted("Every city pays the insurance.", "Since the act of 2003."))
    assert [block.text for block in extract(path).blocks] == [
        "Every city pays the insurance. And then on.",
        "Since the act of 2003.",
    ]


def test_slides_have_titles_points_tables_and_speaker_notes(tmp_path: Path) -> None:
    path = make_odp(
        tmp_path / "a.odp",
        [box("Savanoriai mieste", "title"), box(List(["Jaunimas padeda senjorams", "Mokymai vyksta rudenį"]))],
        [notes("Remember to mention the free bus pass."), box("Bilanz", "title"), box("Ein Satz daneben.")],
    )
    found = extract(path)
    assert [(block.kind, block.number, block.text) for block in found.blocks] == [
        (BlockKind.HEADING, 1, "Savanoriai mieste"),
        (BlockKind.ITEM, 1, "Jaunimas padeda senjorams"),
        (BlockKind.ITEM, 1, "Mokymai vyksta rudenį"),
        (BlockKind.HEADING, 2, "Bilanz"),
        (BlockKind.ITEM, 2, "Ein Satz daneben."),
        (BlockKind.NOTES, 2, "Remember to mention the free bus pass."),
    ]
    assert read(path).label_of("free bus pass") == "slide 2"


def test_a_table_inside_a_cell_is_read_once(tmp_path: Path) -> None:
    outer = table([["Year", "Helpers"], ["2016", ""]])
    outer.get_row(1, clone=False).get_cell(1, clone=False).append(table([["spring", "240"]]))
    texts_found = [block.text for block in extract(make_odt(tmp_path / "a.odt", outer)).blocks]
    assert texts_found == ["Year | Helpers", "2016 | spring | 240"]


def test_the_content_decides_whatever_the_name_says(tmp_path: Path) -> None:
    text = make_odt(tmp_path / "a.odt", Paragraph(texts.EN)).rename(tmp_path / "a.docx")
    deck = make_odp(tmp_path / "b.odp", [box(texts.EN)]).rename(tmp_path / "nameless")
    assert (recognise(text).format, recognise(deck).format) == ("odt", "odp")


def test_a_spreadsheet_is_refused_and_a_damaged_text_too(tmp_path: Path) -> None:
    Document("spreadsheet").save(str(tmp_path / "a.ods"))
    with pytest.raises(Refused, match="is a spreadsheet"):
        extract(tmp_path / "a.ods")
    (tmp_path / "b.odt").write_text("not an archive", "utf-8")
    with pytest.raises(Refused, match="is not the ODT file its name says"):
        extract(tmp_path / "b.odt")


def test_a_text_with_a_password_is_refused(tmp_path: Path) -> None:
    path = make_odt(tmp_path / "a.odt", Paragraph(texts.EN))
    rewrite_member(path, "META-INF/manifest.xml", lambda xml: xml.replace(b"</manifest:manifest>", ENCRYPTED))
    with pytest.raises(Refused, match="password"):
        extract(path)


ENCRYPTED = (
    b'<manifest:file-entry manifest:full-path="x"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
)


def test_entities_of_the_file_are_not_expanded(tmp_path: Path) -> None:
    path = make_odt(tmp_path / "a.odt", Paragraph("Before MARK after"))

    def poisoned(xml: bytes) -> bytes:
        head, rest = xml.split(b"?>", 1)
        doctype = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
        return head + b"?>" + doctype + rest.replace(b"MARK", b"&secret;")

    rewrite_member(path, "content.xml", poisoned)
    assert [block.text for block in extract(path).blocks] == ["Before  after"]


def test_an_archive_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    path = make_odt(tmp_path / "a.odt", Paragraph(texts.EN))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb", "w", force_zip64=True) as file,
    ):
        for _ in range(310):
            file.write(bytes(2**20))
    with pytest.raises(Refused, match="more than the limit"):
        extract(path)
