"""Nothing is reachable before sign-in, by a real server, real requests and a real browser."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.ui.conftest import PATIENCE, ROOT, Visit, axe, ingest
from tests.ui.conftest import _wait as wait
from tests.ui.nginx import PROGRAM, behind_nginx
from tests.ui.openid_provider import CLIENT, SECRET, provider
from ui.server import limiter, password

PASSWORD = "four unusual wörds"
HASH = password.hashed(PASSWORD)
SENTENCE = "Volunteers plant tulips in the park every autumn."
HTML = {"Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cookie(self) -> str:
        """The first cookie that was set, as a browser sends it back."""
        return (self.headers["set-cookie"] or "").partition(";")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A server at `address`, below the path `base`."""

    address: str
    base: str = ""

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """One request, sent as it stands: no redirect is followed, no path is tidied."""
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.address).port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, self.base + path, body and body.encode(), named)
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def try_password(self, given: str, visitor: str, **headers: str) -> Reply:
        """Send the sign-in form, as the proxy on this computer tells, from the address `visitor`."""
        return self.ask("/sign-in", "POST", f"password={given}", X_Forwarded_For=visitor, **headers)

    def listen(self, cookie: str = "") -> bytes:
        """The first message of the websocket that pages are drawn by."""
        address = f"{self.address.replace('http', 'ws')}{self.base}/_stcore/stream"
        headers = {"Cookie": cookie} if cookie else {}
        with connect(address, additional_headers=headers, subprotocols=["streamlit"]) as socket_:  # type: ignore[list-item]
            socket_.send(b"\x5a\x00")  # BackMsg.rerun_script, empty
            received = socket_.recv(20)
        assert isinstance(received, bytes)
        return received


@contextmanager
def serving(
    home: Path, port: int = 0, base: str = "", options: tuple[str, ...] = (), **environment: str
) -> Iterator[Server]:
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]
    command += ["--server.baseUrlPath", base] if base else []
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "KB_HOME": str(home), **environment})
    try:
        wait(f"http://localhost:{port}{base}/_stcore/health", server)
        yield Server(f"http://localhost:{port}", base)
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files, made = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("home")
    (files / "tulips.txt").write_text(SENTENCE, "utf-8")
    ingest(made, files)
    return made


@pytest.fixture(scope="module")
def closed(home: Path) -> Iterator[Server]:
    """A server with a shared password."""
    with serving(home, HOPKB_PASSWORD_HASH=HASH) as server:
        yield server


