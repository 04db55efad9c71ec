"""The index of words: agrees with a plain count, follows the store, checked, always rebuildable."""

import random
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase, query_terms
from kb.encoder import Encoder
from kb.lexical import score
from kb.postings import COLUMNS, FILE, LanguageTerms, Postings, TermIndex, View
from kb.store import DATABASE, Store
from tests.kb.drafts import add, draft
from tests.kb.test_vectors import DAMAGE, restore

VOCABULARY = [
    *("park", "parks", "parking", "tree", "trees", "library", "żółw", "śnieg", "zebra", "a", "ab", "2011"),
    *("torun", "neighbour", "volunteer", "volunteers", "insurance", "winter", "harbour", "ship", "tulip"),
]

Row = tuple[int, int, str, str]


def rows(seed: int, count: int, first: int = 1) -> list[Row]:
    """Passages of random words: id, length, lemmas, surfaces."""
    dice = random.Random(seed)
    made = []
    for number in range(first, first + count):
        words = dice.choices(VOCABULARY, k=dice.randrange(12))
        lemmas, surfaces = words, [word.upper() for word in words]
        made.append((number, len(words), " ".join(lemmas), " ".join(surfaces)))
    return made


def counted(terms: Sequence[LanguageTerms], column: int, term: str) -> dict[int, float]:
    """How often each passage holds `term`, by the index."""
    found = {}
    for part in terms:
        at, frequencies = part.columns[COLUMNS[column]].find(term)
        found |= dict(zip(part.ids[at].tolist(), frequencies.tolist(), strict=True))
    return found


def plainly(made: Sequence[Row], column: int, term: str) -> dict[int, int]:
    """How often each passage holds `term`, by counting."""
    counts = {row[0]: row[2 + column].split().count(term) for row in made}
    return {passage: count for passage, count in counts.items() if count}


# --- what it holds


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_a_plain_count(seed: int) -> None:
    made = rows(seed, 60)
    index = LanguageTerms.of(made)
    for word in [*VOCABULARY, "absent", "", "zzz", "tre"]:
        assert counted([index], 0, word) == plainly(made, 0, word)
        assert counted([index], 1, word.upper()) == plainly(made, 1, word.upper())
    assert dict(zip(index.ids.tolist(), index.lengths.tolist(), strict=True)) == {row[0]: row[1] for row in made}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("stem", ["park", "tree", "volunteer", "a", "z", "śni", "zzz", "absent"])
def test_the_words_of_a_stem_agree_with_a_plain_count(seed: int, stem: str) -> None:
    texts = [row[2] for row in rows(seed, 40)]
    found, frequencies = Postings.of(texts).starting_with(stem)
    total: Counter[int] = Counter()
    for row, frequency in zip(found.tolist(), frequencies.tolist(), strict=True):
        total[row] += int(frequency)
    expected = {row: sum(word.startswith(stem) for word in text.split()) for row, text in enumerate(texts)}
    assert dict(total) == {row: count for row, count in expected.items() if count}


def same(one: LanguageTerms, other: LanguageTerms) -> bool:
    """Whether both hold the same in the same order."""
    arrays = [(one.ids, other.ids), (one.lengths, other.lengths)]
    for column in COLUMNS:
        a, b = one.columns[column], other.columns[column]
        if a.terms != b.terms:
            return False
        arrays += [(a.starts, b.starts), (a.rows, b.rows), (a.frequencies, b.frequencies)]
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in arrays)


@pytest.mark.parametrize("cuts", [(10,), (0,), (60,), (1, 2), (20, 40), (5, 5, 59), tuple(range(1, 60))])
def test_merging_in_parts_makes_what_building_at_once_makes(cuts: tuple[int, ...]) -> None:
    made = rows(7, 60)
    edges = [0, *cuts, 60]
    merged = LanguageTerms.of(made[: edges[1]])
    for first, last in pairwise(edges[1:]):
        merged = merged.merged(LanguageTerms.of(made[first:last]))
    assert same(merged, LanguageTerms.of(made))


# --- how it follows the store


def put(store: Store, path: str, *passages: tuple[str, str]) -> int:
    """Store a document without an encoder: words need no vectors."""
    made = draft(path, *passages)
    sentences = sum(len(passage.sentences) for passage in made.passages)
    return store.put(made, np.ones((len(passages), 4), np.float32), np.ones((sentences, 4), np.float32))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(tmp_path / "words", create=True)
    yield made
    made.close()


def contents(view: View) -> dict[str, tuple[list[int], dict[tuple[str, str, int], float]]]:
    """By language: the passages, and how often which passage holds which term in which column."""
    found = {}
    for language in view.languages():
        ids: list[int] = []
        counts = {}
        for part in view.of(language):
            ids += part.ids.tolist()
            for column, postings in part.columns.items():
                for term in postings.terms:
                    at, frequencies = postings.find(term)
                    counts |= {
                        (column, term, passage): frequency
                        for passage, frequency in zip(part.ids[at].tolist(), frequencies.tolist(), strict=True)
                    }
        found[language] = (ids, counts)
    return found


