"""German compounds are found by their parts."""

import pytest

from kb import KnowledgeBase, compounds, terms
from tests.kb.drafts import add


def parts(word: str, language: str = "de") -> tuple[str, ...]:
    """Parts of a word as people write it."""
    return compounds.parts(terms.lemma(word, language), language)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Freiwilligenarbeit", ("freiwillige", "arbeit")),
        ("Nachbarschaftshilfe", ("nachbarschaft", "hilfe")),
        ("Stadtbibliothek", ("stadt", "bibliothek")),
        ("Ehrenamtskarte", ("ehrenamt", "karte")),
        ("Jugendarbeit", ("jugend", "arbeit")),
        ("Gartenfest", ("garten", "fest")),
        ("Sprachkurse", ("sprache", "kurs")),
        ("Gemeinschaftsgarten", ("gemeinschaft", "garten")),
    ],
)
def test_a_compound_has_its_parts(word: str, expected: tuple[str, ...]) -> None:
    assert set(expected) <= set(parts(word))


@pytest.mark.parametrize("word", ["freiwilligenarbeit", "FREIWILLIGENARBEIT"])
def test_case_does_not_matter(word: str) -> None:
    assert parts(word) == parts("Freiwilligenarbeit")


def test_an_inflected_compound_has_the_same_parts() -> None:
    assert parts("Nachbarschaftshilfen") == parts("Nachbarschaftshilfe")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Freiwilligenkoordinationsstelle", {"freiwillige", "koordination", "stelle"}),
        ("Stadtteilfest", {"stadtteil", "fest"}),
    ],
)
def test_a_compound_of_three_words_has_the_known_ones(word: str, expected: set[str]) -> None:
    assert expected <= set(parts(word))


@pytest.mark.parametrize(
    "word",
    [
        *("Bibliothek", "Garten", "Kinder", "Universität", "Verantwortung", "Wasser", "Gesellschaft", "Sommer"),
        *("Unterstützung", "Versicherung", "Geschichte", "Information", "Motivation", "Veranstaltung", "Mitglied"),
        *("helfen", "freiwillig", "gemeinsam", "Haus", "und", "a", ""),
        *("THW", "2011", "@torun", "ISO22319", "xqzvwkjxqzvwkj"),
    ],
)
def test_a_word_that_is_no_compound_stays_whole(word: str) -> None:
    assert compounds.parts(terms.lemma(word, "de"), "de") == ()


@pytest.mark.parametrize("language", ["en", "pl", "lv", "lt", "fr"])
@pytest.mark.parametrize("word", ["Freiwilligenarbeit", "Nachbarschaftshilfe", "neighbourhood", "housework"])
def test_words_of_other_languages_stay_whole(word: str, language: str) -> None:
    assert parts(word, language) == ()


def test_the_compound_itself_stays_a_term_beside_its_parts() -> None:
    (term,) = terms.analyse("Freiwilligenarbeit", "de")
    assert (term.lemma, term.surface) == ("freiwilligenarbeit", "freiwilligenarbeit")
    assert {"freiwillige", "arbeit"} <= set(term.parts)


# --- in a knowledge base


@pytest.fixture
def towns(kb: KnowledgeBase) -> KnowledgeBase:
    """One German document with a compound among others that lack its parts."""
    add(kb, "/hilfe", "Die Nachbarschaftshilfe kauft für Kranke ein.", "de")
    add(kb, "/museum", "Das Museum zeigt alte Münzen und Waffen.", "de")
    add(kb, "/fluss", "Im Sommer baden viele im Fluss.", "de")
    return kb


def lexical(kb: KnowledgeBase, query: str) -> dict[str, float]:
    """Lexical scores above 0 by path, in the order of the hits."""
    return {hit.document.path: hit.lexical for hit in kb.search(query) if hit.lexical > 0}


@pytest.mark.parametrize(
    "query",
    [
        *("Nachbarschaft", "Hilfe", "wer bietet Hilfe an", "Hilfe in der Nachbarschaft", "Nachbarschaftshilfe"),
        *("help in the neighbourhood", "neighbourhood help", "pomoc w sąsiedztwie", "palīdzība", "kaimynų pagalba"),
    ],
)
def test_a_compound_is_found_by_its_parts_in_any_language(towns: KnowledgeBase, query: str) -> None:
    assert list(lexical(towns, query)) == ["/hilfe"]


def test_the_whole_compound_counts_more_than_a_part_of_it(towns: KnowledgeBase) -> None:
    add(towns, "/teil", "Die Nachbarschaft feiert ein großes Fest im Juni.", "de")
    found = lexical(towns, "Nachbarschaftshilfe")
    assert set(found) == {"/hilfe", "/teil"}
    assert found["/hilfe"] > found["/teil"]


def test_a_query_with_a_compound_finds_its_parts_in_other_languages(kb: KnowledgeBase) -> None:
    texts = {
        "en": ("Volunteers like their work.", "The harbour freezes in winter."),
        "pl": ("Wolontariusze lubią swoją pracę.", "Zimą port zamarza."),
        "lv": ("Brīvprātīgajiem patīk viņu darbs.", "Ziemā osta aizsalst."),
        "lt": ("Savanoriai mėgsta savo darbą.", "Žiemą uostas užšąla."),
    }
    for language, (right, wrong) in texts.items():
        add(kb, f"/{language}", right, language)
        add(kb, f"/{language}/other", wrong, language)
    assert set(lexical(kb, "Freiwilligenarbeit")) == {f"/{language}" for language in texts}


def test_a_word_is_not_found_by_a_piece_of_it_that_means_something_else(kb: KnowledgeBase) -> None:
    """Voluntary ("freiwillig") is not free ("frei"), and a society is no journeyman ("Geselle")."""
    add(kb, "/freiwillig", "Sie helfen freiwillig in der Gesellschaft.", "de")
    add(kb, "/frei", "Der Eintritt ist frei.", "de")
    add(kb, "/geselle", "Der Geselle baut einen Stuhl.", "de")
    assert list(lexical(kb, "free entry")) == ["/frei"]
    assert list(lexical(kb, "Gesellen")) == ["/geselle"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Die Fahrradwerkstatt öffnet am Montag.", "Werkstatt"),
        ("Die Fahrradwerkstatt öffnet am Montag.", "bicycle workshop in town"),
        ("Über den Bürgerhaushalt stimmen alle ab.", "Haushalt"),
        ("Über den Bürgerhaushalt stimmen alle ab.", "how residents decide on the budget"),
        ("Der Krankenhausbesuchsdienst liest vor.", "visitors of patients in the hospital"),
    ],
)
def test_a_part_that_is_itself_a_compound_is_found(kb: KnowledgeBase, text: str, query: str) -> None:
    add(kb, "/right", text, "de")
    add(kb, "/other", "Im Sommer baden viele im Fluss.", "de")
    assert list(lexical(kb, query)) == ["/right"]
