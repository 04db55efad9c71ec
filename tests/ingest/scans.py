"""Makes scans: pages drawn as pictures, a little grey and a little crooked, as scanners give them."""

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter
from pypdf import PdfReader, PdfWriter

from tests.ingest.files import make_pdf

DPI = 150


def scanned(path: Path, text: Sequence[str], *, turn: float = 0.4) -> Image.Image:
    """A page of paragraphs as a grey picture, turned by some degrees; `path` is for a file in between."""
    plain = make_pdf(path.with_suffix(".plain"), [text])
    with pypdfium2.PdfDocument(plain) as document:
        page = document[0].render(scale=DPI / 72, grayscale=True).to_pil()
    plain.unlink()
    return page.rotate(turn, expand=abs(turn) > 10, fillcolor=255).filter(ImageFilter.GaussianBlur(0.4))


def make_scan(path: Path, pages: Sequence[Sequence[str]], *, turn: float = 0.4) -> Path:
    """A PDF of pictures of pages."""
    pictures = [scanned(path, page, turn=turn) for page in pages]
    pictures[0].save(path, "PDF", resolution=DPI, save_all=True, append_images=pictures[1:])
    return path


def make_mixed(path: Path, pages: Sequence[tuple[str, Sequence[str]]]) -> Path:
    """A PDF in which a page is ("text", paragraphs) or ("scan", paragraphs)."""
    writer = PdfWriter()
    for number, (kind, paragraphs) in enumerate(pages):
        make = make_pdf if kind == "text" else make_scan
        part = make(path.with_name(f"{number}.part"), [paragraphs])
        writer.append(PdfReader(io.BytesIO(part.read_bytes())))
        part.unlink()
    writer.write(str(path))
    return path
