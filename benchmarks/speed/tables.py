"""The kept result as the Markdown tables of the documentation."""

from collections.abc import Mapping
from typing import Any

from benchmarks.tables import table

Result = Mapping[str, Any]


def tables(result: Result) -> str:
    """Every table."""
    return "\n\n".join([ingest(result), sizes(result), indices(result), starts(result)])


def ingest(result: Result) -> str:
    """A row a format."""
    head = ["format", "documents", "passages", "documents a second", "passages a second"]
    rows = [[name, *(str(found[what]) for what in head[1:])] for name, found in result["ingest"].items()]
    ratio = result["ingest"]["pdf"]["ingest over pypdfium2 text extraction"]
    return f"{table(head, rows)}\n\nPDF takes {ratio:,.0f} times what pypdfium2 alone needs to extract its text."


def sizes(result: Result) -> str:
    """Searching, a row a size."""
    head = [
        "passages",
        "search, p50 / p95",
        "raw FAISS and FTS5, p50 / p95",
        "ratio",
        "opening, first search",
        "memory",
    ]
    rows = []
    for found in result["sizes"]:
        ours, raw = found["search ms"], found["raw FAISS and FTS5 ms"]
        rows.append(
            [
                f"{found['passages']:,}",
                f"{ours['p50']:.0f} / {ours['p95']:.0f} ms",
                f"{raw['p50']:.0f} / {raw['p95']:.0f} ms",
                f"{found['search over raw, p50']:.1f}",
                f"{found['opening and first search s']:.1f} s",
                f"{found['memory at most MB']:,} MB",
            ]
        )
    return table(head, rows)


def indices(result: Result) -> str:
    """Building both indices, a row a size."""
    head = ["passages", "index of sentences", "raw FAISS", "index of words", "raw FTS5", "of raw FAISS's 600 nearest"]
    rows = []
    for found in result["sizes"]:
        built = [found[f"{what} s"] for what in ("index of sentences", "raw FAISS", "index of words", "raw FTS5")]
        shared = found["share of raw FAISS's 600 nearest sentences"]
        rows.append([f"{found['passages']:,}", *(f"{seconds:.1f} s" for seconds in built), f"{100 * shared:.1f} %"])
    return table(head, rows)


def starts(result: Result) -> str:
    """Commands from a cold start."""
    found = {name: seconds for name, seconds in result["cold starts"].items() if name.endswith(" s")}
    return table(["from a cold start", "median"], [[name[:-2], f"{seconds:.2f} s"] for name, seconds in found.items()])


def sentences(result: Result) -> str:
    """Sentences in cells, a row a size; and among the share that a filter leaves, a row a share at the largest."""
    head = ["sentences", "looked into", "made in", "on disk", "all, p50 / p95", "cells, p50 / p95", "of 10", "of 600"]
    rows = [
        [
            f"{found['sentences']:,}",
            f"{found['looked into']:,} of {found['cells']:,}",
            f"{found['making s']:,.0f} s",
            f"{found['MB on disk']:,} MB",
            *_compared(found),
        ]
        for found in result["sizes"]
    ]
    last = result["sizes"][-1]
    among = [[f"{found['allowed']:.1%}", *_compared(found)] for found in last["filters"]]
    return "\n\n".join(
        [table(head, rows), table([f"of {last['sentences']:,} sentences a filter leaves", *head[4:]], among)]
    )


def _compared(found: Mapping[str, Any]) -> list[str]:
    every, cells = found["all ms"], found["cells ms"]
    return [
        f"{every['p50']:.1f} / {every['p95']:.1f} ms",
        f"{cells['p50']:.1f} / {cells['p95']:.1f} ms",
        f"{found['recall@10']:.1%}",
        f"{found['recall@600']:.1%}",
    ]
