"""What a paragraph is by its looks, and what signs stand for in fonts that are no alphabet."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.extract.base import Block, BlockKind

_HEADING_NAME = re.compile(
    r"heading\b|(?:sub)?title$|(?:unter)?titel$|(?:pod)?tytuł$|nosaukums$|apakšvirsraksts$|pavadinimas$|paantraštė$"
    r"|(?:überschrift|berschrift|nagłówek|nagwek|virsraksts|antraštė|antrat|titre|título|titolo|nadpis|rubrik)\s?\d$",
    re.IGNORECASE,
)
"""Built-in styles for headings and titles, by name or by Word's id of it, which drops letters beyond ASCII.
Polish and Lithuanian call the page header by the word for heading, hence the digit."""

MOST_HEADING_WORDS = 40
"""A longer "heading" is a paragraph to which its author gave a heading's looks."""

MOST_BOLD_WORDS = 15
"""Words in a bold paragraph that stands for a heading in a document without heading styles."""

MOST_BOLD_HEADINGS = 2
"""Bold lines in a row that can be headings, a title and a section's; more are emphasised text."""

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SYMBOLS = {  # the font Symbol, by its code points
    **{0x41 + at: letter for at, letter in enumerate(_GREEK)},
    **{0x61 + at: letter for at, letter in enumerate(_GREEK.lower())},
    **{0xA0: "€", 0xA3: "≤", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB9: "≠", 0xBB: "≈"},
}
_PRIVATE = range(0xF000, 0xF100)
"""Where Word puts the signs of fonts that are no alphabet."""


class BoldLine(Block):
    """A short paragraph all in bold: a heading, perhaps."""

    __slots__ = ()


def is_heading_name(style: str) -> bool:
    """Whether a style of this name or id is for headings or titles."""
    return bool(_HEADING_NAME.match(style))


def is_contents_name(style: str) -> bool:
    """Whether a style of this name is for the lines of a table of contents, which repeats the headings."""
    return style.lower().startswith(("toc ", "table of figures", "contents "))


def heading_or_text(text: str) -> BlockKind:
    """What a paragraph in a heading's style is."""
    return BlockKind.HEADING if len(text.split()) <= MOST_HEADING_WORDS else BlockKind.TEXT


def paragraph(text: str, *, all_bold: bool) -> Block:
    """A paragraph without a heading's style that is no list item."""
    is_line = all_bold and len(text.split()) <= MOST_BOLD_WORDS and not text.endswith((".", ";", ","))
    return (BoldLine if is_line else Block)(BlockKind.TEXT, text)


def with_bold_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """`blocks`, in which bold lines are headings if there are no others: one or two before a text."""
    by_style = any(block.kind is BlockKind.HEADING for block in blocks)
    left = len(blocks)
    for is_bold, group in groupby(blocks, lambda block: isinstance(block, BoldLine)):
        run = list(group)
        left -= len(run)
        heads = not by_style and len(run) <= MOST_BOLD_HEADINGS and left > 0
        kind = BlockKind.HEADING if heads else BlockKind.TEXT
        yield from (Block(kind, block.text) for block in run) if is_bold else run


def symbol(code: int, font: str) -> str:
    """The sign with this code in a font: Symbol's letters and operators; a space for other fonts' pictures."""
    if font.lower() == "symbol":
        return _SYMBOLS.get(code & 0xFF, " ")
    return " " if code in _PRIVATE or code < ord(" ") or code > 0x10FFFF else chr(code)
