"""What a briefing says, before it is written in a format. All of it is plain text that any format can hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from kb.briefing.draft import Pick
from kb.types import Passage, Place


@dataclass(frozen=True, slots=True)
class Labels:
    """What the briefing says of its own, in the reader's language (`code`, ISO 639-1). `place`, `language`, `date` and
    `remarks` put values into words: a place, a language's code, an ISO 8601 date, what to know of how a passage was
    read."""

    code: str
    untitled: str
    sources: str
    source: str
    quotes: str
    note: str
    link: str
    no_question: str
    no_city: str
    unshown: str
    retrieved: str
    place: Callable[[Place], str]
    language: Callable[[str], str]
    date: Callable[[str], str]
    remarks: Callable[[Passage], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted passage, or some of its sentences, word for word. `number` counts from 1 through the briefing;
    `facts` are the city, the place and the language; `link` is "" where there is none."""

    number: int
    pick: Pick
    text: str
    note: str
    language: str
    title: str
    facts: tuple[str, ...]
    remarks: tuple[str, ...]
    link: str
    document: int
    city: str

    @property
    def citation(self) -> str:
        """What stands behind the document's title: ", Toruń, page 4, Polish (read by OCR)"."""
        said = "".join(f", {fact}" for fact in self.facts)
        return f"{said} ({'; '.join(self.remarks)})" if self.remarks else said


@dataclass(frozen=True, slots=True)
class Section:
    """Quotes under one heading; "" where there is no heading."""

    heading: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is quoted: what to know of it, and the numbers of its quotes."""

    title: str
    facts: tuple[str, ...]
    link: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing in whole, ready to be written; `missing` are the picks whose passages are no longer in the
    knowledge base."""

    title: str
    introduction: str
    made: date
    labels: Labels
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    missing: tuple[Pick, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes in their order."""
        return tuple(quote for section in self.sections for quote in section.quotes)

    @property
    def made_words(self) -> str:
        """The date in words."""
        return self.labels.date(self.made.isoformat())
