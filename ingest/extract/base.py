"""The one contract of all formats: a file's bytes become blocks with places.

To add a format, write a module with an `Extractor`, list it in `ingest/extract/__init__.py`,
and add a test file to tests/ingest/. docs/architecture.md shows where it stands.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kb.errors import Refused
from kb.types import PlaceKind

__all__ = ["Block", "BlockKind", "Extraction", "Extractor", "Refused"]


class BlockKind(StrEnum):
    """What a block is to a reader."""

    HEADING = "heading"
    TEXT = "text"  # a paragraph
    ITEM = "item"  # a bullet or list entry: a unit of its own, often without a full stop
    ROW = "row"  # a table row, its cells joined by " | "
    NOTES = "notes"  # a speaker note
    LINES = "lines"  # raw lines of a page or a text file; clean.py makes paragraphs of them


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document. `number`: page or slide from 1; 0 where the format has neither.
    `confidence` and `hidden` as in `kb.types.DraftPassage`."""

    kind: BlockKind
    text: str
    number: int = 0
    confidence: float | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor reads from a file. `title`, `date` (ISO 8601) and `url` are "" where the
    file does not say. `scanned` are the numbers of the pages without usable text, for OCR; `remarks`
    tell the file's owner what could not be read of it; `holds` counts the files inside that are documents
    of their own (`ingest.containers`)."""

    format: str
    place: PlaceKind
    blocks: tuple[Block, ...]
    title: str = ""
    date: str = ""
    url: str = ""
    scanned: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    holds: int = 0


class Extractor(Protocol):
    """Reads one format."""

    format: str
    suffixes: frozenset[str]

    def recognises(self, head: bytes, path: Path) -> bool:
        """Whether the file is of this format, by its first 4,096 bytes `head` or its content."""

    def extract(self, path: Path) -> Extraction:
        """Read the file. Raises Refused with a reason for people; any other exception means
        that the file is broken."""
