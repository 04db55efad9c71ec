"""`python -m benchmarks.fusion FOLDER`: what each way of joining dense and lexical evidence gains and loses.

FOLDER is a judged set (benchmarks/judged_set.py). All fusions rank the same candidates of the
same product. Reports, over the languages chosen:

same    MRR@10 of the document in the query's language, among all languages
own     the same among documents in the query's language only
other   share of the copies in other languages that stand in the top 10
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.judged_set import Row, document_names, load, queries
from kb import KnowledgeBase
from kb.config import Settings
from kb.fuse import Evidence, fuse
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
    evidence: Evidence


def main() -> None:
    """Run the benchmark and print its result as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--languages", nargs="+", default=["en", "de", "pl"])
    parser.add_argument("--few", metavar="CODE", help="keep every tenth document of this language only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, KnowledgeBase.open(Path(scratch) / "home", create=True) as kb:

        def keep(number: int, row: Row) -> bool:
            return row["lang"] in options.languages and not (row["lang"] == options.few and number // 5 % 10)

        kept = load(kb, options.folder, Path(scratch) / "files", keep)
        judged = judge(kb, options.folder, options.languages, kept)
    result = {name: score(judged, fusion, options.languages) for name, fusion in FUSIONS.items()}
    print(json.dumps({"queries": len(judged), "documents": len(kept), "fusions": result}, indent=2))


def judge(kb: KnowledgeBase, folder: Path, languages: Sequence[str], kept: set[str]) -> list[Judged]:
    """Every query in `languages` whose own-language document is there, with its candidates."""
    names = document_names(kb)
    judged = []
    for query in queries(folder, languages, kept):
        prepared = kb.prepare(query.text) if query.language in query.relevant else None
        if prepared is None:
            continue
        candidates = kb.searcher.candidates(prepared, Filters())
        judged.append(
            Judged(
                query.language,
                query.relevant,
                [names[c.document_id] for c in candidates.found],
                candidates.evidence(prepared),
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
        mine = dict(zip(query.documents, query.evidence.languages, strict=True))
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

    def joined(query: Judged) -> Floats:
        found = query.evidence
        return (1 - weight) * unit(found.dense) + weight * found.lexical / max(float(found.lexical.max()), 1e-9)

    return joined


def reciprocal_rank(query: Judged) -> Floats:
    """Reciprocal rank fusion; a passage without lexical evidence has no rank there."""
    found = query.evidence
    by_words = np.where(found.lexical > 0, 1 / (RRF_K + ranks(found.lexical)), 0.0)
    return np.asarray(1 / (RRF_K + ranks(found.dense)) + by_words)


def ours(query: Judged) -> Floats:
    """What the product does."""
    return fuse(query.evidence, lexical_weight=Settings().lexical_weight)


FUSIONS: Mapping[str, Fusion] = {
    "vectors alone": lambda query: query.evidence.dense,
    "words alone": lambda query: query.evidence.lexical + 1e-6 * query.evidence.dense,
    "RRF": reciprocal_rank,
    "convex, 0.3 lexical": convex(0.3),
    "convex, 0.5 lexical": convex(0.5),
    "ours": ours,
}

if __name__ == "__main__":
    main()
