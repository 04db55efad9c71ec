"""More like a passage or a document that a reader has found, and the topics nearest to her question."""

import pytest

from kb import KnowledgeBase, vocabulary
from kb.errors import NotFound
from kb.filters import counts
from kb.grouping import By, grouped, newest_first
from kb.related.links import related_documents
from kb.types import NOT_STATED, Filters

ACCESSIBLE = "en-accessible-volunteering.docx"
"""A guide of which the corpus holds a Polish translation."""


def document_id(kb: KnowledgeBase, name: str) -> int:
    return next(document.id for document in kb.store.documents() if document.file_name == name)


def test_more_like_a_passage_is_on_its_subject_in_other_documents_and_languages(full: KnowledgeBase) -> None:
    source = full.search("who insures volunteers against accidents", 1, languages=["de"])[0]
    hits = full.more_like(source.passage.id, 10)
    assert source.document.id not in {hit.document.id for hit in hits}
    assert len({hit.passage.language for hit in hits}) >= 2
    words = ("insur", "versicher", "ubezpiecz", "apdroš", "draudim", "draudž")
    assert all(any(word in hit.passage.text.lower() for word in words) for hit in hits[:3])
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_translations_of_the_document_are_not_offered_as_more_like_it(full: KnowledgeBase) -> None:
    own = document_id(full, ACCESSIBLE)
    family = {own, *(related.document.id for related in related_documents(full.store, own))}
    assert len(family) == 2
    passage = full.store.passages_of(own)[5]
    assert not family & {hit.document.id for hit in full.more_like(passage.id, 20)}
    similar = full.similar_documents(own, 10)
    assert not family & {found.document.id for found in similar}
    assert [found.score for found in similar] == sorted((found.score for found in similar), reverse=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lt-senjoru-savanoryste.html", {"pl-rady-seniorow-wolontariat-50plus.odp", "lv-seniori-un-jauniesi.pptx"}),
        ("pl-budzet-obywatelski.pptx", {"lt-dalyvaujamasis-biudzetas.pptx", "lv-pl-lidzdaliba-budzets.txt"}),
    ],
)
def test_similar_documents_are_on_the_same_subject_in_any_language(
    full: KnowledgeBase, name: str, expected: set[str]
) -> None:
    found = [similar.document.file_name for similar in full.similar_documents(document_id(full, name), 5)]
    assert expected & set(found)


def test_what_is_gone_has_nothing_like_it(full: KnowledgeBase) -> None:
    with pytest.raises(NotFound):
        full.more_like(999_999)
    with pytest.raises(NotFound):
        full.similar_documents(999_999)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("how do we thank volunteers", "recognition"),
        ("Wie bekommt unser Verein Fördermittel", "funding"),
        ("budżet obywatelski w szkole", "participation"),
        ("brīvprātīgie ugunsdzēsēji plūdos", "safety"),
        ("senjorų savanorystė", "seniors"),
    ],
)
def test_the_nearest_topics_have_to_do_with_the_question(full: KnowledgeBase, question: str, topic: str) -> None:
    near = full.nearest_topics(question, 4)
    assert topic in [found.topic.id for found in near]
    assert all(found.near for found in near[:1])


def test_only_topics_that_documents_are_on_are_offered(full: KnowledgeBase) -> None:
    held = {topic: held for topic, held in counts(full.store)["topics"].items() if topic != NOT_STATED}
    near = full.nearest_topics("volunteers", len(vocabulary.topics()))
    assert {found.topic.id: found.documents for found in near} == held
    assert full.nearest_topics("🎉") == []
    assert not any(found.near for found in full.nearest_topics("best pizza recipe"))


def test_hits_of_one_practice_come_together_with_their_translations(full: KnowledgeBase) -> None:
    hits = full.search("volunteers with an assistance dog", 30)
    practices = grouped(full.store, hits, By.PRACTICE)
    documents = grouped(full.store, hits, By.DOCUMENT)
    assert [group.hits[0] for group in documents] == [
        hit for at, hit in enumerate(hits) if hit.document.id not in {other.document.id for other in hits[:at]}
    ]
    assert practices[0].documents == 2
    assert len(practices) < len(documents)
    assert sorted(hit.rank for group in practices for hit in group.hits) == list(range(1, len(hits) + 1))


def test_hits_without_a_city_come_last(full: KnowledgeBase) -> None:
    groups = grouped(full.store, full.search("volunteers in the library", 30), By.CITY)
    cities = [group.city for group in groups]
    assert "torun" in cities
    assert cities[-1] == ""
    assert len(cities) == len(set(cities))


def test_the_newest_come_first_and_what_has_no_year_last(full: KnowledgeBase) -> None:
    hits = newest_first(full.search("volunteers", 50))
    years = [int(hit.document.year[-4:] or 0) for hit in hits]
    assert years == sorted(years, reverse=True)
    assert years[0] > years[-1]


def test_filters_by_document_topic_group_and_year(full: KnowledgeBase) -> None:
    one = document_id(full, ACCESSIBLE)
    assert {hit.document.id for hit in full.search("help", 20, filters=Filters(documents=(one,)))} == {one}
    held = counts(full.store)
    for field, values in (
        ("topics", held["topics"]),
        ("target_groups", held["target_groups"]),
        ("years", held["years"]),
    ):
        value, documents = next(iter(values.items()))
        filters = Filters(**{field: (value,)})
        found = {hit.document.id for hit in full.search("volunteers", 1000, filters=filters)}
        assert 0 < len(found) <= documents
        with_both = Filters(**{field: (value,)}, documents=(one,))
        assert {hit.document.id for hit in full.search("volunteers", 50, filters=with_both)} == found & {one}
