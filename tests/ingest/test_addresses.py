"""Web addresses given to the ingest command: kept with their address and date, told of when they fail."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.discover import Discovery
from ingest.pipeline import Pipeline
from ingest.report import FileReport
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.files import make_pdf
from tests.ingest.web import Answer, Site, serve

PAGE = f"""<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><title>Pateicība</title></head><body>
<nav><a href="/">Sākumlapa</a></nav><article><h1>Pateicība brīvprātīgajiem</h1><p>{texts.LV}</p></article>
</body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    report = make_pdf(tmp_path / "a.pdf", [[texts.DE], [texts.PL]]).read_bytes()
    pages = {
        "/thanks": Answer(PAGE.encode()),
        "/reports/2016": Answer(report, headers={"Content-Type": "application/pdf"}),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private\n", headers={"Content-Type": "text/plain"}),
        "/private": Answer(PAGE.encode()),
    }
    with serve(pages) as running:
        yield running


def fetched(base: Base, site: Site, *pages: str, prune: bool = False) -> list[FileReport]:
    run = Pipeline(base.kb, allowed_hosts={site.machine})
    return list(run.run([], Discovery((), ()), addresses=[site.address + page for page in pages], prune=prune))


def test_a_page_is_kept_with_its_address_and_the_date_of_retrieval(base: Base, site: Site) -> None:
    (report,) = fetched(base, site, "/thanks")
    assert (report.path, report.status, report.format) == (f"{site.address}/thanks", "added", "html")
    hit = base.kb.search("bezmaksas braukšanas karte", k=1)[0]
    assert hit.document.path == hit.document.urls[0] == f"{site.address}/thanks"
    assert hit.document.retrieved_at.startswith("20")
    assert hit.document.file_name == "thanks.html"
    assert base.kb.verify() == []


def test_a_report_from_the_web_has_its_pages(base: Base, site: Site) -> None:
    fetched(base, site, "/reports/2016")
    hit = base.kb.search("bezpłatny bilet na autobusy", k=1)[0]
    assert (hit.document.format, hit.passage.place.label) == ("pdf", "page 2")


def test_an_unchanged_page_is_told_and_stays_though_no_file_is_there(base: Base, site: Site) -> None:
    fetched(base, site, "/thanks")
    (again,) = fetched(base, site, "/thanks", prune=True)
    assert again.status == "unchanged"
    assert base.paths() == [f"{site.address}/thanks"]
    base.kb.remove(f"{site.address}/thanks")
    assert base.paths() == []


def test_what_must_not_or_cannot_be_fetched_is_told_with_its_address(base: Base, site: Site) -> None:
    reports = fetched(base, site, "/private", "/nowhere", "/thanks")
    assert [report.status for report in reports] == ["refused", "refused", "added"]
    assert "robots.txt" in reports[0].reason
    assert "does not exist (404)" in reports[1].reason
    assert reports[0].path == f"{site.address}/private"


def test_the_command_takes_an_address_and_refuses_private_ones_by_itself(site: Site, tmp_path: Path) -> None:
    def command(*options: str) -> list[dict[str, object]]:
        asked = [sys.executable, "-m", "ingest", f"{site.address}/thanks", "--home", str(tmp_path / "home"), "--json"]
        done = subprocess.run([*asked, *options], capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    refused, _ = command()
    assert refused["status"] == "refused"
    assert "private" in str(refused["reason"]) or "public" in str(refused["reason"])
    added, summary = command("--allow-host", site.machine)
    assert (added["status"], added["languages"], summary) == ("added", ["lv"], {"summary": {"added": 1}})
