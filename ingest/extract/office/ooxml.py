"""Office Open XML: the parts of a DOCX or PPTX archive and how they refer to each other.

Read without python-docx and python-pptx, which refuse templates, shows and files with macros, know only
the transitional namespaces, stop at the first missing part and need a minute for a hundred thousand paragraphs.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from ingest.extract.office import common

_SCHEMAS = {
    "w": "wordprocessingml{}/main",
    "p": "presentationml{}/main",
    "a": "drawingml{}/main",
    "c": "drawingml{}/chart",
    "dgm": "drawingml{}/diagram",
    "wp": "drawingml{}/wordprocessingDrawing",
    "pic": "drawingml{}/picture",
    "r": "officeDocument{}/relationships",
    "m": "officeDocument{}/math",
}
_PREFIXES = {
    **{"http://schemas.openxmlformats.org/" + at.format("/2006"): name for name, at in _SCHEMAS.items()},
    **{"http://purl.oclc.org/ooxml/" + at.format(""): name for name, at in _SCHEMAS.items()},  # ISO strict
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.microsoft.com/office/drawing/2014/chartex": "cx",
    "urn:schemas-microsoft-com:vml": "v",
}
_MAINS = {"word/document.xml": "w:document", "ppt/presentation.xml": "p:presentation"}
"""Where the main part usually is, and its root."""

_MEANINGFUL = tuple(f"{{*}}{name}" for name in ("t", "txbxContent", "chart", "relIds", "tbl", "pic"))


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    namespace, _, own = name.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{own}" if prefix else own


def tag(element: Any) -> str:
    """An element's name with its usual prefix ("w:p"), in either edition of the standard; "" for comments."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its name with the usual prefix ("w:val"), or ""."""
    for key, value in element.items():
        if _short(key) == name:
            return str(value)
    return ""


def child(element: Any, *names: str) -> Any:
    """The element reached by following `names` down from `element`, or None."""
    for name in names:
        if element is not None:
            element = next((inner for inner in element if tag(inner) == name), None)
    return element


def content(element: Any) -> str:
    """The characters right in an element; what an entity would stand for is left out."""
    return (element.text or "") + "".join(inner.tail or "" for inner in element)


def is_on(switch: Any) -> bool:
    """Whether an on/off property such as w:b is there and on."""
    return switch is not None and attribute(switch, "w:val") not in {"0", "false", "off", "none"}


def chosen(alternatives: Any) -> Any:
    """The branch of an mc:AlternateContent to read: the first choice with anything to read, else the fallback."""
    branches = [inner for inner in alternatives if tag(inner) in {"mc:Choice", "mc:Fallback"}]
    return next((branch for branch in branches if next(branch.iter(*_MEANINGFUL), None) is not None), ())


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference to another part. `kind` is the last word of its type, `target` the part's name ("" outside)."""

    id: str
    kind: str
    target: str


class Package:
    """The archive at `path`. Its methods raise Refused where it is damaged or asks for a password."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = {_normal(name): name for name in self._archive.namelist()}
        self._relations: dict[str, list[Relation]] = {}
        self.remarks: list[str] = []

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    @property
    def main(self) -> str:
        """The name of the part with the document itself, "" where there is none."""
        stated = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        return next((name for name in (*stated, *_MAINS) if _normal(name) in self._names), "")

    def relations(self, name: str) -> list[Relation]:
        """What the part `name` refers to, in order; with "", what the archive does. Damaged lists are empty."""
        if name not in self._relations:
            self._relations[name] = self._read_relations(name)
        return self._relations[name]

    def _read_relations(self, name: str) -> list[Relation]:
        folder, own = posixpath.split(name)
        at = self._names.get(_normal(posixpath.join(folder, "_rels", f"{own}.rels")))
        if at is None:
            return []
        try:
            entries = common.tree(self._archive, at)
        except common.Damaged:
            self.remarks.append(f"its part {at} is damaged: what it refers to is not read")
            return []
        return [_relation(entry, folder) for entry in entries if common.local(entry) == "Relationship"]

    def related(self, name: str, kind: str) -> str:
        """The name of the first part of this kind that part `name` refers to, or ""."""
        return next((relation.target for relation in self.relations(name) if relation.kind == kind), "")

    def numbered(self, stem: str) -> list[str]:
        """The names of the parts `stem`1.xml, `stem`2.xml and so on that there are, in order."""
        found = (re.fullmatch(re.escape(stem) + r"(\d{1,6})\.xml", name) for name in self._names)
        return [match[0] for match in sorted(filter(None, found), key=lambda match: int(match[1]))]

    def part(self, name: str) -> Any:
        """The root of the XML part `name`; None, and a remark, where it is damaged; None where it is missing."""
        at = self._names.get(_normal(name)) if name else None
        if at is None:
            return None
        try:
            return common.tree(self._archive, at)
        except common.Damaged:
            self.remarks.append(f"its part {at} is damaged and not read")
            return None

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The part `name`, which `main` gave, for reading."""
        with common.opened(self._archive, self._names[_normal(name)]) as file:
            yield file

    def properties(self) -> tuple[str, str]:
        """The document's title and the ISO 8601 day when it was last changed, "" where it does not say."""
        root = self.part(self.related("", "core-properties") or "docProps/core.xml")
        found = {common.local(entry): (entry.text or "").strip() for entry in root} if root is not None else {}
        return found.get("title", ""), common.iso_day(found.get("modified")) or common.iso_day(found.get("created"))


def main_element(head: bytes, path: Path) -> str:
    """The name of the main part's root ("w:document", "p:presentation"), "" where `path` is no such archive."""
    from lxml import etree

    if not head.startswith(b"PK"):
        return ""
    try:
        with Package(path) as package:
            name = package.main
            with package.open(name) as file:
                _, root = next(iter(etree.iterparse(file, events=("start",), resolve_entities=False, no_network=True)))
                return tag(root)
    except (KeyError, ValueError, NotImplementedError, *common.BROKEN):
        return ""
    except (StopIteration, etree.XMLSyntaxError):
        return _MAINS.get(_normal(name), "")


def _relation(entry: Any, folder: str) -> Relation:
    kind = entry.get("Type", "").rpartition("/")[2]
    outside = entry.get("TargetMode", "").lower() == "external"
    target = unquote(entry.get("Target", "")).replace("\\", "/")
    inside = "" if outside else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(entry.get("Id", ""), kind, inside)


def _normal(name: str) -> str:
    """Part names differ neither by case nor by the kind of slash."""
    return name.replace("\\", "/").lstrip("/").lower()
