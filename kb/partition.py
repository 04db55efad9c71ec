"""Makes the cells of kb/cells.py: learns centroids, sorts sentences in, measures how many cells to look into.

Sentences pass through in batches and shards, so that memory holds a fraction of them at any time.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kb.cells import IDS, INDEX, LISTS, Cells, Made, attach, crc, nearest
from kb.codes import Ids, whole
from kb.derived import PARTIAL
from kb.encoder import Vectors
from kb.flat import Flat

PREFIX = "cells-"
"""Begins the name of every such folder."""

CELLS_PER_ROOT = 2
"""Cells for each square root of the number of sentences. With twice as many a third less need be looked at, but they
take nearly four times as long to make."""

SAMPLE_PER_CELL = 40
"""Sentences that each centroid is learned from: FAISS asks for 39 at least."""

ROUNDS = 8
"""Of k-means."""

SHARD = 500_000
"""Sentences sorted into cells in memory before they go to disk: 260 MB at 512 dimensions."""

THREADS = 2
"""While cells are made; a search uses one."""

SHARES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 1)
"""Of the cells that a search may look into; the least that finds enough is chosen."""

ENOUGH = {10: 0.995, 600: 0.985}
"""Share of the truly nearest 10 and 600 sentences that must be found, on average over the sampled queries. Somewhat
more than is wanted of questions, which are scattered more widely."""

BLUR = 1.7
"""Length of the noise added to a passage's unit vector until it stands for a question: the sentences nearest to it have
cosines of about 0.5 then, as those nearest to a question have."""

Batches = Iterable[tuple[Ids, Vectors]]
"""Ids (n,), ascending from one to the next, and whole vectors (n, dim)."""


def cells_for(sentences: int) -> int:
    """How many cells."""
    return max(1, round(CELLS_PER_ROOT * float(sentences**0.5)))


def partitioned(home: Path, sample: Vectors, passages: Vectors, batches: Batches, lists: int) -> Cells:
    """A new folder in `home` that holds `batches`.

    The centroids of `lists` cells are learned from the sentences `sample` (m, dim), how many to look into from
    `passages` (q, dim), blurred; all of unit length.
    """
    import faiss

    faiss.omp_set_num_threads(THREADS)
    with _folder(home) as partial:
        centroids = _learned(whole(sample), lists)
        ids, shards = _sharded(partial, centroids, batches, 0)
        made = _written(partial, centroids, ids, shards)
    cells = Cells(home, replace(made, learned_from=made.sentences, probes=lists))
    return Cells(home, replace(cells.made, probes=_probes(cells.index, whole(_blurred(passages)))))


def merged(cells: Cells, flat: Flat) -> Cells:
    """A new folder that holds what `cells` does and `flat`, whose ids are all above; the centroids stay."""
    import faiss

    faiss.omp_set_num_threads(THREADS)
    home, old = cells.path.parent, cells.made
    with _folder(home) as partial:
        centroids = cells.index.quantizer.reconstruct_n(0, old.lists)
        ids, shards = _sharded(partial, centroids, flat.batches(), old.sentences)
        made = _written(partial, centroids, np.concatenate([cells.ids, ids]), [cells.index, *shards])
    return Cells(home, replace(made, learned_from=old.learned_from, probes=old.probes))


@contextmanager
def _folder(home: Path) -> Iterator[Path]:
    """A new folder, under its final name once all that is in it is on the medium."""
    partial = home / f"{PREFIX}{secrets.token_hex(4)}{PARTIAL}"
    partial.mkdir()
    try:
        yield partial
        for path in [*partial.iterdir(), partial]:
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        partial.rename(partial.with_suffix(""))
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _empty(centroids: Vectors) -> Any:
    """An index with these centroids (k, dim) and no sentences."""
    import faiss

    lists, dim = centroids.shape
    nearest = faiss.IndexFlatIP(dim)
    nearest.add(centroids)
    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    index = faiss.IndexIVFScalarQuantizer(nearest, dim, lists, kind, faiss.METRIC_INNER_PRODUCT, False)
    index.is_trained = True  # such bytes need no training
    return index


def _learned(sample: Vectors, lists: int) -> Vectors:
    """Centroids (lists, dim) by k-means on the sphere."""
    import faiss

    most = SAMPLE_PER_CELL
    clustering = faiss.Kmeans(
        sample.shape[1], lists, niter=ROUNDS, spherical=True, min_points_per_centroid=1, max_points_per_centroid=most
    )
    clustering.train(sample)
    return np.asarray(clustering.centroids, np.float32)


def _sharded(partial: Path, centroids: Vectors, batches: Batches, first: int) -> tuple[Ids, list[Any]]:
    """The ids of all batches, and indices on disk that hold their sentences under their places, from `first` on."""
    import faiss

    ids, shard = [np.empty(0, np.int64)], _empty(centroids)
    shards: list[Any] = []

    def shelve() -> None:
        path = str(partial / f"shard-{len(shards)}")
        faiss.write_index(shard, path)
        shards.append(faiss.read_index(path, faiss.IO_FLAG_MMAP))

    for found, vectors in batches:
        shard.add_with_ids(vectors, np.arange(first, first + len(found)))
        first += len(found)
        ids.append(found)
        if shard.ntotal >= SHARD:
            shelve()
            shard = _empty(centroids)
    shelve()
    return np.concatenate(ids), shards


def _written(partial: Path, centroids: Vectors, ids: Ids, parts: Sequence[Any]) -> Made:
    """Puts the lists of all parts together, and what leads into them beside them."""
    import faiss

    index = _empty(centroids)
    attach(index, partial / LISTS, _joined(partial / LISTS, [part.invlists for part in parts]))
    index.ntotal = len(ids)
    index.make_direct_map(True)
    nothing = faiss.ArrayInvertedLists(index.nlist, index.code_size)
    index.replace_invlists(nothing, False)
    faiss.write_index(index, str(partial / INDEX))
    np.save(partial / IDS, ids)
    for path in partial.glob("shard-*"):
        path.unlink()
    files = {name: (size.stat().st_size, crc(size)) for name, size in ((n, partial / n) for n in (INDEX, LISTS, IDS))}
    return Made(partial.stem, len(ids), len(ids), len(centroids), len(centroids), files)


def _joined(path: Path, parts: Sequence[Any]) -> Ids:
    """Writes the lists of all parts into one file, cell by cell; how many sentences are in each cell. FAISS would map
    the file to write it, and end the process where the disk is full."""
    import faiss

    sizes = np.array([[part.list_size(cell) for part in parts] for cell in range(parts[0].nlist)], np.int64)
    with path.open("wb") as file:
        for cell, lengths in enumerate(sizes.tolist()):
            held = [(part, length) for part, length in zip(parts, lengths, strict=True) if length]
            for part, length in held:
                faiss.rev_swig_ptr(part.get_codes(cell), length * part.code_size).tofile(file)
            for part, length in held:
                faiss.rev_swig_ptr(part.get_ids(cell), length).tofile(file)
    return np.asarray(sizes.sum(axis=1))


def _blurred(vectors: Vectors) -> Vectors:
    noise = np.random.default_rng(0).standard_normal(vectors.shape, np.float32)
    blurred = vectors + BLUR / vectors.shape[1] ** 0.5 * noise
    return np.asarray(blurred / np.linalg.norm(blurred, axis=1, keepdims=True), np.float32)


def _probes(index: Any, queries: Vectors) -> int:
    """The fewest cells to look into that find enough."""
    most, cells = max(ENOUGH), int(index.nlist)
    truth = nearest(index, queries, most, cells)[1]
    for probes in (max(1, round(share * cells)) for share in SHARES):
        found = nearest(index, queries, most, probes)[1]
        if all(recall(truth[:, :count], found[:, :count]) >= enough for count, enough in ENOUGH.items()):
            return probes
    return cells


def recall(truth: Ids, found: Ids) -> float:
    """The share of `truth` (q, n) that `found` (q, m) holds, on average; -1 stands for none."""
    both = ((one[one >= 0], other) for one, other in zip(truth, found, strict=True))
    return float(np.mean([np.isin(one, other).mean() for one, other in both]))
