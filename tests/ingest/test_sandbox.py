"""The sandbox: a heavy or hostile file costs itself, within limits, and only plain data comes back."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.extract import extract
from ingest.extract.base import Refused
from ingest.sandbox import Broken, Limits, extract_safely
from tests.ingest import texts
from tests.ingest.files import make_docx, make_page, make_pdf, make_text, rewrite_member
from tests.ingest.test_extract import CASES, Case

MB = 2**20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_child_reads_just_what_this_process_would(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path / case.name)
    assert extract_safely(path) == extract(path)


def test_letters_beyond_unicode_text_come_back(tmp_path: Path) -> None:
    text = "Emoji 🎉 and 𝔊𝔬𝔱𝔥𝔦𝔠 and \u2028 separators"
    assert extract_safely(make_text(tmp_path / "a.txt", text)).blocks[0].text == text


def test_a_refusal_keeps_its_reason(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^is not the PDF file its name says"):
        extract_safely(make_text(tmp_path / "a.pdf", texts.EN))


def test_a_damaged_file_is_broken_with_the_readers_words(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", lambda document: document.add_paragraph("Text."))
    rewrite_member(path, "word/document.xml", lambda xml: xml[:-20])
    with pytest.raises(Broken, match=r"is damaged: its reader says XMLSyntaxError"):
        extract_safely(path)


def test_a_file_that_takes_too_long_names_the_limit(tmp_path: Path) -> None:
    pages = [[f"Group {number} {texts.EN}"] for number in range(60)]
    path = make_pdf(tmp_path / "a.pdf", pages)
    heavy = make_page(tmp_path / "a.html", f"<div><p>{texts.EN}</p></div>" * 40_000, title="Endless")
    assert extract_safely(path, Limits(seconds=60)).blocks[59].number == 60
    with pytest.raises(Broken, match=r"^took longer than 1 s to read$"):
        extract_safely(heavy, Limits(seconds=1))


def _heavy_text(path: Path, megabytes: int) -> Path:
    """A text file with a hole: large to read, small on the disk."""
    make_text(path, texts.EN * 20)
    with path.open("r+b") as file:
        file.truncate(megabytes * MB)
    return path


@pytest.mark.parametrize(("megabytes", "limit", "named"), [(190, 400 * MB, "400 MB"), (190, 1024 * MB, "1 GB")])
def test_a_file_that_needs_too_much_memory_names_the_limit(
    megabytes: int, limit: int, named: str, tmp_path: Path
) -> None:
    with pytest.raises(Broken, match=rf"needs more than {named} of memory to read"):
        extract_safely(_heavy_text(tmp_path / "a.txt", megabytes), Limits(memory=limit))


def test_a_file_with_too_much_text_names_the_limit(tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", "word " * MB)
    with pytest.raises(Broken, match=r"^holds more than 2 MB of text$"):
        extract_safely(path, Limits(output=2 * MB))


def test_after_a_broken_file_the_next_is_read(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        extract_safely(make_text(tmp_path / "a.txt", "word " * MB), Limits(output=MB))
    assert extract_safely(make_text(tmp_path / "b.txt", texts.LV)).blocks[0].text == texts.LV


def test_a_deep_pile_of_tags_never_hurts_the_parent(tmp_path: Path) -> None:
    deep = "<div>" * 30_000 + f"<p>{texts.EN}</p>" + "</div>" * 30_000
    page = make_text(tmp_path / "a.html", f"<!DOCTYPE html><html><body>{deep}</body></html>")
    try:
        assert texts.sentences(texts.EN)[0] in extract_safely(page, Limits(seconds=20)).blocks[0].text
    except (Broken, Refused) as error:
        assert str(error)


def test_a_sandboxed_file_cannot_leave_a_process_behind(tmp_path: Path) -> None:
    import multiprocessing

    heavy = make_page(tmp_path / "a.html", f"<div><p>{texts.EN}</p></div>" * 40_000, title="Endless")
    with pytest.raises(Broken):
        extract_safely(heavy, Limits(seconds=1))
    assert multiprocessing.active_children() == []


def test_nothing_reaches_the_network_while_a_document_is_read() -> None:
    code = "from ingest.sandbox import deny_network; import socket; deny_network(); "
    for attempt in ("socket.create_connection(('127.0.0.1', 9))", "socket.getaddrinfo('example.org', 80)"):
        run = subprocess.run([sys.executable, "-c", code + attempt], capture_output=True, text=True, check=False)
        assert "documents are read without network" in run.stderr
