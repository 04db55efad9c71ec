"""Text from pictures of pages, by Tesseract: each page in the sandbox, in the language it is written in.

The language is found first, from the document's other pages or from a rough reading with all languages,
because Tesseract with five languages at once loses the diacritics of Latvian and Lithuanian.
"""

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.page_images import Picture, page_image
from ingest.language import Unit, sentence_languages
from kb.config import LANGUAGES
from kb.sandbox import Broken, Json, Limits, run
from kb.text import words

MODELS = {"en": "eng", "pl": "pol", "de": "deu", "lv": "lav", "lt": "lit"}
"""Tesseract's name for each language of the knowledge base."""

PAGE_LIMITS = Limits(seconds=120)
"""For one page; a dense A4 page takes 2 to 8 s on one core."""

WORKERS = 2
"""Pages read at a time: one a core of a small computer, each of some 200 MB."""

MOST_PAGES = 400
"""Scanned pages of one document that are read; at 4 s each that is a quarter of an hour on two cores."""

LEAST_CONFIDENCE = 0.35
"""A line that Tesseract is less sure of is a picture's edge or a stamp, not text."""

LEAST_LETTERS = 8
"""A page on which fewer are found has no text."""

SHARE = 0.25
"""Of a page's letters that must be in a language for the page to be read in it too."""

HINT_LETTERS = 300
"""Letters from which the text of other pages tells the language to begin with."""

Progress = Callable[[int, int], None]
"""Told how many pages are read, and of how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; `confidence` in [0, 1], `letters` its weight, `paragraph` counts on the page."""

    text: str
    confidence: float
    paragraph: int


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on a page, and in which languages (ISO 639-1)."""

    number: int
    lines: tuple[Line, ...]
    languages: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def with_scanned_pages(extraction: Extraction, path: Path, progress: Progress = lambda done, total: None) -> Extraction:
    """`extraction` with the text of its scanned pages, and a remark for each that could not be read.

    Raises Refused where there is nothing else and Tesseract is missing or finds nothing.
    """
    if not extraction.scanned:
        return extraction
    models = installed()
    if not models:
        return _without(
            extraction, f"{_pages(extraction.scanned)}: install Tesseract to read them ({_package()}), {_AGAIN}"
        )
    wanted = extraction.scanned[:MOST_PAGES]
    pages: list[Page] = []
    unread: dict[str, list[int]] = {}
    for number, page in _read(path, wanted, models, _hint(extraction), progress):
        if isinstance(page, Page):
            pages.append(page)
        else:
            unread.setdefault(page, []).append(number)
    remarks = [*extraction.remarks, *(f"{_numbers(numbers)}: {reason}" for reason, numbers in unread.items())]
    if len(wanted) < len(extraction.scanned):
        remarks.append(f"only the first {MOST_PAGES} of {len(extraction.scanned)} scanned pages were read")
    remarks += _missing_models(pages, models)
    blocks = sorted([*extraction.blocks, *map(_block, pages)], key=lambda block: block.number)
    if not blocks:
        raise Refused("; ".join(remarks))
    return replace(extraction, blocks=tuple(blocks), scanned=(), remarks=tuple(remarks))


_AGAIN = "then run the command again with --force"


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """The languages (ISO 639-1) that Tesseract reads on this computer; none where it is missing."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    names = set(listed.stdout.split())
    return frozenset(language for language, model in MODELS.items() if model in names)


def _package(languages: Sequence[str] = LANGUAGES) -> str:
    names = " ".join(f"tesseract-ocr-{MODELS[language]}" for language in languages)
    return f"on Debian and Ubuntu: apt install {names}"


def _pages(numbers: Sequence[int]) -> str:
    what = "is a picture" if len(numbers) == 1 else "are pictures"
    return f"{_numbers(numbers)} {what} without text"


def _numbers(numbers: Sequence[int]) -> str:
    """ "page 3", "pages 3, 4", "pages 3, 4, 5, 6, 7 and 12 others"."""
    shown, rest = numbers[:5], len(numbers) - 5
    listed = ", ".join(map(str, shown)) + (f" and {rest} others" if rest > 0 else "")
    return f"page {listed}" if len(numbers) == 1 else f"pages {listed}"


def _without(extraction: Extraction, remark: str) -> Extraction:
    if not extraction.blocks:
        raise Refused(remark.replace(f", {_AGAIN}", ""))
    return replace(extraction, scanned=(), remarks=(*extraction.remarks, remark))


def _missing_models(pages: Sequence[Page], models: frozenset[str]) -> list[str]:
    missing = sorted({language for page in pages for language in page.languages if language in MODELS} - models)
    if not missing:
        return []
    return [f"letters may be wrong for want of Tesseract's {' '.join(missing)} ({_package(missing)}), {_AGAIN}"]


