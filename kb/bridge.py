"""The lexical bridge: what a word of one language is in another, with probabilities.

Translation tables between English and each other language, over lemmas as `kb/terms.py` makes
them, learned from sentence pairs and glossaries (`models/bridge/README.md`); two languages that
are not English meet through it.
"""

import sqlite3
import threading
from collections import defaultdict
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

FILE = "bridge.sqlite3"
SCHEMA = """
CREATE TABLE words (id INTEGER PRIMARY KEY, language TEXT NOT NULL, term TEXT NOT NULL, frequency INTEGER NOT NULL);
CREATE UNIQUE INDEX words_by_term ON words (language, term);
CREATE TABLE links (source INTEGER NOT NULL, target INTEGER NOT NULL, probability INTEGER NOT NULL,
                    PRIMARY KEY (source, target)) WITHOUT ROWID;
"""
"""A link's probability is an integer of STEPS steps; languages but English link to English only."""

STEPS = 255

PIVOT = "en"

LEAST = 0.05
"""Translations below this probability are noise."""

MOST = 8
"""Translations of a word kept, the likeliest: more add noise and time."""

LEAST_STEM = 5
STEM_SHARE = 0.7
"""An unknown word is taken for a form of a known one that shares this much of its beginning."""

STEM_TRUST = 0.5
"""Probability that it is."""


MOST_KEPT = 100_000
"""Translations kept in memory; a page that runs for months would otherwise grow."""


class Bridge:
    """Translations of terms. Thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the tables at `path`, by default those that come with HopKB."""
        where = path or Path(str(files("models.bridge") / FILE))
        self._db = sqlite3.connect(f"{where.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, str], dict[str, float]] = {}
        self.languages = frozenset(row[0] for row in self._rows("SELECT DISTINCT language FROM words"))

    @cached_property
    def _totals(self) -> dict[str, int]:
        return dict(self._rows("SELECT language, sum(frequency) FROM words GROUP BY language"))

    def frequency(self, term: str, language: str) -> int:
        """How often the training data holds `term`, at least 1 where it is known, else 0."""
        rows = self._rows("SELECT frequency FROM words WHERE language = ? AND term = ?", language, term)
        return int(rows[0][0]) if rows else 0

    def share(self, term: str, language: str) -> float:
        """The share of `term` among all words of `language` in the training data, in [0, 1]; 0 where it is unknown."""
        return self.frequency(term, language) / self._totals.get(language, 1)

    def translate(self, term: str, source: str, target: str) -> dict[str, float]:
        """Terms of `target` that mean `term`, a term of `source`, with probabilities; empty where none is known.

        A word that the tables lack is translated as the known word it shares most of its beginning with.
        """
        key = (term, source, target)
        found = self._kept.get(key)
        if found is None:
            found = self._translate(*key)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _translate(self, term: str, source: str, target: str) -> dict[str, float]:
        direct = self._through(term, source, target)
        if direct:
            return direct
        near = self._nearest(term, source)
        return {word: STEM_TRUST * p for word, p in self._through(near, source, target).items()} if near else {}

    def _through(self, term: str, source: str, target: str) -> dict[str, float]:
        if PIVOT in (source, target):
            return _likeliest(self._links(term, source, target))
        found: dict[str, float] = defaultdict(float)
        for english, probability in self._links(term, source, PIVOT).items():
            for word, further in self._links(english, PIVOT, target).items():
                found[word] += probability * further
        return _likeliest(found)

    def _links(self, term: str, source: str, target: str) -> dict[str, float]:
        rows = self._rows(
            """SELECT b.term, probability FROM words a JOIN links ON source = a.id JOIN words b ON b.id = target
               WHERE a.language = ? AND a.term = ? AND b.language = ?""",
            source,
            term,
            target,
        )
        return {word: steps / STEPS for word, steps in rows}

    def _nearest(self, term: str, language: str) -> str | None:
        """The most frequent known word among those that share the longest beginning with `term`."""
        least = max(LEAST_STEM, round(STEM_SHARE * len(term)))
        for length in range(len(term) - 1, least - 1, -1):
            rows = self._rows(
                """SELECT term FROM words WHERE language = ? AND term >= ? AND term < ? AND length(term) <= ?
                   ORDER BY frequency DESC LIMIT 1""",
                language,
                term[:length],
                term[:length] + chr(0x10FFFF),
                length / STEM_SHARE,
            )
            if rows:
                return str(rows[0][0])
        return None

    def _rows(self, statement: str, *values: object) -> list[tuple[str, int]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


@lru_cache(maxsize=1)
def bridge() -> Bridge:
    """The tables that come with HopKB, opened once."""
    return Bridge()


def _likeliest(found: dict[str, float]) -> dict[str, float]:
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return {word: probability for word, probability in best if probability >= LEAST}
