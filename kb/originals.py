"""Copies of the original files, so that a reader can open what a passage was read from.

A copy is named by the document's hash: the partner's folder may move, the knowledge base keeps
what it quotes. Extraction reads the copy, so a file that changes meanwhile cannot mix states.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

CHUNK = 2**20

RECENT_SECONDS = 3_600
"""Longer than any file takes from its copy to its transaction."""


def hash_files(*paths: Path) -> str:
    """SHA-256 of the files' bytes, one after the other, in hexadecimal."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


class Originals:
    """The folder of copies in a knowledge base."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "originals"

    def path(self, sha256: str, name: str) -> Path:
        """Where the copy of a file called `name` with this document hash lies."""
        return self._folder / f"{sha256}{Path(name).suffix.lower()}"

    def keep(self, path: Path, sha256: str) -> Path:
        """Copy the file at `path`, whole or not at all, and return where the copy lies."""
        target = self.path(sha256, path.name)
        if not target.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, prefix="incoming-")
            try:
                with os.fdopen(handle, "wb") as copy, path.open("rb") as file:
                    shutil.copyfileobj(file, copy, CHUNK)
                Path(temporary).replace(target)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        return target

    def rename(self, copy: Path, sha256: str, name: str) -> Path:
        """Let the `copy` have the name of a file called `name`, and return where it lies now."""
        return copy.replace(self.path(sha256, name))

    def sweep(self, known: Collection[str]) -> None:
        """Delete the copies of documents not in `known` (hashes) that an interrupted ingest left.

        Recent ones stay: another ingest may be about to store their document.
        """
        for path in self._folder.glob("*"):
            if path.stem not in known and time.time() - path.stat().st_mtime > RECENT_SECONDS:
                path.unlink(missing_ok=True)

    def drop(self, sha256: str, name: str) -> None:
        """Delete the copy; nothing where there is none."""
        self.path(sha256, name).unlink(missing_ok=True)
