"""The list of documents in corpus/README.md."""

from __future__ import annotations

from collections.abc import Sequence

from builder.source import Source

HEAD = "| File | Language | Format | Topic | Sources of facts |\n| --- | --- | --- | --- | --- |\n"
LAYOUTS = {"two-columns": "two columns", "scan": "scan"}


def with_table(readme: str, sources: Sequence[Source]) -> str:
    """`readme` with a row for each of `sources` in place of those it has. ValueError where it has no table."""
    before, found, rest = readme.partition(HEAD)
    if not found:
        raise ValueError("README.md has no table of documents")
    lines = rest.splitlines(keepends=True)
    end = next((at for at, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return before + HEAD + "".join(_row(source) for source in sources) + "".join(lines[end:])


def _row(source: Source) -> str:
    layout = LAYOUTS.get(source.layout)
    cells = (
        f"[{source.file_name}]({source.file_name})",
        ", ".join(source.languages),
        f"{source.format} ({layout})" if layout else source.format,
        source.topic,
        "; ".join(source.sources).replace("|", "/"),
    )
    return f"| {' | '.join(cells)} |\n"
