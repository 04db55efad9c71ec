"""Searching while others write: the old state or the new one, never half a document."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.encoder import BundledEncoder, Encoder
from tests.kb.conftest import ROOT
from tests.kb.drafts import add, draft, put
from tests.kb.writer import PASSAGES, PATH, VERSIONS


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run `work` in several threads; raises the first error of any."""
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """A second process that replaces a document again and again."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.kb.writer", home], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    drain = threading.Thread(target=writer.stdout.read)
    drain.start()
    try:
        yield
    finally:
        writer.kill()
        writer.wait()
        drain.join()


def versions_seen(kb: KnowledgeBase, searches: int) -> set[str]:
    """Search again and again; every result must be one whole version. The versions seen."""
    seen = set()
    for _ in range(searches):
        hits = kb.search("which team of volunteers cleans", 50)
        assert len({hit.passage.id for hit in hits}) == PASSAGES
        assert {hit.document.path for hit in hits} == {PATH}
        versions = {word for word in VERSIONS for hit in hits if word in hit.passage.text}
        assert len(versions) == 1
        assert all(hit.sentence in hit.passage.text for hit in hits)
        seen |= versions
    return seen


def test_a_search_during_an_ingest_in_another_process_sees_whole_documents(tmp_path: Path, encoder: Encoder) -> None:
    home = tmp_path / "home"
    with writing(home), KnowledgeBase.open(home, encoder=encoder) as kb:
        assert versions_seen(kb, 60) == set(VERSIONS)


def test_many_threads_search_during_an_ingest_in_another_process(tmp_path: Path, encoder: Encoder) -> None:
    home = tmp_path / "home"
    with writing(home):
        kb = KnowledgeBase.open(home, encoder=encoder)
        seen: set[str] = set()

        def search(_: int) -> None:
            try:
                seen.update(versions_seen(kb, 15))
            finally:
                kb.close()

        in_threads(6, search)
    assert seen == set(VERSIONS)


def test_an_answer_during_an_ingest_quotes_one_state(tmp_path: Path, encoder: Encoder) -> None:
    home = tmp_path / "home"
    with writing(home), KnowledgeBase.open(home, encoder=encoder) as kb:
        for _ in range(30):
            citations = kb.answer("which team of volunteers cleans the school").citations
            assert len({word for word in VERSIONS for citation in citations if word in citation.text}) <= 1
            assert all(citation.text in citation.hit.passage.text for citation in citations)


def test_threads_of_one_knowledge_base_write_and_search_together(kb: KnowledgeBase) -> None:
    made = [
        draft("/plan", *(("en", f"The {word} team of volunteers cleans place {n}.") for n in range(6)))
        for word in VERSIONS
    ]
    put(kb, made[0])

    def work(number: int) -> None:
        for turn in range(12):
            if number == 0:
                put(kb, made[turn % 2])
            else:
                hits = kb.search("team of volunteers", 50)
                assert len(hits) == 6
                assert len({word for word in VERSIONS for hit in hits if word in hit.passage.text}) == 1
        kb.close()

    in_threads(5, work)


def test_one_index_is_shared_by_threads_that_ask_different_things(full: KnowledgeBase) -> None:
    questions = ["Wann wurde das THW gegründet?", "zwrot kosztów podróży", "walking school bus", "Ehrenamtskarte"]
    alone = [[hit.passage.id for hit in full.search(question)] for question in questions]

    def ask(number: int) -> None:
        for _ in range(5):
            assert [hit.passage.id for hit in full.search(questions[number % 4])] == alone[number % 4]
        full.close()

    in_threads(8, ask)


def test_a_fresh_encoder_may_be_used_by_many_threads_at_once(encoder: Encoder) -> None:
    texts = ["Volunteers water the trees.", "Wolontariusze podlewają drzewa."]
    expected = encoder.encode(texts)
    fresh = BundledEncoder()

    def encode(_: int) -> None:
        assert np.allclose(fresh.encode(texts), expected, atol=1e-5)

    in_threads(6, encode)


def test_removed_while_someone_searches_a_document_is_there_or_gone(kb: KnowledgeBase) -> None:
    add(kb, "/stays", "The harbour freezes in winter.")
    gone = add(kb, "/goes", "Volunteers plant tulips in the park.")

    def work(number: int) -> None:
        for turn in range(10):
            if number == 0 and turn == 4:
                kb.store.remove(gone)
            paths = [hit.document.path for hit in kb.search("tulips in the park")]
            assert paths in (["/goes", "/stays"], ["/stays"])
        kb.close()

    in_threads(4, work)
    assert [hit.document.path for hit in kb.search("tulips in the park")] == ["/stays"]


@pytest.mark.parametrize("measured", [True, False])
def test_an_answer_can_be_given_although_something_is_written_meanwhile(
    kb: KnowledgeBase, encoder: Encoder, measured: bool
) -> None:
    """`measured`: whether an ingest has ended before, which leaves the noise behind."""
    add(kb, "/a", "Volunteers of the town library read fairy tales to children every Saturday morning.")
    if measured:
        kb.settle()
    with KnowledgeBase.open(kb.store.home, encoder=encoder) as reader, reader.store.snapshot():
        reader.store.generation()  # the reader's state begins here, as it does inside answer()
        add(kb, "/b", "The harbour freezes in winter.")
        cited = reader.answer("who reads fairy tales to children in the library").citations
        assert [citation.hit.document.path for citation in cited] == ["/a"]


def test_a_page_that_only_reads_sees_what_an_ingest_adds_and_removes(kb: KnowledgeBase, encoder: Encoder) -> None:
    add(kb, "/a", "The harbour freezes in winter.")
    with KnowledgeBase.open(kb.store.home, encoder=encoder) as page:
        assert page.search("tulips")[0].document.path == "/a"
        added = add(kb, "/b", "Volunteers plant tulips.")
        assert page.search("tulips")[0].document.path == "/b"
        kb.store.remove(added)
        assert [hit.document.path for hit in page.search("tulips")] == ["/a"]
