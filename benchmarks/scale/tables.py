"""The kept result as the Markdown tables of the documentation."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.scale.worker import CLIENTS, DEPTHS
from benchmarks.tables import table

Result = Mapping[str, Any]


def tables(result: Result) -> str:
    """Every table."""
    return "\n\n".join([searching(result), writing(result), resources(result)])


def searching(result: Result) -> str:
    """Whole searches, and what share of the truly nearest passages is found."""
    head = ["passages", "engine", "one client, p50 / p95", f"{CLIENTS} clients, p50 / p95", "searches a second"]
    rows = [
        [
            *names,
            _milliseconds(found["one client ms"]),
            _milliseconds(found[f"{CLIENTS} clients ms"]),
            f"{found['searches a second']:.1f}",
            *(f"{100 * found[f'recall@{depth}']:.1f} %" for depth in DEPTHS),
            _milliseconds(found[f"nearest {max(DEPTHS)} ms"]),
        ]
        for names, found in _engines(result)
    ]
    return table([*head, *(f"recall@{depth}" for depth in DEPTHS), f"{max(DEPTHS)} nearest, p50 / p95"], rows)


def writing(result: Result) -> str:
    """Passages in."""
    head = ["passages", "engine", "passages in a second", "until all is indexed", "a new machine joins"]
    rows = [
        [
            *names,
            f"{found['passages a second']:,}",
            f"{found['until indexed s']:,.0f} s",
            f"{found['joining s']:,.0f} s" if "joining s" in found else "",
        ]
        for names, found in _engines(result)
    ]
    return table(head, rows)


def resources(result: Result) -> str:
    """Memory and disk; of servers, of all together."""
    head = ["passages", "engine", "searcher, memory", "servers, memory", "of it their own", "folder", "servers, disk"]
    rows = []
    for names, found in _engines(result):
        servers = found.get("servers MB")
        memory = [f"{servers['all']:,} MB", f"{servers['own']:,} MB"] if servers else ["", ""]
        disk = f"{found['servers disk MB']:,} MB" if servers else ""
        rows.append([*names, f"{found['searcher MB']['all']:,} MB", *memory, f"{found['disk MB']:,} MB", disk])
    return table(head, rows)


def _engines(result: Result) -> Iterator[tuple[list[str], Result]]:
    for size in result["sizes"]:
        for name, found in size["engines"].items():
            yield [f"{size['passages']:,}", name], found


def _milliseconds(found: Result) -> str:
    return f"{found['p50']:,.0f} / {found['p95']:,.0f} ms"
