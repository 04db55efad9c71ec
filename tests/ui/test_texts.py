"""The interface's texts are whole in all five languages."""

import string

import pytest

from kb.types import Place, PlaceKind
from ui.texts import NAMES, preferred, texts

OTHERS = sorted(set(NAMES) - {"en"})
SAME_IN = {("format", "pl"), ("filter_format", "pl"), ("filter_format", "de"), ("paragraph", "lt")}
"""Words that happen to be the same as in English."""


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_exists_in_every_language_and_none_is_left_in_english(code: str) -> None:
    english, other = texts("en").entries, texts(code).entries
    assert list(other) == list(english)
    left = {key for key in english if other[key] == english[key] and (key, code) not in SAME_IN}
    assert left == set()


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_the_placeholders(code: str) -> None:
    def fields(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    english = texts("en").entries
    assert {key: fields(text) for key, text in texts(code).entries.items()} == {
        key: fields(text) for key, text in english.items()
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "slide 7"), ("pl", "slajd 7"), ("de", "Folie 7"), ("lv", "7. slaids"), ("lt", "7 skaidrė")],
)
def test_a_place_is_named_as_its_readers_name_it(code: str, expected: str) -> None:
    assert texts(code).place(Place(PlaceKind.SLIDE, 7, "Title")) == expected


def test_a_browser_in_another_language_gets_english() -> None:
    assert [preferred(locale) for locale in ("lv-LV", "pl", "fr-FR", None)] == ["lv", "pl", "en", "en"]
