"""Web addresses as input, against servers on this machine that each test starts and allows by host and port."""

import gzip
import re
import socket
import socketserver
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract import extract
from ingest.extract.base import Refused
from ingest.fetch import Fetched, Fetcher, FetchFailed, FetchLimits, is_address, normalise
from ingest.fetch.guard import is_public
from ingest.fetch.transport import _trust
from tests.ingest.texts import DE, EN, PL
from tests.ingest.web import Answer, Page, Site, certify, redirect, serve, server_side

LIMITS = FetchLimits(size=100_000, seconds=20, connecting=5, silence=5, redirects=5, pause=0.2)
PAGE = f"<!doctype html><title>Thanks</title><article><h1>Thanks</h1><p>{EN}</p></article>".encode()
POLISH = f"<!doctype html><title>Dzięki</title><article><h1>Dzięki</h1><p>{PL}</p></article>"
Get = Callable[[str], Fetched]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({"/": Answer(PAGE)}) as running:
        yield running


@pytest.fixture
def get(site: Site, tmp_path: Path) -> Get:
    """Fetch a path of the site, which is the only private machine allowed."""
    fetcher = Fetcher(limits=LIMITS, allowed={site.machine})
    return lambda path: fetcher.fetch(site.address + path, tmp_path / "web")


def fetch(
    address: str, folder: Path, *, limits: FetchLimits = LIMITS, allowed: Collection[str] = (), proxy: str = ""
) -> Fetched:
    """Fetch one address by a fetcher of its own."""
    return Fetcher(limits=limits, allowed=allowed, proxy=proxy).fetch(address, folder)


def typed(kind: str, **more: str) -> dict[str, str]:
    return {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in more.items()}


def files(folder: Path) -> list[Path]:
    return list((folder / "web").glob("*"))


# --- What is kept


def test_a_page_is_kept_with_its_address_and_date(get: Get, site: Site) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    page = get("/#contact")
    assert page.asked == page.address == f"{site.address}/"
    assert page.file.read_bytes() == PAGE
    assert (page.file.suffix, page.media_type) == (".html", "text/html")
    assert before <= datetime.fromisoformat(page.retrieved_at) <= datetime.now(UTC)
    assert page.retrieved_at.endswith("+00:00")


def test_the_site_learns_who_asks_and_nothing_else(get: Get, site: Site) -> None:
    site.pages["/first"] = Answer(status=302, headers={"Location": "/", "Set-Cookie": "visitor=1"})
    get("/first")
    headers = site.asked[-1][1]
    assert re.fullmatch(r"HopKB/\d+\.\d+\.\d+ \(.+\)", headers["User-Agent"])
    assert headers["Host"] == site.machine
    assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_what_was_packed_is_unpacked(get: Get, site: Site) -> None:
    site.pages["/gzip"] = Answer(gzip.compress(PAGE), headers=typed("text/html", Content_Encoding="gzip"))
    site.pages["/deflate"] = Answer(zlib.compress(PAGE), headers=typed("text/html", Content_Encoding="deflate"))
    assert get("/gzip").file.read_bytes() == get("/deflate").file.read_bytes() == PAGE


def test_a_page_in_chunks_is_read_whole(get: Get, site: Site) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(PAGE[at : at + 50]), PAGE[at : at + 50]) for at in range(0, len(PAGE), 50))
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"
    site.pages["/"] = lambda handler: handler.wfile.write(raw) and None
    assert get("/").file.read_bytes() == PAGE


