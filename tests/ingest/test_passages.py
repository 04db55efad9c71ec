"""Passages: whole sentences of one place, long enough to understand and short enough to read."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ingest.extract.base import Block, BlockKind
from ingest.passages import MOST_WORDS, Cut, cut
from kb.types import PlaceKind
from tests.ingest import texts
from tests.ingest.files import Slide, found, make_docx, make_pdf, make_pptx, make_text, read
from tests.ingest.test_extract import CASES, Case

LONG = " ".join(
    f"Group {number} meets in the library of the town, plans the next event and shares the work among its members."
    for number in range(1, 61)
)


def sections(*pairs: tuple[str, str]) -> Cut:
    """Sections of a heading and one paragraph."""
    blocks = [
        block
        for heading, text in pairs
        for block in (Block(BlockKind.HEADING, heading), Block(BlockKind.TEXT, text))
        if block.text
    ]
    return cut(blocks, PlaceKind.SECTION)


def words_in(text: str) -> int:
    return len(text.split())


def sentence_texts(made: Cut) -> list[str]:
    return [made.text[s.start : s.end] for passage in made.passages for s in passage.sentences]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_passage_and_sentence_lies_where_its_span_says(case: Case, tmp_path: Path) -> None:
    reading = read(case.make(tmp_path / case.name))
    position = 0
    for passage in reading.cut.passages:
        spans = passage.sentences
        assert position <= passage.span.start == spans[0].start
        assert passage.span.end == spans[-1].end
        assert all(before.end <= after.start for before, after in pairwise(spans))
        for span in (passage.span, *spans):
            piece = reading.cut.text[span.start : span.end]
            assert piece == piece.strip() != ""
        position = passage.span.end


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_but_headings_lies_outside_the_passages(case: Case, tmp_path: Path) -> None:
    reading = read(case.make(tmp_path / case.name))
    rest = reading.cut.text
    for passage in reversed(reading.cut.passages):
        for span in reversed(passage.sentences):
            rest = rest[: span.start] + rest[span.end :]
    headings = {block.text for block in reading.blocks if block.kind is BlockKind.HEADING}
    assert {line for line in rest.splitlines() if line.strip()} <= headings


def test_passages_of_a_long_section_have_80_to_200_words_and_whole_sentences() -> None:
    made = sections(("Groups", LONG))
    passages = [passage.text for passage in found(made)]
    assert [words_in(text) for text in passages if not 80 <= words_in(text) <= MOST_WORDS] == []
    assert " ".join(passages) == LONG
    assert [text for text in passages if not (text.startswith("Group ") and text.endswith("members."))] == []


@pytest.mark.parametrize("language", texts.BY_LANGUAGE)
def test_a_long_text_in_each_language_is_cut_between_sentences(language: str) -> None:
    whole = texts.sentences(texts.BY_LANGUAGE[language])
    made = sections(("2016", " ".join(whole * 8)))
    assert sentence_texts(made) == whole * 8
    assert [words_in(p.text) for p in found(made) if not 80 <= words_in(p.text) <= MOST_WORDS] == []


def test_a_passage_holds_at_most_200_words_even_where_sentences_are_long() -> None:
    sentence = "The council " + "and its partners " * 30 + "agree."
    assert max(words_in(p.text) for p in found(sections(("Agreement", " ".join([sentence] * 9))))) <= MOST_WORDS


def test_passages_never_cross_a_heading() -> None:
    made = sections(("Gala", "Ten people win."), ("Insurance", "One policy covers all."), ("Bus pass", "It is free."))
    assert [(p.label, p.text) for p in found(made)] == [
        ("section Gala", "Ten people win."),
        ("section Insurance", "One policy covers all."),
        ("section Bus pass", "It is free."),
    ]


def test_two_sections_of_the_same_name_stay_apart() -> None:
    made = sections(("Results", "The first year was good."), ("Results", "The second was better."))
    assert [(p.place.number, text.text) for p, text in zip(made.passages, found(made), strict=True)] == [
        (1, "The first year was good."),
        (2, "The second was better."),
    ]


def test_passages_never_cross_a_page_or_a_slide(tmp_path: Path) -> None:
    pages = make_pdf(tmp_path / "a.pdf", [["Short page one ends here."], ["Short page two ends here."]])
    slides = make_pptx(tmp_path / "a.pptx", [Slide("One", ["First bullet"]), Slide("Two", ["Second bullet"])])
    assert [(p.label, p.text) for p in read(pages).passages] == [
        ("page 1", "Short page one ends here."),
        ("page 2", "Short page two ends here."),
    ]
    assert [(p.label, p.heading, p.text) for p in read(slides).passages] == [
        ("slide 1", "One", "First bullet"),
        ("slide 2", "Two", "Second bullet"),
    ]


def test_a_slide_does_not_take_the_title_of_the_one_before(tmp_path: Path) -> None:
    deck = make_pptx(tmp_path / "a.pptx", [Slide("Gala", ["Ten people win"]), Slide("", ["A photo of the hall"])])
    assert [(p.label, p.heading) for p in read(deck).passages] == [("slide 1", "Gala"), ("slide 2", "")]


def test_a_slide_with_three_words_and_one_with_a_title_only_are_found(tmp_path: Path) -> None:
    slides = [Slide("", ["Wolontariat łączy pokolenia"]), Slide("Dziękujemy za uwagę"), Slide("Plan", ["Gala"])]
    assert [(p.label, p.text) for p in read(make_pptx(tmp_path / "a.pptx", slides)).passages] == [
        ("slide 1", "Wolontariat łączy pokolenia"),
        ("slide 2", "Dziękujemy za uwagę"),
        ("slide 3", "Gala"),
    ]


def test_a_heading_above_another_heading_is_found(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_heading("Report of the year", 0)
        document.add_paragraph("A short opening.")
        document.add_heading("Recognition of seniors", 1)
        document.add_heading("Gala", 2)
        document.add_paragraph("Ten people win.")

    text = read(make_docx(tmp_path / "a.docx", write)).text
    assert "Recognition of seniors" in text


def test_short_lines_on_a_page_are_all_found(tmp_path: Path) -> None:
    lines = ["Motivation", "A gala in December", "A free pass for all buses", "An insurance policy for every helper"]
    reading = read(make_pdf(tmp_path / "a.pdf", [lines]))
    assert [line for line in lines if line not in reading.text] == []


def test_a_table_without_full_stops_is_cut_between_words() -> None:
    cells = " ".join(f"district{number} {number}" for number in range(1, 1200))
    made = sections(("Figures", cells))
    assert max(words_in(p.text) for p in found(made)) <= MOST_WORDS
    assert " ".join(sentence_texts(made)) == cells


def test_a_word_of_ten_thousand_letters_is_kept_and_bounded() -> None:
    made = sections(("Address", "Before. " + "x" * 10_000 + " After."))
    assert "".join(sentence_texts(made)).count("x") == 10_000
    assert "After." in found(made)[-1].text


def test_table_rows_stay_on_lines_of_their_own() -> None:
    rows = [
        Block(BlockKind.ROW, "Year | Helpers"),
        Block(BlockKind.ROW, "2015 | 120"),
        Block(BlockKind.ROW, "2016 | 240"),
    ]
    assert [p.text for p in found(cut(rows, PlaceKind.SECTION))] == ["Year | Helpers\n2015 | 120\n2016 | 240"]


def test_list_items_stay_on_lines_of_their_own() -> None:
    blocks = [
        Block(BlockKind.TEXT, "The council gives:"),
        Block(BlockKind.ITEM, "a badge"),
        Block(BlockKind.ITEM, "a bus pass"),
        Block(BlockKind.TEXT, "Nobody pays."),
    ]
    (passage,) = found(cut(blocks, PlaceKind.SECTION))
    assert [line for line in passage.text.splitlines() if line] == [block.text for block in blocks]


@pytest.mark.parametrize(
    "sentence",
    [
        "Zgodnie z art. 42 ustawy z dnia 24 kwietnia 2003 r. korzystający zapewnia ubezpieczenie.",
        "Das Gesetz gilt nach Nr. 26 der Liste auch für ältere Freiwillige, z. B. im Theater.",
        "Likuma 3. pants nosaka, ka brīvprātīgais saņem apliecību 5 darba dienu laikā.",
        "Įstatymo Nr. XI-1500 nuostatos galioja visiems savanoriams.",
        "The rules of Dr. Green, e.g. on insurance, hold for No. 5 Market Street too.",
    ],
)
def test_abbreviations_do_not_end_sentences(sentence: str) -> None:
    assert sentence_texts(sections(("2016", f"{sentence} {sentence}"))) == [sentence, sentence]


def test_spans_count_code_points_beyond_the_basic_plane() -> None:
    made = sections(("Emoji", "Thanks 🎉🎉 to all. 𝔊𝔬𝔱𝔥𝔦𝔠 letters too. The end."))
    assert sentence_texts(made) == ["Thanks 🎉🎉 to all.", "𝔊𝔬𝔱𝔥𝔦𝔠 letters too.", "The end."]


def test_nothing_makes_no_passages(tmp_path: Path) -> None:
    assert cut([], PlaceKind.PAGE) == Cut("", ())
    assert read(make_text(tmp_path / "a.txt", "* * *\n\n---\n")).passages == []
