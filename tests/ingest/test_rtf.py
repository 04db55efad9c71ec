"""RTF: what Word, WordPad and LibreOffice save, paragraph by paragraph, in the code pages of five languages."""

from pathlib import Path
from typing import Any

import pytest

from ingest.extract import extract
from ingest.extract.base import BlockKind, Refused
from tests.ingest import texts
from tests.ingest.files import make_docx, read
from tests.ingest.twins import needs_libreoffice, saved_as

HEAD = (
    rb"{\rtf1\ansi\ansicpg1250\deff0"
    rb"{\fonttbl{\f0\fnil\fcharset238{\*\fname Arial;}Arial CE;}{\f1\fcharset186 Arial Baltic;}{\f2\fcharset2 Symbol;}}"
    rb"{\stylesheet{\ql Normal;}{\s1\sbasedon0 heading 1;}{\s5 List Bullet;}{\s21 toc 1;}}"
)


def make_rtf(path: Path, body: bytes, head: bytes = HEAD) -> Path:
    path.write_bytes(head + body + b"}")
    return path


def rtf_texts(path: Path, body: bytes, head: bytes = HEAD) -> list[str]:
    return [block.text for block in extract(make_rtf(path, body, head)).blocks]


def _document(language: str) -> Any:
    def write(document: Any) -> None:
        text = texts.BY_LANGUAGE[language]
        document.add_heading(f"{language}: {texts.sentences(text)[0][:30]}", 1)
        document.add_paragraph(text)
        document.add_paragraph("Ą, ģ, ß – „ł”", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, content in zip(table._cells, ["Rok", "Šķēle", "2016", "240"], strict=True):
            cell.text = content
        document.add_paragraph(texts.sentences(text)[1])

    return write


@needs_libreoffice
def test_what_libreoffice_saves_is_read_block_by_block_like_the_word_file(tmp_path: Path) -> None:
    words = [make_docx(tmp_path / f"{language}.docx", _document(language)) for language in texts.BY_LANGUAGE]
    for word, rich in zip(words, saved_as("rtf", words, tmp_path), strict=True):
        found = extract(rich)
        assert found.format == "rtf"
        assert [(b.kind, b.text) for b in found.blocks] == [(b.kind, b.text) for b in extract(word).blocks]


@pytest.mark.parametrize(
    ("language", "page", "charset"), [("pl", 1250, 238), ("de", 1252, 0), ("lv", 1257, 186), ("lt", 1257, 186)]
)
def test_letters_are_read_by_the_code_page_or_by_the_font(
    language: str, page: int, charset: int, tmp_path: Path
) -> None:
    letters = texts.BY_LANGUAGE[language].encode(f"cp{page}")
    escaped = b"".join(b"\\'%02x" % byte if byte > 127 else bytes([byte]) for byte in letters)
    by_page = rb"{\rtf1\ansi\ansicpg%d\deff0{\fonttbl{\f0\fcharset0 Arial;}}\f0 " % page
    by_font = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset%d Arial;}}\f1 " % charset
    for head in (by_page, by_font):
        assert rtf_texts(tmp_path / "a.rtf", escaped + rb"\par", head) == [texts.BY_LANGUAGE[language]]


def test_unicode_letters_come_without_what_stands_in_for_them(tmp_path: Path) -> None:
    body = rb"\uc1 \u346?r\u243\'f3da, \uc2 \u8211--x, \uc0\u-10179\u-8704 {\uc1 \u281 e}\par"
    assert rtf_texts(tmp_path / "a.rtf", body) == ["Śróda, –x, 😀ę"]


