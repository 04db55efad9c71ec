"""The practices to browse: what each document says of itself, and faceted search over it.

Faceted search as usual: of several values of a facet any will do, of several facets all must hold, and a
facet's counts heed the other facets only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Connection

from kb import places
from kb.practice import years
from kb.related.links import Kind
from kb.store import Store
from kb.text import fold
from kb.types import NOT_STATED, Filters


class Facet(StrEnum):
    """What practices are browsed by; each is named as the field of `Filters` that restricts it."""

    TOPICS = "topics"
    CITIES = "cities"
    COUNTRIES = "countries"
    LANGUAGES = "languages"
    YEARS = "years"
    TARGET_GROUPS = "target_groups"


class Order(StrEnum):
    """What a list of practices is sorted by: the newest year first, the others by alphabet."""

    CITY = "city"
    TITLE = "title"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is browsed. Facets are tuples of ids (`kb.vocabulary`, `kb.places`, ISO codes), () where
    nothing is stated; `languages` are those of its passages, most frequent first; `years` are all years from the
    first to the last, ascending.

    `practice` is the same number for documents that are one practice: copies, versions and translations of each
    other. `web` is the address of the web page that the document is, else "".
    """

    document: int
    practice: int
    title: str
    format: str
    topics: tuple[str, ...]
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    years: tuple[str, ...]
    target_groups: tuple[str, ...]
    partner: str
    web: str

    def values(self, facet: Facet) -> tuple[str, ...]:
        """What it states of `facet`, or that it states nothing."""
        stated: tuple[str, ...] = getattr(self, facet)
        return stated or (NOT_STATED,)

    @property
    def period(self) -> str:
        """Its year or years as they are written, "2016" or "2016–2018"; "" where none is stated."""
        return "–".join(dict.fromkeys((self.years[0], self.years[-1]))) if self.years else ""


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice in a list: the document to show, and the others that tell the same."""

    shown: Entry
    others: tuple[Entry, ...]


Counts = Mapping[str, int]
"""Practices by value of a facet, most first."""


def wanted(filters: Filters, facet: Facet) -> tuple[str, ...]:
    """The values of `facet` that `filters` let pass; () lets all pass."""
    values: tuple[str, ...] = getattr(filters, facet)
    return values


def chosen(entries: Iterable[Entry], filters: Filters) -> tuple[Entry, ...]:
    """The entries that pass `filters`."""
    return tuple(entry for entry in entries if not _failed(entry, filters))


def count(entries: Iterable[Entry], filters: Filters) -> dict[Facet, Counts]:
    """How many practices there are by value of each facet, among those that pass the other facets' filters."""
    found: dict[Facet, dict[str, set[int]]] = {facet: defaultdict(set) for facet in Facet}
    for entry in entries:
        failed = _failed(entry, filters)
        if len(failed) > 1:
            continue
        for facet in failed or Facet:
            for value in entry.values(facet):
                found[facet][value].add(entry.practice)
    return {facet: _by_size(values) for facet, values in found.items()}


def practices(entries: Iterable[Entry], order: Order, reader: str) -> list[Practice]:
    """`entries` as practices, in `order`; of the documents that tell one the reader's language (ISO 639-1) is shown,
    else the newest."""
    by_practice: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_practice[entry.practice].append(entry)

    def nearness(entry: Entry) -> tuple[bool, bool, int, int]:
        return entry.languages[:1] != (reader,), reader not in entry.languages, -_year(entry), entry.document

    ranked = (sorted(group, key=nearness) for group in by_practice.values())
    made = [Practice(group[0], tuple(group[1:])) for group in ranked]
    return sorted(made, key=lambda practice: _sort_key(practice.shown, order, reader))


def entries(store: Store) -> tuple[Entry, ...]:
    """All documents as they are browsed, by id."""
    with store.snapshot() as db:
        sizes, languages = _passages(db)
        same = _same_practice(db, sizes)
        facts = _facts(db)
        return tuple(
            Entry(
                document=document.id,
                practice=same.get(document.id, document.id),
                title=document.title,
                format=document.format,
                topics=facts["topics"].get(document.id, ()),
                cities=(document.city.value,) if document.city else (),
                countries=(document.country.value,) if document.country else (),
                languages=languages.get(document.id, ()),
                years=tuple(sorted({one for each in facts["year"].get(document.id, ()) for one in years(each)})),
                target_groups=facts["target_groups"].get(document.id, ()),
                partner=", ".join(facts["partner"].get(document.id, ())),
                web=document.web_address,
            )
            for document in store.documents()
        )


_FACTS = "SELECT document_id, value FROM practice_facts WHERE field = ? ORDER BY id"


def _facts(db: Connection) -> dict[str, dict[int, tuple[str, ...]]]:
    """By field and document, the values of the practice records."""
    found: dict[str, dict[int, tuple[str, ...]]] = {
        field: {} for field in ("topics", "target_groups", "year", "partner")
    }
    for field, by_document in found.items():
        for document, value in db.execute(_FACTS, [field]):
            by_document[document] = (*by_document.get(document, ()), value)
    return found


def _passages(db: Connection) -> tuple[dict[int, int], dict[int, tuple[str, ...]]]:
    """By document, its number of passages and their languages, most frequent first."""
    sizes: dict[int, int] = defaultdict(int)
    languages: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for document, language, size in db.execute(
        "SELECT document_id, language, count(*) FROM passages GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"
    ):
        sizes[document] += size
        languages[document] += (language,)
    return sizes, languages


LONGER = 2.0
"""Times as many passages: a handbook is no version of the practice that it has a chapter on."""

FEW = 2
"""Passages more or less that make no difference, where both have few."""


def _same_practice(db: Connection, sizes: Mapping[int, int]) -> dict[int, int]:
    """By document that is one practice with others, the least id among them."""
    least: dict[int, int] = {}

    def root(document: int) -> int:
        while least.get(document, document) != document:
            document = least[document]
        return document

    for one, other, kind in db.execute(
        "SELECT document_id, other_id, kind FROM related_documents WHERE document_id < other_id"
    ):
        shorter, longer = sorted((sizes.get(one, 0), sizes.get(other, 0)))
        if kind == Kind.COPY or longer <= max(LONGER * shorter, shorter + FEW):
            first, second = sorted((root(one), root(other)))
            least[second] = least[first] = first
    return {document: root(document) for document in least}


def _failed(entry: Entry, filters: Filters) -> list[Facet]:
    """The facets whose filters `entry` does not pass."""
    return [
        facet
        for facet in Facet
        if (values := wanted(filters, facet)) and not any(own in values for own in entry.values(facet))
    ]


def _by_size(values: Mapping[str, Sequence[int] | set[int]]) -> Counts:
    sizes = {value: len(practices) for value, practices in values.items()}
    return dict(sorted(sizes.items(), key=lambda item: (item[0] == NOT_STATED, -item[1], item[0])))


def _sort_key(entry: Entry, order: Order, reader: str) -> tuple[object, ...]:
    title = fold(entry.title)
    match order:
        case Order.YEAR:
            return -_year(entry), title
        case Order.CITY:
            return not entry.cities, fold(", ".join(places.name(city, reader) for city in entry.cities)), title
        case Order.TITLE:
            return (title,)


def _year(entry: Entry) -> int:
    """The newest year that it states, 0 where it states none."""
    return int(entry.years[-1]) if entry.years else 0
