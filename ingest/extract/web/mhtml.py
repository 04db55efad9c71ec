"""MHTML: a web page saved by a browser in one file; read as the page in it."""

import re
from dataclasses import replace
from email.message import Message
from pathlib import Path

from ingest.extract.base import Extraction, Refused
from ingest.extract.mail.message import header, parsed, text_of
from ingest.extract.web.html import read_page
from kb.types import PlaceKind

_SIGNS = re.compile(rb"^(?:Snapshot-Content-Location:|From:\s*\"?<?Saved by)", re.IGNORECASE | re.MULTILINE)


class MhtmlExtractor:
    """Reads web archives."""

    format = "mhtml"
    suffixes = frozenset({".mht", ".mhtml"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
        if not re.match(rb"\s*[A-Za-z][\w-]*:[ \t\r\n]", head):
            return False
        return path.suffix.lower() in self.suffixes or bool(_SIGNS.search(fields))

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        archive = parsed(path)
        page = next((part for part in archive.walk() if part.get_content_type() in _PAGES), None)
        if page is None:
            raise Refused("has no web page in it: open it in a browser and save it again")
        found = read_page(text_of(page))
        return replace(found, format=self.format, place=PlaceKind.SECTION, url=found.url or _address(archive, page))


_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def _address(archive: Message, page: Message) -> str:
    """Where the page was saved from, or ""."""
    address = header(archive, "Snapshot-Content-Location") or header(page, "Content-Location")
    return address if address.startswith(("http://", "https://")) else ""
