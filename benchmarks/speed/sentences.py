"""`python -m benchmarks.speed.sentences`: sentences in cells beside all of them, exactly: what is found, and how fast.

At each of --sizes sentences: the vectors of --vectors, a .npy of unit vectors (n, 512) such as
`load_encoder().encode(lines)` gives, or else of the sample corpus; beyond their number over again, turned a little
(benchmarks/speed/synthetic.py). Queries are the sample questions, or --queries, a .npy like it, of which a sample.
One thread. Prints JSON: seconds to make the cells and to open them, bytes, milliseconds of a search for 600 sentences
in all and in the cells, the share of the truly nearest 10 and 600 that the cells find, and both among a share of the
sentences, as filters leave it. With --keep the result goes to benchmarks/speed/sentences.json.
"""

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.commit import commit
from benchmarks.sample import ingested
from benchmarks.speed.synthetic import turned
from benchmarks.speed.timing import milliseconds, timed
from kb import KnowledgeBase, partition
from kb.cells import Cells
from kb.codes import Ids, whole
from kb.config import SAMPLE_QUESTIONS
from kb.encoder import Vectors, load_encoder
from kb.evaluation.questions import read_questions
from kb.flat import Flat

RESULT = Path(__file__).parent / "sentences.json"
SIZES = (10_000, 100_000, 600_000)
BATCH = 50_000
QUERIES = 150
NEAREST = 600
ALLOWED = (0.001, 0.01, 0.1, 0.5)
"""Shares of the sentences that a filter leaves."""


def main() -> None:
    """Run the benchmark and print its result."""
    import faiss

    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.sentences", description=__doc__)
    parser.add_argument(
        "--sizes", nargs="*", type=int, default=SIZES, metavar="N", help="6000000 needs 10 GB of memory"
    )
    parser.add_argument("--vectors", type=Path, help="a .npy of sentence vectors")
    parser.add_argument("--queries", type=Path, help="a .npy of query vectors")
    parser.add_argument("--keep", action="store_true", help="keep the result beside this module")
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    partition.THREADS = 1
    pool = np.load(options.vectors, mmap_mode="r") if options.vectors else corpus()
    queries = np.load(options.queries) if options.queries else asked()
    chosen = np.random.default_rng(0).permutation(len(queries))[:QUERIES]
    result: dict[str, Any] = {"commit": commit(), "real sentences": len(pool), "sizes": []}
    for size in options.sizes:
        print(f"{size:,} sentences ...", file=sys.stderr)
        result["sizes"].append(at_size(pool, whole(np.asarray(queries[chosen], np.float32)), size))
        if options.keep:
            RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))


def corpus() -> Vectors:
    """The vectors (n, dim) of the sample corpus's sentences."""
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        return ingested(kb).store.sentence_vectors()[1]


def asked() -> Vectors:
    """The vectors of the sample questions."""
    return load_encoder().encode([question.text for question in read_questions(SAMPLE_QUESTIONS)], role="query")


def batches(pool: Vectors, size: int) -> Iterator[tuple[Ids, Vectors]]:
    """Ids (n,) and whole vectors (n, dim): the pool's, then copies of them turned a little, `size` in all."""
    for start in range(0, size, BATCH):
        ids = np.arange(start, min(size, start + BATCH))
        vectors = np.asarray(pool[ids % len(pool)], np.float32)
        copies = ids >= len(pool)
        if copies.any():
            random = np.random.default_rng(start)
            vectors[copies] = np.stack(list(turned([vector.tobytes() for vector in vectors[copies]], random)))
        yield ids + 1, whole(vectors)


def at_size(pool: Vectors, queries: Vectors, size: int) -> dict[str, Any]:
    """Everything measured at one size."""
    flat = Flat()
    for ids, vectors in batches(pool, size):
        flat.add(ids, vectors)
    with tempfile.TemporaryDirectory() as home:
        made: list[Cells] = []
        making = timed(lambda: made.append(in_cells(Path(home), flat, size)))
        opened = made.pop().made
        opening = timed(lambda: made.append(Cells(Path(home), opened)))
        cells = made[0]
        found = {
            "sentences": size,
            "cells": opened.lists,
            "looked into": opened.probes,
            "making s": round(making, 1),
            "opening s": round(opening, 2),
            "MB on disk": round(sum(length for length, _ in opened.files.values()) / 1e6),
            **compared(flat, cells, queries, None),
            "peak memory MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
        random = np.random.default_rng(2)
        found["filters"] = [
            {"allowed": share, **compared(flat, cells, queries[:40], allowed(random, size, share))} for share in ALLOWED
        ]
        return found


def allowed(random: np.random.Generator, size: int, share: float) -> Ids:
    """Ids of documents of 60 sentences each, `share` of all."""
    documents = random.permutation(-(-size // 60))[: max(1, round(share * size / 60))]
    ids = (np.sort(documents)[:, None] * 60 + np.arange(60)).ravel() + 1
    return np.asarray(ids[ids <= size], np.int64)


def in_cells(home: Path, flat: Flat, size: int) -> Cells:
    """The sentences of `flat` in cells; sentences stand for passages where the number to look into is measured."""
    count = partition.cells_for(size)
    random = np.random.default_rng(1)

    def some(number: int) -> Vectors:
        rows = flat.rows(np.sort(random.choice(flat.ids, number, replace=False)))[1]
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    return partition.partitioned(
        home, some(min(size, count * partition.SAMPLE_PER_CELL)), some(200), flat.batches(), count
    )


def compared(flat: Flat, cells: Cells, queries: Vectors, chosen: Ids | None) -> dict[str, Any]:
    """Milliseconds in both, and what of the nearest in `flat` is found in `cells`."""

    def each(search: Callable[[Vectors, int, Ids | None], tuple[Vectors, Ids]]) -> tuple[dict[str, float], list[Ids]]:
        ids: list[Ids] = []
        seconds = [
            timed(partial(lambda query: ids.append(search(query, NEAREST, chosen)[1][0]), query[None]))
            for query in queries
        ]
        return milliseconds(seconds), ids

    (exact, truth), (approximate, found) = each(flat.search), each(cells.search)
    return {
        "all ms": exact,
        "cells ms": approximate,
        **{
            f"recall@{count}": round(
                float(
                    np.mean(
                        [np.isin(one[:count], other[:count]).mean() for one, other in zip(truth, found, strict=True)]
                    )
                ),
                4,
            )
            for count in (10, NEAREST)
        },
    }


if __name__ == "__main__":
    main()
