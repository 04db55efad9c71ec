"""A scan: pages as grey, slightly turned images without a text layer."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
from fpdf import FPDF
from PIL import Image

from builder.source import Source

DOTS_PER_INCH = 150
DEGREES = 0.4
"""How far the paper lay askew."""

PAPER = 243
"""Grey of the paper, 255 being white."""


def write_scan(data: bytes, source: Source) -> bytes:
    """The PDF `data` as one whose pages are images."""
    paper = FPDF(format="A4")
    paper.set_creator("HopKB")
    paper.set_producer("HopKB")
    paper.set_creation_date(source.moment.replace(tzinfo=dt.UTC))
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            image = page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L")
            paper.add_page()
            paper.image(_photograph(image), x=0, y=0, w=paper.w, h=paper.h)
    return bytes(paper.output())


def _photograph(image: Image.Image) -> io.BytesIO:
    """The page as a scanner sees it, as JPEG."""
    grey = image.point(lambda value: value * PAPER // 255)
    turned = grey.rotate(DEGREES, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", quality=60)
    buffer.seek(0)
    return buffer
