"""Terms: dictionary forms, folded, and places that are one term in every language."""

import pytest

from kb import terms


def lemmas(text: str, language: str, *, any_case: bool = False) -> list[str]:
    return [term.lemma for term in terms.analyse(text, language, any_case=any_case)]


@pytest.mark.parametrize(
    ("language", "inflected", "dictionary_form"),
    [
        ("en", "cities", "city"),
        ("pl", "wolontariuszy", "wolontariusz"),
        ("pl", "miastach", "miasto"),
        ("de", "Gemeinden", "gemeinde"),
        ("lv", "pašvaldībai", "pasvaldiba"),
        ("lt", "savivaldybėms", "savivaldybe"),
    ],
)
def test_an_inflected_word_becomes_its_dictionary_form_without_diacritics(
    language: str, inflected: str, dictionary_form: str
) -> None:
    assert lemmas(inflected, language) == [dictionary_form]


def test_the_surface_form_stays_beside_the_lemma() -> None:
    assert terms.analyse("wolontariuszy", "pl") == [terms.Term("wolontariusz", "wolontariuszy", 0, 1)]


def test_terms_stand_in_the_order_of_the_text() -> None:
    assert lemmas("Helping hands in Riga since 2011", "en") == ["help", "hand", "in", "@riga", "since", "2011"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "w Toruniu"),
        ("pl", "do Torunia"),
        ("lv", "Toruņā"),
        ("lv", "Toruņas"),
        ("lt", "Torunėje"),
        ("de", "Toruń"),
        ("en", "Torun"),
        ("de", "Thorn"),
    ],
)
def test_a_city_is_the_same_term_in_every_language_and_inflection(language: str, text: str) -> None:
    assert lemmas(text, language)[-1] == "@torun"


def test_a_place_of_several_words_is_one_term() -> None:
    assert lemmas("Frankfurt an der Oder", "de") == lemmas("Frankfurtem nad Odrą", "pl")


def test_a_query_may_write_a_city_without_a_capital() -> None:
    assert lemmas("kaunas savanoriai", "lt", any_case=True)[0] == "@kaunas"


def test_a_text_needs_the_capital() -> None:
    assert lemmas("kaunas", "lt") != ["@kaunas"]


@pytest.mark.parametrize("language", ["xx", "ja"])
def test_a_language_without_a_dictionary_keeps_its_words_folded(language: str) -> None:
    assert lemmas("Škola THW", language) == ["skola", "thw"]


@pytest.mark.parametrize(("word", "language"), [("THW", "de"), ("NNW", "pl"), ("2026", "lv"), ("22319", "en")])
def test_acronyms_and_numbers_stay_what_they_are(word: str, language: str) -> None:
    assert lemmas(word, language) == [word.lower()]


@pytest.mark.parametrize(
    ("word", "language", "elsewhere"),
    [("savanoris", "lt", "en"), ("brīvprātīgais", "lv", "pl"), ("Feuerwehr", "de", "lt"), ("wolontariusz", "pl", "de")],
)
def test_a_dictionary_knows_the_words_of_its_language_only(word: str, language: str, elsewhere: str) -> None:
    assert terms.is_known(word, language)
    assert not terms.is_known(word, elsewhere)


@pytest.mark.parametrize(
    ("word", "language"), [("how", "en"), ("jak", "pl"), ("wie", "de"), ("ka", "lv"), ("kaip", "lt")]
)
def test_question_words_are_stop_words(word: str, language: str) -> None:
    assert terms.is_stopword(word, language)


@pytest.mark.parametrize(("word", "language"), [("volunteer", "en"), ("wie", "pl"), ("savanoris", "lt")])
def test_words_with_a_meaning_are_not_stop_words(word: str, language: str) -> None:
    assert not terms.is_stopword(word, language)


def test_a_text_without_words_has_no_terms() -> None:
    assert terms.analyse("… 😀 —", "en") == []
