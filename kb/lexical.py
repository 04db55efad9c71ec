"""BM25 over terms, each language by its own statistics, across languages by the bridge.

A passage's score is a sparse dot product: for every term of the query, in the passage's language,
its probability times its IDF times its saturated frequency in the passage (Robertson and Zaragoza,
"The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with Lucene's non-negative IDF;
probabilities as in Darwish and Oard, "Probabilistic Structured Query Methods", 2003).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.postings import LanguageTerms, View
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


def score(view: View, query: Sequence[QueryWord]) -> LexicalScores:
    """Scores of every passage that shares a term with `query`, in any language of the knowledge base."""
    parts: list[tuple[NDArray[np.int64], Floats, Floats]] = []
    unknown = {}
    for language in view.languages():
        held = view.of(language)
        found = [match for word in query if (match := _match(held, word, language))]
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


def _match(held: Sequence[LanguageTerms], word: QueryWord, language: str) -> _Matched | None:
    """What `word` finds; None where there is nothing to look up, as for stop words in another language."""
    sought = word.sought(language)
    if not sought:
        return None
    count = sum(len(part.ids) for part in held)
    mean = sum(float(part.lengths.sum()) for part in held) / max(count, 1)
    found: list[tuple[Sought, float, float, list[tuple[NDArray[np.int32], Floats]]]] = []
    for term in sought:
        rows = [part.columns[term.column].find(term.term) for part in held]
        if sum(len(row[0]) for row in rows):
            found.append((term, 1.0, 1.0, rows))
    stem = None if found else word.stem(language)
    if stem:
        column, beginning = stem
        rows = [_summed(part.columns[column].starting_with(beginning)) for part in held]
        if sum(len(row[0]) for row in rows):
            name = column == "surfaces"
            trust = 1.0 if name else RELATED
            found.append((Sought(column, beginning, 1.0), trust, trust, rows))
    if not found:
        return _Matched(word, _idf(count, 0), ((),) * len(held))
    top = max(term.weight for term in sought)
    idfs = [_idf(count, sum(len(row[0]) for row in rows)) for *_, rows in found]
    weights = [term.weight for term, *_ in found]
    parts = tuple(
        tuple(
            _Found(
                rows[at][0],
                _saturated(rows[at][1], part.lengths[rows[at][0]], mean),
                weight=term.weight * trust * idf,
                share=min(term.weight / top, 1.0) * counts,
            )
            for (term, trust, counts, rows), idf in zip(found, idfs, strict=True)
        )
        for at, part in enumerate(held)
    )
    return _Matched(word, float(np.average(idfs, weights=weights)), parts)


def _summed(found: tuple[NDArray[np.int32], Floats]) -> tuple[NDArray[np.int32], Floats]:
    rows, which = np.unique(found[0], return_inverse=True)
    return rows, np.bincount(which, found[1], len(rows)).astype(np.float32)


def _saturated(frequencies: Floats, lengths: Floats, mean: float) -> Floats:
    return np.asarray(frequencies * (K1 + 1) / (frequencies + K1 * (1 - B + B * lengths / mean)), np.float32)


def _idf(count: int, holding: int) -> float:
    return float(np.log(1 + (count - holding + 0.5) / (holding + 0.5)))


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