@pytest.mark.parametrize(
    ("path", "headers", "suffix"),
    [
        ("/report", typed("application/pdf"), ".pdf"),
        ("/download.php?id=3", typed("application/PDF; name=x"), ".pdf"),
        ("/a.docx", typed("application/octet-stream"), ".docx"),
        ("/a.DOCX", typed("application/zip"), ".docx"),
        ("/a.zip", typed("application/zip"), ".zip"),
        ("/notes.md", typed("text/plain"), ".md"),
        ("/notes", typed("text/plain"), ".txt"),
        ("/photo", typed("image/jpeg"), ".jpg"),
        ("/page.php", {}, ""),
        ("/page.exe", typed("application/x-unheard-of"), ""),
        ("/get", typed("application/octet-stream", Content_Disposition="attachment; filename=Plan.pptx"), ".pptx"),
        (
            "/get",
            typed("application/octet-stream", Content_Disposition="attachment; filename*=UTF-8''Pl%C4%81ns.odt"),
            ".odt",
        ),
    ],
)
def test_the_file_is_called_by_what_it_is(
    get: Get, site: Site, path: str, headers: dict[str, str], suffix: str
) -> None:
    site.pages[path] = Answer(PAGE, headers=headers)
    assert get(path).file.suffix == suffix


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.html", "/etc/passwd", "..\\..\\x.html", "..", ".htaccess", "a\0b.html", "x" * 9_000]
)
def test_a_name_from_the_web_is_never_a_path(get: Get, site: Site, tmp_path: Path, name: str) -> None:
    quoted = name.replace("\\", "\\\\")
    site.pages["/"] = Answer(PAGE, headers=typed("text/html", Content_Disposition=f'attachment; filename="{quoted}"'))
    assert get("/").file.parent == tmp_path / "web"
    assert re.fullmatch(r"[a-z0-9-]{1,80}\.html", get("/").file.name)


def test_a_readable_name_stays_readable_and_pages_do_not_overwrite_each_other(get: Get, site: Site) -> None:
    site.pages["/pl/Dzi%C4%99kujemy.html"] = site.pages["/lv/Dzi%C4%99kujemy.html"] = Answer(PAGE)
    one, other = get("/pl/Dziękujemy.html"), get("/lv/Dziękujemy.html")
    assert one.file.name.startswith("dziekujemy-")
    assert one.file != other.file
    assert get("/pl/Dzi%c4%99kujemy.html").file == one.file


# --- Letters


@pytest.mark.parametrize("charset", ["iso-8859-2", "windows-1250", "ISO8859-2", '"iso-8859-2"', "utf-16le"])
def test_an_encoding_named_in_the_header_alone_is_not_lost(get: Get, site: Site, charset: str) -> None:
    site.pages["/"] = Answer(POLISH.encode(charset.strip('"')), headers=typed(f"text/html; charset={charset}"))
    assert PL in [block.text for block in extract(get("/").file).blocks]


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "klingon", "rot13", "unicode_escape", ""])
def test_a_wrong_claim_does_not_spoil_a_page_in_utf8(get: Get, site: Site, charset: str) -> None:
    site.pages["/"] = Answer(POLISH.encode(), headers=typed(f"text/html; charset={charset}"))
    assert get("/").file.read_bytes() == POLISH.encode()


def test_latin_1_is_read_as_browsers_do(get: Get, site: Site) -> None:
    german = DE.replace("Jeder Verein", "„Jeder Verein“ – überall –")
    site.pages["/"] = Answer(german.encode("cp1252"), headers=typed("text/plain; charset=ISO-8859-1"))
    assert get("/").file.read_text("utf-8-sig") == german


def test_a_pdf_is_not_touched_whatever_charset_it_claims(get: Get, site: Site) -> None:
    site.pages["/"] = Answer(b"%PDF-1.7 \xb1\xea", headers=typed("application/pdf; charset=iso-8859-2"))
    assert get("/").file.read_bytes() == b"%PDF-1.7 \xb1\xea"


# --- Redirects


def test_redirects_are_followed_and_the_last_address_is_kept(get: Get, site: Site) -> None:
    for step, status in enumerate((301, 302, 303, 307, 308)):
        site.pages[f"/{step}"] = redirect(f"/{step + 1}", status)
    site.pages["/5"] = Answer(PAGE)
    page = get("/0")
    assert (page.asked, page.address) == (f"{site.address}/0", f"{site.address}/5")


