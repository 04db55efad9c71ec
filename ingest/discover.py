"""Which files there are to read, in a stable order, and which known ones are gone."""

import fnmatch
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import sidecar

IGNORE_FILE = ".kbignore"
"""Holds one pattern a line (`drafts`, `*.py`): names in its folder that are not read."""

_JUNK = ("Thumbs.db", "desktop.ini", "~$*", "*.tmp", "*.part", "*.crdownload")


@dataclass(frozen=True, slots=True)
class Discovery:
    """Files found under the given paths, and given paths where there is nothing."""

    files: tuple[Path, ...]
    missing: tuple[Path, ...]


def discover(paths: Sequence[Path]) -> Discovery:
    """Walk `paths`. Hidden files, sidecars, lock files and what a .kbignore names are left out;
    a file that is named outright is taken unless it is a sidecar. Links to folders are not followed."""
    files: dict[Path, None] = {}
    missing = []
    for path in paths:
        absolute = Path(os.path.abspath(path))
        if absolute.is_dir():
            files.update(dict.fromkeys(_walk(absolute)))
        elif os.path.lexists(absolute):
            files.update({} if sidecar.is_sidecar(absolute) else {absolute: None})
        else:
            missing.append(absolute)
    return Discovery(tuple(files), tuple(missing))


def is_under(path: str, folders: Sequence[Path]) -> bool:
    """Whether `path` is one of `folders` or lies in one."""
    absolute = Path(path)
    return any(absolute == folder or folder in absolute.parents for folder in folders)


def _walk(folder: Path) -> Iterator[Path]:
    for directory, names, files in os.walk(folder):
        here = Path(directory)
        patterns = _ignored(here)
        names[:] = sorted(name for name in names if not name.startswith(".") and not _matches(name, patterns))
        for name in sorted(files):
            hidden = name.startswith(".") or _matches(name, [*patterns, *_JUNK])
            if not hidden and not sidecar.is_sidecar(Path(name)):
                yield here / name


def _ignored(folder: Path) -> list[str]:
    listed = folder / IGNORE_FILE
    if not listed.is_file():
        return []
    lines = (line.strip() for line in listed.read_text("utf-8", errors="replace").splitlines())
    return [line.rstrip("/") for line in lines if line and not line.startswith("#")]


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
