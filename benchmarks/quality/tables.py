"""Kept results as the Markdown tables of the documentation."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.tables import table
from kb.config import LANGUAGES
from kb.evaluation.evaluate import ALL
from kb.evaluation.metrics import NAMES

Result = Mapping[str, Any]


def tables(folder: Path) -> str:
    """Every table, each result under its name."""
    parts = []
    for path in sorted(set(folder.glob("*.json")) - {folder / "floors.json"}):
        result = json.loads(path.read_text("utf-8"))
        parts += [f"## {path.stem}", comparison(result), *(pairs(result, name) for name in NAMES)]
        if "declined" in result:
            parts += [kinds(result), answers(result)]
    return "\n\n".join(parts)


def comparison(result: Result) -> str:
    """A row a system: among all passages, and the mean over pairs of one language and of two."""
    head = ["", *(f"{name}, all passages" for name in NAMES), "nDCG@10, same language", "nDCG@10, another language"]
    rows = []
    for name, found in result["systems"].items():
        measures = [interval(found[ALL][ALL][measure]) for measure in NAMES]
        rows.append([name, *measures, *(f"{value:.3f}" for value in same_and_other(found))])
    return table(head, rows)


def same_and_other(found: Result) -> tuple[float, float]:
    """Mean nDCG@10 over the pairs of one language, and over those of two."""
    values = {(query, passage): found[query][passage]["nDCG@10"]["mean"] for query, passage in _pairs(found)}
    same = [value for (query, passage), value in values.items() if query == passage]
    return mean(same), mean(value for (query, passage), value in values.items() if query != passage)


def pairs(result: Result, measure: str) -> str:
    """The product's `measure` by query language (rows) and passage language (columns)."""
    found = result["systems"]["HopKB"]
    columns = [*LANGUAGES, ALL]
    rows = [
        [query, *(interval(found[query][column][measure]) if column in found[query] else "" for column in columns)]
        for query in columns
    ]
    return table([f"{measure}: query in", *columns], rows)


def kinds(result: Result) -> str:
    """The product's measures by kind of question."""
    rows = [
        [kind, str(measures[NAMES[0]]["questions"]), *(interval(measures[name]) for name in NAMES)]
        for kind, measures in result["kinds"].items()
    ]
    return table(["kind of question", "questions", *NAMES], rows)


def answers(result: Result) -> str:
    """How often an answer is rightly given and rightly refused."""
    names = {"answered": "answerable questions answered", "declined": "unanswerable questions declined"}
    columns = [*LANGUAGES, ALL]
    rows = [
        [title, *(interval(result[name][column]) if column in result[name] else "" for column in columns)]
        for name, title in names.items()
    ]
    return table(["", *columns], rows)


def interval(value: Mapping[str, float]) -> str:
    """A mean and its interval."""
    return f"{value['mean']:.3f} ({value['low']:.2f}-{value['high']:.2f})"


def _pairs(found: Result) -> list[tuple[str, str]]:
    return [(query, passage) for query in LANGUAGES for passage in LANGUAGES if passage in found.get(query, {})]
