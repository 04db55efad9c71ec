"""What this machine has derived from the documents, handed to the others."""

import hashlib
import secrets

from kb.engines import findings
from kb.engines.qdrant import files
from kb.engines.qdrant.catalogue import Catalogue
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.payloads import Payload, read, with_body
from kb.engines.qdrant.points import Kind, point_id

ALL = "all"
"""Name of the point that says what was computed from all documents."""


def share(connection: Connection, catalogue: Catalogue) -> None:
    """Write what others do not have yet: what is related to each document, and what was computed from all."""
    store = catalogue.store
    for number, revision in _unshared(catalogue):
        link: Payload = {"kind": Kind.LINK, "name": str(number), "revision": revision, "document": number}
        _write(connection, catalogue, link, findings.of_document(store, number))
    found = findings.of_all(store)
    digest = hashlib.sha256(found).hexdigest()
    if catalogue.revision(point_id(Kind.DERIVED, ALL)) != digest:
        _write(connection, catalogue, {"kind": Kind.DERIVED, "name": ALL, "revision": digest}, found)


def _unshared(catalogue: Catalogue) -> list[tuple[int, str]]:
    """Documents that were compared with all others, with their revisions, where nobody else knows."""
    return catalogue.store.db.execute(
        """SELECT d.id, f.revision FROM documents d
           JOIN followed f ON f.document_id = d.id AND f.kind = ?
           LEFT JOIN followed l ON l.document_id = d.id AND l.kind = ?
           WHERE d.compared = 1 AND l.revision IS NOT f.revision""",
        [Kind.DOCUMENT, Kind.LINK],
    ).fetchall()


def _write(connection: Connection, catalogue: Catalogue, said: Payload, found: bytes) -> None:
    from qdrant_client import models

    point = point_id(said["kind"], said["name"])
    before = read(connection, point)
    kept = with_body(connection, f"{said['kind']}/{said['name']}/{secrets.token_hex(8)}", found)
    payload = {**said, **kept, "stamp": catalogue.stamp()}
    written = models.PointStruct(id=point, vector={}, payload=payload)
    connection(lambda client: client.upsert(connection.cluster.collection, [written], wait=True))
    if before and before.get("chunks"):
        files.remove(connection, before["chunks"])
    with catalogue.store.writing(derived=True) as db:
        catalogue.seen(db, point, payload)
