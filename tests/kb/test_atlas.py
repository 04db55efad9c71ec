"""The map is true: every city lies in its country, and the borders are those the partners' states recognise."""

import re

import pytest

from kb import atlas, places
from kb.atlas import EDGE, HOME, Point

CITIES = [place for place in places.by_id().values() if place.kind == "city"]
OFF_SHORE_KM = 6.0
"""What the outlines may be off where a city lies at the coast: they are simplified to 2 km and lack small islands."""


def rings(country: str) -> list[list[Point]]:
    """The outline of a country as points."""
    found = []
    for path in atlas.outlines()[country].strip("Mz").split("zM"):
        (x, y), *steps = [tuple(map(int, pair)) for pair in re.findall(r"(-?\d+) ?(-?\d+)", path)]
        ring = [Point(x, y)]
        for east, south in steps:
            x, y = x + east, y + south
            ring.append(Point(x, y))
        found.append(ring)
    return found


def sides(country: str) -> list[tuple[Point, Point]]:
    return [side for ring in rings(country) for side in zip(ring, ring[1:] + ring[:1], strict=True)]


def inside(point: Point, country: str) -> bool:
    crossings = sum(
        (a.y > point.y) != (b.y > point.y) and point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
        for a, b in sides(country)
    )
    return crossings % 2 == 1


def near(point: Point, country: str) -> bool:
    around = [(east, south) for east in (-1, 0, 1) for south in (-1, 0, 1)]
    return any(
        inside(Point(point.x + OFF_SHORE_KM * east, point.y + OFF_SHORE_KM * south), country) for east, south in around
    )


def test_every_city_of_the_gazetteer_has_a_place() -> None:
    assert {place.id for place in CITIES} == set(atlas.cities())


@pytest.mark.parametrize("country", sorted({place.country for place in CITIES} - {"BR"}))
def test_cities_lie_in_their_country(country: str) -> None:
    strays = [place.id for place in CITIES if place.country == country and not near(atlas.cities()[place.id], country)]
    assert strays == []


def test_the_partners_cities_are_on_the_map_as_it_is_first_drawn() -> None:
    partners = [place.id for place in CITIES if place.country in atlas.PARTNERS]
    assert len(partners) > 200
    assert [city for city in partners if not HOME.holds(atlas.cities()[city])] == []


def test_distances_and_directions_are_right() -> None:
    warsaw, riga, berlin = (atlas.cities()[city] for city in ("warszawa", "riga", "berlin"))
    assert ((warsaw.x - riga.x) ** 2 + (warsaw.y - riga.y) ** 2) ** 0.5 == pytest.approx(560, rel=0.02)
    assert riga.y < berlin.y
    assert berlin.x < warsaw.x


def test_a_city_far_away_widens_the_map_and_one_beyond_europe_is_not_on_it() -> None:
    brussels, lisbon = atlas.on_map("brussels"), atlas.on_map("lisbon")
    assert brussels
    assert lisbon
    assert not HOME.holds(brussels)
    assert HOME.around([brussels, lisbon]).holds(lisbon)
    assert HOME.around([]) == HOME
    assert atlas.on_map("porto-alegre") is None
    assert atlas.on_map("Kleinstadt am Wald") is None


def test_crimea_is_ukraines_and_cyprus_is_whole() -> None:
    simferopol, kyrenia = atlas.project(44.95, 34.10), atlas.project(35.30, 33.25)
    assert inside(simferopol, "UA")
    assert not inside(simferopol, "RU")
    assert inside(kyrenia, "CY")


def test_outlines_stay_on_the_map() -> None:
    points = [point for country in atlas.outlines() for ring in rings(country) for point in ring]
    assert len(points) > 4000
    assert [point for point in points if not EDGE.around([]).holds(point)] == []
