"""Words, folding and sentences."""

import unicodedata
from itertools import pairwise

import pytest

from kb.text import fold, sentence_spans, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Toruņā", "toruna"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Žemaičių", "zemaiciu"),
        ("Gdańsk", "gdansk"),
        ("brīvprātīgie", "brivpratigie"),
        ("THW", "thw"),
    ],
)
def test_folding_drops_case_and_diacritics(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("written", ["Toruņā", "Łódź", "Šiauliai", "Köln", "ėįšųūž"])
def test_letters_in_two_code_points_fold_like_letters_in_one(written: str) -> None:
    assert fold(unicodedata.normalize("NFD", written)) == fold(written)


@pytest.mark.parametrize("written", ["Toruņā", "pašvaldība", "Köln", "savivaldybė", "mieście"])
def test_a_word_with_letters_in_two_code_points_is_one_word(written: str) -> None:
    """As a Mac's file names and some PDF files spell it."""
    assert len(words(unicodedata.normalize("NFD", written))) == 1


def test_words_are_runs_of_letters_and_digits_in_order() -> None:
    assert words("Dz.U. 2003: brivpratigie.lv, e-mail & 40/212 – koniec!") == [
        *("Dz", "U", "2003", "brivpratigie", "lv", "e", "mail", "40", "212", "koniec")
    ]


@pytest.mark.parametrize("text", ["", "   ", "😀 🎉", "— … !?", "_", "\0"])
def test_a_text_without_letters_and_digits_has_no_words(text: str) -> None:
    assert words(text) == []


def sentences(text: str, language: str | None) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Volunteers water the trees.", "The city lends them cans."),
        ("pl", "Wolontariusze podlewają drzewa.", "Miasto pożycza im konewki."),
        ("de", "Freiwillige gießen die Bäume.", "Die Stadt leiht ihnen Kannen."),
        ("lv", "Brīvprātīgie laista kokus.", "Pilsēta viņiem aizdod kannas."),
        ("lt", "Savanoriai laisto medžius.", "Miestas jiems skolina laistytuvus."),
    ],
)
def test_two_sentences_are_found_in_each_language(language: str, first: str, second: str) -> None:
    assert sentences(f"{first} {second}", language) == [first, second]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Die Pauschale nach § 3 Nr. 26 EStG ist steuerfrei."),
        ("pl", "Koszty podróży opisuje art. 45 ustawy."),
        ("pl", "Ustawę ogłoszono w Dz.U. 2003 nr 96."),
        ("lt", "Tvarką nustato įsakymas Nr. 5 ir jo priedai."),
        ("lv", "To nosaka noteikumi Nr. 762 par apdrošināšanu."),
        ("en", "The rule stands in No. 40 of the collection."),
    ],
)
def test_an_abbreviation_before_a_number_does_not_end_a_sentence(language: str, sentence: str) -> None:
    assert sentences(sentence, language) == [sentence]


def test_a_polish_year_at_the_beginning_is_not_a_sentence_of_its_own() -> None:
    text = "W 2016 r. Miasto otworzyło pierwszą świetlicę. Potem powstały trzy następne."
    assert sentences(text, "pl") == ["W 2016 r. Miasto otworzyło pierwszą świetlicę.", "Potem powstały trzy następne."]


def test_a_new_paragraph_always_begins_a_sentence() -> None:
    text = "Lists end with etc.\n\n12 chairs stand in the hall."
    assert sentences(text, "en")[-1] == "12 chairs stand in the hall."


@pytest.mark.parametrize("language", ["en", "xx", None])
def test_sentences_of_an_unknown_language_are_found_by_general_rules(language: str | None) -> None:
    assert sentences("One ends. Another begins.", language) == ["One ends.", "Another begins."]


def test_no_word_is_lost_and_spans_never_overlap() -> None:
    text = "Erster Satz!  Zweiter Satz?\n\n- ein Punkt\n- noch einer\nNr. 5 gilt. „Zitat.“ Ende 😀."
    spans = sentence_spans(text, "de")
    assert [word for start, end in spans for word in words(text[start:end])] == words(text)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_text_has_no_sentence_with_words(text: str) -> None:
    assert all(not words(sentence) for sentence in sentences(text, "en"))
