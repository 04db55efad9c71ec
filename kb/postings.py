"""Which passage holds which term how often: derived from the store, checked, always rebuildable.

Each language is indexed by itself, so that document frequencies and lengths are its own. Two
columns: lemmas, and surface forms for words that no dictionary joins (names, acronyms, numbers).
"""

import io
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kb.derived import Buffer, Derived

FILE = "terms.npz"
Column = Literal["lemmas", "surfaces"]
COLUMNS: tuple[Column, ...] = ("lemmas", "surfaces")

BATCH = 50_000
"""Passages indexed at once: some 400 MB of numbers in lists, before they become arrays."""

RECENT_SHARE = 0.1
"""What came in lately is merged into the rest once it is this share of it: merging touches everything."""

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """`terms`, sorted; term i occurs in `rows[starts[i]:starts[i + 1]]` with these `frequencies`."""

    terms: list[str]
    starts: NDArray[np.int64]
    rows: Rows
    frequencies: Floats

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Postings":
        """Postings of space-separated terms, a text a row."""
        found: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for row, text in enumerate(texts):
            for term, frequency in Counter(text.split()).items():
                rows, frequencies = found[term]
                rows.append(row)
                frequencies.append(frequency)
        terms = sorted(found)
        starts = np.cumsum([0, *(len(found[term][0]) for term in terms)])
        rows_of = np.array([row for term in terms for row in found[term][0]], np.int32)
        return cls(terms, starts, rows_of, np.array([f for term in terms for f in found[term][1]], np.float32))

    def find(self, term: str) -> tuple[Rows, Floats]:
        """Rows that hold `term`, ascending, and how often."""
        at = bisect_left(self.terms, term)
        if at == len(self.terms) or self.terms[at] != term:
            return self.rows[:0], self.frequencies[:0]
        return self._slice(at, at + 1)

    def starting_with(self, stem: str) -> tuple[Rows, Floats]:
        """Rows that hold terms with this beginning, and how often each of those occurs."""
        return self._slice(bisect_left(self.terms, stem), bisect_left(self.terms, stem + chr(0x10FFFF)))

    def _slice(self, first: int, last: int) -> tuple[Rows, Floats]:
        inside = slice(self.starts[first], self.starts[last])
        return self.rows[inside], self.frequencies[inside]

    def merged(self, other: "Postings", offset: int) -> "Postings":
        """These postings and those of `other`, whose rows begin at `offset`."""
        terms = sorted({*self.terms, *other.terms})
        place = {term: at for at, term in enumerate(terms)}
        which = np.concatenate([_spread(part, place) for part in (self, other)])
        rows = np.concatenate([self.rows, other.rows + np.int32(offset)])
        order = np.argsort(which, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(which, minlength=len(terms)))])
        frequencies = np.concatenate([self.frequencies, other.frequencies])
        return Postings(terms, starts, rows[order], frequencies[order])


def _spread(part: Postings, place: dict[str, int]) -> NDArray[np.int64]:
    return np.repeat(np.array([place[term] for term in part.terms], np.int64), np.diff(part.starts))


@dataclass(frozen=True, slots=True)
class LanguageTerms:
    """The passages of one language: ids (n,), ascending, lengths in terms (n,), and their postings."""

    ids: NDArray[np.int64]
    lengths: Floats
    columns: dict[Column, Postings]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, str, str]]) -> "LanguageTerms":
        """Of (passage id, length, lemmas, surfaces), by ascending id."""
        columns: dict[Column, Postings] = {
            "lemmas": Postings.of(lemmas for _, _, lemmas, _ in rows),
            "surfaces": Postings.of(surfaces for _, _, _, surfaces in rows),
        }
        ids, lengths = np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float32)
        return cls(ids, lengths, columns)

    def merged(self, other: "LanguageTerms") -> "LanguageTerms":
        """These passages, and after them those of `other`."""
        return LanguageTerms(
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.lengths, other.lengths]),
            {name: self.columns[name].merged(other.columns[name], len(self.ids)) for name in COLUMNS},
        )


Terms = dict[str, LanguageTerms]
"""By language."""


def indexed(rows: Iterable[tuple[int, str, int, str, str]]) -> Terms:
    """Of (passage id, language, length, lemmas, surfaces), by ascending id: what the store keeps."""
    by_language: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for passage, language, length, lemmas, surfaces in rows:
        by_language[language].append((passage, length, lemmas, surfaces))
    return {language: LanguageTerms.of(found) for language, found in by_language.items()}


@dataclass(frozen=True, slots=True)
class View:
    """The index at one moment: what it held long since, and what came lately."""

    parts: tuple[Terms, ...] = field(default=())

    def languages(self) -> list[str]:
        """Codes of the languages that have passages."""
        return sorted({language for part in self.parts for language in part})

    def of(self, language: str) -> list[LanguageTerms]:
        """The parts that hold passages in `language`."""
        return [part[language] for part in self.parts if language in part]


