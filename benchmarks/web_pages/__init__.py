"""How much of web pages with known text is found, beside trafilatura's defaults."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from benchmarks.web_pages.templates import TEMPLATES, Article, short, short_of
from ingest.clean import clean
from ingest.extract import extract
from ingest.extract.base import Refused
from ingest.extract.text import MarkdownExtractor
from ingest.passages import cut

CORPUS = Path(__file__).parents[2] / "corpus"
_NOTE = re.compile(r"^\[\^\w+\]: .*$|\[\^\w+\]", re.MULTILINE)


def token_f1(text: str, gold: str) -> float:
    """Harmonic mean of precision and recall of the words of `text`, as multisets without case; 0 to 1."""
    found, wanted = (Counter(re.findall(r"\w+", side.casefold())) for side in (text, gold))
    common = sum((found & wanted).values())
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


def ours(path: Path) -> str:
    """The text of the page as the knowledge base keeps it; "" where the page is refused."""
    try:
        found = extract(path)
    except Refused:
        return ""
    return cut(clean(found.blocks), found.place).text


def defaults(path: Path) -> str:
    """The text that trafilatura finds, asked for nothing in particular."""
    import trafilatura

    return trafilatura.extract(path.read_bytes()) or ""


def articles() -> Iterator[Article]:
    """The corpus' documents in one language, as articles."""
    for path in sorted((CORPUS / "sources").glob("*.md")):
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        meta = yaml.safe_load(front)
        if len(meta["language"]) > 1:
            continue
        with TemporaryDirectory() as folder:
            body = Path(folder) / "body.md"
            body.write_text(_NOTE.sub("", text), encoding="utf-8")
            blocks = MarkdownExtractor().extract(body).blocks
        title = str(meta["title"])
        yield Article(path.stem, meta["language"][0], title, tuple(b for b in blocks if b.text and b.text != title))


def pages(folder: Path, most: int | None = None) -> Iterator[tuple[str, Path, str]]:
    """Template, page and gold text: every template around `most` articles of each language, then the
    corpus' own web pages."""
    seen: Counter[str] = Counter()
    for article in articles():
        seen[article.language] += 1
        if most is not None and seen[article.language] > most:
            continue
        for template in TEMPLATES:
            path = folder / f"{article.name}-{template.__name__}.html"
            path.write_text(template(article), encoding="utf-8")
            yield template.__name__, path, (short_of(article) if template is short else article).text
    for article in articles():
        if (path := CORPUS / f"{article.name}.html").exists():
            yield "corpus", path, article.text
