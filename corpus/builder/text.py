"""Plain text: headings as lines of their own, a blank line between blocks."""

from __future__ import annotations

from builder.source import Block, Heading, ListBlock, Paragraph, Source


def write_text(source: Source) -> bytes:
    """The document as UTF-8 text."""
    blocks = [source.title, *(_text(block) for block in source.blocks)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _text(block: Block) -> str:
    """One block as lines of text."""
    if isinstance(block, Heading | Paragraph):
        return block.text
    if isinstance(block, ListBlock):
        marks = (f"{number}." if block.ordered else "-" for number in range(1, len(block.items) + 1))
        return "\n".join(f"{mark} {item}" for mark, item in zip(marks, block.items, strict=True))
    return "\n".join(" | ".join(row) for row in block.rows)
