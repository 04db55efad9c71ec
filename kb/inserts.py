"""Rows into the store, inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from kb import rows, terms
from kb.encoder import Vectors
from kb.stored import PassageTerms, StoredDocument
from kb.types import DraftDocument, PracticeFact, about


def document(
    db: sqlite3.Connection,
    draft: DraftDocument,
    document_id: int | None,
    passage_vectors: Vectors,
    sentence_vectors: Vectors,
) -> int:
    """Store `draft`, in place of the row of `document_id` where that is given; returns its id.

    `passage_vectors` has a row a passage, `sentence_vectors` a row a sentence, in the draft's order.
    """
    if document_id is not None:
        db.execute("DELETE FROM documents WHERE id = ?", [document_id])
    first = _next_id(db, "passages")
    one = StoredDocument(
        id=document_id or _next_id(db, "documents"),
        draft=draft,
        added_at=datetime.now(UTC).isoformat(timespec="seconds"),
        passages=tuple(range(first, first + len(draft.passages))),
        terms=tuple(of_draft(draft)),
    )
    stored(db, one, passage_vectors, sentence_vectors)
    return one.id


def stored(db: sqlite3.Connection, one: StoredDocument, passage_vectors: Vectors, sentence_vectors: Vectors) -> None:
    """Store a document under the ids it has; vectors as `document` takes them."""
    _document(db, one)
    next_sentence = 0
    for at, (passage, vector) in enumerate(zip(one.draft.passages, passage_vectors, strict=True)):
        _passage(db, one, at, vector)
        passage_terms(db, one.passages[at], one.terms[at])
        last = next_sentence + len(passage.sentences)
        db.executemany(
            "INSERT INTO sentences VALUES (NULL, ?, ?, ?, ?)",
            (
                (one.passages[at], span.start, span.end, row.tobytes())
                for span, row in zip(passage.sentences, sentence_vectors[next_sentence:last], strict=True)
            ),
        )
        next_sentence = last
    db.executemany(
        "INSERT INTO practice_facts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", _facts(one.id, one.draft.practice)
    )


def _next_id(db: sqlite3.Connection, table: str) -> int:
    """One that was never used, as AUTOINCREMENT would give it."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return int(row[0]) + 1 if row else 1


def of_draft(draft: DraftDocument) -> list[PassageTerms]:
    """The terms of each passage."""
    places = about(draft.city, draft.country)
    return [PassageTerms.of(terms.of_passage(draft.title, draft.text, each, places)) for each in draft.passages]


def passage_terms(db: sqlite3.Connection, passage_id: int, found: PassageTerms) -> None:
    """Store a passage's terms, in place of those it may have."""
    db.execute("INSERT OR REPLACE INTO passage_terms VALUES (?, ?, ?)", (passage_id, found.lemmas, found.surfaces))
    db.execute("UPDATE passages SET terms = ? WHERE id = ?", (found.count, passage_id))


def _document(db: sqlite3.Connection, one: StoredDocument) -> None:
    draft = one.draft
    city, city_words = rows.columns(draft.city)
    country, country_words = rows.columns(draft.country)
    row = {
        "id": one.id,
        "path": draft.path,
        "sha256": draft.sha256,
        "format": draft.format,
        "title": draft.title,
        "text": draft.text,
        "city": city,
        "city_words": city_words,
        "country": country,
        "country_words": country_words,
        "dates": json.dumps([[date.value, date.words] for date in draft.dates], ensure_ascii=False),
        "urls": json.dumps(draft.urls, ensure_ascii=False),
        "added_at": one.added_at,
        "container": draft.container,
        "retrieved_at": draft.retrieved_at,
    }
    _insert(db, "documents", row)


def _passage(db: sqlite3.Connection, one: StoredDocument, at: int, vector: Vectors) -> None:
    passage = one.draft.passages[at]
    row = {
        "id": one.passages[at],
        "document_id": one.id,
        "language": passage.language,
        "place_kind": passage.place.kind,
        "place_number": passage.place.number,
        "heading": passage.place.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "terms": 0,  # passage_terms counts
        "vector": vector.tobytes(),
        "confidence": passage.confidence,
        "hidden": passage.hidden,
    }
    _insert(db, "passages", row)


def _facts(document_id: int, facts: Sequence[PracticeFact]) -> list[tuple[object, ...]]:
    return [
        (
            document_id,
            fact.field,
            fact.value,
            fact.words,
            *((fact.place.kind, fact.place.number, fact.place.heading) if fact.place else (None, None, None)),
            fact.confidence,
        )
        for fact in facts
    ]


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({rows.marks(row)})", list(row.values()))
