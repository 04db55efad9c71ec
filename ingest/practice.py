"""What a document says of itself: title, city, country, dates, addresses, each with its evidence.

Empty where unsure. Everything here can be overridden by a sidecar file (`ingest/sidecar.py`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.clean import clean_characters
from ingest.extract.base import Block, BlockKind, Extraction
from kb import places
from kb.places import PlaceName
from kb.text import words
from kb.types import Evidence

TITLE_WEIGHT = 4.0
HEADING_WEIGHT = 2.0
OPENING_WEIGHT = 1.5
"""How much more a place counts in the title, a heading or the first block than in the text."""

ENOUGH = 2.0
"""Weight of mentions from which a place can be what the document is about."""

LEAD = 1.3
"""How many times the weight of the runner-up it needs."""

MOST_DATES = 20
MOST_URLS = 50
TITLE_CHARACTERS = 200

# Titles that programs write into metadata on their own.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint[ -]pr[eä]sentation|prezentacja programu|untitled|document\d*|slide 1"
    r"|präsentation\d*|prezentācija|dokument\d*|pdf)\b|.*\.(?:docx?|pptx?|pdf|odt|indd|qxd)$",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'„”“»«]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read from a document about itself."""

    title: str
    city: Evidence | None
    country: Evidence | None
    dates: tuple[Evidence, ...]
    urls: tuple[str, ...]


def read_facts(extraction: Extraction, blocks: Sequence[Block]) -> Facts:
    """The facts in a document's clean `blocks` and its own metadata."""
    title = _title(extraction, blocks)
    found_places = list(_weighted_places(title, blocks))
    city = _dominant("city", found_places)
    text = "\n".join(block.text for block in blocks)
    own_date = (Evidence(extraction.date, "document metadata"),) if is_date(extraction.date) else ()
    urls = [*([extraction.url] if extraction.url else []), *(url.rstrip(".,;:!?)]") for url in _URL.findall(text))]
    return Facts(
        title=title,
        city=city,
        country=_country(city, found_places),
        dates=tuple(dict.fromkeys([*own_date, *written_dates(text)]))[:MOST_DATES],
        urls=tuple(dict.fromkeys(urls))[:MOST_URLS],
    )


def _title(extraction: Extraction, blocks: Sequence[Block]) -> str:
    """Metadata title, else the heading at the document's beginning, else ""."""
    own = " ".join(clean_characters(extraction.title).split())
    if own and not _NO_TITLE.match(own):
        return own[:TITLE_CHARACTERS]
    heading = next((block.text for block in blocks[:5] if block.kind is BlockKind.HEADING), "")
    return heading[:TITLE_CHARACTERS]


# --- places


def _weighted_places(title: str, blocks: Sequence[Block]) -> Iterator[tuple[PlaceName, str, float]]:
    """Each place mentioned, the words it was read from, and the weight of that mention."""
    yield from ((place, read, TITLE_WEIGHT) for place, read in _mentions(title))
    for position, block in enumerate(blocks):
        weight = HEADING_WEIGHT if block.kind is BlockKind.HEADING else OPENING_WEIGHT if position < 2 else 1.0
        if block.text != title:
            yield from ((place, read, weight) for place, read in _mentions(block.text))


def _mentions(text: str) -> Iterator[tuple[PlaceName, str]]:
    tokens = words(text)
    for mention in places.find(tokens):
        yield mention.place, " ".join(tokens[mention.first : mention.last])


def _dominant(kind: str, found: Sequence[tuple[PlaceName, str, float]]) -> Evidence | None:
    """The place of `kind` that the document is about, if one stands out."""
    weights: dict[str, float] = defaultdict(float)
    first_words: dict[str, str] = {}
    for place, read, weight in found:
        if place.kind == kind:
            weights[place.id] += weight
            first_words.setdefault(place.id, read)
    ranked = sorted(weights, key=lambda place: -weights[place])
    if not ranked or weights[ranked[0]] < ENOUGH:
        return None
    if len(ranked) > 1 and weights[ranked[0]] < LEAD * weights[ranked[1]]:
        return None
    return Evidence(ranked[0], first_words[ranked[0]])


def _country(city: Evidence | None, found: Sequence[tuple[PlaceName, str, float]]) -> Evidence | None:
    """The city's country; without a city, the country that stands out."""
    if city:
        return Evidence(places.by_id()[city.value].country, city.words)
    country = _dominant("country", found)
    return Evidence(places.by_id()[country.value].country, country.words) if country else None


# --- dates

# Beginnings of the month names, enough to tell them apart in every case, one row a month:
# en, de, pl, lv, lt.
_MONTHS = (
    ("januar", "jänner", "styczni", "styczeń", "janvār", "saus"),
    ("februar", "luty", "lutego", "lutym", "februār", "vasari", "vasaris"),
    ("march", "märz", "marzec", "marca", "marcu", "mart", "kov"),
    ("april", "kwie", "aprīl", "baland"),
    ("may", "mai", "maj", "maij", "geguž"),
    ("june", "juni", "czerw", "jūnij", "birželi"),
    ("july", "juli", "lip", "jūlij", "liep"),
    ("august", "sierp", "rugpjū"),
    ("september", "wrze", "septembr", "rugsėj"),
    ("october", "oktober", "paźdz", "oktobr", "spal"),
    ("november", "listopad", "novembr", "lapkri"),
    ("december", "dezember", "grud", "decembr", "gruod"),
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_MONTH = r"(?P<month>[^\W\d_]{3,12})"
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_DAY}(?:\.|st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}\b",  # 28 czerwca 2016, 28. Juni 2016, 28 June 2016
        rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}\b",  # June 28, 2016
        rf"\b{_YEAR}\. gada {_DAY}\. {_MONTH}",  # 2016. gada 28. jūnijā
        rf"\b{_YEAR} m\. {_MONTH} {_DAY}\b",  # 2016 m. birželio 28 d.
        rf"\b{_YEAR}-(?P<number>[01]\d)-{_DAY}\b",  # 2016-06-28
        rf"\b{_DAY}\.(?P<number>[01]?\d)\.{_YEAR}\b",  # 28.06.2016
    )
)


def written_dates(text: str) -> list[Evidence]:
    """Days written out in `text` in any of the five languages, in order, as ISO 8601."""
    found: dict[int, Evidence] = {}
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            day = _day(match)
            if day:
                found.setdefault(match.start(), Evidence(day, match[0]))
    return [found[at] for at in sorted(found)]


def _day(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else _month(groups["month"])
    try:
        return date(int(groups["year"]), month, int(groups["day"])).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int:
    """1 to 12, or 0 where `name` is no month."""
    lowered = name.lower()
    return next((at for at, stems in enumerate(_MONTHS, start=1) if lowered.startswith(stems)), 0)


def is_date(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:-[01]\d(?:-[0-3]\d)?)?", text))
