"""How often a password may be tried: pauses that grow, for each address and for all of them together."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

FREE = 5
"""Attempts of one address before its first pause: people mistype."""

FREE_OVERALL = 30
"""Attempts of all addresses before the first pause of all: a small team on the morning after a new password."""

FIRST_PAUSE = 2.0
"""Seconds; each further attempt doubles the pause."""

LONGEST = 15 * 60.0
"""Seconds one address waits at most: some hundred guesses a day, and nobody is locked out for good."""

LONGEST_OVERALL = 30.0
"""Seconds all wait at most: an attack from many addresses makes 3,000 guesses a day, and costs others patience only."""

FORGOTTEN = 60 * 60.0
"""Seconds without an attempt after which the earlier ones are forgotten."""

MOST_ADDRESSES = 10_000
"""Addresses remembered, about 2 MB; beyond them the one that was quiet longest is forgotten."""


@dataclass(slots=True)
class _Tally:
    attempts: int = 0
    until: float = 0.0
    last: float = 0.0

    def count(self, now: float, free: int, longest: float) -> None:
        if now - self.last > FORGOTTEN:
            self.attempts = 0
        self.attempts, self.last = self.attempts + 1, now
        doublings = min(self.attempts - free, 30)
        self.until = now + min(FIRST_PAUSE * 2**doublings, longest) if doublings >= 0 else now


class Limiter:
    """Counts attempts. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._overall = _Tally()
        self._addresses: OrderedDict[str, _Tally] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def admit(self, address: str) -> float:
        """Seconds that `address` has to wait; 0 admits one attempt, and counts it before it is made, so that many
        at once are not all admitted. Addresses that signed in before do not wait for what others do."""
        now, key = self._clock(), _network(address)
        tally = self._addresses.get(key) or _Tally()
        until = tally.until if key in self._known else max(tally.until, self._overall.until)
        if until > now:
            return until - now
        tally.count(now, FREE, LONGEST)
        _remember(self._addresses, key, tally)
        if key not in self._known:
            self._overall.count(now, FREE_OVERALL, LONGEST_OVERALL)
        return 0.0

    def succeeded(self, address: str) -> None:
        """Forget the attempts of an address that knew the password."""
        key = _network(address)
        self._addresses.pop(key, None)
        if key not in self._known:
            self._overall.attempts = max(0, self._overall.attempts - 1)
        _remember(self._known, key, None)


def _remember(table: OrderedDict[str, T], key: str, value: T) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > MOST_ADDRESSES:
        table.popitem(last=False)


def _network(address: str) -> str:
    """What one visitor can have of addresses: one of IPv4, the 2^64 of a network of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
