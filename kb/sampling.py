"""Sentence vectors as the store holds them, in batches, and samples of them that cells are made by."""

from collections.abc import Iterator

import numpy as np

from kb import partition
from kb.cells import Cells
from kb.codes import Ids, whole
from kb.encoder import Vectors
from kb.rows import unpack
from kb.store import Store

BATCH = 50_000
"""Sentences read at once: 100 MB of vectors at 512 dimensions."""

QUERIES = 200
"""Passages that stand for queries while it is measured how many cells to look into."""

NEIGHBOURS = 8
"""Sentences in a row that are read at once for the sample."""


def batches(store: Store, above: int) -> Iterator[tuple[Ids, Vectors]]:
    """Ids (n,), ascending, and whole vectors (n, dim) of the sentences with ids above `above`."""
    while True:
        ids, vectors = store.sentence_vectors(above, BATCH)
        if not ids:
            return
        yield np.array(ids, np.int64), whole(vectors)
        above = ids[-1]


def partitioned(store: Store) -> Cells:
    """All sentences of the store, in cells."""
    count = int(store.db.execute("SELECT count(*) FROM sentences").fetchone()[0])
    lists = partition.cells_for(count)
    sample = _sentences(store, min(count, lists * partition.SAMPLE_PER_CELL), count)
    return partition.partitioned(store.home, sample, _passages(store), batches(store, 0), lists)


def _sentences(store: Store, most: int, count: int) -> Vectors:
    """Vectors (at most `most`, dim) of sentences from everywhere in the store; all where there are no more."""
    if most == count:
        return store.sentence_vectors()[1]
    last = store.db.execute("SELECT max(id) FROM sentences").fetchone()[0]
    starts = np.sort(np.random.default_rng(0).integers(0, last, most // NEIGHBOURS)).tolist()
    found = (store.sentence_vectors(start, NEIGHBOURS)[1] for start in starts)
    return np.concatenate([vectors for vectors in found if len(vectors)])


def _passages(store: Store) -> Vectors:
    """Vectors (QUERIES, dim) of passages from everywhere in the store."""
    last = store.db.execute("SELECT max(id) FROM passages").fetchone()[0]
    sql = "SELECT vector FROM passages WHERE id > ? ORDER BY id LIMIT 1"
    starts = np.random.default_rng(0).integers(0, last, QUERIES).tolist()
    return unpack([store.db.execute(sql, [start]).fetchone()[0] for start in starts])
