"""The order of the steps, from a path to passages in the knowledge base.

discover or fetch -> hash -> keep a copy -> extract, OCR, unpack (in the sandbox) -> clean -> facts,
passages -> encode -> store. Each file is one transaction; a file that fails leaves the knowledge base
as it was.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest import sidecar
from ingest.containers import DEEPEST, MOST_FILES, members_of
from ingest.discover import OUTSIDE, Discovery, is_under
from ingest.draft import Opened, draft
from ingest.extract.base import Refused
from ingest.extract.safely import extract_safely
from ingest.ocr import with_scanned_pages
from ingest.report import FileReport, Status, of_document, of_parcel
from ingest.sources import Source, document_hash
from kb import KnowledgeBase
from kb.embed import embed
from kb.errors import FULL_DISK, KBError, is_full_disk
from kb.originals import Originals
from kb.sandbox import Broken
from kb.types import Document, DraftDocument, file_name

log = logging.getLogger(__name__)

HOLDERS = {"eml"}
"""Formats of documents that may hold others: those are looked at even where the document is unchanged."""

Progress = Callable[[str, int, int], None]
"""Told the name of a file whose scanned pages are being read, how many are, and of how many."""


class Pipeline:
    """Ingests files into one knowledge base.

    Raises EncoderError at once where the knowledge base needs another encoder.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        *,
        force: bool = False,
        progress: Progress = lambda name, done, total: None,
        allowed_hosts: Collection[str] = (),
        proxy: str = "",
    ) -> None:
        self._kb = kb
        self._engine = kb.engine
        self._store = kb.store
        self._encoder = kb.encoder
        self._originals = Originals(kb.store.home)
        self._force = force
        self._progress = progress
        self._allowed_hosts = allowed_hosts
        self._proxy = proxy
        self._inside: dict[str, set[str]] = {}
        """By container, the names of all that was found in it in this run."""

    def run(
        self, paths: Sequence[Path], found: Discovery, *, addresses: Sequence[str] = (), prune: bool = False
    ) -> Iterator[FileReport]:
        """Ingest what `discover(paths)` found and what lies at the web `addresses`, a report a file, then
        settle what is gone."""
        self._engine.claim(self._encoder)
        for path in found.files:
            yield from self._reports(Source(str(path), path))
        for path in found.outside:
            yield self._trouble(str(path), Refused(OUTSIDE))
        if addresses:
            yield from self._pages(addresses)
        yield from self._gone([Path(os.path.abspath(path)) for path in paths], found, prune=prune)
        yield from self._settle()

    def _settle(self) -> Iterator[FileReport]:
        """Bring up to date what is derived from the documents; a report where that fails."""
        try:
            self._originals.sweep({document.sha256 for document in self._store.documents()})
            self._kb.settle()
        except (OSError, sqlite3.Error, KBError) as error:  # the documents are stored all the same
            yield self._trouble(str(self._store.home), error)

    def _pages(self, addresses: Sequence[str]) -> Iterator[FileReport]:
        """Ingest what lies at the web `addresses`."""
        from ingest.fetch import Fetcher, FetchFailed, normalise  # not for those who have files only

        fetcher = Fetcher(allowed=self._allowed_hosts, proxy=self._proxy)
        for address in addresses:
            with TemporaryDirectory(prefix="hopkb-") as folder:
                try:
                    name = normalise(address)
                    found = fetcher.fetch(address, Path(folder))
                except (Refused, FetchFailed) as error:
                    yield self._trouble(address if isinstance(error, Refused) else name, error)
                    continue
                yield from self._reports(Source(name, found.file, retrieved_at=found.retrieved_at))

    def _reports(self, source: Source, depth: int = 0) -> Iterator[FileReport]:
        """Ingest one file and what it holds; whatever goes wrong with it becomes its report."""
        began = time.perf_counter()
        opened: Opened | FileReport | None = None
        try:
            opened = self._open(source)
            if isinstance(opened, FileReport):
                own = opened
            else:
                members = []
                for member in self._members(opened, depth):
                    members.append(member)
                    yield member
                extraction = opened.extraction
                if extraction.blocks or not extraction.holds:
                    own = self._keep(opened)
                else:
                    own = of_parcel(source.name, extraction.format, members)
        except Exception as error:
            own = self._trouble(source.name, error)
        if isinstance(opened, Opened) and not self._store.documents_by_hash(opened.sha256):
            opened.copy.unlink(missing_ok=True)
        yield replace(own, seconds=round(time.perf_counter() - began, 3))

    def _trouble(self, name: str, error: Exception) -> FileReport:
        """The report on what could not be ingested because of `error`."""
        match error:
            case Refused() | sidecar.BadSidecar():
                status, reason = Status.REFUSED, str(error)
            case Broken() | KBError():
                status, reason = Status.FAILED, str(error)
            case _ if is_full_disk(error):
                status, reason = Status.FAILED, FULL_DISK
            case OSError() if error.strerror is None:  # it says in full what is wrong
                status, reason = Status.FAILED, str(error)
            case OSError():
                status, reason = Status.FAILED, f"cannot be read: {error.strerror}"
            case _:  # a fault of ours, or a full disk: it must not cost the other files
                log.debug("%s could not be ingested", name, exc_info=error)
                status, reason = Status.FAILED, f"could not be brought in: {type(error).__name__}: {error}"
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
        stays = shown == name and self._store.document_by_path(name) is not None
        return FileReport(shown, status, reason + (". The version ingested earlier stays searchable." if stays else ""))

    def _open(self, source: Source) -> Opened | FileReport:
        """The file read, or its report where there is nothing to do."""
        source.check()
        sha256 = source.hash()
        known = self._store.document_by_path(source.name)
        if known and known.sha256 == sha256 and not self._force and known.format not in HOLDERS:
            return of_document(Status.UNCHANGED, known)
        twin = self._twin(sha256, source) if not known else None
        if twin:
            return twin
        copy = self._originals.keep(source.file, sha256)
        try:
            extraction = extract_safely(copy)
            extraction = with_scanned_pages(extraction, copy, partial(self._progress, source.name))
        except BaseException:
            if not self._store.documents_by_hash(sha256):
                copy.unlink(missing_ok=True)
            raise
        return Opened(source, sha256, copy, extraction)

    def _members(self, opened: Opened, depth: int) -> Iterator[FileReport]:
        """Ingest the files inside a file."""
        if not opened.extraction.holds:
            return
        if depth >= DEEPEST:
            raise Refused(f"lies inside {depth} other archives: unpack them")
        source = opened.source
        inside = self._inside.setdefault(source.container or source.name, set())
        with TemporaryDirectory(prefix="hopkb-") as folder:
            unpacked = members_of(opened.copy, Path(folder))
            found = [
                source.member(member.name, Path(member.file))
                for member in unpacked
                if not sidecar.is_sidecar(Path(member.name))
            ]
            if len(inside) + len(found) > MOST_FILES:
                raise Refused(f"holds more than {MOST_FILES} files, with those in the archives inside it")
            inside.update(member.name for member in found)
            for member in found:
                yield from self._reports(member, depth + 1)

    def _twin(self, sha256: str, source: Source) -> FileReport | None:
        """Where the very same file is known under another path: moved, or there twice."""
        for twin in self._store.documents_by_hash(sha256):
            if Path(twin.file_name).suffix.lower() != source.file.suffix.lower():
                continue  # another format, perhaps: it is read as a document of its own
            if self._is_there(twin):
                if not twin.container and not twin.retrieved_at and document_hash(Path(twin.path)) != sha256:
                    continue  # the file there has changed since; its turn comes
                return of_document(Status.UNCHANGED, twin, path=source.name, reason=f"the same file as {twin.path}")
            self._engine.move(twin.id, source.name, source.container)
            return of_document(Status.UPDATED, twin, path=source.name, reason=f"moved here from {twin.path}")
        return None

    def _is_there(self, document: Document) -> bool:
        """Whether what a document was made from is still where it was, as far as can be told."""
        if document.retrieved_at:
            return True
        if document.container in self._inside:
            return document.path in self._inside[document.container]
        return Path(document.container or document.path).exists()

    def _keep(self, opened: Opened) -> FileReport:
        """Store a file as a document."""
        source = opened.source
        known = self._store.document_by_path(source.name)
        if known and known.sha256 == opened.sha256 and not self._force:  # its attachments were looked at, no more
            return of_document(Status.UNCHANGED, known)
        made = draft(opened)
        self._originals.rename(opened.copy, opened.sha256, file_name(made.path, made.format, made.retrieved_at))
        document = self._store.document(self._put(made))
        if known and known.sha256 != opened.sha256:
            self._drop_original(known)
        status = Status.UPDATED if known else Status.ADDED
        return of_document(status, document, reason="; ".join(opened.extraction.remarks))

    def _put(self, made: DraftDocument) -> int:
        vectors = embed(self._encoder, made.title, made.text, made.passages)
        return self._engine.put(made, vectors)

    def _gone(self, paths: Sequence[Path], found: Discovery, *, prune: bool) -> Iterator[FileReport]:
        here = {str(path) for path in found.files}
        gone = [
            document
            for document in self._store.documents()
            if document.path not in here and is_under(document.path, paths) and not self._is_there(document)
        ]
        for document in gone:
            if prune:
                self._engine.remove(document.id)
                self._drop_original(document)
                yield of_document(Status.REMOVED, document, reason="the file is gone")
            else:
                yield of_document(
                    Status.GONE, document, reason="the file is gone; --prune removes it from the knowledge base"
                )
        for path in found.missing:
            if not any(is_under(document.path, [path]) for document in gone):
                yield FileReport(str(path), Status.FAILED, "there is no such file or folder")

    def _drop_original(self, document: Document) -> None:
        if not self._store.documents_by_hash(document.sha256):
            self._originals.drop(document.sha256, document.file_name)
