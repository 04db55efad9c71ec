"""From what a reader chose to what the briefing says: quotes under their headings, citations, sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from kb import citing, rows
from kb.briefing.draft import Draft, Grouping, Pick
from kb.briefing.plain import clean, line, link
from kb.briefing.types import Briefing, Labels, Quote, Section, Source
from kb.store import Store
from kb.types import Passage, Span

LEFT_OUT = " […] "
"""Between sentences that do not follow each other in the document."""


def compose(store: Store, draft: Draft, labels: Labels, *, made: date, base: str = "") -> Briefing:
    """The briefing of `draft` in the language of `labels`.

    Quotes that came from no web page link to their passage's page under the address `base` ("https://kb.example"),
    or to nothing where it is "".
    """
    with store.snapshot():
        passages = store.passages([pick.passage for pick in draft.picks])
        documents = {each.id: each for each in store.documents([passage.document_id for passage in passages.values()])}
        sentences = sentences_of(store, list(passages))
        cited = {key: citing.source(store, document, reader=labels.code) for key, document in documents.items()}
    wording = _Wording(labels, base, cited)
    quotes = []
    for pick in draft.picks:
        if passage := passages.get(pick.passage):
            text = quoted(passage, sentences[passage.id], pick.sentences)
            quotes.append(wording.quote(pick, passage, text))
    sections = wording.sections(quotes, draft.grouping)
    return Briefing(
        line(draft.title) or labels.untitled,
        clean(draft.introduction).strip(),
        made,
        labels,
        sections,
        wording.sources(sections),
        tuple(pick for pick in draft.picks if pick.passage not in passages),
    )


def sentences_of(store: Store, passages: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """The sentences of passages (ids), in reading order; spans in their documents."""
    found = store.db.execute(
        f"""SELECT passage_id, "start", "end" FROM sentences WHERE passage_id IN ({rows.marks(passages)})
            ORDER BY passage_id, "start" """,
        list(passages),
    )
    spans = {key: tuple(Span(*row[1:]) for row in group) for key, group in groupby(found, key=lambda row: row[0])}
    return {passage: spans.get(passage, ()) for passage in passages}


def quoted(passage: Passage, sentences: Sequence[Span], chosen: Iterable[int]) -> str:
    """What is quoted of `passage`: its `chosen` sentences (counted from 0), or all of it where none is chosen.
    What is left out between sentences is shown; what follows on is quoted as it stands."""
    kept = [at for at in sorted(set(chosen)) if at < len(sentences)]
    if not kept or len(kept) == len(sentences):
        return clean(passage.text).strip()
    runs = [[at for _, at in run] for _, run in groupby(enumerate(kept), key=lambda pair: pair[1] - pair[0])]
    stretches = (Span(sentences[run[0]].start, sentences[run[-1]].end).within(passage.span) for run in runs)
    return clean(LEFT_OUT.join(passage.text[part.start : part.end] for part in stretches))


def rearranged(briefing: Briefing, section: int, quote: int | None, step: int) -> tuple[Pick, ...]:
    """All picks in the order they have after a quote moves by `step` (1 or -1) within its section, or the section
    itself does where `quote` is None; both count from 0. What has no place to move to stays."""
    groups = [[each.pick for each in one.quotes] for one in briefing.sections]
    if quote is None and 0 <= section + step < len(groups):
        groups[section], groups[section + step] = groups[section + step], groups[section]
    elif quote is not None and 0 <= quote + step < len(group := groups[section]):
        group[quote], group[quote + step] = group[quote + step], group[quote]
    return (*(pick for group in groups for pick in group), *briefing.missing)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Puts passages and documents (`cited`, by id) into words; links lead to the address `base`."""

    labels: Labels
    base: str
    cited: Mapping[int, citing.Source]

    def quote(self, pick: Pick, passage: Passage, text: str) -> Quote:
        """The quote of `text` from `passage`, not numbered yet."""
        cited = self.cited[passage.document_id]
        facts = (cited.city, self.labels.place(passage.place), self.labels.language(passage.language))
        return Quote(
            number=0,
            pick=pick,
            text=text,
            note=clean(pick.note).strip(),
            language=passage.language,
            title=line(cited.title),
            facts=_said(facts),
            remarks=tuple(self.labels.remarks(passage)),
            link=self._address(passage.document_id, f"&passage={passage.id}"),
            document=passage.document_id,
            city=line(cited.city),
        )

    def sections(self, quotes: Sequence[Quote], grouping: Grouping) -> tuple[Section, ...]:
        """The quotes, numbered, under their headings, both in the order in which they first come; the quotes that
        have no question or city come last."""
        groups: dict[str, list[Quote]] = {}
        for each in quotes:
            groups.setdefault(self._heading(each, grouping), []).append(each)
        last = {Grouping.QUESTION: self.labels.no_question, Grouping.CITY: self.labels.no_city, Grouping.ORDER: ""}
        headed = sorted(groups.items(), key=lambda group: not group[0])
        numbers = iter(range(1, len(quotes) + 1))
        return tuple(
            Section(heading or last[grouping], tuple(replace(each, number=next(numbers)) for each in group))
            for heading, group in headed
        )

    def sources(self, sections: Iterable[Section]) -> tuple[Source, ...]:
        """Each quoted document once, in the order of its first quote."""
        numbers: dict[int, list[int]] = {}
        for each in (each for section in sections for each in section.quotes):
            numbers.setdefault(each.document, []).append(each.number)
        return tuple(self._source(document, tuple(quotes)) for document, quotes in numbers.items())

    def _source(self, document: int, quotes: tuple[int, ...]) -> Source:
        cited = self.cited[document]
        languages = ", ".join(map(self.labels.language, cited.languages))
        retrieved = self.labels.retrieved.format(date=self.labels.date(cited.retrieved)) if cited.retrieved else ""
        facts = (cited.city, cited.year, languages, cited.file_name, retrieved)
        return Source(line(cited.title), _said(facts), self._address(document), quotes)

    def _heading(self, quote: Quote, grouping: Grouping) -> str:
        return {Grouping.QUESTION: line(quote.pick.question), Grouping.CITY: quote.city, Grouping.ORDER: ""}[grouping]

    def _address(self, document: int, place: str = "") -> str:
        own = f"{self.base}/document?id={document}{place}" if self.base else ""
        return link(self.cited[document].url) or link(own)


def _said(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(said for fact in facts if (said := line(fact)))
