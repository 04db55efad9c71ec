"""What every engine does: filters let the same passages through, in a folder and on a cluster."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kb import KnowledgeBase
from kb.engines import ENGINES
from kb.types import NOT_STATED, DraftDocument, Filters, PracticeFact
from tests.kb.drafts import draft, put
from tests.kb.engines.conftest import Opened
from tests.kb.engines.machines import words


def stating(path: str, language: str, text: str, city: str = "", country: str = "", **facts: str) -> DraftDocument:
    """A document that says these facts of itself, several values of one separated by spaces."""
    made = draft(path, (language, text), city=city or None, country=country or None)
    said = tuple(
        PracticeFact(field, value, value, None, 1.0) for field, values in facts.items() for value in values.split()
    )
    return replace(made, practice=said, format=path.rpartition(".")[2])


STATED = (
    stating(
        "/a.pdf", "en", "Volunteers of Riga plant trees.", "riga", "LV", topics="training insurance", year="2016-2018"
    ),
    stating(
        "/b.pdf", "lv", "Brīvprātīgie stāda kokus.", "riga", "LV", topics="training", target_groups="youth seniors"
    ),
    stating("/c.docx", "pl", "Wolontariusze sadzą drzewa.", "torun", "PL", year="2018"),
    stating("/d.txt", "de", "Freiwillige pflanzen Bäume.", "", "DE", year="2021", target_groups="youth"),
    stating("/e.txt", "en", "Trees are planted by people with time."),
)


@pytest.fixture(scope="module", params=ENGINES)
def stated(
    request: pytest.FixtureRequest, empty: Opened, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    """Documents that state different things. Only for reading."""
    with empty(request.param, tmp_path_factory.mktemp("stated")) as opened:
        for document in STATED:
            put(opened, document)
        yield opened


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "abcde"),
        (Filters(languages=("en",)), "ae"),
        (Filters(languages=("lv", "pl")), "bc"),
        (Filters(cities=("riga",)), "ab"),
        (Filters(cities=("Rīgā",)), "ab"),
        (Filters(cities=("Toruń", "Ryga")), "abc"),
        (Filters(cities=("Atlantis",)), ""),
        (Filters(cities=(NOT_STATED,)), "de"),
        (Filters(countries=("LV",)), "ab"),
        (Filters(countries=("Deutschland",)), "d"),
        (Filters(countries=(NOT_STATED, "PL")), "ce"),
        (Filters(formats=("pdf",)), "ab"),
        (Filters(formats=("docx", "txt")), "cde"),
        (Filters(topics=("training",)), "ab"),
        (Filters(topics=("insurance",)), "a"),
        (Filters(topics=(NOT_STATED,)), "cde"),
        (Filters(target_groups=("youth",)), "bd"),
        (Filters(target_groups=("seniors", NOT_STATED)), "abce"),
        (Filters(years=("2018",)), "ac"),
        (Filters(years=("2017",)), "a"),
        (Filters(years=("2016", "2021")), "ad"),
        (Filters(years=("2019",)), ""),
        (Filters(years=(NOT_STATED,)), "be"),
        (Filters(languages=("en", "de"), years=("2016", NOT_STATED)), "ae"),
        (Filters(cities=("riga",), topics=("training",), languages=("lv",), formats=("pdf",)), "b"),
    ],
    ids=str,
)
def test_a_filter_lets_through(stated: KnowledgeBase, filters: Filters, expected: str) -> None:
    hits = stated.search("trees", 10, filters=filters)
    assert "".join(sorted(hit.document.path[1] for hit in hits)) == expected
    by_words = stated.engine.by_words(words(stated, "trees")).best(10, filters)
    nearest = stated.engine.nearest(stated.encoder.encode(["trees"]), 10, filters)
    assert by_words == nearest == {hit.passage.id for hit in hits}


def test_a_filter_of_documents_lets_through_these(stated: KnowledgeBase) -> None:
    chosen = [document.id for document in stated.store.documents() if document.path in {"/b.pdf", "/e.txt"}]
    hits = stated.search("trees", filters=Filters(documents=tuple(chosen)))
    assert sorted(hit.document.path for hit in hits) == ["/b.pdf", "/e.txt"]
