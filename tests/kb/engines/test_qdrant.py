"""What is particular of a knowledge base on a cluster: large documents, the folder beside it, what it refuses."""

import json
import random
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder, SentenceTransformerEncoder
from kb.engines import open_engine
from kb.engines.local import LocalEngine
from kb.engines.qdrant import catalogue
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.files import CHUNK
from kb.engines.qdrant.points import Kind
from kb.engines.qdrant.settings import Cluster
from kb.errors import ClusterUnfit, EncoderMismatch, StoreError
from kb.store import Store
from kb.types import DraftDocument
from tests.kb.drafts import add, draft, put
from tests.kb.engines.conftest import Machine
from tests.kb.engines.machines import found, kept, look, paths, serious, texts

LETTERS = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž    "


def long(path: str, title: str, seed: int) -> DraftDocument:
    """A document with a text of 3 MB and more, of which few passages are cut: encoding them all would take long."""
    made = draft(path, ("en", f"{title} tulips are planted by volunteers."), title=title)
    return replace(made, text=made.text + "".join(random.Random(seed).choices(LETTERS, k=3_000_000)))


def points(cluster: Cluster, kind: Kind) -> int:
    """How many there are of a kind."""
    body = {"exact": True, "filter": {"must": [{"key": "kind", "match": {"value": kind}}]}}
    answer = httpx.post(f"{cluster.urls[0]}/collections/{cluster.collection}/points/count", json=body, timeout=60)
    return int(answer.json()["result"]["count"])


# --- what is larger than one point


def test_a_very_long_document_is_the_same_on_every_machine(machine: Machine, cluster: Cluster) -> None:
    kb, other = machine("one"), machine("other")
    first = long("/long", "First", 1)
    assert len(first.text.encode()) > 3_000_000
    document = put(kb, first)
    assert points(cluster, Kind.CHUNK) > 1
    look(other)
    assert other.store.text(document) == first.text
    second = long("/long", "Second", 2)
    assert put(other, second) == document
    kb.engine.move(document, "/moved")  # as the other has it now
    for one in (kb, other, machine("later")):
        look(one)
        assert paths(one) == ["/moved"]
        assert one.store.text(document) == second.text
        assert found(one, "volunteers") == ["Second tulips are planted by volunteers."]
    other.engine.remove(document)
    assert [points(cluster, kind) for kind in (Kind.CHUNK, Kind.PASSAGE)] == [0, 0]


def test_a_long_document_that_is_replaced_while_another_machine_reads_it_costs_nothing(machine: Machine) -> None:
    kb, other = machine("one"), machine("other")
    drafts = [long("/long", name, at) for at, name in enumerate(("First", "Second"))]
    failed: list[BaseException] = []
    done = threading.Event()

    def following() -> None:
        try:
            while not done.is_set():
                look(other)
        except BaseException as error:
            failed.append(error)

    follower = threading.Thread(target=following)
    put(kb, drafts[0])
    follower.start()
    for made in (drafts[1], drafts[0], drafts[1]):
        put(kb, made)
    done.set()
    follower.join()
    assert failed == []
    look(other)
    assert found(other, "tulips") == ["Second tulips are planted by volunteers."]
    assert serious(kb, other) == []


def test_a_file_of_several_chunks_is_fetched_byte_for_byte(machine: Machine, cluster: Cluster, tmp_path: Path) -> None:
    kb, other = machine("one"), machine("other")
    file = tmp_path / "film.pdf"
    file.write_bytes(random.Random(0).randbytes(2 * CHUNK + 12_345))
    document = put(kb, replace(draft(str(file), ("en", "Volunteers plant tulips.")), sha256=kept(kb, file)))
    assert points(cluster, Kind.CHUNK) == 3
    look(other)
    copy = other.engine.original(other.store.document(document))
    assert copy.read_bytes() == file.read_bytes()
    assert copy.is_relative_to(other.store.home)
    other.engine.remove(document)
    assert points(cluster, Kind.CHUNK) == 0


# --- the folder of a machine


def test_originals_that_were_deleted_from_a_folder_are_fetched_again(machine: Machine, tmp_path: Path) -> None:
    kb = machine("one")
    file = tmp_path / "plan.txt"
    file.write_text("Volunteers plant tulips.", "utf-8")
    document = put(kb, replace(draft(str(file), ("en", "Volunteers plant tulips.")), sha256=kept(kb, file)))
    shutil.rmtree(kb.store.home / "originals")
    assert kb.engine.original(kb.store.document(document)).read_bytes() == file.read_bytes()
    assert list((kb.store.home / "originals").glob("incoming-*")) == []


def test_a_folder_that_was_deleted_is_made_again(machine: Machine) -> None:
    kb = machine("one")
    for number in range(5):
        add(kb, f"/{number}", f"Volunteers plant {number} tulips.")
    kb.engine.remove(add(kb, "/old", "The library lends drills."))
    kb.settle()
    documents = kb.store.documents()
    kb.close()
    shutil.rmtree(kb.store.home)
    again = machine("one")
    assert again.store.documents() == documents
    assert len(found(again, "tulips")) == 5
    assert [problem for problem in again.verify() if "original" not in problem.message] == []


