"""What each word of a query is looked up as, in every language of the knowledge base."""

import unicodedata

import pytest

from kb import terms
from kb.config import LANGUAGES
from kb.query_terms import PART, SURFACE, Kind, QueryWord, analyse


def one(query: str, *languages: str) -> QueryWord:
    """The only word of `query`."""
    (word,) = analyse(query, languages or ("en",), 64)
    return word


def surfaces(query: str, *languages: str) -> list[str]:
    """The words of `query` that are looked up, folded."""
    return [word.surface for word in analyse(query, languages or ("en",), 64)]


def sought(word: QueryWord, language: str) -> dict[tuple[str, str], float]:
    found = word.sought(language)
    assert len({(one.column, one.term) for one in found}) == len(found)  # each term once
    return {(one.column, one.term): one.weight for one in found}


# --- names


@pytest.mark.parametrize("name", ["THW", "NNW", "22319", "EStG", "40/212", "VIII-800", "Toruń", "Zielona Góra", "G7"])
@pytest.mark.parametrize("asked_in", LANGUAGES)
def test_a_name_is_the_same_in_every_language(name: str, asked_in: str) -> None:
    for word in analyse(name, (asked_in,), 64):
        assert word.kind is Kind.NAME
        for language in LANGUAGES:
            ((_, term),) = sought(word, language)
            assert term == word.surface
            assert set(sought(word, language).values()) == {1.0}


@pytest.mark.parametrize("name", ["Toruniu", "Toruņā", "Torunėje", "Thorn"])
def test_a_place_is_one_term_in_any_inflection(name: str) -> None:
    assert {term for language in LANGUAGES for _, term in sought(one(name, "en", "pl"), language)} == {"@torun"}


@pytest.mark.parametrize("name", ["Youthpass", "Wikimedia", "Zvaigznītes"])
def test_a_name_in_ordinary_letters_is_looked_up_as_written_everywhere(name: str) -> None:
    word = one(name, "en")
    for language in ("pl", "de", "lv", "lt"):
        assert ("surfaces", word.surface) in sought(word, language)


# --- ordinary words


@pytest.mark.parametrize(
    ("query", "asked_in", "language", "expected"),
    [
        ("volunteers", "en", "pl", "wolontariusz"),
        ("volunteers", "en", "lt", "savanoris"),
        ("wolontariuszom", "pl", "en", "volunteer"),
        ("savanoriams", "lt", "lv", "brivpratigais"),
        ("Kindern", "de", "pl", "dziecko"),
        ("bērniem", "lv", "de", "kind"),
    ],
)
def test_an_ordinary_word_is_looked_up_by_its_translation(
    query: str, asked_in: str, language: str, expected: str
) -> None:
    word = one(query, asked_in)
    assert word.kind is Kind.ORDINARY
    found = sought(word, language)
    assert max(found, key=lambda key: found[key]) == ("lemmas", expected)
    assert found["surfaces", word.surface] == SURFACE  # it may be a name
    assert all(0 < weight <= 1 for weight in found.values())


@pytest.mark.parametrize(
    ("query", "language", "lemma"),
    [("volunteers", "en", "volunteer"), ("wolontariuszy", "pl", "wolontariusz"), ("savanoriams", "lt", "savanoris")],
)
def test_in_its_own_language_the_lemma_counts_whole_and_the_form_a_little(
    query: str, language: str, lemma: str
) -> None:
    assert sought(one(query, language), language) == {
        ("lemmas", lemma): 1.0,
        ("surfaces", terms.fold(query)): SURFACE,
    }


def test_a_word_in_dictionary_form_is_looked_up_once() -> None:
    assert sought(one("library", "en"), "en") == {("lemmas", "library"): 1.0}


def test_a_word_nobody_knows_is_looked_up_as_written_and_counts_whole() -> None:
    for language in ("pl", "de", "lv", "lt", "fr"):
        assert sought(one("xqzvwkj", "en"), language) == {("surfaces", "xqzvwkj"): 1.0}


def test_a_german_compound_is_looked_up_with_its_parts() -> None:
    found = sought(one("Freiwilligenarbeit", "de"), "de")
    assert found["lemmas", "freiwilligenarbeit"] == 1.0
    assert found["lemmas", "freiwillige"] == found["lemmas", "arbeit"] == PART


def test_a_compound_without_a_translation_is_translated_by_its_parts_which_count_less() -> None:
    found = sought(one("Freiwilligenarbeit", "de"), "en")
    assert {term for column, term in found if column == "lemmas"} >= {"volunteer", "work"}
    assert all(weight <= PART for weight in found.values())


# --- words that say nothing


@pytest.mark.parametrize(
    ("query", "language", "left"),
    [
        ("how do cities thank volunteers", "en", ["cities", "thank", "volunteers"]),
        ("jak miasta motywują wolontariuszy", "pl", ["miasta", "motywuja", "wolontariuszy"]),
        ("Wie danken Städte den Freiwilligen?", "de", ["danken", "stadte", "freiwilligen"]),
        ("kā pilsētas motivē brīvprātīgos", "lv", ["pilsetas", "motive", "brivpratigos"]),
        ("kaip miestai skatina savanorius", "lt", ["miestai", "skatina", "savanorius"]),
    ],
)
def test_question_words_are_not_looked_up_beside_others(query: str, language: str, left: list[str]) -> None:
    assert surfaces(query, language) == left


