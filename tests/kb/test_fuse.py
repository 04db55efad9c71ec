"""Score fusion, a pure function: what must hold whatever the passages are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.fuse import OWN_LANGUAGE, fuse

Floats = NDArray[np.float64]


def order(dense: list[float], lexical: list[float], same: list[bool], weight: float = 0.5) -> list[int]:
    scores = fuse(np.array(dense), np.array(lexical), np.array(same, bool), lexical_weight=weight)
    return np.argsort(-scores, kind="stable").tolist()


def random_pool(seed: int, n: int = 40) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    same = rng.random(n) < 0.5
    return rng.uniform(-0.2, 1.6, n), np.where(rng.random(n) < 0.5, rng.uniform(0, 20, n), 0.0), same


SEEDS = range(12)


def test_nothing_gives_nothing() -> None:
    empty = np.empty(0)
    assert fuse(empty, empty, np.empty(0, bool), lexical_weight=0.5).shape == (0,)


@pytest.mark.parametrize("same", [True, False])
def test_a_single_passage_gets_a_finite_score(same: bool) -> None:
    score = fuse(np.array([0.7]), np.array([0.0]), np.array([same]), lexical_weight=0.5)
    assert np.isfinite(score).all()


def test_with_equal_words_the_nearer_meaning_wins() -> None:
    assert order([0.2, 0.9, 0.5], [3, 3, 3], [True] * 3) == [1, 2, 0]


def test_with_equal_meaning_the_better_words_win() -> None:
    assert order([0.5, 0.5, 0.5], [1, 9, 4], [True] * 3) == [1, 2, 0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_passage_that_is_better_in_both_ways_stands_before_another_of_its_language(seed: int) -> None:
    dense, lexical, same = random_pool(seed)
    scores = fuse(dense, lexical, same, lexical_weight=0.5)
    own = np.flatnonzero(same)
    better = [(a, b) for a in own for b in own if dense[a] > dense[b] and lexical[a] > lexical[b]]
    assert better
    assert all(scores[a] > scores[b] for a, b in better)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_within_the_querys_language_does_not_depend_on_other_languages_words(seed: int) -> None:
    dense, lexical, same = random_pool(seed)
    lexical[np.flatnonzero(same)[0]] = 25  # the highest is in the query's language
    scores = fuse(dense, lexical, same, lexical_weight=0.5)
    without = fuse(dense, np.where(same, lexical, 0.0), same, lexical_weight=0.5)
    assert np.allclose(scores[same], without[same])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_scores_stay_in_their_range(seed: int, weight: float) -> None:
    scores = fuse(*random_pool(seed), lexical_weight=weight)
    assert scores.min() >= 0
    assert scores.max() <= 1 + OWN_LANGUAGE + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    dense, lexical, same = random_pool(seed)
    mixed = np.random.default_rng(seed).permutation(len(dense))
    scores = fuse(dense, lexical, same, lexical_weight=0.5)
    assert np.allclose(fuse(dense[mixed], lexical[mixed], same[mixed], lexical_weight=0.5), scores[mixed])


@pytest.mark.parametrize(("scale", "shift"), [(10.0, 0.0), (0.1, 0.0), (1.0, 5.0), (3.0, -2.0)])
def test_the_units_of_the_evidence_do_not_matter(scale: float, shift: float) -> None:
    dense, lexical, same = random_pool(1)
    scores = fuse(dense, lexical, same, lexical_weight=0.5)
    assert np.allclose(fuse(dense * scale + shift, lexical * scale, same, lexical_weight=0.5), scores)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_inputs_are_left_as_they_are(seed: int) -> None:
    dense, lexical, same = random_pool(seed)
    copies = dense.copy(), lexical.copy(), same.copy()
    fuse(dense, lexical, same, lexical_weight=0.5)
    assert all(np.array_equal(now, then) for now, then in zip((dense, lexical, same), copies, strict=True))


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


def test_a_name_found_in_another_language_lifts_its_passage() -> None:
    dense, same = [0.8, 0.8, 0.8, 0.78, 0.3], [False, False, True, True, True]
    assert order(dense, [0, 12, 1, 1, 0], same)[0] == 1


def test_without_any_words_found_meaning_decides_within_each_language() -> None:
    found = order([0.2, 0.8, 0.5, 0.9], [0, 0, 0, 0], [True, True, False, False])
    assert found.index(1) < found.index(0)
    assert found.index(3) < found.index(2)
