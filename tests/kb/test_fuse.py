"""Score fusion, a pure function: what must hold whatever the passages are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from kb.fuse import BREVITY, OWN_LANGUAGE, Evidence, fuse

ORDINARY = 90.0
"""Terms of an ordinary passage."""


def evidence(
    dense: Sequence[float],
    lexical: Sequence[float],
    same: Sequence[bool],
    *,
    coverage: Sequence[float] | None = None,
    unknown: float = 1.0,
) -> Evidence:
    """Passages in the query's language, or in another that can match all but the share `unknown` of its words.

    Where no coverage is given, it goes with BM25.
    """
    best = max([*lexical, 1e-9])
    return Evidence(
        np.array(dense, float),
        np.array(lexical, float),
        np.array([score / best for score in lexical] if coverage is None else coverage, float),
        np.array([0.0 if own else unknown for own in same]),
        np.full(len(same), ORDINARY),
        ["en" if own else "lv" for own in same],
        np.array(same, bool),
    )


def ranked(found: Evidence, weight: float = 0.5) -> list[int]:
    return np.argsort(-fuse(found, lexical_weight=weight), kind="stable").tolist()


def order(
    dense: Sequence[float],
    lexical: Sequence[float],
    same: Sequence[bool],
    weight: float = 0.5,
    *,
    coverage: Sequence[float] | None = None,
    unknown: float = 1.0,
) -> list[int]:
    return ranked(evidence(dense, lexical, same, coverage=coverage, unknown=unknown), weight)


def random_pool(seed: int, n: int = 40) -> Evidence:
    rng = np.random.default_rng(seed)
    shares = {"en": 0.0, "de": 0.0, "pl": 0.4, "lv": 1.0}
    languages = rng.choice(list(shares), n).tolist()
    found = rng.random(n) < 0.5
    return Evidence(
        rng.uniform(-0.2, 1.6, n),
        np.where(found, rng.uniform(0, 20, n), 0.0),
        np.where(found, rng.random(n), 0.0),
        np.array([shares[language] for language in languages]),
        np.full(n, ORDINARY),
        languages,
        np.array([language in {"en", "de"} for language in languages]),
    )


def picked(found: Evidence, at: Sequence[int]) -> Evidence:
    """The passages at these places, in this order."""
    arrays = (found.dense, found.lexical, found.coverage, found.unknown, found.terms)
    return Evidence(*(array[list(at)] for array in arrays), [found.languages[i] for i in at], found.own[list(at)])


SEEDS = range(12)


def test_nothing_gives_nothing() -> None:
    assert fuse(evidence([], [], []), lexical_weight=0.5).shape == (0,)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("unknown", [0.0, 1.0])
def test_a_single_passage_gets_a_finite_score(same: bool, unknown: float) -> None:
    score = fuse(evidence([0.7], [0.0], [same], unknown=unknown), lexical_weight=0.5)
    assert np.isfinite(score).all()


def test_with_equal_words_the_nearer_meaning_wins() -> None:
    assert order([0.2, 0.9, 0.5], [3, 3, 3], [True] * 3) == [1, 2, 0]


@pytest.mark.parametrize("same", [True, False])
def test_with_equal_meaning_the_better_words_win(same: bool) -> None:
    assert order([0.5, 0.5, 0.5], [1, 9, 4], [same] * 3, unknown=0.0) == [1, 2, 0]


def test_more_of_the_querys_words_count_more_than_one_of_them_often() -> None:
    assert order([0.5, 0.5, 0.1], [6, 9, 1], [True] * 3, coverage=[1.0, 0.3, 0.1]) == [0, 1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_passage_that_is_better_in_all_ways_stands_before_another_of_its_language(seed: int) -> None:
    found = random_pool(seed)
    scores = fuse(found, lexical_weight=0.5)

    def beats(a: int, b: int) -> bool:
        ways = (found.dense, found.lexical, found.coverage)
        return found.languages[a] == found.languages[b] and all(way[a] > way[b] for way in ways)

    own = np.flatnonzero(found.own)
    better = [(a, b) for a in own for b in own if beats(a, b)]
    assert better
    assert all(scores[a] > scores[b] for a, b in better)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_within_the_querys_language_does_not_depend_on_other_languages_words(seed: int) -> None:
    found = random_pool(seed)
    own = found.own
    silent = replace(found, lexical=np.where(own, found.lexical, 0.0), coverage=np.where(own, found.coverage, 0.0))
    assert np.allclose(fuse(found, lexical_weight=0.5)[own], fuse(silent, lexical_weight=0.5)[own])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_scores_stay_in_their_range(seed: int, weight: float) -> None:
    scores = fuse(random_pool(seed), lexical_weight=weight)
    assert scores.min() >= -1 - BREVITY
    assert scores.max() <= 1 + OWN_LANGUAGE + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    found = random_pool(seed)
    mixed = np.random.default_rng(seed).permutation(len(found.dense)).tolist()
    scores = fuse(found, lexical_weight=0.5)
    assert np.allclose(fuse(picked(found, mixed), lexical_weight=0.5), scores[mixed])


@pytest.mark.parametrize("scale", [10.0, 0.1])
def test_the_unit_of_bm25_does_not_matter(scale: float) -> None:
    found = random_pool(1)
    other = replace(found, lexical=found.lexical * scale)
    assert np.allclose(fuse(other, lexical_weight=0.5), fuse(found, lexical_weight=0.5))


def test_small_differences_in_meaning_do_not_outweigh_words() -> None:
    """Where nothing is near, the nearest by a hair is no better than the rest."""
    assert order([0.31, 0.30], [0, 5], [True, True])[0] == 1


def test_a_title_alone_does_not_stand_before_the_text_below_it() -> None:
    found = evidence([1.2, 1.1], [9, 8], [True, True])
    assert ranked(found) == [0, 1]
    assert ranked(replace(found, terms=np.array([6.0, 90.0]))) == [1, 0]


def test_between_long_passages_length_hardly_counts() -> None:
    found = replace(evidence([1.0, 1.0], [5, 5], [True, True]), terms=np.array([100.0, 200.0]))
    first, second = fuse(found, lexical_weight=0.5)
    assert first == pytest.approx(second, abs=0.001)


def test_a_language_whose_words_spread_their_weight_is_not_behind() -> None:
    """ "Volunteer" is six German words and one Latvian: BM25 counts beside the best of the same language."""
    found = evidence([0.5, 0.5, 0.5], [9.0, 3.0, 0.0], [False] * 3, coverage=[1.0, 1.0, 0.0], unknown=0.0)
    scores = fuse(replace(found, languages=["lv", "de", "de"]), lexical_weight=0.5)
    assert scores[0] == pytest.approx(scores[1])
    assert scores[1] > scores[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_inputs_are_left_as_they_are(seed: int) -> None:
    found, copy = random_pool(seed), random_pool(seed)
    fuse(found, lexical_weight=0.5)
    for name in ("dense", "lexical", "coverage", "unknown", "terms", "own"):
        assert np.array_equal(getattr(found, name), getattr(copy, name))


def test_weight_zero_is_meaning_alone_and_weight_one_words_alone() -> None:
    assert order([0.1, 0.9], [9, 1], [True, True], weight=0.0) == [1, 0]
    assert order([0.1, 0.9], [9, 1], [True, True], weight=1.0) == [0, 1]


# --- other languages


def pool_with_a_copy(copies: int = 1) -> tuple[list[float], list[float], list[bool]]:
    """The answer in the query's language with its words, its copies elsewhere, twenty lesser passages."""
    dense = [1.4] + [1.38] * copies + [0.4 + 0.02 * n for n in range(20)]
    lexical = [18.0] + [0.0] * copies + [2.0 + 0.1 * n for n in range(20)]
    return dense, lexical, [True] + [False] * copies + [True] * 20


