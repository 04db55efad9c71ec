"""Whether two texts have the same words: a copy in another format, an edited version, an excerpt.

MinHash (datasketch) says cheaply which documents may; the shingles themselves decide.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.text import fold, words
from kb.types import Passage

Shingles = frozenset[str]
Signature = NDArray[np.uint32]

WORDS = 3
"""Words in a shingle: two texts on one topic share up to 7 % of them, and a word that OCR or a page
break spoils costs three."""

PERMUTATIONS = 128
"""Numbers in a signature, 512 bytes a document: Jaccard similarity to within 0.04 (one standard deviation at 0.5)."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share: `jaccard` of both, `contained` of the shorter one, both in [0, 1], and the number of
    shingles that they share."""

    jaccard: float
    contained: float
    shared: int


def shingles(text: str) -> Shingles:
    """Runs of WORDS words, folded; all words as one where there are fewer."""
    found = [fold(word) for word in words(text)]
    last = max(1, len(found) - WORDS + 1)
    return frozenset(" ".join(found[at : at + WORDS]) for at in range(last))


def signature(found: Shingles) -> Signature:
    """The MinHash of `found`, shape (PERMUTATIONS,)."""
    from datasketch import MinHash

    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([shingle.encode() for shingle in found])
    return np.asarray(made.hashvalues, np.uint32)


def estimated(one: Signature, others: Signature) -> NDArray[np.float64]:
    """Estimated Jaccard similarities (n,) of a signature to `others` (n, PERMUTATIONS)."""
    return np.asarray((others == one).mean(axis=1), np.float64)


def overlap(one: Shingles, other: Shingles) -> Overlap:
    """What two texts share."""
    shared = len(one & other)
    return Overlap(shared / len(one | other), shared / min(len(one), len(other)), shared)


def same_passages(one: Sequence[Passage], other: Sequence[Passage], least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of passages (ids) of two documents of which the shorter is contained in the other by `least` at least,
    with that share. One that stands several times over is linked with the places that fit best."""
    left = {passage.id: shingles(passage.text) for passage in one}
    right = {passage.id: shingles(passage.text) for passage in other}
    shares = {
        (a, b): shared / min(len(left[a]), len(right[b]))
        for a, counted in _shared(left, right).items()
        for b, shared in counted.items()
    }
    best: dict[int, float] = defaultdict(float)
    for pair, share in shares.items():
        for passage in pair:
            best[passage] = max(best[passage], share)
    for (a, b), share in shares.items():
        if share >= least and share >= min(best[a], best[b]):
            yield a, b, share


def _shared(left: Mapping[int, Shingles], right: Mapping[int, Shingles]) -> dict[int, Counter[int]]:
    """By passage on the left, how many shingles it shares with which on the right."""
    holding: dict[str, list[int]] = defaultdict(list)
    for passage, found in right.items():
        for shingle in found:
            holding[shingle].append(passage)
    return {
        passage: Counter(other for shingle in found for other in holding.get(shingle, ()))
        for passage, found in left.items()
    }
