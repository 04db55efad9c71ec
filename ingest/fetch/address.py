"""Web addresses: what is one, and the one form in which the knowledge base keeps it."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urljoin

from ingest.extract.base import Refused

PORTS = {"http": 80, "https": 443}

MOST_CHARACTERS = 2_000
"""Longer than any address that people pass on; servers refuse longer ones too."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_ESCAPE = re.compile(r"%([0-9A-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")
"""RFC 3986, section 2.3, without the dot: decoding "%2E%2E" would make a path climb."""


@dataclass(frozen=True, slots=True)
class Address:
    """A normalised http or https address. `host` is ASCII (IDNA), an IPv6 address without brackets;
    `target` is path and query, percent-encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as in an address: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def machine(self) -> str:
        """Host and port, as an exception from the rules names them: the port is always written."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


def is_address(text: str) -> bool:
    """Whether `text` is meant as an address and not as a path: "https://...", but also "ftp://...",
    which `normalise` refuses with a reason."""
    return bool(_SCHEME.match(text.strip()))


def normalise(address: str) -> str:
    """The one form of `address`: scheme and host in lower case, an international name as IDNA, no default
    port, no fragment, dots in the path resolved, only what needs it percent-encoded.

    Raises Refused where it is no http(s) address that can be kept: see `parse`.
    """
    return str(parse(address))


def parse(address: str) -> Address:
    """`address` in its one form. Raises Refused for other schemes, a name or password in the address, a host
    that is a number in disguise (2130706433, 0x7f.1), and what is no address at all."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    text = address.strip()
    if not text.isprintable() or len(text) > MOST_CHARACTERS:
        raise Refused("is not a web address: it is too long, or has invisible characters")
    if not text.lower().startswith(("http://", "https://")):
        raise Refused("is not a web address that begins with http:// or https://")
    try:
        url = parse_url(text)
    except LocationParseError:
        raise Refused("is not a web address: check the part between // and the next /") from None
    if url.auth is not None:
        raise Refused("holds a user name or password: take the part before the @ out, it would be kept and shown")
    scheme = str(url.scheme)
    return Address(scheme, _host(url.host or ""), url.port or PORTS[scheme], _shortest(url.request_uri))


def follow(here: Address, location: str) -> Address:
    """Where a redirect at `here` leads. Raises Refused where it must not be followed."""
    text = urljoin(str(here), _utf8(location).strip())
    try:
        there = parse(text)
        if here.scheme == "https" and there.scheme == "http":
            raise Refused("is not encrypted any more (http instead of https)")
    except Refused as refusal:
        shown = "".join(letter for letter in text if letter.isprintable())[:200]
        raise Refused(f"leads to {shown}, which {refusal}") from None
    return there


def _host(host: str) -> str:
    host = host.removesuffix(".")
    try:
        if host.startswith("["):
            return IPv6Address(host[1:-1]).compressed
        # getaddrinfo reads "127.1", "0x7f.1" and "2130706433" as 127.0.0.1; nobody writes a city's page so.
        return str(IPv4Address(host)) if _NUMBER.fullmatch(host.rpartition(".")[2]) else _name(host)
    except AddressValueError:
        raise Refused("has a number for a host: write the site's name instead") from None


def _name(host: str) -> str:
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise Refused("names no site: check the part between // and the next /")
    return host


def _shortest(target: str) -> str:
    """Escapes undone that need not be: "/%7Eanna" and "/~anna" are one page."""

    def letter(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if character in _UNRESERVED else escape[0]

    return _ESCAPE.sub(letter, target)


def _utf8(location: str) -> str:
    """Headers are read as Latin-1; servers that do not escape a redirect send UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
