"""What people filled into the fields of a PDF form; pdfium's text of a page leaves it out."""

import ctypes
import logging
from collections.abc import Iterator
from typing import Any

from ingest.extract.pdf.frame import Frame
from ingest.extract.pdf.word import Word

MOST_FIELDS = 2_000
"""On a page; a long form has a hundred."""

MOST_UNITS = 4_000
"""UTF-16 units of a field that are read."""

LARGEST = 11.0
"""Points: the size of a field's letters where its height does not tell a smaller one."""

LINE = 1.25
"""In sizes: the distance of lines in a field."""


def open_forms(document: Any) -> bool:
    """Whether the pypdfium2 document has a form; if so, its fields can be read from now on."""
    import pypdfium2

    if document.get_formtype() == pypdfium2.raw.FORMTYPE_NONE:
        return False
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # it would advise on how to build it
    try:
        document.init_forms()
    except pypdfium2.PdfiumError:
        return False
    return document.formenv is not None


def field_words(page: Any) -> Iterator[Word]:
    """The words in the text fields and lists of a pypdfium2 page, where they stand on it."""
    import pypdfium2.raw as pdfium

    if page.formenv is None:
        return
    frame = Frame(page)
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_FIELDS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
                yield from _words(pdfium, page.formenv.raw, annotation, frame)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _words(pdfium: Any, form: Any, annotation: Any, frame: Frame) -> Iterator[Word]:
    written = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in written:
        return
    room = (ctypes.c_ushort * MOST_UNITS)()
    used = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, room, ctypes.sizeof(room))
    if not 2 < used <= ctypes.sizeof(room):
        return
    text = bytes(room)[: used - 2].decode("utf-16-le", "replace")
    rect = pdfium.FS_RECTF()
    if not text.strip() or not pdfium.FPDFAnnot_GetRect(annotation, rect):
        return
    left, top, right, bottom = frame.box(rect.left, rect.bottom, rect.right, rect.top)
    yield from _set(text, left, top, right, bottom)


def _set(text: str, left: float, top: float, right: float, bottom: float) -> Iterator[Word]:
    """The words of a field set in its box, line by line."""
    size = min(LARGEST, max(4.0, 0.7 * (bottom - top)))
    x, base = left + 2, (top + size) if bottom - top > 2 * size else (top + bottom) / 2 + size / 3
    for paragraph in text.replace("\r", "\n").splitlines():
        for word in paragraph.split():
            width = 0.5 * size * len(word)
            if x + width > right and x > left + 2:
                x, base = left + 2, base + LINE * size
            yield Word(word, x, x + width, base, size, False)
            x += width + 0.25 * size
        x, base = left + 2, base + LINE * size
