"""FAISS over sentence vectors: derived from the store, checked, always rebuildable."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.derived import Derived
from kb.encoder import Vectors

FILE = "sentences.faiss"


class SentenceIndex(Derived):
    """The nearest sentences to a vector, by inner product, exactly. Thread-safe."""

    file = FILE
    magic = "hopkb-sentences-2"
    noun = "index file"
    another = "another encoder"

    _index: Any = None

    def search(
        self, queries: Vectors, count: int, allowed: Sequence[int] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Sentence ids, best first, and their cosines to the nearest of `queries` (float32, shape (q, dim)).

        At most `count` of each for every query; among `allowed` sentence ids, or all. Ids may
        include sentences removed since; the caller drops what its snapshot does not hold.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # one query is one matrix-vector product: threads only add latency
        with self._lock:
            self._catch_up()
            if not self._held():
                return np.empty(0, np.int64), np.empty(0, np.float32)
            parameters = None
            if allowed is not None:
                parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(allowed, np.int64)))  # type: ignore[call-arg]  # the stubs lack it
            count = min(count, self._index.ntotal)
            scores, ids = self._index.search(queries, count, params=parameters)
        found, order = ids.ravel(), np.argsort(-scores.ravel(), kind="stable")
        order = order[found[order] >= 0]
        _, first = np.unique(found[order], return_index=True)
        best = order[np.sort(first)]
        return found[best], scores.ravel()[best]

    def _maker(self) -> str | None:
        return self._store.meta("encoder_fingerprint")

    def _forget(self) -> None:
        self._index = None

    def _append(self, above: int) -> int:
        import faiss

        ids, vectors = self._store.sentence_vectors(above)
        if not ids:
            return above
        if self._index is None:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(vectors, np.array(ids, np.int64))
        return ids[-1]

    def _held(self) -> int:
        return 0 if self._index is None else int(self._index.ntotal)

    def _living(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def _dump(self) -> bytes:
        import faiss

        return b"" if self._index is None else bytes(faiss.serialize_index(self._index).tobytes())

    def _parse(self, body: bytes) -> Any:
        import faiss

        return faiss.deserialize_index(np.frombuffer(body, np.uint8))

    def _take(self, parsed: Any) -> None:
        self._index = parsed

    def _difference(self, parsed: Any) -> str | None:
        ids, vectors = self._store.sentence_vectors()
        positions = {int(found): position for position, found in enumerate(_ids(parsed))}
        if any(sentence not in positions for sentence in ids):
            return "lacks sentences"
        rows = _rows(parsed)[[positions[sentence] for sentence in ids]]
        return None if np.array_equal(rows, vectors) else "holds wrong vectors"


def _ids(index: Any) -> NDArray[np.int64]:
    import faiss

    return np.array(faiss.vector_to_array(index.id_map))


def _rows(index: Any) -> Vectors:
    import faiss

    flat = faiss.downcast_index(index.index)
    return np.array(flat.reconstruct_n(0, flat.ntotal))
