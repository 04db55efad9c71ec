"""The signatures of all compared documents, in memory: 512 bytes each."""

import sqlite3

import numpy as np

from kb.related.overlap import PERMUTATIONS, Signature, estimated
from kb.store import Store

LEAST = 0.15
"""Estimated Jaccard similarity from which the texts themselves are compared: half a document, edited."""


class Signatures:
    """Which documents have about the same words as another."""

    def __init__(self, store: Store) -> None:
        rows = store.db.execute("SELECT document_id, minhash FROM signatures ORDER BY document_id").fetchall()
        self._ids = [row[0] for row in rows]
        self._held = np.frombuffer(b"".join(row[1] for row in rows), np.uint32).reshape(-1, PERMUTATIONS)

    def like(self, one: Signature) -> list[int]:
        """Documents that may share much with one of this signature, the likeliest first."""
        alike = estimated(one, self._held)
        return [self._ids[at] for at in np.argsort(-alike, kind="stable") if alike[at] >= LEAST]

    def add(self, document_id: int, one: Signature) -> None:
        """Remember a document's signature."""
        self._ids.append(document_id)
        self._held = np.vstack([self._held, one])

    @staticmethod
    def keep(db: sqlite3.Connection, document_id: int, one: Signature) -> None:
        """Store a document's signature, inside the caller's transaction."""
        db.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?)", [document_id, one.tobytes()])
