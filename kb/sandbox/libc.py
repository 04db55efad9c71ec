"""System calls for which Python 3.11 has no function. Each raises OSError as Python's own do."""

import ctypes
import os
from functools import lru_cache
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

_CAPABILITIES_V3 = 0x20080522


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int, *arguments: Any) -> int:
    """The system call `number`; integers go as `long`, as the kernel expects."""
    passed = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return _checked(_libc().syscall(ctypes.c_long(number), *passed))


def prctl(option: int, value: int = 0, pointer: Any = None) -> None:
    """`prctl(2)`."""
    _checked(_libc().prctl(option, ctypes.c_ulong(value), pointer, ctypes.c_ulong(0), ctypes.c_ulong(0)))


def unshare(flags: int) -> None:
    """`unshare(2)`: leave the namespaces in `flags` for new ones."""
    _checked(_libc().unshare(flags))


def drop_capabilities() -> None:
    """Give up all that root may do beyond an ordinary user."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc().capset(header, nothing))
