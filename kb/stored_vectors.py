"""Who has the vectors of passages and sentences: the database itself, or an engine that keeps them elsewhere."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from kb.encoder import Vectors
from kb.neighbours import Nearest, nearest
from kb.rows import marks, unpack


class VectorReader(Protocol):
    """Gives stored vectors back, float32 and of unit length; what does not exist is left out."""

    def of_passages(self, ids: Sequence[int]) -> Mapping[int, Vectors]:
        """The vector (dim,) of each passage."""
        ...

    def of_sentences(self, passages: Sequence[int]) -> Mapping[int, Vectors]:
        """The vectors (n, dim) of each passage's sentences, in reading order."""
        ...

    def neighbours(self, queries: Vectors, own: Sequence[int]) -> Mapping[str, Nearest]:
        """By language, the passages nearest to each of `queries` (q, dim), those of its own document (`own`, one a
        query) left out."""
        ...


class Connected(Protocol):
    """What has a database connection for each thread."""

    @property
    def db(self) -> sqlite3.Connection: ...


class StoredVectors:
    """Reads them from the rows of passages and sentences."""

    def __init__(self, store: Connected) -> None:
        self._store = store

    def of_passages(self, ids: Sequence[int]) -> Mapping[int, Vectors]:
        """As VectorReader says."""
        found = self._store.db.execute(
            f"SELECT id, vector FROM passages WHERE id IN ({marks(ids)}) ORDER BY id", list(ids)
        ).fetchall()
        return {row[0]: vector for row, vector in zip(found, unpack([row[1] for row in found]), strict=True)}

    def of_sentences(self, passages: Sequence[int]) -> Mapping[int, Vectors]:
        """As VectorReader says."""
        found = self._store.db.execute(
            f"SELECT passage_id, vector FROM sentences WHERE passage_id IN ({marks(passages)}) ORDER BY passage_id, id",
            list(passages),
        ).fetchall()
        rows: dict[int, list[int]] = defaultdict(list)
        for at, (passage, _) in enumerate(found):
            rows[passage].append(at)
        vectors = unpack([row[1] for row in found])
        return {passage: vectors[np.array(at)] for passage, at in rows.items()}

    def neighbours(self, queries: Vectors, own: Sequence[int]) -> Mapping[str, Nearest]:
        """As VectorReader says."""
        return nearest(self._store.db, queries, own)
