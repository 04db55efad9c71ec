"""Cities and documents side by side: each is quoted from its own documents, or honestly with nothing."""

from collections.abc import Iterator

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase, vocabulary
from kb.compare import EXCERPT, FIELDS, MOST_SUBJECTS, AspectKind, Cell, aspect, brief, compare, offered
from kb.encoder import Encoder
from kb.subjects import Subject, choices
from tests.kb.comparing import write_practices
from tests.kb.drafts import draft, put

TORUN, LIEPAJA, ALYTUS = Subject(city="torun"), Subject(city="liepaja"), Subject(city="alytus")
CITIES = (TORUN, LIEPAJA, ALYTUS)
THANKS = "how do cities thank volunteers"


@pytest.fixture(scope="module")
def practices(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """A knowledge base with four practices of three cities. Only for reading."""
    folder = write_practices(tmp_path_factory.mktemp("practices"))
    with KnowledgeBase.open(tmp_path_factory.mktemp("home"), encoder=encoder, create=True) as kb:
        reports = list(Pipeline(kb).run([folder], discover([folder])))
        assert {report.status for report in reports} == {"added"}
        yield kb


def quoted(cell: Cell) -> str:
    return " ".join(hit.sentence for hit in cell.hits)


def test_each_city_answers_a_question_from_its_own_documents_in_its_own_language(practices: KnowledgeBase) -> None:
    (row,) = compare(practices, CITIES, THANKS, (), "en")
    torun, liepaja, alytus = row.cells
    assert row.aspect.kind is AspectKind.QUESTION
    assert "dziękuje" in quoted(torun) or "nagrody" in quoted(torun)
    assert "balvu" in quoted(liepaja)
    assert {hit.document.city.value for hit in torun.hits if hit.document.city} == {"torun"}
    assert not alytus, "cycle paths thank nobody"


def test_a_question_beside_the_point_leaves_every_cell_empty(practices: KnowledgeBase) -> None:
    (row,) = compare(practices, CITIES, "best pizza recipe", (), "en")
    assert not any(row.cells)


def test_topics_that_two_cities_speak_of_are_offered_and_each_is_quoted_by_the_words_that_name_it(
    practices: KnowledgeBase,
) -> None:
    found = offered(practices.store, CITIES)
    ids = [made.id for made in found]
    assert "recognition" in ids and "volunteering" in ids
    assert "funding" not in ids and "digital" not in ids, "only one of the cities speaks of these"
    topics = [made for made in found if made.kind is AspectKind.TOPIC]
    for row in compare(practices, CITIES, "", topics, "en"):
        assert sum(map(bool, row.cells)) >= 2, row.aspect.id
        for hit in (hit for cell in row.cells for hit in cell.hits):
            assert hit.matches
            named = [match.span.start + hit.passage.span.start for match in hit.matches]
            assert any(hit.sentence_span.start <= at < hit.sentence_span.end for at in named)


def test_a_topic_of_one_city_can_be_asked_of_all_and_the_others_have_nothing(practices: KnowledgeBase) -> None:
    funding = aspect("funding")
    assert funding
    (row,) = compare(practices, CITIES, "", (funding,), "en")
    assert "20 000 zł" in row.cells[0].hits[0].passage.text
    assert not row.cells[1] and not row.cells[2]


def test_fields_are_quoted_from_the_records_with_their_place_the_practice_that_was_asked_about_first(
    practices: KnowledgeBase,
) -> None:
    results, problem = aspect("results"), aspect("problem")
    assert results and problem
    assert {results, problem} <= set(offered(practices.store, CITIES))
    rows = compare(practices, CITIES, THANKS, (results, problem), "en")
    torun, liepaja, alytus = rows[1].cells
    assert torun.told[0].fact.value.startswith("Po trzech latach o połowę mniej")
    assert torun.told[0].passage and torun.told[0].fact.value in " ".join(torun.told[0].passage.text.split())
    assert "dubultojās" in liepaja.told[0].fact.value
    assert not alytus
    problems = rows[2].cells[0].told
    assert [told.document.title for told in problems] == [
        "Jak Toruń dziękuje wolontariuszom",
        "Klub seniora na Rubinkowie",
    ]
    assert problems[1].passage is None, "a sidecar's words stand nowhere in the document"


def test_documents_can_be_compared_with_cities_and_what_is_gone_has_nothing_to_say(practices: KnowledgeBase) -> None:
    by_title = {choice.title: choice.subject for choice in choices(practices.store)}
    seniors = by_title["Klub seniora na Rubinkowie"]
    rows = compare(practices, (seniors, LIEPAJA, Subject(document=999)), "phone and computer lessons", (), "en")
    mine, liepaja, gone = rows[0].cells
    assert "komputera" in quoted(mine)
    assert not liepaja and not gone


def test_cities_come_first_among_the_choices_those_with_most_documents_before_others(practices: KnowledgeBase) -> None:
    found = choices(practices.store)
    assert [(choice.subject.city, choice.documents) for choice in found[:3]] == [
        ("torun", 2),
        *((city, 1) for city in sorted(("liepaja", "alytus"), key=[c.subject.city for c in found].index)),
    ]
    assert len(found) == 3 + 4
    assert all(choice.title for choice in found[3:])


def test_what_changes_in_the_knowledge_base_changes_what_can_be_compared(kb: KnowledgeBase) -> None:
    put(kb, draft("/a", ("en", "Gdynia gives its volunteers an award every year."), city="gdynia"))
    put(kb, draft("/b", ("en", "Every bus in Kaunas has a ramp."), city="kaunas"))
    subjects = (Subject(city="gdynia"), Subject(city="kaunas"))
    assert len(choices(kb.store)) == 4
    assert "recognition" not in {made.id for made in offered(kb.store, subjects)}
    put(kb, draft("/b", ("en", "Kaunas thanks its volunteers with an award ceremony."), city="kaunas"))
    assert "recognition" in {made.id for made in offered(kb.store, subjects)}


def test_more_subjects_than_fit_beside_each_other_are_left_out(practices: KnowledgeBase) -> None:
    (row,) = compare(practices, [*CITIES, *CITIES], THANKS, (), "en")
    assert len(row.cells) == MOST_SUBJECTS


def test_passages_stand_in_the_readers_language_where_they_have_a_translation(full: KnowledgeBase) -> None:
    bilingual = next(c.subject for c in choices(full.store) if c.title.startswith("Europos programos savanorystei"))
    funding = aspect("funding")
    assert funding
    for reader, other in (("en", "lt"), ("lt", "en")):
        (row,) = compare(full, (bilingual,), "", (funding,), reader)
        assert {hit.passage.language for hit in row.cells[0].hits} == {reader}
        assert other in {found.passage.language for hit in row.cells[0].hits for found in hit.also}


def test_a_hit_in_brief_is_whole_sentences_from_the_best_one_on(full: KnowledgeBase) -> None:
    for hit in full.search("how do cities thank volunteers", 20):
        short = brief(hit)
        text = full.store.text(hit.document.id)
        assert short.passage.text == text[short.passage.span.start : short.passage.span.end]
        assert short.passage.text.startswith(hit.sentence) and short.passage.text in hit.passage.text
        assert len(short.passage.text) <= max(EXCERPT, len(hit.sentence))
        for match in short.matches:
            assert short.passage.text[match.span.start : match.span.end] == match.passage


def test_an_aspect_in_an_address_is_a_topic_or_a_field_and_never_both() -> None:
    assert not set(FIELDS) & vocabulary.topics().keys()
    assert aspect("nonsense") is None and aspect("city") is None
