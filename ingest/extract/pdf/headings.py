"""Which paragraphs of a PDF are headings and footnotes, by the size and weight of their letters.

A wrong heading harms search more than a missing one, so whatever is unsure stays text.
"""

import re
from collections.abc import Sequence

from ingest.extract.base import BlockKind
from ingest.extract.pdf.lines import Page
from ingest.extract.pdf.paragraphs import NOTE, Paragraph
from ingest.reflow import HEADING_CHARACTERS, HEADING_WORDS

LARGER = 1.1
"""Times the body's size: letters of a heading."""

AS_LARGE = 0.97
"""Times the body's size: letters of a heading that is bold."""

MOST_LINES = 3
MOST_TITLE_LINES = 5
"""Lines of a heading, and of one in letters TITLE times as large as the body's."""

TITLE = 1.3

NUMBERED_GAP = 1.5
"""In sizes: the space above a heading that only its number and its place tell."""

SMALLER = 0.92
"""Times the body's size: letters of a footnote."""

FOOT = 0.45
"""Of the page's height, from its top: footnotes stand below."""

MOST_STACKED = 2
"""Bold lines of the body's size in a row that head what follows; more are a list of names."""

TITLE_LEAD = 1.15
"""Times as large as other headings: the title of the document."""

_END = re.compile(r"[.,;:…!][\"'”’»)\]]*$")
_CAPTION = re.compile(
    r"(?:tab(?:le|elle|ela|ula|\.)?|lentelė|fig(?:ure|\.)|abb(?:ildung|\.)?|rys(?:unek|\.)?|att(?:ēls|\.)|pav\.?"
    r"|wykres|diagramm?a?|source|źródło|quelle|avots|šaltinis)\s*:?\s*\d",
    re.IGNORECASE,
)
_LEVELS = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_]")


def mark_headings(pages: Sequence[Sequence[Paragraph]], body: float, *, body_is_bold: bool = False) -> None:
    """Make HEADINGs of the paragraphs that are headings. `body`: the usual size of the letters, in points."""
    for page in pages:
        found: list[tuple[Paragraph, bool]] = []  # with whether its size alone says so
        for at, paragraph in enumerate(page):
            below = page[at + 1] if at + 1 < len(page) else None
            if _has_shape(paragraph, body):
                if paragraph.size >= LARGER * body:
                    found.append((paragraph, True))
                elif below is not None and _heads(paragraph, below, body, body_is_bold=body_is_bold):
                    found.append((paragraph, False))
        for paragraph in _without_stacks(page, found):
            paragraph.kind = BlockKind.HEADING
    if pages:
        _let_title_lead(pages[0])


def _has_shape(paragraph: Paragraph, body: float) -> bool:
    """A short line that begins like a heading and does not end like a sentence."""
    text = paragraph.text
    if paragraph.kind not in {BlockKind.TEXT, BlockKind.ITEM} or paragraph.leaders:
        return False
    if paragraph.kind is BlockKind.ITEM and not paragraph.numbered:
        return False
    most = MOST_TITLE_LINES if paragraph.size >= TITLE * body else MOST_LINES
    if paragraph.lines > most or len(text) > HEADING_CHARACTERS or len(text.split()) > HEADING_WORDS:
        return False
    if _END.search(text) or _CAPTION.match(text) or "@" in text or "www." in text or "://" in text:
        return False
    letters = sum(map(str.isalpha, text))
    if letters < 3 or 2 * letters < len(text.replace(" ", "")):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in '„“"«§('


def _heads(paragraph: Paragraph, below: Paragraph, body: float, *, body_is_bold: bool) -> bool:
    """Whether a line in letters of the body's size is set off as a heading of what is below it."""
    if paragraph.size < AS_LARGE * body or below.kind is BlockKind.HEADING:
        return False
    if paragraph.bold and not body_is_bold:
        return True
    apart = paragraph.above == 0 or paragraph.above > NUMBERED_GAP * paragraph.size
    if paragraph.full or not apart or paragraph.lines > 1 or below.kind is BlockKind.ROW:
        return False
    longer = len(below.text) > len(paragraph.text)
    is_shouted = paragraph.text.isupper() and len(paragraph.text.split()) > 1 and not below.text.isupper()
    return longer and (bool(_LEVELS.match(paragraph.text)) or is_shouted)


def _without_stacks(page: Sequence[Paragraph], found: Sequence[tuple[Paragraph, bool]]) -> list[Paragraph]:
    """The headings found, without bold lines that follow one another like names in a list."""
    by_weight = {id(paragraph) for paragraph, is_larger in found if not is_larger}
    dropped: set[int] = set()
    run: list[Paragraph] = []
    for paragraph in [*page, None]:
        if paragraph is not None and id(paragraph) in by_weight:
            run.append(paragraph)
            continue
        if len(run) > MOST_STACKED or (run and paragraph is None):  # nothing stands below the last
            dropped |= {id(one) for one in run}
        run = []
    return [paragraph for paragraph, _ in found if id(paragraph) not in dropped]


def _let_title_lead(page: Sequence[Paragraph]) -> None:
    """Make the clearly largest heading of the first page its first: what stands above it is no heading."""
    headings = [paragraph for paragraph in page if paragraph.kind is BlockKind.HEADING]
    title = max(headings, key=lambda paragraph: paragraph.size, default=None)
    for heading in headings:
        if title is None or heading is title or title.size < TITLE_LEAD * heading.size:
            return
        heading.kind = BlockKind.TEXT


def take_notes(column: list[Paragraph], body: float, page: Page) -> tuple[list[Paragraph], list[Paragraph]]:
    """A column without the footnotes at its end, and those, without their numbers."""
    start = len(column)
    while start and (_is_low(column[start - 1], body, page.height) or column[start - 1].first > page.foot):
        start -= 1
    while start < len(column) and not NOTE.match(column[start].text):
        start += 1
    if start == 0 and column and not _is_foot(column, page):
        return column, []
    notes = column[start:]
    for note in notes:
        found = NOTE.match(note.text)
        note.notes = (found["number"] or found["sign"],) if found else ()
        note.text = NOTE.sub("", note.text, count=1).strip()
        note.kind = BlockKind.TEXT
    return column[:start], notes


def _is_low(paragraph: Paragraph, body: float, height: float) -> bool:
    is_small = paragraph.size <= SMALLER * body and paragraph.kind in {BlockKind.TEXT, BlockKind.ITEM}
    return is_small and paragraph.first > FOOT * height


def _is_foot(column: Sequence[Paragraph], page: Page) -> bool:
    """Whether a column of nothing but notes stands low enough to be the foot of others."""
    return column[0].first > min(page.foot, (1 + FOOT) / 2 * page.height)
