"""Sidecar files: what a person knows better than the document says.

Beside `report.pdf`, `report.pdf.yaml` or `report.yaml` may hold any field of the practice record, each
empty to clear what was read; docs/practice-record.md explains them:

    title: How Toruń thanks its volunteers
    city: Toruń            # a name in any of the five languages
    country: PL            # a code or a name
    partner: City of Toruń
    year: 2014-2016        # or 2016
    topics: [recognition, Senioren]     # ids or names in any of the five languages; target_groups likewise
    problem: ...           # likewise solution, resources, results
    contact: https://...   # a web page
    date: 2016-06-28       # or dates: [2016, 2016-06-28]
    url: https://...       # or urls: [...]

A sidecar of comments only, as `python -m ingest --review` writes it, says nothing and counts as none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.practice import Facts, is_date, is_year
from ingest.practice.confidence import PERSON
from ingest.practice.contact import is_web_address
from kb import places, practice, vocabulary
from kb.types import Evidence, PracticeFact

SUFFIXES = (".yaml", ".yml")
MOST_BYTES = 64 * 2**10
"""A larger sidecar is none: it may have come with its document from a stranger."""

MOST_BRACKETS = 200
"""The time to read brackets in each other grows with the square of their number."""

FIELDS = (*practice.FIELDS, "date", "dates", "url", "urls")


class BadSidecar(Exception):
    """The sidecar file cannot be used; the message says why and what to write instead."""


def places_of(path: Path) -> list[Path]:
    """Where a sidecar of the file at `path` may lie, the first first."""
    names = [path.name + suffix for suffix in SUFFIXES] + [path.stem + suffix for suffix in SUFFIXES]
    return [path.with_name(name) for name in names]


def find(path: Path) -> Path | None:
    """The sidecar of the file at `path` that says something, or None."""
    return next((place for place in places_of(path) if _is_there(place) and _says_something(place)), None)


def is_sidecar(path: Path) -> bool:
    """Whether the file only describes others."""
    return path.suffix.lower() in SUFFIXES


def override(facts: Facts, sidecar: Path) -> Facts:
    """`facts` with what the sidecar says in their place, in the practice record too.

    Raises BadSidecar where it is not a YAML mapping of known fields with values that they can have.
    """
    given = _read(sidecar)
    said = _said(given, sidecar.name)
    changed = _with_places(facts, said, f"sidecar {sidecar.name}")
    if "title" in said:
        changed = replace(changed, title=" ".join(said["title"]))
    dates = _several(given, "date", "dates", sidecar.name)
    if dates is not None:
        wrong = next((date for date in dates if not is_date(str(date))), None)
        if wrong is not None:
            raise BadSidecar(f"{sidecar.name} has the date {wrong}: write it as 2016, 2016-06 or 2016-06-28")
        changed = replace(changed, dates=tuple(Evidence(str(date), f"sidecar {sidecar.name}") for date in dates))
    urls = _several(given, "url", "urls", sidecar.name)
    if urls is not None:
        changed = replace(changed, urls=tuple(str(url) for url in urls))
    read = [fact for fact in facts.practice if fact.field not in said]
    own = [PracticeFact(field, value, "", None, PERSON) for field, values in said.items() for value in values]
    return replace(changed, practice=tuple(sorted([*read, *own], key=lambda fact: practice.FIELDS.index(fact.field))))


def _said(given: Mapping[str, Any], name: str) -> dict[str, list[str]]:
    """The values of each field of the practice record that the sidecar `name` has; none for one to clear."""
    said = {field: _values(field, given[field], name) for field in practice.FIELDS if field in given}
    city = places.by_id().get(said["city"][0]) if said.get("city") else None
    if city and "country" not in said:
        said["country"] = [city.country]
    return said


def _values(field: str, value: Any, name: str) -> list[str]:
    known = vocabulary.of_field(field)
    listed = value if isinstance(value, list) and known is not None else [value]
    if any(isinstance(one, (list, dict)) for one in listed):
        raise BadSidecar(f"{name} has more than one {field}: write a single line such as `{field}: ...`")
    written = [str(one).strip() for one in listed if one is not None]
    if known is not None:  # "youth, seniors" are two; a name may hold a comma itself
        written = [
            part.strip() for one in written for part in ([one] if vocabulary.resolve(known, one) else one.split(","))
        ]
    return list(dict.fromkeys(_value(field, one, name) for one in written if one))


def _value(field: str, text: str, name: str) -> str:
    """What is stored for `text`. Raises BadSidecar where the field cannot have it."""
    known = vocabulary.of_field(field)
    if known is not None:
        concept = vocabulary.resolve(known, text)
        if concept is None:
            what = "topic" if field == "topics" else "target group"
            raise BadSidecar(f"{name} has the unknown {what} {text}; known are {', '.join(known)}")
        return concept.id
    if field in {"city", "country"}:
        place = places.by_id().get(places.resolve(text))
        return text if place is None else place.country if field == "country" else place.id
    if field == "year" and not is_year(text.replace("–", "-").replace(" ", "")):
        raise BadSidecar(f"{name} has the year {text}: write it as 2016 or 2014-2016")
    if field == "year":
        return text.replace("–", "-").replace(" ", "")
    if field == "contact" and not is_web_address(text):
        raise BadSidecar(
            f"{name} has the contact {text}: write the address of a web page, beginning with https://. "
            "Mail addresses and telephone numbers are not kept."
        )
    return " ".join(text.split())


def _with_places(facts: Facts, said: Mapping[str, Sequence[str]], words: str) -> Facts:
    changed = facts
    if "city" in said:
        changed = replace(changed, city=Evidence(said["city"][0], words) if said["city"] else None)
    if "country" in said:
        changed = replace(changed, country=Evidence(said["country"][0], words) if said["country"] else None)
    return changed


def _read(sidecar: Path) -> Mapping[str, Any]:
    import yaml

    if sidecar.stat().st_size > MOST_BYTES:
        raise BadSidecar(f"{sidecar.name} is larger than {MOST_BYTES // 2**10} KB: it is to hold a few lines")
    try:
        text = sidecar.read_text("utf-8")
        if text.count("[") + text.count("{") > MOST_BRACKETS:
            raise BadSidecar(f"{sidecar.name} is not readable as YAML: it has more than {MOST_BRACKETS} brackets")
        # A few lines of aliases of aliases unfold to gigabytes.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise BadSidecar(f"{sidecar.name} has an alias (*name): write the value itself")
        given = yaml.safe_load(text)
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


def _several(given: Mapping[str, Any], one: str, many: str, name: str) -> Sequence[object] | None:
    """The values under `one` or `many`; None where neither is given."""
    if one not in given and many not in given:
        return None
    listed = given.get(many) or []
    single = given.get(one) or []
    values = [value for found in (single, listed) for value in (found if isinstance(found, list) else [found])]
    if any(isinstance(value, (list, dict)) for value in values):
        raise BadSidecar(f"{name} has lists within {many}: write `{many}: [..., ...]`")
    return values


def _is_there(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError:  # the name is too long for a file
        return False


def _says_something(sidecar: Path) -> bool:
    """Whether any line is neither empty nor a comment."""
    if sidecar.stat().st_size > MOST_BYTES:
        return True
    with sidecar.open("rb") as lines:
        bare = (line.removeprefix(b"\xef\xbb\xbf").strip() for line in lines)
        return any(line and not line.startswith(b"#") for line in bare)
