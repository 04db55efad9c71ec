"""One encoder for all, and knowledge bases to ingest into."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from ingest.report import FileReport
from kb import KnowledgeBase
from kb.encoder import Encoder, load_encoder
from kb.originals import Originals
from kb.types import Document


@dataclass(frozen=True)
class Base:
    """A knowledge base and the ways a test uses it."""

    kb: KnowledgeBase

    def ingest(self, *paths: Path, prune: bool = False, force: bool = False) -> dict[str, FileReport]:
        """Ingest files and folders; the reports by file name, in their order."""
        return {Path(report.path).name: report for report in self.run(*paths, prune=prune, force=force)}

    def run(self, *paths: Path, prune: bool = False, force: bool = False) -> list[FileReport]:
        """Ingest files and folders; the reports as they come."""
        return list(Pipeline(self.kb, force=force).run(paths, discover(paths), prune=prune))

    def one(self, path: Path) -> FileReport:
        """Ingest one file and return its report."""
        return self.ingest(path)[path.name]

    def document(self, path: Path) -> Document:
        """The document made from the file at `path`."""
        document = self.kb.store.document_by_path(str(path))
        assert document is not None, f"{path} is not in the knowledge base"
        return document

    def texts(self, path: Path) -> list[str]:
        """The passages' texts of the document at `path`, in reading order."""
        return [passage.text for passage in self.kb.store.passages_of(self.document(path).id)]

    def paths(self) -> list[str]:
        """Where the files of all documents lie."""
        return [document.path for document in self.kb.store.documents()]

    def original(self, path: Path) -> Path:
        """The copy that the page offers for the document at `path`."""
        document = self.document(path)
        return Originals(self.kb.store.home).path(document.sha256, document.file_name)

    def finds(self, query: str) -> str:
        """The path of the document that a search for `query` shows first."""
        return self.kb.search(query, k=1)[0].document.path


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder, loaded once."""
    return load_encoder()


@pytest.fixture(scope="module")
def make_base(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Base]]:
    """Makes empty knowledge bases that are closed at the end of the module."""
    with ExitStack() as open_ones:

        def make() -> Base:
            home = tmp_path_factory.mktemp("home")
            return Base(open_ones.enter_context(KnowledgeBase.open(home, encoder=encoder, create=True)))

        yield make


@pytest.fixture
def base(make_base: Callable[[], Base]) -> Base:
    """An empty knowledge base."""
    return make_base()
