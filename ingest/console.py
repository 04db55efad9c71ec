"""What the ingest command shows: progress while it works, a table at the end, JSON lines for programs."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from ingest.report import FileReport, Status
from kb import KnowledgeBase

LOG_WIDTH = 160
"""Characters in a line of the closing table where nobody says how wide the page is, as in a log file."""

STYLES = {
    Status.ADDED: "green",
    Status.UPDATED: "cyan",
    Status.UNCHANGED: "dim",
    Status.REMOVED: "yellow",
    Status.GONE: "yellow",
    Status.REFUSED: "red",
    Status.FAILED: "bold red",
}


class Progress:
    """A bar for people, or a JSON line a file for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True, disable=as_json)
        self._task = self._bar.add_task("Reading documents")

    @contextmanager
    def over(self, files: int) -> Iterator[None]:
        """Show the bar while `files` files are read."""
        self._bar.update(self._task, total=files)
        with self._bar:
            yield

    def each(self, run: Iterator[FileReport]) -> Iterator[FileReport]:
        """The reports of `run`, shown as they come."""
        for report in run:
            if self._as_json:
                print_line(report, as_json=True)
            inside = "/" in report.path and not Path(report.path).exists()  # a member of an archive is not counted
            self._bar.update(self._task, advance=0 if inside else 1, description=_short(report.path))
            yield report

    def page(self, name: str, done: int, total: int) -> None:
        """Show that `done` of the `total` scanned pages of a file have been read."""
        self._bar.update(self._task, description=f"{_short(name)}: scanned page {min(done + 1, total)} of {total}")


def _short(path: str) -> str:
    return Path(path).name[:40]


def print_line(report: FileReport, *, as_json: bool) -> None:
    """One file's fate in a line."""
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
        return
    what = report.reason or f"{report.passages} passages in {' '.join(report.languages)}"
    print(f"{report.status}: {report.path}: {what}", flush=True)


def show_table(reports: Sequence[FileReport], counts: Counter[Status], kb: KnowledgeBase) -> None:
    """All files' fates, and what the knowledge base holds now."""
    table = Table(box=None)
    table.add_column("File", overflow="fold", ratio=2)
    for heading in ("What happened", "Languages", "Passages"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Title, or what could not be read", overflow="fold", ratio=3)
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
