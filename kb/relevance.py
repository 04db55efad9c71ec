"""Whether the knowledge base has an answer at all: an estimated probability and its threshold.

How near the nearest passage lies depends on the encoder, on the query's language and on the size
of the knowledge base. So the knowledge base measures its own noise: how near its best passage
comes to queries about something else (`kb/data/probes.tsv`). A query has an answer when its best
passage stands out from that, or shares the query's words. The coefficients come from
`python -m benchmarks.no_answer` (docs/decisions/no-answer.md).
"""

import csv
import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from kb.search import Candidate, Query, Searcher
from kb.store import Store
from kb.types import Filters

BIAS = -3.28
DENSE = 0.44
COVERAGE = 3.98
"""Logistic regression on `Evidence`; fitted by benchmarks/no_answer."""

THRESHOLD = 0.5
"""Probability from which there is an answer."""

LEAST_DEVIATION = 0.05
"""Standard deviation of the noise to assume at least: a knowledge base of three passages has too few to tell."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Mean and standard deviation of the best dense score that off-topic queries reach."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best candidate shows for a query.

    `dense`: by how many standard deviations its dense score exceeds the noise; `coverage` in
    [0, 1]: the share of the query's words, by weight, that it holds.
    """

    dense: float
    coverage: float

    @property
    def probability(self) -> float:
        """Estimated probability, in [0, 1], that the candidate answers the query."""
        return 1 / (1 + math.exp(-(BIAS + DENSE * self.dense + COVERAGE * self.coverage)))


class Relevance:
    """Judges queries to one knowledge base by its noise, measured anew when its content changes."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        self._store = store
        self._searcher = searcher
        self._generation = -1
        self._noise: dict[str, Noise] = {}

    def evidence(self, query: Query, candidates: Sequence[Candidate]) -> Evidence:
        """The evidence of the best of `candidates`; a candidate must be near and share words at once."""
        noise = self._noise_in(query.languages[0])
        return max(
            (Evidence((c.dense - noise.mean) / noise.deviation, c.coverage) for c in candidates),
            key=lambda evidence: evidence.probability,
            default=Evidence(-math.inf, 0.0),
        )

    def usual(self, language: str) -> float:
        """How near the nearest passage comes, on average, to questions about something else: a dense score."""
        return self._noise_in(language).mean

    def measure(self) -> None:
        """Measure the noise of the present content, unless that is known, and keep it with the knowledge base."""
        generation = self._store.generation()
        if json.loads(self._store.meta("noise") or "{}").get("generation") == generation:
            return
        kept = {language: [found.mean, found.deviation] for language, found in self._measured_all().items()}
        self._store.keep_derived("noise", json.dumps({"generation": generation, "noise": kept}))

    def _noise_in(self, language: str) -> Noise:
        if self._store.generation() != self._generation:
            self._load()
        return self._noise.get(language) or self._noise["en"]

    def _load(self) -> None:
        kept = json.loads(self._store.meta("noise") or "{}")
        # While an ingest runs, the noise of a moment ago will do; it measures anew when it ends.
        if kept:
            self._noise = {language: Noise(*found) for language, found in kept["noise"].items()}
        elif not self._noise:
            self._noise = self._measured_all()
        self._generation = self._store.generation()

    def _measured_all(self) -> dict[str, Noise]:
        return {language: self._measured(queries) for language, queries in probes().items()}

    def _measured(self, queries: Sequence[str]) -> Noise:
        best = []
        for text in queries:
            query = self._searcher.prepare(text)
            found = self._searcher.candidates(query, Filters()).found if query else ()
            best.append(max((candidate.dense for candidate in found), default=0.0))
        return Noise(statistics.fmean(best), max(statistics.stdev(best), LEAST_DEVIATION))


def probes() -> dict[str, list[str]]:
    """Queries about something else than civic practice, by language."""
    with (files("kb.data") / "probes.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {language: [row[language] for row in rows] for language in rows[0]}
