"""`python -m benchmarks.speed.scale HOME SIZE`: searching SIZE passages, beside raw FAISS and raw FTS5.

HOME is a knowledge base of the corpus; it is grown to SIZE. Runs in a process of its own, so that its
memory can be told. Prints one JSON object: seconds for both indices and for the same vectors and words in
raw FAISS and FTS5; latency of a search and of raw FAISS (600 sentences) plus raw FTS5 (150 passages,
any of the query's words), taken in turns; megabytes of memory.
"""

import json
import resource
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.synthetic import grow
from benchmarks.speed.timing import milliseconds, timed
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES, SAMPLE_QUESTIONS, Settings
from kb.evaluation.questions import read_questions
from kb.search import Query

QUERIES = 60
"""Searches timed at each size."""

Baseline = Callable[[Query], object]


def main(home: str, size: int) -> None:
    """Measure one size."""
    terms.prepare(LANGUAGES)
    with KnowledgeBase.open(home) as kb:
        grow(kb, size)
        result = build(kb)
    with KnowledgeBase.open(home) as kb:
        opening = timed(partial(kb.search, "volunteers"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        result |= {"opening and first search s": round(opening, 2), "memory at most MB": round(memory)}
        result |= latencies(kb, *baselines(kb))
    print(json.dumps({"passages": size, **result}))


def build(kb: KnowledgeBase) -> dict[str, float]:
    """Seconds to derive both indices from the store and put them on disk."""
    sentences, words = timed(kb.indices.sentences.rebuild), timed(kb.indices.terms.rebuild)
    return {"index of sentences s": round(sentences, 2), "index of words s": round(words, 2)}


def baselines(kb: KnowledgeBase) -> tuple[Baseline, Baseline, dict[str, float]]:
    """A search in raw FAISS and one in raw FTS5, both over what the knowledge base holds, and their build times."""
    import faiss

    settings = Settings()
    flat = faiss.IndexFlatIP(kb.encoder.dim)
    fts = sqlite3.connect(":memory:")
    fts.execute("CREATE VIRTUAL TABLE words USING fts5 (lemmas, tokenize = \"unicode61 tokenchars '@'\")")

    def add_vectors() -> None:
        cursor = kb.store.db.execute("SELECT vector FROM sentences ORDER BY id")
        while rows := cursor.fetchmany(50_000):
            flat.add(np.frombuffer(b"".join(row[0] for row in rows), np.float32).reshape(len(rows), -1))

    def add_words() -> None:
        fts.executemany(
            "INSERT INTO words (rowid, lemmas) VALUES (?, ?)",
            kb.store.db.execute("SELECT passage_id, lemmas FROM passage_terms"),
        )

    built = {"raw FAISS s": round(timed(add_vectors), 2), "raw FTS5 s": round(timed(add_words), 2)}

    def by_vectors(query: Query) -> object:
        return flat.search(query.vectors, settings.dense_sentences)

    def by_words(query: Query) -> object:
        wanted = " OR ".join(f'"{word.surface}"' for word in query.words if word.telling)
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?"
        return fts.execute(sql, [wanted or '""', settings.lexical_passages]).fetchall()

    return by_vectors, by_words, built


def latencies(kb: KnowledgeBase, faiss: Baseline, fts: Baseline, built: dict[str, float]) -> dict[str, Any]:
    """Milliseconds of a search, of the baselines, and how many times theirs ours is."""
    ours, theirs = [], []
    for question in read_questions(SAMPLE_QUESTIONS)[:QUERIES]:
        query = kb.prepare(question.text)
        assert query is not None, question.text
        ours.append(timed(partial(kb.search, question.text)))
        theirs.append(timed(partial(faiss, query)) + timed(partial(fts, query)))
    mine, raw = milliseconds(ours), milliseconds(theirs)
    return {
        **built,
        "search ms": mine,
        "raw FAISS and FTS5 ms": raw,
        "search over raw, p50": round(mine["p50"] / raw["p50"], 2),
    }


if __name__ == "__main__":
    main(str(Path(sys.argv[1])), int(sys.argv[2]))
