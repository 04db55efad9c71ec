"""FAISS over sentence vectors: derived from the store, checked, always rebuildable.

Up to SWITCH sentences every search looks at all of them, in memory. Above, most lie in cells on disk
(kb/cells.py), of which it looks into the nearest; what came in since is searched exactly beside them, until it is
enough to be worth merging. Who is near is measured again with the stored vectors (docs/decisions/many-sentences.md).
"""

import json
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Literal

import numpy as np

from kb import partition, sampling
from kb.cells import Cells, Made
from kb.codes import Ids, scale, whole
from kb.derived import Buffer, Derived
from kb.encoder import Vectors
from kb.flat import Flat
from kb.originals import RECENT_SECONDS
from kb.store import Store

FILE = "sentences.faiss"

SWITCH = 500_000
"""So many sentences and more go into cells. Of fewer all are looked at: 16 ms and 260 MB at 512 dimensions, some 80,000
passages."""

RECENT_SHARE = 0.05
"""What came in since is merged into the cells once it is this share of them: merging writes all lists anew."""

GROWTH = 2
"""Cells are learned anew once there are so many times the sentences that they were learned from."""

RECORD = "sentence_search"
"""Under which key the store says how sentences are searched."""

EXACT = "exact"
"""What it says of a search that looks at all."""


