"""The parent's side: starts a child, watches what it uses, believes nothing that it says."""

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import RLock
from typing import Any

from kb.errors import Refused
from kb.sandbox import child
from kb.sandbox.layers import Layers
from kb.sandbox.limits import USUAL, Broken, Limits
from kb.sandbox.watch import POLL, Watch, remove, sweep

Json = Any
"""What JSON can say."""

CHUNK = 2**20
"""Bytes that are read from the pipe at once."""

MOST_SAID = 1_000
"""Characters of a reason; a longer one is cut."""

LAST_WAIT = 5
"""Seconds for a child to end its descendants, before it is ended itself and the kernel ends them."""

_KEPT = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "VIRTUAL_ENV"})
_KEPT_BEGINNINGS = ("LC_", "PYTHON", "XDG_CACHE_")
"""Variables of the environment that the server sees; others may be passwords and keys."""

_starting = RLock()
"""Held while the server starts or forks: the environment is this whole process's."""

_preloaded = ["kb.sandbox.server"]


def preload(*modules: str) -> None:
    """Let the fork server load these modules, so that no child has to. In vain once a task has run."""
    _preloaded.extend(modules)


def start() -> None:
    """Start the fork server, which the first task does otherwise. Better early: for a moment it takes the variables
    from the environment of this process, whose other threads may want them."""
    _context()


def run(
    task: Callable[..., Json],
    *arguments: object,
    limits: Limits = USUAL,
    scratch: Path | None = None,
    layers: Layers | None = None,
) -> Json:
    """What `task(*arguments)` returns, in a child process.

    `task` is a function of a module, its arguments can be pickled, and what it returns is JSON (no NaN).
    It may read the files and folders whose paths are among the arguments (absolute ones, since its working
    folder is the scratch folder), Python, and installed programs with their settings and fonts.
    `scratch` is the only folder it may write to, and holds only files and folders afterwards, no links; without
    one the task gets one of its own, which is removed. `layers` are those that are `granted`, unless named.
    Raises Refused as the task does, Broken where it raises anything else or breaks a limit.
    """
    with _folder(scratch) as folder:
        job = child.Job(task, arguments, limits, layers or granted(), folder, scratch is None)
        try:
            message = _ask(child.supervise, (job,), limits, folder)
        finally:
            if scratch:
                sweep(scratch)
    if "refused" in message:
        raise Refused(_plain(message["refused"]))
    if "done" not in message:
        raise Broken(_plain(message.get("broken", "made its reader answer nonsense")))
    return message["done"]


def _plain(reason: object) -> str:
    """A reason without what a terminal would take for a command."""
    text = str(reason)[:MOST_SAID]
    return "".join(letter if letter.isprintable() else " " for letter in text)


# --- one child


def _ask(target: Callable[..., None], arguments: tuple[object, ...], limits: Limits, scratch: Path) -> dict[str, Any]:
    """What a child that runs `target(pipe, *arguments)` says, which ends it."""
    context = _context()
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(sending, *arguments), daemon=True)
    try:
        with closing(receiving):
            with closing(sending):
                _start(process)
            return _receive(receiving, Watch(process.pid or 0, limits, scratch))
    finally:
        if process.pid:
            process.join(LAST_WAIT)
            process.kill()
            process.join()


def _receive(receiving: Connection, watch: Watch) -> dict[str, Any]:
    data = bytearray()
    size = child.HEADER
    while len(data) < size:
        watch.check()
        if not receiving.poll(POLL):
            continue
        chunk = os.read(receiving.fileno(), CHUNK)
        if not chunk:
            raise Broken("made its reader crash or run out of memory")
        data += chunk
        if size == child.HEADER <= len(data):
            size += int.from_bytes(data[: child.HEADER], "big")
            watch.check_output(size)
    watch.check_disk()
    try:
        message = json.loads(data[child.HEADER :])
    except (ValueError, RecursionError):
        message = None
    return message if isinstance(message, dict) else {}


@lru_cache(maxsize=1)
def granted() -> Layers:
    """The layers that the kernel grants to the children of this process."""
    with _folder(None) as folder:
        return Layers(*_ask(child.report_layers, (), USUAL, folder)["done"])


# --- the server that forks the children


@lru_cache(maxsize=1)
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_preloaded)
    with _clean_environment():
        forkserver.ensure_running()
    return context


def _start(process: multiprocessing.process.BaseProcess) -> None:
    with _starting:
        try:
            process.start()
        except (OSError, EOFError):  # the server has been killed: start another one
            time.sleep(POLL)
            with _clean_environment():
                forkserver.ensure_running()
            process.start()


@contextmanager
def _clean_environment() -> Iterator[None]:
    """An environment without secrets, for the server to inherit: a child could read it in its memory."""
    with _starting:
        before = dict(os.environ)
        kept = {name: value for name, value in before.items() if name in _KEPT or name.startswith(_KEPT_BEGINNINGS)}
        os.environ.clear()
        os.environ.update(kept)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """The folder given, or a new one that is removed."""
    if given:
        yield given.absolute()
        return
    made = Path(tempfile.mkdtemp(prefix="hopkb-"))
    try:
        yield made
    finally:
        remove(made)
