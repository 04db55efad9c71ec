"""What Python code in a task may do, by audit hooks. It does not hold what is not Python: the layers of the
kernel do. It is there for systems without them, and says in words what it denies."""

import os
import sys
from pathlib import Path
from typing import Any

_CONNECTING = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)
_CHANGING = {
    "os.remove": 1,
    "os.rename": 2,
    "os.mkdir": 1,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.link": 2,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.chown": 1,
}
"""Events with the number of paths among their first arguments."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def deny_network() -> None:
    """Let no Python code in this process open a connection or look up a name, from now on."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _CONNECTING:
            raise PermissionError("documents are read without network")

    sys.addaudithook(refuse)


def deny_writes(scratch: Path) -> None:
    """Let no Python code in this process change files outside the folder `scratch`, from now on."""
    inside = os.path.realpath(scratch)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            paths = (path,) if isinstance(flags, int) and flags & _WRITING else ()
        else:
            paths = arguments[: _CHANGING.get(event, 0)]
        for path in paths:
            if isinstance(path, str | bytes) and not _is_inside(os.fsdecode(path), inside):
                raise PermissionError("documents are read without changing files")

    sys.addaudithook(refuse)


def _is_inside(path: str, folder: str) -> bool:
    real = os.path.realpath(path)
    return real in {os.devnull, folder} or real.startswith(folder + os.sep)
