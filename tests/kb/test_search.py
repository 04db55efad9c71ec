"""Questions to a knowledge base of real files: what comes first, in which language, from where."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from kb import Filters, Hit, KnowledgeBase
from kb.config import LANGUAGES, Settings
from kb.encoder import Encoder
from tests.kb.drafts import add, draft, put


def where(hit: Hit) -> tuple[str, str]:
    """File name and heading (or place) of a hit."""
    return Path(hit.document.path).name, hit.passage.place.heading or hit.passage.place.label


def names(hits: Sequence[Hit]) -> list[str]:
    return [Path(hit.document.path).name for hit in hits]


# --- the right passage first, in the language of the question

FIRE = "de-en-freiwillige-feuerwehr.txt"
LAW_PL = "pl-wolontariat-prawo-ubezpieczenie.html"
CARD = "de-ehrenamtskarte-anerkennung.docx"


@pytest.mark.parametrize(
    ("question", "language", "file", "heading"),
    [
        ("Do employers have to release volunteer firefighters from work?", "en", FIRE, "Release from work"),
        ("What does a walking school bus cost?", "en", "en-walking-school-bus.md", "Costs"),
        ("What does the walking school bus do in rain and snow?", "en", "en-walking-school-bus.md", "Rain and winter"),
        ("zwrot kosztów podróży i diety", "pl", LAW_PL, "Koszty podróży, diety i szkolenia"),
        ("Kiedy porozumienie z wolontariuszem musi być na piśmie?", "pl", LAW_PL, "Porozumienie: kiedy na piśmie"),
        ("gdzie pożyczyć wiertarkę i drabinę", "pl", "pl-torun-biblioteka.md", "Wypożyczalnia narzędzi"),
        ("Wie hoch ist die Ehrenamtspauschale?", "de", CARD, "Übungsleiterpauschale und Ehrenamtspauschale"),
        ("Voraussetzungen bayerische Ehrenamtskarte Stunden", "de", CARD, "Die Ehrenamtskarte"),
        ("Haftungsausschluss vor der Reparatur", "de", "de-leipzig-reparaturcafe.md", "Haftung und Sicherheit"),
        (
            "Kad ar brīvprātīgo jāslēdz rakstveida līgums?",
            "lv",
            "lv-brivpratiga-darba-likums.docx",
            "Kad līgums jāslēdz rakstveidā",
        ),
        (
            "Ar už savanorystę gausiu papildomą balą stodamas į universitetą?",
            "lt",
            "lt-jaunimo-savanoryste.txt",
            "Sertifikatas ir papildomas balas",
        ),
    ],
)
def test_the_passage_that_answers_comes_first_in_the_language_of_the_question(
    full: KnowledgeBase, question: str, language: str, file: str, heading: str
) -> None:
    first = full.search(question)[0]
    assert where(first)[0] == file
    assert heading in where(first)[1]
    assert first.passage.language == language


@pytest.mark.parametrize(
    ("question", "file", "language"),
    [
        ("jak dziękować wolontariuszom kartki z podziękowaniem", "en-motivating-volunteers.pdf", "en"),
        ("Wie dankt eine Stadt Freiwilligen mit Karten und einem Fest?", "en-motivating-volunteers.pdf", "en"),
        ("niemiecka karta wolontariusza zniżki w muzeach i na basenach", CARD, "de"),
        (
            "What do volunteer agencies with the bagfa quality seal have to show?",
            "de-freiwilligenagentur-aufbauen.pdf",
            "de",
        ),
        ("Wahlurne für Senioren, die das Haus nicht verlassen können", "pl-budzet-obywatelski.pptx", "pl"),
        ("borrow a drill and a ladder from the library", "pl-torun-biblioteka.md", "pl"),
        ("neighbours grow tomatoes in a community garden", "pl-zielona-gora-ogrod.md", "pl"),
        ("broken toasters are repaired together", "de-leipzig-reparaturcafe.md", "de"),
        ("dzieci idą pieszo do szkoły w deszczu i śniegu", "en-walking-school-bus.md", "en"),
        ("Kinder gehen mit Erwachsenen zu Fuß zur Schule", "en-walking-school-bus.md", "en"),
    ],
)
def test_a_question_finds_the_answer_in_another_language(
    full: KnowledgeBase, question: str, file: str, language: str
) -> None:
    assert (file, language) in [(Path(h.document.path).name, h.passage.language) for h in full.search(question, 5)]


def test_one_practice_told_in_three_languages_is_found_in_all_three(full: KnowledgeBase) -> None:
    for question in ("walking school bus", "Kinder gehen zu Fuß zur Schule", "pieszy autobus do szkoły"):
        assert {
            "en-walking-school-bus.md",
            "de-leipzig-reparaturcafe.md",
            "pl-zielona-gora-ogrod.md",
        } <= set(names(full.search(question, 8))), question


def test_a_file_in_two_languages_answers_in_the_language_of_the_question(full: KnowledgeBase) -> None:
    assert full.search("Wann wurde das THW gegründet?")[0].passage.language == "de"
    assert full.search("When was the THW founded?")[0].passage.language == "en"


# --- names, acronyms, numbers, addresses, places


@pytest.mark.parametrize(
    ("query", "mentioned"),
    [
        ("brivpratigie.lv", "brivpratigie.lv"),
        ("was ist brivpratigie.lv?", "brivpratigie.lv"),
        ("co to jest brivpratigie.lv", "brivpratigie.lv"),
        ("what is brivpratigie.lv", "brivpratigie.lv"),
        ("volunteering.lt", "volunteering.lt"),
        ("THW", "THW"),
        ("czym jest THW", "THW"),
        ("kas ir THW", "THW"),
        ("kas yra THW", "THW"),
        ("NNW", "NNW"),
        ("NNW insurance", "NNW"),
        ("was bedeutet NNW", "NNW"),
        ("ISO 22319", "22319"),
        ("norma ISO 22319", "22319"),
        ("Youthpass", "Youthpass"),
        ("VIII-800", "VIII-800"),
        ("EStG", "EStG"),
        ("SGB VII", "SGB VII"),
    ],
)
def test_a_name_is_found_first_from_any_language(full: KnowledgeBase, query: str, mentioned: str) -> None:
    assert mentioned in full.search(query)[0].passage.text


@pytest.mark.parametrize("query", ["Torun", "torun", "Toruń", "w Toruniu", "Toruņā", "Torunėje", "city of Torun"])
def test_a_city_in_any_spelling_finds_all_documents_that_name_it_first(full: KnowledgeBase, query: str) -> None:
    found = set(names(full.search(query, 4)))
    assert {"pl-torun-biblioteka.md", "lv-torunas-brauciens.md"} <= found
    assert names(full.search(query, 1))[0] in {"pl-torun-biblioteka.md", "lv-torunas-brauciens.md"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Zielona Góra", "pl-zielona-gora-ogrod.md"),
        ("zielona gora", "pl-zielona-gora-ogrod.md"),
        ("volunteers in Zielona Góra", "pl-zielona-gora-ogrod.md"),
        ("Kaunas", "lt-kaunas-"),
        ("Kowno szpital", "lt-kaunas-ligonine.md"),
        ("Leipzig", "de-leipzig-"),
        ("Lipsk", "de-leipzig-"),
        ("Leipcigā", "de-leipzig-"),
    ],
)
def test_a_city_finds_a_document_of_its_own_first(full: KnowledgeBase, query: str, name: str) -> None:
    assert names(full.search(query))[0].startswith(name)


@pytest.mark.parametrize(
    "query", ["ubezpieczenie nieszczęśliwych wypadków", "brīvprātīgā darba līgums", "Übungsleiterpauschale"]
)
def test_letters_in_two_code_points_find_the_same_passages(full: KnowledgeBase, query: str) -> None:
    composed = [hit.passage.id for hit in full.search(query, 5)]
    assert [hit.passage.id for hit in full.search(unicodedata.normalize("NFD", query), 5)] == composed


@pytest.mark.parametrize("query", ["ubezpieczenie wypadkow", "brivpratiga darba ligums", "savanoriu islaidos"])
def test_a_query_without_diacritics_finds_words_with_them(full: KnowledgeBase, query: str) -> None:
    assert full.search(query)[0].lexical > 0


# --- filters


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_passages_in_the_chosen_language_are_found(full: KnowledgeBase, language: str) -> None:
    hits = full.search("volunteers in the city", 100, languages=[language])
    assert {hit.passage.language for hit in hits} == {language}


def test_two_languages_may_be_chosen(full: KnowledgeBase) -> None:
    hits = full.search("volunteers in the city", 100, languages=["lv", "lt"])
    assert {hit.passage.language for hit in hits} == {"lv", "lt"}


def test_languages_given_twice_are_joined(full: KnowledgeBase) -> None:
    hits = full.search("volunteers in the city", 100, languages=["lv"], filters=Filters(languages=("lt",)))
    assert {hit.passage.language for hit in hits} == {"lv", "lt"}


@pytest.mark.parametrize("city", ["torun", "Toruń", "Torun", "TORUŃ", "Toruniu", "Toruņa", "Torunė", "Thorn"])
def test_a_city_may_be_spelled_in_any_way(full: KnowledgeBase, city: str) -> None:
    hits = full.search("volunteers", 100, filters=Filters(cities=(city,)))
    assert set(names(hits)) == {"pl-torun-biblioteka.md"}


@pytest.mark.parametrize("country", ["LV", "lv", "Latvia", "Łotwa", "Latvija", "Lettland"])
def test_a_country_may_be_a_code_or_a_name(full: KnowledgeBase, country: str) -> None:
    hits = full.search("volunteers", 100, filters=Filters(countries=(country,)))
    assert "lv-torunas-brauciens.md" in names(hits)
    assert {hit.document.country.value for hit in hits if hit.document.country} == {"LV"}


@pytest.mark.parametrize("formats", [("pptx",), ("pdf", "docx"), ("html",)])
def test_only_the_chosen_formats_are_found(full: KnowledgeBase, formats: tuple[str, ...]) -> None:
    hits = full.search("volunteers in the city", 200, filters=Filters(formats=formats))
    assert {hit.document.format for hit in hits} == set(formats)


def test_all_filters_hold_at_once(full: KnowledgeBase) -> None:
    filters = Filters(languages=("pl",), cities=("Toruń", "Kaunas"), countries=("PL",))
    hits = full.search("volunteers", 100, filters=filters)
    assert set(names(hits)) == {"pl-torun-biblioteka.md"}


@pytest.mark.parametrize(
    "filters",
    [Filters(cities=("Entenhausen",)), Filters(languages=("ja",)), Filters(cities=("Kaunas",), countries=("PL",))],
)
def test_filters_that_nothing_passes_find_nothing(full: KnowledgeBase, filters: Filters) -> None:
    assert full.search("volunteers", filters=filters) == []


def test_a_filter_keeps_the_order_of_what_remains(full: KnowledgeBase) -> None:
    first = full.search("walking school bus", filters=Filters(languages=("pl",)))[0]
    assert where(first)[0] == "pl-zielona-gora-ogrod.md"


# --- documents that say much


def test_at_most_five_passages_of_a_document_stand_before_those_of_others(full: KnowledgeBase) -> None:
    for question in ("accident insurance of volunteers", "Freiwilligenagentur", "budżet obywatelski"):
        hits = full.search(question, 300)
        counts: dict[int, int] = {}
        order = []
        for hit in hits:
            counts[hit.document.id] = counts.get(hit.document.id, 0) + 1
            order.append(counts[hit.document.id] > 5)
        assert True in order
        assert order == sorted(order), question


def test_what_a_document_has_beyond_five_is_not_lost(kb: KnowledgeBase) -> None:
    put(kb, draft("/many", *(("en", f"Tulip bed number {n} is watered by volunteers.") for n in range(8))))
    add(kb, "/one", "The harbour freezes.")
    paths = [hit.document.path for hit in kb.search("tulip bed")]
    assert paths == ["/many"] * 5 + ["/one"] + ["/many"] * 3


# --- hits


def test_a_hit_quotes_its_best_sentence_from_the_document(full: KnowledgeBase) -> None:
    for question in ("Wann wurde das THW gegründet?", "What does a walking school bus cost?", "NNW", "🎈 volunteers"):
        for hit in full.search(question, 30):
            text = full.store.text(hit.document.id)
            assert text[hit.sentence_span.start : hit.sentence_span.end] == hit.sentence
            assert text[hit.passage.span.start : hit.passage.span.end] == hit.passage.text
            assert hit.sentence in hit.passage.text


def test_ranks_count_from_one_and_a_shorter_list_is_its_beginning(full: KnowledgeBase) -> None:
    hits = full.search("how do cities thank volunteers", 12)
    assert [hit.rank for hit in hits] == list(range(1, 13))
    assert full.search("how do cities thank volunteers", 5) == hits[:5]


def test_the_same_question_always_gets_the_same_hits(home: Path, encoder: Encoder, full: KnowledgeBase) -> None:
    expected = [hit.passage.id for hit in full.search("kā motivēt brīvprātīgos", 20)]
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        assert [hit.passage.id for hit in kb.search("kā motivēt brīvprātīgos", 20)] == expected


def test_case_space_and_punctuation_do_not_matter(full: KnowledgeBase) -> None:
    plain = [hit.passage.id for hit in full.search("what does a walking school bus cost", 3)]
    assert [hit.passage.id for hit in full.search("  What does a\n\twalking school   bus cost ", 3)] == plain


# --- queries that are no questions


@pytest.mark.parametrize("query", ["", " ", "\n\t", "a", "ż", "7", "😀🎉", "?!…", "\0", "___", "-- ''"])
def test_a_query_without_a_word_finds_nothing(full: KnowledgeBase, query: str) -> None:
    assert full.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        '"AND OR NOT (',
        "foo* NEAR",
        "NEAR(volunteers, city)",
        'lemmas:volunteers AND "',
        "'; DROP TABLE documents; --",
        '" OR 1=1 --',
        "volun\0teers in cities",
        "volunteers 😀 in 🎉 cities",
        "x" * 10_000,
        "how do cities motivate volunteers " * 300,
        "\u202evolunteers\u202c \u200bin cities",
        "ヴォランティア 都市",
        "\ud800 volunteers",
        "volunteers \udcff\udcfe",
    ],
)
def test_a_strange_query_gets_ordinary_hits(full: KnowledgeBase, query: str) -> None:
    hits = full.search(query, 3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert full.store.has_documents()


def test_a_question_asked_many_times_over_finds_what_it_finds_once(full: KnowledgeBase) -> None:
    once = full.search("Wann wurde das THW gegründet?")[0]
    assert full.search("Wann wurde das THW gegründet? " * 400)[0].passage.id == once.passage.id


def test_words_around_operators_still_count(full: KnowledgeBase) -> None:
    assert "THW" in full.search('("THW" OR) *')[0].passage.text


def test_an_empty_knowledge_base_finds_nothing(kb: KnowledgeBase) -> None:
    assert kb.search("how do cities thank volunteers") == []


# --- few documents, other languages


def test_a_single_document_is_found_whatever_is_asked(kb: KnowledgeBase) -> None:
    add(kb, "/only", "The harbour freezes in winter.")
    assert [hit.document.path for hit in kb.search("zimowy port")] == ["/only"]


def test_a_passage_of_a_sixth_language_is_found(kb: KnowledgeBase) -> None:
    add(kb, "/fr", "La ville remercie ses bénévoles avec une grande fête.", "fr")
    add(kb, "/en", "The harbour freezes in winter.")
    assert kb.search("Comment la ville remercie-t-elle ses bénévoles ?")[0].document.path == "/fr"
    assert kb.search("the city thanks its volunteers with a party")[0].document.path == "/fr"


def test_an_answer_in_the_readers_language_comes_before_its_translation(kb: KnowledgeBase) -> None:
    texts = {
        "en": "The city thanks its volunteers with a dinner.",
        "pl": "Miasto dziękuje wolontariuszom kolacją.",
        "de": "Die Stadt dankt ihren Freiwilligen mit einem Abendessen.",
    }
    for language, text in texts.items():
        add(kb, f"/{language}", text, language)
        add(kb, f"/{language}/other", {"en": "Harbour.", "pl": "Port zimą.", "de": "Hafen im Eis."}[language], language)
    for language, text in texts.items():
        hits = kb.search(text, 3)
        assert hits[0].document.path == f"/{language}"
        assert {hit.document.path for hit in hits} == {"/en", "/pl", "/de"}


def test_a_paraphrase_in_the_readers_language_comes_before_other_languages(kb: KnowledgeBase) -> None:
    """No word of the query occurs anywhere: meaning alone decides, then the reader's language."""
    add(kb, "/en", "The mayor gives flowers to every helper.")
    add(kb, "/de", "Der Bürgermeister schenkt jeder Helferin Blumen.", "de")
    add(kb, "/far", "Ice covers rivers in January.")
    assert kb.search("bouquets as gratitude")[0].document.path == "/en"


def test_settings_decide_how_many_passages_of_a_document_come_first(kb: KnowledgeBase, encoder: Encoder) -> None:
    put(kb, draft("/many", *(("en", f"Tulip bed number {n} is watered by volunteers.") for n in range(3))))
    add(kb, "/one", "The harbour freezes.")
    strict = KnowledgeBase(kb.engine, encoder, Settings(passages_per_document=1))
    assert [hit.document.path for hit in strict.search("tulip bed")] == ["/many", "/one", "/many", "/many"]
