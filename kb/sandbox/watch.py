"""Watches what a child uses, and tells when it is too much."""

import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from kb.sandbox import tree
from kb.sandbox.limits import MB, Broken, Limits, in_words

POLL = 0.05
"""Seconds between two looks at memory; a process fills some 100 MB in that time, and never more than its own limit."""

POLL_DISK = 0.5
"""Seconds between two looks into the scratch folder."""

DEEPEST = 100
"""Folders in each other; what lies deeper is removed."""

BLOCK = 512
"""Bytes in which `stat` counts what a file takes on the disk."""


class Watch:
    """Watches the child `pid` and its scratch folder, from now on."""

    def __init__(self, pid: int, limits: Limits, scratch: Path) -> None:
        self._pid = pid
        self._limits = limits
        self._scratch = scratch
        now = time.monotonic()
        self._end = now + limits.seconds
        self._next, self._next_disk = now + POLL, now + POLL_DISK

    def check(self) -> None:
        """Look after the child, where it is time. Raises Broken, with the reason, where it breaks a limit."""
        now = time.monotonic()
        if now >= self._end:
            raise Broken(f"took longer than {self._limits.seconds} s to read")
        if now >= self._next:
            self._next = now + POLL
            self._check_processes()
        if now >= self._next_disk:
            self._next_disk = now + POLL_DISK
            self.check_disk()

    def check_output(self, size: int) -> None:
        """Raises Broken where a message of `size` bytes is more than may come back."""
        if size > self._limits.output:
            raise Broken(f"holds more than {self._limits.output // MB} MB of text")

    def check_disk(self) -> None:
        """Raises Broken where the scratch folder holds more than it may."""
        size = 0
        for count, (entry, _) in enumerate(_entries(self._scratch), start=1):
            size += _status(entry).st_blocks * BLOCK
            if size > self._limits.disk:
                raise Broken(f"unpacks to more than {in_words(self._limits.disk)}")
            if count > self._limits.files:
                raise Broken(f"unpacks to more than {self._limits.files:,} files")

    def _check_processes(self) -> None:
        use = tree.use_below(self._pid)
        if use.processes > self._limits.processes:
            raise Broken(f"made its reader start more than {self._limits.processes} programs")
        if use.memory > self._limits.memory:
            raise Broken(f"needs more than {in_words(self._limits.memory)} of memory to read")


def sweep(scratch: Path) -> None:
    """Remove from a scratch folder all but files and folders that can be read, so that nothing in it leads out
    of it or blocks. Nothing may write there meanwhile."""
    for entry, depth in _entries(scratch):
        mode = _status(entry).st_mode
        if stat.S_ISDIR(mode) and depth < DEEPEST:
            Path(entry.path).chmod(0o700)
        elif stat.S_ISREG(mode):
            Path(entry.path).chmod(0o600)
        elif stat.S_ISDIR(mode):
            subprocess.run(["rm", "-rf", "--", entry.path], check=False, capture_output=True)
        else:
            Path(entry.path).unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove the folder `path` that a child has filled, if it is still there, however deep. Links in it are not
    followed. Nothing may write there meanwhile."""
    if not path.exists():
        return
    sweep(path)
    try:
        # Not TemporaryDirectory, which in some versions of Python follows links to change permissions.
        shutil.rmtree(path)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", "--", str(path)], check=False, capture_output=True)


def _status(entry: os.DirEntry[str]) -> os.stat_result:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # removed meanwhile
        return os.stat_result((0,) * 19)


def _entries(folder: Path) -> Iterator[tuple[os.DirEntry[str], int]]:
    """All that lies in `folder`, with its depth from 1 to DEEPEST, folders before what is in them; what cannot
    be looked into is passed."""
    waiting = [(str(folder), 1)]
    while waiting:
        path, depth = waiting.pop()
        try:
            with os.scandir(path) as found:
                entries = list(found)
        except OSError:
            continue
        for entry in entries:
            yield entry, depth
            if depth < DEEPEST and entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, depth + 1))
