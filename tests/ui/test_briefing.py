"""A partner collects passages over weeks, arranges them, and takes them into her report."""

import json
from io import BytesIO
from pathlib import Path
from urllib.parse import quote_plus

import docx
import pytest
from playwright.sync_api import Download, Page, expect

from kb import KnowledgeBase
from kb.types import Passage
from tests.ui.conftest import Visit, axe, unfold
from tests.ui.test_journeys import MOTIVATE, card

GONE = 987_654_321


@pytest.fixture(scope="module")
def passages(corpus_home: Path) -> list[Passage]:
    """A passage of several sentences in each of three languages."""
    with KnowledgeBase.open(corpus_home) as kb:
        documents = {document.languages[0]: document.id for document in kb.store.documents()}
        found = (kb.store.passages_of(documents[code]) for code in ("en", "pl", "lv"))
        return [next(passage for passage in own if passage.text.count(". ") > 2) for own in found]


def collected(visit: Visit, server: str, passages: list[int], **how: str | int) -> Page:
    """The briefing page of a browser that has collected these passages before, by the question "who?"."""
    page = visit(f"{server}/briefing", **how)
    basket = json.dumps([[passage, "who?", ""] for passage in passages])
    page.evaluate("basket => localStorage.setItem('hopkb.basket', basket)", basket)
    page.reload()
    return page


def quotes(page: Page) -> list[str]:
    return page.locator("[class*=st-key-quote-] .kb-text").all_inner_texts()


def quote_card(page: Page, passage: Passage):
    return page.locator(f".st-key-quote-{passage.id}")


def kept(page: Page, words: str) -> None:
    """Wait until the browser keeps `words` in its briefing."""
    page.wait_for_function(
        "words => (localStorage.getItem('hopkb.briefing') || '').includes(words)", arg=json.dumps(words)[1:-1]
    )


def content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def test_a_click_before_the_browser_has_told_what_it_keeps_adds_to_it(
    visit: Visit, corpus_server: str, passages: list[Passage]
) -> None:
    kept = [passage.id for passage in passages]
    page = collected(visit, corpus_server, kept)
    page.goto(f"{corpus_server}/?q={quote_plus(MOTIVATE)}")
    card(page, 1).get_by_role("button", name="Add to briefing").click()
    expect(page.get_by_role("link", name=f"Briefing ({len(kept) + 1})")).to_be_visible()
    page.wait_for_function("n => JSON.parse(localStorage.getItem('hopkb.basket')).length > n", arg=len(kept))
    basket = json.loads(page.evaluate("localStorage.getItem('hopkb.basket')"))
    assert [row[0] for row in basket[:-1]] == kept and basket[-1][1] == MOTIVATE


