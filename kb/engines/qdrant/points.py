"""What a knowledge base looks like as points of a collection, and how points are numbered.

`passage` points carry vectors, terms and what searches are restricted by. Others carry none: a `document` point for
each document says which passages are its own, `link` points what was found related to it, the `derived` point what was
computed from all, and `chunk` points hold what is too large for one point: files, and the records of long documents.
"""

import hashlib
import secrets
import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kb import lexical, places
from kb.embed import DocumentVectors
from kb.postings import Column
from kb.practice import years
from kb.stored import PassageTerms, StoredDocument
from kb.types import NOT_STATED, Filters

if TYPE_CHECKING:
    from qdrant_client import models

PASSAGE, SENTENCES, TERMS = "passage", "sentences", "terms"
"""Names of a passage's vectors: of itself, of each sentence, and of its terms."""

FIRST_ID, LAST_ID = 2**40, 2**52
"""Between these lie the numbers that are drawn at random: above those that one folder gives, below what a browser
counts exactly."""

USUAL_TERMS = 80.0
"""A passage's terms, to weigh its length by. The mean of a language would change with each document, and with it all
vectors; candidates are scored anew with the true mean (`kb.engines.qdrant.words`)."""

_NAMESPACE = uuid.UUID("6e8d0c0e-52f5-4a4e-9a77-6b3f0c1d2e49")


class Kind(StrEnum):
    """What a point is, in its payload under `kind`."""

    PASSAGE = "passage"
    DOCUMENT = "document"
    LINK = "link"
    DERIVED = "derived"
    CHUNK = "chunk"


def point_id(kind: Kind, name: str) -> str:
    """The id of a point that is not a passage: the same name gives the same point, so writing twice is as once."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


def document_id(path: str, attempt: int = 0) -> int:
    """The number of a new document, by its path; another one for each further `attempt`."""
    digest = hashlib.sha256(f"{path}\0{attempt}".encode("utf-8", "surrogatepass")).digest()
    return FIRST_ID + int.from_bytes(digest[:8], "big") % (LAST_ID - FIRST_ID)


def passage_ids(count: int) -> tuple[int, ...]:
    """Numbers for the passages of a document, ascending; that they are free is for the caller to see."""
    first = FIRST_ID + secrets.randbelow(LAST_ID - FIRST_ID - count)
    return tuple(range(first, first + count))


def term_index(language: str, column: Column, term: str) -> int:
    """The dimension of a term in the sparse vectors. Two terms in four billion share one; as candidates are scored by
    the terms themselves, that costs a place among them at most."""
    return zlib.crc32(f"{language}\0{column}\0{term}".encode())


def sparse(language: str, found: PassageTerms) -> "models.SparseVector":
    """A passage's terms by their saturated frequencies, to which the server adds the IDF."""
    from qdrant_client import models

    columns: tuple[tuple[Column, str], ...] = (("lemmas", found.lemmas), ("surfaces", found.surfaces))
    weights: dict[int, float] = {}
    for column, text in columns:
        for term, frequency in Counter(text.split()).items():
            weights[term_index(language, column, term)] = lexical.saturated(frequency, found.count, USUAL_TERMS)
    return models.SparseVector(indices=list(weights), values=list(weights.values()))


def passages(
    one: StoredDocument, revision: str, stamp: int, vectors: DocumentVectors
) -> Iterator["models.PointStruct"]:
    """The points of a document's passages."""
    from qdrant_client import models

    said = {"kind": Kind.PASSAGE, "document": one.id, "revision": revision, "stamp": stamp, **_facts(one)}
    first = 0
    for at, passage in enumerate(one.draft.passages):
        last = first + len(passage.sentences)
        held: dict[str, Any] = {
            PASSAGE: vectors.passages[at].tolist(),
            TERMS: sparse(passage.language, one.terms[at]),
        }
        if passage.sentences:
            held[SENTENCES] = vectors.sentences[first:last].tolist()
        yield models.PointStruct(id=one.passages[at], vector=held, payload={**said, "language": passage.language})
        first = last


def _facts(one: StoredDocument) -> dict[str, list[str]]:
    """What searches are restricted by, as the fields of Filters; NOT_STATED where the document says nothing."""
    draft = one.draft
    stated: dict[str, Iterable[str]] = {
        "cities": [draft.city.value] if draft.city else [],
        "countries": [draft.country.value] if draft.country else [],
        "topics": [fact.value for fact in draft.practice if fact.field == "topics"],
        "target_groups": [fact.value for fact in draft.practice if fact.field == "target_groups"],
        "years": [year for fact in draft.practice if fact.field == "year" for year in years(fact.value)],
    }
    said = {field: sorted(set(values)) or [NOT_STATED] for field, values in stated.items()}
    return {**said, "formats": [draft.format]}


FIELDS = {
    "languages": "language",
    "cities": "cities",
    "countries": "countries",
    "formats": "formats",
    "documents": "document",
    "topics": "topics",
    "target_groups": "target_groups",
    "years": "years",
}
"""By field of Filters, the key of the payload."""


def condition(filters: Filters) -> "models.Filter":
    """Passages that pass `filters`; `kb.filters` says the same in SQL."""
    from qdrant_client import models

    must: list[models.Condition] = [having("kind", Kind.PASSAGE)]
    for field, key in FIELDS.items():
        values: Sequence[str | int] = getattr(filters, field)
        if field in {"cities", "countries"}:
            values = [places.resolve(str(name)) for name in values]
        if values:
            must.append(models.FieldCondition(key=key, match=models.MatchAny(any=list(values))))  # type: ignore[arg-type]
    return models.Filter(must=must)


def having(key: str, value: str | int | bool) -> "models.FieldCondition":
    """Points with this in their payload."""
    from qdrant_client import models

    return models.FieldCondition(key=key, match=models.MatchValue(value=value))
