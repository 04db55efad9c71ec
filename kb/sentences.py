"""How well a sentence by itself answers a query: by its meaning and by the query's words in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb import terms
from kb.types import Span

WORDS_WEIGHT = 0.3
"""What all of the query's words in a sentence add to its cosine: about the difference between a
sentence on the topic and one beside it."""


@dataclass(frozen=True, slots=True)
class NearSentence:
    """A sentence's span in its document and its cosine to the query."""

    span: Span
    cosine: float


def score(query: str, query_languages: Sequence[str], text: str, language: str, cosine: float) -> float:
    """The sentence's score, in [-1, 1 + WORDS_WEIGHT]; words count only in the query's own language."""
    if language not in query_languages:
        return cosine
    return cosine + WORDS_WEIGHT * _shared(query, text, language)


def _shared(query: str, text: str, language: str) -> float:
    """Share of the query's telling words, in [0, 1], that `text` holds."""
    asked = terms.analyse(query, language, any_case=True)
    wanted = {term.lemma for term in asked if not terms.is_stopword(term.surface, language)}
    held = {term.lemma for term in terms.analyse(text, language)}
    return len(wanted & held) / max(len(wanted), 1)
