"""What a briefing says: quotes word for word, under their headings, with their sources; and how it is kept."""

import json
from dataclasses import replace

import pytest

from kb import KnowledgeBase
from kb.briefing.compose import rearranged
from kb.briefing.draft import Draft, Grouping, Pick, dump, load, renewed
from kb.briefing.types import Briefing
from kb.errors import BriefingUnreadable
from tests.kb.briefings import BASE, TEXTS, five, in_city, made
from tests.kb.drafts import draft, put


def numbers(briefing: Briefing) -> list[tuple[str, list[tuple[int, str]]]]:
    return [(part.heading, [(each.number, each.language) for each in part.quotes]) for part in briefing.sections]


def test_quotes_stand_under_the_question_that_found_them_and_are_numbered_through(kb: KnowledgeBase) -> None:
    ids = five(kb)
    picks = (Pick(ids["pl"], "who?"), Pick(ids["en"]), Pick(ids["lt"], "how?"), Pick(ids["de"], " who? "))
    briefing = made(kb, Draft(picks=picks))
    assert numbers(briefing) == [
        ("who?", [(1, "pl"), (2, "de")]),
        ("how?", [(3, "lt")]),
        ("Collected while reading", [(4, "en")]),
    ]
    assert [quote.text for quote in briefing.quotes] == [TEXTS[code] for code in ("pl", "de", "lt", "en")]
    assert briefing.title == "Briefing"


def test_quotes_stand_under_their_cities_or_in_the_readers_order(kb: KnowledgeBase) -> None:
    ids = five(kb)
    more = put(kb, in_city("/more.txt", "pl", "Toruń ma plan.", "torun"))
    picks = (Pick(ids["en"]), Pick(ids["pl"]), Pick(ids["lv"]), Pick(kb.store.passages_of(more)[0].id))
    assert numbers(made(kb, Draft(grouping=Grouping.CITY, picks=picks))) == [
        ("Toruń", [(1, "pl"), (2, "pl")]),
        ("Liepāja", [(3, "lv")]),
        ("No city", [(4, "en")]),
    ]
    in_order = made(kb, Draft(grouping=Grouping.ORDER, picks=picks))
    assert numbers(in_order) == [("", [(1, "en"), (2, "pl"), (3, "lv"), (4, "pl")])]


def test_a_citation_says_document_city_place_and_language_and_links_to_the_passage(kb: KnowledgeBase) -> None:
    passage = five(kb)["lv"]
    [quote] = made(kb, Draft(picks=(Pick(passage),))).quotes
    assert quote.title + quote.citation == "Guide lv, Liepāja, paragraph 1, LV"
    assert quote.link == f"{BASE}/document?id={quote.document}&passage={passage}"


def test_a_saved_web_page_is_linked_where_it_stands_on_the_web(kb: KnowledgeBase) -> None:
    page = replace(draft("/page.html", ("en", "A page.")), format="html", urls=("https://città.example/a b?x=<y>",))
    hostile = replace(draft("/other.html", ("en", "B page.")), format="html", urls=("javascript:alert(1)",))
    picks = tuple(Pick(kb.store.passages_of(put(kb, each))[0].id) for each in (page, hostile))
    first, second = made(kb, Draft(picks=picks)).quotes
    assert first.link == "https://citt%C3%A0.example/a%20b?x=%3Cy%3E"
    assert second.link.startswith(BASE)


def test_each_source_is_listed_once_with_the_numbers_of_its_quotes(kb: KnowledgeBase) -> None:
    both = put(kb, draft("/both.txt", ("en", "One thing."), ("en", "Another thing."), title="Both"))
    one, other = (passage.id for passage in kb.store.passages_of(both))
    picks = (Pick(one, "a"), Pick(five(kb)["de"], "a"), Pick(other, "b"))
    sources = made(kb, Draft(picks=picks)).sources
    assert [(source.title, source.quotes) for source in sources] == [("Both", (1, 3)), ("Guide de", (2,))]
    assert sources[1].facts == ("Heidelberg", "DE", "de.txt")


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ((1,), "Then they meet at the library."),
        ((2, 0), "Two people talk first, without the coordinator. […] A letter of thanks follows."),
        ((1, 2), "Then they meet at the library. A letter of thanks follows."),
        ((0, 1, 2), TEXTS["en"]),
        ((7,), TEXTS["en"]),
    ],
)
def test_only_the_sentences_she_keeps_are_quoted(kb: KnowledgeBase, kept: tuple[int, ...], text: str) -> None:
    [quote] = made(kb, Draft(picks=(Pick(five(kb)["en"], sentences=kept),))).quotes
    assert quote.text == text


