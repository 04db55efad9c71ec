"""The engine for networks of cities: passages, vectors, terms and files on a Qdrant cluster."""

import logging
import math
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from kb.embed import DocumentVectors
from kb.encoder import Encoder, Vectors
from kb.engines.contract import Maker, Problem, Progress, WordEvidence
from kb.engines.qdrant import collection, files
from kb.engines.qdrant.catalogue import Catalogue
from kb.engines.qdrant.connection import Connection
from kb.engines.qdrant.documents import Documents
from kb.engines.qdrant.payloads import read
from kb.engines.qdrant.points import PASSAGE, SENTENCES, Kind, condition, point_id
from kb.engines.qdrant.settings import Cluster
from kb.engines.qdrant.sharing import share
from kb.engines.qdrant.vectors import ClusterVectors, thorough
from kb.engines.qdrant.words import ClusterWords
from kb.engines.records import read as stored_document
from kb.errors import ClusterUnreachable, EncoderMismatch, NotFound, StoreError
from kb.originals import Originals
from kb.query_terms import QueryWord
from kb.store import Counts, Store
from kb.stored import StoredDocument
from kb.types import Document, DraftDocument, Filters, file_name

log = logging.getLogger(__name__)

LOOK_AGAIN = 2.0
"""Seconds after which a search looks whether anything has changed: what a city adds is found that soon by others."""

LOOK_LATER = 30.0
"""Seconds more where no node answers: lists and documents are shown as they were, and quickly, though nothing can be
searched."""


