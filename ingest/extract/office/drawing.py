"""What DrawingML holds in slides and in Word documents alike: text, tables, charts, SmartArt."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ingest.extract.base import Block, BlockKind
from ingest.extract.office import common
from ingest.extract.office.ooxml import Package, attribute, child, chosen, content, tag

MOST_POINTS = 40
"""Points of a series that a reader takes in one by one; of a longer one only its name and its kind stay."""

_ESCAPED = re.compile(r"_x00(0[0-9A-Fa-f]|1[0-9A-Fa-f])_")
_FURNITURE_FIELDS = ("slidenum", "datetime")
_EPOCH = date(1899, 12, 30)
"""Day 0 of the serial dates in charts."""


def paragraphs(text_body: Any) -> Iterator[str]:
    """The paragraphs with text of a text body (p:txBody, a:txBody, dgm:t), in order."""
    for element in text_body if text_body is not None else ():
        if tag(element) == "a:p":
            text = common.plain(_ESCAPED.sub(" ", "".join(_pieces(element))))
            if text:
                yield text


def _pieces(container: Any) -> Iterator[str]:
    for element in container:
        name = tag(element)
        if name == "a:r":
            text = child(element, "a:t")
            yield content(text) if text is not None else ""
        elif name == "a:br":
            yield " "
        elif name == "a:fld" and not attribute(element, "type").startswith(_FURNITURE_FIELDS):
            text = child(element, "a:t")
            yield content(text) if text is not None else ""
        elif name == "mc:AlternateContent":
            yield from _pieces(chosen(element))
        elif common.local(element) == "m":  # an equation
            yield "".join(text.text or "" for text in element.iter("{*}t"))


def table(element: Any, number: int) -> Iterator[Block]:
    """The rows of a table (a:tbl); merged cells once."""
    for line in element:
        if tag(line) != "a:tr":
            continue
        cells = [cell for cell in line if tag(cell) == "a:tc"]
        covered = ({"1", "true"} & {cell.get("hMerge"), cell.get("vMerge")} for cell in cells)
        texts = [
            [] if hidden else [Block(BlockKind.ITEM, text, number) for text in paragraphs(child(cell, "a:txBody"))]
            for cell, hidden in zip(cells, covered, strict=True)
        ]
        yield from common.row(texts)


def graphic(data: Any, package: Package, part: str, number: int) -> Iterator[Block]:
    """What the a:graphicData of a frame in `part` shows: a table, a chart or SmartArt."""
    targets = {relation.id: relation.target for relation in package.relations(part)}
    for element in data if data is not None else ():
        name = tag(element)
        if name == "a:tbl":
            yield from table(element, number)
        elif name in {"c:chart", "cx:chart"}:
            yield from chart(package.part(targets.get(attribute(element, "r:id"), "")), number)
        elif name == "dgm:relIds":
            yield from smart_art(package.part(targets.get(attribute(element, "r:dm"), "")), number)


def chart(root: Any, number: int) -> Iterator[Block]:
    """A chart's titles, then a row a series: its name, each category with its value."""
    if root is None:
        return
    for title in root.iter("{*}title"):
        text = " ".join(text for body in title.iter("{*}rich") for text in paragraphs(body))
        if text:
            yield Block(BlockKind.ITEM, text, number)
    for series in root.iter("{*}ser", "{*}series"):
        cells = list(_series(series))
        if cells:
            yield Block(BlockKind.ROW, common.row_text(cells), number)
    if tag(root) == "cx:chartSpace":
        yield from _extended(root, number)


def _series(series: Any) -> Iterator[str]:
    name = child(series, "c:tx")
    if name is not None:
        yield " ".join(value.text or "" for value in name.iter("{*}v"))
    labels = _points(child(series, "c:cat"), child(series, "c:xVal"))
    values = _points(child(series, "c:val"), child(series, "c:yVal"))
    at = sorted(labels.keys() | values.keys())
    if len(at) <= MOST_POINTS:
        yield from (f"{labels.get(point, '')} {values.get(point, '')}".strip() for point in at)


def _points(*sources: Any) -> dict[int, str]:
    """The values that a chart keeps of the first source there is, by their place."""
    source = next((source for source in sources if source is not None), None)
    if source is None:
        return {}
    levels = list(source.iter("{*}lvl"))  # of categories in groups the innermost
    format_code = next((code.text or "" for code in source.iter("{*}formatCode")), "")
    found = {}
    for point in (levels[0] if levels else source).iter("{*}pt"):
        value = child(point, "c:v")
        if value is not None and (point.get("idx") or "").isdigit():
            found[int(point.get("idx"))] = _value(value.text or "", format_code)
    return found


def _value(text: str, format_code: str) -> str:
    """A number as its chart shows it, near enough: shares in percent, days as days, two decimals."""
    try:
        value = float(text)
    except ValueError:
        return common.plain(text)
    if "%" in format_code:
        return f"{_decimal(value * 100)} %"
    if "yy" in format_code.lower() and 0 < value < 100_000:
        return (_EPOCH + timedelta(days=int(value))).isoformat()
    return _decimal(value)


def _decimal(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"


def _extended(root: Any, number: int) -> Iterator[Block]:
    """The titles and categories of a chart of the newer kinds (funnel, map, sunburst)."""
    for text in (text for body in root.iter("{*}rich") for text in paragraphs(body)):
        yield Block(BlockKind.ITEM, text, number)
    for dimension in root.iter("{*}strDim"):
        words = [common.plain(point.text or "") for point in dimension.iter("{*}pt")]
        if words:
            yield Block(BlockKind.ROW, common.row_text(words[:MOST_POINTS]), number)


def smart_art(root: Any, number: int) -> Iterator[Block]:
    """The texts of a SmartArt diagram's nodes, each followed by those below it."""
    if root is None:
        return
    points = {point.get("modelId"): point for point in root.iter("{*}pt") if point.get("modelId")}
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter("{*}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd") or "0"
            below.setdefault(link.get("srcId"), []).append((int(order) if order.isdigit() else 0, link.get("destId")))
    roots = [name for name, point in points.items() if point.get("type") == "doc"]
    waiting = [*reversed(points), *reversed(roots)]  # nodes that hang nowhere come last
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in points:
            continue
        seen.add(name)
        waiting += [destination for _, destination in sorted(below.get(name, ()), reverse=True)]
        if points[name].get("type", "node") in {"node", "asst"}:
            for text in paragraphs(child(points[name], "dgm:t")):
                yield Block(BlockKind.ITEM, text, number)
