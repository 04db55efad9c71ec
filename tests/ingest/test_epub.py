"""Electronic books: chapters in reading order under their headings, without cover and contents."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.extract import extract
from ingest.extract.base import BlockKind, Refused
from tests.ingest import texts
from tests.ingest.files import read, rewrite_member

CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/>
<script src="a.js"/></head><body>{}</body></html>"""
NAV = CHAPTER.format(
    '<nav epub:type="toc"><h1>Contents</h1><ol><li><a href="text/1.xhtml">Pirmais</a></li>'
    '<li><a href="text/2%20b.xhtml#top">Otrā nodaļa</a></li></ol></nav>'
)
CHAPTERS = {
    "cover.xhtml": '<section epub:type="cover"><p>Cover picture of a book</p></section>',
    "text/1.xhtml": f"""<h1>Pateicība&nbsp;brīvprātīgajiem</h1>
        <p>{texts.LV}<a epub:type="noteref" href="#n1">1</a> Beigas.</p>
        <aside epub:type="footnote" id="n1"><p>Likuma 3. pants.</p></aside>
        <h2>Noteikumi</h2><ul><li>Katra biedrība<ul><li>piesaka vienu cilvēku</li></ul></li></ul>
        <table><tr><th>Gads</th><th>Dalībnieki</th></tr><tr><td>2016</td><td>340</td></tr></table>
        <blockquote><p>Paldies jums visiem!</p></blockquote><span epub:type="pagebreak" title="12">12</span>""",
    "text/2 b.xhtml": f"<div><p>{texts.PL}</p><p>Mehr dazu<br/>im Anhang.</p></div>",
    "notes.xhtml": '<section epub:type="endnotes"><h2>Notes</h2><p>Found in the archive of the city.</p></section>',
}


def make_epub(path: Path, chapters: Mapping[str, str] = CHAPTERS, more: Mapping[str, str] | None = None) -> Path:
    """A book with the chapters, whose notes come first in the manifest and stand outside the reading line."""
    items = "".join(
        f'<item id="i{n}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    order = []
    for n, name in enumerate(chapters):
        linear = "no" if name == "notes.xhtml" else "yes"
        order.append(f'<itemref idref="i{n}" linear="{linear}"/>')
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
        <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rokasgrāmata &amp; piemēri</dc:title>
        <dc:date>2016-06-28T00:00:00Z</dc:date></metadata>
        <manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}
        <item id="p" href="a.png" media-type="image/png"/></manifest>
        <spine>{order[-1]}<itemref idref="nav"/>{"".join(order[:-1])}</spine></package>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/book.opf", package)
        archive.writestr("OPS/nav.xhtml", NAV)
        for name, body in chapters.items():
            archive.writestr(f"OPS/{name}", CHAPTER.format(body))
        for name, text in (more or {}).items():
            archive.writestr(name, text)
    return path


def test_chapters_are_read_in_order_with_their_structure(tmp_path: Path) -> None:
    found = extract(make_epub(tmp_path / "a.epub"))
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.HEADING, "Pateicība brīvprātīgajiem"),
        (BlockKind.TEXT, f"{texts.LV} Beigas."),
        (BlockKind.HEADING, "Noteikumi"),
        (BlockKind.ITEM, "Katra biedrība"),
        (BlockKind.ITEM, "piesaka vienu cilvēku"),
        (BlockKind.ROW, "Gads | Dalībnieki"),
        (BlockKind.ROW, "2016 | 340"),
        (BlockKind.TEXT, "Paldies jums visiem!"),
        (BlockKind.TEXT, "Likuma 3. pants."),
        (BlockKind.HEADING, "Otrā nodaļa"),
        (BlockKind.TEXT, texts.PL),
        (BlockKind.TEXT, "Mehr dazu im Anhang."),
        (BlockKind.HEADING, "Notes"),
        (BlockKind.TEXT, "Found in the archive of the city."),
    ]


def test_a_book_says_its_title_and_date_and_a_passage_its_chapter(tmp_path: Path) -> None:
    reading = read(make_epub(tmp_path / "a.epub"))
    found = reading.extraction
    assert (found.format, found.title, found.date) == ("epub", "Rokasgrāmata & piemēri", "2016-06-28")
    assert reading.label_of("bezpłatny bilet") == "section Otrā nodaļa"


def test_a_book_without_its_name_is_recognised(tmp_path: Path) -> None:
    assert extract(make_epub(tmp_path / "nameless")).format == "epub"


def test_a_chapter_that_is_no_valid_xml_is_read_as_html(tmp_path: Path) -> None:
    path = make_epub(tmp_path / "a.epub", {"1.xhtml": f"<p>{texts.DE}<p>Zweiter Absatz & <b>mehr</p>"})
    assert [block.text for block in extract(path).blocks] == [texts.DE, "Zweiter Absatz & mehr"]


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>"""


def test_a_book_with_copy_protection_is_refused_but_not_for_its_fonts(tmp_path: Path) -> None:
    member = "META-INF/encryption.xml"
    locked = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(Refused, match=r"protected against copying \(DRM\)"):
        extract(make_epub(tmp_path / "a.epub", more={member: locked}))
    fonts = ENCRYPTION.format("http://www.idpf.org/2008/embedding")
    assert extract(make_epub(tmp_path / "b.epub", more={member: fonts})).blocks


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    path = make_epub(tmp_path / "a.epub")
    bomb = '<!DOCTYPE html [<!ENTITY a "lol lol lol"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    hostile = CHAPTER.format(f"<p>{texts.EN} &a; &b;</p>").replace("<!DOCTYPE html>", bomb)
    text = " ".join(
        block.text for block in extract(rewrite_member(path, "OPS/text/1.xhtml", lambda _: hostile.encode())).blocks
    )
    assert "free pass" in text
    assert "lol" not in text
    assert "root:" not in text


@pytest.mark.parametrize(
    ("chapters", "reason"),
    [({"1.xhtml": "<p><img src='a.png' alt=''/></p>"}, "no text in its chapters"), ({"1.xhtml": ""}, "no text")],
)
def test_a_book_of_pictures_is_refused(chapters: dict[str, str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=reason):
        extract(make_epub(tmp_path / "a.epub", chapters))


def test_damaged_books_and_bombs_are_refused(tmp_path: Path) -> None:
    half = make_epub(tmp_path / "half.epub")
    half.write_bytes(half.read_bytes()[:900])
    with pytest.raises(Refused, match="is not the EPUB file its name says"):
        extract(half)
    lost = rewrite_member(make_epub(tmp_path / "lost.epub"), "META-INF/container.xml", lambda _: b"<container/>")
    with pytest.raises(Refused, match="does not say where its chapters are"):
        extract(lost)
    bomb = rewrite_member(make_epub(tmp_path / "bomb.epub"), "OPS/text/1.xhtml", lambda _: bytes(310 * 2**20))
    with pytest.raises(Refused, match="more than the limit of 300 MB"):
        extract(bomb)
