"""Cities and countries by name, in any inflection of the five languages.

The gazetteer (`kb/data/gazetteer.tsv`) lists every inflected form outright instead of guessing
endings: "w Toruniu", "Toruņā" and "Torunėje" are one place, and nothing else is.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.text import fold, words

LANGUAGES = ("en", "de", "pl", "lv", "lt")
LONGEST_NAME = 5  # words; "Frankfurt an der Oder" has four


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A city or country. `names` maps a language to the name's dictionary form.

    `ambiguous` says that some form is an ordinary word too (Essen, Piła), so that a mention
    counts only with support from the words around it.
    """

    id: str
    kind: str
    country: str
    ambiguous: bool
    names: tuple[tuple[str, str], ...]

    def name(self, language: str) -> str:
        """The dictionary form in `language`, in English where that language is not listed."""
        table = dict(self.names)
        return table.get(language, table["en"])


@dataclass(frozen=True, slots=True)
class Mention:
    """A place found among words: which, and the half-open range of word positions."""

    place: PlaceName
    first: int
    last: int


# Words that show the next word to be a place, for names that are ordinary words too.
_BEFORE_PLACE = frozenset(
    {"in", "city", "of"}
    | {"aus", "nach", "stadt"}
    | {"w", "we", "z", "ze", "do", "miasto", "mieście", "miasta"}
    | {"no", "uz", "pilsēta", "pilsētā"}
    | {"iš", "į", "miestas", "mieste"}
)


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """Places by the words of each form: as written, and folded for those who type no diacritics."""

    written: dict[tuple[str, ...], PlaceName]
    folded: dict[tuple[str, ...], PlaceName]
    beginnings: frozenset[str]

    def get(self, tokens: Sequence[str]) -> PlaceName | None:
        lowered = tuple(token.lower() for token in tokens)
        found = self.written.get(lowered)
        # A diacritic is never typed by accident: "Bērni" are children, not the city of Bern.
        return found or (self.folded.get(lowered) if all(token.isascii() for token in lowered) else None)


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    written: dict[tuple[str, ...], PlaceName] = {}
    folded: dict[tuple[str, ...], PlaceName] = {}
    with (files("kb.data") / "gazetteer.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            forms = {language: row[language].split("|") for language in LANGUAGES}
            place = PlaceName(
                id=row["id"],
                kind=row["kind"],
                country=row["country"],
                ambiguous=row["ambiguous"] == "1",
                names=tuple((language, forms[language][0]) for language in LANGUAGES),
            )
            for form in dict.fromkeys(form for listed in forms.values() for form in listed):
                written.setdefault(tuple(word.lower() for word in words(form)), place)
                folded.setdefault(tuple(fold(word) for word in words(form)), place)
    return _Gazetteer(written, folded, frozenset(form[0] for forms in (written, folded) for form in forms))


@lru_cache(maxsize=1)
def by_id() -> dict[str, PlaceName]:
    """Every place of the gazetteer by its id."""
    return {place.id: place for place in _gazetteer().written.values()}


def name(value: str, language: str) -> str:
    """What a reader of `language` calls a place, by its id; `value` itself where the gazetteer lacks it, as that of a
    city that a sidecar names."""
    known = by_id().get(value)
    return known.name(language) if known else value


def find(tokens: Sequence[str], *, any_case: bool = False) -> Iterator[Mention]:
    """Place names among `tokens`, longest first, never overlapping.

    An ambiguous name counts after a word such as "in" or "Stadt" only. `any_case` also accepts
    names typed without capitals, as people do in queries.
    """
    gazetteer = _gazetteer()
    position = 0
    while position < len(tokens):
        token = tokens[position]
        may_begin = (any_case or token[0].isupper()) and token.lower() in gazetteer.beginnings
        mention = _at(gazetteer, tokens, position) if may_begin else None
        if mention:
            yield mention
        position = mention.last if mention else position + 1


def _at(gazetteer: _Gazetteer, tokens: Sequence[str], first: int) -> Mention | None:
    supported = first > 0 and tokens[first - 1].lower() in _BEFORE_PLACE
    for last in range(min(first + LONGEST_NAME, len(tokens)), first, -1):
        place = gazetteer.get(tokens[first:last])
        if place and (supported or not place.ambiguous):
            return Mention(place, first, last)
    return None


def resolve(name: str) -> str:
    """The gazetteer id for a place typed by a person ("Toruń", "Torun", "PL"), or `name` itself."""
    for known in (name, name.upper(), name.lower()):
        if known in by_id():
            return known
    place = _gazetteer().get(words(name))
    return place.id if place else name
