"""Word and OpenDocument as people really use them: what a reader sees, once, in order, and nothing else."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml as word_xml
from docx.oxml.ns import nsdecls

from ingest.extract import extract
from ingest.extract.base import Refused
from tests.ingest import texts
from tests.ingest.files import Slide, make_docx, make_pptx, rewrite_member
from tests.ingest.twins import likeness, needs_libreoffice, saved_as

NAMES = nsdecls("w", "r", "wp", "a", "m") + (
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def word_file(path: Path, *body: str, also: Callable[[Any], object] = lambda _: None) -> Path:
    """A Word file whose body is this XML; a part without a tag is a paragraph's text."""

    def write(document: Any) -> None:
        also(document)
        for part in body:
            xml = part if part.startswith("<w:") else f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>"
            tag = re.match(r"<([\w:]+)", xml)
            assert tag
            document.element.body.append(word_xml(xml.replace(tag[0], f"{tag[0]} {NAMES}", 1)))

    return make_docx(path, write)


def found(path: Path) -> list[str]:
    return [block.text for block in extract(path).blocks]


def kinds(path: Path) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in extract(path).blocks]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# --- DOCX

BOX = "<w:txbxContent><w:p><w:r><w:t>A box beside the text.</w:t></w:r></w:p></w:txbxContent>"


def test_a_text_box_is_read_once_behind_its_paragraph(tmp_path: Path) -> None:
    both = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    old = f"<w:p><w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r></w:p>"
    path = word_file(tmp_path / "a.docx", f"<w:p>{run('Around ')}<w:r>{both}</w:r>{run('it.')}</w:p>", old)
    assert found(path) == ["Around it.", "A box beside the text.", "A box beside the text."]


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    changed = (
        f"<w:p>{run('The town pays ')}<w:del w:id='1' w:author='x'><w:r><w:delText>five</w:delText></w:r></w:del>"
        f"<w:ins w:id='2' w:author='x'>{run('nine')}</w:ins>{run(' euros.')}"
        f"<w:moveFrom w:id='3' w:author='x'>{run(' Moved.')}</w:moveFrom></w:p>"
    )
    joined = "<w:p><w:pPr><w:rPr><w:del w:id='4' w:author='x'/></w:rPr></w:pPr><w:r><w:t>Two </w:t></w:r></w:p>"
    path = word_file(tmp_path / "a.docx", changed, joined, "became one.")
    assert found(path) == ["The town pays nine euros.", "Two became one."]


def test_content_controls_are_read_and_their_prompts_are_not(tmp_path: Path) -> None:
    block = "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    inline = f"<w:p>{run('City: ')}<w:sdt><w:sdtContent>{run('Daugavpils')}</w:sdtContent></w:sdt></w:p>"
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here to enter text.</w:t></w:r>"
        "</w:p></w:sdtContent></w:sdt>"
    )
    assert found(word_file(tmp_path / "a.docx", block, inline, prompt)) == ["In a control.", "City: Daugavpils"]


def test_fields_give_their_results_and_tables_of_contents_nothing(tmp_path: Path) -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = f"{mark('begin')}<w:r><w:instrText>DATE</w:instrText></w:r>{mark('separate')}{run('May 2019')}{mark('end')}"
    nested = f"{mark('begin')}{run('IF 1 = ')}{field}{mark('separate')}{run('today')}{mark('end')}"
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        "<w:sdtContent><w:p><w:r><w:t>Insurance 3</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    lines = "<w:p><w:pPr><w:pStyle w:val='toc1'/></w:pPr><w:r><w:t>Insurance 3</w:t></w:r></w:p>"
    path = word_file(tmp_path / "a.docx", f"<w:p>{run('Since ')}{field}{run(', ')}{nested}</w:p>", contents, lines,
                     also=lambda document: document.styles.add_style("toc 1", 1))  # fmt: skip
    assert found(path) == ["Since May 2019, today"]


def test_signs_that_are_no_letters(tmp_path: Path) -> None:
    signs = (
        f"<w:p>{run('A')}<w:r><w:noBreakHyphen/></w:r>{run('B')}<w:r><w:softHyphen/></w:r>{run('C')}<w:r><w:tab/></w:r>"
        f"{run('D')}<w:r><w:br/></w:r>{run('E')}<w:r><w:sym w:font='Symbol' w:char='F061'/></w:r>"
        f"<w:r><w:sym w:font='Wingdings' w:char='F04A'/></w:r><m:oMath><m:r><m:t>x²</m:t></m:r></m:oMath>"
        f"{run('secret', '<w:vanish/>')}</w:p>"
    )
    assert found(word_file(tmp_path / "a.docx", signs)) == ["A-BC D Eα x²"]


@pytest.mark.parametrize("name", ["heading 2", "Überschrift 2", "Nagłówek 2", "Virsraksts 2", "Antraštė 2", "Title"])
def test_headings_are_known_by_their_styles_name_in_any_language(name: str, tmp_path: Path) -> None:
    def style(document: Any) -> None:
        made = document.styles.add_style("Chapter", 1)
        made.element.name_val = name
        own = document.styles.add_style("House style", 1)
        own.base_style = made

    xml = "<w:p><w:pPr><w:pStyle w:val='Housestyle'/></w:pPr><w:r><w:t>Insurance</w:t></w:r></w:p>"
    path = word_file(tmp_path / "a.docx", xml, "Every helper is insured.", also=style)
    assert kinds(path) == [("heading", "Insurance"), ("text", "Every helper is insured.")]


