"""BM25 over the terms in FTS5, each language by its own statistics.

SQLite's bm25() counts document frequencies over all languages at once, which makes "the" a
rare word in a Polish knowledge base. So FTS5 gives the occurrences (through fts5vocab) and the
formula stands here: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond" (2009), with Lucene's non-negative IDF.
"""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb import terms

K1 = 1.2
B = 0.75
"""Lucene's defaults."""

LITTLE_LETTERS = 3
"""Known words this short are function words, and mean something else in the next language."""


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 by passage id, and the share of the query's IDF each passage matches, in [0, 1]."""

    scores: dict[int, float] = field(default_factory=dict)
    coverage: dict[int, float] = field(default_factory=dict)


Occurrences = dict[str, list[tuple[int, int, int]]]
"""By language: (passage id, passage length in terms, frequency in it)."""


def score(db: sqlite3.Connection, query: str, query_languages: Sequence[str], *, most_terms: int) -> LexicalScores:
    """Scores of every passage that shares a word with `query`.

    Passages in one of `query_languages` are matched by lemma, in that language; the others by
    surface form, which finds names, acronyms, numbers and addresses, and by place.
    """
    sizes = {
        language: (count, mean)
        for language, count, mean in db.execute("SELECT language, count(*), avg(terms) FROM passages GROUP BY language")
    }
    scores: dict[int, float] = defaultdict(float)
    matched: dict[int, tuple[str, float]] = {}
    whole: dict[str, float] = defaultdict(float)
    for word in _words(query, query_languages, most_terms):
        found = _look_up(db, word)
        for language, (count, mean) in sizes.items():
            rows = found.get(language, [])
            idf = math.log(1 + (count - len(rows) + 0.5) / (len(rows) + 0.5))
            whole[language] += idf
            for passage, length, frequency in rows:
                saturation = frequency + K1 * (1 - B + B * length / mean)
                scores[passage] += idf * frequency * (K1 + 1) / saturation
                matched[passage] = (language, matched.get(passage, ("", 0.0))[1] + idf)
    coverage = {passage: idf / whole[language] for passage, (language, idf) in matched.items()}
    return LexicalScores(dict(scores), coverage)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the query: its surface form and its lemma in each language the query may be in."""

    surface: str
    lemmas: tuple[tuple[str, str], ...]
    only_here: bool
    """A little word of the query's language, such as English "do", that is another word elsewhere."""


def _words(query: str, languages: Sequence[str], most: int) -> list[_Word]:
    """Distinct words of `query`; the same surface twice counts once."""
    readings = {language: terms.analyse(query, language, any_case=True) for language in languages}
    distinct: dict[str, _Word] = {}
    for reading in zip(*readings.values(), strict=True):
        surface = reading[0].surface
        lemmas = tuple((language, term.lemma) for language, term in zip(readings, reading, strict=True))
        little = len(surface) <= LITTLE_LETTERS and any(terms.is_known(surface, language) for language in languages)
        distinct[surface] = _Word(surface, lemmas, only_here=little)
    telling = [
        word
        for word in distinct.values()
        if not all(terms.is_stopword(word.surface, language) for language in languages)
    ]
    return (telling or list(distinct.values()))[:most]


def _look_up(db: sqlite3.Connection, word: _Word) -> Occurrences:
    """Where `word` occurs: by lemma in the query's languages, else, and elsewhere, by surface form."""
    found = _occurrences(db, word.surface, "surfaces")
    if word.only_here:
        found = {language: found[language] for language, _ in word.lemmas if language in found}
    for language, lemma in word.lemmas:
        by_lemma = _occurrences(db, lemma, "lemmas").get(language)
        if by_lemma:
            found[language] = by_lemma
    return found


def _occurrences(db: sqlite3.Connection, term: str, column: str) -> Occurrences:
    rows = db.execute(
        """SELECT p.language, o.doc, p.terms, count(*) FROM term_occurrences o JOIN passages p ON p.id = o.doc
           WHERE o.term = ? AND o.col = ? GROUP BY o.doc""",
        [term, column],
    )
    found: Occurrences = defaultdict(list)
    for language, passage, length, frequency in rows:
        found[language].append((passage, length, frequency))
    return found
