"""The sign-in page: plain HTML from the server, without scripts, so that nothing of Streamlit is open before it."""

import asyncio
import logging
import math
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from ui.server import gate, identity, password, sign_in_html
from ui.server.access import Way
from ui.server.sessions import LIFETIME
from ui.server.sign_in_html import Form
from ui.texts import NAMES, Texts, texts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

log = logging.getLogger("hopkb.access")

RETURN_COOKIE = "hopkb_next"
"""Keeps the page first asked for while somebody is away at a sign-in service."""

RETURN_SECONDS = 600
"""How long it is kept: finding a second factor takes minutes."""

MOST_BYTES = 16_384
"""Of a posted form: the longest password and the longest address, in UTF-8 and percent-encoded."""

LONGEST_RETURN = 2_000
"""Characters of an address to return to; cookies hold 4,000 bytes."""

_one_at_a_time = asyncio.Lock()
"""Checking a password takes 64 MB and a core: fifty at once would take the server from those who search."""


def routes() -> "list[Route]":
    """The sign-in page's addresses, for st.App; none where nobody signs in."""
    from starlette.routing import Route

    guard = gate.guard()
    if guard.access.way not in {Way.PASSWORD, Way.OIDC}:
        return []
    return [
        Route(guard.base + gate.SIGN_IN, _sign_in, methods=["GET"]),
        Route(guard.base + gate.SIGN_IN, _try, methods=["POST"]),
        Route(guard.base + gate.SIGN_IN_WITH, _sign_in_with, methods=["GET"]),
        Route(guard.base + gate.SIGN_OUT, _sign_out, methods=["GET", "POST"]),
    ]


def safe_return(wanted: str, base: str) -> str:
    """`wanted` if it is a path of ours, else the first page. Never another site: browsers drop control characters
    and take backslashes and double slashes for the beginning of one."""
    home = f"{base}/"
    path = wanted.partition("?")[0]
    ours = {base + path for path in (gate.SIGN_IN, gate.SIGN_IN_WITH, gate.SIGN_OUT)}
    unsafe = (
        len(wanted) > LONGEST_RETURN
        or not wanted.startswith(home)
        or wanted.startswith("//")
        or any(not "!" <= character <= "~" or character == "\\" for character in wanted)
        or ".." in path
        or path in ours
    )
    return home if unsafe else wanted


async def _sign_in(request: "Request") -> "Response":
    from starlette.responses import RedirectResponse

    guard, wanted = gate.guard(), _wanted(request.query_params.get("next", ""))
    if guard.session(request.cookies) is not None:
        return RedirectResponse(wanted, 303)
    read = _texts(request, wanted)
    person = guard.person(request.cookies)
    if person is None:
        status = read["sign_out_done"] if "out" in request.query_params else ""
        return _page(read, wanted, Form.SIGN_IN, status)
    if not guard.access.allowed:
        error = read["sign_in_nobody"]
    else:
        key = "sign_in_refused" if person.verified else "sign_in_unverified"
        error = read[key].format(email=person.email or "?")
    return _page(read, wanted, Form.OTHER_ADDRESS, error, 403)


async def _try(request: "Request") -> "Response":
    """Check a password."""
    from starlette.responses import PlainTextResponse

    guard = gate.guard()
    if guard.access.way is not Way.PASSWORD or not _from_ourselves(request):
        return PlainTextResponse("This was not sent from the sign-in page.", 403)
    form = await _form(request)
    if form is None:
        return PlainTextResponse("This is too long.", 413)
    wanted = _wanted(form.get("next", ""))
    read = _texts(request, wanted)
    address = request.client.host if request.client else ""
    if pause := math.ceil(guard.limiter.admit(address)):
        response = _page(read, wanted, Form.SIGN_IN, _wait(read, pause), 429)
        response.headers["retry-after"] = str(pause)
        return response
    if not await _matches(form.get("password", "")):
        log.warning("sign-in with a wrong password from %s", address or "an unknown address")
        return _page(read, wanted, Form.SIGN_IN, read["sign_in_wrong"], 403)
    guard.limiter.succeeded(address)
    return _redirect(request, wanted, gate.COOKIE, guard.sessions.open(), int(LIFETIME))


