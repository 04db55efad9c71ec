"""BM25 over terms, each language by its own statistics, across languages by the bridge.

A passage's score is a sparse dot product: for every term of the query, in the passage's language,
its probability times its IDF times its saturated frequency in the passage (Robertson and Zaragoza,
"The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with Lucene's non-negative IDF;
probabilities as in Darwish and Oard, "Probabilistic Structured Query Methods", 2003).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.postings import Column, LanguageTerms, Postings, View
from kb.query_terms import QueryWord, Sought

K1 = 1.2
B = 0.75
"""Lucene's defaults."""

RELATED = 0.5
"""What words that share the stem of a query's word count, where that word itself occurs nowhere."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Passages that share words with the query, by any order.

    `ids` (n,), int64; `scores` (n,), float32, above 0; `coverage` (n,), in [0, 1]: the share of the query's
    IDF that the passage matches, 0 where the query has stop words only; `unknown`, by language, in [0, 1]: the
    share of it that no passage of that language can match, because the word has no known translation.
    """

    ids: NDArray[np.int64]
    scores: Floats
    coverage: Floats
    unknown: dict[str, float]

    def best(self, count: int, allowed: set[int] | None) -> set[int]:
        """Ids of the `count` best passages, among `allowed` ones or all."""
        ids, scores = self.ids, self.scores
        if allowed is not None:
            keep = np.isin(ids, np.fromiter(allowed, np.int64, len(allowed)))
            ids, scores = ids[keep], scores[keep]
        if len(ids) > count:
            ids = ids[np.argpartition(-scores, count)[:count]]
        return set(ids.tolist())

    def of(self, ids: Sequence[int]) -> tuple[Floats, Floats]:
        """Scores and coverage of the passages `ids`, 0 where they share nothing."""
        scores, coverage = np.zeros(len(ids), np.float32), np.zeros(len(ids), np.float32)
        if len(self.ids):
            at = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
            found = self.ids[at] == np.asarray(ids)
            scores[found], coverage[found] = self.scores[at[found]], self.coverage[at[found]]
        return scores, coverage


class Statistics(Protocol):
    """What BM25 must know of a whole language."""

    def languages(self) -> Sequence[str]:
        """Codes of the languages that have passages."""
        ...

    def passages(self, language: str) -> tuple[int, float]:
        """How many there are, and their mean length in terms."""
        ...

    def holding(self, language: str, column: Column, term: str) -> int:
        """How many passages hold a term."""
        ...

    def holding_any(self, language: str, column: Column, beginning: str) -> int:
        """How many hold each of the terms with this beginning, added up."""
        ...


class ViewStatistics:
    """Those of an index that holds all passages."""

    def __init__(self, view: View) -> None:
        self._view = view

    def languages(self) -> Sequence[str]:
        """As Statistics says."""
        return self._view.languages()

    def passages(self, language: str) -> tuple[int, float]:
        """As Statistics says."""
        held = self._view.of(language)
        count = sum(len(part.ids) for part in held)
        return count, sum(float(part.lengths.sum()) for part in held) / max(count, 1)

    def holding(self, language: str, column: Column, term: str) -> int:
        """As Statistics says."""
        return sum(len(part.columns[column].find(term)[0]) for part in self._view.of(language))

    def holding_any(self, language: str, column: Column, beginning: str) -> int:
        """As Statistics says."""
        return sum(len(part.columns[column].starting_with(beginning)[0]) for part in self._view.of(language))


def score(view: View, query: Sequence[QueryWord], statistics: Statistics | None = None) -> LexicalScores:
    """Scores of every passage of `view` that shares a term with `query`, in any language of the knowledge base.

    `statistics` are those of the view, unless it holds only some of the passages.
    """
    statistics = statistics or ViewStatistics(view)
    parts: list[tuple[NDArray[np.int64], Floats, Floats]] = []
    unknown = {}
    for language in statistics.languages():
        held = view.of(language)
        found = [match for word in query if (match := _match(held, word, language, statistics))]
        parts += [_add(terms, [match.parts[at] for match in found], found) for at, terms in enumerate(held)]
        whole = sum(match.idf for match in found)
        missed = sum(match.idf for match in found if not match.word.is_known(language))
        unknown[language] = missed / whole if whole else 1.0
    telling = any(word.telling for word in query)
    nothing = (np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32))
    ids = np.concatenate([nothing[0], *(part[0] for part in parts)])
    scores, coverage = (np.concatenate([nothing[k], *(part[k] for part in parts)]) for k in (1, 2))
    order = np.argsort(ids, kind="stable")  # one ascending run a language: merged, not sorted
    return LexicalScores(ids[order], scores[order], coverage[order] * telling, unknown)