class TermIndex(Derived):
    """The terms of all passages. Thread-safe."""

    file = FILE
    magic = "hopkb-terms-1"
    noun = "index of words"
    another = "other rules for words"

    _view = View()

    def view(self) -> View:
        """The index as the store is now; it may hold passages removed since."""
        with self._lock:
            self._catch_up()
            return self._view

    def save(self) -> None:
        """As `Derived.save`, with all parts merged into one."""
        with self._lock:
            self._catch_up()
            self._view = View((_merged(self._view.parts),) if self._view.parts else ())
        super().save()

    def _maker(self) -> str | None:
        return self._store.meta("terms_made_with")

    def _forget(self) -> None:
        self._view = View()

    def _append(self, above: int) -> int:
        parts: list[Terms] = []
        while rows := self._store.passage_terms(above, BATCH):
            parts.append(indexed(rows))
            above = rows[-1][0]
        if not parts:
            return above
        old, lately = self._view.parts[:1], _merged([*self._view.parts[1:], *parts])
        if not old or _size(lately) > RECENT_SHARE * _size(old[0]):
            self._view = View((_merged([*old, lately]),))
        else:
            self._view = View((*old, lately))
        return above

    def _held(self) -> int:
        return sum(map(_size, self._view.parts))

    def _living(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def _dump(self) -> bytes:
        return _packed(_merged(self._view.parts)) if self._view.parts else b""

    def _parse(self, body: Buffer) -> Any:
        return _unpacked(body)

    def _take(self, parsed: Any) -> None:
        self._view = View((parsed,))

    def _difference(self, parsed: Any) -> str | None:
        held = {int(passage) for terms in parsed.values() for passage in terms.ids}
        rows = self._store.passage_terms(0)
        if any(row[0] not in held for row in rows):
            return "lacks passages"
        right = all(_agree(parsed.get(language), found) for language, found in indexed(rows).items())
        return None if right else "holds wrong terms"


def _agree(held: LanguageTerms | None, right: LanguageTerms) -> bool:
    """Whether `held` says of the passages in `right` what `right` says; it may know others, gone since."""
    if held is None or not np.isin(right.ids, held.ids).all():
        return False
    known = np.isin(held.ids, right.ids)
    return np.array_equal(held.lengths[known], right.lengths) and all(
        _triples(held, column, known) == _triples(right, column, None) for column in COLUMNS
    )


def _triples(terms: LanguageTerms, column: Column, known: NDArray[np.bool_] | None) -> set[tuple[str, int, float]]:
    postings = terms.columns[column]
    names = np.repeat(np.array(postings.terms, object), np.diff(postings.starts))
    keep = np.ones(len(names), bool) if known is None else known[postings.rows]
    ids = terms.ids[postings.rows[keep]].tolist()
    return set(zip(names[keep].tolist(), ids, postings.frequencies[keep].tolist(), strict=True))


def _size(part: Terms) -> int:
    return sum(len(terms.ids) for terms in part.values())


def _merged(parts: Sequence[Terms]) -> Terms:
    """`parts`, at least one, in one; neighbours first, so that each is touched few times."""

    def join(one: Terms, other: Terms) -> Terms:
        both = {language: one[language].merged(other[language]) for language in one if language in other}
        return {**one, **other, **both}

    while len(parts) > 1:
        parts = [join(*parts[at : at + 2]) if at + 1 < len(parts) else parts[at] for at in range(0, len(parts), 2)]
    return parts[0]


def _packed(terms: Terms) -> bytes:
    """The arrays as an uncompressed .npz, named language/what."""
    arrays: dict[str, NDArray[Any]] = {}
    for language, found in terms.items():
        arrays |= {f"{language}/ids": found.ids, f"{language}/lengths": found.lengths}
        for name, postings in found.columns.items():
            arrays |= {
                f"{language}/{name}/terms": np.frombuffer("\n".join(postings.terms).encode(), np.uint8),
                f"{language}/{name}/starts": postings.starts,
                f"{language}/{name}/rows": postings.rows,
                f"{language}/{name}/frequencies": postings.frequencies.astype(np.uint16),
            }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _unpacked(body: Buffer) -> Terms:
    arrays = np.load(io.BytesIO(body), allow_pickle=False)
    found: Terms = {}
    for language in dict.fromkeys(name.split("/")[0] for name in arrays.files):
        columns: dict[Column, Postings] = {}
        for name in COLUMNS:
            terms, starts, rows, frequencies = (
                arrays[f"{language}/{name}/{what}"] for what in ("terms", "starts", "rows", "frequencies")
            )
            words = terms.tobytes().decode().split("\n") if terms.size else []
            columns[name] = Postings(words, starts, rows, frequencies.astype(np.float32))
        found[language] = LanguageTerms(arrays[f"{language}/ids"], arrays[f"{language}/lengths"], columns)
    return found
