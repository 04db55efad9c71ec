"""Documents as they are compared."""

import sqlite3
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.encoder import Vectors
from kb.related.alignment import Side
from kb.related.overlap import Shingles, Signature, shingles, signature
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
    """A document; None where it is gone, if only meanwhile, or holds nothing."""
    with store.snapshot():
        passages = tuple(store.passages_of(document_id))
        vectors = store.vectors.of_passages([passage.id for passage in passages])
        if not passages or len(vectors) < len(passages):
            return None
        last = max(passage.id for passage in passages)
        in_order = np.stack([vectors[passage.id] for passage in passages])
        return Reading(document_id, last, passages, in_order, store.text(document_id))


def side(store: Store, document_id: int, language: str) -> Side | None:
    """What a document says in a language; None where it says nothing."""
    rows = store.db.execute(
        """SELECT s.passage_id, s."end" - s."start" FROM sentences s
           JOIN passages p ON p.id = s.passage_id WHERE p.document_id = ? AND p.language = ?
           ORDER BY p."start", s.id""",
        [document_id, language],
    ).fetchall()
    held = store.vectors.of_sentences(list(dict.fromkeys(row[0] for row in rows)))
    if not rows or sum(map(len, held.values())) < len(rows):
        return None
    passages, lengths = np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows])
    vectors = np.vstack([held[passage] for passage in dict.fromkeys(passages.tolist())])
    return Side(document_id, language, passages, lengths, vectors)


def last_passage(db: sqlite3.Connection, document_id: int) -> int | None:
    """`Reading.last` of a document as it is now; None where it is gone."""
    found = db.execute("SELECT max(id) FROM passages WHERE document_id = ?", [document_id]).fetchone()[0]
    return None if found is None else int(found)
