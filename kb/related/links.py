"""What was found related: read from the store, both directions of a pair stand in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.rows import marks
from kb.store import Store
from kb.types import Document


class Kind(StrEnum):
    """How a document is related to another; a closer one first."""

    COPY = "copy"
    VERSION = "version"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Related:
    """A document related to another. `score` in [0, 1]: what the two share of their words, or of the shorter
    one's where it is a version; how well a translation is aligned (`kb.related.alignment`)."""

    document: Document
    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class Linked:
    """A passage that says the same as another. `score` in [0, 1]: the share of the shorter one's words that both
    have in one language, the mean cosine of their sentences in two."""

    passage_id: int
    document_id: int
    language: str
    score: float


def related_documents(store: Store, document_id: int) -> list[Related]:
    """The documents related to one: copies, versions, translations, the nearest first."""
    rows = store.db.execute(
        "SELECT other_id, kind, score FROM related_documents WHERE document_id = ?", [document_id]
    ).fetchall()
    documents = {document.id: document for document in store.documents([row[0] for row in rows])}
    found = [Related(documents[other], Kind(kind), score) for other, kind, score in rows if other in documents]
    return sorted(found, key=lambda related: (list(Kind).index(related.kind), -related.score, related.document.id))


def linked(store: Store, passages: Sequence[int]) -> dict[int, tuple[Linked, ...]]:
    """By passage of `passages`, those that say the same, the nearest first; passages without any are left out."""
    rows = store.db.execute(
        f"""SELECT r.passage_id, p.id, p.document_id, p.language, r.score FROM related_passages r
            JOIN passages p ON p.id = r.other_id
            WHERE r.passage_id IN ({marks(passages)}) ORDER BY r.passage_id, r.score DESC, p.id""",
        list(passages),
    ).fetchall()
    found: dict[int, list[Linked]] = defaultdict(list)
    for passage, *other in rows:
        found[passage].append(Linked(*other))
    return {passage: tuple(others) for passage, others in found.items()}