def test_changes_by_a_machine_whose_clock_is_slow_are_seen_too(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = machine("one")
    add(kb, "/first", "A choir sings in the harbour.")
    look(kb)
    slow = machine("slow")
    with monkeypatch.context() as clock:
        clock.setattr(catalogue.Catalogue, "stamp", lambda self: 1)
        add(slow, "/slow", "Volunteers plant tulips.")
    add(kb, "/one", "The library lends drills.")
    look(kb)
    assert paths(kb) == ["/first", "/one"]
    kb.store.keep_derived(catalogue.ALL, "0")  # a day later
    look(kb)
    assert paths(kb) == ["/first", "/one", "/slow"]


def test_a_folder_that_holds_a_knowledge_base_by_itself_is_refused(
    cluster: Cluster, machine: Machine, tmp_path: Path, encoder: Encoder
) -> None:
    with KnowledgeBase(LocalEngine(Store(tmp_path / "home", create=True)), encoder) as local:
        put(local, draft("/plan", ("en", "Volunteers plant tulips.")))
    with pytest.raises(ClusterUnfit, match=r"home holds a knowledge base by itself\. Choose another folder .* --home"):
        put(machine("home"), draft("/new", ("en", "Volunteers repair bicycles.")))
    assert not httpx.get(f"{cluster.urls[0]}/collections/{cluster.collection}/exists").json()["result"]["exists"]
    with KnowledgeBase(open_engine(tmp_path / "home", name="local"), encoder) as local:
        assert found(local, "tulips") == ["Volunteers plant tulips."]


def test_a_folder_that_holds_the_catalogue_of_another_cluster_is_refused(machine: Machine, cluster: Cluster) -> None:
    add(machine("one"), "/plan", "Volunteers plant tulips.")
    other = replace(cluster, collection=f"{cluster.collection}-other")
    try:
        add(machine("two", other), "/plan", "Volunteers plant tulips.")
        with pytest.raises(ClusterUnfit, match="one holds the catalogue of another knowledge base"):
            machine("one", other)
    finally:
        httpx.delete(f"{cluster.urls[0]}/collections/{other.collection}", timeout=60)


def test_a_catalogue_is_no_knowledge_base_by_itself(machine: Machine, tmp_path: Path) -> None:
    add(machine("one"), "/plan", "Volunteers plant tulips.")
    with pytest.raises(StoreError, match=r"one is a machine's catalogue of a cluster.* --engine qdrant"):
        open_engine(tmp_path / "one", name="local")


# --- collections that will not do


def test_a_collection_that_others_made_is_refused(cluster: Cluster, machine: Machine) -> None:
    body = {"vectors": {"size": 4, "distance": "Dot"}}
    httpx.put(f"{cluster.urls[0]}/collections/{cluster.collection}", json=body, timeout=60).raise_for_status()
    with pytest.raises(ClusterUnfit, match=rf"{cluster.collection} on .* was not made by HopKB.* KB_QDRANT_COLLECTION"):
        machine("one")


def test_a_collection_of_another_format_is_refused(cluster: Cluster, machine: Machine) -> None:
    add(machine("one"), "/plan", "Volunteers plant tulips.")
    address = f"{cluster.urls[0]}/collections/{cluster.collection}"
    said = httpx.get(address).json()["result"]["config"]["metadata"]
    httpx.patch(address, json={"metadata": {**said, "format": 99}}, timeout=60).raise_for_status()
    with pytest.raises(ClusterUnfit, match=r"another version of HopKB \(format 99, .*Update HopKB on this machine"):
        machine("two")


def test_vectors_of_two_encoders_never_mix(machine: Machine, minilm: SentenceTransformerEncoder) -> None:
    kb = machine("one")
    add(kb, "/plan", "Volunteers plant tulips.")
    other = machine("two", encoder=minilm)
    with pytest.raises(EncoderMismatch, match=r"made by the encoder .*, not by sentence-transformers/"):
        other.search("tulips")
    assert isinstance(other.engine, QdrantEngine)
    with pytest.raises(EncoderMismatch, match=r"--model .* KB_QDRANT_COLLECTION"):
        other.engine.claim(minilm)
    assert paths(kb) == ["/plan"]


def test_another_encoder_may_make_a_knowledge_base_of_its_own(
    machine: Machine, minilm: SentenceTransformerEncoder
) -> None:
    kb = machine("one", encoder=minilm)
    add(kb, "/plan", "Volunteers plant tulips.")
    add(kb, "/other", "The library lends drills.")
    assert found(machine("two", encoder=minilm), "flowers") == ["Volunteers plant tulips.", "The library lends drills."]


def test_a_cluster_keeps_its_encoder_and_says_what_to_do(
    machine: Machine, encoder: Encoder, minilm: SentenceTransformerEncoder
) -> None:
    kb = machine("one")
    add(kb, "/plan", "Volunteers plant tulips.")
    with pytest.raises(StoreError, match=r"python -m kb migrate .*python -m kb reembed .*KB_QDRANT_COLLECTION"):
        kb.reembed(minilm)
    assert found(kb, "tulips") == ["Volunteers plant tulips."]


def test_passages_that_the_cluster_has_lost_are_reported(machine: Machine, cluster: Cluster) -> None:
    kb = machine("one")
    document = put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "They water them.")))
    lost = kb.store.passages_of(document)[1].id
    address = f"{cluster.urls[0]}/collections/{cluster.collection}/points/delete?wait=true"
    httpx.post(address, content=json.dumps({"points": [lost]}), timeout=60).raise_for_status()
    assert found(kb, "water") == ["Volunteers plant tulips."]
    problems = [problem for problem in kb.verify() if problem.what == "cluster"]
    assert [problem.harmless for problem in problems] == [False]
    assert problems[0].message.startswith("1 passages are lost. Restore a snapshot, or ingest with --force")
    put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "They water them.")))
    assert texts(kb, document) == found(kb, "volunteers plant tulips")
    assert serious(kb) == []
