"""`python -m benchmarks.fusion FOLDER`: what each way of joining dense and lexical evidence gains and loses.

FOLDER holds corpus.jsonl, queries.jsonl and qrels.tsv as BEIR-style sets do; documents and
queries carry `lang`, and a document's copies in other languages are relevant too. All fusions
rank the same candidates of the same product. Reports, over the languages chosen:

same    MRR@10 of the document in the query's language, among all languages
own     the same among documents in the query's language only
other   share of the copies in other languages that stand in the top 10
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.config import Settings
from kb.fuse import fuse
from kb.types import Filters

Floats = NDArray[np.float64]
Fusion = Callable[["Judged"], Floats]
DEPTH = 10
RRF_K = 60
"""Cormack, Clarke and Büttcher (2009)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, its language, its relevant documents by language, and its candidates' evidence."""

    language: str
    relevant: dict[str, str]
    documents: list[str]
    languages: list[str]
    dense: Floats
    lexical: Floats
    same: NDArray[np.bool_]
    names: float


def main() -> None:
    """Run the benchmark and print its result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--languages", nargs="+", default=["en", "de", "pl"])
    parser.add_argument("--few", metavar="CODE", help="keep every tenth document of this language only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, KnowledgeBase.open(Path(scratch) / "home", create=True) as kb:
        kept = load(kb, options.folder, Path(scratch) / "files", options.languages, options.few)
        judged = judge(kb, options.folder, options.languages, kept)
    result = {name: score(judged, fusion, options.languages) for name, fusion in FUSIONS.items()}
    print(json.dumps({"queries": len(judged), "documents": len(kept), "fusions": result}, indent=2))


def load(kb: KnowledgeBase, folder: Path, files: Path, languages: Sequence[str], few: str | None) -> set[str]:
    """Ingest the documents in `languages`, each as a text file; returns their ids."""
    files.mkdir()
    kept = set()
    for number, row in enumerate(rows(folder / "corpus.jsonl")):
        thinned = row["lang"] == few and number // 5 % 10
        if row["lang"] in languages and not thinned:
            (files / f"{row['id']}.txt").write_text(row["text"], "utf-8")
            kept.add(row["id"])
    list(Pipeline(kb).run([files], discover([files])))
    return kept


def rows(path: Path) -> list[dict[str, str]]:
    """The objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def judge(kb: KnowledgeBase, folder: Path, languages: Sequence[str], kept: set[str]) -> list[Judged]:
    """Every query in `languages` whose own-language document is there, with its candidates."""
    relevant: dict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        relevant[query] += [document] if document in kept else []
    language_of = {row["id"]: row["lang"] for row in rows(folder / "corpus.jsonl")}
    names = {document.id: Path(document.path).stem for document in kb.store.documents()}
    judged = []
    for row in rows(folder / "queries.jsonl"):
        wanted = {language_of[document]: document for document in relevant[row["id"]]}
        prepared = kb.prepare(row["text"]) if row["lang"] in languages and row["lang"] in wanted else None
        if prepared is None:
            continue
        candidates = kb.searcher.candidates(prepared, Filters())
        found = candidates.found
        judged.append(
            Judged(
                row["lang"],
                wanted,
                [names[c.document_id] for c in found],
                [language_of[names[c.document_id]] for c in found],
                np.array([c.dense for c in found]),
                np.array([c.lexical for c in found]),
                np.array([c.language in prepared.languages for c in found]),
                candidates.names,
            )
        )
    return judged


def score(judged: Sequence[Judged], fusion: Fusion, languages: Sequence[str]) -> dict[str, float]:
    """The three figures of one fusion."""
    same, own, other = [], [], []
    for query in judged:
        ranking = ranked(query, fusion(query))
        target = query.relevant[query.language]
        same.append(reciprocal(ranking, target))
        mine = dict(zip(query.documents, query.languages, strict=True))
        own.append(reciprocal([d for d in ranking if mine[d] == query.language], target))
        copies = [document for language, document in query.relevant.items() if language != query.language]
        other += [document in ranking[:DEPTH] for document in copies]
    return {name: round(float(np.mean(v)), 3) for name, v in (("same", same), ("own", own), ("other", other))}


def ranked(query: Judged, scores: Floats) -> list[str]:
    """Documents by their best passage, best first."""
    order = np.argsort(-scores, kind="stable")
    return list(dict.fromkeys(query.documents[position] for position in order))


def reciprocal(ranking: Sequence[str], target: str) -> float:
    """1 / rank within DEPTH, else 0."""
    return 1 / (ranking.index(target) + 1) if target in ranking[:DEPTH] else 0.0


def ranks(values: Floats) -> NDArray[np.int64]:
    """Rank from 1 of each value, the largest first."""
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1


def unit(values: Floats) -> Floats:
    """`values` on a scale from 0 to 1."""
    return np.asarray((values - values.min()) / max(float(np.ptp(values)), 1e-9))


def convex(weight: float) -> Fusion:
    """(1 - weight) dense + weight lexical, both on 0..1."""
    return lambda q: (1 - weight) * unit(q.dense) + weight * q.lexical / max(float(q.lexical.max()), 1e-9)


def reciprocal_rank(query: Judged) -> Floats:
    """Reciprocal rank fusion; a passage without lexical evidence has no rank there."""
    by_words = np.where(query.lexical > 0, 1 / (RRF_K + ranks(query.lexical)), 0.0)
    return np.asarray(1 / (RRF_K + ranks(query.dense)) + by_words)


def ours(query: Judged) -> Floats:
    """What the product does."""
    weight = Settings().lexical_weight
    return fuse(query.dense, query.lexical, query.same, lexical_weight=weight, names=query.names)


FUSIONS: Mapping[str, Fusion] = {
    "vectors alone": lambda query: query.dense,
    "BM25 alone": lambda query: query.lexical + 1e-6 * query.dense,
    "RRF": reciprocal_rank,
    "convex, 0.3 lexical": convex(0.3),
    "convex, 0.5 lexical": convex(0.5),
    "ours": ours,
}

if __name__ == "__main__":
    main()