def test_paragraphs_headings_and_items_are_told_apart(tmp_path: Path) -> None:
    body = (
        rb"\pard\plain\s1 Insurance\par\pard\plain Every helper is insured.\par"
        rb"\pard\ls1{\listtext\'b7\tab}Badges\par\pard{\pntext 2.\tab}Vests\par\pard\s5 Gloves\par"
        rb"\pard\outlinelevel1 Costs\par\pard{\b Nine} euros a head.\line Per year.\par"
    )
    assert [(b.kind, b.text) for b in extract(make_rtf(tmp_path / "a.rtf", body)).blocks] == [
        (BlockKind.HEADING, "Insurance"),
        (BlockKind.TEXT, "Every helper is insured."),
        (BlockKind.ITEM, "Badges"),
        (BlockKind.ITEM, "Vests"),
        (BlockKind.ITEM, "Gloves"),
        (BlockKind.HEADING, "Costs"),
        (BlockKind.TEXT, "Nine euros a head. Per year."),
    ]


def test_without_styles_a_bold_line_above_a_text_is_its_heading(tmp_path: Path) -> None:
    body = rb"{\b Insurance}\par Every helper is {\b insured}.\par{\b Costs}\par Nine euros.\par"
    assert read(make_rtf(tmp_path / "a.rtf", body)).label_of("Nine euros") == "section Costs"


def test_tables_are_read_row_by_row_and_tables_in_cells_once(tmp_path: Path) -> None:
    body = (
        rb"\trowd\cellx1\cellx2\pard\intbl Year\cell Helpers\cell\row"
        rb"\pard\intbl 2016\cell\pard\intbl\itap2 spring\nestcell 240\nestcell{\*\nesttableprops\trowd\nestrow}"
        rb"{\nonesttables\par}\pard\intbl in all\cell\row\pard After.\par"
    )
    assert rtf_texts(tmp_path / "a.rtf", body) == ["Year | Helpers", "2016 | spring | 240 in all", "After."]


def test_only_the_text_is_read(tmp_path: Path) -> None:
    body = (
        rb"{\info{\title The plan}{\revtim\yr2016\mo6\dy28}}{\header Page of the council\par}{\footer 3\par}"
        rb"{\*\bkmkstart a}Read {\field{\*\fldinst HYPERLINK https://example.org}{\fldrslt the rules}}{\v hidden}"
        rb"{\deleted gone}{\pict\wmetafile8 0102ff}{\object{\*\objdata 0105}{\result .}}"
        rb"{\shp{\*\shpinst{\sp{\sn name}{\sv value}}{\shptxt A box.\par}}{\shprslt A box.\par}}\par"
        rb" Stay{\footnote Since 2003.\par} safe.\par\pard\s21 Contents 3\par"
    )
    found = extract(make_rtf(tmp_path / "a.rtf", body))
    assert [block.text for block in found.blocks] == ["Read the rules.", "A box.", "Stay safe.", "Since 2003."]
    assert (found.title, found.date) == ("The plan", "2016-06-28")


def test_each_font_has_its_own_letters(tmp_path: Path) -> None:
    body = rb"\f0\'b3\f1\'e2\f2 ab\'b3\f0 \'b3\par"
    assert rtf_texts(tmp_path / "a.rtf", body) == ["łāαβ≥ł"]


def test_binary_data_is_stepped_over(tmp_path: Path) -> None:
    assert rtf_texts(tmp_path / "a.rtf", rb"Before {\pict\bin12 }}}}}}}}}}}}}after.\par") == ["Before after."]


def test_a_cut_off_file_gives_what_there_is_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(HEAD + rb"All is well.\par {\b Until her")
    found = extract(tmp_path / "a.rtf")
    assert [block.text for block in found.blocks] == ["All is well.", "Until her"]
    assert "ends in the middle" in found.remarks[0]


def test_endless_groups_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="levels deep"):
        extract(make_rtf(tmp_path / "a.rtf", b"{" * 1_000_000))


def test_rtf_under_the_name_of_a_word_file_is_read(tmp_path: Path) -> None:
    path = make_rtf(tmp_path / "a.doc", rb"The plan for spring.\par")
    assert extract(path).format == "rtf"
    assert read(path).text.strip() == "The plan for spring."
