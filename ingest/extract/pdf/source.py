"""Opening a PDF: pdfium for its pages, pypdf for what it says of itself and where pdfium fails."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from ingest.extract.base import Refused

MOST_PAGES = 5_000
"""More pages than any report has; a page tree can claim millions."""

PYPDF_SECONDS = 10
"""For what pypdf is asked; it takes milliseconds, but a hostile file can lead it in circles."""

FALLBACK_SECONDS = 60
"""For all text by pypdf, at 64 pages a second."""

PASSWORD = "is protected by a password: save a copy without it"
LOCKED = "is encrypted in a way that cannot be opened: save a copy without protection"


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself; `date` in ISO 8601. Empty where it does not say."""

    title: str = ""
    date: str = ""


class Unreadable(Exception):
    """pdfium cannot open the file; pypdf may."""


def open_pages(path: Path) -> Any:
    """The pypdfium2 document. Raises Refused for what needs a password or has too many pages, Unreadable
    where pdfium gives up."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Refused(PASSWORD) from error
        if error.err_code == pdfium.FPDF_ERR_SECURITY:
            raise Refused(LOCKED) from error
        raise Unreadable(str(error)) from error
    try:
        check_count(len(document))
    except (Refused, Unreadable):
        document.close()
        raise
    return document


def check_count(pages: int) -> None:
    """Raises Refused where there are more than MOST_PAGES, Unreadable where there are none."""
    if pages > MOST_PAGES:
        raise Refused(f"has {pages} pages, more than the limit of {MOST_PAGES}: split it into its parts")
    if pages == 0:
        raise Unreadable("no pages")


def read_about(path: Path) -> About:
    """Title and date by pypdf; empty where it cannot read them in PYPDF_SECONDS."""
    try:
        with _within(PYPDF_SECONDS):
            information = _pypdf(path).metadata
            return About(_field(information, "title"), _field(information, "creation_date"))
    except (Refused, RecursionError, Exception):  # pypdf raises whatever a broken file leads it to
        return About()


def read_plainly(path: Path) -> list[str]:
    """The text of each page by pypdf, "" where it cannot read a page. Raises Refused for what it cannot open."""
    with _within(FALLBACK_SECONDS):
        try:
            pages = list(_pypdf(path).pages)
        except (Refused, MemoryError, TimeoutError):
            raise
        except Exception as error:
            told = f"is damaged: it cannot be read as PDF ({str(error)[:80]}); save it again, or ask for it once more"
            raise Refused(told) from error
        if not pages:
            raise Refused("has no pages")
        check_count(len(pages))
        return [_plain_text(page) for page in pages]


def _plain_text(page: Any) -> str:
    try:
        return str(page.extract_text())
    except (MemoryError, TimeoutError):
        raise
    except Exception:  # as above
        return ""


def _pypdf(path: Path) -> Any:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(PASSWORD)
    except pypdf.errors.DependencyError as error:
        raise Refused(LOCKED) from error
    return reader


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in the body after `seconds`; only a main thread, as a sandboxed one is, can be timed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _field(information: Any, field: str) -> str:
    """A field of the document information, or "" where it is missing or malformed."""
    try:
        value = getattr(information, field, None)
    except (ValueError, TypeError, AttributeError):
        return ""
    if value is None:
        return ""
    return str(value.date().isoformat()) if hasattr(value, "date") else str(value)