def test_redirects_have_an_end(get: Get, site: Site) -> None:
    for step in range(20):
        site.pages[f"/{step}"] = redirect(f"/{step + 1}")
    with pytest.raises(Refused, match="more than 5 times"):
        get("/0")
    assert site.paths()[-1] == "/5"


def test_a_circle_of_redirects_is_noticed(get: Get, site: Site) -> None:
    site.pages.update({"/a": redirect("/b"), "/b": redirect("/a#again")})
    with pytest.raises(Refused, match="in a circle"):
        get("/a")


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://169.254.169.254/latest/meta-data/", r"leads to http://169.254.169.254/.*private network"),
        ("//[::ffff:10.0.0.1]/", "private network"),
        ("http://localhost:1/", "port 1, which is not for web pages"),
        ("http://localhost:8080/", "private network"),
        ("file:///etc/passwd", "leads to file:///etc/passwd, which is not a web address that begins with http"),
        ("ftp://city.example/a.pdf", "which is not a web address that begins with http"),
        ("javascript:alert(1)", "which is not a web address"),
        ("http://anna:secret@city.example/", "user name or password"),
    ],
)
def test_a_redirect_cannot_lead_where_nobody_may_go(
    get: Get, site: Site, tmp_path: Path, location: str, why: str
) -> None:
    site.pages["/"] = redirect(location)
    with pytest.raises(Refused, match=why):
        get("/")
    assert files(tmp_path) == []


def test_leave_for_one_machine_is_no_leave_for_another_port(get: Get, site: Site) -> None:
    with serve({"/": Answer(PAGE)}) as other:
        site.pages["/"] = redirect(other.address)
        with pytest.raises(Refused, match="private network"):
            get("/")
        assert other.asked == []


def test_a_redirect_in_raw_utf8_is_understood(get: Get, site: Site) -> None:
    site.pages["/"] = redirect("/Łódź".encode().decode("latin-1"))
    site.pages["/%C5%81%C3%B3d%C5%BA"] = Answer(PAGE)
    assert get("/").address == f"{site.address}/%C5%81%C3%B3d%C5%BA"


# --- Who may be asked


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "LOCALHOST."],
)
def test_this_machine_is_not_asked_unless_allowed(site: Site, tmp_path: Path, host: str) -> None:
    port = site.machine.rpartition(":")[2]
    with pytest.raises(Refused, match="private network"):
        fetch(f"http://{host}:{port}/", tmp_path / "web", limits=LIMITS)
    assert site.asked == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0x7f000001", "127.0.0.1.."])
def test_numbers_that_only_look_like_names_are_refused(site: Site, tmp_path: Path, host: str) -> None:
    port = site.machine.rpartition(":")[2]
    with pytest.raises(Refused):
        fetch(f"http://{host}:{port}/", tmp_path / "web", limits=LIMITS, allowed={site.machine})
    assert site.asked == []


PRIVATE = (
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3 "
    "224.0.0.1 240.0.0.1 255.255.255.255 198.18.0.1 192.0.2.1 ::1 :: fe80::1 "
    "fe80::1%eth0 fc00::1 fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:192.168.0.1 ::127.0.0.1 "
    "64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::808:808 2002:7f00:1:: 2002:c0a8:1:: "
    "2001:0:4136:e378:8000:63bf:3fff:fdd2 100::1 5f00::1 4000::1 "
)


def test_private_addresses_are_known_in_every_disguise() -> None:
    assert [ip for ip in PRIVATE.split() if is_public(ip)] == []
    public = [
        "8.8.8.8",
        "193.0.6.139",
        "2001:67c:2e8:22::c100:68b",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ]
    assert [ip for ip in public if not is_public(ip)] == []


