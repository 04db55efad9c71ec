"""FAISS over sentence vectors: derived from the store, checked, always rebuildable.

A component takes one byte: a quarter of the memory and of the time, and the 600 nearest are the same but for
two or three. Who is near is measured again with the stored vectors (docs/decisions/index-bytes.md).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.derived import Buffer, Derived
from kb.encoder import Vectors

FILE = "sentences.faiss"

WIDEST = 6.0
"""Largest component that fits a byte, in standard deviations of a unit vector's (1 / sqrt(dim)); others are cut."""

ZERO = np.float32(128)
"""The byte that FAISS keeps for a component of 0."""

BATCH = 50_000
"""Sentences taken in at once: 100 MB of vectors at 512 dimensions."""


class SentenceIndex(Derived):
    """The nearest sentences to a vector, by inner product. Thread-safe."""

    file = FILE
    magic = "hopkb-sentences-3"
    noun = "index file"
    another = "another encoder"

    _index: Any = None

    def search(
        self, queries: Vectors, count: int, allowed: Sequence[int] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Sentence ids, best first, and their cosines to the nearest of `queries` (float32, shape (q, dim)),
        to within 0.01.

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
            scores, ids = self._index.search(_bytes(queries), count, params=parameters)
        scores /= _scale(queries.shape[-1]) ** 2
        found, order = ids.ravel(), np.argsort(-scores.ravel(), kind="stable")
        order = order[found[order] >= 0]
        _, first = np.unique(found[order], return_index=True)
        best = order[np.sort(first)]
        return found[best], scores.ravel()[best]

    def cosines(self, ids: Sequence[int], queries: Vectors) -> Vectors:
        """Cosines (n, q) of sentences to `queries` (q, dim), to within 0.01; -1 for ids the index does not hold."""
        with self._lock:
            self._catch_up()
            wanted = np.array(ids, np.int64)
            if not len(wanted) or not self._held():
                return np.full((len(wanted), len(queries)), -1, np.float32)
            held, codes = _views(self._index)
            at = np.minimum(np.searchsorted(held, wanted), len(held) - 1)  # ids only grow, so they lie in order
            known, rows = held[at] == wanted, codes[at].astype(np.float32)
        scaled = queries.T / np.float32(_scale(queries.shape[1]))
        return np.where(known[:, None], rows @ scaled - ZERO * scaled.sum(axis=0), np.float32(-1))

    def _maker(self) -> str | None:
        return self._store.meta("encoder_fingerprint")

    def _forget(self) -> None:
        self._index = None

    def _append(self, above: int) -> int:
        import faiss

        while True:
            ids, vectors = self._store.sentence_vectors(above, BATCH)
            if not ids:
                return above
            if self._index is None:
                kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
                codes = faiss.IndexScalarQuantizer(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
                self._index = faiss.IndexIDMap2(codes)
            self._index.add_with_ids(_bytes(vectors), np.array(ids, np.int64))
            above = ids[-1]

    def _held(self) -> int:
        return 0 if self._index is None else int(self._index.ntotal)

    def _living(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM sentences").fetchone()[0])

    def _dump(self) -> Buffer:
        import faiss

        return b"" if self._index is None else faiss.serialize_index(self._index).data

    def _parse(self, body: Buffer) -> Any:
        import faiss

        return faiss.deserialize_index(np.frombuffer(body, np.uint8))

    def _take(self, parsed: Any) -> None:
        self._index = parsed

    def _difference(self, parsed: Any) -> str | None:
        held, codes = _views(parsed)
        above = 0
        while True:
            ids, vectors = self._store.sentence_vectors(above, BATCH)
            if not ids:
                return None
            at = np.searchsorted(held, ids)
            if at[-1] == len(held) or not np.array_equal(held[at], ids):
                return "lacks sentences"
            if not np.array_equal(codes[at], _bytes(vectors) + ZERO):
                return "holds wrong vectors"
            above = ids[-1]


def _scale(dim: int) -> float:
    """What a component is multiplied with before it becomes a byte."""
    return 127 * float(np.sqrt(dim)) / WIDEST


def _bytes(vectors: Vectors) -> Vectors:
    """Unit vectors (n, dim) as whole numbers from -127 to 127, still float32, as FAISS takes them."""
    return np.asarray(np.clip(np.rint(vectors * np.float32(_scale(vectors.shape[-1]))), -127, 127), np.float32)


def _views(index: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The ids (n,) and bytes (n, dim) of an index, not copied: valid until it changes."""
    import faiss

    codes: Any = faiss.downcast_index(index.index)
    ids = faiss.rev_swig_ptr(index.id_map.data(), index.ntotal)
    return ids, faiss.rev_swig_ptr(codes.codes.data(), index.ntotal * codes.code_size).reshape(index.ntotal, -1)
