"""DOC and PPT: read where LibreOffice is, refused with what to install where it is not."""

import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import extract
from ingest.extract.base import BlockKind, Refused
from ingest.extract.safely import extract_safely
from tests.ingest import texts
from tests.ingest.files import Slide, make_docx, make_pptx, make_text, read
from tests.ingest.twins import needs_libreoffice, saved_as


def make_container(path: Path, *names: str) -> Path:
    """An OLE2 container whose top folder has empty streams of these names, one beside the other."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<II", 1, 1) + bytes(4) + struct.pack("<IIIII", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    chain = [0xFFFFFFFD, *range(2, (len(names) + 4) // 4 + 1), 0xFFFFFFFE]
    table = b"".join(struct.pack("<I", number) for number in chain).ljust(512, b"\xff")
    entries = [_entry("Root Entry", 5, right=0xFFFFFFFF, child=1)]
    entries += [_entry(name, 2, right=at + 1 if at < len(names) else 0xFFFFFFFF) for at, name in enumerate(names, 1)]
    directory = b"".join(entries)
    path.write_bytes(header + table + directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    return path


def _entry(name: str, kind: int, right: int, child: int = 0xFFFFFFFF) -> bytes:
    label = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return (
        label.ljust(64, b"\0")
        + struct.pack("<HBB", len(label) + 2, kind, 1)
        + links
        + bytes(36)
        + b"\xfe\xff\xff\xff"
        + bytes(8)
    )


def _word(document: Any) -> None:
    document.add_heading("Pateicības vakars", 1)
    document.add_paragraph(texts.LV)
    document.add_paragraph("Katra biedrība piesaka vienu cilvēku", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Gads", "Dalībnieki", "2016", "340"], strict=True):
        cell.text = text
    document.add_paragraph("Paldies visiem!")


@needs_libreoffice
def test_an_old_word_file_is_read_like_its_twin(tmp_path: Path) -> None:
    word = make_docx(tmp_path / "a.docx", _word, title="Vakars")
    (old,) = saved_as("doc", [word], tmp_path)
    found = extract_safely(old)
    assert (found.format, found.title) == ("doc", "Vakars")
    assert [(b.kind, b.text) for b in found.blocks] == [(b.kind, b.text) for b in extract(word).blocks]


@needs_libreoffice
def test_an_old_presentation_is_read_like_its_twin(tmp_path: Path) -> None:
    slides = [
        Slide("Bilanz", ["Ein Satz", "Noch einer"], notes=["Remember the free bus pass."]),
        Slide("Ačiū", table=[["Metai", "Savanoriai"], ["2016", "240"]]),
    ]
    deck = make_pptx(tmp_path / "a.pptx", slides)
    (old,) = saved_as("ppt", [deck], tmp_path)
    found = extract_safely(old.rename(tmp_path / "show.pps"))
    assert found.format == "ppt"
    assert [(b.kind, b.number, b.text) for b in found.blocks] == [
        (b.kind, b.number, b.text) for b in extract(deck).blocks
    ]


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        ("WordDocument", "old Word file .DOC.: install LibreOffice .*libreoffice-writer-nogui.*save it as DOCX"),
        ("PowerPoint Document", "old PowerPoint file .PPT.: install LibreOffice .*impress-nogui.*save it as PPTX"),
    ],
)
def test_without_libreoffice_the_reason_names_it(
    stream: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match=message):
        extract(make_container(tmp_path / "a.doc", "CompObj", stream))


@pytest.mark.parametrize(
    ("streams", "message"),
    [
        (("EncryptionInfo", "EncryptedPackage"), "is protected by a password: save a copy without it"),
        (("Workbook",), "is an Excel workbook: save what is text in it as DOCX or PDF"),
        (("__nameid_version1.0", "__properties_version1.0"), "is an Outlook message"),
        (("PP40",), "PowerPoint 95"),
        (("Quill", "Contents"), "Publisher"),
        (("Something",), "is an old Office file, damaged or protected by a password"),
    ],
)
@pytest.mark.parametrize("name", ["a.docx", "a.doc", "nameless"])
def test_other_containers_are_named(streams: tuple[str, ...], message: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=message):
        extract(make_container(tmp_path / name, *streams))


def test_a_word_file_with_a_password_says_so(tmp_path: Path) -> None:
    path = make_container(tmp_path / "a.doc", "WordDocument")
    data = bytearray(path.read_bytes())
    data[1024 + 128 + 116 : 1024 + 128 + 124] = struct.pack("<II", 2, 4096)  # the stream's first sector, its size
    path.write_bytes(bytes(data) + b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x01" + bytes(4084))
    with pytest.raises(Refused, match="is protected by a password"):
        extract(path)


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"\xffWPC\x10", "WordPerfect"), (b"\xdb\xa5\x2d\0", "Word 2"), (b"\x31\xbe\0\0", "Windows Write")],
)
def test_older_writers_are_named(head: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(head + bytes(200))
    with pytest.raises(Refused, match=name):
        extract(tmp_path / "a.doc")


def test_a_web_page_saved_as_doc_is_read_as_what_it_is(tmp_path: Path) -> None:
    page = make_text(tmp_path / "a.doc", f"<html><body><h1>Danke</h1><p>{texts.DE}</p></body></html>")
    assert extract(page).format == "html"
    assert "eine Freikarte für Busse" in read(page).text


@contextmanager
def web_server() -> Iterator[tuple[int, list[str]]]:
    """A web server on this machine: its port, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_OPTIONS = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


LINKED = """<?xml version="1.0"?><office:document office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>Before
 <draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm"><draw:image xlink:type="simple"
 xlink:href="http://127.0.0.1:PORT/seen.png"/></draw:frame> after</text:p></office:text></office:body>
</office:document>"""


@needs_libreoffice
def test_pictures_on_the_web_are_not_fetched(tmp_path: Path) -> None:
    with web_server() as (port, asked):
        source = make_text(tmp_path / "a.fodt", LINKED.replace("PORT", str(port)))
        (old,) = saved_as("doc", [source], tmp_path)
        assert asked, "LibreOffice must fetch the picture where nothing keeps it from it"
        asked.clear()
        assert [block.text for block in extract(old).blocks] == ["Before after"]  # even without the sandbox
        assert asked == []
        assert extract(source).blocks[0].kind is BlockKind.TEXT
        assert asked == []


@needs_libreoffice
def test_a_damaged_file_is_refused_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    with pytest.raises(Refused, match=r"old Word file .DOC. that LibreOffice cannot read: damaged"):
        extract(make_container(tmp_path / "a.doc", "WordDocument", "1Table"))
    assert list((tmp_path / "scratch").iterdir()) == []
