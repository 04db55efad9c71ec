"""Two columns on a PDF page; tables and footnotes stand across both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fpdf.text_region import TextColumns

from builder.source import NOTE_MARK, Block, Heading, ListBlock, Paragraph, Source, Table

if TYPE_CHECKING:
    from builder.pdf import Paper

SIZE, LINE = 9.5, 1.3
"""Points, and lines as multiples of them."""


def write_columns(paper: Paper, source: Source) -> None:
    """Write the body of `source` in two columns, then its footnotes."""
    run: list[Block] = []
    for block in source.blocks:
        if isinstance(block, Table):
            _flow(paper, run)
            paper.write_block(block)
            run = []
        else:
            run.append(block)
    _flow(paper, run)
    for number, note in enumerate(source.footnotes.values(), 1):
        paper.write_block(Paragraph(f"{number} {note}"))


def _flow(paper: Paper, blocks: list[Block]) -> None:
    """Blocks in two columns of even height."""
    if not blocks:
        return
    with paper.text_columns(ncols=2, gutter=8, balance=True, text_align="LEFT", line_height=LINE) as columns:
        for block in blocks:
            _put(paper, columns, block)
    paper.ln(4)


def _put(paper: Paper, columns: TextColumns, block: Block) -> None:
    """One block in the current column."""
    if isinstance(block, Heading):
        paper.set_font(style="B", size=SIZE + 2.5)
        _paragraph(columns, block.text, top=2)
    paper.set_font(style="", size=SIZE)
    if isinstance(block, Paragraph):
        _paragraph(columns, NOTE_MARK.sub("", block.text))
    elif isinstance(block, ListBlock):
        for number, item in enumerate(block.items, 1):
            mark = f"{number}." if block.ordered else "•"
            _paragraph(columns, f"{mark} {NOTE_MARK.sub('', item)}")


def _paragraph(columns: TextColumns, text: str, top: float = 0) -> None:
    """A paragraph of one font."""
    with columns.paragraph(top_margin=top, bottom_margin=1.5) as paragraph:
        paragraph.write(text)
