"""Cities or documents side by side: what each of them says to a question, to topics and in its practice records.

question, topics, fields of the record -> for each subject the passages that are relevant enough -> rows of cells

A cell with nothing in it is an answer too: this subject says nothing of it, as far as the knowledge base can tell.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kb import concepts, practice, vocabulary
from kb.config import LANGUAGES
from kb.knowledge_base import KnowledgeBase
from kb.relevance import THRESHOLD
from kb.rows import marks
from kb.search import Query, Ranked
from kb.store import Store
from kb.subjects import Subject, documents, speaking
from kb.text import sentence_spans
from kb.types import Document, Hit, Match, Passage, PracticeFact, Span

FEWEST_SUBJECTS = 2
MOST_SUBJECTS = 4
"""Columns that can be read beside each other."""

MOST_ASPECTS = 6
"""Beside the question: seven rows of four cells take about half a second."""

PASSAGES = 2
"""Passages in a cell, at most: a comparison is skimmed."""

CONSIDERED = 10
"""Best ranked passages of a subject that are judged one by one."""

EXCERPT = 320
"""Characters of a passage that are shown at first, in whole sentences: about ten lines of a narrow column."""

FIELDS = ("problem", "solution", "resources", "results")
"""Fields of the practice record that hold sentences to compare."""


class AspectKind(StrEnum):
    """What a row of the comparison is about."""

    QUESTION = "question"
    TOPIC = "topic"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Aspect:
    """A row's subject matter. `id` is the question itself, a topic's id or a field's name."""

    kind: AspectKind
    id: str


@dataclass(frozen=True, slots=True)
class Told:
    """A field of a document's practice record; `passage` is where it stands, None where a sidecar says it."""

    document: Document
    fact: PracticeFact
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one subject says of one aspect, best first: passages, or of a record's field what records tell."""

    hits: tuple[Hit, ...] = ()
    told: tuple[Told, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hits or self.told)

    @property
    def passages(self) -> tuple[int, ...]:
        """Ids of the passages quoted."""
        return (*(hit.passage.id for hit in self.hits), *(told.passage.id for told in self.told if told.passage))


@dataclass(frozen=True, slots=True)
class Row:
    """An aspect with a cell for each subject, in their order."""

    aspect: Aspect
    cells: tuple[Cell, ...]


def aspect(name: str) -> Aspect | None:
    """The topic or the field with this id; None where there is none."""
    if name in FIELDS:
        return Aspect(AspectKind.FIELD, name)
    return Aspect(AspectKind.TOPIC, name) if name in vocabulary.topics() else None


def offered(store: Store, subjects: Sequence[Subject]) -> tuple[Aspect, ...]:
    """Aspects that at least two of `subjects` have something about.

    Topics, the most telling first: spoken of by most subjects, in most of their records, in fewest records elsewhere;
    then fields of the record.
    """
    with store.snapshot():
        spoken = [speaking(store, subject) for subject in subjects]
        recorded = [_recorded(store, documents(store, subject)) for subject in subjects]
        everywhere = Counter(value for value, _ in _topics(store))
    shared = Counter(topic for found in spoken for topic in found)
    filed = Counter(name for names in recorded for name in names)
    topics = [topic for topic, count in shared.items() if count >= FEWEST_SUBJECTS]
    topics.sort(key=lambda topic: (-shared[topic], -filed[topic], everywhere[topic], topic))
    fields = [field for field in FIELDS if filed[field] >= FEWEST_SUBJECTS]
    return tuple(made for name in (*topics, *fields) if (made := aspect(name)))


def compare(
    kb: KnowledgeBase, subjects: Sequence[Subject], question: str, aspects: Sequence[Aspect], reader: str
) -> tuple[Row, ...]:
    """A row for the `question`, unless it has no words, and for each of `aspects`.

    At most MOST_SUBJECTS and MOST_ASPECTS of them are heeded. `reader` (ISO 639-1): the language to name topics
    in, and to show passages in where they have a translation and the question's language is not certain. Raises
    KBError as a search does.
    """
    asked_of = [_Asked(kb, subject, reader) for subject in subjects[:MOST_SUBJECTS]]
    with kb.store.explained():
        query = kb.prepare(question)
        with kb.store.snapshot():
            rows = []
            if query:
                rows.append(Row(Aspect(AspectKind.QUESTION, question), tuple(a.question(query) for a in asked_of)))
            for made in aspects[:MOST_ASPECTS]:
                rows.append(Row(made, _cells(kb, made, asked_of, reader)))
            return tuple(rows)


def _cells(kb: KnowledgeBase, made: Aspect, asked_of: Sequence["_Asked"], reader: str) -> tuple[Cell, ...]:
    if made.kind is AspectKind.FIELD:
        return tuple(asked.field(made.id) for asked in asked_of)
    query = kb.prepare(vocabulary.topics()[made.id].name(reader))
    return tuple(asked.topic(made.id, query) if query else Cell() for asked in asked_of)


