"""What was computed from all documents, handed from the machine that did it to the others.

What is related to a document goes with that document, under its revision; noise and landscape go together, for the
whole knowledge base.
"""

import base64
import json
import sqlite3
from typing import Any

from kb.landscape.update import STATE
from kb.store import Store

NOISE = "noise"
"""Where `kb.relevance` keeps what it measured."""

RELATED_MADE_WITH = "related_made_with"

Json = dict[str, Any]

_LANDSCAPE = {
    "landscape_clusters": "VALUES (?, ?, ?)",
    "landscape_names": "VALUES (?, ?, ?, ?)",
    "landscape_positions": "SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM passages WHERE id = ?1)",
}
"""Tables, those that others refer to first, and how a row comes into them."""


def of_document(store: Store, document_id: int) -> bytes:
    """What is related to a document that has been compared with all others."""
    with store.snapshot() as db:
        signature = db.execute("SELECT minhash FROM signatures WHERE document_id = ?", [document_id]).fetchone()
        related = db.execute(
            "SELECT other_id, kind, score FROM related_documents WHERE document_id = ?", [document_id]
        ).fetchall()
        passages = db.execute(
            """SELECT r.passage_id, other_id, score FROM related_passages r JOIN passages p ON p.id = r.passage_id
               WHERE document_id = ?""",
            [document_id],
        ).fetchall()
    found = {
        "made_with": store.meta(RELATED_MADE_WITH),
        "signature": base64.b64encode(signature[0]).decode() if signature else None,
        "related": related,
        "passages": passages,
    }
    return json.dumps(found).encode()


def take_document(store: Store, db: sqlite3.Connection, document_id: int, body: bytes) -> None:
    """Store what another machine found, both ways, as far as the other documents are still here."""
    found: Json = json.loads(body)
    if store.meta(RELATED_MADE_WITH) is None:
        store.set_meta(db, RELATED_MADE_WITH, found["made_with"])
    here = "WHERE (SELECT count(*) FROM {} WHERE id IN (?1, ?2)) = 2"
    for other, kind, score in found["related"]:
        db.executemany(
            f"INSERT OR REPLACE INTO related_documents SELECT ?1, ?2, ?3, ?4 {here.format('documents')}",
            [(document_id, other, kind, score), (other, document_id, kind, score)],
        )
    for mine, theirs, score in found["passages"]:
        db.executemany(
            f"INSERT OR REPLACE INTO related_passages SELECT ?1, ?2, ?3 {here.format('passages')}",
            [(mine, theirs, score), (theirs, mine, score)],
        )
    if found["signature"]:
        db.execute(
            "INSERT OR REPLACE INTO signatures VALUES (?, ?)", [document_id, base64.b64decode(found["signature"])]
        )
    db.execute("UPDATE documents SET compared = 1 WHERE id = ?", [document_id])


def of_all(store: Store) -> bytes:
    """Noise and landscape."""
    with store.snapshot() as db:
        found = {
            "meta": {key: store.meta(key) for key in (NOISE, STATE)},
            "landscape": {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in _LANDSCAPE},
        }
    return json.dumps(found, ensure_ascii=False).encode()


def take_all(store: Store, db: sqlite3.Connection, body: bytes) -> None:
    """Store another machine's noise and landscape in place of what is here."""
    found: Json = json.loads(body)
    for key, value in found["meta"].items():
        if value is not None:
            store.set_meta(db, key, value)
    for table in reversed(_LANDSCAPE):
        db.execute(f"DELETE FROM {table}")
    for table, sql in _LANDSCAPE.items():
        db.executemany(f"INSERT INTO {table} {sql}", found["landscape"][table])
