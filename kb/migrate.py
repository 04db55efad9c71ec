"""Copies a knowledge base to another engine: texts, vectors, terms, files and what is related, nothing made anew.

A document at a time is read, compared with what the target has, copied where that differs, and read back. So a run
that was interrupted is simply run again, and what it says is copied has been seen there, bit for bit.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from kb import terms
from kb.embed import DocumentVectors
from kb.encoder import Vectors
from kb.engines import findings
from kb.engines.contract import Engine
from kb.engines.records import read
from kb.errors import NotFound, StoreError
from kb.store import Counts, Store
from kb.stored import StoredDocument
from kb.types import Document

Progress = Callable[[int, int], None]
"""Told how many documents are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done: documents `copied` now, and those that were there `already`; what the target holds; and a SHA-256
    of all documents with their vectors, the same on both sides."""

    copied: int
    already: int
    held: Counts
    checksum: str


@dataclass(frozen=True, slots=True)
class _Copy:
    """A document as an engine has it."""

    stored: StoredDocument
    vectors: DocumentVectors

    @property
    def checksum(self) -> bytes:
        """SHA-256 of its record and its vectors."""
        digest = hashlib.sha256(self.stored.to_json())
        digest.update(np.ascontiguousarray(self.vectors.passages, np.float32).tobytes())
        digest.update(np.ascontiguousarray(self.vectors.sentences, np.float32).tobytes())
        return digest.digest()


def migrate(source: Engine, target: Engine, progress: Progress = lambda done, total: None) -> Migrated:
    """Copy all documents of `source` to `target`, which holds none or some of them.

    Raises StoreError where the target holds others, or where what was written does not come back the same.
    """
    _prepare(source, target)
    documents = source.store.documents()
    whole, copied = hashlib.sha256(), 0
    for done, document in enumerate(documents, start=1):
        mine = _of(source, document)
        checksum = mine.checksum
        if _checksum(target, document.id) != checksum:
            _copy(source, target, document, mine)
            copied += 1
        whole.update(checksum)
        progress(done, len(documents))
    _findings(source.store, target, documents)
    if target.counts() != source.counts():
        raise StoreError(f"The copy holds {target.counts()}, and not {source.counts()}: run the command again.")
    return Migrated(copied, len(documents) - copied, target.counts(), whole.hexdigest())


@dataclass(frozen=True, slots=True)
class _Maker:
    """The encoder of the vectors, as far as it must be known to copy them."""

    name: str
    fingerprint: str
    dim: int


def _prepare(source: Engine, target: Engine) -> None:
    """Let the target take vectors like the source's. Raises StoreError where it cannot."""
    name, fingerprint = source.store.meta("encoder_name"), source.store.meta("encoder_fingerprint")
    first = source.store.db.execute("SELECT id FROM passages LIMIT 1").fetchone()
    if name is None or fingerprint is None or first is None:
        raise StoreError(f"There is nothing to copy in {source.store.home}.")
    if source.store.meta("terms_made_with") != terms.VERSION:
        raise StoreError(
            f"The terms in {source.store.home} were made by another version of HopKB. Make them anew first: "
            f"python -m kb reembed --home {source.store.home}"
        )
    target.claim(_Maker(name, fingerprint, len(source.store.vectors.of_passages([first[0]])[first[0]])))
    known = {document.id: document.path for document in source.store.documents()}
    other = [each.path for each in target.store.documents() if known.get(each.id) != each.path]
    if other:
        raise StoreError(
            f"The target holds {len(other)} documents that are not in {source.store.home}, such as {other[0]}: copy "
            "into an empty one."
        )


def _copy(source: Engine, target: Engine, document: Document, mine: _Copy) -> None:
    """Copy one document and its file, and see that it came. Raises StoreError."""
    with suppress(NotFound):  # `verify` says so of the source
        target.keep_original(document, source.original(document))
    target.copy(mine.stored, mine.vectors)
    if _checksum(target, document.id) != mine.checksum:
        raise StoreError(
            f"{document.path} does not come back from the target as it was written: run the command again."
        )


def _of(engine: Engine, document: Document) -> _Copy:
    """A document with its vectors. Raises StoreError where it changes meanwhile."""
    stored = read(engine.store, document.id)
    passages = engine.store.vectors.of_passages(stored.passages)
    sentences = engine.store.vectors.of_sentences(stored.passages)
    counts = [len(passage.sentences) for passage in stored.draft.passages]
    if len(passages) < len(counts) or any(
        len(sentences.get(passage, ())) != count for passage, count in zip(stored.passages, counts, strict=True)
    ):
        raise StoreError(f"{document.path} has changed meanwhile, or its vectors are damaged: run the command again.")
    return _Copy(
        stored,
        DocumentVectors(
            _stacked([passages[passage][np.newaxis] for passage in stored.passages]),
            _stacked([sentences[passage] for passage in stored.passages if passage in sentences]),
        ),
    )


def _stacked(vectors: list[Vectors]) -> Vectors:
    return np.vstack(vectors) if vectors else np.empty((0, 0), np.float32)


def _checksum(engine: Engine, document_id: int) -> bytes | None:
    """That of a document as an engine has it; None where it has none, or half of one."""
    try:
        return _of(engine, engine.store.document(document_id)).checksum
    except (NotFound, StoreError):
        return None


def _findings(source: Store, target: Engine, documents: list[Document]) -> None:
    """Copy what was derived from the documents, and let the target settle."""
    with target.store.writing() as db:
        for document in _compared(source, documents):
            findings.take_document(target.store, db, document.id, findings.of_document(source, document.id))
        findings.take_all(target.store, db, findings.of_all(source))
    target.settle()


def _compared(source: Store, documents: list[Document]) -> Iterator[Document]:
    done = {row[0] for row in source.db.execute("SELECT id FROM documents WHERE compared = 1")}
    return (document for document in documents if document.id in done)
