"""The files of a briefing, read back as its readers' programs do: Word, PDF, Markdown."""

import re
import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader

from kb import KnowledgeBase
from kb.briefing import markdown, pdf, word
from kb.briefing.draft import Draft, Grouping, Pick
from kb.briefing.types import Briefing
from kb.encoder import Encoder
from tests.kb.briefings import BASE, HOSTILE, LONG, MARKUP, TEXTS, five, made
from tests.kb.drafts import draft, put

NOTE = "Ask them for the leaflet.\nThey have <two>."


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path_factory.mktemp("briefings"), encoder=encoder, create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def ordinary(stored: KnowledgeBase) -> Briefing:
    """Five languages, two questions, a title and an introduction."""
    ids = five(stored)
    picks = tuple(Pick(ids[code], "who?" if code in {"en", "lt"} else "how?", NOTE) for code in TEXTS)
    return made(stored, Draft("Jesień: wyniki", "First paragraph.\n\nSecond one.", Grouping.QUESTION, picks))


@pytest.fixture(scope="module")
def hostile(stored: KnowledgeBase) -> Briefing:
    """Documents whose texts, and a reader whose question, title and notes, hold all that could do harm."""
    put(stored, draft("/hostile.txt", *(("en", text) for text in HOSTILE), title=MARKUP))
    document = stored.store.document_by_path("/hostile.txt")
    assert document
    picks = tuple(Pick(each.id, HOSTILE[1], HOSTILE[2]) for each in stored.store.passages_of(document.id))
    assert len(picks) == len(HOSTILE)
    return made(stored, Draft(LONG + "\ud800\x00", "\n\n".join(HOSTILE), picks=picks))


def squeezed(text: str) -> str:
    """`text` without spaces, which line breaks come and go with."""
    return "".join(text.split())


# --- Word


def opened_docx(briefing: Briefing) -> docx.document.Document:
    return docx.Document(BytesIO(word.write(briefing)))


def styled(document: docx.document.Document, style: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_word_holds_every_quote_word_for_word(name: str, request: pytest.FixtureRequest) -> None:
    briefing: Briefing = request.getfixturevalue(name)
    document = opened_docx(briefing)
    assert styled(document, "Quote") == [f"[{quote.number}] {quote.text}" for quote in briefing.quotes]
    assert styled(document, "Heading 1") == [*(section.heading for section in briefing.sections), "Sources"]
    assert styled(document, "Title") == [briefing.title]
    assert styled(document, "Note") == [f"Note: {quote.note}" for quote in briefing.quotes]


def test_word_knows_the_language_of_each_quote_and_who_made_it_nowhere(ordinary: Briefing) -> None:
    document = opened_docx(ordinary)
    quotes = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "Quote"]
    languages = [paragraph.runs[-1]._r.rPr.find(qn("w:lang")).get(qn("w:val")) for paragraph in quotes]
    assert languages == [quote.language for quote in ordinary.quotes]
    about = document.core_properties
    assert (about.title, about.language, about.author, about.comments) == ("Jesień: wyniki", "en", "", "")
    fields = document.sections[0].footer._element.iter(qn("w:instrText"))
    assert [field.text for field in fields] == ["PAGE", "NUMPAGES"]


