"""Which passages a search may find: the filters as SQL."""

from collections.abc import Sequence
from typing import Literal

from kb import places
from kb.rows import marks
from kb.store import Store
from kb.types import Filters

_IDS = {
    "passage": "SELECT p.id FROM passages p",
    "sentence": "SELECT s.id FROM sentences s JOIN passages p ON p.id = s.passage_id",
}
_FACT = "d.id IN (SELECT document_id FROM practice_facts WHERE field = '{field}' AND value IN ({marks}))"


def allowed_ids(store: Store, filters: Filters, what: Literal["passage", "sentence"]) -> set[int]:
    """Ids of the passages or sentences that pass the filters."""
    conditions = [(sql, values) for sql, values in _conditions(filters) if values]
    where = " AND ".join(sql for sql, _ in conditions) or "TRUE"
    rows = store.db.execute(
        f"{_IDS[what]} JOIN documents d ON d.id = p.document_id WHERE {where}",
        [value for _, values in conditions for value in values],
    )
    return {row[0] for row in rows}


def _conditions(filters: Filters) -> list[tuple[str, Sequence[str | int]]]:
    columns: tuple[tuple[str, Sequence[str | int]], ...] = (
        ("p.language", filters.languages),
        ("d.city", [places.resolve(city) for city in filters.cities]),
        ("d.country", [places.resolve(country) for country in filters.countries]),
        ("d.format", filters.formats),
        ("d.id", filters.documents),
    )
    facts = (("topics", filters.topics), ("target_groups", filters.target_groups), ("year", filters.years))
    return [
        *((f"{column} IN ({marks(values)})", values) for column, values in columns),
        *((_FACT.format(field=field, marks=marks(values)), values) for field, values in facts),
    ]


def counts(store: Store) -> dict[str, dict[str, int]]:
    """By field of Filters but `documents`, each value that occurs and how many it has, the most frequent first:
    languages count passages, all others documents."""
    fact = "SELECT value, count(DISTINCT document_id) FROM practice_facts WHERE field = '{}' GROUP BY 1"
    column = "SELECT {0}, count(*) FROM documents WHERE {0} IS NOT NULL GROUP BY 1"
    counted = {
        "languages": "SELECT language, count(*) FROM passages GROUP BY 1",
        "cities": column.format("city"),
        "countries": column.format("country"),
        "formats": column.format("format"),
        "topics": fact.format("topics"),
        "target_groups": fact.format("target_groups"),
        "years": fact.format("year"),
    }
    with store.snapshot() as db:
        return {
            field: {str(value): int(count) for value, count in db.execute(f"{sql} ORDER BY 2 DESC, 1")}
            for field, sql in counted.items()
        }
