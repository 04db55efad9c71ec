"""From lines, as pages and text files have them, to headings, list items and paragraphs."""

import re
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

from ingest.extract.base import Block, BlockKind
from kb import terms
from kb.config import LANGUAGES
from kb.text import CELLS

_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣∙·*–—-]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_MARK = re.compile(r"^\s*[•●▪■◦‣∙·*–—-]\s+")
_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"([^\W\d_]+)")
_RANGE = re.compile(r"(?:\d[-–]|\b[^\W\d_]{1,5}-)$")  # "16–" and "18", "COVID-" and "19"
_CONJUNCTIONS = frozenset({"und", "oder", "i", "oraz", "lub", "and", "or", "un", "vai", "ir", "ar", "bzw"})

LONGEST_WORD = 80
"""Characters of a line's end that are looked at: a paragraph grows line by line, and is long in the end."""

WRAPPED_SHARE = 0.5
"""Text is hard-wrapped when this share of its lines run on into the next."""

NARROW = 40
WIDE = 120
"""Characters in a line of a wrapped page; longer lines are whole paragraphs."""

HEADING_WORDS = 20
HEADING_CHARACTERS = 160
"""A longer line is a sentence whose full stop got lost, not a heading."""


def reflow(block: Block) -> list[Block]:
    """Headings, items and paragraphs of a LINES block, all on its page."""
    lines = block.text.splitlines()
    wrapped = block.number > 0 or _is_wrapped(lines)  # a page has lines, never whole paragraphs
    pieces = [piece for group in _groups(lines) for piece in (_wrapped(group) if wrapped else group)]
    opens_document = block.number <= 1
    return [
        _block(piece, pieces[at + 1 : at + 2], block.number, is_title=opens_document and at == 0)
        for at, piece in enumerate(pieces)
    ]


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines between blank ones."""
    group: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            group.append(line.rstrip())
        elif group:
            yield group
            group = []


def _is_wrapped(lines: list[str]) -> bool:
    pairs = [(line, after) for line, after in pairwise(lines) if line.strip() and after.strip()]
    running = [line for line, after in pairs if NARROW <= len(line) <= WIDE and not _END.search(line.rstrip())]
    return bool(pairs) and len(running) >= WRAPPED_SHARE * len(pairs)


def _wrapped(group: list[str]) -> Iterator[str]:
    """Paragraphs of a run of wrapped lines: a line that ends early, or a bullet, ends one."""
    width = sorted(len(line) for line in group)[int(0.8 * (len(group) - 1))]
    paragraph = ""
    for at, line in enumerate(group):
        before = group[at - 1] if at else ""
        if paragraph and (_BULLET.match(line) or _ends_paragraph(before, line, width)):
            yield paragraph
            paragraph = ""
        paragraph = join_lines(paragraph, line.strip())
    yield paragraph


def _ends_paragraph(line: str, after: str, width: int) -> bool:
    early = len(line) < 0.75 * width
    if _END.search(line):
        return early
    # A short line without a full stop before a capital: a heading.
    return len(line) < 0.6 * width and after.lstrip()[:1].isupper()


def join_lines(before: str, line: str) -> str:
    """The two lines as one, without the hyphen that a line end made."""
    joined = _joined_plainly(before, line)
    if joined is not None:
        return joined
    ends = (_HYPHENATED.search(before[-LONGEST_WORD:]), _FIRST_WORD.match(line))
    first, second = (found[1].lower() for found in ends if found)
    return before + line if _is_compound(first, second) else before[:-1] + line


def join_later(before: str, line: str) -> str:
    """The two lines as one, with the line end between them where only a dictionary can tell whose the hyphen is:
    `join_line_ends` does, after the running lines between two pages are gone."""
    joined = _joined_plainly(before, line)
    return f"{before}\n{line}" if joined is None else joined


def join_line_ends(text: str) -> str:
    """`text` with the line ends settled that `join_later` left."""
    return reduce(join_lines, text.split("\n")) if "-\n" in text else text


def _joined_plainly(before: str, line: str) -> str | None:
    """The two lines as one; None where that takes a dictionary."""
    if not before or not line:
        return before or line
    if before[-1] == "\u00ad":
        return before[:-1] + line
    end = before[-LONGEST_WORD:]
    hyphenated, first = _HYPHENATED.search(end), _FIRST_WORD.match(line)
    if before[-1] not in "-–" or (not line[0].isdigit() and not (hyphenated and first)):
        return f"{before} {line}"
    if not hyphenated or not first:
        return before + line if _RANGE.search(end) else f"{before} {line}"
    if first[1] in _CONJUNCTIONS:  # "Jugend- und Sozialarbeit"
        return f"{before} {line}"
    is_shouted = hyphenated[1].isupper() and first[1].isupper() and len(hyphenated[1]) > 1
    is_name = not line[0].islower() and not is_shouted  # "Baden-" and "Württemberg"
    return before + line if is_name else None


def _is_compound(first: str, second: str) -> bool:
    """Whether the hyphen is the word's own ("civic-minded"): both parts are words, the whole is none."""
    if len(first) == 1:  # "e-mail"
        return True
    if any(terms.is_known(first + second, language) for language in LANGUAGES):
        return False
    return any(terms.is_known(first, lang) and terms.is_known(second, lang) for lang in LANGUAGES if lang != "de")


def _block(piece: str, after: list[str], number: int, *, is_title: bool) -> Block:
    text = piece.strip()
    if _MARK.match(text):
        return Block(BlockKind.ITEM, _MARK.sub("", text), number)
    is_heading = _has_heading_shape(text) and (is_title or not after or len(after[0]) > len(text) or text.isupper())
    if _BULLET.match(text) and not is_heading:
        return Block(BlockKind.ITEM, text, number)
    return Block(BlockKind.HEADING if is_heading else BlockKind.TEXT, text, number)


def _has_heading_shape(text: str) -> bool:
    """A short line without a full stop; it is a heading when something longer follows."""
    if _END.search(text) and not text.endswith("?"):
        return False
    if len(text.split()) > HEADING_WORDS or len(text) > HEADING_CHARACTERS or CELLS in text:
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in '„“"«'
