"""What a partner does with a document, in a real browser."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from kb import KnowledgeBase
from kb.originals import Originals
from kb.types import Document
from tests.ingest import practices
from tests.ingest.files import make_pdf
from tests.ui.conftest import Visit, axe, ingest, serving

ROOT = Path(__file__).parents[2]
GUIDE = "en-motivating-volunteers.pdf"
ROBBER = "<img src=x onerror=\"document.title='stolen'\"> **bold** [link](https://elsewhere.example) :material/home:"


def found(home: Path, name: str) -> Document:
    """The document that was made from the file `name`."""
    with KnowledgeBase.open(home) as kb:
        return next(document for document in kb.store.documents() if document.file_name == name)


def passage(home: Path, name: str, words: str) -> str:
    """The address of the first passage of the document `name` that holds `words`."""
    document = found(home, name)
    with KnowledgeBase.open(home) as kb:
        at = next(passage for passage in kb.store.passages_of(document.id) if words in passage.text)
        return f"document?id={document.id}&passage={at.id}"


def here(page: Page) -> Locator:
    """The marked passage."""
    return page.locator(".kb-here")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice in a PDF; a PDF whose copy has gone bad; a document with a hostile title."""
    folder, home = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("home")
    practices.latvian_pdf(folder)
    make_pdf(folder / "bad.pdf", [["Volunteers water the trees of the park in every dry summer."]])
    make_pdf(folder / "robber.pdf", [[f"Volunteers plant trees in the park. {ROBBER}"]], title=ROBBER)
    ingest(home, folder)
    bad = found(home, "bad.pdf")
    Originals(home).path(bad.sha256, bad.file_name).write_bytes(b"%PDF-1.7 and then nothing that is one")
    gone = found(home, "robber.pdf")
    Originals(home).path(gone.sha256, gone.file_name).unlink()
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


# --- the text


def test_a_passage_is_marked_and_in_view_and_the_way_back_keeps_the_search(
    visit: Visit, corpus_server: str, corpus_home: Path
) -> None:
    address = passage(corpus_home, GUIDE, "Nobody should pay for being a volunteer")
    page = visit(f"{corpus_server}/{address}&q=expenses+of+volunteers&language=en")
    expect(here(page)).to_contain_text("Nobody should pay for being a volunteer")
    expect(here(page)).to_be_in_viewport()
    expect(page.get_by_text("page 2 · 4. Expenses and insurance").first).to_be_attached()
    page.get_by_role("link", name="Back to the results").click()
    expect(page.get_by_label("Your question")).to_have_value("expenses of volunteers")
    assert parse_qs(urlsplit(page.url).query)["language"] == ["en"]


def test_the_contents_lead_to_any_page_and_the_address_and_picture_follow(
    visit: Visit, corpus_server: str, corpus_home: Path
) -> None:
    page = visit(f"{corpus_server}/document?id={found(corpus_home, GUIDE).id}")
    expect(page.get_by_alt_text("Page 1 of 4")).to_be_visible()
    contents = page.get_by_role("combobox", name="Contents")
    contents.click()
    contents.fill("6. Saying")
    page.keyboard.press("Enter")
    expect(here(page)).to_contain_text("Recognition works best when it is personal")
    expect(here(page)).to_be_in_viewport()
    expect(page).to_have_url(re.compile("passage="))
    expect(page.get_by_alt_text("Page 3 of 4")).to_be_visible()
    other = visit(page.url)
    expect(here(other)).to_contain_text("Recognition works best when it is personal")


def test_the_link_behind_a_passage_marks_it(visit: Visit, corpus_server: str, corpus_home: Path) -> None:
    page = visit(f"{corpus_server}/document?id={found(corpus_home, GUIDE).id}&ui=pl")
    line = page.locator(".kb-line").filter(has_text="Nobody should pay for being a volunteer")
    line.get_by_role("link", name="Odnośnik do tego fragmentu").click()
    expect(here(page)).to_contain_text("Nobody should pay for being a volunteer")
    expect(page.get_by_role("link", name="Przeszukaj wszystkie dokumenty")).to_be_attached()


