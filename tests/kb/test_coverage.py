"""Coverage: what there is by topic and place or language, and where there is nothing."""

from kb import KnowledgeBase, catalogue, vocabulary
from kb.catalogue import Facet
from kb.coverage import SIDES, Count, Coverage, coverage, passages
from kb.types import NOT_STATED, DraftDocument, Filters, PracticeFact
from tests.kb.drafts import draft, put


def about(document: DraftDocument, *topics: str) -> DraftDocument:
    facts = tuple(PracticeFact("topics", topic, "", None, 1.0) for topic in topics)
    return DraftDocument(**{name: getattr(document, name) for name in document.__slots__} | {"practice": facts})


def table(kb: KnowledgeBase, side: Facet) -> Coverage:
    return coverage(catalogue.entries(kb.store), passages(kb.store), side)


def filled(kb: KnowledgeBase) -> KnowledgeBase:
    tulips, park = ("en", "Volunteers plant tulips."), ("en", "The park opens at seven.")
    put(kb, about(draft("/a", tulips, park, city="torun", country="PL"), "environment", "volunteering"))
    put(kb, about(draft("/b", ("lv", "Brīvprātīgie stāda tulpes."), tulips, city="riga", country="LV"), "environment"))
    put(kb, about(draft("/c", ("pl", "Kto ubezpiecza wolontariuszy?"), country="PL"), "law"))
    put(kb, draft("/d", ("lt", "Savivaldybė dirba nuo aštuntos.")))
    return kb


def test_documents_and_passages_are_counted_by_topic_and_language(kb: KnowledgeBase) -> None:
    found = table(filled(kb), Facet.LANGUAGES)
    assert found.rows == (*vocabulary.topics(), NOT_STATED)
    assert set(found.columns) == {"en", "pl", "de", "lv", "lt"}
    assert found.columns[0] == "en"
    assert found.cell("environment", "en") == Count(2, 3)
    assert found.cell("environment", "lv") == Count(1, 1)
    assert found.cell("law", "pl") == Count(1, 1)
    assert found.cell("law", "de") == Count(0, 0)
    assert found.row_total("environment") == Count(2, 4)
    assert found.row_total(NOT_STATED) == Count(1, 1)
    stated = 5 * len(vocabulary.topics())
    assert found.gaps == stated - 4


def test_countries_without_anything_and_documents_without_a_place_have_columns(kb: KnowledgeBase) -> None:
    countries = table(filled(kb), Facet.COUNTRIES)
    assert countries.columns == ("PL", "LV", "DE", "LT", NOT_STATED)
    assert countries.cell("volunteering", "PL") == Count(1, 2)
    assert countries.cell("volunteering", "DE") == Count(0, 0)
    cities = table(kb, Facet.CITIES)
    assert cities.columns == ("riga", "torun", NOT_STATED)
    assert cities.cell("law", NOT_STATED) == Count(1, 1)


def test_the_numbers_are_those_of_the_practices_page(full: KnowledgeBase) -> None:
    entries = catalogue.entries(full.store)
    for side in SIDES:
        found = coverage(entries, passages(full.store), side)
        for column in found.columns:
            counts = catalogue.count(entries, Filters(**{side.value: (column,)}))[Facet.TOPICS]
            assert {topic: found.cell(topic, column).practices for topic in counts} == dict(counts)
            assert sum(found.cell(topic, column).practices for topic in found.rows) == sum(counts.values())


def test_an_empty_knowledge_base_is_one_gap(kb: KnowledgeBase) -> None:
    found = table(kb, Facet.LANGUAGES)
    assert found.gaps == len(found.rows) * len(found.columns) == len(vocabulary.topics()) * 5
