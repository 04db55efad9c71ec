"""Three nodes, each passage on two of them: what people notice when one is killed, cut off or has a full disk."""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import httpx
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder
from kb.engines.qdrant.settings import Cluster
from kb.types import DraftDocument
from tests.kb.drafts import draft, put
from tests.kb.engines.conftest import machine_at
from tests.kb.engines.failures import (
    Ingest,
    Network,
    apart,
    caught_up,
    filled,
    leads,
    may_cut,
    points,
    small_disk,
    wait_until,
)
from tests.kb.engines.machines import found, look, paths, serious, texts
from tests.qdrant import Server, cluster

pytestmark = pytest.mark.three_nodes  # `make test-cluster`: they need both cores for themselves

QUERY = "Who cleans the harbour?"
PLACES = ("garden", "park", "school", "library", "museum", "harbour", "market", "theatre")

PROMPTLY = 5.0
"""Seconds in which a search is answered though a node has just been killed."""

AT_LAST = 30.0
"""Seconds in which a document is written, or refused, though a node is cut off."""

cutting = pytest.mark.skipif(not may_cut(), reason="needs root, to make networks that can be cut and disks that fill")

Machine = Callable[..., KnowledgeBase]


@pytest.fixture(scope="module")
def network() -> Iterator[Network | None]:
    """The nodes' own, where this process may make one."""
    with ExitStack() as stack:
        yield stack.enter_context(Network()) if may_cut() else None