def test_a_passage_or_document_that_is_gone_is_said_to_be_gone(
    visit: Visit, corpus_server: str, corpus_home: Path
) -> None:
    page = visit(f"{corpus_server}/document?id=99999&passage=1")
    expect(page.get_by_text("This document is no longer in the knowledge base.")).to_be_visible()
    page = visit(f"{corpus_server}/document?id={found(corpus_home, GUIDE).id}&passage=999999")
    expect(page.get_by_text("is no longer in this document")).to_be_visible()
    expect(page.get_by_role("heading", name="Motivating, recognising")).to_be_visible()


# --- the picture beside it


def test_the_page_stands_beside_the_passage_as_a_picture_and_can_be_leafed(
    visit: Visit, corpus_server: str, corpus_home: Path
) -> None:
    page = visit(f"{corpus_server}/{passage(corpus_home, GUIDE, 'Nobody should pay for being a volunteer')}")
    picture = page.get_by_alt_text("Page 2 of 4 as a picture")
    expect(picture).to_be_in_viewport()
    page.wait_for_function("document.querySelector('.kb-page img').naturalWidth === 900")
    text = here(page).bounding_box()
    beside = picture.bounding_box()
    assert text and beside and text["x"] + text["width"] <= beside["x"]
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_alt_text("Page 3 of 4")).to_be_visible()
    expect(here(page)).to_be_in_viewport()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_alt_text("Page 4 of 4")).to_be_visible()
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()


def test_pages_that_cannot_be_drawn_and_originals_that_are_gone_are_said_to_be_so(
    visit: Visit, server: str, home: Path
) -> None:
    page = visit(f"{server}/document?id={found(home, 'bad.pdf').id}")
    expect(page.get_by_text("cannot be shown as pictures")).to_be_visible()
    expect(page.get_by_text("Volunteers water the trees")).to_be_visible()
    page = visit(f"{server}/document?id={found(home, 'robber.pdf').id}")
    expect(page.get_by_text("Volunteers plant trees").first).to_be_visible()
    expect(page.get_by_role("link", name="Open original")).to_have_count(0)


# --- the practice record


def test_the_practice_record_shows_the_documents_words_and_each_place_leads_there(
    visit: Visit, server: str, home: Path
) -> None:
    page = visit(f"{server}/document?id={found(home, 'daugavpils.pdf').id}")
    record = page.locator(".kb-record")
    results = "Trīs gadu laikā darbā iesaistījās četri simti jauniešu"
    expect(record).to_contain_text("Results" + results)
    expect(record).to_contain_text("Daugavpilī")
    value = record.locator("dd").filter(has_text=results)
    expect(value).to_contain_text("page 2 · quite sure")
    value.get_by_role("link", name="page 2").click()
    expect(here(page)).to_contain_text(results)
    expect(here(page)).to_be_in_viewport()
    expect(page.get_by_alt_text("Page 2 of 2")).to_be_visible()


# --- the original, citations, the briefing


def test_the_original_is_saved_just_as_it_was_ingested(
    visit: Visit, corpus_server: str, corpus_home: Path, tmp_path: Path
) -> None:
    page = visit(f"{corpus_server}/document?id={found(corpus_home, GUIDE).id}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Open original").click()
    assert download.value.suggested_filename == GUIDE
    download.value.save_as(tmp_path / GUIDE)
    assert (tmp_path / GUIDE).read_bytes() == (ROOT / "corpus" / GUIDE).read_bytes()


