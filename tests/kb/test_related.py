"""Copies, versions and translations are linked, and nothing else is; nothing is lost by it."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.__main__ import main
from kb.encoder import Encoder, SentenceTransformerEncoder
from kb.related.compare import compare, waiting
from kb.related.links import related_documents
from kb.store import DATABASE
from kb.text import sentence_spans
from tests.kb.conftest import ROOT
from tests.kb.drafts import add, draft, put

GUIDE = {
    "en": [
        "The town of Ostrava Bridge opened a tool library in the cellar of the old school.",
        "Anyone who lives in the town may borrow a drill, a ladder or a sewing machine for a week.",
        "Twelve volunteers look after the tools and repair what comes back broken.",
        "The town pays the rent of the cellar and the electricity.",
        "In the first year 340 people borrowed something.",
        "Every Saturday a volunteer shows how to mend a bicycle.",
    ],
    "de": [
        "Die Stadt Ostrava Bridge hat im Keller der alten Schule eine Werkzeugbibliothek eröffnet.",
        "Wer in der Stadt wohnt, darf eine Woche lang eine Bohrmaschine, eine Leiter oder eine Nähmaschine ausleihen.",
        "Zwölf Freiwillige kümmern sich um die Werkzeuge und reparieren, was kaputt zurückkommt.",
        "Die Stadt zahlt die Miete des Kellers und den Strom.",
        "Im ersten Jahr haben 340 Menschen etwas ausgeliehen.",
        "Jeden Samstag zeigt eine Freiwillige, wie man ein Fahrrad repariert.",
    ],
    "lv": [
        "Ostrava Bridge pilsēta vecās skolas pagrabā atvēra instrumentu bibliotēku.",
        "Ikviens pilsētas iedzīvotājs uz nedēļu var aizņemties urbi, kāpnes vai šujmašīnu.",
        "Divpadsmit brīvprātīgie rūpējas par instrumentiem un salabo to, kas atgriežas salauzts.",
        "Pilsēta maksā pagraba īri un elektrību.",
        "Pirmajā gadā kaut ko aizņēmās 340 cilvēki.",
        "Katru sestdienu brīvprātīgais parāda, kā salabot velosipēdu.",
    ],
}
SAME_TOPIC = {
    "en": [
        "A repair café meets in the library on the last Sunday of the month.",
        "Volunteers with good hands mend toasters, lamps and trousers there.",
        "Guests pay what they like and drink coffee while they wait.",
        "The library lends the room free of charge.",
        "About forty things are saved from the bin at each meeting.",
        "A volunteer keeps a list of what was mended and how.",
    ],
    "de": [
        "Der Tauschladen im Bahnhof nimmt Kleidung, Bücher und Spielzeug an.",
        "Ehrenamtliche sortieren die Spenden an zwei Abenden in der Woche.",
        "Bezahlt wird nicht mit Geld, sondern mit Punkten.",
        "Die Stadt hat die Regale und eine Kasse gestiftet.",
        "Was nach drei Monaten niemand will, geht an ein Kinderheim.",
        "Im Winter schenken die Freiwilligen heißen Tee aus.",
    ],
}


def paragraphs(sentences: Sequence[str], size: int) -> list[str]:
    """The sentences, `size` a passage."""
    return [" ".join(sentences[first : first + size]) for first in range(0, len(sentences), size)]


def put_text(kb: KnowledgeBase, path: str, language: str, sentences: Sequence[str], size: int = 2) -> int:
    return put(kb, draft(path, *((language, body) for body in paragraphs(sentences, size))))


def kinds(kb: KnowledgeBase, document: int) -> dict[str, str]:
    """How the documents related to one are related, by path."""
    return {found.document.path: str(found.kind) for found in related_documents(kb.store, document)}


def links(kb: KnowledgeBase) -> set[tuple[str, str]]:
    """The texts of linked passages, each pair once in each order."""
    rows = kb.store.db.execute("SELECT passage_id, other_id FROM related_passages").fetchall()
    texts = {key: passage.text for key, passage in kb.store.passages([i for row in rows for i in row]).items()}
    return {(texts[one], texts[other]) for one, other in rows}


@pytest.fixture
def guides(kb: KnowledgeBase) -> Iterator[KnowledgeBase]:
    """A text in three languages and, in two, another one on the same topic."""
    for language, sentences in GUIDE.items():
        put_text(kb, f"/guide-{language}", language, sentences)
    for language, sentences in SAME_TOPIC.items():
        put_text(kb, f"/topic-{language}", language, sentences)
    compare(kb.store)
    yield kb


def ids(kb: KnowledgeBase) -> dict[str, int]:
    return {document.path: document.id for document in kb.store.documents()}


# --- translations


def test_a_text_in_three_languages_is_linked_and_others_on_its_topic_are_not(guides: KnowledgeBase) -> None:
    of = ids(guides)
    assert kinds(guides, of["/guide-lv"]) == {"/guide-en": "translation", "/guide-de": "translation"}
    assert kinds(guides, of["/guide-en"]) == {"/guide-lv": "translation", "/guide-de": "translation"}
    assert kinds(guides, of["/topic-en"]) == kinds(guides, of["/topic-de"]) == {}


def test_each_passage_is_linked_with_the_one_that_says_the_same(guides: KnowledgeBase) -> None:
    english, latvian = (paragraphs(GUIDE[language], 2) for language in ("en", "lv"))
    assert {pair for pair in links(guides) if pair[0] in english and pair[1] in latvian} == set(
        zip(english, latvian, strict=True)
    )


def test_a_passage_is_linked_with_both_that_cover_it(kb: KnowledgeBase) -> None:
    put_text(kb, "/en", "en", GUIDE["en"], 3)
    put_text(kb, "/de", "de", GUIDE["de"], 1)
    compare(kb.store)
    english = paragraphs(GUIDE["en"], 3)
    assert {pair for pair in links(kb) if pair[0] in english} == {
        (english[at // 3], sentence) for at, sentence in enumerate(GUIDE["de"])
    }


def test_a_file_in_two_languages_is_linked_within(kb: KnowledgeBase) -> None:
    both = [(language, body) for language in ("lv", "en") for body in paragraphs(GUIDE[language], 2)]
    document = put(kb, draft("/both", *both))
    compare(kb.store)
    assert (paragraphs(GUIDE["lv"], 2)[0], paragraphs(GUIDE["en"], 2)[0]) in links(kb)
    assert related_documents(kb.store, document) == []


def test_a_translated_chapter_of_a_longer_text_is_found(kb: KnowledgeBase) -> None:
    put_text(kb, "/book", "en", [*SAME_TOPIC["en"], *GUIDE["en"]])
    chapter = put_text(kb, "/chapter", "de", GUIDE["de"])
    compare(kb.store)
    assert kinds(kb, chapter) == {"/book": "translation"}
    assert {pair[0] for pair in links(kb)} & set(SAME_TOPIC["en"]) == set()


def test_a_single_sentence_is_linked_with_its_translation_only(kb: KnowledgeBase) -> None:
    english = add(kb, "/en", "In 2023 the town library lent 4,200 books to readers in hospital.")
    add(kb, "/de", "2023 verlieh die Stadtbibliothek 4.200 Bücher an Leser im Krankenhaus.", "de")
    add(kb, "/lt", "Savanoriai kas savaitę lanko ligonius ligoninėje.", "lt")
    add(kb, "/pl", "Port zamarza zimą.", "pl")
    compare(kb.store)
    assert kinds(kb, english) == {"/de": "translation"}


def test_the_same_sentence_about_another_year_is_no_translation(kb: KnowledgeBase) -> None:
    english = add(kb, "/en", "In 2023 the town library lent 4,200 books to readers in hospital.")
    add(kb, "/de", "2024 verlieh die Stadtbibliothek 5.100 Bücher an Leser im Krankenhaus.", "de")
    compare(kb.store)
    assert kinds(kb, english) == {}


# --- copies and versions


def test_a_copy_an_edited_version_and_an_excerpt_are_told_apart(kb: KnowledgeBase) -> None:
    text = [*GUIDE["en"], *SAME_TOPIC["en"]]
    original = put_text(kb, "/original", "en", text)
    put_text(kb, "/copy", "en", text, 4)
    put_text(kb, "/edited", "en", [*text[:7], "The rest of the year was quiet, and nothing else was written down."])
    put_text(kb, "/excerpt", "en", text[:5])
    add(kb, "/stranger", "The harbour freezes in winter and the ferries stay in port until March.")
    compare(kb.store)
    assert kinds(kb, original) == {"/copy": "copy", "/edited": "version", "/excerpt": "version"}
    assert next(iter(kinds(kb, original))) == "/copy"
    assert kinds(kb, ids(kb)["/stranger"]) == {}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice makes the other formats")
def test_a_document_saved_in_other_formats_is_one_card(kb: KnowledgeBase, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    source = ROOT / "corpus" / "pl-dostepny-wolontariat.docx"
    shutil.copy(source, folder)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True, timeout=120)
    assert {report.status for report in Pipeline(kb).run([folder], discover([folder]))} == {"added"}
    pdf = ids(kb)[str(folder / "pl-dostepny-wolontariat.pdf")]
    assert kinds(kb, pdf) == {str(folder / source.name): "copy"}
    hits = kb.search("pies asystujący", 3, collapse=True)
    assert len({hit.passage.text[:40] for hit in hits}) == 3
    assert hits[0].also[0].document.format != hits[0].document.format


# --- nothing else, and nothing lost


def test_in_the_corpus_only_what_says_the_same_is_linked(full: KnowledgeBase) -> None:
    names = {document.id: Path(document.path).stem for document in full.store.documents()}
    rows = full.store.db.execute("SELECT document_id, other_id FROM related_documents").fetchall()
    assert {frozenset((names[one], names[other])) for one, other in rows} == {
        frozenset(("de-freiwillige-gewinnen", "lv-brivpratigo-piesaiste")),
        frozenset(("pl-dostepny-wolontariat", "en-accessible-volunteering")),
    }
    assert waiting(full.store) == 0


def test_a_later_document_meets_the_earlier_ones_and_a_removed_one_leaves_no_links(guides: KnowledgeBase) -> None:
    later = put_text(guides, "/guide-en-again", "en", GUIDE["en"], 3)
    assert compare(guides.store) == 1
    assert kinds(guides, later) == {"/guide-en": "copy", "/guide-de": "translation", "/guide-lv": "translation"}
    assert "/guide-en-again" in kinds(guides, ids(guides)["/guide-lv"])
    guides.remove(ids(guides)["/guide-en"])
    assert kinds(guides, later) == {"/guide-de": "translation", "/guide-lv": "translation"}
    assert guides.store.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_replaced_document_is_compared_again(guides: KnowledgeBase) -> None:
    put_text(guides, "/guide-de", "de", SAME_TOPIC["de"])
    assert kinds(guides, ids(guides)["/guide-en"]) == {"/guide-lv": "translation"}
    assert compare(guides.store) == 1
    assert kinds(guides, ids(guides)["/guide-de"]) == {"/topic-de": "copy"}


def test_an_open_page_hears_of_new_links_but_not_of_a_comparison_without_any(kb: KnowledgeBase) -> None:
    put_text(kb, "/en", "en", GUIDE["en"])
    before = kb.store.generation()
    kb.settle()
    assert kb.store.generation() == before
    put_text(kb, "/de", "de", GUIDE["de"])
    before = kb.store.generation()
    kb.settle()
    assert kb.store.generation() == before + 1
    kb.settle()
    assert kb.store.generation() == before + 1


def test_what_another_encoder_found_is_found_anew(guides: KnowledgeBase, minilm: SentenceTransformerEncoder) -> None:
    guides.reembed(minilm)
    assert waiting(guides.store) == 0
    assert kinds(guides, ids(guides)["/topic-de"]) == {}


def test_verify_names_documents_that_wait_and_calls_it_harmless(home: Path, encoder: Encoder) -> None:
    with sqlite3.connect(home / DATABASE) as db:
        db.execute("UPDATE documents SET compared = 0 WHERE id IN (1, 2)")
    db.close()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        (problem,) = kb.verify()
        assert problem.harmless and problem.message.startswith("2 have not been compared")
        kb.settle()
        assert kb.verify() == []


# --- cards


def test_a_card_shows_the_readers_language_and_names_the_others(guides: KnowledgeBase) -> None:
    asked = {"en": "borrowing a drill or a ladder", "de": "Bohrmaschine oder Leiter ausleihen", "lv": "aizņemties urbi"}
    for language, query in asked.items():
        hits = guides.search(query, 4, collapse=True)
        assert hits[0].passage.language == language
        assert {other.passage.language for other in hits[0].also} == {"en", "de", "lv"} - {language}
        assert all(
            "drill" in o.passage.text or "Bohr" in o.passage.text or "urbi" in o.passage.text for o in hits[0].also
        )
        assert len(hits) == 4 and [hit.rank for hit in hits] == [1, 2, 3, 4]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_without_collapsing_each_passage_is_a_hit_and_knows_the_others(guides: KnowledgeBase) -> None:
    hits = guides.search("borrowing a drill or a ladder", 3)
    assert {hit.passage.language for hit in hits} == {"en", "de", "lv"}
    assert all(len(hit.also) == 2 for hit in hits)


def test_filters_hold_for_what_is_shown_and_the_others_are_still_offered(guides: KnowledgeBase) -> None:
    best = guides.search("borrowing a drill or a ladder", 1, languages=["lv"], collapse=True)[0]
    assert best.passage.language == "lv"
    assert {other.passage.language for other in best.also} == {"en", "de"}


def test_an_answer_quotes_a_fact_once_in_the_readers_language(guides: KnowledgeBase) -> None:
    for language, query in (
        ("de", "Wie viele Menschen haben Werkzeug ausgeliehen?"),
        ("lv", "Cik cilvēku aizņēmās instrumentus?"),
    ):
        citations = guides.answer(query).citations
        told = [citation for citation in citations if "340" in citation.text]
        assert [citation.hit.passage.language for citation in told] == [language]


def test_the_command_line_collapses_unless_asked_not_to(
    guides: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    guides.settle()
    command = ["search", "borrowing a drill or a ladder", "--home", str(guides.store.home), "--json", "-k", "3"]
    assert main(command) == 0
    first, *rest = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["language"] == "en"
    assert {(also["language"], also["path"]) for also in first["also"]} == {("de", "/guide-de"), ("lv", "/guide-lv")}
    assert all({"title", "place", "document_id", "passage_id"} <= set(also) for also in first["also"])
    assert not {also["passage_id"] for also in first["also"]} & {hit["passage_id"] for hit in rest}
    assert main([*command, "--separate"]) == 0
    separate = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {hit["language"] for hit in separate} == {"en", "de", "lv"}


def test_show_names_the_related_documents(guides: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["show", str(ids(guides)["/guide-lv"]), "--home", str(guides.store.home)]
    assert main([*command, "--json"]) == 0
    (row,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {(found["path"], found["kind"], *found["languages"]) for found in row["related"]} == {
        ("/guide-en", "translation", "en"),
        ("/guide-de", "translation", "de"),
    }
    assert main(command) == 0
    assert "translation [en]: guide en (/guide-en)" in capsys.readouterr().out


def test_sentences_of_the_texts_above_are_what_the_splitter_sees() -> None:
    """The tests speak of sentences; a text that splits otherwise would test something else."""
    for language, sentences in GUIDE.items():
        assert len(sentence_spans(" ".join(sentences), language)) == len(sentences)
