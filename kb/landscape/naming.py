"""What a cluster is about: its own typical words, in every language.

Class-based TF-IDF over lemmas: a word is typical where many passages of a cluster hold it and few others do. In
one language a cluster may have three passages, too few to tell; so each language's words vote, through the
bridge, for their translations in the others, and a name in one language rests on the passages of all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from kb import terms
from kb.bridge import bridge
from kb.text import words

Names = dict[int, dict[str, tuple[str, ...]]]
"""By cluster and language, typical words, the most typical first."""

TERMS = 3
"""Words in a name."""

VOTERS = 40
"""Words of a cluster and language that vote, the most typical: further ones are noise."""

LEAST_PASSAGES = 2
"""Of a cluster that hold a word in one language."""

ONE_DOCUMENT = 0.5
"""Weight of a word that a single document of the cluster uses: it may be that document's own."""

COMMON = 0.002
"""Share of general text at which a word says nothing: "time", "two"."""

RAREST = 3.0
"""Weight of a rare word at most: that of one 20 times rarer than COMMON."""

LEAST_LETTERS = 3

SAME_BEGINNING = 5
"""Letters: of words that begin alike ("volunteer", "volunteering") a name holds one."""

PLACE = "@"
"""Begins the lemma of a place: a theme is no city."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a passage says, and where it belongs."""

    cluster: int
    document: int
    language: str
    heading: str
    body: str


@dataclass(slots=True)
class _Language:
    """The words of one language: in how many passages, in whose, and how they are written."""

    passages: Counter[int] = field(default_factory=Counter)
    holding: Counter[str] = field(default_factory=Counter)
    within: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    documents: defaultdict[tuple[int, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    forms: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    in_headings: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, text: Text) -> None:
        held = _forms(text.heading, text.language, self.in_headings) | _forms(text.body, text.language, self.forms)
        self.passages[text.cluster] += 1
        self.holding.update(held)
        self.within[text.cluster].update(held)
        for lemma in held:
            self.documents[text.cluster, lemma].add(text.document)

    def written(self, lemma: str) -> Counter[str]:
        """How a word is written: headings have capitals of their own, so running text comes first."""
        return self.forms.get(lemma) or self.in_headings.get(lemma) or Counter()


def names(texts: Iterable[Text]) -> Names:
    """Names of all clusters in all languages of `texts`."""
    languages: defaultdict[str, _Language] = defaultdict(_Language)
    for text in texts:
        languages[text.language].count(text)
    clusters = sorted({cluster for language in languages.values() for cluster in language.passages})
    return {cluster: _named(cluster, languages) for cluster in clusters}


def _forms(text: str, language: str, forms: Mapping[str, Counter[str]]) -> set[str]:
    """The lemmas of `text` that may name a theme; how each is written is counted in `forms`."""
    tokens, held = words(text), set()
    for term in terms.analyse(text, language):
        if _tells(term, language):
            held.add(term.lemma)
            forms[term.lemma][tokens[term.first]] += 1
    return held


def _tells(term: terms.Term, language: str) -> bool:
    if term.lemma.startswith(PLACE) or not term.lemma.isalpha() or len(term.lemma) < LEAST_LETTERS:
        return False
    return not any(terms.is_stopword(form, language) for form in (term.surface, term.lemma))


def _named(cluster: int, languages: Mapping[str, _Language]) -> dict[str, tuple[str, ...]]:
    votes: dict[str, defaultdict[str, float]] = {language: defaultdict(float) for language in languages}
    for source, own in languages.items():
        for lemma, weight in _typical(cluster, own, source):
            for target, theirs in languages.items():
                translations = {lemma: 1.0} if target == source else bridge().translate(lemma, source, target)
                for word, probability in translations.items():
                    if theirs.written(word):  # else nobody here writes it, and its diacritics are not known
                        votes[target][word] += probability * weight
    named = {language: _readable(languages[language], counted, language) for language, counted in votes.items()}
    return {language: found for language, found in named.items() if found}


def _typical(cluster: int, own: _Language, language: str) -> list[tuple[str, float]]:
    """The words of a cluster in one language that are most typical of it, with their weights."""
    inside, everywhere = own.passages[cluster], own.passages.total()

    def weight(lemma: str, count: int) -> float:
        typical = log((count / inside) / (own.holding[lemma] / everywhere))
        rare = log(COMMON / max(bridge().share(lemma, language), COMMON / 1e6))
        alone = ONE_DOCUMENT if len(own.documents[cluster, lemma]) == 1 else 1.0
        return count * typical * alone * min(max(rare, 0.0), RAREST)

    counts = own.within.get(cluster, Counter())
    weights = [(lemma, weight(lemma, count)) for lemma, count in counts.items() if count >= LEAST_PASSAGES]
    return sorted(((lemma, found) for lemma, found in weights if found > 0), key=lambda row: (-row[1], row[0]))[:VOTERS]


def _readable(own: _Language, votes: Mapping[str, float], language: str) -> tuple[str, ...]:
    chosen: list[str] = []
    for lemma in sorted(votes, key=lambda lemma: (-votes[lemma], lemma)):
        if not any(lemma[:SAME_BEGINNING] == other[:SAME_BEGINNING] for other in chosen):
            chosen.append(lemma)
        if len(chosen) == TERMS:
            break
    return tuple(_as_written(own.written(lemma), language) for lemma in chosen)


def _as_written(forms: Counter[str], language: str) -> str:
    """A word as a dictionary has it: with capitals where most of its `forms` have them, as written where it is an
    abbreviation (THW, AsylbLG)."""
    usual = min(forms, key=lambda form: (-forms[form], form))
    if not usual[1:].islower():
        return usual
    found: Counter[str] = Counter()
    for form, count in forms.items():
        found[terms.dictionary_form(form, language)] += count
    best = min(found, key=lambda form: (-found[form], form))
    capitals = sum(count for form, count in forms.items() if form[0].isupper())
    return best.capitalize() if 2 * capitals > forms.total() else best
