"""What is too large for one point, in chunks: the files that documents were made from, the records of long ones.

A chunk is written under the same id whoever writes it, and the first one last: where that is, all are.
"""

import base64
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.points import Kind, having, point_id
from kb.errors import NotFound

CHUNK = 2**21
"""Bytes: in base64 a tenth of what the server takes in one request (32 MB)."""


def original_name(sha256: str, suffix: str) -> str:
    """What the file of a document with this hash is kept under."""
    return f"original/{sha256}{suffix}"


def holds(connection: Connection, name: str) -> bool:
    """Whether all of it is there."""
    ids = [point_id(Kind.CHUNK, f"{name}/0")]
    return bool(connection(lambda client: client.retrieve(connection.cluster.collection, ids, with_payload=False)))


def write(connection: Connection, name: str, file: BinaryIO) -> None:
    """Keep what is in `file`, from its beginning, under `name`."""
    size = file.seek(0, os.SEEK_END)
    count = max(1, -(-size // CHUNK))
    for number in reversed(range(count)):
        file.seek(number * CHUNK)
        _put(connection, name, number, count, file.read(CHUNK))


def _put(connection: Connection, name: str, number: int, count: int, body: bytes) -> None:
    from qdrant_client import models

    payload = {"kind": Kind.CHUNK, "name": name, "of": count, "data": base64.b64encode(body).decode()}
    point = models.PointStruct(id=point_id(Kind.CHUNK, f"{name}/{number}"), vector={}, payload=payload)
    connection(lambda client: client.upsert(connection.cluster.collection, [point], wait=True))


def read(connection: Connection, name: str) -> Iterator[bytes]:
    """What is kept under `name`, a chunk at a time. Raises NotFound."""
    number, count = 0, 1
    while number < count:
        ids = [point_id(Kind.CHUNK, f"{name}/{number}")]
        found = connection(lambda client, ids=ids: client.retrieve(connection.cluster.collection, ids))  # type: ignore[misc]
        if not found or not found[0].payload:
            raise NotFound(f"The knowledge base holds no {name}.")
        count = found[0].payload["of"]
        yield base64.b64decode(found[0].payload["data"])
        number += 1


def fetch(connection: Connection, name: str, target: Path) -> None:
    """Write what is kept under `name` to `target`, whole or not at all. Raises NotFound."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in read(connection, name):
                file.write(chunk)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove(connection: Connection, name: str) -> None:
    """Delete what is kept under `name`; nothing where there is nothing."""
    from qdrant_client import models

    chosen = models.Filter(must=[having("kind", Kind.CHUNK), having("name", name)])
    connection(lambda client: client.delete(connection.cluster.collection, chosen, wait=True))
