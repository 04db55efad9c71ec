"""What a partner does with the page, in a real browser."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import PATIENCE, Visit, ingest, serving, unfold

MOTIVATE = "how do cities motivate volunteers"
GUIDE = "Motivating, recognising and keeping volunteers"


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox")
    box.fill(question)
    box.press("Enter")


def card(page: Page, rank: int):
    return page.locator(f".st-key-hit-{rank}")


def chips(page: Page, label: str, choice: str) -> None:
    unfold(page, "Filters")
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=choice).click()
    page.keyboard.press("Tab")


def test_a_question_typed_and_sent_with_enter_brings_the_answer_and_the_right_passage_first(
    visit: Visit, corpus_server: str
) -> None:
    page = visit(corpus_server)
    ask(page, MOTIVATE)
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    expect(card(page, 1)).to_contain_text(GUIDE)
    expect(card(page, 1)).to_contain_text("page ")
    expect(card(page, 1)).to_contain_text("English")
    expect(card(page, 1).locator("mark")).to_have_count(1)


def test_an_example_question_is_one_click(visit: Visit, corpus_server: str) -> None:
    page = visit(corpus_server)
    page.get_by_role("button", name=MOTIVATE).click()
    expect(card(page, 1)).to_contain_text(GUIDE)
    expect(page.get_by_role("textbox")).to_have_value(MOTIVATE)


def test_a_question_off_topic_is_told_that_there_is_no_answer(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q=best+pizza+recipe")
    expect(page.get_by_text("The knowledge base has no answer to this question.")).to_be_visible()
    expect(page.get_by_role("heading", name="Answer")).to_have_count(0)


def test_a_query_without_words_is_asked_for_words(visit: Visit, corpus_server: str) -> None:
    page = visit(corpus_server)
    ask(page, "🎉🎉")
    expect(page.get_by_text("Please type a question or a few words.")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "language", "word"),
    [
        ("jak motywować wolontariuszy", "lv", "brīvprātīg"),
        ("kaip motyvuoti savanorius", "de", "freiwillig"),
        ("kā motivēt brīvprātīgos", "en", "volunteer"),
    ],
)
def test_the_page_says_which_words_met_across_languages(
    visit: Visit, corpus_server: str, query: str, language: str, word: str
) -> None:
    page = visit(f"{corpus_server}/?{urlencode({'q': query, 'language': language})}")
    why = page.locator(".kb-why").filter(has_text=re.compile(word, re.IGNORECASE)).first
    expect(why).to_contain_text(query.rsplit(maxsplit=1)[-1])
    met = page.locator("b.kb-word").filter(has_text=re.compile(word, re.IGNORECASE)).first
    expect(met).to_be_visible()


def test_a_language_filter_leaves_only_passages_in_that_language(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={MOTIVATE.replace(' ', '+')}")
    expect(card(page, 1)).to_be_visible()
    chips(page, "Language of the passage", "Polish (")
    expect(card(page, 1).locator(".kb-badge")).to_have_text("Polish")
    expect(page.locator(".kb-badge").filter(has_not_text="Polish")).to_have_count(0)
    assert parse_qs(urlsplit(page.url).query)["language"] == ["pl"]


def test_the_address_shares_query_and_filters(visit: Visit, corpus_server: str) -> None:
    first = visit(f"{corpus_server}/?q={MOTIVATE.replace(' ', '+')}")
    expect(card(first, 1)).to_be_visible()
    chips(first, "Format", "PPTX (")
    expect(card(first, 1)).to_contain_text("PPTX")
    title = card(first, 1).locator(".kb-title").inner_text()
    second = visit(first.url)
    expect(second.get_by_role("textbox")).to_have_value(MOTIVATE)
    expect(card(second, 1).locator(".kb-title")).to_have_text(title)


def test_filters_that_nothing_passes_can_be_removed(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={MOTIVATE.replace(' ', '+')}&language=lt&format=odp")
    expect(page.get_by_text("No passage passes these filters.")).to_be_visible()
    page.get_by_role("button", name="Remove all filters").click()
    expect(card(page, 1)).to_contain_text(GUIDE)


def test_a_card_offers_the_same_passage_in_another_language_and_its_document_names_the_related_one(
    visit: Visit, corpus_server: str
) -> None:
    page = visit(f"{corpus_server}/?q=volunteers+with+an+assistance+dog")
    first = card(page, 1)
    expect(first.locator(".kb-badge")).to_have_text("English", timeout=PATIENCE)
    expect(first.locator(".kb-links")).to_contain_text("Also in: Polish (section “Asystent i pies asystujący”)")
    first.locator(".kb-links").get_by_role("link", name="Polish").click()
    expect(page.locator(".kb-here")).to_contain_text("Z psem asystującym")
    expect(page.locator(".kb-here")).to_be_in_viewport()
    related = page.locator(".kb-links").filter(has_text="Related documents:")
    expect(related).to_contain_text(
        "Accessible volunteering: working with volunteers with disabilities (translation: English)"
    )
    page.get_by_role("link", name="Back to the results").click()
    expect(card(page, 1).locator(".kb-badge")).to_have_text("English")


def test_a_reader_sees_one_card_in_the_language_of_the_question(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q=pies+asystujący+wolontariusza", locale="pl-PL")
    expect(card(page, 1).locator(".kb-badge")).to_have_text("polski", timeout=PATIENCE)
    expect(card(page, 1).locator(".kb-links")).to_contain_text("Także: angielski")
    expect(page.locator(".kb-text").filter(has_text="The dog must wear a harness")).to_have_count(0)


def test_an_answer_is_quoted_from_the_document_it_names(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q=ubezpieczenie+NNW+wolontariusza", locale="pl-PL")
    quote = page.get_by_test_id("answer").locator("q").first.inner_text()
    page.get_by_test_id("answer").get_by_role("link").first.click()
    card(page, 1).get_by_role("link", name="Pokaż w dokumencie").click()
    expect(page.locator(".kb-text").filter(has_text=quote).first).to_be_attached()


@pytest.mark.parametrize(
    ("locale", "button", "title"),
    [
        ("pl-PL", "Szukaj", "Dobre praktyki naszych miast"),
        ("de-DE", "Suchen", "Gute Praxis aus unseren Städten"),
        ("lv-LV", "Meklēt", "Mūsu pilsētu labā prakse"),
        ("lt-LT", "Ieškoti", "Mūsų miestų geroji patirtis"),
        ("fr-FR", "Search", "Best practices of our cities"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(
    visit: Visit, corpus_server: str, locale: str, button: str, title: str
) -> None:
    page = visit(corpus_server, locale=locale)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("button", name=button)).to_be_visible()


def test_the_interface_language_can_be_switched_and_is_shared(visit: Visit, corpus_server: str) -> None:
    page = visit(corpus_server)
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Polski").click()
    expect(page.get_by_role("heading", name="Dobre praktyki naszych miast")).to_be_visible()
    expect(page).to_have_url(re.compile("ui=pl"))


def test_nothing_is_cut_off_on_a_phone(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={MOTIVATE.replace(' ', '+')}", width=360)
    expect(card(page, 1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    wide = page.locator(".kb-title, .kb-text, .kb-quote").evaluate_all(
        "elements => elements.filter(e => e.getBoundingClientRect().right > 360).map(e => e.innerText)"
    )
    assert wide == []


def test_the_search_works_by_keyboard_alone(visit: Visit, corpus_server: str) -> None:
    page = visit(corpus_server)
    expect(page.get_by_role("textbox")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Your question":
            break
    page.keyboard.type(MOTIVATE)
    page.keyboard.press("Enter")
    expect(card(page, 1)).to_contain_text(GUIDE)


def test_an_empty_knowledge_base_says_what_to_do_and_notices_the_first_documents(visit: Visit, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "documents"
    folder.mkdir()
    with serving(home) as address:
        page = visit(address)
        expect(page.get_by_role("heading", name="The knowledge base is still empty")).to_be_visible()
        expect(page.get_by_text(f"python -m ingest FOLDER --home {home}")).to_be_visible()
        (folder / "note.txt").write_text("Volunteers in the town library read to children every Saturday.", "utf-8")
        ingest(home, folder)
        expect(page.get_by_role("textbox")).to_be_visible()


def test_an_open_page_notices_that_an_ingest_has_changed_the_knowledge_base(visit: Visit, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "documents"
    folder.mkdir()
    (folder / "first.txt").write_text("Volunteers in the town library read to children every Saturday.", "utf-8")
    ingest(home, folder)
    with serving(home) as address:
        page = visit(f"{address}/?q=volunteers+reading+to+children")
        expect(card(page, 1)).to_contain_text("Saturday")
        (folder / "second.txt").write_text("Volunteers reading to children in hospital wear a blue badge.", "utf-8")
        ingest(home, folder)
        expect(page.get_by_text("The knowledge base has just changed.")).to_be_visible()
        page.get_by_role("button", name="Search again").click()
        expect(page.get_by_text("wear a blue badge").first).to_be_visible()


def test_what_a_document_says_is_never_run_nor_rendered(visit: Visit, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "documents"
    folder.mkdir()
    hostile = " ".join(
        [
            "Volunteers <img src=x onerror=\"document.title='stolen'\"> of the <b>bold</b> club",
            "<script>document.title='stolen'</script> meet **every** Monday",
            "in the [old hall](https://example.org) and :red[sing] $x^2$ together.",
        ]
    )
    (folder / "hostile.txt").write_text(hostile, "utf-8")
    ingest(home, folder)
    with serving(home) as address:
        page = visit(f"{address}/?q=volunteers+club+meet+every+Monday")
        expect(card(page, 1).locator(".kb-text")).to_have_text(hostile)
        card(page, 1).get_by_role("link", name="Show in document").click()
        expect(page.locator(".kb-here .kb-text")).to_have_text(hostile)
        assert "stolen" not in page.title()


def test_a_damaged_knowledge_base_is_explained_without_a_stack_trace(visit: Visit, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "kb.sqlite3").write_bytes(b"this is not a database at all" * 100)
    with serving(home) as address:
        page = visit(address)
        expect(page.get_by_text("The knowledge base cannot be used right now:")).to_be_visible()
        expect(page.get_by_text("restore a backup")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
