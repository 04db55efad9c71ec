"""More like this: passages and documents near in meaning to one that a reader has found.

A passage stands for a query by its vector; no words are involved, so every language is found alike.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.errors import NotFound
from kb.related.links import related_documents
from kb.search import Query, Searcher
from kb.store import Store
from kb.types import Document, Filters, Hit

SAMPLED = 12
"""Passages of a document that stand for it: each costs a search of some 10 ms."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A document near in meaning to another; `score` in [-1, 1]: how near its passages come to those of the other,
    on average."""

    document: Document
    score: float


def passages_like(store: Store, searcher: Searcher, passage_id: int, k: int, reader: str = "") -> list[Hit]:
    """The `k` passages of other documents nearest in meaning to a passage; those that say the same as one hit, in the
    language `reader` where there is such a one. Translations, copies and versions of its document are left out.

    Raises NotFound.
    """
    with store.snapshot():
        query, document_id = _query(store, passage_id)
        near = _family(store, document_id)
        ranked = searcher.rank(searcher.candidates(query, Filters()), query)
        others = [found for found in ranked if found.candidate.document_id not in near]
        hits = searcher.collapsed(others, query, k, Filters(), reader)
        return [hit for hit in hits if hit.document.id not in near]


def documents_like(store: Store, searcher: Searcher, document_id: int, k: int) -> list[Similar]:
    """The `k` documents nearest in meaning to a document, nearest first; its translations, copies and versions are
    left out. Raises NotFound."""
    with store.snapshot():
        store.document(document_id)
        near = _family(store, document_id)
        sampled = _spread([passage.id for passage in store.passages_of(document_id)], SAMPLED)
        nearness: dict[int, float] = defaultdict(float)
        for passage_id in sampled:
            best: dict[int, float] = {}
            for candidate in searcher.candidates(_query(store, passage_id)[0], Filters()).found:
                best[candidate.document_id] = max(best.get(candidate.document_id, 0.0), candidate.dense / 2)
            for other, cosine in best.items():
                nearness[other] += cosine / len(sampled)
        ranked = sorted((other for other in nearness if other not in near), key=lambda other: -nearness[other])[:k]
        documents = {document.id: document for document in store.documents(ranked)}
        return [Similar(documents[other], nearness[other]) for other in ranked]


def _query(store: Store, passage_id: int) -> tuple[Query, int]:
    """A passage as a query, and its document."""
    row = store.db.execute("SELECT document_id, language FROM passages WHERE id = ?", [passage_id]).fetchone()
    vector = store.vectors.of_passages([passage_id]).get(passage_id)
    if row is None or vector is None:
        raise NotFound(f"There is no passage {passage_id} any more.")
    return Query("", (row[1],), (), np.atleast_2d(vector)), row[0]


def _family(store: Store, document_id: int) -> set[int]:
    return {document_id, *(related.document.id for related in related_documents(store, document_id))}


def _spread(ids: Sequence[int], most: int) -> list[int]:
    """At most `most` of `ids`, evenly spaced."""
    if len(ids) <= most:
        return list(ids)
    return [ids[round(at * (len(ids) - 1) / (most - 1))] for at in range(most)]
