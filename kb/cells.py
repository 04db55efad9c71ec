"""Many sentences in cells: a search looks into those nearest to its query. Approximate, and on disk.

An inverted file of FAISS, in a folder of its own that never changes once it is made:

    index     centroids, where each list begins, where each sentence lies: read into memory, 8 bytes a sentence
    lists     the bytes of the sentences, cell by cell: mapped, so memory holds what searches touch
    ids.npy   ids, ascending; a sentence's place here is what FAISS knows it by: mapped

Whenever a folder is opened, all sizes are compared, and the checksums of all but the lists. Those take gigabytes, and
nothing in them leads anywhere: a flipped bit there makes one sentence look nearer or farther, or be missed. Torn writes
cannot be, as they are on the medium before anything names them. `is_whole` reads them, which `verify` asks and every
merge. Why this index and these figures: docs/decisions/many-sentences.md.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.codes import Ids
from kb.encoder import Vectors

INDEX, LISTS, IDS = "index", "lists", "ids.npy"

FEW = 0.01
"""Share of the sentences below which those that a filter allows are read one by one: to pass over all the others in
their lists would take longer."""


@dataclass(frozen=True, slots=True)
class Made:
    """A folder of cells as the index file records it: how many sentences it holds and how many there were when its
    centroids were learned, how many cells there are and how many a search looks into, bytes and CRC-32 by file."""

    folder: str
    sentences: int
    learned_from: int
    lists: int
    probes: int
    files: Mapping[str, Sequence[int]]


class Cells:
    """An opened folder of cells. Not thread-safe."""

    def __init__(self, home: Path, made: Made) -> None:
        """Raises OSError, ValueError or RuntimeError where files are missing or damaged."""
        self.path, self.made = home / made.folder, made
        for name in (INDEX, LISTS, IDS):
            path, (size, checksum) = self.path / name, made.files[name]
            if path.stat().st_size != size or (name != LISTS and crc(path) != checksum):
                raise ValueError(f"{path} is damaged")
        self.index = _opened(self.path)
        self.ids: Ids = np.load(self.path / IDS, mmap_mode="r")

    def __len__(self) -> int:
        return self.made.sentences

    def search(self, queries: Vectors, count: int, allowed: Ids | None) -> tuple[Vectors, Ids]:
        """As Flat.search, but for a few of the nearest. Where only some sentences are allowed, as many of them are
        looked at as of all otherwise: so where they are few, at every one."""
        if allowed is not None and len(allowed) < FEW * len(self):
            return self._among(queries, count, allowed)
        probes, bitmap = self.made.probes, None
        if allowed is not None:
            chosen = np.zeros(max(int(self.ids[-1]), int(allowed.max())) + 1, bool)
            chosen[allowed] = True
            bits = chosen[self.ids]
            probes = min(self.made.lists, int(np.ceil(probes * len(bits) / max(1, bits.sum()))))
            bitmap = np.packbits(bits, bitorder="little")
        scores, places = nearest(self.index, queries, min(count, len(self)), probes, bitmap)
        held = (places >= 0) & (places < len(self))
        return scores, np.where(held, self.ids[np.where(held, places, 0)], -1)

    def _among(self, queries: Vectors, count: int, allowed: Ids) -> tuple[Vectors, Ids]:
        """The nearest of few sentences, exactly."""
        known, rows = self.rows(allowed)
        scores = queries @ rows.T
        order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        return np.take_along_axis(scores, order, 1), allowed[known][order]

    def rows(self, ids: Ids) -> tuple[NDArray[np.bool_], Vectors]:
        """As Flat.rows."""
        known, places = self._places(ids)
        return known, self.index.reconstruct_batch(places)

    def _places(self, ids: Ids) -> tuple[NDArray[np.bool_], Ids]:
        """Which of these ids (n,) are held, and the places (m,) of those."""
        at = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        known = np.asarray(self.ids[at] == ids)
        return known, at[known]

    def is_whole(self) -> bool:
        """Whether the lists, too, are as they were written."""
        return crc(self.path / LISTS) == self.made.files[LISTS][1]


def nearest(
    index: Any, queries: Vectors, count: int, probes: int, bitmap: NDArray[np.uint8] | None = None
) -> tuple[Vectors, Ids]:
    """Inner products and places (q, count) of the sentences nearest to whole queries (q, dim), nearest first, in
    `probes` cells; of those whose bit is set, or of all. Place -1 where there are no more."""
    import faiss

    selector = None if bitmap is None else faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]  # as below
    parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)  # type: ignore[call-arg]  # the stubs lack it
    scores, places = index.search(queries, count, params=parameters)
    return scores, places


def _opened(path: Path) -> Any:
    """The index in a folder with its lists mapped. Left to itself, FAISS would look for them where they were made, or
    print that it looks elsewhere."""
    import faiss

    index: Any = faiss.read_index(str(path / INDEX))
    cell_of = faiss.vector_to_array(index.direct_map.array) >> 32  # the high half of a sentence's entry
    attach(index, path / LISTS, np.bincount(cell_of, minlength=index.nlist))
    return index


def attach(index: Any, path: Path, sizes: Ids) -> None:
    """Give an index the lists in a file: for each cell, of so many sentences, their bytes and then their places."""
    import faiss

    lists: Any = faiss.OnDiskInvertedLists(index.nlist, index.code_size, str(path))
    counts = sizes.astype(np.uint64)  # named, or it would be gone before it is read
    lists.set_all_lists_sizes(faiss.swig_ptr(counts))
    lists.totsize, lists.read_only = path.stat().st_size, True
    lists.prefetch_nthread = 0  # 32 threads a query otherwise
    lists.do_mmap()
    index.replace_invlists(lists, True)
    lists.this.disown()


def crc(path: Path) -> int:
    """The CRC-32 of a file, read piece by piece."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            found = zlib.crc32(piece, found)
    return found
