"""The layers of confinement: which there are, and a process's way into them."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from kb.sandbox import audit, landlock, libc, namespaces, seccomp

_RUN = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store")
"""Programs and libraries."""

_READ = (
    "/proc",
    "/sys/devices/system/cpu",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/mime.types",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
"""What programs need besides: fonts, settings, the time zone. No passwords, nobody's home folder."""

_OWN_PACKAGES = ("ingest", "kb")
"""Ingest is there only where it is what asks."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Which layers of the kernel confine a task. Limits and audit hooks always do.

    `namespaces`: no network, no sight of other processes, all descendants end with the worker.
    `landlock`: reads what parsers need, writes its scratch folder.
    `seccomp`: no call that opens a connection.
    """

    namespaces: bool = True
    landlock: bool = True
    seccomp: bool = True


def supported() -> Layers:
    """The layers that the kernel grants here; tries each one in a child."""
    if sys.platform != "linux":
        return Layers(namespaces=False, landlock=False, seccomp=False)
    tries: dict[str, Callable[[], object]] = {
        "namespaces": _try_namespaces,
        "landlock": lambda: _privileges_dropped(lambda: landlock.restrict(run=(), read=(), write=())),
        "seccomp": lambda: _privileges_dropped(seccomp.restrict),
    }
    return Layers(**{field.name: _holds(tries[field.name]) for field in fields(Layers)})


def _holds(attempt: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            attempt()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _try_namespaces() -> None:
    namespaces.enter()
    if not _holds(lambda: None):
        raise OSError


def _privileges_dropped(attempt: Callable[[], object]) -> None:
    libc.drop_capabilities()
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    attempt()


def confine(layers: Layers, scratch: Path, task: str, reads: Iterable[Path]) -> None:
    """Confine this process, which must have one thread, and all that it will start.

    It may read what a function of the module `task` needs, and `reads`; it may write under `scratch`.
    Raises OSError where a layer does not hold.
    """
    if sys.platform == "linux":
        libc.drop_capabilities()
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    if layers.landlock:
        programs = [*map(Path, _RUN), *_python()]
        landlock.restrict(
            run=programs,
            read=[*map(Path, _READ), *_packages(task), *reads],
            write=[scratch, Path(os.devnull)],
        )
    if layers.seccomp:
        seccomp.restrict()
    audit.deny_network()
    if not layers.landlock:
        audit.deny_writes(scratch)


def _python() -> Iterator[Path]:
    """Where the interpreter and installed packages lie."""
    yield from (Path(sys.prefix), Path(sys.base_prefix))
    yield from (Path(entry) for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"})


def _packages(task: str) -> Iterator[Path]:
    """The folders of our own packages, which may lie beside a person's documents, and the task's module."""
    for name in sys.modules.keys() & _OWN_PACKAGES:
        yield from map(Path, sys.modules[name].__path__)
    file = getattr(sys.modules.get(task), "__file__", None)
    if file:
        yield Path(file)
