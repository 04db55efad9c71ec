"""Which passages a search may find: the filters as SQL."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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


def allowed_ids(store: Store, filters: Filters, what: Literal["passage", "sentence"]) -> set[int]:
    """Ids of the passages or sentences that pass the filters."""
    conditions = list(_conditions(filters))
    where = " AND ".join(sql for sql, _ in conditions) or "TRUE"
    rows = store.db.execute(
        f"{_IDS[what]} JOIN documents d ON d.id = p.document_id WHERE {where}",
        [value for _, values in conditions for value in values],
    )
    return {row[0] for row in rows}


Condition = tuple[str, Sequence[str | int]]
"""SQL, and the values of its question marks."""


def _conditions(filters: Filters) -> Iterator[Condition]:
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


def _any(condition: str, values: Sequence[str | int], unstated: str) -> Condition:
    """Documents of `condition`, and where it is asked for those that say nothing."""
    return (f"({condition} OR {unstated})" if NOT_STATED in values else condition), values


def _stated(field: str, condition: str) -> str:
    return f"d.id IN (SELECT document_id FROM practice_facts WHERE field = '{field}' AND ({condition}))"


def _unstated(field: str) -> str:
    return f"d.id NOT IN (SELECT document_id FROM practice_facts WHERE field = '{field}')"


def counts(store: Store) -> dict[str, dict[str, int]]:
    """By field of Filters but `documents`, each value that occurs and how many it has, the most frequent first and
    NOT_STATED last: languages count passages, all others documents."""
    with store.snapshot() as db:

        def column(name: str, table: str = "documents") -> dict[str, int]:
            return _sorted(db.execute(f"SELECT {name}, count(*) FROM {table} GROUP BY 1").fetchall())

        def fact(field: str) -> dict[str, int]:
            """A LEFT JOIN, so that documents without the fact are counted too, under NULL."""
            stated = db.execute(
                """SELECT d.id, f.value FROM documents d
                   LEFT JOIN practice_facts f ON f.document_id = d.id AND f.field = ? GROUP BY 1, 2""",
                [field],
            )
            each = ((identifier, one) for identifier, value in stated for one in _values(field, value))
            return _sorted(Counter(value for _, value in set(each)).items())

        return {
            "languages": column("language", "passages"),
            "cities": column("city"),
            "countries": column("country"),
            "formats": column("format"),
            "topics": fact("topics"),
            "target_groups": fact("target_groups"),
            "years": fact("year"),
        }


def _values(field: str, value: str | None) -> Iterable[str | None]:
    return years(value) if field == "year" and value else (value,)


def _sorted(counted: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    named = [(NOT_STATED if value is None else value, count) for value, count in counted]
    return dict(sorted(named, key=lambda item: (item[0] == NOT_STATED, -item[1], item[0])))
