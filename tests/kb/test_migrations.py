"""A knowledge base of an older HopKB opens, keeps what it holds, and learns what is new."""

import sqlite3
import threading
from pathlib import Path

import pytest

from kb import KnowledgeBase, terms
from kb.encoder import Encoder
from kb.errors import StoreError
from kb.migrations import MIGRATIONS
from kb.postings import FILE
from kb.store import DATABASE, Store
from tests.kb.drafts import draft, embedded, put

DOCUMENTS = {
    "/en": ("en", "Volunteers plant tulips in the park."),
    "/de": ("de", "Die Nachbarschaftshilfe kauft für Kranke ein."),
    "/lv": ("lv", "Toruņā pilsēta pateicas brīvprātīgajiem."),
    "/harbour": ("en", "The harbour freezes in winter."),
}


def old_terms(text: str, language: str) -> tuple[str, str]:
    """Terms as schema 1 kept them: without the parts of compounds."""
    found = terms.analyse(text, language)
    return " ".join(term.lemma for term in found), " ".join(term.surface for term in found)


def write_old(home: Path, encoder: Encoder) -> None:
    """A knowledge base as the HopKB of schema 1 wrote it, terms in FTS5."""
    home.mkdir()
    with sqlite3.connect(home / DATABASE) as db:
        db.executescript(f"PRAGMA journal_mode = WAL; {MIGRATIONS[0]} PRAGMA user_version = 1;")
        db.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("encoder_name", encoder.name), ("encoder_fingerprint", encoder.fingerprint)],
        )
        for path, (language, text) in DOCUMENTS.items():
            made = draft(path, (language, text))
            vectors = embedded(encoder, made)
            document = db.execute(
                "INSERT INTO documents (path, sha256, format, title, text, dates, urls, added_at) "
                "VALUES (?, ?, 'txt', '', ?, '[]', '[]', '2026-01-01T00:00:00+00:00')",
                [path, made.sha256, made.text],
            ).lastrowid
            lemmas, surfaces = old_terms(text, language)
            passage = db.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, 'paragraph', 1, '', 0, ?, ?, ?)",
                [document, language, len(text), len(lemmas.split()), vectors.passages[0].tobytes()],
            ).lastrowid
            db.execute(
                "INSERT INTO passage_terms (rowid, lemmas, surfaces) VALUES (?, ?, ?)", [passage, lemmas, surfaces]
            )
            db.execute(
                "INSERT INTO sentences VALUES (NULL, ?, 0, ?, ?)", [passage, len(text), vectors.sentences[0].tobytes()]
            )
            db.execute("INSERT INTO generations (token) VALUES (hex(randomblob(8)))")
    db.close()


@pytest.fixture
def old(tmp_path: Path, encoder: Encoder) -> Path:
    """The home of a knowledge base of schema 1."""
    home = tmp_path / "old"
    write_old(home, encoder)
    return home


def lexical(kb: KnowledgeBase, query: str) -> list[str]:
    """Paths of the hits with a word of the query."""
    return [hit.document.path for hit in kb.search(query) if hit.lexical > 0]


def test_an_old_knowledge_base_opens_and_keeps_its_terms(old: Path) -> None:
    store = Store(old)
    assert store.db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) == 5
    assert [document.path for document in store.documents()] == list(DOCUMENTS)
    assert [(row[1], row[3], row[4]) for row in store.passage_terms()] == [
        (language, *old_terms(text, language)) for language, text in DOCUMENTS.values()
    ]
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()


