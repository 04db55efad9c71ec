"""`python -m benchmarks.scale.worker TASK BASE HOME SIZE [URL,...]`: one task on one engine, in a process of its own so
that its memory can be told. BASE holds the sample corpus, HOME is the folder of the engine, URL means Qdrant.

    build    put SIZE passages in, and wait until everything is indexed
    exact    by brute force, what `search` compares with: written to BASE/exact.npy, for all engines
    join     open, as a machine does that has no catalogue yet
    search   open, search by one client and by CLIENTS, and compare with BASE/exact.npy
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.scale.data import documents, exact
from benchmarks.scale.process import memory
from benchmarks.speed.timing import milliseconds, timed
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES, SAMPLE_QUESTIONS
from kb.encoder import Vectors
from kb.engines import open_engine
from kb.engines.contract import Engine
from kb.engines.qdrant.engine import QdrantEngine
from kb.evaluation.questions import read_questions
from kb.store import Store
from kb.types import Filters

QUESTIONS = 60
"""Asked one after another, and compared with brute force."""

CLIENTS = 16
EACH = 12
"""Questions that each of CLIENTS asks."""

DEPTHS = (10, 200)
"""How many nearest passages are compared: as many as are shown, as many as a search takes."""

EXACT = "exact.npy"


def main(task: str, base: str, home: str, size: int, url: str = "") -> None:
    """Do the task and print what was measured."""
    terms.prepare(LANGUAGES)
    began = time.perf_counter()
    engine = open_engine(Path(home), name="qdrant" if url else "local", url=url, create=True)
    opened = time.perf_counter() - began
    with KnowledgeBase(engine) as kb:
        if task == "build":
            found = build(kb, Path(base), size)
        elif task == "exact":
            np.save(Path(base) / EXACT, exact(kb.store, _queries(kb), max(DEPTHS)))
            found = {}
        elif task == "join":
            found = {"joining s": round(opened, 1)}
        else:
            found = search(kb, np.load(Path(base) / EXACT))
    print(json.dumps(found))


def build(kb: KnowledgeBase, base: Path, size: int) -> dict[str, Any]:
    """Passages a second into the engine, encoding left out, and seconds until all of it is indexed."""
    made = documents(Store(base), size)
    kb.engine.claim(kb.encoder)
    seconds = sum(timed(partial(kb.engine.copy, one, vectors)) for one, vectors in made)
    settling = timed(partial(_settle, kb.engine))
    return {"passages a second": round(size / seconds), "until indexed s": round(settling, 1)}


def _settle(engine: Engine) -> None:
    """Derive the indices; on a cluster, wait until no node has anything left to index."""
    if not isinstance(engine, QdrantEngine):
        engine.settle()
        return
    cluster, quiet = engine.connection.cluster, 0
    while quiet < 3:  # green for a moment between two segments is not the end
        said = [httpx.get(f"{url}/collections/{cluster.collection}", timeout=120).json() for url in cluster.urls]
        quiet = quiet + 1 if all(one["result"]["status"] == "green" for one in said) else 0
        time.sleep(0.5)


def _queries(kb: KnowledgeBase) -> Vectors:
    """Each question's first vector."""
    prepared = [kb.prepare(question) for question in _questions()]
    return np.stack([query.vectors[0] for query in prepared if query])


def _questions() -> list[str]:
    return [question.text for question in read_questions(SAMPLE_QUESTIONS)[:QUESTIONS]]


def search(kb: KnowledgeBase, nearest: Any) -> dict[str, Any]:
    """Seconds to open and search once, milliseconds by one client and by CLIENTS threads, memory of this process,
    shares of the truly nearest passages that are found, milliseconds of finding them."""
    questions, queries = _questions(), _queries(kb)
    first = timed(partial(kb.search, "volunteers"))
    for question in questions[:5]:
        kb.search(question)
    alone = [timed(partial(kb.search, question)) for question in questions]
    found: dict[str, Any] = {"first search s": round(first, 2), "one client ms": milliseconds(alone)}
    found |= _crowd(kb, questions)
    found["searcher MB"] = memory([os.getpid()])
    for depth in DEPTHS:
        near = [(partial(kb.engine.nearest, query[None], depth, Filters())) for query in queries]
        shares = [len(one() & set(row[:depth].tolist())) / depth for one, row in zip(near, nearest, strict=True)]
        found[f"recall@{depth}"] = round(float(np.mean(shares)), 4)
        found[f"nearest {depth} ms"] = milliseconds([timed(one) for one in near])
    return found


def _crowd(kb: KnowledgeBase, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of a search, and searches a second, while CLIENTS threads search."""
    asked = list(islice(cycle(questions), CLIENTS * EACH))
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(kb.search, questions[:CLIENTS]))
        began = time.perf_counter()
        took = list(pool.map(lambda question: timed(partial(kb.search, question)), asked))
        seconds = time.perf_counter() - began
    return {f"{CLIENTS} clients ms": milliseconds(took), "searches a second": round(len(asked) / seconds, 1)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), *sys.argv[5:6])
