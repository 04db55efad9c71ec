"""From a query to hits, readable top to bottom.

query -> its language -> dense candidates by sentence, lexical candidates by term -> every
candidate scored by passage and best sentence -> fusion -> at most a few passages a document.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb import cards, query_terms, sentences
from kb.cards import Card
from kb.config import LANGUAGES, Settings
from kb.encoder import Encoder, Vectors
from kb.engines.contract import Engine, WordEvidence
from kb.filters import allowed_ids
from kb.fuse import Evidence, fuse
from kb.language import query_languages
from kb.matches import matches
from kb.query_terms import QueryWord
from kb.related.links import linked
from kb.rows import marks
from kb.sentences import NearSentence
from kb.text import words
from kb.types import Filters, Hit, Match, Passage, Span


@dataclass(frozen=True, slots=True)
class Query:
    """A query made ready: its text as searched, its likely languages, its words, and its unit vectors
    (q, dim), one for each language that it is encoded differently in."""

    text: str
    languages: tuple[str, ...]
    words: tuple[QueryWord, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its evidence. `dense` = cos(query, passage) + cos(query, best sentence), by the
    query's vector that is nearest; to within 0.01."""

    passage_id: int
    document_id: int
    language: str
    terms: int
    dense: float
    lexical: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages worth ranking for a query, and by language the share of it that no passage can match by words."""

    found: tuple[Candidate, ...]
    unknown: Mapping[str, float]

    def evidence(self, query: Query) -> Evidence:
        """Their evidence, in the same order."""
        return Evidence(
            np.array([candidate.dense for candidate in self.found]),
            np.array([candidate.lexical for candidate in self.found]),
            np.array([candidate.coverage for candidate in self.found]),
            np.array([self.unknown.get(candidate.language, 1.0) for candidate in self.found]),
            np.array([candidate.terms for candidate in self.found], float),
            [candidate.language for candidate in self.found],
            np.array([candidate.language in query.languages for candidate in self.found], bool),
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its fused score."""

    candidate: Candidate
    score: float


