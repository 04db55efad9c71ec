"""`python -m benchmarks.speed.scale build|search HOME SIZE`: SIZE passages, beside raw FAISS and raw FTS5.

HOME is a knowledge base of the corpus. `build` grows it to SIZE and derives its indices; `search` opens it
and searches, in a process of its own so that its memory can be told. Each prints one JSON object: seconds
for both indices and for the same vectors and words in raw FAISS and FTS5; seconds to open and search
once; latency of a search and of raw FAISS (600 sentences) plus raw FTS5 (150 passages, any of the query's
words), taken in turns; megabytes of memory before the baselines are made.
"""

import json
import resource
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.speed.synthetic import grow
from benchmarks.speed.timing import milliseconds, timed
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES, SAMPLE_QUESTIONS, Settings
from kb.engines.local import LocalEngine
from kb.evaluation.questions import read_questions
from kb.search import Query

QUERIES = 60
"""Searches timed at each size."""

SENTENCES = 600
"""Looked for by either: as many as a search begins with."""


@dataclass(frozen=True, slots=True)
class Baselines:
    """The seconds that raw FAISS and raw FTS5 took to build, and a search in each: ids of sentences or passages."""

    vectors_seconds: float
    words_seconds: float
    by_vectors: Callable[[Query], set[int]]
    by_words: Callable[[Query], set[int]]


def main(task: str, home: str, size: int) -> None:
    """Do the task and print what was measured."""
    terms.prepare(LANGUAGES)
    with KnowledgeBase.open(home) as kb:
        print(json.dumps(build(kb, size) if task == "build" else search(kb)))


def build(kb: KnowledgeBase, size: int) -> dict[str, float]:
    """Seconds to derive both indices and put them on disk, and to make the same in raw FAISS and FTS5."""
    grow(kb, size)
    engine = LocalEngine(kb.store)
    sentences, words = timed(engine.sentences.rebuild), timed(engine.terms.rebuild)
    raw = baselines(kb)
    return {
        "passages": size,
        "index of sentences s": round(sentences, 2),
        "raw FAISS s": round(raw.vectors_seconds, 2),
        "index of words s": round(words, 2),
        "raw FTS5 s": round(raw.words_seconds, 2),
    }


def search(kb: KnowledgeBase) -> dict[str, Any]:
    """Opening, memory and latencies."""
    opening = timed(partial(kb.search, "volunteers"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "opening and first search s": round(opening, 2),
        "memory at most MB": round(memory),
        **latencies(kb, baselines(kb)),
    }


def baselines(kb: KnowledgeBase) -> Baselines:
    """Raw FAISS and raw FTS5 over what the knowledge base holds."""
    import faiss

    settings = Settings()
    flat = faiss.IndexFlatIP(kb.encoder.dim)
    fts = sqlite3.connect(":memory:")
    fts.execute("CREATE VIRTUAL TABLE words USING fts5 (lemmas, tokenize = \"unicode61 tokenchars '@'\")")

    ids: list[int] = []

    def add_vectors() -> None:
        cursor = kb.store.db.execute("SELECT id, vector FROM sentences ORDER BY id")
        while rows := cursor.fetchmany(50_000):
            ids.extend(row[0] for row in rows)
            flat.add(np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(len(rows), -1))

    def add_words() -> None:
        fts.executemany(
            "INSERT INTO words (rowid, lemmas) VALUES (?, ?)",
            kb.store.db.execute("SELECT passage_id, lemmas FROM passage_terms"),
        )

    def by_vectors(query: Query) -> set[int]:
        _, positions = flat.search(query.vectors[:1], SENTENCES)
        return {ids[position] for position in positions[0] if position >= 0}

    def by_words(query: Query) -> set[int]:
        wanted = " OR ".join(f'"{word.surface}"' for word in query.words if word.telling)
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT ?"
        return {row[0] for row in fts.execute(sql, [wanted or '""', settings.lexical_passages])}

    return Baselines(timed(add_vectors), timed(add_words), by_vectors, by_words)


def latencies(kb: KnowledgeBase, raw: Baselines) -> dict[str, Any]:
    """Milliseconds of a search, of the baselines, and how many times theirs ours is."""
    ours, theirs, shared = [], [], []
    sentences = LocalEngine(kb.store).sentences
    for question in read_questions(SAMPLE_QUESTIONS)[:QUERIES]:
        query = kb.prepare(question.text)
        assert query is not None, question.text
        ours.append(timed(partial(kb.search, question.text)))
        theirs.append(timed(partial(raw.by_vectors, query)) + timed(partial(raw.by_words, query)))
        nearest = raw.by_vectors(query)
        found, _ = sentences.search(query.vectors[:1], SENTENCES)
        shared.append(len(nearest.intersection(found.tolist())) / len(nearest))
    mine, other = milliseconds(ours), milliseconds(theirs)
    return {
        "search ms": mine,
        "raw FAISS and FTS5 ms": other,
        "search over raw, p50": round(mine["p50"] / other["p50"], 2),
        f"share of raw FAISS's {SENTENCES} nearest sentences": round(float(np.mean(shared)), 4),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
