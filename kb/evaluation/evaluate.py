"""Ask every question, in all languages together and in each alone, and measure where its judged places stand."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from kb.evaluation.metrics import Estimate, Grades, Ranking, estimate, measure
from kb.evaluation.places import Judged, PlaceFinder
from kb.evaluation.questions import Judgement, Question
from kb.knowledge_base import KnowledgeBase
from kb.types import Filters

ALL = "all"
"""The row of all questions; the column of a search without a filter."""

PASSAGES = 60
"""Passages fetched for a question: enough for ten places even where each holds several."""

Search = Callable[[Question, str], Sequence[int]]
"""Passage ids, best first, for a question among the passages of a language, or of ALL."""

Pair = tuple[str, str]
"""A query language and a passage language."""


Measures = Mapping[str, Estimate]
"""A mean and its interval for each of NAMES."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The measures of a ranking by language pair and by kind of question, as in Report, and its `unknown`."""

    pairs: Mapping[Pair, Measures]
    kinds: Mapping[str, Measures]
    unknown: tuple[tuple[str, Judgement], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    `pairs[query language, passage language]`: each measure over the questions with a judged place in
    that passage language; ALL stands for every language together. `kinds`: the same for the questions of
    each kind, in all languages together. `answered`: the share of answerable questions that get an answer;
    `declined`: of unanswerable ones that get none; both by query language and ALL. `unknown`: judgements
    that name nothing in this knowledge base, with the ids of their questions; questions left without a
    place are left out.
    """

    questions: int
    pairs: Mapping[Pair, Measures]
    kinds: Mapping[str, Measures]
    answered: Mapping[str, Estimate]
    declined: Mapping[str, Estimate]
    unknown: tuple[tuple[str, Judgement], ...]


def evaluate(kb: KnowledgeBase, questions: Sequence[Question]) -> Report:
    """Measure the search and the answers of `kb`. Raises KBError as its search does."""
    finder = PlaceFinder(kb.store)
    ranked = rank(finder, questions, partial(ranking, kb))
    answered: dict[str, list[float]] = defaultdict(list)
    declined: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        answers = bool(kb.answer(question.text).citations)
        for row in (question.language, ALL):
            if not question.judged:
                declined[row].append(float(not answers))
            elif finder.find(question)[0].grades:
                answered[row].append(float(answers))
    return Report(
        len(questions), ranked.pairs, ranked.kinds, _estimates(answered), _estimates(declined), ranked.unknown
    )


def ranking(kb: KnowledgeBase, question: Question, language: str) -> list[int]:
    """The product's search, as `Search`."""
    query = kb.prepare(question.text)
    if query is None:
        return []
    filters = Filters() if language == ALL else Filters(languages=(language,))
    return kb.searcher.ranking(query, filters)[:PASSAGES]


def rank(finder: PlaceFinder, questions: Sequence[Question], search: Search) -> Ranked:
    """The measures of `search`."""
    pairs: dict[Pair, list[tuple[Grades, Ranking]]] = defaultdict(list)
    kinds: dict[str, list[tuple[Grades, Ranking]]] = defaultdict(list)
    unknown = []
    for question in questions:
        judged, missing = finder.find(question)
        unknown += [(question.id, judgement) for judgement in missing]
        for language, grades in _columns(judged):
            ranking = judged.ranked(search(question, language))
            pairs[question.language, language].append((grades, ranking))
            pairs[ALL, language].append((grades, ranking))
            if language == ALL and question.kind:
                kinds[question.kind].append((grades, ranking))
    return Ranked(_measures(pairs), _measures(kinds), tuple(unknown))


def _columns(judged: Judged) -> list[tuple[str, Grades]]:
    """The passage languages a question counts in, and ALL, each with the grades of its places there."""
    if not judged.grades:
        return []
    languages = sorted(set().union(*judged.languages.values()))
    return [(ALL, judged.grades), *((language, judged.within(language)) for language in languages)]


Key = TypeVar("Key", str, tuple[str, str])


def _measures(found: Mapping[Key, Sequence[tuple[Grades, Ranking]]]) -> dict[Key, Measures]:
    return {
        key: {name: estimate(values) for name, values in measure(rankings).items()}
        for key, rankings in sorted(found.items())
    }


def _estimates(values: Mapping[str, list[float]]) -> dict[str, Estimate]:
    return {row: estimate(found) for row, found in sorted(values.items())}
