"""A real Qdrant server, or three of them as a cluster, started for a test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

BINARY = Path(sys.executable).parent / "qdrant"
"""`make test` puts it there."""

PATIENCE = 60.0
"""Seconds for a server to be ready."""

WORKERS = "1"
"""Threads of each kind: several servers share the two cores of a test machine."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Server:
    """A server that keeps its data in `folder`; `environment` adds to its configuration, `host` is what it listens on.

    With `first`, the peer address of another one, it joins that one's cluster; with `cluster` it begins one.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    cluster: bool = False
    first: str = ""
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    peer_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    @property
    def peer(self) -> str:
        """Where the others of its cluster reach it."""
        return f"http://{self.host}:{self.peer_port}"

    def start(self, *, prefix: tuple[str, ...] = ()) -> "Server":
        """Start it, again perhaps, and wait until it is ready; `prefix` goes before its command line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        arguments = [
            *(["--uri", self.peer] if self.cluster else []),
            *(["--bootstrap", self.first] if self.first else []),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, str(BINARY), "--disable-telemetry", *arguments],
                cwd=self.folder,
                env={**os.environ, **self._configuration(), **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()
        return self

    def _configuration(self) -> dict[str, str]:
        return {
            "QDRANT__SERVICE__HOST": self.host,
            "QDRANT__SERVICE__HTTP_PORT": str(self.port),
            "QDRANT__SERVICE__GRPC_PORT": str(free_port()),
            "QDRANT__SERVICE__MAX_WORKERS": WORKERS,
            "QDRANT__STORAGE__STORAGE_PATH": str(self.folder / "storage"),
            "QDRANT__STORAGE__SNAPSHOTS_PATH": str(self.folder / "snapshots"),
            "QDRANT__STORAGE__PERFORMANCE__MAX_SEARCH_THREADS": WORKERS,
            "QDRANT__STORAGE__PERFORMANCE__MAX_OPTIMIZATION_THREADS": WORKERS,
            "QDRANT__CLUSTER__ENABLED": str(self.cluster).lower(),
            "QDRANT__CLUSTER__P2P__PORT": str(self.peer_port),
            "QDRANT__LOG_LEVEL": "INFO",
        }

    def wait(self) -> None:
        """Until it is ready."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process is not None and self.process.poll() is None, (self.folder / "log").read_text()[-2_000:]
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text()[-2_000:])

    def kill(self) -> None:
        """As `kill -9` does it."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """It takes connections and answers nothing, meanwhile."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def server(folder: Path, **environment: str) -> Iterator[Server]:
    """One server; `environment` adds to its configuration."""
    one = Server(folder, environment=environment)
    try:
        yield one.start()
    finally:
        one.kill()


@contextmanager
def cluster(
    folder: Path, nodes: int = 3, make: Callable[..., Server] = Server, **environment: str
) -> Iterator[list[Server]]:
    """Several servers as one cluster; `environment` adds to their configuration."""
    servers = [make(folder / "node-0", environment, cluster=True)]
    try:
        servers[0].start()
        for number in range(1, nodes):
            servers.append(make(folder / f"node-{number}", environment, cluster=True, first=servers[0].peer))
            servers[-1].start()
        _wait_for_peers(servers)
        yield servers
    finally:
        for one in servers:
            one.kill()


def _wait_for_peers(servers: list[Server]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        known = [httpx.get(f"{one.url}/cluster", timeout=5).json()["result"]["peers"] for one in servers]
        if all(len(peers) == len(servers) for peers in known):
            return
        time.sleep(0.2)
    raise TimeoutError("The servers do not know each other.")
