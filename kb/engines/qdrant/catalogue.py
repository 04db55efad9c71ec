"""The catalogue follows the cluster: what any machine has changed there is applied here, some documents at a time.

Every point that says something (a document, what is related to it, what was computed from all) carries a `revision`,
new with every change, and a `stamp`: microseconds since 1970 by the clock of the machine that wrote it, but later than
any stamp that machine has seen. What is stamped since the last look, and somewhat before it, is compared by revision.
"""

import logging
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kb import inserts, vectors
from kb.engines import findings
from kb.engines.contract import CATALOGUE_OF, Progress
from kb.engines.qdrant.collection import Label
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.payloads import Payload, body, read_all
from kb.engines.qdrant.points import Kind, having
from kb.errors import ClusterUnfit, NotFound
from kb.store import Store
from kb.stored import StoredDocument

if TYPE_CHECKING:
    from qdrant_client import models

log = logging.getLogger(__name__)

OVERLAP = 600_000_000
"""Microseconds before the last look in which a change may still turn up: a writer stamps a change, then tries for up to
two minutes to write it, and its clock may be some minutes slow."""

JUST_BEFORE, BACK_EVERY = 20_000_000, 30.0
"""Microseconds before the latest stamp that a look goes back, and the seconds after which one goes back by OVERLAP."""

MANY = 300
"""Changes of which whoever waits is told: they take seconds."""

PAGE = 500
"""Points looked at in one request."""

TOGETHER = 32
"""Points read in one request and applied in one transaction: of a record each, at most a megabyte long."""

SEEN, ALL = "cluster_stamp", "cluster_all"
"""Where the catalogue remembers the latest stamp it has seen, and when it last compared all revisions."""

SHARES = (0.0, 0.9, 0.99, 1.0)
"""Of the work, what is done before the documents, before what is related to them, before what was computed from all,
and after it; by the times that a new machine took for the sample corpus."""

GONE = "gone"
"""In place of its kind, of a document that was removed."""

ALL_EVERY = 86_400
"""Seconds after which all revisions are compared: what came by a clock that is slower still turns up then."""


Counted = defaultdict[tuple[str, str], Counter[str]]
"""By language and column, in how many passages a term came or went."""


@dataclass(frozen=True, slots=True)
class Change:
    """A point that is not as the catalogue has it."""

    point: str
    revision: str
    stamp: int


