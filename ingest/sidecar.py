"""Sidecar files: what a person knows better than the document says.

Beside `report.pdf`, `report.pdf.yaml` or `report.yaml` may hold any of

    title: How Toruń thanks its volunteers
    city: Toruń            # a name in any of the five languages, or empty for none
    country: PL            # a code or a name, or empty for none
    date: 2016-06-28       # or dates: [2016, 2016-06-28]
    url: https://...       # or urls: [...]
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.practice import Facts, is_date
from kb import places
from kb.types import Evidence

SUFFIXES = (".yaml", ".yml")
FIELDS = ("title", "city", "country", "date", "dates", "url", "urls")


class BadSidecar(Exception):
    """The sidecar file cannot be used; the message says why and what to write instead."""


def find(path: Path) -> Path | None:
    """The sidecar of the file at `path`, or None."""
    names = [path.name + suffix for suffix in SUFFIXES] + [path.stem + suffix for suffix in SUFFIXES]
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def is_sidecar(path: Path) -> bool:
    """Whether the file only describes others."""
    return path.suffix.lower() in SUFFIXES


def override(facts: Facts, sidecar: Path) -> Facts:
    """`facts` with what the sidecar says in their place.

    Raises BadSidecar where it is not a YAML mapping of known fields.
    """
    given = _read(sidecar)
    words = f"sidecar {sidecar.name}"
    changed = facts
    if given.get("title"):
        changed = replace(changed, title=str(given["title"]))
    if "city" in given:
        changed = replace(changed, city=_place(given["city"], words))
        city = places.by_id().get(changed.city.value) if changed.city else None
        if city:
            changed = replace(changed, country=Evidence(city.country, words))
    if "country" in given:
        country = _place(given["country"], words)
        known = places.by_id().get(country.value) if country else None
        changed = replace(changed, country=replace(country, value=known.country) if country and known else country)
    dates = _several(given, "date", "dates")
    if dates is not None:
        wrong = next((date for date in dates if not is_date(str(date))), None)
        if wrong is not None:
            raise BadSidecar(f"{sidecar.name} has the date {wrong}: write it as 2016, 2016-06 or 2016-06-28")
        changed = replace(changed, dates=tuple(Evidence(str(date), words) for date in dates))
    urls = _several(given, "url", "urls")
    return changed if urls is None else replace(changed, urls=tuple(str(url) for url in urls))


def _read(sidecar: Path) -> Mapping[str, Any]:
    import yaml

    try:
        given = yaml.safe_load(sidecar.read_text("utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadSidecar(f"{sidecar.name} is not readable as YAML: {str(error).splitlines()[0]}") from error
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadSidecar(f"{sidecar.name} must hold lines such as `title: ...`")
    unknown = sorted(str(key) for key in given if key not in FIELDS)
    if unknown:
        raise BadSidecar(f"{sidecar.name} has the unknown field {', '.join(unknown)}; known are {', '.join(FIELDS)}")
    return given


def _place(name: object, words: str) -> Evidence | None:
    return Evidence(places.resolve(str(name)), words) if name else None


def _several(given: Mapping[str, Any], one: str, many: str) -> Sequence[object] | None:
    """The values under `one` or `many`; None where neither is given."""
    if one not in given and many not in given:
        return None
    listed = given.get(many) or []
    single = given.get(one) or []
    return [value for values in (single, listed) for value in (values if isinstance(values, list) else [values])]