def test_headings_are_known_by_their_outline_level_and_page_headers_are_none(tmp_path: Path) -> None:
    by_level = "<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr><w:r><w:t>Costs</w:t></w:r></w:p>"
    unknown = "<w:p><w:pPr><w:pStyle w:val='berschrift1'/></w:pPr><w:r><w:t>Versicherung</w:t></w:r></w:p>"
    header = "<w:p><w:pPr><w:pStyle w:val='Nagwek'/></w:pPr><w:r><w:t>Urząd Miasta</w:t></w:r></w:p>"
    path = word_file(tmp_path / "a.docx", by_level, "Nine euros.", unknown, "Alle.", header, "Koniec.")
    assert kinds(path) == [
        ("heading", "Costs"),
        ("text", "Nine euros."),
        ("heading", "Versicherung"),
        ("text", "Alle."),
        ("text", "Urząd Miasta"),
        ("text", "Koniec."),
    ]


def test_a_bold_line_is_a_heading_only_where_no_style_is(tmp_path: Path) -> None:
    bold = f"<w:p>{run('Insurance', '<w:b/>')}</w:p>"
    partly = f"<w:p>{run('Every', '<w:b/>')}{run(' helper is insured.')}</w:p>"
    plain = word_file(tmp_path / "a.docx", bold, partly)
    assert kinds(plain) == [("heading", "Insurance"), ("text", "Every helper is insured.")]
    styled = word_file(tmp_path / "b.docx", bold, partly, also=lambda document: document.add_heading("Rules", 1))
    assert kinds(styled)[1] == ("text", "Insurance")


def test_a_page_laid_out_by_a_table_is_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        left, right = document.add_table(rows=1, cols=2).rows[0].cells
        left.text = texts.EN
        left.add_paragraph(texts.EN_MORE)
        right.text = texts.PL

    assert kinds(make_docx(tmp_path / "a.docx", write)) == [
        ("text", text) for text in (texts.EN, texts.EN_MORE, texts.PL)
    ]


