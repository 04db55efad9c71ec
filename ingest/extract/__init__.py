"""Which format a file is of, and its extractor. Content decides first, the name second."""

from pathlib import Path

from ingest.extract.base import Extraction, Extractor, Refused
from ingest.extract.docx import DocxExtractor
from ingest.extract.html import HtmlExtractor
from ingest.extract.odf import OdpExtractor, OdtExtractor
from ingest.extract.pdf import PdfExtractor
from ingest.extract.pptx import PptxExtractor
from ingest.extract.text import MarkdownExtractor, TextExtractor

EXTRACTORS: tuple[Extractor, ...] = (
    PdfExtractor(),
    PptxExtractor(),
    DocxExtractor(),
    OdtExtractor(),
    OdpExtractor(),
    HtmlExtractor(),
    MarkdownExtractor(),
    TextExtractor(),
)
"""In the order they are asked: the strictest signature first."""

_BINARY = {".pdf": "PDF", ".docx": "DOCX", ".pptx": "PPTX", ".odt": "ODT", ".odp": "ODP"}
_OLD_OFFICE = (
    b"\xd0\xcf\x11\xe0",
    "is an old binary Office file or one with a password: save it as DOCX or PPTX without one",
)
_UNREADABLE = (
    (b"{\\rtf", "is an RTF file: save it as DOCX"),
    (b"\x89PNG", "is an image: needs OCR"),
    (b"\xff\xd8\xff", "is an image: needs OCR"),
    (b"GIF8", "is an image: needs OCR"),
    (b"II*\0", "is an image: needs OCR"),
    (b"PK\x03\x04", "is an archive of a kind that is not read: expected DOCX, PPTX, ODT or ODP"),
)


def recognise(path: Path) -> Extractor:
    """The extractor for `path`. Raises Refused, with a reason for people, where there is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\0 \t\r\n"):
        raise Refused("is empty")
    found = next((extractor for extractor in EXTRACTORS if extractor.recognises(head, path)), None)
    if found is None and head.startswith(_OLD_OFFICE[0]):
        raise Refused(_OLD_OFFICE[1])
    claimed = _BINARY.get(path.suffix.lower())
    if claimed and (found is None or found.format in {"txt", "html", "md"}):
        raise Refused(f"is not the {claimed} file its name says: an interrupted download, perhaps, or a renamed file")
    if found is None or found.format in {"txt", "md"}:
        for signature, reason in _UNREADABLE:
            if head.startswith(signature):
                raise Refused(reason)
    if found is None:
        raise Refused("is of no format known here (PDF, PPTX, DOCX, ODT, ODP, HTML, Markdown, text)")
    return found


def extract(path: Path) -> Extraction:
    """Read the file at `path`. Raises Refused with a reason for people."""
    return recognise(path).extract(path)
