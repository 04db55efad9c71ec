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


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], PlaceName]:
    table: dict[tuple[str, ...], PlaceName] = {}
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
            for form in {form for listed in forms.values() for form in listed}:
                table.setdefault(tuple(fold(word) for word in words(form)), place)
    return table


@lru_cache(maxsize=1)
def by_id() -> dict[str, PlaceName]:
    """Every place of the gazetteer by its id."""
    return {place.id: place for place in _forms().values()}


def find(tokens: Sequence[str], *, any_case: bool = False) -> Iterator[Mention]:
    """Place names among `tokens`, longest first, never overlapping.

    `any_case` also accepts names typed without capitals, as people do in queries, except for
    ambiguous ones.
    """
    forms = _forms()
    folded = [fold(token) for token in tokens]
    position = 0
    while position < len(tokens):
        for length in range(min(LONGEST_NAME, len(tokens) - position), 0, -1):
            place = forms.get(tuple(folded[position : position + length]))
            capital = tokens[position][:1].isupper()
            if place and (capital or (any_case and not place.ambiguous)):
                yield Mention(place, position, position + length)
                position += length
                break
        else:
            position += 1


def resolve(name: str) -> str:
    """The gazetteer id for a place typed by a person ("Toruń", "Torun", "PL"), or `name` itself."""
    if name in by_id():
        return name
    place = _forms().get(tuple(fold(word) for word in words(name)))
    return place.id if place else name
