"""The knowledge base as its users hold it: open, search, answer, close."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kb import similar
from kb.answer import HITS, answer
from kb.config import Settings, default_home
from kb.encoder import Encoder, load_encoder
from kb.engines import open_engine
from kb.engines.contract import Engine, Problem
from kb.errors import EncoderMismatch, NotFound
from kb.landscape import update as landscape
from kb.originals import Originals
from kb.related.compare import compare
from kb.relevance import Relevance
from kb.search import Query, Searcher
from kb.topics import NearTopic, Topics
from kb.types import Answer, Document, Filters, Hit
from kb.verify import verify


class KnowledgeBase:
    """Documents that can be searched by meaning in several languages.

        with KnowledgeBase.open("data") as kb:
            hits = kb.search("how do cities motivate volunteers", k=5)

    Thread-safe; loads the encoder at the first search, and sees what an ingest adds meanwhile.
    """

    def __init__(self, engine: Engine, encoder: Encoder | None = None, settings: Settings | None = None) -> None:
        self.engine = engine
        self.store = engine.store
        self.settings = settings or Settings()
        self._encoder = encoder

    @classmethod
    def open(
        cls,
        home: str | Path | None = None,
        *,
        encoder: Encoder | None = None,
        create: bool = False,
        engine: str | None = None,
        url: str | None = None,
    ) -> Self:
        """Open the knowledge base in the folder `home` (default $KB_HOME, else ./data), or on the cluster at `url`
        (default $KB_QDRANT_URL) where `engine` (default $KB_ENGINE, else local) is qdrant: then the folder holds this
        machine's catalogue of it.

        `encoder` defaults to the one that made the stored vectors. Raises StoreError where there
        is no knowledge base (unless `create`) or where it cannot be read.
        """
        return cls(open_engine(Path(home) if home else default_home(), name=engine, url=url, create=create), encoder)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of the stored vectors.

        Raises EncoderError where it cannot be loaded, EncoderMismatch where it is another one.
        """
        stored_name, stored = self.store.meta("encoder_name"), self.store.meta("encoder_fingerprint")
        encoder = self._encoder or load_encoder(stored_name)
        if stored and stored != encoder.fingerprint:
            raise EncoderMismatch(
                f"The vectors in {self.store.home} were made by the encoder {stored}, not by {encoder.fingerprint}. "
                f"Make them anew: python -m kb reembed --model {encoder.name} --home {self.store.home}"
            )
        return encoder

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        languages: Sequence[str] | None = None,
        filters: Filters | None = None,
        collapse: bool = False,
    ) -> list[Hit]:
        """The `k` passages that answer `query` best, best first, in any language.

        `languages` restricts the passages' languages (ISO 639-1) and adds to `filters`. With `collapse`, passages
        that say the same become one hit, shown in the query's language where there is such a passage; the others
        are in its `also`. A query without words finds nothing.
        """
        with self.store.explained():
            prepared = self.prepare(query)
            if prepared is None:
                return []
            return self.searcher.search(prepared, k, _with_languages(filters, languages), collapse=collapse)

    def answer(self, query: str, *, languages: Sequence[str] | None = None, filters: Filters | None = None) -> Answer:
        """The sentences that answer `query`, quoted; no citations when nothing is relevant."""
        return self.ask(query, HITS, filters=_with_languages(filters, languages))[0]

    def ask(
        self, query: str, k: int = 10, *, filters: Filters | None = None, reader: str = ""
    ) -> tuple[Answer, list[Hit]]:
        """The answer to `query` and the `k` passages that answer it best, both of one state of the
        knowledge base; as `answer` and `search` with `collapse` give them.

        `reader` (ISO 639-1) is the language to show passages in where the query's is not certain.
        """
        chosen = filters or Filters()
        with self.store.explained():
            prepared = self.prepare(query)
            if prepared is None:
                return Answer(query, (), 0.0, ()), []
            with self.store.snapshot():
                candidates = self.searcher.candidates(prepared, chosen)
                confidence = self.relevance.evidence(prepared, candidates.found).probability
                ranked = self.searcher.rank(candidates, prepared)
                hits = self.searcher.collapsed(ranked, prepared, max(k, HITS), chosen, reader)
                return answer(self.store, prepared, hits, confidence), hits[:k]

    def more_like(self, passage_id: int, k: int = 10, *, reader: str = "") -> list[Hit]:
        """The `k` passages of other documents nearest in meaning to a passage, in any language, those that say the
        same as one hit: in the language `reader` where there is such a one. Raises NotFound."""
        with self.store.explained():
            self._follow()
            return similar.passages_like(self.store, self.searcher, passage_id, k, reader)

    def similar_documents(self, document_id: int, k: int = 5) -> list[similar.Similar]:
        """The `k` documents nearest in meaning to a document, besides its translations, copies and versions.
        Raises NotFound."""
        with self.store.explained():
            self._follow()
            return similar.documents_like(self.store, self.searcher, document_id, k)

    def nearest_topics(self, query: str, k: int = 5) -> list[NearTopic]:
        """The `k` topics of the vocabulary nearest to `query` that any document is on; none for one without words."""
        with self.store.explained():
            prepared = self.prepare(query)
            return self._topics.nearest(prepared, k) if prepared else []

    def reembed(self, encoder: Encoder) -> int:
        """Make all vectors anew with `encoder`, in one transaction; returns the number of documents.

        Searches meanwhile see the old vectors.
        """
        count = self.engine.reembed(encoder)
        self._forget_encoder()
        self._encoder = encoder
        self.settle()
        return count

    def settle(self) -> None:
        """Bring everything derived from the documents up to date: what is related, the indices on disk, the
        noise, the landscape."""
        compare(self.store)
        self.relevance.measure()
        landscape.update(self.store)
        self.engine.settle()

    def generation(self) -> int:
        """Raised by every change, those of other machines included."""
        self.engine.refresh()
        return self.engine.generation()

    def verify(self) -> list[Problem]:
        """Everything that is wrong; empty when the knowledge base is whole."""
        return verify(self.engine)

    def remove(self, name: str | int) -> Document:
        """Remove the document with this id or path, and the copy of its file. Raises NotFound."""
        by_path = self._by_path(name) if isinstance(name, str) else None
        if by_path is None and not (str(name).isascii() and str(name).isdigit()):
            raise NotFound(f"There is no document {name}. List them: python -m kb stats")
        document = by_path or self.store.document(int(name))
        self.engine.remove(document.id)
        if not self.store.documents_by_hash(document.sha256):
            Originals(self.store.home).drop(document.sha256, document.file_name)
        return document

    def _by_path(self, path: str) -> Document | None:
        """The document of a file, given as it is or from the current folder, or of a web address."""
        return self.store.document_by_path(path) or self.store.document_by_path(str(Path(path).absolute()))

    def close(self) -> None:
        """Close the database connection of this thread."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _follow(self) -> None:
        """See what others have changed, and let go of an encoder that they have replaced (`python -m kb reembed`)."""
        self.engine.refresh()
        loaded = vars(self).get("encoder")
        if loaded and self.store.meta("encoder_fingerprint") not in {None, loaded.fingerprint}:
            self._forget_encoder()

    def _forget_encoder(self) -> None:
        self._encoder = None
        for name in ("encoder", "searcher", "relevance", "_topics"):
            vars(self).pop(name, None)

    @cached_property
    def searcher(self) -> Searcher:
        return Searcher(self.engine, self.encoder, self.settings)

    @cached_property
    def relevance(self) -> Relevance:
        return Relevance(self.store, self.searcher)

    @cached_property
    def _topics(self) -> Topics:
        return Topics(self.store, self.encoder)

    def prepare(self, query: str) -> Query | None:
        """The query ready for searching, or None where it has no words."""
        self._follow()
        return self.searcher.prepare(query)


def _with_languages(filters: Filters | None, languages: Sequence[str] | None) -> Filters:
    chosen = filters or Filters()
    if not languages:
        return chosen
    both = tuple(dict.fromkeys([*chosen.languages, *languages]))
    return replace(chosen, languages=both)