class _Asked:
    """One subject being asked: it remembers what answered the question, which comes first in the other rows."""

    def __init__(self, kb: KnowledgeBase, subject: Subject, reader: str) -> None:
        self._kb = kb
        self._subject = subject
        self._reader = reader
        self._answering: tuple[Ranked, ...] = ()

    def question(self, query: Query) -> Cell:
        """The passages that answer the question: those that by themselves are relevant enough."""
        self._answering = tuple(found for found in self._ranked(query)[:CONSIDERED] if self._is_relevant(found, query))
        return Cell(hits=tuple(self._hits(self._answering, query)))

    def topic(self, topic: str, query: Query) -> Cell:
        """The passages that speak of a topic, whose name is the query."""
        named = speaking(self._kb.store, self._subject).get(topic, frozenset())
        found = [
            found
            for found in self._ranked(query)
            if found.candidate.passage_id in named
            # The vocabulary has no terms in further languages.
            or (found.candidate.language not in LANGUAGES and self._is_relevant(found, query))
        ]
        answering = {found.candidate.passage_id for found in self._answering}
        found.sort(key=lambda found: found.candidate.passage_id not in answering)
        return Cell(hits=tuple(_naming(hit, topic) for hit in self._hits(found[:CONSIDERED], query)))

    def field(self, name: str) -> Cell:
        """What the practice records tell in a field."""
        answering = dict.fromkeys(found.candidate.document_id for found in self._answering)
        ids = dict.fromkeys([*answering, *documents(self._kb.store, self._subject)])
        return Cell(told=_told(self._kb.store, name, list(ids)))

    def _ranked(self, query: Query) -> list[Ranked]:
        searcher = self._kb.searcher
        return searcher.rank(searcher.candidates(query, self._subject.filters), query)

    def _is_relevant(self, found: Ranked, query: Query) -> bool:
        return self._kb.relevance.evidence(query, [found.candidate]).probability >= THRESHOLD

    def _hits(self, found: Sequence[Ranked], query: Query) -> list[Hit]:
        return self._kb.searcher.collapsed(found, query, PASSAGES, self._subject.filters, self._reader)


def _naming(hit: Hit, topic: str) -> Hit:
    """`hit` with the words that name the topic, and a sentence that holds them where its best does not."""
    passage = hit.passage
    name = vocabulary.topics()[topic].name(passage.language)
    found = concepts.spans("topics", topic, passage.text, passage.language)
    matches = tuple(Match(name, passage.text[span.start : span.end], 1.0, span) for span in found)
    best = hit.sentence_span.within(passage.span)
    if not found or any(best.start <= span.start < best.end for span in found):
        return replace(hit, matches=matches)
    sentences = sentence_spans(passage.text, passage.language)
    start, end = next((s for s in sentences if s[0] <= found[0].start < s[1]), (best.start, best.end))
    span = Span(passage.span.start + start, passage.span.start + end)
    return replace(hit, matches=matches, sentence=passage.text[start:end], sentence_span=span)


def _told(store: Store, field: str, ids: Sequence[int]) -> tuple[Told, ...]:
    """What the practice records of documents tell in `field`, in their order."""
    rows = store.db.execute(
        f"SELECT DISTINCT document_id FROM practice_facts WHERE field = ? AND document_id IN ({marks(ids)})",
        [field, *ids],
    )
    telling = {row[0] for row in rows}
    told = []
    for document in [document for document in ids if document in telling][:PASSAGES]:
        fact = next(fact for fact in practice.facts_of(store, document) if fact.field == field)
        told.append(Told(store.document(document), fact, practice.passage_of(fact, store.passages_of(document))))
    return tuple(told)


def _recorded(store: Store, ids: Sequence[int]) -> set[str]:
    """Topics and fields that the practice records of documents have."""
    rows = store.db.execute(
        f"""SELECT DISTINCT field, value FROM practice_facts
            WHERE field IN ('topics', {marks(FIELDS)}) AND document_id IN ({marks(ids)})""",
        [*FIELDS, *ids],
    )
    return {value if field == "topics" else field for field, value in rows}


def _topics(store: Store) -> Iterable[tuple[str, int]]:
    """Topics with the documents whose records name them."""
    return store.db.execute("SELECT DISTINCT value, document_id FROM practice_facts WHERE field = 'topics'").fetchall()


def brief(hit: Hit) -> Hit:
    """`hit` with no more of its passage than its best sentence and those after it: whole sentences of EXCERPT
    characters together at most, unless the best is longer by itself."""
    passage, best = hit.passage, hit.sentence_span.within(hit.passage.span)
    ends = (last for _, last in sentence_spans(passage.text, passage.language))
    end = max([best.end, *(last for last in ends if last <= best.start + EXCERPT)])
    return replace(
        hit,
        passage=replace(
            passage,
            text=passage.text[best.start : end],
            span=Span(hit.sentence_span.start, passage.span.start + end),
        ),
        matches=tuple(
            replace(match, span=match.span.within(best))
            for match in hit.matches
            if best.start <= match.span.start and match.span.end <= end
        ),
    )
