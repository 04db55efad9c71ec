"""The inflected forms of a lemma, read off the lemma dictionaries backwards."""

from functools import lru_cache
from typing import Any

from kb.text import fold

Forms = dict[str, list[str]]


@lru_cache(maxsize=4)
def forms(language: str) -> Forms:
    """By dictionary form, every form that the dictionary of `language` leads to it."""
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    found: Forms = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
        found.setdefault(_text(lemma), []).append(_text(form))
    return found


@lru_cache(maxsize=4)
def by_folded(language: str) -> dict[str, list[str]]:
    """By folded dictionary form, its spellings: the bridge's terms are folded."""
    found: dict[str, list[str]] = {}
    for lemma in forms(language):
        found.setdefault(fold(lemma), []).append(lemma)
    return found


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
