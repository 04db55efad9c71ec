"""The topics nearest to a question, for when no passage answers it."""

from dataclasses import dataclass
from functools import cached_property

from kb import vocabulary
from kb.config import LANGUAGES
from kb.encoder import Encoder, Vectors
from kb.search import Query
from kb.store import Store
from kb.vocabulary import Concept


@dataclass(frozen=True, slots=True)
class NearTopic:
    """A topic with the number of documents on it, and the cosine of its nearest name to the question."""

    topic: Concept
    documents: int
    cosine: float


class Topics:
    """The topics of the vocabulary, with their names as vectors in each language."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder

    def nearest(self, query: Query, k: int) -> list[NearTopic]:
        """The `k` topics nearest in meaning to `query` that any document is on, the nearest first."""
        held = {
            str(topic): int(count)
            for topic, count in self._store.db.execute(
                "SELECT value, count(DISTINCT document_id) FROM practice_facts WHERE field = 'topics' GROUP BY 1"
            )
        }
        cosines = (self._names @ query.vectors.T).reshape(len(vocabulary.topics()), -1).max(axis=1)
        found = [
            NearTopic(topic, held[topic.id], float(cosine))
            for topic, cosine in zip(vocabulary.topics().values(), cosines, strict=True)
            if topic.id in held
        ]
        return sorted(found, key=lambda near: -near.cosine)[:k]

    @cached_property
    def _names(self) -> Vectors:
        """The names of all topics as queries, (topics * languages, dim)."""
        names = [topic.name(language) for topic in vocabulary.topics().values() for language in LANGUAGES]
        return self._encoder.encode(names, list(LANGUAGES) * len(vocabulary.topics()), role="query")
