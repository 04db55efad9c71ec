"""Which passages a search may find: the filters as SQL."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from kb import places
from kb.practice import years
from kb.rows import marks
from kb.store import Store
from kb.types import NOT_STATED, Filters

_IDS = {
    "passage": "SELECT p.id FROM passages p",
    "sentence": "SELECT s.id FROM sentences s JOIN passages p ON p.id = s.passage_id",
}

_Condition = tuple[str, Sequence[str | int]]
"""SQL, and the values of its question marks."""

Counts = Mapping[str, int]
"""How many there are by value."""


def allowed_ids(store: Store, filters: Filters, what: Literal["passage", "sentence"]) -> set[int]:
    """Ids of the passages or sentences that pass the filters."""
    conditions = list(_conditions(filters))
    where = " AND ".join(sql for sql, _ in conditions) or "TRUE"
    rows = store.db.execute(
        f"{_IDS[what]} JOIN documents d ON d.id = p.document_id WHERE {where}",
        [value for _, values in conditions for value in values],
    )
    return {row[0] for row in rows}


def _conditions(filters: Filters) -> Iterator[_Condition]:
    cities, countries = ([places.resolve(name) for name in names] for names in (filters.cities, filters.countries))
    columns: tuple[tuple[str, Sequence[str | int]], ...] = (
        ("p.language", filters.languages),
        ("d.city", cities),
        ("d.country", countries),
        ("d.format", filters.formats),
        ("d.id", filters.documents),
    )
    for column, values in columns:
        if values:
            yield _any(f"{column} IN ({marks(values)})", values, f"{column} IS NULL")
    for field, ids in (("topics", filters.topics), ("target_groups", filters.target_groups)):
        if ids:
            yield _any(_stated(field, f"value IN ({marks(ids)})"), ids, _unstated(field))
    if filters.years:
        spans = " OR ".join("? BETWEEN substr(value, 1, 4) AND substr(value, -4)" for _ in filters.years)
        yield _any(_stated("year", spans), filters.years, _unstated("year"))


def _any(condition: str, values: Sequence[str | int], unstated: str) -> _Condition:
    """Documents of `condition`, and where it is asked for those that say nothing."""
    return (f"({condition} OR {unstated})" if NOT_STATED in values else condition), values


def _stated(field: str, condition: str) -> str:
    return f"d.id IN (SELECT document_id FROM practice_facts WHERE field = '{field}' AND ({condition}))"


def _unstated(field: str) -> str:
    return f"d.id NOT IN (SELECT document_id FROM practice_facts WHERE field = '{field}')"


def counts(store: Store) -> Mapping[str, Counts]:
    """By field of Filters but `documents`, each value that occurs and how many it has, the most frequent first and
    NOT_STATED last: languages count passages, all others documents."""
    generation = store.generation()
    return _counts(store, generation, store.token(generation))


@lru_cache(maxsize=1)
def _counts(store: Store, _generation: int, _token: str | None) -> Mapping[str, Counts]:
    """Counted once for each state of the knowledge base: every page of the search shows it."""
    column = "SELECT {}, count(*) FROM {} GROUP BY 1"
    fact = """SELECT f.value, count(DISTINCT d.id) FROM documents d
              LEFT JOIN practice_facts f ON f.document_id = d.id AND f.field = '{}' GROUP BY 1"""
    with store.snapshot() as db:
        found = {
            "languages": db.execute(column.format("language", "passages")).fetchall(),
            "cities": db.execute(column.format("city", "documents")).fetchall(),
            "countries": db.execute(column.format("country", "documents")).fetchall(),
            "formats": db.execute(column.format("format", "documents")).fetchall(),
            "topics": db.execute(fact.format("topics")).fetchall(),
            "target_groups": db.execute(fact.format("target_groups")).fetchall(),
            "years": list(_by_year(db.execute(fact.format("year")))),
        }
    return {field: _sorted(counted) for field, counted in found.items()}


def _by_year(stated: Iterable[tuple[str | None, int]]) -> Iterator[tuple[str | None, int]]:
    """A document of "2016-2018" counts for each of its years."""
    for value, count in stated:
        yield from ((year, count) for year in (years(value) if value else (None,)))


def _sorted(counted: Iterable[tuple[str | None, int]]) -> Counts:
    found: Counter[str] = Counter()
    for value, count in counted:
        found[NOT_STATED if value is None else value] += count
    return dict(sorted(found.items(), key=lambda item: (item[0] == NOT_STATED, -item[1], item[0])))
