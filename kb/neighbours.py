"""The passages nearest to others in each language, by reading all vectors.

One reading of all passage vectors serves many new passages; its memory does not grow with the knowledge base.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.rows import unpack

NEAREST = 6
"""Passages sought in each language for a new one: its translation, and copies of that in other formats."""

BATCH = 5_000
CELLS = 8_000_000
"""Passages read at once, 10 MB of vectors at 512 dimensions, or fewer for many queries: so that there are at most so
many cosines, 32 MB."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passages of one language nearest to each query, best first: their ids, documents and cosines, each
    (q, up to NEAREST). A query's own document is in it where there is nothing else, with a cosine of -1."""

    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    cosines: NDArray[np.float32]


def nearest(db: sqlite3.Connection, queries: Vectors, own: Sequence[int]) -> dict[str, Nearest]:
    """By language, the passages nearest to each of `queries` (q, dim), those of its own document (`own`, one a
    query) left out."""
    found: dict[str, Nearest] = {}
    of_queries = np.array(own)[:, None]
    above, most = 0, max(1, min(BATCH, CELLS // len(queries)))
    while rows := _read(db, above, most):
        above = rows[-1][0]
        ids, documents = (np.array([row[at] for row in rows]) for at in (0, 1))
        languages = np.array([row[2] for row in rows])
        cosines = queries @ unpack([row[3] for row in rows]).T
        cosines[of_queries == documents] = -1
        for language in set(languages.tolist()):
            columns = languages == language
            fresh = _best(cosines[:, columns], ids[columns], documents[columns])
            found[language] = _merged(found[language], fresh) if language in found else fresh
    return found


def _read(db: sqlite3.Connection, above: int, most: int) -> list[tuple[int, int, str, bytes]]:
    sql = "SELECT id, document_id, language, vector FROM passages WHERE id > ? ORDER BY id LIMIT ?"
    return db.execute(sql, [above, most]).fetchall()


def _best(cosines: Vectors, passages: NDArray[np.int64], documents: NDArray[np.int64]) -> Nearest:
    """The NEAREST best of `passages`, best first, by their cosines (q, p)."""
    at = _largest(cosines)
    return Nearest(passages[at], documents[at], np.take_along_axis(cosines, at, axis=1))


def _merged(one: Nearest, other: Nearest) -> Nearest:
    cosines = np.hstack([one.cosines, other.cosines])
    at = _largest(cosines)
    passages, documents = (
        np.take_along_axis(np.hstack(pair), at, axis=1)
        for pair in ((one.passages, other.passages), (one.documents, other.documents))
    )
    return Nearest(passages, documents, np.take_along_axis(cosines, at, axis=1))


def _largest(cosines: Vectors) -> NDArray[np.int64]:
    """The columns of the NEAREST largest of each row, largest first, or of all where there are fewer."""
    count = min(NEAREST, cosines.shape[1])
    at = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(cosines, at, axis=1), axis=1, kind="stable")
    return np.take_along_axis(at, order, axis=1)
