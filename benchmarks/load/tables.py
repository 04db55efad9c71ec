"""The kept result as the Markdown tables of the documentation."""

from collections.abc import Mapping
from typing import Any

from benchmarks.tables import table

Result = Mapping[str, Any]

EVERY = 4
"""Readings from one column to the next: 400 searches."""


def tables(result: Result) -> str:
    """Every table."""
    return "\n\n".join([load(result["load"]), memory(result["memory"])])


def load(found: Result) -> str:
    """From question to finished page."""
    head = ["", "pages", "errors", "median", "95th percentile", "slowest"]
    rows = []
    for name in ("at their own pace", "all at once"):
        row = found[name]
        seconds = (f"{row[what]:.2f} s" for what in ("median s", "p95 s", "most s"))
        rows.append([f"{found['people']} people, {name}", str(row["pages"]), str(row["errors"]), *seconds])
    calm = found["at their own pace"]
    return (
        f"{table(head, rows)}\n\n"
        f"At their own pace they were shown {calm['pages a second']:.1f} pages a second, for which the server used "
        f"{calm['server cores']:.2f} of the two cores; it held {found['server MB']:,} MB."
    )


def memory(found: Result) -> str:
    """The server's memory over many searches."""
    readings = found["MB after each hundred"]
    shown = [(100 * at, reading) for at, reading in enumerate(readings) if at == 1 or at % EVERY == 0]
    head = ["searches", *(f"{searches:,}" for searches, _ in shown)]
    row = ["resident memory, MB", *(f"{reading:,.0f}" for _, reading in shown)]
    return (
        f"{table(head, [row])}\n\n"
        f"{found['searches']:,} searches in {found['sessions']:,} sessions that come and go: at most "
        f"{found['most MB in the first half']:,.0f} MB in the first half and "
        f"{found['most MB in the second half']:,.0f} MB in the second, where a line through the readings grows by "
        f"{found['growth in the second half, KB a search']:.1f} KB a search."
    )
