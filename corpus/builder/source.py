"""Reading a source: YAML front matter and a Markdown body cut into simple blocks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

FORMATS = ("pdf", "pptx", "docx", "odt", "odp", "html", "txt", "md")
LAYOUTS = ("", "two-columns", "scan")
LANGUAGES = ("en", "pl", "de", "lv", "lt")


@dataclass(frozen=True)
class Heading:
    """A heading and its level, 1 being the highest."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text on one line."""

    text: str


@dataclass(frozen=True)
class ListBlock:
    """A flat list, with bullets or with numbers."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first row is its header."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | ListBlock | Table

NOTE_MARK = re.compile(r"\[\^(\w+)\]")
"""A footnote's mark in the text."""

_NOTE = re.compile(r"^\[\^(\w+)\]: *(.+)$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """One document of the corpus, before it gets a format."""

    stem: str
    title: str
    languages: tuple[str, ...]
    format: str
    layout: str
    topic: str
    date: dt.date
    sources: tuple[str, ...]
    city: str
    country: str
    header: str
    footer: str
    blocks: tuple[Block, ...]
    footnotes: dict[str, str]

    @property
    def language(self) -> str:
        """The main language of the document."""
        return self.languages[0]

    @property
    def file_name(self) -> str:
        """The name of the built file."""
        return f"{self.stem}.{self.format}"

    @property
    def moment(self) -> dt.datetime:
        """Noon of the document's day, for the dates inside the files."""
        return dt.datetime.combine(self.date, dt.time(12))


def read_source(path: Path) -> Source:
    """Read one source file; ValueError if its front matter is missing or wrong."""
    meta, body = _split(path)
    date = meta["date"]
    footnotes = dict(_NOTE.findall(body))
    source = Source(
        stem=path.stem,
        title=str(meta["title"]),
        languages=tuple(meta["language"]),
        format=str(meta["format"]),
        layout=str(meta.get("layout") or ""),
        topic=str(meta["topic"]),
        date=date if isinstance(date, dt.date) else dt.date.fromisoformat(str(date)),
        sources=tuple(str(entry) for entry in meta["sources"]),
        city=str(meta.get("city") or ""),
        country=str(meta.get("country") or ""),
        header=str(meta.get("header") or ""),
        footer=str(meta.get("footer") or ""),
        blocks=_without_title(tuple(parse_body(_NOTE.sub("", body))), str(meta["title"])),
        footnotes=footnotes,
    )
    if source.format not in FORMATS or source.layout not in LAYOUTS:
        raise ValueError(f"{path.name}: unknown format {source.format!r} or layout {source.layout!r}")
    missing = sorted(set(NOTE_MARK.findall(body)) - set(footnotes))
    if missing:
        raise ValueError(f"{path.name}: no text for the footnotes {', '.join(missing)}")
    if not source.languages or not set(source.languages) <= set(LANGUAGES):
        raise ValueError(f"{path.name}: unknown language in {source.languages!r}")
    return source


def split_notes(text: str) -> Iterator[tuple[str, str]]:
    """Runs of `text`, each with the mark of the footnote behind it, or ""."""
    parts = NOTE_MARK.split(text)
    for at in range(0, len(parts), 2):
        yield parts[at], parts[at + 1] if at + 1 < len(parts) else ""


def _split(path: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body of a source file."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError(f"{path.name}: no front matter")
    meta = yaml.safe_load(parts[1])
    required = ("title", "language", "format", "topic", "date", "sources")
    missing = [key for key in required if not meta.get(key)]
    if missing:
        raise ValueError(f"{path.name}: front matter without {', '.join(missing)}")
    return meta, parts[2]


def _without_title(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """The blocks without a first heading that only repeats the title."""
    if blocks and blocks[0] == Heading(title, 1):
        return blocks[1:]
    return blocks


def parse_body(text: str) -> Iterator[Block]:
    """Headings, paragraphs, lists and tables of a Markdown text, in order."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        block = _block(tokens[position : end + 1])
        if block is not None:
            yield block
        position = end + 1


def _closing(tokens: Sequence[Token], start: int) -> int:
    """Position of the token that closes the block opened at `start`."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise ValueError("a Markdown block is not closed")


def _block(tokens: Sequence[Token]) -> Block | None:
    """The block that a run of tokens stands for; None for rules and comments."""
    first = tokens[0]
    texts = tuple(_plain(token) for token in tokens if token.type == "inline")
    if first.type == "heading_open":
        return Heading(texts[0], int(first.tag[1]))
    if first.type == "paragraph_open":
        return Paragraph(texts[0])
    if first.type in ("bullet_list_open", "ordered_list_open"):
        return ListBlock(texts, ordered=first.type.startswith("ordered"))
    if first.type == "table_open":
        width = sum(token.type == "th_open" for token in tokens)
        return Table(tuple(texts[at : at + width] for at in range(0, len(texts), width)))
    return None


def _plain(token: Token) -> str:
    """The text of an inline token without its markup."""
    parts = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts).strip()
