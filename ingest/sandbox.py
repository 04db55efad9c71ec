"""One task on a file in a child process under limits: a hostile file costs itself, nothing else.

The child is forked from a server that has the parsers loaded, so a file costs milliseconds; its
result comes back as JSON, never as pickle, which a subverted parser could turn into code.
"""

import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.extract import extract
from ingest.extract.base import Block, BlockKind, Extraction, Refused
from kb.types import PlaceKind

Json = Any
"""What JSON can say."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one extraction may use."""

    seconds: int = 120
    """Wall and CPU time; a 1,000-page PDF takes about 2 s."""

    memory: int = 2 * 2**30
    """Bytes of address space."""

    output: int = 64 * 2**20
    """Bytes of extracted text; a thousand-page report has about 3 MB."""


class Broken(Exception):
    """The file could not be read: the parser failed, ran out of a limit or died."""


def run(task: Callable[..., Json], *arguments: object, limits: Limits = Limits(), scratch: Path | None = None) -> Json:
    """What `task(*arguments)` returns, in a child process.

    `task` is a function of a module, its arguments can be pickled, and what it returns is JSON (no NaN).
    `scratch` is the only folder it may write to; without one it gets one of its own, which is removed.
    Raises Refused as the task does, Broken where it raises anything else or breaks a limit.
    """
    with ExitStack() as folders:
        folder = scratch or Path(folders.enter_context(TemporaryDirectory(prefix="hopkb-")))
        context = _context()
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=_work, args=(sending, task, arguments, limits, str(folder)), daemon=True)
        child.start()
        sending.close()
        try:
            message = _receive(receiving, limits)
        finally:
            _end(child)
            receiving.close()
    if "refused" in message:
        raise Refused(message["refused"])
    if "broken" in message:
        raise Broken(message["broken"])
    return message["done"]


def extract_safely(path: Path, limits: Limits = Limits()) -> Extraction:
    """`extract(path)` in a child process.

    Raises Refused with a reason for people, Broken where the file breaks the parser or a limit.
    """
    return _extraction(run(_extract, path, limits=limits))


def _extract(path: Path) -> Json:
    return asdict(extract(path))


@lru_cache(maxsize=1)
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingest.sandbox", "pypdf", "pptx", "docx", "trafilatura"])
    return context


def _receive(receiving: Connection, limits: Limits) -> dict[str, Any]:
    try:
        if not receiving.poll(limits.seconds):
            raise Broken(f"took longer than {limits.seconds} s to read")
        message: dict[str, Any] = json.loads(receiving.recv_bytes(limits.output))
    except EOFError:
        raise Broken("made its reader crash or run out of memory") from None
    except (OSError, ValueError):
        raise Broken(f"holds more than {limits.output // 2**20} MB of text") from None
    return message


def _end(child: Any) -> None:
    child.kill()
    child.join()


def _work(
    sending: Connection, task: Callable[..., Json], arguments: tuple[object, ...], limits: Limits, scratch: str
) -> None:
    os.setsid()
    os.chdir(scratch)
    tempfile.tempdir = scratch
    os.environ["TMPDIR"] = scratch
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    deny_network()
    # One second more than the wall clock, so that the parent is the one to say what happened.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds + 1, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    sending.send_bytes(_message(task, arguments, limits))
    sending.close()


def deny_network() -> None:
    """Let nothing in this process open a connection or look up a name, from now on."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}:
            raise PermissionError("documents are read without network")

    sys.addaudithook(refuse)


def _message(task: Callable[..., Json], arguments: tuple[object, ...], limits: Limits) -> bytes:
    """What the child has to say, as JSON."""
    try:
        return _json({"done": task(*arguments)})
    except Refused as refusal:
        return _json({"refused": str(refusal)})
    except MemoryError:
        return _json({"broken": f"needs more than {_size(limits.memory)} of memory to read"})
    except Exception as error:
        return _json({"broken": f"is damaged: its reader says {type(error).__name__}: {str(error)[:200]}"})


def _json(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode("ascii")


def _size(size: int) -> str:
    return f"{size // 2**30} GB" if size >= 2**30 else f"{size // 2**20} MB"


def _extraction(found: dict[str, Any]) -> Extraction:
    blocks = tuple(Block(**{**block, "kind": BlockKind(block["kind"])}) for block in found["blocks"])
    return Extraction(
        format=str(found["format"]),
        place=PlaceKind(found["place"]),
        blocks=blocks,
        title=str(found["title"]),
        date=str(found["date"]),
        url=str(found["url"]),
        scanned=tuple(int(number) for number in found["scanned"]),
        remarks=tuple(str(remark) for remark in found["remarks"]),
    )
