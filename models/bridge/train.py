"""Learn the lexical bridge from sentence pairs, our own rows and glossaries, in minutes.

    python -m models.bridge.train PAIRS_FOLDER

IBM Model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993) over sets
of lemmas in both directions, trained to agree (Liang, Taskar and Klein, "Alignment by
Agreement", 2006): a link counts by the product of both directions' posteriors, which keeps rare
words from collecting everything that stands beside them.
"""

import argparse
import sqlite3
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb import terms
from kb.bridge import FILE, PIVOT, SCHEMA, STEPS
from kb.text import words
from models import pairs

LANGUAGES = ("pl", "de", "lv", "lt")

ROW_WEIGHT = 10.0
GLOSS_WEIGHT = 10.0
"""How often a row or a gloss counts beside a pair of the documentation."""

MOST_TERMS = 40
"""Longer sentences are cut: alignment in them is guesswork, and cells grow with the square."""

ROUNDS = 5

NULL = 1e-3
"""Probability of a word having no counterpart in the sentence, before it is shared out."""

COGNATE_LETTERS = 4
COGNATE = 8.0
"""Words with the same first letters are this much likelier to be linked at the start: motivate, motivēt."""

LEAST_PROBABILITY = 0.05
LEAST_COUNT = 2.6
MOST_LINKS = 8
"""A link stays when it is among a word's likeliest in one direction or the other."""

PROCESSES = 2
"""Languages learned at once; each takes about 4 GB."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Links:
    """Expected counts of links between two vocabularies: `count[i]` of `left[i]` with `right[i]`."""

    left: Ints
    right: Ints
    count: Floats


class Vocabulary(dict[str, int]):
    """Terms to consecutive ids."""

    def __missing__(self, term: str) -> int:
        self[term] = len(self)
        return self[term]


def term_set(text: str, language: str) -> list[str]:
    """The distinct lemmas of `text`, at most MOST_TERMS; numbers and single letters say nothing."""
    found = (terms.lemma(word, language) for word in words(text) if word.isalpha())
    return list(dict.fromkeys(lemma for lemma in found if len(lemma) > 1))[:MOST_TERMS]


def examples(folder: Path, language: str) -> Iterator[tuple[str, str, float]]:
    """Text, English and weight of everything there is for `language`."""
    for pair in pairs.pairs(folder, language):
        yield pair.text, pair.english, 1.0
    for row in pairs.rows():
        yield row.text(language), row.text("en"), ROW_WEIGHT
    for gloss in pairs.glosses(language):
        for rank, english in enumerate(gloss.english, start=1):
            yield gloss.word, english, GLOSS_WEIGHT / rank


def align(found: Iterable[tuple[list[str], list[str], float]], left: Vocabulary, right: Vocabulary) -> Links:
    """Expected link counts over sets of terms, each pair of sets with its weight."""
    pairs_of_sets = [(ours, theirs, weight) for ours, theirs, weight in found if ours and theirs]
    sides = [
        (np.array([left[term] for term in ours]), np.array([right[term] for term in theirs]))
        for ours, theirs, _ in pairs_of_sets
    ]
    sizes_left, sizes_right = (np.array([len(side[k]) for side in sides]) for k in (0, 1))
    cells = sizes_left * sizes_right
    keys = np.concatenate([np.add.outer(a * (1 << 32), b).ravel() for a, b in sides])
    unique, inverse = np.unique(keys, return_inverse=True)
    # A cell's neighbours: those with the same left word in its sentence, and with the same right word.
    by_left = np.repeat(np.arange(sizes_left.sum()), np.repeat(sizes_right, sizes_left))
    offsets = np.repeat(np.concatenate([[0], np.cumsum(sizes_right)[:-1]]), cells)
    starts = np.repeat(np.concatenate([[0], np.cumsum(cells)[:-1]]), cells)
    by_right = offsets + (np.arange(cells.sum()) - starts) % np.repeat(sizes_right, cells)
    weight = np.repeat([weight for _, _, weight in pairs_of_sets], cells)
    left_of, right_of = unique >> 32, unique & ((1 << 32) - 1)
    forward = backward = np.where(_cognate(left, right, left_of, right_of), COGNATE, 1.0)
    count: Floats = np.zeros(len(unique))
    for _ in range(ROUNDS):
        ahead, back = forward[inverse], backward[inverse]
        ahead /= np.bincount(by_right, ahead)[by_right] + NULL
        back /= np.bincount(by_left, back)[by_left] + NULL
        count = np.bincount(inverse, ahead * back * weight, len(unique)).astype(np.float64)
        forward = count / np.maximum(np.bincount(left_of, count)[left_of], 1e-12)
        backward = count / np.maximum(np.bincount(right_of, count)[right_of], 1e-12)
    return Links(left_of, right_of, count)


def _cognate(left: Vocabulary, right: Vocabulary, left_of: Ints, right_of: Ints) -> NDArray[np.bool_]:
    beginnings = Vocabulary()
    ours, theirs = (
        np.array([beginnings[term[:COGNATE_LETTERS]] if len(term) > COGNATE_LETTERS else -side for term in words])
        for side, words in ((1, left), (2, right))
    )
    return np.asarray(ours[left_of] == theirs[right_of])


def prune(links: Links) -> tuple[Links, Floats, Floats]:
    """The links worth keeping, and their probabilities from left to right and from right to left."""
    ahead = links.count / np.maximum(np.bincount(links.left, links.count)[links.left], 1e-12)
    back = links.count / np.maximum(np.bincount(links.right, links.count)[links.right], 1e-12)
    keep_ahead = (ahead >= LEAST_PROBABILITY) & (_rank(links.left, ahead) < MOST_LINKS)
    keep_back = (back >= LEAST_PROBABILITY) & (_rank(links.right, back) < MOST_LINKS)
    ahead, back = np.where(keep_ahead, ahead, 0.0), np.where(keep_back, back, 0.0)
    keep = (keep_ahead | keep_back) & (links.count >= LEAST_COUNT)
    return Links(links.left[keep], links.right[keep], links.count[keep]), ahead[keep], back[keep]


def _rank(group: Ints, value: Floats) -> Ints:
    """Each value's rank, from 0, within its group."""
    order = np.lexsort((-value, group))
    at = np.arange(len(group), dtype=np.int64)
    first = np.diff(group[order], prepend=-1) != 0
    ranks = np.empty(len(group), np.int64)
    ranks[order] = at - np.maximum.accumulate(np.where(first, at, 0))
    return ranks


