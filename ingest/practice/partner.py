"""The partner: the organisation that presents the practice. Never a person: a name is personal data, and
people change their posts while the practice stays."""

import re
from collections.abc import Iterator, Sequence

from ingest.practice import confidence
from ingest.practice.paragraphs import Paragraph, opening
from ingest.practice.phrases import announced, names_organisation
from ingest.practice.statements import Statement
from kb import places
from kb.text import words
from kb.types import PracticeFact

MOST_CHARACTERS = 120
"""Of a line that names an organisation; a longer one is a sentence about it."""

MOST_WORDS = 14

_PARTS = re.compile(r"\s*[,;|•·/()]\s*|\s+[–—-]\s+")
_QUOTED = re.compile(r"[„“\"«”][^\W\d_]")
_SUFFIX = re.compile(r"\b(?:e\. ?V\.|gGmbH|VšĮ)")
_HONORIFIC = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Frau|Herr|Pan|Pani|inż|mgr|dr|prof)\.?\s+)+")


def partner_fact(title: str, found: Sequence[Paragraph], said: Sequence[Statement]) -> list[PracticeFact]:
    """The organisation behind a label, or named on the title page."""
    for statement in said:
        if statement.field == "partner":
            name = _without_people(statement.lines[0]) if len(statement.lines[0]) <= MOST_CHARACTERS else ""
            if _may_be_a_name(name):
                return [statement.where.fact("partner", name, statement.lines[0], statement.confidence)]
    for paragraph in opening(found):
        if paragraph.text != title and not announced(paragraph.text):
            name = _on_title_page(paragraph.text)
            if name:
                return [paragraph.fact("partner", name, paragraph.text, confidence.REPEATED)]
    return []


def _on_title_page(line: str) -> str:
    """The organisation that a line names, or "": one with a place or a name of its own, and no sentence."""
    is_sentence = line.endswith((".", "?", "!", ":")) and not _SUFFIX.search(line[-5:])
    if is_sentence or len(line) > MOST_CHARACTERS or len(line.split()) > MOST_WORDS:
        return ""
    name = _without_people(", ".join(part for part in _parts(line) if names_organisation(part)))
    return name if _is_a_name(name) else ""


def _is_a_name(text: str) -> bool:
    capitalised = sum(word[0].isupper() for word in words(text))
    named = any(True for _ in places.find(words(text))) or _QUOTED.search(text) or _SUFFIX.search(text)
    return bool(named) or (capitalised >= 3 and text[:1].isupper())


def _may_be_a_name(text: str) -> bool:
    """Whether what stands behind a label can name an organisation: "Caritas" can, "legal form" cannot."""
    if not text[:1].isalnum() and not _QUOTED.match(text):
        return False
    return names_organisation(text) or _is_a_name(text) or all(word[0].isupper() for word in words(text))


def _parts(text: str) -> Iterator[str]:
    yield from (part for part in _PARTS.split(text) if part)


def _without_people(text: str) -> str:
    """`text` without the parts that look like a person's name; "" where nothing remains."""
    kept = [part for part in _parts(text) if not _is_person(part) and "@" not in part and not _is_number(part)]
    return text if len(kept) == len(list(_parts(text))) else ", ".join(kept)


def _is_person(part: str) -> bool:
    bare = _HONORIFIC.sub("", part)
    names = bare.split()
    if names_organisation(part) or any(True for _ in places.find(words(part))):
        return False
    looks_like_one = 2 <= len(names) <= 3 and all(
        re.fullmatch(r"[^\W\d_][^\W\d_.'’-]*(?:-[^\W\d_]+)?\.?", n) for n in names
    )
    return bare != part or (looks_like_one and all(name[0].isupper() and not name.isupper() for name in names))


def _is_number(part: str) -> bool:
    """Whether it is a telephone number rather than a name with one."""
    return sum(sign.isdigit() for sign in part) > len(part) / 2
