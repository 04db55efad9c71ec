"""Browsing practices: what is counted, what is found, and what is one practice."""

from dataclasses import replace

import pytest

from kb import KnowledgeBase, catalogue
from kb import filters as search_filters
from kb.catalogue import Facet, Order
from kb.types import NOT_STATED, Filters, PracticeFact
from tests.kb.drafts import draft, put

TEXTS = (
    "The city office lends bicycles to volunteers who visit older neighbours.",
    "Pupils plant trees along the tram line and water them in summer.",
    "A theatre opens its rehearsals to people who have just arrived.",
    "Firefighters show every school class how to leave a burning house.",
)


def add(
    kb: KnowledgeBase,
    title: str,
    *texts: str,
    language: str = "en",
    city: str | None = None,
    country: str | None = None,
    **record: str,
) -> int:
    """Store a document that says `record` of its practice, several values of a field separated by spaces."""
    facts = tuple(
        PracticeFact(field, value, "", None, 1.0) for field, values in record.items() for value in values.split()
    )
    passages = [(language, text) for text in texts or TEXTS[:1]]
    made = draft(f"/{title}", *passages, city=city, country=country, title=title)
    return put(kb, replace(made, practice=facts))


@pytest.fixture
def small(kb: KnowledgeBase) -> KnowledgeBase:
    """Four documents, no two about the same."""
    add(kb, "Bikes", TEXTS[0], city="torun", country="PL", topics="seniors volunteering", year="2016-2018")
    add(kb, "Trees", TEXTS[1], city="riga", country="LV", topics="environment", year="2018")
    add(kb, "Stage", TEXTS[2], country="LV", topics="migration volunteering", target_groups="migrants")
    add(kb, "Ämter", TEXTS[3], language="de", city="Kleinstadt am Wald", year="2019")
    return kb


def titles(kb: KnowledgeBase, filters: Filters, order: Order = Order.TITLE) -> list[str]:
    found = catalogue.chosen(catalogue.entries(kb.store), filters)
    return [practice.shown.title for practice in catalogue.practices(found, order, "en")]


def counts(kb: KnowledgeBase, facet: Facet, filters: Filters | None = None) -> dict[str, int]:
    return dict(catalogue.count(catalogue.entries(kb.store), filters or Filters())[facet])


def test_every_facet_counts_what_it_has_and_what_states_nothing(small: KnowledgeBase) -> None:
    assert counts(small, Facet.TOPICS) == {
        "volunteering": 2,
        "environment": 1,
        "migration": 1,
        "seniors": 1,
        NOT_STATED: 1,
    }
    assert counts(small, Facet.CITIES) == {"Kleinstadt am Wald": 1, "riga": 1, "torun": 1, NOT_STATED: 1}
    assert counts(small, Facet.LANGUAGES) == {"en": 3, "de": 1}


def test_a_practice_of_several_years_is_found_by_each_of_them(small: KnowledgeBase) -> None:
    assert counts(small, Facet.YEARS) == {"2018": 2, "2016": 1, "2017": 1, "2019": 1, NOT_STATED: 1}
    assert titles(small, Filters(years=("2017",))) == ["Bikes"]
    assert {entry.title: entry.period for entry in catalogue.entries(small.store)}["Bikes"] == "2016–2018"


def test_of_several_values_any_will_do_and_of_several_facets_all_must_hold(small: KnowledgeBase) -> None:
    assert titles(small, Filters(countries=("LV",))) == ["Stage", "Trees"]
    assert titles(small, Filters(countries=("LV",), topics=("volunteering",))) == ["Stage"]
    assert titles(small, Filters(cities=("riga", "torun"))) == ["Bikes", "Trees"]


def test_a_facets_counts_heed_the_other_facets_and_not_itself(small: KnowledgeBase) -> None:
    latvia = Filters(countries=("LV",))
    assert counts(small, Facet.COUNTRIES, latvia) == {"LV": 2, "PL": 1, NOT_STATED: 1}
    assert counts(small, Facet.TOPICS, latvia) == {"environment": 1, "migration": 1, "volunteering": 1}


def test_the_number_beside_a_value_is_what_choosing_it_brings(full: KnowledgeBase) -> None:
    entries = catalogue.entries(full.store)
    already = Filters(languages=("pl", "en"))
    counted = catalogue.count(entries, already)
    for facet in set(Facet) - {Facet.LANGUAGES}:
        for value, number in counted[facet].items():
            found = catalogue.chosen(entries, replace(already, **{facet: (value,)}))
            assert len(catalogue.practices(found, Order.TITLE, "en")) == number, (facet, value)


