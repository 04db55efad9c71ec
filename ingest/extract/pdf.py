"""PDF: the text of each page; place = page.

pypdf reads metadata, encryption and the text of ordinary files; pypdfium2, 14 times faster,
reads the text of large ones and of those pypdf cannot.
"""

from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from kb.types import PlaceKind

PYPDF_PAGES = 60
"""Up to this many pages pypdf reads the text: about one second at 64 pages a second."""

MOST_PAGES = 5_000
"""More pages than any report has; a page tree can claim millions."""

SCANNED_LETTERS = 8
"""A page with fewer letters than this on average is an image with a stamp, not text."""


class PdfExtractor:
    """Reads PDF files with a text layer."""

    format = "pdf"
    suffixes = frozenset({".pdf"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`; some writers put a few bytes before the signature."""
        return b"%PDF-" in head[:1024]

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        reader = _open(path)
        pages = len(reader.pages)
        if pages == 0:
            raise Refused("has no pages")
        if pages > MOST_PAGES:
            raise Refused(f"has {pages} pages, more than the limit of {MOST_PAGES}")
        texts = _read(reader, path)
        if sum(letter.isalpha() for text in texts for letter in text) < SCANNED_LETTERS * pages:
            raise Refused("no text: needs OCR (its pages are images)")
        information = reader.metadata
        return Extraction(
            format=self.format,
            place=PlaceKind.PAGE,
            blocks=tuple(Block(BlockKind.LINES, text, number) for number, text in enumerate(texts, start=1)),
            title=_metadata(information, "title"),
            date=_metadata(information, "creation_date"),
        )


def _open(path: Path) -> Any:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("is protected by a password: save a copy without it")
        len(reader.pages)
    except pypdf.errors.DependencyError as error:
        raise Refused("is encrypted in a way that cannot be opened: save a copy without protection") from error
    except pypdf.errors.PyPdfError as error:
        raise Refused(f"is damaged: it cannot be read as PDF ({error})") from error
    return reader


def _read(reader: Any, path: Path) -> list[str]:
    if len(reader.pages) > PYPDF_PAGES:
        return _read_by_pdfium(path)
    try:
        return [page.extract_text() for page in reader.pages]
    except Exception:  # pypdf raises whatever a broken font or stream leads it to
        return _read_by_pdfium(path)


def _read_by_pdfium(path: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def _metadata(information: Any, field: str) -> str:
    """A field of the document information, or "" where it is missing or malformed."""
    try:
        value = getattr(information, field, None)
    except (ValueError, TypeError, AttributeError):
        return ""
    if value is None:
        return ""
    return str(value.date().isoformat()) if hasattr(value, "date") else str(value)
