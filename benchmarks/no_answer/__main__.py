"""`python -m benchmarks.no_answer`: fit and test the threshold below which there is no answer.

Answerable: the development questions of corpus/questions.jsonl that have an answer. Not answerable: those
that have none, and beside this file unanswered.tsv, on city services and volunteering that no document
describes, and offtopic.tsv, in five languages; none of it is among the probes that measure the noise. All
are put to a knowledge base of the sample corpus. Reports cross-validated error and the coefficients for
kb/relevance.py as JSON. `--offtopic FILE` adds a file of {"query": ...} or {"text": ...} lines about
something else: news headlines, say, which are a harder case.
"""

import argparse
import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from benchmarks.sample import ingested
from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS
from kb.evaluation.questions import of_subset, read_questions
from kb.relevance import THRESHOLD
from kb.types import Filters

HERE = Path(__file__).parent

ANSWERABLE = 0.55
"""Weight of the answerable queries; the groups of others share the rest. An answer withheld is the worse mistake:
the passages stand below it either way."""

FOLDS = 10


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.no_answer", description=__doc__)
    parser.add_argument("--offtopic", type=Path, action="append", default=[], metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        ingested(kb)
        questions = of_subset(read_questions(SAMPLE_QUESTIONS), "development")
        others = {
            "on the subject": [
                *(question.text for question in questions if not question.judged),
                *in_five_languages(HERE / "unanswered.tsv"),
            ],
            "off the subject": in_five_languages(HERE / "offtopic.tsv"),
            **{str(file): read_queries(file) for file in options.offtopic},
        }
        answerable = [question.text for question in questions if question.judged]
        result = fit(features(kb, answerable), {name: features(kb, queries) for name, queries in others.items()})
    print(json.dumps(result, indent=2, ensure_ascii=False))


def read_queries(path: Path) -> list[str]:
    """The queries of a JSON lines file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [row.get("query") or row["text"] for row in rows]


def in_five_languages(path: Path) -> list[str]:
    """The queries of a table with a column a language."""
    with path.open(encoding="utf-8") as lines:
        return [query for row in csv.DictReader(lines, delimiter="\t") for query in row.values()]


def features(kb: KnowledgeBase, queries: Sequence[str]) -> list[tuple[float, float]]:
    """(dense, coverage) of each query's best candidate, as kb.relevance sees it."""
    found = (
        kb.relevance.evidence(query, kb.searcher.candidates(query, Filters()).found)
        for query in map(kb.prepare, queries)
        if query
    )
    return [(evidence.dense, evidence.coverage) for evidence in found]


def fit(
    answerable: Sequence[tuple[float, float]], others: Mapping[str, Sequence[tuple[float, float]]]
) -> dict[str, object]:
    """Coefficients, and the share judged rightly by models that did not see the query."""
    x = np.array([*answerable, *(row for rows in others.values() for row in rows)])
    y = np.array([1] * len(answerable) + [0] * (len(x) - len(answerable)))
    groups = [(len(answerable), ANSWERABLE), *((len(rows), (1 - ANSWERABLE) / len(others)) for rows in others.values())]
    weights = np.concatenate([np.full(count, share / count) for count, share in groups]) * len(x)
    probability = np.zeros(len(x))
    for seen, unseen in KFold(FOLDS, shuffle=True, random_state=0).split(x):
        model = LogisticRegression().fit(x[seen], y[seen], sample_weight=weights[seen])
        probability[unseen] = model.predict_proba(x[unseen])[:, 1]
    answered = probability >= THRESHOLD
    result: dict[str, object] = {
        "answerable": {"queries": len(answerable), "answered": round(float(answered[: len(answerable)].mean()), 3)}
    }
    first = len(answerable)
    for name, rows in others.items():
        declined = 1 - answered[first : first + len(rows)].mean()
        result[name] = {"queries": len(rows), "declined": round(float(declined), 3)}
        first += len(rows)
    model = LogisticRegression().fit(x, y, sample_weight=weights)
    bias, (dense, coverage) = model.intercept_[0], model.coef_[0]
    return result | {"BIAS": round(bias, 2), "DENSE": round(dense, 2), "COVERAGE": round(coverage, 2)}


if __name__ == "__main__":
    main()
