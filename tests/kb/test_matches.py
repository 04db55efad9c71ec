"""Why this hit: the words of a passage that stand for the words of the query, with their places."""

import unicodedata
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase, query_terms, views
from kb.matches import matches
from kb.types import Match
from tests.kb.drafts import add, draft, put


def met(query: str, asked_in: str, text: str, language: str) -> list[Match]:
    """The matches worth showing; every one must lie where it says."""
    found = matches(query_terms.analyse(query, (asked_in,), 64), text, language)
    for match in found:
        assert text[match.span.start : match.span.end] == match.passage
        assert match.query in query
        assert 0 < match.share <= 1
    assert list(found) == sorted(found, key=lambda match: match.span.start)
    return [match for match in found if match.likely]


def pairs(query: str, asked_in: str, text: str, language: str) -> list[tuple[str, str]]:
    return [(match.query, match.passage) for match in met(query, asked_in, text, language)]


def test_a_word_meets_its_translation_as_it_is_written() -> None:
    text = "Pilsēta sveic brīvprātīgos, un Brīvprātīgie priecājas."
    found = met("volunteers", "en", text, "lv")
    assert [(match.query, match.passage, match.span.start) for match in found] == [
        ("volunteers", "brīvprātīgos", text.index("brīvprātīgos")),
        ("volunteers", "Brīvprātīgie", text.index("Brīvprātīgie")),
    ]


