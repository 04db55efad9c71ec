"""`python -m ingest PATH...`: bring files into the knowledge base and say what happened to each."""

import argparse
import json
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.console import Progress, print_line, show_table
from ingest.discover import Discovery, discover
from ingest.extract.refusals import KNOWN
from ingest.fetch.address import is_address
from ingest.pipeline import Pipeline
from ingest.report import BAD, FileReport, Status
from ingest.review import Reviewed, write_sidecars
from ingest.watch import watch
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES, default_home
from kb.encoder import load_encoder
from kb.engines import ENGINES
from kb.errors import FULL_DISK, KBError, is_full_disk


def parser() -> argparse.ArgumentParser:
    """The command line's options."""
    made = argparse.ArgumentParser(
        prog="python -m ingest",
        description=f"Bring documents into the knowledge base: {KNOWN}, and pages from the web.",
        epilog="Exit status: 0 all well; 1 some files were refused or failed, each with its reason; 2 wrong usage.",
    )
    made.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or a web address (https://...)")
    made.add_argument("--home", type=Path, default=None, help="the knowledge base (default: $KB_HOME, else ./data)")
    made.add_argument("--prune", action="store_true", help="remove documents whose file is gone from a given folder")
    made.add_argument("--force", action="store_true", help="read unchanged files again too")
    made.add_argument("--if-empty", action="store_true", help="do nothing when the knowledge base holds documents")
    made.add_argument("--watch", action="store_true", help="go on and ingest what comes into the folders")
    made.add_argument("--review", action="store_true", help="write a sidecar beside each file, to be corrected")
    made.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="fetch web addresses from this machine though it is not on the public web",
    )
    made.add_argument("--proxy", default="", metavar="URL", help="fetch web addresses through http://HOST:PORT")
    made.add_argument("--json", action="store_true", help="one JSON object a line for every file, then a summary")
    made.add_argument("--model", metavar="NAME", help="a sentence-transformers model instead of the bundled encoder")
    made.add_argument(
        "--engine", choices=ENGINES, help="where the knowledge base lives (default: $KB_ENGINE, else local)"
    )
    made.add_argument("--url", metavar="URL", help="the Qdrant cluster (default: $KB_QDRANT_URL)")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    try:
        encoder = load_encoder(options.model) if options.model else None
        with KnowledgeBase.open(
            options.home or default_home(), encoder=encoder, create=True, engine=options.engine, url=options.url
        ) as kb:
            if options.if_empty and kb.store.has_documents():
                return 0
            return _ingest(kb, options)
    except KBError as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, sqlite3.Error) as error:
        print(f"Stopped: {FULL_DISK if is_full_disk(error) else error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "Stopped. What was reported so far is in the knowledge base; run the same command to go on.",
            file=sys.stderr,
        )
        return 130


def _ingest(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    addresses = [path for path in options.paths if is_address(path)]
    paths = [Path(path) for path in options.paths if not is_address(path)]
    if options.review:
        return _review(kb, paths, as_json=options.json)
    print("Preparing (the first time on a machine takes a quarter of a minute) ...", file=sys.stderr)
    terms.prepare(LANGUAGES)
    progress = Progress(as_json=options.json)
    pipeline = Pipeline(
        kb, force=options.force, progress=progress.page, allowed_hosts=options.allow_host, proxy=options.proxy
    )
    found = discover(paths)
    if options.watch:
        return _watch(pipeline, paths, options)
    with progress.over(len(found.files) + len(addresses)):
        reports = list(progress.each(pipeline.run(paths, found, addresses=addresses, prune=options.prune)))
    counts = Counter(report.status for report in reports)
    if options.json:
        print(json.dumps({"summary": {status.value: counts[status] for status in Status if counts[status]}}))
    else:
        show_table(reports, counts, kb)
    return 1 if any(counts[status] for status in BAD) else 0


def _review(kb: KnowledgeBase, paths: Sequence[Path], *, as_json: bool) -> int:
    """Write the sidecars to correct, and say where they lie."""
    reviewed = list(write_sidecars(kb, paths))
    for found in reviewed:
        print(json.dumps(asdict(found), ensure_ascii=False) if as_json else _reviewed(found))
    if not reviewed:
        print("Nothing under these paths is in the knowledge base: ingest it first.", file=sys.stderr)
    return 0 if reviewed else 1


def _reviewed(found: Reviewed) -> str:
    return f"{found.outcome}: {found.sidecar or found.path}{': ' if found.reason else ''}{found.reason}"


def _watch(pipeline: Pipeline, paths: Sequence[Path], options: argparse.Namespace) -> int:
    """Ingest what comes, until the person presses Ctrl+C."""
    missing = [path for path in paths if not path.is_dir()]
    if missing or not paths:
        print(f"--watch needs folders: {', '.join(map(str, missing)) or 'none is given'}", file=sys.stderr)
        return 2
    print(f"Watching {', '.join(map(str, paths))}. Press Ctrl+C to stop.", file=sys.stderr)

    def ingest(ready: Discovery) -> Iterator[FileReport]:
        return pipeline.run(paths, ready, prune=options.prune)

    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()  # an interrupt that falls into a library's callback is lost: the next look ends the watch
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    for report in watch(paths, ingest):
        if report:
            print_line(report, as_json=options.json)
        if stopped.is_set():
            raise KeyboardInterrupt
    return 0


if __name__ == "__main__":
    sys.exit(main())
