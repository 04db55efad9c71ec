"""What the command line prints: JSON objects with stable keys, and text for people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kb import places, vectors
from kb.engines.contract import Problem
from kb.filters import counts
from kb.practice import display
from kb.questions import Asked
from kb.related.links import Related
from kb.store import Store
from kb.types import NOT_STATED, Answer, Citation, Document, Evidence, Hit, Match, Other, Passage, PracticeFact

Json = dict[str, Any]


def hit(found: Hit) -> Json:
    """A hit. `city` is the name in English, `also` where the same passage stands in other languages and files."""
    return {
        "rank": found.rank,
        "score": round(found.score, 4),
        "path": found.document.path,
        "title": found.document.title,
        "language": found.passage.language,
        "place": found.passage.place.label,
        "heading": found.passage.place.heading,
        "text": found.passage.text,
        "sentence": found.sentence,
        "why": [{"query": match.query, "passage": match.passage} for match in distinct(found.matches)],
        "document_id": found.document.id,
        "passage_id": found.passage.id,
        "city": place_name(found.document.city),
        "country": found.document.country.value if found.document.country else None,
        "format": found.document.format,
        "also": [other(found) for found in found.also],
        "ocr_confidence": found.passage.confidence,
        "hidden": found.passage.hidden,
    }


def other(found: Other) -> Json:
    """Where else a passage stands."""
    return {
        "path": found.document.path,
        "title": found.document.title,
        "language": found.passage.language,
        "place": found.passage.place.label,
        "document_id": found.document.id,
        "passage_id": found.passage.id,
    }


def related(found: Related) -> Json:
    """A document related to another; `kind`: see `kb.related.links.Kind`."""
    return {
        "document_id": found.document.id,
        "path": found.document.path,
        "title": found.document.title,
        "kind": found.kind.value,
        "score": round(found.score, 3),
        "languages": list(found.document.languages),
    }


def distinct(matches: Sequence[Match]) -> list[Match]:
    """One match for each pair of words, as they first occur, unlikely translations left out."""
    likely = [match for match in reversed(matches) if match.likely]
    return list({(match.query.lower(), match.passage.lower()): match for match in likely}.values())[::-1]


def answer(found: Answer) -> Json:
    """An answer; `sentences` is empty when the knowledge base has none."""
    return {
        "query_language": found.query_languages[0] if len(found.query_languages) == 1 else None,
        "query_languages": list(found.query_languages),
        "confidence": round(found.confidence, 3),
        "sentences": [
            {
                "text": citation.text,
                "path": citation.hit.document.path,
                "title": citation.hit.document.title,
                "place": citation.hit.passage.place.label,
                "language": citation.hit.passage.language,
                "document_id": citation.hit.document.id,
                "passage_id": citation.hit.passage.id,
            }
            for citation in found.citations
        ],
    }


def document(found: Document, practice: Sequence[PracticeFact] = ()) -> Json:
    """A document without its text, with its practice record."""
    return {
        "document_id": found.id,
        "path": found.path,
        "format": found.format,
        "title": found.title,
        "languages": list(found.languages),
        "city": place_name(found.city),
        "city_words": found.city.words if found.city else None,
        "country": found.country.value if found.country else None,
        "country_words": found.country.words if found.country else None,
        "dates": [{"date": date.value, "words": date.words} for date in found.dates],
        "urls": list(found.urls),
        "added_at": found.added_at,
        "retrieved_at": found.retrieved_at,
        "container": found.container,
        "practice": [practice_fact(fact) for fact in practice],
    }


def practice_fact(found: PracticeFact) -> Json:
    """A field of a practice record. `value` is what is stored, `name` what it is called in English; `place` is
    None where a sidecar or the file's own data say it."""
    return {
        "field": found.field,
        "value": found.value,
        "name": display(found, "en"),
        "words": found.words,
        "place": found.place.label if found.place else None,
        "confidence": round(found.confidence, 3),
    }


def passage(found: Passage) -> Json:
    """A passage with its place and its span in the document's text."""
    return {
        "passage_id": found.id,
        "language": found.language,
        "place": found.place.label,
        "heading": found.place.heading,
        "start": found.span.start,
        "end": found.span.end,
        "text": found.text,
    }


def problem(found: Problem) -> Json:
    """A finding of verify."""
    return {"what": found.what, "message": found.message, "harmless": found.harmless}


def asked(found: Asked) -> Json:
    """A question that found nothing; `first` and `last` are months."""
    return asdict(found)


def asked_text(found: Asked) -> str:
    """A question that found nothing, for people."""
    return f"{found.count:4}  {found.text}  [{found.language or '?'}, {found.first} to {found.last}]"


def stats(store: Store) -> Json:
    """Counts of documents, passages and sentences, by language, format, city and country."""

    def number(table: str) -> int:
        return int(store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    with store.snapshot():
        held = counts(store)
        return {
            "home": str(store.home),
            **{table: number(table) for table in ("documents", "passages", "sentences")},
            **{
                field: {value: count for value, count in held[field].items() if value != NOT_STATED}
                for field in ("languages", "formats", "cities", "countries")
            },
            "encoder": store.meta("encoder_fingerprint"),
            "sentence_search": store.meta(vectors.RECORD) or vectors.EXACT,
            "generation": store.generation(),
        }


def place_name(evidence: Evidence | None) -> str | None:
    """A city's name in English, or what a sidecar calls a city that the gazetteer lacks."""
    return places.name(evidence.value, "en") if evidence else None


def hit_text(found: Hit) -> str:
    """A hit for people."""
    where = " · ".join(part for part in (place_name(found.document.city), found.passage.place.label) if part)
    lines = [
        f"{found.rank}. {found.document.title} [{found.passage.language}]",
        f"   {where} · {found.document.path}",
        f"   {found.sentence}",
        *(
            f"   also [{other.passage.language}]: {other.document.title}, {other.passage.place.label}"
            for other in found.also
        ),
    ]
    return "\n".join(lines)


def citation_text(number: int, found: Citation) -> str:
    """A cited sentence for people."""
    passage = found.hit.passage
    return f"[{number}] {found.text}\n    {found.hit.document.title}, {passage.place.label} [{passage.language}]"


def document_text(found: Document, passages: Sequence[Passage], near: Sequence[Related] = ()) -> str:
    """A document's passages under their places, for people, with what it is related to."""
    listed = (f"{r.kind} [{', '.join(r.document.languages)}]: {r.document.title} ({r.document.path})" for r in near)
    head = "\n".join([found.title, found.path, *listed])
    return "\n\n".join([head, *(f"[{p.place.label}, {p.language}, passage {p.id}]\n{p.text}" for p in passages)])


def stats_text(found: Mapping[str, Any]) -> str:
    """The counts for people."""
    lines = [f"{found['documents']} documents, {found['passages']} passages, {found['sentences']} sentences"]
    for kind in ("languages", "formats", "cities", "countries"):
        listed = ", ".join(f"{name} {count}" for name, count in found[kind].items())
        lines.append(f"{kind}: {listed or 'none'}")
    return "\n".join([*lines, f"encoder: {found['encoder']}", f"sentence search: {found['sentence_search']}"])
