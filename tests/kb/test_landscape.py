"""The map of all passages: topics lie together, languages mix, and it follows the documents."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from benchmarks import landscape as benchmark
from kb import KnowledgeBase
from kb.encoder import Encoder
from kb.landscape import update as landscape
from kb.landscape.reading import Landscape, around, members, read
from kb.store import Store
from tests.kb.drafts import draft, put

ALL = 100_000
LANGUAGES = ("en", "pl", "de", "lv", "lt")

BRIGADE = (
    "Savanoriai ugniagesiai budi kaimuose, kur iki profesionalų stoties toli. "
    "Ugniagesių savanorių draugija moko gesinti gaisrus ir gelbėti žmones."
)
TALKS = [
    f"{who} {what} {where}."
    for who in ("Volunteers", "Neighbours", "Students", "Pensioners")
    for what in ("plant trees", "read to children", "repair bicycles", "cook soup", "visit the sick")
    for where in ("in the park", "at the school", "in the library")
]
"""Sixty sentences, each a passage of its own."""


def places(store: Store) -> dict[int, tuple[float, float]]:
    return {point.passage_id: (point.x, point.y) for point in read(store, ALL).points}


def talks(kb: KnowledgeBase) -> KnowledgeBase:
    """The knowledge base with sixty short passages in three documents."""
    for number in range(3):
        put(kb, draft(f"/talks-{number}", *(("en", talk) for talk in TALKS[number::3])))
    landscape.update(kb.store)
    return kb


def test_every_passage_has_a_place_and_every_cluster_a_name_in_five_languages(full: KnowledgeBase) -> None:
    found = read(full.store, ALL)
    passages = full.store.db.execute("SELECT count(*) FROM passages").fetchone()[0]
    assert found.passages == len(found.points) == passages
    assert max(max(abs(point.x), abs(point.y)) for point in found.points) == pytest.approx(1)
    assert sum(cluster.passages for cluster in found.clusters) == passages
    for cluster in found.clusters:
        assert [cluster.name(code).language for code in LANGUAGES] == list(LANGUAGES)
        assert all(len(cluster.name(code).words) == 3 for code in LANGUAGES)
        assert len(members(full.store, cluster.id, ALL)) == cluster.passages
    assert len({cluster.name("en").words for cluster in found.clusters}) == len(found.clusters)


def test_languages_mix_topics_hold_together_and_translations_lie_near(full: KnowledgeBase) -> None:
    known = benchmark.read(full.store)
    positions = np.array([place for _, place in sorted(places(full.store).items())])
    measured = benchmark.measures(known, positions, np.ones(len(positions), bool))
    assert measured["of the ten nearest, in another language"] > 0.85 * benchmark.chance(known)
    assert measured["of the ten nearest, with a topic in common"] > 0.7
    assert measured["linked passages that are near"] > 0.7


def test_a_new_document_is_placed_among_its_like_and_nothing_else_moves(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        before = places(kb.store)
        document = put(kb, draft("/brigade", ("lt", BRIGADE)))
        assert "1 passages are not on the map yet" in str(landscape.problem(kb.store))
        assert [problem.harmless for problem in kb.verify() if problem.what == "landscape"] == [True]
        assert landscape.update(kb.store) == 1
        assert landscape.problem(kb.store) is None
        new = kb.store.passages_of(document)[0].id
        after = places(kb.store)
        assert {passage: place for passage, place in after.items() if passage != new} == before
        near = kb.store.passages(around(kb.store, new, 11)[1:])
        fire = ("fire", "feuer", "ugnia", "gaisr", "uguns", "straż", "pożar")
        speaking = [found for found in near.values() if any(word in found.text.lower() for word in fire)]
        assert len(speaking) >= 6
        assert len({found.language for found in near.values()}) >= 3
        gone = kb.store.documents()[0]
        left = {found.id for found in kb.store.passages_of(gone.id)}
        kb.store.remove(gone.id)
        assert places(kb.store) == {passage: place for passage, place in after.items() if passage not in left}
        assert landscape.update(kb.store) == 0


def test_a_landscape_that_is_lost_is_laid_out_again_always_the_same(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        found = []
        for _ in range(2):
            with kb.store.writing(derived=True) as db:
                db.execute("DELETE FROM landscape_clusters")
            assert read(kb.store, ALL) == Landscape((), (), 0)
            landscape.update(kb.store)
            found.append(read(kb.store, ALL))
        assert found[0] == found[1]
        assert found[0].passages == kb.store.db.execute("SELECT count(*) FROM passages").fetchone()[0]


def test_a_layout_that_fails_halfway_leaves_the_one_before(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        before = read(kb.store, ALL)
        last = before.points[0].passage_id
        kb.store.set_meta(kb.store.db, "terms_made_with", "another version")
        kb.store.db.execute(
            f"""CREATE TEMP TRIGGER full_disk BEFORE INSERT ON landscape_positions WHEN NEW.passage_id = {last}
                BEGIN SELECT RAISE(ABORT, 'disk full'); END"""
        )
        with pytest.raises(sqlite3.IntegrityError, match="disk full"):
            landscape.update(kb.store)
        assert read(kb.store, ALL) == before


def test_of_many_passages_a_sample_is_laid_out_and_the_others_are_placed(
    home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landscape, "FITTED", 300)
    monkeypatch.setattr(landscape, "BATCH", 100)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        with kb.store.writing(derived=True) as db:
            db.execute("DELETE FROM landscape_clusters")
        landscape.update(kb.store)
        known = benchmark.read(kb.store)
        positions = np.array([place for _, place in sorted(places(kb.store).items())])
        assert len(positions) == len(known.documents)
        measured = benchmark.measures(known, positions, np.ones(len(positions), bool))
        assert measured["of the ten nearest, with a topic in common"] > 0.7
        assert len(read(kb.store, 100).points) == 100


def test_too_few_passages_have_no_landscape(kb: KnowledgeBase) -> None:
    put(kb, draft("/talks", *(("en", talk) for talk in TALKS[: landscape.LEAST_PASSAGES - 1])))
    assert landscape.update(kb.store) == 0
    assert read(kb.store, ALL) == Landscape((), (), 0)
    assert kb.store.meta(landscape.STATE) is None


def test_it_is_laid_out_anew_when_much_has_changed_and_forgotten_when_little_is_left(kb: KnowledgeBase) -> None:
    talks(kb)
    state, before = kb.store.meta(landscape.STATE), places(kb.store)
    put(kb, draft("/more", *(("en", f"The city pays for {talk}") for talk in TALKS[:10])))
    landscape.update(kb.store)
    assert kb.store.meta(landscape.STATE) == state
    put(kb, draft("/still-more", *(("en", f"The mayor thanks: {talk}") for talk in TALKS[10:20])))
    landscape.update(kb.store)
    assert kb.store.meta(landscape.STATE) != state
    after = places(kb.store)
    assert len(after) == 80 and any(after[passage] != place for passage, place in before.items())
    names = {cluster.name("lv").language for cluster in read(kb.store, 0).clusters}
    assert names == {"en"}, "no text is in Latvian: the name is in English, and says so"
    for document in kb.store.documents()[:2]:
        kb.store.remove(document.id)
    landscape.update(kb.store)
    assert read(kb.store, ALL) == Landscape((), (), 0)


def test_vectors_of_another_encoder_make_another_landscape(kb: KnowledgeBase) -> None:
    state = talks(kb).store.meta(landscape.STATE)
    kb.store.keep_derived("encoder_fingerprint", "another")
    assert "drawn at the next ingest" in str(landscape.problem(kb.store))
    assert landscape.update(kb.store) == len(TALKS)
    assert kb.store.meta(landscape.STATE) != state
    assert landscape.problem(kb.store) is None


def test_the_same_text_many_times_over_is_no_error(kb: KnowledgeBase) -> None:
    put(kb, draft("/notice", *(("en", "The office is closed on Friday."),) * landscape.LEAST_PASSAGES))
    assert landscape.update(kb.store) == landscape.LEAST_PASSAGES
    assert np.isfinite(list(places(kb.store).values())).all()
