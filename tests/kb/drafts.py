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


def embedded(encoder: Encoder, document: DraftDocument) -> DocumentVectors:
    """The vectors of `document`."""
    return embed(encoder, document.title, document.text, document.passages)


def put(kb: KnowledgeBase, document: DraftDocument) -> int:
    """Store `document` with vectors of the knowledge base's encoder; its id."""
    kb.engine.claim(kb.encoder)
    return kb.engine.put(document, embedded(kb.encoder, document))


def add(kb: KnowledgeBase, path: str, text: str, language: str = "en") -> int:
    """Store a document of one passage; its id."""
    return put(kb, draft(path, (language, text)))
