"""Sidecar files: what a person knows better than the document wins, and mistakes are named."""

from pathlib import Path

import pytest

from ingest import sidecar
from ingest.practice import Facts
from ingest.sidecar import BadSidecar
from kb.practice import FIELDS, facts_of
from kb.types import Evidence, Place, PlaceKind, PracticeFact
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.files import make_pdf, make_text

READ = Facts(
    title="Read title",
    city=Evidence("vilnius", "Vilniuje"),
    country=Evidence("LT", "Vilniuje"),
    dates=(Evidence("2010-01-01", "2010-01-01"),),
    urls=("https://read.example",),
)


def said(path: Path, yaml: str) -> Facts:
    """READ, overridden by a sidecar."""
    return sidecar.override(READ, make_text(path / "report.pdf.yaml", yaml))


def values(facts: Facts) -> dict[str, object]:
    return {
        "title": facts.title,
        "city": facts.city.value if facts.city else None,
        "country": facts.country.value if facts.country else None,
        "dates": [date.value for date in facts.dates],
        "urls": list(facts.urls),
    }


@pytest.mark.parametrize(
    ("yaml", "changed"),
    [
        ("title: Kā Toruņa pateicas", {"title": "Kā Toruņa pateicas"}),
        ("title: 2016", {"title": "2016"}),
        ("city: Toruń", {"city": "torun", "country": "PL"}),
        ("city: Torunėje", {"city": "torun", "country": "PL"}),
        ("city: torun", {"city": "torun", "country": "PL"}),
        ("city:", {"city": None}),
        ("country: Polska", {"country": "PL"}),
        ("country: LV", {"country": "LV"}),
        ("country:", {"country": None}),
        ("city: Riga\ncountry: DE", {"city": "riga", "country": "DE"}),
        ("date: 2016-06-28", {"dates": ["2016-06-28"]}),
        ("date: 2016", {"dates": ["2016"]}),
        ("dates: [2016, 2017-05-04]", {"dates": ["2016", "2017-05-04"]}),
        ("dates: []", {"dates": []}),
        ("url: https://example.org", {"urls": ["https://example.org"]}),
        ("urls: [https://a.example, https://b.example]", {"urls": ["https://a.example", "https://b.example"]}),
        ("# nothing but a note", {}),
        ("", {}),
    ],
)
def test_each_field_overrides_what_was_read_and_the_rest_stays(
    yaml: str, changed: dict[str, object], tmp_path: Path
) -> None:
    assert values(said(tmp_path, yaml)) == values(READ) | changed


def test_the_evidence_names_the_sidecar(tmp_path: Path) -> None:
    facts = said(tmp_path, "city: Liepāja\ndate: 2016")
    assert facts.city == Evidence("liepaja", "sidecar report.pdf.yaml")
    assert facts.country == Evidence("LV", "sidecar report.pdf.yaml")
    assert facts.dates == (Evidence("2016", "sidecar report.pdf.yaml"),)


@pytest.mark.parametrize(
    ("yaml", "complaint"),
    [
        ("title: [unclosed", "not readable as YAML"),
        ("title: a: b", "not readable as YAML"),
        ("just some words", "must hold lines such as `title: ...`"),
        ("- title: x", "must hold lines such as `title: ...`"),
        ("tittle: Typing error", "unknown field tittle; known are title, city, country, partner"),
        ("date: 2016-02-30", "day is out of range"),
        ("date: sometime in spring", "date"),
    ],
)
def test_mistakes_are_named_with_the_file(yaml: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(BadSidecar) as refusal:
        said(tmp_path, yaml)
    assert "report.pdf.yaml" in str(refusal.value)
    assert complaint in str(refusal.value)


def test_a_sidecar_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSidecar, match="not readable as YAML"):
        sidecar.override(READ, make_text(tmp_path / "a.yaml", "title: Żółć", "cp1250"))


def test_yaml_that_would_run_code_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    with pytest.raises(BadSidecar):
        said(tmp_path, f'title: !!python/object/apply:os.system ["touch {trap}"]')
    assert not trap.exists()


