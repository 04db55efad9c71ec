"""An answer quotes; it never invents. And it says nothing where nothing is known."""

from pathlib import Path

import pytest

from kb import Answer, Filters, KnowledgeBase
from kb.relevance import THRESHOLD
from tests.kb.drafts import add, draft, put

ON_TOPIC = [
    ("en", "How do volunteer fire brigades win young people?"),
    ("en", "how can a city thank its volunteers"),
    ("en", "What does a walking school bus cost?"),
    ("pl", "Kto płaci ubezpieczenie NNW wolontariusza?"),
    ("pl", "jak działa budżet obywatelski"),
    ("de", "Was bringt die Ehrenamtskarte?"),
    ("de", "Wann wurde das THW gegründet?"),
    ("lv", "Kas drīkst organizēt brīvprātīgo darbu?"),
    ("lv", "Kā pateikties brīvprātīgajiem?"),
    ("lt", "Kas gali tapti policijos rėmėju?"),
    ("lt", "Kiek trunka Jaunimo savanoriška tarnyba?"),
]

OFF_TOPIC = [
    *("best pizza recipe", "najlepszy przepis na pizzę", "bestes Pizzarezept"),
    *("labākā picas recepte", "geriausias picos receptas"),
    *("bitcoin price today", "kurs bitcoina dzisiaj", "Bitcoin-Kurs heute"),
    *("bitkoina cena šodien", "bitkoino kaina šiandien"),
    *("how to knit a scarf", "jak zrobić szalik na drutach", "Schal stricken für Anfänger"),
    *("kā uzadīt šalli", "kaip numegzti šaliką"),
    *("weather forecast for the weekend", "prognoza pogody na weekend", "Wettervorhersage fürs Wochenende"),
    *("laika prognoze nedēļas nogalei", "orų prognozė savaitgaliui"),
]


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_a_question_about_something_else_gets_no_answer(full: KnowledgeBase, question: str) -> None:
    answer = full.answer(question)
    assert answer.citations == ()
    assert answer.confidence < THRESHOLD


@pytest.mark.parametrize(("language", "question"), ON_TOPIC)
def test_a_question_about_the_documents_gets_three_to_five_sentences(
    full: KnowledgeBase, language: str, question: str
) -> None:
    answer = full.answer(question)
    assert 3 <= len(answer.citations) <= 5
    assert answer.query_languages == (language,)
    assert 0.4 <= answer.confidence <= 1


@pytest.mark.parametrize(("language", "question"), ON_TOPIC)
def test_every_sentence_is_quoted_exactly_from_the_place_it_names(
    full: KnowledgeBase, language: str, question: str
) -> None:
    for citation in full.answer(question).citations:
        text = full.store.text(citation.hit.document.id)
        assert text[citation.span.start : citation.span.end] == citation.text
        assert citation.hit.passage.span.start <= citation.span.start < citation.span.end
        assert citation.span.end <= citation.hit.passage.span.end


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Wann wurde das THW gegründet?", "1950"),
        ("When was the THW founded?", "22 August 1950"),
        ("When is International Volunteer Day?", "5 December"),
        ("What does a walking school bus cost?", "costs little"),
        ("Wie hoch ist die Ehrenamtspauschale ab 2026?", "960 Euro"),
        ("Kiek trunka Jaunimo savanoriška tarnyba?", "6 mėnesi"),
    ],
)
def test_the_fact_that_was_asked_for_is_among_the_sentences(full: KnowledgeBase, question: str, fact: str) -> None:
    assert any(fact in citation.text for citation in full.answer(question).citations)


@pytest.mark.parametrize(("language", "question"), ON_TOPIC)
def test_no_two_sentences_say_the_same(full: KnowledgeBase, language: str, question: str) -> None:
    texts = [citation.text for citation in full.answer(question).citations]
    assert len(set(texts)) == len(texts)
    vectors = full.encoder.encode(texts)
    assert all(float(vectors[a] @ vectors[b]) < 0.9 for a in range(len(texts)) for b in range(a))


def test_the_sentences_come_from_different_documents_where_several_answer(kb: KnowledgeBase) -> None:
    put(
        kb,
        draft(
            "/many",
            ("en", "Volunteers are thanked with free swimming. Volunteers are thanked by name in the newspaper."),
        ),
    )
    add(kb, "/dinner", "Volunteers are thanked with a dinner in the town hall.")
    add(kb, "/medal", "Volunteers are thanked with a medal after ten years.")
    add(kb, "/trees", "Volunteers are thanked with an apple tree of their own.")
    cited = [citation.hit.document.path for citation in kb.answer("how are volunteers thanked").citations]
    assert len(cited) >= 3
    assert len(set(cited)) == len(cited)