def test_links_of_word_lead_to_the_passage_and_from_the_sources_to_the_quotes(ordinary: Briefing) -> None:
    document = opened_docx(ordinary)
    links = list(document.element.body.iter(qn("w:hyperlink")))
    targets = {document.part.rels[link.get(qn("r:id"))].target_ref for link in links if link.get(qn("r:id"))}
    assert {quote.link for quote in ordinary.quotes} <= targets
    anchors = [link.get(qn("w:anchor")) for link in links if link.get(qn("w:anchor"))]
    marks = {mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    assert len(anchors) == len(ordinary.quotes)
    assert set(anchors) == marks
    [table] = document.tables
    assert [cell.text for cell in table.columns[1].cells] == ["Quotes", *(f"[{n}]" for n in range(1, 6))]


# --- PDF


def pages_of(content: bytes) -> list[str]:
    """What a reader can copy out of each page of a PDF, without the lines above and below."""
    pages = [page.get_textpage().get_text_range().split("\r\n") for page in pypdfium2.PdfDocument(content)]
    assert [page[-1] for page in pages] == [f"{number} / {len(pages)}" for number in range(1, len(pages) + 1)]
    return [squeezed("".join(page[1 if at else 0 : -1])) for at, page in enumerate(pages)]


def text_of(content: bytes) -> str:
    return "".join(pages_of(content))


def test_pdf_holds_every_quote_word_for_word(ordinary: Briefing) -> None:
    text = text_of(pdf.write(ordinary))
    for quote in ordinary.quotes:
        assert squeezed(f"[{quote.number}]{quote.text}—{quote.title}{quote.citation}") in text
        assert squeezed(quote.note) in text
    assert pdf.UNKNOWN not in text


def test_pdf_has_title_language_bookmarks_and_links(ordinary: Briefing) -> None:
    reader = PdfReader(BytesIO(pdf.write(ordinary)))
    assert reader.metadata and reader.metadata.title == "Jesień: wyniki"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    [first, quotes, *_] = reader.outline
    assert first.title == "who?"
    assert [mark.title for mark in quotes] == ["[1] Guide en", "[2] Guide lt"]
    targets = {note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", [])}
    assert targets == {each.link for each in (*ordinary.quotes, *ordinary.sources)}


def test_a_pdf_of_hostile_texts_loses_no_word_and_says_what_it_cannot_print(hostile: Briefing) -> None:
    content = pdf.write(hostile)
    text = text_of(content)
    for sure in (LONG, squeezed(MARKUP), *(squeezed(f"Line {number} of a list") for number in range(120))):
        assert sure in text
    assert squeezed("Party � and family ��� and √ done -> next, ��, 1 first.") in text
    assert squeezed("� stands for a sign that cannot be printed here.") in text
    for page in pypdfium2.PdfDocument(content):
        words = page.get_textpage()
        boxes = [words.get_rect(at) for at in range(words.count_rects())]
        assert all(left > 0 and below > 0 and right < page.get_width() for left, below, right, _ in boxes)


def test_no_heading_of_a_pdf_stands_alone_below_a_page(stored: KnowledgeBase) -> None:
    texts = [f"Quote {number} begins here.\n" + "It goes on.\n" * (number * 7 % 23) for number in range(40)]
    document = put(stored, draft("/lengths.txt", *(("en", text) for text in texts)))
    passages = stored.store.passages_of(document)
    picks = tuple(Pick(each.id, f"Question {number} is asked?") for number, each in enumerate(passages))
    pages = pages_of(pdf.write(made(stored, Draft(picks=picks))))
    assert len(pages) > 10
    for number in range(len(picks)):
        [page] = [page for page in pages if f"Question{number}isasked?" in page]
        assert f"Quote{number}beginshere." in page
    assert sum(f"Quote{number}beginshere." in page for page in pages for number in range(40)) == 40


@pytest.mark.parametrize("style", list(pdf.STYLES))
def test_the_fonts_of_a_pdf_have_the_letters_of_all_five_languages_and_the_stand_ins(style: str) -> None:
    from fontTools.ttLib import TTFont

    wanted = "".join(
        [*TEXTS.values(), *pdf.STAND_INS.values(), string.printable[:95], "ĄĆĘŁŃÓŚŹŻÄÖÜẞßĀČĒĢĪĶĻŅŠŪŽĖĮŲ„“”«»–—…•�"]
    )
    assert set(map(ord, wanted)) <= set(TTFont(pdf.font_file(style)).getBestCmap())


# --- Markdown


def parsed(briefing: Briefing) -> tuple[str, list[str]]:
    """The text of a briefing's Markdown as it is shown, and the kinds of markup in it."""
    reader = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    tokens = [part for token in reader.parse(markdown.write(briefing).decode()) for part in token.children or [token]]
    text = "".join(token.content if token.type in {"text", "code_inline"} else " " for token in tokens)
    return text, [token.type for token in tokens if token.nesting >= 0]


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_markdown_holds_every_quote_word_for_word_and_no_markup_but_ours(
    name: str, request: pytest.FixtureRequest
) -> None:
    briefing: Briefing = request.getfixturevalue(name)
    text, kinds = parsed(briefing)
    for quote in briefing.quotes:
        assert squeezed(f"[{quote.number}]{quote.text}") in squeezed(text)
        assert squeezed(f"Note:{quote.note}") in squeezed(text)
    ours = {"paragraph_open", "heading_open", "blockquote_open", "bullet_list_open", "list_item_open", "text"}
    assert set(kinds) <= ours | {"inline", "strong_open", "em_open", "link_open", "hardbreak"}
    assert kinds.count("blockquote_open") == len(briefing.quotes)
    assert kinds.count("heading_open") == len(briefing.sections) + 2
    assert kinds.count("link_open") == len(briefing.quotes) + len(briefing.sources)
    assert kinds.count("list_item_open") == len(briefing.sources)


def test_markdown_stays_readable_where_nothing_needs_escaping(ordinary: Briefing) -> None:
    lines = markdown.write(ordinary).decode().split("\n")
    assert f"> **[1]** {TEXTS['en']}" in lines
    assert any(re.fullmatch(rf"<{re.escape(BASE)}/document\?id=\d+&passage=\d+>", line) for line in lines)


def test_a_briefing_without_quotes_is_a_title_in_every_format(stored: KnowledgeBase, tmp_path: Path) -> None:
    empty = made(stored, Draft("Only a title"))
    assert styled(opened_docx(empty), "Title") == ["Only a title"]
    assert "Onlyatitle" in text_of(pdf.write(empty))
    assert markdown.write(empty).decode().startswith("# Only a title\n")
