"""Every number that can be tuned, with its unit and its reason."""

import os
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "pl", "de", "lv", "lt")
"""ISO 639-1 codes of the partners' languages and English, the ones detection prefers."""

HOMES = {"pl": "PL", "de": "DE", "lv": "LV", "lt": "LT"}
"""The country (ISO 3166 alpha-2) that a text in a language is about unless it says otherwise."""

SAMPLE_QUESTIONS = Path(__file__).parents[1] / "corpus" / "questions.jsonl"
"""The judged questions that come with the sample corpus."""


def default_home() -> Path:
    """The knowledge base to use when none is named: $KB_HOME, else ./data."""
    return Path(os.environ.get("KB_HOME") or "data")


@dataclass(frozen=True, slots=True)
class Settings:
    """Search settings. docs/decisions/ records the measurement behind each figure."""

    dense_passages: int = 200
    """Passages taken as candidates for their nearest sentences: where recall@10 stops growing."""

    lexical_passages: int = 150
    """Passages taken from the lexical side as candidates."""

    lexical_weight: float = 0.5
    """Share of lexical evidence in the fused score (docs/decisions/fusion.md)."""

    passages_per_document: int = 5
    """Passages of one document that may stand before those of other documents."""

    query_characters: int = 2_000
    """Longer queries are cut here: the encoder averages words, so more adds noise, not meaning."""

    query_terms: int = 64
    """Distinct terms of a query that are looked up."""
