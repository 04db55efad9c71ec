"""A real server with the sample corpus, and a real browser that may speak to this machine only."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase

ROOT = Path(__file__).parents[2]
CHROMIUM = ("/usr/bin/chromium", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
START_SECONDS, STOP_SECONDS = 60, 20
PATIENCE = 20_000
"""Milliseconds a page may take on a slow machine before a test gives up."""

UNFOLDING = 700
"""Milliseconds a panel moves."""

expect.set_options(timeout=PATIENCE)


def ingest(home: Path, *paths: Path) -> None:
    with KnowledgeBase.open(home, create=True) as kb:
        list(Pipeline(kb).run(paths, discover(paths)))


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of a server on `home`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "KB_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/_stcore/health", server)
        yield address
    finally:
        _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """As systemd does it by docs/operating/hopkb.service."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:  # uvicorn waits for ever for a connection that came while it began to stop
        server.kill()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 5):
        assert server.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def corpus_server(corpus_home: Path) -> Iterator[str]:
    with serving(corpus_home) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable, *arguments = CHROMIUM
    assert shutil.which(executable), "Chromium is missing: make test installs it (Debian package chromium)"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield launched
        launched.close()


Visit = Callable[..., Page]


class Browsers:
    """Browsers of readers, by locale, width and scheme. One that a test has left is emptied and handed to a later
    one: it has Streamlit's scripts already, as a reader's who comes every week, which spares a third of the work."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[str, int, str], list[Page]] = {}

    @contextmanager
    def one(self, locale: str, width: int, color_scheme: str) -> Iterator[Page]:
        free = self._free.setdefault((locale, width, color_scheme), [])
        page = free.pop() if free else self._new(locale, width, color_scheme).new_page()
        yield page
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.context.clear_cookies()
        page.goto("about:blank")
        free.append(page)

    def _new(self, locale: str, width: int, color_scheme: str) -> BrowserContext:
        context = self._browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            color_scheme=color_scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE)
        return context


def forget(page: Page, address: str) -> None:
    """Let a browser forget what the site at `address` has kept in it."""
    site = urlsplit(address)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": f"{site.scheme}://{site.netloc}", "storageTypes": "all"})
    devtools.detach()


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Browsers:
    return Browsers(browser)


@pytest.fixture
def visit(browsers: Browsers) -> Iterator[Visit]:
    """Open an address in a browser of its own, by locale and width; fails if the page calls elsewhere."""
    strangers: list[str] = []

    def heed(request: Request) -> None:
        if _is_stranger(request.url):
            strangers.append(request.url)

    with ExitStack() as stack:

        def go(address: str, locale: str = "en-GB", width: int = 1100, color_scheme: str = "light") -> Page:
            page = stack.enter_context(browsers.one(locale, width, color_scheme))
            page.on("request", heed)
            stack.callback(page.remove_listener, "request", heed)
            forget(page, address)
            page.goto(address)
            return page

        yield go
    assert strangers == []


def unfold(page: Page, label: str) -> None:
    """Unfold a panel, and wait until it lies still and the page is drawn: what is clicked meanwhile is lost."""
    page.get_by_text(label).click()
    page.wait_for_timeout(UNFOLDING)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def axe(page: Page) -> None:
    """Assert that axe-core finds nothing on the page that keeps people out: no serious or critical violation."""
    found = Axe().run(page).response["violations"]
    assert [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ] == []


def _is_stranger(url: str) -> bool:
    return not url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:"))
