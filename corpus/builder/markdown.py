"""Markdown: the source's text without its front matter, under the title."""

from __future__ import annotations

from builder.source import Block, Heading, ListBlock, Paragraph, Source


def write_markdown(source: Source) -> bytes:
    """The document as UTF-8 Markdown."""
    blocks = [f"# {source.title}", *(_text(block) for block in source.blocks)]
    blocks += [f"[^{mark}]: {text}" for mark, text in source.footnotes.items()]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _text(block: Block) -> str:
    """One block as Markdown."""
    if isinstance(block, Heading):
        return f"{'#' * block.level} {block.text}"
    if isinstance(block, Paragraph):
        return block.text
    if isinstance(block, ListBlock):
        marks = (f"{number}." if block.ordered else "-" for number in range(1, len(block.items) + 1))
        return "\n".join(f"{mark} {item}" for mark, item in zip(marks, block.items, strict=True))
    head, *body = block.rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *body))
