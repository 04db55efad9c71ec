"""`python -m benchmarks.languages FOLDER`: how well each of the five languages finds each other one.

FOLDER is a judged set (benchmarks/judged_set.py). Two tasks, each in all directions:

sentences  the translation of a sentence among all sentences of the other language: share found first
passages   the document that answers a query among the documents of one language: recall and MRR at 10

by: `base`, the bundled encoder alone; `base + pack`; `bridge`, words and their translations alone;
`BM25`, words without translations; `RRF` of pack and bridge; and `all`, what the product does.
Prints JSON, or with --table the table of the documentation made from a kept result.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.judged_set import JudgedQuery, document_names, load, queries
from kb import KnowledgeBase
from kb.config import LANGUAGES
from kb.encoder import BundledEncoder, Encoder, load_encoder
from kb.query_terms import Kind
from kb.search import Candidates, Query
from kb.types import Filters

Floats = NDArray[np.float64]
Figures = dict[str, dict[str, Any]]
DEPTH = 10
RRF_K = 60
"""Cormack, Clarke and Büttcher (2009)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A query's candidates of one language under one encoder, with their documents, and BM25 scores."""

    query: Query
    candidates: Candidates
    documents: list[str]
    words_only: Floats


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages", description=__doc__)
    parser.add_argument("folder", type=Path, help="a judged set, or with --table a result")
    parser.add_argument("--table", action="store_true", help="print a kept result as Markdown")
    options = parser.parse_args()
    if options.table:
        print(table(json.loads(options.folder.read_text("utf-8"))))
        return
    print(json.dumps({"sentences": sentences(options.folder), "passages": passages(options.folder)}, indent=1))


# --- sentences


def sentences(folder: Path) -> Figures:
    """By encoder and direction, the share of sentences whose translation is the nearest."""
    texts = {
        path.stem: path.read_text("utf-8").removesuffix("\n").split("\n")
        for path in sorted((folder / "sentences").glob("*.txt"))
    }
    encoders: dict[str, Encoder] = {"base": BundledEncoder(), "base + pack": load_encoder()}
    return {name: _matched(encoder, texts) for name, encoder in encoders.items()}


def _matched(encoder: Encoder, texts: Mapping[str, Sequence[str]]) -> dict[str, float]:
    vectors = {language: encoder.encode(lines, [language] * len(lines)) for language, lines in texts.items()}
    return {
        f"{one}-{other}": round(float(((vectors[one] @ vectors[other].T).argmax(1) == np.arange(len(lines))).mean()), 3)
        for one, lines in texts.items()
        for other in texts
        if one != other
    }


# --- passages


def passages(folder: Path) -> Figures:
    """By system and direction, recall@1, recall@10 and MRR@10."""
    ranks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for encoder, systems in ((BundledEncoder(), BASE_SYSTEMS), (load_encoder(), SYSTEMS)):
        with tempfile.TemporaryDirectory() as scratch:
            home = Path(scratch) / "home"
            with KnowledgeBase.open(home, encoder=encoder, create=True) as kb:
                kept = load(kb, folder, Path(scratch) / "files", lambda _, row: row["lang"] in LANGUAGES)
                names = document_names(kb)
                for query in queries(folder, LANGUAGES, kept):
                    for language, target in query.relevant.items():
                        evidence = gather(kb, query, language, names)
                        for name, system in systems.items():
                            found = ranking(system(kb, evidence), evidence.documents)
                            rank = found.index(target) + 1 if target in found[:DEPTH] else DEPTH + 1
                            ranks[name][f"{query.language}-{language}"].append(rank)
    return {name: {way: figures(found) for way, found in ways.items()} for name, ways in ranks.items()}


def gather(kb: KnowledgeBase, query: JudgedQuery, language: str, names: Mapping[int, str]) -> Evidence:
    """The candidates of `query` in `language`."""
    prepared = kb.prepare(query.text)
    assert prepared is not None, query.text
    candidates = kb.searcher.candidates(prepared, Filters(languages=(language,)))
    untranslated = [replace(word, kind=Kind.NAME) if word.telling else word for word in prepared.words]
    scores, _ = kb.engine.by_words(untranslated).of([c.passage_id for c in candidates.found])
    return Evidence(prepared, candidates, [names[c.document_id] for c in candidates.found], scores.astype(np.float64))


