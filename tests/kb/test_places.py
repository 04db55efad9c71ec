"""Places by name, in any inflection of the five languages."""

import unicodedata

import pytest

from kb import places
from kb.text import words


def found(text: str, *, any_case: bool = False) -> list[str]:
    return [mention.place.id for mention in places.find(words(text), any_case=any_case)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Konferencja odbyła się w Toruniu.", "torun"),
        ("Toruņā notika konference.", "torun"),
        ("Konferencija vyko Torunėje.", "torun"),
        ("Die Stadt Toruń lädt ein.", "torun"),
        ("The city of Torun invites.", "torun"),
        ("Wizyta w Rydze.", "riga"),
        ("Vizīte Rīgā.", "riga"),
        ("Vizitas Rygoje.", "riga"),
        ("Wycieczka do Kowna.", "kaunas"),
        ("Brauciens uz Kauņu.", "kaunas"),
        ("Kelionė į Vokietiją.", "DE"),
        ("Podróż do Niemiec.", "DE"),
        ("Ceļojums uz Vāciju.", "DE"),
    ],
)
def test_a_place_is_found_in_any_inflection(text: str, place: str) -> None:
    assert found(text) == [place]


@pytest.mark.parametrize("text", ["Bērni spēlējas.", "Wir essen um zwölf.", "Die Jugend half.", "The reading room."])
def test_ordinary_words_are_no_places(text: str) -> None:
    assert found(text) == []


def test_a_name_that_is_an_ordinary_word_counts_after_a_word_that_says_place() -> None:
    assert found("Das Essen in Essen war gut.") == ["essen"]


def test_the_longest_name_wins() -> None:
    assert found("Frankfurt an der Oder") == ["frankfurt-oder"]
    assert found("Frankfurt") == ["frankfurt-am-main"]


def test_several_places_are_found_in_order() -> None:
    assert found("Z Torunia do Wilna, potem Rīga i Berlin.")[0] == "torun"
    assert found("Torun, Riga, Kaunas and Berlin") == ["torun", "riga", "kaunas", "berlin"]


def test_a_query_needs_no_capitals_and_no_diacritics() -> None:
    assert found("wolontariat torun", any_case=True) == ["torun"]
    assert found("brivpratigie riga", any_case=True) == ["riga"]


def test_a_text_without_words_has_no_places() -> None:
    assert found("… 😀") == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Toruń", "torun"),
        ("torun", "torun"),
        ("TORUŃ", "torun"),
        ("Toruņa", "torun"),
        ("Toruniu", "torun"),
        ("Ryga", "riga"),
        ("Rīga", "riga"),
        ("Kowno", "kaunas"),
        ("Zielona Góra", "zielona-gora"),
        ("zielona gora", "zielona-gora"),
        ("Poland", "PL"),
        ("polska", "PL"),
        ("Łotwa", "LV"),
        ("PL", "PL"),
        ("lt", "LT"),
        ("  Toruń  ", "torun"),
    ],
)
def test_a_place_typed_by_a_person_is_understood(typed: str, place: str) -> None:
    assert places.resolve(typed) == place


def test_a_place_typed_with_letters_in_two_code_points_is_understood() -> None:
    assert places.resolve(unicodedata.normalize("NFD", "Toruń")) == "torun"


@pytest.mark.parametrize("typed", ["Entenhausen", "", "🏙"])
def test_an_unknown_place_stays_as_typed(typed: str) -> None:
    assert places.resolve(typed) == typed


def test_a_place_has_its_name_in_every_language() -> None:
    torun = places.by_id()["torun"]
    names = [torun.name(language) for language in ("en", "de", "pl", "lv", "lt")]
    assert names == ["Toruń", "Thorn", "Toruń", "Toruņa", "Torunė"]


def test_a_language_without_a_name_gets_the_english_one() -> None:
    assert places.by_id()["riga"].name("fr") == "Riga"
