"""What a partner does on the compare page, in a real browser."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.kb.comparing import write_practices
from tests.ui.conftest import PATIENCE, Visit, axe, ingest, serving

THANKS = "how do cities thank volunteers"


@pytest.fixture(scope="module")
def practices_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("practices-home")
    ingest(home, write_practices(tmp_path_factory.mktemp("practices")))
    with serving(home) as address:
        yield address


def compared(server: str, **parameters: object) -> str:
    return f"{server}/compare?{urlencode(parameters, doseq=True)}"


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f".st-key-compare-cell-{row}-{column}")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_two_cities_are_picked_by_typing_and_stand_side_by_side_with_their_own_words(
    visit: Visit, practices_server: str
) -> None:
    page = visit(f"{practices_server}/compare")
    box = page.get_by_role("combobox", name="Cities and documents to compare")
    expect(box).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    for name, city in (("Toru", "torun"), ("Liep", "liepaja")):
        box.fill(name)
        page.get_by_role("option", name=re.compile(name)).first.click()
        page.keyboard.press("Tab")  # the list of options covers the rest of the page while it is open
        expect(page.get_by_title(re.compile(f"^{name}"))).to_be_visible()
        expect(page).to_have_url(re.compile(f"city={city}"))
    question = page.get_by_role("textbox", name="Question to all of them")
    question.fill(THANKS)
    question.press("Enter")
    expect(cell(page, 0, 0)).to_contain_text("Toruń", timeout=PATIENCE)
    expect(cell(page, 0, 0)).to_contain_text("Polish")
    expect(cell(page, 0, 0).locator("mark")).not_to_have_count(0)
    expect(cell(page, 0, 1)).to_contain_text("Liepāja")
    expect(cell(page, 0, 1)).to_contain_text("balvu")
    assert cell(page, 0, 0).bounding_box()["y"] == cell(page, 0, 1).bounding_box()["y"]
    expect(page).to_have_url(re.compile("city=torun&city=liepaja"))
    assert asked(page)["q"] == [THANKS]
    cell(page, 0, 1).get_by_role("link", name="Show in document").first.click()
    expect(page.get_by_role("heading", name="Liepājas brīvprātīgo gada balva").first).to_be_visible()


def test_a_topic_adds_a_row_and_a_city_without_it_says_so_and_a_shared_address_shows_the_same(
    visit: Visit, practices_server: str
) -> None:
    page = visit(compared(practices_server, city=["Toruń", "liepaja", "alytus"], q=THANKS), locale="de-DE")
    page.get_by_role("button", name="Anerkennung und Motivation").click()
    expect(cell(page, 1, 1)).to_contain_text("Liepāja")
    expect(cell(page, 1, 2)).to_contain_text("Nichts dazu.")
    page.get_by_role("button", name="Ergebnisse").click()
    expect(cell(page, 2, 0)).to_contain_text("Po trzech latach o połowę mniej")
    expect(page).to_have_url(re.compile("aspect=recognition&aspect=results"))
    again = visit(page.url, locale="pl-PL")
    expect(cell(again, 2, 0)).to_contain_text("Po trzech latach o połowę mniej")
    expect(cell(again, 1, 2)).to_contain_text("Nic na ten temat.")


def test_all_that_is_shown_goes_into_the_briefing_with_one_press(visit: Visit, practices_server: str) -> None:
    page = visit(compared(practices_server, city=["torun", "liepaja"], aspect=["results", "recognition"]))
    page.get_by_role("button", name="Add all shown to the briefing").click()
    expect(page.get_by_text(re.compile(r"\d passages added to the briefing"))).to_be_visible()
    expect(page.get_by_role("button", name="All shown is in the briefing")).to_be_disabled()
    removing = page.get_by_role("button", name="Remove from briefing")
    expect(page.get_by_role("link", name=re.compile(r"Briefing \(\d"))).to_be_visible()
    expect(removing).to_have_count(page.get_by_role("link", name="Show in document").count())


def test_on_a_phone_the_cells_are_stacked_each_under_the_name_of_its_city(visit: Visit, practices_server: str) -> None:
    address = compared(practices_server, city=["torun", "alytus"], q="kā pilsētas pateicas brīvprātīgajiem")
    page = visit(address, locale="lv-LV", width=360, color_scheme="dark")
    expect(cell(page, 0, 0)).to_contain_text("Toruņa")
    expect(cell(page, 0, 1)).to_contain_text("Alīta")
    expect(cell(page, 0, 1)).to_contain_text("Par to nekā nav.")
    assert cell(page, 0, 1).bounding_box()["y"] > cell(page, 0, 0).bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)


def test_an_empty_page_explains_itself_by_an_example_that_works(visit: Visit, practices_server: str) -> None:
    page = visit(f"{practices_server}/compare", locale="lt-LT")
    page.get_by_role("button", name=re.compile("kaip miestai dėkoja savanoriams")).click()
    expect(cell(page, 0, 1)).to_be_visible()
    assert len(asked(page)["city"]) == 2
    axe(page)


def test_what_does_not_fit_and_what_is_gone_is_said_in_words(visit: Visit, practices_server: str) -> None:
    page = visit(compared(practices_server, city=["torun", "liepaja", "alytus"], document=[1, 2, 999]))
    expect(page.get_by_text(re.compile("No more than four fit beside each other. Left out: "))).to_be_visible()
    expect(page.get_by_text("No longer in the knowledge base: Document 999.")).to_be_visible()
    expect(page.get_by_text("Ask a question or pick a topic to see what they say.")).to_be_visible()


def test_a_question_that_none_of_them_answers_gets_a_civil_answer(visit: Visit, practices_server: str) -> None:
    page = visit(compared(practices_server, city=["torun", "liepaja"], q="best pizza recipe"))
    expect(page.get_by_text("None of them has anything on this.")).to_be_visible()
    expect(page.get_by_role("button", name="Add all shown to the briefing")).to_have_count(0)
