"""From files to a searchable knowledge base: what happens to each file, and that one never harms another."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from ingest.sources import MOST_BYTES
from kb import KnowledgeBase
from kb.encoder import Encoder
from tests.ingest import texts
from tests.ingest.conftest import Base
from tests.ingest.files import (
    make_docx,
    make_encrypted_pdf,
    make_image_pdf,
    make_pdf,
    make_pptx,
    make_text,
    rewrite_member,
)
from tests.ingest.test_extract import CASES, OLD_OFFICE, _word_bytes

# --- all formats in one knowledge base


@dataclass(frozen=True)
class Filled:
    """A knowledge base that holds the files of test_extract."""

    base: Base
    folder: Path


@pytest.fixture(scope="module")
def filled(make_base: Callable[[], Base], tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("files")
    for case in CASES:
        case.make(folder / case.name)
    base = make_base()
    assert {report.status for report in base.ingest(folder).values()} == {"added"}
    return Filled(base, folder)


def test_every_format_is_added_with_its_title_and_languages(filled: Filled) -> None:
    documents = {Path(document.path).name: document for document in filled.base.kb.store.documents()}
    assert {name: (document.format, document.title, document.languages) for name, document in documents.items()} == {
        "deck.pptx": ("pptx", "Savanoriai mieste", ("en", "lt")),
        "ehrenamt.md": ("md", "Ehrenamt in der Stadt", ("de",)),
        "padeka.txt": ("txt", "Savanorių padėka", ("lt",)),
        "page.html": ("html", "How we thank our volunteers", ("en",)),
        "raport.pdf": ("pdf", "Godziny dla miasta", ("pl", "en")),
        "vakars.docx": ("docx", "Pateicības vakars", ("lv",)),
    }


@pytest.mark.parametrize(
    ("query", "name", "place"),
    [
        ("bezpłatny bilet na autobusy i tramwaje", "raport.pdf", "page 1"),
        ("Jede Person ist unfallversichert", "ehrenamt.md", "section Versicherung"),
        ("remember the free bus pass", "deck.pptx", "slide 3"),
        ("biedrība piesaka cilvēku žūrija izvēlas", "vakars.docx", "section"),
        ("nugalėtojai gauna padėkos raštą", "padeka.txt", "section Savanorių padėka"),
    ],
)
def test_what_was_ingested_is_found_with_its_place(query: str, name: str, place: str, filled: Filled) -> None:
    hit = filled.base.kb.search(query, k=1)[0]
    assert Path(hit.document.path).name == name
    assert hit.passage.place.label.startswith(place)


def test_every_stored_passage_is_quoted_from_its_document(filled: Filled) -> None:
    store = filled.base.kb.store
    for document in store.documents():
        text = store.text(document.id)
        for passage in store.passages_of(document.id):
            assert text[passage.span.start : passage.span.end] == passage.text != ""


def test_the_copy_of_each_file_can_be_opened(filled: Filled) -> None:
    for case in CASES:
        path = filled.folder / case.name
        assert filled.base.original(path).read_bytes() == path.read_bytes()


def test_a_second_run_changes_nothing(filled: Filled) -> None:
    generation = filled.base.kb.store.generation()
    reports = filled.base.ingest(filled.folder)
    assert {name: report.status for name, report in reports.items()} == {case.name: "unchanged" for case in CASES}
    assert filled.base.kb.store.generation() == generation


def test_what_was_ingested_is_sound(filled: Filled) -> None:
    assert filled.base.kb.verify() == []


# --- a file's life


def test_a_changed_file_replaces_its_document(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.PL)
    base.one(path)
    document, copy = base.document(path), base.original(path)
    make_text(path, texts.LV)
    report = base.one(path)
    assert (report.status, report.languages) == ("updated", ("lv",))
    assert base.texts(path) == [texts.LV]
    assert base.document(path).id == document.id
    assert base.original(path).read_text("utf-8") == texts.LV
    assert not copy.exists()


def test_force_reads_an_unchanged_file_again(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.PL)
    base.one(path)
    assert base.ingest(path, force=True)["a.txt"].status == "updated"
    assert base.texts(path) == [texts.PL]
    assert base.original(path).exists()


def test_a_missing_file_is_reported_gone_and_stays_until_pruned(base: Base, tmp_path: Path) -> None:
    gone = make_text(tmp_path / "gone.txt", texts.DE)
    make_text(tmp_path / "stays.txt", texts.EN)
    base.ingest(tmp_path)
    copy = base.original(gone)
    gone.unlink()
    report = base.ingest(tmp_path)["gone.txt"]
    assert (report.status, "--prune" in report.reason) == ("gone", True)
    assert base.finds("eine Freikarte für Busse") == str(gone)
    assert copy.exists()
    assert base.ingest(tmp_path, prune=True)["gone.txt"].status == "removed"
    assert base.paths() == [str(tmp_path / "stays.txt")]
    assert not copy.exists()
    assert "gone.txt" not in base.ingest(tmp_path, prune=True)


def test_pruning_one_folder_leaves_documents_of_others(base: Base, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "ab").mkdir()
    for path, text in ((tmp_path / "a" / "1.txt", texts.DE), (tmp_path / "ab" / "2.txt", texts.EN)):
        base.one(make_text(path, text))
        path.unlink()
    assert list(base.ingest(tmp_path / "a", prune=True)) == ["1.txt"]
    assert base.paths() == [str(tmp_path / "ab" / "2.txt")]


def test_a_removed_file_named_outright_is_gone_not_unknown(base: Base, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.DE)
    base.one(path)
    path.unlink()
    assert [report.status for report in base.ingest(path).values()] == ["gone"]


def test_a_path_that_never_was_fails(base: Base, tmp_path: Path) -> None:
    report = base.ingest(tmp_path / "nowhere")["nowhere"]
    assert (report.status, report.reason) == ("failed", "there is no such file or folder")


def test_a_moved_file_keeps_its_document(base: Base, tmp_path: Path) -> None:
    before = make_text(tmp_path / "before.txt", texts.LT)
    base.one(before)
    document = base.document(before)
    after = before.rename(tmp_path / "after.txt")
    reports = base.ingest(tmp_path)
    assert list(reports) == ["after.txt"]
    assert reports["after.txt"].status == "updated"
    assert reports["after.txt"].reason == f"moved here from {before}"
    assert base.document(after).id == document.id
    assert base.original(after).read_text("utf-8") == texts.LT


def test_a_file_renamed_to_another_format_is_read_as_that(base: Base, tmp_path: Path) -> None:
    before = make_text(tmp_path / "a.txt", f"# Padėka\n\n{texts.LT}")
    base.one(before)
    after = before.rename(tmp_path / "a.md")
    base.ingest(tmp_path)
    assert base.original(after).exists()
    assert base.document(after).format == "md"
    assert base.kb.verify() == []


def test_the_same_file_twice_is_kept_once(base: Base, tmp_path: Path) -> None:
    first = make_text(tmp_path / "a.txt", texts.LT)
    make_text(tmp_path / "b.txt", texts.LT)
    reports = base.ingest(tmp_path)
    assert {name: (report.status, report.reason) for name, report in reports.items()} == {
        "a.txt": ("added", ""),
        "b.txt": ("unchanged", f"the same file as {first}"),
    }
    assert base.paths() == [str(first)]


def test_the_second_copy_takes_over_when_the_first_goes(base: Base, tmp_path: Path) -> None:
    first, second = make_text(tmp_path / "a.txt", texts.LT), make_text(tmp_path / "b.txt", texts.LT)
    base.ingest(tmp_path)
    first.unlink()
    base.ingest(tmp_path, prune=True)
    assert base.paths() == [str(second)]
    assert base.finds("padėkos raštą") == str(second)


def test_files_that_swap_their_names_are_both_kept(base: Base, tmp_path: Path) -> None:
    newest, older = make_text(tmp_path / "1.txt", texts.LT), make_text(tmp_path / "2.txt", texts.PL)
    base.ingest(tmp_path)
    make_text(newest, texts.PL)
    make_text(older, texts.LT)
    base.ingest(tmp_path)
    assert (base.texts(newest), base.texts(older)) == ([texts.PL], [texts.LT])


def test_last_years_report_moved_aside_is_kept_beside_the_new_one(base: Base, tmp_path: Path) -> None:
    report = make_text(tmp_path / "report.txt", texts.LT)
    base.ingest(tmp_path)
    old = report.rename(tmp_path / "2016-report.txt")
    make_text(report, texts.PL)
    base.ingest(tmp_path)
    assert (base.texts(old), base.texts(report)) == ([texts.LT], [texts.PL])


# --- refusals


def _sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    return path


def _bytes(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def _bomb(path: Path) -> Path:
    make_docx(path, lambda document: document.add_paragraph("Innocent."))
    return rewrite_member(path, "docProps/thumbnail.jpeg", lambda _: bytes(310 * 2**20))


def _entities(path: Path) -> Path:
    """Ten lines that would grow to ten thousand million letters."""
    names = [f"e{level}" for level in range(11)]
    lines = [b'<!ENTITY e0 "lol">'] + [
        f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode() for before, name in pairwise(names)
    ]
    doctype = b"<!DOCTYPE w:document [" + b"".join(lines) + b"]>"

    def change(xml: bytes) -> bytes:
        declaration, rest = xml.split(b"?>", 1)
        return declaration + b"?>" + doctype + rest.replace(b"Innocent.", b"Innocent. &e10;")

    make_docx(path, lambda document: document.add_paragraph("Innocent."))
    return rewrite_member(path, "word/document.xml", change)


def _outside_entity(path: Path) -> Path:
    """A document that asks its reader to fetch a file of the reader's machine."""
    make_docx(path, lambda document: document.add_paragraph("Innocent."))
    secret = make_text(path.with_name(".secret"), "classified words")

    def change(xml: bytes) -> bytes:
        declaration, rest = xml.split(b"?>", 1)
        doctype = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
        return declaration + b"?>" + doctype + rest.replace(b"Innocent.", b"Innocent. &x;")

    return rewrite_member(path, "word/document.xml", change)


