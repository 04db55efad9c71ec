"""The lexical bridge: words of one language in another, from the tables that come with HopKB and from small ones."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import terms
from kb.bridge import FILE, LEAST, MOST, SCHEMA, STEM_TRUST, STEPS, Bridge, bridge
from tests.kb.test_concurrency import in_threads

OTHERS = ("pl", "de", "lv", "lt")

ORDINARY = [
    {"en": "volunteer", "pl": "wolontariusz", "de": "Freiwilliger", "lv": "brīvprātīgais", "lt": "savanoris"},
    {"en": "library", "pl": "biblioteka", "de": "Bibliothek", "lv": "bibliotēka", "lt": "biblioteka"},
    {"en": "child", "pl": "dziecko", "de": "Kind", "lv": "bērns", "lt": "vaikas"},
    {"en": "insurance", "pl": "ubezpieczenie", "de": "Versicherung", "lv": "apdrošināšana", "lt": "draudimas"},
    {"en": "neighbour", "pl": "sąsiad", "de": "Nachbar", "lv": "kaimiņš", "lt": "kaimynas"},
    {"en": "school", "pl": "szkoła", "de": "Schule", "lv": "skola", "lt": "mokykla"},
    {"en": "budget", "pl": "budżet", "de": "Budget", "lv": "budžets", "lt": "biudžetas"},
    {"en": "city", "pl": "miasto", "de": "Stadt", "lv": "pilsēta", "lt": "miestas"},
]
"""Words that a user of any language would expect to be understood."""

Row = tuple[str, str, int]
Link = tuple[str, str, float]

SMALL_WORDS: list[Row] = [
    *[
        ("en", "garden", 90),
        ("en", "gardener", 5),
        ("en", "yard", 20),
        ("en", "motivate", 40),
        ("en", "motivation", 60),
    ],
    *[("pl", "ogrod", 80), ("pl", "podworko", 10), ("pl", "motywowac", 30), ("pl", "motywacja", 50)],
    *[("lv", "darzs", 70), ("lv", "pagalms", 10)],
]
SMALL_LINKS: list[Link] = [
    *[("en:garden", "pl:ogrod", 0.8), ("en:garden", "pl:podworko", 0.1), ("en:yard", "pl:podworko", 0.9)],
    *[("pl:ogrod", "en:garden", 0.6), ("pl:ogrod", "en:yard", 0.4), ("pl:podworko", "en:yard", 1.0)],
    *[("en:garden", "lv:darzs", 0.9), ("en:yard", "lv:pagalms", 0.5), ("en:yard", "lv:darzs", 0.5)],
    *[("lv:darzs", "en:garden", 1.0), ("lv:pagalms", "en:yard", 1.0)],
    *[("en:motivate", "pl:motywowac", 1.0), ("en:motivation", "pl:motywacja", 1.0)],
]

Make = Callable[[list[Row], list[Link]], Bridge]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a table file of words (language, term, frequency) and links (source, target, probability)."""

    def made(words: list[Row], links: list[Link]) -> Bridge:
        path = tmp_path / FILE
        ids = {f"{language}:{term}": number for number, (language, term, _) in enumerate(words, start=1)}
        with sqlite3.connect(path) as db:
            db.executescript(SCHEMA)
            db.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(words, start=1)])
            steps = [(ids[source], ids[target], round(p * STEPS)) for source, target, p in links]
            db.executemany("INSERT INTO links VALUES (?, ?, ?)", steps)
        db.close()
        return Bridge(path)

    return made


@pytest.fixture
def small(make: Make) -> Bridge:
    """A table of a few words."""
    return make(SMALL_WORDS, SMALL_LINKS)


def likeliest(word: str, source: str, target: str) -> list[str]:
    """Translations of a word as people write it, likeliest first."""
    found = bridge().translate(terms.lemma(word, source), source, target)
    return sorted(found, key=lambda term: -found[term])


# --- the tables that come with HopKB


def test_the_tables_know_every_language_of_the_partners() -> None:
    assert bridge().languages == {"en", *OTHERS}


@pytest.mark.parametrize("word", ORDINARY, ids=lambda word: str(word["en"]))
@pytest.mark.parametrize("language", OTHERS)
def test_an_english_word_is_understood_in_every_language(word: dict[str, str], language: str) -> None:
    assert terms.lemma(word[language], language) in likeliest(word["en"], "en", language)[:3]


