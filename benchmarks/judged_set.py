"""A judged set in a folder, as BEIR-style sets are kept, in several languages.

corpus.jsonl and queries.jsonl hold objects with `id`, `lang` and `text`; qrels.tsv, with a header,
query id, document id and relevance. A document's copies in other languages are relevant too.
`sentences/<lang>.txt`, where present, are aligned line by line.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.evaluation.questions import RELEVANT, Judgement, Question

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query, its language, and its relevant documents by language."""

    text: str
    language: str
    relevant: dict[str, str]


def rows(path: Path) -> list[Row]:
    """The objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def load(kb: KnowledgeBase, folder: Path, files: Path, keep: Callable[[int, Row], bool]) -> set[str]:
    """Ingest the documents that `keep(number, row)`, each as a text file under `files`; returns their ids."""
    files.mkdir(exist_ok=True)
    kept = set()
    for number, row in enumerate(rows(folder / "corpus.jsonl")):
        if keep(number, row):
            (files / f"{row['id']}.txt").write_text(row["text"], "utf-8")
            kept.add(row["id"])
    refused = [report.reason for report in Pipeline(kb).run([files], discover([files])) if report.status != "added"]
    if refused:
        raise SystemExit(f"{len(refused)} documents of {folder} could not be read: {refused[0]}")
    return kept


def queries(folder: Path, languages: Sequence[str], kept: set[str]) -> list[JudgedQuery]:
    """The queries in `languages`, each with those relevant documents that are among `kept`."""
    relevant: dict[str, list[str]] = defaultdict(list)
    for query, document, _ in _qrels(folder):
        relevant[query] += [document] if document in kept else []
    language_of = {row["id"]: row["lang"] for row in rows(folder / "corpus.jsonl")}
    return [
        JudgedQuery(row["text"], row["lang"], {language_of[found]: found for found in relevant[row["id"]]})
        for row in rows(folder / "queries.jsonl")
        if row["lang"] in languages
    ]


def as_questions(folder: Path, languages: Sequence[str], kept: set[str]) -> list[Question]:
    """The queries in `languages`, each with all its relevant documents that are among `kept`."""
    judged: dict[str, list[Judgement]] = defaultdict(list)
    for query, document, relevance in _qrels(folder):
        if document in kept and int(relevance) > 0:
            judged[query].append(Judgement(f"{document}.txt", "", min(int(relevance), RELEVANT)))
    return [
        Question(row["id"], row["text"], row["lang"], tuple(judged[row["id"]]))
        for row in rows(folder / "queries.jsonl")
        if row["lang"] in languages
    ]


def _qrels(folder: Path) -> list[list[str]]:
    """Query, document and relevance, a line each."""
    return [line.split("\t") for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]]


def document_names(kb: KnowledgeBase) -> dict[int, str]:
    """The set's id of each document, by the knowledge base's."""
    return {document.id: Path(document.path).stem for document in kb.store.documents()}