@pytest.fixture(scope="module")
def all_nodes(network: Network | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Three; the last has a small disk, where this process may make one."""
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        if network:
            stack.enter_context(small_disk(folder / "node-2" / "storage"))
        yield stack.enter_context(cluster(folder, make=network.server if network else Server))


@pytest.fixture
def nodes(all_nodes: list[Server]) -> Iterator[list[Server]]:
    """Three that run; those that a test kills are started again."""
    yield all_nodes
    for node in all_nodes:
        if node.process and node.process.poll() is not None:
            node.start()


@pytest.fixture
def machine(nodes: Sequence[Server], tmp_path: Path, encoder: Encoder) -> Iterator[Machine]:
    """Opens machines of one new knowledge base, with the addresses in the given order, and closes them."""
    collection = f"kb-{uuid.uuid4().hex}"
    with ExitStack() as stack:

        def open_one(name: str, first: Sequence[Server] = nodes, seconds: float = 10) -> KnowledgeBase:
            urls = tuple(node.url for node in first)
            at = Cluster(urls, collection=collection, replicas=2, shards=3, seconds=seconds)
            kb = stack.enter_context(machine_at(at, tmp_path / name, encoder))
            kb.engine.claim(encoder)
            return kb

        yield open_one
    for node in nodes:
        if node.process and node.process.poll() is None:
            httpx.delete(f"{node.url}/collections/{collection}", timeout=60)
            break


def about(number: int, by: str = "one", version: int = 1) -> DraftDocument:
    """A document of two passages, unlike any other."""
    place = PLACES[number % len(PLACES)]
    return draft(
        f"/{by}/{number}",
        ("en", f"Team {number} of {by} cleans the {place}, for the {version}. time. They are thanked with a dinner."),
        ("en", f"Whoever wants to join team {number} of {by} meets it at the {place} on Mondays, plan {version}."),
    )


def others(nodes: Sequence[Server], one: Server) -> list[Server]:
    """All but one."""
    return [node for node in nodes if node is not one]


def name_of(kb: KnowledgeBase) -> str:
    """Of its collection."""
    return str(kb.engine.connection.cluster.collection)  # type: ignore[attr-defined]


def assert_all_there(kb: KnowledgeBase, documents: Sequence[DraftDocument]) -> None:
    """These documents and no others, whole, each passage found once."""
    look(kb)
    assert paths(kb) == sorted(document.path for document in documents)
    wanted = [document.text[each.span.start : each.span.end] for document in documents for each in document.passages]
    stored = [text for document in kb.store.documents() for text in texts(kb, document.id)]
    assert sorted(stored) == sorted(wanted)
    assert sorted(found(kb, QUERY, k=2 * len(wanted))) == sorted(wanted)


def assert_nodes_agree(nodes: Sequence[Server], collection: str) -> None:
    """All say the same, vectors included."""
    first, *rest = [points(node, collection) for node in nodes]
    assert all(each == first for each in rest)


def timed(search: Callable[[], list[str]]) -> tuple[float, list[str]]:
    """Seconds that a search took, and what it found."""
    began = time.monotonic()
    hits = search()
    return time.monotonic() - began, hits


def test_an_ingest_goes_on_when_a_node_is_killed_and_nothing_is_lost_when_another_one_is(
    nodes: list[Server], machine: Machine
) -> None:
    dies = leads(nodes)  # the writes of all others go through it
    dies_later = others(nodes, dies)[0]
    kb = machine("one")
    ingest = Ingest(kb, (about(number) for number in count()))
    ingest.wait_for(5)
    dies.kill()
    ingest.wait_for(10)
    dies.start()
    ingest.wait_for(5)
    ingest.finish()
    assert ingest.refused == []
    caught_up(nodes, name_of(kb))
    assert_all_there(kb, ingest.written)
    assert kb.engine.problems() == []

    dies_later.kill()
    for name in ("one", "new"):
        there = machine(name, [dies_later, *others(nodes, dies_later)])
        assert_all_there(there, ingest.written)
        assert there.engine.problems() == []


def test_searches_go_on_when_the_node_that_answers_them_is_killed(nodes: list[Server], machine: Machine) -> None:
    kb = machine("one")
    for number in range(8):
        put(kb, about(number))
    before = found(kb, QUERY, k=5)
    assert "harbour" in before[0]

    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(lambda: [timed(lambda: found(kb, QUERY, k=5)) for _ in range(40)])
        time.sleep(0.5)
        nodes[0].kill()
        answers = going_on.result()
    assert [hits for _, hits in answers] == [before] * 40
    assert max(seconds for seconds, _ in answers) < PROMPTLY

    seconds, hits = timed(lambda: found(machine("new"), QUERY, k=5))
    assert hits == before
    assert seconds < 2 * PROMPTLY  # it copies the catalogue, too


def test_two_machines_that_ingest_when_a_node_is_killed_agree_on_every_document(
    nodes: list[Server], machine: Machine
) -> None:
    here, there = machine("here"), machine("there", nodes[::-1])

    def some(own: str) -> Iterator[DraftDocument]:
        for number in range(12):
            yield about(number, own)
            yield about(number % 4, "both", number)

    both = [Ingest(here, some("here")), Ingest(there, some("there"))]
    both[0].wait_for(6)
    nodes[1].kill()
    for ingest in both:
        ingest.join()
        assert ingest.refused == []
    nodes[1].start()
    caught_up(nodes, name_of(here))

    look(here, there)
    assert paths(here) == sorted({document.path for ingest in both for document in ingest.written})
    assert {d.path: (d.id, texts(here, d.id)) for d in here.store.documents()} == {
        d.path: (d.id, texts(there, d.id)) for d in there.store.documents()
    }
    for number in range(4):
        last = texts(here, here.store.document_by_path(f"/both/{number}").id)  # type: ignore[union-attr]
        assert last in [_bodies(about(number, "both", number + 4 * time)) for time in range(3)]
    assert found(here, QUERY, k=100) == found(there, QUERY, k=100)
    assert len(found(here, QUERY, k=100)) == 2 * len(paths(here))
    there.engine.settle()  # which deletes what documents were before
    assert here.engine.problems() == there.engine.problems() == []
    assert_nodes_agree(nodes, name_of(here))


def _bodies(document: DraftDocument) -> list[str]:
    return [document.text[each.span.start : each.span.end] for each in document.passages]


@cutting
def test_while_a_node_is_cut_off_the_others_go_on_and_it_takes_no_document_that_would_be_lost(
    nodes: list[Server], network: Network, machine: Machine
) -> None:
    cut_off = leads(nodes)
    rest = others(nodes, cut_off)
    far, near = machine("far", rest), machine("near", [cut_off, *rest])
    inside = machine("inside", [cut_off], seconds=2)
    for number in range(8):
        put(far, about(number))
    look(near, inside)
    before = found(far, QUERY, k=5)

    with network.cut(cut_off):
        for kb, within in ((far, PROMPTLY), (near, 2 * PROMPTLY), (near, PROMPTLY)):
            seconds, hits = timed(lambda kb=kb: found(kb, QUERY, k=5))  # type: ignore[misc]
            assert hits == before
            assert seconds < within
        ingests = [
            Ingest(far, (about(number, "far") for number in range(4))),
            Ingest(near, (about(number, version=2) for number in range(4))),
            Ingest(inside, (about(number, version=3) for number in (4,))),
        ]
        for ingest in ingests:
            ingest.join()
        assert [len(ingest.refused) for ingest in ingests] == [0, 0, 1]
        assert max(ingests[0].seconds + ingests[1].seconds) < AT_LAST
        assert cut_off.url in str(ingests[2].refused[0])
    caught_up(nodes, name_of(far))

    assert_nodes_agree(nodes, name_of(far))
    for document in ingests[2].written:
        put(inside, document)
    wanted = [*ingests[0].written, *ingests[1].written, *(about(number) for number in range(4, 8))]
    for kb in (far, near, inside):
        assert_all_there(kb, wanted)
        assert serious(kb) == []


@cutting
def test_when_the_disk_of_a_node_is_full_the_others_go_on_and_it_follows_when_there_is_room(
    nodes: list[Server], machine: Machine
) -> None:
    full = nodes[2]
    kb = machine("one", [full, *others(nodes, full)], seconds=5)
    wanted = [about(number) for number in range(10)]
    for document in wanted[:4]:
        put(kb, document)
    with filled(full.folder / "storage"):
        ingest = Ingest(kb, iter(wanted[4:]))
        ingest.join()
        assert max(ingest.seconds) < AT_LAST
        wait_until(lambda: apart(full))
    # The node has missed changes, and will not learn of them before it is started again; it answers all the same.
    reads = machine("reads", [full, *others(nodes, full)])
    written = [*wanted[:4], *ingest.written]
    assert {document.path for document in written} <= set(paths(reads))
    assert {body for document in written for body in _bodies(document)} <= set(found(reads, QUERY, k=100))
    full.kill()
    full.start()
    for document in wanted:
        if document not in written:
            put(kb, document)
    caught_up(nodes, name_of(kb))
    assert_nodes_agree(nodes, name_of(kb))
    others(nodes, full)[0].kill()
    assert_all_there(machine("new"), wanted)
