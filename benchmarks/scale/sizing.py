"""`python -m benchmarks.scale.sizing`: what a cluster needs, by the bytes of a passage. Arithmetic, not measured; the
tables of `python -m benchmarks.scale` say how well it fits where both are known."""

from dataclasses import dataclass

from benchmarks.tables import table

SENTENCES = 6.4
"""Of a passage, in the sample corpus."""

DIM = 512

COMPONENTS = (1 + SENTENCES) * DIM
"""Of the vectors of a passage and its sentences: four bytes each on disk, and one byte each on disk and in memory."""

LINKS = 2 * 32 * 4
"""Bytes of HNSW links: two graphs, of passages and of their sentences together, with up to 32 links of four bytes."""

TERMS = 146 * 2 * 8
"""Bytes of a passage's terms, lemmas and surface forms: a number and a weight of four bytes each, as they came and by
term."""

PAYLOAD = 1_200
"""Bytes of its share of the document's record, packed and in base64, and of what searches are restricted by."""

LOOKUPS = 400
"""Bytes in memory of its number, and of the indices of what searches are restricted by."""

CATALOGUE = 2_700
"""Bytes of each machine's catalogue."""

REPLICAS = 2

ROOM = 2.0
"""Times the disk: the server writes segments anew beside the old ones."""

FULL = 0.6
"""Share of a node's memory that is filled: the rest caches the vectors on disk."""

GB = 1e9


@dataclass(frozen=True, slots=True)
class Machines:
    """How many nodes of which memory, in GB, hold so many passages."""

    passages: int
    nodes: int
    memory: int


CHOSEN = (
    Machines(100_000, 3, 4),
    Machines(1_000_000, 3, 8),
    Machines(10_000_000, 6, 32),
    Machines(100_000_000, 24, 64),
)


def memory(passages: int) -> float:
    """GB that must stay in memory, of one copy."""
    return passages * (COMPONENTS + LINKS + LOOKUPS) / GB


def disk(passages: int) -> float:
    """GB on disk, of one copy."""
    return passages * (5 * COMPONENTS + LINKS + TERMS + PAYLOAD) / GB


def sizing() -> str:
    """A row a size."""
    head = ["passages", "memory", "disk", "nodes", "shards", "a node: memory, disk", "catalogue of a machine"]
    rows = []
    for one in CHOSEN:
        held, written = REPLICAS * memory(one.passages), REPLICAS * disk(one.passages)
        assert held <= FULL * one.nodes * one.memory, one
        rows.append(
            [
                f"{one.passages:,}",
                f"{held:,.0f} GB",
                f"{written:,.0f} GB",
                str(one.nodes),
                str(2 * one.nodes),
                f"{one.memory} GB, {_rounded(ROOM * written / one.nodes)} GB",
                f"{one.passages * CATALOGUE / GB:.1f} GB",
            ]
        )
    return table(head, rows)


def _rounded(gigabytes: float) -> int:
    """Up to a size that disks have."""
    return next(size for size in (10, 20, 40, 80, 160, 320, 480, 960) if size >= gigabytes)


if __name__ == "__main__":
    print(sizing())
