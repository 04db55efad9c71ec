"""PDF: text in reading order with headings, lists, tables and footnotes; place = page.

pdfium reads the characters with their places and fonts, `words` to `document` make sense of them;
docs/decisions/pdf-layout.md has the measurements. pypdf reads title and date, and the text of files
that pdfium cannot open.
"""

from pathlib import Path

from ingest.extract.base import Extraction


class PdfExtractor:
    """Reads PDF files; pages without a usable text layer are named in `Extraction.scanned`."""

    format = "pdf"
    suffixes = frozenset({".pdf"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`; some writers put a few bytes before the signature."""
        return b"%PDF-" in head[:1024]

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        from ingest.extract.pdf.document import read

        return read(path, self.format)
