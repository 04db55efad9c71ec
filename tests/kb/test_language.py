"""The language of a query, and when not to be sure."""

import pytest

from kb.config import LANGUAGES
from kb.language import probabilities, query_languages


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("How do cities motivate volunteers?", "en"),
        ("Jak miasta motywują wolontariuszy?", "pl"),
        ("Wie motivieren Städte ihre Freiwilligen?", "de"),
        ("Kā pilsētas motivē brīvprātīgos?", "lv"),
        ("Kaip miestai motyvuoja savanorius?", "lt"),
        ("ubezpieczenie wolontariuszy", "pl"),
        ("Versicherung für Ehrenamtliche", "de"),
        ("brīvprātīgo apdrošināšana", "lv"),
        ("savanorių draudimas", "lt"),
        ("volunteer insurance", "en"),
    ],
)
def test_the_language_of_a_question_or_two_keywords_is_certain(query: str, language: str) -> None:
    assert query_languages(query, LANGUAGES) == (language,)


@pytest.mark.parametrize("query", ["2026", "40 212", "112"])
def test_a_number_may_be_in_any_language(query: str) -> None:
    assert set(query_languages(query, LANGUAGES)) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("query", "two"),
    [("biblioteka", {"pl", "lt"}), ("park", {"en", "pl", "de"}), ("hotel", {"en", "pl", "de"})],
)
def test_a_word_that_languages_share_leaves_the_language_open(query: str, two: set[str]) -> None:
    assert two <= set(query_languages(query, LANGUAGES))


@pytest.mark.parametrize("query", ["", " ", "😀🎉", "?!", "\0"])
def test_a_query_without_words_has_no_language(query: str) -> None:
    assert query_languages(query, LANGUAGES) == ()


@pytest.mark.parametrize("query", ["How do cities motivate volunteers?", "Jak miasta motywują wolontariuszy?", "THW"])
def test_a_query_gets_the_only_language_there_is(query: str) -> None:
    assert query_languages(query, ("de",)) == ("de",)


def test_the_likeliest_language_comes_first() -> None:
    assert query_languages("wolontariat", LANGUAGES)[0] == "pl"


def test_a_sixth_language_of_the_knowledge_base_is_recognised() -> None:
    assert query_languages("Comment les villes remercient-elles les bénévoles ?", (*LANGUAGES, "fr")) == ("fr",)


def test_the_same_query_always_gets_the_same_languages() -> None:
    first = query_languages("sport info", LANGUAGES)
    assert all(query_languages("sport info", LANGUAGES) == first for _ in range(20))


@pytest.mark.parametrize("text", ["", "12345", "😀"])
def test_a_text_without_letters_has_no_probable_language(text: str) -> None:
    assert probabilities(text, LANGUAGES) == {}


def test_without_a_list_of_languages_any_is_recognised() -> None:
    found = probabilities("Les villes remercient les bénévoles avec une fête chaque année.", None)
    assert max(found, key=lambda language: found[language]) == "fr"
