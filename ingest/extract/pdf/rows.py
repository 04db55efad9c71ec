"""Rows of a PDF page: the words that stand on one line across it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.extract.pdf.word import MARK_GAP, Word, is_raised

SAME_BASE = 0.3
"""Of the smaller word's size: bases closer than this are one line; a subscript hangs 0.2 below."""

WIDE_GAP = 0.7
"""Of the text's size: a gap from here on may part columns or cells; a word space has 0.25, in justified
text up to 0.6."""

ALIGNED = 1.0
"""Points within which words of several rows begin at one place."""

_MARKER = re.compile(r"[•●▪■◦‣∙·*–—\-\uf000-\uf0ff]|o|\(?(?:\d{1,2}|[a-z])[.)]|\d{1,2}(?:\.\d{1,2})+\.?")
"""The mark of a list's entry or a section's number: the gap between it and a word parts nothing."""
_NOTE_NUMBER = re.compile(r"\d{1,3}")
"""In front of a footnote, or of an entry in a list of two columns, which reads as well without a gap."""


@dataclass(slots=True)
class Row:
    """Words from left to right; `spans` are the stretches of them without a wide gap, in points."""

    words: list[Word]
    base: float
    size: float = 0.0
    left: float = 0.0
    right: float = 0.0
    spans: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = _letters_joined(_without_marks(sorted(self.words, key=lambda word: word.left)))
        self.size = max(word.size for word in self.words)
        self.left, self.right = self.words[0].left, max(word.right for word in self.words)
        self.spans = self._spans()

    @property
    def top(self) -> float:
        """Where its capitals begin."""
        return self.base - 0.7 * self.size

    @property
    def bold(self) -> bool:
        """Whether all its letters are."""
        return all(word.bold for word in self.words if any(map(str.isalnum, word.text)))

    def cells(self, gutters: Sequence[float]) -> dict[int, list[Word]]:
        """Its words by column, columns without any left out."""
        cells: dict[int, list[Word]] = {}
        for word in self.words:
            cells.setdefault(sum(gutter < word.middle for gutter in gutters), []).append(word)
        return cells

    def split_at(self, starts: Sequence[float]) -> list[tuple[float, float]]:
        """Its spans when each word that begins at one of `starts` begins a span too, as in a table's columns."""
        spans: list[tuple[float, float]] = []
        lefts = {left for left, _ in self.spans}
        for word in self.words:
            begins = word.left in lefts or any(abs(word.left - start) <= ALIGNED for start in starts)
            if spans and not begins:
                spans[-1] = (spans[-1][0], max(spans[-1][1], word.right))
            else:
                spans.append((word.left, word.right))
        return spans

    def _spans(self) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = []
        begins_with_marker = is_number = False
        for word in self.words:
            gap = word.left - spans[-1][1] if spans else 0.0
            is_behind_marker = begins_with_marker and (not is_number or any(map(str.isalpha, word.text)))
            if spans and (gap < WIDE_GAP * max(word.size, 1.0) or is_behind_marker):
                spans[-1] = (spans[-1][0], max(spans[-1][1], word.right))
                begins_with_marker = False
            else:
                spans.append((word.left, word.right))
                begins_with_marker = bool(_MARKER.fullmatch(word.text))
                is_number = word.text[0].isdigit()
        if len(spans) == 2 and _NOTE_NUMBER.fullmatch(self.words[0].text) and self.words[1].left >= spans[1][0]:
            return [(spans[0][0], spans[1][1])]
        return spans


def rows_of(words: Sequence[Word]) -> list[Row]:
    """`words` in rows from the top."""
    rows: list[list[Word]] = []
    base = 0.0
    for word in sorted(words, key=lambda word: word.base):
        if rows and word.base - base <= SAME_BASE * min(word.size, max(w.size for w in rows[-1][:3])):
            rows[-1].append(word)
        else:
            rows.append([word])
            base = word.base
    return [Row(row, median(word.base for word in row)) for row in rows]


def _without_marks(words: list[Word]) -> list[Word]:
    """`words` without the raised numbers of footnotes, which programs also write apart from their words."""
    kept: list[Word] = []
    for word in words:
        if kept and is_raised(word, kept[-1]) and word.left - kept[-1].right < MARK_GAP * kept[-1].size:
            kept[-1].notes += word.text
        else:
            kept.append(word)
    return kept


FEWEST_LETTERS = 4
"""Letters in a row that are one word set with spaces between them, as in titles."""


def _letters_joined(words: list[Word]) -> list[Word]:
    """`words` with those whole again whose letters are s p a c e d."""
    if sum(len(word.text) == 1 and word.text.isalpha() for word in words) < FEWEST_LETTERS:
        return words
    joined: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and len(word.text) == 1 and word.text.isalpha():
            run.append(word)
            continue
        joined += _spaced_words(run) if len(run) >= FEWEST_LETTERS else run
        run = []
        if word is not None:
            joined.append(word)
    return joined


def _spaced_words(letters: list[Word]) -> list[Word]:
    """The words that evenly spaced letters make; a gap well above the usual one ends a word."""
    gaps = [after.left - before.right for before, after in pairwise(letters)]
    usual = max(median(gaps), 0.5)
    made = [letters[0]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap > 1.6 * usual:
            made.append(letter)
        else:
            last = made[-1]
            made[-1] = Word(last.text + letter.text, last.left, letter.right, last.base, last.size, last.bold,
                            last.angle, last.furniture, last.edge)  # fmt: skip
    return made
