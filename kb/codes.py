"""Unit vectors as bytes, a byte a component, as the index of sentences keeps them.

A quarter of the memory and of the time, and the 600 nearest are the same but for two or three
(docs/decisions/index-bytes.md). FAISS calls it QT_8bit_direct_signed.
"""

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors

Ids = NDArray[np.int64]

WIDEST = 6.0
"""Largest component that fits a byte, in standard deviations of a unit vector's (1 / sqrt(dim)); others are cut."""


def scale(dim: int) -> float:
    """What a component is multiplied with before it becomes a byte."""
    return 127 * float(np.sqrt(dim)) / WIDEST


def whole(vectors: Vectors) -> Vectors:
    """Unit vectors (n, dim) as whole numbers from -127 to 127, still float32, as FAISS takes and returns them."""
    return np.asarray(np.clip(np.rint(vectors * np.float32(scale(vectors.shape[-1]))), -127, 127), np.float32)