@pytest.mark.parametrize("name", ["plan.pdf.yaml", "plan.pdf.yml", "plan.yaml", "plan.yml"])
def test_a_sidecar_lies_beside_its_file(name: str, tmp_path: Path) -> None:
    make_text(tmp_path / name, "title: x")
    assert sidecar.find(tmp_path / "plan.pdf") == tmp_path / name
    assert sidecar.find(tmp_path / "other.pdf") is None


def test_the_sidecar_with_the_whole_name_comes_first(tmp_path: Path) -> None:
    make_text(tmp_path / "plan.yaml", "title: for all plans")
    make_text(tmp_path / "plan.pdf.yaml", "title: for this one")
    assert sidecar.find(tmp_path / "plan.pdf") == tmp_path / "plan.pdf.yaml"
    assert sidecar.find(tmp_path / "plan.docx") == tmp_path / "plan.yaml"


# --- in the pipeline


def test_adding_changing_and_removing_a_sidecar_updates_the_document(base: Base, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "plan.pdf", [[texts.EN]], title="Own title")
    beside = tmp_path / "plan.pdf.yaml"
    seen = []
    for yaml in (None, "title: Thanks in Cēsis\ncity: Cēsis", "title: Thanks in Toruń\ncity: Toruń", None):
        if yaml:
            make_text(beside, yaml)
        else:
            beside.unlink(missing_ok=True)
        status = base.one(path).status
        document = base.document(path)
        seen.append((status, document.title, document.city and document.city.value))
        assert base.one(path).status == "unchanged"
    assert seen == [
        ("added", "Own title", None),
        ("updated", "Thanks in Cēsis", "cesis"),
        ("updated", "Thanks in Toruń", "torun"),
        ("updated", "Own title", None),
    ]


@pytest.mark.parametrize("yaml", ["tittle: x", "date: 2016-02-30", "[" * 5000], ids=["field", "no such day", "nesting"])
def test_a_bad_sidecar_refuses_its_file_only_and_the_earlier_version_stays(
    yaml: str, base: Base, tmp_path: Path
) -> None:
    path = make_text(tmp_path / "a.txt", texts.PL)
    make_text(tmp_path / "b.txt", texts.DE)
    base.one(path)
    make_text(tmp_path / "a.txt.yaml", yaml)
    reports = base.ingest(tmp_path)
    assert {name: report.status for name, report in reports.items()} == {"a.txt": "refused", "b.txt": "added"}
    assert "a.txt.yaml" in reports["a.txt"].reason
    assert "stays searchable" in reports["a.txt"].reason
    assert base.texts(path) == [texts.PL]


# --- the practice record

PAGE_2 = Place(PlaceKind.PAGE, 2)
RECORD = Facts(
    title="Read title",
    city=Evidence("vilnius", "Vilniuje"),
    country=Evidence("LT", "Vilniuje"),
    dates=(),
    urls=(),
    practice=(
        PracticeFact("title", "Read title", "Read title", PAGE_2, 0.9),
        PracticeFact("city", "vilnius", "Vilniuje", PAGE_2, 0.6),
        PracticeFact("country", "LT", "Vilniuje", PAGE_2, 0.6),
        PracticeFact("topics", "youth", "jaunimas", PAGE_2, 0.8),
        PracticeFact("topics", "sport", "sportas", PAGE_2, 0.7),
        PracticeFact("problem", "Nobody came.", "Problema", PAGE_2, 0.8),
    ),
)


def record(tmp_path: Path, yaml: str) -> dict[str, list[str]]:
    """The values of RECORD, overridden by a sidecar, by field."""
    facts = sidecar.override(RECORD, make_text(tmp_path / "report.pdf.yaml", yaml)).practice
    return {field: [fact.value for fact in facts if fact.field == field] for field in FIELDS}


