"""The values that pass between the stages. All are frozen; none knows how it is stored.

Offsets (`start`, `end`) count Unicode code points in `Document.text`, end exclusive, so that
`document.text[passage.start:passage.end] == passage.text` always holds.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import PurePath, PurePosixPath
from urllib.parse import urlsplit


class PlaceKind(StrEnum):
    """What a place in a document is counted or named by."""

    PAGE = "page"
    SLIDE = "slide"
    SECTION = "section"
    PARAGRAPH = "paragraph"


HEADINGS_JOINT = " · "
"""Between a heading and the one right below it, where both name a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its document a passage stands.

    `number` counts from 1 as a reader would (PDF page, slide, section, paragraph); `heading` is
    the slide title or the nearest heading above, or "".
    """

    kind: PlaceKind
    number: int
    heading: str = ""

    @property
    def label(self) -> str:
        """English label for the command line, e.g. `page 3`, `slide 7`, `section Insurance`."""
        if self.kind is PlaceKind.SECTION and self.heading:
            return f"section {self.heading}"
        return f"{self.kind} {self.number}"

    @property
    def names(self) -> frozenset[str]:
        """What people call it: its label, its heading, and either of two headings that name it together."""
        return frozenset({self.label, self.heading, *self.heading.split(HEADINGS_JOINT)})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value read from a document and the very words it was read from."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text: code points, end exclusive."""

    start: int
    end: int

    def within(self, other: "Span") -> "Span":
        """The same stretch counted from the start of `other`."""
        return Span(self.start - other.start, self.end - other.start)


def about(*evidence: Evidence | None) -> list[str]:
    """The values of what there is evidence for."""
    return [found.value for found in evidence if found]


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A passage as ingest cuts it, before it has vectors or an id.

    `confidence`, in [0, 1], is how sure OCR was of its words on average; None where the file itself
    holds them as text. `hidden`: it stands on a slide that its author hid.
    """

    language: str
    place: Place
    span: Span
    sentences: tuple[Span, ...]
    confidence: float | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PracticeFact:
    """One field of a document's practice record (`kb.practice.FIELDS`), as it was read.

    `words` are the document's own, "" where a sidecar or the file's metadata says it; `place` is
    where they stand, None likewise. `confidence` in (0, 1] is how sure the reader is; a person's
    word is 1.
    """

    field: str
    value: str
    words: str
    place: Place | None
    confidence: float


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """A document as ingest hands it to the store.

    `sha256` is of the file's bytes and its sidecar's; `title` is "" where it has none; `dates` hold
    ISO 8601 values (a year, a month or a day), the document's own date first where it is known.
    `path` is a file's path, a web address, or, for a file inside another, the path of that one
    (`container`) with its own name there behind it. `retrieved_at` (ISO 8601, UTC) is set for
    what came from the web.
    """

    path: str
    sha256: str
    format: str
    title: str
    text: str
    passages: tuple[DraftPassage, ...]
    city: Evidence | None = None
    country: Evidence | None = None
    dates: tuple[Evidence, ...] = ()
    urls: tuple[str, ...] = ()
    practice: tuple[PracticeFact, ...] = ()
    container: str = ""
    retrieved_at: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document. `own_title` is "" where it has none; `languages` are those of its passages,
    most frequent first; `container` and `retrieved_at` as in DraftDocument; `year` is that of its practice record, a
    year or a span such as 2021-2027, or ""."""

    id: int
    path: str
    sha256: str
    format: str
    own_title: str
    languages: tuple[str, ...]
    city: Evidence | None
    country: Evidence | None
    dates: tuple[Evidence, ...]
    urls: tuple[str, ...]
    passages: int
    added_at: str
    container: str = ""
    retrieved_at: str = ""
    year: str = ""

    @property
    def title(self) -> str:
        """What to call the document: its own title, else its file's name made readable."""
        return self.own_title or PurePath(self.file_name).stem.replace("_", " ").replace("-", " ")

    @property
    def file_name(self) -> str:
        """What to call the original when it is downloaded."""
        return file_name(self.path, self.format, self.retrieved_at)

    @property
    def web_address(self) -> str:
        """Where the document stands on the web, if it is a web page; "" for another."""
        is_page = self.format in {"html", "mhtml"} or self.retrieved_at
        address = self.urls[0] if is_page and self.urls else ""
        return address if address.startswith(("https://", "http://")) else ""


def file_name(path: str, kind: str, retrieved_at: str) -> str:
    """The name of the file at `path`; of a web page (`retrieved_at` is not "") a name with its format `kind`."""
    if not retrieved_at:
        return PurePath(path).name
    address = urlsplit(path)
    name = PurePosixPath(address.path).name or address.netloc
    return name if name.lower().endswith(f".{kind}") else f"{name}.{kind}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage: whole sentences of one language at one place; `confidence`, `hidden` as in DraftPassage."""

    id: int
    document_id: int
    language: str
    place: Place
    span: Span
    text: str
    confidence: float | None = None
    hidden: bool = False


NOT_STATED = "none"
"""The value by which a filter finds what a document says nothing of."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts a search. An empty tuple restricts nothing; several values mean any of them.

    Languages are ISO 639-1 codes, countries ISO 3166 alpha-2 codes, cities gazetteer ids or names, formats extractor
    names such as `pdf`, documents their ids; topics and target groups are ids of the vocabulary. A year such as 2017
    finds the practices of that year, those of 2016-2018 too. Of cities, countries, topics, target groups and years,
    NOT_STATED finds the documents that say none.
    """

    languages: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    documents: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    years: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Other:
    """Where else a passage stands: in another language, format or version."""

    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query, with the scores that brought it there.

    `score` is the fused score, higher is better, comparable within one query only. `dense` is
    cos(query, passage) + cos(query, best sentence), in [-2, 2]; `lexical` is BM25 over the query's
    words and their translations, 0 where none occurs; `coverage`, in [0, 1], the share of the query's words, by
    weight, that the passage holds; `matches` are the words that met. `sentence`
    lies at `sentence_span` in the document. `also`: where else the passage stands, one place a document and language,
    other languages first.
    """

    rank: int
    score: float
    dense: float
    lexical: float
    passage: Passage
    document: Document
    sentence: str
    sentence_span: Span
    matches: tuple["Match", ...] = ()
    also: tuple[Other, ...] = ()
    coverage: float = 0.0


LEAST_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the query and the word of a passage that stands for it, in the passage's language:
    "volunteers" and "brīvprātīgos".

    `share`, in (0, 1]: its probability beside that of the word's likeliest translation; `span`: in the passage.
    """

    query: str
    passage: str
    share: float
    span: Span

    @property
    def likely(self) -> bool:
        """Whether this is worth showing: a less probable translation is no reason to a reader."""
        return self.share >= LEAST_SHARE


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence quoted exactly, with where it stands."""

    text: str
    span: Span
    hit: Hit


@dataclass(frozen=True, slots=True)
class Answer:
    """What the knowledge base says to a query: quoted sentences, or none when nothing is relevant.

    `query_languages` holds one code when the language is certain, several when it is not.
    `confidence` in [0, 1] is the estimated probability that the best hit answers the query.
    """

    query: str
    query_languages: tuple[str, ...]
    confidence: float
    citations: tuple[Citation, ...]
