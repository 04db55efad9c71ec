"""`python -m benchmarks.speed`: how long a partner waits, on the sample corpus.

Reports medians as JSON: ingest rate, a search and an answer in a running process, and the command
line from a cold start beside a bare `python -c "import numpy"` in the same run, as a ratio.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES

CORPUS = Path(__file__).parents[2] / "corpus"
STARTS = 7
"""Cold starts of each kind, taken in turns."""


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
        cli, bare = cold_starts(home)
    result = {
        "passages ingested per second": round(passages / seconds, 1),
        "search, median ms": round(1000 * statistics.median(searches), 1),
        "search, slowest of 20 ms": round(1000 * statistics.quantiles(searches, n=20)[-1], 1),
        "answer, median ms": round(1000 * statistics.median(answers), 1),
        "command line from cold, median s": round(cli, 2),
        "times a bare python with numpy": round(cli / bare, 1),
    }
    print(json.dumps(result, indent=2))


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
