"""EPUB: the chapters in reading order; place = heading.

A chapter is content from end to end, so all of its text is read; cover, contents and lists of pages are not.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.office.common import check_size, contains, opened, tree
from ingest.extract.web.charset import decode_page
from ingest.extract.web.markup import parse_xhtml, read_blocks, tag_of
from kb.types import PlaceKind

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_NO_CHAPTERS = frozenset({"cover", "toc", "landmarks", "page-list", "lot", "loi", "index", "titlepage"})
_NOTES = frozenset({"footnote", "endnote", "rearnote"})
_MARKS = frozenset({"noteref", "backlink", "pagebreak"})
_TYPE = "{http://www.idpf.org/2007/ops}type"

MOST_CHAPTER = 16 * 2**20
"""Bytes of a chapter's file; a whole novel has one."""


class EpubExtractor:
    """Reads electronic books."""

    format = "epub"
    suffixes = frozenset({".epub"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return contains(head, path, _CONTAINER)

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        check_size(path)
        with zipfile.ZipFile(path) as archive:
            _check_rights(archive)
            book = _book(archive)
            remarks: list[str] = []
            blocks = [block for chapter in book.chapters for block in _chapter(archive, book, chapter, remarks)]
        if not blocks:
            raise Refused("has no text in its chapters: a book of pictures, perhaps; export it as PDF")
        return Extraction(
            self.format, PlaceKind.SECTION, tuple(blocks), book.title, book.date, remarks=tuple(remarks)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Book:
    """What the package says: `chapters` are paths in the archive, in reading order; `names` their titles."""

    title: str
    date: str
    chapters: tuple[str, ...]
    names: dict[str, str]


def _check_rights(archive: zipfile.ZipFile) -> None:
    """Raises Refused where more than fonts is encrypted."""
    if _ENCRYPTION not in archive.namelist():
        return
    methods = [e.get("Algorithm", "") for e in tree(archive, _ENCRYPTION).iter("{*}EncryptionMethod")]
    if any(method not in _FONT_SCRAMBLING for method in methods):
        raise Refused("is protected against copying (DRM): ask its publisher for a copy without protection")


def _book(archive: zipfile.ZipFile) -> _Book:
    root = next(tree(archive, _CONTAINER).iter("{*}rootfile"), None)
    where = root.get("full-path", "") if root is not None else ""
    if where not in archive.namelist():
        raise Refused("is damaged: it does not say where its chapters are; ask for it once more")
    package = tree(archive, where)
    items = {item.get("id"): item for item in package.iter("{*}item")}
    folder = posixpath.dirname(where)
    chapters: list[str] = []
    asides: list[str] = []
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES or "nav" in item.get("properties", "").split():
            continue
        name = _resolved(folder, item.get("href", ""))
        if name in archive.namelist():
            (asides if reference.get("linear") == "no" else chapters).append(name)
    skipped = {_resolved(folder, guide.get("href", "")) for guide in package.iter("{*}reference")
               if guide.get("type", "").lower() in _NO_CHAPTERS}  # fmt: skip
    order = [name for name in (*chapters, *asides) if name not in skipped]
    return _Book(
        _said(package, "title"), _said(package, "date")[:10], tuple(order), _names(archive, package, folder)
    )  # fmt: skip


def _said(package: Any, what: str) -> str:
    """A Dublin Core field of the package, or ""."""
    found = next(package.iter(f"{{http://purl.org/dc/elements/1.1/}}{what}"), None)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _names(archive: zipfile.ZipFile, package: Any, folder: str) -> dict[str, str]:
    """The chapters' titles by the tables of contents, old and new."""
    names: dict[str, str] = {}
    for item in package.iter("{*}item"):
        is_nav = "nav" in item.get("properties", "").split()
        name = _resolved(folder, item.get("href", ""))
        if name not in archive.namelist() or not (is_nav or item.get("media-type") == "application/x-dtbncx+xml"):
            continue
        contents = _page(archive, name)
        for entry in contents.iter("{*}a", "{*}navPoint") if contents is not None else ():
            link = entry if tag_of(entry) == "a" else next(entry.iter("{*}content"), None)
            text = entry if tag_of(entry) == "a" else next(entry.iter("{*}text"), None)
            target = (link.get("href") or link.get("src") or "") if link is not None else ""
            if target and text is not None:
                where = _resolved(posixpath.dirname(name), target)
                names.setdefault(where, " ".join("".join(text.itertext()).split()))
    return names


def _resolved(folder: str, link: str) -> str:
    """A link's target as a member of the archive."""
    return posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0])))


def _page(archive: zipfile.ZipFile, name: str) -> Any:
    with opened(archive, name) as file:
        return parse_xhtml(decode_page(file.read(MOST_CHAPTER)))


def _chapter(archive: zipfile.ZipFile, book: _Book, name: str, remarks: list[str]) -> Iterator[Block]:
    """The chapter's blocks under its heading, its notes last."""
    if archive.getinfo(name).file_size > MOST_CHAPTER:
        remarks.append(f"its part {name} is longer than {MOST_CHAPTER // 2**20} MB: the rest was not read")
    page = _page(archive, name)
    body = next(page.iter("{*}body", "body"), None) if page is not None else None
    if body is None or _types(body) & _NO_CHAPTERS:
        return
    for aside in [element for element in body.iter() if element is not body and _types(element) & _NO_CHAPTERS]:
        _detach(aside)
    notes = _taken_out(body)
    blocks = list(read_blocks(body, without=frozenset({"nav"})))
    heading = book.names.get(name, "")
    if blocks and heading and all(block.kind is not BlockKind.HEADING for block in blocks):
        if blocks[0].text.casefold() == heading.casefold():
            blocks[0] = replace(blocks[0], kind=BlockKind.HEADING)
        else:
            yield Block(BlockKind.HEADING, heading)
    yield from blocks
    for note in notes:
        yield from read_blocks(note)


def _taken_out(body: Any) -> list[Any]:
    """The notes of a chapter, taken out of its text together with the marks that point to them."""
    notes = [e for e in body.iter() if e is not body and _types(e) & _NOTES]
    outer = [note for note in notes if not any(above in notes for above in note.iterancestors())]
    for element in [*outer, *(e for e in body.iter() if e is not body and _types(e) & _MARKS)]:
        _detach(element)
    return outer


def _detach(element: Any) -> None:
    """Take the element out and leave the text after it where it is."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _types(element: Any) -> set[str]:
    """What the book says an element is."""
    return set(
        f"{element.get(_TYPE) or element.get('epub:type') or ''} {element.get('role', '').replace('doc-', '')}".split()
    )
