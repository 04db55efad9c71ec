"""A source cut into slides: a title slide, then one for each second-level heading."""

from __future__ import annotations

from dataclasses import dataclass, field

from builder.source import Block, Heading, ListBlock, Paragraph, Source, Table

NOTES = "Notes:"


@dataclass
class Slide:
    """What goes on one slide."""

    title: str
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def slides(source: Source) -> list[Slide]:
    """The slides of a source; the first carries the title and what precedes the other headings."""
    found = [Slide(source.title)]
    for block in source.blocks:
        if isinstance(block, Heading) and block.level == 2:
            if block.text != source.title:
                found.append(Slide(block.text))
        else:
            _put(found[-1], block)
    return found


def _put(slide: Slide, block: Block) -> None:
    """Sort one block into the parts of a slide."""
    if isinstance(block, Table):
        slide.tables.append(block)
    elif isinstance(block, ListBlock):
        slide.lines.extend(block.items)
    elif isinstance(block, Paragraph) and block.text.startswith(NOTES):
        slide.notes.append(block.text.removeprefix(NOTES).strip())
    else:
        slide.lines.append(block.text)