def test_a_cell_merged_over_rows_and_a_table_in_a_cell_come_once(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "Summer"
        table.cell(0, 1).text = "240"
        inner = table.cell(1, 1).add_table(rows=1, cols=2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "spring", "80"

    assert found(make_docx(tmp_path / "a.docx", write)) == ["Summer | 240", "spring | 80"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.docm", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ("a.dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
        ("a.ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"),
        ("a.potx", "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"),
        ("a.pptm", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
    ],
)
def test_templates_shows_and_files_with_macros_are_read(name: str, kind: str, tmp_path: Path) -> None:
    if "word" in kind:
        path = make_docx(tmp_path / name, lambda document: document.add_paragraph("Free bus passes."))
    else:
        path = make_pptx(tmp_path / name, [Slide("Ideas", ["Free bus passes."])])
    rewrite_member(
        path, "[Content_Types].xml", lambda xml: re.sub(rb"application/[\w.-]+\.main\+xml", kind.encode(), xml)
    )
    assert found(path)[-1] == "Free bus passes."


def test_files_in_the_strict_edition_of_the_standard_are_read(tmp_path: Path) -> None:
    word = make_docx(tmp_path / "a.docx", lambda document: document.add_heading("Strict", 1))
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Strict", ["Rules"])])
    for path in (word, deck):
        for member in zipfile.ZipFile(path).namelist():
            if member.endswith((".xml", ".rels")):
                rewrite_member(path, member, _strict)
    assert kinds(word) == [("heading", "Strict")]
    assert kinds(deck) == [("heading", "Strict"), ("item", "Rules")]


def _strict(xml: bytes) -> bytes:
    xml = re.sub(rb"http://schemas.openxmlformats.org/(\w+)/2006/main", rb"http://purl.oclc.org/ooxml/\1/main", xml)
    old, new = b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
    return xml.replace(old, new)


def test_what_is_missing_or_damaged_costs_only_itself(tmp_path: Path) -> None:
    word = make_docx(tmp_path / "a.docx", lambda document: document.add_heading("Still here", 1))
    _without(word, "word/styles.xml", "docProps/core.xml", "word/settings.xml")
    assert found(word) == ["Still here"]
    deck = make_pptx(tmp_path / "a.pptx", [Slide(f"Title {number}") for number in range(1, 4)])
    _without(deck, "ppt/slides/slide2.xml")
    read_from = extract(deck)
    assert [(block.number, block.text) for block in read_from.blocks] == [(1, "Title 1"), (3, "Title 3")]
    assert read_from.remarks == ("slide 2: missing from the file, or damaged",)
    rewrite_member(deck, "ppt/slides/slide3.xml", lambda xml: xml[:500])
    assert [block.number for block in extract(deck).blocks] == [1]


def _without(path: Path, *members: str) -> None:
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in members}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


def test_a_document_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", "First.", "Second.", "Third.")
    rewrite_member(path, "word/document.xml", lambda xml: xml[: xml.index(b"Third")])
    assert found(path) == ["First.", "Second."]
    assert "only its text before the damage" in extract(path).remarks[0]
    rewrite_member(path, "word/document.xml", lambda xml: xml[:300])
    with pytest.raises(Refused, match=r"is damaged: its part word/document.xml is no valid XML"):
        extract(path)


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    def poisoned(xml: bytes) -> bytes:
        doctype = b'<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/hostname"><!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]>'
        head, rest = xml.split(b"?>", 1)
        return head + b"?>" + doctype + rest.replace(b"MARK", b"&s;&b;")

    word = word_file(tmp_path / "a.docx", "Before MARK after")
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Before MARK after", ["Text"])])
    assert found(rewrite_member(word, "word/document.xml", poisoned)) == ["Before after"]
    assert found(rewrite_member(deck, "ppt/slides/slide1.xml", poisoned)) == ["Before after", "Text"]


def test_a_body_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", "MARK")
    deep = b"<w:r>" * 5000 + b"</w:r>" * 5000
    rewrite_member(path, "word/document.xml", lambda xml: xml.replace(b"<w:r><w:t>MARK</w:t></w:r>", deep))
    with pytest.raises(Refused, match="levels deep"):
        extract(path)


# --- OpenDocument

FLAT = """<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 office:mimetype="application/vnd.oasis.opendocument.{kind}">
 <office:meta><dc:title>Plan</dc:title><dc:date>2016-06-28T10:00:00</dc:date></office:meta>
 <office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title" style:family="paragraph"/>
 <style:style style:name="T9" style:family="text"><style:text-properties text:display="none"/></style:style>
 <style:style style:name="dp2" style:family="drawing-page">
 <style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>
 <office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"""


def flat(path: Path, kind: str, body: str) -> Path:
    path.write_text(FLAT.format(kind=kind, body=body), "utf-8")
    return path


def test_a_flat_text_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    body = """<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion>
     </text:changed-region></text:tracked-changes><text:p text:style-name="P1">The plan</text:p>
     <text:table-of-content><text:index-body><text:p>Costs 3</text:p></text:index-body></text:table-of-content>
     <text:section text:name="a"><text:h text:outline-level="1">Costs</text:h><text:p>Nine<text:span
     text:style-name="T9"> hidden</text:span> euros<draw:frame><draw:text-box><text:p>A box.</text:p></draw:text-box>
     </draw:frame> a head.</text:p></text:section><text:section text:display="none"><text:p>hidden too</text:p>
     </text:section><table:table><table:table-header-rows><table:table-row><table:table-cell
     table:number-columns-spanned="2"><text:p>Two summers</text:p></table:table-cell><table:covered-table-cell/>
     </table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>2015</text:p>
     </table:table-cell><table:table-cell table:number-columns-repeated="9"/></table:table-row></table:table>"""
    path = flat(tmp_path / "a.fodt", "text", body)
    assert kinds(path) == [
        ("heading", "The plan"),
        ("heading", "Costs"),
        ("text", "Nine euros a head."),
        ("text", "A box."),
        ("row", "Two summers"),
        ("row", "2015"),
    ]
    assert (extract(path).format, extract(path).title, extract(path).date) == ("odt", "Plan", "2016-06-28")


def test_a_flat_presentation_is_read_by_position_and_knows_hidden_slides(tmp_path: Path) -> None:
    frame = (
        '<draw:frame svg:x="{}cm" svg:y="{}cm" svg:width="5cm" svg:height="2cm"{}><draw:text-box><text:p>{}</text:p>'
        "</draw:text-box></draw:frame>"
    )
    first = frame.format(1, 9, "", "below") + frame.format(9, 5, "", "right") + frame.format(1, 5, "", "left")
    first += frame.format(1, 1, ' presentation:class="title"', "Ideas")
    first += frame.format(1, 19, ' presentation:class="footer"', "The council")
    body = (
        f'<draw:page>{first}</draw:page><draw:page draw:style-name="dp2">{frame.format(1, 1, "", "later")}</draw:page>'
    )
    found_blocks = extract(flat(tmp_path / "a.fodp", "presentation", body)).blocks
    assert [(block.number, block.hidden, block.text) for block in found_blocks] == [
        *((1, False, "Ideas"), (1, False, "left"), (1, False, "right"), (1, False, "below"), (2, True, "later"))
    ]


# --- twins


@needs_libreoffice
def test_a_document_has_the_same_words_in_every_format(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_heading("Ehrenamt in der Stadt", 1)
        for text in (texts.DE, texts.PL, texts.LV, texts.LT, texts.EN):
            document.add_paragraph(text)
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Jahr", "Freiwillige", "2016", "240"], strict=True):
            cell.text = text
        document.add_paragraph("Danke!", style="List Bullet")

    word = make_docx(tmp_path / "a.docx", write)
    for target in ("odt", "pdf"):
        (twin,) = saved_as(target, [word], tmp_path)
        assert likeness(word, twin) >= 0.97, target
