"""The sample corpus, ingested once for all tests, in however many processes they run."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase

# The tests run side by side. Two threads each, which wait for each other, took up to fifty times as long as one.
for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")

CORPUS = Path(__file__).parents[1] / "corpus"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file that needs the corpus comes first: while it ingests, those that do not need it run beside it."""
    tests = Counter(item.path for item in items)
    need = {item.path for item in items if "corpus_home" in getattr(item, "fixturenames", ())}
    first = max(need, key=lambda path: (tests[path], path), default=None)
    items.sort(key=lambda item: (item.path != first, item.path in need, -tests[item.path], item.path))


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of a knowledge base with the corpus. Only for reading.

    $KB_CORPUS may name one that is made already, which spares most of a minute while one writes tests.
    """
    if made := os.environ.get("KB_CORPUS"):
        return Path(shutil.copytree(made, tmp_path_factory.mktemp("corpus") / "home"))
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    home = shared / "corpus-home"
    with FileLock(shared / "corpus.lock"):
        if not home.exists():
            _ingest(shared / "corpus-partial").rename(home)
    return home


def _ingest(home: Path) -> Path:
    with KnowledgeBase.open(home, create=True) as kb:
        reports = list(Pipeline(kb).run([CORPUS], discover([CORPUS])))
    assert {report.status for report in reports} == {"added"}
    return home
