"""Documents made by hand: a test says what a document holds, the real encoder does the rest."""

import hashlib

from kb import KnowledgeBase
from kb.embed import DocumentVectors, embed
from kb.encoder import Encoder
from kb.text import sentence_spans
from kb.types import DraftDocument, DraftPassage, Evidence, Place, PlaceKind, Span


def draft(
    path: str,
    *passages: tuple[str, str],
    city: str | None = None,
    country: str | None = None,
    title: str = "",
    heading: str = "",
) -> DraftDocument:
    """A document whose passages are the given (language, text) pairs, one a paragraph."""
    text = ""
    cut = []
    for number, (language, body) in enumerate(passages, start=1):
        start = len(text)
        sentences = tuple(Span(start + first, start + last) for first, last in sentence_spans(body, language))
        place = Place(PlaceKind.PARAGRAPH, number, heading)
        cut.append(DraftPassage(language, place, Span(start, start + len(body)), sentences))
        text += f"{body}\n\n"
    return DraftDocument(
        path=path,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        format="txt",
        title=title,
        text=text,
        passages=tuple(cut),
        city=Evidence(city, city) if city else None,
        country=Evidence(country, country) if country else None,
    )


def remember_encoder(kb: KnowledgeBase) -> None:
    """Write down whose vectors the knowledge base holds, as every ingest does first."""
    with kb.store.writing() as db:
        kb.store.claim(db, kb.encoder.name, kb.encoder.fingerprint)


def embedded(encoder: Encoder, document: DraftDocument) -> DocumentVectors:
    """The vectors of `document`."""
    return embed(encoder, document.title, document.text, document.passages)


def put(kb: KnowledgeBase, document: DraftDocument) -> int:
    """Store `document` with vectors of the knowledge base's encoder; its id."""
    if kb.store.meta("encoder_fingerprint") is None:
        remember_encoder(kb)
    vectors = embedded(kb.encoder, document)
    return kb.store.put(document, vectors.passages, vectors.sentences)


def add(kb: KnowledgeBase, path: str, text: str, language: str = "en") -> int:
    """Store a document of one passage; its id."""
    return put(kb, draft(path, (language, text)))
