"""Evidence by words on a cluster: its sparse vectors name candidates, the catalogue's terms say how good they are.

The server's IDF counts the passages of one shard, and all languages together. So who is a candidate is its choice, of
more than are wanted; their BM25 is computed here, by the statistics of each whole language, as in one folder.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from kb import lexical
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.points import TERMS, condition, term_index
from kb.lexical import Floats, LookedUp
from kb.postings import COLUMNS, Column, View, indexed
from kb.query_terms import QueryWord
from kb.rows import marks
from kb.store import Store
from kb.types import Filters

SPARE = 3
"""Candidates asked for, for each that is wanted."""

LIKE = 100
"""Terms with the same beginning that are asked for, the most frequent first."""


class CatalogueStatistics:
    """Of each language, by the catalogue, for one query."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._holding: dict[tuple[str, Column, str], int] = {}

    def languages(self) -> Sequence[str]:
        """As Statistics says."""
        return list(self._passages)

    def passages(self, language: str) -> tuple[int, float]:
        """As Statistics says."""
        return self._passages[language]

    @property
    def _passages(self) -> Mapping[str, tuple[int, float]]:
        generation = self._store.generation()
        return _by_language(self._store, generation, self._store.token(generation))

    def holding(self, language: str, column: Column, term: str) -> int:
        """As Statistics says."""
        key = (language, column, term)
        if key not in self._holding:
            sql = 'SELECT passages FROM term_counts WHERE language = ? AND "column" = ? AND term = ?'
            row = self._store.db.execute(sql, key).fetchone()
            self._holding[key] = int(row[0]) if row else 0
        return self._holding[key]

    def holding_any(self, language: str, column: Column, beginning: str) -> int:
        """As Statistics says."""
        return sum(count for _, count in self._starting_with(language, column, beginning, -1))

    def terms(self, language: str, column: Column, beginning: str) -> list[str]:
        """The most frequent terms with this beginning."""
        return [term for term, _ in self._starting_with(language, column, beginning, LIKE)]

    def _starting_with(self, language: str, column: Column, beginning: str, most: int) -> list[tuple[str, int]]:
        return self._store.db.execute(
            """SELECT term, passages FROM term_counts WHERE language = ? AND "column" = ? AND term >= ? AND term < ?
               ORDER BY passages DESC LIMIT ?""",
            [language, column, beginning, beginning + chr(0x10FFFF), most],
        ).fetchall()


@lru_cache(maxsize=4)
def _by_language(store: Store, _generation: int, _token: str | None) -> Mapping[str, tuple[int, float]]:
    rows = store.db.execute("SELECT language, count(*), avg(terms) FROM passages GROUP BY 1 ORDER BY 1")
    return {language: (count, mean) for language, count, mean in rows}


class ClusterWords:
    """WordEvidence of one query."""

    def __init__(self, connection: Connection, store: Store, words: Sequence[QueryWord]) -> None:
        self._connection = connection
        self._store = store
        self._words = words
        self._statistics = CatalogueStatistics(store)
        self._scored: dict[int, tuple[float, float]] = {}  # by passage, its BM25 and coverage
        self._unknown: Mapping[str, float] | None = None

    @property
    def unknown(self) -> Mapping[str, float]:
        """As WordEvidence says."""
        if self._unknown is None:
            self._score(())
        return self._unknown or {}

    def best(self, count: int, filters: Filters) -> set[int]:
        """As WordEvidence says, among the SPARE times as many that the server finds best."""
        from qdrant_client import models

        weights = self._weights()
        if not weights:
            return set()
        found = self._connection(
            lambda client: client.query_points(
                self._connection.cluster.collection,
                query=models.SparseVector(indices=list(weights), values=list(weights.values())),
                using=TERMS,
                query_filter=condition(filters),
                limit=SPARE * count,
                with_payload=False,
            )
        )
        ids = [int(point.id) for point in found.points]
        scores, _ = self.of(ids)
        order = np.argsort(-scores, kind="stable")[:count]
        return {ids[at] for at in order.tolist() if scores[at]}

    def of(self, passages: Sequence[int]) -> tuple[Floats, Floats]:
        """As WordEvidence says."""
        self._score([passage for passage in passages if passage not in self._scored])
        found = np.array([self._scored[passage] for passage in passages], np.float32).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def _weights(self) -> dict[int, float]:
        """What the server is to look for: dimensions of the sparse vectors, each with its weight."""
        weights: dict[int, float] = defaultdict(float)
        for language, found in self._looked_up.items():
            for one in found:
                column, term = one.sought.column, one.sought.term
                terms = self._statistics.terms(language, column, term) if one.beginning else [term]
                for each in terms:
                    weights[term_index(language, column, each)] += one.sought.weight * one.trust
        return weights

    @cached_property
    def _looked_up(self) -> Mapping[str, Sequence[LookedUp]]:
        """By language."""
        return {
            language: [one for word in self._words for one in lexical.looked_up(word, language, self._statistics)]
            for language in self._statistics.languages()
        }

    def _score(self, passages: Sequence[int]) -> None:
        """Score passages by what the query looks for in them: indexing the rest would take most of a search."""
        rows = self._store.db.execute(
            f"""SELECT p.id, p.language, p.terms, t.lemmas, t.surfaces FROM passages p
                JOIN passage_terms t ON t.passage_id = p.id WHERE p.id IN ({marks(passages)}) ORDER BY p.id""",
            list(passages),
        ).fetchall()
        sought = {language: _Sought.of(found) for language, found in self._looked_up.items()}
        nothing = _Sought.of(())
        view = View((indexed((*row[:3], *sought.get(row[1], nothing).among(*row[3:])) for row in rows),))
        scores = lexical.score(view, self._words, self._statistics)
        self._unknown = scores.unknown
        self._scored |= dict.fromkeys(passages, (0.0, 0.0))
        found = zip(scores.ids.tolist(), scores.scores.tolist(), scores.coverage.tolist(), strict=True)
        self._scored |= {passage: (score, coverage) for passage, score, coverage in found}


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a query looks for in passages of one language: by column, terms and beginnings of terms."""

    terms: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, found: Sequence[LookedUp]) -> "_Sought":
        def those(column: Column, beginning: bool) -> list[str]:
            return [o.sought.term for o in found if o.sought.column == column and o.beginning == beginning]

        return cls(
            {column: frozenset(those(column, False)) for column in COLUMNS},
            {column: tuple(those(column, True)) for column in COLUMNS},
        )

    def among(self, *texts: str) -> list[str]:
        """What of it is in each column's terms, which are separated by spaces."""
        found = []
        for column, text in zip(COLUMNS, texts, strict=True):
            terms, beginnings = self.terms[column], self.beginnings[column]
            kept = filter(terms.__contains__, text.split())
            if beginnings:
                kept = filter(lambda term: term in terms or term.startswith(beginnings), text.split())
            found.append(" ".join(kept))
        return found
