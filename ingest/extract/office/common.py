"""What office formats share: ZIP archives of XML, tables, pictures' descriptions, heading styles."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ingest.extract.base import Block, BlockKind, Refused
from kb.text import CELLS

MOST_UNPACKED = 300 * 2**20
"""Bytes an archive may unpack to; a hundred times what a long report needs, a small part of a bomb."""

PLAIN_RATIO = 3
"""Films and photographs hardly shrink: an archive that unpacks to less than this many times its own size
is no bomb, however large."""

MOST_TREE = 64 * 2**20
"""Bytes of a part that is read as one tree, which takes up to ten times as much memory. A document's body is
no such part: it is read piece by piece."""

MOST_ROW_WORDS = 100
"""Words in a table row that is one statement. A longer one, with several paragraphs in a cell, lays out a page."""

_MACHINE_MADE = re.compile(
    r"\bgenerated\b|\bautomat|picture containing|\bIMG_|\.(?:jpe?g|png|gif|bmp|tiff?|svg|emf|wmf)\b|^https?:"
    r"|^(?:ein bild, das|obraz zawierający|attēls, kurā|paveikslėlis, kuriame|screenshot of|ekrānuzņēmums)\b",
    re.IGNORECASE,
)
FEWEST_DESCRIBING_WORDS = 5
"""Words in a picture's description that says something; fewer are its file's name or "Logo of the city"."""


BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
"""What `zipfile` raises for an archive that is damaged."""


class Damaged(Refused):
    """A part of the file cannot be read, or not to its end."""


def contains(head: bytes, path: Path, member: str) -> bool:
    """Whether `path` is a ZIP archive with a member called `member`."""
    if not head.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return member in archive.namelist()
    except (*BROKEN, NotImplementedError, ValueError):
        return False


def check_size(path: Path) -> None:
    """Raises Refused where the archive unpacks to more than MOST_UNPACKED bytes, unless it is itself that large."""
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_UNPACKED and size > PLAIN_RATIO * path.stat().st_size:
        raise Refused(f"unpacks to {size // 2**20} MB, more than the limit of {MOST_UNPACKED // 2**20} MB")


@contextmanager
def opened(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """The member `name` for reading. Raises Refused where the archive is damaged or asks for a password."""
    try:
        with archive.open(name) as file:
            yield file
    except RuntimeError as error:
        if "password" not in str(error):
            raise
        raise Refused("is protected by a password: save a copy without it") from error
    except NotImplementedError as error:
        raise Refused("is packed in a way that is not read here: open it and save it again") from error
    except (KeyError, *BROKEN) as error:
        raise Damaged(damage(error, name)) from error


def tree(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of the XML part `name`. Raises Damaged, and Refused where it is larger than MOST_TREE."""
    from lxml import etree

    size = archive.getinfo(name).file_size
    if size > MOST_TREE:
        raise Refused(f"has a part, {name}, of {size // 2**20} MB, more than the limit of {MOST_TREE // 2**20} MB")
    with opened(archive, name) as file:
        data = file.read()
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        raise Damaged(damage(error, name)) from error


def parser() -> Any:
    """For XML from strangers: no entity is expanded, nothing is fetched, nesting and text nodes are bounded."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def pieces(file: IO[bytes], name: str, parents: frozenset[str], wanted: Sequence[str]) -> Iterator[Any]:
    """Of the part `name`, open as `file`, the elements called one of `wanted` right inside one of `parents` (names
    without namespace), each freed after its turn. Raises Damaged at the place from which the file is damaged."""
    from lxml import etree

    tags = [f"{{*}}{each}" for each in wanted]
    try:
        for _, element in etree.iterparse(
            file, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            parent = element.getparent()
            if parent is None or local(parent) not in parents:
                continue
            yield element
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del parent[0]
    except (etree.XMLSyntaxError, *BROKEN) as error:
        raise Damaged(damage(error, name)) from error


def damage(error: Exception, name: str) -> str:
    """Why the part `name` could not be read, for people."""
    if "depth" in str(error):
        return "nests its contents hundreds of levels deep: copy its text into a new document"
    fault = "cannot be unpacked" if isinstance(error, (KeyError, *BROKEN)) else "is no valid XML"
    return f"is damaged: its part {name} {fault}; open it, save it again, or ask for it once more"


def local(element: Any) -> str:
    """An element's name without its namespace; "" for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def plain(text: str) -> str:
    """`text` with single spaces for all white space."""
    return " ".join(text.split())


def row_text(cells: Sequence[str]) -> str:
    """A table row as text, without its empty cells."""
    return CELLS.join(cell for cell in cells if cell)


def row(cells: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """The blocks of a table row, given those of its cells: one ROW, or, where the table only lays out a page,
    the cells' own blocks one cell after the other."""
    filled = [cell for cell in cells if cell]
    words = sum(len(block.text.split()) for cell in filled for block in cell)
    manifold = any(len(cell) > 1 for cell in filled)
    if manifold and (len(filled) == 1 or words > MOST_ROW_WORDS):
        for cell in filled:
            yield from cell
    elif filled:
        text = row_text([" ".join(block.text for block in cell) for cell in filled])
        yield Block(BlockKind.ROW, text, filled[0][0].number)


def description(alternative: str | None) -> str:
    """A picture's alternative text where a person wrote a sentence there, else ""."""
    text = plain(alternative or "")
    told = len(text.split()) >= FEWEST_DESCRIBING_WORDS and text.endswith((".", "!", "?"))
    return text if told and not _MACHINE_MADE.search(text) else ""


def iso_day(stamp: str | None) -> str:
    """The day of an ISO 8601 time stamp, or "" where it is none."""
    found = re.match(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)", stamp or "")
    return found[1] if found else ""
