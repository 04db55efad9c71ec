"""Every page can be used by everybody: axe-core finds nothing serious, nothing is cut off or moves about."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Visit, axe
from tests.ui.test_journeys import MOTIVATE
from ui.texts import NAMES, texts

QUESTION = quote_plus(MOTIVATE)
PAGES = {
    "start": "/",
    "search": f"/?q={QUESTION}&group=practice",
    "document": "/document?id=1&passage=3",
    "practices": "/practices",
    "compare": f"/compare?document=1&document=2&q={QUESTION}",
    "landscape": "/landscape",
    "briefing": "/briefing?passages=3,17,20",
}


def settled(page: Page) -> None:
    """Wait until the page is drawn and nothing runs any more."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSpinner")).to_have_count(0)


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_no_page_keeps_anybody_out(visit: Visit, corpus_server: str, address: str) -> None:
    page = visit(corpus_server + address)
    settled(page)
    axe(page)


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_every_page_fits_a_phone_in_the_dark(visit: Visit, corpus_server: str, address: str) -> None:
    page = visit(corpus_server + address, width=360, color_scheme="dark", locale="lt-LT")
    settled(page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    expect(page.get_by_text(texts("lt")["unexpected"])).to_have_count(0)


@pytest.mark.parametrize("code", list(NAMES))
def test_the_menu_leads_to_every_page_in_the_language_chosen(visit: Visit, corpus_server: str, code: str) -> None:
    page = visit(f"{corpus_server}/?ui={code}")
    for name in ("practices", "compare", "landscape", "briefing", "search"):
        page.get_by_test_id("stTopNavLink").filter(has_text=texts(code)[f"nav_{name}"]).click()
        settled(page)
        expect(page).to_have_url(re.compile(f"ui={code}"))
        expect(page.get_by_text(texts(code)["unexpected"])).to_have_count(0)


@pytest.mark.parametrize("address", [PAGES["start"], PAGES["search"]])
def test_a_page_keeps_its_place_while_it_loads(visit: Visit, corpus_server: str, address: str) -> None:
    page = visit(corpus_server + address)
    page.evaluate(
        """() => {
            window.shifts = [];
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) {
                    const moved = entry.sources.map((source) => source.node?.innerText?.slice(0, 40));
                    if (!entry.hadRecentInput) window.shifts.push([entry.value, moved]);
                }
            }).observe({ type: "layout-shift", buffered: true });
        }"""
    )
    settled(page)
    page.wait_for_timeout(1500)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < 0.25, shifts  # from there on Core Web Vitals call it poor
