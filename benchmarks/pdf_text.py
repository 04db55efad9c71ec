"""`python -m benchmarks.pdf_text`: what readers of PDF make of documents whose text is known.

The sources of the corpus (corpus/sources) are the truth. Each becomes a PDF in one column, one in two
columns, and, printed by LibreOffice from DOCX, ODT and PPTX, three more. Every reader's text goes through
`ingest.clean` as the pipeline's does. Columns of the table: words in their order (twice the matching words,
over the words of both), words in any order, headings found and right, table rows word by word, pages a second.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.sample import CORPUS
from benchmarks.tables import table
from ingest.clean import clean
from ingest.extract import extract
from ingest.extract.base import Block, BlockKind
from ingest.extract.pdf import PdfExtractor
from kb import terms
from kb.config import LANGUAGES

sys.path.insert(0, str(CORPUS))  # the corpus's own builder, as corpus/build.py finds it

_NUMBERING = re.compile(r"(?:\d{1,2}\.)+(?:\d{1,2}\b)?\s*(?=[^\W\d])")  # LibreOffice numbers an ODT's headings

Reader = Callable[[Path], Sequence[Block]]

PRINTED = ("docx", "odt", "pptx")
SETS = ("one column", "two columns", *(f"{suffix} printed" for suffix in PRINTED))
PRINTING_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Score:
    """A reader on one document, each in [0, 1]; None where the document has none of it."""

    in_order: float
    words: float
    headings_found: float | None
    headings_right: float | None
    rows: float | None


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pdf_text", description=__doc__)
    parser.add_argument("--sets", nargs="*", default=SETS, choices=SETS)
    parser.add_argument("--readers", nargs="*", default=[*OURS], choices=[*READERS])
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N worst documents of each reader")
    parser.add_argument("--cache", type=Path, help="folder that keeps the PDFs")
    options = parser.parse_args()
    terms.prepare(LANGUAGES)
    with tempfile.TemporaryDirectory() as scratch:
        made = build(options.cache or Path(scratch))
        rows = []
        for kind in options.sets:
            for name in options.readers:
                rows.append([kind, name, *_measured(READERS[name], made[kind], worst=options.worst)])
    head = ["documents", "reader", "words in order", "words", "headings found", "headings right", "rows", "pages/s"]
    print(table(head, rows))


def build(folder: Path) -> dict[str, list[tuple[Path, Sequence[Block]]]]:
    """The PDFs of each set, each with what it says."""
    from builder.docx_file import write_docx
    from builder.odf_file import write_odt
    from builder.pdf import write_pdf
    from builder.pptx_file import write_pptx
    from builder.source import read_source

    writers: dict[str, Callable[[Any], bytes]] = {"docx": write_docx, "odt": write_odt, "pptx": write_pptx}
    made: dict[str, list[tuple[Path, Sequence[Block]]]] = defaultdict(list)
    for source in (read_source(path) for path in sorted((CORPUS / "sources").glob("*.md"))):
        for kind, layout in (("one column", ""), ("two columns", "two-columns")):
            path = folder / kind / f"{source.stem}.pdf"
            _write(path, write_pdf, replace(source, layout=layout))
            made[kind].append((path, list(_truth(source))))
        for suffix, write in writers.items():
            if suffix == "pptx" and source.format not in {"pptx", "odp"}:
                continue  # longer than slides
            path = folder / f"{suffix} printed" / f"{source.stem}.{suffix}"
            _write(path, write, source)
            made[f"{suffix} printed"].append(
                (path.with_suffix(".pdf"), _slides(path) if suffix == "pptx" else list(_truth(source)))
            )
    for suffix in writers:
        _print(folder / f"{suffix} printed", suffix)
    return made


def _write(path: Path, write: Callable[[Any], bytes], source: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(write(source))


def _print(folder: Path, suffix: str) -> None:
    """PDFs of the office documents in `folder`, by LibreOffice."""
    files = [str(path) for path in sorted(folder.glob(f"*.{suffix}")) if not path.with_suffix(".pdf").exists()]
    if not files:
        return
    with tempfile.TemporaryDirectory() as home:
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
        subprocess.run(
            command, check=True, timeout=PRINTING_SECONDS, env={**os.environ, "HOME": home}, stdout=subprocess.DEVNULL
        )


# --- the readers


def by_layout(path: Path) -> Sequence[Block]:
    """HopKB's reader."""
    return PdfExtractor().extract(path).blocks


def by_pypdf(path: Path) -> Sequence[Block]:
    """pypdf's text of each page."""
    import pypdf

    return _pages(page.extract_text() for page in pypdf.PdfReader(path).pages)


