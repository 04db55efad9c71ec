"""The city and the country that a practice is from: those that a label, the title or the text is about."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph
from ingest.practice.statements import Statement
from kb import places
from kb.config import HOMES
from kb.places import PlaceName
from kb.text import words
from kb.types import Evidence, PracticeFact

TITLE_WEIGHT = 4.0
HEADING_WEIGHT = 2.0
OPENING_WEIGHT = 1.5
"""How much more a place counts in the title, a heading or the first block than in the text."""

ENOUGH = 2.0
"""Weight of mentions from which a place can be what the document is about."""

LEAD = 1.3
"""How many times the weight of the runner-up it needs."""

SHARE = 0.08
"""Share of the paragraphs that must name it where no title or heading does: an example is named in fewer."""

FOREIGN_SHARE = 0.2
"""The same for a city outside the countries in whose languages the document is: where an idea came from, say."""

HOME_SHARE = 0.2
"""Share of the passages from which on their language makes its country a home of the document."""


@dataclass(frozen=True, slots=True)
class Location:
    """The city and country, and the same as facts of the practice record."""

    city: Evidence | None
    country: Evidence | None
    facts: tuple[PracticeFact, ...]


@dataclass(frozen=True, slots=True)
class _Mention:
    """`where` is None in a title that the text does not show."""

    place: PlaceName
    words: str
    weight: float
    where: Paragraph | None


def location(title: str, found: Sequence[Paragraph], said: Sequence[Statement]) -> Location:
    """Where the practice is from; empty where no place stands out."""
    mentions = list(_mentions(title, found))
    labelled = {kind: _labelled(kind, said) for kind in ("city", "country")}
    homes = _homes(found)
    city = labelled["city"] or _dominant("city", mentions, len(found), homes)
    country = labelled["country"] or city or _dominant("country", mentions, len(found), homes)
    facts = [
        *_facts("city", city, labelled["city"] is not None),
        *_facts("country", country, bool(labelled["country"])),
    ]
    return Location(
        Evidence(city.place.id, city.words) if city else None,
        Evidence(country.place.country, country.words) if country else None,
        tuple(facts),
    )


def _mentions(title: str, found: Sequence[Paragraph]) -> Iterator[_Mention]:
    """Each place mentioned, the words it was read from, and the weight of that mention."""
    shown = next((paragraph for paragraph in found if paragraph.text == title), None)
    yield from (_Mention(place, read, TITLE_WEIGHT, shown) for place, read in _named(title))
    for position, paragraph in enumerate(found):
        weight = HEADING_WEIGHT if paragraph.is_heading else OPENING_WEIGHT if position < 2 else 1.0
        if paragraph is not shown:
            yield from (_Mention(place, read, weight, paragraph) for place, read in _named(paragraph.text))


def _named(text: str) -> Iterator[tuple[PlaceName, str]]:
    tokens = words(text)
    for mention in places.find(tokens):
        yield mention.place, " ".join(tokens[mention.first : mention.last])


def _labelled(kind: str, said: Sequence[Statement]) -> _Mention | None:
    """The one place of `kind` behind a label "City: ..." or "Country: ..."."""
    for statement in said:
        if statement.field == kind:
            named = {place.id: (place, read) for place, read in _named(f"in {statement.text}") if place.kind == kind}
            if len(named) == 1:
                ((place, read),) = named.values()
                return _Mention(place, read, TITLE_WEIGHT, statement.where)
    return None


def _homes(found: Sequence[Paragraph]) -> frozenset[str]:
    """The countries (ISO 3166 alpha-2) in whose languages a good part of the document is."""
    passages = {paragraph.passage: paragraph.language for paragraph in found}
    counts = Counter(passages.values())
    return frozenset(
        HOMES[language]
        for language, count in counts.items()
        if language in HOMES and count >= HOME_SHARE * len(passages)
    )


def _dominant(kind: str, mentions: Sequence[_Mention], paragraphs: int, homes: frozenset[str]) -> _Mention | None:
    """The strongest mention of the place of `kind` that the document is about, if one stands out."""
    by_place: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.place.kind == kind:
            by_place[mention.place.id].append(mention)
    candidates = [named for named in by_place.values() if _may_be_about(named, paragraphs, homes)]
    ranked = sorted(candidates, key=lambda named: -_weight(named))
    if not ranked or _weight(ranked[0]) < ENOUGH:
        return None
    if len(ranked) > 1 and _weight(ranked[0]) < LEAD * _weight(ranked[1]):
        return None
    return max(ranked[0], key=lambda mention: mention.weight)


def _weight(named: Sequence[_Mention]) -> float:
    return sum(mention.weight for mention in named)


def _may_be_about(named: Sequence[_Mention], paragraphs: int, homes: frozenset[str]) -> bool:
    """Whether the document can be about the place rather than mention it.

    "Support for the people of Ukraine", told in Latvian, is about Latvia: a country abroad in a title is
    mostly the one that people come from.
    """
    place = named[0].place
    share = len({id(mention.where) for mention in named}) / max(paragraphs, 1)
    headed = max(mention.weight for mention in named) >= HEADING_WEIGHT
    if not homes:
        return headed or share >= SHARE
    if place.country in homes:
        return headed or share >= SHARE or place.kind == "country"
    titled = any(mention.weight >= TITLE_WEIGHT for mention in named)
    headings = sum(mention.weight >= HEADING_WEIGHT for mention in named)
    return place.kind == "city" and (titled or headings > 1 or share >= FOREIGN_SHARE)


def _facts(field: str, mention: _Mention | None, labelled: bool) -> list[PracticeFact]:
    if mention is None:
        return []
    value = mention.place.id if field == "city" else mention.place.country
    sure = confidence.HEADING if mention.weight >= TITLE_WEIGHT else confidence.PREVAILING
    if HEADING_WEIGHT <= mention.weight < TITLE_WEIGHT:
        sure = confidence.REPEATED
    sure = confidence.LABEL if labelled else sure
    if mention.where is None:
        return [PracticeFact(field, value, mention.words, None, sure)]
    return [mention.where.fact(field, value, mention.words, sure)]
