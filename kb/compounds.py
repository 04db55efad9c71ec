"""German compounds to their parts: "Freiwilligenarbeit" -> freiwillig, arbeit.

A word is split where known words make it up that are, on average, more frequent than the word itself
(Koehn and Knight, "Empirical Methods for Compound Splitting", 2003).
"""

import math
from functools import lru_cache

from kb.bridge import bridge

LANGUAGE = "de"

SHORTEST_PART = 4
SHORTEST = 2 * SHORTEST_PART
LONGEST = 80
"""Letters of a word that is split; the longest German law had 63. The time grows with the square of their number."""

LINKS = ("", "s", "n", "en", "es", "er", "e")
"""Letters that join the parts of a compound; `-n` and `-en` may also belong to the first part."""

SUFFIXES = frozenset({"schaft", "heit", "keit", "lich", "isch", "weise", "ling", "haft"})
"""Endings that are words, too, but not here."""

DEPTH = 2
"""How often a part that is no known word itself is split again: Freiwilligen-koordinations-stelle."""


MARGIN = 1.0
"""By how much the parts' mean log frequency must exceed the word's: a hospital is no sick house."""


@lru_cache(maxsize=65_536)
def parts(lemma: str, language: str) -> tuple[str, ...]:
    """The known words that the folded `lemma` is made of: nachbarschaft, hilfe. Empty where it is no compound."""
    if language != LANGUAGE or not SHORTEST <= len(lemma) <= LONGEST or not lemma.isalpha():
        return ()
    return tuple(dict.fromkeys(_split(lemma, DEPTH)))


@lru_cache(maxsize=65_536)
def _split(lemma: str, depth: int) -> tuple[str, ...]:
    """The most frequent known words that `lemma` is made of; empty where it is more frequent itself."""
    best: tuple[float, tuple[str, ...]] = (_weight((lemma,)) + MARGIN, ())
    for levels in range(2 if depth > 1 else 1):  # two known halves first; deeper only where there are none
        splits = [
            (*head, *last)
            for at in range(SHORTEST_PART, len(lemma) - SHORTEST_PART + 1)
            if lemma[at:] not in SUFFIXES and (last := _known(lemma[at:], levels, depth))
            for first in _heads(lemma[:at])
            if (head := _known(first, levels, depth))
        ]
        best = max([best, *((_weight(found), found) for found in splits)], key=lambda scored: scored[0])
        if best[1] or bridge().frequency(lemma, LANGUAGE):
            break
    return best[1]


def _known(word: str, levels: int, depth: int) -> tuple[str, ...]:
    """`word` itself where it is known, else what it is made of if `levels` allow."""
    if bridge().frequency(word, LANGUAGE):
        return (word,)
    return _split(word, depth - 1) if levels else ()


def _weight(found: tuple[str, ...]) -> float:
    """Mean log frequency of the words."""
    return sum(math.log1p(bridge().frequency(word, LANGUAGE)) for word in found) / len(found)


def _heads(text: str) -> list[str]:
    """What the first part may be in dictionary form, the joining letters taken off."""
    found = [text.removesuffix(link) for link in LINKS if text.endswith(link)]
    return [head for head in dict.fromkeys([*found, text + "e"]) if len(head) >= SHORTEST_PART]
