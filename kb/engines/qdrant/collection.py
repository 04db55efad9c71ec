"""The collection of a knowledge base: made once, checked whenever it is opened."""

import uuid
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from kb import terms
from kb.engines.contract import Maker
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.points import FIELDS, PASSAGE, SENTENCES, TERMS
from kb.engines.qdrant.settings import Cluster
from kb.errors import ClusterError, ClusterUnfit

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

FORMAT = 1
"""Of points and payloads; another one is another collection."""

COPIES_TO_WRITE = 1
"""Replicas that must have a write before it counts: the others get it as soon as they can, and one that comes back is
brought up to date by the cluster."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a collection says of itself. `identity` tells it from another that was given the same name later."""

    format: int
    identity: str
    encoder_name: str
    encoder_fingerprint: str
    terms_made_with: str
    dim: int


def label(connection: Connection) -> Label | None:
    """That of the knowledge base's collection; None where there is none yet. Raises ClusterUnfit where the collection
    is something else."""
    name = connection.cluster.collection
    if not connection(lambda client: client.collection_exists(name)):
        return None
    said: dict[str, Any] = connection(lambda client: client.get_collection(name)).config.metadata or {}
    if said.get("format") is None:
        raise ClusterUnfit(
            f"The collection {name} on {connection.cluster.urls[0]} was not made by HopKB. Choose another name: set "
            "KB_QDRANT_COLLECTION."
        )
    if said["format"] != FORMAT:
        raise ClusterUnfit(
            f"The collection {name} on {connection.cluster.urls[0]} was made by another version of HopKB (format "
            f"{said['format']}, this one knows {FORMAT}). Update HopKB on this machine."
        )
    return Label(**said)


def make(connection: Connection, encoder: Maker) -> Label:
    """Make the collection for vectors of `encoder`, unless another machine just has; returns what it says of itself."""
    cluster = connection.cluster
    made = Label(FORMAT, uuid.uuid4().hex, encoder.name, encoder.fingerprint, terms.VERSION, encoder.dim)
    try:
        connection(lambda client: _create(client, cluster, made))
    except ClusterError as error:
        if "already exists" not in str(error):
            raise
    for key, kind in _INDEXED.items():
        connection(partial(_index, collection=cluster.collection, key=key, kind=kind))
    found = label(connection)
    assert found is not None
    return found


def _create(client: "QdrantClient", cluster: Cluster, made: Label) -> bool:
    from qdrant_client import models

    small = models.ScalarQuantization(
        scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99, always_ram=True)
    )

    def dense(comparator: models.MultiVectorConfig | None = None) -> models.VectorParams:
        return models.VectorParams(
            size=made.dim,
            distance=models.Distance.DOT,
            on_disk=True,
            quantization_config=small,
            multivector_config=comparator,
        )

    best_sentence = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    return client.create_collection(
        cluster.collection,
        vectors_config={PASSAGE: dense(), SENTENCES: dense(best_sentence)},
        sparse_vectors_config={
            TERMS: models.SparseVectorParams(index=models.SparseIndexParams(on_disk=True), modifier=models.Modifier.IDF)
        },
        replication_factor=cluster.replicas,
        write_consistency_factor=COPIES_TO_WRITE,
        shard_number=cluster.shards or None,
        on_disk_payload=True,
        metadata=asdict(made),
    )


def _index(client: "QdrantClient", *, collection: str, key: str, kind: str) -> None:
    from qdrant_client import models

    client.create_payload_index(collection, key, models.PayloadSchemaType(kind))


_INDEXED = {
    **dict.fromkeys(("kind", "revision", "name", "sha256", *FIELDS.values()), "keyword"),
    "document": "integer",
    "stamp": "integer",
}
"""By key of the payload, what it is looked up as."""