class Searcher:
    """Searches one knowledge base. Thread-safe."""

    def __init__(self, engine: Engine, encoder: Encoder, settings: Settings) -> None:
        self._engine = engine
        self._store = engine.store
        self._encoder = encoder
        self._settings = settings

    def prepare(self, text: str) -> Query | None:
        """The query ready for searching, or None where it has no word of two letters or more."""
        readable = text[: self._settings.query_characters].encode("utf-8", "replace").decode("utf-8")
        text = unicodedata.normalize("NFC", " ".join(readable.split()))
        if not any(len(word) > 1 for word in words(text)):
            return None
        languages = query_languages(text, tuple(dict.fromkeys([*LANGUAGES, *self._store.languages()])))
        vectors = self._encoder.encode([text] * len(languages), languages, role="query")
        asked = query_terms.analyse(text, languages, self._settings.query_terms)
        return Query(text, languages, tuple(asked), np.unique(vectors, axis=0))

    def search(self, query: Query, k: int, filters: Filters, *, collapse: bool = False) -> list[Hit]:
        """The `k` best passages, best first, all of one state of the knowledge base; with `collapse`, those that
        say the same as one hit."""
        with self._store.snapshot():
            ranked = self.rank(self.candidates(query, filters), query)
            return self.collapsed(ranked, query, k, filters) if collapse else self.hits(ranked[:k], query)

    def ranking(self, query: Query, filters: Filters) -> list[int]:
        """Ids of all passages worth ranking, best first, in the order of `search`."""
        with self._store.snapshot():
            return [found.candidate.passage_id for found in self.rank(self.candidates(query, filters), query)]

    def candidates(self, query: Query, filters: Filters) -> Candidates:
        """Passages worth ranking, with their evidence."""
        by_words = self._engine.by_words(query.words)
        found = by_words.best(self._settings.lexical_passages, filters) | self._engine.nearest(
            query.vectors, self._settings.dense_passages, filters
        )
        return Candidates(tuple(self._evidence(query, sorted(found), by_words)), by_words.unknown)

    def _evidence(self, query: Query, passages: Sequence[int], by_words: WordEvidence) -> list[Candidate]:
        rows = self._store.db.execute(
            f"SELECT id, document_id, language, terms FROM passages WHERE id IN ({marks(passages)}) ORDER BY id",
            passages,
        ).fetchall()
        ids = [row[0] for row in rows]
        scores, coverage = by_words.of(ids)
        dense = self._engine.cosines(query.vectors, ids).max(axis=1)
        return [
            Candidate(row[0], row[1], row[2], row[3], float(dense[at]), float(scores[at]), float(coverage[at]))
            for at, row in enumerate(rows)
        ]

    def rank(self, candidates: Candidates, query: Query) -> list[Ranked]:
        """`candidates` by fused score, best first, at most a few of one document before the others."""
        fused = fuse(candidates.evidence(query), lexical_weight=self._settings.lexical_weight)
        ranked = [Ranked(candidate, float(score)) for candidate, score in zip(candidates.found, fused, strict=True)]
        ranked.sort(key=lambda found: (-found.score, found.candidate.passage_id))
        return _spread(ranked, self._settings.passages_per_document)

    def collapsed(
        self, ranked: Sequence[Ranked], query: Query, k: int, filters: Filters, reader: str = ""
    ) -> list[Hit]:
        """The `k` best of `ranked`, those that say the same as one hit, in the query's language where one is; in the
        language `reader` where the query's is not certain."""
        languages = (reader,) if reader and len(query.languages) > 1 else query.languages
        held = {found.candidate.passage_id: found for found in ranked}
        links = cards.links_around(self._store, held)
        allowed = allowed_ids(self._store, filters, "passage") if filters and links else None
        found = cards.collapse(
            [found.candidate for found in ranked],
            links,
            languages,
            most=k,
            may_show=lambda passage: allowed is None or passage in allowed,
        )
        missing = sorted({card.shown for card in found} - held.keys())
        far = self._evidence(query, missing, self._engine.by_words(query.words)) if missing else []
        candidates = {candidate.passage_id: candidate for candidate in (*(r.candidate for r in ranked), *far)}
        return self._hits([Ranked(candidates[card.shown], held[card.best].score) for card in found], query, found)

    def hits(self, ranked: Sequence[Ranked], query: Query) -> list[Hit]:
        """`ranked` with their passages and documents read from the store."""
        links = linked(self._store, [found.candidate.passage_id for found in ranked])
        return self._hits(ranked, query, cards.single([found.candidate for found in ranked], links))

    def _hits(self, ranked: Sequence[Ranked], query: Query, of_cards: Sequence[Card]) -> list[Hit]:
        passages = self._store.passages([found.candidate.passage_id for found in ranked])
        documents = {
            document.id: document
            for document in self._store.documents(sorted({found.candidate.document_id for found in ranked}))
        }
        spans = self._spans([found.candidate.passage_id for found in ranked], query)
        hits = []
        for rank, (found, also) in enumerate(zip(ranked, cards.also(self._store, of_cards), strict=True), start=1):
            candidate, passage = found.candidate, passages[found.candidate.passage_id]
            met = matches(query.words, passage.text, passage.language)
            sentence = _best_sentence(spans[passage.id], passage, query, met)
            hits.append(
                Hit(
                    rank=rank,
                    score=found.score,
                    dense=candidate.dense,
                    lexical=candidate.lexical,
                    passage=passage,
                    document=documents[candidate.document_id],
                    sentence=_text(passage, sentence),
                    sentence_span=sentence,
                    matches=met,
                    also=also,
                    coverage=candidate.coverage,
                )
            )
        return hits

    def _spans(self, passages: Sequence[int], query: Query) -> dict[int, list[NearSentence]]:
        """By passage, its sentences with their cosines to the query's nearest vector."""
        rows = self._store.db.execute(
            f"""SELECT passage_id, "start", "end" FROM sentences
                WHERE passage_id IN ({marks(passages)}) ORDER BY passage_id, id""",
            passages,
        ).fetchall()
        cosines = {
            passage: (vectors @ query.vectors.T).max(axis=1).tolist()
            for passage, vectors in self._store.vectors.of_sentences(passages).items()
        }
        found: dict[int, list[NearSentence]] = defaultdict(list)
        for passage, start, end in rows:
            near = cosines[passage][len(found[passage])] if passage in cosines else 0.0  # replaced meanwhile
            found[passage].append(NearSentence(Span(start, end), near))
        return found


def _best_sentence(near: Sequence[NearSentence], passage: Passage, query: Query, met: Sequence[Match]) -> Span:
    """The best of those that state anything, of all where none does."""

    def score(sentence: NearSentence) -> float:
        return sentences.score(query.words, met, sentence.span.within(passage.span), sentence.cosine)

    texts = [_text(passage, sentence.span) for sentence in near]
    stating = [sentence for at, sentence in enumerate(near) if sentences.states(texts, at)]
    return max(stating or near, key=score).span


def _text(passage: Passage, span: Span) -> str:
    inside = span.within(passage.span)
    return passage.text[inside.start : inside.end]


def _spread(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """`ranked` with what a document has beyond `most` passages moved behind the others."""
    seen: Counter[int] = Counter()
    first: list[Ranked] = []
    rest: list[Ranked] = []
    for found in ranked:
        seen[found.candidate.document_id] += 1
        (first if seen[found.candidate.document_id] <= most else rest).append(found)
    return first + rest
