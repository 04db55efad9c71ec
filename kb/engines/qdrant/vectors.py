"""Vectors read back from the cluster, and the passages nearest to others."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.encoder import Vectors
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.points import PASSAGE, SENTENCES, having
from kb.neighbours import NEAREST, Nearest
from kb.store import Store

if TYPE_CHECKING:
    from qdrant_client import models

BATCH = 200
"""Points or queries in one request: some 10 MB of vectors as JSON."""

OVERSAMPLING = 2.0
"""How many times as many candidates are taken by bytes as are then compared by the vectors themselves."""

IN_VIEW = 800
"""Passages that a walk through the graph keeps in view: on three nodes it then finds 99.6 % of the 200 nearest instead
of 98 %, and takes 2 to 5 ms longer (docs/scale.md)."""


def thorough() -> "models.SearchParams":
    """How to look for what a search cannot do without."""
    from qdrant_client import models

    by_vectors = models.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
    return models.SearchParams(hnsw_ef=IN_VIEW, quantization=by_vectors)


class ClusterVectors:
    """VectorReader of a cluster."""

    def __init__(self, connection: Connection, store: Store) -> None:
        self._connection = connection
        self._store = store

    def of_passages(self, ids: Sequence[int]) -> Mapping[int, Vectors]:
        """As VectorReader says."""
        return {passage: np.array(found, np.float32) for passage, found in self._retrieved(ids, PASSAGE)}

    def of_sentences(self, passages: Sequence[int]) -> Mapping[int, Vectors]:
        """As VectorReader says."""
        return {passage: np.array(found, np.float32) for passage, found in self._retrieved(passages, SENTENCES)}

    def neighbours(self, queries: Vectors, own: Sequence[int]) -> Mapping[str, Nearest]:
        """As VectorReader says, among those that the server finds nearest."""
        from qdrant_client import models

        found: dict[str, Nearest] = {}
        for language in self._store.languages():
            requests = [
                models.QueryRequest(
                    query=query.tolist(),
                    using=PASSAGE,
                    filter=models.Filter(must=[having("language", language)], must_not=[having("document", document)]),
                    limit=NEAREST,
                    with_payload=["document"],
                )
                for query, document in zip(queries, own, strict=True)
            ]
            found[language] = _nearest([points for batch in _batched(requests) for points in self._asked(batch)], own)
        return found

    def _asked(self, requests: Sequence["models.QueryRequest"]) -> list[Any]:
        name = self._connection.cluster.collection
        answers = self._connection(lambda client: client.query_batch_points(name, list(requests)))
        return [answer.points for answer in answers]

    def _retrieved(self, ids: Sequence[int], vector: str) -> list[tuple[int, Any]]:
        name = self._connection.cluster.collection
        found: list[tuple[int, Any]] = []
        for batch in _batched(ids):
            records = self._connection(
                lambda client, batch=batch: client.retrieve(  # type: ignore[misc]
                    name, list(batch), with_payload=False, with_vectors=[vector]
                )
            )
            found += [(int(each.id), each.vector[vector]) for each in records if vector in (each.vector or {})]
        return found


def _batched(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[first : first + BATCH] for first in range(0, len(items), BATCH)]


def _nearest(found: Sequence[Any], own: Sequence[int]) -> Nearest:
    """The points found for each query, best first; where there are fewer, filled up with the query's own document, at
    a cosine of -1."""
    most = max((len(points) for points in found), default=0)
    passages, documents = np.zeros((len(found), most), np.int64), np.empty((len(found), most), np.int64)
    cosines = np.full((len(found), most), -1, np.float32)
    documents[:] = np.array(own, np.int64)[:, None]
    for row, points in enumerate(found):
        for at, point in enumerate(points):
            passages[row, at], documents[row, at] = point.id, point.payload["document"]
            cosines[row, at] = point.score
    return Nearest(passages, documents, cosines)
