"""The sample corpus, ingested once for all tests."""

import os
import shutil
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a knowledge base with the corpus. Only for reading.

    $KB_CORPUS may name one that is made already, which spares most of a minute while one writes tests.
    """
    home = tmp_path_factory.mktemp("corpus") / "home"
    if made := os.environ.get("KB_CORPUS"):
        return Path(shutil.copytree(made, home))
    with KnowledgeBase.open(home, create=True) as kb:
        reports = list(Pipeline(kb).run([CORPUS], discover([CORPUS])))
    assert {report.status for report in reports} == {"added"}
    return home