def test_opening_the_page_changes_nothing_that_the_browser_keeps(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/briefing")
    expect(page.get_by_text("Nothing is collected yet")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('hopkb.'))") == []


def test_what_is_collected_in_the_search_is_a_word_file_with_title_and_note(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}")
    card(page, 1).get_by_role("button", name="Add to briefing").click()
    page.wait_for_function("localStorage.getItem('hopkb.basket')")
    page.get_by_role("link", name="Briefing (1)").click()
    expect(page.get_by_role("heading", level=2, name=MOTIVATE)).to_be_visible()
    page.get_by_label("Title").fill("Results of the year")
    page.get_by_label("Your note").fill("Ask for the leaflet.")
    page.get_by_label("Title").focus()
    [text] = quotes(page)
    expect(page.get_by_role("button", name="Download as Word")).to_be_visible()
    kept(page, "Ask for the leaflet.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as Word").click()
    assert download.value.suggested_filename == "Results-of-the-year.docx"
    document = docx.Document(BytesIO(content(download.value)))
    written = [paragraph.text for paragraph in document.paragraphs]
    assert [written[0], f"[1] {text}", "Note: Ask for the leaflet."] == [
        line for line in written if line in {"Results of the year", f"[1] {text}", "Note: Ask for the leaflet."}
    ]
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Results of the year")
    expect(page.get_by_label("Your note")).to_have_value("Ask for the leaflet.")


def test_quotes_move_go_and_come_back_and_lose_the_sentences_she_leaves_out(
    visit: Visit, corpus_server: str, passages: list[Passage]
) -> None:
    page = collected(visit, corpus_server, [passage.id for passage in passages])
    first, second, third = passages
    quote_card(page, second).get_by_role("button", name="Move up").click()
    expect(page.locator("[class*=st-key-quote-] .kb-text").first).to_have_text(second.text, use_inner_text=True)
    quote_card(page, first).get_by_role("button", name="Remove").click()
    expect(quote_card(page, first)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(quote_card(page, first)).to_be_visible()
    assert quotes(page) == [second.text, first.text, third.text]
    quote_card(page, third).get_by_role("button", name="Choose sentences").click()
    quote_card(page, third).get_by_text("Sentences to quote").wait_for()
    quote_card(page, third).locator("[data-testid=stCheckbox] label").nth(1).click()
    expect(quote_card(page, third).locator(".kb-text")).to_contain_text("[…]")
    page.get_by_text("My own order").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(0)


def test_a_saved_briefing_is_loaded_again_with_its_notes(
    visit: Visit, corpus_server: str, passages: list[Passage], tmp_path: Path
) -> None:
    page = collected(visit, corpus_server, [passages[0].id, passages[1].id])
    quote_card(page, passages[1]).get_by_label("Your note").fill("Ważne")
    page.get_by_label("Title").focus()
    kept(page, "Ważne")
    unfold(page, "Save, load, share")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the briefing as a file").click()
    saved = tmp_path / download.value.suggested_filename
    saved.write_bytes(content(download.value))
    other = visit(f"{corpus_server}/briefing")
    field = other.get_by_label("Load a saved briefing")
    (tmp_path / "other.json").write_text("{}")
    field.set_input_files(tmp_path / "other.json")
    expect(other.get_by_text("This file is not a saved briefing")).to_be_visible()
    field.set_input_files(saved)
    expect(other.get_by_text("The file holds 2 passages.")).to_be_visible()
    other.get_by_role("button", name="Take over").click()
    expect(quote_card(other, passages[1]).get_by_label("Your note")).to_have_value("Ważne")
    assert quotes(other) == [passages[0].text, passages[1].text]


def test_the_address_of_a_briefing_brings_its_passages_and_keeps_what_is_there(
    visit: Visit, corpus_server: str, passages: list[Passage]
) -> None:
    first, second, third = passages
    page = collected(visit, corpus_server, [first.id])
    expect(quote_card(page, first)).to_be_visible()
    page.goto(f"{corpus_server}/briefing?passages={third.id},{second.id},x,{GONE}")
    expect(page.get_by_text("brings 3 passages that are not in your briefing")).to_be_visible()
    page.get_by_role("button", name="Add to mine").click()
    expect(quote_card(page, second)).to_be_visible()
    assert quotes(page) == [first.text, third.text, second.text]


def test_a_passage_that_is_gone_is_said_so_and_can_be_removed(
    visit: Visit, corpus_server: str, passages: list[Passage]
) -> None:
    page = collected(visit, corpus_server, [GONE, passages[0].id])
    expect(page.get_by_text("1 passage is no longer in the knowledge base")).to_be_visible()
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_text("no longer in the knowledge base")).to_have_count(0)
    assert quotes(page) == [passages[0].text]


def test_an_empty_briefing_says_how_to_fill_it(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/briefing", locale="pl-PL")
    expect(page.get_by_text("Nic tu jeszcze nie ma.")).to_be_visible()
    expect(page.get_by_text("„Dodaj do zestawienia”")).to_be_visible()
    page.get_by_role("link", name="Przejdź do wyszukiwania").click()
    expect(page.get_by_role("textbox")).to_be_visible()


def test_the_briefing_fits_a_phone_in_the_dark_and_a_screen_reader(
    visit: Visit, corpus_server: str, passages: list[Passage]
) -> None:
    page = collected(
        visit, corpus_server, [passage.id for passage in passages], locale="lt-LT", width=360, color_scheme="dark"
    )
    quote_card(page, passages[0]).get_by_role("button", name="Išimti").click()
    expect(page.get_by_role("button", name="Atšaukti")).to_be_in_viewport()
    page.get_by_text("Įrašyti, įkelti, bendrinti").click()
    expect(page.get_by_label("Įkelti įrašytą santrauką")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.wait_for_timeout(500)  # the panel unfolds
    axe(page)
