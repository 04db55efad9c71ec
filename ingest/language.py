"""The language of each sentence of a document.

A sentence alone may be three words or a list of names, so each is judged by langdetect and the
whole row of sentences by a Viterbi path: changing the language costs, less so at a paragraph's
end. A Latvian article followed by its English version thus falls into two clean halves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kb.config import LANGUAGES
from kb.language import FLOOR, probabilities

CHANGE_WITHIN = math.log(1e-4)
"""Log-probability that the next sentence of a paragraph changes the language."""

CHANGE_BETWEEN = math.log(3e-2)
"""The same at the end of a paragraph, list item or heading."""

FEW_LETTERS = 12
"""Below this many letters a sentence says nothing about its language."""

SURE_LETTERS = 60
"""From this many letters on a sentence counts in full; shorter ones in proportion."""

FOREIGN_LETTERS = 200
"""Letters a document needs before a language beyond the expected ones is considered."""

FOREIGN_CERTAINTY = 0.95
"""Probability, with all languages allowed, from which such a language is believed."""

FOREIGN_SAMPLE = 2_000
"""Characters in each piece of a document that is tested for another language."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and whether it opens a paragraph."""

    text: str
    opens_paragraph: bool


def sentence_languages(units: Sequence[Unit]) -> list[str]:
    """The ISO 639-1 language of each unit."""
    if not units:
        return []
    candidates = expected_languages(" ".join(unit.text for unit in units))
    evidence = [_log_probabilities(unit.text, candidates) for unit in units]
    changes = [CHANGE_BETWEEN if unit.opens_paragraph else CHANGE_WITHIN for unit in units]
    return _best_path(evidence, changes, candidates)


def expected_languages(text: str) -> tuple[str, ...]:
    """The knowledge base's languages, and any other that a long piece of `text` is surely in."""
    found = list(LANGUAGES)
    for start in range(0, len(text), FOREIGN_SAMPLE):
        piece = text[start : start + FOREIGN_SAMPLE]
        if sum(letter.isalpha() for letter in piece) < FOREIGN_LETTERS:
            continue
        for language, probability in probabilities(piece, None).items():
            code = language.split("-")[0]
            if probability >= FOREIGN_CERTAINTY and code not in found:
                found.append(code)
    return tuple(found)


def guess(text: str) -> str | None:
    """The language of a paragraph, for splitting it into sentences; None where unsure."""
    found = probabilities(text, LANGUAGES)
    best = max(found, key=lambda language: found[language], default=None)
    return best if best and found[best] > 0.9 else None


def _log_probabilities(text: str, candidates: Sequence[str]) -> dict[str, float]:
    letters = sum(letter.isalpha() for letter in text)
    weight = min(1.0, letters / SURE_LETTERS) if letters >= FEW_LETTERS else 0.0
    found = probabilities(text, _profiles(candidates)) if weight else {}
    return {language: weight * math.log(max(found.get(language, 0.0), FLOOR)) * 2 for language in candidates}


def _profiles(candidates: Sequence[str]) -> tuple[str, ...]:
    """langdetect's names for ISO codes: it tells two kinds of Chinese apart."""
    return tuple(sorted({name for code in candidates for name in (("zh-cn", "zh-tw") if code == "zh" else (code,))}))


def _best_path(evidence: Sequence[dict[str, float]], changes: Sequence[float], candidates: Sequence[str]) -> list[str]:
    """Viterbi: the likeliest row of languages, given each unit's evidence and the cost of changes."""
    score = dict(evidence[0])
    back: list[dict[str, str]] = []
    for step, change in zip(evidence[1:], changes[1:], strict=True):
        best = max(score, key=lambda language: score[language])
        came_from = {c: c if score[c] >= score[best] + change else best for c in candidates}
        score = {c: step[c] + max(score[c], score[best] + change) for c in candidates}
        back.append(came_from)
    path = [max(score, key=lambda language: score[language])]
    for came_from in reversed(back):
        path.append(came_from[path[-1]])
    return path[::-1]