def test_a_quote_or_a_whole_section_moves_and_what_has_no_place_to_go_stays(kb: KnowledgeBase) -> None:
    ids = five(kb)
    picks = (Pick(ids["en"], "a"), Pick(ids["pl"], "b"), Pick(999, "a"), Pick(ids["de"], "a"))
    briefing = made(kb, Draft(picks=picks))

    def order(section: int, quote: int | None, step: int) -> list[int]:
        return [pick.passage for pick in rearranged(briefing, section, quote, step)]

    en, pl, de = ids["en"], ids["pl"], ids["de"]
    assert order(0, 1, -1) == [de, en, pl, 999]
    assert order(1, None, -1) == [pl, en, de, 999]
    assert order(0, 0, -1) == order(1, None, 1) == order(1, 0, 1) == [en, de, pl, 999]


def test_a_passage_that_is_gone_is_named_and_not_quoted(kb: KnowledgeBase) -> None:
    gone = Pick(999, "who?", "important")
    briefing = made(kb, Draft(picks=(gone, Pick(five(kb)["en"], "who?"))))
    assert briefing.missing == (gone,)
    assert [quote.number for quote in briefing.quotes] == [1]


def test_a_document_that_is_read_anew_keeps_its_place_in_the_briefing(kb: KnowledgeBase) -> None:
    [kept] = renewed(kb.store, [Pick(five(kb)["en"], "who?", "my note", (1,))])
    put(kb, draft("/copy.txt", ("en", TEXTS["en"]), title="A copy"))
    put(kb, draft("/en.txt", ("en", "A new beginning."), ("en", TEXTS["en"]), title="Guide en"))
    [found] = renewed(kb.store, [kept])
    assert found.passage != kept.passage
    [quote] = made(kb, Draft(picks=(found,))).quotes
    assert (quote.title, quote.text, quote.note) == ("Guide en", "Then they meet at the library.", "my note")


def test_a_saved_briefing_is_the_same_when_it_is_loaded(kb: KnowledgeBase) -> None:
    picks = renewed(kb.store, (Pick(passage, "kā?", "piezīme", (0,)) for passage in five(kb).values()))
    draft = Draft("Žółty tytuł", "Two\nlines", Grouping.CITY, picks)
    assert load(dump(draft)) == draft


def test_a_briefing_of_another_knowledge_base_never_quotes_a_passage_by_its_number_alone(kb: KnowledgeBase) -> None:
    ids = list(five(kb).values())
    saved = json.loads(dump(Draft(grouping=Grouping.ORDER, picks=renewed(kb.store, map(Pick, ids[:4])))))
    for quote, number in zip(saved["quotes"], reversed(ids[:4]), strict=True):
        quote["passage"] = number
    saved["quotes"].append({"passage": ids[4], "words": "Words that no document here holds"})
    loaded = load(json.dumps(saved).encode())
    for _ in range(2):  # found again once, it stays so
        loaded = load(dump(replace(loaded, picks=renewed(kb.store, loaded.picks))))
        briefing = made(kb, loaded)
        assert [quote.text for quote in briefing.quotes] == list(TEXTS.values())[:4]
        assert [pick.anchor.words for pick in briefing.missing] == ["Words that no document here holds"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"[" * 100_000,
        b'{"hopkb_briefing": 1}',
        b'{"hopkb_briefing": 2, "quotes": []}',
        b'{"hopkb_briefing": 1, "quotes": [{"passage": "1"}]}',
        b'{"hopkb_briefing": 1, "quotes": [{"passage": 100000000000000000000}]}',
    ],
)
def test_a_file_that_is_no_briefing_is_refused(content: bytes) -> None:
    with pytest.raises(BriefingUnreadable):
        load(content)
