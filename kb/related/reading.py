"""Documents as they are compared."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.encoder import Vectors
from kb.related.alignment import Side
from kb.related.overlap import Shingles, Signature, shingles, signature
from kb.rows import marks, unpack
from kb.store import Store
from kb.types import Passage


@dataclass(frozen=True)
class Reading:
    """A document: its passages in reading order, their vectors (n, dim), and its text.

    `last` is the id of its last passage. Passages' ids never come again, so a document that was replaced
    meanwhile has another.
    """

    id: int
    last: int
    passages: tuple[Passage, ...]
    vectors: Vectors
    text: str

    @cached_property
    def shingles(self) -> Shingles:
        return shingles(self.text)

    @cached_property
    def signature(self) -> Signature:
        return signature(self.shingles)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those of its passages."""
        return tuple(dict.fromkeys(passage.language for passage in self.passages))


def read(store: Store, document_id: int) -> Reading | None:
    """A document; None where it is gone or holds nothing."""
    with store.snapshot() as db:
        passages = tuple(store.passages_of(document_id))
        if not passages:
            return None
        vectors = db.execute(
            'SELECT vector FROM passages WHERE document_id = ? ORDER BY "start"', [document_id]
        ).fetchall()
        last = max(passage.id for passage in passages)
        return Reading(document_id, last, passages, unpack([row[0] for row in vectors]), store.text(document_id))


def side(store: Store, document_id: int, language: str) -> Side | None:
    """What a document says in a language; None where it says nothing."""
    rows = store.db.execute(
        """SELECT s.passage_id, s."end" - s."start", s.vector FROM sentences s
           JOIN passages p ON p.id = s.passage_id WHERE p.document_id = ? AND p.language = ? ORDER BY s."start" """,
        [document_id, language],
    ).fetchall()
    if not rows:
        return None
    passages, lengths = np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows])
    return Side(document_id, language, passages, lengths, unpack([row[2] for row in rows]))


def passage_vectors(store: Store, ids: Sequence[int]) -> dict[int, Vectors]:
    """The vectors (dim,) of passages by id; ids that do not exist are left out."""
    rows = store.db.execute(f"SELECT id, vector FROM passages WHERE id IN ({marks(ids)})", list(ids)).fetchall()
    return {row[0]: vector for row, vector in zip(rows, unpack([row[1] for row in rows]), strict=True)}


def last_passage(db: sqlite3.Connection, document_id: int) -> int | None:
    """`Reading.last` of a document as it is now; None where it is gone."""
    found = db.execute("SELECT max(id) FROM passages WHERE document_id = ?", [document_id]).fetchone()[0]
    return None if found is None else int(found)
