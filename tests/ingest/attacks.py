"""What a subverted parser might try: tasks for the sandbox. Each says what it was able to do."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MB = 2**20

_CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)"


def outcome(attempt: Callable[[], object]) -> str:
    """ "done", or the name of what stopped it."""
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "done"


# --- files


def read_files(*paths: Path) -> dict[str, str]:
    """By name, how reading each file went; the paths come as text, so that they are no arguments to be read."""
    return {path.name: outcome(path.read_bytes) for path in map(Path, paths)}


def change_files(outside: str) -> dict[str, str]:
    """How each way to change the folder `outside`, or to make what is no file, went."""
    folder = Path(outside)
    return {
        "write": outcome(lambda: (folder / "new").write_text("x")),
        "append": outcome(lambda: (folder / "old").open("a").close()),
        "truncate": outcome(lambda: os.truncate(folder / "old", 0)),
        "remove": outcome((folder / "old").unlink),
        "rename": outcome(lambda: (folder / "old").rename(folder / "other")),
        "bring in": outcome(lambda: (folder / "old").rename("stolen")),
        "make a folder": outcome((folder / "sub").mkdir),
        "hard link": outcome(lambda: Path("hard").hardlink_to(folder / "old")),
        "own file": outcome(lambda: Path("mine").write_text("x")),
        "own folder": outcome(Path("folder").mkdir),
    }


def leave_links(target: str) -> dict[str, str]:
    """Leave links and a pipe in the scratch folder, for whoever reads it later."""
    Path("file").write_text("honest")
    return {
        "symlink": outcome(lambda: Path("link").symlink_to(target)),
        "pipe": outcome(lambda: os.mkfifo("pipe")),
    }


def fill(files: int, size: int) -> None:
    """Write files of `size` MB, then wait."""
    for number in range(files):
        Path(str(number)).write_bytes(b"x" * size * MB)
    time.sleep(60)


def dig(depth: int) -> None:
    """Folders in each other, that cannot be entered."""
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path().absolute().chmod(0)


# --- network


def open_connections(port: int, unix: str) -> dict[str, str]:
    """How each way by Python's own means went."""
    return {
        "connect": outcome(lambda: socket.create_connection(("127.0.0.1", port), 2)),
        "datagram": outcome(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port))),
        "name": outcome(lambda: socket.getaddrinfo("localhost.example", 80)),
        "local": outcome(lambda: socket.socket(socket.AF_UNIX).connect(unix)),
    }


def open_connections_natively(port: int, unix: str) -> dict[str, str]:
    """How each way past Python's audit hooks went: a C library's calls, another program."""
    libc = ctypes.CDLL(None, use_errno=True)
    internet = bytes((2, 0)) + port.to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    local = bytes((1, 0)) + os.fsencode(unix).ljust(108, b"\0")

    def connect(family: int, address: bytes) -> None:
        handle = libc.socket(family, 1, 0)
        if handle < 0 or libc.connect(handle, address, len(address)) < 0:
            raise OSError(ctypes.get_errno(), "denied")

    def another_program() -> None:
        if subprocess.run([sys.executable, "-I", "-S", "-c", _CONNECT, str(port)], check=False).returncode:
            raise PermissionError

    return {
        "connect": outcome(lambda: connect(2, internet)),
        "local": outcome(lambda: connect(1, local)),
        "another program": outcome(another_program),
    }


# --- processes, time and memory


def leave_a_process(marker: str) -> str:
    """Start a program that leaves the family: its own session, no parent."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvp("sleep", ["sleep", marker])
        os._exit(0)
    time.sleep(0.2)
    return "left"


def leave_a_process_and_hang(marker: str) -> None:
    """The same, and never end."""
    leave_a_process(marker)
    time.sleep(3_600)


def multiply() -> None:
    """Start processes as fast as can be, each of which waits."""
    for _ in range(500):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    time.sleep(60)


def share_out_memory(processes: int, size: int) -> None:
    """Fill `size` MB in each of some processes, and wait."""
    for _ in range(processes):
        if os.fork() == 0:
            held = bytearray(os.urandom(MB)) * size
            time.sleep(60 + len(held) * 0)
            os._exit(0)
    time.sleep(60)


def fill_memory(size: int) -> int:
    """Fill `size` MB at once."""
    return len(bytearray(os.urandom(MB)) * size)


def map_files(size: int) -> None:
    """Fill memory that no process may be said to own: a file, mapped and shared."""
    import mmap

    with Path("shared").open("w+b") as file:
        file.truncate(size * MB)
        held = mmap.mmap(file.fileno(), size * MB)
        for at in range(0, size * MB, 4096):
            held[at] = 1
        time.sleep(60)


def spin() -> None:
    """Use the processor for ever."""
    while True:
        pass


def kill_all_around() -> dict[str, str]:
    """Try to end those whose work this is: the supervisor and the fork server."""
    supervisor = _parent_of("self")
    families = {"supervisor": supervisor, "server": _parent_of(supervisor)}
    return {name: outcome(lambda pid=pid: os.kill(int(pid), signal.SIGTERM)) for name, pid in families.items()}


def kill_own_group(marker: str) -> None:
    """Leave a process, and end all that belong to this one's group."""
    leave_a_process(marker)
    os.kill(0, signal.SIGKILL)
    time.sleep(60)


def _parent_of(process: str) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]


def crash() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


def limits_of_a_program() -> dict[str, list[int]]:
    """The limits that a program started by the task has."""
    kinds = ("CPU", "DATA", "FSIZE", "CORE")
    code = (
        "import resource, json; print(json.dumps([resource.getrlimit(getattr(resource, 'RLIMIT_' + k)) for k in %r]))"
    )
    import json

    said = subprocess.run([sys.executable, "-S", "-c", code % (kinds,)], capture_output=True, check=True).stdout
    return dict(zip(kinds, json.loads(said), strict=True))


def memory_limit() -> list[int]:
    """The limit on data of this process, in bytes."""
    return list(resource.getrlimit(resource.RLIMIT_DATA))


# --- the pipe to the parent, and what can be learned


def say(data: bytes, then_wait: float = 0) -> None:
    """Write `data` to every open pipe in the answer's stead."""
    for handle in range(3, 64):
        try:
            os.write(handle, data)
        except OSError:
            continue
    time.sleep(then_wait)
    os._exit(0)


def trickle() -> None:
    """Say a byte at a time, for ever."""
    for handle in range(3, 64):
        try:
            os.fstat(handle)
        except OSError:
            continue
        os.write(handle, (1_000_000).to_bytes(8, "big"))
        while True:
            os.write(handle, b"x")
            time.sleep(0.01)


def answer(value: Any) -> Any:
    """Give back the argument."""
    return value


def refuse(reason: str) -> None:
    """Raise Refused."""
    from ingest.extract.base import Refused

    raise Refused(reason)


def choke(reason: str) -> None:
    """Raise what a parser raises."""
    raise ValueError(reason)


def try_namespaces() -> bool:
    """Whether namespaces can be made, in which a process is its own root."""
    from kb.sandbox.layers import supported

    return supported().namespaces


def look_around() -> dict[str, Any]:
    """What the process can see of its surroundings."""
    return {
        "environment": dict(os.environ),
        "inherited": Path("/proc/self/environ").read_bytes().decode("utf-8", "replace"),
        "folder": str(Path.cwd()),
        "open files": len(list(Path("/proc/self/fd").iterdir())),
        "status": Path("/proc/self/status").read_text(),
    }
