"""Who is let in, how often a password may be tried, how long a sign-in lasts: the rules, without a server."""

import asyncio
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ui.server import limiter, password
from ui.server.access import Access, Misconfigured, Way, read
from ui.server.gate import COOKIE, Gate, Guard
from ui.server.limiter import Limiter
from ui.server.sessions import LIFETIME, Sessions
from ui.server.sign_in import safe_return

PASSWORD = "four unusual wörds"
HASH = password.hashed(PASSWORD)
SERVICE = {"client_id": "a", "client_secret": "b", "server_metadata_url": "https://id.city.pl/"}
AUTH = {"redirect_uri": "https://kb.city.pl/oauth2callback", "cookie_secret": "0123456789abcdef" * 4, **SERVICE}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_without_settings_this_computer_reads_and_no_other() -> None:
    assert read({}, None, "localhost").way is Way.LOCAL
    assert read({}, None, "127.0.0.1").way is Way.LOCAL


@pytest.mark.parametrize(
    ("environment", "auth", "address", "said"),
    [
        ({}, None, None, "there is no sign-in"),
        ({}, None, "0.0.0.0", "HOPKB_OPEN=1"),
        ({"HOPKB_OPEN": "yes"}, None, "0.0.0.0", "HOPKB_OPEN is 'yes'"),
        ({"HOPKB_OPEN": "1", "HOPKB_PASSWORD_HASH": HASH}, None, "localhost", "Choose one way"),
        ({"HOPKB_PASSWORD_HASH": HASH}, AUTH, "localhost", "Choose one way"),
        ({"HOPKB_PASSWORD_HASH": ""}, None, "localhost", "neither a hash nor a file"),
        ({"HOPKB_PASSWORD_HASH": "=65536,t=3,p=1"}, None, "localhost", "neither a hash nor a file"),
        ({"HOPKB_PASSWORD_HASH": "$2b$12$abc"}, None, "localhost", "no Argon2 hash"),
        ({"HOPKB_PASSWORD_HASH": HASH, "FORWARDED_ALLOW_IPS": "*"}, None, "localhost", "trusts everyone"),
        ({"HOPKB_ALLOW": "@city.pl"}, None, "localhost", "no section [auth]"),
        ({"HOPKB_ALLOW": "city.pl"}, AUTH, "localhost", "'city.pl'"),
        ({"HOPKB_ALLOW": "@*.city.pl"}, AUTH, "localhost", "'@*.city.pl'"),
        ({}, AUTH | {"cookie_secret": "secret"}, "localhost", "cookie_secret"),
        ({}, AUTH | {"redirect_uri": "http://kb.city.pl/oauth2callback"}, "localhost", "https://"),
        ({}, AUTH | {"redirect_uri": "https://kb.city.pl/"}, "localhost", "redirect_uri"),
        ({}, {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}, "localhost", "client_id is missing"),
        ({}, AUTH | {"city": {"client_id": "a"}}, "localhost", "'city'"),
    ],
)
def test_what_would_leave_open_what_was_meant_to_be_closed_is_refused(
    environment: dict[str, str], auth: dict[str, Any] | None, address: str | None, said: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(environment, auth, address)
    assert said in str(refused.value)


def test_a_hash_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "hash").write_text(HASH + "\n", "utf-8")
    access = read({"HOPKB_PASSWORD_HASH": str(tmp_path / "hash")}, None, "0.0.0.0")
    assert access == Access(Way.PASSWORD, password_hash=HASH)


def test_addresses_and_whole_domains_are_admitted_and_nothing_like_them() -> None:
    access = read({"HOPKB_ALLOW": "Someone@city.pl, @city.lv"}, AUTH, "localhost")
    admitted = ["someone@city.pl", "SOMEONE@City.PL", "anyone@city.lv"]
    refused = ["other@city.pl", "x@notcity.lv", "x@sub.city.lv", "x@city.lv.evil.com", "@city.lv", "city.lv", ""]
    assert [address for address in admitted + refused if access.admits(address)] == admitted
    assert not read({}, AUTH, "localhost").admits("someone@city.pl")


def test_the_password_tool_hashes_what_was_typed_twice_and_refuses_short_ones() -> None:
    def made(*lines: str) -> subprocess.CompletedProcess[str]:
        run = [sys.executable, "-m", "ui.server.password"]
        return subprocess.run(run, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)

    done = made(PASSWORD, PASSWORD)
    assert password.matches(done.stdout.strip(), unicodedata.normalize("NFD", PASSWORD))
    assert not password.matches(done.stdout.strip(), PASSWORD.upper())
    assert PASSWORD not in done.stdout + done.stderr
    assert "differ" in made(PASSWORD, PASSWORD + "x").stderr
    assert "12 characters" in made("short", "short").stderr


