"""`make screenshot`: draws docs/screenshot.png, the README's picture, from the sample corpus."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ui.conftest import CHROMIUM, ROOT, ingest, serving

QUESTION = "how+do+cities+motivate+volunteers"


def main() -> None:
    """Ingest the corpus, ask the question, save the picture."""
    executable, *arguments = CHROMIUM
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        ingest(home, ROOT / "corpus")
        with serving(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            page = browser.new_page(locale="en-GB", viewport={"width": 1000, "height": 1350})
            page.goto(f"{address}/?q={QUESTION}")
            page.locator(".st-key-hit-3").wait_for()
            page.screenshot(path=ROOT / "docs" / "screenshot.png")
            browser.close()


if __name__ == "__main__":
    main()