def test_what_states_nothing_can_be_chosen(small: KnowledgeBase) -> None:
    assert titles(small, Filters(cities=(NOT_STATED,))) == ["Stage"]
    assert titles(small, Filters(topics=(NOT_STATED, "environment"))) == ["Ämter", "Trees"]


def test_sorting_knows_the_letters_and_puts_the_unknown_last(small: KnowledgeBase) -> None:
    assert titles(small, Filters()) == ["Ämter", "Bikes", "Stage", "Trees"]
    assert titles(small, Filters(), Order.YEAR) == ["Ämter", "Bikes", "Trees", "Stage"]
    assert titles(small, Filters(), Order.CITY) == ["Ämter", "Trees", "Bikes", "Stage"]


def test_a_translation_counts_once_and_is_shown_in_the_readers_language(full: KnowledgeBase) -> None:
    entries = catalogue.entries(full.store)
    accessible = catalogue.chosen(entries, Filters(topics=("disability",)))

    def shown(reader: str) -> set[tuple[tuple[str, ...], int]]:
        listed = catalogue.practices(accessible, Order.TITLE, reader)
        return {(each.shown.languages, len(each.others)) for each in listed}

    assert (("en",), 1) in shown("en")
    assert (("pl",), 1) in shown("pl")
    polish = catalogue.chosen(accessible, Filters(languages=("pl",)))
    assert [each.shown.languages for each in catalogue.practices(polish, Order.TITLE, "en")] == [("pl",)]


def test_a_copy_counts_once_and_a_handbook_is_not_its_chapter(kb: KnowledgeBase) -> None:
    chapter = " ".join(TEXTS)
    others = [f"Chapter {number} tells how the town of number {number} runs its market hall." for number in range(8)]
    add(kb, "Chapter", chapter)
    add(kb, "Chapter again", chapter)
    add(kb, "Handbook", *others[:4], chapter, *others[4:])
    kb.settle()
    related = kb.store.db.execute("SELECT kind, count(*) FROM related_documents GROUP BY 1").fetchall()
    assert dict(related) == {"copy": 2, "version": 4}
    assert titles(kb, Filters()) == ["Chapter", "Handbook"]


def test_an_empty_knowledge_base_has_nothing_to_browse(kb: KnowledgeBase) -> None:
    assert catalogue.entries(kb.store) == ()
    assert counts(kb, Facet.CITIES) == {}


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        (Filters(), {"Bikes", "Trees", "Stage", "Ämter"}),
        (Filters(years=("2017",)), {"Bikes"}),
        (Filters(years=("2018", "2019")), {"Bikes", "Trees", "Ämter"}),
        (Filters(years=(NOT_STATED,)), {"Stage"}),
        (Filters(cities=(NOT_STATED,)), {"Stage"}),
        (Filters(cities=(NOT_STATED, "riga")), {"Stage", "Trees"}),
        (Filters(countries=(NOT_STATED,), languages=("de",)), {"Ämter"}),
        (Filters(topics=(NOT_STATED, "environment")), {"Trees", "Ämter"}),
        (Filters(topics=("volunteering",), target_groups=(NOT_STATED,)), {"Bikes"}),
        (Filters(topics=("volunteering",), years=("2019",)), set()),
    ],
)
def test_the_search_finds_what_the_list_of_practices_shows(
    small: KnowledgeBase, chosen: Filters, titles: set[str]
) -> None:
    documents = small.store.documents()
    allowed = search_filters.allowed_ids(small.store, chosen, "passage")
    found = {each.title for each in documents if allowed & {p.id for p in small.store.passages_of(each.id)}}
    assert found == titles
    entries = catalogue.chosen(catalogue.entries(small.store), chosen)
    assert {entry.title for entry in entries} == titles


def test_years_and_what_is_not_stated_are_counted(small: KnowledgeBase) -> None:
    held = search_filters.counts(small.store)
    assert held["years"] == {"2018": 2, "2016": 1, "2017": 1, "2019": 1, NOT_STATED: 1}
    assert list(held["cities"])[-1] == NOT_STATED
    assert held["topics"][NOT_STATED] == 1
    assert held["formats"] == {"txt": 4}
