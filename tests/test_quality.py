"""The gate: search on the development questions is nowhere worse than it has been."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.quality import floors
from benchmarks.quality.floors import FILE, Step
from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS
from kb.evaluation.places import PlaceFinder
from kb.evaluation.questions import read_questions


@pytest.fixture(scope="module")
def sample(corpus_home: Path) -> Iterator[KnowledgeBase]:
    """The corpus alone."""
    with KnowledgeBase.open(corpus_home) as kb:
        yield kb


@pytest.fixture(scope="module")
def measured(sample: KnowledgeBase) -> dict[str, float]:
    """What the floors are about, as it is now."""
    return floors.values(floors.measure(sample))


def test_every_judged_place_is_in_the_corpus(sample: KnowledgeBase) -> None:
    finder = PlaceFinder(sample.store)
    questions = read_questions(SAMPLE_QUESTIONS)
    assert [(question.id, lost) for question in questions for lost in finder.find(question)[1]] == []


def test_search_is_nowhere_below_its_floor(measured: dict[str, float]) -> None:
    kept = floors.read(FILE)
    assert {
        f"{name}: floor {kept[name][-1].value}, now {value}" for name, value in floors.below(kept, measured)
    } == set()


def test_every_pair_of_languages_has_a_floor(measured: dict[str, float]) -> None:
    assert set(measured) <= set(floors.read(FILE))


def test_no_floor_was_lowered_without_a_reason() -> None:
    assert floors.unexplained(floors.read(FILE)) == []


# --- how floors move


def test_a_floor_rises_and_does_not_fall() -> None:
    kept = {"en>pl nDCG@10": [Step(0.5)]}
    assert floors.moved(kept, {"en>pl nDCG@10": 0.7}) == {"en>pl nDCG@10": [Step(0.5), Step(0.68)]}
    assert floors.moved(kept, {"en>pl nDCG@10": 0.4}) == kept
    assert list(floors.below(kept, {"en>pl nDCG@10": 0.4})) == [("en>pl nDCG@10", 0.4)]


def test_a_floor_is_lowered_with_a_reason_that_stays() -> None:
    lowered = floors.moved({"en>pl nDCG@10": [Step(0.5)]}, {"en>pl nDCG@10": 0.4}, "a harder corpus")
    assert lowered == {"en>pl nDCG@10": [Step(0.5), Step(0.38, "a harder corpus")]}
    assert floors.unexplained(lowered) == []
    assert floors.unexplained({"x": [Step(0.5), Step(0.4)]}) == ["x"]


def test_what_is_no_longer_measured_is_below_its_floor() -> None:
    assert list(floors.below({"lt>lv recall@10": [Step(0.5)]}, {})) == [("lt>lv recall@10", 0.0)]


def test_floors_are_kept_as_they_are(tmp_path: Path) -> None:
    kept = {"a": [Step(0.5), Step(0.4, "why „so“")], "b": [Step(1.0)]}
    floors.write(tmp_path / "floors.json", kept)
    assert floors.read(tmp_path / "floors.json") == kept
    assert floors.read(tmp_path / "none.json") == {}