async def _sign_in_with(request: "Request") -> "Response":
    """Send the browser to a sign-in service, by the way of Streamlit's st.login."""
    from starlette.responses import PlainTextResponse

    guard = gate.guard()
    service = request.query_params.get("service", "")
    if service not in guard.access.providers:
        return PlainTextResponse("There is no such sign-in service.", 404)
    wanted = _wanted(request.query_params.get("next", ""))
    return _redirect(request, guard.base + identity.login_address(service), RETURN_COOKIE, wanted, RETURN_SECONDS)


async def _sign_out(request: "Request") -> "Response":
    """Sign out if the reader asked for it on a page of ours; else ask, so that no other site does it for her."""
    guard, wanted = gate.guard(), _wanted(request.query_params.get("next", ""))
    if not _from_ourselves(request, certainly=request.method == "GET"):
        return _page(_texts(request, wanted), wanted, Form.SIGN_OUT)
    if guard.access.way is Way.OIDC:  # the gate ends the session there
        return _redirect(request, guard.base + identity.LOGOUT, RETURN_COOKIE, "", 0)
    guard.sign_out(request.cookies)
    address = f"{guard.base}{gate.SIGN_IN}?{urlencode({'out': 1, 'next': wanted})}"
    response = _redirect(request, address, gate.COOKIE, "", 0)
    response.headers["clear-site-data"] = '"cache"'  # documents that were opened
    return response


def _from_ourselves(request: "Request", *, certainly: bool = False) -> bool:
    """Whether a browser says that a page of ours sent the request; without a word from it only if not `certainly`."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := request.headers.get("origin"):
        return origin.partition("://")[2] == request.headers.get("host")
    return not certainly


async def _form(request: "Request") -> dict[str, str] | None:
    """The fields of a posted form; None if it is longer than any of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[0] for name, values in fields.items()}


async def _matches(given: str) -> bool:
    from starlette.concurrency import run_in_threadpool

    if len(given) > password.LONGEST:
        return False
    async with _one_at_a_time:
        return await run_in_threadpool(password.matches, gate.guard().access.password_hash, given)


def _wanted(given: str) -> str:
    return safe_return(given, gate.guard().base)


def _wait(read: Texts, seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return read.count("sign_in_wait_minutes", minutes) if minutes > 1 else read.count("sign_in_wait_seconds", seconds)


def _texts(request: "Request", wanted: str) -> Texts:
    """The language of the page asked for, else the first that the browser prefers and we have, else English."""
    asked = dict(parse_qsl(urlsplit(wanted).query)).get("ui", "")
    weighed = []
    for entry in request.headers.get("accept-language", "")[:200].split(","):
        tag, _, weight = entry.partition(";q=")
        code = tag.strip().partition("-")[0].lower()
        try:
            weighed.append((-float(weight or 1), code))
        except ValueError:
            continue
    codes = [asked, *(code for _, code in sorted(weighed, key=lambda pair: pair[0])), "en"]
    return texts(next(code for code in codes if code in NAMES))


def _page(read: Texts, wanted: str, form: Form, said: str = "", code: int = 200) -> "Response":
    from starlette.responses import HTMLResponse

    guard = gate.guard()
    view = sign_in_html.View(read, guard.base, wanted, form, guard.access.providers, said, code >= 400)
    return HTMLResponse(sign_in_html.page(view), code, headers=sign_in_html.HEADERS)


def _redirect(request: "Request", address: str, cookie: str, value: str, seconds: int) -> "Response":
    """Go to `address`, with a cookie for so long; 0 seconds removes it."""
    from starlette.responses import RedirectResponse

    response = RedirectResponse(address, 303, headers={"cache-control": "no-store"})
    response.set_cookie(
        cookie,
        value,
        max_age=seconds,
        path=gate.guard().base or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response
