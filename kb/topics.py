"""The topics nearest to a question, for when no passage answers it."""

from dataclasses import dataclass
from functools import cached_property

from kb import vocabulary
from kb.concepts import mentions
from kb.config import LANGUAGES
from kb.encoder import Encoder, Vectors
from kb.search import Query
from kb.store import Store
from kb.text import words
from kb.vocabulary import Concept

NEAR = 0.3
"""Cosine from which a topic has to do with a question that does not name it: "best pizza recipe" comes to 0.14 at
most, "senjorų savanorystė" to 0.8."""


@dataclass(frozen=True, slots=True)
class NearTopic:
    """A topic with the number of documents on it. `named`: the question names it; `cosine`: of its nearest name to the
    question."""

    topic: Concept
    documents: int
    named: bool
    cosine: float

    @property
    def near(self) -> bool:
        """Whether it has to do with the question."""
        return self.named or self.cosine >= NEAR


class Topics:
    """The topics of the vocabulary, with their names as vectors in each language."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder

    def nearest(self, query: Query, k: int) -> list[NearTopic]:
        """The `k` topics nearest to `query` that any document is on: those it names first, then by meaning."""
        held = {
            str(topic): int(count)
            for topic, count in self._store.db.execute(
                "SELECT value, count(DISTINCT document_id) FROM practice_facts WHERE field = 'topics' GROUP BY 1"
            )
        }
        tokens = words(query.text)
        named = {found.concept for language in query.languages for found in mentions("topics", tokens, language)}
        cosines = (self._names @ query.vectors.T).reshape(len(vocabulary.topics()), -1).max(axis=1)
        found = [
            NearTopic(topic, held[topic.id], topic.id in named, float(cosine))
            for topic, cosine in zip(vocabulary.topics().values(), cosines, strict=True)
            if topic.id in held
        ]
        return sorted(found, key=lambda near: (not near.named, -near.cosine))[:k]

    @cached_property
    def _names(self) -> Vectors:
        """The names of all topics as queries, (topics * languages, dim)."""
        names = [topic.name(language) for topic in vocabulary.topics().values() for language in LANGUAGES]
        return self._encoder.encode(names, list(LANGUAGES) * len(vocabulary.topics()), role="query")
