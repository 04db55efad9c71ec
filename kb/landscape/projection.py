"""From vectors to places on a map: t-SNE lays it out, new passages are put among their nearest.

docs/decisions/landscape.md has the measurements behind the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors

Positions = NDArray[np.float64]
"""Places on the map, shape (n, 2), each coordinate in [-1, 1]."""

PERPLEXITY = 30
"""Neighbours that t-SNE keeps together: the usual figure; 15 mixes languages no better."""

NEIGHBOURS_EACH = 3
"""t-SNE asks for three neighbours for each of its perplexity, so that fewer passages lower it."""

THREADS = 1
"""Beside a page that answers, two threads that wait for each other took up to five times as long as one."""

SEED = 0

START_SPREAD = 1e-4
"""Standard deviation of the places t-SNE starts from, as its authors advise."""

PRIOR_PASSAGES = 20
"""A language's mean counts as if so many passages stood at the mean of all: one document is not a language."""

JITTER = 1e-6
"""Added to each coordinate, so that the same text a hundred times over has directions at all."""

NEAREST = 5
TEMPERATURE = 0.02
"""Passages among which a new one is placed, and how much each draws it: e times less for so much less cosine, so that
it stands beside its nearest, in the middle only of those that are equally near."""


@dataclass(frozen=True, slots=True)
class Middles:
    """The mean vector of all passages, and of those of each language."""

    of_all: Vectors
    of_language: Mapping[str, Vectors]


def middles(vectors: Vectors, languages: Sequence[str]) -> Middles:
    """The means of unit vectors (n, dim) with their languages."""
    of_all, of = vectors.mean(axis=0), np.array(languages)
    return Middles(
        of_all,
        {
            language: (vectors[of == language].sum(axis=0) + PRIOR_PASSAGES * of_all)
            / ((of == language).sum() + PRIOR_PASSAGES)
            for language in set(languages)
        },
    )


def centred(vectors: Vectors, languages: Sequence[str], means: Middles) -> Vectors:
    """Unit vectors (n, dim) without what all passages of a language share: else a map shows languages, not topics."""
    found = vectors - np.stack([means.of_language.get(language, means.of_all) for language in languages])
    found += JITTER * np.random.default_rng(SEED).standard_normal(found.shape)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def laid_out(vectors: Vectors, start: Positions | None = None) -> Positions:
    """Places for unit vectors (n, dim), the same for the same input; near those of `start` where it is given, so
    that readers know their map again."""
    from openTSNE import TSNE
    from threadpoolctl import threadpool_limits

    layout = TSNE(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / NEIGHBOURS_EACH),
        initialization="pca" if start is None else _as_start(start),
        metric="cosine",
        neighbors="exact",
        negative_gradient_method="bh",
        n_jobs=THREADS,
        random_state=SEED,
    )
    with threadpool_limits(THREADS):  # sums in another order would be another map
        return _scaled(np.asarray(layout.fit(vectors), np.float64))


def placed(vectors: Vectors, among: Vectors, positions: Positions) -> Positions:
    """Places (m, 2) for unit vectors (m, dim) on a map where `among` (n, dim) stand at `positions` (n, 2)."""
    import faiss

    index = faiss.IndexFlatIP(among.shape[1])
    index.add(np.ascontiguousarray(among))
    cosines, nearest = index.search(np.ascontiguousarray(vectors), min(NEAREST, len(among)))
    pull = np.exp((cosines - cosines[:, :1]) / TEMPERATURE)[:, :, None]
    return np.asarray((positions[nearest] * pull).sum(axis=1) / pull.sum(axis=1))


def _as_start(positions: Positions) -> Positions:
    moved = positions - positions.mean(axis=0)
    noise = np.random.default_rng(SEED).standard_normal(positions.shape)  # t-SNE cannot part what starts as one
    return np.asarray((moved / moved[:, 0].std() + 0.01 * noise) * START_SPREAD)


def _scaled(positions: Positions) -> Positions:
    moved = positions - (positions.max(axis=0) + positions.min(axis=0)) / 2
    return np.asarray(moved / np.abs(moved).max())
