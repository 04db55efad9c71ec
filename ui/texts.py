"""The interface's texts in five languages: ui/locales/CODE.yaml, the same keys in each."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.types import Place

NAMES = {"en": "English", "pl": "Polski", "de": "Deutsch", "lv": "Latviešu", "lt": "Lietuvių"}
"""Interface languages by code, each named by itself."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one interface language."""

    code: str
    entries: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.entries[key]

    def language(self, code: str) -> str:
        """The name of a document language; its code where the interface has no name for it."""
        return self.entries.get(f"lang_{code}", code)

    def place(self, place: Place) -> str:
        """A place as a reader of this language calls it."""
        if place.kind == "section" and not place.heading:
            return ""
        return self.entries[place.kind].format(number=place.number, heading=place.heading)


@lru_cache(maxsize=len(NAMES))
def texts(code: str) -> Texts:
    """The texts of the interface language `code`, one of NAMES."""
    import yaml

    return Texts(code, yaml.safe_load((files("ui") / "locales" / f"{code}.yaml").read_text("utf-8")))


def preferred(locale: str | None) -> str:
    """The interface language for a browser's locale such as `pl-PL`; English where there is none."""
    code = (locale or "").split("-")[0].lower()
    return code if code in NAMES else "en"
