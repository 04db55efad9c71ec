"""The kept result as the Markdown tables of the documentation."""

from collections.abc import Mapping
from typing import Any

from benchmarks.tables import table

Result = Mapping[str, Any]


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
    head = ["searches", "resident memory"]
    shown = [
        (100 * at, reading) for at, reading in enumerate(readings) if at in {0, 1, len(readings) // 2} or at % 5 == 0
    ]
    rows = [[f"{searches:,}", f"{reading:,.0f} MB"] for searches, reading in shown]
    return (
        f"{table(head, rows)}\n\n"
        f"{found['searches']:,} searches in {found['sessions']:,} sessions that come and go: "
        f"{found['growth in the second half, KB a search']:.1f} KB a search in the second half."
    )
