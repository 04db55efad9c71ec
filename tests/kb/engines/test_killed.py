"""A machine that is killed at any moment while it writes: the knowledge base is the one before or the one after."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb import KnowledgeBase, inserts
from kb.engines.qdrant import documents
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.points import passage_ids, passages
from kb.engines.qdrant.settings import Cluster
from kb.stored import StoredDocument
from tests.kb.conftest import ROOT
from tests.kb.drafts import add, draft, embedded, put
from tests.kb.engines.conftest import Machine
from tests.kb.engines.machines import found, look, texts
from tests.kb.writer import PASSAGES, PATH, SUBJECTS, VERSIONS

QUERY = "team of volunteers"
KILLS = 3


def check(kb: KnowledgeBase) -> None:
    """A search finds passages of one version of the document, and of the present one where it finds any."""
    said = [text for text in found(kb, QUERY, 100) if "team" in text]
    versions = {version for version in VERSIONS for text in said if version in text}
    assert len(versions) <= 1
    assert len(set(said)) == len(said) <= PASSAGES


def whole(kb: KnowledgeBase) -> None:
    """The document is there in one version, or not at all; and so it is found."""
    held = [texts(kb, document.id) for document in kb.store.documents() if document.path.startswith(PATH)]
    for parts in held:
        version = next(word for word in VERSIONS if word in parts[0])
        assert parts == [f"The {version} team of volunteers cleans the {subject}." for subject in SUBJECTS]
    assert len(held) <= 1
    assert sorted(text for text in found(kb, QUERY, 100) if "team" in text) == sorted(held[0] if held else [])
    assert [problem.message for problem in kb.engine.problems() if not problem.harmless] == []


def test_a_killed_machine_leaves_a_whole_knowledge_base(machine: Machine, cluster: Cluster, tmp_path: Path) -> None:
    other = machine("other")
    add(other, "/first", "The library lends drills.")
    command = [
        sys.executable,
        "-m",
        "tests.kb.engines.writer",
        str(tmp_path / "killed"),
        cluster.urls[0],
        cluster.collection,
    ]
    for seed in range(KILLS):
        writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "0\n"  # it writes
        end = time.monotonic() + random.Random(seed).uniform(0.3, 1.5)
        while time.monotonic() < end:
            look(other)
            check(other)
        writer.kill()
        writer.wait()
        killed = machine("killed")
        look(other, killed)
        assert killed.store.documents() == other.store.documents()
        whole(other)
        whole(killed)


def test_what_a_killed_machine_has_left_goes_in_time(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    kb, other = machine("killed"), machine("other")
    add(kb, "/first", "The library lends drills.")
    before = put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "They water them.")))
    assert isinstance(kb.engine, QdrantEngine)
    for number in (before, 2**41):
        made = draft("/plan", ("en", "Volunteers repair bicycles."))
        one = StoredDocument(number, made, "2024-01-01", passage_ids(1), tuple(inserts.of_draft(made)))
        left = passages(one, f"left-{number}", kb.engine._catalogue.stamp(), embedded(kb.encoder, made))
        kb.engine._documents._upsert(left)  # and no more: here it is killed
    look(other)
    assert texts(other, before) == ["Volunteers plant tulips.", "They water them."]
    assert len(found(other, "repair bicycles")) == 3
    other.settle()
    assert [(problem.what, problem.harmless) for problem in other.engine.problems()] == [("cluster", True)]
    assert other.engine.problems()[0].message.startswith("2 passages belong to no document")
    monkeypatch.setattr(documents, "GRACE", -1_000_000)
    other.settle()
    assert [problem.message for one in (kb, other) for problem in one.engine.problems()] == []
    assert len(found(kb, "bicycles")) == len(found(other, "bicycles")) == 3
