"""What the pack learns from: groups of texts, each text with the vector it should get."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.pack import bag_text
from models import pairs
from models.baltic import inflection, synthesis
from models.pairs import Gloss, Pair, Row

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

MOST_FORMS = 40
"""Inflected forms of a glossary's word that are taught beside it."""

JOINED = 12_000
"""Longer texts made of neighbouring rows: passages are longer than sentences."""

MOST_JOINED = 5

OTHERS = 0.2
"""Weight of the Polish and of the German vector of a row beside the English one's 1 - 2 x 0.2: a row
should also be near its other translations."""


@dataclass(frozen=True, slots=True)
class Group:
    """Texts as bags are made of them, targets (n, dim), and how often each is drawn, relative to the others.

    `share` is the part of each batch that comes from this group.
    """

    texts: list[str]
    targets: Vectors
    weights: NDArray[np.float64]
    share: float


def groups(folder: Path, english: Sequence[str], languages: Sequence[str], encode: Encode) -> dict[str, Group]:
    """Every group there is data for."""
    chance = random.Random(1)
    rows = pairs.rows()
    documentation = [pair for language in languages for pair in pairs.pairs(folder, language)]
    written = [language for language in languages if language in pairs.COLUMNS]
    found = {
        "documentation": _of_pairs(documentation, 0.3, encode),
        "rows": _of_rows(rows, written, 0.15, encode),
        "joined rows": _of_joined(rows, written, 0.1, encode, chance),
        "glossary": _of_glosses([g for language in languages for g in pairs.glosses(language)], 0.2, encode),
    }
    if english:
        made = [pair for language in languages for pair in synthesis.translate(english, language, chance)]
        found["synthetic"] = _of_pairs(made, 0.25, encode)
    return {name: group for name, group in found.items() if group.texts}


def _of_pairs(found: Sequence[Pair], share: float, encode: Encode) -> Group:
    texts = [bag_text(pair.text, pair.language) for pair in found]
    return Group(texts, encode([pair.english for pair in found]), np.ones(len(texts)), share)


def _of_rows(rows: Sequence[Row], languages: Sequence[str], share: float, encode: Encode) -> Group:
    others = encode([row.text("pl") for row in rows]) + encode([row.text("de") for row in rows])
    targets = unit((1 - 2 * OTHERS) * encode([row.text("en") for row in rows]) + OTHERS * others)
    texts = [bag_text(row.text(language), language) for language in languages for row in rows]
    return Group(texts, np.tile(targets, (len(languages), 1)), np.ones(len(texts)), share)


def _of_joined(
    rows: Sequence[Row], languages: Sequence[str], share: float, encode: Encode, chance: random.Random
) -> Group:
    starts = [chance.randrange(len(rows) - MOST_JOINED) for _ in range(JOINED)]
    runs = [rows[start : start + chance.randint(2, MOST_JOINED)] for start in starts]

    def joined(language: str) -> list[str]:
        return [" ".join(row.text(language) for row in run) for run in runs]

    texts = [bag_text(text, language) for language in languages for text in joined(language)]
    return Group(texts, np.tile(encode(joined("en")), (len(languages), 1)), np.ones(len(texts)), share)


def _of_glosses(glosses: Sequence[Gloss], share: float, encode: Encode) -> Group:
    """Words in up to MOST_FORMS forms; the first meaning counts most."""
    english = list(dict.fromkeys(meaning for gloss in glosses for meaning in gloss.english))
    vectors, at = encode(english), {meaning: number for number, meaning in enumerate(english)}
    texts: list[str] = []
    targets: list[Vectors] = []
    weights: list[float] = []
    for gloss in glosses:
        known = inflection.forms(gloss.language).get(gloss.word, [])[:MOST_FORMS]
        meanings = vectors[[at[meaning] for meaning in gloss.english]]
        target = unit((meanings / np.arange(1, len(meanings) + 1)[:, np.newaxis]).sum(axis=0))
        texts += [bag_text(form, gloss.language) for form in (gloss.word, *known)]
        targets += [target] * (1 + len(known))
        weights += [1 / (1 + len(known)) ** 0.5] * (1 + len(known))
    return Group(texts, np.array(targets, np.float32), np.array(weights), share)


def unit(vectors: Vectors) -> Vectors:
    """`vectors` at length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def once_each(encode: Encode) -> Encode:
    """`encode` that never encodes the same text twice."""
    kept: dict[str, NDArray[np.float16]] = {}

    def encoded(texts: Iterable[str]) -> Vectors:
        wanted = list(texts)
        new = sorted({text for text in wanted if text not in kept}, key=len)
        for start in range(0, len(new), 256):
            part = new[start : start + 256]
            kept.update(zip(part, encode(part).astype(np.float16), strict=True))
        return unit(np.array([kept[text] for text in wanted], np.float32))

    return encoded
