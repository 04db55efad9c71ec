"""A language pack: a small encoder for languages that the bundled one does not know, in its space.

A text becomes a bag: its subword pieces, and the pieces of those words' lemmas that differ from
the words. Their vectors are summed, divided by the root of their number, and sent through one
hidden layer with a skip. Trained to land where the bundled encoder puts the English translation
(`models/baltic/README.md`). numpy only; thread-safe.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb import terms
from kb.text import words

PIECES = "pieces.model"
WEIGHTS = "weights.npz"
CARD = "pack.json"

MOST_PIECES = 400
"""A longer text is cut: a passage has about 150."""


def bag_text(text: str, language: str) -> str:
    """`text` with the lemmas of its inflected words behind it: what the pieces are taken from."""
    forms = ((word, terms.dictionary_form(word, language)) for word in words(text) if word.isalpha())
    return " ".join([text, *(form for word, form in forms if form != word.lower())])


@dataclass(frozen=True, slots=True)
class Weights:
    """The table as integers (pieces, d) with a scale a row, and the layers: up (d, h), down (h, dim)."""

    table: NDArray[np.int8]
    scales: NDArray[np.float32]
    up: NDArray[np.float32]
    up_bias: NDArray[np.float32]
    down: NDArray[np.float32]
    down_bias: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> "Weights":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            table = arrays["table"]
            return cls(table, *(arrays[name].astype(np.float32) for name in cls.__slots__[1:]))

    def save(self, path: Path) -> None:
        """Write the weights, those of the layers in half precision."""
        halves = {name: getattr(self, name).astype(np.float16) for name in self.__slots__[1:]}
        np.savez(path, table=self.table, **halves)

    def vectors(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Unit vectors (n, dim) of bags of piece ids, none of them empty."""
        counts = np.array([len(bag) for bag in pieces])
        flat = np.concatenate([np.asarray(bag, np.int64) for bag in pieces])
        rows = self.table[flat].astype(np.float32) * self.scales[flat, np.newaxis]
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        bags = np.add.reduceat(rows, starts, axis=0) / np.sqrt(counts, dtype=np.float32)[:, np.newaxis]
        hidden = np.maximum(bags @ self.up + self.up_bias, 0)
        found = bags + hidden @ self.down + self.down_bias
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12), np.float32)


class TablePack:
    """A pack read from a folder. Thread-safe; loads at the first text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        card = json.loads((folder / CARD).read_text("utf-8"))
        self.languages = frozenset(card["languages"])
        self.fingerprint = f"{card['name']}/{card['weights_sha256'][:12]}"

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (len(texts), dim) of `texts`, each in the language of the same place."""
        pieces, weights = _loaded(self._folder)
        found = []
        for start in range(0, len(texts), BATCH):
            bags = [
                bag_text(text, language)
                for text, language in zip(texts[start : start + BATCH], languages[start : start + BATCH], strict=True)
            ]
            found.append(weights.vectors([ids[:MOST_PIECES] or [0] for ids in pieces.encode(bags)]))
        return np.concatenate(found)


BATCH = 256
"""Texts encoded at once: more only costs memory."""


@lru_cache(maxsize=8)
def _loaded(folder: Path) -> tuple[Any, Weights]:
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=str(folder / PIECES)), Weights.load(folder / WEIGHTS)


def sha256(folder: Path) -> str:
    """Hex digest of the pack's tokeniser and weights, which the fingerprint is made of."""
    digest = hashlib.sha256()
    for name in (PIECES, WEIGHTS):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def bundled_packs() -> tuple[TablePack, ...]:
    """The packs that come with HopKB: every folder of `models` with a card."""
    root = Path(str(files("models")))
    return tuple(TablePack(path.parent) for path in sorted(root.glob(f"*/{CARD}")))
