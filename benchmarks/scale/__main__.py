"""`python -m benchmarks.scale`: one folder beside a Qdrant server and a cluster of three, with the same passages.

At each of --passages (synthetic above the corpus): passages a second into the engine, encoding left out; seconds until
all of them are indexed; a whole search, its question encoded, by one client and by 16 threads of one process, as the
web server's are; the nearest passages beside brute force over all vectors; memory of the searching process and of the
servers; disk. A cluster keeps everything on two nodes. All of it on this machine, so several nodes share its cores:
they show what a cluster costs, not what it gains. With --keep FOLDER the results are written to result.json there, as
they come, with the commit; those of other sizes stay.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.commit import commit
from benchmarks.sample import ingested
from benchmarks.scale.process import disk, memory
from kb import KnowledgeBase
from tests.qdrant import Server, cluster, server

REPLICAS = 2
"""Of a cluster of several nodes: one may die."""

THREADS = {
    "QDRANT__SERVICE__MAX_WORKERS": "0",
    "QDRANT__STORAGE__PERFORMANCE__MAX_SEARCH_THREADS": "0",
    "QDRANT__STORAGE__PERFORMANCE__MAX_OPTIMIZATION_THREADS": "0",
}
"""As many as the server chooses by itself."""


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--passages", nargs="+", type=int, default=[10_000], metavar="N", help="1000000 needs 80 GB")
    parser.add_argument("--nodes", nargs="*", type=int, default=[1, 3], metavar="N")
    parser.add_argument("--base", type=Path, help="a knowledge base with the sample corpus, to spare ingesting it")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the result there")
    options = parser.parse_args()
    state = {"commit": commit(), "cores": len(os.sched_getaffinity(0))}  # before a result is kept in it
    with tempfile.TemporaryDirectory() as scratch:
        base = options.base or _base(Path(scratch) / "base")
        for size in options.passages:
            engines: dict[str, Any] = {}
            for name, measured in _engines(base, size, options.nodes, Path(scratch) / "size"):
                engines[name] = measured
                print(json.dumps({"passages": size, name: measured}))
                if options.keep:
                    _keep(options.keep / "result.json", {"passages": size, **state, "engines": engines})


def _keep(file: Path, measured: dict[str, Any]) -> None:
    """Write what was measured at a size in place of what `file` says of it."""
    before = json.loads(file.read_text("utf-8"))["sizes"] if file.exists() else []
    sizes = [*(one for one in before if one["passages"] != measured["passages"]), measured]
    ordered = {"sizes": sorted(sizes, key=lambda one: int(one["passages"]))}
    file.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


def _base(home: Path) -> Path:
    with KnowledgeBase.open(home, create=True) as kb:
        ingested(kb)
    return home


def _engines(base: Path, size: int, nodes: list[int], scratch: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What each engine makes of `size` passages."""
    try:
        yield "one folder", _local(base, size, scratch / "local")
        shutil.rmtree(scratch / "local")
        for count in nodes:
            name = "1 node" if count == 1 else f"{count} nodes"
            yield name, _qdrant(base, size, count, scratch / name)
            shutil.rmtree(scratch / name)
    finally:
        shutil.rmtree(scratch)


def _local(base: Path, size: int, folder: Path) -> dict[str, Any]:
    found = _task("build", base, folder, size)
    found |= {"disk MB": disk(folder)} | _task("exact", base, folder, size)
    return found | _task("search", base, folder, size)


def _qdrant(base: Path, size: int, count: int, folder: Path) -> dict[str, Any]:
    with _running(count, folder / "servers") as servers:
        url = ",".join(one.url for one in servers)
        pids = [one.process.pid for one in servers if one.process]
        found = _task("build", base, folder / "catalogue", size, url)
        found |= {"servers MB, after indexing": memory(pids)}
        found |= _task("search", base, folder / "catalogue", size, url)
        found |= {"servers MB": memory(pids), "servers disk MB": disk(folder / "servers")}
        found |= {"disk MB": disk(folder / "catalogue")}
        return found | {"joining s": _task("join", base, folder / "another", size, url)["joining s"]}


@contextmanager
def _running(count: int, folder: Path) -> Iterator[list[Server]]:
    if count == 1:
        with server(folder, **THREADS) as one:
            yield [one]
    else:
        with cluster(folder, count, Server, **THREADS) as several:
            yield several


def _task(task: str, base: Path, home: Path, size: int, url: str = "") -> dict[str, Any]:
    """What benchmarks/scale/worker.py prints."""
    replicas = min(url.count(",") + 1, REPLICAS)
    environment = {**os.environ, "KB_QDRANT_REPLICAS": str(replicas), "KB_QDRANT_SECONDS": "120"}
    print(f"{home.name}, {size:,} passages: {task} ...", file=sys.stderr)
    command = [
        sys.executable,
        "-m",
        "benchmarks.scale.worker",
        task,
        str(base),
        str(home),
        str(size),
        *([url] if url else []),
    ]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


if __name__ == "__main__":
    main()
