"""A query's words, and the terms that stand for each in every language of the knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from kb import compounds, terms
from kb.bridge import bridge
from kb.postings import Column
from kb.text import fold, is_address, words

LITTLE_LETTERS = 3
"""Known words this short are function words, and mean something else in the next language."""

SURFACE = 0.3
"""Weight of the word as written, beside its lemma or its translations: it may be a name."""

PART = 0.5
"""Weight of a part of a compound; its square where the whole has translations of its own."""

LEAST_STEM = 5
STEM_SHARE = 0.6
"""A stem is this share of the word's letters, at least five of them: "motivate" -> "motiv"."""


LEAST_NAME = 4
LONGEST_ENDING = 2
"""An unknown word is looked for in other languages without its last two letters, at least four being left."""


class Kind(Enum):
    """How far a word of the query reaches."""

    STOPWORD = "says nothing of a topic: looked up only where the query has nothing else"
    LITTLE = "is another word in the next language, such as English `do`: never looked up as written"
    ORDINARY = "looked up by lemma in its language, by its translations in the others"
    NAME = "a place, an acronym, an address or a number: the same in every language"


@dataclass(frozen=True, slots=True)
class Sought:
    """A term to look up, in the column of lemmas or of surface forms, with its weight in (0, 1]."""

    column: Column
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the query as written, folded, and as a lemma in each language the query may be in."""

    text: str
    surface: str
    lemmas: tuple[tuple[str, str], ...]
    kind: Kind

    @property
    def telling(self) -> bool:
        """Whether it says something of a topic."""
        return self.kind is not Kind.STOPWORD

    def sought(self, language: str) -> tuple[Sought, ...]:
        """What to look up for it in passages of `language`, each term once."""
        own = dict(self.lemmas).get(language)
        found: dict[tuple[Column, str], float] = {}
        if self.telling:
            found = {("lemmas", term): weight for term, weight in self._translated(language).items()}
        if own is not None:
            found |= {("lemmas", part): PART for part in compounds.parts(own, language)}
            found[("lemmas", own)] = 1.0
            if own != self.surface:
                found[("surfaces", self.surface)] = SURFACE
        elif self.kind is Kind.NAME:
            found = {("surfaces", self.surface): 1.0}
        elif self.kind is Kind.ORDINARY:
            found[("surfaces", self.surface)] = SURFACE if found else 1.0
        return tuple(Sought(column, term, weight) for (column, term), weight in found.items())

    def is_known(self, language: str) -> bool:
        """Whether a passage of `language` would hold something for this word if it were about it."""
        if self.kind is Kind.NAME or self._translated(language):
            return True
        if [language] == [code for code, _ in self.lemmas]:
            return True
        own = dict(self.lemmas).get(language)
        return own is not None and (terms.is_known(self.text, language) or bridge().frequency(own, language) > 0)

    def stem(self, language: str) -> tuple[Column, str] | None:
        """What to look for where nothing sought is found: in the query's own `language` what related words begin with
        ("motivation" for "motivate"); in another, an unknown word with an ending of that language, as names get
        ("Geigers", "Geigera" for "Geiger")."""
        own = dict(self.lemmas).get(language)
        if self.kind is not Kind.ORDINARY:
            return None
        if own is not None:
            length = max(LEAST_STEM, round(STEM_SHARE * len(own)))
            return ("lemmas", own[:length]) if len(own) > LEAST_STEM else None
        if self.is_known(language) or len(self.surface) < LEAST_NAME:
            return None
        return "surfaces", self.surface[: max(LEAST_NAME, len(self.surface) - LONGEST_ENDING)]

    @lru_cache(maxsize=4096)  # noqa: B019 -- a word is a value: what it keeps alive is itself
    def _translated(self, target: str) -> dict[str, float]:
        """Terms of `target` for any reading in another language, and of a compound's parts."""
        found: dict[str, float] = {}
        if self.kind is Kind.NAME:
            return found
        for source, lemma in self.lemmas:
            if source == target:
                continue
            whole = bridge().translate(lemma, source, target)
            trust = PART * PART if whole else PART
            for piece in compounds.parts(lemma, source):
                for term, weight in bridge().translate(piece, source, target).items():
                    found[term] = max(found.get(term, 0.0), trust * weight)
            for term, weight in whole.items():
                found[term] = max(found.get(term, 0.0), weight)
        return {term: weight for term, weight in found.items() if not terms.is_stopword(term, target)}


def analyse(query: str, languages: Sequence[str], most: int) -> list[QueryWord]:
    """The distinct words of `query`, at most `most`: its telling ones, or all where it has none.

    `languages`: those it may be in, likeliest first.
    """
    tokens = words(query)
    readings = {language: terms.analyse(query, language, any_case=True) for language in languages}
    acronyms = {fold(word) for word in tokens if sum(letter.isupper() for letter in word) > 1}
    addressed = {fold(word) for token in query.split() if is_address(token) for word in words(token)}
    distinct: dict[str, QueryWord] = {}
    for reading in zip(*readings.values(), strict=True):
        surface, text = reading[0].surface, " ".join(tokens[reading[0].first : reading[0].last])
        lemmas = tuple((language, term.lemma) for language, term in zip(readings, reading, strict=True))
        kind = _kind(surface, languages, name=surface in acronyms | addressed)
        distinct.setdefault(surface, QueryWord(text, surface, lemmas, kind))
    telling = [word for word in distinct.values() if word.telling]
    return (telling or list(distinct.values()))[:most]


def _kind(surface: str, languages: Sequence[str], *, name: bool) -> Kind:
    if any(terms.is_stopword(surface, language) for language in languages):
        return Kind.STOPWORD
    if name or surface.startswith("@") or any(letter.isdigit() for letter in surface):
        return Kind.NAME
    if len(surface) <= LITTLE_LETTERS and any(terms.is_known(surface, language) for language in languages):
        return Kind.LITTLE
    return Kind.ORDINARY
