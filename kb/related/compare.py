"""Compares documents not yet compared with all others, and keeps what is related.

A new document costs one reading of all passage vectors, shared by up to MOST_PASSAGES new passages, and a closer
look at the few documents that come near. Each document's findings are one transaction: a process killed at any
instruction leaves documents that wait for the next settling, and doing one twice changes nothing.
"""

import sqlite3
from collections.abc import Sequence

import numpy as np

from kb.neighbours import Nearest
from kb.related import single
from kb.related.judge import Finding, Findings, judge
from kb.related.links import Kind
from kb.related.reading import Reading, last_passage, read
from kb.related.signatures import Signatures
from kb.store import Store

VERSION = "related-1"
"""What relations are found with; raised whenever the same documents give others."""

MOST_PASSAGES = 1_000
"""New passages that share one reading of all vectors; a document with more has one for itself."""


def compare(store: Store) -> int:
    """Compare the documents that wait for it with all others; returns how many they were.

    Raises the generation, once, where anything is related to them: then searches give other cards.
    """
    _renew(store)
    signatures = Signatures(store)
    done, related, above = 0, False, 0
    while waiting := _waiting(store, above):
        above = waiting[-1]
        documents = [found for document in waiting if (found := read(store, document))]
        for document in documents:
            signatures.add(document.id, document.signature)
        for made in _judged(store, signatures, documents) if documents else ():
            done += _keep(store, made)
            related |= bool(made.found)
    if related:
        with store.writing():
            pass
    return done


def waiting(store: Store) -> int:
    """How many documents have not been compared yet."""
    return int(store.db.execute("SELECT count(*) FROM documents WHERE compared = 0").fetchone()[0])


def _renew(store: Store) -> None:
    """Forget what was found with other vectors, or by another version of this."""
    made_with = f"{VERSION} {store.meta('encoder_fingerprint')}"
    if store.meta("related_made_with") == made_with:
        return
    with store.writing(derived=True) as db:
        for table in ("related_documents", "related_passages", "signatures"):
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE documents SET compared = 0")
        store.set_meta(db, "related_made_with", made_with)


def _waiting(store: Store, above: int) -> list[int]:
    """The next documents not yet compared, with ids above `above`: as many as share one reading."""
    rows = store.db.execute(
        """SELECT id, (SELECT count(*) FROM passages WHERE document_id = d.id) FROM documents d
           WHERE compared = 0 AND id > ? ORDER BY id LIMIT ?""",
        [above, MOST_PASSAGES],
    ).fetchall()
    sums = np.cumsum([row[1] for row in rows])
    return [row[0] for at, row in enumerate(rows) if at == 0 or sums[at] <= MOST_PASSAGES]


def _judged(store: Store, signatures: Signatures, documents: Sequence[Reading]) -> list[Findings]:
    from threadpoolctl import threadpool_limits

    own = [document.id for document in documents for _ in document.passages]
    near = store.vectors.neighbours(np.vstack([document.vectors for document in documents]), own)
    made: list[Findings] = []
    first = 0
    with threadpool_limits(1, user_api="blas"):  # on two cores, two threads align a pair of documents half as fast
        for document in documents:
            rows = slice(first, first + len(document.passages))
            first = rows.stop
            mine = {
                language: Nearest(found.passages[rows], found.documents[rows], found.cosines[rows])
                for language, found in near.items()
            }
            made.append(judge(store, signatures, document, mine))
    _judge_short(store, made)
    return made


def _judge_short(store: Store, made: Sequence[Findings]) -> None:
    """Judge the pairs of short passages, whose other sides need their neighbours too."""
    doubtful = [(findings, pair) for findings in made for pair in findings.doubtful]
    for first in range(0, len(doubtful), MOST_PASSAGES):
        some = doubtful[first : first + MOST_PASSAGES]
        passages = store.passages([passage for _, pair in some for passage in (pair.passage_id, pair.other_id)])
        vectors = store.vectors.of_passages([pair.other_id for _, pair in some])
        some = [  # without those replaced meanwhile
            (findings, pair)
            for findings, pair in some
            if {pair.passage_id, pair.other_id} <= passages.keys() and pair.other_id in vectors
        ]
        if not some:
            continue
        theirs = [passages[pair.other_id] for _, pair in some]
        near = store.vectors.neighbours(
            np.stack([vectors[other.id] for other in theirs]), [other.document_id for other in theirs]
        )
        for row, (findings, pair) in enumerate(some):
            around = near[passages[pair.passage_id].language].passages[row].tolist()
            if found := single.cosine(store, pair, around):
                link = {(pair.passage_id, pair.other_id): found}
                findings.of(store, theirs[row].document_id).add(Kind.TRANSLATION, found, link)


def _keep(store: Store, made: Findings) -> bool:
    """Store what was found, both ways, unless the document was replaced meanwhile."""
    document = made.document
    with store.writing(derived=True) as db:
        if last_passage(db, document.id) != document.last:
            return False
        for found in made.found.values():
            if last_passage(db, found.other_id) == found.last:
                _insert(db, document.id, found)
        Signatures.keep(db, document.id, document.signature)
        db.execute("UPDATE documents SET compared = 1 WHERE id = ?", [document.id])
    return True


def _insert(db: sqlite3.Connection, document_id: int, found: Finding) -> None:
    if found.kind:
        pair, row = (document_id, found.other_id), (found.kind, found.score)
        db.executemany(
            "INSERT OR REPLACE INTO related_documents VALUES (?, ?, ?, ?)", [(*pair, *row), (*pair[::-1], *row)]
        )
    db.executemany(
        "INSERT OR REPLACE INTO related_passages VALUES (?, ?, ?)",
        [
            row
            for (mine, theirs), score in found.links.items()
            for row in ((mine, theirs, score), (theirs, mine, score))
        ],
    )
