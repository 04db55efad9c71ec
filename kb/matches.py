"""Why this hit: which word of the query met which word of the text, in its language or through the bridge."""

from collections.abc import Sequence
from functools import lru_cache

from kb import terms
from kb.query_terms import QueryWord
from kb.text import word_spans
from kb.types import Match, Span

Key = tuple[str, str]
Meeting = tuple[QueryWord, float]


def matches(query: Sequence[QueryWord], text: str, language: str) -> tuple[Match, ...]:
    """Every word of `text` that stands for a telling word of the query, with its place in `text`."""
    words = tuple(word for word in query if word.telling)
    sought = _sought(words, language)
    found = []
    for term in terms.analyse(text, language):
        meeting = _best(term, sought)
        if meeting:
            found.append((meeting, term))
    spans = word_spans(text) if found else []
    return tuple(
        Match(word.text, text[slice(*around)], share, Span(*around))
        for (word, share), term in found
        for around in [(spans[term.first][0], spans[term.last - 1][1])]
    )


def share(query: Sequence[QueryWord], found: Sequence[Match], within: Span) -> float:
    """Share of the query's telling words, in [0, 1], that stand `within` the text, a translation by its probability."""
    held: dict[str, float] = {}
    for match in found:
        if within.start <= match.span.start and match.span.end <= within.end:
            held[match.query] = max(held.get(match.query, 0.0), match.share)
    return sum(held.values()) / max(sum(word.telling for word in query), 1)


def _best(term: terms.Term, sought: dict[Key, Meeting]) -> Meeting | None:
    keys = [("lemmas", term.lemma), ("surfaces", term.surface)]
    if term.parts:
        keys += [("lemmas", part) for part in term.parts]
    found = [sought[key] for key in keys if key in sought]
    return max(found, key=lambda meeting: meeting[1]) if found else None


@lru_cache(maxsize=256)
def _sought(query: tuple[QueryWord, ...], language: str) -> dict[Key, Meeting]:
    """By column and term, the word of the query that it stands for, and its share of the likeliest's weight."""
    found: dict[Key, Meeting] = {}
    for word in query:
        sought = word.sought(language)
        top = max((one.weight for one in sought), default=1.0)
        for one in sought:
            key, weight = (one.column, one.term), one.weight / top
            if key not in found or found[key][1] < weight:
                found[key] = (word, weight)
    return found
