"""Topics and target groups: which concepts of a controlled vocabulary a document is about."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.statements import Statement
from kb.concepts import mentions
from kb.text import words
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


def _named(kind: str, text: str, language: str) -> Iterator[tuple[str, str]]:
    """Each concept that a term in `text` stands for, and the term as written."""
    tokens = words(text)
    for mention in mentions(kind, tokens, language):
        yield mention.concept, " ".join(tokens[mention.first : mention.last])
