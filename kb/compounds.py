"""German compounds to their parts: "Freiwilligenarbeit" -> freiwillig, arbeit.

Splits where every part is a known word, at the place that makes the parts most frequent (Koehn
and Knight, "Empirical Methods for Compound Splitting", 2003).
"""

import math
from functools import lru_cache

from kb.bridge import bridge

LANGUAGE = "de"

SHORTEST_PART = 4
SHORTEST = 2 * SHORTEST_PART
LINKS = ("", "s", "n", "en", "es", "er", "e")
"""Letters that join the parts of a compound; `-n` and `-en` may also belong to the first part."""

DEPTH = 2
"""How often a part is split again: three joints, as in Freiwilligen-koordinations-stelle."""


@lru_cache(maxsize=65_536)
def parts(lemma: str, language: str, depth: int = DEPTH) -> tuple[str, ...]:
    """The known words that the folded `lemma` is made of; empty where it is no compound."""
    if language != LANGUAGE or len(lemma) < SHORTEST or not lemma.isalpha():
        return ()
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for at in range(SHORTEST_PART, len(lemma) - SHORTEST_PART + 1):
        last = lemma[at:]
        frequency = bridge().frequency(last, language)
        if not frequency:
            continue
        for first in _heads(lemma[:at]):
            score = math.log1p(frequency) + math.log1p(bridge().frequency(first, language))
            if bridge().frequency(first, language) and score > best[0]:
                best = (score, (first, last))
    if not best[1] or depth == 0:
        return best[1]
    return tuple(part for half in best[1] for part in (parts(half, language, depth - 1) or (half,)))


def _heads(text: str) -> list[str]:
    """What the first part may be in dictionary form, the joining letters taken off."""
    found = [text.removesuffix(link) for link in LINKS if text.endswith(link)]
    return [head for head in dict.fromkeys([*found, text + "e"]) if len(head) >= SHORTEST_PART]
