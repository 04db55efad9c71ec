"""What processes and folders take of a machine, as Linux tells it."""

from collections.abc import Sequence
from pathlib import Path

MB = 1024


def memory(pids: Sequence[int]) -> dict[str, int]:
    """Resident memory of processes together in MB, and how much of it the kernel cannot take back: `own` is what they
    have allocated, the rest are pages of files."""
    status = [Path(f"/proc/{pid}/status").read_text("ascii") for pid in pids]
    return {"all": _sum(status, "VmRSS:"), "own": _sum(status, "RssAnon:")}


def disk(folder: Path) -> int:
    """MB that the files in a folder take, holes left out."""
    return round(sum(path.stat().st_blocks for path in folder.rglob("*") if path.is_file()) * 512 / MB**2)


def _sum(status: Sequence[str], what: str) -> int:
    return round(sum(int(text.split(what)[1].split()[0]) for text in status) / MB)
