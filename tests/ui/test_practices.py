"""What a partner does on the practices page: browse by facet and map, take the list away, go on from there."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.ui.conftest import Visit, axe, ingest, serving
from tests.ui.test_journeys import ask, card

HOSTILE = "**Bold** <b>plan</b> [here](https://evil.example) =1+1"
PRACTICES = {
    "tram": ("Trees along the tram line", "Pupils plant trees and water them.", "city: Riga", "environment", 2018),
    "stage": (HOSTILE, "A theatre opens its rehearsals to newcomers.", "city: Riga", "migration", 2020),
    "bikes": ("Bikes for visitors", "Volunteers cycle to older neighbours.", "city: Toruń", "seniors", 2018),
    "brussels": ("A week in Brussels", "Volunteers visit the institutions.", "city: Brussels", "seniors", 2021),
    "home": ("Warm meals", "Neighbours cook for each other.", "city:\ncountry: LV", "social-services", 2021),
}
"""File, title, text, place, topic and year."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A knowledge base of the PRACTICES."""
    folder, home = tmp_path_factory.mktemp("practices"), tmp_path_factory.mktemp("home")
    for name, (title, text, place, topic, year) in PRACTICES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
        record = f"title: '{title}'\n{place}\ntopics: [{topic}]\nyear: {year}\n"
        (folder / f"{name}.txt.yaml").write_text(record, "utf-8")
    ingest(home, folder)
    with serving(home) as address:
        yield address


def dot(page: Page, name: str):
    return page.get_by_role("group", name=re.compile("Map of the cities")).get_by_role("button", name=name)


def titles(page: Page):
    return page.locator("[class*='st-key-practice-'] [data-testid='stPageLink']")


def address(page: Page) -> dict[str, list[str]]:
    found = parse_qs(urlsplit(page.url).query)
    found.pop("ui", None)
    return found


def test_a_city_is_chosen_on_the_map_by_keyboard_and_let_go_again(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices")
    expect(page.get_by_role("heading", name="5 practices")).to_be_visible()
    dot(page, "Riga: 2 practices").press("Enter")
    expect(page.get_by_role("heading", name="2 practices")).to_be_visible()
    expect(titles(page)).to_have_count(2)
    expect(dot(page, "Riga")).to_have_attribute("aria-pressed", "true")
    expect(dot(page, "Riga")).to_be_focused()
    expect(dot(page, "Toruń: 1 practice")).to_have_attribute("aria-pressed", "false")
    assert address(page) == {"city": ["riga"]}
    dot(page, "Riga").press("Enter")
    expect(page.get_by_role("heading", name="5 practices")).to_be_visible()
    assert address(page) == {}


def test_the_map_shows_each_city_where_it_lies(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices")
    brussels, torun, riga = (dot(page, name).bounding_box() for name in ("Brussels", "Toruń", "Riga"))
    assert brussels
    assert torun
    assert riga
    assert brussels["x"] < torun["x"] < riga["x"]
    assert brussels["y"] > torun["y"] > riga["y"]
    frame = page.get_by_role("group", name=re.compile("Map of the cities")).bounding_box()
    assert frame
    assert frame["x"] < brussels["x"]


def test_facets_narrow_each_other_and_everything_can_be_removed(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices")
    page.get_by_role("tab", name="Topic").click()
    page.get_by_role("button", name=re.compile(r"^Older people \(2\)$")).click()
    expect(page.get_by_role("heading", name="2 practices")).to_be_visible()
    page.get_by_role("tab", name="Year").click()
    expect(page.get_by_role("button", name="2020 (1)")).to_have_count(0)
    page.get_by_role("button", name="2021 (1)").click()
    expect(titles(page)).to_have_text([re.compile("A week in Brussels")])
    assert address(page) == {"topic": ["seniors"], "year": ["2021"]}
    page.reload()
    expect(titles(page)).to_have_text([re.compile("A week in Brussels")])
    page.get_by_role("button", name="Remove all").click()
    expect(page.get_by_role("heading", name="5 practices")).to_be_visible()
    assert address(page) == {}


def test_an_address_may_name_a_city_in_any_language_and_what_is_unknown_is_ignored(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices?city=Rīga&topic=no-such-topic&shown=x&sort=<b>", locale="lv-LV")
    expect(page.get_by_role("heading", name="2 prakses")).to_be_visible()
    expect(page.locator(".st-key-practices-chosen button")).to_have_text([re.compile("Rīga"), "Noņemt visu"])


def test_practices_without_a_city_are_found(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices")
    page.get_by_role("button", name="not stated (1)").first.click()
    expect(titles(page)).to_have_text([re.compile("Warm meals")])
    page.get_by_role("link", name="Search within these").click()
    expect(page).to_have_url(re.compile(r"/\?.*city=none"))
    ask(page, "volunteers")
    expect(card(page, 1)).to_contain_text("Warm meals")
    expect(card(page, 2)).to_have_count(0)


def test_a_title_is_text_and_leads_to_its_document(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices?topic=migration")
    expect(titles(page)).to_contain_text(HOSTILE)
    page.goto(f"{server}/practices?topic=migration&view=table")
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_text(HOSTILE)
    expect(page.get_by_role("link", name="here", exact=True)).to_have_count(0)
    page.get_by_role("table").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/document\?.*id=\d+"))
    expect(page.get_by_text("A theatre opens its rehearsals to newcomers.")).to_be_visible()


def test_the_list_is_taken_away_in_the_readers_language(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices?city=riga", locale="lv-LV")
    with page.expect_download() as csv_file:
        page.get_by_role("button", name="Lejupielādēt kā CSV").click()
    assert csv_file.value.suggested_filename == "hopkb-prakses.csv"
    text = Path(csv_file.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(row["Nosaukums"], row["Pilsēta"], row["Valsts"], row["Gads"]) for row in rows} == {
        ("Trees along the tram line", "Rīga", "Latvija", "2018"),
        (HOSTILE, "Rīga", "Latvija", "2020"),
    }
    with page.expect_download() as workbook:
        page.get_by_role("button", name="Excel").click()
    sheet = load_workbook(io.BytesIO(Path(workbook.value.path()).read_bytes())).active
    assert {sheet["A2"].value, sheet["A3"].value} == {"Trees along the tram line", HOSTILE}


def test_the_search_goes_on_within_what_was_chosen(visit: Visit, server: str) -> None:
    page = visit(f"{server}/practices?city=riga&topic=environment")
    page.get_by_role("link", name="Search within these").click()
    expect(page).to_have_url(re.compile(r"city=riga"))
    assert address(page) == {"city": ["riga"], "topic": ["environment"]}


def test_the_reader_sees_a_translation_in_her_language_and_the_way_to_the_others(
    visit: Visit, corpus_server: str
) -> None:
    page = visit(f"{corpus_server}/practices?topic=disability", locale="pl-PL")
    card = page.locator("[class*='st-key-practice-']").filter(has_text="Dostępny wolontariat: jak")
    expect(card.get_by_role("link", name="Accessible volunteering")).to_have_attribute(
        "href", re.compile(r"document\?.*id=")
    )
    expect(titles(page).filter(has_text="Accessible volunteering")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "width", "scheme"),
    [("", 1100, "light"), ("?city=riga&topic=migration", 360, "dark"), ("?view=table", 360, "light")],
)
def test_everybody_can_use_the_page(visit: Visit, server: str, query: str, width: int, scheme: str) -> None:
    page = visit(f"{server}/practices{query}", width=width, color_scheme=scheme)
    expect(page.get_by_role("heading", name=re.compile(r"\d practice"))).to_be_visible()
    expect(dot(page, "Riga")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