def asked(address: str) -> tuple[int, str]:
    """The status and text of what the server answers."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read().decode("latin-1")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_files_are_given_by_the_number_of_a_document_and_never_shown_by_the_browser(
    corpus_server: str, corpus_home: Path
) -> None:
    page = found(corpus_home, "pl-wolontariat-prawo-ubezpieczenie.html")
    with urllib.request.urlopen(f"{corpus_server}/original/{page.id}") as answer:
        headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    missing = "This file is not, or no longer, in the knowledge base."
    for path in ("original/99999", f"original/{10**30}", f"page-image/{page.id}/1", "page-image/99999/1"):
        assert asked(f"{corpus_server}/{path}") == (404, missing)
    for path in ("original/..%2Fkb.sqlite3", "original/kb.sqlite3", "original/-1"):
        assert "SQLite" not in asked(f"{corpus_server}/{path}")[1]
    guide = found(corpus_home, GUIDE)
    with urllib.request.urlopen(f"{corpus_server}/page-image/{guide.id}/1") as answer:
        assert answer.headers["Content-Type"] == "image/webp" and answer.read(4) == b"RIFF"
        assert answer.headers["Cache-Control"].startswith("private")
    assert asked(f"{corpus_server}/page-image/{guide.id}/5")[0] == 404


def test_a_citation_is_copied_with_its_page(visit: Visit, corpus_server: str, corpus_home: Path) -> None:
    page = visit(f"{corpus_server}/{passage(corpus_home, GUIDE, 'Nobody should pay')}", locale="de-DE")
    expect(here(page)).to_be_in_viewport()
    page.get_by_role("button", name="Zitieren").last.click()
    shown = page.get_by_test_id("stPopoverBody").locator("code")
    expect(shown.first).to_have_text(
        "Motivating, recognising and keeping volunteers: a guide for city halls. 2026. "
        "en-motivating-volunteers.pdf, Seite 2."
    )
    expect(shown.last).to_contain_text("@misc{motivating2026-")
    expect(shown.last).to_contain_text("note     = {en-motivating-volunteers.pdf, Seite 2},")
    shown.first.hover()
    page.get_by_role("button", name="Copy to clipboard").first.click()
    assert page.evaluate("navigator.clipboard.readText()").endswith("en-motivating-volunteers.pdf, Seite 2.")


def test_the_marked_passage_is_put_into_the_briefing(visit: Visit, corpus_server: str, corpus_home: Path) -> None:
    page = visit(f"{corpus_server}/{passage(corpus_home, GUIDE, 'Nobody should pay')}&q=expenses")
    page.get_by_role("button", name="Add to briefing").click()
    expect(page.get_by_role("button", name="Remove from briefing")).to_be_visible()
    expect(page.get_by_role("link", name="Briefing (1)")).to_be_visible()


# --- what is near, and who can use the page


def test_related_and_similar_documents_are_a_click_away(visit: Visit, corpus_server: str, corpus_home: Path) -> None:
    page = visit(f"{corpus_server}/document?id={found(corpus_home, 'pl-dostepny-wolontariat.docx').id}")
    related = page.locator(".kb-links").filter(has_text="Related documents:")
    translation = "Accessible volunteering: working with volunteers with disabilities"
    expect(related).to_contain_text(f"{translation} (translation: English)")
    expect(page.get_by_role("heading", name="Similar documents")).to_be_visible()
    similar = page.get_by_test_id("stPageLink").filter(has_text="Žmogus su negalia – savanoris")
    expect(similar).to_contain_text("(Lithuanian)")
    similar.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Žmogus su negalia – savanoris")).to_be_visible()


def test_what_a_document_says_is_shown_as_it_stands(visit: Visit, server: str, home: Path) -> None:
    page = visit(f"{server}/{passage(home, 'robber.pdf', 'Volunteers plant trees')}")
    expect(page.get_by_role("heading", level=1)).to_have_text(ROBBER)
    expect(here(page).locator(".kb-text")).to_contain_text(ROBBER)
    page = visit(f"{server}/document?id={found(home, 'bad.pdf').id}")
    expect(page.get_by_test_id("stPageLink").filter(has_text="**bold** [link](https://elsewhere")).to_be_visible()
    assert "stolen" not in page.title()


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (360, "dark")])
def test_everybody_can_use_the_page(
    visit: Visit, corpus_server: str, corpus_home: Path, width: int, scheme: str
) -> None:
    page = visit(f"{corpus_server}/document?id={found(corpus_home, GUIDE).id}", width=width, color_scheme=scheme)
    expect(page.get_by_role("heading", name="Similar documents")).to_be_attached()
    expect(page.get_by_alt_text("Page 1 of 4")).to_be_attached()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    wide = page.locator(".kb-text, .kb-record, .kb-heading, .kb-page, .stButton, .kb-button").evaluate_all(
        "(all, width) => all.filter(one => one.getBoundingClientRect().right > width).map(one => one.innerText)", width
    )
    assert wide == []
