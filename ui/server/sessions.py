"""Who is signed in. Kept in memory: a restart, and with it a new password, signs everybody out."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LIFETIME = 12 * 60 * 60.0
"""Seconds from sign-in to sign-out: a working day, so that a computer left open is closed the next morning."""

MOST = 10_000
"""Sessions remembered, about 5 MB; beyond them the oldest ends."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in: of whom (an e-mail address, or "" by the shared password), until when, and whether it was ended."""

    name: str
    expires: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Sessions:
    """Sessions by the digest of what the browser shows; the thing itself is not kept. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def open(self) -> str:
        """Begin a session of the shared password; the token that the browser shows from now on."""
        token = secrets.token_urlsafe(32)
        self.adopt(token, "", 0.0)
        return token

    def adopt(self, token: str, name: str, age: float) -> Session | None:
        """The session of a sign-in made elsewhere `age` seconds ago; None if it is over."""
        key = _digest(token)
        if key not in self._sessions:
            self._purge()
            self._sessions[key] = Session(name, self._clock() + LIFETIME - age)
        return self._live(self._sessions[key])

    def find(self, token: str) -> Session | None:
        """The session that a token stands for; None if there is none, or it is over."""
        session = self._sessions.get(_digest(token))
        return self._live(session) if session else None

    def end(self, token: str) -> None:
        """Sign out. The session stays known as ended, so that nobody revives it with a copy of the cookie."""
        if session := self._sessions.get(_digest(token)):
            session.ended.set()

    async def over(self, session: Session) -> None:
        """Wait until a session is over."""
        try:
            await asyncio.wait_for(session.ended.wait(), session.expires - self._clock())
        except TimeoutError:
            return

    def _live(self, session: Session) -> Session | None:
        return None if session.ended.is_set() or session.expires <= self._clock() else session

    def _purge(self) -> None:
        now = self._clock()
        for key in [key for key, session in self._sessions.items() if session.expires <= now]:
            del self._sessions[key]
        if len(self._sessions) >= MOST:
            self._sessions.pop(next(iter(self._sessions))).ended.set()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
