"""Pictures: photographed and scanned pages; their text is read by `ingest.ocr`."""

import warnings
from pathlib import Path

from ingest.extract.base import Extraction, Refused
from kb.types import PlaceKind

MOST_PIXELS = 150 * 10**6
"""An A2 sheet at 600 dpi has 140 million; more is a map or a bomb."""

MOST_FRAMES = 500
"""Pages in a TIFF."""


class ImageExtractor:
    """Recognises pictures of one kind."""

    def __init__(self, name: str, suffixes: frozenset[str], *signatures: bytes) -> None:
        self.format = name
        self.suffixes = suffixes
        self._signatures = signatures

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return head.startswith(self._signatures)

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`; each frame is a page to be read by OCR."""
        import PIL.Image

        PIL.Image.MAX_IMAGE_PIXELS = None  # the limit is ours, with a message for people
        try:
            with warnings.catch_warnings(), PIL.Image.open(path) as image:
                warnings.simplefilter("ignore")
                frames = getattr(image, "n_frames", 1) if self.format == "tiff" else 1
                pixels = image.width * image.height
        except (PIL.UnidentifiedImageError, SyntaxError, ValueError, EOFError) as error:
            raise Refused(f"is a damaged {self.format.upper()} picture: copy or save it again") from error
        if pixels > MOST_PIXELS:
            raise Refused(
                f"is a picture of {pixels // 10**6} million pixels, more than the limit of {MOST_PIXELS // 10**6}"
            )
        if frames > MOST_FRAMES:
            raise Refused(f"has {frames} pages, more than the limit of {MOST_FRAMES}")
        return Extraction(self.format, PlaceKind.PAGE, blocks=(), scanned=tuple(range(1, frames + 1)))


IMAGES = (
    ImageExtractor("png", frozenset({".png"}), b"\x89PNG\r\n\x1a\n"),
    ImageExtractor("jpeg", frozenset({".jpg", ".jpeg"}), b"\xff\xd8\xff"),
    ImageExtractor("tiff", frozenset({".tif", ".tiff"}), b"II*\0", b"MM\0*"),
)
