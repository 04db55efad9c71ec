"""What one task may use."""

import resource
from dataclasses import dataclass

MB = 2**20
GB = 2**30

DATA_SHARE = 7 / 8
"""Of the memory limit that one process may fill with data of its own. The rest is for what it shares (programs
and libraries, some 60 MB), so that the process hears "no" from malloc before the parent ends it."""

OPEN_FILES = 512
"""Descriptors of one process; LibreOffice has about 60 open."""

NO_CORE_DUMP = 1
"""Byte. Not 0: the kernel would still hand the dump to a program such as systemd-coredump."""


class Broken(Exception):
    """The file could not be read: the parser failed, ran out of a limit or died."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task and all the processes it starts may use together."""

    seconds: int = 120
    """Wall time, and CPU time of each process; a 1,000-page PDF takes about 2 s."""

    memory: int = GB
    """Bytes resident. The most that honest files were seen to need: 240 MB, LibreOffice with 50 slides
    (docs/security.md)."""

    output: int = 7 * MB
    """Bytes of what the task returns, as JSON. The longest books have 6 MB of text, a thousand-page report 3;
    with 7 MB, ingest itself stays below 1 GB while it encodes them (docs/security.md)."""

    disk: int = GB
    """Bytes in the scratch folder, and in each file."""

    files: int = 10_000
    """Files and folders in the scratch folder; LibreOffice makes some 50."""

    processes: int = 32
    """At one time; LibreOffice is three."""


USUAL = Limits()


def apply(limits: Limits) -> None:
    """Set the limits that the kernel keeps for this process and each that it starts."""
    # One second more than the wall clock, so that the parent is the one to say what happened.
    seconds = limits.seconds + 1
    for kind, value in (
        (resource.RLIMIT_DATA, int(limits.memory * DATA_SHARE)),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, NO_CORE_DUMP),
    ):
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def in_words(size: int) -> str:
    """A number of bytes, rounded down: "1 GB", "400 MB"."""
    return f"{size // GB} GB" if size >= GB else f"{size // MB} MB"
