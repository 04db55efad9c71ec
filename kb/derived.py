"""What is derived from the store: kept in memory, copied to disk, always rebuildable.

Both indices, of sentence vectors and of terms, follow the store in the same way: they append
what they have not seen; ids only grow, and ids that no longer exist are dropped when hits are
read from the store. A copy on disk spares the next start the reading of everything.
"""

import json
import os
import tempfile
import threading
import time
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.originals import RECENT_SECONDS
from kb.store import Store

Buffer = bytes | memoryview

STALE_SHARE = 0.2
"""Start over once this share of the index points to what is gone."""

RECENT = 1_000
"""Generations by which a snapshot still in use may be older than the index."""


PARTIAL = ".partial"
"""Ends the name of a file that is being written."""


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """What is wrong with an index on disk. A `harmless` problem is mere age."""

    message: str
    harmless: bool = False


class Derived(ABC):
    """An index that follows the store. Subclasses hold the content; thread-safe through `_lock`."""

    file: str
    """Name of the copy on disk."""

    magic: str
    """First words of that copy; another format has another magic."""

    noun: str
    another: str
    """What a message calls it, and what it may have been made with instead."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._last_id = 0
        self._generation = -1
        self._token: str | None = None
        self._recent: dict[int, str] = {}
        self._made_with: str | None = None

    # --- what a subclass says

    @abstractmethod
    def _maker(self) -> str | None:
        """What the content depends on beside the store's rows; another maker, and it starts over."""

    @abstractmethod
    def _forget(self) -> None:
        """Let go of the content."""

    @abstractmethod
    def _append(self, above: int) -> int:
        """Take in what the store holds with ids above `above`; returns the last id seen."""

    @abstractmethod
    def _held(self) -> int:
        """How many ids the content holds, those gone since included."""

    @abstractmethod
    def _living(self) -> int:
        """How many the store holds."""

    @abstractmethod
    def _dump(self) -> Buffer:
        """The content for the disk; empty where there is none."""

    @abstractmethod
    def _parse(self, body: Buffer) -> Any:
        """What `_dump` wrote. Raises ValueError, KeyError, TypeError or RuntimeError where it is damaged."""

    @abstractmethod
    def _take(self, parsed: Any) -> None:
        """Make what `_parse` read the content."""

    @abstractmethod
    def _difference(self, parsed: Any) -> str | None:
        """What is wrong in the parsed copy of the present state, or None: "lacks sentences"."""

    # --- what they share

    @property
    def _path(self) -> Path:
        return self._store.home / self.file

    def save(self) -> None:
        """Bring the index up to date and put it on disk, atomically."""
        with self._lock:
            self._catch_up()
            body = self._dump()
            if not len(body):
                self._path.unlink(missing_ok=True)
                return
            header = {
                "magic": self.magic,
                "generation": self._generation,
                "token": self._token,
                "made_with": self._made_with,
                "last_id": self._last_id,
                "crc32": zlib.crc32(body),
            }
        self._sweep()
        handle, temporary = tempfile.mkstemp(dir=self._store.home, prefix=self.file, suffix=PARTIAL)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(header).encode() + b"\n")
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _sweep(self) -> None:
        """Delete what a killed process has left half written."""
        for path in self._store.home.glob(f"{self.file}*{PARTIAL}"):
            if time.time() - path.stat().st_mtime > RECENT_SECONDS:
                path.unlink(missing_ok=True)

    def problem(self) -> IndexProblem | None:
        """What is wrong with the copy on disk, compared with the store; None when it is right."""
        if not self._path.exists():
            missing = f"the {self.noun} is missing: it is rebuilt at the next ingest"
            return IndexProblem(missing, harmless=True) if self._living() else None
        loaded = self._read()
        if loaded is None:
            return IndexProblem(f"the {self.noun} is damaged: it is rebuilt at the next ingest")
        header, parsed = loaded
        if header["made_with"] != self._maker():
            return IndexProblem(f"the {self.noun} was made with {self.another}: it is rebuilt at the next ingest")
        if header["token"] != self._store.token(self._store.generation()):
            return IndexProblem(f"the {self.noun} is older than the documents: a search completes it", harmless=True)
        wrong = self._difference(parsed)
        return IndexProblem(f"the {self.noun} {wrong}: delete it, and it is rebuilt") if wrong else None

    def rebuild(self) -> None:
        """Forget the copy on disk and in memory, and derive both anew from the store."""
        with self._lock:
            self._path.unlink(missing_ok=True)
            self._start_over()
        self.save()

    def _start_over(self) -> None:
        self._forget()
        self._last_id, self._generation, self._token, self._recent = 0, -1, None, {}

    def _superseded(self) -> bool:
        """Whether the copy on disk may be better than the content."""
        return False

    def _stale(self) -> bool:
        """Whether too much of the content points to what is gone."""
        return self._held() - self._living() > STALE_SHARE * self._held()

    def _catch_up(self) -> None:
        """Make the index hold everything of the store's present state."""
        with self._store.snapshot():
            generation = self._store.generation()
            if generation == self._generation and self._token == self._store.token(generation):
                return
            maker = self._maker()
            if maker == self._made_with and self._has_seen(generation):
                return  # a snapshot older than the index: the caller drops what it does not hold
            if maker != self._made_with or self._token != self._store.token(self._generation):
                # It was all made anew, or a backup came back: ids may mean other things now.
                self._forget()
                self._last_id, self._made_with = 0, maker
            if not self._held() or self._superseded():
                self._load()
            self._last_id = self._append(self._last_id)
            if self._stale():
                self._forget()
                self._last_id = self._append(0)
            self._generation, self._token = generation, self._store.token(generation)
            self._recent = self._store.tokens(above=generation - RECENT)

    def _has_seen(self, generation: int) -> bool:
        return generation in self._recent and self._recent[generation] == self._store.token(generation)

    def _load(self) -> None:
        loaded = self._read() if self._path.exists() else None
        if loaded is None or loaded[0]["made_with"] != self._maker():
            return
        header, parsed = loaded
        if header["token"] == self._store.token(header["generation"]):
            self._take(parsed)
            self._last_id = header["last_id"]

    def _read(self) -> tuple[dict[str, Any], Any] | None:
        """Header and content of the copy on disk; None where it is damaged."""
        try:
            with self._path.open("rb") as file:
                header, body = json.loads(file.readline()), file.read()
            if header["magic"] != self.magic or header["crc32"] != zlib.crc32(body):
                return None
            return header, self._parse(body)
        except (ValueError, KeyError, TypeError, OSError, RuntimeError):
            return None
