"""The embedded engine: everything in one folder, SQLite as the truth, FAISS and an index of words derived from it."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kb import inserts, lexical
from kb.derived import Derived
from kb.embed import DocumentVectors, reembed
from kb.encoder import Encoder, Vectors
from kb.engines.contract import Maker, Problem, WordEvidence
from kb.errors import NotFound
from kb.filters import allowed_ids
from kb.lexical import Floats, LexicalScores
from kb.originals import Originals
from kb.postings import TermIndex
from kb.query_terms import QueryWord
from kb.rows import marks, unpack
from kb.store import Counts, Store
from kb.stored import StoredDocument
from kb.types import Document, DraftDocument, Filters
from kb.vectors import SentenceIndex

SENTENCES = 3
"""Sentences to look for at first for each passage that is wanted: of a document near to a query many are near."""


class LocalEngine:
    """One folder. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sentences = SentenceIndex(store)
        self.terms = TermIndex(store)

    # --- documents in and out

    def claim(self, encoder: Maker) -> None:
        """As Engine says."""
        if self.store.meta("encoder_fingerprint") is None:
            with self.store.writing() as db:
                self.store.claim(db, encoder.name, encoder.fingerprint)

    def put(self, draft: DraftDocument, vectors: DocumentVectors) -> int:
        """As Engine says, in one transaction."""
        return self.store.put(draft, vectors.passages, vectors.sentences)

    def copy(self, one: StoredDocument, vectors: DocumentVectors) -> None:
        """As Engine says, in one transaction."""
        with self.store.writing() as db:
            db.execute("DELETE FROM documents WHERE id = ? OR path = ?", [one.id, one.draft.path])
            inserts.stored(db, one, vectors.passages, vectors.sentences)

    def move(self, document_id: int, path: str, container: str = "") -> None:
        """As Engine says."""
        self.store.move(document_id, path, container)

    def remove(self, document_id: int) -> None:
        """As Engine says."""
        self.store.remove(document_id)

    def reembed(self, encoder: Encoder) -> int:
        """As Engine says, in one transaction."""
        count = reembed(self.store, encoder)
        self.sentences.rebuild()
        self.terms.rebuild()
        return count

    # --- the files that documents were made from

    def keep_original(self, document: Document, file: Path) -> None:
        """As Engine says."""
        originals = Originals(self.store.home)
        kept = originals.keep(file, document.sha256)
        originals.rename(kept, document.sha256, document.file_name)

    def has_original(self, document: Document) -> bool:
        """As Engine says."""
        return self._copy(document).is_file()

    def original(self, document: Document) -> Path:
        """As Engine says."""
        if not self.has_original(document):
            raise NotFound(f"The copy of {document.file_name} is missing. Ingest that file with --force.")
        return self._copy(document)

    def _copy(self, document: Document) -> Path:
        return Originals(self.store.home).path(document.sha256, document.file_name)

    # --- candidates and their evidence

    def nearest(self, queries: Vectors, count: int, filters: Filters) -> set[int]:
        """As Engine says."""
        allowed = sorted(allowed_ids(self.store, filters, "sentence")) if filters else None
        wanted = math.ceil(count / len(queries))
        return {passage for query in queries for passage in self._nearest(query, wanted, allowed)}

    def _nearest(self, query: Vectors, wanted: int, allowed: Sequence[int] | None) -> list[int]:
        """The `wanted` passages with the sentences nearest to one query (dim,), nearest first: among those that the
        index finds, by their whole vectors."""
        sentences = SENTENCES * wanted
        while True:
            ids, _ = self.sentences.search(np.atleast_2d(query), sentences, allowed)
            found = self.store.db.execute(
                f"SELECT passage_id, vector FROM sentences WHERE id IN ({marks(ids)})", ids.tolist()
            ).fetchall()
            passages = _by_cosine(query, found)
            if len(passages) >= wanted or len(ids) < sentences:
                return passages[:wanted]
            sentences *= 2

    def cosines(self, queries: Vectors, passages: Sequence[int]) -> Vectors:
        """As Engine says."""
        if not len(passages):
            return np.empty((0, len(queries)), np.float32)
        vectors = self.store.vectors.of_passages(passages)
        own = np.stack([vectors[passage] for passage in passages]) @ queries.T
        return np.asarray(own + self._best_sentences(queries, passages), np.float32)

    def _best_sentences(self, queries: Vectors, passages: Sequence[int]) -> Vectors:
        """The cosine (p, q) of each passage's best sentence to each query."""
        rows = self.store.db.execute(
            f"SELECT passage_id, id FROM sentences WHERE passage_id IN ({marks(passages)})", list(passages)
        ).fetchall()
        cosines = self.sentences.cosines([row[1] for row in rows], queries)
        row_of = {passage: at for at, passage in enumerate(passages)}
        best = np.full((len(passages), len(queries)), -1, np.float32)
        np.maximum.at(best, [row_of[row[0]] for row in rows], cosines)
        return best

    def by_words(self, words: Sequence[QueryWord]) -> WordEvidence:
        """As Engine says."""
        return _Found(self.store, lexical.score(self.terms.view(), words))

    # --- itself

    def refresh(self) -> None:
        """Nothing to do: the database is read itself."""

    def generation(self) -> int:
        """As Engine says."""
        return self.store.generation()

    def counts(self) -> Counts:
        """As Engine says."""
        return self.store.counts()

    def settle(self) -> None:
        """Put the indices on disk."""
        self.sentences.save()
        self.terms.save()

    def problems(self) -> list[Problem]:
        """What is wrong with terms, vectors and the indices made of them."""
        return [*(self._missing_terms() or _index(self.terms)), *(self._mixed_vectors() or _index(self.sentences))]

    def _missing_terms(self) -> list[Problem]:
        missing = self.store.db.execute(
            "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage_id FROM passage_terms)"
        ).fetchone()[0]
        message = f"{missing} passages cannot be found by words. Ingest with --force."
        return [Problem("terms", message)] if missing else []

    def _mixed_vectors(self) -> list[Problem]:
        sizes = self.store.db.execute(
            "SELECT DISTINCT length(vector) FROM (SELECT vector FROM passages UNION ALL SELECT vector FROM sentences)"
        ).fetchall()
        message = "Vectors of different lengths are mixed. Make them anew: python -m kb reembed"
        return [Problem("vectors", message)] if len(sizes) > 1 else []


def _by_cosine(query: Vectors, sentences: Sequence[tuple[int, bytes]]) -> list[int]:
    """Passages, each once, nearest first, by those of their sentences' vectors that are given."""
    if not sentences:
        return []
    nearest = np.argsort(-(unpack([vector for _, vector in sentences]) @ query), kind="stable")
    return list(dict.fromkeys(sentences[at][0] for at in nearest.tolist()))


def _index(index: Derived) -> list[Problem]:
    problem = index.problem()
    return [Problem("index", problem.message, harmless=problem.harmless)] if problem else []


class _Found:
    """WordEvidence of everything that shares a word with the query."""

    def __init__(self, store: Store, scores: LexicalScores) -> None:
        self._store = store
        self._scores = scores

    @property
    def unknown(self) -> Mapping[str, float]:
        return self._scores.unknown

    def best(self, count: int, filters: Filters) -> set[int]:
        return self._scores.best(count, allowed_ids(self._store, filters, "passage") if filters else None)

    def of(self, passages: Sequence[int]) -> tuple[Floats, Floats]:
        return self._scores.of(passages)
