"""The order in which a reader takes the boxes of a slide."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.base import Block

SAME_ROW = 0.5
"""Boxes stand in a row when their tops differ by less than this share of the lower one's height."""

CAPTION_WORDS = 12
"""Words that a box above a column of text has at most."""

MOST_COMPARED = 500
"""Boxes that are compared each with each; a slide of more is no slide that people read."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle on a slide, in any unit; y grows downwards."""

    left: float
    top: float
    width: float
    height: float

    def within(self, outer: "Frame", inner: "Frame") -> "Frame":
        """This frame, which counts in a group's own space `inner`, in the space in which the group fills `outer`."""
        x = outer.width / inner.width if inner.width else 1.0
        y = outer.height / inner.height if inner.height else 1.0
        return Frame(
            outer.left + (self.left - inner.left) * x,
            outer.top + (self.top - inner.top) * y,
            self.width * x,
            self.height * y,
        )

    def holds_centre_of(self, other: "Frame") -> bool:
        """Whether the middle of `other` lies in this frame."""
        x, y = other.left + other.width / 2, other.top + other.height / 2
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


@dataclass(frozen=True, slots=True)
class Box:
    """A shape with its blocks, or a group with the boxes inside it."""

    frame: Frame
    blocks: tuple[Block, ...] = ()
    inner: tuple["Box", ...] = ()


def group(boxes: Sequence[Box]) -> Box:
    """Some boxes (at least one) as one."""
    left, top = min(box.frame.left for box in boxes), min(box.frame.top for box in boxes)
    right = max(box.frame.left + box.frame.width for box in boxes)
    bottom = max(box.frame.top + box.frame.height for box in boxes)
    return Box(Frame(left, top, right - left, bottom - top), inner=tuple(boxes))


def reading_order(boxes: Sequence[Box]) -> list[Block]:
    """The blocks of `boxes`: rows from the top, in each from the left; a group in one go, unless
    another box lies in it; of captions in a row and columns below them each caption with its column."""
    rows: list[list[Box]] = []
    for box in sorted(_ungrouped(boxes), key=lambda box: (box.frame.top, box.frame.left)):
        if rows and _same_row(rows[-1][0].frame, box.frame):
            rows[-1].append(box)
        else:
            rows.append([box])
    rows = [sorted(row, key=lambda box: box.frame.left) for row in rows]
    ordered: list[Box] = []
    at = 0
    while at < len(rows):
        captions, columns = rows[at], rows[at + 1] if at + 1 < len(rows) else []
        paired = _are_captioned(captions, columns)
        ordered += [box for pair in zip(captions, columns, strict=True) for box in pair] if paired else captions
        at += 2 if paired else 1
    return [block for box in ordered for block in (box.blocks or reading_order(box.inner))]


def _ungrouped(boxes: Sequence[Box]) -> list[Box]:
    """`boxes` with the groups taken apart in which, or across which, other boxes lie."""
    if len(boxes) > MOST_COMPARED:
        return list(boxes)
    found: list[Box] = []
    for at, box in enumerate(boxes):
        others = (other for index, other in enumerate(boxes) if index != at and box.frame != other.frame)
        if box.inner and any(box.frame.holds_centre_of(other.frame) for other in others):
            found += _ungrouped(box.inner)
        else:
            found.append(box)
    return found


def _same_row(first: Frame, box: Frame) -> bool:
    return abs(box.top - first.top) <= SAME_ROW * min(box.height, first.height)


def _lies_on(caption: Frame, column: Frame) -> bool:
    aligned = abs(caption.left - column.left) < SAME_ROW * min(caption.width, column.width)
    return aligned and column.top - caption.top - caption.height <= SAME_ROW * caption.height


def _are_captioned(captions: Sequence[Box], columns: Sequence[Box]) -> bool:
    if len(captions) < 2 or len(captions) != len(columns):
        return False
    above = all(_lies_on(caption.frame, column.frame) for caption, column in zip(captions, columns, strict=True))
    short = all(len(box.blocks) == 1 and len(box.blocks[0].text.split()) <= CAPTION_WORDS for box in captions)
    return above and short and any(len(box.blocks) > 1 for box in columns)
