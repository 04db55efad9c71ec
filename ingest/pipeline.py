"""The order of the steps, from a path to passages in the knowledge base.

discover -> hash -> keep a copy -> extract (in the sandbox) -> clean -> facts, passages -> encode
-> store. Each file is one transaction; a file that fails leaves the knowledge base as it was.
"""

import logging
import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest import sidecar
from ingest.clean import clean
from ingest.discover import Discovery, is_under
from ingest.extract.base import Refused
from ingest.passages import cut
from ingest.practice import read_facts
from ingest.sandbox import Broken, extract_safely
from kb import KnowledgeBase
from kb.embed import embed
from kb.errors import KBError
from kb.originals import Originals, hash_files
from kb.types import Document, DraftDocument

log = logging.getLogger(__name__)

MOST_BYTES = 200 * 2**20
"""A larger file is refused: no report is, and video or archives are not knowledge."""


class Status(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """The fate of one file. `reason` is for people and empty where all went well."""

    path: str
    status: Status
    reason: str = ""
    format: str = ""
    title: str = ""
    languages: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0


class Pipeline:
    """Ingests files into one knowledge base.

    Raises EncoderError at once where the knowledge base needs another encoder.
    """

    def __init__(self, kb: KnowledgeBase, *, force: bool = False) -> None:
        self._kb = kb
        self._store = kb.store
        self._encoder = kb.encoder
        self._originals = Originals(kb.store.home)
        self._force = force

    def run(self, paths: Sequence[Path], found: Discovery, *, prune: bool = False) -> Iterator[FileReport]:
        """Ingest what `discover(paths)` found, one report a file, then settle what is gone."""
        self._remember_encoder()
        for path in found.files:
            yield self._timed(path)
        yield from self._gone([Path(os.path.abspath(path)) for path in paths], found, prune=prune)
        self._originals.sweep({document.sha256 for document in self._store.documents()})
        self._kb.settle()

    def _remember_encoder(self) -> None:
        if self._store.meta("encoder_fingerprint") is None:
            with self._store.writing() as db:
                self._store.claim(db, self._encoder.name, self._encoder.fingerprint)

    def _timed(self, path: Path) -> FileReport:
        began = time.perf_counter()
        report = self._one(path)
        seconds = round(time.perf_counter() - began, 3)
        return FileReport(
            report.path,
            report.status,
            report.reason,
            report.format,
            report.title,
            report.languages,
            report.passages,
            seconds,
        )

    def _one(self, path: Path) -> FileReport:
        """Ingest one file; whatever goes wrong with it becomes its report."""
        if not str(path).isprintable():
            shown = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
            return FileReport(shown, Status.REFUSED, "has a name with broken or invisible characters: rename it")
        known = self._store.document_by_path(str(path))
        try:
            return self._ingest(path, known)
        except (Refused, sidecar.BadSidecar) as refusal:
            status, reason = Status.REFUSED, str(refusal)
        except OSError as error:
            status, reason = Status.FAILED, f"cannot be read: {error.strerror or error}"
        except (Broken, KBError) as error:
            status, reason = Status.FAILED, str(error)
        except Exception as error:  # a fault of ours, or a full disk: it must not cost the other files
            log.debug("%s could not be ingested", path, exc_info=True)
            status, reason = Status.FAILED, f"could not be brought in: {type(error).__name__}: {error}"
        stays = ". The version ingested earlier stays searchable." if known else ""
        return FileReport(str(path), status, reason + stays)

    def _ingest(self, path: Path, known: Document | None) -> FileReport:
        _check(path)
        beside = sidecar.find(path)
        sha256 = _document_hash(path)
        if known and known.sha256 == sha256 and not self._force:
            return _report(Status.UNCHANGED, known)
        twin = self._twin(sha256, path) if not known else None
        if twin:
            return twin
        draft = self._draft(path, sha256, beside)
        document = self._store.document(self._put(draft))
        if known and known.sha256 != sha256:
            self._drop_original(known)
        return _report(Status.UPDATED if known else Status.ADDED, document)

    def _twin(self, sha256: str, path: Path) -> FileReport | None:
        """Where the very same file is known under another path: moved, or there twice."""
        for twin in self._store.documents_by_hash(sha256):
            there = Path(twin.path)
            if there.suffix.lower() != path.suffix.lower():
                continue  # another format, perhaps: it is read as a document of its own
            if there.exists():
                if _document_hash(there) != sha256:
                    continue  # the file there has changed since; its turn comes
                return _report(Status.UNCHANGED, twin, path=str(path), reason=f"the same file as {twin.path}")
            self._store.move(twin.id, str(path))
            return _report(Status.UPDATED, twin, path=str(path), reason=f"moved here from {twin.path}")
        return None

    def _draft(self, path: Path, sha256: str, beside: Path | None) -> DraftDocument:
        copy = self._originals.keep(path, sha256)
        try:
            extraction = extract_safely(copy)
            blocks = clean(extraction.blocks)
            document = cut(blocks, extraction.place)
            if not document.passages:
                raise Refused("has no text worth keeping: only page furniture, or nothing at all")
            facts = read_facts(extraction, blocks)
            facts = sidecar.override(facts, beside) if beside else facts
        except BaseException:
            if not self._store.documents_by_hash(sha256):
                self._originals.drop(sha256, path.name)
            raise
        return DraftDocument(
            path=str(path),
            sha256=sha256,
            format=extraction.format,
            title=facts.title,
            text=document.text,
            passages=document.passages,
            city=facts.city,
            country=facts.country,
            dates=facts.dates,
            urls=facts.urls,
        )

    def _put(self, draft: DraftDocument) -> int:
        vectors = embed(self._encoder, draft.title, draft.text, draft.passages)
        return self._store.put(draft, vectors.passages, vectors.sentences)

    def _gone(self, paths: Sequence[Path], found: Discovery, *, prune: bool) -> Iterator[FileReport]:
        here = {str(path) for path in found.files}
        gone = [
            document
            for document in self._store.documents()
            if document.path not in here and is_under(document.path, paths) and not Path(document.path).exists()
        ]
        for document in gone:
            if prune:
                self._store.remove(document.id)
                self._drop_original(document)
                yield _report(Status.REMOVED, document, reason="the file is gone")
            else:
                yield _report(
                    Status.GONE, document, reason="the file is gone; --prune removes it from the knowledge base"
                )
        for path in found.missing:
            if not any(is_under(document.path, [path]) for document in gone):
                yield FileReport(str(path), Status.FAILED, "there is no such file or folder")

    def _drop_original(self, document: Document) -> None:
        if not self._store.documents_by_hash(document.sha256):
            self._originals.drop(document.sha256, document.path)


def _document_hash(path: Path) -> str:
    beside = sidecar.find(path)
    return hash_files(*([path, beside] if beside else [path]))


def _check(path: Path) -> None:
    """Raises Refused for what is not an ordinary file of bearable size."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is not a file but a device, a pipe or a link to a folder")
    if status.st_size == 0:
        raise Refused("is empty")
    if status.st_size > MOST_BYTES:
        raise Refused(f"is {status.st_size // 2**20} MB, larger than the limit of {MOST_BYTES // 2**20} MB")


def _report(status: Status, document: Document, *, path: str = "", reason: str = "") -> FileReport:
    return FileReport(
        path=path or document.path,
        status=status,
        reason=reason,
        format=document.format,
        title=document.title,
        languages=document.languages,
        passages=document.passages,
    )
