"""Hits in another order than that of their rank: by year, or together by document, city or practice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.related.links import related_documents
from kb.store import Store
from kb.types import Document, Hit


class By(StrEnum):
    """What hits are put together by. A practice is a document with its translations, copies and versions."""

    DOCUMENT = "document"
    CITY = "city"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Group:
    """Hits that belong together, in the order of their ranks; `city` is "" where a document names none."""

    hits: tuple[Hit, ...]

    @property
    def document(self) -> Document:
        """The document of its best hit."""
        return self.hits[0].document

    @property
    def city(self) -> str:
        """The gazetteer id or name of its best hit's city."""
        return self.document.city.value if self.document.city else ""

    @property
    def documents(self) -> int:
        """How many documents its hits are of."""
        return len({hit.document.id for hit in self.hits})


def newest_first(hits: Sequence[Hit]) -> list[Hit]:
    """`hits` by the year in which their practices ended, those of one year in the order of their ranks, those without
    one last."""

    def ended(hit: Hit) -> int:
        year = hit.document.year[-4:]
        return int(year) if year.isdecimal() else 0

    return sorted(hits, key=lambda hit: (-ended(hit), hit.rank))


def grouped(store: Store, hits: Sequence[Hit], by: By) -> list[Group]:
    """`hits` in groups, in the order of each group's best hit; hits of no city in the last."""
    keys: dict[By, Callable[[Hit], object]] = {
        By.DOCUMENT: lambda hit: hit.document.id,
        By.CITY: lambda hit: hit.document.city.value if hit.document.city else "",
        By.PRACTICE: _practice(store),
    }
    groups: dict[object, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(keys[by](hit), []).append(hit)
    found = [Group(tuple(group)) for group in groups.values()]
    return sorted(found, key=lambda group: not group.city) if by is By.CITY else found


def _practice(store: Store) -> Callable[[Hit], object]:
    """By hit, the first document of its family that was met."""
    first: dict[int, int] = {}

    def key(hit: Hit) -> int:
        own = hit.document.id
        if own not in first:
            family = [own, *(related.document.id for related in related_documents(store, own))]
            met = next((first[member] for member in family if member in first), own)
            first.update(dict.fromkeys(family, met))
        return first[own]

    return key