def _fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


def _dangling(path: Path) -> Path:
    path.symlink_to(path.with_name("nowhere"))
    return path


BAD = {
    "locked.pdf": (lambda path: make_encrypted_pdf(path, "tajne", text=texts.PL), "refused", "protected by a password"),
    "empty.docx": (_bytes(b""), "refused", "is empty"),
    "blank.txt": (_bytes(b"\n\n  \n"), "refused", "is empty"),
    "scan.pdf": (make_image_pdf, "refused", "pages 1, 2, 3: no legible words in the picture"),
    "page.pdf": (_bytes(b"<html><body>404</body></html>"), "refused", "is not the PDF file its name says"),
    "half.docx": (_bytes(_word_bytes()[:5000]), "refused", "interrupted download"),
    "film.txt": (_sparse, "refused", "larger than the limit of 200 MB"),
    "photo.jpg": (_bytes(b"\xff\xd8\xff\xe0" + bytes(64)), "refused", "is a damaged JPEG picture"),
    "old.doc": (_bytes(OLD_OFFICE), "refused", "save it as DOCX"),
    "marks.txt": (_bytes(b"*** --- ***\n"), "refused", "no text worth keeping"),
    "slides.pptx": (lambda path: make_pptx(path, []), "refused", "no text worth keeping"),
    "bomb.docx": (_bomb, "refused", "more than the limit of 300 MB"),
    "pipe.txt": (_fifo, "refused", "is not a file but a device, a pipe"),
    "loop.txt": (_loop, "failed", "symbolic links"),
    "dangling.txt": (_dangling, "failed", "No such file"),
    os.fsdecode(b"zesz\xf3w.txt"): (_bytes(texts.PL.encode()), "refused", "rename it"),
    "line\nbreak.txt": (_bytes(texts.PL.encode()), "refused", "rename it"),
}


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_a_bad_file_is_reported_with_its_reason_and_the_others_are_read(name: str, base: Base, tmp_path: Path) -> None:
    make, status, reason = BAD[name]
    make_text(tmp_path / "0 before.txt", texts.LV)
    make(tmp_path / name)
    make_text(tmp_path / "zz after.txt", texts.LT)
    reports = base.ingest(tmp_path)
    bad = list(reports.values())[1]
    assert (bad.status, reason in bad.reason) == (status, True), bad
    assert [reports[other].status for other in ("0 before.txt", "zz after.txt")] == ["added", "added"]
    assert base.paths() == [str(tmp_path / "0 before.txt"), str(tmp_path / "zz after.txt")]
    assert len(list((base.kb.store.home / "originals").iterdir())) == 2, "nothing of the bad file remains"


