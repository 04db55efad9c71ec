"""Days and years, written out in any of the five languages, and the year of the practice."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph, opening
from ingest.practice.statements import Statement
from kb.types import Evidence, PracticeFact

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


# --- the year of the practice

_YEARS = re.compile(
    r"(?<![\d.,/-])(?P<first>(?:19|20)\d\d)"
    r"(?:\.?\s*(?:[-–—/]|to|do|bis|līdz|iki)\s*(?P<last>(?:19|20)\d\d))?(?![\d/-]|[.,]\d)"
)
SHORT_LINE = 80
"""Characters of the longest line of a title page that can be a date."""


def is_year(text: str) -> bool:
    """Whether `text` is a year or a span of years, as the record holds them: 2016 or 2014-2016."""
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:-(?:19|20)\d\d)?", text)) and text[:4] <= text[-4:]


def year_fact(title: str, found: Sequence[Paragraph], said: Sequence[Statement], own: str) -> list[PracticeFact]:
    """The year or years of the practice: by a label, in the title, on the title page, or at least of the
    file (`own`: its date, ISO 8601, or "")."""
    return next((facts for facts in _years_by_evidence(title, found, said, own) if facts), [])


def _years_by_evidence(
    title: str, found: Sequence[Paragraph], said: Sequence[Statement], own: str
) -> Iterator[list[PracticeFact]]:
    for statement in said:
        if statement.field == "year":
            yield _years(statement.text, statement.where, statement.confidence)
    shown = next((paragraph for paragraph in found if paragraph.text == title), None)
    yield _years(title, shown, confidence.HEADING)
    lines = [p for p in opening(found) if len(p.text) <= SHORT_LINE and not p.is_heading]
    facts = [fact for line in lines for fact in _years(line.text, line, confidence.REPEATED)]
    yield facts[:1] if len({fact.value for fact in facts}) == 1 else []
    if is_date(own):
        yield [PracticeFact("year", own[:4], "", None, confidence.METADATA)]


def _years(text: str, where: Paragraph | None, sure: float) -> list[PracticeFact]:
    """The one year or span of years in `text`; nothing where there are several."""
    matches = {match.group("first", "last"): match[0] for match in _YEARS.finditer(text)}
    if len(matches) != 1:
        return []
    (((first, last), words),) = matches.items()
    value = f"{first}-{last}" if last and last != first else first
    if not is_year(value):
        return []
    return [where.fact("year", value, words, sure) if where else PracticeFact("year", value, words, None, sure)]
