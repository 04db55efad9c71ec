"""What the knowledge base has, and where it has nothing: practices by topic and city, country or language."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kb import vocabulary
from kb.catalogue import Entry, Facet
from kb.config import HOMES, LANGUAGES
from kb.store import Store
from kb.types import NOT_STATED

Key = TypeVar("Key")

SIDES = (Facet.LANGUAGES, Facet.COUNTRIES, Facet.CITIES)
"""What topics may be set against."""

ALWAYS: Mapping[Facet, Sequence[str]] = {Facet.LANGUAGES: LANGUAGES, Facet.COUNTRIES: tuple(HOMES.values())}
"""Columns that stand in a table even where they are empty: the partners' languages and countries."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many practices, counted as `kb.catalogue` does, and how many passages of their documents."""

    practices: int = 0
    passages: int = 0


NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Coverage:
    """A table of counts. `rows` are ids of topics, all of the vocabulary; `columns` values of the facet `side`, those
    with the most practices first; NOT_STATED is the last of either where some document states none.

    A document with several topics, or several languages, counts for each; in a table by language, only its
    passages in that language do. Totals count each practice once.
    """

    side: Facet
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Count]
    row_totals: Mapping[str, Count]

    def cell(self, row: str, column: str) -> Count:
        """The count of a topic and a column; nothing is a count too."""
        return self.cells.get((row, column), NOTHING)

    def row_total(self, row: str) -> Count:
        """The count of a topic."""
        return self.row_totals.get(row, NOTHING)

    @property
    def gaps(self) -> int:
        """Cells with nothing in them, of stated topics and columns."""
        stated = [(row, column) for row in self.rows for column in self.columns if NOT_STATED not in (row, column)]
        return sum(not self.cell(*cell).practices for cell in stated)


Passages = Mapping[tuple[int, str], int]
"""Passages by document and language."""


def passages(store: Store) -> Passages:
    """How many passages each document has in each language."""
    rows = store.db.execute("SELECT document_id, language, count(*) FROM passages GROUP BY 1, 2")
    return {(document, language): count for document, language, count in rows}


def coverage(entries: Sequence[Entry], sizes: Passages, side: Facet) -> Coverage:
    """Practices and passages by topic and `side`."""
    cells: _Tally[tuple[str, str]] = _Tally()
    rows: _Tally[str] = _Tally()
    columns: _Tally[str] = _Tally()
    for entry in entries:
        topics, values = entry.values(Facet.TOPICS), entry.values(side)
        whole = sum(sizes.get((entry.document, language), 0) for language in entry.languages)
        for topic in topics:
            rows.add(topic, entry.practice, whole)
        for value in values:
            held = sizes.get((entry.document, value), 0) if side is Facet.LANGUAGES else whole
            columns.add(value, entry.practice, held)
            for topic in topics:
                cells.add((topic, value), entry.practice, held)
    column_totals = columns.counts()
    row_totals = rows.counts()
    names = dict.fromkeys([*ALWAYS.get(side, ()), *column_totals])
    by_size = sorted(names, key=lambda name: (name == NOT_STATED, -column_totals.get(name, NOTHING).practices, name))
    unstated = (NOT_STATED,) if NOT_STATED in row_totals else ()
    return Coverage(side, (*vocabulary.topics(), *unstated), tuple(by_size), cells.counts(), row_totals)


class _Tally(Generic[Key]):
    """Distinct practices and the sum of passages, by key."""

    def __init__(self) -> None:
        self._practices: dict[Key, set[int]] = defaultdict(set)
        self._passages: dict[Key, int] = defaultdict(int)

    def add(self, key: Key, practice: int, passages: int) -> None:
        self._practices[key].add(practice)
        self._passages[key] += passages

    def counts(self) -> dict[Key, Count]:
        return {key: Count(len(found), self._passages[key]) for key, found in self._practices.items()}
