"""`python -m benchmarks.quality.floors`: the floors of search quality, which only rise.

Measures the development half of the corpus's questions and raises each floor that can rise, in
benchmarks/quality/floors.json; `make test` fails where the search falls below one. A floor is lowered by
`--lower REASON` only, and the reason stays in the file: each floor is kept as the list of its values.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.sample import ingested
from kb import KnowledgeBase
from kb.config import SAMPLE_QUESTIONS
from kb.evaluation.evaluate import Report, evaluate
from kb.evaluation.questions import of_subset, read_questions

FILE = Path(__file__).parent / "floors.json"
MEASURES = ("nDCG@10", "recall@10")

SLACK = 0.02
"""A floor lies this much below what was measured: two passages that score alike may change places from one
processor to another."""

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Step:
    """A value a floor has had; `reason` is "" unless it was lowered to it."""

    value: float
    reason: str = ""


Floors = dict[str, list[Step]]
"""By name, such as "pl>lv nDCG@10": every value, the present one last."""


def main() -> None:
    """Measure, and raise or lower the floors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.floors", description=__doc__)
    parser.add_argument("--lower", metavar="REASON", default="", help="lower floors too, for this reason")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, KnowledgeBase.open(home, create=True) as kb:
        measured = values(measure(ingested(kb)))
    old = read(FILE)
    new = moved(old, measured, options.lower)
    write(FILE, new)
    for name, steps in new.items():
        before = old.get(name, [])
        if steps != before:
            print(f"{name}: {before[-1].value if before else 'new'} -> {steps[-1].value}")
    for name, value in below(new, measured):
        print(f"{name}: {value} is below the floor of {new[name][-1].value}; mend the search, or --lower REASON")


def measure(kb: KnowledgeBase) -> Report:
    """The evaluation that the floors are about."""
    return evaluate(kb, of_subset(read_questions(SAMPLE_QUESTIONS), "development"))


def values(report: Report) -> dict[str, float]:
    """What there are floors for, by name."""
    found = {
        f"{query}>{passage} {measure}": measures[measure].mean
        for (query, passage), measures in report.pairs.items()
        for measure in MEASURES
    }
    found |= {f"answered {row}": share.mean for row, share in report.answered.items()}
    found |= {f"declined {row}": share.mean for row, share in report.declined.items()}
    return {name: round(value, 3) for name, value in found.items()}


def moved(floors: Floors, measured: Values, reason: str = "") -> Floors:
    """`floors` raised to what was measured, less SLACK; lowered too where there is a reason."""
    new = {name: list(steps) for name, steps in floors.items()}
    for name, value in sorted(measured.items()):
        floor = max(0.0, round(value - SLACK, 3))
        steps = new.setdefault(name, [])
        if not steps or floor > steps[-1].value:
            steps.append(Step(floor))
        elif reason and value < steps[-1].value:
            steps.append(Step(floor, reason))
    return new


def below(floors: Floors, measured: Values) -> Iterator[tuple[str, float]]:
    """Names and values of what is below its floor; 0 where it is measured no more."""
    for name, steps in floors.items():
        value = measured.get(name, 0.0)
        if value < steps[-1].value:
            yield name, value


def unexplained(floors: Floors) -> list[str]:
    """Names of the floors that were lowered without a reason."""
    return [
        name
        for name, steps in floors.items()
        if any(later.value < earlier.value and not later.reason for earlier, later in pairwise(steps))
    ]


def read(path: Path) -> Floors:
    """The floors kept at `path`; none where there is no file."""
    if not path.exists():
        return {}
    rows = json.loads(path.read_text("utf-8"))
    return {name: [Step(step["value"], step.get("reason", "")) for step in steps] for name, steps in rows.items()}


def write(path: Path, floors: Floors) -> None:
    """Keep `floors` at `path`, a line each."""
    lines = (
        f"{json.dumps(name)}: {json.dumps([_row(step) for step in steps], ensure_ascii=False)}"
        for name, steps in sorted(floors.items())
    )
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _row(step: Step) -> dict[str, float | str]:
    return {"value": step.value, **({"reason": step.reason} if step.reason else {})}


if __name__ == "__main__":
    main()
