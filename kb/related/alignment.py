"""Whether two texts in two languages say the same: sentences that are each other's nearest, in order.

A translation keeps its sentences in order and leaves few out; two texts on one topic share a sentence here and
there. So links between sentences are chained, and the chain is scored by how much of the texts it covers. The
figures are from docs/decisions/related.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

NEIGHBOURS = 4
"""Nearest sentences by whose mean cosine a link's is divided (ratio margin, Artetxe & Schwenk 2019)."""

SKIPPED = 0.05
"""What a skipped character costs a chain; a linked one earns its sentence's cosine, of 0.3 to 0.8."""

LOOK_BACK = 200
"""Links before a link among which its predecessor in the chain is sought: what lies further off costs more than it
brings, and a book has thousands."""

FEW_LINKS = 4.0
"""Links after which a chain has earned 1 - 1/e of its score: three or four sentences are in order by chance."""

CELLS = 8_000_000
"""Cosines held at once: 32 MB, so that two books can be aligned as well."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says in one language, sentence by sentence: its passage (n,), its length in
    characters (n,), its unit vector (n, dim)."""

    document_id: int
    language: str
    passages: Numbers
    lengths: Floats
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.passages)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Sentences `left[i]` and `right[i]` that say the same, in order, and their cosines.

    `score` in [0, 1]: the share of the shorter text that is aligned, or of the stretch between the first and the
    last link where that is less, times the mean cosine, less where there are few links.
    """

    left: Numbers
    right: Numbers
    cosines: Floats
    score: float


def align(left: Side, right: Side) -> Alignment:
    """The best chain of linked sentences of two texts that have a sentence at least."""
    x, y, cosines = _mutual(left.vectors, right.vectors)
    shared = np.minimum(left.lengths[x], right.lengths[y])
    before_left, before_right = _before(left.lengths), _before(right.lengths)
    ends = np.stack([before_left[x + 1], before_right[y + 1]])
    starts = np.stack([before_left[x], before_right[y]])
    chain = _chain(y, shared * cosines, starts, ends)
    x, y, cosines, shared = x[chain], y[chain], cosines[chain], shared[chain]
    stretch = (ends[:, chain[-1]] - starts[:, chain[0]]).max()
    shorter = min(before_left[-1], before_right[-1])
    covered = shared.sum() / max(stretch, shorter)
    score = covered * np.average(cosines, weights=shared) * (1 - np.exp(-len(chain) / FEW_LINKS))
    return Alignment(x, y, cosines, float(max(score, 0.0)))


def linked_passages(left: Side, right: Side, found: Alignment, least: float) -> Iterator[tuple[int, int, float]]:
    """Passages that say the same, with the mean cosine of their linked sentences: at least the share `least` of
    the shorter one, in characters, is linked with the other."""
    shared = np.minimum(left.lengths[found.left], right.lengths[found.right])
    pairs = np.stack([left.passages[found.left], right.passages[found.right]], axis=1)
    for pair in np.unique(pairs, axis=0):
        of_pair = (pairs == pair).all(axis=1)
        lengths = [
            side.lengths[side.passages == passage].sum() for side, passage in zip((left, right), pair, strict=True)
        ]
        if shared[of_pair].sum() >= least * min(lengths):
            cosine = np.average(found.cosines[of_pair], weights=shared[of_pair])
            yield int(pair[0]), int(pair[1]), float(cosine)


def _before(lengths: Floats) -> Floats:
    """Characters before each sentence, and in the end all of them."""
    return np.concatenate([[0.0], np.cumsum(lengths)])


def _mutual(left: Vectors, right: Vectors) -> tuple[Numbers, Numbers, Floats]:
    """Pairs of rows that are each other's nearest by ratio margin, in the order of `left`, and their cosines."""
    height = max(1, CELLS // len(right))
    blocks = range(0, len(left), height)
    of_left = np.empty(len(left))
    nearest_right = np.empty((0, len(right)), np.float32)
    for first in blocks:
        block = left[first : first + height] @ right.T
        of_left[first : first + height] = _largest(block.T).mean(axis=0)
        nearest_right = _largest(np.vstack([nearest_right, block]))
    of_right = nearest_right.mean(axis=0)
    best_left = np.full(len(right), -np.inf)
    at_left = np.zeros(len(right), np.int64)
    best_right, cosine = np.empty(len(left), np.int64), np.empty(len(left))
    for first in blocks:
        block = left[first : first + height] @ right.T
        rows = np.arange(len(block))
        margins = block / np.maximum((of_left[first : first + height, None] + of_right) / 2, 1e-6)
        best_right[first + rows] = margins.argmax(axis=1)
        cosine[first + rows] = block[rows, best_right[first + rows]]
        highest = margins.max(axis=0)
        at_left = np.where(highest > best_left, first + margins.argmax(axis=0), at_left)
        best_left = np.maximum(highest, best_left)
    mutual = np.flatnonzero(at_left[best_right] == np.arange(len(left)))
    return mutual, best_right[mutual], cosine[mutual]


def _largest(block: Vectors) -> Vectors:
    """The NEIGHBOURS largest of each column, or all where there are fewer."""
    count = min(NEIGHBOURS, len(block))
    return np.partition(block, len(block) - count, axis=0)[len(block) - count :]


def _chain(right: Numbers, gains: Floats, starts: Floats, ends: Floats) -> Numbers:
    """The links, in order in both texts, that gain most after what they skip; links come in the left text's order,
    `starts` and `ends` (2, n) count characters."""
    best = gains.copy()
    before = np.full(len(gains), -1, np.int64)
    for at in range(1, len(gains)):
        first = max(0, at - LOOK_BACK)
        skipped = (starts[:, at, None] - ends[:, first:at]).sum(axis=0)
        gained = np.where(right[first:at] < right[at], best[first:at] - SKIPPED * skipped, -np.inf)
        nearest = int(gained.argmax())
        if gained[nearest] > 0:
            best[at] += gained[nearest]
            before[at] = first + nearest
    chain = [int(best.argmax())]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1])
