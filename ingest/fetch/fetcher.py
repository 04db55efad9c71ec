"""From a web address to a file in a folder."""

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.extract.base import Refused
from ingest.fetch import media
from ingest.fetch.address import Address, follow, parse
from ingest.fetch.robots import Robots
from ingest.fetch.transport import OK, ORDINARY, Deadline, FetchLimits, Reply, Web, leads_on
from ingest.fetch.words import FetchFailed

_BY_HAND = "save it from a browser and ingest the file"
_REFUSALS = {
    401: f"asks for a sign-in (401): {_BY_HAND}",
    403: f"is closed to programs, or to everybody (403): if you can open it, {_BY_HAND}",
    404: "does not exist (404): it was moved, or the address is misspelt",
    410: "was removed for good (410)",
    451: "may not be shown for legal reasons (451)",
}
_FAILURES = {
    408: "did not answer in time (408): try again later",
    425: "is not ready to answer (425): try again later",
    429: "was asked for too often (429): try again in an hour",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page or file from the web. `asked` and `address` are normalised: as given, and after redirects;
    `retrieved_at` is ISO 8601 in UTC, to the second; `media_type` is what the server called it, or ""."""

    asked: str
    address: str
    file: Path
    retrieved_at: str
    media_type: str


class Fetcher:
    """Fetches addresses in one run, and asks each site once for its robots.txt.

    `allowed` names machines as "host:port" that may be asked though they are not on the public web; `proxy` is
    "http://HOST:PORT" or "". The environment's proxies are not used: behind one, it and not HopKB decides which
    machine is asked.
    """

    def __init__(self, *, limits: FetchLimits = ORDINARY, allowed: Collection[str] = (), proxy: str = "") -> None:
        self._limits = limits
        self._web = Web(limits, frozenset(allowed), proxy)
        self._robots = Robots(self._web)

    def fetch(self, address: str, folder: Path) -> Fetched:
        """Fetch `address` into a new file in `folder`, whole or not at all.

        Raises Refused for what must not be fetched or is no document, FetchFailed for trouble that may
        pass; both with a reason that continues a sentence beginning with the address.
        """
        deadline = Deadline(self._limits.seconds)
        asked = here = parse(address)
        seen = {asked}
        for _ in range(self._limits.redirects + 1):
            try:
                reply = self._visit(here, deadline)
                if reply.status in OK:
                    return _save(asked, here, reply, folder)
                here = follow(here, str(reply.headers["Location"]))
            except (Refused, FetchFailed) as error:
                raise type(error)(f"leads to {here}, which {error}" if here != asked else str(error)) from error
            if here in seen:
                raise Refused(f"leads in a circle, as pages do that insist on cookies: {_BY_HAND}")
            seen.add(here)
        raise Refused(f"leads on and on, more than {self._limits.redirects} times: {_BY_HAND}")

    def _visit(self, address: Address, deadline: Deadline) -> Reply:
        """The page, or where it leads: a reply with body or `Location`."""
        self._robots.enter(address, deadline)
        reply = self._web.get(address, deadline, check=lambda reply: _check(address, reply))
        status = reply.status
        if status in OK or leads_on(reply):
            return reply
        if status in _FAILURES:
            raise FetchFailed(_FAILURES[status])
        if 400 <= status < 500:
            raise Refused(_REFUSALS.get(status, f"is refused by its site ({status})"))
        if status >= 500:
            raise FetchFailed(f"is on a site with a fault of its own ({status}): try again later")
        raise FetchFailed(f"got an answer without a document ({status}): try again later")


def _check(address: Address, reply: Reply) -> None:
    """Raises Refused, before it is downloaded, for what is no document."""
    media.suffix(address, reply.headers)


def _save(asked: Address, here: Address, reply: Reply, folder: Path) -> Fetched:
    if not reply.body.strip():
        raise Refused("is empty")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / media.file_name(here, reply.headers)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(media.in_utf8(reply.body, target.suffix, reply.headers))
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Fetched(
        asked=str(asked),
        address=str(here),
        file=target,
        retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        media_type=media.media_type(reply.headers),
    )
