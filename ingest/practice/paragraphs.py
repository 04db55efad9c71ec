"""A document's blocks with what `cut` made of them: their language, and the place where a reader finds them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.base import Block, BlockKind
from ingest.passages import Cut
from kb.types import Place, PlaceKind, PracticeFact


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block, and the passage (counted from 0) that it stands in or, where it is a heading, above."""

    block: Block
    passage: int
    language: str
    place: Place

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def is_heading(self) -> bool:
        return self.block.kind is BlockKind.HEADING

    @property
    def unit(self) -> int:
        """The page or slide; 0 where the format has neither."""
        return self.block.number

    def fact(self, field: str, value: str, words: str, confidence: float) -> PracticeFact:
        """A fact read here; what OCR was unsure of is less sure."""
        read = 1.0 if self.block.confidence is None else max(self.block.confidence, 0.01)
        return PracticeFact(field, value, words, self.place, round(confidence * read, 3))


def paragraphs(blocks: Sequence[Block], document: Cut) -> list[Paragraph]:
    """The clean `blocks` that `document` was cut from, in order; none where it has no passage."""
    if not document.passages:
        return []
    ends = [passage.span.end for passage in document.passages]
    made = []
    end = 0
    for block in blocks:
        start = document.text.index(block.text, end)
        end = start + len(block.text)
        at = min(bisect_right(ends, start), len(ends) - 1)
        passage = document.passages[at]
        made.append(Paragraph(block, at, passage.language, passage.place))
    return made


OPENING_PARAGRAPHS = 6
"""As many paragraphs are the title page of a document without pages."""


def opening(found: Sequence[Paragraph]) -> list[Paragraph]:
    """The first slide or page, as far as its lines are those of a title page; or the first paragraphs."""
    on_slide = bool(found) and found[0].place.kind is PlaceKind.SLIDE
    first = [paragraph for paragraph in found if paragraph.unit == found[0].unit]
    shown = [paragraph for paragraph in first if paragraph.block.kind is not BlockKind.NOTES]
    return shown if on_slide else shown[:OPENING_PARAGRAPHS]