@pytest.mark.parametrize("word", ORDINARY, ids=lambda word: str(word["en"]))
@pytest.mark.parametrize("language", OTHERS)
def test_a_word_of_any_language_is_understood_in_english(word: dict[str, str], language: str) -> None:
    assert word["en"] in likeliest(word[language], language, "en")[:2]


@pytest.mark.parametrize("word", ORDINARY, ids=lambda word: str(word["en"]))
@pytest.mark.parametrize(("source", "target"), [(a, b) for a in OTHERS for b in OTHERS if a != b])
def test_two_languages_meet_through_english(word: dict[str, str], source: str, target: str) -> None:
    assert terms.lemma(word[target], target) in likeliest(word[source], source, target)[:4]


@pytest.mark.parametrize("language", OTHERS)
def test_translations_are_few_telling_and_likeliest_first(language: str) -> None:
    for word in ORDINARY:
        found = bridge().translate(word["en"], "en", language)
        assert 0 < len(found) <= MOST
        assert list(found.values()) == sorted(found.values(), reverse=True)
        assert all(LEAST <= probability <= 1 for probability in found.values())
        assert sum(found.values()) <= 1.02  # steps of 1/255 round up a little


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_common_word_is_more_frequent_than_a_rare_one(language: str) -> None:
    rare = {"en": "lighthouse", "pl": "latarnik", "de": "leuchtturm", "lv": "baka", "lt": "svyturys"}[language]
    common = terms.lemma(ORDINARY[7][language], language)
    assert bridge().frequency(common, language) > bridge().frequency(rare, language)


@pytest.mark.parametrize(
    ("written", "source", "target", "meaning"),
    [
        ("savanoriškumo", "lt", "en", "voluntary"),
        ("sąsiedzkość", "pl", "en", "neighbourhood"),
        ("sodininkavimas", "lt", "en", "gardener"),
        ("bibliotekowy", "pl", "en", "library"),
    ],
)
def test_a_form_that_no_dictionary_knows_is_understood_by_its_stem(
    written: str, source: str, target: str, meaning: str
) -> None:
    found = bridge().translate(terms.lemma(written, source), source, target)
    assert any(term.startswith(meaning[:6]) for term in found), found


@pytest.mark.parametrize(
    ("written", "language", "meanings"),
    [
        ("wolontariuszka", "pl", {"volunteer"}),
        ("ochotników", "pl", {"volunteer"}),
        ("Ehrenamtliche", "de", {"volunteer"}),
        ("Nachbarschaftshilfe", "de", {"neighbour", "neighbourhood", "neighbourly", "help"}),
        ("Stadtrat", "de", {"council"}),
        ("brīvprātīgajiem", "lv", {"volunteer"}),
        ("brīvprātīgos", "lv", {"volunteer"}),
        ("apkaimes", "lv", {"neighbourhood", "district"}),
        ("savanorystė", "lt", {"volunteer", "voluntary"}),
        ("kaimynystėje", "lt", {"neighbourhood"}),
    ],
)
def test_a_word_of_the_field_is_understood(written: str, language: str, meanings: set[str]) -> None:
    assert likeliest(written, language, "en")[0] in meanings


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("word", ["xqzvwkj", "zzzzzzzzzz", "qwx", "", "12345", "日本語"])
def test_what_is_no_word_is_nothing_elsewhere(word: str, language: str) -> None:
    assert bridge().translate(word, "en", language) == {}
    assert bridge().translate(word, language, "en") == {}
    assert bridge().frequency(word, language) == 0


def test_a_language_without_a_table_gives_nothing() -> None:
    assert bridge().translate("volunteer", "en", "fr") == {}
    assert bridge().translate("benevole", "fr", "en") == {}
    assert bridge().translate("benevole", "fr", "de") == {}


# --- how tables are read


def test_a_word_is_translated_with_its_probabilities(small: Bridge) -> None:
    assert small.translate("garden", "en", "pl") == pytest.approx({"ogrod": 0.8, "podworko": 0.1}, abs=1 / STEPS)


def test_through_english_the_ways_add_up(small: Bridge) -> None:
    found = small.translate("ogrod", "pl", "lv")
    assert found == pytest.approx({"darzs": 0.6 * 0.9 + 0.4 * 0.5, "pagalms": 0.4 * 0.5}, abs=2 / STEPS)
    assert list(found) == ["darzs", "pagalms"]


