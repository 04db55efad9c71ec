"""A watched folder: whatever partners drop there is ingested soon after it is whole.

The folder is listed again and again instead of being asked for events: network drives and synchronised
folders have none that can be relied on. A file is taken when two listings in a row show it with the same
size and time, and while no program holds it open by a lock file beside it, so that nothing is read half
written. Times are only compared with each other: the clock of a network drive may be off.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import sidecar
from ingest.discover import Discovery, discover
from ingest.report import FileReport, Status

INTERVAL = 5.0
"""Seconds between two listings."""

TRIES = 3
"""How often a file that failed is tried before it has to change."""

Ingest = Callable[[Discovery], Iterator[FileReport]]
"""Ingests what was found and settles what is gone."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file or its sidecar does: size in bytes and time in ns of each."""

    size: int
    changed: int
    beside: tuple[int, int] = (0, 0)


class Watcher:
    """Looks at folders; `look` says what is ready to be ingested."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._before: dict[Path, Stamp] = {}
        self._done: dict[Path, Stamp] = {}
        self._first = True
        self._tries: Counter[Path] = Counter()

    def look(self) -> Discovery | None:
        """What is new, changed or gone since the last time, as far as it is whole; None where nothing is,
        or where a folder cannot be reached."""
        if not all(_reachable(path) for path in self._paths):
            return None
        found = discover(self._paths)
        now = {path: stamp for path in found.files if (stamp := _stamp(path))}
        still = {path for path, stamp in now.items() if self._before.get(path) == stamp}
        ready = tuple(p for p in found.files if p in still and self._done.get(p) != now[p] and not _locked(p))
        # What is gone may have been renamed: the file of the new name must be whole first.
        gone = set(self._done) - set(now) if len(still) == len(now) else set()
        self._before = now
        if self._done and not now:  # a drive that is not connected leaves an empty folder behind
            return None
        if not (ready or gone or (self._first and not now)):
            return None
        self._first = False
        self._done = {path: stamp for path, stamp in self._done.items() if path not in gone}
        self._done.update({path: now[path] for path in ready})
        return Discovery(ready, ())

    def failed(self, path: Path) -> None:
        """Let the file be tried again: a network drive may have hiccuped. After TRIES times it waits for a change."""
        self._tries[path] += 1
        if self._tries[path] < TRIES:
            self._done.pop(path, None)


def watch(paths: Sequence[Path], ingest: Ingest, interval: float = INTERVAL) -> Iterator[FileReport | None]:
    """Ingest what comes into the folders, for ever; a report for each file of which there is something new
    to say, and None after each listing, when a caller may stop."""
    watcher = Watcher(paths)
    missed: set[str] = set()
    while True:
        ready = watcher.look()
        if ready:
            for report in ingest(ready):
                if report.status is Status.FAILED:
                    watcher.failed(Path(report.path))
                if report.status is not Status.GONE or report.path not in missed:
                    yield report
                (missed.add if report.status is Status.GONE else missed.discard)(report.path)
        yield None
        time.sleep(interval)


def _reachable(path: Path) -> bool:
    """Whether the folder is there: a network drive that went away is not an empty folder."""
    try:
        with os.scandir(path):
            return True
    except OSError:
        return False


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
        beside = sidecar.find(path)
        described = beside.stat() if beside else None
    except OSError:  # it vanished since it was listed
        return None
    return Stamp(
        status.st_size,
        status.st_mtime_ns,
        (described.st_size, described.st_mtime_ns) if described else (0, 0),
    )


def _locked(path: Path) -> bool:
    """Whether a lock file of Word, PowerPoint or LibreOffice says that somebody is writing the file."""
    name = path.name
    locks = (f"~${name}", f"~${name[2:]}", f".~lock.{name}#")  # Word drops two letters of a long name
    return any(path.with_name(lock).exists() for lock in locks)