def ranking(scores: Floats, documents: Sequence[str]) -> list[str]:
    """Documents by their best passage, best first."""
    return list(dict.fromkeys(documents[at] for at in np.argsort(-scores, kind="stable")))


def dense(_: KnowledgeBase, found: Evidence) -> Floats:
    """Nearness in meaning."""
    return np.array([c.dense for c in found.candidates.found])


def by_words(_: KnowledgeBase, found: Evidence) -> Floats:
    """Words and their translations; a passage without any comes last."""
    return np.array([c.lexical for c in found.candidates.found])


def fused_by_rank(kb: KnowledgeBase, found: Evidence) -> Floats:
    """Reciprocal rank fusion; a passage without words in common has no rank there."""
    words = by_words(kb, found)
    by_word = np.where(words > 0, 1 / (RRF_K + _ranks(words)), 0.0)
    return np.asarray(1 / (RRF_K + _ranks(dense(kb, found))) + by_word)


def product(kb: KnowledgeBase, found: Evidence) -> Floats:
    """What the product does."""
    ranked = kb.searcher.rank(found.candidates, found.query)
    place = {one.candidate.passage_id: -at for at, one in enumerate(ranked)}
    return np.array([place[c.passage_id] for c in found.candidates.found], np.float64)


System = Callable[[KnowledgeBase, Evidence], Floats]
BASE_SYSTEMS: Mapping[str, System] = {"base": dense}
SYSTEMS: Mapping[str, System] = {
    "base + pack": dense,
    "bridge": by_words,
    "BM25": lambda _, found: found.words_only,
    "RRF": fused_by_rank,
    "all": product,
}


def _ranks(values: Floats) -> NDArray[np.int64]:
    """Rank from 1 of each value, the largest first."""
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1


def figures(ranks: Sequence[int]) -> dict[str, float]:
    """Recall and MRR of these ranks."""
    found = np.array(ranks)
    reciprocal = np.where(found <= DEPTH, 1 / found, 0)
    measured = {"recall@1": (found == 1).mean(), "recall@10": (found <= DEPTH).mean(), "MRR@10": reciprocal.mean()}
    return {"queries": len(ranks), **{name: round(float(value), 3) for name, value in measured.items()}}


# --- the tables


def table(result: Mapping[str, Figures]) -> str:
    """The result as Markdown: means by kind of direction, then every direction."""
    return "\n\n".join(
        [
            "Passages, means: recall@1 / recall@10\n\n" + summary(result["passages"]),
            "Sentences: the translation found first\n\n" + _rows(result["sentences"], "{:.3f}".format),
            "Passages: recall@1 / recall@10\n\n" + _rows(result["passages"], _recalls),
        ]
    )


def summary(systems: Figures) -> str:
    """A row a system, a column a kind of direction."""
    head = f"| | {' | '.join(KINDS)} |\n|---|{'---|' * len(KINDS)}"
    rows = []
    for name, ways in systems.items():
        cells = []
        for belongs in KINDS.values():
            found = [figures for way, figures in ways.items() if belongs(*way.split("-"))]
            mean = {key: float(np.mean([figures[key] for figures in found])) for key in ("recall@1", "recall@10")}
            cells.append(_recalls(mean))
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join([head, *rows])


BALTIC = {"lv", "lt"}
KINDS: Mapping[str, Callable[[str, str], bool]] = {
    "in one language": lambda one, other: one == other,
    "across en, pl, de": lambda one, other: one != other and not {one, other} & BALTIC,
    "across, with lv or lt": lambda one, other: one != other and bool({one, other} & BALTIC),
}


def _recalls(found: Mapping[str, float]) -> str:
    return f"{found['recall@1']:.3f} / {found['recall@10']:.3f}"


def _rows(systems: Figures, show: Callable[[Any], str]) -> str:
    ways = [f"{one}-{other}" for one in LANGUAGES for other in LANGUAGES]
    lines = [f"| direction | {' | '.join(systems)} |", "|---|" + "---|" * len(systems)]
    for way in (way for way in ways if all(way in system for system in systems.values())):
        lines.append(f"| {way.replace('-', ' → ')} | {' | '.join(show(system[way]) for system in systems.values())} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
