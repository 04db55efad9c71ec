"""The sample corpus in a folder and on a cluster: the same questions get the same hits and answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS
from kb.encoder import Encoder
from kb.evaluation.questions import Question, read_questions
from kb.migrate import migrate
from kb.types import NOT_STATED, Filters, Hit
from tests.kb.engines.conftest import Opened

QUESTIONS = read_questions(SAMPLE_QUESTIONS)[::9]
"""42, in all languages."""

FILTERS = (
    Filters(languages=("lv", "lt")),
    Filters(countries=("PL",)),
    Filters(formats=("pdf", "pptx")),
    Filters(topics=("training", "recognition")),
    Filters(cities=(NOT_STATED, "riga"), years=(NOT_STATED, "2023")),
    Filters(target_groups=("seniors", "youth"), languages=("en", "de", "pl")),
)

ROUNDING = 0.01
"""The difference of scores that an engine may make (`Engine.cosines`)."""


@pytest.fixture(scope="module")
def both(
    corpus_home: Path, empty: Opened, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[KnowledgeBase, KnowledgeBase]]:
    """The corpus in a folder, and on a cluster. Only for reading."""
    with (
        KnowledgeBase.open(corpus_home, encoder=encoder, engine="local") as local,
        empty("qdrant", tmp_path_factory.mktemp("corpus-catalogue")) as clustered,
    ):
        migrate(local.engine, clustered.engine)
        yield local, clustered


def same(one: list[Hit], other: list[Hit]) -> None:
    """The same passages in the same order, wherever their scores differ by more than a rounding."""
    scores = [{hit.passage.id: hit.score for hit in hits} for hits in (one, other)]
    for mine, theirs in (scores, scores[::-1]):
        last = min(theirs.values(), default=0.0)
        missing = {passage: score for passage, score in mine.items() if passage not in theirs}
        assert all(score < last + ROUNDING for score in missing.values()), missing
        assert all(abs(score - theirs[passage]) < ROUNDING for passage, score in mine.items() if passage in theirs)
        order = [passage for passage in mine if passage in theirs]
        for at, first in enumerate(order):
            for second in order[at + 1 :]:
                assert theirs[first] > theirs[second] - ROUNDING
    common = {hit.passage.id: hit for hit in other}
    for hit in one:
        twin = common.get(hit.passage.id, hit)
        assert (hit.passage, hit.document, hit.matches, hit.also) == (
            twin.passage,
            twin.document,
            twin.matches,
            twin.also,
        )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_gets_the_same_hits(both: tuple[KnowledgeBase, KnowledgeBase], question: Question) -> None:
    local, clustered = both
    for collapse in (False, True):
        same(local.search(question.text, 10, collapse=collapse), clustered.search(question.text, 10, collapse=collapse))
    chosen = FILTERS[QUESTIONS.index(question) % len(FILTERS)]
    same(local.search(question.text, 10, filters=chosen), clustered.search(question.text, 10, filters=chosen))


def test_answers_are_the_same(both: tuple[KnowledgeBase, KnowledgeBase]) -> None:
    """But for a sentence in a few of them, where two are as good as each other but for a rounding."""
    others = 0
    for question in QUESTIONS:
        mine, theirs = (kb.answer(question.text) for kb in both)
        assert mine.query_languages == theirs.query_languages
        assert abs(mine.confidence - theirs.confidence) < ROUNDING
        cited = [[citation.text for citation in answer.citations] for answer in (mine, theirs)]
        assert cited[0][:1] == cited[1][:1]
        assert len({*cited[0]} - {*cited[1]}) <= 1 and len(cited[0]) == len(cited[1])
        others += cited[0] != cited[1]
    assert others <= len(QUESTIONS) / 10


def test_every_language_is_asked_in() -> None:
    assert {question.language for question in QUESTIONS} == {"en", "de", "pl", "lv", "lt"}


def test_the_copy_is_whole(both: tuple[KnowledgeBase, KnowledgeBase]) -> None:
    local, clustered = both
    assert clustered.engine.counts() == local.engine.counts()
    assert [problem.message for problem in clustered.verify()] == []
    for document in local.store.documents()[::9]:
        assert clustered.engine.original(document).read_bytes() == local.engine.original(document).read_bytes()


def test_the_same_is_near(both: tuple[KnowledgeBase, KnowledgeBase]) -> None:
    local, clustered = both
    for document in local.store.documents()[::13]:
        similar = [[near.document.id for near in kb.similar_documents(document.id)] for kb in both]
        assert similar[0] == similar[1]
        passage = local.store.passages_of(document.id)[0]
        same(local.more_like(passage.id), clustered.more_like(passage.id))
