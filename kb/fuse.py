"""Score fusion: dense and lexical evidence into one score. A pure function.

Lexical evidence can exist only where the passage shares the query's language, so adding it
naively punishes every other language: reciprocal rank fusion buries them. Here a passage in
another language is given the lexical score that same-language passages as near to the query
in meaning have on average, or its own (names, numbers), whichever is higher
(docs/decisions/fusion.md).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

OWN_LANGUAGE = 0.1
"""Added to passages in the query's language: between two that say the same, a reader prefers the
one she asked in, and the other still follows closely."""

BANDWIDTH = 0.06
"""Width, on the 0..1 dense scale, over which same-language neighbours are averaged."""

PRIOR_STRENGTH = 1.0
"""Weight, in neighbours, of the prior: the dense score times the best lexical score of its language."""


def fuse(dense: Floats, lexical: Floats, same_language: Mask, *, lexical_weight: float, names: float = 0.0) -> Floats:
    """Fused scores, in [0, 1 + OWN_LANGUAGE], higher is better.

    All arrays have shape (n,). `dense`: cosine-like, any range; `lexical`: BM25, at least 0;
    `same_language`: whether the passage is in the query's language; `lexical_weight` in [0, 1];
    `names` in [0, 1]: the share of the query that is the same in every language, for which a
    passage without it earns nothing.
    """
    if not dense.size:
        return np.empty(0)
    dense_unit = _unit(dense)
    lexical_unit = lexical / max(float(lexical.max()), 1e-9)
    evidence = lexical_unit.copy()
    other = ~same_language
    if other.any():
        expected = _expected(dense_unit[other], dense_unit[same_language], lexical_unit[same_language])
        evidence[other] = np.maximum((1 - names) * expected, lexical_unit[other])
    return (1 - lexical_weight) * dense_unit + lexical_weight * evidence + OWN_LANGUAGE * same_language


def _expected(at: Floats, dense: Floats, lexical: Floats) -> Floats:
    """Lexical score to expect at the dense scores `at`: a kernel average over the pairs
    (`dense`, `lexical`), leaning on the prior where there are few."""
    weights = np.exp(-0.5 * ((at[:, np.newaxis] - dense) / BANDWIDTH) ** 2)
    prior = at * lexical.max(initial=0.0)  # where no passage has the query's words, none is to be expected
    return np.asarray((weights @ lexical + PRIOR_STRENGTH * prior) / (weights.sum(axis=1) + PRIOR_STRENGTH))


def _unit(values: Floats) -> Floats:
    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) / max(high - low, 1e-9))
