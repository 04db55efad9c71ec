"""SQLite: the single source of truth. Everything else can be rebuilt from it.

Every change is one transaction that also raises `generation` by one, so that readers notice.
Readers see either the state before a change or the one after it (WAL snapshots).
"""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb import inserts, rows, terms
from kb.encoder import Vectors
from kb.errors import NotFound, StoreError
from kb.migrations import migrate
from kb.stored import PassageTerms
from kb.stored_vectors import StoredVectors, VectorReader
from kb.types import Document, DraftDocument, Passage

DATABASE = "kb.sqlite3"
BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

PAGE_BYTES = 16_384
"""Of the database's pages: rows with a vector of 2 KB fill nine tenths of them, but half of the usual ones of 4 KB."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a knowledge base holds."""

    documents: int
    passages: int
    sentences: int


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode, where the file is not in it. SQLite's timeout does not hold here: two connections that
    both read and both want to switch would wait for each other, so it turns one away at once."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(random.uniform(0.001, 0.02))


class Store:
    """One knowledge base on disk. Thread-safe: each thread has a connection of its own.

    `vectors` gives the vectors of its passages back, which an engine may keep elsewhere.
    """

    def __init__(self, home: Path, *, create: bool = False) -> None:
        """Open the knowledge base in the folder `home`.

        Raises StoreError where there is none (unless `create`) or where it cannot be read.
        """
        self.home = home
        self.vectors: VectorReader = StoredVectors(self)
        self._path = home / DATABASE
        self._local = threading.local()
        if not create and not self._path.is_file():
            raise StoreError(f"There is no knowledge base in {home}. Make one: python -m ingest FOLDER --home {home}")
        try:
            home.mkdir(parents=True, exist_ok=True)
            migrate(self.db)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(self._advice(error)) from error

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "db", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # heeded where the file is new
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.db = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "db", None)
        if connection is not None:
            connection.close()
            self._local.db = None

    def _advice(self, error: Exception) -> str:
        return (
            f"The knowledge base {self._path} cannot be used: {error}. If the file is damaged, restore a "
            "backup, or move it away and ingest the documents again."
        )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns what SQLite says of a damaged file into a StoreError with advice."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise StoreError(self._advice(error)) from error

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A read transaction: everything read inside is of one generation."""
        if self.db.in_transaction:
            yield self.db
            return
        self.db.execute("BEGIN")
        try:
            yield self.db
        finally:
            self.db.execute("ROLLBACK")

    @contextmanager
    def writing(self, *, derived: bool = False) -> Iterator[sqlite3.Connection]:
        """A write transaction that raises the generation by one; nothing remains of it on error.

        Where it writes only what is `derived` from the documents and changes no search, the generation stays.
        """
        db = self.db
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"Another program has been writing to {self._path} for {BUSY_SECONDS} s: wait for it and try again."
            ) from error
        try:
            yield db
            if not derived:
                db.execute("INSERT INTO generations (token) VALUES (hex(randomblob(8)))")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    # --- what it knows about itself

    def meta(self, key: str) -> str | None:
        """A value kept beside the documents, or None."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, db: sqlite3.Connection, key: str, value: str) -> None:
        """Keep `value` under `key`, inside the caller's transaction."""
        db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [key, value])

    def keep_derived(self, key: str, value: str) -> None:
        """Keep under `key` what is computed from the documents; the generation stays as it is."""
        self.db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [key, value])

    def generation(self) -> int:
        """How many changes this knowledge base has seen."""
        return int(self.db.execute("SELECT coalesce(max(number), 0) FROM generations").fetchone()[0])

    def token(self, generation: int) -> str | None:
        """What tells this generation from one of the same number in another history, such as that
        of a backup which was restored and changed; None where there is no such generation."""
        row = self.db.execute("SELECT token FROM generations WHERE number = ?", [generation]).fetchone()
        return str(row[0]) if row else None

    def tokens(self, above: int) -> dict[int, str]:
        """The tokens of the generations above this number."""
        return dict(self.db.execute("SELECT number, token FROM generations WHERE number > ?", [above]).fetchall())

    # --- documents in and out

    def put(self, draft: DraftDocument, passage_vectors: Vectors, sentence_vectors: Vectors) -> int:
        """Store `draft`, replacing the document at the same path, in one transaction.

        `passage_vectors` has a row a passage, `sentence_vectors` a row a sentence, in the
        draft's order. Returns the document's id, which a replaced document keeps.
        """
        with self.writing() as db:
            known = db.execute("SELECT id FROM documents WHERE path = ?", [draft.path]).fetchone()
            if known:
                self._delete_passages(db, known[0])
            return inserts.document(db, draft, known[0] if known else None, passage_vectors, sentence_vectors)

    def move(self, document_id: int, path: str, container: str = "") -> None:
        """Record that a document's file lies at `path` now, inside `container` or by itself."""
        with self.writing() as db:
            db.execute("UPDATE documents SET path = ?, container = ? WHERE id = ?", [path, container, document_id])

    def remove(self, document_id: int) -> None:
        """Remove a document and its passages. Raises NotFound."""
        with self.writing() as db:
            self._delete_passages(db, document_id)
            if not db.execute("DELETE FROM documents WHERE id = ?", [document_id]).rowcount:
                raise NotFound(f"There is no document {document_id}. See: python -m kb stats")

    def _delete_passages(self, db: sqlite3.Connection, document_id: int) -> None:
        db.execute("DELETE FROM passages WHERE document_id = ?", [document_id])

    def put_terms(self, db: sqlite3.Connection, passage_id: int, found: PassageTerms) -> None:
        """Store a passage's terms, in place of those it may have, inside the caller's transaction."""
        inserts.passage_terms(db, passage_id, found)

    def claim(self, db: sqlite3.Connection, encoder_name: str, encoder_fingerprint: str) -> None:
        """Record what the vectors and terms are made with, inside the caller's transaction."""
        self.set_meta(db, "encoder_name", encoder_name)
        self.set_meta(db, "encoder_fingerprint", encoder_fingerprint)
        self.set_meta(db, "terms_made_with", terms.VERSION)

    # --- reading

    def counts(self) -> Counts:
        """How much it holds."""
        numbers = self.db.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages), (SELECT count(*) FROM sentences)"
        ).fetchone()
        return Counts(*numbers)

    def languages(self) -> list[str]:
        """Codes of the languages that have passages, by alphabet; looks up one after the other, as reading them from
        all passages takes 70 ms where there are a million."""
        found = self.db.execute(
            """WITH RECURSIVE held(language) AS (
                   SELECT min(language) FROM passages
                   UNION ALL
                   SELECT (SELECT min(language) FROM passages WHERE language > held.language)
                   FROM held WHERE held.language IS NOT NULL
               )
               SELECT language FROM held WHERE language IS NOT NULL"""
        )
        return [row[0] for row in found]

    def has_documents(self) -> bool:
        """Whether there is anything to search."""
        return self.db.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is not None

    def documents(self, ids: Sequence[int] | None = None) -> list[Document]:
        """All documents, or those of `ids`, by id."""
        where, values = ("", []) if ids is None else (f"WHERE d.id IN ({rows.marks(ids)})", list(ids))
        found = self.db.execute(f"{rows.DOCUMENT} {where} ORDER BY d.id", values)
        return [rows.document(row) for row in found]

    def document(self, document_id: int) -> Document:
        """One document. Raises NotFound."""
        found = self.documents([document_id])
        if not found:
            raise NotFound(f"There is no document {document_id}. List them: python -m kb stats")
        return found[0]

    def document_by_path(self, path: str) -> Document | None:
        """The document whose file lies at `path`, or None."""
        row = self.db.execute("SELECT id FROM documents WHERE path = ?", [path]).fetchone()
        return self.document(row[0]) if row else None

    def documents_by_hash(self, sha256: str) -> list[Document]:
        """Documents made from the same bytes."""
        found = self.db.execute("SELECT id FROM documents WHERE sha256 = ?", [sha256]).fetchall()
        return self.documents([row[0] for row in found])

    def text(self, document_id: int) -> str:
        """A document's whole cleaned text. Raises NotFound."""
        row = self.db.execute("SELECT text FROM documents WHERE id = ?", [document_id]).fetchone()
        if row is None:
            raise NotFound(f"There is no document {document_id}. List them: python -m kb stats")
        return str(row[0])

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id; ids that do not exist are left out."""
        found = self.db.execute(f"{rows.PASSAGE} WHERE p.id IN ({rows.marks(ids)})", list(ids))
        return {row[0]: rows.passage(row) for row in found}

    def passages_of(self, document_id: int) -> list[Passage]:
        """A document's passages in reading order."""
        found = self.db.execute(f'{rows.PASSAGE} WHERE p.document_id = ? ORDER BY p."start"', [document_id])
        return [rows.passage(row) for row in found]

    def sentence_vectors(self, above: int = 0, most: int = -1) -> tuple[list[int], Vectors]:
        """Ids, ascending, and vectors of the first `most` sentences with an id above `above`, or of all."""
        sql = "SELECT id, vector FROM sentences WHERE id > ? ORDER BY id LIMIT ?"
        found = self.db.execute(sql, [above, most]).fetchall()
        return [row[0] for row in found], rows.unpack([row[1] for row in found])

    def passage_terms(self, above: int = 0, most: int = -1) -> list[tuple[int, str, int, str, str]]:
        """Id, language, length in terms, lemmas and surface forms, each separated by spaces, of the first
        `most` passages with an id above `above`, or of all, by ascending id."""
        return self.db.execute(
            """SELECT p.id, p.language, p.terms, t.lemmas, t.surfaces FROM passages p
               JOIN passage_terms t ON t.passage_id = p.id WHERE p.id > ? ORDER BY p.id LIMIT ?""",
            [above, most],
        ).fetchall()
