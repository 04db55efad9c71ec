"""SQLite, the truth: documents go in whole, are replaced whole, and survive a killed process."""

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder
from kb.errors import KBError, NotFound, StoreError, StoreTooNew
from kb.migrations import MIGRATIONS
from kb.store import DATABASE, Store
from kb.types import PlaceKind
from tests.kb.conftest import ROOT
from tests.kb.drafts import add, draft, embedded, put
from tests.kb.writer import PASSAGES, PATH, VERSIONS

# --- documents in and out


def test_a_document_comes_back_as_it_went_in(kb: KnowledgeBase) -> None:
    made = draft(
        "/mixed", ("lv", "Toruņā ir svētki."), ("en", "There is a feast."), city="torun", country="PL", heading="Feasts"
    )
    document = kb.store.document(put(kb, made))
    assert (document.path, document.title, document.format) == ("/mixed", "mixed", "txt")
    assert document.city is not None and document.city.value == "torun"
    assert document.country is not None and document.country.value == "PL"
    assert document.languages == ("en", "lv")
    passages = kb.store.passages_of(document.id)
    assert [(p.language, p.text) for p in passages] == [("lv", "Toruņā ir svētki."), ("en", "There is a feast.")]
    assert [(p.place.kind, p.place.number, p.place.heading) for p in passages] == [
        (PlaceKind.PARAGRAPH, 1, "Feasts"),
        (PlaceKind.PARAGRAPH, 2, "Feasts"),
    ]


def test_spans_count_code_points_even_among_emoji(kb: KnowledgeBase) -> None:
    document = put(kb, draft("/emoji", ("en", "😀🎉 Party for 𝔸ll volunteers."), ("lt", "Šventė visiems 🎈.")))
    text = kb.store.text(document)
    for passage in kb.store.passages_of(document):
        assert text[passage.span.start : passage.span.end] == passage.text
    assert kb.store.passages_of(document)[1].text == "Šventė visiems 🎈."


def test_the_most_frequent_language_is_named_first(kb: KnowledgeBase) -> None:
    document = put(kb, draft("/a", ("de", "Ein Fest."), ("pl", "Święto."), ("pl", "Zabawa.")))
    assert kb.store.document(document).languages == ("pl", "de")


def test_the_languages_held_are_named_once_each(kb: KnowledgeBase) -> None:
    assert kb.store.languages() == []
    put(kb, draft("/a", ("pl", "Święto w mieście."), ("lv", "Pilsētā ir svētki."), ("pl", "Miasto tańczy.")))
    gone = put(kb, draft("/b", ("de", "Die Stadt feiert.")))
    assert kb.store.languages() == ["de", "lv", "pl"]
    kb.remove(gone)
    assert kb.store.languages() == ["lv", "pl"]


def test_a_new_version_replaces_the_old_one_and_keeps_its_id(kb: KnowledgeBase) -> None:
    first = add(kb, "/plan", "Volunteers plant tulips.")
    other = add(kb, "/other", "The library lends drills.")
    assert add(kb, "/plan", "Volunteers repair bicycles.") == first != other
    assert [p.text for p in kb.store.passages_of(first)] == ["Volunteers repair bicycles."]
    assert "tulips" not in kb.store.text(first)
    assert kb.search("tulips")[0].lexical == 0
    assert kb.search("repair bicycles")[0].document.id == first


def test_a_removed_document_is_gone_from_text_passages_and_search(kb: KnowledgeBase) -> None:
    document = add(kb, "/plan", "Volunteers plant tulips.")
    add(kb, "/other", "The library lends drills.")
    kb.store.remove(document)
    assert kb.store.document_by_path("/plan") is None
    assert kb.store.passages_of(document) == []
    assert [hit.document.path for hit in kb.search("tulips")] == ["/other"]


def test_an_id_is_never_given_to_another_document(kb: KnowledgeBase) -> None:
    document = add(kb, "/plan", "Volunteers plant tulips.")
    kb.store.remove(document)
    assert add(kb, "/new", "The library lends drills.") > document


