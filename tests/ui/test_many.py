"""Many people at once, each in a session of her own over the websocket that browsers use."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.load.person import Page, Person
from benchmarks.load.server import serving

PEOPLE = 20
QUESTIONS = ("how do cities motivate volunteers", "kas apdrošina brīvprātīgos", "jak motywować wolontariuszy")


def test_everybody_who_asks_in_the_same_second_is_shown_results_again_and_again(corpus_home: Path) -> None:
    async def ask_together(host: str) -> list[Page]:
        async with AsyncExitStack() as stack:
            people = [await stack.enter_async_context(Person(host)) for _ in range(PEOPLE)]
            for person in people:
                await person.open()
            return [
                page
                for question in QUESTIONS
                for page in await asyncio.gather(*(person.ask(question) for person in people))
            ]

    # Elsewhere: in this thread the loop of the browser's tests may be running.
    with serving(corpus_home) as server, ThreadPoolExecutor(1) as elsewhere:
        pages = elsewhere.submit(asyncio.run, ask_together(server.host)).result()
    assert len(pages) == PEOPLE * len(QUESTIONS)
    assert all(page.has_results for page in pages)
