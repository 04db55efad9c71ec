"""Rows into the store, inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from kb import rows, terms
from kb.encoder import Vectors
from kb.types import DraftDocument, DraftPassage, PracticeFact, about


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
    new = _document(db, draft, document_id)
    next_sentence = 0
    for passage, vector in zip(draft.passages, passage_vectors, strict=True):
        passage_id = _passage(db, new, passage, vector)
        found = terms.of_passage(draft.title, draft.text, passage, about(draft.city, draft.country))
        passage_terms(db, passage_id, found)
        last = next_sentence + len(passage.sentences)
        db.executemany(
            "INSERT INTO sentences VALUES (NULL, ?, ?, ?, ?)",
            (
                (passage_id, span.start, span.end, row.tobytes())
                for span, row in zip(passage.sentences, sentence_vectors[next_sentence:last], strict=True)
            ),
        )
        next_sentence = last
    db.executemany("INSERT INTO practice_facts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", _facts(new, draft.practice))
    return new


def passage_terms(db: sqlite3.Connection, passage_id: int, found: Sequence[terms.Term]) -> None:
    """Store a passage's terms, in place of those it may have."""
    db.execute("INSERT OR REPLACE INTO passage_terms VALUES (?, ?, ?)", (passage_id, *rows.terms(found)))
    db.execute("UPDATE passages SET terms = ? WHERE id = ?", (len(found), passage_id))


def _document(db: sqlite3.Connection, draft: DraftDocument, document_id: int | None) -> int:
    city, city_words = rows.columns(draft.city)
    country, country_words = rows.columns(draft.country)
    row = {
        "id": document_id,
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
        "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "container": draft.container,
        "retrieved_at": draft.retrieved_at,
    }
    return _insert(db, "documents", row)


def _passage(db: sqlite3.Connection, document_id: int, passage: DraftPassage, vector: Vectors) -> int:
    row = {
        "document_id": document_id,
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
    return _insert(db, "passages", row)


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


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    columns = ", ".join(f'"{column}"' for column in row)
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({rows.marks(row)})", list(row.values()))
    return int(cursor.lastrowid or 0)
