"""Which format a file is of, and its extractor. Content decides first, the name second."""

from pathlib import Path

from ingest.extract.archive import ZipExtractor
from ingest.extract.base import Extraction, Extractor, Refused
from ingest.extract.image import IMAGES
from ingest.extract.mail.eml import EmlExtractor
from ingest.extract.office.docx import DocxExtractor
from ingest.extract.office.legacy import DocExtractor, PptExtractor
from ingest.extract.office.legacy import why_not as why_not_old
from ingest.extract.office.odf import OdpExtractor, OdtExtractor
from ingest.extract.office.pptx import PptxExtractor
from ingest.extract.office.rtf import RtfExtractor
from ingest.extract.pdf import PdfExtractor
from ingest.extract.refusals import TEXT_SIGNATURES, why_not
from ingest.extract.text import MarkdownExtractor, TextExtractor
from ingest.extract.web.epub import EpubExtractor
from ingest.extract.web.html import HtmlExtractor
from ingest.extract.web.mhtml import MhtmlExtractor

EXTRACTORS: tuple[Extractor, ...] = (
    PdfExtractor(),
    PptxExtractor(),
    DocxExtractor(),
    OdtExtractor(),
    OdpExtractor(),
    DocExtractor(),
    PptExtractor(),
    RtfExtractor(),
    EpubExtractor(),
    ZipExtractor(),
    *IMAGES,
    MhtmlExtractor(),
    EmlExtractor(),
    HtmlExtractor(),
    MarkdownExtractor(),
    TextExtractor(),
)
"""In the order they are asked: the strictest signature first."""

_BINARY = {".pdf": "PDF", ".docx": "DOCX", ".pptx": "PPTX", ".odt": "ODT", ".odp": "ODP", ".epub": "EPUB"}
_TEXT_FORMATS = {"txt", "html", "md"}


def recognise(path: Path) -> Extractor:
    """The extractor for `path`. Raises Refused, with a reason for people, where there is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\0 \t\r\n"):
        raise Refused("is empty")
    found = next((extractor for extractor in EXTRACTORS if extractor.recognises(head, path)), None)
    old = why_not_old(head, path) if found is None else ""
    if old:
        raise Refused(old)
    claimed = _BINARY.get(path.suffix.lower())
    if claimed and (found is None or found.format in _TEXT_FORMATS):
        raise Refused(f"is not the {claimed} file its name says: an interrupted download, perhaps, or a renamed file")
    unread = next(
        (reason for sign, reason in TEXT_SIGNATURES if head.removeprefix(b"\xef\xbb\xbf").startswith(sign)), None
    )
    if unread and found and found.format == "txt":
        raise Refused(unread)
    if found is None:
        raise Refused(why_not(head, path))
    return found


def extract(path: Path) -> Extraction:
    """Read the file at `path`. Raises Refused with a reason for people."""
    return recognise(path).extract(path)
