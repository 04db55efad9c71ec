"""Several machines, one cluster: what one adds, replaces, moves or removes, the others see."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.engines.qdrant.engine import LOOK_AGAIN
from kb.errors import NotFound
from kb.landscape.reading import read as landscape
from kb.related.links import related_documents
from tests.kb.drafts import add, draft, put
from tests.kb.engines.conftest import Machine
from tests.kb.engines.machines import document_id, found, kept, look, paths, serious, texts
from tests.kb.test_related import GUIDE, paragraphs


def test_what_one_machine_adds_another_finds_within_seconds(riga: KnowledgeBase, torun: KnowledgeBase) -> None:
    assert found(torun, "tulips") == ["The library lends drills."]
    add(riga, "/plan", "Volunteers plant tulips.")
    time.sleep(LOOK_AGAIN)
    assert found(torun, "tulips")[0] == "Volunteers plant tulips."


def test_what_one_replaces_moves_and_removes_is_so_for_the_other(riga: KnowledgeBase, torun: KnowledgeBase) -> None:
    plan = put(riga, draft("/plan", ("en", "Volunteers plant tulips."), ("lv", "Viņi laista puķes.")))
    look(torun)
    assert texts(torun, plan) == ["Volunteers plant tulips.", "Viņi laista puķes."]
    assert add(riga, "/plan", "Volunteers repair bicycles.") == plan
    look(torun)
    assert texts(torun, plan) == ["Volunteers repair bicycles."]
    assert found(torun, "tulips, bicycles") == ["Volunteers repair bicycles.", "The library lends drills."]
    riga.engine.move(plan, "/new", "/archive")
    look(torun)
    assert torun.store.document(plan) == riga.store.document(plan)
    assert found(torun, "bicycles")[0] == "Volunteers repair bicycles."
    torun.engine.remove(plan)
    look(riga)
    assert paths(riga) == paths(torun) == ["/first"]
    assert serious(riga, torun) == []


def test_both_have_the_same_ids_and_no_two_documents_share_one(riga: KnowledgeBase, torun: KnowledgeBase) -> None:
    for number in range(4):
        add(riga, f"/riga/{number}", f"Riga has {number} parks.")
        add(torun, f"/torun/{number}", f"Toruń has {number} parks.")
    look(riga, torun)
    assert riga.store.documents() == torun.store.documents()
    assert len(paths(riga)) == 9
    ids = [passage.id for document in riga.store.documents() for passage in riga.store.passages_of(document.id)]
    assert len(set(ids)) == 9
    assert serious(riga, torun) == []


def test_a_file_moved_to_where_another_was_replaces_it_everywhere(riga: KnowledgeBase, torun: KnowledgeBase) -> None:
    plan = add(riga, "/plan", "Volunteers plant tulips.")
    old = add(riga, "/old", "Volunteers repair bicycles.")
    look(torun)
    riga.engine.remove(plan)
    riga.engine.move(old, "/plan")
    new = add(riga, "/old", "A choir sings in the harbour.")
    look(torun)
    assert {document.path: document.id for document in torun.store.documents()} == {
        "/first": document_id(riga, "/first"),
        "/plan": old,
        "/old": new,
    }
    assert serious(riga, torun) == []


def test_a_new_file_at_the_old_path_of_a_moved_one_is_another_document(
    riga: KnowledgeBase, torun: KnowledgeBase
) -> None:
    """Though the machine that adds it has not heard of the move."""
    plan = add(riga, "/plan", "Volunteers plant tulips.")
    look(torun)
    riga.engine.move(plan, "/archive/plan")
    new = add(torun, "/plan", "Volunteers repair bicycles.")
    look(riga, torun)
    assert new != plan
    for kb in (riga, torun):
        assert paths(kb) == ["/archive/plan", "/first", "/plan"]
        assert (texts(kb, plan), texts(kb, new)) == (["Volunteers plant tulips."], ["Volunteers repair bicycles."])
        assert len(found(kb, "volunteers")) == 3
    assert serious(riga, torun) == []


def test_a_document_that_another_machine_has_just_replaced_is_moved_as_it_is_now(
    riga: KnowledgeBase, torun: KnowledgeBase
) -> None:
    plan = add(riga, "/plan", "Volunteers plant tulips.")
    look(torun)
    add(riga, "/plan", "Volunteers repair bicycles.")
    torun.engine.move(plan, "/new")
    look(riga, torun)
    for kb in (riga, torun):
        assert paths(kb) == ["/first", "/new"]
        assert found(kb, "volunteers")[0] == texts(kb, plan)[0] == "Volunteers repair bicycles."
    assert serious(riga, torun) == []


def test_what_another_has_removed_or_put_in_its_place_is_not_removed_again(
    riga: KnowledgeBase, torun: KnowledgeBase
) -> None:
    plan = add(riga, "/plan", "Volunteers plant tulips.")
    other = add(riga, "/other", "Volunteers repair bicycles.")
    look(torun)
    riga.engine.remove(plan)
    riga.engine.move(other, "/plan")
    with pytest.raises(NotFound, match="/plan is not in the knowledge base any more"):
        torun.engine.remove(plan)
    look(riga, torun)
    for kb in (riga, torun):
        assert texts(kb, other) == ["Volunteers repair bicycles."]
        assert found(kb, "bicycles")[0] == "Volunteers repair bicycles."
    assert serious(riga, torun) == []


def test_an_original_stays_while_a_document_of_another_machine_has_the_same_bytes(
    riga: KnowledgeBase, torun: KnowledgeBase, tmp_path: Path
) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("Volunteers plant tulips.", "utf-8")
    sha256 = kept(riga, file)
    plan = draft("/plan.txt", ("en", "Volunteers plant tulips."))
    first = put(riga, replace(plan, sha256=sha256))
    look(torun)
    kept(torun, file)
    put(torun, replace(plan, path="/copy.txt", sha256=sha256))
    riga.engine.remove(first)
    look(riga)
    shutil.rmtree(riga.store.home / "originals")
    copy = riga.store.document_by_path("/copy.txt")
    assert copy is not None
    assert riga.engine.original(copy).read_bytes() == file.read_bytes()


# --- what is derived


def guides_in(kb: KnowledgeBase) -> dict[str, int]:
    """Put the guide in three languages, and enough for a landscape; the ids of the guides."""
    for number in range(7):
        parts = [("en", f"Street {number} has {trees} trees that the neighbours water.") for trees in range(6)]
        put(kb, draft(f"/street/{number}", *parts))
    return {code: put(kb, draft(f"/{code}", *((code, part) for part in paragraphs(GUIDE[code], 2)))) for code in GUIDE}


def test_what_one_machine_has_derived_the_others_need_not(
    riga: KnowledgeBase, torun: KnowledgeBase, machine: Machine
) -> None:
    guides = guides_in(riga)
    look(torun)
    torun.answer("Who plants tulips?")  # it has to find out for itself how near the nearest usually are
    riga.settle()
    riga.engine.move(guides["en"], "/archive/en")
    look(torun)
    later = machine("later")  # it comes after the move
    for kb in (torun, later):
        assert {near.document.id for near in related_documents(kb.store, guides["en"])} == {
            guides["de"],
            guides["lv"],
        }
        assert landscape(kb.store, 1_000) == landscape(riga.store, 1_000)
        assert kb.relevance.usual("lv") == riga.relevance.usual("lv")
        assert [problem.message for problem in kb.verify() if "original" not in problem.message] == []


def test_a_removed_document_is_related_to_nothing_any_more(
    riga: KnowledgeBase, torun: KnowledgeBase, machine: Machine
) -> None:
    guides = guides_in(riga)
    riga.settle()
    look(torun)
    torun.engine.remove(guides["de"])
    look(riga)
    for kb in (riga, torun, machine("later")):
        assert [near.document.id for near in related_documents(kb.store, guides["en"])] == [guides["lv"]]
        assert serious(kb) == []
