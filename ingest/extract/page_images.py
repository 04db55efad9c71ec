"""Pictures of pages for OCR: a page of a PDF drawn by pdfium, a frame of a picture file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

DPI = 300
"""What Tesseract's models were trained on."""

MOST_PIXELS = 25 * 10**6
"""Of a page that is read: an A3 page at 300 dpi has 17 million. Larger ones are drawn smaller."""

A4_INCHES = 11.7
"""The long side of the page that a picture of unknown resolution is taken for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in shades of grey (a Pillow image) and its resolution."""

    image: Any
    dpi: int


def page_image(path: Path, number: int) -> Picture:
    """The page `number`, from 1, of the PDF or picture at `path`."""
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    return _drawn(path, number) if is_pdf else _frame(path, number)


def _drawn(path: Path, number: int) -> Picture:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        width, height = page.get_size()  # in points, 72 an inch
        full = (width * DPI / 72) * (height * DPI / 72)
        dpi = DPI * min(1.0, (MOST_PIXELS / max(full, 1)) ** 0.5)
        return Picture(page.render(scale=dpi / 72, grayscale=True, may_draw_forms=False).to_pil(), max(int(dpi), 70))


def _frame(path: Path, number: int) -> Picture:
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None  # ImageExtractor has refused what is too large
    with PIL.Image.open(path) as opened:
        if number > 1:
            opened.seek(number - 1)
        if opened.format == "JPEG":
            opened.draft("L", _bounded(opened.size))
        upright = PIL.ImageOps.exif_transpose(opened)
        image = _on_white(upright)
    image.thumbnail(_bounded(image.size))
    dpi = round(max(image.size) / A4_INCHES)
    if dpi < DPI / 2:  # a screenshot: Tesseract wants letters of 20 pixels
        image, dpi = image.resize((image.width * 2, image.height * 2), PIL.Image.Resampling.LANCZOS), dpi * 2
    return Picture(image, max(dpi, 70))


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    shrink = min(1.0, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    return max(1, int(width * shrink)), max(1, int(height * shrink))


def _on_white(image: Any) -> Any:
    """`image` in shades of grey, what is transparent in it white."""
    import PIL.Image

    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = PIL.Image.new("RGBA", clear.size, "white")
        white.alpha_composite(clear)
        image = white
    return image.convert("L")