def test_pauses_of_one_address_double_up_to_a_quarter_of_an_hour() -> None:
    clock = Clock()
    limits = Limiter(clock)
    pauses = []
    for _ in range(16):
        before = clock.now
        while wait := limits.admit("192.0.2.1"):
            clock.now += wait
        pauses.append(clock.now - before)
    assert pauses == [0] * 5 + [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_many_at_once_are_not_all_admitted_and_others_need_not_wait() -> None:
    limits = Limiter(Clock())
    assert [limits.admit("192.0.2.1") for _ in range(50)].count(0.0) == limiter.FREE
    assert limits.admit("192.0.2.2") == 0.0


def test_the_addresses_of_one_network_of_ipv6_are_one_visitor() -> None:
    limits = Limiter(Clock())
    assert [limits.admit(f"2001:db8::{host:x}") for host in range(50)].count(0.0) == limiter.FREE
    assert limits.admit("2001:db8:0:1::1") == 0.0


def test_an_attack_from_many_addresses_is_slowed_remembers_little_and_keeps_out_nobody_who_was_in_before() -> None:
    clock = Clock()
    limits = Limiter(clock)
    assert limits.admit("192.0.2.1") == 0.0
    limits.succeeded("192.0.2.1")
    admitted = [limits.admit(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}") for n in range(20_000)].count(0.0)
    assert admitted == limiter.FREE_OVERALL
    assert limits.admit("192.0.2.1") == 0.0
    hour = 0
    for n in range(3600):
        clock.now += 1
        hour += limits.admit(f"11.{n >> 16}.{n >> 8 & 255}.{n & 255}") == 0.0
    assert hour < 130
    for n in range(3 * limiter.MOST_ADDRESSES):
        clock.now += limiter.LONGEST_OVERALL
        limits.admit(f"12.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(limits._addresses) == limiter.MOST_ADDRESSES


def test_a_sign_in_ends_after_a_day_of_work_and_at_sign_out_for_copies_of_its_cookie_too() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    first, second = sessions.open(), sessions.open()
    assert sessions.find(first)
    sessions.end(first)
    assert sessions.find(first) is None
    clock.now += LIFETIME - 1
    assert sessions.find(second)
    clock.now += 1
    assert sessions.find(second) is None
    assert sessions.find("") is None


def test_a_sign_in_made_elsewhere_lasts_no_longer_and_is_not_revived_after_sign_out() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    assert sessions.adopt("cookie", "someone@city.pl", LIFETIME - 10)
    clock.now += 10
    assert sessions.adopt("cookie", "someone@city.pl", LIFETIME) is None
    assert sessions.adopt("other", "someone@city.pl", 0.0)
    sessions.end("other")
    assert sessions.adopt("other", "someone@city.pl", 1.0) is None


ELSEWHERE = [
    "",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\r\n/",
    "evil",
    "/ą",
]


@pytest.mark.parametrize(
    "elsewhere", [*ELSEWHERE, "javascript:x", "/" + "x" * 5000, "/../x", "/sign-out", "/sign-in?next=/"]
)
def test_nobody_is_led_elsewhere_after_sign_in(elsewhere: str) -> None:
    assert safe_return(elsewhere, "") == "/"
    assert safe_return(elsewhere, "/kb") == "/kb/"


@pytest.mark.parametrize("elsewhere", ["/", "/other/", "/kb", "/kbevil/", "/kb/../x", "/kb/sign-out", "/kb/\\x"])
def test_below_a_path_nobody_is_led_out_of_it(elsewhere: str) -> None:
    assert safe_return(elsewhere, "/kb") == "/kb/"


def test_the_page_asked_for_is_kept() -> None:
    assert safe_return("/document?id=3&q=a%20b", "") == "/document?id=3&q=a%20b"
    assert safe_return("/kb/?q=a", "/kb") == "/kb/?q=a"


def answered(guard: Guard, kind: str, host: str, server: str, cookie: str = "") -> list[dict[str, Any]]:
    """What the gate sends back for one request; the application behind it answers "let in"."""
    sent: list[dict[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "let in"})
        if kind == "websocket":
            await send(await receive())

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    scope = {
        "type": kind,
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": headers,
        "server": (server, 80),
    }

    def run() -> None:
        asyncio.run(asyncio.wait_for(Gate(application, guard)(scope, receive, send), 10))

    with ThreadPoolExecutor() as pool:  # the browser's tests leave a loop running in this thread
        pool.submit(run).result()
    return sent


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "kb.localhost"])
def test_without_sign_in_this_computer_is_answered(host: str) -> None:
    assert answered(Guard(Access(Way.LOCAL)), "http", host, "127.0.0.1") == [{"type": "let in"}]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("evil.example:8501", "127.0.0.1"),  # a name that was made to lead here
        ("localhost.evil.example", "127.0.0.1"),
        ("localhost", "192.0.2.7"),  # uvicorn started on another address than Streamlit was told
        ("", "127.0.0.1"),
        ("[::1", "127.0.0.1"),
    ],
)
def test_without_sign_in_nobody_else_is_answered(kind: str, host: str, server: str) -> None:
    sent = answered(Guard(Access(Way.LOCAL)), kind, host, server)
    assert {"type": "let in"} not in sent
    assert sent[0].get("status", sent[0].get("code")) in {403, 1008}


def test_a_websocket_is_closed_when_the_session_is_over() -> None:
    guard = Guard(Access(Way.PASSWORD, HASH), sessions=Sessions(clock := Clock()))
    token = guard.sessions.open()
    clock.now += LIFETIME - 0.05
    sent = answered(guard, "websocket", "localhost", "127.0.0.1", f"{COOKIE}={token}")
    assert [message["type"] for message in sent] == ["let in", "websocket.close"]
