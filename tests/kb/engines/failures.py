"""What goes wrong in a cluster: networks that can be cut, disks that fill up, and what the nodes hold afterwards."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from kb import KnowledgeBase
from kb.errors import ClusterError
from kb.types import DraftDocument
from tests.kb.drafts import put
from tests.qdrant import PATIENCE, Server

DISK = "400m"
"""Of the node whose disk gets full. The server wants 64 MB for what each part of a collection writes ahead."""


def ip(*arguments: str) -> None:
    """Run `ip ARGUMENTS...`."""
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@cache
def may_cut() -> bool:
    """Whether this process may make networks of its own, and disks."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    name = f"kb-try-{os.getpid()}"
    try:
        ip("netns", "add", name)
        ip("netns", "del", name)
    except subprocess.CalledProcessError:
        return False
    return True


@dataclass
class Apart(Server):
    """A server in a network namespace: on one network it answers clients, on another it meets its peers."""

    namespace: str = ""
    peer_host: str = ""

    @property
    def peer(self) -> str:
        """As Server says."""
        return f"http://{self.peer_host}:{self.peer_port}"

    def _configuration(self) -> dict[str, str]:
        return {**super()._configuration(), "QDRANT__SERVICE__HOST": "0.0.0.0"}

    def start(self, *, prefix: tuple[str, ...] = ()) -> Server:
        """As Server says."""
        return super().start(prefix=("ip", "netns", "exec", self.namespace, *prefix))


class Network:
    """Between three nodes, each of which can be cut off from the others while clients still reach it.

    What goes over a cut line is lost without a word, as it is with a pulled cable.
    """

    def __init__(self) -> None:
        self._name = f"kb{os.getpid()}"
        self._part = os.getpid() % 256
        self._hub = f"{self._name}-hub"

    def __enter__(self) -> "Network":
        ip("netns", "add", self._hub)
        ip("-n", self._hub, "link", "add", "hub", "type", "bridge")
        ip("-n", self._hub, "link", "set", "hub", "up")
        for number in range(3):
            self._connect(number, f"{self._name}-{number}")
        return self

    def _connect(self, number: int, node: str) -> None:
        ip("netns", "add", node)
        ip("-n", node, "link", "set", "lo", "up")
        ip("link", "add", node, "type", "veth", "peer", "name", "clients", "netns", node)
        ip("addr", "add", f"198.18.{self._part}.{4 * number + 1}/30", "dev", node)
        ip("link", "set", node, "up")
        ip("-n", node, "addr", "add", f"198.18.{self._part}.{4 * number + 2}/30", "dev", "clients")
        ip("-n", node, "link", "set", "clients", "up")
        ip("-n", self._hub, "link", "add", f"to-{number}", "type", "veth", "peer", "name", "peers", "netns", node)
        ip("-n", self._hub, "link", "set", f"to-{number}", "master", "hub", "up")
        ip("-n", node, "addr", "add", f"198.19.{self._part}.{number + 1}/24", "dev", "peers")
        ip("-n", node, "link", "set", "peers", "up")

    def __exit__(self, *_: object) -> None:
        for each in (0, 1, 2, "hub"):
            ip("netns", "del", f"{self._name}-{each}")

    def server(self, folder: Path, environment: dict[str, str], *, cluster: bool, first: str = "") -> Server:
        """One whose folder ends in its number."""
        number = int(folder.name[-1])
        return Apart(
            folder,
            environment,
            cluster,
            first,
            host=f"198.18.{self._part}.{4 * number + 2}",
            namespace=f"{self._name}-{number}",
            peer_host=f"198.19.{self._part}.{number + 1}",
        )

    @contextmanager
    def cut(self, node: Server) -> Iterator[None]:
        """Meanwhile the node does not reach the others, nor they it."""
        line = f"to-{node.folder.name[-1]}"
        ip("-n", self._hub, "link", "set", line, "down")
        try:
            yield
        finally:
            ip("-n", self._hub, "link", "set", line, "up")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own for `folder`."""
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Meanwhile there is not a byte left on the file system of `folder`, whatever is deleted there."""
    ballast = folder / "ballast"
    stopped = threading.Event()
    with ballast.open("wb", buffering=0) as file:

        def fill() -> None:
            with suppress(OSError):
                while file.write(bytes(2**16)):
                    pass

        def keep_full() -> None:
            while not stopped.wait(0.02):
                fill()

        fill()
        keeper = threading.Thread(target=keep_full)
        keeper.start()
        try:
            yield
        finally:
            stopped.set()
            keeper.join()
            ballast.unlink()


class Ingest(threading.Thread):
    """Keeps putting documents, each with the time it took, until it is stopped or there are no more.

    `written` are those that were reported as written; `refused` is what was said of the others.
    """

    def __init__(self, kb: KnowledgeBase, documents: Iterator[DraftDocument]) -> None:
        super().__init__()
        self.written: list[DraftDocument] = []
        self.refused: list[ClusterError] = []
        self.seconds: list[float] = []
        self._kb, self._documents = kb, documents
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        for document in self._documents:
            if self._stopped.is_set():
                return
            began = time.monotonic()
            try:
                put(self._kb, document)
                self.written.append(document)
            except ClusterError as error:
                self.refused.append(error)
            self.seconds.append(time.monotonic() - began)

    def wait_for(self, more: int) -> None:
        """Until so many more are written."""
        enough = len(self.written) + more
        wait_until(lambda: len(self.written) >= enough)

    def finish(self) -> None:
        """Stop it after the document that it is at."""
        self._stopped.set()
        self.join()


def wait_until(holds: Callable[[], bool]) -> None:
    """Raises TimeoutError where it does not within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def apart(node: Server) -> bool:
    """Whether a node has noticed that it does not learn any more what the others agree on."""
    return bool(said(node, "/cluster")["consensus_thread_status"]["consensus_thread_status"] != "working")


def leads(nodes: Sequence[Server]) -> Server:
    """The node through which the others write where they can choose: the one with the highest number."""
    return max(nodes, key=lambda node: int(said(node, "/cluster")["peer_id"]))


def said(node: Server, path: str, **asked: Any) -> Any:
    """What a node answers."""
    method = "POST" if asked else "GET"
    answer = httpx.request(method, f"{node.url}{path}", json=asked or None, timeout=30)
    answer.raise_for_status()
    return answer.json()["result"]


def caught_up(nodes: Sequence[Server], collection: str) -> None:
    """Wait until all nodes say that every part of the collection is whole, wherever it is kept."""

    def whole() -> bool:
        try:
            told = [said(node, f"/collections/{collection}/cluster") for node in nodes]
        except httpx.HTTPError:
            return False
        states = {part["state"] for each in told for part in each["local_shards"] + each["remote_shards"]}
        return states == {"Active"} and not any(each["shard_transfers"] for each in told)

    wait_until(whole)


def points(node: Server, collection: str) -> Mapping[str, Any]:
    """All that a node knows of a collection, by id."""
    found = said(node, f"/collections/{collection}/points/scroll", limit=100_000, with_vector=True, with_payload=True)
    return {str(point["id"]): (point["payload"], point["vector"]) for point in found["points"]}
