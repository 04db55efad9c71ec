"""Whether the server's memory stays flat while sessions come and go."""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np

from benchmarks.load.person import Person
from benchmarks.load.server import Server

SEARCHES = 5
"""Of a session, before it goes."""

STEP = 100
"""Searches between two looks at the memory."""

FEWEST = 4 * STEP
"""Searches that give the second half enough readings for a line."""


async def growth(server: Server, questions: Sequence[str], searches: int) -> dict[str, Any]:
    """Resident memory after every STEP searches, in MB, and its growth over the second half, when the caches and the
    sessions that Streamlit keeps for those who come back (128 at most) are full.

    Memory rises and falls as Python collects its garbage, so the most it reaches in each half tells more than the line.
    """
    asking = cycle(questions)
    readings = [server.memory()]
    done = 0
    while done < searches:
        async with Person(server.host) as person:
            await person.open()
            for question in islice(asking, SEARCHES):
                await person.ask(question)
                done += 1
                if done % STEP == 0:
                    readings.append(server.memory())
    middle = len(readings) // 2
    slope = float(np.polyfit(np.arange(len(readings) - middle) * STEP, readings[middle:], 1)[0])
    return {
        "searches": done,
        "sessions": done // SEARCHES,
        "MB after each hundred": [round(reading / 1024, 1) for reading in readings],
        "most MB in the first half": round(max(readings[:middle]) / 1024, 1),
        "most MB in the second half": round(max(readings[middle:]) / 1024, 1),
        "growth in the second half, KB a search": round(slope, 2),
    }