class SentenceIndex(Derived):
    """The nearest sentences to a vector, by inner product. Thread-safe."""

    file = FILE
    magic = "hopkb-sentences-4"
    noun = "index file"
    another = "another encoder"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._cells: Cells | None = None
        self._flat = Flat()
        self._saving = False
        self._seen: tuple[int, int] | None = None  # the file when it was last read or written

    def search(self, queries: Vectors, count: int, allowed: Sequence[int] | None = None) -> tuple[Ids, Vectors]:
        """Sentence ids, best first, and their cosines to the nearest of `queries` (float32, shape (q, dim)),
        to within 0.01.

        At most `count` of each for every query; among `allowed` sentence ids, or all. Ids may
        include sentences removed since; the caller drops what its snapshot does not hold.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # one query is one matrix-vector product: threads only add latency
        chosen = None if allowed is None else np.array(allowed, np.int64)
        with self._lock:
            self._catch_up()
            if not self._held() or not count or (chosen is not None and not len(chosen)):
                return np.empty(0, np.int64), np.empty(0, np.float32)
            parts = [part.search(whole(np.atleast_2d(queries)), count, chosen) for part in self._parts()]
        return _joined(parts, count, np.float32(scale(queries.shape[-1]) ** 2))

    def cosines(self, ids: Sequence[int], queries: Vectors) -> Vectors:
        """Cosines (n, q) of sentences to `queries` (q, dim), to within 0.01; -1 for ids the index does not hold."""
        wanted = np.array(ids, np.int64)
        found = np.full((len(wanted), len(queries)), -1, np.float32)
        with self._lock:
            self._catch_up()
            for part in self._parts() if len(wanted) else []:
                known, rows = part.rows(wanted)
                found[known] = rows @ queries.T / np.float32(scale(queries.shape[1]))
        return found

    def _parts(self) -> list[Cells | Flat]:
        return [part for part in (self._cells, self._flat) if part]

    # --- saving

    def save(self) -> None:
        """As `Derived.save`; where there are many, sentences go into cells first, which takes minutes where there
        are millions. How they are searched is recorded in the store."""
        before = self._on_disk()
        with self._lock:
            self._saving = True
            try:
                with self._store.snapshot():
                    if self._cells and not self._cells.path.is_dir():
                        self._start_over()  # another process has merged them, and saved
                    self._catch_up()
                    self._move()
            except BaseException:
                self._start_over()  # the disk may be full, or somebody impatient: what was let go of is read again
                raise
            finally:
                self._saving = False
        super().save()
        self._seen = self._stamp()
        self._tidy(before)
        if (self._store.meta(RECORD) or EXACT) != self._way():
            self._store.keep_derived(RECORD, self._way())

    def _move(self) -> None:
        """Move sentences from memory into cells where there are enough."""
        due = self._due()
        if due == "merging" and self._cells and self._cells.is_whole():
            self._cells, self._flat = partition.merged(self._cells, self._flat), Flat()
        elif due:
            self._forget()
            self._last_id = self._append(0)

    def _due(self) -> Literal["partitioning", "merging"] | None:
        """What is to be done with sentences in memory when they are saved next."""
        cells, held = self._cells, self._held()
        grown = held >= SWITCH if cells is None else held > GROWTH * cells.made.learned_from
        if grown or super()._stale():
            return "partitioning"
        return "merging" if cells and len(self._flat) > RECENT_SHARE * len(cells) else None

    def _way(self) -> str:
        """How sentences are searched, for people."""
        if self._cells is None:
            return EXACT
        made = self._cells.made
        return f"approximate: the nearest {made.probes:,} of {made.lists:,} cells"

    def _tidy(self, before: str | None) -> None:
        """Delete the folder that the file named `before`, and those that killed processes have left."""
        named = {self._on_disk(), self._cells.made.folder if self._cells else None}
        for path in self._store.home.glob(f"{partition.PREFIX}*"):
            with suppress(FileNotFoundError):  # another process tidies too
                old = time.time() - path.stat().st_mtime > RECENT_SECONDS
                if path.name not in named and (path.name == before or old):
                    shutil.rmtree(path)

    def _on_disk(self) -> str | None:
        """The folder of cells that the file names."""
        with suppress(OSError, ValueError, TypeError, KeyError), self._path.open("rb") as file:
            file.readline()
            return str(json.loads(file.readline())["folder"])
        return None

    def _stamp(self) -> tuple[int, int] | None:
        with suppress(FileNotFoundError):
            stat = self._path.stat()
            return stat.st_ino, stat.st_mtime_ns
        return None

    # --- what Derived asks for

    def _maker(self) -> str | None:
        return self._store.meta("encoder_fingerprint")

    def _forget(self) -> None:
        self._cells, self._flat = None, Flat()

    def _load(self) -> None:
        self._seen = self._stamp()
        super()._load()

    def _superseded(self) -> bool:
        """Whether another process has saved where that is due: cells then stand for what is in memory here."""
        return bool(self._due()) and self._stamp() not in {None, self._seen}

    def _stale(self) -> bool:
        """A search leaves reading millions of sentences anew to the next ingest; it drops those that are gone."""
        return (self._saving or self._cells is None) and super()._stale()

    def _append(self, above: int) -> int:
        if not above and self._saving and self._living() >= SWITCH:
            self._cells = sampling.partitioned(self._store)
            return int(self._cells.ids[-1])
        for ids, vectors in sampling.batches(self._store, above):
            self._flat.add(ids, vectors)
            above = int(ids[-1])
        return above

    def _held(self) -> int:
        return sum(len(part) for part in self._parts())

    def _living(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def _dump(self) -> Buffer:
        """A line of JSON that describes the cells, and what is in memory."""
        if not self._held():
            return b""
        made = asdict(self._cells.made) if self._cells else None
        return b"".join([json.dumps(made).encode(), b"\n", self._flat.dump()])

    def _parse(self, body: Buffer) -> Any:
        end = bytes(body).index(b"\n") + 1
        made = json.loads(bytes(body[:end]))
        return Cells(self._store.home, Made(**made)) if made else None, Flat.parse(memoryview(body)[end:])

    def _read(self) -> tuple[dict[str, Any], Any] | None:
        return super()._read() or super()._read()  # once more: the first one's cells may have been replaced meanwhile

    def _take(self, parsed: Any) -> None:
        self._cells, self._flat = parsed

    def _difference(self, parsed: Any) -> str | None:
        cells = parsed[0]
        if cells and not cells.is_whole():
            return "leads to damaged cells"
        for ids, vectors in sampling.batches(self._store, 0):
            missing = np.ones(len(ids), bool)
            for part in (part for part in parsed if part):
                known, rows = part.rows(ids)
                missing &= ~known
                if not np.array_equal(rows, vectors[known]):
                    return "holds wrong vectors"
            if missing.any():
                return "lacks sentences"
        return None


def _joined(parts: Sequence[tuple[Vectors, Ids]], count: int, unit: np.float32) -> tuple[Ids, Vectors]:
    """The `count` best for each query of what the parts found (q, n), once each, best first; scores over `unit`."""
    scores, ids = np.hstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    scores, ids = np.take_along_axis(scores, order, 1).ravel(), np.take_along_axis(ids, order, 1).ravel()
    order = np.argsort(-scores, kind="stable")
    order = order[ids[order] >= 0]
    _, first = np.unique(ids[order], return_index=True)
    best = order[np.sort(first)]
    return ids[best], scores[best] / unit
