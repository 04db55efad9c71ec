"""How many pages are drawn at once.

Streamlit draws every session's page in a thread of its own. Fifty of them at once share Python's one lock with the
thread that sends what they have drawn: all finish late together, and a page can be lost for good, because what it has
drawn is still unsent when the browser asks for the next look at new documents. Two at a time, in the order in which
they came, are finished twice as soon in the middle, and none is lost (docs/decisions/load.md).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
"""Pages: one computes while the other waits for the disk or the encoder's own threads."""

PATIENCE = 20.0
"""Seconds to wait for a turn at most: a page that hangs must not hold up all others."""

_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to draw a page, and hold it."""
    mine = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turns.release()
