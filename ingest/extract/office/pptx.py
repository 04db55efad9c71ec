"""PPTX: titles, texts by their position, tables, charts, SmartArt and speaker notes; place = slide."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.extract.base import Block, BlockKind, Extraction, Refused
from ingest.extract.office import common, drawing, ooxml
from ingest.extract.office.layout import Box, Frame, group, reading_order
from ingest.extract.office.ooxml import Package, attribute, child, tag
from kb.types import PlaceKind

_TITLES = {"title", "ctrTitle"}
_FURNITURE = {"sldNum", "dt", "ftr", "hdr", "sldImg"}
"""Placeholders that repeat on every slide and say nothing."""

_MASTERS = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}
"""Which placeholder of the master another takes its place from, by their types."""

_SHAPES = {"p:sp", "p:pic", "p:graphicFrame", "p:grpSp", "mc:AlternateContent", "p:cxnSp"}
_PICTURES = ("{*}pic", "{*}blipFill")
MOST_NAMED = 20
"""Slides that a remark names one by one."""


class PptxExtractor:
    """Reads slide decks: presentations, shows and templates, with macros (never run) or without."""

    format = "pptx"
    suffixes = frozenset({".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"})

    def recognises(self, head: bytes, path: Path) -> bool:
        """As `Extractor.recognises`."""
        return ooxml.main_element(head, path) == "p:presentation"

    def extract(self, path: Path) -> Extraction:
        """As `Extractor.extract`."""
        common.check_size(path)
        with Package(path) as package:
            blocks, remarks = _Deck(package).read()
            title, date = package.properties()
            return Extraction(
                self.format, PlaceKind.SLIDE, tuple(blocks), title, date, remarks=(*remarks, *package.remarks)
            )


class _Deck:
    """A deck's slides and what they take from their layouts."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._layouts: dict[str, list[tuple[str, str, Frame]]] = {}

    def read(self) -> tuple[list[Block], list[str]]:
        """All blocks, and what could not be read."""
        blocks: list[Block] = []
        missing, pictures = [], []
        for number, part in enumerate(self._slides(), start=1):
            root = self._package.part(part)
            if root is None:
                missing.append(number)
                continue
            found = list(self._slide(root, part, number))
            if all(block.kind is BlockKind.NOTES for block in found) and next(root.iter(*_PICTURES), None) is not None:
                pictures.append(number)
            is_hidden = root.get("show") in {"0", "false"}
            blocks += [replace(block, hidden=True) for block in found] if is_hidden else found
        if missing and not blocks:
            raise Refused("is damaged: its slides are missing; open it in PowerPoint and save it again")
        remarks = [f"{_numbered(missing)}: missing from the file, or damaged"] if missing else []
        if pictures:
            remarks.append(f"{_numbered(pictures)}: only pictures, whose text is not read")
        return blocks, remarks

    def _slides(self) -> list[str]:
        """The slides' parts in the order of the show; where the list of them is lost, in that of their names."""
        main = self._package.part(self._package.main)
        if main is None:
            return self._package.numbered("ppt/slides/slide")
        parts = {relation.id: relation.target for relation in self._package.relations(self._package.main)}
        entries = [entry for listed in main if tag(listed) == "p:sldIdLst" for entry in listed]
        return [parts.get(attribute(entry, "r:id"), "") for entry in entries if tag(entry) == "p:sldId"]

    def _slide(self, root: Any, part: str, number: int) -> Iterator[Block]:
        shapes = list(_shapes(child(root, "p:cSld", "p:spTree")))
        title = next((shape for shape in shapes if _placeholder(shape)[0] in _TITLES and _texts(shape)), None)
        if title is not None:
            yield Block(BlockKind.HEADING, " ".join(_texts(title)), number)
        yield from reading_order(self._boxes((shape for shape in shapes if shape is not title), part, number))
        notes = self._package.part(self._package.related(part, "notesSlide"))
        for shape in _shapes(child(notes, "p:cSld", "p:spTree")):
            if _placeholder(shape)[0] not in _FURNITURE:
                yield from (Block(BlockKind.NOTES, text, number) for text in _texts(shape))

    def _boxes(self, shapes: Iterable[Any], part: str, number: int) -> list[Box]:
        """The shapes that say something, in the space in which they are placed."""
        boxes: list[Box] = []
        bottom = 0.0
        for shape in shapes:
            frame = _frame(shape) or self._inherited(shape, part)
            if tag(shape) == "p:grpSp":
                inner = self._boxes(_shapes(shape), part, number)
                if inner:
                    boxes.append(_placed(group(inner), frame, _frame(shape, "a:chOff", "a:chExt")))
                continue
            blocks = tuple(self._blocks(shape, part, number))
            if blocks:
                frame = frame or Frame(0.0, bottom, 0.0, 0.0)  # of those that say nothing each below the last
                bottom = max(bottom, frame.top + frame.height)
                boxes.append(Box(frame, blocks))
        return boxes

    def _blocks(self, shape: Any, part: str, number: int) -> Iterator[Block]:
        if _placeholder(shape)[0] in _FURNITURE:
            return
        yield from (Block(BlockKind.ITEM, text, number) for text in _texts(shape))
        if tag(shape) == "p:graphicFrame":
            yield from drawing.graphic(child(shape, "a:graphic", "a:graphicData"), self._package, part, number)
        elif tag(shape) == "p:pic":
            told = common.description(_own(shape, "p:cNvPr").get("descr"))
            if told:
                yield Block(BlockKind.TEXT, told, number)

    def _inherited(self, shape: Any, part: str) -> Frame | None:
        """The place that a placeholder takes from the slide's layout or its master."""
        if child(_own(shape, "p:nvPr"), "p:ph") is None:
            return None
        kind, index = _placeholder(shape)
        layout = self._package.related(part, "slideLayout")
        held = self._placeholders(layout)
        found = next((frame for _, at, frame in held if at == index), None)
        found = found or next((frame for own, _, frame in held if own == kind), None)
        if found is None:
            master = self._placeholders(self._package.related(layout, "slideMaster"))
            found = next((frame for own, _, frame in master if own == _MASTERS.get(kind, kind)), None)
        return found

    def _placeholders(self, part: str) -> list[tuple[str, str, Frame]]:
        """Type, index and place of the placeholders of a layout or master."""
        if part not in self._layouts:
            shapes = _shapes(child(self._package.part(part), "p:cSld", "p:spTree"))
            placed = ((*_placeholder(shape), _frame(shape)) for shape in shapes)
            self._layouts[part] = [(kind, index, frame) for kind, index, frame in placed if frame is not None]
        return self._layouts[part]


