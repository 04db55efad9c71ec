"""`python -m benchmarks.quality [FOLDER ...]`: ours against BM25, vectors alone, RRF and all-MiniLM-L6-v2.

Runs on the sample corpus with the test half of its questions, then on each FOLDER: a judged set
(benchmarks/judged_set.py), the form in which BEIR-style sets are kept. A result goes to
benchmarks/quality/<name>.json with the commit it was measured at; --tables prints the tables of the
documentation from the results that are kept there.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.commit import commit
from benchmarks.judged_set import as_questions, load
from benchmarks.quality.systems import systems
from benchmarks.quality.tables import tables
from benchmarks.sample import ingested
from kb import KnowledgeBase
from kb.config import LANGUAGES, SAMPLE_QUESTIONS
from kb.evaluation import evaluate, views
from kb.evaluation.places import PlaceFinder
from kb.evaluation.questions import Question, of_subset, read_questions

HERE = Path(__file__).parent


def main() -> None:
    """Run the benchmark, keep its results and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="judged sets")
    parser.add_argument("--set", default="test", help="which of the corpus's questions (default: test)")
    parser.add_argument("--tables", action="store_true", help="measure nothing, print the tables of what is kept")
    options = parser.parse_args()
    if not options.tables:
        keep("corpus", of_corpus(options.set))
        for folder in options.folders:
            keep(folder.resolve().name, of_folder(folder))
    print(tables(HERE))


def of_corpus(subset: str) -> dict[str, Any]:
    """The result on the sample corpus."""
    questions = of_subset(read_questions(SAMPLE_QUESTIONS), subset)
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        report = views.report(evaluate.evaluate(ingested(kb), questions))
        answers = {name: report[name] for name in ("answered", "declined", "kinds")}
        return {"set": subset, **answers, **measured(kb, questions)}


def of_folder(folder: Path) -> dict[str, Any]:
    """The result on a judged set."""
    with tempfile.TemporaryDirectory() as scratch, KnowledgeBase.open(Path(scratch) / "home", create=True) as kb:
        kept = load(kb, folder, Path(scratch) / "files", lambda _, row: row["lang"] in LANGUAGES)
        return measured(kb, as_questions(folder, LANGUAGES, kept))


def measured(kb: KnowledgeBase, questions: Sequence[Question]) -> dict[str, Any]:
    """What each system makes of the questions that have an answer."""
    finder = PlaceFinder(kb.store)
    found = {}
    for name, search in systems(kb).items():
        print(f"{name} ...", file=sys.stderr)
        found[name] = views.pairs(evaluate.rank(finder, questions, search).pairs)
    documents = kb.store.documents()
    return {
        "documents": len(documents),
        "passages": sum(document.passages for document in documents),
        "questions": len(questions),
        "systems": found,
    }


def keep(name: str, result: dict[str, Any]) -> None:
    """Write a result beside this module, with the commit."""
    (HERE / f"{name}.json").write_text(json.dumps({"commit": commit(), **result}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