def by_pdfium(path: Path) -> Sequence[Block]:
    """pypdfium2's text of each page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return _pages(page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document)


def by_pdftext(path: Path) -> Sequence[Block]:
    """pdftext's plain text, sorted by place."""
    from pdftext.extraction import paginated_plain_text_output

    return _pages(paginated_plain_text_output(str(path), sort=True))


def by_pdfplumber(path: Path) -> Sequence[Block]:
    """pdfplumber's text of each page."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return _pages(page.extract_text() for page in document.pages)


READERS: dict[str, Reader] = {
    "layout": by_layout,
    "pypdf": by_pypdf,
    "pypdfium2": by_pdfium,
    "pdftext": by_pdftext,
    "pdfplumber": by_pdfplumber,
}


OURS = ("layout", "pypdf", "pypdfium2")
"""Those that HopKB installs. pdftext asks for one version of pypdfium2: the others want an environment of their own."""


def _pages(texts: Any) -> list[Block]:
    return [Block(BlockKind.LINES, text, number) for number, text in enumerate(texts, start=1)]


# --- the measures


def _measured(read: Reader, documents: Sequence[tuple[Path, Sequence[Block]]], *, worst: int) -> list[str]:
    """The reader's row of the table."""
    scores, pages, seconds = {}, 0, 0.0
    for path, truth in documents:
        began = time.perf_counter()
        blocks = read(path)
        seconds += time.perf_counter() - began
        pages += max((block.number for block in blocks), default=0)
        scores[path.stem] = score(clean(blocks), truth)
    for name, found in sorted(scores.items(), key=lambda pair: pair[1].in_order)[:worst]:
        print(f"{name}: {found}", file=sys.stderr)
    fields = ("in_order", "words", "headings_found", "headings_right", "rows")
    columns = [[getattr(found, field) for found in scores.values()] for field in fields]
    means = [mean(value for value in column if value is not None) for column in columns]
    return [*(f"{value:.3f}" for value in means), f"{pages / seconds:.0f}"]


def score(blocks: Sequence[Block], truth: Sequence[Block]) -> Score:
    """How near clean `blocks` come to the truth."""
    ours, theirs = _words(blocks), _words(truth)
    matched = sum(m.size for m in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks())
    shared = sum((Counter(ours) & Counter(theirs)).values())
    total = max(1, len(ours) + len(theirs))
    headings, true_headings = (_texts(found, BlockKind.HEADING) for found in (blocks, truth))
    rows, true_rows = (_texts(found, BlockKind.ROW) for found in (blocks, truth))
    return Score(
        2 * matched / total,
        2 * shared / total,
        _share(true_headings, headings),
        _share(headings, true_headings),
        _share(true_rows, rows),
    )


def _slides(path: Path) -> list[Block]:
    """What a deck says on its slides: the notes are not printed."""
    return [block for block in extract(path).blocks if block.kind is not BlockKind.NOTES]


def _truth(source: Any) -> Iterator[Block]:
    """What a source says, each footnote behind the block with its mark."""
    from builder.source import NOTE_MARK, Heading, ListBlock, Paragraph

    yield Block(BlockKind.HEADING, source.title)
    for block in source.blocks:
        if isinstance(block, Heading):
            said = [Block(BlockKind.HEADING, block.text)]
        elif isinstance(block, Paragraph):
            said = [Block(BlockKind.TEXT, block.text)]
        elif isinstance(block, ListBlock):
            said = [Block(BlockKind.ITEM, item) for item in block.items]
        else:
            said = [Block(BlockKind.ROW, " | ".join(filter(None, row))) for row in block.rows]
        yield from (replace(one, text=NOTE_MARK.sub("", one.text)) for one in said)
        marks = [mark for one in said for mark in NOTE_MARK.findall(one.text)]
        yield from (Block(BlockKind.TEXT, source.footnotes[mark]) for mark in marks)


def _words(blocks: Sequence[Block]) -> list[str]:
    return [word for block in blocks for word in block.text.split() if any(map(str.isalnum, word))]


def _texts(blocks: Sequence[Block], kind: BlockKind) -> Counter[str]:
    return Counter(_NUMBERING.sub("", " ".join(block.text.split())) for block in blocks if block.kind is kind)


def _share(wanted: Counter[str], found: Counter[str]) -> float | None:
    """The share of `wanted` that is in `found`; None where nothing is wanted."""
    return (wanted & found).total() / wanted.total() if wanted else None


if __name__ == "__main__":
    main()
