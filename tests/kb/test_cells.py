"""Many sentences: approximate search on disk, which a user notices by nothing but `stats`."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase, partition, vectors
from kb.__main__ import main
from kb.codes import Ids
from kb.config import SAMPLE_QUESTIONS
from kb.encoder import Encoder
from kb.evaluation.questions import read_questions
from kb.vectors import FILE
from tests.kb.conftest import ROOT
from tests.kb.drafts import add, draft, put

QUESTIONS = [question.text for question in read_questions(SAMPLE_QUESTIONS)][:40]
FEW = QUESTIONS[:12]

SAVER = """
import sys
from itertools import count
from kb import KnowledgeBase, vectors
vectors.SWITCH, vectors.RECENT_SHARE, vectors.GROWTH = 1_000, 0, 1.005
from tests.kb.drafts import add
with KnowledgeBase.open(sys.argv[1]) as kb:
    for number in count():
        add(kb, f"/{number}", f"Volunteers number {number} light the lamps of the old lighthouse.")
        kb.engine.sentences.save()
        print(number, flush=True)
"""
"""A process that merges or partitions at every save."""


@pytest.fixture(autouse=True)
def switch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample corpus, with its 6,000 sentences, counts as large."""
    monkeypatch.setattr(vectors, "SWITCH", 1_000)


