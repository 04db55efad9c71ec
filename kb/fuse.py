"""Score fusion: evidence by meaning and by words into one score. A pure function.

Meaning counts as the mean of two cosines, on its own scale: stretched to a query's best and worst
passage, as it is often done, it would weigh most where it knows least.

Words are evidence in every language, by the bridge, but not on one scale: translations spread
their weight. So BM25 counts beside the best passage of the same language, and most of the weight lies on
coverage, the share of the query's words that a passage holds, which needs no scale. For words without a
known translation a passage in another language is given what passages in the query's language that
are as near in meaning have on average: evidence that cannot exist must not count against it
(docs/decisions/fusion.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

COVERAGE_WEIGHT = 0.6
"""Share of coverage, beside BM25, in the evidence by words."""

OWN_LANGUAGE = 0.03
"""Added to passages in the query's language: between two that say the same, a reader prefers the
one she asked in, and the other still follows closely."""

BREVITY = 0.3
BREVITY_TERMS = 15
"""What a passage without a word would lose, and over how many terms the loss fades: a passage that says
no more than its title holds the query's words and answers nothing."""

BANDWIDTH = 0.06
"""Width, on the 0..1 dense scale, over which same-language neighbours are averaged."""

PRIOR_STRENGTH = 1.0
"""Weight, in neighbours, of the prior: the dense score times the best evidence by words of its language."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of n passages; all arrays have shape (n,).

    `dense`: the sum of two cosines, in [-2, 2]. `lexical`: BM25, at least 0. `coverage`, in [0, 1]: the share of the
    query's words that the passage holds. `unknown`, in [0, 1]: the share that no passage in its language can match.
    `terms`: how many a passage has, its context's included. `languages`: ISO 639-1 codes. `own`: whether that is a
    language of the query.
    """

    dense: Floats
    lexical: Floats
    coverage: Floats
    unknown: Floats
    terms: Floats
    languages: Sequence[str]
    own: Mask


def fuse(found: Evidence, *, lexical_weight: float) -> Floats:
    """Fused scores, in [-1 - BREVITY, 1 + OWN_LANGUAGE], higher is better; `lexical_weight` in [0, 1]."""
    if not found.dense.size:
        return np.empty(0)
    words = COVERAGE_WEIGHT * found.coverage + (1 - COVERAGE_WEIGHT) * _beside_best(found)
    other = ~found.own
    if other.any() and found.unknown[other].any():
        dense = _unit(found.dense)
        expected = _expected(dense[other], dense[found.own], words[found.own])
        words[other] += found.unknown[other] * np.maximum(expected - words[other], 0)
    brief = BREVITY * np.exp(-found.terms / BREVITY_TERMS)
    return (1 - lexical_weight) * found.dense / 2 + lexical_weight * words + OWN_LANGUAGE * found.own - brief


def _beside_best(found: Evidence) -> Floats:
    """BM25 as a share of the best in the same language, in [0, 1], times the most that any passage in that language
    covers of the query: beside nothing but "city", the best passage for "city of Toruń" says little."""
    _, which = np.unique(np.asarray(found.languages), return_inverse=True)
    best, covered = np.zeros(which.max() + 1), np.zeros(which.max() + 1)
    np.maximum.at(best, which, found.lexical)
    np.maximum.at(covered, which, found.coverage)
    return np.asarray(found.lexical / np.maximum(best[which], 1e-9) * covered[which])


def _expected(at: Floats, dense: Floats, words: Floats) -> Floats:
    """Evidence by words to expect at the dense scores `at`: a kernel average over the pairs
    (`dense`, `words`), leaning on the prior where there are few."""
    weights = np.exp(-0.5 * ((at[:, np.newaxis] - dense) / BANDWIDTH) ** 2)
    prior = at * words.max(initial=0.0)  # where no passage has the query's words, none is to be expected
    return np.asarray((weights @ words + PRIOR_STRENGTH * prior) / (weights.sum(axis=1) + PRIOR_STRENGTH))


def _unit(values: Floats) -> Floats:
    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) / max(high - low, 1e-9))
