"""Judged questions: a JSON lines file that says which places of which documents answer what."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import QuestionsUnreadable

RELEVANT, PARTLY = 2, 1
"""Grades of a judgement: the place answers the question; it says something on it, but not the answer."""

_GRADES = {"relevant": RELEVANT, "partly": PARTLY}
_FORM = (
    'a line is one object such as {"query": "...", "language": "pl", '
    '"relevant": [{"document": "report.pdf", "place": "page 3"}], "partly": []}'
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A place and how well it answers: RELEVANT or PARTLY. `place`: a page, slide or heading as hits
    name it, or "" for the whole document."""

    document: str
    place: str
    grade: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question or keywords in `language` (ISO 639-1), with the places that answer it: none where
    nobody's document does. `subset` and `kind` sort questions ("test", "paraphrase"); "" where unsaid."""

    id: str
    text: str
    language: str
    judged: tuple[Judgement, ...]
    subset: str = ""
    kind: str = ""


def read_questions(path: Path) -> list[Question]:
    """The questions in the file at `path`. Raises QuestionsUnreadable, naming the line that is wrong."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsUnreadable(f"{path} cannot be read as a file of questions ({error}).") from error
    found = [_question(line, number, path) for number, line in enumerate(lines, start=1) if line.strip()]
    if not found:
        raise QuestionsUnreadable(f"{path} holds no questions: {_FORM}.")
    return found


def of_subset(questions: Sequence[Question], subset: str) -> list[Question]:
    """Those marked `subset`; all where it is ""."""
    return [question for question in questions if subset in {"", question.subset}]


def _question(line: str, number: int, path: Path) -> Question:
    try:
        row = json.loads(line)
        judged = tuple(_judgements(row))
        text, language = row["query"].strip(), row["language"]
        if not text or not isinstance(language, str):
            raise ValueError("query and language must be texts")
        named = str(row.get("id") or number)
        return Question(named, text, language, judged, str(row.get("set") or ""), str(row.get("kind") or ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsUnreadable(f"{path}, line {number}, is not a question ({error!r}): {_FORM}.") from error


def _judgements(row: Any) -> Iterator[Judgement]:
    for name, grade in _GRADES.items():
        for entry in row.get(name) or ():
            yield Judgement(entry["document"], entry.get("place") or "", grade)
