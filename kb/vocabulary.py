"""The controlled vocabularies of the practice record: topics and target groups, named in five languages.

`kb/data/topics.tsv` and `kb/data/target_groups.tsv` hold a concept a row: its id, its name in each
language, and the terms that show in a text that it is spoken of. A term is one or more words; a word
that ends in * stands for all that begin so ("savanor*"), any other for all forms of its lemma.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.config import LANGUAGES
from kb.text import fold


@dataclass(frozen=True, slots=True)
class Concept:
    """A topic or a target group. `id` is what is stored; `names` and `terms` are by language."""

    id: str
    names: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, tuple[str, ...]], ...]

    def name(self, language: str) -> str:
        """The name in `language`, in English where that is none of the five."""
        table = dict(self.names)
        return table.get(language, table["en"])


Vocabulary = Mapping[str, Concept]
"""Concepts by id, in the order in which they are listed."""


@lru_cache(maxsize=1)
def topics() -> Vocabulary:
    """What practices are about."""
    return _read("topics.tsv")


@lru_cache(maxsize=1)
def target_groups() -> Vocabulary:
    """Whom practices are for."""
    return _read("target_groups.tsv")


def of_field(field: str) -> Vocabulary | None:
    """The vocabulary from which a field of the practice record takes its values; None where it is free."""
    return {"topics": topics, "target_groups": target_groups}.get(field, lambda: None)()


def resolve(vocabulary: Vocabulary, name: str) -> Concept | None:
    """The concept with this id or with this name in any of the five languages, however it is capitalised."""
    wanted = _plain(name)
    return next(
        (
            concept
            for concept in vocabulary.values()
            if wanted in {_plain(concept.id), *(_plain(own) for _, own in concept.names)}
        ),
        None,
    )


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("_", " ").split())


def _read(name: str) -> Vocabulary:
    with (files("kb.data") / name).open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            row["id"]: Concept(
                id=row["id"],
                names=tuple((language, row[language]) for language in LANGUAGES),
                terms=tuple((language, tuple(row[f"{language}_terms"].split("|"))) for language in LANGUAGES),
            )
            for row in rows
        }
