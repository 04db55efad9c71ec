"""Training examples from English text alone: each word replaced by a translation in some inflected form.

A bag of pieces has no word order, so a sentence translated word by word, with the wrong endings, is
still a fair example of which words make which meaning; and English text is easy to come by.
"""

import random
from collections.abc import Iterable, Iterator

from kb import terms
from kb.bridge import PIVOT, bridge
from kb.text import words
from models.baltic import inflection
from models.pairs import Pair

LEAST_PROBABILITY = 0.08
LEAST_WORDS = 3
LEAST_SHARE = 0.6
"""A sentence is used when this share of its words has a translation."""


def translate(lines: Iterable[str], language: str, chance: random.Random) -> Iterator[Pair]:
    """Word-by-word translations of those of `lines` that enough is known of."""
    for line in lines:
        tokens = words(line)
        found = [_translated(token, language, chance) for token in tokens]
        known = [word for word in found if word]
        if len(known) >= max(LEAST_WORDS, LEAST_SHARE * len(tokens)):
            yield Pair(" ".join(known), language, line)


def _translated(token: str, language: str, chance: random.Random) -> str:
    likely = bridge().translate(terms.lemma(token, PIVOT), PIVOT, language)
    likely = {term: probability for term, probability in likely.items() if probability >= LEAST_PROBABILITY}
    if not likely:
        return token if token[0].isupper() or token.isdigit() else ""
    term = chance.choices(list(likely), list(likely.values()))[0]
    spellings = inflection.by_folded(language).get(term)
    if not spellings:
        return term
    lemma = chance.choice(spellings)
    return chance.choice([lemma, *inflection.forms(language)[lemma]])
