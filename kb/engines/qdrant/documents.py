"""Documents into the cluster, by machines that know nothing of each other.

The passages come first, under numbers of their own; nobody finds them yet, for a search believes only what its
catalogue holds. Then the document's point says that they are the document now, provided that it still says what this
machine had read: of two that replace it at once, one finds that it came second, and begins again. Some seconds later
the passages that it was before are deleted. Killed in between, a machine leaves passages that nobody finds; the next
that writes this document deletes them, or the next that settles after a day.
"""

import random
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from kb import inserts
from kb.embed import DocumentVectors
from kb.engines.qdrant import files
from kb.engines.qdrant.catalogue import Catalogue
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.payloads import Payload, read, with_body
from kb.engines.qdrant.points import Kind, document_id, having, passage_ids, passages, point_id
from kb.errors import ClusterError, ClusterUnreachable, NotFound
from kb.stored import StoredDocument
from kb.types import DraftDocument

if TYPE_CHECKING:
    from qdrant_client import models

BATCH = 32
"""Passages in one request: with six sentences each some 3 MB as JSON."""

GRACE = 86_400_000_000
"""Microseconds, a day, after which passages without a document are nobody's who is still writing, by a slow clock even.
"""

MANY = 1_000_000
"""Revisions that one look at all passages tells of: a document has one."""

LEAVE = 4.0
"""Seconds for which a document's old passages stay: others look for changes every two, and until then these are what
they find of it."""

TRIES = 5
"""Times that another machine may come first, or a replica may lag behind."""

LAG = 0.5
"""Seconds to wait at first, for such a replica or machine."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document's point as it was written."""

    point: str
    payload: Payload


