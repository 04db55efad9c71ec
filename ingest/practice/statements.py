"""What a document states under a heading or behind a label: "The challenge", "Partner: ...", "Rezultāti"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.base import BlockKind
from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.phrases import announced
from kb.text import CELLS, sentence_spans
from kb.types import PlaceKind

_PROSE = {"problem", "solution", "resources", "results"}

MOST_CHARACTERS = 600
"""Of a statement, in whole sentences: what one reads at a glance in a table of practices."""

_LABEL = re.compile(r"(?P<label>[^:|\d]{2,60}?)\s*(?::|\|)\s*(?P<rest>\S.*)", re.DOTALL)
_DASHED = re.compile(r"(?P<label>[^–—]{2,60}?)\s+[–—]\s+(?P<rest>\S.*)", re.DOTALL)
_FULL_STOP = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Statement:
    """`lines` are the document's own, in order; `label` is the heading or label above or before them;
    `where` is the paragraph that the first of them stands in."""

    field: str
    label: str
    lines: tuple[str, ...]
    where: Paragraph
    confidence: float

    @property
    def text(self) -> str:
        """The lines in one, at most MOST_CHARACTERS."""
        return shortened(self.lines, self.where.language)


@dataclass(frozen=True, slots=True)
class _Opening:
    field: str
    label: str
    rest: str


def statements(found: Sequence[Paragraph]) -> list[Statement]:
    """All statements in the order of the text.

    Labels come in groups: a lone "Costs: 20 euros" is an item of some list, not a field of a record.
    """
    stated = list(_statements(found))
    labelled = {statement.field for statement in stated if statement.confidence == confidence.LABEL}
    return [s for s in stated if s.confidence < confidence.LABEL or s.field not in _PROSE or len(labelled) > 1]


def _statements(found: Sequence[Paragraph]) -> Iterator[Statement]:
    openings = [_opening(paragraph) for paragraph in found]
    for at, (paragraph, opening) in enumerate(zip(found, openings, strict=True)):
        if opening is None:
            continue
        if opening.rest and not paragraph.is_heading:
            yield Statement(opening.field, opening.label, (opening.rest,), paragraph, confidence.LABEL)
            continue
        body = list(_body(found, openings, at))
        lines = ([opening.rest] if opening.rest else []) + [following.text for following in body]
        if lines:
            where = body[0] if body else paragraph
            yield Statement(opening.field, opening.label, tuple(lines), where, confidence.HEADING)


def _opening(paragraph: Paragraph) -> _Opening | None:
    """What the paragraph announces, if anything: all of it, or what stands before a colon, a cell's end or a dash."""
    text = paragraph.text
    if paragraph.block.kind is BlockKind.NOTES:
        return None
    field = announced(text)
    if field:
        return _Opening(field, text.rstrip(" :"), "")
    for pattern in (_LABEL, _DASHED) if paragraph.is_heading else (_LABEL,):
        match = pattern.match(text)
        field = announced(match["label"]) if match else None
        if match and field:
            if CELLS in match["rest"]:  # a row of a wider table is no label and value
                return None
            return _Opening(field, match["label"].strip(), match["rest"].strip())
    return None


def _body(found: Sequence[Paragraph], openings: Sequence[_Opening | None], at: int) -> Iterator[Paragraph]:
    """What follows the heading at `at`, up to the next heading or label, or the slide's end. What a speaker
    noted counts where the slide itself says nothing."""
    said = False
    for paragraph, opening in zip(found[at + 1 :], openings[at + 1 :], strict=True):
        on_slide = paragraph.place.kind is PlaceKind.SLIDE
        if paragraph.is_heading or opening or (on_slide and paragraph.unit != found[at].unit):
            return
        if paragraph.block.kind is BlockKind.NOTES and said:
            continue
        said = True
        yield paragraph


def shortened(lines: Sequence[str], language: str) -> str:
    """Whole sentences of `lines` up to MOST_CHARACTERS, or the beginning of the first; items are separated by
    semicolons."""
    taken = ""
    for line in lines:
        joint = "; " if taken and not _FULL_STOP.search(taken) else " "
        for sentence in _sentences(line, language):
            longer = f"{taken}{joint}{sentence}" if taken else sentence
            if len(longer) > MOST_CHARACTERS:
                return taken or longer[:MOST_CHARACTERS].rsplit(" ", 1)[0] + " …"
            taken, joint = longer, " "
    return taken


def _sentences(line: str, language: str) -> Iterator[str]:
    beginning = line[: 2 * MOST_CHARACTERS]  # of a paragraph of a megabyte no more is needed
    for start, end in sentence_spans(beginning, language):
        yield " ".join(beginning[start:end].split())
