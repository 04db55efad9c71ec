"""One Qdrant server for all tests of a process, and a collection for each test."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder
from kb.engines import ENGINES
from kb.engines.local import LocalEngine
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.settings import Cluster
from kb.store import Store
from tests.kb.drafts import add
from tests.qdrant import Server, server

Machine = Callable[..., KnowledgeBase]
"""Opens the knowledge base of the test's cluster on the machine of this name: its folder is its own."""

Opened = Callable[[str, Path], AbstractContextManager[KnowledgeBase]]
"""An empty knowledge base of an engine, in a folder; closed, and gone from the cluster, afterwards."""


@pytest.fixture(scope="session")
def qdrant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server. Tests use collections of their own."""
    with server(tmp_path_factory.mktemp("qdrant")) as running:
        yield running


@contextmanager
def new_on(running: Server) -> Iterator[Cluster]:
    """Where a new knowledge base may be made; it is gone afterwards."""
    made = Cluster((running.url,), collection=f"kb-{uuid.uuid4().hex}", seconds=60)
    yield made
    httpx.delete(f"{running.url}/collections/{made.collection}", timeout=60)


@contextmanager
def machine_at(cluster: Cluster, home: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """A machine with its catalogue in the folder `home`."""
    engine = QdrantEngine(cluster, home, create=True)
    try:
        with KnowledgeBase(engine, encoder) as kb:
            yield kb
    finally:
        engine.close()


@pytest.fixture(scope="session")
def empty(qdrant: Server, encoder: Encoder) -> Opened:
    """Makes an empty knowledge base."""

    @contextmanager
    def made(engine: str, home: Path) -> Iterator[KnowledgeBase]:
        with ExitStack() as stack:
            if engine == "qdrant":
                yield stack.enter_context(machine_at(stack.enter_context(new_on(qdrant)), home, encoder))
            else:
                yield stack.enter_context(KnowledgeBase(LocalEngine(Store(home, create=True)), encoder))

    return made


@pytest.fixture(params=ENGINES)
def kb(request: pytest.FixtureRequest, empty: Opened, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base, with each engine."""
    with empty(request.param, tmp_path / "one") as opened:
        yield opened


@pytest.fixture
def cluster(qdrant: Server) -> Iterator[Cluster]:
    """Where a new knowledge base may be made."""
    with new_on(qdrant) as made:
        yield made


@pytest.fixture
def machine(cluster: Cluster, tmp_path: Path, encoder: Encoder) -> Iterator[Machine]:
    """Opens machines, and closes them after the test."""
    with ExitStack() as stack:

        def open_one(name: str, at: Cluster = cluster, encoder: Encoder = encoder) -> KnowledgeBase:
            return stack.enter_context(machine_at(at, tmp_path / name, encoder))

        yield open_one


@pytest.fixture
def riga(machine: Machine) -> KnowledgeBase:
    """A machine with a document."""
    kb = machine("riga")
    add(kb, "/first", "The library lends drills.")
    return kb


@pytest.fixture
def torun(riga: KnowledgeBase, machine: Machine) -> KnowledgeBase:
    """Another machine."""
    return machine("torun")