def _hint(extraction: Extraction) -> tuple[str, ...]:
    """The languages of the document's other pages."""
    text = "\n".join(block.text for block in extraction.blocks)
    return _languages(text) if sum(map(str.isalpha, text)) >= HINT_LETTERS else ()


def _languages(text: str) -> tuple[str, ...]:
    """The languages that a good part of `text` is in, the main one first."""
    lines = [line for line in text.splitlines() if line.strip()]
    found: Counter[str] = Counter()
    for line, language in zip(lines, sentence_languages([Unit(line, True) for line in lines]), strict=True):
        found[language] += sum(map(str.isalpha, line))
    whole = found.total()
    return tuple(language for language, letters in found.most_common() if letters >= SHARE * whole)


def _read(
    path: Path, numbers: Sequence[int], models: frozenset[str], hint: tuple[str, ...], progress: Progress
) -> Iterator[tuple[int, Page | str]]:
    """Each page, or why it has no text. The first one tells the others which language to try first."""
    done = 0
    progress(done, len(numbers))
    with ThreadPoolExecutor(WORKERS) as pool:
        first, rest = numbers[:1], numbers[1:]
        for some in (first, rest):
            read = partial(_page, path, models=models, hint=hint)
            for number, page in zip(some, pool.map(read, some), strict=True):
                done += 1
                progress(done, len(numbers))
                hint = hint or (page.languages if isinstance(page, Page) else ())
                yield number, page


def _page(path: Path, number: int, models: frozenset[str], hint: tuple[str, ...]) -> Page | str:
    """The page, read in its own languages: first in those of `hint`, else in all, then in what that shows."""
    tried = tuple(language for language in hint if language in models) or tuple(sorted(models))
    try:
        lines = _lines(path, number, tried)
        found = _languages("\n".join(line.text for line in lines))
        better = tuple(language for language in found if language in models)
        if better and set(better) != set(tried):
            lines = _lines(path, number, better)
            found = _languages("\n".join(line.text for line in lines)) or found
    except (Broken, Refused) as error:
        return str(error)
    page = Page(number, tuple(filter(_legible, lines)), found)
    if sum(map(str.isalpha, page.text)) < LEAST_LETTERS:
        return "no legible words in the picture"
    return page


def _legible(line: Line) -> bool:
    """Whether the line is text: a column of list numbers or a fold of the paper is not."""
    return line.confidence >= LEAST_CONFIDENCE and any(len(word) > 1 and word.isalnum() for word in words(line.text))


def _block(page: Page) -> Block:
    text, paragraph = "", 0
    for line in page.lines:
        text += ("\n\n" if line.paragraph != paragraph else "\n") + line.text
        paragraph = line.paragraph
    letters = [max(len(line.text), 1) for line in page.lines]
    confidence = sum(line.confidence * weight for line, weight in zip(page.lines, letters, strict=True)) / sum(letters)
    return Block(BlockKind.LINES, text.strip("\n"), page.number, confidence=round(confidence, 3))


# --- in the sandbox


def _lines(path: Path, number: int, languages: Sequence[str]) -> list[Line]:
    models = "+".join(MODELS[language] for language in languages)
    return [Line(*found) for found in run(_recognise, path.absolute(), number, models, limits=PAGE_LIMITS)]


def _recognise(path: Path, number: int, models: str) -> Json:
    picture: Picture = page_image(path, number)
    picture.image.save("page.png")
    command = ["tesseract", "page.png", "-", "-l", models, "--psm", "1", "--dpi", str(picture.dpi), "tsv"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise Refused(f"Tesseract could not read it: {done.stderr.decode('utf-8', 'replace').strip()[-200:]}")
    return list(_parsed(done.stdout.decode("utf-8", "replace")))


def _parsed(table: str) -> Iterator[tuple[str, float, int]]:
    """Lines of Tesseract's TSV (level, page, block, paragraph, line, word, left, top, width, height, confidence
    in percent, text), each with its mean confidence weighted by letters, and the number of its paragraph."""
    words: dict[tuple[int, ...], list[tuple[str, float]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            words.setdefault(tuple(map(int, cells[2:5])), []).append((cells[11], max(float(cells[10]), 0) / 100))
    paragraphs: dict[tuple[int, ...], int] = {}
    for line, found in words.items():
        weight = sum(len(word) for word, _ in found)
        confidence = sum(len(word) * sure for word, sure in found) / weight
        paragraph = paragraphs.setdefault(line[:2], len(paragraphs))
        yield " ".join(word for word, _ in found), round(confidence, 3), paragraph
