"""Documents for any engine: those of the sample corpus over and over, each copy's vectors turned a little.

Terms and texts are the corpus's own, so every term stands in a constant share of the passages; ids count upwards, so
that two engines given the same documents can be compared passage by passage.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.synthetic import turned
from kb.embed import DocumentVectors
from kb.encoder import Vectors
from kb.engines.records import read
from kb.store import Store
from kb.stored import StoredDocument

READ = 20_000
"""Sentences compared with the questions at once: 40 MB of vectors."""


def documents(store: Store, size: int) -> Iterator[tuple[StoredDocument, DocumentVectors]]:
    """Documents with `size` passages in all, the last one cut where it would be more; the first are those in `store`
    themselves."""
    found = [_with_vectors(store, document.id) for document in store.documents()]
    ids = (max(one.id for one, _ in found), max(max(one.passages, default=0) for one, _ in found))
    copy, missing = 0, size
    while missing:
        random = np.random.default_rng(copy)
        for one, vectors in found:
            kept = min(missing, len(one.passages))
            if not kept:
                continue
            missing -= kept
            copied = _copied(one, copy, copy * ids[0], copy * ids[1], kept)
            yield copied, _turned(_first(one, vectors, kept), random) if copy else _first(one, vectors, kept)
        copy += 1


def exact(store: Store, queries: Vectors, count: int) -> NDArray[np.int64]:
    """Ids (q, count) of the passages whose best sentences are nearest to each query (q, dim), nearest first: by brute
    force over all vectors in `store`."""
    of = dict(store.db.execute("SELECT id, passage_id FROM sentences").fetchall())
    row_of = {passage: row for row, passage in enumerate(sorted(set(of.values())))}
    passages = np.fromiter(row_of, np.int64, len(row_of))
    best = np.full((len(passages), len(queries)), -2, np.float32)
    last = 0
    while True:
        ids, vectors = store.sentence_vectors(last, READ)
        if not ids:
            break
        np.maximum.at(best, [row_of[of[sentence]] for sentence in ids], vectors @ queries.T)
        last = ids[-1]
    return passages[np.argsort(-best, axis=0, kind="stable")[:count].T]


def _with_vectors(store: Store, document_id: int) -> tuple[StoredDocument, DocumentVectors]:
    one = read(store, document_id)
    passages, sentences = store.vectors.of_passages(one.passages), store.vectors.of_sentences(one.passages)
    own = [passages[passage] for passage in one.passages]
    return one, DocumentVectors(np.stack(own), np.concatenate([sentences[passage] for passage in one.passages]))


def _copied(one: StoredDocument, copy: int, documents: int, passages: int, kept: int) -> StoredDocument:
    """The copy of a document with its first `kept` passages; its ids are so much higher."""
    path = f"{copy}/{one.draft.path}"
    draft = replace(
        one.draft, path=path, sha256=f"{copy:08x}{one.draft.sha256[8:]}", passages=one.draft.passages[:kept]
    )
    ids = tuple(passage + passages for passage in one.passages[:kept])
    return replace(one, id=one.id + documents, draft=draft, passages=ids, terms=one.terms[:kept])


def _first(one: StoredDocument, vectors: DocumentVectors, kept: int) -> DocumentVectors:
    sentences = sum(len(passage.sentences) for passage in one.draft.passages[:kept])
    return DocumentVectors(vectors.passages[:kept], vectors.sentences[:sentences])


def _turned(vectors: DocumentVectors, random: np.random.Generator) -> DocumentVectors:
    def of(rows: Vectors) -> Vectors:
        return np.stack(list(turned([row.tobytes() for row in rows], random)))

    return DocumentVectors(of(vectors.passages), of(vectors.sentences))
