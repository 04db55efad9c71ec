"""What an engine does: it keeps the passages of documents with their vectors and terms, and finds candidates.

Two do it: `kb.engines.local`, in one folder, and `kb.engines.qdrant`, on a cluster. Search, answers and pages know
no more of them than this; what a document says and where is read from the engine's `store`, in either case SQLite.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kb.embed import DocumentVectors
from kb.encoder import Encoder, Vectors
from kb.lexical import Floats
from kb.query_terms import QueryWord
from kb.store import Counts, Store
from kb.stored import StoredDocument
from kb.types import Document, DraftDocument, Filters

CATALOGUE_OF = "cluster"
"""Where the store of a machine remembers which cluster's catalogue it is."""


Progress = Callable[[float], None]
"""Told what share is done, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong. `what` names the part, `message` says what is wrong and what to do.

    `harmless` problems mend themselves at the next search or ingest.
    """

    what: str
    message: str
    harmless: bool = False


class WordEvidence(Protocol):
    """What the words of one query are found in."""

    @property
    def unknown(self) -> Mapping[str, float]:
        """By language, in [0, 1]: the share of the query that no passage can match, for want of a translation."""
        ...

    def best(self, count: int, filters: Filters) -> set[int]:
        """Ids of the `count` passages with the highest BM25, among those that pass the filters."""
        ...

    def of(self, passages: Sequence[int]) -> tuple[Floats, Floats]:
        """BM25 and coverage of passages, as in `kb.lexical.LexicalScores`; 0 where they share nothing."""
        ...


class Maker(Protocol):
    """An encoder, as far as its vectors must be known from another's."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...


class Engine(Protocol):
    """Keeps one knowledge base. Thread-safe. Raises StoreError where it cannot be used."""

    @property
    def store(self) -> Store:
        """The documents: their texts, places and facts, not necessarily their vectors."""
        ...

    # --- documents in and out

    def claim(self, encoder: Maker) -> None:
        """Record whose vectors are kept here, where nobody's are yet."""
        ...

    def put(self, draft: DraftDocument, vectors: DocumentVectors) -> int:
        """Store a document, in place of the one at the same path whose id it takes over; returns its id."""
        ...

    def copy(self, one: StoredDocument, vectors: DocumentVectors) -> None:
        """Store a document of another knowledge base under the ids that it has there."""
        ...

    def move(self, document_id: int, path: str, container: str = "") -> None:
        """Record that a document's file lies at `path` now, inside `container` or by itself."""
        ...

    def remove(self, document_id: int) -> None:
        """Remove a document and its passages. Raises NotFound."""
        ...

    def reembed(self, encoder: Encoder) -> int:
        """Make all vectors and terms anew; returns how many documents there are. Searches meanwhile see the old."""
        ...

    # --- the files that documents were made from

    def keep_original(self, document: Document, file: Path) -> None:
        """Keep a copy of the file that a document was made from."""
        ...

    def has_original(self, document: Document) -> bool:
        """Whether there is one to hand out."""
        ...

    def original(self, document: Document) -> Path:
        """Where it lies on this machine. Raises NotFound."""
        ...

    # --- candidates and their evidence

    def nearest(self, queries: Vectors, count: int, filters: Filters) -> set[int]:
        """Passages whose best sentences are nearest to any of `queries` (float32, (q, dim), unit length): `count` for
        them all together, shared evenly, among those that pass the filters."""
        ...

    def cosines(self, queries: Vectors, passages: Sequence[int]) -> Vectors:
        """cos(query, passage) + cos(query, best sentence) of each passage, in [-2, 2], float32, shape (p, q), to
        within 0.01."""
        ...

    def by_words(self, words: Sequence[QueryWord]) -> WordEvidence:
        """What a query's words are found in."""
        ...

    # --- itself

    def refresh(self) -> None:
        """See what others have changed meanwhile."""
        ...

    def generation(self) -> int:
        """Raised by every change that this machine has seen."""
        ...

    def counts(self) -> Counts:
        """How much there is to find."""
        ...

    def settle(self) -> None:
        """Bring what is derived from the documents up to date, and tell others."""
        ...

    def problems(self) -> list[Problem]:
        """What is wrong with the engine itself; `kb.verify` looks at the documents."""
        ...
