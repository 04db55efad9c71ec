"""verify finds every kind of damage and names what to do."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import KnowledgeBase
from kb.encoder import Encoder
from kb.store import DATABASE
from kb.vectors import FILE
from kb.verify import Problem


def problems(home: Path, encoder: Encoder) -> list[Problem]:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        return kb.verify()


def change(home: Path, sql: str) -> None:
    """Damage the database, past all checks."""
    with sqlite3.connect(home / DATABASE) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        assert db.execute(sql).rowcount != 0
    db.close()


def test_a_freshly_ingested_knowledge_base_is_whole(home: Path, encoder: Encoder) -> None:
    assert problems(home, encoder) == []


def test_an_empty_knowledge_base_is_whole(kb: KnowledgeBase) -> None:
    assert kb.verify() == []


def test_a_missing_original_is_named_with_its_document(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        document = next(document for document in kb.store.documents() if "walking" in document.path)
    next((home / "originals").glob(f"{document.sha256}*")).unlink()
    found = problems(home, encoder)
    assert [(problem.what, problem.harmless) for problem in found] == [(document.path, False)]
    assert "original is missing" in found[0].message and "--force" in found[0].message


def test_all_originals_may_be_missing(home: Path, encoder: Encoder) -> None:
    shutil.rmtree(home / "originals")
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        paths = {document.path for document in kb.store.documents()}
    assert {problem.what for problem in problems(home, encoder)} == paths


@pytest.mark.parametrize(
    ("sql", "what", "advice"),
    [
        ("DELETE FROM passage_terms WHERE rowid = 5", "terms", "1 passages cannot be found by words. .*--force"),
        ("DELETE FROM passages WHERE id = 5", "database", "--force"),
        ("DELETE FROM documents WHERE id = 1", "database", "--force"),
        ("UPDATE passages SET vector = substr(vector, 1, 100) WHERE id = 5", "vectors", "kb reembed"),
        ("UPDATE sentences SET vector = substr(vector, 1, 400) WHERE id = 5", "vectors", "kb reembed"),
    ],
)
def test_damage_to_the_tables_is_reported(home: Path, encoder: Encoder, sql: str, what: str, advice: str) -> None:
    change(home, sql)
    serious = [problem for problem in problems(home, encoder) if not problem.harmless]
    assert [problem.what for problem in serious] == [what]
    with pytest.raises(AssertionError, match=advice):
        raise AssertionError(serious[0].message)


@pytest.mark.parametrize(
    "sql",
    [
        'UPDATE passages SET "end" = 10000000 WHERE id = 5',
        'UPDATE passages SET "start" = -3 WHERE id = 5',
        'UPDATE passages SET "end" = "start" WHERE id = 5',
    ],
)
def test_a_passage_outside_the_text_is_reported_with_its_document(home: Path, encoder: Encoder, sql: str) -> None:
    change(home, sql)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        document = kb.store.document(kb.store.passages([5])[5].document_id)
    found = problems(home, encoder)
    assert [problem.what for problem in found] == [document.path]
    assert "outside the text" in found[0].message


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


@pytest.mark.parametrize(("damage", "message", "harmless"), [(flip, "damaged", False), (Path.unlink, "missing", True)])
def test_a_damaged_or_missing_index_is_reported(
    home: Path, encoder: Encoder, damage: Callable[[Path], None], message: str, harmless: bool
) -> None:
    damage(home / FILE)
    found = problems(home, encoder)
    assert [(problem.what, problem.harmless) for problem in found] == [("index", harmless)]
    assert message in found[0].message and "rebuilt" in found[0].message


def test_vectors_that_differ_from_the_index_are_reported(home: Path, encoder: Encoder) -> None:
    change(home, "UPDATE sentences SET vector = (SELECT vector FROM sentences WHERE id = 9) WHERE id = 5")
    assert "wrong vectors" in problems(home, encoder)[0].message


def test_a_changed_title_is_no_damage(home: Path, encoder: Encoder) -> None:
    change(home, "UPDATE documents SET title = 'Another title' WHERE id = 1")
    assert problems(home, encoder) == []


def test_the_advice_helps(home: Path, encoder: Encoder, tmp_path: Path) -> None:
    """Ingesting with --force mends what can be read again."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "tulips.txt").write_text("Volunteers plant tulips in the park every autumn.", "utf-8")
    small = tmp_path / "small"
    with KnowledgeBase.open(small, encoder=encoder, create=True) as kb:
        list(Pipeline(kb).run([folder], discover([folder])))
    shutil.rmtree(small / "originals")
    change(small, "DELETE FROM passage_terms")
    assert {problem.what for problem in problems(small, encoder)} == {"terms", str(folder / "tulips.txt")}
    with KnowledgeBase.open(small, encoder=encoder) as kb:
        list(Pipeline(kb, force=True).run([folder], discover([folder])))
    assert problems(small, encoder) == []


def test_what_another_version_made_is_named_and_reembed_renews_it_and_changes_no_result(
    home: Path, encoder: Encoder
) -> None:
    change(home, "UPDATE meta SET value = 'terms-of-yesterday' WHERE key = 'terms_made_with'")
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        for document in kb.store.documents()[::2]:  # half is enough, and half as long
            kb.remove(document.id)
        (old, *_) = [problem for problem in kb.verify() if problem.what == "documents"]
        assert "python -m kb reembed" in old.message and old.harmless
        before = [hit.passage.id for hit in kb.search("how do cities thank volunteers")]
        assert kb.reembed(encoder) == len(kb.store.documents())
        assert kb.verify() == []
        assert [hit.passage.id for hit in kb.search("how do cities thank volunteers")] == before
