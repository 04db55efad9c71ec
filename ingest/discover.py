"""Which files there are to read, in a stable order, and which known ones are gone."""

import fnmatch
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import sidecar

IGNORE_FILE = ".kbignore"
"""Holds one pattern a line (`drafts`, `*.py`): names in its folder that are not read."""

OUTSIDE = "is a link to a file outside the folder: name it itself to have it read"
"""Why a link in `Discovery.outside` is not read."""

_JUNK = ("Thumbs.db", "desktop.ini", "~$*", "*.tmp", "*.part", "*.crdownload")


@dataclass(frozen=True, slots=True)
class Discovery:
    """Files found under the given paths, given paths where there is nothing, and links that lead `outside` all
    of the paths: somebody may have sent a link to a file of yours."""

    files: tuple[Path, ...]
    missing: tuple[Path, ...]
    outside: tuple[Path, ...] = ()


def discover(paths: Sequence[Path]) -> Discovery:
    """Walk `paths`. Hidden files, sidecars, lock files and what a .kbignore names are left out;
    a file that is named outright is taken unless it is a sidecar. Links to folders are not followed."""
    roots = [Path(os.path.realpath(path)) for path in paths]
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
    named = {Path(os.path.abspath(path)) for path in paths}
    outside = {path for path in files if path not in named and _leads_out(path, roots)}
    return Discovery(tuple(path for path in files if path not in outside), tuple(missing), tuple(sorted(outside)))


def _leads_out(path: Path, roots: Sequence[Path]) -> bool:
    return path.is_symlink() and not is_under(os.path.realpath(path), roots)


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is hidden, a lock file or an unfinished download."""
    return name.startswith(".") or _matches(name, _JUNK)


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
            hidden = is_junk(name) or _matches(name, patterns)
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
