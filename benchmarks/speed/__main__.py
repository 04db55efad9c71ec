"""`python -m benchmarks.speed`: how long a partner waits, beside baselines taken in the same run.

Reports as JSON: ingest by format (and PDF beside the extraction of its text by pypdfium2), commands from
a cold start beside a bare Python, the language pack beside the bundled encoder, and at each of --sizes
passages (synthetic above the corpus) the building of the indices, searches, and memory, beside raw
FAISS and raw FTS5. With --keep the result goes to benchmarks/speed/result.json, with the commit.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.commit import commit
from benchmarks.sample import CORPUS, ingested
from benchmarks.speed.ingesting import rates
from benchmarks.speed.starts import cold_starts, encoders
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES

RESULT = Path(__file__).parent / "result.json"
SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES, metavar="N", help="1000000 needs 16 GB of disk")
    parser.add_argument("--keep", action="store_true", help="keep the result beside this module")
    options = parser.parse_args()
    terms.prepare(LANGUAGES)
    result: dict[str, Any] = {"commit": commit(), "ingest": rates(CORPUS)}
    with tempfile.TemporaryDirectory() as scratch:
        home = f"{scratch}/home"
        with KnowledgeBase.open(home, create=True) as kb:
            result["encoders"] = encoders(ingested(kb))
        result["cold starts"] = cold_starts(home)
        result["sizes"] = [_at_size(home, size, Path(scratch) / "grown") for size in options.sizes]
    text = json.dumps(result, indent=1)
    print(text)
    if options.keep:
        RESULT.write_text(text + "\n", "utf-8")


def _at_size(home: str, size: int, grown: Path) -> Any:
    """What benchmarks/speed/scale.py finds in a copy of `home` grown to `size`."""
    print(f"{size:,} passages ...", file=sys.stderr)
    shutil.copytree(home, grown)
    found: dict[str, Any] = {}
    try:
        for task in ("build", "search"):
            command = [sys.executable, "-m", "benchmarks.speed.scale", task, str(grown), str(size)]
            run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found |= json.loads(run.stdout)
        return found
    finally:
        shutil.rmtree(grown)


if __name__ == "__main__":
    main()