@pytest.mark.parametrize(
    ("yaml", "field", "stored"),
    [
        ("title: Our title", "title", ["Our title"]),
        ("city: Toruń", "city", ["torun"]),
        ("city: Toruń", "country", ["PL"]),
        ("country: Łotwa", "country", ["LV"]),
        ("partner: City of Vilnius", "partner", ["City of Vilnius"]),
        ("year: 2016", "year", ["2016"]),
        ("year: 2014–2016", "year", ["2014-2016"]),
        ("topics: recognition", "topics", ["recognition"]),
        ("topics: [Jugend, wolontariat, Jaunatne]", "topics", ["youth", "volunteering"]),
        ("topics: Seniorzy, Sportas", "topics", ["seniors", "sport"]),
        (
            "target_groups: Migrantinnen, Migranten und Geflüchtete",
            "target_groups",
            ["migrants"],
        ),
        ("target_groups: [seniors, Vieniši žmonės]", "target_groups", ["seniors", "lonely"]),
        ("problem: |\n  Two lines\n  of text.", "problem", ["Two lines of text."]),
        ("solution: We asked.", "solution", ["We asked."]),
        ("resources: 400", "resources", ["400"]),
        ("results: Many came.", "results", ["Many came."]),
        ("contact: https://vilnius.example/a", "contact", ["https://vilnius.example/a"]),
        ("problem:", "problem", []),
        ("topics: []", "topics", []),
        ("topics:", "topics", []),
        ("title:", "title", []),
    ],
)
def test_a_field_of_the_record_is_what_the_person_says(
    yaml: str, field: str, stored: list[str], tmp_path: Path
) -> None:
    assert record(tmp_path, yaml)[field] == stored


def test_fields_that_the_sidecar_leaves_out_stay_as_they_were_read(tmp_path: Path) -> None:
    assert record(tmp_path, "partner: City of Vilnius") == record(tmp_path, "") | {"partner": ["City of Vilnius"]}


def test_a_person_s_word_is_certain_and_stands_nowhere_in_the_document(tmp_path: Path) -> None:
    facts = sidecar.override(RECORD, make_text(tmp_path / "report.pdf.yaml", "problem: Too few came."))
    assert PracticeFact("problem", "Too few came.", "", None, 1.0) in facts.practice


def test_the_record_and_the_filters_stay_in_agreement(tmp_path: Path) -> None:
    facts = sidecar.override(RECORD, make_text(tmp_path / "report.pdf.yaml", "title: Ours\ncity:\ncountry: DE"))
    assert (facts.title, facts.city, facts.country and facts.country.value) == ("Ours", None, "DE")
    assert {fact.field: fact.value for fact in facts.practice if fact.field in {"title", "city", "country"}} == {
        "title": "Ours",
        "country": "DE",
    }


@pytest.mark.parametrize(
    ("yaml", "complaint"),
    [
        ("topics: Sport, Gärtnern", "unknown topic Gärtnern; known are volunteering,"),
        ("topics: gardening", "unknown topic gardening; known are volunteering,"),
        ("target_groups: [seniors, cats]", "unknown target group cats; known are residents,"),
        ("year: 2016-06-28", "has the year 2016-06-28: write it as 2016 or 2014-2016"),
        ("year: 2016-2014", "write it as 2016 or 2014-2016"),
        ("contact: first.last@city.example", "write the address of a web page"),
        ("contact: +48 600 000 000", "write the address of a web page"),
        ("title: [a, b]", "has more than one title"),
        ("problem: {a: b}", "has more than one problem"),
        ("urls: [[a, b]]", "has lists within urls"),
    ],
)
def test_values_that_a_field_cannot_have_are_named(yaml: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(BadSidecar) as refusal:
        record(tmp_path, yaml)
    assert complaint in str(refusal.value)
    assert "report.pdf.yaml" in str(refusal.value)


def test_a_sidecar_of_comments_only_counts_as_none(tmp_path: Path) -> None:
    make_text(tmp_path / "plan.pdf.yaml", "\ufeff# title: x\n\n   # city: Toruń\n")
    assert sidecar.find(tmp_path / "plan.pdf") is None
    make_text(tmp_path / "plan.yaml", "title: x")
    assert sidecar.find(tmp_path / "plan.pdf") == tmp_path / "plan.yaml"


def test_a_person_s_record_is_stored(base: Base, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "plan.pdf", [[texts.EN]])
    make_text(tmp_path / "plan.pdf.yaml", "partner: City of Cēsis\ntopics: [Sports]\n")
    base.one(path)
    facts = facts_of(base.kb.store, base.document(path).id)
    assert [(fact.field, fact.value, fact.confidence) for fact in facts if fact.confidence == 1] == [
        ("partner", "City of Cēsis", 1.0),
        ("topics", "sport", 1.0),
    ]