@dataclass(frozen=True, slots=True)
class _Found:
    """One sought term in one part of a language: rows, their saturated frequencies, and the term's weights."""

    rows: NDArray[np.int32]
    saturated: Floats
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class _Matched:
    """What a query word finds in one language, by part, and its IDF there."""

    word: QueryWord
    idf: float
    parts: tuple[tuple[_Found, ...], ...]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A term that passages hold, or a beginning of terms. `trust`: what its weight is multiplied with; `counts`: what
    its share in coverage is; `holding`: how many passages hold it."""

    sought: Sought
    trust: float
    counts: float
    holding: int
    beginning: bool = False


def looked_up(word: QueryWord, language: str, statistics: Statistics) -> list[LookedUp]:
    """What to look up for `word` in passages of `language`: of what stands for it, what occurs, else its stem."""
    found = [
        LookedUp(term, 1.0, 1.0, holding)
        for term in word.sought(language)
        if (holding := statistics.holding(language, term.column, term.term))
    ]
    stem = None if found else word.stem(language)
    if stem and (holding := statistics.holding_any(language, *stem)):
        trust = 1.0 if stem[0] == "surfaces" else RELATED  # a name with another ending is the same name
        found.append(LookedUp(Sought(*stem, 1.0), trust, trust, holding, beginning=True))
    return found


def _match(held: Sequence[LanguageTerms], word: QueryWord, language: str, statistics: Statistics) -> _Matched | None:
    """What `word` finds; None where there is nothing to look up, as for stop words in another language."""
    sought = word.sought(language)
    if not sought:
        return None
    count, mean = statistics.passages(language)
    found = looked_up(word, language, statistics)
    if not found:
        return _Matched(word, _idf(count, 0), ((),) * len(held))
    top = max(term.weight for term in sought)
    idfs = [_idf(count, one.holding) for one in found]
    weights = [one.sought.weight for one in found]
    parts = tuple(
        tuple(
            _Found(
                rows,
                np.asarray(saturated(frequencies, part.lengths[rows], mean), np.float32),
                weight=one.sought.weight * one.trust * idf,
                share=min(one.sought.weight / top, 1.0) * one.counts,
            )
            for one, idf in zip(found, idfs, strict=True)
            for rows, frequencies in [_rows(part.columns[one.sought.column], one)]
        )
        for part in held
    )
    return _Matched(word, float(np.average(idfs, weights=weights)), parts)


def _rows(postings: Postings, one: LookedUp) -> tuple[NDArray[np.int32], Floats]:
    """The rows that hold it, each once, and how often."""
    if not one.beginning:
        return postings.find(one.sought.term)
    return _summed(postings.starting_with(one.sought.term))


def _summed(found: tuple[NDArray[np.int32], Floats]) -> tuple[NDArray[np.int32], Floats]:
    rows, which = np.unique(found[0], return_inverse=True)
    return rows, np.bincount(which, found[1], len(rows)).astype(np.float32)


def saturated(frequencies: Any, lengths: Any, mean: float) -> Any:
    """Frequencies, a number or an array of them, as they count in passages of these lengths, both in terms, where
    `mean` is the usual length."""
    return frequencies * (K1 + 1) / (frequencies + K1 * (1 - B + B * lengths / mean))


def _idf(count: int, holding: int) -> float:
    return float(np.log(1 + max(count - holding + 0.5, 0) / (holding + 0.5)))


def _add(
    terms: LanguageTerms, by_word: Sequence[tuple[_Found, ...]], matched: Sequence[_Matched]
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Ids, scores and coverage of the passages of one part that anything was found in."""
    scores, coverage = np.zeros(len(terms.ids), np.float32), np.zeros(len(terms.ids), np.float32)
    whole = sum(match.idf for match in matched)
    for found, match in zip(by_word, matched, strict=True):
        for one in found:
            scores[one.rows] += one.weight * one.saturated
        weight = np.float32(match.idf / whole)
        if len(found) == 1:
            coverage[found[0].rows] += found[0].share * weight
        elif found:
            share = np.zeros(len(terms.ids), np.float32)
            for one in sorted(found, key=lambda one: one.share):  # the likeliest last: it stays
                share[one.rows] = one.share
            coverage += share * weight
    rows = np.flatnonzero(scores)
    return terms.ids[rows], scores[rows], coverage[rows]
