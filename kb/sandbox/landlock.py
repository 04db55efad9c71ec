"""Which files a process may read and write, by Linux's Landlock (5.13 and later)."""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from kb.sandbox import libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""System calls, the same on every architecture."""

VERSION = 1  # flag of CREATE_RULESET
PATH_BENEATH = 1  # kind of a rule

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG, MAKE_SOCK = 1 << 7, 1 << 8, 1 << 9
REFER, TRUNCATE = 1 << 13, 1 << 14

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
# Neither links nor devices or pipes can be made: what reads the scratch folder later must not be led out of it.
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | REFER | TRUNCATE

_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""The accesses to files that each version of Landlock knows, from the version that added some."""

_TCP_FROM, _TCP = 4, 0b11
"""Version from which TCP's bind and connect can be denied."""

_SCOPES_FROM, _SCOPES = 6, 0b11
"""Version from which abstract sockets of, and signals to, processes outside can be denied."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Landlock's version. Raises OSError where there is none."""
    return libc.syscall(CREATE_RULESET, None, 0, VERSION)


def restrict(*, run: Iterable[Path], read: Iterable[Path], write: Iterable[Path]) -> None:
    """Deny this process, and all that it starts, every file that is not in or under one of these paths.

    Paths that do not exist are left out. Raises OSError where the kernel says no.
    """
    known = version()
    files = _ALL[max(since for since in _ALL if since <= known)]
    rules = _Ruleset(files, _TCP if known >= _TCP_FROM else 0, _SCOPES if known >= _SCOPES_FROM else 0)
    size = 8 if known < _TCP_FROM else 16 if known < _SCOPES_FROM else 24
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), size, 0)
    try:
        for paths, access in ((run, RUN), (read, READ), (write, WRITE)):
            for path in paths:
                _allow(ruleset, path, access & files)
        libc.syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = access if path.is_dir() else access & _OF_FILES
        libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(_Rule(allowed, parent)), 0)
    finally:
        os.close(parent)