def _shapes(tree: Any) -> Iterator[Any]:
    for element in tree if tree is not None else ():
        if tag(element) == "mc:AlternateContent":
            yield from _shapes(ooxml.chosen(element))
        elif tag(element) in _SHAPES:
            yield element


def _own(shape: Any, name: str) -> Any:
    """The element `name` of a shape's non-visual properties, which every kind of shape calls otherwise."""
    properties = next((inner for inner in shape if common.local(inner).startswith("nv")), None)
    return next((inner for inner in properties if tag(inner) == name), {}) if properties is not None else {}


def _placeholder(shape: Any) -> tuple[str, str]:
    """Type and index of the placeholder that a shape is; two empty strings where it is none."""
    mark = child(_own(shape, "p:nvPr"), "p:ph")
    return (mark.get("type", "obj"), mark.get("idx", "0")) if mark is not None else ("", "")


def _texts(shape: Any) -> list[str]:
    return list(drawing.paragraphs(child(shape, "p:txBody")))


def _frame(shape: Any, offset: str = "a:off", extent: str = "a:ext") -> Frame | None:
    """Where a shape says it stands, in EMU; with other names, the space in which a group places its own."""
    for holder in (child(shape, "p:spPr", "a:xfrm"), child(shape, "p:grpSpPr", "a:xfrm"), child(shape, "p:xfrm")):
        corner, size = child(holder, offset), child(holder, extent)
        if corner is not None and size is not None:
            try:
                return Frame(*(float(at) for at in (corner.get("x"), corner.get("y"), size.get("cx"), size.get("cy"))))
            except (TypeError, ValueError):
                return None
    return None


def _placed(box: Box, outer: Frame | None, inner: Frame | None) -> Box:
    """A group's box, and those in it, moved from the group's own space to that around it."""
    if outer is None or inner is None:
        return box
    return Box(box.frame.within(outer, inner), box.blocks, tuple(_placed(each, outer, inner) for each in box.inner))


def _numbered(slides: list[int]) -> str:
    named = ", ".join(str(number) for number in slides[:MOST_NAMED])
    more = f" and {len(slides) - MOST_NAMED} more" if len(slides) > MOST_NAMED else ""
    return f"slide{'s' if len(slides) > 1 else ''} {named}{more}"