class Documents:
    """Puts documents into the collection, and takes them out."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._name = connection.cluster.collection
        self._leaving: list[tuple[float, int, str]] = []

    def put(self, draft: DraftDocument, added_at: str, vectors: DocumentVectors) -> StoredDocument:
        """Write a document, in place of the one at its path."""
        terms = tuple(inserts.of_draft(draft))
        for attempt in range(TRIES):
            time.sleep(random.uniform(0, attempt * LAG))  # so that not the same machine is first again
            before = read(self._connection, point_id(Kind.DOCUMENT, draft.path))
            number = before["document"] if before and not before["gone"] else self._free_number(draft.path)
            one = StoredDocument(number, draft, added_at, self._free_ids(len(draft.passages)), terms)
            if self.write(one, vectors, before):
                return one
        raise ClusterError(f"Other machines keep replacing {draft.path}: ingest it from one of them.")

    def write(self, one: StoredDocument, vectors: DocumentVectors, before: Payload | None) -> bool:
        """Write a document with its ids where its point still says `before`; returns whether it did."""
        revision = secrets.token_hex(8)
        self._upsert(passages(one, revision, self._catalogue.stamp(), vectors))
        if not self.publish(one, revision, before):
            self._delete(document=one.id, revision=revision)
            return False
        self._sweep(one.id, revision, before)
        return True

    def move(self, one: StoredDocument, path: str, container: str) -> None:
        """Let a document be at another path. Raises ClusterError where another machine changes it at the same time."""
        old = read(self._connection, point_id(Kind.DOCUMENT, one.draft.path))
        there = read(self._connection, point_id(Kind.DOCUMENT, path))
        moved = replace(one, draft=replace(one.draft, path=path, container=container))
        known = self._catalogue.revision(point_id(Kind.DOCUMENT, one.draft.path))
        free = there is None or there["gone"]
        # The passages stay as they are, and with them the revision that they were written under.
        if free and old and old["revision"] == known and self.publish(moved, old["revision"], there):
            if self.retire(one.draft.path, one.id, old):
                return
            taken_back = read(self._connection, point_id(Kind.DOCUMENT, path))
            if taken_back and taken_back["document"] == one.id:
                self.retire(path, one.id, taken_back)
        raise ClusterError(f"Another machine changes {one.draft.path}: run the command again.")

    def publish(self, one: StoredDocument, revision: str, before: Payload | None) -> bool:
        """Write a document's point where it still says `before`, and apply it here; returns whether it did."""
        kept = with_body(self._connection, f"record/{secrets.token_hex(8)}", one.to_json())
        payload = {
            **_said(one.draft.path, one.id, revision, self._catalogue.stamp()),
            **kept,
            "sha256": one.draft.sha256,
            "passages": len(one.passages),
        }
        if not self._replace(payload, before):
            self._drop_chunks(kept)
            return False
        with self._catalogue.changing() as db:
            self._catalogue.take(db, one, revision)
            self._catalogue.seen(db, point_id(Kind.DOCUMENT, one.draft.path), payload)
        return True

    def remove(self, path: str, number: int) -> None:
        """Take a document out. Raises NotFound where another machine already has."""
        for _ in range(TRIES):
            before = read(self._connection, point_id(Kind.DOCUMENT, path))
            if before is None or before["gone"] or before["document"] != number:
                raise NotFound(f"{path} is not in the knowledge base any more.")
            if self.retire(path, number, before):
                self._delete(document=number)
                self._unlink(number)
                return
        raise ClusterError(f"Other machines keep replacing {path}: remove it again.")

    def retire(self, path: str, number: int, before: Payload) -> bool:
        """Say that there is no document at `path` any more; returns whether `before` still held."""
        payload = {**_said(path, number, secrets.token_hex(8), self._catalogue.stamp()), "gone": True}
        if not self._replace(payload, before):
            return False
        with self._catalogue.changing() as db:
            self._catalogue.leave(db, number, path)
            self._catalogue.seen(db, point_id(Kind.DOCUMENT, path), payload)
        self._drop_chunks(before)
        return True

    def hold(self, **said: str | int | bool) -> bool:
        """Whether any document's point says all this, whatever machine wrote it."""
        from qdrant_client import models

        must = [having(key, value) for key, value in {"kind": Kind.DOCUMENT, "gone": False, **said}.items()]
        chosen = models.Filter(must=list(must))
        return bool(self._connection(lambda client: client.count(self._name, chosen, exact=True), surely=True).count)

    def _drop_chunks(self, kept: Payload) -> None:
        if kept.get("chunks"):
            files.remove(self._connection, kept["chunks"])

    def passages(self) -> int:
        """How many the cluster holds."""
        from qdrant_client import models

        chosen = models.Filter(must=[having("kind", Kind.PASSAGE)])
        return self._connection(lambda client: client.count(self._name, chosen, exact=True)).count

    def tidy(self) -> None:
        """Delete old passages that belong to no document: what interrupted ingests have left."""
        from qdrant_client import models

        old = models.FieldCondition(key="stamp", range=models.Range(lt=time.time_ns() // 1_000 - GRACE))
        chosen = models.Filter(must=[having("kind", Kind.PASSAGE), old])
        found = self._connection(
            lambda client: client.facet(self._name, "revision", facet_filter=chosen, limit=MANY, exact=True)
        )
        for revision in (str(hit.value) for hit in found.hits):
            if not self._catalogue.knows(revision) and not self.hold(revision=revision):
                self._delete(revision=revision)

    def _replace(self, payload: Payload, before: Payload | None) -> bool:
        """Write a document's point where it still says `before`; returns whether it says `payload` now.

        All such writes go through one replica, so that all replicas decide alike: through one that is alive (with
        WriteOrdering.STRONG it is always the same, and while that one is down nobody writes). The answer may come from
        another one that still says `before`: then both are done again.
        """
        from qdrant_client import models

        point = point_id(Kind.DOCUMENT, payload["name"])
        expected = models.Filter(must=[having("revision", before["revision"] if before else "")])
        for attempt in range(TRIES):
            time.sleep(attempt * LAG)
            self._connection(
                lambda client: client.upsert(
                    self._name,
                    [models.PointStruct(id=point, vector={}, payload=payload)],
                    wait=True,
                    ordering=models.WriteOrdering.MEDIUM,
                    update_filter=expected,
                ),
                surely=True,
            )
            now = read(self._connection, point, surely=True)
            if now and now["revision"] != (before["revision"] if before else ""):
                return bool(now["revision"] == payload["revision"])
        raise ClusterUnreachable(f"The cluster does not take {payload['name']}: try again later.")

    def _sweep(self, number: int, revision: str, before: Payload | None) -> None:
        """Delete what the document was before, and what an interrupted ingest has left of it."""
        from qdrant_client import models

        if before:
            self._leaving.append((time.monotonic() + LEAVE, number, before["revision"]))
            self._drop_chunks(before)
        self.let_go()
        old = models.FieldCondition(key="stamp", range=models.Range(lt=time.time_ns() // 1_000 - GRACE))
        chosen = models.Filter(must=[having("document", number), old], must_not=[having("revision", revision)])
        self._connection(lambda client: client.delete(self._name, _passages(chosen), wait=True))

    def let_go(self, *, wait: bool = False) -> None:
        """Delete the passages that documents were before, once other machines have had the time to see what they are
        now; with `wait`, all of them."""
        while self._leaving and (wait or self._leaving[0][0] <= time.monotonic()):
            due, number, revision = self._leaving[0]
            time.sleep(max(0.0, due - time.monotonic()))
            self._delete(document=number, revision=revision)
            self._leaving.pop(0)

    def _delete(self, **said: str | int) -> None:
        """Delete the passages that say all this."""
        from qdrant_client import models

        chosen = models.Filter(must=[having(key, value) for key, value in said.items()])
        self._connection(lambda client: client.delete(self._name, _passages(chosen), wait=True))

    def _unlink(self, number: int) -> None:
        """Delete what was found related to a document."""
        link = point_id(Kind.LINK, str(number))
        self._connection(lambda client: client.delete(self._name, [link], wait=True))

    def _upsert(self, points: Iterable["models.PointStruct"]) -> None:
        for batch in _batches(points):
            self._connection(lambda client, batch=batch: client.upsert(self._name, batch, wait=True))  # type: ignore[misc]

    def _free_number(self, path: str) -> int:
        """A document's number by its path, or another one where a document of another path has it."""
        for attempt in range(1_000):
            number = document_id(path, attempt)
            if not self.hold(document=number):
                return number
        raise ClusterError(f"No number is free for {path}.")

    def _free_ids(self, count: int) -> tuple[int, ...]:
        while True:
            ids = passage_ids(count)
            if not ids or not self._connection(
                lambda client, ids=ids: client.retrieve(self._name, ids, with_payload=False)  # type: ignore[misc]
            ):
                return ids


def _said(path: str, number: int, revision: str, stamp: int) -> dict[str, Any]:
    return {
        "kind": Kind.DOCUMENT,
        "name": path,
        "document": number,
        "revision": revision,
        "stamp": stamp,
        "gone": False,
    }


def _passages(chosen: "models.Filter") -> "models.Filter":
    """Of the points that `chosen` selects, the passages."""
    from qdrant_client import models

    must = chosen.must if isinstance(chosen.must, list) else []
    return models.Filter(must=[having("kind", Kind.PASSAGE), *must], must_not=chosen.must_not)


def _batches(points: Iterable["models.PointStruct"]) -> Iterator[Sequence["models.PointStruct"]]:
    remaining = iter(points)
    while batch := list(islice(remaining, BATCH)):
        yield batch
