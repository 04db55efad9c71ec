"""Pictures of the pages of a PDF, for a reader to see beside its text: drawn in the sandbox, kept in memory."""

import base64
import binascii
import functools
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock

from kb.errors import NotFound, PageNotDrawn, Refused
from kb.sandbox import MB, Broken, Json, Limits, preload, run

WIDTH = 900
"""Pixels: small print is legible on it, and the picture takes about 100 KB."""

MOST_PIXELS = 4 * 10**6
"""Of a picture. A4 at WIDTH has 1.1 million; a paper strip ten times as long as wide is drawn narrower."""

LONGEST_SIDE = 16_383
"""Pixels: WebP's own limit."""

MEDIA_TYPE = "image/webp"
QUALITY, EFFORT = 80, 2
"""Of WebP, which takes half of what PNG does. With more effort (of 6) it takes 5 % less and three times as long."""

LIMITS = Limits(seconds=20, memory=512 * MB, output=7 * MB, disk=MB, processes=4)
"""For one page, which takes a tenth of a second and 60 MB; a reader waits for it."""

AT_ONCE = 2
"""Pages drawn at one time; searches need the cores as well."""

MOST_KEPT = 32 * MB
"""Of pictures kept in memory: some 300 pages."""

DOCUMENTS_MEASURED = 256
"""Documents whose pages' sizes are kept in memory: 2 KB for a hundred pages."""

_SIGNATURE = (b"RIFF", b"WEBP")

preload("pypdfium2", "PIL.Image", "PIL.WebPImagePlugin")


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a page, in points of 1/72 inch, both above 0."""

    width: float
    height: float


def is_pdf(original: Path) -> bool:
    """Whether the file is there and, by its name, a PDF."""
    return original.suffix == ".pdf" and original.is_file()


def page_sizes(original: Path) -> tuple[PageSize, ...]:
    """The sizes of all pages of the PDF at `original`, a file that never changes.

    Raises NotFound where there is no PDF, PageNotDrawn where it cannot be read.
    """
    if not is_pdf(original):
        raise NotFound("There is no PDF of this document.")
    sizes = _sizes(original)
    if not sizes:
        raise PageNotDrawn("The pages of this PDF cannot be shown as pictures. Open the original instead.")
    return sizes


def page_image(original: Path, number: int, width: int = WIDTH) -> bytes:
    """The page `number`, from 1, of the PDF at `original`, a file that never changes; of type MEDIA_TYPE.

    It is at most `width` pixels wide. Raises NotFound where there is no such page, PageNotDrawn where it cannot be
    drawn.
    """
    if not 1 <= number <= len(page_sizes(original)):
        raise NotFound(f"There is no page {number}.")
    key = (original, number, width)
    found = _pictures.get(key)
    if found is None:
        with _drawing:
            found = _pictures.get(key)  # somebody else may have asked for it meanwhile
            if found is None:
                found = _drawn(original, number, width)
                _pictures.keep(key, found)
    if not found:
        raise PageNotDrawn(f"Page {number} cannot be drawn: it is damaged or too heavy. Open the original instead.")
    return found


# --- this side of the sandbox

_drawing = BoundedSemaphore(AT_ONCE)


class _Pictures:
    """The pictures used last, MOST_KEPT bytes of them; b"" for a page that cannot be drawn."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int, int], bytes] = OrderedDict()
        self._lock = Lock()
        self._size = 0

    def get(self, key: tuple[Path, int, int]) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: tuple[Path, int, int], picture: bytes) -> None:
        with self._lock:
            self._size += len(picture) - len(self._kept.pop(key, b""))
            self._kept[key] = picture
            while self._size > MOST_KEPT:
                self._size -= len(self._kept.popitem(last=False)[1])


_pictures = _Pictures()


@functools.lru_cache(maxsize=DOCUMENTS_MEASURED)
def _sizes(original: Path) -> tuple[PageSize, ...]:
    """() where they cannot be read, which is kept too: nobody waits for a bad file twice."""
    try:
        with _drawing:
            return tuple(PageSize(*map(float, size)) for size in run(_measure, original.absolute(), limits=LIMITS))
    except (Broken, Refused, TypeError, ValueError):
        return ()


def _drawn(original: Path, number: int, width: int) -> bytes:
    try:
        picture = base64.b64decode(run(_draw, original.absolute(), number, width, limits=LIMITS), validate=True)
    except (Broken, Refused, TypeError, binascii.Error):
        return b""
    return picture if (picture[:4], picture[8:12]) == _SIGNATURE else b""


# --- in the sandbox


def _measure(original: Path) -> Json:
    import pypdfium2

    with pypdfium2.PdfDocument(original) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
        return [(max(width, 1.0), max(height, 1.0)) for width, height in sizes]


def _draw(original: Path, number: int, width: int) -> Json:
    import io

    import pypdfium2

    with pypdfium2.PdfDocument(original) as document:
        page = document[number - 1]
        across, down = (max(side, 1.0) for side in page.get_size())
        scale = min(width / across, (MOST_PIXELS / (across * down)) ** 0.5, LONGEST_SIDE / down)
        picture = io.BytesIO()
        page.render(scale=scale, may_draw_forms=False).to_pil().save(picture, "WEBP", quality=QUALITY, method=EFFORT)
        return base64.b64encode(picture.getvalue()).decode("ascii")
