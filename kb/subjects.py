"""What can be set side by side: a city with all its documents, or one document."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kb import concepts
from kb.store import Store
from kb.text import words
from kb.types import Filters

SUBJECTS_REMEMBERED = 256
"""Subjects of which it is remembered which passages speak of which topic: some kilobytes each; finding out takes
0.2 ms a passage."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A city, by what documents are filed under (a gazetteer id, or the name of one it lacks), or else a document."""

    city: str = ""
    document: int | None = None

    @property
    def filters(self) -> Filters:
        """What restricts a search to it."""
        return Filters(cities=(self.city,)) if self.document is None else Filters(documents=(self.document,))


@dataclass(frozen=True, slots=True)
class Choice:
    """A subject to choose: a city with its number of documents, or a document with its title."""

    subject: Subject
    documents: int
    title: str = ""


def choices(store: Store) -> tuple[Choice, ...]:
    """All cities, those with most documents first, and all documents by title."""
    return _choices(store, store.generation())


@lru_cache(maxsize=1)
def _choices(store: Store, _generation: int) -> tuple[Choice, ...]:
    found = store.documents()
    cities = Counter(document.city.value for document in found if document.city)
    titled = sorted(found, key=lambda document: document.title.lower())
    return (
        *(Choice(Subject(city=city), count) for city, count in cities.most_common()),
        *(Choice(Subject(document=document.id), 1, document.title) for document in titled),
    )


def documents(store: Store, subject: Subject) -> list[int]:
    """Ids of the subject's documents."""
    condition, value = ("city = ?", subject.city) if subject.document is None else ("id = ?", subject.document)
    return [row[0] for row in store.db.execute(f"SELECT id FROM documents WHERE {condition} ORDER BY id", [value])]


def speaking(store: Store, subject: Subject) -> Mapping[str, frozenset[int]]:
    """By topic, the passages of a subject that speak of it."""
    return _speaking_at(store, store.generation(), subject)


@lru_cache(maxsize=SUBJECTS_REMEMBERED)
def _speaking_at(store: Store, _generation: int, subject: Subject) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for document in documents(store, subject):
        for passage in store.passages_of(document):
            for mention in concepts.mentions("topics", words(passage.text), passage.language):
                found[mention.concept].add(passage.id)
    return {topic: frozenset(passages) for topic, passages in found.items()}
