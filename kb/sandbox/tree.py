"""The processes that a process started, and what they use. Linux only; elsewhere none are seen."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")

PAUSE = 0.001
"""Seconds that the kernel gets to end what was killed."""


@dataclass(frozen=True, slots=True)
class Use:
    """What processes use together: `memory` in bytes resident, pages that two of them share counted twice."""

    processes: int
    memory: int


def use_below(pid: int) -> Use:
    """What the descendants of process `pid` use."""
    found = descendants(pid)
    return Use(len(found), sum(map(_resident, found)))


def descendants(pid: int) -> list[int]:
    """The process ids of all that `pid` started, parents before children."""
    found = _children(pid)
    for child in found:
        found += _children(child)
    return found


def end_descendants() -> None:
    """Kill all that this process started and has inherited, and wait until they are gone."""
    while found := descendants(os.getpid()):
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue
        time.sleep(PAUSE)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in (_PROC / str(pid) / "task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    except OSError:  # it has ended meanwhile
        return found
    return found


def _resident(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