def fill(store: Store, seed: int, count: int, look: Callable[[], object] = lambda: None) -> None:
    """Store documents of random words in several languages, and look at the index after each."""
    dice = random.Random(seed)
    for number in range(count):
        passages = [
            (dice.choice(["en", "pl", "lv"]), " ".join(dice.choices(VOCABULARY, k=dice.randrange(1, 9))) + ".")
            for _ in range(dice.randrange(1, 4))
        ]
        put(store, f"/{seed}/{number}", *passages)
        look()


def test_an_index_that_grew_document_by_document_is_the_one_built_at_once(store: Store) -> None:
    grown = TermIndex(store)
    fill(store, 3, 60, grown.view)
    assert contents(grown.view()) == contents(TermIndex(store).view())


def test_scores_do_not_depend_on_how_the_index_grew(store: Store) -> None:
    grown = TermIndex(store)
    fill(store, 4, 60, grown.view)
    for words in ("trees in the park", "volunteers", "insurance winter harbour", "zzz"):
        query = query_terms.analyse(words, ("en", "pl"), 64)
        one, other = score(grown.view(), query), score(TermIndex(store).view(), query)
        assert one.ids.tolist() == other.ids.tolist()
        assert np.allclose(one.scores, other.scores, rtol=1e-5) and np.allclose(one.coverage, other.coverage, rtol=1e-5)


def test_an_index_holds_what_the_store_holds(store: Store) -> None:
    fill(store, 5, 20)
    found = contents(TermIndex(store).view())
    stored = store.passage_terms()
    assert {language: ids for language, (ids, _) in found.items()} == {
        language: [row[0] for row in stored if row[1] == language] for language in {row[1] for row in stored}
    }
    for passage, language, _, lemmas, surfaces in stored:
        for column, text in zip(COLUMNS, (lemmas, surfaces), strict=True):
            for term, count in Counter(text.split()).items():
                assert found[language][1][column, term, passage] == count


def test_a_saved_index_is_read_again(store: Store) -> None:
    index = TermIndex(store)
    fill(store, 6, 20, index.view)
    index.save()
    before = (store.home / FILE).read_bytes()
    assert index.problem() is None
    assert contents(TermIndex(store).view()) == contents(index.view())
    assert (store.home / FILE).read_bytes() == before


def test_a_saved_index_grows_on(store: Store) -> None:
    fill(store, 6, 20)
    TermIndex(store).save()
    fill(store, 7, 20)
    again = TermIndex(store)
    problem = again.problem()
    assert problem is not None and problem.harmless and "older" in problem.message
    assert contents(again.view()) == contents(_unsaved(store))
    again.save()
    assert again.problem() is None
    assert contents(TermIndex(store).view()) == contents(_unsaved(store))


def _unsaved(store: Store) -> View:
    """The index derived from the store alone."""
    saved = (store.home / FILE).read_bytes()
    (store.home / FILE).unlink()
    view = TermIndex(store).view()
    (store.home / FILE).write_bytes(saved)
    return view


def test_a_removed_document_is_gone_once_much_is_stale(store: Store) -> None:
    ids = [put(store, f"/{number}", ("en", f"Tulip number {number}.")) for number in range(10)]
    index = TermIndex(store)
    index.save()
    for document in ids[:9]:
        store.remove(document)
    last = [passage.id for passage in store.passages_of(ids[9])]
    assert contents(index.view())["en"][0] == last
    assert contents(TermIndex(store).view())["en"][0] == last
    index.save()
    assert index.problem() is None


def test_a_language_whose_last_document_goes_is_gone(store: Store) -> None:
    put(store, "/en", ("en", "Tulips."))
    gone = put(store, "/lv", ("lv", "Tulpes."))
    index = TermIndex(store)
    assert index.view().languages() == ["en", "lv"]
    store.remove(gone)
    assert index.view().languages() == ["en"]


def test_an_emptied_store_has_an_empty_index(store: Store) -> None:
    index = TermIndex(store)
    assert index.view().languages() == []
    gone = put(store, "/en", ("en", "Tulips."))
    index.save()
    store.remove(gone)
    assert index.view().languages() == []
    index.save()
    assert index.problem() is None
    assert not (store.home / FILE).exists()


# --- in a knowledge base

QUESTION = "volunteers plant tulips in the park"


def lexical(home: Path, encoder: Encoder, query: str = QUESTION) -> list[tuple[int, float]]:
    """Passage ids and lexical scores of the hits, by a freshly opened knowledge base."""
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        return [(hit.passage.id, round(hit.lexical, 4)) for hit in kb.search(query)]


