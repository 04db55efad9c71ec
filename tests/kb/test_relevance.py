"""Whether the knowledge base has an answer at all."""

import json
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.config import LANGUAGES
from kb.encoder import Encoder
from kb.relevance import THRESHOLD, Evidence, Relevance, probes
from kb.types import Filters
from tests.kb.drafts import add


@pytest.mark.parametrize("coverage", [0.0, 0.3, 1.0])
def test_a_nearer_passage_makes_an_answer_likelier(coverage: float) -> None:
    found = [Evidence(dense, coverage).probability for dense in (-2.0, 0.0, 1.0, 3.0, 6.0)]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 1


@pytest.mark.parametrize("dense", [-2.0, 0.0, 3.0])
def test_more_shared_words_make_an_answer_likelier(dense: float) -> None:
    found = [Evidence(dense, coverage).probability for coverage in (0.0, 0.2, 0.6, 1.0)]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_no_candidates_are_no_evidence(full: KnowledgeBase) -> None:
    query = full.prepare("volunteers")
    assert query is not None
    assert full.relevance.evidence(query, []).probability == 0


def probability(kb: KnowledgeBase, question: str) -> float:
    query = kb.prepare(question)
    assert query is not None
    return kb.relevance.evidence(query, kb.searcher.candidates(query, Filters()).found).probability


@pytest.mark.parametrize(
    "question",
    [
        "How do volunteer fire brigades find young people?",
        "Kto płaci ubezpieczenie NNW wolontariusza?",
        "Was bringt die Ehrenamtskarte?",
        "Kas drīkst organizēt brīvprātīgo darbu?",
        "Kas gali tapti policijos rėmėju?",
    ],
)
def test_a_question_about_the_documents_is_likely_to_have_an_answer(full: KnowledgeBase, question: str) -> None:
    assert probability(full, question) >= THRESHOLD


def test_the_probes_are_unlikely_to_have_an_answer(full: KnowledgeBase) -> None:
    for language in LANGUAGES:
        refused = [query for query in probes()[language] if probability(full, query) < THRESHOLD]
        assert len(refused) >= 0.8 * len(probes()[language]), language


def test_there_are_probes_in_every_language() -> None:
    assert set(probes()) == set(LANGUAGES)
    assert all(query.strip() for queries in probes().values() for query in queries)


def test_the_noise_is_kept_with_the_knowledge_base_and_follows_its_content(home: Path, encoder: Encoder) -> None:
    def kept() -> dict[str, object]:
        return dict(json.loads(kb.store.meta("noise") or "{}"))

    with KnowledgeBase.open(home, encoder=encoder) as kb:
        before = kept()
        assert before["generation"] == kb.store.generation()
        assert kb.store.meta("noise") is not None
        add(kb, "/piano", "Used cars for sale and guitar chords for beginners.")
        kb.relevance.measure()
        after = kept()
        assert after["generation"] == kb.store.generation() != before["generation"]
        assert after["noise"] != before["noise"]


def test_measuring_again_changes_nothing(home: Path, encoder: Encoder) -> None:
    with KnowledgeBase.open(home, encoder=encoder) as kb:
        before = kb.store.meta("noise")
        Relevance(kb.store, kb.searcher).measure()
        assert kb.store.meta("noise") == before
        assert before


def test_a_knowledge_base_of_one_passage_tells_relevant_from_irrelevant(kb: KnowledgeBase) -> None:
    add(kb, "/a", "Volunteers of the town library read fairy tales to children every Saturday morning.")
    assert probability(kb, "who reads fairy tales to children in the library") >= THRESHOLD
    assert probability(kb, "cheap flights to New York") < THRESHOLD
