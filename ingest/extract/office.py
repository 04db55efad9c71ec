"""What office formats share: they are ZIP archives of XML."""

import zipfile
from pathlib import Path
from typing import Any

from ingest.extract.base import Refused

MOST_UNPACKED = 300 * 2**20
"""Bytes an archive may unpack to; a hundred times what a long report needs, a small part of a bomb."""


def contains(head: bytes, path: Path, member: str) -> bool:
    """Whether `path` is a ZIP archive with a member called `member`."""
    if not head.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return member in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def check_size(path: Path) -> None:
    """Raises Refused where the archive unpacks to more than MOST_UNPACKED bytes."""
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_UNPACKED:
        raise Refused(f"unpacks to {size // 2**20} MB, more than the limit of {MOST_UNPACKED // 2**20} MB")


def row_text(cells: list[str]) -> str:
    """A table row as text, without its empty cells."""
    return " | ".join(cell for cell in cells if cell)


def core_date(properties: Any) -> str:
    """The date of a document's core properties in ISO 8601, or ""."""
    stamp = properties.modified or properties.created
    return stamp.date().isoformat() if stamp else ""
