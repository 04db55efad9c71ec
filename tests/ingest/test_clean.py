"""What only furnishes a page never becomes knowledge, and whatever a person wrote does."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from ingest.clean import clean, clean_characters
from ingest.extract.base import Block, BlockKind
from tests.ingest import texts
from tests.ingest.files import make_docx, make_lined_pdf, make_pdf, make_text, read


def kept(*blocks: str, kind: BlockKind = BlockKind.TEXT) -> list[str]:
    """The texts that remain of paragraphs."""
    return [block.text for block in clean([Block(kind, text) for text in blocks])]


def page(*lines: str, number: int = 1) -> list[str]:
    """The paragraphs that lines of one page become."""
    return [block.text for block in clean([Block(BlockKind.LINES, "\n".join(lines), number)])]


# --- characters


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        ("eﬃcient oﬀers ﬁnd ﬂats", "efficient offers find flats"),
        ("Frei\u00adwil\u00adlige", "Freiwillige"),
        (unicodedata.normalize("NFD", "Šķēršļi, żółw, ąžuolas, Größe"), "Šķēršļi, żółw, ąžuolas, Größe"),
        ("10\u00a0000\u202fEUR", "10 000 EUR"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("one\x0btwo\x00three", "one two three"),
    ],
)
def test_characters_become_those_a_reader_would_type(raw: str, readable: str) -> None:
    assert kept(raw) == [readable]


def test_a_lone_surrogate_never_reaches_the_text() -> None:
    assert kept("broken \udc80 letter") == ["broken letter"]


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        ("[bookmark: _GoBack]The council pays.", "The council pays."),
        ("See Error! Reference source not found. for rules.", "See for rules."),
        ("Error! Bookmark not defined.Zasady ogólne.", "Zasady ogólne."),
        ('Visit { HYPERLINK "http://example.org" } the page.', "Visit the page."),
        ("{PAGEREF _Toc12345 \\h}Kapitel eins", "Kapitel eins"),
        ("_Toc448321 Pirmā nodaļa", "Pirmā nodaļa"),
        ("mso-style-name:Normal; Pirmas skyrius", "Pirmas skyrius"),
        ("[if gte mso 9]Tekst[endif]", "Tekst"),
    ],
)
def test_what_word_leaves_behind_goes(raw: str, readable: str) -> None:
    assert kept(raw) == [readable]


def test_braces_and_brackets_of_the_author_stay() -> None:
    text = "The budget [2016] was {small} but REF. numbers matter."
    assert kept(text) == [text]


def test_cleaning_twice_changes_nothing_more() -> None:
    raw = "The eﬃ\u00adcient [bookmark: _GoBack] council { HYPERLINK x } pays."
    assert clean_characters(clean_characters(raw)) == clean_characters(raw)


# --- running headers, footers, page numbers

BODIES = [texts.EN, texts.PL, texts.DE, texts.LV, texts.LT]


@pytest.mark.parametrize(
    "footer",
    ["Page {page} of {pages}", "Strona {page} z {pages}", "Seite {page} von {pages}", "{page}. lpp.", "- {page} -"],
)
def test_repeated_headers_and_footers_go_from_every_page(footer: str, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [[body] for body in BODIES], header="Annual report 2016", footer=footer)
    reading = read(path)
    assert [found.text for found in reading.passages] == BODIES


def test_page_numbers_go_even_from_a_single_page(tmp_path: Path) -> None:
    assert read(make_pdf(tmp_path / "a.pdf", [[texts.LT]], footer="{page} psl.")).text.strip() == texts.LT


def test_a_number_in_the_middle_of_a_page_stays() -> None:
    lines = ["The council counted helpers.", "They were", "240", "in the first year.", "Then came more.", "So it went."]
    assert "240" in " ".join(page("Intro line one here.", *lines, "The end of it."))


def test_a_line_on_two_pages_only_is_no_header(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["# Gala evening", texts.EN], ["# Gala evening", texts.EN_MORE]])
    assert [found.heading for found in read(path).passages] == ["Gala evening", "Gala evening"]


# --- line ends


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("Die Stadt dankt allen Freiwil-", "ligen mit einem Fest.", "allen Freiwilligen mit"),
        ("Die Stadt fördert die Jugend-", "und Sozialarbeit.", "die Jugend- und Sozialarbeit."),
        ("Miasto dziękuje wolonta-", "riuszom za pomoc.", "dziękuje wolontariuszom za"),
        ("Pilsēta pateicas brīvprātī-", "gajiem par darbu.", "pateicas brīvprātīgajiem par"),
        ("Miestas dėkoja savano-", "riams už pagalbą.", "dėkoja savanoriams už"),
        ("The town supports every volunteer-", "led group.", "every volunteer-led group."),
        ("Treffen mit der Stadt", "Essen-", "Treffen mit der Stadt Essen-"),
        ("Das Land Baden-", "Württemberg zahlt.", "Das Land Baden-Württemberg zahlt."),
        ("Das Büro öffnet von 16–", "18 Uhr.", "von 16–18 Uhr."),
        ("Schreiben Sie eine E-", "mail an das Büro.", "eine E-mail an"),
        ("DIE STADT DANKT DEN FREIWIL-", "LIGEN IM THEATER.", "DEN FREIWILLIGEN IM"),
    ],
)
def test_hyphens_of_line_ends_go_and_those_of_words_stay(before: str, after: str, whole: str) -> None:
    assert whole in " ".join(page(before, after))


def test_a_hyphen_that_pdfium_marks_is_a_line_end() -> None:
    assert page("Die Stadt dankt den Freiwil\x02", "ligen im Theater.") == [
        "Die Stadt dankt den Freiwilligen im Theater."
    ]


def test_a_hyphenated_pdf_reads_as_whole_words(tmp_path: Path) -> None:
    lines = [
        "Die Stadtverwaltung unterstützt seit vielen Jahren die Arbeit der Freiwil-",
        "ligen in allen Stadtteilen. Besonders die Jugend- und Sozialarbeit lebt da-",
        "von, dass Menschen ihre Zeit verschenken.",
    ]
    assert read(make_lined_pdf(tmp_path / "a.pdf", [lines])).passages[0].text == (
        "Die Stadtverwaltung unterstützt seit vielen Jahren die Arbeit der Freiwilligen in allen Stadtteilen. "
        "Besonders die Jugend- und Sozialarbeit lebt davon, dass Menschen ihre Zeit verschenken."
    )


def test_a_sentence_over_a_page_end_is_whole_on_the_page_where_it_begins(tmp_path: Path) -> None:
    first = [
        "The winners receive a certificate at the gala, and their names stand in the paper.",
        "The council also pays for the tickets of all helpers who travel to the hospital",
        "at the edge of the",
    ]
    second = ["town every week. The drivers know them by name and wave when they pass the", "stop near the market."]
    reading = read(make_lined_pdf(tmp_path / "a.pdf", [first, second]))
    assert [(found.label, found.text) for found in reading.passages] == [
        ("page 1", " ".join([*first, "town every week."])),
        ("page 2", "The drivers know them by name and wave when they pass the stop near the market."),
    ]


def test_a_paragraph_that_begins_in_the_last_line_of_a_page_is_no_heading(tmp_path: Path) -> None:
    first = [
        "The winners receive a certificate at the gala, and their names stand in the paper.",
        "Everybody may come.",
        "The council pays for the tickets of all",
    ]
    second = ["helpers who travel to the hospital every week.", "The drivers know them by name."]
    reading = read(make_lined_pdf(tmp_path / "a.pdf", [first, second]))
    assert reading.label_of("The council pays for the tickets of all helpers who travel") == "page 1"


def test_bullets_become_items_of_their_own() -> None:
    items = clean([Block(BlockKind.LINES, "Wolontariusz otrzymuje:\n• bilet\n• ubezpieczenie\n• dyplom", 1)])
    assert [block.text for block in items if block.kind is BlockKind.ITEM] == ["bilet", "ubezpieczenie", "dyplom"]


def test_numbered_paragraphs_of_a_law_keep_their_numbers() -> None:
    lines = ["1) wolontariusz działa bez wynagrodzenia,", "2) korzystający zapewnia ubezpieczenie."]
    assert page("Porozumienie określa, że:", *lines)[1:] == lines


def test_hard_wrapped_text_becomes_paragraphs(tmp_path: Path) -> None:
    wrapped = "\n".join(
        [
            "Pilsēta katru gadu pateicas saviem brīvprātīgajiem ar svinīgu vakaru, uz kuru",
            "aicina arī viņu ģimenes un draugus no visām apkaimēm.",
            "",
            "Otrā rindkopa stāsta par apdrošināšanu, ko pašvaldība pērk visiem reģistrētajiem",
            "palīgiem jau pirmajā dienā.",
        ]
    )
    reading = read(make_text(tmp_path / "a.txt", wrapped))
    assert reading.cut.text == (
        "Pilsēta katru gadu pateicas saviem brīvprātīgajiem ar svinīgu vakaru, uz kuru aicina arī viņu ģimenes un "
        "draugus no visām apkaimēm.\n\nOtrā rindkopa stāsta par apdrošināšanu, ko pašvaldība pērk visiem "
        "reģistrētajiem palīgiem jau pirmajā dienā."
    )


# --- boilerplate

WORDPRESS = f"""Thank you evening in our town

