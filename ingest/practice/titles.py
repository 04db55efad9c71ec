"""The title: what the document is called, by a label, its metadata or its first heading."""

import re
from collections.abc import Sequence

from ingest.clean import clean_characters
from ingest.extract.base import Block, BlockKind, Extraction
from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.statements import Statement
from kb.types import PracticeFact

TITLE_CHARACTERS = 200

# Titles that programs write into metadata on their own.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint[ -]pr[eä]sentation|prezentacja programu|untitled|document\d*|slide 1"
    r"|präsentation\d*|prezentācija|dokument\d*|pdf)\b|.*\.(?:docx?|pptx?|pdf|odt|indd|qxd)$",
    re.IGNORECASE,
)


def title(extraction: Extraction, blocks: Sequence[Block], said: Sequence[Statement]) -> str:
    """The title behind a label, else the metadata's, else the heading at the document's beginning, else ""."""
    labelled = next((statement.lines[0] for statement in said if statement.field == "title"), "")
    own = " ".join(clean_characters(extraction.title).split())
    if labelled or (own and not _NO_TITLE.match(own)):
        return (labelled or own)[:TITLE_CHARACTERS]
    heading = next((block.text for block in blocks[:5] if block.kind is BlockKind.HEADING), "")
    return heading[:TITLE_CHARACTERS]


def title_fact(title: str, found: Sequence[Paragraph]) -> list[PracticeFact]:
    """The title as a fact, at the place where the document shows it, if it does."""
    if not title:
        return []
    shown = next((paragraph for paragraph in found if title.casefold() in paragraph.text.casefold()), None)
    if shown:
        return [shown.fact("title", title, title, confidence.LABEL)]
    return [PracticeFact("title", title, "", None, confidence.PREVAILING)]
