"""What a document says of itself: title, city, country, dates, addresses, each with its evidence."""

from pathlib import Path

import pytest

from ingest.extract.base import Block, BlockKind, Extraction
from ingest.passages import cut
from ingest.practice import Facts, read_facts, written_dates
from kb.types import Evidence, PlaceKind
from tests.ingest import texts
from tests.ingest.files import Slide, make_docx, make_pdf, make_pptx, make_text, read


def facts(*paragraphs: str, title: str = "") -> Facts:
    """The facts in a document of these paragraphs."""
    blocks = tuple(Block(BlockKind.TEXT, paragraph) for paragraph in paragraphs)
    return read_facts(Extraction("txt", PlaceKind.SECTION, blocks, title=title), blocks, cut(blocks, PlaceKind.SECTION))


# --- places


@pytest.mark.parametrize(
    ("sentence", "city", "country", "words"),
    [
        ("Gala odbywa się w Toruniu. Mieszkańcy Torunia lubią teatr.", "torun", "PL", "Toruniu"),
        ("Pieredze Toruņā ir laba. Toruņas dome maksā.", "torun", "PL", "Toruņā"),
        ("Brīvprātīgie Daugavpilī palīdz. Daugavpils dome pateicas.", "daugavpils", "LV", "Daugavpilī"),
        ("Savanoriai Vilniuje padeda. Vilniaus miestas dėkoja.", "vilnius", "LT", "Vilniuje"),
        ("Das Ehrenamt in Hamburg wächst. Hamburgs Senat hilft.", "hamburg", "DE", "Hamburg"),
        ("Helpers in Warsaw meet. The council of Warsaw pays.", "warszawa", "PL", "Warsaw"),
    ],
)
def test_a_city_is_known_in_every_inflection_with_the_words_as_evidence(
    sentence: str, city: str, country: str, words: str
) -> None:
    read_from = facts(sentence)
    assert (read_from.city, read_from.country) == (Evidence(city, words), Evidence(country, words))


def test_no_city_where_two_compete() -> None:
    read_from = facts("Helpers of Warsaw met those of Vilnius. Warsaw and Vilnius will meet again.")
    assert (read_from.city, read_from.country) == (None, None)


def test_two_cities_of_one_country_leave_the_country_that_is_named() -> None:
    read_from = facts("Warszawa i Gdańsk. Polska ma nową ustawę. W Polsce działa wielu wolontariuszy.")
    assert read_from.city is None
    assert read_from.country == Evidence("PL", "Polska")


def test_a_city_in_the_title_outweighs_one_mentioned_in_passing() -> None:
    read_from = facts("The town thanks its helpers.", "A guest came from Vilnius.", title="Volunteers in Toruń")
    assert read_from.city == Evidence("torun", "Toruń")


def test_a_city_named_once_in_the_text_is_not_what_it_is_about() -> None:
    assert facts("The gala is in May.", "Ten people win.", "A guest came from Vilnius.").city is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Das Essen war gut. Zum Essen kamen alle. Essen und Trinken waren frei.",
        "Bērni dzied. Bērni zīmē. Bērni palīdz senioriem.",
        "Tnie się piłą. Piła leży w szopie. Piła jest ostra.",
        "The halle of fame. Ogre stories for children. Ogre and fairy.",
    ],
)
def test_ordinary_words_are_no_cities(sentence: str) -> None:
    assert facts(sentence).city is None


def test_a_city_that_is_a_word_too_counts_with_support() -> None:
    assert facts("Freiwillige in Essen helfen. Die Stadt Essen dankt.").city == Evidence("essen", "Essen")


def test_a_document_about_a_country_has_no_city() -> None:
    read_from = facts("Latvijā ir likums. Likums Latvijā palīdz.")
    assert (read_from.city, read_from.country) == (None, Evidence("LV", "Latvijā"))


def test_a_document_without_places_has_none() -> None:
    assert (facts(texts.EN).city, facts(texts.EN).country) == (None, None)


