"""People who search at once: at their own pace, and all in the same second."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from websockets.exceptions import WebSocketException

from benchmarks.load.person import Page, Person
from benchmarks.load.server import Server

THINKING = (5.0, 15.0)
"""Seconds between a page's end and the next question, evenly spread: reading one's own language takes longer."""

ARRIVING = 15.0
"""Seconds over which people come, evenly spread."""

SEED = 6


@dataclass(slots=True)
class Record:
    """What was measured: pages drawn, and what went wrong with others."""

    pages: list[Page] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Counts and seconds from question to finished page."""
        seconds = np.array([page.seconds for page in self.pages] or [np.nan])
        p50, p95 = np.percentile(seconds, [50, 95])
        return {
            "pages": len(self.pages),
            "errors": len(self.errors),
            "kinds of errors": sorted(set(self.errors)),
            "median s": round(float(p50), 2),
            "p95 s": round(float(p95), 2),
            "most s": round(float(seconds.max()), 2),
        }


async def crowd(server: Server, questions: Sequence[str], people: int, seconds: float) -> dict[str, Any]:
    """The two measurements with `people` sessions: at their own pace for `seconds`, then all at once."""
    chance = random.Random(SEED)
    await _warm(server, questions[0])
    async with AsyncExitStack() as stack:
        opened = Record()
        crowd_ = [await stack.enter_async_context(Person(server.host)) for _ in range(people)]
        asking = [_shuffled(questions, chance) for _ in crowd_]
        arrivals = [chance.uniform(0, ARRIVING * people / 50) for _ in crowd_]
        await asyncio.gather(*(_arrive(person, at, opened) for person, at in zip(crowd_, arrivals, strict=True)))
        calm = Record()
        cpu, began = server.cpu(), time.monotonic()
        until = began + seconds
        pairs = list(zip(crowd_, asking, strict=True))
        await asyncio.gather(*(_search(*pair, until, calm, random.Random(at)) for at, pair in enumerate(pairs)))
        wall, used = time.monotonic() - began, server.cpu() - cpu
        burst = Record()
        await asyncio.gather(*(_ask(person, next(asked), burst) for person, asked in pairs))
        return {
            "people": people,
            "opening": opened.summary(),
            "at their own pace": {
                **calm.summary(),
                "pages a second": round(len(calm.pages) / wall, 2),
                "server cores": round(used / wall, 2),
            },
            "all at once": burst.summary(),
            "server threads": server.threads(),
            "server MB": round(server.memory() / 1024),
        }


async def _warm(server: Server, question: str) -> None:
    """The first search of a server loads the encoder and reads the indices: benchmarks/speed measures that."""
    async with Person(server.host) as first:
        await first.open()
        await first.ask(question)


def _shuffled(questions: Sequence[str], chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(questions, len(questions))


async def _arrive(person: Person, after: float, record: Record) -> None:
    await asyncio.sleep(after)
    await _measured(person.open(), record)


async def _search(person: Person, asking: Iterator[str], until: float, record: Record, chance: random.Random) -> None:
    """Think and ask in turn; who would ask after `until` no longer does."""
    while (pause := chance.uniform(*THINKING)) < until - time.monotonic():
        await person.wait(pause)
        await _ask(person, next(asking), record)
    await person.wait(max(0.0, until - time.monotonic()))


async def _ask(person: Person, question: str, record: Record) -> None:
    page = await _measured(person.ask(question), record)
    if page and not page.has_results:
        record.errors.append("no results")


async def _measured(drawing: Any, record: Record) -> Page | None:
    try:
        page: Page = await drawing
    except (TimeoutError, OSError, WebSocketException) as error:
        record.errors.append(type(error).__name__)
        return None
    record.pages.append(page)
    return page
