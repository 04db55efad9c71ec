"""Each passage has one language, the one it is written in."""

from itertools import groupby
from pathlib import Path

import pytest

from ingest.language import Unit, expected_languages, sentence_languages
from tests.ingest import texts
from tests.ingest.files import Slide, make_docx, make_pdf, make_pptx, make_text, read


def languages(*sentences: str) -> list[str]:
    """The languages of the sentences of one paragraph."""
    return sentence_languages([Unit(sentence, at == 0) for at, sentence in enumerate(sentences)])


@pytest.mark.parametrize("language", texts.BY_LANGUAGE)
def test_a_document_in_one_language_has_that_one(language: str, tmp_path: Path) -> None:
    reading = read(make_text(tmp_path / "a.txt", texts.BY_LANGUAGE[language]))
    assert [(found.language, found.text) for found in reading.passages] == [(language, texts.BY_LANGUAGE[language])]


PAIRS = [("lv", "en"), ("lt", "en"), ("pl", "en"), ("de", "en"), ("lv", "lt"), ("lt", "lv"), ("pl", "de"), ("en", "lv")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("gap", ["\n\n", "\n", " "], ids=["blank line", "new line", "space"])
def test_an_article_and_its_version_in_another_language_fall_into_clean_halves(
    first: str, second: str, gap: str, tmp_path: Path
) -> None:
    before, after = texts.BY_LANGUAGE[first], texts.BY_LANGUAGE[second]
    reading = read(make_text(tmp_path / "a.txt", before + gap + after))
    assert [(found.language, found.text) for found in reading.passages] == [(first, before), (second, after)]


def test_two_languages_on_one_page_never_share_a_passage(tmp_path: Path) -> None:
    reading = read(make_pdf(tmp_path / "a.pdf", [[texts.LV, texts.EN], [texts.LT, texts.PL, texts.DE]]))
    assert [(found.label, found.language, found.text) for found in reading.passages] == [
        ("page 1", "lv", texts.LV),
        ("page 1", "en", texts.EN),
        ("page 2", "lt", texts.LT),
        ("page 2", "pl", texts.PL),
        ("page 2", "de", texts.DE),
    ]


def test_headings_between_the_versions_do_not_blur_them(tmp_path: Path) -> None:
    def write(document: object) -> None:
        for title, body in (("Pateicības vakars", texts.LV), ("Thank-you evening", texts.EN)):
            document.add_heading(title, 1)  # type: ignore[attr-defined]
            document.add_paragraph(body)  # type: ignore[attr-defined]

    reading = read(make_docx(tmp_path / "a.docx", write))
    assert [(found.heading, found.language) for found in reading.passages] == [
        ("Pateicības vakars", "lv"),
        ("Thank-you evening", "en"),
    ]


def test_a_foreign_sentence_of_its_own_paragraph_is_told_apart(tmp_path: Path) -> None:
    quote = "Ehrenamt ist das Herz unserer Stadt, und ohne die Freiwilligen bliebe vieles liegen."
    reading = read(make_text(tmp_path / "a.txt", f"{texts.PL}\n\n{quote}\n\n{texts.PL}"))
    assert [(found.language, found.text) for found in reading.passages] == [
        ("pl", texts.PL),
        ("de", quote),
        ("pl", texts.PL),
    ]


def test_a_foreign_sentence_inside_a_paragraph_does_not_tear_it_apart() -> None:
    polish, english = texts.sentences(texts.PL), texts.sentences(texts.EN)
    assert languages(*polish[:2], english[2], *polish[2:]) == ["pl"] * 5


def test_half_a_paragraph_in_another_language_is_told_apart() -> None:
    polish, english = texts.sentences(texts.PL), texts.sentences(texts.EN)
    assert languages(*polish[:2], *english[:4], *polish[2:]) == ["pl"] * 2 + ["en"] * 4 + ["pl"] * 2


def test_names_and_short_sentences_take_the_language_around_them() -> None:
    latvian = texts.sentences(texts.LV)
    assert languages(latvian[0], "Ventspils Daugavpils Toruń.", "2016.", "Nu, jā.", latvian[1]) == ["lv"] * 5


def test_english_names_in_another_language_change_nothing() -> None:
    german = texts.sentences(texts.DE)
    assert languages(german[0], "Hearts Open, People!", german[1]) == ["de"] * 3


def test_short_slides_inherit_the_language_of_the_deck(tmp_path: Path) -> None:
    slides = [
        Slide("Savanorystė mieste", texts.sentences(texts.LT)),
        Slide("Foto", ["Nr. 1"]),
        Slide("2016", ["Programa"]),
        Slide("Ačiū", ["Iki pasimatymo kitais metais mūsų mieste!"]),
    ]
    reading = read(make_pptx(tmp_path / "a.pptx", slides))
    assert {found.label: found.language for found in reading.passages} == dict.fromkeys(
        ["slide 1", "slide 2", "slide 3", "slide 4"], "lt"
    )


def test_a_deck_in_two_languages_has_both_slide_by_slide(tmp_path: Path) -> None:
    slides = [
        Slide("Wolontariat", texts.sentences(texts.PL)),
        Slide("Volunteering", texts.sentences(texts.EN)),
        Slide("Dziękujemy", ["Zapraszamy za rok do naszego miasta na kolejne spotkanie."]),
    ]
    found = read(make_pptx(tmp_path / "a.pptx", slides)).passages
    assert [(label, {p.language for p in group}) for label, group in groupby(found, key=lambda p: p.label)] == [
        ("slide 1", {"pl"}),
        ("slide 2", {"en"}),
        ("slide 3", {"pl"}),
    ]


def test_a_french_document_is_labelled_french(tmp_path: Path) -> None:
    reading = read(make_text(tmp_path / "a.txt", f"La soirée des bénévoles\n\n{texts.FR}"))
    assert [(found.language, found.text) for found in reading.passages] == [("fr", texts.FR)]


def test_languages_beyond_the_partners_need_a_long_piece() -> None:
    assert expected_languages("Merci beaucoup à tous les bénévoles.") == ("en", "pl", "de", "lv", "lt")
    assert expected_languages(texts.FR) == ("en", "pl", "de", "lv", "lt", "fr")


def test_the_same_text_gets_the_same_languages_every_time() -> None:
    rows = [
        languages("Program", *texts.sentences(texts.EN), "Vilnius 2016", *texts.sentences(texts.LT)) for _ in range(3)
    ]
    assert rows[0] == rows[1] == rows[2]


def test_nothing_has_no_language() -> None:
    assert sentence_languages([]) == []
