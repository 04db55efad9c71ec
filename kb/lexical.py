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
from dataclasses import dataclass
from enum import Enum

from kb import terms
from kb.text import fold, words

K1 = 1.2
B = 0.75
"""Lucene's defaults."""

RELATED = 0.5
"""Weight of words that share the stem of a query's word which itself occurs nowhere."""

LEAST_STEM = 5
STEM_SHARE = 0.6
"""A stem is this share of the word's letters, at least five of them: "motivate" -> "motiv"."""

LITTLE_LETTERS = 3
"""Known words this short are function words, and mean something else in the next language."""


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 by passage id; the share of the query's IDF each passage matches, in [0, 1], none where the
    query has stop words only; and the share that lies on names, which are the same in every language."""

    scores: dict[int, float]
    coverage: dict[int, float]
    names: float


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
    names = 0.0
    asked = _words(query, query_languages, most_terms)
    for word in asked:
        found = _look_up(db, word)
        for language, (count, mean) in sizes.items():
            rows = found.get(language) or []
            related = [] if rows else _related(db, word, language)
            idf = math.log(1 + (count - len(rows or related) + 0.5) / (len(rows or related) + 0.5))
            whole[language] += idf
            names += idf if word.kind is _Kind.NAME else 0.0
            for passage, length, frequency in rows or related:
                saturation = frequency + K1 * (1 - B + B * length / mean)
                weight = idf if rows else RELATED * idf
                scores[passage] += weight * frequency * (K1 + 1) / saturation
                matched[passage] = (language, matched.get(passage, ("", 0.0))[1] + (idf if rows else 0.0))
    coverage = {passage: idf / whole[language] for passage, (language, idf) in matched.items()}
    telling = any(word.kind is not _Kind.STOPWORD for word in asked)
    return LexicalScores(dict(scores), coverage if telling else {}, names / max(sum(whole.values()), 1e-9))


class _Kind(Enum):
    """How far a word of the query reaches."""

    STOPWORD = "says nothing of a topic: looked up only where the query has nothing else"
    LITTLE = "is another word in the next language, such as English `do`: looked up in its own only"
    ORDINARY = "looked up by lemma in its language, by surface form in the others"
    NAME = "a place, an acronym or a number: the same in every language"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the query: its surface form and its lemma in each language the query may be in."""

    surface: str
    lemmas: tuple[tuple[str, str], ...]
    kind: _Kind


def _words(query: str, languages: Sequence[str], most: int) -> list[_Word]:
    """Distinct words of `query`; the same surface twice counts once."""
    readings = {language: terms.analyse(query, language, any_case=True) for language in languages}
    acronyms = {fold(word) for word in words(query) if sum(letter.isupper() for letter in word) > 1}
    distinct: dict[str, _Word] = {}
    for reading in zip(*readings.values(), strict=True):
        surface = reading[0].surface
        lemmas = tuple((language, term.lemma) for language, term in zip(readings, reading, strict=True))
        distinct[surface] = _Word(surface, lemmas, _kind(surface, languages, acronym=surface in acronyms))
    telling = [word for word in distinct.values() if word.kind is not _Kind.STOPWORD]
    return (telling or list(distinct.values()))[:most]


def _kind(surface: str, languages: Sequence[str], *, acronym: bool) -> _Kind:
    if any(terms.is_stopword(surface, language) for language in languages):
        return _Kind.STOPWORD
    if acronym or surface.startswith("@") or any(letter.isdigit() for letter in surface):
        return _Kind.NAME
    if len(surface) <= LITTLE_LETTERS and any(terms.is_known(surface, language) for language in languages):
        return _Kind.LITTLE
    return _Kind.ORDINARY


def _look_up(db: sqlite3.Connection, word: _Word) -> Occurrences:
    """Where `word` occurs: by lemma in the query's languages, else, and elsewhere, by surface form."""
    found = _occurrences(db, word.surface, "surfaces")
    if word.kind in {_Kind.LITTLE, _Kind.STOPWORD}:
        found = {language: found[language] for language, _ in word.lemmas if language in found}
    for language, lemma in word.lemmas:
        by_lemma = _occurrences(db, lemma, "lemmas").get(language)
        if by_lemma:
            found[language] = by_lemma
    return found


def _related(db: sqlite3.Connection, word: _Word, language: str) -> list[tuple[int, int, int]]:
    """Where words of the same stem occur ("motivation" for "motivate"), in one of the query's languages."""
    lemma = dict(word.lemmas).get(language, "")
    if word.kind is not _Kind.ORDINARY or len(lemma) < LEAST_STEM + 1:
        return []
    stem = lemma[: max(LEAST_STEM, round(STEM_SHARE * len(lemma)))]
    rows = db.execute(
        """SELECT o.doc, p.terms, count(*) FROM term_occurrences o JOIN passages p ON p.id = o.doc
           WHERE o.term >= ? AND o.term < ? AND o.col = 'lemmas' AND p.language = ? GROUP BY o.doc""",
        [stem, stem + chr(0x10FFFF), language],
    )
    return [(passage, length, frequency) for passage, length, frequency in rows]


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
