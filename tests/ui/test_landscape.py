"""The landscape: what the knowledge base is about, what it lacks, and what was asked in vain."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from kb import KnowledgeBase, catalogue, coverage
from kb.catalogue import Facet
from kb.landscape.reading import read
from kb.questions import Questions
from tests.ui.conftest import Visit, axe, ingest, serving

ALL = 100_000


def points(page: Page):
    return page.locator("[data-testid=stVegaLiteChart] g.mark-symbol.role-mark path")


def address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_theme_from_the_list_shows_its_passages_and_lives_in_the_address(
    visit: Visit, corpus_server: str, corpus_home: Path
) -> None:
    with KnowledgeBase.open(corpus_home) as kb:
        found = read(kb.store, ALL)
    page = visit(f"{corpus_server}/landscape?colour=topic", locale="lt-LT")
    largest = found.clusters[0]
    name = ", ".join(largest.name("lt").words)
    expect(page.get_by_role("heading", name="Teminės sritys")).to_be_visible()
    expect(points(page)).to_have_count(found.passages)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_attribute(
        "aria-label", re.compile(str(found.passages))
    )
    page.get_by_role("button", name=f"{name} ({largest.passages})").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("[class*=st-key-landscape-passage-]")).to_have_count(6)
    assert address(page) == {"colour": ["topic"], "theme": [str(largest.id)]}
    page.reload()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("link", name="Rodyti dokumente").first.click()
    expect(page).to_have_url(re.compile(r"/document\?.*passage=\d+"))


def test_a_point_on_the_map_shows_its_passage_and_those_around_it(visit: Visit, corpus_server: str) -> None:
    page = visit(f"{corpus_server}/landscape")
    points(page).first.wait_for()
    lowest = page.evaluate(
        """() => { const paths = [...document.querySelectorAll('g.mark-symbol.role-mark path')];
            const tops = paths.map(path => path.getBoundingClientRect().top);
            return tops.indexOf(Math.min(...tops)); }"""
    )  # no name lies over the topmost point
    points(page).nth(lowest).click()
    expect(page.get_by_role("heading", name="The chosen passage and those around it")).to_be_visible()
    chosen = address(page)["passage"][0]
    expect(page.locator("[class*=st-key-landscape-passage-]").first).to_have_class(
        re.compile(rf"st-key-landscape-passage-{chosen}\b")
    )
    page.get_by_role("button", name="All themes").click()
    expect(page.get_by_role("heading", name="Themes")).to_be_visible()
    assert address(page) == {}


def test_the_table_counts_what_there_is_and_leads_to_it(visit: Visit, corpus_server: str, corpus_home: Path) -> None:
    with KnowledgeBase.open(corpus_home) as kb:
        found = coverage.coverage(catalogue.entries(kb.store), coverage.passages(kb.store), Facet.COUNTRIES)
    count = found.cell("safety", "LT")
    assert count.practices
    page = visit(f"{corpus_server}/landscape?by=country", locale="de-DE")
    table = page.get_by_role("region", name="Was es gibt und was fehlt")
    expect(table.locator("tbody tr")).to_have_count(len(found.rows))
    expect(table.locator("tbody td")).to_have_count(len(found.rows) * (len(found.columns) + 1))
    empty = sum(not found.cell(row, column).practices for row in found.rows for column in found.columns)
    empty += sum(not found.row_total(row).practices for row in found.rows)
    expect(table.locator("td.kb-s0")).to_have_count(empty)
    expect(table.locator("td.kb-s0").first).to_have_text("0")
    cell = table.get_by_role("link", name=f"Sicherheit und Katastrophenschutz, Litauen: {count.practices} ")
    expect(cell).to_have_text(str(count.practices))
    cell.click()
    expect(page).to_have_url(re.compile(r"/practices\?"))
    assert {("topic", "safety"), ("country", "LT")} <= {(name, values[0]) for name, values in address(page).items()}
    expect(page.get_by_text(re.compile(rf"^{count.practices} Praxisbeispiele?$"))).to_be_visible()


def test_a_small_knowledge_base_has_no_map_and_questions_are_asked_again(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "tulips.txt").write_text("Volunteers plant tulips in the park every autumn.", "utf-8")
    home = tmp_path / "home"
    ingest(home, tmp_path / "tulips.txt")
    asked = "who pays *for* <b>drones</b>"
    for _ in range(2):
        Questions(home).note(asked, "en", date(2026, 5, 4))
    with serving(home) as server:
        page = visit(f"{server}/landscape", width=360, color_scheme="dark")
        expect(page.get_by_text("There is no map yet.")).to_be_visible()
        page.get_by_role("link", name=f"{asked} (2 times, last in May 2026)").click()
        expect(page.get_by_role("textbox").first).to_have_value(asked)


@pytest.mark.parametrize(("width", "scheme", "locale"), [(1100, "light", "pl-PL"), (360, "dark", "lv-LV")])
def test_everybody_can_use_it(visit: Visit, corpus_server: str, width: int, scheme: str, locale: str) -> None:
    page = visit(f"{corpus_server}/landscape?by=city", locale=locale, width=width, color_scheme=scheme)
    points(page).first.wait_for()
    expect(page.locator(".kb-coverage table")).to_be_visible()
    page.wait_for_timeout(1_000)  # Streamlit fades new parts in, and axe measures contrast as it is
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
