"""The child's side: a supervisor, which reads nothing hostile, and the worker that it watches over."""

import errno
import json
import os
import select
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kb.errors import Refused
from kb.sandbox import libc, limits, namespaces, tree
from kb.sandbox.layers import Layers, confine, supported
from kb.sandbox.limits import Limits, in_words
from kb.sandbox.watch import remove

HEADER = 8
"""Bytes before a message that say how long it is."""

GLANCE = 20
"""Milliseconds between two looks whether the worker still lives."""

_MOST_DESCRIPTORS = 65_536
_SAID = 200
"""Characters of a parser's own words that are passed on."""


def report_layers(sending: Connection) -> None:
    """Tell which layers the kernel grants."""
    found = supported()
    _send(sending.fileno(), _packed({"done": [found.namespaces, found.landlock, found.seccomp]}))


@dataclass(frozen=True, slots=True)
class Job:
    """A task, and what it may do. `scratch` is an absolute path; where it is `temporary`, it goes with the task,
    even if there is no parent any more to remove it."""

    task: Callable[..., Any]
    arguments: tuple[object, ...]
    limits: Limits
    layers: Layers
    scratch: Path
    temporary: bool


def supervise(sending: Connection, job: Job) -> None:
    """Run the job in a worker; end it, with all that it started, when it is done or nobody waits any more."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    try:
        if job.layers.namespaces:
            namespaces.enter()
        elif sys.platform == "linux":
            libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)  # what loses its parent comes to us
    except OSError as error:
        _send(sending.fileno(), _packed({"broken": _unconfined(error)}))
        return
    worker = os.fork()
    if worker == 0:
        status = 1
        try:
            _work(sending.fileno(), job)
            status = 0
        finally:
            os._exit(status)
    _watch_over(worker, sending)
    if job.temporary:
        remove(job.scratch)


def _watch_over(worker: int, sending: Connection) -> None:
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_DUMPABLE, 0)  # nobody looks into this process or steers it
    reader = select.poll()
    reader.register(sending.fileno(), 0)  # wakes when the other end is closed, as it is when the parent dies
    while not reader.poll(GLANCE) and os.waitpid(worker, os.WNOHANG) == (0, 0):
        continue
    if sys.platform != "linux":
        os.killpg(worker, signal.SIGKILL)
    sending.close()
    tree.end_descendants()


def _work(sending: int, job: Job) -> None:
    os.setsid()  # signals to its own group do not reach the supervisor
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    _let_go(sending)
    _settle(job.scratch)
    limits.apply(job.limits)
    try:
        confine(job.layers, job.scratch, job.task.__module__, _paths(job.arguments))
    except OSError as error:
        _send(sending, _packed({"broken": _unconfined(error)}))
        return
    _send(sending, _packed(_outcome(job)))


def _let_go(sending: int) -> None:
    """Close every file and terminal that came from the parents, but for the pipe."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, sending)
    os.closerange(sending + 1, _MOST_DESCRIPTORS)


def _settle(scratch: Path) -> None:
    """Make the scratch folder this process's home."""
    os.chdir(scratch)
    tempfile.tempdir = str(scratch)
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    for name in ("HOME", "TMPDIR", "TEMP", "TMP"):
        os.environ[name] = str(scratch)
    os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract on several threads is slower, and other files wait for cores


def _paths(arguments: tuple[object, ...]) -> Iterator[Path]:
    """The paths among a task's arguments, which it may read."""
    for argument in arguments:
        if isinstance(argument, Path):
            yield argument
        elif isinstance(argument, tuple | list):
            yield from _paths(tuple(argument))


def _outcome(job: Job) -> dict[str, Any]:
    """What the worker has to say."""
    too_much = f"needs more than {in_words(job.limits.memory)} of memory to read"
    try:
        return {"done": job.task(*job.arguments)}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"broken": too_much}
    except Exception as error:
        known = {errno.ENOMEM: too_much, errno.EFBIG: f"unpacks to more than {in_words(job.limits.disk)}"}
        number = error.errno if isinstance(error, OSError) else None
        said = f"is damaged: its reader says {type(error).__name__}: {str(error)[:_SAID]}"
        return {"broken": known.get(number or 0, said)}


def _unconfined(error: OSError) -> str:
    return f"was not read, because its reader could not be confined: {error}"


def _packed(message: dict[str, Any]) -> bytes:
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return len(data).to_bytes(HEADER, "big") + data


def _send(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