@pytest.fixture
def tulips(kb: KnowledgeBase) -> KnowledgeBase:
    """A small knowledge base, settled."""
    add(kb, "/tulips", "Volunteers plant tulips in the park.")
    add(kb, "/pl", "Wolontariusze sadzą drzewa w parku.", "pl")
    add(kb, "/harbour", "The harbour freezes in winter.")
    kb.settle()
    return kb


@pytest.mark.parametrize("damage", DAMAGE)
def test_search_finds_the_same_without_a_good_file(
    tulips: KnowledgeBase, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    before = lexical(tulips.store.home, encoder)
    assert before[0][1] > 0
    damage(tulips.store.home / FILE)
    assert lexical(tulips.store.home, encoder) == before


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_reported_until_the_index_is_saved_again(
    tulips: KnowledgeBase, damage: Callable[[Path], None]
) -> None:
    damage(tulips.store.home / FILE)
    problem = tulips.engine.terms.problem()
    assert problem is not None and problem.harmless == ("missing" in problem.message)
    assert "index of words" in problem.message and "rebuilt" in problem.message
    assert ("missing" in problem.message) == (not (tulips.store.home / FILE).exists())
    assert ("damaged" in problem.message) == (tulips.store.home / FILE).exists()
    tulips.settle()
    assert tulips.engine.terms.problem() is None


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_names_it(home: Path, encoder: Encoder, damage: Callable[[Path], None]) -> None:
    damage(home / FILE)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        (problem,) = kb.verify()
    assert (problem.what, problem.harmless) == ("index", "missing" in problem.message)
    assert "index of words" in problem.message


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE passage_terms SET lemmas = lemmas || ' tulip' WHERE passage_id = 5",
        "UPDATE passage_terms SET lemmas = '' WHERE passage_id = 5",
        "UPDATE passage_terms SET surfaces = 'other words' WHERE passage_id = 5",
        "UPDATE passages SET language = CASE language WHEN 'en' THEN 'pl' ELSE 'en' END WHERE id = 5",
        "UPDATE passages SET terms = terms + 500 WHERE id = 5",
    ],
)
def test_terms_that_differ_from_the_index_are_reported(home: Path, encoder: Encoder, sql: str) -> None:
    with sqlite3.connect(home / DATABASE) as db:
        assert db.execute(sql).rowcount == 1
    db.close()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        messages = [problem.message for problem in kb.verify()]
    assert len(messages) == 1 and "index of words" in messages[0] and "wrong terms" in messages[0]


def test_an_older_file_is_brought_up_to_date(tulips: KnowledgeBase, encoder: Encoder) -> None:
    older = (tulips.store.home / FILE).read_bytes()
    new = add(tulips, "/new", "The lighthouse keeper signals with flags.")
    tulips.settle()
    (tulips.store.home / FILE).write_bytes(older)
    problem = tulips.engine.terms.problem()
    assert problem is not None and problem.harmless and "older" in problem.message
    with KnowledgeBase.open(tulips.store.home, encoder=encoder) as kb:
        first = kb.search("lighthouse flags")[0]
        assert (first.document.id, first.lexical > 0) == (new, True)


def test_terms_made_by_other_rules_are_not_mixed_with_todays(tulips: KnowledgeBase, encoder: Encoder) -> None:
    before = lexical(tulips.store.home, encoder)
    with tulips.store.writing() as db:
        tulips.store.set_meta(db, "terms_made_with", "terms-of-tomorrow")
    problem = tulips.engine.terms.problem()
    assert problem is not None and "rebuilt" in problem.message
    assert "encoder" not in problem.message  # words are made without one
    assert lexical(tulips.store.home, encoder) == before


def test_an_index_newer_than_a_restored_backup_is_not_used(
    tulips: KnowledgeBase, encoder: Encoder, tmp_path: Path
) -> None:
    home = tulips.store.home
    before = lexical(home, encoder)
    tulips.close()
    backup = Path(shutil.copytree(home, tmp_path / "backup"))
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/lost", "Volunteers plant tulips in the park, they said.")
        kb.settle()
    restore(backup, home)
    assert lexical(home, encoder) == before


def test_after_a_restored_backup_new_documents_get_their_own_words(
    tulips: KnowledgeBase, encoder: Encoder, tmp_path: Path
) -> None:
    """The passage ids of what was lost are given again, so the old file must not be trusted."""
    home = tulips.store.home
    tulips.close()
    backup = Path(shutil.copytree(home, tmp_path / "backup"))
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        add(kb, "/lost", "The fishermen mend their nets.")
        kb.settle()
    restore(backup, home)
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        new = add(kb, "/one", "The astronomers show the rings of Saturn.")
        assert {hit.document.id for hit in kb.search("astronomers Saturn") if hit.lexical > 0} == {new}
        assert [hit for hit in kb.search("fishermen mend nets") if hit.lexical > 0] == []
        kb.settle()
        assert [problem for problem in kb.verify() if problem.what == "index"] == []


