"""The interface's texts are whole in all five languages."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kb.types import Place, PlaceKind
from ui.texts import NAMES, preferred, texts

UI = Path(__file__).parents[2] / "ui"
FILES = sorted(path.name for path in (UI / "locales" / "en").glob("*.yaml"))
OTHERS = sorted(set(NAMES) - {"en"})
SAME = {
    *(("format", "pl"), ("filter_format", "pl"), ("filter_format", "de"), ("paragraph", "lt")),
}
"""Words that happen to be the same as in English."""


def entries(code: str, file: str) -> dict[str, object]:
    found = yaml.safe_load((UI / "locales" / code / file).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def forms(text: object) -> Iterator[str]:
    yield from (str(form) for form in text.values()) if isinstance(text, dict) else [str(text)]


def fields(text: object) -> set[str]:
    return {field for form in forms(text) for _, field, _, _ in string.Formatter().parse(form) if field}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("code", OTHERS)
def test_every_text_exists_in_every_language_and_none_is_left_in_english(code: str, file: str) -> None:
    english, other = entries("en", file), entries(code, file)
    assert list(other) == list(english)
    left = {key for key in english if other[key] == english[key] and (key, code) not in SAME}
    assert {key for key in left if any(letters(form) for form in forms(english[key]))} == set()


def letters(form: str) -> str:
    """What of a text is words, its placeholders left out."""
    return re.sub(r"\{\w+\}|[\W\d_]", "", form)


@pytest.mark.parametrize("code", list(NAMES))
def test_a_plural_has_the_forms_its_language_needs_and_no_others(code: str) -> None:
    found = texts(code)
    wanted = {found.locale.plural_form(number) for number in range(200)} | {"other"}
    wrong = {
        key: set(plural) ^ wanted
        for key, plural in found.plurals.items()
        if set(plural) - {"many"} != wanted - {"many"}
    }
    assert wrong == {}
    assert [key for key in found.plurals if found.count(key, 1) == found.count(key, 25) == ""] == []


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_the_placeholders(code: str, file: str) -> None:
    other = entries(code, file)
    assert {key: fields(text) for key, text in other.items()} == {
        key: fields(text) for key, text in entries("en", file).items()
    }


def test_every_text_that_a_page_asks_for_exists_and_every_text_is_asked_for() -> None:
    code = "\n".join(path.read_text("utf-8") for path in UI.rglob("*.py"))
    known = {*texts("en").entries, *texts("en").plurals}
    asked = set(re.findall(r'texts\["(\w+)"\]', code)) | set(re.findall(r'texts\.count\("(\w+)"', code))
    assert asked - known == set()
    built = [
        re.compile(re.sub(r"\{[^}]*\}", r"\\w+", key) + "$") for key in re.findall(r'f"((?:\w|\{[\w.]+\})+)"', code)
    ]
    quoted = set(re.findall(r'"(\w+)"', code))
    kinds = {kind.value for kind in PlaceKind}
    unused = {key for key in known - quoted - kinds if not any(pattern.match(key) for pattern in built)}
    assert unused == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "slide 7"), ("pl", "slajd 7"), ("de", "Folie 7"), ("lv", "7. slaids"), ("lt", "7 skaidrė")],
)
def test_a_place_is_named_as_its_readers_name_it(code: str, expected: str) -> None:
    assert texts(code).place(Place(PlaceKind.SLIDE, 7, "Title")) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["1 document", "2 documents", "5 documents", "22 documents", "1,000 documents"]),
        ("de", ["1 Dokument", "2 Dokumente", "5 Dokumente", "22 Dokumente", "1.000 Dokumente"]),
        ("pl", ["1 dokument", "2 dokumenty", "5 dokumentów", "22 dokumenty", "1 000 dokumentów"]),
        ("lv", ["1 dokuments", "2 dokumenti", "5 dokumenti", "22 dokumenti", "1 000 dokumentu"]),
        ("lt", ["1 dokumentas", "2 dokumentai", "5 dokumentai", "22 dokumentai", "1 000 dokumentų"]),
    ],
)
def test_numbers_take_the_plural_and_the_grouping_of_the_language(code: str, expected: list[str]) -> None:
    found = [texts(code).count("n_documents", number) for number in (1, 2, 5, 22, 1000)]
    assert [text.replace("\u00a0", " ") for text in found] == expected


@pytest.mark.parametrize(
    ("code", "day", "month"),
    [
        ("en", "28 June 2016", "June 2016"),
        ("de", "28. Juni 2016", "Juni 2016"),
        ("pl", "28 czerwca 2016", "czerwiec 2016"),
        ("lv", "2016. gada 28. jūnijs", "2016. g. jūnijs"),
        ("lt", "2016 m. birželio 28 d.", "2016 m. birželis"),
    ],
)
def test_dates_read_as_they_are_written_in_the_language(code: str, day: str, month: str) -> None:
    found = texts(code)
    assert (found.date("2016-06-28"), found.date("2016")) == (day, "2016")
    assert found.date("2016-06").startswith(month[:9])
    assert found.date("someday") == "someday"


def test_a_browser_in_another_language_gets_english() -> None:
    assert [preferred(locale) for locale in ("lv-LV", "pl", "fr-FR", None)] == ["lv", "pl", "en", "en"]
