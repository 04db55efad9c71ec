"""Sentences searched one and all: exact, in memory."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.codes import Ids
from kb.derived import Buffer
from kb.encoder import Vectors

ZERO = np.float32(128)
"""The byte that FAISS keeps for a component of 0."""


class Flat:
    """A flat FAISS index of bytes under ids that only grow. Not thread-safe."""

    def __init__(self, index: Any = None) -> None:
        self._index = index

    def __len__(self) -> int:
        return 0 if self._index is None else int(self._index.ntotal)

    @property
    def ids(self) -> Ids:
        """Ids (n,), ascending; not copied: valid until something is added."""
        return self._views()[0]

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Take in whole vectors (n, dim) under ids (n,), ascending and above all that are held."""
        import faiss

        if self._index is None:
            kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
            codes = faiss.IndexScalarQuantizer(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
            self._index = faiss.IndexIDMap2(codes)
        self._index.add_with_ids(vectors, ids)

    def search(self, queries: Vectors, count: int, allowed: Ids | None) -> tuple[Vectors, Ids]:
        """Inner products and ids (q, at most count) of those nearest to whole queries (q, dim), nearest first;
        id -1 where there are no more."""
        import faiss

        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]  # the stubs lack it
        scores, ids = self._index.search(queries, min(count, len(self)), params=parameters)
        return scores, ids

    def rows(self, ids: Ids) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of these ids (n,) are held, and the whole vectors (m, dim) of those."""
        held, codes = self._views()
        at = np.minimum(np.searchsorted(held, ids), len(held) - 1)
        known = held[at] == ids
        return known, codes[at[known]].astype(np.float32) - ZERO

    def batches(self, size: int = 50_000) -> Iterator[tuple[Ids, Vectors]]:
        """Ids (n,) and whole vectors (n, dim) of all, at most `size` at a time."""
        held, codes = self._views()
        for at in range(0, len(self), size):
            yield held[at : at + size].copy(), codes[at : at + size].astype(np.float32) - ZERO

    def dump(self) -> Buffer:
        """All of it, as bytes; empty where there is nothing."""
        import faiss

        return b"" if self._index is None else faiss.serialize_index(self._index).data

    @classmethod
    def parse(cls, body: Buffer) -> "Flat":
        """What `dump` wrote. Raises RuntimeError where it is damaged."""
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(body, np.uint8)) if len(body) else None)

    def _views(self) -> tuple[Ids, NDArray[np.uint8]]:
        """The ids (n,) and bytes (n, dim), not copied."""
        import faiss

        if self._index is None:
            return np.empty(0, np.int64), np.empty((0, 0), np.uint8)
        codes: Any = faiss.downcast_index(self._index.index)
        ids = faiss.rev_swig_ptr(self._index.id_map.data(), len(self))
        return ids, faiss.rev_swig_ptr(codes.codes.data(), len(self) * codes.code_size).reshape(len(self), -1)