@pytest.mark.parametrize("make", [_entities, _outside_entity])
def test_entities_in_a_word_file_are_never_expanded_or_fetched(
    make: Callable[[Path], Path], base: Base, tmp_path: Path
) -> None:
    make(tmp_path / "a.docx")
    make_text(tmp_path / "b.txt", texts.LT)
    reports = base.ingest(tmp_path)
    assert reports["b.txt"].status == "added"
    stored = [passage.text for d in base.kb.store.documents() for passage in base.kb.store.passages_of(d.id)]
    assert [text for text in stored if "lol" in text or "classified" in text] == []
    assert reports["a.docx"].status in {"added", "refused", "failed"}
    assert reports["a.docx"].status == "added" or reports["a.docx"].reason


def test_deeply_nested_html_harms_nobody(base: Base, tmp_path: Path) -> None:
    deep = "<div><blockquote>" * 20_000 + f"<p>{texts.EN}</p>"
    make_text(tmp_path / "a.html", f"<!DOCTYPE html><html><body>{deep}</body></html>")
    make_text(tmp_path / "b.txt", texts.LT)
    reports = base.ingest(tmp_path)
    assert reports["b.txt"].status == "added"
    assert reports["a.html"].status == "added" or reports["a.html"].reason


def test_markup_in_a_text_stays_words(base: Base, tmp_path: Path) -> None:
    text = "<script>alert(1)</script> is what a hostile person would write here."
    path = make_text(tmp_path / "a.txt", text)
    base.one(path)
    assert base.texts(path) == [text]


