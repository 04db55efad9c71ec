"""FAISS over sentence vectors: derived from the store, checked, always rebuildable.

The index lives in memory and follows the store by appending the sentences it has not seen;
sentence ids only grow, and ids that no longer exist are dropped when hits are read from the
store. A copy on disk spares the next start the reading of every vector.
"""

import json
import os
import tempfile
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.store import Store

FILE = "sentences.faiss"
MAGIC = "hopkb-sentences-1"
STALE_SHARE = 0.2
"""Rebuild once this share of the index points to sentences that are gone."""

RECENT = 1_000
"""Generations by which a snapshot still in use may be older than the index."""


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """What is wrong with the index on disk. A `harmless` problem is mere age."""

    message: str
    harmless: bool = False


class SentenceIndex:
    """The nearest sentences to a vector, by inner product, exactly. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._index: Any = None
        self._last_id = 0
        self._generation = -1
        self._token: str | None = None
        self._recent: dict[int, str] = {}
        self._encoder: str | None = None

    def search(
        self, query: Vectors, count: int, allowed: Sequence[int] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Sentence ids, best first, and their cosines to `query` (float32, shape (dim,)).

        At most `count` of each; among `allowed` sentence ids, or all. Ids may include sentences
        removed since; the caller drops what its snapshot does not hold.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # one query is one matrix-vector product: threads only add latency
        with self._lock:
            self._catch_up()
            if self._index is None or self._index.ntotal == 0:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            parameters = None
            if allowed is not None:
                parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(allowed, np.int64)))  # type: ignore[call-arg]  # the stubs lack it
            count = min(count, self._index.ntotal)
            scores, ids = self._index.search(query[np.newaxis], count, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def save(self) -> None:
        """Bring the index up to date and put it on disk, atomically."""
        import faiss

        with self._lock:
            self._catch_up()
            if self._index is None:
                self._path.unlink(missing_ok=True)
                return
            body = faiss.serialize_index(self._index).tobytes()
            header = {
                "magic": MAGIC,
                "generation": self._generation,
                "token": self._token,
                "encoder": self._store.meta("encoder_fingerprint"),
                "last_id": self._last_id,
                "crc32": zlib.crc32(body),
            }
        with tempfile.NamedTemporaryFile(dir=self._store.home, prefix=FILE, delete=False) as file:
            file.write(json.dumps(header).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._path)

    def problem(self) -> IndexProblem | None:
        """What is wrong with the copy on disk, compared with the store; None when it is right."""
        ids, vectors = self._store.sentence_vectors()
        if not self._path.exists():
            return IndexProblem("the index file is missing: it is rebuilt at the next ingest") if ids else None
        loaded = _read(self._path)
        if loaded is None:
            return IndexProblem("the index file is damaged: it is rebuilt at the next ingest")
        header, index = loaded
        if header["encoder"] != self._store.meta("encoder_fingerprint"):
            return IndexProblem("the index file was made with another encoder: it is rebuilt at the next ingest")
        if header["token"] != self._store.token(self._store.generation()):
            return IndexProblem("the index file is older than the documents: a search completes it", harmless=True)
        positions = {int(found): position for position, found in enumerate(_ids(index))}
        if any(sentence not in positions for sentence in ids):
            return IndexProblem("the index file lacks sentences: delete it, and it is rebuilt")
        rows = _rows(index)[[positions[sentence] for sentence in ids]]
        right = np.array_equal(rows, vectors)
        return None if right else IndexProblem("the index file holds wrong vectors: delete it, and it is rebuilt")

    def rebuild(self) -> None:
        """Forget the copy on disk and in memory, and derive both anew from the store."""
        with self._lock:
            self._path.unlink(missing_ok=True)
            self._index, self._last_id, self._generation, self._token, self._recent = None, 0, -1, None, {}
        self.save()

    @property
    def _path(self) -> Path:
        return self._store.home / FILE

    def _catch_up(self) -> None:
        """Make the index hold every sentence of the store's present state."""
        with self._store.snapshot():
            generation = self._store.generation()
            if generation == self._generation:
                return
            encoder = self._store.meta("encoder_fingerprint")
            if encoder == self._encoder and self._has_seen(generation):
                return  # a snapshot older than the index: the caller drops what it does not hold
            if encoder != self._encoder or self._token != self._store.token(self._generation):
                # Vectors were made anew, or a backup came back: ids may mean other sentences now.
                self._index, self._last_id, self._encoder = None, 0, encoder
            if self._index is None:
                self._load()
            self._append(self._store.sentence_vectors(above=self._last_id))
            live = self._store.db.execute("SELECT count(*) FROM sentences").fetchone()[0]
            if self._index is not None and self._index.ntotal - live > STALE_SHARE * self._index.ntotal:
                self._index, self._last_id = None, 0
                self._append(self._store.sentence_vectors())
            self._generation, self._token = generation, self._store.token(generation)
            self._recent = self._store.tokens(above=generation - RECENT)

    def _has_seen(self, generation: int) -> bool:
        return generation in self._recent and self._recent[generation] == self._store.token(generation)

    def _load(self) -> None:
        loaded = _read(self._path) if self._path.exists() else None
        if loaded is None or loaded[0]["encoder"] != self._store.meta("encoder_fingerprint"):
            return
        header, index = loaded
        if header["token"] == self._store.token(header["generation"]):
            self._index, self._last_id = index, header["last_id"]

    def _append(self, sentences: tuple[list[int], Vectors]) -> None:
        import faiss

        ids, vectors = sentences
        if not ids:
            return
        if self._index is None:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(vectors, np.array(ids, np.int64))
        self._last_id = ids[-1]


def _read(path: Path) -> tuple[dict[str, Any], Any] | None:
    """Header and index of a file that `save` wrote; None where it is damaged."""
    import faiss

    try:
        line, body = path.read_bytes().split(b"\n", 1)
        header = json.loads(line)
        if header["magic"] != MAGIC or header["crc32"] != zlib.crc32(body):
            return None
        return header, faiss.deserialize_index(np.frombuffer(body, np.uint8))
    except (ValueError, KeyError, TypeError, OSError, RuntimeError):
        return None


def _ids(index: Any) -> NDArray[np.int64]:
    import faiss

    return np.array(faiss.vector_to_array(index.id_map))


def _rows(index: Any) -> Vectors:
    import faiss

    flat = faiss.downcast_index(index.index)
    return np.array(flat.reconstruct_n(0, flat.ntotal))
