"""Lexical terms: one tokeniser for indexing and querying.

A term is a word's dictionary form ("wolontariuszy" -> "wolontariusz") without diacritics, or a
place ("Toruniu", "Toruņā" -> "@torun"), which is the same term in every language.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb import compounds, places
from kb.config import HOMES
from kb.text import fold, in_context, words
from kb.types import DraftPassage

VERSION = "terms-3"
"""What stored terms were made with; raised whenever the same text gives other terms."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word or place of a text: its lemma in the text's language and its surface form, both folded.

    `parts` are the lemmas that a German compound is made of; `words[first:last]` of the text are meant.
    """

    lemma: str
    surface: str
    first: int
    last: int
    parts: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _strategy() -> tuple[Any, Any]:
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy
    from simplemma.strategies.dictionaries import TrieDictionaryFactory

    # A trie from the disk cache opens in 1 ms; unpacking simplemma's Polish dictionary takes 3 s.
    dictionaries = TrieDictionaryFactory()
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=dictionaries)), dictionaries


@lru_cache(maxsize=1)
def lemmatised_languages() -> frozenset[str]:
    """ISO 639-1 codes of the languages that have a lemma dictionary."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES)


def prepare(languages: Sequence[str]) -> None:
    """Build the dictionaries' disk cache where it is missing: seconds a language, once a machine."""
    for language in languages:
        is_known("a", language)


@lru_cache(maxsize=65_536)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary of `language` holds `word` as written, in lower case or with a capital."""
    if language not in lemmatised_languages():
        return False
    dictionary = _strategy()[1].get_dictionary(language)
    return any(form in dictionary for form in (word, word.lower(), word.capitalize()))


@lru_cache(maxsize=262_144)
def dictionary_form(word: str, language: str) -> str:
    """The dictionary form of `word` in lower case; the word itself, in lower case, where none is known."""
    if language not in lemmatised_languages() or not word.isalpha():
        return word.lower()
    return str(_strategy()[0].lemmatize(word, lang=language)).lower()


@lru_cache(maxsize=262_144)
def lemma(word: str, language: str) -> str:
    """The folded dictionary form of `word`; the folded word itself where none is known."""
    return fold(dictionary_form(word, language))


def analyse(text: str, language: str, *, any_case: bool = False) -> list[Term]:
    """The terms of `text` in order. `any_case`: see `places.find`."""
    tokens = words(text)
    found: list[Term] = []
    position = 0
    for mention in places.find(tokens, any_case=any_case):
        found += [_term(tokens[at], language, at) for at in range(position, mention.first)]
        term = _place_term(mention.place.id)
        found.append(Term(term, term, mention.first, mention.last))
        position = mention.last
    return found + [_term(tokens[at], language, at) for at in range(position, len(tokens))]


def of_passage(title: str, text: str, passage: DraftPassage, about: Iterable[str] = ()) -> list[Term]:
    """The terms by which a passage of a document with this title and whole text is found: its own, those of its
    context, the places (gazetteer ids) that the document is `about`, and the country of its language."""
    body = text[passage.span.start : passage.span.end]
    found = analyse(in_context(title, passage.place.heading, body), passage.language)
    home = HOMES.get(passage.language)
    places_of = dict.fromkeys(_place_term(place) for place in [*about, *([home] if home else [])])
    mentioned = {term.surface for term in found}
    return found + [Term(place, place, 0, 0) for place in places_of if place not in mentioned]


def _place_term(place: str) -> str:
    return f"@{place.lower().replace('-', '')}"


@lru_cache(maxsize=1)
def _stopwords() -> dict[str, frozenset[str]]:
    with (files("kb.data") / "stopwords.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["language"]: frozenset(fold(word) for word in row["words"].split()) for row in rows}


def is_stopword(surface: str, language: str) -> bool:
    """Whether the folded word is a question or function word, which says nothing about a topic.

    Inverse document frequency would tell in a large knowledge base; in one of a dozen documents
    "how" is rare.
    """
    return surface in _stopwords().get(language, frozenset())


def _term(token: str, language: str, at: int) -> Term:
    found, surface, parts = _forms(token, language)
    return Term(found, surface, at, at + 1, parts)


@lru_cache(maxsize=262_144)
def _forms(token: str, language: str) -> tuple[str, str, tuple[str, ...]]:
    found = lemma(token, language)
    return found, fold(token), compounds.parts(found, language)