@pytest.fixture
def large(home: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """A knowledge base whose sentences are in cells."""
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        kb.engine.sentences.save()
        yield kb


def cells(home: Path) -> list[Path]:
    return sorted(home.glob("cells-*"))


def found(home: Path, encoder: Encoder) -> list[list[int]]:
    """Passage ids of the hits of each question, in order, by a freshly opened knowledge base."""
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        return [[hit.passage.id for hit in kb.search(question)] for question in FEW]


def way(home: Path, out: pytest.CaptureFixture[str]) -> str:
    """How sentences are searched, as the command line says."""
    main(["stats", "--home", str(home), "--json"])
    return str(json.loads(out.readouterr().out)["sentence_search"])


# --- the switch


def test_the_switch_is_recorded_and_changes_no_hit(
    home: Path, encoder: Encoder, out: pytest.CaptureFixture[str]
) -> None:
    exact = found(home, encoder)
    assert way(home, out) == "exact"
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        kb.engine.sentences.save()
        assert kb.verify() == []
    assert way(home, out).startswith("approximate: the nearest ")
    main(["stats", "--home", str(home)])
    assert "sentence search: approximate" in out.readouterr().out
    approximate = found(home, encoder)
    assert [hits[:3] for hits in approximate] == [hits[:3] for hits in exact]
    assert np.mean([len({*one} & {*other}) for one, other in zip(exact, approximate, strict=True)]) > 9.9


def test_a_search_never_switches(home: Path, encoder: Encoder) -> None:
    found(home, encoder)
    assert cells(home) == []


def test_the_nearest_sentences_are_nearly_all_found(large: KnowledgeBase, encoder: Encoder) -> None:
    """As many of the 10 and of the 600 nearest as the decision says, with their cosines."""
    ids, held = large.store.sentence_vectors()
    stored = dict(zip(ids, held, strict=True))
    shares: dict[int, list[float]] = {10: [], 600: []}
    for query in encoder.encode(QUESTIONS, role="query"):
        near, cosines = large.engine.sentences.search(query[None], 600)
        assert np.allclose(cosines, [stored[found] @ query for found in near.tolist()], atol=0.01)
        assert (np.diff(cosines) <= 0).all()
        truth = np.array(ids)[np.argsort(-(held @ query), kind="stable")]
        for count, found_shares in shares.items():
            found_shares.append(np.isin(truth[:count], near).mean())
    assert np.mean(shares[10]) >= 0.99
    assert np.mean(shares[600]) >= 0.95


@pytest.mark.parametrize("allowed", [3, 200, 3_000])
def test_among_few_allowed_sentences_none_is_missed(large: KnowledgeBase, encoder: Encoder, allowed: int) -> None:
    ids, held = large.store.sentence_vectors()
    chosen = np.sort(np.random.default_rng(1).choice(len(ids), allowed, replace=False))
    query = encoder.encode([QUESTIONS[0]], role="query")
    near, _ = large.engine.sentences.search(query, 20, [ids[at] for at in chosen])
    truth: Ids = np.array(ids)[chosen[np.argsort(-(held[chosen] @ query[0]))]][:20]
    assert len(near) == min(20, allowed)
    assert len(np.intersect1d(near, truth)) >= len(near) - 1  # the bytes may swap the last with the next


def test_cosines_are_those_of_the_vectors(large: KnowledgeBase, encoder: Encoder) -> None:
    new = add(large, "/new", "The lighthouse is open on Sundays.")
    ids, held = large.store.sentence_vectors()
    queries = encoder.encode(QUESTIONS[:2], role="query")
    mixed = [*ids[-3:], *ids[:5], max(ids) + 100]
    cosines = large.engine.sentences.cosines(mixed, queries)
    assert np.allclose(cosines[:8], np.concatenate([held[-3:], held[:5]]) @ queries.T, atol=0.01)
    assert (cosines[8] == -1).all()
    assert large.search("when is the lighthouse open")[0].document.id == new


# --- what comes and goes


def test_a_document_is_found_at_once_and_after_it_is_saved_beside_the_cells(
    large: KnowledgeBase, encoder: Encoder
) -> None:
    home, before = large.store.home, cells(large.store.home)
    new = add(large, "/new", "The lighthouse keeper teaches volunteers to signal with flags.")
    question = "signalling with flags at the lighthouse"
    assert large.search(question)[0].document.id == new
    large.engine.sentences.save()
    assert cells(home) == before
    with KnowledgeBase.open(home, encoder=encoder) as other:
        assert other.search(question)[0].document.id == new
        assert other.engine.sentences.problem() is None


def test_many_new_documents_are_merged_into_the_cells(
    large: KnowledgeBase, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, before = large.store.home, cells(large.store.home)
    was = way_of(large)
    monkeypatch.setattr(vectors, "RECENT_SHARE", 0.0001)
    new = put(large, draft("/new", ("en", "The lighthouse keeper signals with flags. A goat grazes on the roof.")))
    large.engine.sentences.save()
    assert len(cells(home)) == 1 and cells(home) != before
    assert way_of(large) == was
    with KnowledgeBase.open(home, encoder=encoder) as other:
        assert other.search("goats on top of the house")[0].document.id == new
        assert other.engine.sentences.problem() is None
    assert large.search("signalling with flags at the lighthouse")[0].document.id == new


def way_of(kb: KnowledgeBase) -> str | None:
    return kb.store.meta(vectors.RECORD)


def test_a_knowledge_base_that_has_doubled_is_partitioned_anew(
    large: KnowledgeBase, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(large.store.home, encoder)
    monkeypatch.setattr(vectors, "GROWTH", 1)
    old = cells(large.store.home)
    add(large, "/new", "The harbour freezes in winter.")
    large.engine.sentences.save()
    assert len(cells(large.store.home)) == 1 and cells(large.store.home) != old
    assert [hits[:3] for hits in found(large.store.home, encoder)] == [hits[:3] for hits in before]
    assert large.engine.sentences.problem() is None


def test_a_removed_document_never_comes_back(large: KnowledgeBase, encoder: Encoder) -> None:
    gone = large.search(QUESTIONS[0])[0].document.id
    large.store.remove(gone)
    assert gone not in {hit.document.id for hit in large.search(QUESTIONS[0], 100)}
    large.engine.sentences.save()
    with KnowledgeBase.open(large.store.home, encoder=encoder) as other:
        hits = other.search(QUESTIONS[0], 100)
        assert hits and gone not in {hit.document.id for hit in hits}
        assert other.engine.sentences.problem() is None


def test_when_most_is_removed_the_search_is_exact_again(
    large: KnowledgeBase, encoder: Encoder, out: pytest.CaptureFixture[str]
) -> None:
    for document in large.store.documents()[3:]:
        large.store.remove(document.id)
    kept = {document.id for document in large.store.documents()}
    assert {hit.document.id for hit in large.search(QUESTIONS[0], 100)} <= kept
    large.engine.sentences.save()
    assert cells(large.store.home) == []
    assert way(large.store.home, out) == "exact"
    with KnowledgeBase.open(large.store.home, encoder=encoder) as other:
        assert {hit.document.id for hit in other.search(QUESTIONS[0], 100)} <= kept


def test_an_open_page_takes_the_cells_that_another_process_has_saved(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as page, KnowledgeBase.open(home, encoder=encoder) as other:
        before = [hit.passage.id for hit in page.search(QUESTIONS[0])]
        other.engine.sentences.save()
        new = add(other, "/new", "The lighthouse keeper teaches volunteers to signal with flags.")
        assert [hit.passage.id for hit in page.search(QUESTIONS[0])] == before
        assert page.search("signalling with flags at the lighthouse")[0].document.id == new
        held = Path("/proc/self/maps")
        if held.exists():
            assert held.read_text().count(f"{cells(home)[0].name}/lists") == 2  # mapped by both


def test_an_older_snapshot_goes_on_while_cells_are_made(large: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "RECENT_SHARE", 0)
    with large.store.snapshot():
        large.store.generation()  # the snapshot begins with the first reading
        before = [hit.passage.id for hit in large.search(QUESTIONS[0])]

        def meanwhile() -> None:
            add(large, "/new", f"{QUESTIONS[0]} {QUESTIONS[0]}")
            large.engine.sentences.save()
            large.close()

        writer = threading.Thread(target=meanwhile)
        writer.start()
        writer.join()
        assert [hit.passage.id for hit in large.search(QUESTIONS[0])] == before
    assert large.search(QUESTIONS[0])[0].document.path == "/new"


# --- damage


def test_where_cells_cannot_be_written_the_search_goes_on(
    home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = found(home, encoder)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        with monkeypatch.context() as patched:
            patched.setattr(partition, "_joined", full)
            with pytest.raises(OSError, match="No space left"):
                kb.engine.sentences.save()
        assert cells(home) == []
        assert [[hit.passage.id for hit in kb.search(question)] for question in FEW] == before
        kb.engine.sentences.save()
        assert kb.engine.sentences.problem() is None
    assert len(cells(home)) == 1


def without_the_file(home: Path) -> None:
    (home / FILE).unlink()


def without_the_cells(home: Path) -> None:
    shutil.rmtree(cells(home)[0])


def without_ids(home: Path) -> None:
    (cells(home)[0] / "ids.npy").unlink()


def lists_cut_short(home: Path) -> None:
    path = cells(home)[0] / "lists"
    os.truncate(path, path.stat().st_size // 2)


def flipped(name: str) -> Callable[[Path], None]:
    def damage(home: Path) -> None:
        path = cells(home)[0] / name
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(body)

    return damage


DAMAGE = {
    "no file": without_the_file,
    "no cells": without_the_cells,
    "no ids": without_ids,
    "lists cut short": lists_cut_short,
    "a bit of the index": flipped("index"),
    "a bit of the ids": flipped("ids.npy"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_noticed_and_mended(home: Path, encoder: Encoder, damage: Callable[[Path], None]) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        kb.engine.sentences.save()
    before = found(home, encoder)
    damage(home)
    assert [hits[:3] for hits in found(home, encoder)] == [hits[:3] for hits in before]
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        problem = kb.engine.sentences.problem()
        assert problem is not None
        assert ("missing" in problem.message or "damaged" in problem.message) and "rebuilt" in problem.message
        kb.engine.sentences.save()
        assert kb.engine.sentences.problem() is None
    assert found(home, encoder) == before


def test_damage_in_the_lists_is_found_by_verify_and_harms_no_search(
    large: KnowledgeBase, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = large.store.home
    before = found(home, encoder)
    for _ in range(3):
        flipped("lists")(home)
        (cells(home)[0] / "lists").write_bytes((cells(home)[0] / "lists").read_bytes()[::-1])
        assert [len(hits) for hits in found(home, encoder)] == [10] * len(FEW)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        problem = kb.engine.sentences.problem()
        assert problem is not None and "damaged" in problem.message and not problem.harmless
        monkeypatch.setattr(vectors, "RECENT_SHARE", 0)
        add(kb, "/new", "The harbour freezes in winter.")
        kb.engine.sentences.save()  # a merge notices, too
        assert kb.engine.sentences.problem() is None
    assert [hits[:3] for hits in found(home, encoder)] == [hits[:3] for hits in before]


def test_a_process_killed_at_any_moment_leaves_a_knowledge_base_that_is_whole(large: KnowledgeBase) -> None:
    home, chance = large.store.home, random.Random(0)
    for _ in range(3):
        saver = subprocess.Popen([sys.executable, "-c", SAVER, str(home)], cwd=ROOT, stdout=subprocess.PIPE)
        assert saver.stdout is not None and saver.stdout.readline()
        time.sleep(chance.uniform(0, 1))
        saver.kill()
        saver.communicate()
        with KnowledgeBase.open(home, encoder=large.encoder) as kb:
            problem = kb.engine.sentences.problem()
            assert problem is None or problem.harmless
            assert {hit.document.path[:1] for hit in kb.search("who lights the lamps of the lighthouse", 3)} == {"/"}
    hour_ago = time.time() - 2 * 3600
    for path in cells(home):
        os.utime(path, (hour_ago, hour_ago))
    with KnowledgeBase.open(home, encoder=large.encoder) as kb:
        kb.engine.sentences.save()
        assert kb.engine.sentences.problem() is None
    assert len(cells(home)) == 1
