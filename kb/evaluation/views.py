"""An evaluation's report as JSON and as text."""

from collections.abc import Mapping
from typing import Any

from kb.evaluation.evaluate import ALL, Measures, Pair, Report
from kb.evaluation.metrics import NAMES, Estimate


def report(found: Report) -> dict[str, Any]:
    """The report for `--json`: by query language, then passage language, then measure."""
    return {
        "questions": found.questions,
        "pairs": pairs(found.pairs),
        "kinds": {kind: _measures(measures) for kind, measures in found.kinds.items()},
        "answered": {row: _estimate(value) for row, value in found.answered.items()},
        "declined": {row: _estimate(value) for row, value in found.declined.items()},
        "unknown": [
            {"question": question, "document": judgement.document, "place": judgement.place}
            for question, judgement in found.unknown
        ],
    }


def pairs(found: Mapping[Pair, Measures]) -> dict[str, dict[str, Any]]:
    """By query language, then passage language, then measure."""
    rows: dict[str, dict[str, Any]] = {}
    for (query, passage), measures in found.items():
        rows.setdefault(query, {})[passage] = _measures(measures)
    return rows


def report_text(found: Report) -> str:
    """The report for people: a table a measure, then the answers."""
    parts = [f"{found.questions} questions. Rows: language of the query; columns: language of the passages."]
    parts += [f"{name}\n{_table(found, name)}" for name in NAMES]
    if found.kinds:
        width = max(map(len, found.kinds))
        rows = (f"{kind:<{width}}  {_cell(measures[NAMES[0]])}" for kind, measures in found.kinds.items())
        parts.append("\n".join([f"{NAMES[0]} by kind of question", *rows]))
    parts.append(_shares("Answerable questions that get an answer", found.answered))
    parts.append(_shares("Unanswerable questions that get none", found.declined))
    parts += [
        f"Question {question} names a place that is not here: {judgement.document}, {judgement.place or 'anywhere'}"
        for question, judgement in found.unknown
    ]
    return "\n\n".join(part for part in parts if part)


def _measures(measures: Measures) -> dict[str, Any]:
    return {name: _estimate(value) for name, value in measures.items()}


def _estimate(value: Estimate) -> dict[str, float]:
    return {
        "mean": round(value.mean, 4),
        "low": round(value.low, 4),
        "high": round(value.high, 4),
        "questions": value.questions,
    }


def _table(found: Report, name: str) -> str:
    rows = _languages(pair[0] for pair in found.pairs)
    columns = _languages(pair[1] for pair in found.pairs)
    lines = ["     " + "".join(f"{column:>22}" for column in columns)]
    for row in rows:
        cells = (found.pairs.get((row, column)) for column in columns)
        lines.append(f"{row:<5}" + "".join(f"{_cell(cell[name]) if cell else '-':>22}" for cell in cells))
    return "\n".join(lines)


def _languages(codes: Any) -> list[str]:
    """Language codes in order, ALL last."""
    return sorted(set(codes), key=lambda code: (code == ALL, code))


def _cell(value: Estimate) -> str:
    return f"{value.mean:.2f} ({value.low:.2f}-{value.high:.2f}) {value.questions:>3}"


def _shares(title: str, shares: Mapping[str, Estimate]) -> str:
    if not shares:
        return ""
    return "\n".join([title, *(f"{row:<5}{_cell(shares[row]):>22}" for row in _languages(shares))])