class Catalogue:
    """The tables of one machine. Not thread-safe: the engine lets one thread at a time follow."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.store = store
        self._connection = connection
        self._looked_back = 0.0
        self._counted: Counted = defaultdict(Counter)

    def check(self, identity: str = "") -> None:
        """Raise ClusterUnfit where this is the catalogue of another knowledge base than `identity`, or no catalogue."""
        kept = self.store.meta(CATALOGUE_OF)
        if kept != identity and (kept is not None or self.store.has_documents()):
            what = "the catalogue of another knowledge base" if kept else "a knowledge base by itself"
            raise ClusterUnfit(
                f"{self.store.home} holds {what}. Choose another folder for this machine's catalogue of "
                f"{self._connection.cluster.collection}: --home, or KB_HOME."
            )

    def belong(self, label: Label) -> None:
        """Take down whose catalogue this is. Raises as `check`."""
        self.check(label.identity)
        if self.store.meta(CATALOGUE_OF) is None:
            with self.store.writing() as db:
                self.store.claim(db, label.encoder_name, label.encoder_fingerprint)
                self.store.set_meta(db, "terms_made_with", label.terms_made_with)
                self.store.set_meta(db, vectors.RECORD, "by the cluster")
                self.store.set_meta(db, CATALOGUE_OF, label.identity)

    def follow(self, progress: Progress | None = None) -> int:
        """Apply what has changed; returns how many points that were.

        `progress` is told what share of them is applied.
        """
        began = time.time()
        far = began - self._looked_back > BACK_EVERY
        since = int(self.store.meta(SEEN) or 0) - (OVERLAP if far else JUST_BEFORE)
        if began - float(self.store.meta(ALL) or 0) > ALL_EVERY:
            since = 0
        applied = 0
        for (begin, end), changes in zip(pairwise(SHARES), self._changes(since), strict=True):
            for first in range(0, len(changes), TOGETHER):
                self._apply(changes[first : first + TOGETHER])
                if progress:
                    progress(begin + (end - begin) * min(1.0, (first + TOGETHER) / len(changes)))
            applied += len(changes)
        if since <= 0:
            self.store.keep_derived(ALL, str(began))
        if far:
            self._looked_back = began
        return applied

    def stamp(self) -> int:
        """One for a change of this machine."""
        return max(time.time_ns() // 1_000, int(self.store.meta(SEEN) or 0) + 1)

    def seen(self, db: sqlite3.Connection, point: str, payload: Payload) -> None:
        """Remember that a point is here as `payload` says it, inside the caller's transaction."""
        kind = GONE if payload.get("gone") else payload["kind"]
        row = [point, kind, payload["revision"], payload.get("document")]
        db.execute("INSERT OR REPLACE INTO followed VALUES (?, ?, ?, ?)", row)
        if payload["stamp"] > int(self.store.meta(SEEN) or 0):
            self.store.set_meta(db, SEEN, str(payload["stamp"]))

    def revision(self, point: str) -> str | None:
        """That of a point as it is here."""
        row = self.store.db.execute("SELECT revision FROM followed WHERE point = ?", [point]).fetchone()
        return str(row[0]) if row else None

    def knows(self, revision: str) -> bool:
        """Whether a document is here in this revision."""
        sql = "SELECT 1 FROM followed JOIN documents d ON d.id = document_id WHERE kind = ? AND revision = ?"
        return self.store.db.execute(sql, [Kind.DOCUMENT, revision]).fetchone() is not None

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction in which documents come and go; their terms are counted once, at its end."""
        self._counted.clear()
        with self.store.writing() as db:
            yield db
            _keep_counts(db, self._counted)

    def take(self, db: sqlite3.Connection, one: StoredDocument, revision: str) -> None:
        """Store a document in place of what is here of it or at its path, inside `changing`."""
        other = db.execute("SELECT id FROM documents WHERE path = ? AND id <> ?", [one.draft.path, one.id]).fetchone()
        if other:
            self._drop(db, other[0])
        if self._is_moved(db, one, revision):
            row = [one.draft.path, one.draft.container, one.id]
            db.execute("UPDATE documents SET path = ?, container = ? WHERE id = ?", row)
            return
        self._drop(db, one.id)
        sentences = sum(len(passage.sentences) for passage in one.draft.passages)
        none = np.empty((max(len(one.passages), sentences), 0), np.float32)
        inserts.stored(db, one, none[: len(one.passages)], none[:sentences])
        self._count(db, one.id, 1)

    def _is_moved(self, db: sqlite3.Connection, one: StoredDocument, revision: str) -> bool:
        """Whether this very state of the document is here, under another path: what is related to it stays."""
        row = db.execute(
            """SELECT 1 FROM followed f JOIN documents d ON d.id = f.document_id
               WHERE document_id = ? AND kind = ? AND revision = ? AND d.path <> ?""",
            [one.id, Kind.DOCUMENT, revision, one.draft.path],
        ).fetchone()
        return row is not None

    def leave(self, db: sqlite3.Connection, document_id: int, path: str) -> None:
        """Forget a document that is no more at `path`, inside `changing`; one that was moved lives on at its new
        path."""
        if db.execute("SELECT 1 FROM documents WHERE id = ? AND path = ?", [document_id, path]).fetchone():
            self._drop(db, document_id)

    def _drop(self, db: sqlite3.Connection, document_id: int) -> None:
        self._count(db, document_id, -1)
        db.execute("DELETE FROM documents WHERE id = ?", [document_id])

    def _count(self, db: sqlite3.Connection, document_id: int, by: int) -> None:
        """Count a document's terms in (`by` 1) or out (-1)."""
        for language, lemmas, surfaces in db.execute(
            """SELECT language, lemmas, surfaces FROM passages p JOIN passage_terms t ON t.passage_id = p.id
               WHERE document_id = ?""",
            [document_id],
        ):
            for column, text in (("lemmas", lemmas), ("surfaces", surfaces)):
                counted = self._counted[language, column]
                (counted.update if by > 0 else counted.subtract)(set(text.split()))

    # --- reading the cluster

    def _changes(self, since: int) -> Iterator[Sequence[Change]]:
        """What is stamped after `since` and not as it is here, in the order of stamps: documents, then what is related
        to them, and what is computed from all last. Each is looked for when those before it have been applied."""
        from qdrant_client import models

        for kind in (Kind.DOCUMENT, Kind.LINK, Kind.DERIVED):
            offset: Any = None
            changes: list[Change] = []
            later = models.FieldCondition(key="stamp", range=models.Range(gt=since))
            chosen = models.Filter(must=[having("kind", kind), later])
            while True:
                records, offset = self._scroll(chosen, offset)
                stated = (Change(str(r.id), r.payload["revision"], r.payload["stamp"]) for r in records if r.payload)
                changes += [change for change in stated if self.revision(change.point) != change.revision]
                if offset is None:
                    break
            if len(changes) > MANY:
                log.warning("The catalogue in %s is brought up to date: %d points ...", self.store.home, len(changes))
            yield sorted(changes, key=lambda change: change.stamp)

    def _scroll(self, chosen: "models.Filter", offset: Any) -> Any:
        return self._connection(
            lambda client: client.scroll(
                self._connection.cluster.collection,
                chosen,
                limit=PAGE,
                offset=offset,
                with_payload=["revision", "stamp"],
            )
        )

    def _apply(self, changes: Sequence[Change]) -> None:
        found = list(self._read([change.point for change in changes]))
        if not found:
            return
        with self.changing() as db:
            for point, payload, content in found:
                self._take_in(db, payload, content)
                self.seen(db, point, payload)

    def _read(self, points: Sequence[str]) -> Iterator[tuple[str, Payload, bytes]]:
        """Each point with what it says and its body, b"" of what is gone; without those that wait for another look."""
        payloads = read_all(self._connection, points)
        for point in points:
            payload = payloads.get(point)
            if payload is None or (payload["kind"] == Kind.LINK and not self._has(payload)):
                continue
            try:
                yield point, payload, b"" if payload.get("gone") else body(self._connection, payload)
            except NotFound:
                continue  # replaced meanwhile: the next look finds by what

    def _take_in(self, db: sqlite3.Connection, payload: Payload, content: bytes) -> None:
        if payload["kind"] == Kind.LINK:
            findings.take_document(self.store, db, payload["document"], content)
        elif payload["kind"] == Kind.DERIVED:
            findings.take_all(self.store, db, content)
        elif content:
            self.take(db, StoredDocument.from_json(content), payload["revision"])
        else:
            self.leave(db, payload["document"], payload["name"])

    def _has(self, payload: Payload) -> bool:
        """Whether the document of a link is here in the revision that it was found for."""
        row = self.store.db.execute(
            "SELECT 1 FROM followed WHERE document_id = ? AND kind = ? AND revision = ?",
            [payload["document"], Kind.DOCUMENT, payload["revision"]],
        ).fetchone()
        return row is not None


def _keep_counts(db: sqlite3.Connection, counted: Counted) -> None:
    for key, terms in counted.items():
        db.executemany(
            """INSERT INTO term_counts VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET passages = passages + excluded.passages""",
            [(*key, term, by) for term, by in terms.items() if by],
        )
        db.executemany(
            'DELETE FROM term_counts WHERE language = ? AND "column" = ? AND term = ? AND passages <= 0',
            [(*key, term) for term, by in terms.items() if by < 0],
        )
