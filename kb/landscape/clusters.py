"""Passages that lie together on the map."""

import numpy as np
from numpy.typing import NDArray

from kb.landscape.projection import SEED, THREADS, Positions

PASSAGES_EACH = 50
FEWEST, MOST = 4, 24
"""About one cluster for each fifty passages, and no more than a person reads through."""

STARTS = 10
"""k-means from so many beginnings: the best is kept."""


def centres(positions: Positions) -> Positions:
    """The middles (k, 2) of the clusters at `positions` (n, 2), by k-means.

    By density (HDBSCAN) half of the passages belonged to none, and the rest agreed no better on their topics.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    count = min(max(round(len(positions) / PASSAGES_EACH), FEWEST), MOST)
    with threadpool_limits(THREADS):
        return np.asarray(KMeans(count, n_init=STARTS, random_state=SEED).fit(positions).cluster_centers_)


def nearest(positions: Positions, middles: Positions) -> NDArray[np.int64]:
    """The row of `middles` (k, 2) that is nearest to each of `positions` (n, 2)."""
    return np.asarray(((positions[:, None] - middles[None]) ** 2).sum(axis=2).argmin(axis=1))
