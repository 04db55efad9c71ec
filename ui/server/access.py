"""Who may open the pages, as environment variables and .streamlit/secrets.toml say; read once, when the server starts.

(nothing)            this computer only, without sign-in
HOPKB_PASSWORD_HASH  one shared password: its hash, or the file that holds it
HOPKB_ALLOW          sign-in by OpenID Connect, [auth] in secrets.toml: "someone@city.pl,@city.lv"
HOPKB_OPEN=1         everyone who reaches the address, without sign-in
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PASSWORD_HASH = "HOPKB_PASSWORD_HASH"
ALLOW = "HOPKB_ALLOW"
OPEN = "HOPKB_OPEN"
PROXIES = "FORWARDED_ALLOW_IPS"
"""uvicorn's variable: the proxies whose word on a visitor's address and on https is taken; 127.0.0.1 if unset."""

SHORTEST_SECRET = 32
"""Characters of the secret that signs the cookies of OpenID Connect: 128 bits even as hexadecimal digits."""

_PROVIDER = {"client_id", "client_secret", "server_metadata_url"}


class Misconfigured(Exception):
    """The server must not start: what is wrong, and what to do."""


class Way(StrEnum):
    """How somebody gets in."""

    LOCAL = "local"
    OPEN = "open"
    PASSWORD = "password"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open the pages. `allowed` are e-mail addresses and, with an @ in front, domains, in lower case."""

    way: Way
    password_hash: str = ""
    allowed: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()

    def admits(self, email: str) -> bool:
        """Whether the owner of an e-mail address may come in: it, or exactly its domain, is named."""
        address = email.strip().lower()
        name, at, domain = address.rpartition("@")
        return bool(name and at) and (address in self.allowed or f"@{domain}" in self.allowed)


def read(environment: Mapping[str, str], auth: Mapping[str, object] | None, address: str | None) -> Access:
    """The access that the environment, the section [auth] of secrets.toml and the server's address ask for.

    Raises Misconfigured where they contradict each other, or would leave open what was meant to be closed.
    """
    password, is_open = environment.get(PASSWORD_HASH), _switch(environment)
    if sum((password is not None, auth is not None, is_open)) > 1:
        raise Misconfigured(
            f"Choose one way in: a shared password ({PASSWORD_HASH}), OpenID Connect ([auth] in secrets.toml) "
            f"or no sign-in at all ({OPEN}=1). More than one is set."
        )
    if password is not None:
        _check_proxies(environment)
        return Access(Way.PASSWORD, password_hash=_hash(password))
    if auth is not None:
        return Access(Way.OIDC, allowed=_allowed(environment.get(ALLOW, "")), providers=_providers(auth))
    if ALLOW in environment:
        raise Misconfigured(f"{ALLOW} names who may sign in, but .streamlit/secrets.toml has no section [auth].")
    if is_open:
        return Access(Way.OPEN)
    if not is_local(address):
        raise Misconfigured(
            f"The address {address or 'of every network'} is open to other computers, and there is no sign-in. "
            f"Set one up (docs/operating.md), or set {OPEN}=1 if everyone who reaches it may read all documents."
        )
    return Access(Way.LOCAL)


def is_local(host: str | None) -> bool:
    """Whether the name or address `host` stands for this computer only."""
    name = (host or "").strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _switch(environment: Mapping[str, str]) -> bool:
    value = environment.get(OPEN, "")
    if value not in {"", "0", "1"}:
        raise Misconfigured(f"{OPEN} is {value!r}; it can be 1 (everyone may read, without sign-in) or 0.")
    return value == "1"


def _hash(given: str) -> str:
    """The Argon2 hash that is `given`, or that stands in the file of that name."""
    from argon2 import extract_parameters
    from argon2.exceptions import InvalidHashError

    value = given.strip()
    if not value.startswith("$"):
        try:
            value = Path(value).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError, ValueError):
            raise Misconfigured(f"{PASSWORD_HASH} is neither a hash nor a file that can be read. {_MAKE_ONE}") from None
    try:
        extract_parameters(value)
    except InvalidHashError:
        raise Misconfigured(f"{PASSWORD_HASH} holds no Argon2 hash. {_MAKE_ONE}") from None
    return value


_MAKE_ONE = "Make one with: python -m ui.server.password (and quote it: shells cut it at each $)"


def _check_proxies(environment: Mapping[str, str]) -> None:
    """Were every proxy trusted, a visitor could claim a new address with each guess."""
    if "*" in environment.get(PROXIES, ""):
        raise Misconfigured(f"{PROXIES} trusts everyone's word on addresses. Name the proxy's address instead.")


def _allowed(given: str) -> tuple[str, ...]:
    entries = tuple(entry.strip().lower() for entry in given.split(",") if entry.strip())
    for entry in entries:
        name, at, domain = entry.rpartition("@")
        if not at or not domain or "@" in name or "*" in entry or " " in entry:
            raise Misconfigured(
                f"{ALLOW} holds {entry!r}; it takes addresses (someone@city.pl) and domains (@city.lv)."
            )
    return entries


def _providers(auth: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the sign-in services in [auth]; "default" is the one without a name."""
    redirect = urlsplit(str(auth.get("redirect_uri", "")))
    if not redirect.hostname or not redirect.path.endswith("/oauth2callback"):
        raise Misconfigured("[auth] in secrets.toml needs redirect_uri, this page's address with /oauth2callback.")
    if redirect.scheme != "https" and not is_local(redirect.hostname):
        raise Misconfigured("redirect_uri in secrets.toml must begin with https://: sign-in needs TLS.")
    if len(str(auth.get("cookie_secret", ""))) < SHORTEST_SECRET:
        raise Misconfigured(
            f"[auth] in secrets.toml needs cookie_secret, {SHORTEST_SECRET} random characters or more. "
            "Make one with: openssl rand -hex 32"
        )
    named = {
        name: section for name, section in auth.items() if isinstance(section, Mapping) and name != "client_kwargs"
    }
    sections = ({"default": auth} if "client_id" in auth else {}) | named
    if not sections:
        raise Misconfigured("[auth] in secrets.toml names no sign-in service: client_id is missing.")
    for name, section in sections.items():
        if missing := sorted(_PROVIDER - section.keys()):
            raise Misconfigured(f"The sign-in service {name!r} in secrets.toml lacks {', '.join(missing)}.")
    return tuple(sections)