@pytest.mark.parametrize(("query", "language"), [("how", "en"), ("who is it", "en"), ("jak", "pl"), ("kaip", "lt")])
def test_a_query_of_question_words_only_keeps_them_in_its_own_language(query: str, language: str) -> None:
    found = analyse(query, (language,), 64)
    assert found
    for word in found:
        assert not word.telling
        assert word.sought(language)
        assert all(word.sought(other) == () for other in LANGUAGES if other != language)


@pytest.mark.parametrize(("query", "language"), [("go", "en"), ("bus", "en"), ("rok", "pl"), ("oma", "de")])
def test_a_little_word_stays_in_its_language(query: str, language: str) -> None:
    word = one(query, language)
    assert word.kind is Kind.LITTLE and word.telling
    assert word.sought(language)
    assert all(("surfaces", query) not in sought(word, other) for other in LANGUAGES if other != language)


@pytest.mark.parametrize(
    ("query", "asked_in", "language", "expected"),
    [
        ("law", "en", "pl", "prawo"),
        ("tax", "en", "lt", "mokestis"),
        ("bus", "en", "lv", "autobuss"),
        ("rok", "pl", "en", "year"),
    ],
)
def test_a_little_word_is_translated(query: str, asked_in: str, language: str, expected: str) -> None:
    assert ("lemmas", expected) in sought(one(query, asked_in), language)


def test_a_word_is_known_in_its_own_language_and_where_it_has_a_translation() -> None:
    assert all(one("volunteers", "en").is_known(language) for language in LANGUAGES)
    assert all(one("THW", "lv").is_known(language) for language in LANGUAGES)
    unknown = one("xqzvwkj", "en")
    assert [language for language in LANGUAGES if unknown.is_known(language)] == ["en"]


@pytest.mark.parametrize("query", ["EU", "THW", "eStG", "USA"])
def test_an_acronym_is_no_little_word(query: str) -> None:
    assert one(query, "en").kind is Kind.NAME


# --- unsure languages


def test_a_word_that_two_languages_share_is_read_in_both() -> None:
    word = one("biblioteka", "pl", "lt")
    assert sought(word, "pl")["lemmas", "biblioteka"] == 1.0
    assert sought(word, "lt")["lemmas", "biblioteka"] == 1.0
    assert ("lemmas", "library") in sought(word, "en")


def test_a_word_of_two_meanings_is_looked_up_as_both() -> None:
    """German "Rat" is advice and a council, English "gift" is poison in German."""
    found = sought(one("gift", "en", "de"), "pl")
    assert ("lemmas", "prezent") in found or ("lemmas", "podarunek") in found
    assert ("lemmas", "trucizna") in found


def test_a_stop_word_of_any_likely_language_is_one() -> None:
    assert surfaces("die Karte", "de", "en") == ["karte"]
    assert surfaces("was Karte", "de", "en") == ["karte"]


def test_the_own_reading_comes_before_a_translation() -> None:
    for language in ("en", "de"):
        found = sought(one("gift", "en", "de"), language)
        assert max(found, key=lambda key: found[key]) == ("lemmas", "gift")
        assert found["lemmas", "gift"] == 1.0


# --- the words of a query


def test_a_word_typed_twice_is_looked_up_once() -> None:
    assert surfaces("tulips Tulips TULIPS tulips and walnuts") == ["tulips", "walnuts"]


def test_at_most_so_many_words_are_looked_up() -> None:
    query = " ".join(f"word{number}" for number in range(100))
    assert len(analyse(query, ("en",), 64)) == 64
    assert [word.surface for word in analyse(query, ("en",), 2)] == ["word0", "word1"]


def test_a_word_is_kept_as_written() -> None:
    words = analyse("Brīvprātīgie Zielonej Górze, Straße", ("lv",), 64)
    assert [word.text for word in words] == ["Brīvprātīgie", "Zielonej Górze", "Straße"]
    assert [word.surface for word in words] == ["brivpratigie", "@zielonagora", "strasse"]


@pytest.mark.parametrize("query", ["brīvprātīgos", "wolontariusz w Łodzi", "Übungsleiter", "žmonės"])
def test_letters_in_two_code_points_are_the_same_word(query: str) -> None:
    decomposed = unicodedata.normalize("NFD", query)
    assert analyse(decomposed, ("lv", "de"), 64) == analyse(query, ("lv", "de"), 64)


@pytest.mark.parametrize("query", ["", " ", "?!", "😀"])
def test_a_query_without_words_has_none(query: str) -> None:
    assert analyse(query, ("en", "de"), 64) == []


# --- stems


def test_a_stem_is_looked_up_in_the_querys_language_only() -> None:
    word = one("motivate", "en")
    stem = word.stem("en")
    assert stem is not None and "motivation".startswith(stem) and not "motif".startswith(stem)
    assert all(word.stem(language) is None for language in ("pl", "de", "lv", "lt"))


@pytest.mark.parametrize("query", ["tulip", "EStG2011", "how", "Toruń", "go"])
def test_short_words_names_and_stop_words_have_no_stem(query: str) -> None:
    assert one(query, "en").stem("en") is None


@pytest.mark.parametrize(
    ("query", "meaning"),
    [("volunteers", "freiwilliger"), ("school", "schule"), ("garden", "garten"), ("hospital", "krankenhaus")],
)
def test_an_unsure_language_does_not_keep_a_word_from_being_translated(query: str, meaning: str) -> None:
    """In the German passages too, although the query may be German: "help volunteers" looks like both."""
    assert ("lemmas", meaning) in sought(one(query, "en", "de"), "de")