@dataclass(frozen=True, slots=True)
class Table:
    """A language's words and the English ones they are linked with, with frequencies, and the links: the two terms,
    and both probabilities, 0 where pruned away."""

    language: str
    frequencies: dict[str, int]
    english: dict[str, int]
    links: list[tuple[str, str, float, float]]


def learn(folder: Path, language: str) -> Table:
    """The translation table of `language`."""
    left, right = Vocabulary(), Vocabulary()
    sets = ((term_set(text, language), term_set(english, "en"), w) for text, english, w in examples(folder, language))
    kept, ahead, back = prune(align(sets, left, right))
    ours, theirs = list(left), list(right)
    links = [
        (ours[a], theirs[b], float(p), float(q)) for a, b, p, q in zip(kept.left, kept.right, ahead, back, strict=True)
    ]
    return Table(
        language, _frequencies(ours, kept.left, kept.count), _frequencies(theirs, kept.right, kept.count), links
    )


def _frequencies(words_of: list[str], used: Ints, count: Floats) -> dict[str, int]:
    total = np.bincount(used, count)
    return {words_of[at]: max(1, round(total[at])) for at in np.unique(used)}


def write(db: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Put the tables into an empty database."""
    ids: dict[tuple[str, str], int] = {}
    found = list(tables)
    words_of = {table.language: table.frequencies for table in found}
    words_of[PIVOT] = {}
    for table in found:
        for english, frequency in table.english.items():
            words_of[PIVOT][english] = words_of[PIVOT].get(english, 0) + frequency
    for language, frequencies in words_of.items():
        for term, frequency in sorted(frequencies.items()):
            ids[language, term] = len(ids) + 1
            db.execute("INSERT INTO words VALUES (?, ?, ?, ?)", [len(ids), language, term, frequency])
    for table in found:
        for term, english, ahead, back in table.links:
            mine, theirs = ids[table.language, term], ids[PIVOT, english]
            for source, target, probability in ((mine, theirs, ahead), (theirs, mine, back)):
                if round(probability * STEPS):
                    db.execute("INSERT INTO links VALUES (?, ?, ?)", [source, target, round(probability * STEPS)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.bridge.train", description="Learn the lexical bridge.")
    parser.add_argument("pairs", type=Path, help="folder with parallel.<code>-en.tsv[.xz]")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / FILE)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, metavar="CODE")
    chosen = parser.parse_args()
    start = time.monotonic()
    with ProcessPoolExecutor(PROCESSES) as pool:
        tables = list(pool.map(partial(learn, chosen.pairs), chosen.languages))
    chosen.out.unlink(missing_ok=True)
    db = sqlite3.connect(chosen.out)
    db.executescript(SCHEMA)
    with db:
        write(db, tables)
    db.execute("VACUUM")
    db.close()
    for table in tables:
        print(f"{table.language}: {len(table.frequencies)} words, {len(table.links)} links")
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.1f} MB in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
