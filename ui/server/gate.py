"""The gate in front of everything the server answers: pages, websocket, files, downloads, our own routes.

Nothing passes but what is named here, so that a route added later is closed too.
"""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ui.server import identity
from ui.server.access import Access, Misconfigured, Way, is_local, read
from ui.server.limiter import Limiter
from ui.server.sessions import Session, Sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.middleware import Middleware
    from starlette.requests import HTTPConnection
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "hopkb_session"
SIGN_IN, SIGN_IN_WITH, SIGN_OUT = "/sign-in", "/sign-in/with", "/sign-out"
HEALTH = "/_stcore/health"
"""What a monitor asks whether the server lives; it tells nothing else."""

POLICY_VIOLATION = 1008
"""The code (RFC 6455) that a websocket is closed with when its session is over."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What the gate and the sign-in page know together. `base` is the path below which all addresses lie, or ""."""

    access: Access
    base: str = ""
    sessions: Sessions = field(default_factory=Sessions)
    limiter: Limiter = field(default_factory=Limiter)

    def session(self, cookies: "Mapping[str, str]") -> Session | None:
        """The session of whoever sends these cookies; None if there is none, or the person is not admitted."""
        if self.access.way is Way.PASSWORD:
            return self.sessions.find(cookies.get(COOKIE, ""))
        person = self.person(cookies)
        return self.sessions.adopt(person.token, person.email, person.age) if person and self.admits(person) else None

    def person(self, cookies: "Mapping[str, str]") -> identity.Person | None:
        """Who signed in by OpenID Connect, admitted or not."""
        return identity.person(cookies) if self.access.way is Way.OIDC else None

    def admits(self, person: identity.Person) -> bool:
        """Whether the configuration names the person, and her service is still one of ours."""
        return person.verified and person.provider in self.access.providers and self.access.admits(person.email)

    def sign_out(self, cookies: "Mapping[str, str]") -> None:
        """End the session that these cookies stand for, and close its websockets."""
        person = self.person(cookies)
        self.sessions.end(person.token if person else cookies.get(COOKIE, ""))

    @property
    def before_sign_in(self) -> frozenset[str]:
        """Paths that answer without a session."""
        ours = {SIGN_IN, SIGN_IN_WITH, SIGN_OUT, HEALTH}
        streamlits = {identity.LOGIN, identity.CALLBACK, identity.LOGOUT} if self.access.way is Way.OIDC else set()
        return frozenset(self.base + path for path in ours | streamlits)


@lru_cache(maxsize=1)
def guard() -> Guard:
    """The guard of this server. Ends the program, with a message, where the configuration is wrong."""
    from streamlit import config

    try:
        access = read(os.environ, _auth_section(), config.get_option("server.address"))
    except Misconfigured as wrong:
        print(f"HopKB does not start. {wrong}", file=sys.stderr)
        raise SystemExit(2) from None
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return Guard(access, f"/{path}" if path else "")


def _auth_section() -> "Mapping[str, object] | None":
    """The section [auth] of secrets.toml; None without one."""
    import streamlit as st
    from streamlit import config
    from streamlit.errors import StreamlitSecretNotFoundError

    try:
        section = st.secrets.to_dict().get("auth")
    except (StreamlitSecretNotFoundError, OSError) as error:
        if any(os.path.lexists(path) for path in config.get_option("secrets.files")):
            raise Misconfigured(f"secrets.toml cannot be read: {error}") from None
        return None
    if section is not None and not isinstance(section, dict):
        raise Misconfigured("auth in secrets.toml must be a section, [auth].")
    return section


def middleware() -> "list[Middleware]":
    """What stands in front of all routes, for st.App."""
    from starlette.middleware import Middleware

    return [Middleware(Gate, guard=guard())]


class Gate:
    """ASGI middleware that lets requests of a session pass."""

    def __init__(self, app: "ASGIApp", guard: Guard) -> None:
        self._app = app
        self._guard = guard
        self._before_sign_in = guard.before_sign_in

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer, or pass on to the application."""
        from starlette.requests import HTTPConnection

        way = self._guard.access.way
        if scope["type"] == "lifespan" or way is Way.OPEN:
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        if way is Way.LOCAL:
            passes = _stays_here(request)
            await (self._app if passes else _refuse_strangers)(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in self._before_sign_in:
            if scope["path"] == self._guard.base + identity.LOGOUT:
                self._guard.sign_out(request.cookies)
            await self._app(scope, receive, _returning(self._guard, request, send))
        elif (session := self._guard.session(request.cookies)) is None:
            await self._turn_away(request, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._until_over(session, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _turn_away(self, request: "HTTPConnection", scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Send a reader to the sign-in page, and refuse everything else."""
        from starlette.responses import PlainTextResponse, RedirectResponse, Response

        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        response: Response
        if scope["method"] in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            asked = scope["path"] + (f"?{query}" if query else "")
            response = RedirectResponse(f"{self._guard.base}{SIGN_IN}?next={quote(asked, safe='')}", 303)
        else:
            response = PlainTextResponse("Sign in first.", 401)
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _until_over(self, session: Session, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a websocket on, and close it when the session is over: it would outlive a sign-out."""
        over = asyncio.ensure_future(self._guard.sessions.over(session))

        async def received() -> "Message":
            message = asyncio.ensure_future(receive())
            await asyncio.wait({message, over}, return_when=asyncio.FIRST_COMPLETED)
            if not over.done():
                return message.result()
            message.cancel()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

        async def sent(message: "Message") -> None:
            if not over.done():
                await send(message)

        try:
            await self._app(scope, received, sent)
        finally:
            over.cancel()


def _stays_here(request: "HTTPConnection") -> bool:
    """Whether a request came to this computer's own address under its own name. A page elsewhere can make a browser
    send requests here under a name of its own (DNS rebinding), and a proxy brings in everybody under its name."""
    server = request.scope.get("server")
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return False
    return server is not None and is_local(server[0]) and is_local(name)


async def _refuse_strangers(scope: "Scope", receive: "Receive", send: "Send") -> None:
    from starlette.responses import PlainTextResponse

    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    text = "This page answers on its own computer only, as http://localhost. To share it, see docs/operating.md."
    await PlainTextResponse(text, 403)(scope, receive, send)


def _returning(guard: Guard, request: "HTTPConnection", send: "Send") -> "Send":
    """`send`, which after a sign-in by OpenID Connect leads to the page first asked for, not to the first page."""
    from ui.server.sign_in import RETURN_COOKIE, safe_return

    if request.scope["path"] != guard.base + identity.CALLBACK or RETURN_COOKIE not in request.cookies:
        return send
    wanted = safe_return(request.cookies[RETURN_COOKIE], guard.base)

    async def sending(message: "Message") -> None:
        from starlette.datastructures import MutableHeaders

        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if "location" in headers:
                headers["location"] = wanted
        await send(message)

    return sending
