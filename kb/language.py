"""Which language a text is in, and when not to be sure.

langdetect is exact on whole sentences and unreliable on two words ("volunteer motivation" ->
fi). So its candidates are limited to the languages expected, it is seeded, and for queries the
lemma dictionaries have a say: a word that only the Latvian dictionary knows is Latvian.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb import places, terms
from kb.text import is_address, words

FLOOR = 0.02
"""Probability given to a language that langdetect leaves out (it reports those above 0.1)."""

KNOWN_WORD = 32.0
"""Factor on a language's odds when its dictionary knows all words of the query, over none of them."""

ENOUGH_LETTERS = 25
"""In a shorter query langdetect counts less in proportion: it takes "park" for Latvian and is sure."""

CERTAIN = 0.9
"""A query's language is certain from this probability on (docs/decisions/query-language.md)."""

PLAUSIBLE = 0.08
"""Below this probability a language is not considered for a query."""


@lru_cache(maxsize=4)
def _detectors(languages: tuple[str, ...] | None) -> Any:
    """A langdetect factory for `languages`, or for all it knows."""
    from langdetect.detector_factory import DetectorFactory

    folder = files("langdetect") / "profiles"
    names = sorted(languages or [entry.name for entry in folder.iterdir()])
    profiles = [(folder / name).read_text("utf-8") for name in names if (folder / name).is_file()]
    factory = DetectorFactory()
    factory.seed = 0  # langdetect samples at random; a document must get the same language every time
    factory.load_json_profile(profiles)
    return factory


def probabilities(text: str, languages: Sequence[str] | None) -> dict[str, float]:
    """Probability of each of `languages` (None: of the 55 that langdetect knows) for `text`.

    Empty where the text has no letters to go by.
    """
    from langdetect.lang_detect_exception import LangDetectException

    if languages and len(languages) == 1:
        return {languages[0]: 1.0}
    factory = _detectors(tuple(languages) if languages else None)
    detector = factory.create()
    detector.append(text[:2000])
    try:
        return {found.lang: float(found.prob) for found in detector.get_probabilities()}
    except LangDetectException:
        return {}


def query_languages(query: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The language of a query, likeliest first: one code when certain, several when not.

    `languages` are those the knowledge base holds, or the default ones. An empty tuple means
    that the query has no words.
    """
    prose = " ".join(token for token in query.split() if not is_address(token))  # an address is of no language
    tokens = words(prose) or words(query)
    if not tokens:
        return ()
    telling = _without_places(tokens) or tokens
    text = " ".join(telling)
    detected = probabilities(text, languages)
    trust = min(1.0, len(text) / ENOUGH_LETTERS)
    odds = {
        language: max(detected.get(language, 0.0), FLOOR) ** trust * KNOWN_WORD ** _known(telling, language)
        for language in languages
    }
    return _plausible(odds)


def _without_places(tokens: Sequence[str]) -> list[str]:
    """`tokens` without names of places, which say where, not in which language."""
    named = {at for found in places.find(tokens, any_case=True) for at in range(found.first, found.last)}
    return [token for at, token in enumerate(tokens) if at not in named]


def _known(tokens: Sequence[str], language: str) -> float:
    """Share of `tokens` that the dictionary of `language` holds, in [0, 1]."""
    return sum(terms.is_known(token, language) for token in tokens) / len(tokens)


def _plausible(odds: Mapping[str, float]) -> tuple[str, ...]:
    total = sum(odds.values())
    ranked = sorted(odds, key=lambda language: -odds[language])
    if odds[ranked[0]] / total >= CERTAIN:
        return (ranked[0],)
    return tuple(language for language in ranked if odds[language] / total >= PLAUSIBLE)
