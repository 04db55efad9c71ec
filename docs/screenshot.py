"""`make screenshot`: draws the README's pictures from the sample corpus."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ui.conftest import CHROMIUM, ROOT, ingest, serving

PICTURES = {
    "screenshot.png": ("/?q=how+do+cities+motivate+volunteers", ".st-key-hit-2 details", 1000, 1350),
    "landscape.png": ("/landscape", ".st-key-landscape-map .vega-embed", 1200, 820),
}
"""By file: the address, what must be there before the picture is taken, width and height."""

SETTLE = 2_000
"""Milliseconds until nothing moves any more."""


def main() -> None:
    """Ingest the corpus, open each page, save its picture."""
    executable, *arguments = CHROMIUM
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        ingest(home, ROOT / "corpus")
        with serving(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            for name, (path, awaited, width, height) in PICTURES.items():
                page = browser.new_page(locale="en-GB", viewport={"width": width, "height": height})
                page.goto(address + path)
                page.locator(awaited).first.wait_for()
                page.wait_for_timeout(SETTLE)
                page.screenshot(path=ROOT / "docs" / name)
            browser.close()


if __name__ == "__main__":
    main()
