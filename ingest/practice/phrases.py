"""The words by which a field of the practice record is announced, in five languages (phrases.tsv)."""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from kb.text import fold, words

_NUMBERING = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,4}[.)])\s+")
_PARENTHESES = re.compile(r"\([^()]{0,80}\)")

MOST_WORDS = 10
"""A longer line announces nothing."""


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[str, ...]]:
    with (files("ingest.practice") / "phrases.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["field"]: tuple(row["phrases"].split("|")) for row in rows}


@lru_cache(maxsize=1)
def _fields() -> dict[str, str]:
    """The field that each phrase announces, by the phrase's key."""
    announcing = {field: phrases for field, phrases in _rows().items() if field not in {"filler", "organisation"}}
    return {key(phrase): field for field, phrases in announcing.items() for phrase in phrases}


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(fold(word) for word in _rows()["filler"])


def key(text: str) -> str:
    """`text` as it is compared: folded, without its number ("2.1 Results"), articles and what stands in parentheses."""
    folded = [fold(word) for word in words(_PARENTHESES.sub(" ", _NUMBERING.sub("", text)))]
    return " ".join([word for word in folded if word not in _fillers()] or folded)


def announced(text: str) -> str | None:
    """The field that a heading or label announces, in one language or in several ("Kontaktai / Contact");
    None where it is neither."""
    if len(text) > 120 or len(text.split()) > MOST_WORDS:
        return None
    fields = {_fields().get(key(part)) for part in text.split(" / ")}
    return fields.pop() if len(fields) == 1 else None


@lru_cache(maxsize=1)
def _organisations() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold(word) for word in words(phrase)) for phrase in _rows()["organisation"])


def names_organisation(text: str) -> bool:
    """Whether a word for a kind of organisation stands in `text`, in the singular: "Urząd Miasta", "e.V."."""
    folded = tuple(fold(word) for word in words(text))
    return any(phrase in zip(*(folded[at:] for at in range(len(phrase))), strict=False) for phrase in _organisations())