def test_a_backup_restored_beneath_an_open_page_is_noticed(
    tulips: KnowledgeBase, encoder: Encoder, tmp_path: Path
) -> None:
    """A page's index remembers ids that mean something else after the restored backup has changed."""
    home = tulips.store.home
    tulips.close()
    backup = Path(shutil.copytree(home, tmp_path / "backup"))
    page = KnowledgeBase.open(home, encoder=encoder)
    add(page, "/lost", "The fishermen mend their nets.")
    assert any(hit.lexical > 0 for hit in page.search("fishermen nets"))
    page.close()
    restore(backup, home)
    add(page, "/one", "The astronomers show the rings of Saturn.")
    assert [hit.document.path for hit in page.search("fishermen nets") if hit.lexical > 0] == []
    assert [hit.document.path for hit in page.search("astronomers Saturn") if hit.lexical > 0] == ["/one"]
    page.close()


def test_a_removed_document_never_comes_back(tulips: KnowledgeBase, encoder: Encoder) -> None:
    gone = tulips.search(QUESTION)[0].document.id
    tulips.store.remove(gone)
    assert gone not in {hit.document.id for hit in tulips.search(QUESTION, 100)}
    with KnowledgeBase.open(tulips.store.home, encoder=encoder) as kb:  # its passages are still in the file
        assert gone not in {hit.document.id for hit in kb.search(QUESTION, 100)}


def test_a_replaced_document_is_found_by_its_new_words_only(tulips: KnowledgeBase) -> None:
    assert tulips.search("tulips")[0].lexical > 0
    add(tulips, "/tulips", "Volunteers repair bicycles.")
    assert [hit for hit in tulips.search("tulips") if hit.lexical > 0] == []
    assert [hit.document.path for hit in tulips.search("repair bicycles") if hit.lexical > 0] == ["/tulips"]


def test_a_search_in_an_older_snapshot_does_not_undo_what_the_index_has_learned(tulips: KnowledgeBase) -> None:
    tulips.search("pool")
    with tulips.store.snapshot():
        tulips.store.generation()  # the snapshot begins with the first reading

        def meanwhile() -> None:
            add(tulips, "/pool", "Children swim in the pool.")
            tulips.search("pool")
            tulips.close()

        writer = threading.Thread(target=meanwhile)
        writer.start()
        writer.join()
        assert "/pool" not in {hit.document.path for hit in tulips.search("pool")}
        held = sum(len(part.ids) for part in tulips.engine.terms.view().of("en"))
        assert held == 3
    assert [hit.document.path for hit in tulips.search("pool") if hit.lexical > 0] == ["/pool"]


def test_readers_while_a_writer_adds_see_whole_documents(store: Store) -> None:
    """Every document holds its number twice: a reader finds both passages or neither."""
    index, done = TermIndex(store), threading.Event()
    seen: set[int] = set()
    wrong: list[object] = []

    def read() -> None:
        try:
            while not done.is_set():
                view = index.view()
                parts = view.of("en")
                numbers = len({term for part in parts for term in part.columns["lemmas"].terms if term.isdigit()})
                passages = sum(len(part.ids) for part in parts)
                if passages != 2 * numbers:
                    wrong.append((passages, numbers))
                seen.add(passages)
        except BaseException as error:
            wrong.append(error)
        finally:
            store.close()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(100, 160):
        put(store, f"/{number}", ("en", f"Tree {number}."), ("en", f"Park {number}."))
        if number % 10 == 0:
            index.save()
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(seen) > 2
    assert contents(index.view()) == contents(_unsaved(store))


def test_a_reader_never_sees_half_a_file(home: Path, encoder: Encoder) -> None:
    """While one process saves again and again, another checks the file."""
    done = threading.Event()
    seen: list[object] = []

    def watch() -> None:
        with KnowledgeBase.open(home, encoder=encoder) as reader:
            while not done.is_set():
                seen.append(reader.engine.terms.problem())

    watcher = threading.Thread(target=watch)
    watcher.start()
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        for _ in range(10):
            kb.engine.terms.save()
    done.set()
    watcher.join()
    assert seen
    assert set(seen) == {None}


def test_rebuilding_makes_the_file_anew(tulips: KnowledgeBase, encoder: Encoder) -> None:
    before = lexical(tulips.store.home, encoder)
    (tulips.store.home / FILE).write_bytes(b"broken")
    tulips.engine.terms.rebuild()
    assert tulips.engine.terms.problem() is None
    assert lexical(tulips.store.home, encoder) == before
