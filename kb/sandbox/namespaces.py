"""A network without any device, and a process tree of its own, by Linux namespaces."""

import os
from contextlib import suppress
from pathlib import Path

from kb.sandbox import libc

NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PID = 0x20000000
NEW_NET = 0x40000000


def enter() -> None:
    """Leave the network, and let the next child be the first process of a tree that ends with it.

    This process must have one thread; it keeps its user and group. Raises OSError where the kernel says no.
    """
    user, group = os.geteuid(), os.getegid()
    libc.unshare(NEW_USER | NEW_NET | NEW_IPC | NEW_PID)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")
    with suppress(OSError):  # a process that can make no namespaces gets at less of the kernel
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
