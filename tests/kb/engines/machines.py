"""What a machine holds and finds, and a look at once at what others have changed."""

import math
from collections.abc import Sequence
from pathlib import Path

from kb import KnowledgeBase
from kb.engines.qdrant.engine import QdrantEngine
from kb.originals import Originals, hash_files
from kb.query_terms import QueryWord
from kb.types import Filters


def kept(kb: KnowledgeBase, file: Path) -> str:
    """Keep a copy of `file`, as an ingest does before it stores the document; its hash."""
    sha256 = hash_files(file)
    Originals(kb.store.home).keep(file, sha256)
    return sha256


def look(*machines: KnowledgeBase) -> None:
    """Let machines of a cluster see what others have changed, without waiting for their next look."""
    for kb in machines:
        assert isinstance(kb.engine, QdrantEngine)
        kb.engine._looked = -math.inf
        kb.engine.refresh()


def texts(kb: KnowledgeBase, document_id: int) -> list[str]:
    """The passages of a document."""
    return [passage.text for passage in kb.store.passages_of(document_id)]


def found(kb: KnowledgeBase, query: str, k: int = 50, filters: Filters | None = None) -> list[str]:
    """The passages that a search finds, best first."""
    return [hit.passage.text for hit in kb.search(query, k, filters=filters)]


def words(kb: KnowledgeBase, query: str) -> tuple[QueryWord, ...]:
    """Those of a query."""
    prepared = kb.prepare(query)
    assert prepared is not None
    return prepared.words


def ids(kb: KnowledgeBase, path: str) -> list[int]:
    """Of the passages of the document at a path."""
    return [passage.id for passage in kb.store.passages_of(document_id(kb, path))]


def document_id(kb: KnowledgeBase, path: str) -> int:
    """That of the document at a path."""
    document = kb.store.document_by_path(path)
    assert document is not None
    return document.id


def paths(kb: KnowledgeBase) -> list[str]:
    """Of all documents."""
    return sorted(document.path for document in kb.store.documents())


def serious(*machines: KnowledgeBase) -> Sequence[str]:
    """What is wrong and does not mend itself; the copies of files aside, as documents made by hand have none."""
    return [
        problem.message
        for kb in machines
        for problem in kb.verify()
        if not problem.harmless and "original" not in problem.message
    ]
