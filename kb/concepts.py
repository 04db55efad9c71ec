"""Where a text speaks of the topics and target groups of the vocabularies: by their terms, in any inflection."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kb import terms, vocabulary
from kb.config import LANGUAGES
from kb.text import fold, word_spans, words
from kb.types import Span

LONGEST_BEGINNING = 40
"""Letters of a word that are looked up as a stem: a "word" may have a million."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept, by its id, and the `words[first:last]` of a text that stand for it."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    concept: str
    words: tuple[str, ...]  # folded; with * at its end: a stem


@dataclass(frozen=True, slots=True)
class _Word:
    surface: str
    forms: frozenset[str]

    def matches(self, pattern: str) -> bool:
        return self.surface.startswith(pattern[:-1]) if pattern.endswith("*") else pattern in self.forms


def mentions(field: str, tokens: Sequence[str], language: str) -> Iterator[Mention]:
    """Where `tokens`, the words of a text, name a concept of the vocabulary of `field` ("topics" or
    "target_groups"); none in a language that the vocabularies lack."""
    if language not in LANGUAGES:
        return
    within = 0  # of a name that began earlier
    for at, token in enumerate(tokens):
        beginning = _beginning(field, token, language)
        matches = [pattern for pattern in beginning if _stands(pattern, tokens[at : at + len(pattern.words)], language)]
        # "The people of Ukraine" are refugees, not residents; but who wins volunteers is about volunteering, too.
        if at < within and field == "target_groups":
            continue
        for pattern in matches:
            last = at + len(pattern.words)
            within = max(within, last)
            yield Mention(pattern.concept, at, last)


def spans(field: str, concept: str, text: str, language: str) -> list[Span]:
    """Where in `text` the concept is named; in order, not overlapping."""
    at = word_spans(text)
    found: list[Span] = []
    for mention in mentions(field, words(text), language):
        span = Span(at[mention.first][0], at[mention.last - 1][1])
        if mention.concept == concept and (not found or found[-1].end <= span.start):
            found.append(span)
    return found


def _stands(pattern: _Pattern, tokens: Sequence[str], language: str) -> bool:
    return len(tokens) == len(pattern.words) and all(
        _word(token, language).matches(wanted) for token, wanted in zip(tokens, pattern.words, strict=True)
    )


@lru_cache(maxsize=65_536)
def _beginning(field: str, token: str, language: str) -> tuple[_Pattern, ...]:
    """The patterns whose first word is `token`."""
    table, word = _patterns(field, language), _word(token, language)
    stems = (word.surface[:length] + "*" for length in range(2, min(len(word.surface), LONGEST_BEGINNING) + 1))
    return tuple(pattern for form in (*word.forms, *stems) for pattern in table.get(form, ()))


@lru_cache(maxsize=65_536)
def _word(written: str, language: str) -> _Word:
    surface = fold(written)
    return _Word(surface, frozenset({surface, terms.lemma(written, language)}))


@cache
def _patterns(field: str, language: str) -> Mapping[str, Sequence[_Pattern]]:
    """The patterns of a language by their first word."""
    table: dict[str, list[_Pattern]] = defaultdict(list)
    for concept in (vocabulary.of_field(field) or {}).values():
        for term in dict(concept.terms)[language]:
            pattern = tuple(fold(word) for word in term.replace("-", " ").split())
            table[pattern[0]].append(_Pattern(concept.id, pattern))
    return table
