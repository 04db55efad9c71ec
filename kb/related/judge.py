"""How one document is related to others: copies and versions by their words, translations by alignment.

Two documents on one topic are not related: each threshold lies above what unrelated ones reach
(`python -m benchmarks.related`, docs/decisions/related.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from kb.neighbours import Nearest
from kb.related import single
from kb.related.alignment import Side, align, linked_passages
from kb.related.links import Kind
from kb.related.overlap import overlap, same_passages
from kb.related.reading import Reading, last_passage, read, side
from kb.related.signatures import Signatures
from kb.store import Store

COPY = 0.9
"""Jaccard similarity of the words of two files with the same text: page furniture and hyphens cost some."""

VERSION = 0.4
"""Share of the shorter text's words that an edited version, or the document it was taken from, has too."""

VERSION_SHINGLES = 20
"""Shingles that versions share at least: two notes of ten words may share a phrase."""

TRANSLATION = 0.27
"""Score of an alignment from which one text translates the other."""

PASSAGE = 0.5
"""Share of the shorter passage that two passages must have in common, in words or in linked sentences."""

ALIKE = 0.8
"""Cosine of two passages in one language from which their documents' words are compared."""

CANDIDATES = 8
"""Documents looked at closely, of each sort: by their words, and for each pair of languages."""

Links = dict[tuple[int, int], float]
"""Pairs of passages (ids) that say the same, and their scores."""


@dataclass(slots=True)
class Finding:
    """How a document is related to another one, or its languages to each other (then `kind` is None).

    `last` is the other's `Reading.last`; of each link the document's own passage comes first.
    """

    other_id: int
    last: int
    kind: Kind | None = None
    score: float = 0.0
    links: Links = field(default_factory=dict)

    def add(self, kind: Kind | None, score: float, links: Links) -> None:
        """Take in what was found; of two kinds the closer one stands, of two scores the higher."""
        order = [*Kind, None]
        if (order.index(kind), -score) < (order.index(self.kind), -self.score):
            self.kind, self.score = kind, score
        for pair, value in links.items():
            self.links[pair] = max(value, self.links.get(pair, 0.0))


@dataclass(slots=True)
class Findings:
    """All that is related to a document, by the other's id, and pairs of short passages still to be judged."""

    document: Reading
    found: dict[int, Finding] = field(default_factory=dict)
    doubtful: list[single.Pair] = field(default_factory=list)

    def of(self, store: Store, other_id: int) -> Finding:
        """What is found on this other document, new where there is nothing yet."""
        return self.found.setdefault(other_id, Finding(other_id, last_passage(store.db, other_id) or 0))


def judge(store: Store, signatures: Signatures, document: Reading, near: Mapping[str, Nearest]) -> Findings:
    """All that is related to `document`; `near` holds its passages' neighbours, by their language."""
    made = Findings(document)
    for other_id in _alike(document, signatures, near):
        _by_words(store, made, other_id)
    sides = [found for language in document.languages if (found := side(store, document.id, language))]
    for left, right in combinations(sides, 2):
        _by_alignment(store, made, left, right)
    for mine in sides:
        for other_id, language in _candidates(document, mine.language, near):
            theirs = side(store, other_id, language)
            if theirs and not _by_alignment(store, made, mine, theirs) and single.is_short(mine):
                made.doubtful += _short_pair(document, mine, theirs, near)
    return made


def _alike(document: Reading, signatures: Signatures, near: Mapping[str, Nearest]) -> list[int]:
    """Documents that may have the same words: by signature, or by a passage that is all but the same."""
    passages = [
        int(other)
        for language, found in near.items()
        for row in np.flatnonzero([passage.language == language for passage in document.passages])
        for other in found.documents[row][found.cosines[row] >= ALIKE]
    ]
    often = sorted(set(passages), key=lambda other: (-passages.count(other), other))
    return list(dict.fromkeys([*signatures.like(document.signature)[:CANDIDATES], *often[:CANDIDATES]]))


def _by_words(store: Store, made: Findings, other_id: int) -> None:
    other = read(store, other_id)
    if other is None or other_id == made.document.id:
        return
    found = overlap(made.document.shingles, other.shingles)
    if found.jaccard >= COPY:
        kind, score = Kind.COPY, found.jaccard
    elif found.contained >= VERSION and found.shared >= VERSION_SHINGLES:
        kind, score = Kind.VERSION, found.contained
    else:
        return
    pairs = same_passages(made.document.passages, other.passages, PASSAGE)
    made.of(store, other_id).add(kind, score, {(mine, theirs): share for mine, theirs, share in pairs})


def _candidates(document: Reading, mine: str, near: Mapping[str, Nearest]) -> Iterator[tuple[int, str]]:
    """Documents, each with a language, that may translate what `document` says in the language `mine`: those near
    most of its passages, and, for a translated part, those nearest to any."""
    rows = np.flatnonzero([passage.language == mine for passage in document.passages])
    for language, found in near.items():
        cosines: dict[int, dict[int, float]] = defaultdict(dict)
        for row in rows.tolist() if language != mine else ():
            for other, cosine in zip(found.documents[row].tolist(), found.cosines[row].tolist(), strict=True):
                cosines[other].setdefault(row, cosine)  # the nearest of a document comes first
        cosines.pop(document.id, None)
        often = sorted(cosines, key=lambda other: -sum(cosines[other].values()))[:CANDIDATES]
        nearest = sorted(cosines, key=lambda other: -max(cosines[other].values()))[:CANDIDATES]
        yield from ((other, language) for other in dict.fromkeys([*often, *nearest]))


def _by_alignment(store: Store, made: Findings, mine: Side, theirs: Side) -> bool:
    """Whether one side translates the other; then that is among what is `made`."""
    found = align(mine, theirs)
    if found.score < TRANSLATION:
        return False
    links = {(one, other): cosine for one, other, cosine in linked_passages(mine, theirs, found, PASSAGE)}
    kind = Kind.TRANSLATION if theirs.document_id != made.document.id else None
    made.of(store, theirs.document_id).add(kind, found.score, links)
    return True


def _short_pair(document: Reading, mine: Side, theirs: Side, near: Mapping[str, Nearest]) -> list[single.Pair]:
    """The two sides where they are short and near enough to be judged by their neighbours."""
    passage, other = int(mine.passages[0]), int(theirs.passages[0])
    row = [found.id for found in document.passages].index(passage)
    around = near[theirs.language]
    is_near = around.cosines[row][around.passages[row] == other] >= single.COSINE
    if not (single.is_short(theirs) and is_near.any()):
        return []
    return [single.Pair(passage, other, tuple(around.passages[row].tolist()))]
