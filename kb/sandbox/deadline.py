"""A time limit on what this process itself makes of what a child returned."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from kb.sandbox.limits import Broken

AGAIN = 1.0
"""Seconds after which the body is stopped once more, where it has taken the first stop for a fault of its own."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises Broken in the body after `seconds`. Only the main thread can be stopped; in another there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Broken(f"took longer than {seconds:g} s to read")

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
