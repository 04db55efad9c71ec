"""The page of a web server whose knowledge base lives on a cluster that other machines write to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.qdrant import Server, server
from tests.ui.conftest import ROOT, Visit, serving
from tests.ui.test_journeys import card


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of Qdrant; what this test starts takes its knowledge base from there."""
    with server(tmp_path / "qdrant") as running:
        monkeypatch.setenv("KB_ENGINE", "qdrant")
        monkeypatch.setenv("KB_QDRANT_URL", running.url)
        monkeypatch.setenv("KB_QDRANT_SECONDS", "2")
        yield running


def ingest_elsewhere(folder: Path, home: Path) -> None:
    """As another machine does, with a catalogue in `home`."""
    command = [sys.executable, "-m", "ingest", str(folder), "--home", str(home)]
    subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True, capture_output=True)


def test_what_another_machine_ingests_is_found_and_opened_here(visit: Visit, cluster: Server, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    first = folder / "first.txt"
    first.write_text("Volunteers in the town library read to children every Saturday.", "utf-8")
    ingest_elsewhere(folder, tmp_path / "ingest")
    with serving(tmp_path / "web") as address:
        with cluster.paused():
            page = visit(f"{address}/?q=volunteers+reading+to+children")
            expect(page.get_by_role("progressbar")).to_be_visible()
            expect(page.get_by_text("Fetching the list of documents")).to_be_visible()
        expect(card(page, 1)).to_contain_text("Saturday")
        (folder / "second.txt").write_text("Volunteers reading to children in hospital wear a blue badge.", "utf-8")
        ingest_elsewhere(folder, tmp_path / "ingest")
        expect(page.get_by_text("The knowledge base has just changed.")).to_be_visible()
        page.get_by_role("button", name="Search again").click()
        expect(page.get_by_text("wear a blue badge").first).to_be_visible()
        with page.expect_download() as download:
            card(page, 1).get_by_role("link", name="Open original").click()
        assert download.value.path().read_bytes() in {path.read_bytes() for path in folder.iterdir()}
        assert list((tmp_path / "web" / "originals").iterdir())  # it came from the cluster


def test_when_the_cluster_is_away_lists_stay_and_a_search_says_what_is_wrong(
    visit: Visit, cluster: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "thanks.txt").write_text("Cities motivate volunteers by thanks and by training.", "utf-8")
    (folder / "insurance.txt").write_text("The city hall insures its volunteers against accidents.", "utf-8")
    ingest_elsewhere(folder, tmp_path / "web")
    cluster.kill()
    with serving(tmp_path / "web") as address:
        page = visit(f"{address}/?q=how+do+cities+motivate+volunteers")
        expect(page.get_by_text("does not answer")).to_be_visible(timeout=60_000)
        cluster.start()
        page.reload()
        expect(card(page, 1)).to_contain_text("motivate")
        cluster.kill()
        page.goto(f"{address}/practices")
        expect(page.get_by_role("heading", name="Practices").first).to_be_visible()
        page.goto(f"{address}/?q=how+are+volunteers+insured")
        expect(page.get_by_text("does not answer")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Traceback")).to_have_count(0)
        cluster.start()
        page.goto(f"{address}/?q=how+are+volunteers+insured")
        expect(card(page, 1)).to_contain_text("insur")
