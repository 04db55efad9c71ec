"""`python -m benchmarks.speed`: how long a partner waits, on the sample corpus.

Reports medians as JSON: ingest rate, a search and an answer in a running process, scoring by words in
a knowledge base of 100,000 passages, the language pack beside the bundled encoder, and the command line
from a cold start beside a bare `python -c "import numpy"` in the same run; the last two as ratios.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase, lexical, terms
from kb.config import LANGUAGES
from kb.encoder import load_encoder
from kb.postings import View, indexed

CORPUS = Path(__file__).parents[2] / "corpus"
BALTIC = {"lv", "lt"}
MANY = 100_000
STARTS = 7
"""Cold starts of each kind, and rounds of each encoder, taken in turns."""


def main() -> None:
    """Run the benchmark and print its result."""
    terms.prepare(LANGUAGES)
    with tempfile.TemporaryDirectory() as home:
        with KnowledgeBase.open(home, create=True) as kb:
            pipeline = Pipeline(kb)
            seconds = timed(lambda: list(pipeline.run([CORPUS], discover([CORPUS]))))
            passages = sum(document.passages for document in kb.store.documents())
            queries = [json.loads(line)["query"] for line in (CORPUS / "questions.jsonl").read_text().splitlines()]
            searches = [timed(partial(kb.search, query)) for query in queries]
            answers = [timed(partial(kb.answer, query)) for query in queries]
            by_words = words_at_scale(kb, queries)
            packed, base = encoders(kb)
        cli, bare = cold_starts(home)
    result = {
        "passages ingested per second": round(passages / seconds, 1),
        "search, median ms": round(1000 * statistics.median(searches), 1),
        "search, slowest of 20 ms": round(1000 * statistics.quantiles(searches, n=20)[-1], 1),
        "answer, median ms": round(1000 * statistics.median(answers), 1),
        f"words of {MANY:,} passages, median ms": round(1000 * statistics.median(by_words), 1),
        "words, slowest of 20 ms": round(1000 * statistics.quantiles(by_words, n=20)[-1], 1),
        "language pack over bundled encoder, texts a second": round(packed / base, 1),
        "command line from cold, median s": round(cli, 2),
        "times a bare python with numpy": round(cli / bare, 1),
    }
    print(json.dumps(result, indent=2))


def words_at_scale(kb: KnowledgeBase, queries: Sequence[str]) -> list[float]:
    """Seconds to score MANY passages by words and their translations: those of the corpus, over and over."""
    rows = kb.store.passage_terms()
    view = View((indexed((at, *rows[at % len(rows)][1:]) for at in range(MANY)),))
    found = []
    for query in queries:
        prepared = kb.prepare(query)
        found += [timed(partial(lexical.score, view, prepared.words))] if prepared else []
    return found


def encoders(kb: KnowledgeBase) -> tuple[float, float]:
    """Texts a second of the language pack and of the bundled encoder, each on passages it is for, in turns."""
    passages = [p for document in kb.store.documents() for p in kb.store.passages_of(document.id)]
    baltic = [p for p in passages if p.language in BALTIC]
    others = [p for p in passages if p.language not in BALTIC]
    encode = load_encoder().encode
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(STARTS):
        for rate, chosen in zip(rates, (baltic, others), strict=True):
            texts, languages = [p.text for p in chosen], [p.language for p in chosen]
            rate.append(len(texts) / timed(partial(encode, texts, languages)))
    return statistics.median(rates[0]), statistics.median(rates[1])


def timed(run: Callable[[], object]) -> float:
    """Seconds that `run` takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def cold_starts(home: str) -> tuple[float, float]:
    """Median seconds of a search from the command line, and of a bare Python that imports numpy."""
    search = [sys.executable, "-m", "kb", "search", "who insures volunteers", "--home", home]
    bare = [sys.executable, "-c", "import numpy"]
    both = [
        [timed(partial(subprocess.run, command, check=True, capture_output=True)) for command in pair]
        for pair in [(search, bare)] * STARTS
    ]
    return statistics.median(row[0] for row in both), statistics.median(row[1] for row in both)


if __name__ == "__main__":
    main()
