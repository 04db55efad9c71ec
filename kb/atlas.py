"""Where cities lie on a map that needs no network: outlines, coordinates and the projection that joins them.

Outlines are of Natural Earth 1:50m (public domain), made by `kb/data/draw_outlines.py`; coordinates are of
GeoNames (www.geonames.org, CC BY 4.0), made by `kb/data/find_coordinates.py`.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.config import HOMES

EARTH_KM = 6371.0
"""Mean radius."""

CENTRE = (54.0, 19.0)
"""Latitude and longitude in degrees, amid the four partner countries: there the map is truest."""

MARGIN_KM = 60.0
"""Between a city and the edge of the map, so that its dot and name have room."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map: kilometres east (`x`) and south (`y`) of its centre."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map, in kilometres."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, point: Point) -> bool:
        """Whether `point` lies in it."""
        return self.left <= point.x <= self.right and self.top <= point.y <= self.bottom

    def share(self, point: Point) -> Point:
        """Where `point` lies in it, each from 0 (left, top) to 1."""
        return Point((point.x - self.left) / self.width, (point.y - self.top) / self.height)

    def around(self, points: Iterable[Point]) -> "Box":
        """The least box that holds this one and `points` with a margin."""
        held = list(points)
        return Box(
            min([self.left, *(point.x - MARGIN_KM for point in held)]),
            min([self.top, *(point.y - MARGIN_KM for point in held)]),
            max([self.right, *(point.x + MARGIN_KM for point in held)]),
            max([self.bottom, *(point.y + MARGIN_KM for point in held)]),
        )


PARTNERS = frozenset(HOMES.values())
"""The four partner countries."""

HOME = Box(-950, -500, 650, 850)
"""Around them: what the map shows at least, so that it does not change as cities come and go."""

EDGE = Box(-3000, -2000, 1800, 2050)
"""Europe: what the outlines cover. Cities beyond it are not on the map."""


def project(latitude: float, longitude: float) -> Point:
    """A place on the map, by Lambert's azimuthal equal-area projection; degrees in, kilometres out."""
    own, centre = math.radians(latitude), math.radians(CENTRE[0])
    east = math.radians(longitude - CENTRE[1])
    near = math.sin(centre) * math.sin(own) + math.cos(centre) * math.cos(own) * math.cos(east)
    scale = EARTH_KM * math.sqrt(2 / (1 + near))
    return Point(
        scale * math.cos(own) * math.sin(east),
        -scale * (math.cos(centre) * math.sin(own) - math.sin(centre) * math.cos(own) * math.cos(east)),
    )


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, str]:
    """By country (ISO 3166 alpha-2), its outline as an SVG path in whole kilometres."""
    with (files("kb.data") / "outlines.tsv").open(encoding="utf-8") as lines:
        return {row["country"]: row["path"] for row in csv.DictReader(lines, delimiter="\t")}


@lru_cache(maxsize=1)
def cities() -> Mapping[str, Point]:
    """By gazetteer id, where a city lies; cities beyond EDGE too."""
    with (files("kb.data") / "coordinates.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {row["id"]: project(float(row["latitude"]), float(row["longitude"])) for row in rows}


def on_map(city: str) -> Point | None:
    """Where a city of the gazetteer lies; None where that is unknown or beyond the map."""
    point = cities().get(city)
    return point if point and EDGE.holds(point) else None
