"""Judged questions: read, asked, and measured as a reader would count by hand."""

import json
from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.__main__ import main
from kb.encoder import Encoder
from kb.errors import QuestionsUnreadable
from kb.evaluation import evaluate, metrics
from kb.evaluation.evaluate import ALL
from kb.evaluation.questions import PARTLY, RELEVANT, Judgement, of_subset, read_questions
from tests.kb.drafts import draft, put

GARDEN = "Volunteers water the school garden in July and August."
BUSES = "The city gives every volunteer a free bus pass for a year."
GARTEN = "Freiwillige gießen den Schulgarten in den Sommerferien."
CELLAR = "The archive in the cellar keeps parish registers from the seventeenth century."


@pytest.fixture
def small(tmp_path: Path, encoder: Encoder) -> KnowledgeBase:
    """Three documents: two English ones, and a German one on the same subject as the first."""
    kb = KnowledgeBase.open(tmp_path / "small", encoder=encoder, create=True)
    put(kb, draft("/in/garden.txt", ("en", GARDEN), ("en", CELLAR), heading="Garden"))
    put(kb, draft("/in/buses.txt", ("en", BUSES)))
    put(kb, draft("/in/garten.txt", ("de", GARTEN)))
    kb.settle()
    return kb


def questions(path: Path, *rows: dict[str, object]) -> Path:
    """A file of these questions."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


WATER = {
    "id": "water",
    "query": "Who waters the school garden in summer?",
    "language": "en",
    "set": "test",
    "kind": "paraphrase",
    "relevant": [{"document": "garden.txt", "place": "paragraph 1"}, {"document": "garten.txt"}],
}
TICKET = {
    "query": "Bekommen Freiwillige eine Busfahrkarte?",
    "language": "de",
    "set": "development",
    "relevant": [{"document": "buses.txt"}],
    "partly": [{"document": "/in/garden.txt", "place": "Garden"}],
}
NOBODY = {"query": "How do tectonic plates move under the ocean?", "language": "en", "relevant": []}


# --- reading


def test_a_line_becomes_a_question_with_graded_places(tmp_path: Path) -> None:
    first, second, third = read_questions(questions(tmp_path / "q.jsonl", WATER, TICKET, NOBODY))
    assert (first.id, first.subset, first.kind) == ("water", "test", "paraphrase")
    assert first.judged == (Judgement("garden.txt", "paragraph 1", RELEVANT), Judgement("garten.txt", "", RELEVANT))
    assert second.id == "2"
    assert second.judged[1] == Judgement("/in/garden.txt", "Garden", PARTLY)
    assert third.judged == ()


def test_one_half_can_be_chosen(tmp_path: Path) -> None:
    found = read_questions(questions(tmp_path / "q.jsonl", WATER, TICKET, NOBODY))
    assert [question.id for question in of_subset(found, "test")] == ["water"]
    assert len(of_subset(found, "")) == 3


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        '{"language": "en", "relevant": []}',
        '{"query": " ", "language": "en"}',
        '{"query": "x y", "language": "en", "relevant": [{"place": "page 1"}]}',
        '["a list"]',
        '{"query": 5, "language": "en"}',
    ],
)
def test_a_wrong_line_is_named_with_the_form_a_line_has(line: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f"{json.dumps(WATER)}\n\n{line}\n", "utf-8")
    with pytest.raises(QuestionsUnreadable, match=r"q\.jsonl, line 3, .*\"query\""):
        read_questions(path)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsUnreadable, match=r"none\.jsonl"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    with pytest.raises(QuestionsUnreadable, match="holds no questions"):
        read_questions(tmp_path / "empty.jsonl")


# --- measures, against figures worked out by hand


def test_the_measures_are_those_of_the_textbook() -> None:
    graded = {"a": RELEVANT, "b": PARTLY, "c": RELEVANT}
    found = metrics.measure([(graded, ["x", "a", "b"])])
    # Gains 2, 1, 2 discounted by log2(rank + 1): (2 / 1.58496 + 1 / 2) / (2 + 2 / 1.58496 + 1 / 2)
    assert found["nDCG@10"] == [pytest.approx((2 / 1.58496 + 0.5) / (2 + 2 / 1.58496 + 0.5), abs=1e-4)]
    assert found["recall@10"] == [0.5]
    assert found["MRR@10"] == [0.5]


def test_what_stands_eleventh_is_not_found() -> None:
    ranking = [f"x{number}" for number in range(10)]
    found = metrics.measure([({"a": RELEVANT}, [*ranking, "a"]), ({"a": RELEVANT}, [*ranking[:9], "a"])])
    assert found["recall@10"] == [0.0, 1.0]
    assert found["MRR@10"] == [0.0, pytest.approx(0.1)]


def test_where_nothing_answers_fully_the_partial_answer_counts() -> None:
    assert metrics.measure([({"a": PARTLY}, ["a"])]) == {"nDCG@10": [1.0], "recall@10": [1.0], "MRR@10": [1.0]}


def test_a_question_without_hits_counts_as_zero() -> None:
    assert metrics.measure([({"a": RELEVANT}, []), ({"a": RELEVANT}, ["a"])])["MRR@10"] == [0.0, 1.0]


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = metrics.estimate([0.0, 1.0] * 5), metrics.estimate([0.0, 1.0] * 500)
    assert few.low < few.mean == many.mean == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert metrics.estimate([1.0, 1.0]) == metrics.Estimate(1.0, 1.0, 1.0, 2)


# --- the whole


def test_each_pair_is_measured_among_the_passages_of_its_language(small: KnowledgeBase, tmp_path: Path) -> None:
    report = evaluate.evaluate(small, read_questions(questions(tmp_path / "q.jsonl", WATER, TICKET, NOBODY)))
    assert set(report.pairs) == {
        *(("en", "en"), ("en", "de"), ("en", ALL)),
        *(("de", "en"), ("de", ALL)),
        *((ALL, "en"), (ALL, "de"), (ALL, ALL)),
    }
    assert report.pairs["en", "en"]["MRR@10"].mean == 1.0
    assert report.pairs["en", "de"]["recall@10"].mean == 1.0
    assert report.pairs["en", ALL]["nDCG@10"].mean == 1.0
    assert report.pairs[ALL, "en"]["MRR@10"].questions == 2
    assert set(report.kinds) == {"paraphrase"}


def test_answers_count_as_right_where_there_is_one_and_where_there_is_none(
    small: KnowledgeBase, tmp_path: Path
) -> None:
    report = evaluate.evaluate(small, read_questions(questions(tmp_path / "q.jsonl", WATER, NOBODY)))
    assert report.answered["en"].mean == 1.0
    assert report.declined["en"].mean == 1.0
    assert report.answered["en"].questions == report.declined["en"].questions == 1


def test_a_place_that_does_not_exist_is_reported_and_its_question_left_out(
    small: KnowledgeBase, tmp_path: Path
) -> None:
    lost = {**WATER, "id": "lost", "relevant": [{"document": "gone.pdf", "place": "page 3"}]}
    report = evaluate.evaluate(small, read_questions(questions(tmp_path / "q.jsonl", lost, WATER)))
    assert report.unknown == (("lost", Judgement("gone.pdf", "page 3", RELEVANT)),)
    assert report.pairs[ALL, ALL]["MRR@10"].questions == 1
    assert report.answered[ALL].questions == 1
    assert not report.declined


# --- the command


def test_the_command_prints_tables_and_json(
    small: KnowledgeBase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = questions(tmp_path / "q.jsonl", WATER, TICKET, NOBODY)
    home = str(small.store.home)
    assert main(["evaluate", str(path), "--home", home]) == 0
    text = capsys.readouterr().out
    assert text.startswith("3 questions.")
    assert all(part in text for part in ("nDCG@10", "recall@10", "MRR@10", "get an answer", "get none"))
    assert main(["evaluate", str(path), "--home", home, "--set", "test", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["questions"] == 1
    assert row["pairs"]["en"]["de"]["MRR@10"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "questions": 1}


def test_the_command_says_what_is_wrong_with_a_file(
    small: KnowledgeBase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(tmp_path / "none.jsonl"), "--home", str(small.store.home)]) == 2
    assert "none.jsonl" in capsys.readouterr().err
