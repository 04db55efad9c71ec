"""A knowledge base of any size: the corpus over and over, each copy's vectors turned a little.

What a search costs depends on how many vectors and postings there are, hardly on what they say. Copies
share their words, so that every term stands in a constant share of the passages, as in real text the
frequent ones do.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kb import KnowledgeBase
from kb.encoder import Vectors
from kb.rows import unpack

PASSAGE = 'id, document_id, language, place_kind, place_number, heading, "start", "end", terms, vector'
"""Columns of a passage, the vector last."""

NOISE = 0.5
"""Length of the noise added to a unit vector: copies of a passage have a cosine of about 0.8."""

Rows = Sequence[tuple[Any, ...]]


def grow(kb: KnowledgeBase, size: int) -> None:
    """Add copies of the passages in `kb` until it holds `size`; indices are left to follow."""
    db = kb.store.db
    passages = db.execute(f"SELECT {PASSAGE} FROM passages ORDER BY id").fetchall()
    sentences = db.execute("SELECT * FROM sentences ORDER BY passage_id, id").fetchall()
    terms = db.execute("SELECT * FROM passage_terms ORDER BY passage_id").fetchall()
    last = passages[-1][0]
    for copy in range(1, -(-size // len(passages))):
        wanted = min(len(passages), size - copy * len(passages))
        with kb.store.writing() as writing:
            _copy(writing, passages[:wanted], sentences, terms[:wanted], copy * last)


def _copy(db: sqlite3.Connection, passages: Rows, sentences: Rows, terms: Rows, offset: int) -> None:
    kept = {row[0] for row in passages}
    of_kept = [row for row in sentences if row[1] in kept]
    random = np.random.default_rng(offset)
    db.executemany(
        f"INSERT INTO passages ({PASSAGE}) VALUES ({', '.join('?' * len(passages[0]))})",
        (
            (row[0] + offset, *row[1:-1], vector.tobytes())
            for row, vector in zip(passages, turned([row[-1] for row in passages], random), strict=True)
        ),
    )
    db.executemany(
        "INSERT INTO sentences VALUES (NULL, ?, ?, ?, ?)",
        (
            (row[1] + offset, *row[2:-1], vector.tobytes())
            for row, vector in zip(of_kept, turned([row[-1] for row in of_kept], random), strict=True)
        ),
    )
    db.executemany("INSERT INTO passage_terms VALUES (?, ?, ?)", ((row[0] + offset, *row[1:]) for row in terms))


def turned(blobs: Sequence[bytes], random: np.random.Generator) -> Iterator[Vectors]:
    """The stored vectors with noise, of unit length again."""
    vectors = unpack(blobs)
    vectors = vectors + NOISE / vectors.shape[1] ** 0.5 * random.standard_normal(vectors.shape, np.float32)
    yield from vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
