"""The practice record: which fields it has, reading it from the store, and its values as a reader knows them."""

from collections.abc import Sequence

from kb import places, vocabulary
from kb.store import Store
from kb.text import words
from kb.types import Passage, Place, PlaceKind, PracticeFact

FIELDS = (
    "title",
    "city",
    "country",
    "partner",
    "year",
    "topics",
    "target_groups",
    "problem",
    "solution",
    "resources",
    "results",
    "contact",
)
"""In the order in which they are shown. `topics` and `target_groups` may have several facts each."""

SURE = 0.7
"""Confidence from which a label, a heading or the title says it; below, it only prevails in the text, or the file's own
data say it (docs/practice-record.md)."""


def facts_of(store: Store, document_id: int) -> list[PracticeFact]:
    """The practice record of a document, in the order of FIELDS."""
    found = store.db.execute(
        """SELECT field, value, words, place_kind, place_number, heading, confidence FROM practice_facts
           WHERE document_id = ? ORDER BY id""",
        [document_id],
    ).fetchall()
    facts = [
        PracticeFact(field, value, words, Place(PlaceKind(kind), number, heading) if kind else None, confidence)
        for field, value, words, kind, number, heading, confidence in found
    ]
    return sorted(facts, key=lambda fact: FIELDS.index(fact.field))


def years(stated: str) -> tuple[str, ...]:
    """The years of a record that says "2016" or "2016-2018", one by one."""
    return tuple(str(year) for year in range(int(stated[:4]), int(stated[-4:]) + 1))


def display(fact: PracticeFact, language: str) -> str:
    """The value of `fact` for a reader of `language`: the names of places, topics and target groups, else the value."""
    if fact.field in {"city", "country"}:
        return places.name(fact.value, language)
    concept = (vocabulary.of_field(fact.field) or {}).get(fact.value)
    return concept.name(language) if concept else fact.value


def passage_of(fact: PracticeFact, passages: Sequence[Passage]) -> Passage | None:
    """Of a document's passages, the one that `fact` was read from: under its heading, with its words or value, or
    with most of their words, as far as there is such a one on its page; None where the document does not say it."""
    told = [" ".join(part.split()) for part in (fact.value, fact.words)]
    wanted = {word for part in told for word in words(part)}

    def fits(passage: Passage) -> tuple[bool, bool, int]:
        text = " ".join(passage.text.split())
        said = any(part and part in text for part in told)
        return passage.place == fact.place, said, len(wanted.intersection(words(text)))

    place = fact.place
    there = [one for one in passages if place and (one.place.kind, one.place.number) == (place.kind, place.number)]
    return max(there, key=fits, default=None)