def test_a_moved_document_is_found_at_its_new_path_only(kb: KnowledgeBase) -> None:
    document = add(kb, "/old", "Volunteers plant tulips.")
    kb.store.move(document, "/new")
    assert kb.store.document_by_path("/old") is None
    assert kb.search("tulips")[0].document.path == "/new"


def test_what_does_not_exist_is_named(kb: KnowledgeBase) -> None:
    for missing in (kb.store.document, kb.store.text, kb.store.remove):
        with pytest.raises(NotFound, match="There is no document 77"):
            missing(77)


def test_a_document_with_quotes_in_its_name_is_stored(kb: KnowledgeBase) -> None:
    path = '/it\'s "here"; DROP TABLE documents; --'
    assert kb.store.document(add(kb, path, "Volunteers plant tulips.")).path == path


# --- transactions


def test_a_put_that_fails_halfway_leaves_the_old_version(kb: KnowledgeBase) -> None:
    document = put(kb, draft("/plan", ("en", "Volunteers plant tulips."), ("en", "They water them.")))
    generation = kb.store.generation()
    new = draft("/plan", ("en", "Volunteers repair bicycles."), ("en", "They ride them."))
    vectors = embedded(kb.encoder, new)
    with pytest.raises(ValueError):  # vectors for the first passage only
        kb.store.put(new, vectors.passages[:1], vectors.sentences)
    assert [p.text for p in kb.store.passages_of(document)] == ["Volunteers plant tulips.", "They water them."]
    assert kb.store.generation() == generation
    assert kb.search("plant tulips")[0].lexical > 0


def test_an_error_inside_a_transaction_undoes_it(kb: KnowledgeBase) -> None:
    with pytest.raises(RuntimeError), kb.store.writing() as db:
        kb.store.set_meta(db, "colour", "green")
        raise RuntimeError("the power fails")
    assert kb.store.meta("colour") is None


def test_every_change_raises_the_generation_by_one(kb: KnowledgeBase) -> None:
    add(kb, "/first", "Volunteers plant tulips.")
    before = kb.store.generation()
    document = add(kb, "/plan", "Volunteers plant tulips.")
    add(kb, "/plan", "Volunteers repair bicycles.")
    kb.store.move(document, "/new")
    kb.store.remove(document)
    assert kb.store.generation() == before + 4


def test_a_snapshot_does_not_see_what_is_written_meanwhile(kb: KnowledgeBase, encoder: Encoder) -> None:
    add(kb, "/old", "Volunteers plant tulips.")
    with KnowledgeBase.open(kb.store.home, encoder=encoder) as reader:
        with reader.store.snapshot():
            assert [document.path for document in reader.store.documents()] == ["/old"]
            add(kb, "/new", "The library lends drills.")
            assert [document.path for document in reader.store.documents()] == ["/old"]
        assert [document.path for document in reader.store.documents()] == ["/old", "/new"]


