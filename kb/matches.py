"""Why this hit: which word of the query met which word of the text, in its language or through the bridge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb import terms
from kb.query_terms import QueryWord
from kb.text import word_spans
from kb.types import Match, Span

LEAST_SHARE = 0.3
"""A translation less than this probable, beside the word's likeliest, is no reason to show."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    word: QueryWord
    share: float


def share(query: Sequence[QueryWord], text: str, language: str) -> float:
    """Share of the query's telling words, in [0, 1], that `text` holds, a translation by its probability."""
    telling = [word for word in query if word.telling]
    held: dict[str, float] = {}
    for meeting, _ in _meetings(tuple(query), text, language):
        held[meeting.word.surface] = max(held.get(meeting.word.surface, 0.0), meeting.share)
    return sum(held.get(word.surface, 0.0) for word in telling) / max(len(telling), 1)


def matches(query: Sequence[QueryWord], text: str, language: str) -> tuple[Match, ...]:
    """Every word of `text` that stands for a telling word of the query, with its place in `text`."""
    return tuple(
        Match(meeting.word.text, text[slice(*span)], Span(*span))
        for meeting, span in _meetings(tuple(query), text, language)
        if meeting.share >= LEAST_SHARE and meeting.word.telling
    )


def _meetings(query: tuple[QueryWord, ...], text: str, language: str) -> Iterator[tuple[_Meeting, tuple[int, int]]]:
    sought = _sought(query, language)
    spans = word_spans(text)
    for term in terms.analyse(text, language):
        keys = [("lemmas", lemma) for lemma in (term.lemma, *term.parts)] + [("surfaces", term.surface)]
        found = [sought[key] for key in keys if key in sought]
        if found:
            best = max(found, key=lambda meeting: meeting.share)
            yield best, (spans[term.first][0], spans[term.last - 1][1])


@lru_cache(maxsize=256)
def _sought(query: tuple[QueryWord, ...], language: str) -> dict[tuple[str, str], _Meeting]:
    """By column and term, the word of the query that it stands for best."""
    found: dict[tuple[str, str], _Meeting] = {}
    for word in query:
        sought = word.sought(language)
        top = max((one.weight for one in sought), default=1.0)
        for one in sought:
            meeting = _Meeting(word, one.weight / top)
            key = (one.column, one.term)
            if key not in found or found[key].share < meeting.share:
                found[key] = meeting
    return found
