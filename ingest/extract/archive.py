"""ZIP archives: no text of their own; what they hold is unpacked by `ingest.containers`."""

import zipfile
from pathlib import Path

from ingest.extract.base import Extraction, Refused
from kb.types import PlaceKind

_PROGRAMS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
"""Members by which a ZIP file is known as a document or a program, not a parcel of files."""


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this is a ZIP file, of documents or an office document."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


class ZipExtractor:
    """Recognises archives of documents."""

    format = "zip"
    suffixes = frozenset({".zip"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        if not is_archive(head):
            return False
        try:
            with zipfile.ZipFile(path) as archive:
                names = set(archive.namelist())
        except zipfile.BadZipFile:
            return False
        return names.isdisjoint(_PROGRAMS)

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        with zipfile.ZipFile(path) as archive:
            files = sum(not entry.is_dir() for entry in archive.infolist())
        if not files:
            raise Refused("is an archive without files")
        return Extraction(self.format, PlaceKind.SECTION, blocks=(), holds=files)
