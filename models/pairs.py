"""The data that the language pack and the translation tables are trained on, in plain formats.

- Pairs: `parallel.<code>-en.tsv` (or `.tsv.xz`) in a folder that the caller names: a sentence, a
  tab, its English translation. Large, of many sources, not part of the project.
- Rows: `models/rows/*.tsv`, written for this project: English, Polish, German, Latvian,
  Lithuanian, topic.
- Glossaries: `models/glossary/<code>*.tsv`, written for this project: a word, a tab, its English
  glosses separated by "; ", the most frequent first.
"""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("en", "pl", "de", "lv", "lt")
"""Languages of a row's columns, in order."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in `language` and its English translation."""

    text: str
    language: str
    english: str


@dataclass(frozen=True, slots=True)
class Row:
    """One meaning in every language of `COLUMNS`."""

    texts: tuple[str, ...]
    topic: str

    def text(self, language: str) -> str:
        """The row's text in `language`. Raises ValueError where it has none."""
        return self.texts[COLUMNS.index(language)]


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word in `language` and what it means in English, the most frequent meaning first."""

    word: str
    language: str
    english: tuple[str, ...]


def pairs(folder: Path, language: str) -> Iterator[Pair]:
    """The pairs of `language` in `folder`. Raises FileNotFoundError where there are none."""
    plain = folder / f"parallel.{language}-en.tsv"
    packed = plain.with_suffix(".tsv.xz")
    if not plain.exists() and not packed.exists():
        raise FileNotFoundError(f"There is neither {plain} nor {packed}: one pair a line, `text<TAB>English`.")
    for text, english in _cells(plain if plain.exists() else packed, 2):
        yield Pair(text, language, english)


def rows() -> list[Row]:
    """All rows of our own writing."""
    return [
        Row(tuple(cells[:-1]), cells[-1])
        for path in sorted((HERE / "rows").glob("*.tsv"))
        for cells in _cells(path, len(COLUMNS) + 1)
    ]


def glosses(language: str) -> list[Gloss]:
    """The glossaries of `language`."""
    return [
        Gloss(word, language, tuple(gloss.strip() for gloss in english.split(";") if gloss.strip()))
        for path in sorted((HERE / "glossary").glob(f"{language}*.tsv"))
        for word, english in _cells(path, 2)
    ]


def _cells(path: Path, count: int) -> Iterator[list[str]]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != count or not all(cells):
                raise ValueError(f"{path}, line {number}: {count} cells expected, none of them empty")
            yield cells
