"""Citations of a document or a passage: a line of plain text, and BibTeX.

BibTeX's rules: braces must balance even where they are escaped, so that a brace becomes a command; a title in
double braces keeps its capitals; `url`, `urldate` and `language` are fields of biblatex, which older styles pass
over; a `url` is taken as it stands, so what TeX would trip over in it is percent-encoded.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from kb.practice import display, facts_of
from kb.store import Store
from kb.types import Document, Passage, Place

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}

_ADDRESS = ":/?#[]@!$&'()*+,;=%-._~"
"""What an address may hold as it stands, RFC 3986; `%` because it may be encoded already."""

_LANGUAGES = {"en": "english", "pl": "polish", "de": "german", "lv": "latvian", "lt": "lithuanian"}
"""As biblatex names them."""

HASH_DIGITS = 6
"""Of the document's hash in a key: a million documents of one title and year would hardly meet."""

KEY_WORD = 4
"""Letters from which a word of a title says something in a key."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation says of a document. `year`, `city`, `url` and `retrieved` (a date, ISO 8601) are "" where
    unknown; `place` is the passage's, None where the document is cited as a whole."""

    title: str
    city: str
    year: str
    file_name: str
    url: str
    retrieved: str
    languages: tuple[str, ...]
    sha256: str
    place: Place | None = None


def source(store: Store, document: Document, passage: Passage | None = None, *, reader: str = "en") -> Source:
    """What to cite `document`, or `passage` of it, by, for a reader of the language `reader`."""
    said = {fact.field: display(fact, reader) for fact in facts_of(store, document.id)}
    return Source(
        title=document.title,
        city=said.get("city", ""),
        year=said.get("year", ""),
        file_name=document.file_name,
        url=document.web_address,
        retrieved=document.retrieved_at[:10],
        languages=(passage.language,) if passage else document.languages,
        sha256=document.sha256,
        place=passage.place if passage else None,
    )


def plain(cited: Source, *, place: str = "", retrieved: str = "") -> str:
    """One line: title, city and year, file and place, address and when it was retrieved; what is unknown is left out.

    `place` ("page 3") and `retrieved` ("retrieved 5 May 2026") are in the reader's words.
    """
    address = f"{cited.url} ({retrieved})" if cited.url and retrieved else cited.url
    parts = (cited.title, _joined(cited.city, cited.year), _joined(cited.file_name, place), address)
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def bibtex(cited: Source, *, place: str = "") -> str:
    """An entry @misc for BibTeX and biblatex, in UTF-8; `place` as in `plain`."""
    fields = {
        "title": f"{{{escaped(cited.title)}}}",
        "year": cited.year.replace("-", "--"),
        "location": escaped(cited.city),
        "language": " and ".join(_LANGUAGES.get(code, code) for code in cited.languages),
        "note": escaped(_joined(cited.file_name, place)),
        "url": quote(cited.url, safe=_ADDRESS),
        "urldate": cited.retrieved if cited.url else "",
    }
    lines = "".join(f"  {name:8} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key(cited)},\n{lines}}}"


def key(cited: Source) -> str:
    """The entry's key, such as `motivating2026-67f0a1-page3`: of ASCII letters, digits and hyphens, the same at
    each export, different for each document and place."""
    ascii_title = unicodedata.normalize("NFKD", cited.title).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z]+", ascii_title)
    word = next((word for word in words if len(word) >= KEY_WORD), "document")
    place = f"-{cited.place.kind}{cited.place.number}" if cited.place else ""
    return f"{word}{cited.year[:4]}-{cited.sha256[:HASH_DIGITS]}{place}"


def escaped(text: str) -> str:
    """`text` as TeX sets it, in one line."""
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
