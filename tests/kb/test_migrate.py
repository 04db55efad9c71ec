"""A knowledge base copied to a cluster and back: the same to whoever searches it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS
from kb.encoder import Encoder
from kb.engines.qdrant.engine import QdrantEngine
from kb.engines.qdrant.settings import Cluster
from kb.errors import StoreError
from kb.evaluation.questions import read_questions
from kb.landscape.reading import read as landscape
from kb.migrate import migrate
from kb.related.links import related_documents
from tests.kb.conftest import ROOT
from tests.kb.drafts import add
from tests.kb.engines.machines import look
from tests.qdrant import Server, server

QUESTIONS = read_questions(SAMPLE_QUESTIONS)[::40]


@pytest.fixture(scope="module")
def small_home(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """The sample corpus without most of it: enough for translations and a landscape."""
    home = Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("small") / "home"))
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        for document in kb.store.documents():
            if "volunt" not in document.path and "brivpratig" not in document.path:
                kb.remove(document.id)
        kb.settle()
    return home


@pytest.fixture(scope="module")
def qdrant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("qdrant")) as running:
        yield running


def clustered(qdrant: Server, home: Path, encoder: Encoder, name: str) -> KnowledgeBase:
    """The knowledge base `name` on the server, with its catalogue in the folder `home`."""
    return KnowledgeBase(QdrantEngine(Cluster((qdrant.url,), collection=name), home, create=True), encoder)


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


def seen(kb: KnowledgeBase) -> list[object]:
    """What a reader sees of it."""
    documents = kb.store.documents()
    return [
        [(document, kb.engine.original(document).read_bytes()) for document in documents],
        [[(near.document.id, near.kind) for near in related_documents(kb.store, each.id)] for each in documents],
        landscape(kb.store, 10_000),
        [[(hit.passage, hit.sentence) for hit in kb.search(question.text, 3)] for question in QUESTIONS],
        [[cited.text for cited in kb.answer(question.text).citations] for question in QUESTIONS],
    ]


def test_there_and_back_everything_is_as_it_was(
    small_home: Path, tmp_path: Path, qdrant: Server, encoder: Encoder
) -> None:
    collection = {"KB_QDRANT_COLLECTION": "there-and-back"}
    target = ("--to", qdrant.url, "--catalogue", tmp_path / "there")
    there = run("migrate", "--home", small_home, *target, "--json", **collection)
    assert there.returncode == 0, there.stderr
    shutil.rmtree(tmp_path / "there")  # another machine has no catalogue yet
    back = run(
        *("migrate", "--engine", "qdrant", "--url", qdrant.url, "--home", tmp_path / "there"),
        *("--to", tmp_path / "back", "--json"),
        **collection,
    )
    assert back.returncode == 0, back.stderr
    first, second = json.loads(there.stdout), json.loads(back.stdout)
    assert (first["copied"], first["checksum"]) == (second["copied"], second["checksum"])
    with KnowledgeBase.open(small_home, encoder=encoder) as kb, KnowledgeBase.open(tmp_path / "back") as returned:
        assert first["copied"] == len(kb.store.documents()) > 10
        assert seen(returned) == seen(kb)
        assert returned.verify() == []


def test_an_interrupted_copy_is_finished_by_the_same_command(
    corpus_home: Path, tmp_path: Path, qdrant: Server, encoder: Encoder
) -> None:
    command = [sys.executable, "-m", "kb", "migrate", "--home", corpus_home, "--to", qdrant.url]
    command += ["--catalogue", tmp_path / "catalogue", "--json"]
    environment = {**os.environ, "KB_QDRANT_COLLECTION": "interrupted"}
    with clustered(qdrant, tmp_path / "watching", encoder, "interrupted") as watching:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        deadline = time.monotonic() + 60
        while watching.engine.counts().documents < 10 and time.monotonic() < deadline:
            time.sleep(0.2)
            look(watching)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        before = watching.engine.counts().documents
        with KnowledgeBase.open(corpus_home) as source:
            assert 10 <= before < source.engine.counts().documents
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True)
    done: Mapping[str, object] = json.loads(again.stdout)
    assert int(str(done["already"])) >= before
    with clustered(qdrant, tmp_path / "other", encoder, "interrupted") as other:
        assert other.engine.problems() == []
        with KnowledgeBase.open(corpus_home) as source:
            assert other.engine.counts() == source.engine.counts()


def test_what_holds_other_documents_is_not_written_into(tmp_path: Path, qdrant: Server, encoder: Encoder) -> None:
    with (
        KnowledgeBase.open(tmp_path / "one", encoder=encoder, create=True) as one,
        KnowledgeBase.open(tmp_path / "two", encoder=encoder, create=True) as two,
    ):
        add(one, "/tulips", "Volunteers plant tulips.")
        add(two, "/bicycles", "Volunteers repair bicycles.")
        with pytest.raises(StoreError, match=r"1 documents that are not in .*one, such as /bicycles"):
            migrate(one.engine, two.engine)
        assert [document.path for document in two.store.documents()] == ["/bicycles"]


def test_a_changed_document_replaces_its_copy(tmp_path: Path, qdrant: Server, encoder: Encoder) -> None:
    with (
        KnowledgeBase.open(tmp_path / "one", encoder=encoder, create=True) as one,
        clustered(qdrant, tmp_path / "two", encoder, "changed") as two,
    ):
        add(one, "/tulips", "Volunteers plant tulips.")
        add(one, "/roses", "Volunteers water roses.")
        assert migrate(one.engine, two.engine).copied == 2
        add(one, "/tulips", "Volunteers repair bicycles.")
        done = migrate(one.engine, two.engine)
        assert (done.copied, done.already) == (1, 1)
        assert [hit.passage.text for hit in two.search("who repairs bicycles", 1)] == ["Volunteers repair bicycles."]
        assert two.engine.problems() == []


def test_an_empty_knowledge_base_is_no_source(tmp_path: Path) -> None:
    with KnowledgeBase.open(tmp_path / "empty", create=True) as kb:
        kb.close()
    done = run("migrate", "--home", tmp_path / "empty", "--to", tmp_path / "copy")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is nothing to copy" in done.stderr