def test_two_writers_wait_for_each_other(kb: KnowledgeBase, encoder: Encoder) -> None:
    def write(name: str) -> None:
        with KnowledgeBase.open(kb.store.home, encoder=encoder) as mine:
            for number in range(5):
                add(mine, f"/{name}/{number}", f"Volunteers number {number} of {name} plant tulips.")

    add(kb, "/first", "The library lends drills.")
    writers = [threading.Thread(target=write, args=[name]) for name in ("left", "right")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    expected = {"/first"} | {f"/{name}/{number}" for name in ("left", "right") for number in range(5)}
    assert {document.path for document in kb.store.documents()} == expected


# --- kill -9


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_a_whole_knowledge_base(tmp_path: Path, encoder: Encoder, seed: int) -> None:
    home = tmp_path / "home"
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.kb.writer", home], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"  # it writes
    time.sleep(random.Random(seed).uniform(0.02, 0.4))
    writer.kill()
    written = [0, *map(int, writer.stdout.read().split())]
    writer.wait()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        serious = [found for found in kb.verify() if not found.harmless and "original" not in found.message]
        assert serious == []
        texts = [passage.text for passage in kb.store.passages_of(1)]
        version = next(word for word in VERSIONS if word in texts[0])
        assert len(texts) == PASSAGES
        assert all(version in text for text in texts)
        last = VERSIONS[written[-1] % 2]  # what it said it wrote, or the put it was killed after
        assert version == last or kb.store.generation() > written[-1] + 2
        assert {hit.document.path for hit in kb.search(f"{version} team", 50)} == {PATH}
        assert all(version in hit.passage.text for hit in kb.search(f"{version} team", 50))


# --- opening


def test_a_folder_without_a_knowledge_base_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=rf"python -m ingest FOLDER --home {tmp_path}"):
        KnowledgeBase.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no knowledge base"):
        KnowledgeBase.open(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_file_in_place_of_the_folder_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder", "utf-8")
    with pytest.raises(StoreError, match="data"):
        KnowledgeBase.open(tmp_path / "data", create=True)


def test_a_newer_knowledge_base_asks_for_an_update(kb: KnowledgeBase) -> None:
    add(kb, "/plan", "Volunteers plant tulips.")
    kb.store.db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    kb.close()
    with pytest.raises(StoreTooNew, match=r"newer HopKB .* Update HopKB"):
        KnowledgeBase.open(kb.store.home)
    assert (
        "Volunteers plant tulips."
        in sqlite3.connect(kb.store.home / DATABASE).execute("SELECT text FROM documents").fetchone()[0].splitlines()
    )


def test_opening_again_applies_no_migration_twice(kb: KnowledgeBase) -> None:
    add(kb, "/plan", "Volunteers plant tulips.")
    for _ in range(3):
        store = Store(kb.store.home)
        assert store.db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert [document.path for document in store.documents()] == ["/plan"]
        store.close()


@pytest.mark.parametrize("_", range(5))
def test_many_may_create_the_same_knowledge_base_at_once(tmp_path: Path, _: int) -> None:
    opened: list[int] = []
    together = threading.Barrier(8)

    def create() -> None:
        together.wait()
        store = Store(tmp_path / "home", create=True)
        opened.append(store.generation())
        store.close()

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [0] * 8


def overwrite(path: Path, share: float) -> None:
    """Overwrite 40,000 bytes of the file from `share` of its length on."""
    body = bytearray(path.read_bytes())
    start = int(len(body) * share)
    body[start : start + 40_000] = b"\xaa" * 40_000
    path.write_bytes(body)


def test_a_file_that_is_no_database_is_named_with_advice(home: Path) -> None:
    overwrite(home / DATABASE, 0)
    with pytest.raises(StoreError, match=rf"{DATABASE} cannot be used: .*restore a backup"):
        KnowledgeBase.open(home)


SHARES = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]


@pytest.mark.parametrize("question", ["search", "answer"])
def test_damage_in_the_middle_of_the_database_is_an_error_for_people(
    ingested: Path, tmp_path: Path, encoder: Encoder, question: str
) -> None:
    advice = []
    for share in SHARES:  # some damage lies where a question does not look
        home = Path(shutil.copytree(ingested, tmp_path / str(share)))
        overwrite(home / DATABASE, share)
        try:
            with KnowledgeBase.open(home, encoder=encoder) as kb:
                getattr(kb, question)("how do cities motivate volunteers")
        except KBError as error:
            advice.append(str(error))
    assert advice
    assert all("backup" in message for message in advice)


@pytest.mark.parametrize("share", SHARES)
def test_verify_finds_damage_in_the_middle_of_the_database(home: Path, encoder: Encoder, share: float) -> None:
    overwrite(home / DATABASE, share)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        problems = kb.verify()
    assert [(problem.what, problem.harmless) for problem in problems] == [("database", False)]
    assert "backup" in problems[0].message


def test_vectors_are_stored_exactly(kb: KnowledgeBase) -> None:
    made = draft("/plan", ("en", "Volunteers plant tulips. They water them."))
    vectors = embedded(kb.encoder, made)
    kb.store.put(made, vectors.passages, vectors.sentences)
    _, stored = kb.store.sentence_vectors()
    assert np.array_equal(stored, vectors.sentences)
