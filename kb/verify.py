"""Is the knowledge base whole? Every check says what is wrong and what to do."""

import sqlite3
from dataclasses import dataclass

from kb import terms
from kb.derived import Derived
from kb.landscape import update as landscape
from kb.originals import Originals
from kb.related.compare import waiting
from kb.search import Indices
from kb.store import Store
from kb.types import Document


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong. `what` names the part, `message` says what is wrong and what to do.

    `harmless` problems mend themselves at the next search or ingest.
    """

    what: str
    message: str
    harmless: bool = False


def verify(store: Store, indices: Indices) -> list[Problem]:
    """Everything that is wrong with the knowledge base; empty when it is whole."""
    try:
        damage = [row[0] for row in store.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        if damage:
            return [_damaged(damage[0])]
        return [
            *_dangling(store),
            *_recipe(store),
            *(_terms(store) or _index(indices.terms)),
            *(_vectors(store) or _index(indices.sentences)),
            *_documents(store),
            *_compared(store),
            *_landscape(store),
        ]
    except sqlite3.DatabaseError as error:
        return [_damaged(error)]


def _damaged(what: object) -> Problem:
    message = f"SQLite finds damage: {what}. Restore a backup, or ingest the documents into a new folder."
    return Problem("database", message)


def _index(index: Derived) -> list[Problem]:
    problem = index.problem()
    return [Problem("index", problem.message, harmless=problem.harmless)] if problem else []


def _dangling(store: Store) -> list[Problem]:
    rows = store.db.execute("PRAGMA foreign_key_check").fetchall()
    return [Problem("database", f"{len(rows)} rows belong to no document. Ingest with --force.")] if rows else []


def _recipe(store: Store) -> list[Problem]:
    made_with = store.meta("terms_made_with")
    if not made_with or made_with == terms.VERSION:
        return []
    message = "its vectors and terms were made by another version of HopKB: python -m kb reembed makes them anew"
    return [Problem("documents", message, harmless=True)]


def _terms(store: Store) -> list[Problem]:
    missing = store.db.execute(
        "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage_id FROM passage_terms)"
    ).fetchone()[0]
    message = f"{missing} passages cannot be found by words. Ingest with --force."
    return [Problem("terms", message)] if missing else []


def _vectors(store: Store) -> list[Problem]:
    sizes = store.db.execute(
        "SELECT DISTINCT length(vector) FROM (SELECT vector FROM passages UNION ALL SELECT vector FROM sentences)"
    ).fetchall()
    message = "Vectors of different lengths are mixed. Make them anew: python -m kb reembed"
    return [Problem("vectors", message)] if len(sizes) > 1 else []


def _compared(store: Store) -> list[Problem]:
    count = waiting(store)
    message = (
        f"{count} have not been compared with the others: their copies and translations are known after the next ingest"
    )
    return [Problem("documents", message, harmless=True)] if count else []


def _landscape(store: Store) -> list[Problem]:
    message = landscape.problem(store)
    return [Problem("landscape", message, harmless=True)] if message else []


def _documents(store: Store) -> list[Problem]:
    return [problem for document in store.documents() for problem in _document(store, document)]


def _document(store: Store, document: Document) -> list[Problem]:
    problems = []
    length = len(store.text(document.id))
    if any(not 0 <= p.span.start < p.span.end <= length for p in store.passages_of(document.id)):
        problems.append(Problem(document.path, "a passage lies outside the text. Ingest this file with --force."))
    if not Originals(store.home).path(document.sha256, document.file_name).is_file():
        problems.append(Problem(document.path, "the copy of the original is missing. Ingest this file with --force."))
    return problems
