"""The pages' style, put into the page that Streamlit serves: what came after the first elements would move them."""

from typing import TYPE_CHECKING

from ui.html import STYLE

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# At its end: Streamlit adds styles of its own to the head, and of two equal rules the later one counts.
_ENDS, _IS_STREAMLITS = b"</body>", b'id="root"'

_ASKED_WITHOUT = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""Headers of a request for a page that are left out: with them, the answer might not be the whole page as it is."""

_ANSWERED_WITHOUT = {b"content-length", b"etag", b"last-modified"}


def middleware() -> "list[Middleware]":
    """What adds the style, for st.App."""
    from starlette.middleware import Middleware

    return [Middleware(Style)]


class Style:
    """ASGI middleware that adds the style to Streamlit's page."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on; a page that comes back gets the style."""
        if scope["type"] != "http" or b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            await self._app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name not in _ASKED_WITHOUT]
        start: Message = {}
        body = b""

        async def sent(message: "Message") -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await _send_page(start, body, send)

        await self._app({**scope, "headers": asked}, receive, sent if scope["method"] == "GET" else send)


async def _send_page(start: "Message", body: bytes, send: "Send") -> None:
    if _IS_STREAMLITS in body and _ENDS in body:
        body = body.replace(_ENDS, STYLE.encode() + _ENDS, 1)
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in _ANSWERED_WITHOUT]
    await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
