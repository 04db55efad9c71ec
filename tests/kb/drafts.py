"""Documents made by hand: a test says what a document holds, the real encoder does the rest."""

import hashlib

from kb import KnowledgeBase
from kb.embed import embed
from kb.text import sentence_spans
from kb.types import DraftDocument, DraftPassage, Evidence, Place, PlaceKind, Span


def draft(
    path: str, *passages: tuple[str, str], city: str | None = None, country: str | None = None, heading: str = ""
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
        title=path.rsplit("/", maxsplit=1)[-1],
        text=text,
        passages=tuple(cut),
        city=Evidence(city, city) if city else None,
        country=Evidence(country, country) if country else None,
    )


def remember_encoder(kb: KnowledgeBase) -> None:
    """Write down whose vectors the knowledge base holds, as every ingest does first."""
    with kb.store.writing() as db:
        kb.store.set_meta(db, "encoder_name", kb.encoder.name)
        kb.store.set_meta(db, "encoder_fingerprint", kb.encoder.fingerprint)


def put(kb: KnowledgeBase, document: DraftDocument) -> int:
    """Store `document` with vectors of the knowledge base's encoder; its id."""
    if kb.store.meta("encoder_fingerprint") is None:
        remember_encoder(kb)
    vectors = embed(kb.encoder, document.text, document.passages)
    return kb.store.put(document, vectors.passages, vectors.sentences)


def add(kb: KnowledgeBase, path: str, text: str, language: str = "en") -> int:
    """Store a document of one passage; its id."""
    return put(kb, draft(path, (language, text)))
