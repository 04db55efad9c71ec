"""robots.txt (RFC 9309): asked once a site and run, and obeyed.

HopKB fetches single pages that a person names, yet by program, and a site that asks programs to stay
out means this one too.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.extract.base import Refused
from ingest.fetch.address import Address, follow
from ingest.fetch.transport import OK, ROBOT, Deadline, Web, leads_on
from ingest.fetch.words import FetchFailed

if TYPE_CHECKING:
    from protego import Protego

MOST_BYTES = 500 * 2**10
"""What RFC 9309, section 2.5, asks a program to read; rules behind it are not seen."""


@dataclass(slots=True)
class _Site:
    """What one site asks for, or why nobody knows; when it was last asked for a page (monotonic, s)."""

    rules: "Protego | FetchFailed"
    last: float = float("-inf")


class Robots:
    """The rules of the sites visited in one run."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._sites: dict[str, _Site] = {}

    def enter(self, address: Address, deadline: Deadline) -> None:
        """Return when `address` may be asked for: at once, or after the site's Crawl-delay.

        Raises Refused where the site keeps programs out, FetchFailed where its rules cannot be read.
        """
        site = self._sites.get(address.origin)
        if site is None:
            site = self._sites[address.origin] = _Site(self._read(address, deadline))
        if isinstance(site.rules, FetchFailed):
            raise FetchFailed(str(site.rules))
        if not site.rules.can_fetch(str(address), ROBOT):
            raise Refused(
                "is closed to programs by its site (robots.txt): "
                "if you may use it, save the page from a browser and ingest the file"
            )
        pause = min(site.rules.crawl_delay(ROBOT) or 0.0, self._web.limits.pause)
        wait = site.last + pause - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, deadline.left()))
        site.last = time.monotonic()

    def _read(self, address: Address, deadline: Deadline) -> "Protego | FetchFailed":
        """The rules of the site of `address`. Raises Refused where the site must not be asked at all."""
        from protego import Protego

        here = Address(address.scheme, address.host, address.port, "/robots.txt")
        try:
            reply = self._web.get(here, deadline, most=MOST_BYTES)
        except FetchFailed as failure:
            return failure
        try:
            for _ in range(self._web.limits.redirects):
                if not leads_on(reply):
                    break
                here = follow(here, str(reply.headers["Location"]))
                reply = self._web.get(here, deadline, most=MOST_BYTES)
        except (Refused, FetchFailed):
            return _unread(f"leads on from {here}, to where it cannot be read")
        if reply.status >= 500 or reply.status == 429:  # busy, not absent: RFC 9309 says to stay out
            return _unread(f"is not to be had now ({reply.status})")
        return Protego.parse(reply.body.decode("utf-8", errors="replace") if reply.status in OK else "")


def _unread(why: str) -> FetchFailed:
    return FetchFailed(f"must wait: the site's rules for programs (robots.txt) cannot be read, the file {why}")
