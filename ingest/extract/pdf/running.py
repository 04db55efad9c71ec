"""Running headers, footers and page numbers: what stands at the edge of page after page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from ingest.clean import PAGE_NUMBER
from ingest.extract.pdf.rows import rows_of
from ingest.extract.pdf.word import Word

EDGE_ROWS = 4
"""Rows at the top and at the bottom of a page that can be a running header or footer."""

EDGE_ZONE = 0.16
"""Of the page's height, in which they stand."""

FEWEST = 3
"""Pages on which a line stands that is a running one."""

SHARE = 0.5
"""Of the pages, at any size of its letters and any height."""

SAME_HEIGHT = 4.0
"""Points within which a line stands equally high on each page: a chapter's header on the chapter's pages."""

SMALL = 0.95
"""Of the body's size; two pages are enough for what is smaller."""

_ROMAN = re.compile(r"[ivxl]{1,7}")
_SENTENCE = re.compile(r"\w{3,}[.!?]$")
_NUMBER = re.compile(r"\d{1,4}")
_COUNTER = re.compile(r"^(\d{1,4})\s(?=\D+$)|(?<=\s)(\d{1,4})$")
BESIDE_TITLES = "\0"
"""Begins the shape of lines that have nothing in common but a page number, beside titles of chapters."""

MOST_NUMBERS = 4
"""In a line that can be a running one; more, and it is data."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A row at a page's edge: its text, and in points its distance from that edge and the size of its letters.
    `at` is what the words' `edge` says."""

    at: int
    text: str
    is_top: bool
    distance: float
    size: float


def mark_edges(words: Sequence[Word], height: float) -> list[Edge]:
    """The rows of a page's words that can be running ones, from the top; their words are marked."""
    zone = EDGE_ZONE * height
    top = rows_of([word for word in words if word.base <= zone])[:EDGE_ROWS]
    bottom = rows_of([word for word in words if word.base >= height - zone])[-EDGE_ROWS:]
    edges = []
    for at, row in enumerate([*top, *bottom]):
        for word in row.words:
            word.edge = at
        is_top = at < len(top)
        text = " ".join(word.text for word in row.words)
        edges.append(Edge(at, text, is_top, row.base if is_top else height - row.base, row.size))
    return edges


def running(pages: Sequence[tuple[int, Sequence[Edge]]], body: float) -> list[set[int]]:
    """For each page, given by its number and edges, the `at` of those that are running headers, footers or
    page numbers. `body`: the usual size of the document's letters, in points."""
    seen: dict[tuple[bool, str], list[tuple[int, Edge]]] = defaultdict(list)
    for place, (number, edges) in enumerate(pages):
        for edge in edges:
            for shape in shapes(edge.text, number):
                seen[edge.is_top, shape].append((place, edge))
    found: list[set[int]] = [set() for _ in pages]
    for (_, shape), standing in seen.items():
        for place, edge in _repeated(standing, len(pages), body, beside_titles=shape.startswith(BESIDE_TITLES)):
            found[place].add(edge.at)
    for place, (_, edges) in enumerate(pages):
        found[place] |= _page_numbers(edges, found[place])
    return found


def _repeated(
    standing: Sequence[tuple[int, Edge]], pages: int, body: float, *, beside_titles: bool
) -> Iterator[tuple[int, Edge]]:
    """Those of the lines of one shape that are running ones."""
    if not beside_titles and len({place for place, _ in standing}) >= max(FEWEST, SHARE * pages):
        yield from standing
        return
    heights = Counter(round(edge.distance / SAME_HEIGHT) for _, edge in standing)
    for place, edge in standing:
        alike = sum(heights[round(edge.distance / SAME_HEIGHT) + step] for step in (-1, 0, 1))
        small = edge.size <= SMALL * body
        if alike >= (min(2, pages) if small and pages == 2 else FEWEST) and edge.size <= 1.05 * body and pages > 1:
            yield place, edge


def shapes(text: str, number: int) -> Iterator[str]:
    """What a line has in common with that of another page: each of its numbers is the same there, or counts
    with the pages; in a sentence only one at its beginning can. `number`: the page's."""
    plain = " ".join(text.split()).lower()
    if counter := _COUNTER.search(plain):
        yield f"{BESIDE_TITLES}{int(counter[1] or counter[2]) - number}"
    is_sentence = bool(_SENTENCE.search(plain))
    parts = _NUMBER.split(plain)
    if len(parts) - 1 > MOST_NUMBERS:
        yield plain
        return
    values = [int(value) for value in _NUMBER.findall(plain)]
    choices = [(False,) if is_sentence and (at or parts[0]) else (False, True) for at in range(len(values))]
    for counted in product(*choices):
        names = [f"+{v - number}" if counts else str(v) for v, counts in zip(values, counted, strict=True)]
        yield "".join(part + name for part, name in zip(parts, [*names, ""], strict=True))


def _page_numbers(edges: Sequence[Edge], known: set[int]) -> set[int]:
    """The page numbers at the outermost edge, running lines aside."""
    found = set()
    for is_top in (True, False):
        side = sorted((edge for edge in edges if edge.is_top is is_top), key=lambda edge: edge.distance)
        outermost = next((edge for edge in side if edge.at not in known), None)
        if outermost and (PAGE_NUMBER.fullmatch(outermost.text) or _ROMAN.fullmatch(outermost.text.strip(" -–"))):
            found.add(outermost.at)
    return found