{texts.EN}

{texts.EN_MORE}

This entry was written by the town hall team after the third gala.

You can leave a response, or trackback from your own site.

Responses are currently closed, but you can trackback from your own site.

Blogroll

Documentation
Plugins
Suggest Ideas

Meadow Theme designed by Somebody Studio, thanks to cheap trucks
Entries (RSS) and Comments (RSS)
Proudly powered by WordPress
"""


def test_a_page_saved_as_text_loses_trackback_notice_and_theme_credits(tmp_path: Path) -> None:
    reading = read(make_text(tmp_path / "a.txt", WORDPRESS))
    for furniture in ("trackback", "Blogroll", "Plugins", "Meadow Theme", "trucks", "RSS", "powered by", "response"):
        assert furniture.lower() not in reading.cut.text.lower()
    for sentence in (*texts.sentences(texts.EN), *texts.sentences(texts.EN_MORE), "after the third gala."):
        assert sentence in reading.text


@pytest.mark.parametrize(
    "notice",
    [
        "Możliwość komentowania została wyłączona.",
        "Strona wspierane przez WordPress".removeprefix("Strona "),
        "Dodaj komentarz",
        "Kommentare sind geschlossen.",
        "Schreibe einen Kommentar",
        "Komentēšana ir slēgta.",
        "Pievienot komentāru",
        "Komentarai uždaryti",
        "Parašykite komentarą",
        "We use cookies to give you the best experience.",
        "Ta strona używa plików cookies. Korzystając z niej, wyrażasz zgodę.",
        "Diese Website verwendet Cookies.",
        "Šī vietne izmanto sīkdatnes.",
        "Ši svetainė naudoja slapukus.",
        "© 2016 Urząd Miasta. Wszelkie prawa zastrzeżone.",
        "Share this on Facebook",
        "Czytaj więcej",
        "Posted in News by admin",
    ],
)
def test_notices_go_in_all_languages(notice: str) -> None:
    assert kept(texts.EN, notice, texts.EN_MORE) == [texts.EN, texts.EN_MORE]


@pytest.mark.parametrize(
    "sentence",
    [
        "The town hall website was designed by two volunteers, and the elderly say it is powered by their patience.",
        "Responses came from 212 helpers, and half of them would like to bake cookies for the gala.",
        "Our volunteers comment on the plans of the council, and the council answers every comment within a week.",
        "Cookies were baked by pensioners from all over the town.",
        "Copyright of the songs was the first question that the choir had to settle with its partners.",
        "Kommentare der Freiwilligen haben den Plan der Stadt verbessert.",
        "Komentarze mieszkańców pomogły poprawić regulamin budżetu.",
        "Udostępnij swój czas seniorom z sąsiedztwa, a zyskasz przyjaciół.",
        "Thanks to the hosting organisation ten young people from abroad could stay for the whole summer.",
        "Designed by pupils, the posters hang in every tram of the town.",
        "Lasīt vairāk grāmatu bērniem palīdz brīvprātīgie, kas katru sestdienu nāk uz bibliotēku.",
        "Skaityti daugiau knygų vaikams padeda savanoriai, kurie kas šeštadienį ateina į biblioteką.",
        "Share this experience with a friend and both of you will receive a free ticket to the museum.",
    ],
)
def test_sentences_about_cookies_comments_and_designs_stay(sentence: str) -> None:
    assert kept(texts.EN, sentence, texts.EN_MORE) == [texts.EN, sentence, texts.EN_MORE]


def test_a_long_paragraph_that_begins_like_a_notice_is_somebodys_text() -> None:
    paragraph = (
        "We use cookies as thanks, because " + "everybody in the neighbourhood likes them and " * 8 + "they last."
    )
    assert kept(texts.EN, paragraph) == [texts.EN, paragraph]


def test_a_credit_in_the_middle_does_not_cut_the_article_off() -> None:
    assert kept(texts.EN, "Photo gallery powered by the scouts", "Afterwards", texts.PL)[-1] == texts.PL


def test_captions_that_echo_a_heading_go() -> None:
    heading = Block(BlockKind.HEADING, "Volunteers at the harbour")
    echo = Block(BlockKind.TEXT, "Volunteers at the harbour")
    body = Block(BlockKind.TEXT, texts.EN)
    assert [block.text for block in clean([heading, echo, body])] == ["Volunteers at the harbour", texts.EN]


def test_ornaments_alone_are_nothing() -> None:
    assert kept("* * *", "—", texts.PL, "•") == [texts.PL]


def test_residue_in_a_word_file_never_reaches_a_passage(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("[bookmark: _GoBack]" + texts.PL)
        document.add_paragraph("Error! Reference source not found.")

    assert [found.text for found in read(make_docx(tmp_path / "a.docx", write)).passages] == [texts.PL]


def test_first_lines_that_differ_by_a_number_inside_are_text(tmp_path: Path) -> None:
    pages = [[f"District {number} of the city has a library with volunteers."] for number in range(1, 6)]
    reading = read(make_pdf(tmp_path / "a.pdf", pages))
    assert [line for (line,) in pages if line not in reading.text] == []
