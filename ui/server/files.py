"""What the server hands out of the knowledge base besides the pages: originals and pictures of their pages.

By the document's number, never by a path. An original is whatever a stranger sent: the browser must save it, never
show or run it.
"""

from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kb import sandbox
from kb.errors import KBError, NotFound
from kb.page_images import AT_ONCE, MEDIA_TYPE, page_image
from kb.types import Document
from ui.opened import knowledge_base
from ui.texts import preferred, texts

_PICTURES_KEPT = 86_400
"""Seconds a browser keeps a picture: its address names the version of the document (`?v=`)."""

_GUARDED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}

VERSION_DIGITS = 8
"""Of a document's hash in the address of a picture."""


def routes(base: str) -> list[BaseRoute]:
    """The routes, below the path `base`. Starts what draws pictures, best before the server has threads."""
    sandbox.start()
    drawing = CapacityLimiter(2 * AT_ONCE)  # who waits for a picture keeps no thread from the pages

    async def picture(request: Request) -> Response:
        return await anyio.to_thread.run_sync(_explained, _picture, request, limiter=drawing)

    def original(request: Request) -> Response:
        return _explained(_original, request)

    return [
        Route(f"{base}/original/{{id:int}}", original),
        Route(f"{base}/page-image/{{id:int}}/{{page:int}}", picture),
    ]


def original_address(document: Document) -> str:
    """The address of the original, relative to a page."""
    return f"original/{document.id}"


def picture_address(document: Document, page: int) -> str:
    """The address of a page's picture, relative to a page."""
    return f"page-image/{document.id}/{page}?v={document.sha256[:VERSION_DIGITS]}"


def _original(request: Request) -> Response:
    document, copy = _found(request)
    return FileResponse(
        copy,
        filename=document.file_name,
        media_type="application/octet-stream",
        headers={**_GUARDED, "Cache-Control": "private, no-cache"},
    )


def _picture(request: Request) -> Response:
    _, copy = _found(request)
    return Response(
        page_image(copy, request.path_params["page"]),
        media_type=MEDIA_TYPE,
        headers={**_GUARDED, "Cache-Control": f"private, max-age={_PICTURES_KEPT}"},
    )


def _found(request: Request) -> tuple[Document, Path]:
    """The document that is asked for and where its original lies. Raises NotFound."""
    kb = knowledge_base()
    with kb.store.explained():
        document = kb.store.document(request.path_params["id"])
    return document, kb.engine.original(document)


def _explained(respond: Callable[[Request], Response], request: Request) -> Response:
    """The response, or in the browser's language why there is none."""
    said = texts(preferred(request.headers.get("accept-language", "").split(",")[0]))
    try:
        return respond(request)
    except (NotFound, OverflowError):  # SQLite's integers end where those of an address do not
        return PlainTextResponse(said["document_file_missing"], 404, _GUARDED)
    except KBError:
        return PlainTextResponse(said["document_file_unreadable"], 503, _GUARDED)
