"""Hits to a short answer made of quoted, cited sentences. It quotes; it never invents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb import sentences
from kb.encoder import Vectors
from kb.matches import matches
from kb.relevance import THRESHOLD
from kb.rows import marks
from kb.search import Query
from kb.store import Store
from kb.types import Answer, Citation, Hit, Match, Passage, Span

HITS = 8
"""Passages whose sentences are considered: the first page of hits."""

FEWEST = 3
MOST = 5
"""Sentences in an answer, where there are as many that are good enough."""

GOOD_ENOUGH = 0.8
TOLERABLE = 0.5
"""Shares of the best sentence's score that another needs: to be quoted for itself, and to make up the fewest."""

LEAST_ALONE = 0.5
"""Share of the best sentence's own score, its passage aside, that another needs: a good passage opens with words
that say nothing by themselves."""

FEW_OF_A_PASSAGE = 2
"""Sentences of one passage, unless nothing else is there to make up the fewest."""

SAME = 0.85
"""Cosine from which two sentences say the same, in one language or two."""

PASSAGE_WEIGHT = 3.0
"""What its passage's score adds to a sentence's own: a good sentence of a bad passage misleads."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's span in its document, its vector, and how well it answers by itself."""

    span: Span
    vector: Vectors
    alone: float


@dataclass(frozen=True, slots=True)
class _Scored:
    hit: Hit
    span: Span
    text: str
    vector: Vectors
    alone: float
    own: bool
    """Whether it is in a language of the query."""

    @property
    def score(self) -> float:
        """The sentence's score and its passage's."""
        return self.alone + PASSAGE_WEIGHT * self.hit.score


def answer(store: Store, query: Query, hits: Sequence[Hit], confidence: float) -> Answer:
    """The sentences of the first `hits` that answer `query`; none where the `confidence`, in
    [0, 1], that anything does is below the threshold."""
    chosen = _choose(_score(store, query, hits[:HITS])) if confidence >= THRESHOLD else []
    citations = tuple(Citation(found.text, found.span, found.hit) for found in chosen)
    return Answer(query.text, query.languages, confidence, citations)


def _score(store: Store, query: Query, hits: Sequence[Hit]) -> list[_Scored]:
    """Sentences of the hits, best first."""
    shown = {hit.passage.id: (hit.passage, hit.matches) for hit in hits}
    elsewhere = {
        other.passage.id: (other.passage, matches(query.words, other.passage.text, other.passage.language))
        for hit in hits
        for other in hit.also
    }
    near = _near(store, query, elsewhere | shown)
    scored = []
    for hit in hits:
        mine = near[hit.passage.id]
        translations = [near[other.passage.id] for other in hit.also if other.passage.language != hit.passage.language]
        own = hit.passage.language in query.languages
        spans = [sentence.span.within(hit.passage.span) for sentence in mine]
        texts = [hit.passage.text[inside.start : inside.end] for inside in spans]
        for at, (sentence, alone) in enumerate(zip(mine, _with_translations(mine, translations), strict=True)):
            if sentences.states(texts, at):
                scored.append(_Scored(hit, sentence.span, texts[at], sentence.vector, alone, own))
    return sorted(scored, key=lambda found: -found.score)


def _near(
    store: Store, query: Query, passages: Mapping[int, tuple[Passage, Sequence[Match]]]
) -> dict[int, list[_Sentence]]:
    """By passage, its sentences in order; each of `passages` comes with the query's words that it met."""
    rows = store.db.execute(
        f"""SELECT passage_id, "start", "end" FROM sentences WHERE passage_id IN ({marks(passages)})
            ORDER BY passage_id, id""",
        list(passages),
    ).fetchall()
    vectors = store.vectors.of_sentences(list(passages))
    found: dict[int, list[_Sentence]] = {passage: [] for passage in passages}
    for at, start, end in rows:
        if at not in vectors:
            continue  # replaced meanwhile
        passage, met = passages[at]
        vector = vectors[at][len(found[at])]
        span = Span(start, end)
        alone = sentences.score(query.words, met, span.within(passage.span), float((query.vectors @ vector).max()))
        found[at].append(_Sentence(span, vector, alone))
    return found


def _with_translations(mine: Sequence[_Sentence], translations: Iterable[Sequence[_Sentence]]) -> list[float]:
    """The scores of a passage's sentences by themselves, or those of their translations where these are higher: a
    question may meet a fact in one language better than in its own."""
    scores = [sentence.alone for sentence in mine]
    for theirs in translations:
        if mine and theirs:
            cosines = np.stack([s.vector for s in mine]) @ np.stack([s.vector for s in theirs]).T
            for at, other in enumerate(cosines.argmax(axis=1).tolist()):
                if int(cosines[:, other].argmax()) == at:
                    scores[at] = max(scores[at], theirs[other].alone)
    return scores


def _choose(scored: Sequence[_Scored]) -> list[_Scored]:
    """Three to five good sentences that say different things, of different documents where possible; of two
    that say the same in two languages, the one in the reader's."""
    if not scored:
        return []
    best, best_alone = scored[0].score, max(found.alone for found in scored)
    telling = [found for found in scored if found.alone >= LEAST_ALONE * best_alone]
    good = [found for found in telling if found.score >= GOOD_ENOUGH * best]
    tolerable = [found for found in telling[len(good) :] if found.score >= TOLERABLE * best]
    one_each: dict[int, _Scored] = {}
    for found in good:
        one_each.setdefault(found.hit.document.id, found)
    chosen: list[_Scored] = []
    pools = (
        (list(one_each.values()), MOST, 1),
        (good, FEWEST, FEW_OF_A_PASSAGE),
        (tolerable, FEWEST, FEW_OF_A_PASSAGE),
    )
    for pool, enough, most_of_a_passage in (*pools, (good, FEWEST, FEWEST)):
        for found in pool:
            twin = next((other for other in chosen if float(found.vector @ other.vector) >= SAME), None)
            of_passage = sum(other.hit.passage.id == found.hit.passage.id for other in chosen)
            if twin is None and len(chosen) < enough and of_passage < most_of_a_passage:
                chosen.append(found)
            elif twin and found.own and not twin.own:
                chosen = [found if other is twin else other for other in chosen]
    return sorted(chosen, key=lambda found: -found.score)
