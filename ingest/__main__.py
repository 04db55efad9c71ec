"""`python -m ingest PATH...`: bring files into the knowledge base and say what happened to each."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.discover import discover
from ingest.pipeline import FileReport, Pipeline, Status
from kb import KnowledgeBase, terms
from kb.config import LANGUAGES, default_home
from kb.encoder import load_encoder
from kb.errors import KBError

LOG_WIDTH = 160
"""Characters in a line of the closing table where nobody says how wide the page is, as in a log file."""

BAD = {Status.REFUSED, Status.FAILED}
STYLES = {
    Status.ADDED: "green",
    Status.UPDATED: "cyan",
    Status.UNCHANGED: "dim",
    Status.REMOVED: "yellow",
    Status.GONE: "yellow",
    Status.REFUSED: "red",
    Status.FAILED: "bold red",
}


def parser() -> argparse.ArgumentParser:
    """The command line's options."""
    made = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Bring documents (PDF, PPTX, DOCX, ODT, ODP, HTML, Markdown, text) into the knowledge base.",
        epilog="Exit status: 0 all well; 1 some files were refused or failed, each with its reason; 2 wrong usage.",
    )
    made.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    made.add_argument("--home", type=Path, default=None, help="the knowledge base (default: $KB_HOME, else ./data)")
    made.add_argument("--prune", action="store_true", help="remove documents whose file is gone from a given folder")
    made.add_argument("--force", action="store_true", help="read unchanged files again too")
    made.add_argument("--if-empty", action="store_true", help="do nothing when the knowledge base holds documents")
    made.add_argument("--json", action="store_true", help="one JSON object a line for every file, then a summary")
    made.add_argument("--model", metavar="NAME", help="a sentence-transformers model instead of the bundled encoder")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    try:
        encoder = load_encoder(options.model) if options.model else None
        with KnowledgeBase.open(options.home or default_home(), encoder=encoder, create=True) as kb:
            if options.if_empty and kb.store.has_documents():
                return 0
            return _ingest(kb, options)
    except KBError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "Stopped. What was reported so far is in the knowledge base; run the same command to go on.",
            file=sys.stderr,
        )
        return 130


def _ingest(kb: KnowledgeBase, options: argparse.Namespace) -> int:
    found = discover(options.paths)
    print("Preparing (the first time on a machine takes a quarter of a minute) ...", file=sys.stderr)
    terms.prepare(LANGUAGES)
    run = Pipeline(kb, force=options.force).run(options.paths, found, prune=options.prune)
    reports = _print_json(run) if options.json else _show_progress(run, len(found.files))
    counts = Counter(report.status for report in reports)
    if options.json:
        print(json.dumps({"summary": {status.value: counts[status] for status in Status if counts[status]}}))
    else:
        _show_table(reports, counts, kb)
    return 1 if any(counts[status] for status in BAD) else 0


def _print_json(run: Iterator[FileReport]) -> list[FileReport]:
    reports = []
    for report in run:
        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
        reports.append(report)
    return reports


def _show_progress(run: Iterator[FileReport], files: int) -> list[FileReport]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    reports = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading documents", total=files)
        for report in run:
            reports.append(report)
            progress.update(task, advance=1, description=Path(report.path).name[:40])
    return reports


def _show_table(reports: Sequence[FileReport], counts: Counter[Status], kb: KnowledgeBase) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    table.add_column("File", overflow="fold", ratio=2)
    for heading in ("What happened", "Languages", "Passages"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Title, or why not", overflow="fold", ratio=3)
    for report in reports:
        table.add_row(
            Text(Path(report.path).name),
            Text(report.status, style=STYLES[report.status]),
            Text(" ".join(report.languages)),
            Text(str(report.passages or "")),
            Text(report.reason or report.title),
        )
    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    console.print(table)
    summary = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status]) or "nothing found"
    documents = kb.store.db.execute("SELECT count(*) FROM documents").fetchone()[0]
    console.print(Text(f"\n{summary}. The knowledge base in {kb.store.home} holds {documents} documents."))


if __name__ == "__main__":
    sys.exit(main())