class QdrantEngine:
    """One machine's side of a cluster. Thread-safe."""

    def __init__(self, cluster: Cluster, home: Path, *, create: bool = False, progress: Progress | None = None) -> None:
        """Open the knowledge base on `cluster`, with this machine's catalogue in the folder `home`; `progress` hears of
        the documents that are fetched into it.

        Raises ClusterError where the cluster cannot be used, or holds no such knowledge base (unless `create`).
        """
        self.connection = Connection(cluster)
        self._label = collection.label(self.connection)
        if self._label is None and not create:
            raise StoreError(
                f"There is no knowledge base {cluster.collection} on {cluster.urls[0]}. Make one: python -m ingest "
                f"FOLDER --engine qdrant --url {cluster.urls[0]}"
            )
        self.store = Store(home, create=True)
        self.store.vectors = ClusterVectors(self.connection, self.store)
        self._catalogue = Catalogue(self.store, self.connection)
        self._documents = Documents(self.connection, self._catalogue)
        self._following = threading.Lock()
        self._originals: set[str] = set()
        self._looked = -math.inf
        if self._label:
            self._catalogue.belong(self._label)
        self._refresh(progress)

    @property
    def _name(self) -> str:
        return self.connection.cluster.collection

    # --- documents in and out

    def claim(self, encoder: Maker) -> None:
        """As Engine says; makes the collection."""
        if self._label is None:
            self._label = collection.label(self.connection)
        if self._label is None:
            self._catalogue.check()
            self._label = collection.make(self.connection, encoder)
        if self._label.encoder_fingerprint != encoder.fingerprint:
            raise EncoderMismatch(
                f"The vectors in {self._name} on {self.connection.cluster.urls[0]} were made by the encoder "
                f"{self._label.encoder_fingerprint}, not by {encoder.fingerprint}. Ingest with --model "
                f"{self._label.encoder_name}, or into another collection: KB_QDRANT_COLLECTION."
            )
        self._catalogue.belong(self._label)

    def put(self, draft: DraftDocument, vectors: DocumentVectors) -> int:
        """As Engine says."""
        name = file_name(draft.path, draft.format, draft.retrieved_at)
        self._upload(draft.sha256, name, Originals(self.store.home).path(draft.sha256, name))
        with self._following:
            added_at = datetime.now(UTC).isoformat(timespec="seconds")
            before = self.store.document_by_path(draft.path)
            number = self._documents.put(draft, added_at, vectors).id
        if before and before.sha256 != draft.sha256:
            self._drop_original(before)
        return number

    def copy(self, one: StoredDocument, vectors: DocumentVectors) -> None:
        """As Engine says. Raises StoreError where another machine writes it at the same time."""
        with self._following:
            before = read(self.connection, point_id(Kind.DOCUMENT, one.draft.path))
            if not self._documents.write(one, vectors, before):
                raise StoreError(f"Another machine writes {one.draft.path}: run the command again.")

    def move(self, document_id: int, path: str, container: str = "") -> None:
        """As Engine says."""
        with self._following:
            self._catalogue.follow()
            self._documents.move(stored_document(self.store, document_id), path, container)

    def remove(self, document_id: int) -> None:
        """As Engine says."""
        document = self.store.document(document_id)
        with self._following:
            self._documents.remove(document.path, document_id)
        self._drop_original(document)

    def reembed(self, encoder: Encoder) -> int:
        """Not possible here: raises StoreError with another way."""
        raise StoreError(
            f"A knowledge base on a cluster keeps its encoder. Copy it to a folder (python -m kb migrate --to FOLDER), "
            f"make its vectors anew there (python -m kb reembed --model {encoder.name}), and copy it into another "
            "collection (KB_QDRANT_COLLECTION)."
        )

    # --- the files that documents were made from

    def _upload(self, sha256: str, name: str, copy: Path) -> None:
        """Copy a file called `name` from this machine to the cluster, unless that has it."""
        kept_as = files.original_name(sha256, Path(name).suffix.lower())
        if copy.is_file() and not files.holds(self.connection, kept_as):
            with copy.open("rb") as file:
                files.write(self.connection, kept_as, file)

    def keep_original(self, document: Document, file: Path) -> None:
        """As Engine says."""
        self._upload(document.sha256, document.file_name, file)

    def _drop_original(self, document: Document) -> None:
        if not self._documents.hold(sha256=document.sha256):
            suffix = Path(document.file_name).suffix.lower()
            files.remove(self.connection, files.original_name(document.sha256, suffix))

    def has_original(self, document: Document) -> bool:
        """As Engine says."""
        name = files.original_name(document.sha256, Path(document.file_name).suffix.lower())
        if name not in self._originals:
            copy = Originals(self.store.home).path(document.sha256, document.file_name)
            if not (copy.is_file() or files.holds(self.connection, name)):
                return False
            self._originals.add(name)
        return True

    def original(self, document: Document) -> Path:
        """As Engine says; brings it here first."""
        copy = Originals(self.store.home).path(document.sha256, document.file_name)
        if not copy.is_file():
            try:
                files.fetch(self.connection, files.original_name(document.sha256, copy.suffix), copy)
            except NotFound as error:
                raise NotFound(
                    f"The copy of {document.file_name} is missing. Ingest that file with --force."
                ) from error
        return copy

    # --- candidates and their evidence

    def nearest(self, queries: Vectors, count: int, filters: Filters) -> set[int]:
        """As Engine says."""
        from qdrant_client import models

        if self._label is None:
            return set()
        asked = [
            models.QueryRequest(
                query=query.tolist(),
                using=SENTENCES,
                filter=condition(filters),
                params=thorough(),
                limit=math.ceil(count / len(queries)),
                with_payload=False,
            )
            for query in queries
        ]
        answers = self.connection(lambda client: client.query_batch_points(self._name, asked))
        return {int(point.id) for answer in answers for point in answer.points}

    def cosines(self, queries: Vectors, passages: Sequence[int]) -> Vectors:
        """As Engine says; exact."""
        from qdrant_client import models

        found = np.zeros((len(passages), len(queries)), np.float32)
        if not len(passages):
            return found
        row_of = {passage: at for at, passage in enumerate(passages)}
        among = models.Filter(must=[models.HasIdCondition(has_id=list(passages))])
        asked = [
            models.QueryRequest(
                query=query.tolist(),
                using=vector,
                filter=among,
                params=models.SearchParams(exact=True, quantization=models.QuantizationSearchParams(ignore=True)),
                limit=len(passages),
                with_payload=False,
            )
            for vector in (PASSAGE, SENTENCES)
            for query in queries
        ]
        answers = self.connection(lambda client: client.query_batch_points(self._name, asked))
        for number, answer in enumerate(answers):
            for point in answer.points:
                found[row_of[int(point.id)], number % len(queries)] += point.score
        return found

    def by_words(self, words: Sequence[QueryWord]) -> WordEvidence:
        """As Engine says."""
        return ClusterWords(self.connection, self.store, words)

    # --- itself

    def refresh(self) -> None:
        """As Engine says, at most every LOOK_AGAIN seconds."""
        self._refresh()

    def _refresh(self, progress: Progress | None = None) -> None:
        if time.monotonic() - self._looked < LOOK_AGAIN:
            return
        with self._following:
            if time.monotonic() - self._looked < LOOK_AGAIN:
                return
            if self._label is None:
                self._label = collection.label(self.connection)
                if self._label:
                    self._catalogue.belong(self._label)
            try:
                if self._label:
                    self._catalogue.follow(progress)
                self._looked = time.monotonic()
            except ClusterUnreachable:
                if not self.store.has_documents():
                    raise
                log.warning("the catalogue in %s is not followed now", self.store.home, exc_info=True)
                self._looked = time.monotonic() + LOOK_LATER

    def generation(self) -> int:
        """As Engine says."""
        return self.store.generation()

    def counts(self) -> Counts:
        """As Engine says."""
        return self.store.counts()

    def settle(self) -> None:
        """Hand what was derived here to the other machines."""
        if self._label is not None:
            with self._following:
                share(self.connection, self._catalogue)
                self._documents.let_go(wait=True)
                if self._documents.passages() > self.counts().passages:
                    self._documents.tidy()

    def problems(self) -> list[Problem]:
        """What is wrong between the catalogue and the cluster."""
        if self._label is None:
            return []
        with self._following:
            self._documents.let_go(wait=True)
            self._catalogue.follow()
        there, here = self._documents.passages(), self.counts().passages
        if there > here:
            message = (
                f"{there - here} passages belong to no document: an ingest runs now, or was interrupted. The first "
                "ingest that ends a day later deletes them."
            )
            return [Problem("cluster", message, harmless=True)]
        if there < here:
            message = f"{here - there} passages are lost. Restore a snapshot, or ingest with --force."
            return [Problem("cluster", message)]
        return []

    def close(self) -> None:
        """Close the connections to the cluster."""
        self.connection.close()
