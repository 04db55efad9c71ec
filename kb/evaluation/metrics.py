"""Ranking measures over many questions, with confidence intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.evaluation.questions import RELEVANT

DEPTH = 10
"""Places looked at: what a reader sees on one page of results."""

NAMES = ("nDCG@10", "recall@10", "MRR@10")
RESAMPLES = 1_000
CONFIDENCE = 0.95

Grades = Mapping[str, int]
Ranking = Sequence[str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `questions` questions and its bootstrap interval [low, high] of 95 %."""

    mean: float
    low: float
    high: float
    questions: int


def measure(judged: Sequence[tuple[Grades, Ranking]]) -> dict[str, list[float]]:
    """Each measure of NAMES, question by question, in the order given.

    nDCG weighs places by their grade (1 partly, 2 relevant; gain = grade, Järvelin and Kekäläinen 2002,
    as trec_eval computes it); recall and MRR count relevant places, or partly relevant ones where a
    question has no others.
    """
    import ir_measures
    from ir_measures import RR, R, nDCG

    measures = dict(zip(NAMES, (nDCG @ DEPTH, R(rel=RELEVANT) @ DEPTH, RR(rel=RELEVANT)), strict=True))
    qrels = [
        ir_measures.Qrel(str(at), place, grade)
        for at, (grades, _) in enumerate(judged)
        for place, grade in _lifted(grades).items()
    ]
    run = [
        ir_measures.ScoredDoc(str(at), place, float(-rank))
        for at, (_, ranking) in enumerate(judged)
        for rank, place in enumerate(ranking[:DEPTH])
    ]
    values = {name: [0.0] * len(judged) for name in NAMES}
    names = {measure: name for name, measure in measures.items()}
    for found in ir_measures.iter_calc(list(measures.values()), qrels, run):
        values[names[found.measure]][int(found.query_id)] = float(found.value)
    return values


def _lifted(grades: Grades) -> dict[str, int]:
    """`grades` with the best of them made RELEVANT where none is."""
    lift = RELEVANT - max(grades.values(), default=RELEVANT)
    return {place: grade + lift for place, grade in grades.items()}


def estimate(values: Iterable[float]) -> Estimate:
    """The mean of `values`, at least one, and its percentile bootstrap interval (Efron 1979); the same
    values always give the same interval."""
    found = np.fromiter(values, float)
    picks = np.random.default_rng(0).integers(len(found), size=(RESAMPLES, len(found)))
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(found[picks].mean(axis=1), [tail, 100 - tail])
    return Estimate(float(found.mean()), float(low), float(high), len(found))
