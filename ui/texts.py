"""The interface's texts in five languages: ui/locales/CODE/PAGE.yaml, the same keys in each; numbers, dates and
plural forms by CLDR."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb import places
from kb.types import Place

if TYPE_CHECKING:
    from babel import Locale

NAMES = {"en": "English", "pl": "Polski", "de": "Deutsch", "lv": "Latviešu", "lt": "Lietuvių"}
"""Interface languages by code, each named by itself."""

REGIONS = {"en": "en_GB"}
"""Where a language alone would be taken for another region's: dates here read 28 June, not June 28."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one interface language. `plurals` hold a form for each CLDR plural category of it."""

    code: str
    entries: Mapping[str, str]
    plurals: Mapping[str, Mapping[str, str]]

    def __getitem__(self, key: str) -> str:
        return self.entries[key]

    def count(self, key: str, n: int) -> str:
        """The plural text `key` for the number `n`, which stands in it as {n}."""
        forms = self.plurals[key]
        category: str = self.locale.plural_form(n)
        return forms[category].format(n=self.integer(n))

    def language(self, code: str) -> str:
        """The name of a document language; its code where CLDR has none."""
        return self.entries.get(f"lang_{code}") or str(self.locale.languages.get(code, code))

    def country(self, code: str) -> str:
        """The name of a country, by its ISO 3166 alpha-2 code."""
        return str(self.locale.territories.get(code, code))

    def located(self, value: str) -> str:
        """The name of a city or country, by its id: the gazetteer lacks most countries, which CLDR has."""
        named = places.name(value, self.code)
        return self.country(value) if named == value else named

    def place(self, place: Place) -> str:
        """A place as a reader of this language calls it."""
        if place.kind == "section" and not place.heading:
            return ""
        return self.entries[place.kind].format(number=place.number, heading=place.heading)

    def date(self, iso: str) -> str:
        """An ISO 8601 year, month or day ("2016", "2016-06", "2016-06-28T10:00Z") as it is written here."""
        from babel.dates import format_date, format_skeleton

        parts = iso[:10].split("-")
        try:
            year, month, number = (int(part) for part in [*parts, "1", "1"][:3])
            day = date(year, month, number)
        except ValueError:
            return iso
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            return format_skeleton("yMMMM", day, locale=self.locale)
        return format_date(day, "long", locale=self.locale)

    def integer(self, number: int) -> str:
        """A whole number with this language's grouping."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale)

    def decimal(self, number: float) -> str:
        """A number with two decimals."""
        from babel.numbers import format_decimal

        return format_decimal(number, format="0.00", locale=self.locale)

    def percent(self, share: float) -> str:
        """A share in [0, 1] in whole per cents."""
        from babel.numbers import format_percent

        return format_percent(share, locale=self.locale)

    def listed(self, items: Sequence[str]) -> str:
        """ "a, b and c"."""
        from babel.lists import format_list

        return format_list(list(items), locale=self.locale)

    @property
    def locale(self) -> "Locale":
        """CLDR's data for this language."""
        return _locale(REGIONS.get(self.code, self.code))


@lru_cache(maxsize=len(NAMES))
def _locale(code: str) -> "Locale":
    from babel import Locale

    return Locale.parse(code)


@lru_cache(maxsize=len(NAMES))
def texts(code: str) -> Texts:
    """The texts of the interface language `code`, one of NAMES."""
    import yaml

    entries: dict[str, str] = {}
    plurals: dict[str, dict[str, str]] = {}
    folder = files("ui") / "locales" / code
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for key, text in (yaml.safe_load(file.read_text("utf-8")) or {}).items():
            if key in entries or key in plurals:
                raise ValueError(f"{file} defines {key}, which another file defines too")
            if isinstance(text, dict):
                plurals[key] = text
            else:
                entries[key] = text
    return Texts(code, entries, plurals)


def preferred(locale: str | None) -> str:
    """The interface language for a browser's locale such as `pl-PL`; English where there is none."""
    code = (locale or "").split("-")[0].lower()
    return code if code in NAMES else "en"
