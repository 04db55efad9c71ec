"""What can be ingested: a file on the disk, a file inside another, a page from the web."""

import stat
from dataclasses import dataclass
from pathlib import Path

from ingest import sidecar
from ingest.extract.base import Refused
from kb.originals import hash_files

MOST_BYTES = 200 * 2**20
"""A larger file is refused: no report is, and video is not knowledge."""


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to ingest. `name` is what the document is called in the knowledge base: the file's path, a web
    address, or, for a file inside another (`container`, the path on the disk), the path of that one with
    its own name there behind it. `retrieved_at` (ISO 8601, UTC) is set for what came from the web."""

    name: str
    file: Path
    container: str = ""
    retrieved_at: str = ""

    @property
    def is_page(self) -> bool:
        """Whether `name` is a web address."""
        return bool(self.retrieved_at) and not self.container

    def member(self, name: str, file: Path) -> "Source":
        """The file called `name` inside this one, unpacked to `file`."""
        return Source(f"{self.name}/{name}", file, self.container or self.name, self.retrieved_at)

    def check(self) -> None:
        """Raises Refused for what is not an ordinary file of bearable size with a readable name."""
        if not self.name.isprintable():
            raise Refused("has a name with broken or invisible characters: rename it")
        status = self.file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused("is not a file but a device, a pipe or a link to a folder")
        if status.st_size == 0:
            raise Refused("is empty")
        if status.st_size > MOST_BYTES:
            raise Refused(f"is {status.st_size // 2**20} MB, larger than the limit of {MOST_BYTES // 2**20} MB")

    def hash(self) -> str:
        """SHA-256 of the file and its sidecar, in hexadecimal."""
        return document_hash(self.file)


def document_hash(file: Path) -> str:
    """SHA-256 of a file and its sidecar, in hexadecimal."""
    beside = sidecar.find(file)
    return hash_files(*([file, beside] if beside else [file]))