@pytest.mark.parametrize(
    ("query", "asked_in", "text", "language", "expected"),
    [
        ("how to insure volunteers", "en", "Ubezpieczamy wolontariuszy.", "pl", [("volunteers", "wolontariuszy")]),
        ("volunteers", "en", "Wir danken den Freiwilligen.", "de", [("volunteers", "Freiwilligen")]),
        ("volunteers", "en", "Miestas dėkoja savanoriams.", "lt", [("volunteers", "savanoriams")]),
        ("savanoriams", "lt", "The city thanks its volunteers.", "en", [("savanoriams", "volunteers")]),
        ("bibliotekos vaikams", "lt", "Libraries for kids", "en", [("bibliotekos", "Libraries")]),
        ("brīvprātīgos", "lv", "Dziękujemy wolontariuszom.", "pl", [("brīvprātīgos", "wolontariuszom")]),
        ("Kinder", "de", "Bērni un vecāki peld.", "lv", [("Kinder", "Bērni")]),
    ],
)
def test_words_meet_across_languages(
    query: str, asked_in: str, text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert set(expected) <= set(pairs(query, asked_in, text, language))


def test_a_word_meets_its_own_other_forms() -> None:
    assert pairs("wolontariusze", "pl", "Wolontariuszom dziękuje wolontariusz.", "pl") == [
        ("wolontariusze", "Wolontariuszom"),
        ("wolontariusze", "wolontariusz"),
    ]


@pytest.mark.parametrize(
    ("query", "asked_in", "text", "language", "written"),
    [
        ("Torun", "en", "W Toruniu sadzą drzewa.", "pl", "Toruniu"),
        ("Toruń", "pl", "Mēs bijām Toruņā.", "lv", "Toruņā"),
        ("zielona gora", "pl", "W Zielonej Górze sadzą drzewa.", "pl", "Zielonej Górze"),
        ("Frankfurt an der Oder", "de", "Most we Frankfurcie nad Odrą.", "pl", "Frankfurcie nad Odrą"),
    ],
)
def test_a_place_is_met_in_any_inflection(query: str, asked_in: str, text: str, language: str, written: str) -> None:
    assert [match.passage for match in met(query, asked_in, text, language)] == [written]


@pytest.mark.parametrize(("query", "asked_in"), [("Hilfe", "de"), ("help", "en"), ("pomoc", "pl")])
def test_a_german_compound_is_met_by_its_part_and_shown_whole(query: str, asked_in: str) -> None:
    text = "Unsere Nachbarschaftshilfe kauft ein."
    assert pairs(query, asked_in, text, "de") == [(query, "Nachbarschaftshilfe")]


def test_a_compound_of_the_query_meets_its_part() -> None:
    assert ("Freiwilligenarbeit", "Arbeit") in pairs("Freiwilligenarbeit", "de", "Das ist viel Arbeit.", "de")
    assert ("Freiwilligenarbeit", "volunteers") in pairs("Freiwilligenarbeit", "de", "All volunteers sing.", "en")


@pytest.mark.parametrize("language", ["en", "pl", "de", "lv", "lt"])
def test_a_name_is_met_in_every_language(language: str) -> None:
    assert pairs("norma ISO 22319", "pl", "ISO 22319 (2017)", language)[-2:] == [("ISO", "ISO"), ("22319", "22319")]


def test_question_words_meet_nothing() -> None:
    assert pairs("how do they sing", "en", "How do they do it?", "en") == []
    assert pairs("how", "en", "How nice.", "en") == []


def test_words_that_do_not_meet_are_not_shown() -> None:
    assert pairs("volunteers", "en", "Ostā ziemā ir ledus.", "lv") == []
    assert pairs("volunteers", "en", "", "lv") == []
    assert met("", "en", "Volunteers.", "en") == []


def test_a_word_without_diacritics_meets_one_with_them() -> None:
    assert pairs("zolc", "pl", "Żółć i ŻÓŁĆ", "pl") == [("zolc", "Żółć"), ("zolc", "ŻÓŁĆ")]
    assert pairs("Strassen", "de", "Die Straßen sind nass.", "de") == [("Strassen", "Straßen")]


@pytest.mark.parametrize("query", ["brīvprātīgajiem", "žmonės", "łódka"])
def test_a_query_in_two_code_points_meets_the_same(query: str) -> None:
    decomposed = unicodedata.normalize("NFD", query)
    found = matches(query_terms.analyse(decomposed, ("lv",), 64), f"😀 {query}!", "lv")
    assert [(match.query, match.passage, match.span.start) for match in found] == [(query, query, 2)]


def test_places_are_counted_in_code_points_past_emoji_and_letters_that_cannot_be_composed() -> None:
    text = "😀🎉 𝔸 ɔ̃-word, then volunteers."  # the second word has a mark that no letter composes with
    (match,) = met("volunteers", "en", text, "en")
    assert match.span.start == text.index("volunteers")


# --- in a knowledge base


def test_a_hit_says_why_by_its_place_in_the_passage_not_the_document(kb: KnowledgeBase) -> None:
    put(kb, draft("/lv", ("lv", "Ziemā osta aizsalst."), ("lv", "Dome pateicas brīvprātīgajiem."), heading="Ledus"))
    hit = next(hit for hit in kb.search("volunteers") if "Dome" in hit.passage.text)
    (match,) = [match for match in hit.matches if match.likely]
    assert (match.query, match.passage) == ("volunteers", "brīvprātīgajiem")
    assert hit.passage.text[match.span.start : match.span.end] == "brīvprātīgajiem"


def test_a_file_with_letters_in_two_code_points_says_why_all_the_same(kb: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "lv.txt"
    text = "Pašvaldība katru gadu pateicas brīvprātīgajiem, kuri palīdz kaimiņiem un stāda kokus pilsētā."
    file.write_text(unicodedata.normalize("NFD", text), "utf-8")
    assert [report.status for report in Pipeline(kb).run([file], discover([file]))] == ["added"]
    (hit,) = kb.search(unicodedata.normalize("NFD", "brīvprātīgie"))
    (match,) = [match for match in hit.matches if match.likely]
    assert (match.query, match.passage) == ("brīvprātīgie", "brīvprātīgajiem")
    assert hit.passage.text[match.span.start : match.span.end] == "brīvprātīgajiem"


def test_the_command_line_names_each_pair_of_words_once(kb: KnowledgeBase) -> None:
    add(kb, "/pl", "Wolontariusze sadzą drzewa. Dziękujemy, wolontariusze! Każde drzewo rośnie.", "pl")
    (hit,) = kb.search("volunteers plant trees")
    why = views.hit(hit)["why"]
    assert {"query": "volunteers", "passage": "Wolontariusze"} in why
    written = [(pair["query"], pair["passage"].lower()) for pair in why]
    assert len(set(written)) == len(written)
    assert {query for query, _ in written} >= {"volunteers", "trees"}


def test_a_passage_found_by_meaning_alone_names_no_words(kb: KnowledgeBase) -> None:
    add(kb, "/en", "The mayor gives flowers to every helper.")
    (hit,) = kb.search("bouquets as gratitude")
    assert views.hit(hit)["why"] == []


def test_every_match_of_every_hit_lies_where_it_says(full: KnowledgeBase) -> None:
    for query in ("how do cities motivate volunteers", "Toruń THW 2011", "Wer versichert Ehrenamtliche?", "kaimynai"):
        for hit in full.search(query, 50):
            for match in hit.matches:
                assert hit.passage.text[match.span.start : match.span.end] == match.passage
                assert match.query in query


def test_a_hit_with_words_in_common_says_which(full: KnowledgeBase) -> None:
    """Unless they stand in its title or heading, which the passage does not quote."""
    hits = [hit for hit in full.search("volunteers", 50) if hit.lexical > 0]
    silent = [hit for hit in hits if not hit.matches]
    above = [f"{hit.document.own_title} {hit.passage.place.heading}" for hit in silent]
    asked = query_terms.analyse("volunteers", ("en",), 64)
    assert all(matches(asked, title, hit.passage.language) for title, hit in zip(above, silent, strict=True))


def test_a_word_within_the_name_of_a_place_is_not_met(kb: KnowledgeBase) -> None:
    """ "Zielona Góra" is no green mountain: neither the score nor the reason says so."""
    add(kb, "/zg", "Zielona Góra sadzi pomidory.", "pl")
    for query in ("zielona energia", "green energy"):
        (hit,) = kb.search(query)
        assert hit.lexical == 0
        assert [match.passage for match in hit.matches] == []