def test_a_single_document_may_give_all_sentences(kb: KnowledgeBase) -> None:
    text = (
        "Volunteers are thanked with free bus tickets. The mayor thanks volunteers with a dinner in spring. "
        "Thanked volunteers are named in the newspaper of the town."
    )
    add(kb, "/many", text)
    answer = kb.answer("how are volunteers thanked")
    assert " ".join(c.text for c in sorted(answer.citations, key=lambda c: c.span.start)) == text


def test_the_same_sentence_in_two_languages_is_quoted_once(kb: KnowledgeBase) -> None:
    add(kb, "/en", "The city thanks its volunteers with a festive dinner in December.")
    add(kb, "/de", "Die Stadt dankt ihren Freiwilligen mit einem festlichen Abendessen im Dezember.", "de")
    cited = [citation.hit.document.path for citation in kb.answer("How does the city thank its volunteers?").citations]
    assert cited == ["/en"]


def test_headings_and_stumps_are_not_quoted(kb: KnowledgeBase) -> None:
    put(kb, draft("/a", ("en", "Thanking volunteers. The town thanks volunteers with a dinner every spring.")))
    texts = [citation.text for citation in kb.answer("thanking volunteers").citations]
    assert texts == ["The town thanks volunteers with a dinner every spring."]


def test_an_answer_keeps_to_the_chosen_language_and_city(full: KnowledgeBase) -> None:
    question = "how do volunteers help children get to school on foot"
    for filters in (Filters(languages=("de",)), Filters(cities=("Zielona Góra",))):
        for citation in full.answer(question, filters=filters).citations:
            if filters.languages:
                assert citation.hit.passage.language == "de"
            else:
                assert Path(citation.hit.document.path).name == "pl-zielona-gora-ogrod.md"
    assert {c.hit.passage.language for c in full.answer("THW", languages=["en"]).citations} == {"en"}


def test_a_question_in_one_language_is_answered_from_another(full: KnowledgeBase) -> None:
    cited = full.answer("Where can I borrow a drill and a ladder from a library for free?").citations
    assert any("wiertarkę" in citation.text for citation in cited)


@pytest.mark.parametrize("query", ["", "a", "😀", "\0", "   "])
def test_a_query_without_words_gets_no_answer(full: KnowledgeBase, query: str) -> None:
    assert full.answer(query) == Answer(query, (), 0.0, ())


@pytest.mark.parametrize("query", ["x" * 10_000, "foo* NEAR", "ヴォランティア", "qwertz asdf yxcv"])
def test_a_query_of_unknown_words_gets_no_answer(full: KnowledgeBase, query: str) -> None:
    assert full.answer(query).citations == ()


@pytest.mark.parametrize(
    "query", ["what is it", "who are you", '"AND OR NOT (', "co to jest", "was ist das", "kas tas ir"]
)
def test_a_query_of_little_words_only_gets_no_answer(full: KnowledgeBase, query: str) -> None:
    assert full.answer(query).citations == ()


@pytest.mark.parametrize("query", ["'; DROP TABLE documents; --", 'NEAR("THW" OR) *', "volunteers \0 cities \udcff"])
def test_a_strange_query_gets_quotations_or_nothing(full: KnowledgeBase, query: str) -> None:
    for citation in full.answer(query).citations:
        assert full.store.text(citation.hit.document.id)[citation.span.start : citation.span.end] == citation.text
    assert full.store.has_documents()


def test_an_empty_knowledge_base_has_no_answer(kb: KnowledgeBase) -> None:
    assert kb.answer("how do cities thank volunteers").citations == ()


def test_filters_that_nothing_passes_leave_no_answer(full: KnowledgeBase) -> None:
    assert full.answer("how do cities thank volunteers", filters=Filters(cities=("Entenhausen",))).citations == ()


def test_neither_a_question_nor_the_head_of_a_table_is_an_answer(kb: KnowledgeBase) -> None:
    table = "Task | Who insures the volunteers\n\nShelter | The city insures all volunteers of the shelter."
    add(
        kb,
        "/guide",
        f"Who insures the volunteers of a city?\n\n{table}\n\nVolunteers of a club are insured by the club.",
    )
    said = [citation.text for citation in kb.answer("who insures the volunteers of a city").citations]
    assert "Shelter | The city insures all volunteers of the shelter." in said
    assert not any(text.endswith("?") or text.startswith("Task") for text in said)
    (hit,) = kb.search("who insures the volunteers of a city")
    assert hit.sentence in said
