"""The practice record: read from real files in five languages, each field with its place, or left empty."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.extract.base import Block, BlockKind, Extraction
from ingest.passages import cut
from ingest.practice import is_year, read_facts
from kb import vocabulary
from kb.practice import FIELDS
from kb.types import PlaceKind, PracticeFact
from tests.ingest import practices, texts
from tests.ingest.files import Slide, make_docx, make_pdf, make_pptx, make_text, read

ALL = [
    practices.polish_deck,
    practices.german_report,
    practices.latvian_pdf,
    practices.lithuanian_note,
    practices.english_page,
]


def record(path: Path) -> dict[str, list[PracticeFact]]:
    """The facts read from a file by field."""
    facts = read(path).facts.practice
    return {field: [fact for fact in facts if fact.field == field] for field in FIELDS}


def values(path: Path) -> dict[str, str]:
    """What the record says, as a table would show it; fields without a value are left out."""
    return {field: " | ".join(fact.value for fact in facts) for field, facts in record(path).items() if facts}


def said(*paragraphs: str, kind: PlaceKind = PlaceKind.SECTION, **own: str) -> dict[str, str]:
    """The record of paragraphs; one that begins with "# " is a heading."""
    blocks = tuple(
        Block(BlockKind.HEADING if text.startswith("# ") else BlockKind.TEXT, text.removeprefix("# "))
        for text in paragraphs
    )
    facts = read_facts(Extraction("txt", kind, blocks, **own), blocks, cut(blocks, kind)).practice
    return {fact.field: fact.value for fact in facts}


# --- whole documents


def test_a_polish_deck(tmp_path: Path) -> None:
    assert values(practices.polish_deck(tmp_path)) == {
        "title": "Wolontariat seniorów w Toruniu",
        "city": "torun",
        "country": "PL",
        "partner": "Urząd Miasta Torunia, Wydział Komunikacji Społecznej",
        "year": "2014-2016",
        "topics": "seniors | volunteering",
        "target_groups": "seniors",
        "problem": "Co trzeci senior nie wychodzi z domu. Nikt nie pytał ich o zdanie.",
        "solution": "Szkolimy seniorów na przewodników; Spotykamy się co tydzień",
        "resources": "Budżet miasta: 40 000 zł rocznie.",
        "results": "120 osób wróciło do aktywności. Powstały trzy kluby.",
        "contact": "www.torun.pl/seniorzy",
    }


def test_a_german_report_with_a_table_of_labels(tmp_path: Path) -> None:
    assert values(practices.german_report(tmp_path)) == {
        "title": "Sprachpaten für Geflüchtete",
        "city": "leipzig",
        "country": "DE",
        "partner": "Freiwilligenagentur Leipzig e.V.",
        "year": "2015-2018",
        "topics": "migration | volunteering | education",
        "target_groups": "migrants | children",
        "problem": "Wer neu in der Stadt ist, findet lange niemanden zum Reden. Kurse allein genügen nicht.",
        "solution": "Freiwillige treffen sich einmal in der Woche mit einer Familie. Eine Fachkraft begleitet sie.",
        "resources": "Das Land zahlt eine halbe Stelle, die Stadt die Räume.",
        "results": "Nach drei Jahren gab es 200 Patenschaften.",
        "contact": "https://sprachpaten.example/leipzig",
    }


def test_a_latvian_pdf(tmp_path: Path) -> None:
    found = values(practices.latvian_pdf(tmp_path))
    assert found | {"year": ""} == {
        "title": "Jauniešu brīvprātīgie Daugavpilī",
        "city": "daugavpils",
        "country": "LV",
        "partner": "Daugavpils pilsētas dome",
        "year": "",
        "topics": "youth | volunteering",
        "target_groups": "young-people | volunteers",
        "problem": "Jaunieši pēc skolas aizbrauc no pilsētas, jo neredz, ka ir tai vajadzīgi. Daudzi neatgriežas.",
        "solution": "Katrā skolā strādā viens koordinators, kurš jauniešiem piedāvā uzdevumus svētkos un muzejos.",
        "resources": "Pašvaldība katru gadu piešķir divpadsmit tūkstošus eiro, un vēl trīs tūkstošus dod uzņēmumi.",
        "results": "Trīs gadu laikā darbā iesaistījās četri simti jauniešu, un katrs desmitais kļuva par vadītāju.",
        "contact": "www.daugavpils.example/jauniesi",
    }


def test_a_lithuanian_note_without_headings(tmp_path: Path) -> None:
    assert values(practices.lithuanian_note(tmp_path)) == {
        "title": "Kauno kaimynų pagalba",
        "city": "kaunas",
        "country": "LT",
        "partner": "Kauno miesto savivaldybė",
        "year": "2017",
        "target_groups": "seniors | lonely",
        "problem": "Kas penktas senjoras gyvena vienas ir savaitėmis su niekuo nekalba.",
        "solution": "Savanoriai kasdien skambina; Kaimynai atneša pirkinius",
        "results": "Per metus padėta trims šimtams žmonių.",
    }


def test_an_english_page_in_the_words_of_european_templates(tmp_path: Path) -> None:
    assert values(practices.english_page(tmp_path)) == {
        "title": "Participatory budgeting in Riga",
        "city": "riga",
        "country": "LV",
        "topics": "participation",
        "target_groups": "residents",
        "problem": "Few residents felt that the city listened to what they need in their street.",
        "solution": "Every district votes on ideas of its residents. The five best are built within two years.",
        "resources": "Half a million euros a year and three people in the city council.",
        "results": "Forty thousand residents voted in the third year, four times as many.",
        "contact": "https://riga.example/budget",
    }


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_fact_stands_at_the_place_of_a_passage_and_its_words_are_there(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    reading = read(make(tmp_path))
    places = {passage.place for passage in reading.cut.passages}
    shown = [fact for fact in reading.facts.practice if fact.words]
    assert len(shown) >= 8
    for fact in shown:
        assert fact.place in places
        assert fact.words in reading.cut.text
        assert 0 < fact.confidence <= 1


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_the_record_and_the_search_filters_agree(make: Callable[[Path], Path], tmp_path: Path) -> None:
    facts = read(make(tmp_path)).facts
    in_record = {fact.field: fact.value for fact in facts.practice}
    assert (facts.title, facts.city and facts.city.value, facts.country and facts.country.value) == (
        in_record["title"],
        in_record["city"],
        in_record["country"],
    )


def test_facts_name_the_slide_or_page_on_which_they_stand(tmp_path: Path) -> None:
    deck, pages = record(practices.polish_deck(tmp_path)), record(practices.latvian_pdf(tmp_path))
    assert [
        deck[field][0].place.label for field in ("partner", "problem", "results", "contact") if deck[field][0].place
    ] == [
        "slide 1",
        "slide 2",
        "slide 5",
        "slide 6",
    ]
    assert [pages[field][0].place.label for field in ("problem", "resources") if pages[field][0].place] == [
        "page 1",
        "page 2",
    ]


# --- empty when unsure


@pytest.mark.parametrize("text", [texts.EN, texts.PL, texts.DE, texts.LV, texts.LT])
def test_an_article_without_headings_has_no_guessed_sections(text: str, tmp_path: Path) -> None:
    assert set(values(make_text(tmp_path / "a.txt", text))) <= {"topics", "target_groups"}


def test_an_item_of_a_price_list_is_no_field_of_a_record() -> None:
    assert "resources" not in said("# First aid course", texts.EN, "Costs: 20 euros for each helper.")


def test_a_step_of_a_list_is_no_field_of_a_record() -> None:
    found = said(
        "# Posmi", "City: Riga", "5. Īstenošana: pašvaldība projektu plāno.", "6. Rezultāti: tos publisko visi."
    )
    assert {"solution", "results"} & set(found) == set()


def test_challenges_after_the_results_are_not_the_problem() -> None:
    found = said(
        "# Our work", "# Results", "We reached all of them in a year.", "# Challenges", "The summer was too hot."
    )
    assert "problem" not in found


def test_a_long_section_is_cut_between_sentences() -> None:
    found = said("# Our work", "# Results", texts.EN, texts.EN_MORE)
    assert found["results"].startswith("The city council thanks")
    assert found["results"].endswith(".")
    assert 400 < len(found["results"]) <= 600


# --- the country, and cities that are only mentioned


def test_the_people_of_a_country_are_not_where_the_practice_is() -> None:
    found = said(
        "# Brīvprātīgo atbalsts Ukrainas iedzīvotājiem",
        "Ukrainas iedzīvotāji mūsu pilsētā mācās valodu. " + texts.LV,
        "Ukrainas bērni iet skolā, un viņu vecāki meklē darbu.",
    )
    assert ("country" in found, found["target_groups"]) == (False, "migrants")


def test_where_an_idea_came_from_is_not_where_the_practice_is() -> None:
    story = "Līdzdalības budžets radās Porto Alegre pilsētā. Porto Alegre to sāka 1989. gadā."
    found = said("# Līdzdalības budžets", texts.LV, story, texts.LV, texts.LV, texts.LV, "# Latvijā", texts.LV)
    assert "city" not in found
    assert found["country"] == "LV"


def test_a_city_abroad_counts_when_the_title_names_it() -> None:
    assert said("# Ko mēs redzējām Toruņā", texts.LV, texts.LV)["city"] == "torun"


def test_examples_in_a_long_guide_are_not_its_city() -> None:
    assert "city" not in said(
        "# Leitfaden", *[texts.DE] * 40, "In Berlin gibt es eine Karte.", "In Berlin gilt sie lange.", *[texts.DE] * 20
    )


@pytest.mark.parametrize("label", ["City", "Miasto", "Stadt", "Pilsēta", "Miestas"])
def test_a_label_outweighs_what_the_text_mentions(label: str) -> None:
    found = said(
        "# Vilnius and Warsaw meet", f"{label}: Liepāja", "Vilnius sent ten helpers and Vilnius paid for them."
    )
    assert (found["city"], found["country"]) == ("liepaja", "LV")


# --- partner


@pytest.mark.parametrize(
    ("line", "partner"),
    [
        ("Stadtverwaltung Rostock", "Stadtverwaltung Rostock"),
        ("Fundacja „Dobry Dzień”, Gdańsk", "Fundacja „Dobry Dzień”"),
        ("Vilniaus miesto savivaldybė", "Vilniaus miesto savivaldybė"),
        ("VšĮ „Gerumo centras“", "VšĮ „Gerumo centras“"),
        ("Biedrība „Palīdzīgā roka”", "Biedrība „Palīdzīgā roka”"),
        ("City Council of Warsaw, 12 April 2016", "City Council of Warsaw"),
        ("Bürger helfen Bürgern Dresden e.V.", "Bürger helfen Bürgern Dresden e.V."),
        ("Skaidrės savivaldybių darbuotojams", None),
        ("Foliensatz für Stadtverwaltungen und Vereine", None),
        ("Prezentacja dla urzędu miasta", None),
        ("Vārds Uzvārds", None),
        ("The city council of Warsaw has paid for this.", None),
    ],
)
def test_the_partner_is_an_organisation_on_the_first_slide(line: str, partner: str | None, tmp_path: Path) -> None:
    path = make_pptx(tmp_path / "a.pptx", [Slide("Volunteers", [line, "12 April"]), Slide("More", [texts.EN])])
    assert values(path).get("partner") == partner


@pytest.mark.parametrize(
    ("said_by", "partner"),
    [
        ("Partner: Caritas", "Caritas"),
        ("Träger: Stadt Leipzig, Frau Vorname Nachname", "Stadt Leipzig"),
        ("Prezentuje: Imię Nazwisko, Urząd Miasta Torunia", "Urząd Miasta Torunia"),
        ("Partneris: Vārds Uzvārds", None),
        ("Presented by: Dr Name Surname", None),
        ("Organisation: first.last@city.example", None),
    ],
)
def test_the_partner_is_never_a_person(said_by: str, partner: str | None) -> None:
    assert said("# Helpers", said_by, texts.EN).get("partner") == partner


# --- year


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("Year: 2016", "2016"),
        ("Okres realizacji: 2014–2016", "2014-2016"),
        ("Laufzeit: Januar 2015 bis 2018", "2015-2018"),
        ("Īstenošanas laiks: 2014. līdz 2016. gads", "2014-2016"),
        ("Laikotarpis: 2014 / 2016", "2014-2016"),
        ("Period: 2016-2014", None),
        ("Years: 2014, 2017 and 2019", None),
        ("Dz.U. 2003 nr 96", None),
    ],
)
def test_the_year_behind_a_label(line: str, year: str | None) -> None:
    assert said("# Helpers", texts.EN, texts.EN, texts.EN, texts.EN, texts.EN, line).get("year") == year


def test_the_file_s_own_date_is_the_least_sure_year(tmp_path: Path) -> None:
    (fact,) = record(make_pdf(tmp_path / "a.pdf", [[texts.EN]]))["year"]
    assert (fact.value, fact.words, fact.place, fact.confidence) == ("2019", "", None, 0.3)


def test_a_year_in_the_title_is_surer_than_the_file_s(tmp_path: Path) -> None:
    (fact,) = record(make_pdf(tmp_path / "a.pdf", [["# Volunteers 2016", texts.EN]]))["year"]
    assert (fact.value, fact.words, fact.confidence) == ("2016", "2016", 0.8)


@pytest.mark.parametrize("text", ["2016", "2014-2016", "1999-2001"])
def test_years_as_the_record_holds_them(text: str) -> None:
    assert is_year(text)


@pytest.mark.parametrize("text", ["", "16", "2016-06", "2016-2014", "2016-06-28", "20160", "1850"])
def test_what_is_no_year(text: str) -> None:
    assert not is_year(text)


# --- contact


def test_a_mail_address_or_a_telephone_number_is_never_kept() -> None:
    found = said("# Helpers", texts.EN, "Contact: Name Surname, name.surname@city.example, +48 600 000 000")
    assert "contact" not in found
    assert not any("@" in value or "600" in value for value in found.values())


def test_a_label_names_the_contact_even_without_https() -> None:
    assert (
        said("# Helfer", texts.DE, "Kontakt: rathaus@stadt.de oder stadt.de/ehrenamt.")["contact"]
        == "stadt.de/ehrenamt"
    )


def test_the_page_s_own_address_is_its_contact() -> None:
    assert said("# Helpers", texts.EN, url="https://city.example/a")["contact"] == "https://city.example/a"


# --- topics and target groups


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Jak motywować wolontariuszy i im dziękować", {"volunteering", "recognition"}),
        ("Bürgerhaushalt und Bürgerrat in der Praxis", {"participation"}),
        ("Civilā aizsardzība un brīvprātīgie ugunsdzēsēji", {"safety", "volunteering"}),
        ("Savanoriai su negalia mokyklose", {"volunteering", "disability", "education"}),
        ("Measuring volunteering and funding it", {"volunteering", "evaluation", "funding"}),
        ("Szkolenie koordynatorów", {"training", "coordination"}),
        ("Verslo savanorystė", {"business", "volunteering"}),
        ("Talka parkā un klimats", {"environment"}),
        ("A walk through the town", set()),
    ],
)
def test_topics_of_a_title_in_any_inflection(title: str, topics: set[str], tmp_path: Path) -> None:
    found = record(
        make_docx(tmp_path / "a.docx", lambda document: document.add_heading(title, 1) and None, title=title)
    )
    assert {fact.value for fact in found["topics"]} == topics


def test_every_topic_and_group_has_its_name_and_terms_in_five_languages() -> None:
    for known in (vocabulary.topics(), vocabulary.target_groups()):
        for concept in known.values():
            assert [language for language, name in concept.names if name] == ["en", "pl", "de", "lv", "lt"]
            assert all(all(terms) for _, terms in concept.terms)
            assert {vocabulary.resolve(known, name) for _, name in concept.names} == {concept}


# --- whatever a file holds


_TEXT = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            "Partner: ",
            "Problem",
            "City: | |",
            "Year: 2016–",
            ":",
            "www.",
            "# 5.",
            "Contact: @",
            "Rezultāti:",
            "2014-",
            "„“",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)), _TEXT, st.integers(0, 3)), max_size=8), st.text(max_size=30)
)
def test_no_text_makes_a_file_fail(rows: list[tuple[BlockKind, str, int]], title: str) -> None:
    blocks = tuple(Block(kind, text.strip(), number) for kind, text, number in rows if text.strip())
    for place in (PlaceKind.SLIDE, PlaceKind.SECTION):
        document = cut(blocks, place)
        facts = read_facts(Extraction("txt", place, blocks, title=title), blocks, document).practice
        assert {fact.place for fact in facts if fact.place} <= {passage.place for passage in document.passages}
        assert all(fact.value and fact.field in FIELDS for fact in facts)