def test_the_answer_in_another_language_follows_the_one_in_the_querys() -> None:
    assert order(*pool_with_a_copy())[:2] == [0, 1]


def test_the_answer_in_four_other_languages_follows_before_lesser_passages() -> None:
    assert order(*pool_with_a_copy(copies=4))[:5] == [0, 1, 2, 3, 4]


def test_no_passage_in_the_querys_language_leaves_the_order_of_meaning() -> None:
    assert order([0.3, 0.9, 0.6], [0, 0, 0], [False] * 3) == [1, 2, 0]


def test_one_passage_in_the_querys_language_does_not_bury_the_others() -> None:
    assert order([0.5, 1.3, 1.2], [4, 0, 0], [True, False, False])[:2] == [1, 2]


def test_between_two_that_say_the_same_the_readers_language_comes_first() -> None:
    assert order([0.9, 0.9, 0.1], [5, 0, 1], [True, False, True])[0] == 0


@pytest.mark.parametrize("others", [1, 5])
def test_where_no_words_are_found_the_readers_language_still_comes_first(others: int) -> None:
    """A paraphrase shares no word with any passage."""
    dense = [0.9] * others + [0.9, 0.1]
    assert order(dense, [0] * len(dense), [False] * others + [True, True])[0] == others


@pytest.mark.parametrize("unknown", [0.0, 1.0])
def test_a_name_found_in_another_language_lifts_its_passage(unknown: float) -> None:
    dense, same = [0.8, 0.8, 0.8, 0.78, 0.3], [False, False, True, True, True]
    assert order(dense, [0, 12, 1, 1, 0], same, unknown=unknown)[0] == 1


def test_a_translated_answer_stands_before_a_passage_that_lacks_the_words_it_could_have() -> None:
    """Two passages as near in meaning, in a language that has every word of the query."""
    dense, same = [0.9, 0.7, 0.7, 0.1], [True, False, False, True]
    assert order(dense, [9, 0, 6, 0], same, unknown=0.0) == [0, 2, 1, 3]


def test_what_is_imputed_for_unknown_words_is_no_more_than_what_near_passages_have() -> None:
    dense, same = [0.9, 0.9, 0.5, 0.1], [True, False, True, True]
    scores = {
        share: fuse(evidence(dense, [9, 0, 3, 0], same, unknown=share), lexical_weight=0.5) for share in (0, 0.5, 1)
    }
    assert scores[0][1] < scores[0.5][1] < scores[1][1] <= scores[1][0]
    assert all(np.allclose(scores[0][[0, 2, 3]], scores[share][[0, 2, 3]]) for share in scores)


def test_without_any_words_found_meaning_decides_within_each_language() -> None:
    found = order([0.2, 0.8, 0.5, 0.9], [0, 0, 0, 0], [True, True, False, False])
    assert found.index(1) < found.index(0)
    assert found.index(3) < found.index(2)
