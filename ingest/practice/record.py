"""The practice record of a document, and what else it says of itself. Empty where unsure.

A sidecar file (`ingest/sidecar.py`) overrides everything here.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.base import Block, Extraction
from ingest.passages import Cut
from ingest.practice.concepts import MOST, concept_facts
from ingest.practice.contact import addresses, contact_fact
from ingest.practice.dates import is_date, written_dates, year_fact
from ingest.practice.location import location
from ingest.practice.paragraphs import Paragraph, paragraphs
from ingest.practice.partner import partner_fact
from ingest.practice.statements import Statement, statements
from ingest.practice.titles import title, title_fact
from kb.types import Evidence, PracticeFact

log = logging.getLogger(__name__)

MOST_DATES = 20
MOST_URLS = 50

_TOLD = ("problem", "solution", "resources", "results")
"""The fields that hold sentences."""

LEAST_CHARACTERS = 15
"""Of a problem, solution, ...: less is a heading's remnant."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read from a document about itself. `practice` holds the practice record, in which title, city
    and country are those given here."""

    title: str
    city: Evidence | None
    country: Evidence | None
    dates: tuple[Evidence, ...]
    urls: tuple[str, ...]
    practice: tuple[PracticeFact, ...] = ()


def read_facts(extraction: Extraction, blocks: Sequence[Block], document: Cut) -> Facts:
    """The facts in a document's clean `blocks`, the `document` cut from them, and its own metadata."""
    found = paragraphs(blocks, document)
    said = statements(found)
    called = title(extraction, blocks, said)
    where = location(called, found, said)
    text = document.text
    own_date = (Evidence(extraction.date, "document metadata"),) if is_date(extraction.date) else ()
    urls = [*([extraction.url] if extraction.url else []), *addresses(text)]
    return Facts(
        title=called,
        city=where.city,
        country=where.country,
        dates=tuple(dict.fromkeys([*own_date, *written_dates(text)]))[:MOST_DATES],
        urls=tuple(dict.fromkeys(urls))[:MOST_URLS],
        practice=(*title_fact(called, found), *where.facts, *_further(extraction, called, found, said)),
    )


def _further(
    extraction: Extraction, called: str, found: Sequence[Paragraph], said: Sequence[Statement]
) -> list[PracticeFact]:
    """All fields but title, city and country. No fault here costs the document."""
    try:
        return _read_further(extraction, called, found, said)
    except Exception:
        log.warning("the practice record of %r could not be read", called, exc_info=True)
        return []


def _read_further(
    extraction: Extraction, called: str, found: Sequence[Paragraph], said: Sequence[Statement]
) -> list[PracticeFact]:
    return [
        *partner_fact(called, found, said),
        *year_fact(called, found, said, extraction.date),
        *concept_facts("topics", called, found, said)[:MOST],
        *concept_facts("target_groups", called, found, said)[:MOST],
        *(fact for field in _TOLD for fact in _told(field, said)),
        *contact_fact(found, said, extraction.url),
    ]


def _told(field: str, said: Sequence[Statement]) -> list[PracticeFact]:
    """The first thing stated under a heading for `field`.

    "Challenges" after the solution are those met on the way, not the problem; and a problem or a solution
    without any other part of a practice is a chapter of something else.
    """
    before = said
    if field in {"problem", "solution"} and len(set(_TOLD) & {statement.field for statement in said}) < 2:
        return []
    if field == "problem":
        later = [at for at, statement in enumerate(said) if statement.field in {"solution", "results"}]
        before = said[: later[0]] if later else said
    for statement in before:
        text = statement.text if statement.field == field else ""
        if len(text) >= LEAST_CHARACTERS:
            return [statement.where.fact(field, text, statement.label, statement.confidence)]
    return []
