"""`python -m benchmarks.landscape [HOME]`: does the map show topics, not languages, and what does it cost?

HOME is a knowledge base (default: the sample corpus, ingested for it); it is not changed. For its passages, on maps
made with and without what a language shares: how many of the ten nearest passages of other documents are in another
language, against what chance would give; how many share a topic; how near linked passages (copies, translations) lie.
Then the same for passages that are placed on a finished map, every fifth, against laid out with it.
`--sizes N ...` measures the seconds for N synthetic passages: a first layout, and twenty more passages placed; by
the clock and of processor time, with `--threads N ...` threads. Prints JSON.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.sample import ingested
from kb import KnowledgeBase
from kb.config import LANGUAGES
from kb.encoder import Vectors
from kb.landscape import projection
from kb.landscape.update import update
from kb.rows import unpack
from kb.store import Store
from kb.types import DraftDocument, DraftPassage, Place, PlaceKind, Span

NEAREST = 10
HELD_OUT = 5
"""Every fifth passage is placed instead of laid out."""

NEAR = 0.02
"""Share of all passages within which a linked one is called near."""

THEME_PASSAGES, NOISE, ACCENT = 40, 1.2, 0.5
"""Synthetic vectors: themes of so many passages, spread so far, and so far apart by language."""

PASSAGES = 20
"""Of a synthetic document."""

SENTENCE = "Volunteers and residents plant trees in the park."


@dataclass(frozen=True, slots=True)
class Passages:
    """What is known of the passages of a knowledge base, a row each; `links`: pairs of rows that say the same."""

    documents: NDArray[np.int64]
    languages: NDArray[np.str_]
    topics: tuple[frozenset[str], ...]
    vectors: Vectors
    links: tuple[tuple[int, int], ...]


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.landscape", description=__doc__)
    parser.add_argument("home", nargs="?", type=Path, metavar="HOME")
    parser.add_argument("--sizes", type=int, nargs="+", default=[], metavar="N")
    parser.add_argument("--threads", type=int, nargs="+", default=[projection.THREADS], metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = options.home or Path(scratch) / "corpus"
        with KnowledgeBase.open(home, create=not options.home) as kb:
            if not options.home:
                ingested(kb)
            result: dict[str, object] = {"quality": quality(read(kb.store))}
        seconds = {}
        for size in options.sizes:
            for threads in options.threads:
                projection.THREADS = threads
                with KnowledgeBase.open(Path(scratch) / f"{size}-{threads}", create=True) as kb:
                    seconds[f"{size} passages, {threads} threads"] = cost(kb, size)
        result["seconds"] = seconds
    print(json.dumps(result, indent=2))


def read(store: Store) -> Passages:
    """The passages of a knowledge base."""
    rows = store.db.execute("SELECT id, document_id, language, vector FROM passages ORDER BY id").fetchall()
    at = {row[0]: number for number, row in enumerate(rows)}
    topics: dict[int, set[str]] = {}
    for document, topic in store.db.execute("SELECT document_id, value FROM practice_facts WHERE field = 'topics'"):
        topics.setdefault(document, set()).add(topic)
    links = store.db.execute("SELECT passage_id, other_id FROM related_passages WHERE passage_id < other_id")
    return Passages(
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        tuple(frozenset(topics.get(row[1], ())) for row in rows),
        unpack([row[3] for row in rows]),
        tuple((at[one], at[other]) for one, other in links),
    )


def quality(found: Passages) -> dict[str, object]:
    """How well maps of these passages show topics, by how they are made."""
    languages = found.languages.tolist()
    centred = projection.centred(found.vectors, languages, projection.middles(found.vectors, languages))
    held = np.arange(len(centred)) % HELD_OUT == 0
    some = projection.laid_out(centred[~held])
    both = np.empty((len(centred), 2))
    both[~held], both[held] = some, projection.placed(centred[held], centred[~held], some)
    every = np.ones(len(centred), bool)
    maps = {
        "vectors as they are": (projection.laid_out(found.vectors), every),
        "without what a language shares": (projection.laid_out(centred), every),
        "every fifth placed: those": (both, held),
        "every fifth placed: the others": (both, ~held),
    }
    return {
        "passages": len(centred),
        "in another language by chance": round(chance(found), 3),
        **{name: measures(found, positions, of) for name, (positions, of) in maps.items()},
    }


def chance(found: Passages) -> float:
    """The share of other documents' passages that are in another language, on average."""
    shares = [
        (found.languages[found.documents != document] != language).mean()
        for document, language in zip(found.documents, found.languages, strict=True)
    ]
    return float(np.mean(shares))


def measures(found: Passages, positions: projection.Positions, of: NDArray[np.bool_]) -> dict[str, float]:
    """Measures of one map, over the passages `of`."""
    distances = ((positions[:, None] - positions[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    ranks = [(distances[one] < distances[one, other]).mean() for one, other in found.links if of[one] or of[other]]
    apart = np.where(found.documents[:, None] == found.documents, np.inf, distances)
    nearest = apart.argsort(axis=1)[:, :NEAREST]
    shared = [
        bool(found.topics[row] & found.topics[other]) for row in np.flatnonzero(of) for other in nearest[row].tolist()
    ]
    return {
        "of the ten nearest, in another language": round(
            float((found.languages[nearest] != found.languages[:, None])[of].mean()), 3
        ),
        "of the ten nearest, with a topic in common": round(float(np.mean(shared)), 3),
        "linked passages": len(ranks),
        "linked passages that are near": round(float(np.mean(np.array(ranks) < NEAR)), 3) if ranks else 0.0,
    }


def cost(kb: KnowledgeBase, size: int) -> dict[str, list[float]]:
    """Seconds, by the clock and of processor time, for a layout of `size` synthetic passages, and for more."""
    with kb.store.writing() as db:
        kb.store.claim(db, kb.encoder.name, kb.encoder.fingerprint)
    fill(kb, size, 0)
    layout = timed(lambda: update(kb.store))
    fill(kb, PASSAGES, size)
    return {"layout": layout, f"{PASSAGES} more placed": timed(lambda: update(kb.store))}


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds that `work` takes: by the clock, of processor time."""
    began = time.perf_counter(), time.process_time()
    work()
    return [round(time.perf_counter() - began[0], 1), round(time.process_time() - began[1], 1)]


def fill(kb: KnowledgeBase, size: int, first: int) -> None:
    """Add `size` passages of themes and languages; `first` is how many there are."""
    dim = kb.encoder.dim
    themes = np.random.default_rng(0).standard_normal((max(8, size // THEME_PASSAGES), dim)).astype(np.float32)
    accents = np.random.default_rng(1).standard_normal((len(LANGUAGES), dim)).astype(np.float32)
    chance = np.random.default_rng(first)
    spans = [Span(at * len(SENTENCE), (at + 1) * len(SENTENCE)) for at in range(PASSAGES)]
    for number in range(first, first + size, PASSAGES):
        language = number // PASSAGES % len(LANGUAGES)
        vectors = themes[chance.integers(0, len(themes), PASSAGES)] + ACCENT * accents[language]
        vectors = vectors + NOISE * chance.standard_normal((PASSAGES, dim)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        passages = tuple(
            DraftPassage(LANGUAGES[language], Place(PlaceKind.PAGE, at + 1), span, (span,))
            for at, span in enumerate(spans)
        )
        path = f"/random/{number}"
        draft = DraftDocument(path, path, "txt", "", SENTENCE * PASSAGES, passages)
        kb.store.put(draft, vectors.astype(np.float32), vectors.astype(np.float32))


if __name__ == "__main__":
    main()
