"""The schema, as a list of migrations. Append-only: a released migration never changes.

`PRAGMA user_version` counts those applied; each runs in a transaction of its own.
"""

import sqlite3

from kb.errors import StoreTooNew

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        format TEXT NOT NULL,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        city TEXT, city_words TEXT,
        country TEXT, country_words TEXT,
        dates TEXT NOT NULL,
        urls TEXT NOT NULL,
        added_at TEXT NOT NULL
    );
    CREATE INDEX documents_by_sha256 ON documents (sha256);

    CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        language TEXT NOT NULL,
        place_kind TEXT NOT NULL,
        place_number INTEGER NOT NULL,
        heading TEXT NOT NULL,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        terms INTEGER NOT NULL,
        vector BLOB NOT NULL
    );
    CREATE INDEX passages_by_document ON passages (document_id, language);
    CREATE INDEX passages_by_language ON passages (language, terms);

    CREATE TABLE sentences (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
        "start" INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        vector BLOB NOT NULL
    );
    CREATE INDEX sentences_by_passage ON sentences (passage_id);

    -- rowid = passages.id. The words arrive lemmatised and folded: '@' marks a place.
    CREATE VIRTUAL TABLE passage_terms USING fts5 (
        lemmas, surfaces, tokenize = "unicode61 remove_diacritics 0 tokenchars '@'"
    );
    CREATE VIRTUAL TABLE term_occurrences USING fts5vocab (passage_terms, instance);

    -- One row a change. The token tells a history from that of a restored backup.
    CREATE TABLE generations (number INTEGER PRIMARY KEY, token TEXT NOT NULL);
    """,
    # Terms as plain rows: kb/postings.py indexes them, each language by its own statistics.
    """
    CREATE TABLE terms_of_passages (
        passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        lemmas TEXT NOT NULL,
        surfaces TEXT NOT NULL
    );
    INSERT INTO terms_of_passages SELECT rowid, lemmas, surfaces FROM passage_terms
        WHERE rowid IN (SELECT id FROM passages);
    DROP TABLE term_occurrences;
    DROP TABLE passage_terms;
    ALTER TABLE terms_of_passages RENAME TO passage_terms;
    """,
    # Where a document came from, how its text was read, its practice record, and what is related to it.
    """
    ALTER TABLE documents ADD COLUMN container TEXT NOT NULL DEFAULT '';
    ALTER TABLE documents ADD COLUMN retrieved_at TEXT NOT NULL DEFAULT '';
    -- 0 until the document has been compared with all others (kb/related).
    ALTER TABLE documents ADD COLUMN compared INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX documents_by_container ON documents (container) WHERE container <> '';
    CREATE INDEX documents_not_compared ON documents (id) WHERE compared = 0;
    -- NULL where the text is the file's own, else OCR's mean confidence from 0 to 1.
    ALTER TABLE passages ADD COLUMN confidence REAL;
    ALTER TABLE passages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE practice_facts (
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        words TEXT NOT NULL,
        place_kind TEXT, place_number INTEGER, heading TEXT,
        confidence REAL NOT NULL
    );
    CREATE INDEX practice_facts_by_document ON practice_facts (document_id);
    CREATE INDEX practice_facts_by_value ON practice_facts (field, value);

    -- Both directions of each pair are kept.
    CREATE TABLE related_documents (
        document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        score REAL NOT NULL,
        PRIMARY KEY (document_id, other_id)
    ) WITHOUT ROWID;
    CREATE INDEX related_documents_by_other ON related_documents (other_id);
    CREATE TABLE related_passages (
        passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
        score REAL NOT NULL,
        PRIMARY KEY (passage_id, other_id)
    ) WITHOUT ROWID;
    CREATE INDEX related_passages_by_other ON related_passages (other_id);
    -- MinHash of the words of a compared document.
    CREATE TABLE signatures (
        document_id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
        minhash BLOB NOT NULL
    );
    """,
    # Where each passage stands on the map of all (kb/landscape).
    """
    CREATE TABLE landscape_clusters (id INTEGER PRIMARY KEY, x REAL NOT NULL, y REAL NOT NULL);
    CREATE TABLE landscape_names (
        cluster_id INTEGER NOT NULL REFERENCES landscape_clusters (id) ON DELETE CASCADE,
        language TEXT NOT NULL,
        rank INTEGER NOT NULL,
        word TEXT NOT NULL,
        PRIMARY KEY (cluster_id, language, rank)
    ) WITHOUT ROWID;
    CREATE TABLE landscape_positions (
        passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        cluster_id INTEGER NOT NULL REFERENCES landscape_clusters (id) ON DELETE CASCADE,
        x REAL NOT NULL,
        y REAL NOT NULL
    );
    CREATE INDEX landscape_positions_by_cluster ON landscape_positions (cluster_id);
    """,
    # Whether a passage was laid out with the landscape or placed in it later: ids do not tell on a cluster. And of a
    # catalogue beside a cluster (kb/engines/qdrant): which state of each point it has, and how many passages hold each
    # term. In a folder by itself these stay empty.
    """
    ALTER TABLE landscape_positions ADD COLUMN laid_out INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE followed (
        point TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        revision TEXT NOT NULL,
        document_id INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX followed_by_document ON followed (document_id);
    CREATE TABLE term_counts (
        language TEXT NOT NULL,
        "column" TEXT NOT NULL,
        term TEXT NOT NULL,
        passages INTEGER NOT NULL,
        PRIMARY KEY (language, "column", term)
    ) WITHOUT ROWID;
    """,
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the schema of `db` up to date.

    Raises StoreTooNew where a newer HopKB wrote it.
    """
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise StoreTooNew(
            f"This knowledge base was written by a newer HopKB (schema {version}, this one knows "
            f"{len(MIGRATIONS)}). Update HopKB, then try again."
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] < number:  # not applied meanwhile by another process
                for statement in _statements(script):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def _statements(script: str) -> list[str]:
    """The statements of `script` (executescript would commit between them)."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