@pytest.mark.parametrize(
    ("name", "bad", "status"),
    [
        ("report.pdf", _bytes(b"half a download"), "refused"),
        ("report.docx", lambda path: path.write_bytes(_word_bytes()[:3000]), "refused"),
        ("report.docx", _bomb, "refused"),
        ("report.txt", _bytes(b""), "refused"),
        ("report.docx", lambda path: rewrite_member(path, "word/document.xml", lambda xml: xml[:40]), "refused"),
    ],
    ids=["not a pdf", "half", "bomb", "empty", "broken"],
)
def test_an_earlier_version_stays_searchable_when_the_new_one_is_bad(
    name: str, bad: Callable[[Path], object], status: str, base: Base, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name.endswith("pdf"):
        make_pdf(path, [[texts.DE]])
    elif name.endswith("docx"):
        make_docx(path, lambda document: document.add_paragraph(texts.DE))
    else:
        make_text(path, texts.DE)
    assert base.one(path).status == "added"
    copy = base.original(path)
    bad(path)
    report = base.one(path)
    assert (report.status, "The version ingested earlier stays searchable." in report.reason) == (status, True)
    assert base.finds("eine Freikarte für Busse") == str(path)
    assert base.texts(path) == [texts.DE]
    assert copy.exists()


# --- interruptions


def test_a_file_that_vanishes_before_its_turn_fails_and_the_old_version_stays(base: Base, tmp_path: Path) -> None:
    known, new = make_text(tmp_path / "known.txt", texts.DE), make_text(tmp_path / "new.txt", texts.LT)
    base.one(known)
    found = discover([tmp_path])
    known.unlink()
    new.unlink()
    make_text(tmp_path / "last.txt", texts.EN)
    reports = list(Pipeline(base.kb).run([tmp_path], found))
    assert [(Path(report.path).name, report.status) for report in reports] == [
        ("known.txt", "failed"),
        ("new.txt", "failed"),
    ]
    assert all("No such file" in report.reason for report in reports)
    assert base.texts(known) == [texts.DE]


def test_a_run_that_stops_half_way_keeps_what_it_reported(base: Base, tmp_path: Path) -> None:
    for name, text in (("a.txt", texts.PL), ("b.txt", texts.DE), ("c.txt", texts.LV)):
        make_text(tmp_path / name, text)
    run = Pipeline(base.kb).run([tmp_path], discover([tmp_path]))
    assert [next(run).status, next(run).status] == ["added", "added"]
    run.close()  # type: ignore[attr-defined]
    assert base.paths() == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert base.finds("bezpłatny bilet na autobusy") == str(tmp_path / "a.txt")
    assert {name: report.status for name, report in base.ingest(tmp_path).items()} == {
        "a.txt": "unchanged",
        "b.txt": "unchanged",
        "c.txt": "added",
    }
    assert base.kb.verify() == []


def test_another_process_sees_what_was_ingested(encoder: Encoder, tmp_path: Path) -> None:
    path = make_text(tmp_path / "a.txt", texts.PL)
    with KnowledgeBase.open(tmp_path / "home", encoder=encoder, create=True) as writing:
        Base(writing).one(path)
        with KnowledgeBase.open(tmp_path / "home", encoder=encoder) as reading:
            assert Base(reading).finds("bezpłatny bilet") == str(path)
            make_text(path, texts.LV)
            Base(writing).one(path)
            assert Base(reading).texts(path) == [texts.LV]
            assert reading.search("bezmaksas braukšanas karti", k=1)[0].passage.language == "lv"


def test_a_file_that_does_not_fit_on_a_full_disk_costs_itself_only(base: Base, tmp_path: Path) -> None:
    first = make_text(tmp_path / "a.txt", "Volunteers plant tulips beside the town hall.")
    base.ingest(first)
    pages = base.kb.store.db.execute("PRAGMA page_count").fetchone()[0]
    base.kb.store.db.execute(f"PRAGMA max_page_count = {pages + 8}")  # what a full disk looks like to SQLite
    large = make_text(tmp_path / "b.txt", "\n\n".join(f"In year {year} {texts.EN}" for year in range(1900, 2000)))
    reports = base.ingest(large, first)
    assert reports["b.txt"].status == "failed"
    assert "no room left on the disk" in reports["b.txt"].reason
    assert reports["a.txt"].status == "unchanged"
    assert base.finds("tulips beside the town hall") == str(first)
