"""How well a sentence by itself answers a query: by its meaning and by the query's words in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.matches import share
from kb.query_terms import QueryWord
from kb.text import CELLS, words
from kb.types import Match, Span

WORDS_WEIGHT = 0.3
"""What all of the query's words in a sentence add to its cosine: about the difference between a
sentence on the topic and one beside it."""

LEAST_WORDS = 4
"""A shorter sentence is a title or a bullet's stump."""


@dataclass(frozen=True, slots=True)
class NearSentence:
    """A sentence's span in its document and its cosine to the query."""

    span: Span
    cosine: float


def score(query: Sequence[QueryWord], found: Sequence[Match], within: Span, cosine: float) -> float:
    """A sentence's score, in [-1, 1 + WORDS_WEIGHT]: its cosine, and the query's words, or their translations,
    among those `found` in its passage that lie `within` the sentence."""
    return cosine + WORDS_WEIGHT * share(query, found, within)


def states(texts: Sequence[str], at: int) -> bool:
    """Whether the sentence `at` of a passage, whose sentences are `texts`, states anything: a question does not, nor
    do a few words or the head of a table, which is a row with a row behind it and none before."""
    text = texts[at]
    if len(words(text)) < LEAST_WORDS or text.endswith("?"):
        return False
    before, row, behind = (0 <= near < len(texts) and CELLS in texts[near] for near in (at - 1, at, at + 1))
    return not row or before or not behind