class Names:
    """A name server: each look-up of a name takes the next answer. Numbers are left to the system."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[list[str]]) -> None:
        self.answers = {f"{name}.example": turns for name, turns in answers.items()}
        self.system = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in self.answers:
            return self.system(host, port, *rest, **more)
        return [entry for ip in self.answers[host].pop(0) for entry in self.system(ip, port, *rest, **more)]


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, town=[["193.0.6.139", "127.0.0.1"]])
    port = site.machine.rpartition(":")[2]
    with pytest.raises(Refused, match=r"private network \(127\.0\.0\.1\)"):
        fetch(f"http://town.example:{port}/", tmp_path, limits=LIMITS)
    assert site.asked == []


def test_a_name_is_looked_up_once_a_request_so_that_what_was_checked_is_what_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second answers (a machine where nobody listens) would be used by a client that looks up again."""
    with serve({"/": Answer(PAGE)}, host="town.example") as town:
        names = Names(monkeypatch, town=[["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
        fetch(f"{town.address}/", tmp_path, limits=LIMITS, allowed={town.machine})
        assert town.paths() == ["/robots.txt", "/"]
        assert names.answers["town.example"] == [["127.0.0.2"]]
        assert {headers["Host"] for _, headers in town.asked} == {town.machine}


def test_a_second_machine_is_tried_where_the_first_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve({"/": Answer(PAGE)}, host="town.example") as town:
        Names(monkeypatch, town=[["127.0.0.2", "127.0.0.1"]] * 2)
        assert fetch(town.address, tmp_path, limits=LIMITS, allowed={town.machine}).file.read_bytes() == PAGE


def test_proxies_of_the_environment_are_not_used_but_mentioned(
    site: Site, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", site.address)
    monkeypatch.setenv("http_proxy", site.address)
    assert get("/").file.read_bytes() == PAGE
    assert site.paths() == ["/robots.txt", "/"]
    with pytest.raises(FetchFailed, match=r"does not exist|cannot be looked up now") as trouble:
        fetch("http://town.invalid/", tmp_path, limits=LIMITS)
    assert "--proxy" in str(trouble.value)


def test_a_proxy_that_is_named_is_used(site: Site, tmp_path: Path) -> None:
    site.pages["http://town.invalid/page"] = Answer(PAGE)
    page = fetch("http://town.invalid/page", tmp_path, limits=LIMITS, proxy=site.address)
    assert page.file.read_bytes() == PAGE
    assert site.paths() == ["http://town.invalid/robots.txt", "http://town.invalid/page"]


def test_a_proxy_is_not_asked_for_what_is_known_to_be_private(site: Site, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="private network"):
        fetch("http://localhost/", tmp_path, limits=LIMITS, proxy=site.address)
    assert site.asked == []


# --- robots.txt


def rules(text: str) -> Answer:
    return Answer(text.encode(), headers=typed("text/plain"))


def test_a_site_that_keeps_programs_out_is_obeyed(get: Get, site: Site) -> None:
    site.pages.update(
        {
            "/robots.txt": rules("User-agent: *\nDisallow: /private/\nAllow: /private/open"),
            "/private/a": Answer(PAGE),
        }
    )
    site.pages["/private/open"] = Answer(PAGE)
    with pytest.raises(Refused, match=r"robots\.txt"):
        get("/private/a")
    assert get("/private/open").file.exists()
    assert site.paths() == ["/robots.txt", "/private/open"]


def test_rules_for_us_by_name_come_before_those_for_all(get: Get, site: Site) -> None:
    site.pages["/robots.txt"] = rules("User-agent: *\nDisallow: /\n\nUser-agent: hopkb\nDisallow: /no")
    assert get("/").file.exists()
    with pytest.raises(Refused, match=r"robots\.txt"):
        get("/no")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_rules_is_open(get: Get, site: Site, status: int) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", status)
    assert get("/").file.exists()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_rules_that_cannot_be_read_now_are_waited_for(get: Get, site: Site, status: int) -> None:
    site.pages["/robots.txt"] = Answer(status=status)
    for _ in range(2):
        with pytest.raises(FetchFailed, match=rf"robots\.txt\) cannot be read.*{status}"):
            get("/")
    assert site.paths() == ["/robots.txt"]


def test_rules_may_lie_elsewhere_but_not_in_private(get: Get, site: Site) -> None:
    site.pages.update({"/robots.txt": redirect("/rules"), "/rules": rules("User-agent: *\nDisallow: /no")})
    with pytest.raises(Refused, match=r"robots\.txt"):
        get("/no")
    with serve({"/": Answer(PAGE), "/robots.txt": redirect("http://127.0.0.1:9999/")}) as other:
        with pytest.raises(FetchFailed, match="leads on"):
            fetch(other.address, Path("unused"), limits=LIMITS, allowed={other.machine})
        assert other.paths() == ["/robots.txt"]


def test_rules_without_end_are_read_for_500_kilobytes(get: Get, site: Site) -> None:
    site.pages["/robots.txt"] = rules("User-agent: *\nDisallow: /no\n" + "# more\n" * 90_000 + "Disallow: /")
    assert get("/").file.exists()
    with pytest.raises(Refused, match=r"robots\.txt"):
        get("/no")


def test_a_redirect_is_judged_by_the_rules_of_where_it_leads(get: Get, site: Site, tmp_path: Path) -> None:
    closed = {"/robots.txt": rules("User-agent: *\nDisallow: /"), "/": Answer(PAGE)}
    with serve(closed) as other:
        site.pages["/"] = redirect(other.address)
        with pytest.raises(Refused, match=rf"leads to {other.address}/, which is closed to programs"):
            fetch(site.address, tmp_path, limits=LIMITS, allowed={site.machine, other.machine})
        assert other.paths() == ["/robots.txt"]


def test_a_site_that_asks_for_pauses_gets_them_within_reason(get: Get, site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = rules("User-agent: *\nCrawl-delay: 3600")
    assert [get("/").file.exists() for _ in range(3)] == [True] * 3  # an hour is cut to the longest pause
    patient = Fetcher(limits=FetchLimits(seconds=2, pause=60), allowed={site.machine})
    patient.fetch(site.address, tmp_path)
    with pytest.raises(FetchFailed, match="longer than 2 s"):  # it waits, and comes to its own deadline
        patient.fetch(site.address, tmp_path)
    assert site.paths().count("/") == 4


# --- Too much, too slow, too little


def test_a_page_that_says_it_is_too_large_is_not_downloaded(get: Get, site: Site, tmp_path: Path) -> None:
    site.pages["/"] = Answer(b"", headers=typed("application/pdf", Content_Length="900000000"))
    with pytest.raises(Refused, match="larger than the limit of 100000 bytes"):
        get("/")
    assert files(tmp_path) == []


def pour(headers: bytes, piece: bytes, pause: float, times: int, done: Sequence[list[bool]] = ()) -> Page:
    """`headers`, then `piece` so many times with a pause (s) after each; `done` hear of it when all is sent."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(headers)
        for _ in range(times):
            handler.wfile.write(piece)
            time.sleep(pause)
        for heard in done:
            heard.append(True)

    return page


HTML = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n"


def test_a_page_without_end_is_cut_off(get: Get, site: Site) -> None:
    site.pages["/"] = pour(HTML + b"\r\n", b"<p>and on</p>" * 1_000, 0, 100_000)
    with pytest.raises(Refused, match="larger than the limit"):
        get("/")


def test_a_compression_bomb_costs_no_more_than_the_limit(get: Get, site: Site) -> None:
    packed = gzip.compress(bytes(300_000_000), 1)
    site.pages["/"] = Answer(packed, headers=typed("text/html", Content_Encoding="gzip", Connection="close"))
    with pytest.raises(Refused, match="larger than the limit"):
        get("/")


def test_packed_bytes_that_unpack_to_nothing_have_an_end_too(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = pour(HTML + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 100, 0.01, 1_000)
    with pytest.raises(FetchFailed, match="longer than 1 s"):
        fetch(site.address, tmp_path, limits=FetchLimits(seconds=1), allowed={site.machine})


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
def test_packing_that_was_not_asked_for_is_refused(get: Get, site: Site, coding: str) -> None:
    site.pages["/"] = Answer(PAGE, headers=typed("text/html", Content_Encoding=coding))
    with pytest.raises(Refused, match="not asked for"):
        get("/")


def test_damaged_compression_fails(get: Get, site: Site) -> None:
    site.pages["/"] = Answer(b"no gzip at all", headers=typed("text/html", Content_Encoding="gzip"))
    with pytest.raises(FetchFailed, match="damaged compression"):
        get("/")


@pytest.mark.parametrize("headers", [HTML + b"\r\n", HTML, b""], ids=["body", "headers", "status"])
def test_a_server_that_drips_is_not_waited_for(site: Site, tmp_path: Path, headers: bytes) -> None:
    """Each byte comes well before a socket's own timeout; without a deadline all of them are waited for."""
    to_the_end: list[bool] = []
    site.pages["/"] = pour(headers, b"x", 0.05, 200, [to_the_end])
    limits = FetchLimits(seconds=1, silence=1)
    with pytest.raises(FetchFailed, match="longer than 1 s"):
        fetch(site.address, tmp_path / "web", limits=limits, allowed={site.machine})
    assert files(tmp_path) == to_the_end == []


def test_a_server_that_falls_silent_is_not_waited_for(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = pour(HTML, b"", 15, 1)
    with pytest.raises(FetchFailed, match="did not answer in time"):
        fetch(site.address, tmp_path, limits=FetchLimits(silence=0.3), allowed={site.machine})


def test_a_body_that_breaks_off_is_not_kept(get: Get, site: Site, tmp_path: Path) -> None:
    site.pages["/length"] = pour(HTML + b"Content-Length: 5000\r\n\r\n", PAGE, 0, 1)
    chunked = HTML.replace(b"1.0", b"1.1") + b"Transfer-Encoding: chunked\r\n\r\n"
    site.pages["/chunks"] = pour(chunked, b"%x\r\n%b\r\n" % (len(PAGE), PAGE), 0, 1)
    for path in ("/length", "/chunks"):
        with pytest.raises(FetchFailed, match="broke off"):
            get(path)
    assert files(tmp_path) == []


def test_noise_instead_of_an_answer_fails_in_words(get: Get, site: Site) -> None:
    site.pages["/"] = pour(b"\x16\x03\x01 SSH-2.0-OpenSSH\r\n\r\n", b"", 0, 1)
    with pytest.raises(FetchFailed, match="broke off before the end"):
        get("/")


def test_a_malformed_header_prints_no_stack_trace(get: Get, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.pages["/"] = pour(HTML + b"this is no header\r\n\r\n", PAGE, 0, 1)
    assert get("/").file.exists()
    assert caplog.records == []


def test_nobody_listening_fails_in_words(tmp_path: Path) -> None:
    with serve({}) as gone:
        pass
    with pytest.raises(FetchFailed, match="refuses connections"):
        fetch(gone.address, tmp_path, limits=LIMITS, allowed={gone.machine})


# --- What the server says


@pytest.mark.parametrize(
    ("status", "error", "why"),
    [
        (401, Refused, "asks for a sign-in"),
        (403, Refused, "closed to programs"),
        (404, Refused, "does not exist"),
        (410, Refused, "removed for good"),
        (418, Refused, "refused by its site"),
        (451, Refused, "legal reasons"),
        (429, FetchFailed, "asked for too often"),
        (500, FetchFailed, "fault of its own"),
        (503, FetchFailed, "fault of its own"),
        (204, FetchFailed, "without a document"),
        (206, FetchFailed, "without a document"),
        (304, FetchFailed, "without a document"),
    ],
)
def test_what_the_server_says_is_said_in_words(
    get: Get, site: Site, status: int, error: type[Exception], why: str
) -> None:
    site.pages["/"] = Answer(b"" if status in {204, 304} else PAGE, status)
    with pytest.raises(error, match=rf"{why}.*\({status}\)"):
        get("/")


@pytest.mark.parametrize("kind", ["video/mp4", "audio/mpeg", "application/json", "text/css", "font/woff2"])
def test_what_is_no_document_is_not_downloaded(get: Get, site: Site, kind: str) -> None:
    site.pages["/"] = Answer(b"", headers=typed(kind, Content_Length="5000"))
    with pytest.raises(Refused, match=rf"not a document \({kind}\)"):
        get("/")


def test_an_empty_page_is_refused(get: Get, site: Site) -> None:
    site.pages["/"] = Answer(b" \r\n")
    with pytest.raises(Refused, match="is empty"):
        get("/")


# --- Encryption


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Makes the system trust a certificate."""

    def trust(certificate: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        _trust.cache_clear()

    yield trust
    _trust.cache_clear()


def test_an_encrypted_page_is_fetched_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusting: Callable[[Path], None]
) -> None:
    certificate = certify(tmp_path, "town.example")
    trusting(certificate)
    Names(monkeypatch, town=[["127.0.0.1"]] * 2)
    with serve({"/": Answer(PAGE)}, host="town.example", tls=server_side(certificate)) as town:
        page = fetch(town.address, tmp_path / "web", limits=LIMITS, allowed={town.machine})
    assert page.address == f"{town.address}/"
    assert page.file.read_bytes() == PAGE


def test_a_page_does_not_lead_back_to_an_unencrypted_one(
    site: Site, tmp_path: Path, trusting: Callable[[Path], None]
) -> None:
    certificate = certify(tmp_path, "127.0.0.1")
    trusting(certificate)
    with serve({"/": redirect(site.address)}, tls=server_side(certificate)) as secure:
        site.pages["/up"] = redirect(secure.address)
        allowed = {site.machine, secure.machine}
        with pytest.raises(Refused, match=r"leads to http://.*not encrypted any more"):
            fetch(secure.address, tmp_path, limits=LIMITS, allowed=allowed)
        assert "/" not in site.paths()


@pytest.mark.parametrize(
    ("name", "days", "why"), [("127.0.0.1", -1, "has expired"), ("elsewhere.example", 1, "for another name")]
)
def test_a_certificate_that_is_not_in_order_is_explained(
    tmp_path: Path, trusting: Callable[[Path], None], name: str, days: int, why: str
) -> None:
    certificate = certify(tmp_path, name, days=days)
    trusting(certificate)
    with serve({"/": Answer(PAGE)}, tls=server_side(certificate)) as secure:
        with pytest.raises(FetchFailed, match=why):
            fetch(secure.address, tmp_path, limits=LIMITS, allowed={secure.machine})
        assert secure.asked == []


def test_a_certificate_that_nobody_signed_is_not_trusted(tmp_path: Path) -> None:
    with serve({"/": Answer(PAGE)}, tls=server_side(certify(tmp_path, "127.0.0.1"))) as secure:
        with pytest.raises(FetchFailed, match="signed by nobody but itself"):
            fetch(secure.address, tmp_path, limits=LIMITS, allowed={secure.machine})
        assert secure.asked == []


def test_a_drip_inside_encryption_is_cut_off_too(tmp_path: Path, trusting: Callable[[Path], None]) -> None:
    certificate = certify(tmp_path, "127.0.0.1")
    trusting(certificate)
    to_the_end: list[bool] = []
    dripping = serve({"/": pour(HTML, b"x", 0.05, 200, [to_the_end])}, tls=server_side(certificate))
    with dripping as secure, pytest.raises(FetchFailed, match="longer than 1 s"):
        fetch(secure.address, tmp_path, limits=FetchLimits(seconds=1), allowed={secure.machine})
    assert to_the_end == []


def test_a_site_that_speaks_no_encryption_fails_in_words(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="no encrypted connection"):
        fetch(site.address.replace("http:", "https:"), tmp_path, limits=LIMITS, allowed={site.machine})


class _Tunnel(socketserver.StreamRequestHandler):
    """A proxy for one encrypted connection, whatever its name, to the port asked for on this machine."""

    asked: list[bytes] = []  # noqa: RUF012

    def handle(self) -> None:
        self.asked.append(self.rfile.readline().strip())
        while self.rfile.readline().strip():
            pass
        port = int(self.asked[-1].split()[1].rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port)) as target:
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
            threading.Thread(target=self._copy, args=(target, self.connection), daemon=True).start()
            self._copy(self.connection, target)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
        except OSError:
            pass


def test_through_a_proxy_the_certificate_is_still_checked(tmp_path: Path, trusting: Callable[[Path], None]) -> None:
    certificate = certify(tmp_path, "town.invalid")
    trusting(certificate)
    with (
        serve({"/": Answer(PAGE)}, host="town.invalid", tls=server_side(certificate)) as town,
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Tunnel) as tunnel,
    ):
        tunnel.daemon_threads = True
        threading.Thread(target=tunnel.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        proxy = f"http://127.0.0.1:{tunnel.server_address[1]}"
        page = fetch(town.address, tmp_path / "web", limits=LIMITS, proxy=proxy)
        assert page.file.read_bytes() == PAGE
        assert _Tunnel.asked[0].startswith(f"CONNECT {town.machine} ".encode())
        other = town.address.replace("town.invalid", "village.invalid")
        with pytest.raises(FetchFailed, match="for another name"):
            fetch(other, tmp_path / "web", limits=LIMITS, proxy=proxy)
        tunnel.shutdown()


# --- Addresses


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://WWW.City.PL", "https://www.city.pl/"),
        ("https://www.łódź.pl/Ścieżka?q=ż#góra", "https://www.xn--d-uga0v4h.pl/%C5%9Acie%C5%BCka?q=%C5%BC"),
        ("https://straße.de/", "https://xn--strae-oqa.de/"),
        (" http://city.lv:80/a ", "http://city.lv/a"),
        ("https://city.lv:443", "https://city.lv/"),
        ("http://city.lv:443/", "http://city.lv:443/"),
        ("https://city.lv./a/./b/../c", "https://city.lv/a/c"),
        ("https://city.lv/%7eanna/%c5%bc/%2F", "https://city.lv/~anna/%C5%BC/%2F"),
        ("https://city.lv/a b?x=1&y=a+b%20c", "https://city.lv/a%20b?x=1&y=a+b%20c"),
        ("http://[2A00:1450:0::1]:8080/", "http://[2a00:1450::1]:8080/"),
    ],
)
def test_a_page_has_one_name(written: str, kept: str) -> None:
    assert is_address(written)
    assert normalise(written) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://city.lv/a.pdf", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("https://anna:secret@city.lv/", "user name or password"),
        ("https:///a", "names no site|check the part"),
        ("https://city..lv/", "names no site"),
        ("https://city.lv:99999/", "check the part"),
        ("https://city.lv:a/", "check the part"),
        ("https://a b.lv/", "check the part"),
        ("https://a%0d%0ab.lv/", "names no site|check the part"),
        ("https://city.lv/\r\nX-Evil: 1", "invisible"),
        ("https://city.lv/" + "a" * 3_000, "too long"),
        ("https://1.2.3/", "number for a host"),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_a_reason(text: str, why: str) -> None:
    assert is_address(text)
    with pytest.raises(Refused, match=why):
        normalise(text)


@pytest.mark.parametrize("path", ["report.pdf", "/srv/a.pdf", "C:\\reports\\a.pdf", "a:b", "www.city.pl", "", "://x"])
def test_a_path_is_no_address(path: str) -> None:
    assert not is_address(path)


@given(
    st.text(max_size=60), st.sampled_from(["http://city.lv/", "https://", "http://a@", "http://[", "http://city.lv/?"])
)
def test_any_text_is_an_address_with_one_name_or_refused(text: str, before: str) -> None:
    try:
        kept = normalise(before + text)
    except Refused:
        return
    assert normalise(kept) == kept
    assert kept.isascii()
    assert kept.isprintable()
    assert " " not in kept
