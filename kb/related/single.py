"""Whether two documents of a sentence or two say the same in two languages: too short to be aligned.

Then their passage must be near, and nearer by a clear margin than anything else on either side.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.related.alignment import NEIGHBOURS, Side
from kb.store import Store

SENTENCES = 3
"""Most sentences of a document that is compared so; one of four is aligned."""

COSINE = 0.7
"""Of two passages, from which they may say the same: 23 of 1,997 news sentences without a translation reach it with
the margin below, most of them near another wording of the same news."""

MARGIN = 1.3
"""How many times nearer they are to each other than to the others that come nearest."""

BACKGROUND = 0.3
"""Mean cosine of others to assume at least: a knowledge base of three documents has nothing near."""

COPY = 0.95
"""Cosine from which another passage is a copy of the one in question, and no rival."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two passages in two languages, each all that its document says in its language, and what else lies near
    the first (ids, in the second's language)."""

    passage_id: int
    other_id: int
    near: tuple[int, ...]


def is_short(side: Side) -> bool:
    """Whether this is one passage of a few sentences."""
    return len(side) <= SENTENCES and len(set(side.passages.tolist())) == 1


def cosine(store: Store, pair: Pair, near_other: Sequence[int]) -> float | None:
    """The cosine of two passages that say the same, or None; `near_other` lie near the second one, in the language
    of the first."""
    held = store.vectors.of_passages(list({pair.passage_id, pair.other_id, *pair.near, *near_other}))
    if not {pair.passage_id, pair.other_id} <= held.keys():
        return None
    mine, theirs = held[pair.passage_id], held[pair.other_id]
    found = float(mine @ theirs)
    rivals = [
        np.sort([float(one @ held[near]) for near in around if near in held and other @ held[near] < COPY])
        for one, other, around in ((mine, theirs, pair.near), (theirs, mine, near_other))
    ]
    background = np.mean([max(BACKGROUND, float(side[-NEIGHBOURS:].mean()) if len(side) else 0.0) for side in rivals])
    nearest = max((float(side[-1]) for side in rivals if len(side)), default=0.0)
    clear = found >= COSINE and found > nearest and found >= MARGIN * background
    return found if clear and _same_numbers(store, pair) else None


def _same_numbers(store: Store, pair: Pair) -> bool:
    """A translation keeps the numbers: the same sentence about another year is another one."""
    passages = store.passages([pair.passage_id, pair.other_id])
    one, other = (sorted(re.findall(r"\d+", passage.text)) for passage in passages.values())
    return one == other
