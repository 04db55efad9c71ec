"""Files that hold others: ZIP archives, and e-mails with attachments.

Unpacked in the sandbox, into a scratch folder, under limits; what lies inside is then ingested as if
it lay in a folder of the container's name. Names never become paths: each file is written under a
name of ours, in a numbered folder, so that nothing leads out of the scratch folder.
"""

import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.discover import is_junk
from ingest.extract.archive import is_archive
from ingest.extract.base import Refused
from kb.sandbox import Json, Limits, run

MOST_FILES = 1_000
"""Files in a container; more is a backup, not a parcel of documents."""

MOST_UNPACKED = 500 * 2**20
"""Bytes that a container may unpack to."""

MOST_RATIO = 200
"""How many times its packed size a member of over RATIO_FROM bytes may have; text packs ten to one, a bomb
a thousand to one."""

RATIO_FROM = 10 * 2**20
DEEPEST = 3
"""How many containers may lie in each other: an archive in an e-mail in an archive."""

LONGEST_NAME = 120
"""Characters that are kept of a member's file name on the disk; its name in the knowledge base stays whole."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a container: its name there, with its folders, and where its bytes lie now."""

    name: str
    file: str


def members_of(path: Path, scratch: Path) -> list[Member]:
    """Unpack the container at `path` into the folder `scratch`, in the sandbox.

    Raises Refused where it holds too much, Broken where it is damaged.
    """
    return [
        Member(**found) for found in run(_unpack, path.absolute(), scratch.absolute(), limits=Limits(), scratch=scratch)
    ]


def _unpack(path: Path, scratch: Path) -> Json:
    with path.open("rb") as file:
        head = file.read(4)
    found = _from_archive(path, scratch) if is_archive(head) else _from_mail(path, scratch)
    return [asdict(member) for member in found]


def _from_archive(path: Path, scratch: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_wanted(entry.filename)]
        _check(entries)
        shelf = _Shelf(scratch)
        for entry in entries:
            with archive.open(entry) as packed:
                yield shelf.put(_readable_name(entry), packed)


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise Refused(f"holds {len(entries)} files, more than the limit of {MOST_FILES}: split it")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("is an archive protected by a password: unpack it and add the files themselves")
    size = sum(entry.file_size for entry in entries)
    bomb = any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * max(e.compress_size, 1) for e in entries)
    if size > MOST_UNPACKED or bomb:
        raise Refused(
            f"unpacks to {size // 2**20} MB: archives may hold {MOST_UNPACKED // 2**20} MB, and no file that was "
            f"packed to less than a {MOST_RATIO}th of its size"
        )


def _readable_name(entry: zipfile.ZipInfo) -> str:
    """The member's name; old programs write Central European letters in code page 852."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp852")


def _from_mail(path: Path, scratch: Path) -> Iterator[Member]:
    from io import BytesIO

    from ingest.extract.mail.eml import attachments

    shelf = _Shelf(scratch)
    for count, (name, data) in enumerate(attachments(path), start=1):
        if count > MOST_FILES:
            raise Refused(f"has more than {MOST_FILES} attachments")
        if _is_wanted(name):
            yield shelf.put(name, BytesIO(data))


def _is_wanted(name: str) -> bool:
    parts = _parts(name)
    return bool(parts) and not any(is_junk(part) for part in parts) and "__MACOSX" not in parts


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the file that a member's name consists of, without what leads elsewhere."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return tuple(part for part in parts if part not in {"/", "..", "."} and not part.endswith(":"))


class _Shelf:
    """A scratch folder that is being filled."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._folders: dict[tuple[str, ...], Path] = {}
        self._taken: set[str] = set()
        self._size = 0

    def put(self, name: str, data: IO[bytes]) -> Member:
        """Write a member's bytes; files of one folder, such as a report and its sidecar, stay together."""
        parts = tuple(unicodedata.normalize("NFC", _printable(part)) for part in _parts(name))
        shown = self._free("/".join(parts))
        file = self._folder(parts[:-1]) / _shortened(shown.rpartition("/")[2])
        if file.exists():  # two long names that begin alike
            file = self._folder((str(len(self._taken)),)) / file.name
        with file.open("wb") as out:
            self._copy(data, out)
        return Member(shown, str(file))

    def _folder(self, parts: tuple[str, ...]) -> Path:
        folder = self._folders.setdefault(parts, self._scratch / str(len(self._folders)))
        folder.mkdir(exist_ok=True)
        return folder

    def _free(self, name: str) -> str:
        """The name, with a number where another member has it already."""
        path = PurePosixPath(name)
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        self._taken.add(free)
        return free

    def _copy(self, data: IO[bytes], out: IO[bytes]) -> None:
        """What an archive says of its sizes may be a lie, so the bytes themselves are counted."""
        while chunk := data.read(2**20):
            self._size += len(chunk)
            if self._size > MOST_UNPACKED:
                raise Refused(f"unpacks to more than {MOST_UNPACKED // 2**20} MB")
            out.write(chunk)


def _printable(part: str) -> str:
    clean = part.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else "_" for letter in clean)


def _shortened(name: str) -> str:
    """A file name of at most LONGEST_NAME characters that keeps its suffix."""
    suffix = PurePosixPath(name).suffix[:20]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(suffix)] + suffix
