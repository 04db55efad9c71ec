"""How fast documents of each format are ingested, and PDF beside the mere extraction of its text."""

import statistics
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed.timing import timed
from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase

ROUNDS = 3
"""Times each format is ingested; the median counts."""


def rates(folder: Path) -> dict[str, dict[str, Any]]:
    """By format: documents and passages a second from file to index, the median of ROUNDS, in turns."""
    found: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        if path.suffix in SUFFIXES and path.name != "README.md":
            files[path.suffix.removeprefix(".")].append(path)
    for _ in range(ROUNDS):
        for name, paths in files.items():
            found[name].append(_ingested(paths))
    result: dict[str, dict[str, Any]] = {}
    for name, rounds in found.items():
        documents, passages, _ = rounds[0]
        seconds = statistics.median(row[2] for row in rounds)
        result[name] = {
            "documents": documents,
            "passages": passages,
            "documents a second": round(documents / seconds, 2),
            "passages a second": round(passages / seconds, 1),
        }
    extraction = statistics.median(timed(partial(_extracted, files["pdf"])) for _ in range(ROUNDS))
    ingesting = statistics.median(row[2] for row in found["pdf"])
    result["pdf"]["ingest over pypdfium2 text extraction"] = round(ingesting / extraction, 1)
    return result


SUFFIXES = {".pdf", ".pptx", ".docx", ".odt", ".odp", ".html", ".txt", ".md"}


def _ingested(paths: list[Path]) -> tuple[int, int, float]:
    """Documents, passages, and the seconds they took into a new knowledge base, the encoder loaded before."""
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        kb.encoder.encode(["warm"])
        pipeline = Pipeline(kb)
        seconds = timed(lambda: list(pipeline.run(paths, discover(paths))))
        documents = kb.store.documents()
        return len(documents), sum(document.passages for document in documents), seconds


def _extracted(paths: list[Path]) -> int:
    """Characters of text that pypdfium2 finds in these files."""
    import pypdfium2

    total = 0
    for path in paths:
        with pypdfium2.PdfDocument(path) as document:
            total += sum(len(page.get_textpage().get_text_bounded()) for page in document)
    return total
