"""The index of sentences: derived from the store, checked, always rebuildable."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.encoder import Encoder, SentenceTransformerEncoder
from kb.postings import FILE as TERMS_FILE
from kb.store import DATABASE
from kb.vectors import FILE
from tests.kb.drafts import add, draft, put

QUESTION = "how do cities thank their volunteers"


def found(home: Path, encoder: Encoder) -> list[int]:
    """Passage ids of the hits, in order, by a freshly opened knowledge base."""
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        return [hit.passage.id for hit in kb.search(QUESTION)]


def missing(path: Path) -> None:
    path.unlink()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def bit_flipped(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def header_broken(path: Path) -> None:
    path.write_bytes(b"{" + path.read_bytes())


def replaced_by_text(path: Path) -> None:
    path.write_text("This is no index.\nNot at all.", "utf-8")


DAMAGE = [missing, truncated, emptied, bit_flipped, header_broken, replaced_by_text]


@pytest.mark.parametrize("damage", DAMAGE)
def test_search_finds_the_same_without_a_good_index_file(
    home: Path, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    before = found(home, encoder)
    damage(home / FILE)
    assert found(home, encoder) == before


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_reported_until_the_index_is_saved_again(
    home: Path, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    damage(home / FILE)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        problem = kb.engine.sentences.problem()
        assert problem is not None and problem.harmless == ("missing" in problem.message)
        assert ("missing" in problem.message or "damaged" in problem.message) and "rebuilt" in problem.message
        kb.settle()
        assert kb.engine.sentences.problem() is None


def test_an_index_of_another_encoder_is_not_used(
    kb: KnowledgeBase, encoder: Encoder, minilm: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    add(kb, "/thanks", "The mayor writes thank-you cards to volunteers.")
    add(kb, "/pool", "The swimming pool opens at seven in the morning.")
    kb.settle()
    before = found(kb.store.home, encoder)
    other = Path(shutil.copytree(kb.store.home, tmp_path / "other"))
    with KnowledgeBase.open(other, encoder=encoder) as reembedded:
        reembedded.reembed(minilm)
    shutil.copy(other / FILE, kb.store.home / FILE)
    problem = kb.engine.sentences.problem()
    assert problem is not None and "another encoder" in problem.message
    assert found(kb.store.home, encoder) == before


def test_an_older_index_is_brought_up_to_date(home: Path, encoder: Encoder) -> None:
    older = (home / FILE).read_bytes()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        new = add(kb, "/new", "The lighthouse keeper teaches volunteers to signal with flags.")
        kb.settle()
        (home / FILE).write_bytes(older)
        problem = kb.engine.sentences.problem()
        assert problem is not None and "older" in problem.message and problem.harmless
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        assert kb.search("signalling with flags at the lighthouse")[0].document.id == new


def test_an_index_newer_than_a_restored_backup_is_not_used(home: Path, encoder: Encoder, tmp_path: Path) -> None:
    backup = Path(shutil.copytree(home, tmp_path / "backup"))
    before = found(home, encoder)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/new", "Cities thank their volunteers with a song.")
        kb.settle()
    restore(backup, home)
    assert found(home, encoder) == before


def restore(backup: Path, home: Path) -> None:
    """Copy the database back, as a person would who trusts that all else is derived."""
    for path in home.glob(f"{DATABASE}*"):
        path.unlink()
    for path in backup.glob(f"{DATABASE}*"):
        shutil.copy(path, home / path.name)


def test_after_a_restored_backup_new_documents_get_their_own_vectors(
    home: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """The sentence ids of what was lost are given again, so the old index file must not be trusted."""
    backup = Path(shutil.copytree(home, tmp_path / "backup"))
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/lost", "The fishermen mend their nets in the harbour.")
        kb.settle()
    restore(backup, home)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/one", "The astronomers show the rings of Saturn to schoolchildren.")
        kb.settle()
        assert [problem for problem in kb.verify() if problem.what == "index"] == []
        ids, _ = kb.engine.sentences.search(encoder.encode(["planets seen through a telescope"]), 1)
        newest, _ = kb.store.sentence_vectors()
        assert ids[0] == newest[-1]


# --- what the index answers


def test_the_nearest_sentence_comes_first_with_its_cosine(kb: KnowledgeBase, encoder: Encoder) -> None:
    put(kb, draft("/a", ("en", "Children learn to swim. The harbour freezes in winter. Neighbours share tools.")))
    query = encoder.encode(["kids take swimming lessons"])
    ids, cosines = kb.engine.sentences.search(query, 3)
    stored, vectors = kb.store.sentence_vectors()
    assert ids[0] == stored[0]
    assert np.allclose(cosines, [vectors[stored.index(found)] @ query[0] for found in ids], atol=0.01)
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_a_query_read_in_two_ways_finds_what_is_near_to_either_once(kb: KnowledgeBase, encoder: Encoder) -> None:
    put(kb, draft("/a", ("en", "Children learn to swim. The harbour freezes in winter. Neighbours share tools.")))
    stored, vectors = kb.store.sentence_vectors()
    queries = encoder.encode(["kids take swimming lessons", "ice in the port"])
    ids, cosines = kb.engine.sentences.search(queries, 1)
    assert sorted(ids.tolist()) == stored[:2]
    ids, cosines = kb.engine.sentences.search(queries, 3)
    assert sorted(ids.tolist()) == stored
    assert np.allclose(cosines, [(queries @ vectors[stored.index(found)]).max() for found in ids], atol=0.01)
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_only_allowed_sentences_are_found(kb: KnowledgeBase, encoder: Encoder) -> None:
    put(kb, draft("/a", ("en", "Children learn to swim. The harbour freezes in winter. Neighbours share tools.")))
    stored, _ = kb.store.sentence_vectors()
    query = encoder.encode(["kids take swimming lessons"])
    assert set(kb.engine.sentences.search(query, 3, stored[1:])[0].tolist()) == set(stored[1:])
    assert kb.engine.sentences.search(query, 3, [])[0].tolist() == []


def test_an_empty_knowledge_base_has_no_nearest_sentence(kb: KnowledgeBase, encoder: Encoder) -> None:
    ids, cosines = kb.engine.sentences.search(encoder.encode(["anything"])[0], 5)
    assert (ids.tolist(), cosines.tolist()) == ([], [])


def test_a_removed_document_never_comes_back(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        gone = kb.search(QUESTION)[0].document.id
        kb.store.remove(gone)
        assert gone not in {hit.document.id for hit in kb.search(QUESTION, 100)}
    with KnowledgeBase.open(home, encoder=encoder) as kb:  # its sentences are still in the file
        hits = kb.search(QUESTION, 100)
        assert hits
        assert gone not in {hit.document.id for hit in hits}


def test_after_most_documents_are_removed_the_rest_is_found(kb: KnowledgeBase) -> None:
    ids = [add(kb, f"/{n}", f"Volunteers number {n} thank the town for the tools.") for n in range(30)]
    last = add(kb, "/last", "The harbour freezes in winter.")
    kb.settle()
    for document in ids:
        kb.store.remove(document)
    assert [hit.document.id for hit in kb.search("thanks for the tools")] == [last]
    kb.settle()
    assert kb.engine.sentences.problem() is None


@pytest.mark.parametrize("saved", [True, False])
def test_an_emptied_knowledge_base_finds_nothing_and_can_be_filled_again(kb: KnowledgeBase, saved: bool) -> None:
    document = add(kb, "/a", "Children learn to swim.")
    if saved:
        kb.settle()
    kb.store.remove(document)
    kb.settle()
    assert kb.search("swimming") == []
    assert [problem for problem in kb.verify() if problem.what == "index"] == []
    add(kb, "/b", "The harbour freezes in winter.")
    assert [hit.document.path for hit in kb.search("harbour")] == ["/b"]


def test_a_new_document_is_found_at_once(kb: KnowledgeBase) -> None:
    add(kb, "/a", "Children learn to swim.")
    assert kb.search("lighthouse")[0].document.path == "/a"
    add(kb, "/b", "The lighthouse is open on Sundays.")
    assert kb.search("lighthouse")[0].document.path == "/b"


# --- saving


def test_a_reader_never_sees_half_an_index_file(home: Path, encoder: Encoder) -> None:
    """While one process saves again and again, another checks the file."""
    done = threading.Event()
    seen: list[str | None] = []

    def watch() -> None:
        with KnowledgeBase.open(home, encoder=encoder) as reader:
            while not done.is_set():
                seen.append(reader.engine.sentences.problem())

    watcher = threading.Thread(target=watch)
    watcher.start()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        for _ in range(20):
            kb.engine.sentences.save()
    done.set()
    watcher.join()
    assert seen
    assert set(seen) == {None}


def test_saving_leaves_no_other_files_behind(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/b", "The lighthouse is open on Sundays.")
        kb.engine.sentences.save()
    assert {path.name for path in home.iterdir()} == {DATABASE, FILE, TERMS_FILE, "originals"}


def test_rebuilding_makes_the_file_anew(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        before = [hit.passage.id for hit in kb.search(QUESTION)]
        (home / FILE).unlink()
        kb.engine.sentences.rebuild()
        assert kb.engine.sentences.problem() is None
        assert [hit.passage.id for hit in kb.search(QUESTION)] == before


def test_a_search_in_an_older_snapshot_does_not_undo_what_the_index_has_learned(kb: KnowledgeBase) -> None:
    old = add(kb, "/old", "Children learn to swim in the lake.")
    kb.search("swimming")
    with kb.store.snapshot():
        kb.store.generation()  # the snapshot begins with the first reading

        def meanwhile() -> None:
            add(kb, "/new", "Children learn to swim in the new pool.")
            kb.search("swimming")
            kb.close()

        writer = threading.Thread(target=meanwhile)
        writer.start()
        writer.join()
        query = kb.prepare("children swim in the new pool")
        assert query is not None
        ids, _ = kb.engine.sentences.search(query.vectors, 10)
        known, _ = kb.store.sentence_vectors()
        assert set(ids) > set(known)
        assert [hit.document.id for hit in kb.search("children swim in the new pool")] == [old]
    assert kb.search("children swim in the new pool")[0].document.path == "/new"