def test_only_the_best_translations_are_kept(make: Make) -> None:
    words: list[Row] = [("en", "thing", 9), *(("pl", f"rzecz{n:02}", 1) for n in range(12))]
    links: list[Link] = [("en:thing", f"pl:rzecz{n:02}", 0.12 - 0.005 * n) for n in range(12)]
    assert list(make(words, links[::-1]).translate("thing", "en", "pl")) == [f"rzecz{n:02}" for n in range(MOST)]


def test_improbable_translations_are_left_out(make: Make) -> None:
    words: list[Row] = [("en", "thing", 9), ("pl", "rzecz", 1), ("pl", "cos", 1)]
    links: list[Link] = [("en:thing", "pl:rzecz", 0.5), ("en:thing", "pl:cos", LEAST / 2)]
    assert list(make(words, links).translate("thing", "en", "pl")) == ["rzecz"]


def test_an_unknown_form_counts_half_of_the_word_it_belongs_to(small: Bridge) -> None:
    whole = small.translate("ogrod", "pl", "en")
    assert small.translate("ogrodu", "pl", "en") == pytest.approx({w: STEM_TRUST * p for w, p in whole.items()})


def test_among_words_of_one_stem_the_most_frequent_is_meant(make: Make) -> None:
    words: list[Row] = [("en", "motivation", 60), ("en", "motivate", 40), ("pl", "a", 1), ("pl", "b", 1)]
    links: list[Link] = [("en:motivation", "pl:a", 1.0), ("en:motivate", "pl:b", 1.0)]
    assert list(make(words, links).translate("motivatxx", "en", "pl")) == ["a"]


def test_the_word_that_shares_most_letters_is_meant_before_the_most_frequent(small: Bridge) -> None:
    assert list(small.translate("motivates", "en", "pl")) == ["motywowac"]


@pytest.mark.parametrize("word", ["gar", "gard", "gardxxxxx", "yar", "motiv"])
def test_too_short_a_beginning_says_nothing(small: Bridge, word: str) -> None:
    assert small.translate(word, "en", "pl") == {}


def test_a_word_is_not_taken_for_a_much_longer_one(make: Make) -> None:
    made = make([("de", "freiwilligenkoordination", 5), ("en", "x", 1)], [("de:freiwilligenkoordination", "en:x", 1.0)])
    assert made.translate("freiwillig", "de", "en") == {}


def test_frequency_is_that_of_the_language(small: Bridge) -> None:
    assert (small.frequency("garden", "en"), small.frequency("garden", "pl"), small.frequency("tulip", "en")) == (
        *(90, 0, 0),
    )


def test_many_threads_read_the_same_tables(small: Bridge, tmp_path: Path) -> None:
    asked = [("ogrod", "pl", "lv"), ("garden", "en", "pl"), ("ogrodu", "pl", "en"), ("tulip", "en", "lv")]
    fresh = Bridge(tmp_path / FILE)
    expected = [small.translate(*words) for words in asked]

    def work(number: int) -> None:
        for turn in range(200):
            at = (number + turn) % len(asked)
            assert fresh.translate(*asked[at]) == expected[at]
            assert fresh.frequency("garden", "en") == 90

    in_threads(8, work)


def test_many_threads_read_the_tables_that_come_with_hopkb() -> None:
    fresh = Bridge()
    words = [(word[a], a, b) for word in ORDINARY for a in ("en", *OTHERS) for b in ("en", *OTHERS) if a != b]
    asked = [(terms.lemma(word, a), a, b) for word, a, b in words]
    expected = {words: bridge().translate(*words) for words in asked}

    def work(number: int) -> None:
        for words in asked[number:] + asked[:number]:
            assert fresh.translate(*words) == expected[words]

    in_threads(8, work)


def test_reading_leaves_the_file_as_it_is(small: Bridge, tmp_path: Path) -> None:
    before = (tmp_path / FILE).read_bytes()
    small.translate("ogrodu", "pl", "lv")
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_tables_in_a_read_only_folder_with_a_strange_name_can_be_read(small: Bridge, tmp_path: Path) -> None:
    folder = tmp_path / "a ?folder #1 with%20signs"
    folder.mkdir()
    (folder / FILE).write_bytes((tmp_path / FILE).read_bytes())
    folder.chmod(0o555)
    assert Bridge(folder / FILE).translate("garden", "en", "pl") == small.translate("garden", "en", "pl")
