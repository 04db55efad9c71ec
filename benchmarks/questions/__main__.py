"""`python -m benchmarks.questions`: how high the judged passages of corpus/questions.jsonl stand.

Reports MRR@10 and recall at 1, 5 and 10 as JSON, apart for questions and documents in English,
Polish and German only, and for those with Latvian or Lithuanian on one side.
"""

import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from ingest.discover import discover
from ingest.pipeline import Pipeline
from kb import Hit, KnowledgeBase

CORPUS = Path(__file__).parents[2] / "corpus"
BALTIC = {"lv", "lt"}
DEPTH = 10


def main() -> None:
    """Run the benchmark and print its result."""
    ranks: dict[str, list[int]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        list(Pipeline(kb).run([CORPUS], discover([CORPUS])))
        for line in (CORPUS / "questions.jsonl").read_text("utf-8").splitlines():
            question = json.loads(line)
            ranks[group(question)].append(rank(kb.search(question["query"], DEPTH), question["relevant"]))
    print(json.dumps({name: figures(found) for name, found in sorted(ranks.items())}, indent=2))


def group(question: dict[str, Any]) -> str:
    """Which of the two groups a question belongs to; documents begin with their language."""
    languages = {question["language"], *(judged["document"][:2] for judged in question["relevant"])}
    return "with Latvian or Lithuanian" if languages & BALTIC else "English, Polish, German"


def rank(hits: list[Hit], relevant: list[dict[str, str]]) -> int:
    """Rank of the first judged passage, or one past DEPTH."""
    return next((hit.rank for hit in hits if any(is_judged(hit, judged) for judged in relevant)), DEPTH + 1)


def is_judged(hit: Hit, judged: dict[str, str]) -> bool:
    """Whether the hit is the judged passage: its document, and its page, slide or heading."""
    place = judged.get("place", "")
    same = Path(hit.document.path).name == judged["document"]
    return same and (not place or place in {hit.passage.place.label, hit.passage.place.heading})


def figures(ranks: list[int]) -> dict[str, float]:
    """MRR and recalls of these ranks."""
    found = np.array(ranks)
    recalls = {f"recall@{depth}": round(float((found <= depth).mean()), 3) for depth in (1, 5, DEPTH)}
    mrr = float(np.where(found <= DEPTH, 1 / found, 0).mean())
    return {"questions": len(ranks), "MRR@10": round(mrr, 3), **recalls}


if __name__ == "__main__":
    main()
