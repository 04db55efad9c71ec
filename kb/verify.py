"""Is the knowledge base whole? Every check says what is wrong and what to do."""

import sqlite3

from kb import terms
from kb.engines.contract import Engine, Problem
from kb.landscape import update as landscape
from kb.related.compare import waiting
from kb.store import Store
from kb.types import Document


def verify(engine: Engine) -> list[Problem]:
    """Everything that is wrong with the knowledge base; empty when it is whole."""
    store = engine.store
    try:
        damage = [row[0] for row in store.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        if damage:
            return [_damaged(damage[0])]
        return [
            *_dangling(store),
            *_recipe(store),
            *engine.problems(),
            *_documents(engine),
            *_compared(store),
            *_landscape(store),
        ]
    except sqlite3.DatabaseError as error:
        return [_damaged(error)]


def _damaged(what: object) -> Problem:
    message = f"SQLite finds damage: {what}. Restore a backup, or ingest the documents into a new folder."
    return Problem("database", message)


def _dangling(store: Store) -> list[Problem]:
    rows = store.db.execute("PRAGMA foreign_key_check").fetchall()
    return [Problem("database", f"{len(rows)} rows belong to no document. Ingest with --force.")] if rows else []


def _recipe(store: Store) -> list[Problem]:
    made_with = store.meta("terms_made_with")
    if not made_with or made_with == terms.VERSION:
        return []
    message = "its vectors and terms were made by another version of HopKB: python -m kb reembed makes them anew"
    return [Problem("documents", message, harmless=True)]


def _compared(store: Store) -> list[Problem]:
    count = waiting(store)
    message = (
        f"{count} have not been compared with the others: their copies and translations are known after the next ingest"
    )
    return [Problem("documents", message, harmless=True)] if count else []


def _landscape(store: Store) -> list[Problem]:
    message = landscape.problem(store)
    return [Problem("landscape", message, harmless=True)] if message else []


def _documents(engine: Engine) -> list[Problem]:
    return [problem for document in engine.store.documents() for problem in _document(engine, document)]


def _document(engine: Engine, document: Document) -> list[Problem]:
    problems = []
    store = engine.store
    length = len(store.text(document.id))
    if any(not 0 <= p.span.start < p.span.end <= length for p in store.passages_of(document.id)):
        problems.append(Problem(document.path, "a passage lies outside the text. Ingest this file with --force."))
    if not engine.has_original(document):
        problems.append(Problem(document.path, "the copy of the original is missing. Ingest this file with --force."))
    return problems
