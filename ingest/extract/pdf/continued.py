"""Tables that go on from one page of a PDF to the next: one header, whole rows."""

from collections.abc import Sequence
from itertools import pairwise

from ingest.extract.pdf.lines import CellRow, Line, Page
from ingest.reflow import join_later

GOING_ON = 0.6
"""Of a row's cells that begin in the middle of a sentence, from which it is the rest of the row before."""

Flow = list[Line | CellRow]


def join_tables(pages: Sequence[Page], small: float) -> None:
    """Where a page begins with the rest of the table that ends the page before, drop the header that is said
    again, and give the row that was broken its other half. Lines of at most `small` points are footnotes."""
    for before, page in pairwise(pages):
        opening = next((flow for flow in page.flows if flow), [])
        closing = _closing(before, small)
        if closing and opening and isinstance(opening[0], CellRow):
            _join(closing, opening)


def _closing(page: Page, small: float) -> Flow:
    """The flow whose end is a table at the end of the page; empty where there is none."""
    for flow in reversed(page.flows):
        for item in reversed(flow):
            if isinstance(item, CellRow):
                return flow
            if item.size > small and item.base < page.foot:
                return []
    return []


def _join(closing: Flow, opening: Flow) -> None:
    at = max(at for at, item in enumerate(closing) if isinstance(item, CellRow))
    first = at
    while first and isinstance(closing[first - 1], CellRow):
        first -= 1
    header, last, new = closing[first], closing[at], opening[0]
    if not isinstance(header, CellRow) or not isinstance(last, CellRow) or not isinstance(new, CellRow):
        return
    if new.cells == header.cells:
        del opening[0]
    if not opening or not isinstance(opening[0], CellRow):
        return
    rest = opening[0]
    if len(rest.cells) == len(last.cells) and _goes_on(last, rest):
        cells = tuple(join_later(begun, more) for begun, more in zip(last.cells, rest.cells, strict=True))
        closing[at] = CellRow(cells, notes=last.notes + rest.notes)
        del opening[0]


def _goes_on(last: CellRow, rest: CellRow) -> bool:
    if last.cells[0] and not rest.cells[0]:
        return True
    filled = [(begun, more) for begun, more in zip(last.cells, rest.cells, strict=True) if more]
    going_on = [more for begun, more in filled if begun and more.lstrip('([„“"«')[:1].islower()]
    return len(going_on) >= GOING_ON * len(filled)
