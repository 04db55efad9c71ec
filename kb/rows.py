"""Rows of the store as values, and the SQL that reads them."""

import json
from collections.abc import Sequence, Sized
from typing import Any

import numpy as np

from kb.encoder import Vectors
from kb.terms import Term
from kb.types import Document, Evidence, Passage, Place, PlaceKind, Span

DOCUMENT = """
    SELECT d.id, path, sha256, format, title, city, city_words, country, country_words, dates, urls, added_at,
           (SELECT json_group_array(language) FROM (SELECT language FROM passages
            WHERE document_id = d.id GROUP BY language ORDER BY count(*) DESC, language)),
           (SELECT count(*) FROM passages WHERE document_id = d.id), container, retrieved_at,
           (SELECT value FROM practice_facts WHERE document_id = d.id AND field = 'year'
            ORDER BY confidence DESC, id LIMIT 1)
    FROM documents d"""

PASSAGE = """
    SELECT p.id, p.document_id, p.language, p.place_kind, p.place_number, p.heading, p."start", p."end",
           substr(d.text, p."start" + 1, p."end" - p."start"), p.confidence, p.hidden
    FROM passages p JOIN documents d ON d.id = p.document_id"""


def document(row: Sequence[Any]) -> Document:
    """A row of DOCUMENT."""
    city, city_words, country, country_words = row[5:9]
    return Document(
        id=row[0],
        path=row[1],
        sha256=row[2],
        format=row[3],
        own_title=row[4],
        city=Evidence(city, city_words) if city is not None else None,
        country=Evidence(country, country_words) if country is not None else None,
        dates=tuple(Evidence(value, words) for value, words in json.loads(row[9])),
        urls=tuple(json.loads(row[10])),
        added_at=row[11],
        languages=tuple(json.loads(row[12])),
        passages=row[13],
        container=row[14],
        retrieved_at=row[15],
        year=row[16] or "",
    )


def passage(row: Sequence[Any]) -> Passage:
    """A row of PASSAGE."""
    return Passage(
        id=row[0],
        document_id=row[1],
        language=row[2],
        place=Place(PlaceKind(row[3]), number=row[4], heading=row[5]),
        span=Span(row[6], row[7]),
        text=row[8],
        confidence=row[9],
        hidden=bool(row[10]),
    )


def marks(values: Sized) -> str:
    """Placeholders for an SQL IN list."""
    return ", ".join("?" * len(values))


def unpack(blobs: Sequence[bytes]) -> Vectors:
    """Stored vectors as float32, shape (len(blobs), dim); (0, 0) for none."""
    if not blobs:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(blobs), np.float32).reshape(len(blobs), -1)


def columns(evidence: Evidence | None) -> tuple[str | None, str | None]:
    """The two columns in which a value and its words are stored."""
    return (evidence.value, evidence.words) if evidence else (None, None)


def terms(found: Sequence[Term]) -> tuple[str, str]:
    """The two columns in which a passage's terms are stored: lemmas, with the parts of compounds, and surfaces."""
    lemmas = " ".join(part for term in found for part in (term.lemma, *term.parts))
    return lemmas, " ".join(term.surface for term in found)
