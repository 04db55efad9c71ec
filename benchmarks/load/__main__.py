"""`python -m benchmarks.load`: many people at once on a real server, and memory over many searches.

--people people, each in a session of her own over Streamlit's websocket, ask the sample corpus's questions at their own
pace (5 to 15 s between a page and the next question) for --seconds, then all in the same second. With --memory N:
N searches in sessions that come and go, on a fresh server. The clients run on the same machine. With --keep the result
goes to benchmarks/load/result.json, with the commit.
"""

import argparse
import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.commit import commit
from benchmarks.load.crowd import crowd
from benchmarks.load.memory import FEWEST, growth
from benchmarks.load.server import serving
from benchmarks.sample import ingested
from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS

RESULT = Path(__file__).parent / "result.json"


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--people", type=int, default=50, metavar="N", help="0 for none")
    parser.add_argument("--seconds", type=float, default=60, metavar="S")
    parser.add_argument("--memory", type=int, default=0, metavar="N", help=f"searches, {FEWEST} or more")
    parser.add_argument("--home", type=Path, help="a knowledge base with the sample corpus, to spare ingesting it")
    parser.add_argument("--keep", action="store_true", help="keep the result beside this module")
    options = parser.parse_args()
    if 0 < options.memory < FEWEST:
        parser.error(f"--memory needs {FEWEST} searches or more to see a growth")
    kept = json.loads(RESULT.read_text("utf-8")) if options.keep and RESULT.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        home = options.home or Path(scratch) / "home"
        if not options.home:
            with KnowledgeBase.open(home, create=True) as kb:
                ingested(kb)
        result = kept | {"commit": commit(), "cores": len(os.sched_getaffinity(0))} | _measured(home, options)
    text = json.dumps(result, indent=1)
    print(text)
    if options.keep:
        RESULT.write_text(text + "\n", "utf-8")


def _measured(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    questions = [json.loads(line)["query"] for line in SAMPLE_QUESTIONS.read_text("utf-8").splitlines()]
    found: dict[str, Any] = {}
    if options.people:
        with serving(home) as server:
            found["load"] = asyncio.run(crowd(server, questions, options.people, options.seconds))
    if options.memory:
        with serving(home) as server:
            found["memory"] = asyncio.run(growth(server, questions, options.memory))
    return found


if __name__ == "__main__":
    main()