@pytest.fixture(scope="module")
def vouched(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server below a path, with sign-in by an OpenID provider."""
    port, secrets = free_port(), tmp_path_factory.mktemp("secrets") / "secrets.toml"
    with provider() as service:
        section = {
            "redirect_uri": f"http://localhost:{port}/kb/oauth2callback",
            "cookie_secret": "0123456789abcdef" * 4,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "server_metadata_url": f"{service}/.well-known/openid-configuration",
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in section.items()]
        secrets.write_text("\n".join(["[auth]", *lines]), "utf-8")
        options = ("--secrets.files", str(secrets))
        with serving(home, port, "/kb", options, HOPKB_ALLOW="@city.lv") as server:
            yield server


def found(page: Page) -> None:
    """The page shows what the document says."""
    expect(page.locator("mark")).to_contain_text("tulips", timeout=PATIENCE)


PATHS = """
    / /?q=tulips /document?id=1 /practices /briefing /index.html /favicon.png /robots.txt /auth
    /original/1 /original/1?x=/sign-in /original/1/ /%6friginal/1 /page-image/1/1 /media/0123456789abcdef.png
    /app/static/a.txt /static/js/index.js /component/a/b.html /_stcore/bidi-components/a/b.js
    /_stcore/stream /_stcore/host-config /_stcore/metrics /_stcore/script-health-check /_stcore/upload_file/a/b
    /_stcore/agent/interact /_stcore/agent/openapi.json /_stcore/agent/mcp /_stcore/healthz
    /SIGN-IN /sign-in/ //sign-in /sign-in/../original/1 /sign-in%2f..%2foriginal/1 /sign-in;/original/1
    /_stcore/health/../../original/1 /..%2f..%2fetc/passwd
""".split()  # noqa: SIM905 - forty lines would not read better


@pytest.mark.parametrize("way", ["closed", "vouched"])
def test_before_sign_in_no_address_tells_anything(way: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(way)
    assert server.ask("/_stcore/health").body == b"ok"
    forged = "hopkb_session=1; _streamlit_user=WyJ4Il0.aaaa.bbbb; _streamlit_xsrf=2|a|b|1"
    for path in PATHS:
        reply = server.ask(path, Cookie=forged)
        assert (reply.status, reply.body) == (401, b"Sign in first."), path
        reader = server.ask(path, **HTML)
        assert (reader.status, reader.body) == (303, b""), path
        assert reader.headers["location"].startswith(f"{server.base}/sign-in?next=")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"):
        assert server.ask("/original/1", method, Cookie=forged, **HTML).status in {401, 303}
    assert b"tulips" not in server.ask("/sign-in").body


@pytest.mark.parametrize("way", ["closed", "vouched"])
@pytest.mark.parametrize("cookie", ["", "hopkb_session=1", "_streamlit_user=WyJ4Il0.aaaa.bbbb"])
def test_before_sign_in_the_websocket_stays_closed(way: str, cookie: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(InvalidStatus) as refused:
        request.getfixturevalue(way).listen(cookie)
    assert refused.value.response.status_code == 403


def test_the_password_opens_the_page_asked_for_and_its_files_until_sign_out(visit: Visit, closed: Server) -> None:
    page = visit(f"{closed.address}/?q=tulips")
    expect(page.get_by_label("Password")).to_be_focused()
    axe(page)
    page.keyboard.type("a wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That password is not right. Please try again.")
    axe(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    found(page)
    expect(page).to_have_url(re.compile(r"/\?q=tulips"))
    (cookie,) = (cookie for cookie in page.context.cookies() if cookie["name"] == "hopkb_session")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    copy = f"hopkb_session={cookie['value']}"
    icon = urlsplit(page.locator("link[rel~=icon]").get_attribute("href") or "").path
    assert icon.startswith("/media/")
    for path in (icon, "/original/1", "/static/", "/_stcore/host-config"):
        assert closed.ask(path).status == 401
    assert (closed.ask(icon, Cookie=copy).status, closed.ask("/original/1", Cookie=copy).body) == (
        200,
        SENTENCE.encode(),
    )
    assert closed.listen(copy)
    other = page.context.new_page()
    other.goto(f"{closed.address}/document?id=1")
    expect(other.get_by_role("link", name="Sign out")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    expect(other.get_by_label("Password")).to_be_visible(timeout=PATIENCE)
    assert closed.ask("/original/1", Cookie=copy).status == 401
    page.goto(f"{closed.address}/?q=tulips")
    expect(page.get_by_label("Password")).to_be_visible()


def test_signing_out_in_one_tab_closes_the_others(visit: Visit, closed: Server) -> None:
    cookie = closed.try_password(PASSWORD, "192.0.2.10").cookie
    address = f"{closed.address.replace('http', 'ws')}/_stcore/stream"
    with connect(address, additional_headers={"Cookie": cookie}, subprotocols=["streamlit"]) as tab:  # type: ignore[list-item]
        assert closed.ask("/sign-out", "POST", "", Cookie=cookie).status == 303
        with pytest.raises(Exception, match="1008"):
            while True:
                tab.recv(10)


def test_the_sign_in_page_reads_in_every_language_on_a_phone_and_without_scripts(visit: Visit, closed: Server) -> None:
    page = visit(f"{closed.address}/?q=tulips", locale="lv-LV", width=360, color_scheme="dark")
    expect(page.get_by_role("button", name="Pieteikties")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Polski").click()
    expect(page.get_by_role("button", name="Zaloguj się")).to_be_visible()
    assert page.locator("script").count() == 0
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page.get_by_role("link", name="Wyloguj się")).to_be_visible()
    expect(page).to_have_url(re.compile("q=tulips.*ui=pl|ui=pl.*q=tulips"))


def test_of_fifty_attempts_at_once_few_are_examined_and_others_can_sign_in(closed: Server) -> None:
    with ThreadPoolExecutor(50) as pool:
        guesses = [pool.submit(closed.try_password, "guess", "192.0.2.20", Accept_Language="de") for _ in range(50)]
    replies = [guess.result() for guess in guesses]
    assert [reply.status for reply in replies].count(403) == limiter.FREE
    waiting = [reply for reply in replies if reply.status == 429]
    assert len(waiting) == 50 - limiter.FREE
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in waiting)
    assert "Zu viele Versuche" in waiting[0].body.decode()
    assert closed.try_password(PASSWORD, "192.0.2.21").status == 303


@pytest.mark.parametrize(
    "headers", [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://evil.example"}]
)
def test_no_other_site_signs_anybody_in_or_out(closed: Server, headers: dict[str, str]) -> None:
    assert closed.try_password(PASSWORD, "192.0.2.30", **headers).cookie == ""
    cookie = closed.try_password(PASSWORD, "192.0.2.30").cookie
    for method in ("GET", "POST"):
        assert closed.ask("/sign-out", method, Cookie=cookie, **headers).cookie == ""
    assert closed.ask("/original/1", Cookie=cookie).status == 200


def test_over_https_the_cookie_is_kept_to_https_and_long_forms_are_refused(closed: Server) -> None:
    reply = closed.try_password(PASSWORD, "192.0.2.40", X_Forwarded_Proto="https")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(reply.headers["set-cookie"].split("; "))
    assert closed.try_password("x" * 100_000, "192.0.2.40").status == 413


def test_a_new_password_ends_all_sessions_and_a_proxy_that_is_not_named_is_not_believed(
    home: Path, closed: Server
) -> None:
    cookie = closed.try_password(PASSWORD, "192.0.2.50").cookie
    assert closed.ask("/original/1", Cookie=cookie).status == 200
    new = password.hashed("another password")
    with serving(home, HOPKB_PASSWORD_HASH=new, FORWARDED_ALLOW_IPS="192.0.2.1") as server:
        assert server.ask("/original/1", Cookie=cookie).status == 401
        assert server.try_password(PASSWORD, "192.0.2.50").status == 403
        statuses = [server.try_password("guess", f"192.0.2.{n}").status for n in range(60, 70)]
    assert statuses == [403] * (limiter.FREE - 1) + [429] * (11 - limiter.FREE)


def test_originals_are_found_by_their_number_never_by_a_path(closed: Server, home: Path) -> None:
    cookie = closed.try_password(PASSWORD, "192.0.2.70").cookie
    (original,) = (home / "originals").iterdir()
    paths = """
        /original/../kb.sqlite3 /original/..%2fkb.sqlite3 /original/1/../../kb.sqlite3 /original/%2e%2e/kb.sqlite3
        /original/%2fetc%2fpasswd /original//etc/passwd /original/-1 /original/1%00 /original/1.txt
        /original/99999999999999999999 /media/../../kb.sqlite3 /../../kb.sqlite3
    """.split()  # noqa: SIM905 - forty lines would not read better
    for path in [*paths, f"/original/{original.name}"]:
        reply = closed.ask(path, Cookie=cookie)
        assert reply.body[:6] not in {b"SQLite", b"root:x"}, path
        assert SENTENCE.encode() not in reply.body, path


def test_the_server_does_not_start_open_to_others_or_with_a_broken_lock(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text("[auth\n", "utf-8")
    wrong = [
        (["--server.address", "0.0.0.0"], {}, "there is no sign-in"),
        (["--secrets.files", str(tmp_path / "secrets.toml")], {}, "secrets.toml cannot be read"),
    ]
    for options, environment, said in wrong:
        run = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port()), *options]
        given = {**os.environ, "KB_HOME": str(home), **environment}
        done = subprocess.run(run, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")
def test_behind_nginx_the_page_works_by_https_only_and_its_headers_let_every_page_work(
    browser: Browser, closed: Server, tmp_path: Path
) -> None:
    port, plain = free_port(), free_port()
    secure = f"https://localhost:{port}"
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    with behind_nginx(closed.address, tmp_path, port, plain), closing(context):
        page.goto(f"http://localhost:{plain}/?q=tulips")
        expect(page).to_have_url(re.compile(f"^{secure}/sign-in"))
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        found(page)
        assert [cookie["secure"] for cookie in context.cookies() if cookie["name"] == "hopkb_session"] == [True]
        for name in ("practices", "compare", "landscape", "briefing", "document?id=1"):
            page.goto(f"{secure}/{name}")
            expect(page.get_by_role("link", name="Sign out")).to_be_visible(timeout=PATIENCE)
        headers = context.request.get(f"{secure}/practices").headers
    assert complaints == []
    assert "max-age" in headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def sign_in_as(page: Page, name: str) -> None:
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name=name).click()


def test_an_address_of_an_allowed_domain_is_let_in_to_the_page_asked_for(visit: Visit, vouched: Server) -> None:
    page = visit(f"{vouched.address}/kb/?q=tulips")
    axe(page)
    sign_in_as(page, "partner")
    found(page)
    expect(page).to_have_url(re.compile(r"/kb/\?q=tulips"))
    copy = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    assert vouched.ask("/original/1", Cookie=copy).body == SENTENCE.encode()
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert vouched.ask("/original/1", Cookie=copy).status == 401
    with pytest.raises(InvalidStatus):
        vouched.listen(copy)


def test_others_are_told_why_they_are_not_let_in(visit: Visit, vouched: Server) -> None:
    page = visit(f"{vouched.address}/kb/")
    for name, said in (("stranger", "has no access"), ("claimant", "has not confirmed")):
        sign_in_as(page, name)
        expect(page.get_by_role("alert")).to_contain_text(said)
        axe(page)
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
        assert vouched.ask("/original/1", Cookie=cookies).status == 401
        with pytest.raises(InvalidStatus):
            vouched.listen(cookies)
        page.get_by_role("link", name="Sign in with another address").click()