# --- dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28 czerwca 2016", "2016-06-28"),
        ("1 września 2017", "2017-09-01"),
        ("5 października 2015", "2015-10-05"),
        ("15 lutego 2018", "2018-02-15"),
        ("28. Juni 2016", "2016-06-28"),
        ("3. März 2017", "2017-03-03"),
        ("1. Jänner 2018", "2018-01-01"),
        ("24. Dezember 2015", "2015-12-24"),
        ("28 June 2016", "2016-06-28"),
        ("June 28, 2016", "2016-06-28"),
        ("28th of June 2016", "2016-06-28"),
        ("June 1st, 2016", "2016-06-01"),
        ("2016. gada 28. jūnijā", "2016-06-28"),
        ("2018. gada 4. maijā", "2018-05-04"),
        ("2017. gada 5. decembris", "2017-12-05"),
        ("2016 m. birželio 28 d.", "2016-06-28"),
        ("2015 m. kovo 11 d.", "2015-03-11"),
        ("2019 m. rugsėjo 1 d.", "2019-09-01"),
        ("2019 m. rugpjūčio 31 d.", "2019-08-31"),
        ("2016-06-28", "2016-06-28"),
        ("28.06.2016", "2016-06-28"),
        ("5.12.2016", "2016-12-05"),
    ],
)
def test_a_day_is_read_in_every_language_with_its_words(text: str, day: str) -> None:
    (found,) = written_dates(f"Gala: {text}, 19.")
    assert found.value == day
    assert text.startswith(found.words)


@pytest.mark.parametrize(
    "text", ["31.02.2016", "2016-13-01", "45 June 2016", "28 Pages 2016", "art. 12.13.2016", "2016"]
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert written_dates(text) == []


def test_dates_stand_in_the_order_of_the_text_after_the_documents_own(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The gala of 28 June 2016 followed the one of 5.12.2015 in the old hall."]])
    assert read(path).facts.dates == (
        Evidence("2019-05-04", "document metadata"),
        Evidence("2016-06-28", "28 June 2016"),
        Evidence("2015-12-05", "5.12.2015"),
    )


# --- addresses


def test_addresses_are_read_once_each_without_the_full_stop() -> None:
    text = (
        "See https://example.org/a?b=1, www.example.net/rules. and (http://example.com/x) or „https://example.pl/ą”. "
        "Again https://example.org/a?b=1!"
    )
    assert facts(text).urls == (
        "https://example.org/a?b=1",
        "www.example.net/rules",
        "http://example.com/x",
        "https://example.pl/ą",
    )


# --- titles


def test_the_metadata_title_comes_first(tmp_path: Path) -> None:
    path = make_pptx(tmp_path / "a.pptx", [Slide("Agenda", ["Gala"])], title="  Wieczór\n podziękowań ")
    assert read(path).facts.title == "Wieczór podziękowań"


@pytest.mark.parametrize(
    "title",
    [
        "PowerPoint Presentation",
        "Prezentacja programu PowerPoint",
        "Microsoft Word - raport_final.doc",
        "Untitled",
        "Dokument1",
        "raport v3 FINAL.docx",
        "Slide 1",
        "PowerPoint-Präsentation",
        "Prezentacja programu PowerPoint 2016",
        "",
    ],
)
def test_titles_that_programs_write_give_way_to_the_first_heading(title: str, tmp_path: Path) -> None:
    path = make_pptx(tmp_path / "a.pptx", [Slide("Pateicības vakars", ["Desmit cilvēki"])], title=title)
    assert read(path).facts.title == "Pateicības vakars"


def test_a_title_that_begins_like_a_programs_is_kept() -> None:
    assert facts(texts.EN, title="Documenting volunteer work").title == "Documenting volunteer work"


def test_a_metadata_title_is_as_clean_as_the_text(tmp_path: Path) -> None:
    title = "Pateici\u0304bas vakars, eﬃ\u00adciently"  # decomposed, ligature, soft hyphen
    path = make_docx(tmp_path / "a.docx", lambda document: document.add_paragraph(texts.LV), title=title)
    assert read(path).facts.title == "Pateicības vakars, efficiently"


def test_the_first_line_of_a_text_is_its_title(tmp_path: Path) -> None:
    assert read(make_text(tmp_path / "a.txt", f"Padėkos vakaras\n\n{texts.LT}")).facts.title == "Padėkos vakaras"


def test_a_document_without_a_title_gets_none_from_its_file_name(tmp_path: Path) -> None:
    path = make_text(tmp_path / "gala_evening-2016.txt", texts.EN)
    assert read(path).facts.title == ""


def test_an_endless_title_is_cut(tmp_path: Path) -> None:
    title = "Volunteers " * 100
    assert facts(texts.EN, title=title).title.strip() == ("Volunteers " * 100)[:200].strip()
