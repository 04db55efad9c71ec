"""Learning translation tables: alignment finds who belongs to whom, pruning keeps the likeliest."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from kb.bridge import SCHEMA, Bridge
from models.bridge.train import MOST_LINKS, Links, Table, Vocabulary, align, prune, term_set, write

PAIRS = [
    (["koks", "zied"], ["tree", "bloom"]),
    (["koks", "augt"], ["tree", "grow"]),
    (["roze", "zied"], ["rose", "bloom"]),
    (["roze", "augt"], ["rose", "grow"]),
    (["suns", "skriet"], ["dog", "run"]),
    (["suns", "augt"], ["dog", "grow"]),
]


def aligned(pairs: list[tuple[list[str], list[str]]], weight: float = 1.0) -> dict[tuple[str, str], float]:
    left, right = Vocabulary(), Vocabulary()
    links = align(((ours, theirs, weight) for ours, theirs in pairs), left, right)
    ours, theirs = list(left), list(right)
    return {
        (ours[a], theirs[b]): float(count) for a, b, count in zip(links.left, links.right, links.count, strict=True)
    }


def test_words_that_always_stand_together_are_linked() -> None:
    counts = aligned(PAIRS)
    for word, english in {"koks": "tree", "roze": "rose", "zied": "bloom", "augt": "grow", "suns": "dog"}.items():
        others = [count for (ours, theirs), count in counts.items() if ours == word and theirs != english]
        assert counts[word, english] > 5 * max(others), word


def test_a_cognate_wins_where_nothing_else_tells() -> None:
    counts = aligned([(["motivet", "skola"], ["motivate", "school"])])
    assert counts["motivet", "motivate"] > 2 * counts["motivet", "school"]


def test_weights_scale_the_counts() -> None:
    once, tenfold = aligned(PAIRS), aligned(PAIRS, weight=10.0)
    assert tenfold["koks", "tree"] == pytest.approx(10 * once["koks", "tree"], rel=1e-6)


def test_pruning_keeps_the_likeliest_links_of_a_word() -> None:
    counts = np.array([100.0] * MOST_LINKS + [8.0, 0.1])
    links = Links(np.zeros(len(counts), np.int64), np.arange(len(counts)), counts)
    kept, ahead, back = prune(links)
    assert 0 not in ahead[:MOST_LINKS]
    assert kept.right.tolist() == list(range(MOST_LINKS + 1))  # the ninth is the only choice the other way
    assert ahead[MOST_LINKS] == 0
    assert back[MOST_LINKS] == 1


def test_a_written_table_translates_both_ways(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "bridge.sqlite3")
    db.executescript(SCHEMA)
    with db:
        write(
            db,
            [
                Table("lv", {"koks": 40}, {"tree": 40}, [("koks", "tree", 0.75, 1.0)]),
                Table("lt", {"medis": 9}, {"tree": 9}, [("medis", "tree", 1.0, 0.5)]),
            ],
        )
    db.close()
    bridge = Bridge(tmp_path / "bridge.sqlite3")
    assert bridge.translate("koks", "lv", "en") == pytest.approx({"tree": 0.75}, abs=0.01)
    assert bridge.translate("koks", "lv", "lt") == pytest.approx({"medis": 0.375}, abs=0.01)
    assert bridge.frequency("koks", "lv") == 40


def test_a_text_becomes_its_distinct_lemmas_without_numbers() -> None:
    assert term_set("Pašvaldības 2024. gadā, pašvaldībai un pašvaldībām", "lv")[:1] == ["pasvaldiba"]
    assert "2024" not in term_set("In 2024 volunteers helped", "en")
