"""Topics and target groups: which concepts of a controlled vocabulary a document is about."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.statements import Statement
from kb import terms, vocabulary
from kb.config import LANGUAGES
from kb.text import fold, words
from kb.types import PracticeFact

HEADINGS = 2
"""Headings that must name a concept, and"""

HEADED_SHARE = 0.15
"""the share of the passages that must, for it to be one of the document's where the title does not name it."""

SHARE = 0.6
"""Share of the passages from which on it is without a heading, too."""

LEAST_PASSAGES = 3
"""In how many passages at least: of two passages, one is half."""

MOST = 5
"""Concepts that a practice is filed under: more would tell nothing."""

LONGEST_BEGINNING = 40
"""Letters of a word that are looked up as a stem: a "word" may have a million."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    concept: str
    words: tuple[str, ...]  # folded; with * at its end: a stem


@dataclass(frozen=True, slots=True)
class _Word:
    written: str
    surface: str
    forms: frozenset[str]

    def matches(self, pattern: str) -> bool:
        return self.surface.startswith(pattern[:-1]) if pattern.endswith("*") else pattern in self.forms


@dataclass(slots=True)
class _Found:
    """Where a concept is named: the words in the title, the paragraphs of headings, of all."""

    titled: tuple[str, Paragraph | None] | None = None
    headings: list[tuple[str, Paragraph]] = field(default_factory=list)
    passages: dict[int, tuple[str, Paragraph]] = field(default_factory=dict)


def concept_facts(kind: str, title: str, found: Sequence[Paragraph], said: Sequence[Statement]) -> list[PracticeFact]:
    """The facts of the field `kind` ("topics" or "target_groups"): what a label says, or else what the
    document is about, the surest first."""
    labelled = [fact for statement in said if statement.field == kind for fact in _labelled(kind, statement)]
    if labelled:
        return _distinct(labelled)
    named: dict[str, _Found] = defaultdict(_Found)
    shown = next((paragraph for paragraph in found if paragraph.text == title), None)
    for language in [shown.language] if shown else sorted({paragraph.language for paragraph in found}):
        for concept, written in _named(kind, title, language):
            named[concept].titled = named[concept].titled or (written, shown)
    for paragraph in found:
        for concept, written in _named(kind, paragraph.text, paragraph.language):
            named[concept].passages.setdefault(paragraph.passage, (written, paragraph))
            if paragraph.is_heading and paragraph is not shown:
                named[concept].headings.append((written, paragraph))
    passages = len({paragraph.passage for paragraph in found})
    judged = [(_judged(kind, concept, where, passages), where) for concept, where in named.items()]
    ranked = sorted(
        ((fact, where) for fact, where in judged if fact),
        key=lambda row: (-row[0].confidence, -len(row[1].passages)),
    )
    return [fact for fact, _ in ranked]


def _judged(kind: str, concept: str, where: _Found, passages: int) -> PracticeFact | None:
    share = len(where.passages) / max(passages, 1)
    if where.titled:
        words_, shown = where.titled
        if shown is None:
            return PracticeFact(kind, concept, words_, None, confidence.HEADING)
        return shown.fact(kind, concept, words_, confidence.HEADING)
    distinct_headings = {paragraph.text for _, paragraph in where.headings}
    if len(distinct_headings) >= HEADINGS and share >= HEADED_SHARE:
        words_, heading = where.headings[0]
        return heading.fact(kind, concept, words_, confidence.REPEATED)
    if len(where.passages) >= LEAST_PASSAGES and share >= SHARE:
        words_, first = next(iter(where.passages.values()))
        return first.fact(kind, concept, words_, confidence.PREVAILING)
    return None


def _labelled(kind: str, statement: Statement) -> Iterator[PracticeFact]:
    for concept, written in _named(kind, statement.text, statement.where.language):
        yield statement.where.fact(kind, concept, written, statement.confidence)


def _distinct(facts: Sequence[PracticeFact]) -> list[PracticeFact]:
    return list({fact.value: fact for fact in reversed(facts)}.values())[::-1]


# --- terms


def _named(kind: str, text: str, language: str) -> Iterator[tuple[str, str]]:
    """Each concept that a term in `text` stands for, and the term as written."""
    if language not in LANGUAGES:
        return
    table = _patterns(kind, language)
    found = [_word(word, language) for word in words(text)]
    within = 0  # of a name that began earlier
    for at, word in enumerate(found):
        matches = [p for p in _beginning(table, word) if _stands(p, found[at : at + len(p.words)])]
        # "The people of Ukraine" are refugees, not residents; but who wins volunteers is about volunteering, too.
        if at < within and kind == "target_groups":
            continue
        for pattern in matches:
            within = max(within, at + len(pattern.words))
            yield pattern.concept, " ".join(w.written for w in found[at : at + len(pattern.words)])


def _stands(pattern: _Pattern, found: Sequence[_Word]) -> bool:
    return len(found) == len(pattern.words) and all(
        word.matches(wanted) for word, wanted in zip(found, pattern.words, strict=True)
    )


def _beginning(table: Mapping[str, Sequence[_Pattern]], word: _Word) -> Iterator[_Pattern]:
    for form in word.forms:
        yield from table.get(form, ())
    for length in range(2, min(len(word.surface), LONGEST_BEGINNING) + 1):
        yield from table.get(word.surface[:length] + "*", ())


@lru_cache(maxsize=65_536)
def _word(written: str, language: str) -> _Word:
    surface = fold(written)
    return _Word(written, surface, frozenset({surface, terms.lemma(written, language)}))


@cache
def _patterns(kind: str, language: str) -> Mapping[str, Sequence[_Pattern]]:
    """The patterns of a language by their first word."""
    table: dict[str, list[_Pattern]] = defaultdict(list)
    for concept in (vocabulary.of_field(kind) or {}).values():
        for term in dict(concept.terms)[language]:
            pattern = tuple(fold(word) for word in term.replace("-", " ").split())
            table[pattern[0]].append(_Pattern(concept.id, pattern))
    return table
