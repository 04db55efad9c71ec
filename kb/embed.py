"""Which text of a passage goes into its vector, for new documents and for all anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb import terms
from kb.encoder import Encoder, Vectors
from kb.store import Store
from kb.stored import PassageTerms
from kb.text import headed, in_context
from kb.types import DraftPassage, Place, PlaceKind, Span, about


@dataclass(frozen=True, slots=True)
class DocumentVectors:
    """Vectors of a document: a row a passage, and a row a sentence in the same order."""

    passages: Vectors
    sentences: Vectors


def embed(encoder: Encoder, title: str, text: str, passages: Sequence[DraftPassage]) -> DocumentVectors:
    """Encode the passages and sentences of a document with this title ("" for none) and whole text.

    A passage is encoded in its context, a sentence behind its heading.
    """
    bodies = [in_context(title, p.place.heading, text[p.span.start : p.span.end]) for p in passages]
    languages = [passage.language for passage in passages]
    sentences = [
        (headed(title, passage.place.heading, text[span.start : span.end]), passage.language)
        for passage in passages
        for span in passage.sentences
    ]
    return DocumentVectors(
        encoder.encode(bodies, languages),
        encoder.encode([body for body, _ in sentences], [language for _, language in sentences]),
    )


def reembed(store: Store, encoder: Encoder) -> int:
    """Replace every stored vector by one of `encoder`, and every term by one of today's, in one transaction;
    returns the number of documents."""
    with store.writing() as db:
        documents = store.documents()
        for document in documents:
            passages = _stored(store, document.id)
            text = store.text(document.id)
            drafts = [draft for _, _, draft in passages]
            vectors = embed(encoder, document.own_title, text, drafts)
            db.executemany(
                "UPDATE passages SET vector = ? WHERE id = ?",
                ((row.tobytes(), passage) for row, (passage, _, _) in zip(vectors.passages, passages, strict=True)),
            )
            sentence_ids = [sentence for _, sentences, _ in passages for sentence in sentences]
            db.executemany(
                "UPDATE sentences SET vector = ? WHERE id = ?",
                ((row.tobytes(), sentence) for row, sentence in zip(vectors.sentences, sentence_ids, strict=True)),
            )
            for passage, _, draft in passages:
                places = about(document.city, document.country)
                found = terms.of_passage(document.own_title, text, draft, places)
                store.put_terms(db, passage, PassageTerms.of(found))
        store.claim(db, encoder.name, encoder.fingerprint)
    return len(documents)


def _stored(store: Store, document_id: int) -> list[tuple[int, list[int], DraftPassage]]:
    """Passage id, sentence ids and draft of each passage of a document."""
    rows = store.db.execute(
        """SELECT p.id, p.language, p.place_kind, p.place_number, p.heading, p."start", p."end"
           FROM passages p WHERE document_id = ? ORDER BY p.id""",
        [document_id],
    ).fetchall()
    found = []
    for passage, language, kind, number, heading, start, end in rows:
        sentences = store.db.execute(
            'SELECT id, "start", "end" FROM sentences WHERE passage_id = ? ORDER BY id', [passage]
        ).fetchall()
        spans = tuple(Span(first, last) for _, first, last in sentences)
        place = Place(PlaceKind(kind), number, heading)
        found.append((passage, [row[0] for row in sentences], DraftPassage(language, place, Span(start, end), spans)))
    return found
