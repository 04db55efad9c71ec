"""From clean blocks to passages: whole sentences, one language each, exact places.

A passage never crosses a slide, a page, a heading or a language. Within those it takes whole
sentences up to `MOST_WORDS`, in parts of about equal length.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from ingest.extract.base import Block, BlockKind
from ingest.language import Unit, guess, sentence_languages
from kb.text import sentence_spans
from kb.types import HEADINGS_JOINT, DraftPassage, Place, PlaceKind, Span

MOST_WORDS = 200
"""Words in a passage: what a reader takes in at a glance, and what the encoder's average bears."""

LONGEST_WORD = 15
"""Characters from which on a word counts as several, or a passage without spaces would have no end; words in
our languages have 6 to 8 on average."""

MOST_SENTENCE_WORDS = 120
MOST_SENTENCE_CHARACTERS = 1_500
"""A longer "sentence" is a table or a list that lost its lines: it is cut between words."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut up: its whole cleaned text and the passages, whose spans count in it."""

    text: str
    passages: tuple[DraftPassage, ...]


class _Rank(Enum):
    """A heading's part in naming what follows it."""

    FIRST = "names what follows"
    SECOND = "stands right below another heading: both name what follows"
    LONE = "has nothing below it, or is one of a list of short lines: a sentence, so that it can be found"


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    place: Place
    opens_paragraph: bool
    block: Block


def cut(blocks: Sequence[Block], place: PlaceKind) -> Cut:
    """Cut clean blocks into passages; `place` is what the format counts in."""
    text, located = _assemble(blocks)
    sentences = list(_sentences(located, place))
    languages = sentence_languages([Unit(text[s.span.start : s.span.end], s.opens_paragraph) for s in sentences])
    rows = list(zip(sentences, languages, strict=True))
    passages = []
    for (_, language), group in groupby(rows, key=lambda row: (_boundary(row[0].place), row[1])):
        for part in _balanced([sentence for sentence, _ in group], text):
            spans = tuple(sentence.span for sentence in part)
            passages.append(
                DraftPassage(
                    language,
                    part[0].place,
                    Span(spans[0].start, spans[-1].end),
                    spans,
                    confidence=_confidence(part),
                    hidden=part[0].block.hidden,
                )
            )
    return Cut(text, tuple(passages))


def _confidence(sentences: Sequence[_Sentence]) -> float | None:
    """OCR's confidence in the least sure of the sentences; None where none was read by OCR."""
    read = [sentence.block.confidence for sentence in sentences if sentence.block.confidence is not None]
    return min(read, default=None)


def _boundary(place: Place) -> Place | None:
    """What a passage must not cross; paragraphs, unlike pages, slides and sections, it may."""
    return None if place.kind is PlaceKind.PARAGRAPH else place


def _assemble(blocks: Sequence[Block]) -> tuple[str, list[tuple[Block, int]]]:
    """The blocks' texts in one, and each block with its offset there."""
    parts: list[str] = []
    located: list[tuple[Block, int]] = []
    offset = 0
    for block in blocks:
        text = block.text
        if located:
            gap = "\n" if block.kind is located[-1][0].kind in {BlockKind.ITEM, BlockKind.ROW} else "\n\n"
            parts.append(gap)
            offset += len(gap)
        located.append((block, offset))
        parts.append(text)
        offset += len(text)
    return "".join(parts), located


def _sentences(located: Sequence[tuple[Block, int]], kind: PlaceKind) -> Iterator[_Sentence]:
    """The sentences of all blocks but the headings that name the place of what follows them."""
    heading, sections, paragraphs = "", 0, 0
    ranks = _ranks(located)
    for at, (block, offset) in enumerate(located):
        new_unit = at == 0 or block.number != located[at - 1][0].number
        if new_unit and kind is PlaceKind.SLIDE:
            heading = ""
        rank = ranks[at]
        if rank:
            heading = f"{heading}{HEADINGS_JOINT}{block.text}" if rank is _Rank.SECOND else block.text
            sections += 1
            if rank is not _Rank.LONE:
                continue
        else:
            paragraphs += 1
        place = _place(kind, block, heading, sections, paragraphs)
        # The rows of a glossary are of several languages each; its table is of one.
        goes_on = block.kind is BlockKind.ROW and at > 0 and located[at - 1][0].kind is BlockKind.ROW
        for start, end in _unit_spans(block):
            opens = start == 0 and not goes_on
            yield _Sentence(Span(offset + start, offset + end), place, opens_paragraph=opens, block=block)


def _ranks(located: Sequence[tuple[Block, int]]) -> list[_Rank | None]:
    """For each block what it is as a heading; None where it is none."""
    ranks: list[_Rank | None] = []
    for (number, is_heading), run in groupby(
        (b for b, _ in located), lambda b: (b.number, b.kind is BlockKind.HEADING)
    ):
        count = len(list(run))
        if not is_heading:
            ranks += [None] * count
            continue
        after = located[len(ranks) + count][0] if len(ranks) + count < len(located) else None
        if after is None or after.number != number:
            ranks += [_Rank.LONE] * count
        else:
            ranks += [_Rank.FIRST, _Rank.SECOND] if count == 2 else [_Rank.LONE] * (count - 1) + [_Rank.FIRST]
    return ranks


def _place(kind: PlaceKind, block: Block, heading: str, sections: int, paragraphs: int) -> Place:
    if kind is PlaceKind.SECTION:
        if not heading:
            return Place(PlaceKind.PARAGRAPH, max(paragraphs, 1))
        return Place(kind, sections, heading)
    return Place(kind, block.number, heading)


def _unit_spans(block: Block) -> Iterator[tuple[int, int]]:
    for start, end in sentence_spans(block.text, guess(block.text)):
        yield from _pieces(block.text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, or, where it is too long for a sentence, pieces of it cut between words."""
    while end - start > MOST_SENTENCE_CHARACTERS or len(text[start:end].split()) > MOST_SENTENCE_WORDS:
        words = text[start : start + MOST_SENTENCE_CHARACTERS].split(" ")[:MOST_SENTENCE_WORDS]
        at = start + len(" ".join(words if len(words) == MOST_SENTENCE_WORDS else words[:-1] or words))
        yield start, min(at, end)
        start = _next_word(text, at, end)
    if start < end:
        yield start, end


def _next_word(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _length(sentence: str) -> int:
    """How many words a sentence counts as."""
    return max(len(sentence.split()), len(sentence) // LONGEST_WORD)


def _balanced(sentences: Sequence[_Sentence], text: str) -> Iterator[list[_Sentence]]:
    """Consecutive parts of at most MOST_WORDS, or one sentence, and of about equal length."""
    lengths = [_length(text[s.span.start : s.span.end]) for s in sentences]
    whole = sum(lengths)
    target = whole / max(1, math.ceil(whole / MOST_WORDS))
    part: list[_Sentence] = []
    words = 0
    for sentence, length in zip(sentences, lengths, strict=True):
        # Close the part when it comes closer to its share without this sentence than with it.
        if part and (words + length > MOST_WORDS or words + length / 2 > target):
            yield part
            part, words = [], 0
        part.append(sentence)
        words += length
    if part:
        yield part
