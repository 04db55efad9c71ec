"""OLE2 containers, in which Office kept its documents until 2007: which program wrote one, and what protects it."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_ENTRY = 128
"""Bytes of a directory entry."""

_HEAD = 512
"""Bytes at a stream's beginning that are read."""

_SMALL = 4096
"""Bytes below which a stream shares sectors with others."""

_END = 0xFFFFFFFA
"""From here on a sector's number means that there is none."""

MOST_TABLES = 40_000
"""Sectors of the allocation table: those of 2.6 GB."""

MOST_ENTRIES = 20_000
"""Streams and folders in one file; a document has some dozens."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of the container's top folder, and its first bytes, none where it is smaller than 4,096."""

    name: str
    head: bytes


def streams(path: Path) -> dict[str, Stream]:
    """The streams and folders of the top folder by name; those that a damaged file still shows.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        return _top(_Sectors(file))


def _top(data: "_Sectors") -> dict[str, Stream]:
    directory = data.chain(data.first)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    found: dict[str, Stream] = {}
    waiting = [int(struct.unpack_from("<I", entries[0], 76)[0])] if entries else []
    seen: set[int] = set()
    while waiting:
        at = waiting.pop()
        if at in seen or at >= len(entries):
            continue
        seen.add(at)
        entry = entries[at]
        length = min(64, max(2, struct.unpack_from("<H", entry, 64)[0])) - 2
        name = entry[:length].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entry, 116)
        found[name] = Stream(name, data.sector(start)[:_HEAD] if size >= _SMALL else b"")
        waiting += struct.unpack_from("<II", entry, 68)  # its left and right neighbours
    return found


class _Sectors:
    """The sectors of a container, of which `first` begins the directory."""

    def __init__(self, file: IO[bytes]) -> None:
        header = file.read(_HEADER).ljust(_HEADER, b"\xff")
        self._file = file
        self._size = 4096 if header[30] == 12 else 512  # the exponent of 2
        self.first, more = (int(struct.unpack_from("<I", header, at)[0]) for at in (48, 68))
        self._tables = list(struct.unpack_from("<109I", header, 76))
        while more < _END and len(self._tables) < MOST_TABLES:  # of a file above 7 MB
            listed = self.sector(more).ljust(self._size, b"\xff")
            *tables, more = struct.unpack(f"<{self._size // 4}I", listed)
            self._tables += tables

    def sector(self, number: int) -> bytes:
        """The bytes of a sector; none of one that is not there."""
        if number >= _END:
            return b""
        self._file.seek((number + 1) * self._size)
        return self._file.read(self._size)

    def chain(self, number: int) -> bytes:
        """The sectors that follow from the first, by the allocation table."""
        found: list[bytes] = []
        seen: set[int] = set()
        while number < _END and number not in seen and len(seen) * self._size < MOST_ENTRIES * _ENTRY:
            seen.add(number)
            found.append(self.sector(number))
            number = self._next(number)
        return b"".join(found)

    def _next(self, number: int) -> int:
        held, at = divmod(number, self._size // 4)
        table = self.sector(self._tables[held]) if held < len(self._tables) else b""
        return int(struct.unpack_from("<I", table, at * 4)[0]) if len(table) >= at * 4 + 4 else _END
