"""From what was read of a file to a document for the store: clean, cut, and the practice record."""

from dataclasses import dataclass, replace
from pathlib import Path

from ingest import sidecar
from ingest.clean import clean
from ingest.extract.base import Extraction, Refused
from ingest.passages import cut
from ingest.practice import read_facts
from ingest.sources import Source
from kb.sandbox import within
from kb.types import DraftDocument

MOST_SECONDS = 600
"""To clean and cut a document's text and read its facts; 7 MB of text, the most there is, take about 2 minutes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is to become a document: its hash, the copy that is kept, what was read from it."""

    source: Source
    sha256: str
    copy: Path
    extraction: Extraction


def draft(opened: Opened) -> DraftDocument:
    """The document that a file becomes. Raises Refused where it has no text worth keeping, BadSidecar."""
    source, extraction = opened.source, opened.extraction
    if source.is_page:
        extraction = replace(extraction, url=extraction.url or source.name)
    with within(MOST_SECONDS):
        blocks = clean(extraction.blocks)
        document = cut(blocks, extraction.place)
        if not document.passages:
            raise Refused("has no text worth keeping: only page furniture, or nothing at all")
        facts = read_facts(extraction, blocks, document)
    beside = sidecar.find(source.file)
    facts = sidecar.override(facts, beside) if beside else facts
    return DraftDocument(
        path=source.name,
        sha256=opened.sha256,
        format=extraction.format,
        title=facts.title,
        text=document.text,
        passages=document.passages,
        city=facts.city,
        country=facts.country,
        dates=facts.dates,
        urls=tuple(dict.fromkeys([source.name, *facts.urls])) if source.is_page else facts.urls,
        practice=facts.practice,
        container=source.container,
        retrieved_at=source.retrieved_at,
    )
