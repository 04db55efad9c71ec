"""Passages that say the same, in another language, format or version, on one card.

Nothing is lost: the card shows one of them and names where the others stand.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.related.links import Linked, linked
from kb.store import Store
from kb.types import Other, Passage

Links = Mapping[int, Sequence[Linked]]
"""By passage, those that say the same, the nearest first."""


class Found(Protocol):
    """A passage that was found for a query."""

    @property
    def passage_id(self) -> int: ...
    @property
    def document_id(self) -> int: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Card:
    """`best` earned the card's rank, `shown` stands on it, `others` say the same; passages, by id."""

    best: int
    shown: int
    others: tuple[int, ...] = ()


def links_around(store: Store, passages: Collection[int]) -> dict[int, tuple[Linked, ...]]:
    """The links of `passages`, and those of what they are linked with."""
    near = linked(store, list(passages))
    further = {other.passage_id for others in near.values() for other in others} - set(passages)
    return near | linked(store, list(further))


def single(passages: Iterable[Found], links: Links) -> list[Card]:
    """A card for each passage."""
    return [
        Card(found.passage_id, found.passage_id, _one_each(links.get(found.passage_id, ()), found.language))
        for found in passages
    ]


def collapse(
    ranked: Sequence[Found], links: Links, languages: Sequence[str], *, most: int, may_show: Callable[[int], bool]
) -> list[Card]:
    """The `most` best cards; `ranked` passages that say the same as one before them are on its card.

    A card shows its best passage if that is in one of the reader's `languages`, else the best ranked of those that
    say the same and are, if `may_show` allows one.
    """
    place = {found.passage_id: at for at, found in enumerate(ranked)}
    taken: set[int] = set()
    cards: list[Card] = []

    def rank(other: Linked) -> tuple[int, float]:
        return place.get(other.passage_id, len(place)), -other.score

    for found in ranked:
        if len(cards) == most:
            break
        if found.passage_id in taken:
            continue
        own = Linked(found.passage_id, found.document_id, found.language, 1.0)
        near = links.get(found.passage_id, ())
        readable = [
            other
            for other in near
            if other.language in languages and other.passage_id not in taken and may_show(other.passage_id)
        ]
        shown = own if own.language in languages else min(readable, key=rank, default=own)
        group = [*links.get(shown.passage_id, ()), own, *near]
        # Of two passages of one text that another covers both, each keeps a card of its own.
        others = [
            other for other in group if (other.document_id, other.language) != (shown.document_id, shown.language)
        ]
        taken |= {own.passage_id, shown.passage_id, *(other.passage_id for other in others)}
        cards.append(Card(own.passage_id, shown.passage_id, _one_each(others, shown.language)))
    return cards


def also(store: Store, cards: Sequence[Card]) -> list[tuple[Other, ...]]:
    """By card, where else its passage stands."""
    passages = store.passages(sorted({other for card in cards for other in card.others}))
    ids = sorted({passage.document_id for passage in passages.values()})
    documents = {document.id: document for document in store.documents(ids)} if ids else {}
    return [
        tuple(
            Other(passages[other], documents[passages[other].document_id]) for other in card.others if other in passages
        )
        for card in cards
    ]


def of_passage(store: Store, passage: Passage) -> tuple[Other, ...]:
    """Where else a passage stands."""
    found = Linked(passage.id, passage.document_id, passage.language, 1.0)
    return also(store, single([found], linked(store, [passage.id])))[0]


def _one_each(others: Iterable[Linked], shown: str) -> tuple[int, ...]:
    """One passage of each document and language, other languages than the one shown first."""
    first: dict[tuple[int, str], Linked] = {}
    for other in others:
        first.setdefault((other.document_id, other.language), other)
    return tuple(other.passage_id for other in sorted(first.values(), key=lambda other: other.language == shown))
