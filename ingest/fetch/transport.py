"""One request to one checked machine, under limits of time and size."""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from ingest.extract.base import Refused
from ingest.fetch import guard
from ingest.fetch.address import Address
from ingest.fetch.words import FetchFailed, in_words, proxy_hint

if TYPE_CHECKING:
    from urllib3 import HTTPResponse
    from urllib3.connection import HTTPConnection
    from urllib3.util import Url

ROBOT = "HopKB"
"""The name under which robots.txt may address us."""

ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
"""Both are in Python itself; sites that offer br or zstd offer gzip too."""

OK = frozenset({200, 203})
"""203: the page itself, changed by a gateway on the way."""

CHUNK = 2**16
"""Bytes read at once: how far the limit on size can be overshot."""

MOST_MACHINES = 3
"""A name with more addresses than that is not tried to the end."""

logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
"""It warns of each malformed header with a stack trace; such pages read well."""

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one address may cost."""

    size: int = 50 * 2**20
    """Bytes, after unpacking; a scanned report of 300 pages has about 40 MB."""

    seconds: float = 120
    """Wall time of everything: robots.txt, redirects, pauses, download; 50 MB at 4 Mbit/s take 105 s. A name that
    is being looked up is waited for, as long as the system does (mostly 10 to 30 s)."""

    connecting: float = 10
    """Seconds until a connection stands, encryption included; ordinary ones take 0.1 s."""

    silence: float = 30
    """Seconds without a byte; slow content management systems think for 10 s before they answer."""

    redirects: int = 5
    """What RFC 9309 asks for robots.txt; real pages have one or two."""

    pause: float = 10
    """Seconds: the longest Crawl-delay that is waited out."""


ORDINARY = FetchLimits()


class Deadline:
    """A moment by which all must be done."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, above 0. Raises FetchFailed where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"took longer than {self._seconds:g} s: try again when the site is less busy")
        return left


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; `body` is unpacked, and empty unless the status is 200."""

    status: int
    headers: Message
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Web:
    """The way out. `allowed` are machines ("127.0.0.1:8080") that may be asked though not public; `proxy` is
    the address of a proxy through which all requests go, or "" for none."""

    limits: FetchLimits
    allowed: Collection[str] = ()
    proxy: str = ""
    _agent: str = field(default_factory=lambda: f"{ROBOT}/{version('hopkb')} (fetches single pages that people name)")

    def get(
        self,
        address: Address,
        deadline: Deadline,
        *,
        check: Callable[[Reply], None] = lambda _: None,
        most: int | None = None,
    ) -> Reply:
        """Ask for `address`; redirects are not followed.

        `check` sees the reply before its body is read and may raise Refused. `most`: bytes at which the body is
        cut off; without it a body beyond the limit is refused. Raises Refused for what must not be asked and what
        is too large, FetchFailed for trouble that may pass.
        """
        try:
            with ExitStack() as open_until_here:
                connection = open_until_here.enter_context(closing(self._connect(address, deadline)))
                open_until_here.enter_context(_cut_off(connection, deadline))
                connection.timeout = self.limits.silence
                connection.request("GET", self._target(address), headers=self._headers(address), preload_content=False)
                response = open_until_here.enter_context(closing(connection.getresponse()))
                reply = Reply(response.status, _headers(response))
                if reply.status in OK:
                    check(reply)
                    reply = Reply(reply.status, reply.headers, self._body(response, reply, most))
            deadline.left()  # a body without a stated length ends cleanly when it is cut off
            return reply
        except (Refused, FetchFailed):
            raise
        except Exception as error:
            deadline.left()
            raise FetchFailed(in_words(error)) from error

    def _connect(self, address: Address, deadline: Deadline) -> "HTTPConnection":
        """A connection to a machine that was checked. Raises what sockets raise, or Refused."""
        trouble: Exception | None = None
        for ip in self._machines(address):
            connection = self._connection(address, ip, min(self.limits.connecting, deadline.left()))
            try:
                connection.connect()
                return connection
            except Exception as error:
                connection.close()
                trouble = error
        if isinstance(trouble, ssl.SSLError):  # somebody is there, so it is not a missing proxy
            raise trouble
        raise FetchFailed(in_words(trouble or OSError()) + ("" if self.proxy else proxy_hint())) from trouble

    def _machines(self, address: Address) -> tuple[str | None, ...]:
        """The IP addresses to try; None: the proxy. It looks names up itself, so only what this machine knows
        of the name can be checked; often that is nothing."""
        try:
            found = guard.resolve(address, self.allowed)
        except guard.NotFound as error:
            if not self.proxy:
                raise FetchFailed(str(error) + proxy_hint()) from error
        return (None,) if self.proxy else found[:MOST_MACHINES]

    def _connection(self, address: Address, ip: str | None, timeout: float) -> "HTTPConnection":
        from urllib3.connection import HTTPConnection, HTTPSConnection

        proxy = _proxy(self.proxy) if ip is None else None
        host, port = (str(proxy.host), proxy.port) if proxy else (str(ip), address.port)
        if address.scheme == "http":
            return HTTPConnection(host, port, timeout=timeout)
        # The certificate is checked against the name, though the connection goes to the number.
        secure = HTTPSConnection(host, port, timeout=timeout, ssl_context=_trust(), server_hostname=address.host)
        if proxy:
            secure.set_tunnel(address.host, address.port)
        return secure

    def _target(self, address: Address) -> str:
        return str(address) if self.proxy and address.scheme == "http" else address.target

    def _headers(self, address: Address) -> dict[str, str]:
        return {
            "Host": address.authority,
            "User-Agent": self._agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }

    def _body(self, response: "HTTPResponse", reply: Reply, most: int | None) -> bytes:
        coding = str(reply.headers.get("Content-Encoding", "")).strip().lower()
        if coding not in ENCODINGS | {"", "identity"}:
            raise Refused(f"comes packed in a way that was not asked for ({coding[:40]})")
        limit = self.limits.size if most is None else most
        if most is None and (response.length_remaining or 0) > limit:
            raise _too_large(limit)
        body = bytearray()
        while chunk := response.read(CHUNK):
            body += chunk
            if len(body) > limit:
                if most is None:
                    raise _too_large(limit)
                break
        return bytes(body[:limit])


def leads_on(reply: Reply) -> bool:
    """Whether the server answered with a redirect."""
    return reply.status in {301, 302, 303, 307, 308} and bool(reply.headers.get("Location"))


def _too_large(limit: int) -> Refused:
    size = f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit} bytes"
    return Refused(f"is larger than the limit of {size}: download it yourself and ingest the file")


@contextmanager
def _cut_off(connection: "HTTPConnection", deadline: Deadline) -> Iterator[None]:
    """Shut the connection at the deadline, whatever it is doing: a server that sends a byte a second, in the
    headers even, never runs into a socket's own timeout."""
    opened = connection.sock
    assert opened is not None, "connect() makes one"

    def shut() -> None:
        # Not SSLSocket.shutdown, which would take the encryption from under the reading thread.
        with suppress(OSError):  # closed meanwhile
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left(), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _headers(response: "HTTPResponse") -> Message:
    """The headers with the parser for their parameters (charset, filename) that e-mail has."""
    headers = Message()
    for name, value in response.headers.items():
        headers[name] = value
    return headers


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Certificates of the system, which may know the city's own authority, and of certifi, for systems that
    have none."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _proxy(address: str) -> "Url":
    from urllib3.util import parse_url

    url = parse_url(address)
    if url.scheme != "http" or not url.host or not url.port or url.auth:
        raise Refused("cannot be fetched: the proxy must be given as http://HOST:PORT, without a password")
    return url
