"""What points say, and the records they keep: documents, what is related to them, what was computed from all."""

import base64
import io
import zlib
from collections.abc import Sequence
from typing import Any

from kb.engines.qdrant import files
from kb.engines.qdrant.connection import Connection

INLINE = 2**20
"""Bytes of a record that go into its own point; a longer one goes into chunks."""

Payload = dict[str, Any]


def read(connection: Connection, point: str, *, surely: bool = False) -> Payload | None:
    """What a point says; with `surely`, by no node that may have missed it."""
    return read_all(connection, [point], surely=surely).get(point)


def read_all(connection: Connection, points: Sequence[str], *, surely: bool = False) -> dict[str, Payload]:
    """What each of the points says, as `read`; without those that there are not."""
    found = connection(lambda client: client.retrieve(connection.cluster.collection, points), surely=surely)
    return {str(record.id): record.payload for record in found if record.payload}


def with_body(connection: Connection, name: str, content: bytes) -> Payload:
    """What keeps `content`: in the point itself, or in chunks that are written now, under `name`."""
    packed = zlib.compress(content)
    if len(packed) <= INLINE:
        return {"body": base64.b64encode(packed).decode(), "chunks": None}
    files.write(connection, name, io.BytesIO(packed))
    return {"body": None, "chunks": name}


def body(connection: Connection, payload: Payload) -> bytes:
    """What `with_body` kept. Raises NotFound where another machine has replaced it meanwhile."""
    if payload["body"] is not None:
        return zlib.decompress(base64.b64decode(payload["body"]))
    return zlib.decompress(b"".join(files.read(connection, payload["chunks"])))
