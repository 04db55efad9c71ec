"""Plain text and Markdown."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.office.common import row_text
from kb.text import words
from kb.types import PlaceKind


def decode(data: bytes) -> str:
    """`data` as text: UTF-8 or UTF-16 by its mark, UTF-8, else what charset-normalizer finds.

    Raises Refused where it is not text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        legacy = legacy_encoding(data)
        if legacy:
            return data.decode(legacy)
        from charset_normalizer import from_bytes

        best = from_bytes(data, cp_isolation=["cp1250", "cp1252", "cp1257", "iso8859_2", "iso8859_13", "utf_16"]).best()
        if best is None:
            raise Refused("is not text in any encoding known here: save it as UTF-8") from None
        return str(best)


LEGACY = ("cp1250", "cp1257", "cp1252", "iso8859_2", "iso8859_13")
"""Code pages that the project's languages were written in before UTF-8."""


def legacy_encoding(data: bytes, among: Sequence[str] = LEGACY) -> str:
    """The code page in which the dictionaries know most of its words with special letters; "" where they
    know none. Of equals the first."""
    from kb import terms
    from kb.config import LANGUAGES

    best, most = "", 0  # more words must be known than not
    for encoding in among:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        special = [word for word in words(text[:20_000]) if not word.isascii()]
        if not special:
            continue
        for language in LANGUAGES:
            surplus = 2 * sum(terms.is_known(word, language) for word in special) - len(special)
            if surplus > most:
                best, most = encoding, surplus
    return best


class TextExtractor:
    """Reads plain text."""

    format = "txt"
    suffixes = frozenset({".txt", ".text"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`: anything without control bytes, if no other format claims it."""
        return looks_like_text(head)

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        text = decode(path.read_bytes())
        return Extraction(self.format, PlaceKind.SECTION, (Block(BlockKind.LINES, text),))


class MarkdownExtractor:
    """Reads Markdown; place = heading."""

    format = "md"
    suffixes = frozenset({".md", ".markdown"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`: text, by name, since any text is Markdown too."""
        return path.suffix.lower() in self.suffixes and looks_like_text(head)

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(decode(path.read_bytes()))
        return Extraction(self.format, PlaceKind.SECTION, tuple(_markdown(tokens)))


def looks_like_text(head: bytes) -> bool:
    """Whether the bytes can be text: UTF-16 by its mark, or no control bytes but white space."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return bool(head) and not any(byte < 9 or 13 < byte < 27 for byte in head)


def _markdown(tokens: list[Any]) -> Iterator[Block]:
    kind = BlockKind.TEXT
    cells: list[str] = []
    depth = 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif token.type == "heading_open":
            kind = BlockKind.HEADING
        elif token.type == "tr_close":
            yield Block(BlockKind.ROW, row_text(cells))
            cells = []
        elif token.type in {"td_open", "th_open"}:
            kind = BlockKind.ROW
        elif token.type == "inline":
            text = _plain(token)
            if kind is BlockKind.ROW:
                cells.append(text)
            elif text:
                yield Block(BlockKind.ITEM if kind is BlockKind.TEXT and depth else kind, text)
            kind = BlockKind.TEXT


def _plain(inline: Any) -> str:
    """An inline token's text without marks: link texts, code and image descriptions stay."""
    parts = (" " if child.type in {"softbreak", "hardbreak"} else child.content for child in inline.children or ())
    return " ".join("".join(parts).split())