def test_it_is_searched_by_words_at_once(old: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        assert lexical(kb, "tulips in the park") == ["/en"]
        assert set(lexical(kb, "volunteers")) == {"/en", "/lv"}
        assert lexical(kb, "Torun") == ["/lv"]
        assert lexical(kb, "Nachbarschaftshilfe") == ["/de"]
        assert kb.search("tulips")[0].document.path == "/en"


def test_nothing_is_wrong_with_it_but_what_the_next_ingest_makes(old: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        kb.settle()
        assert [problem for problem in kb.verify() if "original" not in problem.message] == []


def test_after_reembed_it_is_found_by_what_only_todays_terms_hold(old: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        assert lexical(kb, "Hilfe") == []
        assert kb.reembed(encoder) == len(DOCUMENTS)
        assert lexical(kb, "Hilfe") == ["/de"]
        assert lexical(kb, "help") == ["/de"]
        assert set(lexical(kb, "volunteers")) == {"/en", "/lv"}
        assert [problem for problem in kb.verify() if "original" not in problem.message] == []
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        assert lexical(kb, "Hilfe") == ["/de"]


def test_reembedded_terms_are_those_of_a_new_knowledge_base(old: Path, kb: KnowledgeBase) -> None:
    for path, passage in DOCUMENTS.items():
        put(kb, draft(path, passage))
    with KnowledgeBase.open(old, encoder=kb.encoder) as renewed:
        renewed.reembed(kb.encoder)
        assert renewed.store.passage_terms() == kb.store.passage_terms()
        assert renewed.store.meta("terms_made_with") == kb.store.meta("terms_made_with") == terms.VERSION


def test_documents_that_come_later_are_found_beside_the_old_ones(old: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        put(kb, draft("/new", ("pl", "Wolontariusze sadzą tulipany.")))
        put(kb, draft("/en", ("en", "Children swim in the lake.")))
        assert lexical(kb, "tulips") == ["/new"]
        assert lexical(kb, "swim lake") == ["/en"]
        document = kb.store.document_by_path("/lv")
        assert document is not None
        kb.store.remove(document.id)
        assert lexical(kb, "Torun") == []
        assert len(kb.store.passage_terms()) == len(DOCUMENTS)


def test_an_empty_old_knowledge_base_opens(tmp_path: Path, encoder: Encoder) -> None:
    with sqlite3.connect(tmp_path / DATABASE) as db:
        db.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    db.close()
    with KnowledgeBase.open(tmp_path, encoder=encoder) as kb:
        assert kb.search("tulips") == []
        put(kb, draft("/en", DOCUMENTS["/en"]))
        assert lexical(kb, "tulips") == ["/en"]


def test_many_may_open_an_old_knowledge_base_at_once(old: Path) -> None:
    counts: list[object] = []

    def read() -> None:
        try:
            store = Store(old)
            counts.append(len(store.passage_terms()))
            store.close()
        except StoreError as error:
            counts.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [len(DOCUMENTS)] * 8


def test_one_with_terms_of_a_passage_that_is_gone_opens_too(old: Path, encoder: Encoder) -> None:
    """Damage that `verify` used to name and `ingest --force` to mend must not lock people out."""
    with sqlite3.connect(old / DATABASE) as db:
        db.execute("INSERT INTO passage_terms (rowid, lemmas, surfaces) VALUES (99, 'ghost', 'ghost')")
    db.close()
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        assert lexical(kb, "tulips in the park") == ["/en"]
        assert lexical(kb, "ghost") == []


def test_a_migration_that_fails_leaves_the_old_knowledge_base(old: Path) -> None:
    with sqlite3.connect(old / DATABASE) as db:
        db.execute("CREATE TABLE terms_of_passages (a)")  # in the way of the new table
    db.close()
    with pytest.raises(StoreError, match="backup"):
        Store(old)
    with sqlite3.connect(old / DATABASE) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1
        assert db.execute("SELECT count(*) FROM passage_terms WHERE passage_terms MATCH 'tulip'").fetchone()[0] == 1
    db.close()


def test_an_old_index_file_beside_it_does_no_harm(old: Path, encoder: Encoder) -> None:
    (old / "sentences.faiss").write_bytes(b'{"magic": "hopkb-sentences-1"}\nwhatever')
    with KnowledgeBase.open(old, encoder=encoder) as kb:
        assert kb.search("tulips")[0].document.path == "/en"
        kb.settle()
        assert (old / FILE).is_file()
        assert [problem for problem in kb.verify() if problem.what == "index"] == []
