"""The search page beyond a question and its hits: why, more like it, order, groups, saved searches, nothing found."""

import re
from pathlib import Path
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from playwright.sync_api import Page, expect

from kb.questions import Questions
from tests.ui.conftest import Visit, axe, serving
from tests.ui.test_journeys import GUIDE, MOTIVATE, ask, card
from ui.search_page import PAGE

OFF_TOPIC = "best pizza recipe"


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_citation_jumps_to_its_card(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus('wer versichert Ehrenamtliche')}", locale="de-DE")
    last = page.get_by_test_id("answer").get_by_role("link").last
    expect(last).to_be_visible()
    rank = int(last.inner_text().strip("[]"))
    last.click()
    expect(card(page, rank).locator(".kb-title")).to_be_in_viewport()


def test_a_card_says_why_it_was_found_by_its_own_figures(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus('jak motywować wolontariuszy')}&language=en", locale="pl-PL")
    why = card(page, 1).locator("details.kb-why")
    expect(why.locator("summary")).to_contain_text(re.compile("wolontariuszy → volunteer"))
    why.locator("summary").click()
    expect(why).to_contain_text(re.compile(r"Bliskość znaczenia: 0,\d\d na 1\."))
    near, usual = (float(found.replace(",", ".")) for found in re.findall(r"\d,\d\d", why.inner_text())[:2])
    assert near > usual
    expect(why).to_contain_text(re.compile(r"\d+\s?%"))


def test_more_like_this_brings_passages_of_other_documents(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}")
    card(page, 1).get_by_role("button", name="More like this").click()
    expect(page.get_by_role("heading", name="Passages like this one")).to_be_visible()
    expect(page.locator(".kb-quote q").first).to_contain_text("motivate volunteers")
    titles = page.locator("[class*=st-key-hit-] .kb-title")
    expect(titles.first).to_contain_text("1. ")
    expect(titles.filter(has_text=GUIDE)).to_have_count(0)
    page.go_back()
    expect(card(page, 1)).to_contain_text(GUIDE)


def test_hits_come_together_by_document_and_the_address_says_so(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}")
    choose(page, "Together by", "Document")
    expect(page.locator(".kb-group").first).to_contain_text(GUIDE)
    expect(page.locator(".kb-group").nth(1)).to_be_visible()  # the first is drawn before the others
    headings = [text.split("\n")[0] for text in page.locator(".kb-group").all_inner_texts()]
    assert len(headings) == len(set(headings)) > 1
    shared = visit(page.url)
    expect(shared.locator(".kb-group").first).to_contain_text(GUIDE)


def test_the_newest_come_first_where_the_reader_wants_it(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}&sort=year")
    titles = page.locator("[class*=st-key-hit-] .kb-title")
    expect(titles).to_have_count(PAGE)
    ranks = [int(text.split(".")[0]) for text in titles.all_inner_texts()]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    assert ranks != sorted(ranks)


def test_searches_are_remembered_by_this_browser_only(visit: Visit, corpus_server: str) -> None:
    page = visit(corpus_server)
    ask(page, MOTIVATE)
    expect(card(page, 1)).to_be_visible()
    page.get_by_role("button", name="Save this search").click()
    expect(page.get_by_role("button", name="Remove from saved searches")).to_be_visible()
    page.wait_for_function("localStorage.getItem('hopkb.recent') && localStorage.getItem('hopkb.saved')")
    page.goto(corpus_server)
    expect(page.get_by_role("heading", name="Saved searches")).to_be_visible()
    expect(page.get_by_role("heading", name="Recent searches")).to_be_visible()
    page.locator(".st-key-saved-0").get_by_role("button").click()
    expect(card(page, 1)).to_contain_text(GUIDE)
    stranger = visit(corpus_server)
    expect(stranger.get_by_role("textbox")).to_be_visible()
    expect(stranger.get_by_role("heading", name="Saved searches")).to_have_count(0)


def test_recent_searches_can_be_forgotten(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}")
    expect(card(page, 1)).to_be_visible()
    page.wait_for_function("localStorage.getItem('hopkb.recent')")
    page.goto(corpus_server)
    page.get_by_role("button", name="Forget recent searches").click()
    expect(page.get_by_role("heading", name="Recent searches")).to_have_count(0)


def test_where_nothing_is_found_topics_are_named_and_the_question_is_counted(visit: Visit, corpus_home: Path) -> None:
    with serving(corpus_home) as address:
        page = visit(f"{address}/?q={quote_plus(OFF_TOPIC)}")
        expect(page.get_by_text("The knowledge base has no answer to this question.")).to_be_visible()
        link = page.get_by_role("link", name=re.compile("^Volunteering"))
        expect(link).to_be_visible()
        axe(page)
        link.click()
        page.wait_for_url(re.compile("practices"))
        assert parse_qs(urlsplit(page.url).query)["topic"] == ["volunteering"]
    assert OFF_TOPIC in [asked.text for asked in Questions(corpus_home).counts(10)]


@pytest.mark.parametrize("question", ["wie gewinnt man Freiwillige", "kaip pritraukti savanorių"])
def test_filters_from_an_address_hold_and_can_be_removed(visit: Visit, corpus_server: str, question: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(question)}&topic=recruitment&language=lv")
    expect(card(page, 1).locator(".kb-badge")).to_have_text("Latvian")
    expect(page.locator("[class*=st-key-hit-] .kb-badge").filter(has_not_text="Latvian")).to_have_count(0)


def test_a_search_within_some_documents_says_so_and_leads_out_of_them(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?q={quote_plus(MOTIVATE)}&document=1&document=2", locale="de-DE")
    expect(page.get_by_text("Gesucht wird nur in 2 Dokumenten.")).to_be_visible()
    page.get_by_role("button", name="Überall suchen").click()
    expect(card(page, 1)).to_contain_text(GUIDE)
    expect(page).not_to_have_url(re.compile("document"))


def test_an_address_of_the_version_before_leads_to_its_document(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/?document=1&passage=3")
    page.wait_for_url(re.compile("/document"))
    expect(page.locator(".kb-here")).to_be_in_viewport()
