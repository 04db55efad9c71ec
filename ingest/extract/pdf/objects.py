"""What is drawn on a PDF page beside its text: ruling lines and pictures."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.extract.pdf.frame import Frame

MOST_OBJECTS = 20_000
"""Of a page that are looked at; a map or a plan has hundreds of thousands."""

MOST_POINTS = 400
"""Of a path that are looked at; the grid of a table has a few a cell, a curve thousands."""

THIN = 3.0
"""Points up to which a drawn box is a line."""

SHORTEST = 6.0
"""Points from which a line can belong to a table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: `at` is its constant coordinate, `start` and `end` the others."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Drawing:
    """`pictured`: the share of the page that pictures cover, 0 to 1; `drawn`: whether it shows anything at all."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictured: float = 0.0
    drawn: bool = False


def read_drawing(page: Any) -> Drawing:
    """The lines and pictures of a pypdfium2 page."""
    import pypdfium2.raw as pdfium

    frame, drawing = Frame(page), Drawing()
    area = max(1.0, frame.width * frame.height)
    for at in range(min(pdfium.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        handle = pdfium.FPDFPage_GetObject(page.raw, at)
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawing.drawn = True
            for box in _boxes(pdfium, handle, frame):
                _add(drawing, *box)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE or (kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_picture(pdfium, handle)):
            drawing.drawn = True
            drawing.pictured += _area(_bounds(pdfium, handle, frame), frame) / area
        elif kind in {pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_SHADING}:
            drawing.drawn = True
    drawing.pictured = min(1.0, drawing.pictured)
    return drawing


def _holds_picture(pdfium: Any, form: Any) -> bool:
    count = min(pdfium.FPDFFormObj_CountObjects(form), 100)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(form, at)) for at in range(count))
    return any(kind == pdfium.FPDF_PAGEOBJ_IMAGE for kind in kinds)


def _bounds(pdfium: Any, handle: Any, frame: Frame) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return frame.box(left.value, bottom.value, right.value, top.value)


def _area(box: tuple[float, float, float, float], frame: Frame) -> float:
    width = min(box[2], frame.width) - max(box[0], 0.0)
    height = min(box[3], frame.height) - max(box[1], 0.0)
    return float(max(0.0, width) * max(0.0, height))


def _boxes(pdfium: Any, handle: Any, frame: Frame) -> Iterator[tuple[float, float, float, float]]:
    """The rectangles that a path is made of, in the shown page's coordinates."""
    points = pdfium.FPDFPath_CountSegments(handle)
    if points <= 5:
        yield _bounds(pdfium, handle, frame)
    elif points <= MOST_POINTS:
        yield from _strokes(pdfium, handle, points, frame)


def _strokes(pdfium: Any, handle: Any, points: int, frame: Frame) -> Iterator[tuple[float, float, float, float]]:
    """Each straight stroke of a path of many."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    before: tuple[float, float] | None = None
    for at in range(points):
        segment = pdfium.FPDFPath_GetPathSegment(handle, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if before is not None and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            low, high = sorted((before, here)), sorted((before[1], here[1]))
            yield frame.box(low[0][0], high[0], low[1][0], high[1])
        before = here


def _add(drawing: Drawing, left: float, top: float, right: float, bottom: float) -> None:
    """Add the lines of a rectangle: itself where it is thin, else its edges."""
    wide, high = right - left >= SHORTEST, bottom - top >= SHORTEST
    if wide and bottom - top <= THIN:
        drawing.across.append(Rule((top + bottom) / 2, left, right))
    elif high and right - left <= THIN:
        drawing.down.append(Rule((left + right) / 2, top, bottom))
    elif wide and high:
        drawing.across += [Rule(top, left, right), Rule(bottom, left, right)]
        drawing.down += [Rule(left, top, bottom), Rule(right, top, bottom)]
